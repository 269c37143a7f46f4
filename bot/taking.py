"""The taking loop: one thread that takes turns as long as its process lives."""

import threading
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from base.db import AWAY, Database
from base.log import logger
from bot.calls import Calls
from bot.engine import BATCH, Taker

log = logger(__name__)
SHORTEST = 0.02  # seconds
NEXT = """
select extract(epoch from min(due_at) - market_now()) as wait from inbox
where state = 'open' and due_at > case when %(also_due)s then '-infinity' else market_now() end
"""


@dataclass
class Taking:
    """Takes what this process has stored, as it becomes due, and at a ring or every `poll` seconds whatever waits.

    `make` needs the database, which may be away when the process starts: the loop begins when it is there.
    """

    make: Callable[[], Taker]
    poll: float
    bell: threading.Event = field(default_factory=threading.Event)
    stop: threading.Event = field(default_factory=threading.Event)
    thread: threading.Thread | None = None
    calls: Calls = field(default_factory=Calls)
    looks: threading.Event = field(default_factory=threading.Event)  # that something waits, and nobody knows whose
    look_at: float = 0.0  # process time
    is_expected: bool = True  # that something is found then; else it is asked first whether anything waits
    rest: float = float("inf")  # until it is looked again for those whom others had, each time twice as long

    def ring(self) -> None:
        """Something waits, and nobody knows whose it is."""
        self.looks.set()
        self.bell.set()

    def heed(self, due: Iterable[tuple[int, float]]) -> None:
        """Messages were stored in these conversations, each to be taken in so many seconds."""
        if self.calls.add(due):
            self.bell.set()
        else:
            self.ring()

    def run(self) -> None:
        """Until `stop` is set; a turn that has begun is finished, and Redis has the sessions of all."""
        taker = self._made()
        while taker and not self.stop.is_set():
            self.bell.clear()
            sessions = taker.bot.sessions
            if time.monotonic() >= sessions.due_at:
                sessions.store()
            if self.looks.is_set() or time.monotonic() >= self.look_at:
                self._look(taker)
            elif named := self.calls.due(BATCH):
                self._take_named(taker, named)
            else:
                next_at = min(self.look_at, self.calls.next_at, sessions.due_at)
                self.bell.wait(max(0.0, next_at - time.monotonic()))
        if taker:
            taker.bot.sessions.store()

    def start(self) -> None:
        """The loop in a thread of its own."""
        self.thread = threading.Thread(target=self.run, name="take", daemon=True)
        self.thread.start()

    def end(self) -> None:
        """Ask the loop to end after the turn at hand."""
        self.stop.set()
        self.bell.set()

    def is_over(self, seconds: float) -> bool:
        """Whether it has ended, within that time."""
        if self.thread:
            self.thread.join(max(0.0, seconds))
        return not (self.thread and self.thread.is_alive())

    def _look(self, taker: Taker) -> None:
        """Take whatever waits, where something may be found; then it is known when to look again."""
        may_find = self.looks.is_set() or self.is_expected
        self.looks.clear()
        taken = 0
        if may_find:
            self.calls.forget_due()
            taken = self._take(taker)
        pause = self._pause(taker.bot.database, also_due=taken > 0 or not may_find) if taken < BATCH else 0.0
        self.rest *= 2
        pause = min(pause, self.rest)
        self.look_at, self.is_expected = time.monotonic() + pause, pause < self.poll

    def _take_named(self, taker: Taker, named: Sequence[int]) -> None:
        """What this process has stored, and what is open behind it; where others are at it, it is looked for again."""
        last = self.calls.last
        if self._take(taker, named):
            if not self.calls.again(taker.followed):
                self.ring()
            if not taker.missed:
                self.calls.answer(set(named).difference(taker.followed), last)
        if taker.missed:
            self.rest = SHORTEST
            self.look_at, self.is_expected = min(self.look_at, time.monotonic() + SHORTEST), True

    def _made(self) -> Taker | None:
        while not self.stop.is_set():
            try:
                return self.make()
            except AWAY as error:
                self._rest(error)
        return None

    def _take(self, taker: Taker, named: Sequence[int] = ()) -> int:
        try:
            return taker.take_waiting(named)
        except AWAY as error:
            self._rest(error)
            return 0

    def _rest(self, error: Exception) -> None:
        log.warning("database_away", error=type(error).__name__)
        self.stop.wait(self.poll)

    def _pause(self, database: Database, *, also_due: bool) -> float:
        """Seconds until the next message is due, `poll` at most.

        What is due already counts unless this taker has just found nothing to take: others are at it then.
        """
        try:
            with database.autocommit() as db:
                wait = db.value(NEXT, also_due=also_due)
        except AWAY:
            return self.poll
        if wait is None:
            return self.poll
        return min(self.poll, max(0.0 if also_due else SHORTEST, float(wait)))
