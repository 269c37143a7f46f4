"""The spool: webhooks that PostgreSQL could not take, one fsynced file each, drained oldest first by one process."""

import fcntl
import os
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from itertools import groupby, islice, takewhile
from pathlib import Path

from pydantic import ValidationError

from base.disk import sync_folder
from base.log import logger
from bot.documents import parsed_from_json, parsed_to_json
from bot.gate import Gate
from bot.messages import Parsed

log = logger(__name__)
MOST_BYTES = 512 * 1024 * 1024
SUFFIX, UNFINISHED = ".webhook", ".part"
UNSTORABLE, UNREADABLE = ASIDE = ".unstorable", ".unreadable"
TORN_AFTER = 60.0  # seconds after which an unfinished file is one of a process that was killed
BATCH = 20  # webhooks that are stored as one: each commit waits for the disk
SHUT_FOR = 0.5  # seconds in which the last ones are stored, while others wait
WAITS = 3.0  # seconds that they wait at most: a process that hangs meanwhile must hold up no webhook
SAME_TIME = 1_000_000_000  # nanoseconds in which two changes of a folder may bear the same time
MEASURED_FOR = 5.0  # seconds (process time) that the folder's size is trusted
Store = Callable[[str, Sequence[Parsed]], None]  # an account's key, and webhooks of it in their order


class Unstorable(Exception):
    """A webhook that the database will never take: its file is put aside, so that it holds up no other."""


class SpoolFull(Exception):
    """Nothing more can be written here: the webhook is answered 503, and the provider keeps it."""


@dataclass
class Measure:
    """The folder as this process knows it: measuring thousands of files at every webhook would be slow."""

    used: int = 0
    known_until: float = 0.0
    empty_since: int = 0  # the folder's time of change (nanoseconds) when it was seen to be empty


