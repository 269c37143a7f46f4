"""Calls: the chats in which this process has stored something, so that nobody need look for what it knows to be due."""

import heapq
import threading
import time
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from typing import Final

MOST: Final = 600  # calls that are remembered; if there are more, all are looked for in the database
Call = tuple[float, int, int]
"""When it is due (process time), which one it is, of which chat."""


@dataclass
class Calls:
    """The chats of new messages in the order in which they are due."""

    _waiting: list[Call] = field(default_factory=list)
    _count: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def last(self) -> int:
        """Which call came last."""
        return self._count

    def add(self, due: Iterable[tuple[int, float]]) -> bool:
        """Remember these chats, each with the seconds until it is due; False when they are too many to be remembered.

        Then all are forgotten.
        """
        now = time.monotonic()
        with self._lock:
            for chat, seconds in due:
                self._count += 1
                heapq.heappush(self._waiting, (now + seconds, self._count, chat))
            if len(self._waiting) <= MOST:
                return True
            self._waiting.clear()
            return False

    def again(self, chats: Collection[int]) -> bool:
        """The same for chats in which more is open, at once, but of those that wait for their turn anyhow."""
        if not chats:
            return True
        now = time.monotonic()
        with self._lock:
            due = {chat for at, _, chat in self._waiting if at <= now}
        return self.add([(chat, 0.0) for chat in chats if chat not in due])

    def answer(self, chats: Collection[int], last: int) -> None:
        """Nothing is open in these chats that is due of what was stored up to this call: those calls are over."""
        now = time.monotonic()
        with self._lock:
            left = [call for call in self._waiting if call[0] > now or call[1] > last or call[2] not in chats]
            if len(left) < len(self._waiting):
                heapq.heapify(left)
                self._waiting = left

    def due(self, limit: int = MOST) -> list[int]:
        """Up to `limit` chats whose time has come, each once and no longer remembered; a second call stays for later.

        Whoever has called twice has two messages waiting, and is answered one by one.
        """
        found: dict[int, None] = {}
        twice = []
        now = time.monotonic()
        with self._lock:
            while self._waiting and self._waiting[0][0] <= now and len(found) < limit:
                call = heapq.heappop(self._waiting)
                if call[2] in found:
                    twice.append(call)
                found[call[2]] = None
            for call in twice:
                heapq.heappush(self._waiting, call)
        return list(found)

    def forget_due(self) -> None:
        """Whoever looks for all that is due needs no call."""
        now = time.monotonic()
        with self._lock:
            while self._waiting and self._waiting[0][0] <= now:
                heapq.heappop(self._waiting)

    @property
    def next_at(self) -> float:
        """When the next is due (process time)."""
        with self._lock:
            return self._waiting[0][0] if self._waiting else float("inf")
