"""Gathering: what several threads have to write at once goes into the database as one statement, with one commit."""

import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from base.db import AWAY, FAILED

T = TypeVar("T")
LATELY = 16  # writings
COMPANY = 4  # who wait for it, at most
MOMENT = 1.0  # seconds


class NotWritten(Exception):
    """The thread that wrote for this one failed."""


@dataclass
class _Waiting(Generic[T]):
    """One thread's items; `turn` is rung when they are written, or when that thread has to write."""

    items: Sequence[T]
    patience: float  # seconds that are left to it, or none
    turn: threading.Event = field(default_factory=threading.Event)
    is_written: bool = False
    error: Exception | None = None


@dataclass
class Gathering(Generic[T]):
    """Who comes first writes; who comes meanwhile waits, and then one of them writes for all of them.

    `write` is one transaction and raises when it has not committed. Alone, nobody waits for anybody, but who has
    patience: he waits that long for company, and whoever has none takes him along. Only a few wait so, as each holds a
    thread.
    """

    write: Callable[[Sequence[T]], None]
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _waiting: list[_Waiting[T]] = field(default_factory=list)
    _is_busy: bool = False
    _crowd: float = 0.0
    _wrote_at: float = float("-inf")

    @property
    def crowd(self) -> float:
        """How many wait while one writes, lately; none where nobody has written for a moment."""
        return self._crowd if time.monotonic() - self._wrote_at < MOMENT else 0.0

    def put(self, items: Sequence[T], patience: float = 0.0) -> None:
        """Return once these items are committed; their writing may begin so many seconds later.

        Raises what `write` raises for them.
        """
        mine = _Waiting(items, patience)
        with self._lock:
            self._waiting.append(mine)
            must_wait = not self._begins()
        if must_wait:
            self._wait(mine)
        if not mine.is_written and mine.error is None:
            self._lead()
        if mine.error:
            raise mine.error

    @property
    def _is_called_for(self) -> bool:
        """Whether a writing is to begin: for one without patience, or for as many as may wait."""
        return len(self._waiting) >= COMPANY or any(not one.patience for one in self._waiting)

    def _begins(self) -> bool:
        """Whether this thread is to write now, as nobody does; the lock is held."""
        if self._is_busy or not self._is_called_for:
            return False
        self._is_busy = True
        return True

    def _wait(self, mine: _Waiting[T]) -> None:
        """Until somebody has written these, or it is this thread's turn to write."""
        if mine.turn.wait(mine.patience or None):
            return
        with self._lock:
            mine.patience = 0.0
            must_wait = not mine.turn.is_set() and not self._begins()
        if must_wait:
            mine.turn.wait()

    def _lead(self) -> None:
        """Write for all who wait, wake them, and leave the next writing to the first of those who came meanwhile.

        Threads run in the order in which they are woken: who has no patience comes first.
        """
        with self._lock:
            together, self._waiting = self._waiting, []
            self._crowd = self.crowd + (len(together) - 1 - self.crowd) / LATELY
            self._wrote_at = time.monotonic()
        try:
            self._write(together)
        finally:
            for one in together:
                if not one.is_written and one.error is None:  # a bug in `write`, which its thread shows
                    one.error = NotWritten()
            for one in sorted(together, key=lambda one: one.patience):
                one.turn.set()
            with self._lock:
                self._is_busy = self._is_called_for
                following = self._waiting[:1] if self._is_busy else []
            for one in following:
                one.turn.set()

    def _write(self, together: Sequence[_Waiting[T]]) -> None:
        """All as one; what the database refuses is tried one by one, so that nobody fails for another's items."""
        try:
            self.write([item for one in together for item in one.items])
        except AWAY as error:
            for one in together:
                one.error = error
        except FAILED as error:
            if len(together) == 1:
                together[0].error = error
                return
            for one in together:
                self._write([one])
        else:
            for one in together:
                one.is_written = True
