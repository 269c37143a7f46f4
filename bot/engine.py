"""The engine: takes what waits, runs the turns of up to sixteen conversations, commits them as one."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from base import facts
from base.db import AWAY, FAILED, Alone, Db, LocksComeFirst, sqlstate
from base.log import logger, place_of
from base.statements import Rows
from bot import burial, locks, waiting
from bot.outbox import Claimed, Lease
from bot.records import NOTHING, Written, write
from bot.running import Bot, Prepared, Ran, prepare, run
from bot.waiting import Waiting

log = logger(__name__)
BATCH = 16
FRESH = 16  # turns that a taker that has just started makes one by one, each with its mark
MOST_TRIES = 5
LOCKED = "55P03"  # a row was busy for longer than anybody waits for one
BUSY_FOR = 60.0  # seconds in which a chat that met such a row is tried without a wait
TRANSIENT = frozenset({"40P01", LOCKED, "57P01", "57P02", "57P03", "57014", "40001"})  # nobody's fault: tried again

TAKE_BACK = "update inbox set attempts = greatest(attempts - 1, 0), due_at = %(due_at)s where id = %(id)s"
BLAME = "update inbox set error = %(error)s where id = %(id)s"


class Sender(Protocol):
    """Whoever sends in the process of a taker."""

    lease: Lease
    is_open: bool

    def take_over(self, claimed: Sequence[Claimed], began: float) -> None:
        """Send answers that were claimed for him, by clock.uptime then, and are committed."""


@dataclass
class Taker:
    """One thread's way of taking turns; `succeeded` tells how long it has been at it.

    `missed` are how many of the conversations that were named last it could not have: somebody else is at them.
    `followed` are those of the last batch in which more was open. `busy` are those that waited in vain for a row that
    others have, until when they are tried without a wait: one row that is held for long would hold up every taker.
    What its turns answer goes at once to the sender of its process; without one, to whoever sends elsewhere.
    `prepare` reads what turns need, before the first and outside of its transaction.
    """

    bot: Bot
    succeeded: int = 0
    sender: Sender | None = None
    prepare: Callable[[], None] = lambda: None
    missed: int = 0
    followed: Sequence[int] = ()
    busy: dict[int, float] = field(default_factory=dict)
    counts: dict[str, int] = field(default_factory=dict)

    def take_waiting(self, named: Sequence[int] = ()) -> int:
        """Take what waits in the conversations named, at most BATCH, or else the oldest of all that waits.

        Returns how many messages were settled. Raises the errors of an absent database.
        """
        self.missed, self.followed = len(named), ()
        settled = self._oldest_alone() if self.succeeded < FRESH else self._batch(named)
        self.succeeded += settled
        return settled

    def _batch(self, named: Sequence[int]) -> int:
        """Up to sixteen conversations in one transaction; who meets a busy row is taken by itself afterwards.

        One that is alone in it waits for its locks at once.
        """
        again: list[tuple[int, bool]] = []
        taken: list[int] = []
        written, is_told, waits, timing = NOTHING, False, False, self.bot.config.timing
        try:
            with self.bot.database.transaction(in_batch=True) as db:
                if named:
                    locked, ready = waiting.lock_and_read(db, named, timing)
                    self.missed -= len(locked)
                else:
                    locked = locks.due_conversations(db, BATCH, timing.joins_words_most)
                    ready = self._ready(db, locked)
                taken = [conversation.id for conversation in locked]
                again = [(w.conversation_id, True) for w in ready if w.is_suspect]
                self.followed = [w.conversation_id for w in ready if w.is_followed]
                good = [w for w in ready if not w.is_suspect]
                taken = [w.conversation_id for w in good]
                waits = len(locked) == 1 and not self._is_busy(locked[0].id)
                ran, alone, is_told = self._run_all(db, prepare(db, self.bot.sessions, good), waits=waits)
                again += [(conversation, False) for conversation in alone]
                written = write(db, ran, timing, self._lease, is_last=True)
            self._note_free([one.prepared.conversation_id for one in ran])
        except Exception as error:
            self._count(error)
            is_away = isinstance(error, AWAY) and sqlstate(error) not in TRANSIENT
            if taken or not is_away:
                log.warning("batch_failed", count=len(taken), error=place_of(error), sqlstate=sqlstate(error))
            if is_away:
                raise
            again = [a for a in again if a[0] not in taken]
            if waits and sqlstate(error) in TRANSIENT:  # he was alone, and others are at it: it is looked again soon
                self._note_busy(taken, error)
                self.missed = 1
            else:
                again = [(conversation, True) for conversation in taken] + again
            written = NOTHING
        self._after_commit(written, is_told=is_told)
        return len(written.held) + sum(self._alone(conversation, mark=mark) for conversation, mark in again)

    def _run_all(self, db: Db, prepared: Sequence[Prepared], *, waits: bool) -> tuple[list[Ran], list[int], bool]:
        """The turns of a batch, who is to be taken alone, and whether others were told something.

        Each keeps its own facts, and one that meets a busy row is dropped with them.
        """
        ran, alone, is_told = [], [], False
        for one in prepared:
            own = db.turn_of_batch(waits=waits)
            try:
                ran.append(run(self.bot, own, one))
                facts.react(own, self.bot.database.reactions)
                is_told |= own.has_appended
            except Alone:
                ran = [r for r in ran if r.prepared is not one]
                alone.append(one.conversation_id)
        return ran, alone, is_told

    def _oldest_alone(self) -> int:
        """A taker that has just started: a message that kills the process must be counted before it runs."""
        with self.bot.database.autocommit() as db:
            waiting_longest = locks.conversations_by_age(db, self.bot.config.timing.joins_words_most)
        if waiting_longest:
            self.prepare()
        for conversation in waiting_longest:
            if self._alone(conversation, mark=True):
                return 1
        return 0

    def _alone(self, conversation_id: int, *, mark: bool) -> int:
        """One conversation by itself, where locks wait, but for one that met a row that is held for long.

        With a mark the try is counted before it begins.
        """
        marked: Waiting | None = None
        try:
            with self.bot.database.unit_of_work(in_batch=self._is_busy(conversation_id)) as db:
                ready = self._ready(db, locks.conversation(db, conversation_id))
                if not ready:
                    return 0
                if mark or ready[0].is_suspect:
                    self._mark(ready[0])
                    marked = ready[0]
                written = self._one(db, ready)
        except Exception as error:
            self._note_busy([conversation_id], error)
            if isinstance(error, LocksComeFirst):  # it cannot be tried without a wait
                self._note_free([conversation_id])
            self._failed(conversation_id, marked, error)
            if isinstance(error, AWAY) and sqlstate(error) not in TRANSIENT:
                raise
            return 0
        self._note_free([conversation_id])
        self._after_commit(written, is_told=db.has_appended)
        return 1

    def _one(self, db: Db, ready: Sequence[Waiting]) -> Written:
        """One turn that may wait for its locks; a message that used up its tries is buried instead."""
        if ready[0].attempts >= MOST_TRIES:
            return self._bury(db, ready[0])
        prepared = prepare(db, self.bot.sessions, ready)
        ran = [run(self.bot, db.keep_reads(), one) for one in prepared]
        facts.react(db, self.bot.database.reactions)
        return write(db, ran, self.bot.config.timing, self._lease, is_last=True)

    def _bury(self, db: Db, ready: Waiting) -> Written:
        """With sorry and the open question; plainly when that failed; without a word when even that did."""
        self.counts["dead"] = self.counts.get("dead", 0) + 1
        failed_before = ready.attempts - MOST_TRIES
        if failed_before > 1:
            burial.bury_silently(db, ready)
            return NOTHING
        written = burial.bury(self.bot, db, ready, plainly=failed_before == 1, lease=self._lease)
        facts.react(db, self.bot.database.reactions)
        return written

    def _ready(self, db: Db, conversations: Rows) -> list[Waiting]:
        return waiting.read(db, conversations, self.bot.config.timing) if conversations else []

    def _mark(self, ready: Waiting) -> None:
        """Count a try on a connection of its own, so that it outlives whatever happens to this one."""
        steps = (*self.bot.config.timing.retry_turn, 0.0)
        with self.bot.database.autocommit() as db:
            db.run(
                "update inbox set attempts = attempts + 1, due_at = market_now() + make_interval(secs => %(wait)s)"
                " where id = %(id)s",
                id=ready.inbox_ids[0],
                wait=steps[min(ready.attempts, len(steps) - 1)],
            )

    def _failed(self, conversation_id: int, marked: Waiting | None, error: Exception) -> None:
        """Log a failed try; one that nobody is to blame for is taken back."""
        is_still_busy = isinstance(error, (Alone, LocksComeFirst))
        if not is_still_busy:
            self._count(error)
            log.warning("turn_failed", conversation_id=conversation_id, error=place_of(error), sqlstate=sqlstate(error))
        if marked is None:
            return
        is_blameless = is_still_busy or isinstance(error, AWAY) or sqlstate(error) in TRANSIENT
        try:
            with self.bot.database.autocommit() as db:
                mend = TAKE_BACK if is_blameless else BLAME
                db.run(mend, id=marked.inbox_ids[0], due_at=marked.due_at, error=place_of(error))
        except FAILED:
            log.warning("mark_not_taken_back", conversation_id=conversation_id)

    def _is_busy(self, conversation_id: int) -> bool:
        return self.busy.get(conversation_id, 0.0) > time.monotonic()

    def _note_busy(self, conversations: Sequence[int], error: Exception) -> None:
        """These waited in vain; the others of before are forgotten with their time."""
        if sqlstate(error) == LOCKED:
            now = time.monotonic()
            self.busy = {chat: until for chat, until in self.busy.items() if until > now}
            self.busy |= dict.fromkeys(conversations, now + BUSY_FOR)

    def _note_free(self, conversations: Sequence[int]) -> None:
        for chat in conversations if self.busy else ():
            self.busy.pop(chat, None)

    @property
    def _lease(self) -> Lease | None:
        return self.sender.lease if self.sender and self.sender.is_open else None

    def _after_commit(self, written: Written, *, is_told: bool) -> None:
        """Answers go first; the bell is rung where more was said than this process sends by itself."""
        if self.sender and (claimed := written.claimed):
            self.sender.take_over(claimed, written.began)
        if written.held:
            self.bot.sessions.write(written.held, ring=written.is_more_said or is_told)

    def _count(self, error: Exception) -> None:
        name = sqlstate(error) or type(error).__name__
        self.counts[name] = self.counts.get(name, 0) + 1
