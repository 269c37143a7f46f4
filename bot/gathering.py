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
        mine = _Waiting(items)
        with self._lock:
            is_followed = self._is_busy or bool(self._waiting)  # by somebody's writing
            self._waiting.append(mine)
            must_wait = not self._begins(is_patient=patience > 0 and len(self._waiting) < COMPANY)
        if must_wait:
            self._wait(mine, None if is_followed else patience)
        if not mine.is_written and mine.error is None:
            self._lead()
        if mine.error:
            raise mine.error

    def _begins(self, *, is_patient: bool = False) -> bool:
        """Whether this thread is to write now, as nobody does; the lock is held."""
        if self._is_busy or is_patient:
            return False
        self._is_busy = True
        return True

    def _wait(self, mine: _Waiting[T], seconds: float | None) -> None:
        """Until somebody has written these, or it is this thread's turn to write."""
        if mine.turn.wait(seconds):
            return
        with self._lock:
            must_wait = not mine.turn.is_set() and not self._begins()
        if must_wait:
            mine.turn.wait()

    def _lead(self) -> None:
        """Write for all who wait, wake them, and leave the next writing to the first of those who came meanwhile."""
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
                one.turn.set()
            with self._lock:
                self._is_busy = bool(self._waiting)
                following = self._waiting[:1]
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
