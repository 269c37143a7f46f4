"""A PostgreSQL of our own: made, started, found and stopped on a Unix socket."""

import os
import shutil
import time
from pathlib import Path
from typing import Final
from urllib.parse import quote

import psycopg
from psycopg import sql

from base.embedded_place import EmbeddedError, Place

DATABASE: Final = "assigame"
START_SECONDS: Final = 60
TAKEOVER_SECONDS: Final = 15

SETTINGS: Final = """\
# Written at every start.
listen_addresses = ''
unix_socket_directories = '{sockets}'
unix_socket_permissions = 0700
max_connections = 100
fsync = on
synchronous_commit = on
deadlock_timeout = 1s
shared_buffers = 128MB
max_wal_size = 512MB
min_wal_size = 80MB
timezone = 'UTC'
log_timezone = 'UTC'
log_min_messages = warning
log_min_error_statement = panic
log_error_verbosity = terse
log_parameter_max_length = 0
"""


def start_postgres(place: Place) -> bool:
    """Start it unless it runs; makes the data folder and the database the first time. True when it was started."""
    is_new = not _comes_up(place)
    if is_new:
        if not place.postgres_data.exists():
            _make_data(place)
        _remove_stale_locks(place)
        place.write(place.postgres_data / "assigame.conf", SETTINGS.format(sockets=place.sockets))
        _start(place)
    _make_database(place)
    return is_new


def _comes_up(place: Place) -> bool:
    """Whether it runs; one that still recovers, or still ends, is waited for."""
    deadline = time.monotonic() + START_SECONDS
    while not is_postgres_running(place):
        if _pid(place) is None:
            return False
        if time.monotonic() > deadline:
            raise EmbeddedError(f"PostgreSQL runs and does not answer\n{_last_lines(place)}")
        time.sleep(0.05)
    return True


def stop_postgres(place: Place) -> None:
    """Stop it in an orderly way: open transactions are rolled back. Nothing to do when it does not run."""
    if _pid(place) is not None:
        place.run(place.postgres_programs / "pg_ctl", "-D", "postgres", "-m", "fast", "-w", "stop", cwd=place.home)


def postgres_url(place: Place, database: str = DATABASE) -> str:
    """The address in SQLAlchemy's form."""
    return f"postgresql+psycopg://postgres@/{database}?host={quote(str(place.sockets), safe='/')}"


def is_postgres_running(place: Place) -> bool:
    """Whether it answers on its socket."""
    try:
        _connect(place, "postgres").close()
    except psycopg.OperationalError:
        return False
    return True


def _connect(place: Place, database: str) -> psycopg.Connection:
    return psycopg.connect(
        host=str(place.sockets), user="postgres", dbname=database, connect_timeout=5, autocommit=True
    )


def _make_data(place: Place) -> None:
    draft = place.home / "postgres.new"  # renamed when whole: a kill leaves nothing half made
    shutil.rmtree(draft, ignore_errors=True)
    place.make_folder(draft)
    place.run(
        *(place.postgres_programs / "initdb", "-D", "postgres.new", "-U", "postgres", "--auth=trust"),
        *("--encoding=UTF8", "--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"),
        "--no-instructions",
        cwd=place.home,
    )
    with (draft / "postgresql.conf").open("a", encoding="utf-8") as conf:
        conf.write("\ninclude_if_exists = 'assigame.conf'\n")
    draft.rename(place.postgres_data)


def _start(place: Place) -> None:
    place.make_folder(place.sockets)
    deadline = time.monotonic() + TAKEOVER_SECONDS
    while True:
        try:
            place.run(
                *(place.postgres_programs / "pg_ctl", "-D", "postgres", "-l", "postgres/server.log"),
                *("-w", "-t", str(START_SECONDS), "start"),
                cwd=place.home,
            )
        except EmbeddedError as error:
            # backends of a killed server take a moment to leave, and hold its shared memory until then
            if time.monotonic() > deadline or _pid(place) is not None:
                raise EmbeddedError(f"{error}\n{_last_lines(place)}") from error
            time.sleep(0.2)
        else:
            return


def _last_lines(place: Place) -> str:
    try:
        lines = (place.postgres_data / "server.log").read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return ""
    return "\n".join(lines[-5:])


def _make_database(place: Place) -> None:
    with _connect(place, "postgres") as connection:
        known = connection.execute("select 1 from pg_database where datname = %s", (DATABASE,)).fetchone()
        if not known:
            connection.execute(sql.SQL("create database {}").format(sql.Identifier(DATABASE)))


def _remove_stale_locks(place: Place) -> None:
    """Remove what a killed server left, so that another process with its number is not taken for it."""
    if _pid(place) is None:
        (place.postgres_data / "postmaster.pid").unlink(missing_ok=True)
        for path in (place.sockets / ".s.PGSQL.5432", place.sockets / ".s.PGSQL.5432.lock"):
            path.unlink(missing_ok=True)


def _pid(place: Place) -> int | None:
    """The number of the living server of this data folder."""
    try:
        pid = int((place.postgres_data / "postmaster.pid").read_text(encoding="utf-8").split("\n", 1)[0])
        os.kill(pid, 0)
    except (FileNotFoundError, ValueError, ProcessLookupError):
        return None
    except PermissionError:
        return None  # it lives as another user: not ours
    return pid if _works_in(pid, place.postgres_data) else None


def _works_in(pid: int, folder: Path) -> bool:
    # the server's working folder is its data folder; where there is no /proc, its own lock file must do
    try:
        return Path(os.readlink(f"/proc/{pid}/cwd")) == folder.resolve()
    except OSError:
        return not Path("/proc/self").exists()
