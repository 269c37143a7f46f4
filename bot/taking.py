"""The taking loop: one thread that takes turns as long as its process lives."""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field

from base.db import AWAY, Database
from base.log import logger
from bot.engine import BATCH, Taker

log = logger(__name__)
SHORTEST = 0.02  # seconds
NEXT = """
select extract(epoch from min(due_at) - market_now()) as wait from inbox
where state = 'open' and due_at > case when %(also_due)s then '-infinity' else market_now() end
"""


@dataclass
class Taking:
    """Takes whatever waits; sleeps until the bell rings, the next message is due, or `poll` seconds have passed.

    `make` needs the database, which may be away when the process starts: the loop begins when it is there.
    """

    make: Callable[[], Taker]
    poll: float
    bell: threading.Event = field(default_factory=threading.Event)
    stop: threading.Event = field(default_factory=threading.Event)
    thread: threading.Thread | None = None

    def run(self) -> None:
        """Until `stop` is set; a turn that has begun is finished."""
        taker, is_called = self._made(), True
        while taker and not self.stop.is_set():
            self.bell.clear()
            taken = self._take(taker) if is_called else 0
            if taken < BATCH and not self.bell.is_set():  # who was rung for meanwhile need not be asked for
                pause = self._pause(taker.bot.database, also_due=taken > 0 or not is_called)
                is_called = self.bell.wait(pause) or pause < self.poll
            else:
                is_called = True

    def start(self) -> None:
        """The loop in a thread of its own."""
        self.thread = threading.Thread(target=self.run, name="take", daemon=True)
        self.thread.start()

    def end(self) -> None:
        """Ask the loop to end after the turn at hand."""
        self.stop.set()
        self.bell.set()

    def _made(self) -> Taker | None:
        while not self.stop.is_set():
            try:
                return self.make()
            except AWAY as error:
                self._rest(error)
        return None

    def _take(self, taker: Taker) -> int:
        try:
            return taker.take_waiting()
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
