"""The sending loop: one thread that sends as long as its process lives."""

import threading
import time
from dataclasses import dataclass, field
from typing import Literal

from base.db import AWAY, FAILED
from base.log import logger
from bot import outbox
from bot.posting import Posting

log = logger(__name__)
Called = Literal["", "bell", "hurry"]  # nothing did; something came back; something is to be said


@dataclass
class Sending:
    """Sends what its posting finds, and settles what came back; sleeps until the bell rings or a poll has passed."""

    posting: Posting
    stop: threading.Event = field(default_factory=threading.Event)
    thread: threading.Thread | None = None
    is_settled: bool = False  # at the end

    def run(self) -> None:
        """Until `stop` is set."""
        called: Called = ""
        try:
            while not self.stop.is_set():
                called = self._send(called)
        finally:
            self.posting.is_open = False

    def start(self) -> None:
        """The loop in a thread of its own."""
        self.thread = threading.Thread(target=self.run, name="post", daemon=True)
        self.thread.start()

    def end(self, seconds: float) -> None:
        """A graceful stop: what is under way is settled within this time."""
        end = time.monotonic() + seconds
        self.stop.set()
        self.posting.ring()
        if self.thread:
            self.thread.join(seconds)
        try:
            self.posting.drain(end - time.monotonic())
            self.is_settled = True
        except AWAY as error:
            log.warning("not_settled", error=type(error).__name__)

    def give_back(self) -> None:
        """What was claimed for this process and not begun is free for others; once nothing more is handed to it.

        Where what became of the sends could not be written, nobody here can tell them apart, and where this is not
        called, as a turn outlasts the stop, more may be claimed: others read the notes of what was begun then
        (bot/hands.py), which stay.
        """
        if not self.is_settled:
            return
        office = self.posting.office
        try:
            with office.database.unit_of_work() as db:
                given_back = outbox.give_back(db, office.owner)
            log.info("given_back", process=office.owner, count=given_back)
        except FAILED as error:
            log.warning("not_given_back", error=type(error).__name__)
        else:
            self.posting.put_notes_away()

    def _send(self, called: Called) -> Called:
        """One round, and a rest; what calls for the next."""
        posting = self.posting
        posting.bell.clear()
        try:
            posting.round(looks=self._is_to_look(called) and posting.is_called_for(), hurries=called == "hurry")
        except AWAY as error:
            log.warning("database_away", error=type(error).__name__)
            self.stop.wait(posting.office.config.timing.poll)
            return ""
        return "bell" if posting.has_more else self._called()

    def _is_to_look(self, called: Called) -> bool:
        """Where nothing calls, and once a poll where something always does: what is due by its time alone rings not."""
        return not called or time.monotonic() - self.posting.looked_at >= self.posting.office.config.timing.poll

    def _called(self) -> Called:
        """What is to be said goes at once, sends that came back are gathered for a moment."""
        posting, poll = self.posting, self.posting.office.config.timing.poll
        if not posting.bell.wait(max(0.0, min(poll, posting.starved_until - time.monotonic()))):
            return ""
        hurries = posting.hurry.wait(posting.patience)
        posting.hurry.clear()
        return "hurry" if hurries else "bell"
