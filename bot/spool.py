"""The spool: webhooks that PostgreSQL could not take, one fsynced file each, drained oldest first by one process."""

import fcntl
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from pydantic import ValidationError

from bot.documents import parsed_from_json, parsed_to_json
from bot.messages import Parsed

MOST_BYTES = 512 * 1024 * 1024
SUFFIX = ".webhook"


class SpoolFull(Exception):
    """Nothing more can be written here: the webhook is answered 503, and the provider keeps it."""


@dataclass(frozen=True)
class Spool:
    """One folder per machine; a file's name is its time in nanoseconds, its process and its account's key."""

    folder: Path
    most_bytes: int = MOST_BYTES

    def is_empty(self) -> bool:
        """Whether no webhook waits here; while one does, every webhook of this machine is put behind it."""
        try:
            with os.scandir(self.folder) as entries:
                return not any(entry.name.endswith(SUFFIX) for entry in entries)
        except FileNotFoundError:
            return True

    def put(self, account_key: str, parsed: Parsed) -> Path:
        """Write a webhook and return once the disk has it. Raises SpoolFull."""
        try:
            self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            if sum(size for _, size in self.waiting()) > self.most_bytes:
                raise SpoolFull(f"the spool holds more than {self.most_bytes} bytes")
            name = f"{time.time_ns():020d}-{os.getpid()}-{os.urandom(4).hex()}-{account_key}{SUFFIX}"
            return self._write(name, parsed_to_json(parsed))
        except OSError as error:
            raise SpoolFull(f"the spool cannot be written: {error.strerror}") from error

    def _write(self, name: str, content: bytes) -> Path:
        """Under another name first, so that a torn file is never read."""
        path, unfinished = self.folder / name, self.folder / f"{name}.part"
        with unfinished.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        unfinished.rename(path)
        _sync_folder(self.folder)
        return path

    def waiting(self) -> list[tuple[Path, int]]:
        """The files oldest first, with their sizes in bytes."""
        try:
            with os.scandir(self.folder) as entries:
                found = [(Path(e.path), e.stat().st_size) for e in entries if e.name.endswith(SUFFIX)]
        except FileNotFoundError:
            return []
        return sorted(found)

    def drain(self, store: Callable[[str, Parsed], None]) -> int:
        """Hand each file's account key and webhook to `store`, oldest first, and delete it; returns how many.

        Stops at the first exception of `store`, which is raised. Nothing when another process is draining.
        """
        done = 0
        with self._only_me() as is_mine:
            for path, _ in self.waiting() if is_mine else ():
                parsed = self._read(path)
                if parsed is not None:
                    store(account_of(path), parsed)
                    path.unlink()
                    done += 1
            if done:
                _sync_folder(self.folder)
        return done

    def _read(self, path: Path) -> Parsed | None:
        """A file that cannot be read is put aside for the operator; it never holds up the others."""
        try:
            return parsed_from_json(path.read_bytes())
        except ValidationError:
            path.rename(path.with_suffix(".unreadable"))
            return None

    @contextmanager
    def _only_me(self) -> Iterator[bool]:
        if not self.folder.exists():
            yield False
            return
        with (self.folder / "lock").open("w") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                yield False
                return
            yield True


def account_of(path: Path) -> str:
    """The account's key in a file's name."""
    return path.name.removesuffix(SUFFIX).split("-", 3)[3]


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
