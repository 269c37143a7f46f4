"""What a process has begun to send, told by a file that outlives it: its death costs nothing that was not begun.

A claimed row whose process died may have been sent or not, and only its lease's end would tell that nobody is at it. So
each worker holds a file: its lock ends with the process, however that ends, and the rows whose sending was begun are
noted in it before a byte goes out. Whoever finds the lock free gives back what was not begun, within a second. What a
file cannot tell (another machine's, one from before this machine's start) is left to the leases.
"""

import fcntl
import mmap
import os
import struct
import time
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Self

from base.config import Config
from base.log import logger

log = logger(__name__)
BOOT: Final = Path("/proc/sys/kernel/random/boot_id")
HEAD: Final = 64  # bytes: which start of the machine it belongs to
SUFFIX: Final = ".hand"
NUMBER: Final = struct.Struct("q")
LINGERS: Final = 5.0  # seconds that a dead one's file is read again: a claim may be committed after its claimer's death
FORGOTTEN: Final = 86400.0  # seconds
LOOKS_EVERY: Final = 0.25  # seconds


class Hand:
    """The file of one process; rows are noted by the threads that send, and let go by the loop that settles."""

    def __init__(self, path: Path, most: int) -> None:
        """Make it for `most` rows at once, and hold its lock. Raises OSError where there is no room for it."""
        size = HEAD + most * NUMBER.size
        path.parent.mkdir(parents=True, exist_ok=True)
        self._path, self._file = path, os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
        fcntl.flock(self._file, fcntl.LOCK_EX)
        os.posix_fallocate(self._file, 0, size)  # a full disk is told of here, not by a signal later
        self._notes = mmap.mmap(self._file, size)
        self._free = list(range(HEAD, size, NUMBER.size))
        self._places: dict[int, list[int]] = {}
        self._notes[: len(this_start())] = this_start()

    @classmethod
    def of(cls, folder: Path, owner: str, most: int) -> Self | None:
        """A process's own; None where it can have none: leases are enough then."""
        try:
            return cls(_path(folder, owner), most)
        except OSError as error:
            log.warning("no_hand", error=type(error).__name__)
            return None

    def begin(self, outbox_id: int) -> int:
        """Note a row whose sending begins now; the note's place, 0 where there is no room: it must not begin then."""
        try:
            place = self._free.pop()
        except IndexError:
            return 0
        self._places.setdefault(outbox_id, []).append(place)
        NUMBER.pack_into(self._notes, place, outbox_id)
        return place

    def took(self, place: int, outbox_id: int) -> None:
        """The provider has taken it: nothing of it is in doubt any more, though it is not written yet."""
        NUMBER.pack_into(self._notes, place, -outbox_id)

    def let_go(self, outbox_ids: Iterable[int]) -> None:
        """What became of one sending of each of these is written; another one of the same row may go on."""
        for outbox_id in outbox_ids:
            places = self._places.get(outbox_id)
            if not places:
                continue
            place = places.pop()
            if not places:
                del self._places[outbox_id]
            NUMBER.pack_into(self._notes, place, 0)
            self._free.append(place)

    def end(self) -> None:
        """At a stop that has settled and given back everything."""
        self._path.unlink(missing_ok=True)
        os.close(self._file)


@dataclass
class StandIn:
    """Whether processes of another role have died on this machine and none of them lives: who asks does their work.

    It may be asked often. Of a role that was stopped in good order, or never was here, nobody does the work.
    """

    folder: Path
    role: str
    _looked_at: float = float("-inf")
    _is_needed: bool = False

    def __call__(self) -> bool:
        if time.monotonic() - self._looked_at > LOOKS_EVERY:
            lives = [is_held(path) for path in self.folder.glob(f"*:{self.role}:*{SUFFIX}")]
            self._looked_at, self._is_needed = time.monotonic(), False in lives and True not in lives
        return self._is_needed


@dataclass
class Finder:
    """Finds the files of the dead among those of this machine's workers."""

    folder: Path
    owner: str
    _freed: dict[Path, float] = field(default_factory=dict)  # when the rows of each were first free

    def dead(self) -> Iterator[tuple[str, frozenset[int]]]:
        """The owners of those files, each with the rows that it had begun; its file goes some seconds after it.

        They count from when the next one is first asked for, which is when this one's rows are free: with the database
        away they are not, and the file stays. A row that its provider had taken is told as the negative of its number.
        """
        own = _path(self.folder, self.owner)
        for path in self.folder.glob(f"*{SUFFIX}"):
            begun = None if path == own else begun_by_the_dead(path)
            if begun is None:
                continue
            yield path.name.removesuffix(SUFFIX), begun
            if time.monotonic() - self._freed.setdefault(path, time.monotonic()) > LINGERS:
                path.unlink(missing_ok=True)
                del self._freed[path]


def folder_of(config: Config) -> Path:
    """Where this machine's processes note what they have begun to send."""
    return config.var / "hands"


def begun_by_the_dead(path: Path) -> frozenset[int] | None:
    """The rows noted in a file whose process is gone; None when it lives, or its file says nothing of today's rows."""
    with suppress(OSError):
        file = os.open(path, os.O_RDWR)
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            content = os.read(file, os.fstat(file).st_size)
            is_old = time.time() - os.fstat(file).st_mtime > FORGOTTEN
        finally:
            os.close(file)
        if content.startswith(this_start()):
            return frozenset(number for (number,) in NUMBER.iter_unpack(content[HEAD:]) if number)
        if is_old:
            path.unlink(missing_ok=True)
    return None


def is_held(path: Path) -> bool | None:
    """Whether a file's process lives; None of a file that is gone or of before this start of the machine."""
    with suppress(FileNotFoundError):
        file = os.open(path, os.O_RDONLY)
        try:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
            return False if os.read(file, HEAD).startswith(this_start()) else None
        except BlockingIOError:
            return True
        finally:
            os.close(file)
    return None


def this_start() -> bytes:
    """Which start of the machine this is: what a file kept over another one's power cut need not be whole."""
    return BOOT.read_bytes().strip()


def _path(folder: Path, owner: str) -> Path:
    return folder / f"{owner}{SUFFIX}"
