"""The taking loop: one thread that takes turns as long as its process lives."""

import threading
from dataclasses import dataclass, field

from base.db import AWAY, Database
from base.log import logger
from bot.engine import Taker

log = logger(__name__)
SHORTEST = 0.02  # seconds
NEXT = """
select extract(epoch from min(due_at) - market_now()) as wait from inbox where state = 'open' and due_at > market_now()
"""


@dataclass
class Taking:
    """Takes whatever waits; sleeps until the bell rings, the next message is due, or `poll` seconds have passed."""

    taker: Taker
    poll: float
    bell: threading.Event = field(default_factory=threading.Event)
    stop: threading.Event = field(default_factory=threading.Event)

    def run(self) -> None:
        """Until `stop` is set; a turn that has begun is finished."""
        while not self.stop.is_set():
            self.bell.clear()
            if not self._take():
                self.bell.wait(self._pause())

    def start(self, name: str) -> threading.Thread:
        """The loop in a thread of its own."""
        thread = threading.Thread(target=self.run, name=name, daemon=True)
        thread.start()
        return thread

    def end(self) -> None:
        """Ask the loop to end after the turn at hand."""
        self.stop.set()
        self.bell.set()

    def _take(self) -> int:
        try:
            return self.taker.take_waiting()
        except AWAY as error:
            log.warning("database_away", error=type(error).__name__)
            self.stop.wait(self.poll)
            return 0

    def _pause(self) -> float:
        try:
            return min(self.poll, max(SHORTEST, seconds_until_due(self.taker.bot.database, self.poll)))
        except AWAY:
            return self.poll


def seconds_until_due(database: Database, most: float) -> float:
    """Seconds until the next open message is due, `most` when none is."""
    with database.autocommit() as db:
        wait = db.value(NEXT)
    return most if wait is None else float(wait)
