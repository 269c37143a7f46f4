"""Backups: one moment, whole or not at all, for its owner only; a restore that does not fit changes nothing."""

import io
import json
import tarfile
import threading

import pytest

from base import backups, postgres_programs, restoring
from base.backups import BackupError
from base.db import Database
from base.postgres_programs import NoProgram
from tests import databases

PHOTO = f"{'0a' * 32}.jpg"
VOICE, OTHER = f"{'0b' * 32}.ogg", f"{'0c' * 32}.ogg"


@pytest.fixture
def market(new_database_url, tmp_path):
    """A migrated database with a contact, and a photo; (url, var)."""
    run(new_database_url, "insert into contact (name) values ('Awa')")
    media = tmp_path / "var" / "media"
    media.mkdir(parents=True)
    (media / PHOTO).write_bytes(b"\xff\xd8photo")
    return new_database_url, tmp_path / "var"


@pytest.fixture
def file(market, tmp_path):
    """A backup of it."""
    backups.make(*market, tmp_path / "market.tar")
    return tmp_path / "market.tar"


@pytest.fixture
def empty_url(services):
    """A database without a table."""
    with databases.fresh_database(services) as url:
        with databases.administrator(services, database=url.split("?")[0].rsplit("/", 1)[1]) as connection:
            connection.execute("drop schema public cascade")
            connection.execute("create schema public")
        yield url


def run(url, sql):
    database = Database(url, pool_size=1)
    with database.unit_of_work() as db:
        found = db.run(sql).rows
    database.close()
    return found


def names(url):
    return [row.name for row in run(url, "select name from contact order by id")]


def restore(url, var, file, *, replace=False):
    return restoring.restore(url, var, file, replace=replace, then=lambda db, manifest: manifest.photos)


def rewritten(file, change):
    """The same backup with another manifest."""
    with tarfile.open(file) as old, tarfile.open(file.with_name("changed.tar"), "w") as new:
        for member in old:
            content = old.extractfile(member).read()
            if member.name == backups.MANIFEST:
                content = json.dumps(change(json.loads(content))).encode()
                member.size = len(content)
            new.addfile(member, io.BytesIO(content))
    return file.with_name("changed.tar")


def test_a_backup_is_one_file_for_its_owner_and_begins_with_what_it_holds(market, file):
    with backups.opened(file) as (manifest, tar):
        members = [member.name for member in tar]
    assert members == ["manifest.json", "market.dump", f"media/{PHOTO}"]
    assert (manifest.rows["contact"], manifest.rows["order"], manifest.photos) == (1, 0, 1)
    assert file.stat().st_mode & 0o777 == 0o600
    assert sorted(path.name for path in file.parent.iterdir()) == ["market.tar", "var"]