@dataclass(frozen=True)
class Spool:
    """One folder per machine; a file's name is its time in nanoseconds, its process and its account's key."""

    folder: Path
    most_bytes: int = MOST_BYTES
    measure: Measure = field(default_factory=Measure)

    def is_empty(self) -> bool:
        """Whether no webhook waits here; while one does, every webhook of this machine is put behind it.

        Where nothing has changed since it was empty it is not read again: all webhooks ask.
        """
        try:
            changed = os.stat(self.folder).st_mtime_ns
            if changed == self.measure.empty_since:
                return True
            with os.scandir(self.folder) as entries:
                is_empty = not any(entry.name.endswith(SUFFIX) for entry in entries)
        except (FileNotFoundError, NotADirectoryError):
            return True
        if is_empty and time.time_ns() - changed > SAME_TIME:
            self.measure.empty_since = changed
        return is_empty

    def put(self, account_key: str, parsed: Parsed) -> Path:
        """Write a webhook and return once the disk has it. Raises SpoolFull."""
        with self._entered():
            return self._put(account_key, parsed)

    def put_behind(self, account_key: str, parsed: Parsed) -> Path | None:
        """The same behind those that wait; None where none does any more. Raises SpoolFull."""
        with self._entered():
            return None if self.is_empty() else self._put(account_key, parsed)

    @contextmanager
    def _entered(self) -> Iterator[None]:
        try:
            self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            with self.gate.entered(WAITS):
                yield
        except OSError as error:
            raise SpoolFull(f"the spool cannot be written: {error.strerror}") from error

    @property
    def gate(self) -> Gate:
        """Shut while the last that wait are stored: else, where people never cease to write, there would be no last."""
        return Gate(self.folder)

    def _put(self, account_key: str, parsed: Parsed) -> Path:
        content = parsed_to_json(parsed)
        self._make_room(len(content))
        name = f"{time.time_ns():020d}-{os.getpid()}-{os.urandom(4).hex()}-{account_key}{SUFFIX}"
        return self._write(name, content)

    def _make_room(self, size: int) -> None:
        """Count what is written; the folder is measured anew when the count is old or says that it is full."""
        measure = self.measure
        if time.monotonic() > measure.known_until or measure.used + size > self.most_bytes:
            measure.used = sum(size for _, size in self._listed())
            measure.known_until = time.monotonic() + MEASURED_FOR
        if measure.used + size > self.most_bytes:
            raise SpoolFull(f"the spool holds {measure.used} bytes of {self.most_bytes}")
        measure.used += size

    def _write(self, name: str, content: bytes) -> Path:
        """Under another name first, so that a torn file is never read."""
        path, unfinished = self.folder / name, self.folder / f"{name}{UNFINISHED}"
        try:
            with unfinished.open("wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
        except OSError:  # a full disk has room for an empty file
            unfinished.unlink(missing_ok=True)
            raise
        unfinished.rename(path)
        sync_folder(self.folder)
        return path

    def waiting(self) -> list[tuple[Path, int]]:
        """Files that wait, oldest first, with their sizes in bytes: all of them but those that come during the look.

        A folder's listing may show a file that came meanwhile and pass over an earlier one. A second listing shows
        that one too, and only what stands before it is taken. No clock is asked, which may have been set back since.
        """
        try:
            there = set(os.listdir(self.folder))
        except (FileNotFoundError, NotADirectoryError):
            return []
        return list(takewhile(lambda file: file[0].name in there, sorted(self._listed())))

    def _listed(self) -> Iterator[tuple[Path, int]]:
        with suppress(FileNotFoundError, NotADirectoryError), os.scandir(self.folder) as entries:
            for entry in entries:
                if entry.name.endswith(SUFFIX):
                    with suppress(FileNotFoundError):  # drained meanwhile
                        yield Path(entry.path), entry.stat().st_size

    def put_aside(self) -> list[Path]:
        """The files that nobody could read or store: they wait for an operator."""
        try:
            return sorted(path for path in self.folder.iterdir() if path.suffix in ASIDE)
        except (FileNotFoundError, NotADirectoryError):
            return []

    def forget(self, names: Sequence[str]) -> int:
        """Delete the files put aside on this machine that are from a person of these names; how many."""
        wanted = [name.encode() for name in names]
        count = 0
        for path in self.put_aside():
            content = path.read_bytes()
            if any(name in content for name in wanted):
                path.unlink(missing_ok=True)
                count += 1
        return count

    def forget_aside(self, seconds: float) -> int:
        """A job: delete what was put aside that long ago, and nobody has stored since; how many."""
        old = [path for path in self.put_aside() if time.time() - path.stat().st_mtime > seconds]
        for path in old:
            path.unlink(missing_ok=True)
        return len(old)

    def drain(self, store: Store) -> int:
        """Hand webhooks, oldest first, to `store`, and delete their files, until none waits; returns how many.

        Up to BATCH that follow each other come from one account and are stored as one; when that is Unstorable, each
        is stored by itself, and those that still are get put aside. Stops at any other exception of `store`, which is
        raised. Nothing when another process is draining.
        """
        with self._only_me() as is_mine:
            if not is_mine:
                return 0
            self._remove_torn()
            done, begun = 0, time.monotonic()
            while waiting := self.waiting():
                are_last = len(waiting) <= max(BATCH, SHUT_FOR * done / (time.monotonic() - begun))
                if done and are_last:  # not before `store` has taken others: it may still be away
                    with self.gate.shut():
                        return done + self._hand(store, self.waiting())
                done += self._hand(store, waiting)
            return done

    def _hand(self, store: Store, waiting: Sequence[tuple[Path, int]]) -> int:
        """Those to `store`; returns how many could be read."""
        done = 0
        for account_key, paths in batches(path for path, _ in waiting):
            read = [(path, parsed) for path in paths if (parsed := self._read(path)) is not None]
            self._store(store, account_key, read)
            done += len(read)
        sync_folder(self.folder)
        return done

    def _remove_torn(self) -> None:
        """Delete what killed processes left unfinished: nobody was answered 200 for it."""
        for path in self.folder.glob(f"*{UNFINISHED}"):
            with suppress(FileNotFoundError):  # finished meanwhile
                if time.time() - path.stat().st_mtime > TORN_AFTER:
                    path.unlink()

    def _store(self, store: Store, account_key: str, read: Sequence[tuple[Path, Parsed]]) -> None:
        if not read:
            return
        try:
            store(account_key, [parsed for _, parsed in read])
        except Unstorable as error:
            if len(read) > 1:
                for one in read:
                    self._store(store, account_key, [one])
                return
            ((path, _),) = read
            log.error("unstorable_webhook", file=path.name, error=type(error.__cause__ or error).__name__)
            path.rename(path.with_suffix(UNSTORABLE))
        else:
            for path, _ in read:
                path.unlink()

    def _read(self, path: Path) -> Parsed | None:
        """A file that cannot be read is put aside for the operator; it never holds up the others."""
        try:
            return parsed_from_json(path.read_bytes())
        except ValidationError:
            log.error("unreadable_webhook", file=path.name)
            path.rename(path.with_suffix(UNREADABLE))
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


def batches(paths: Iterable[Path]) -> Iterator[tuple[str, list[Path]]]:
    """An account's key and up to BATCH files of it that follow each other."""
    for account_key, together in groupby(paths, key=account_of):
        while batch := list(islice(together, BATCH)):
            yield account_key, batch


def account_of(path: Path) -> str:
    """The account's key in a file's name."""
    return path.name.removesuffix(SUFFIX).split("-", 3)[3]
