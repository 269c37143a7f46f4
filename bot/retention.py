"""Retention: what was kept long enough goes, one short step after the other, while people write.

Rows are taken out of inbox, outbox and turns in small batches; the tables are not cut into months, to be dropped whole.
A chat about an order that is still open outlives its month, and a person is erased out of the middle of one, so rows
would be taken out all the same. A unique key would have to hold the month: `seen` would not know a copy that comes in
the next one, nor (said_at, place) the bubble. What is looked for by its id alone (a turn's messages, a report's bubble,
a tapped button) would be looked for in every month, and so would each claim be. What batches leave behind is room that
new rows take: the tables stay as large as what is kept, and the claims read indexes of open rows alone, however much
lies beside (tests/bot/test_sizes.py counts the pages).
"""

import time
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final

from psycopg.errors import QueryCanceled

from base.db import Database, Db
from base.log import logger
from base.timing import Timing
from bot import figures, forgetting, linking, locks, price_lists, programme_files, received, unclear
from bot.broadcasts import forgetting as forget_broadcasts
from bot.forgetting import Step
from bot.messages import MediaKind
from catalog import adjusting, questions
from events import changing
from orders.forgetting import forget_pins

log = logger(__name__)

BATCH: Final = 1000  # rows that a step looks at
LEAST: Final = 50
LONG: Final = 0.5  # seconds; after a longer step the next ones are half as large
GIVEN_UP: Final = "5s"  # a step ends itself sooner than anybody waits for it
RESTS_MOST: Final = 1.0  # seconds; a step is followed by a rest of its own length: it works half of the time at most
Forget = Callable[[Db, Timing, int, int], Step]  # behind which id, and how many rows


def _oldest(forget: Callable[[Db, Timing, int], int], most: int = BATCH) -> Forget:
    """A kind that finds its oldest rows by itself: as long as it finds as many as it may, there are more."""

    def step(db: Db, timing: Timing, after: int, limit: int) -> Step:
        limit = min(limit, most)
        count = forget(db, timing, limit)
        return Step(count, after + 1 if count >= limit else 0)

    return step


def _files(kind: MediaKind, kept: Callable[[Timing], float]) -> Forget:
    return _oldest(lambda db, timing, limit: received.forget_older(db, kind, kept(timing), limit))


SEEN: Final[tuple[MediaKind, ...]] = ("image", "video", "document", "sticker")
# In this order: keys behind the messages that they tell apart. What is heard is kept shorter than what is seen.
KINDS: Final[Mapping[str, Forget]] = {
    "chats": forgetting.forget_old_chats,
    "notices": forgetting.forget_old_notices,
    "pins": _oldest(forgetting.forget_old_pins, forgetting.MOST_PINS),
    "dead_messages": _oldest(forgetting.forget_dead_messages),
    "keys": _oldest(forgetting.forget_old_keys),
    "order_pins": _oldest(lambda db, timing, limit: forget_pins(db, timing.pin_kept, limit)),
    "unclear_words": _oldest(lambda db, timing, limit: unclear.forget(db, timing.chat_kept, limit)),
    "link_codes": _oldest(lambda db, timing, _: linking.forget(db, timing)),
    "announced": _oldest(lambda db, timing, limit: forget_broadcasts.forget_old(db, timing.chat_kept, limit)),
    "price_lists": _oldest(lambda db, timing, limit: price_lists.forget(db, timing.chat_kept, limit)),
    "programme_files": _oldest(lambda db, timing, limit: programme_files.forget(db, timing.chat_kept, limit)),
    "changes": _oldest(lambda db, timing, limit: adjusting.forget_unanswered(db, timing.proposal_kept, limit)),
    "programme_changes": _oldest(lambda db, timing, limit: changing.forget_unanswered(db, timing.proposal_kept, limit)),
    "questions": _oldest(lambda db, timing, limit: questions.forget_old(db, timing.chat_kept, limit)),
    "audio": _files("audio", lambda timing: timing.voice_kept),
    **{kind: _files(kind, lambda timing: timing.chat_kept) for kind in SEEN},
}


@dataclass
class Retention:
    """One process's part in it: which kinds this pass has still to go through, and how far the first of them is.

    One process is at it at a time, begun anew `timing.retention_every` seconds after the last step of anybody; what a
    killed one has not done, the next pass does. A step is one transaction: all of it or nothing.
    """

    rest: Callable[[float], object] = time.sleep
    size: int = BATCH
    left: list[str] = field(default_factory=list)
    after: int = 0
    counts: Counter[str] = field(default_factory=Counter)  # of this pass, by kind
    left_out: list[str] = field(default_factory=list)  # kinds of which even the least step took too long

    def work(self, database: Database, timing: Timing) -> bool:
        """A job: steps until one finds something, of a pass under way or of one that is due; whether there is more."""
        if not self.left and not self._begins(database, timing):
            return False
        count: int | None = 0
        while self.left and count == 0:
            began = time.monotonic()
            count = self._step(database, timing)
            took = time.monotonic() - began
            is_long = count is None or took > LONG
            if count is None and self.size <= LEAST:
                self._leave_out()
            self.size = max(LEAST, self.size // 2) if is_long else min(BATCH, 2 * self.size)
        if self.left:
            self.rest(min(took, RESTS_MOST))
        return bool(self.left)

    def whole(self, database: Database, timing: Timing) -> Mapping[str, int]:
        """By hand: a whole pass now, beside one that a worker may be at; how many rows of each kind are forgotten."""
        self._start()
        while self.work(database, timing):
            pass
        return dict(self.counts)

    def _begins(self, database: Database, timing: Timing) -> bool:
        with database.autocommit() as db:
            if not figures.begin_if_due(db, figures.RETENTION_STEP, timing.retention_every):
                return False
            figures.begin(db, figures.RETENTION)
        self._start()
        return True

    def _start(self) -> None:
        self.left, self.after, self.counts, self.left_out = list(KINDS), 0, Counter(), []

    def _leave_out(self) -> None:
        """The kinds behind one whose least step takes too long do not wait for it; the pass is no whole one."""
        self.left_out.append(self.left.pop(0))
        log.warning("retention_left_out", kind=self.left_out[-1])
        self.after = 0

    def _step(self, database: Database, timing: Timing) -> int | None:
        """One step, with the figures that tell of it: how many rows; None for one that took too long."""
        kind = self.left[0]
        try:
            with database.unit_of_work() as db:
                db.rows("select set_config('statement_timeout', %(most)s, true)", most=GIVEN_UP)
                locks.forgetting(db)
                step = KINDS[kind](db, timing, self.after, self.size)
                is_whole = not step.after and len(self.left) == 1 and not self.left_out
                figures.put(db, {figures.RETENTION_STEP: step.count} | ({figures.RETENTION: 0} if is_whole else {}))
                if step.count:
                    figures.add(db, figures.FORGOTTEN, step.count)
        except QueryCanceled:
            return None
        self.counts[kind] += step.count
        self.after = step.after
        if not step.after:
            self.left.pop(0)
        return step.count