def test_a_backup_that_fails_leaves_the_one_before(market, file, monkeypatch):
    before = file.read_bytes()
    monkeypatch.setattr(backups, "_pack", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        backups.make(*market, file)
    assert file.read_bytes() == before
    assert sorted(path.name for path in file.parent.iterdir()) == ["market.tar", "var"]


def test_what_the_disk_refuses_is_told_in_words(market, file, tmp_path):
    url, var = market
    with pytest.raises(BackupError, match=r"nowhere/.*No such file or directory"):
        backups.make(url, var, tmp_path / "nowhere" / "market.tar")
    run(url, "update contact set name = 'Kossi'")
    shut = tmp_path / "shut"
    shut.write_text("no folder")
    with pytest.raises(BackupError, match=r"shut.*Not a directory"):
        restore(url, shut, file, replace=True)
    assert names(url) == ["Kossi"]


def test_what_is_written_meanwhile_is_in_it_whole_or_not_at_all(market, tmp_path, empty_url):
    url, var = market
    is_over = threading.Event()

    def write():
        database = Database(url, pool_size=1)
        while not is_over.is_set():
            with database.unit_of_work() as db:
                db.run("insert into contact (name) values ('a'), ('b')")
        database.close()

    writer = threading.Thread(target=write)
    writer.start()
    try:
        made = backups.make(url, var, tmp_path / "market.tar")
    finally:
        is_over.set()
        writer.join()
    assert made.rows["contact"] % 2 == 1
    restore(empty_url, tmp_path / "other", tmp_path / "market.tar")
    assert len(names(empty_url)) == made.rows["contact"] < len(names(url))


def test_an_empty_database_takes_a_backup_with_its_photos(market, file, empty_url, tmp_path):
    manifest, told = restore(empty_url, tmp_path / "other", file)
    assert names(empty_url) == ["Awa"]
    assert (tmp_path / "other" / "media" / PHOTO).read_bytes() == b"\xff\xd8photo"
    assert (manifest.photos, told) == (1, 1)
    run(empty_url, "insert into contact (name) values ('Kossi')")  # numbers go on where they were
    assert names(empty_url) == ["Awa", "Kossi"]
    backups.make(empty_url, tmp_path / "other", tmp_path / "again.tar")  # and it can be backed up itself


def test_what_people_sent_is_in_it_and_comes_back_for_its_owner_alone(market, tmp_path, empty_url):
    url, var = market
    folder = var / "received"
    folder.mkdir()
    (folder / VOICE).write_bytes(b"OggS voice")
    (folder / "17-1.jpg").write_bytes(b"as earlier releases named it")
    (folder / "17-2.jpg.part").write_bytes(b"half a file")
    (folder / "secret").write_bytes(b"of another")

    made = backups.make(url, var, tmp_path / "market.tar")
    with backups.opened(tmp_path / "market.tar") as (_, tar):
        members = [member.name for member in tar]
    restore(empty_url, tmp_path / "other", tmp_path / "market.tar")

    assert (made.photos, made.received) == (1, 2)
    assert members[2:] == [f"media/{PHOTO}", f"received/{VOICE}", "received/17-1.jpg"]
    back = tmp_path / "other" / "received" / VOICE
    assert back.read_bytes() == b"OggS voice"
    assert back.stat().st_mode & 0o777 == 0o600
    assert back.parent.stat().st_mode & 0o777 == 0o700


def test_a_file_that_is_swept_away_meanwhile_does_not_spoil_a_backup(market, tmp_path, monkeypatch):
    url, var = market
    folder = var / "received"
    folder.mkdir()
    for name in (VOICE, OTHER):
        (folder / name).write_bytes(b"OggS")
    link = backups._link_or_copy

    def swept_at_the_first(path, target):
        (folder / OTHER).unlink(missing_ok=True)
        link(path, target)

    monkeypatch.setattr(backups, "_link_or_copy", swept_at_the_first)
    assert backups.make(url, var, tmp_path / "market.tar").received == 1


def test_a_backup_that_lacks_a_received_file_is_torn_and_changes_nothing(market, file, empty_url, tmp_path):
    torn = rewritten(file, lambda manifest: manifest | {"received": 1})
    with pytest.raises(BackupError, match="1 received files are expected, and 0 are there"):
        restore(empty_url, tmp_path / "other", torn)
    assert run(empty_url, "select tablename from pg_tables where schemaname = 'public'") == []


def test_a_backup_from_before_there_were_received_files_comes_back(market, file, empty_url, tmp_path):
    older = rewritten(file, lambda manifest: {name: value for name, value in manifest.items() if name != "received"})
    restore(empty_url, tmp_path / "other", older)
    assert names(empty_url) == ["Awa"]


def test_a_database_that_holds_something_is_replaced_only_when_that_is_said(market, file):
    url, var = market
    run(url, "update contact set name = 'Kossi'")
    with pytest.raises(BackupError, match="not empty"):
        restore(url, var, file)
    assert names(url) == ["Kossi"]
    restore(url, var, file, replace=True)
    assert names(url) == ["Awa"]
    assert run(url, "select to_regnamespace('before_restore') is null as gone") == [(True,)]


def test_while_a_process_of_the_market_is_connected_nothing_is_restored(market, file):
    url, var = market
    other = Database(url, pool_size=1)
    with other.unit_of_work() as db:
        db.value("select 1")
        with pytest.raises(BackupError, match="stop web and workers"):
            restore(url, var, file, replace=True)
    other.close()


def torn(file):
    """Cut in the middle of the dump."""
    file.write_bytes(file.read_bytes()[:9000])
    return file


def torn_at_the_end(file):
    """The photo is missing."""
    with tarfile.open(file) as tar:
        end = next(member.offset for member in tar if member.name.startswith("media/"))
    file.write_bytes(file.read_bytes()[:end] + b"\0" * 10240)
    return file


def no_backup(file):
    file.write_bytes(b"PGDMP" * 1000)
    return file


def another_tar(file):
    with tarfile.open(file, "w") as tar:
        tar.addfile(tarfile.TarInfo("../../etc/passwd"))
    return file


def with_value(**values):
    def change(file):
        return rewritten(file, lambda manifest: manifest | values)

    return change


BAD = {
    "torn": (torn, "torn|pg_restore failed"),
    "without its last photo": (torn_at_the_end, "photos are expected"),
    "not a tar": (no_backup, "is no backup"),
    "another tar": (another_tar, "does not begin with a manifest"),
    "of a newer program": (with_value(revision="9999"), "9999, which this program does not know"),
    "of another kind": (with_value(format=2), "another version"),
    "of a newer PostgreSQL": (with_value(dumped_by=99), "pg_dump 99 made it"),
    "with fewer rows than it says": (with_value(rows={"contact": 2}), "not all rows came back"),
}


@pytest.mark.parametrize("spoil, says", BAD.values(), ids=BAD)
def test_a_backup_that_does_not_fit_is_refused_and_the_database_stays_as_it_was(spoil, says, market, file):
    url, var = market
    run(url, "update contact set name = 'Kossi'")
    with pytest.raises(BackupError, match=says):
        restore(url, var, spoil(file), replace=True)
    assert names(url) == ["Kossi"]


def test_what_a_cut_off_restore_left_is_not_trodden_on(market, file):
    url, var = market
    run(url, "create schema before_restore")
    with pytest.raises(BackupError, match="before_restore holds what was there before"):
        restore(url, var, file, replace=True)


def test_a_database_without_a_market_is_not_backed_up(empty_url, tmp_path):
    with pytest.raises(BackupError, match="holds no market"):
        backups.make(empty_url, tmp_path / "var", tmp_path / "market.tar")
    assert list(tmp_path.iterdir()) == []


@pytest.fixture
def installed(tmp_path):
    """Folders with a pg_dump of these versions."""

    def make(*versions):
        for version in versions:
            program = tmp_path / str(version) / "pg_dump"
            program.parent.mkdir()
            program.write_text(f"#!/bin/sh\necho 'pg_dump (PostgreSQL) {version}.1 (Debian)'\n")
            program.chmod(0o755)
        return tuple(tmp_path / str(version) for version in (*versions, "nothing"))

    return make


def test_of_several_programs_the_one_next_to_the_server_is_taken_and_never_an_older_one(installed):
    places = installed(18, 15, 16)
    assert [postgres_programs.find("pg_dump", server, places).major for server in (14, 15, 16, 17, 18)] == [
        15, 15, 16, 18, 18,
    ]  # fmt: skip
    with pytest.raises(NoProgram, match="pg_dump 19 or newer is needed, found 15, 16, 18"):
        postgres_programs.find("pg_dump", 19, places)
    with pytest.raises(NoProgram, match="found none"):
        postgres_programs.find("pg_dump", 15, ())


def test_a_password_is_in_no_command_line():
    name, environ = postgres_programs.address(
        "postgresql+psycopg://me:s3cret%21@db.example:5433/market?sslmode=require"
    )
    assert "s3cret" not in name
    assert {"user=me", "host=db.example", "port=5433", "dbname=market", "sslmode=require"} == set(name.split())
    assert environ["PGPASSWORD"] == "s3cret!"
