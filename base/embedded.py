"""A real PostgreSQL and a real Redis under var/, for whoever has given no address of his own."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

from base.embedded_place import EmbeddedError, Place, find_place
from base.embedded_postgres import is_postgres_running, postgres_url, start_postgres, stop_postgres
from base.embedded_redis import is_redis_running, redis_url, start_redis, stop_redis

__all__ = ["AlreadyOwned", "EmbeddedError", "Owner", "Services", "running", "start", "stop"]


@dataclass(frozen=True)
class Services:
    """Two running servers; `started` tells whether this call started one, `place` where their data lies."""

    database_url: str
    redis_url: str
    started: bool
    place: Path


class AlreadyOwned(EmbeddedError):
    """Another `cli.py run` owns this var folder."""


def start(var: Path) -> Services:
    """Start what does not run yet, after a kill too; their data is as it was. Raises EmbeddedError, OSError.

    The servers outlive this process: whoever owns them says stop. Two processes may call this at once.
    """
    place = find_place(var)
    with _locked(place.var):
        started = [start_postgres(place), start_redis(place)]
    return _services(place, any(started))


def running(var: Path) -> Services | None:
    """The servers of this var folder when both answer, else None."""
    if not var.exists():
        return None
    place = find_place(var)
    return _services(place, False) if is_postgres_running(place) and is_redis_running(place) else None


def stop(var: Path) -> None:
    """Stop both in an orderly way; what does not run is passed over. Raises EmbeddedError."""
    if not var.exists():
        return
    place = find_place(var)
    with _locked(place.var):
        try:
            stop_redis(place)
        finally:
            stop_postgres(place)


def _services(place: Place, started: bool) -> Services:
    return Services(postgres_url(place), redis_url(place), started, place.home)


@contextmanager
def _locked(var: Path) -> Iterator[None]:
    with (var / "services.lock").open("a") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


class Owner:
    """The one `cli.py run` of a var folder: `with Owner(var): …`; raises AlreadyOwned naming the other's process.

    The lock ends with the process, however it ends; the file run.pid says which process it is.
    """

    def __init__(self, var: Path) -> None:
        self._path = var / "run.pid"

    def __enter__(self) -> Self:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        self._file = self._path.open("a+", encoding="ascii")
        try:
            # a record lock: children that outlive a killed owner do not keep it
            fcntl.lockf(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except (BlockingIOError, PermissionError) as error:
            self._file.seek(0)
            other = self._file.read().strip()
            self._file.close()
            raise AlreadyOwned(f"cli.py run is already at work in {self._path.parent}: process {other}") from error
        self._file.truncate(0)
        self._file.write(f"{os.getpid()}\n")
        self._file.flush()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._file.truncate(0)
        self._file.close()
