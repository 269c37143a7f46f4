"""Backups: one moment of the database, the photos and what people sent in one tar, written whole or not at all."""

import os
import re
import shutil
import subprocess
import tarfile
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path
from typing import Final, Literal

from pydantic import BaseModel, ConfigDict, NonNegativeInt, ValidationError

from base import clock, postgres_programs
from base.db import Database, Db
from base.disk import sync_folder

MANIFEST: Final = "manifest.json"
DUMP: Final = "market.dump"
PHOTO: Final = re.compile(r"media/([0-9a-f]{64}\.jpg)")
# by its content, or by its row as earlier releases named it
RECEIVED: Final = re.compile(r"received/((?:[0-9a-f]{64}|[0-9]{1,19}-[0-9]{1,5})\.[a-z0-9]{1,5})")
MOST_MANIFEST: Final = 1_000_000  # bytes
FORMAT: Final = 1


class BackupError(Exception):
    """A backup cannot be made, read or restored; says why and what to do."""


class Manifest(BaseModel):
    """What a backup holds: the first member of its tar."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    format: Literal[1]
    taken_at: datetime  # the database's clock
    revision: str  # of the tables
    server: int  # PostgreSQL's major version
    dumped_by: int  # pg_dump's
    rows: Mapping[str, NonNegativeInt]  # table → how many
    photos: NonNegativeInt
    received: NonNegativeInt = 0  # files that people sent


def make(url: str, var: Path, file: Path) -> Manifest:
    """Back up this database and the files of `var`; the market may go on meanwhile.

    `file` is there only once it is whole, on disk, and readable by its owner alone. Raises BackupError.
    """
    database = Database(url, pool_size=1)
    try:
        with _disk_told(), tempfile.TemporaryDirectory(dir=file.absolute().parent, prefix=f".{file.name}.") as folder:
            dump, draft = Path(folder) / DUMP, Path(folder) / "draft.tar"
            with _one_moment(database) as db:
                manifest = _dump(db, url, dump)
            photos = sorted((var / "media").glob("*.jpg"))  # named by their content: newer ones do no harm
            received = _gathered(var / "received", Path(folder) / "received")
            manifest = manifest.model_copy(update={"photos": len(photos), "received": len(received)})
            _pack(draft, manifest, dump, [*photos, *received])
            draft.replace(file)
            sync_folder(file.absolute().parent)
    finally:
        database.close()
    return manifest


@contextmanager
def _disk_told() -> Iterator[None]:
    """What the disk refuses is no bug: it is full, shut, or not there."""
    try:
        yield
    except OSError as error:
        raise BackupError(f"{error.filename or 'the disk'}: {error.strerror}") from error


@contextmanager
def _one_moment(database: Database) -> Iterator[Db]:
    """A transaction that sees one moment, for as long as it takes."""
    with database.transaction() as db:
        db.run("set transaction isolation level repeatable read")
        db.rows("select set_config('idle_in_transaction_session_timeout', '0', true)")
        yield db


def _dump(db: Db, url: str, dump: Path) -> Manifest:
    """Dump what this transaction sees, and count it."""
    server, revision = server_version(db), revision_of(db)
    if revision is None:
        raise BackupError("the database holds no market: there is nothing to back up")
    program = program_for("pg_dump", server)
    snapshot = db.value("select pg_export_snapshot()")
    manifest = Manifest(
        format=FORMAT,
        taken_at=clock.now(db),
        revision=revision,
        server=server,
        dumped_by=program.major,
        rows=count_rows(db),
        photos=0,
    )
    name, environ = postgres_programs.address(url)
    options = ["--format=custom", "--no-owner", "--no-privileges", f"--snapshot={snapshot}", f"--file={dump}"]
    done = subprocess.run(
        [program.path, *options, f"--dbname={name}"],
        env=environ,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        umask=0o077,
        check=False,
    )
    if done.returncode:
        raise BackupError(f"pg_dump failed: {done.stderr.strip()[-600:]}")
    return manifest


def program_for(name: str, at_least: int) -> postgres_programs.Program:
    """PostgreSQL's own program of a version that fits. Raises BackupError."""
    try:
        return postgres_programs.find(name, at_least)
    except postgres_programs.NoProgram as error:
        raise BackupError(str(error)) from error


def server_version(db: Db) -> int:
    """PostgreSQL's major version."""
    return int(db.value("select current_setting('server_version_num')::int / 10000"))


def revision_of(db: Db) -> str | None:
    """The revision of a database's tables, None when it has none."""
    has_tables = db.value("select to_regclass('public.alembic_version') is not null")
    return db.value("select version_num from public.alembic_version") if has_tables else None


def count_rows(db: Db) -> dict[str, int]:
    """Table → how many rows, of all tables of the market."""
    tables = db.rows("select tablename as name, quote_ident(tablename) as quoted from pg_tables"
                     " where schemaname = 'public' order by 1")  # fmt: skip
    return {table.name: int(db.value(f"select count(*) from public.{table.quoted}")) for table in tables}


def _gathered(folder: Path, into: Path) -> list[Path]:
    """What people sent, as it is now: what is forgotten meanwhile would be missed in the middle of the tar."""
    into.mkdir(mode=0o700)
    for path in sorted(folder.glob("*.*")):
        with suppress(FileNotFoundError):
            if RECEIVED.fullmatch(f"received/{path.name}"):
                _link_or_copy(path, into / path.name)
    return sorted(into.iterdir())


def _link_or_copy(path: Path, target: Path) -> None:
    try:
        os.link(path, target)
    except FileNotFoundError:
        raise
    except OSError:  # another disk, or one that knows no links
        shutil.copyfile(path, target)


def _pack(path: Path, manifest: Manifest, dump: Path, files: list[Path]) -> None:
    with open(path, "wb", opener=_for_owner) as file:
        with tarfile.open(fileobj=file, mode="w") as tar:
            text = manifest.model_dump_json(indent=2).encode()
            with tempfile.TemporaryFile() as sheet:
                sheet.write(text)
                sheet.seek(0)
                tar.addfile(_member(MANIFEST, len(text), manifest), sheet)
            for name, source in [(DUMP, dump), *((f"{one.parent.name}/{one.name}", one) for one in files)]:
                with source.open("rb") as content:
                    tar.addfile(_member(name, source.stat().st_size, manifest), content)
        file.flush()
        os.fsync(file.fileno())


def _for_owner(path: str, flags: int) -> int:
    return os.open(path, flags | os.O_EXCL, 0o600)


def _member(name: str, size: int, manifest: Manifest) -> tarfile.TarInfo:
    member = tarfile.TarInfo(name)
    member.size, member.mode, member.mtime = size, 0o600, manifest.taken_at.timestamp()
    return member


@contextmanager
def opened(file: Path) -> Iterator[tuple[Manifest, tarfile.TarFile]]:
    """A backup's manifest, and its tar to read on from there. Raises BackupError when it is none, or torn."""
    try:
        with _disk_told(), tarfile.open(file, mode="r:") as tar:
            yield _manifest(tar), tar
    except (tarfile.TarError, EOFError) as error:
        raise BackupError(f"{file.name} is no backup, or it is torn: {error}") from error


def _manifest(tar: tarfile.TarFile) -> Manifest:
    member = tar.next()
    content = tar.extractfile(member) if member and member.name == MANIFEST and member.size < MOST_MANIFEST else None
    if content is None:
        raise BackupError("it does not begin with a manifest: this is no backup of a market")
    try:
        return Manifest.model_validate_json(content.read())
    except ValidationError as error:
        raise BackupError("its manifest is of another version of this program") from error
