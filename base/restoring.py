"""Restoring a backup: what was there before is put aside, and comes back when anything goes wrong."""

import os
import shutil
import subprocess
import tarfile
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Final, TypeVar, cast

from base import backups, postgres_programs
from base.backups import BackupError, Manifest
from base.db import Database, Db
from base.migrating import migrate, revisions

T = TypeVar("T")
ASIDE: Final = "before_restore"  # the schema with what was there before
GO_WITHIN: Final = 3.0  # seconds, for connections of processes that have ended
CONNECTED: Final = """
select count(*) from pg_stat_activity
where datname = current_database() and application_name = 'assigame' and pid <> pg_backend_pid()
"""


def restore(url: str, var: Path, file: Path, *, replace: bool, then: Callable[[Db, Manifest], T]) -> tuple[Manifest, T]:
    """Bring back what a backup holds: tables, rows, files; then the newest revision, then `then` in a transaction.

    Returns the manifest and what `then` returned.

    Raises BackupError and changes nothing when it does not fit: processes of the market are connected, the database is
    not empty (without `replace`), or the backup is torn or of a newer program. Files that were there stay.
    """
    database = Database(url, pool_size=1)
    try:
        with backups.opened(file) as (manifest, tar):
            _wait_until_alone(database)
            with database.unit_of_work() as db:
                _check(db, manifest, replace)
            with _put_aside(database):
                _load(database, url, manifest, tar)
                _check_rows(database, manifest)
                _unpack_files(tar, var, manifest)
                migrate(url)
                with database.unit_of_work() as db:
                    settled = then(db, manifest)
        with database.autocommit() as db:
            db.run("analyze")
    finally:
        database.close()
    return manifest, settled


def _wait_until_alone(database: Database) -> None:
    """Those of a process that has just ended take a moment to go, too."""
    end = time.monotonic() + GO_WITHIN
    while others := _connected(database):
        if time.monotonic() > end:
            raise BackupError(f"{others} connections of the market are open: stop web and workers (cli.py run) first")
        time.sleep(0.1)


def _connected(database: Database) -> int:
    with database.autocommit() as db:
        return int(db.value(CONNECTED))


def _check(db: Db, manifest: Manifest, replace: bool) -> None:
    if db.value("select to_regnamespace(%(aside)s) is not null", aside=ASIDE):
        raise BackupError(
            f"a restore was cut off: the schema {ASIDE} holds what was there before;"
            f" drop it, or drop the schema public and rename it"
        )
    if not replace and db.value("select exists (select from pg_tables where schemaname = 'public')"):
        raise BackupError("the database is not empty: --replace puts the backup in place of what it holds")
    if manifest.revision not in revisions():
        raise BackupError(
            f"its tables are of revision {manifest.revision}, which this program does not know: update it"
        )
    server = backups.server_version(db)
    if server < manifest.dumped_by:
        raise BackupError(f"pg_dump {manifest.dumped_by} made it, which PostgreSQL {server} cannot take back")


@contextmanager
def _put_aside(database: Database) -> Iterator[None]:
    """Room for what comes; what was there is dropped at the end, or put back on any error."""
    with database.unit_of_work() as db:
        db.run(f"alter schema public rename to {ASIDE}")
        db.run("create schema public")
    is_whole = False
    try:
        yield
        is_whole = True
    finally:
        with database.unit_of_work() as db:
            db.run(f"drop schema {ASIDE if is_whole else 'public'} cascade")
            if not is_whole:
                db.run(f"alter schema {ASIDE} rename to public")


def _load(database: Database, url: str, manifest: Manifest, tar: tarfile.TarFile) -> None:
    """Stream the dump through pg_restore, in one transaction of its own."""
    member = tar.next()
    content = tar.extractfile(member) if member and member.name == backups.DUMP else None
    if content is None:
        raise BackupError("it holds no dump of the database")
    with database.unit_of_work() as db:
        at_least = max(backups.server_version(db), manifest.dumped_by)
    program = backups.program_for("pg_restore", at_least)
    name, environ = postgres_programs.address(url)
    options = ["--single-transaction", "--exit-on-error", "--no-owner", "--no-privileges", f"--dbname={name}"]
    _feed([str(program.path), *options], environ, content)


def _feed(command: list[str], environ: dict[str, str], content: IO[bytes]) -> None:
    with tempfile.TemporaryFile() as said:
        process = subprocess.Popen(command, env=environ, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=said)
        pipe, is_fed = cast(IO[bytes], process.stdin), False
        try:
            with suppress(BrokenPipeError):  # it has given up, and says why
                shutil.copyfileobj(content, pipe)
                pipe.close()
            is_fed = True
        finally:
            if not is_fed:
                process.kill()  # half a dump would be taken for a whole one
            code = process.wait()
        if code:
            said.seek(0)
            raise BackupError(f"pg_restore failed: {said.read().decode('utf-8', 'replace').strip()[-600:]}")


def _check_rows(database: Database, manifest: Manifest) -> None:
    with database.unit_of_work() as db:
        found = backups.count_rows(db)
    wrong = [name for name in {*found, *manifest.rows} if found.get(name) != manifest.rows.get(name)]
    if wrong:
        raise BackupError(f"not all rows came back, of {', '.join(sorted(wrong))}")


def _unpack_files(tar: tarfile.TarFile, var: Path, manifest: Manifest) -> None:
    """Each file under its own name only once it is whole; other members are passed over."""
    photos = received = 0
    for folder, mode in (("media", 0o755), ("received", 0o700)):
        (var / folder).mkdir(mode=mode, parents=True, exist_ok=True)
    while member := tar.next():
        content = tar.extractfile(member)
        photo, file = backups.PHOTO.fullmatch(member.name), backups.RECEIVED.fullmatch(member.name)
        if photo and content is not None:
            _keep(var / "media" / photo[1], content, 0o644)
            photos += 1
        elif file and content is not None:
            _keep(var / "received" / file[1], content, 0o600)
            received += 1
    if photos != manifest.photos:
        raise BackupError(f"{manifest.photos} photos are expected, and {photos} are there: the backup is torn")
    if received != manifest.received:
        raise BackupError(f"{manifest.received} received files are expected, and {received} are there: it is torn")


def _keep(path: Path, content: IO[bytes], mode: int) -> None:
    handle, draft = tempfile.mkstemp(dir=path.parent, suffix=".part")
    with os.fdopen(handle, "wb") as file:
        shutil.copyfileobj(content, file)
        file.flush()
        os.fsync(file.fileno())
    Path(draft).chmod(mode)
    Path(draft).replace(path)
