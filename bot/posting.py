"""Posting: one loop claims and settles, many threads only talk to providers; who has made a turn begins its answer."""

import threading
import time
from collections import Counter, deque
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Protocol

from base import clock
from base.accounts import ChannelAccount
from base.config import Config
from base.db import AWAY, Database
from base.log import logger
from base.templates import texts_of
from bot import aftermath, outbox, templates, verdicts
from bot.accounts import Contents
from bot.buckets import NO_TOKEN, Buckets, Given
from bot.hands import Hand
from bot.messages import Accepted, Letter, Limits, Media, SendResult, Template, Unclear
from bot.outbox import Claimed, Lease
from bot.prospects import Prospects
from bot.provider_answers import Fetched, LookedUp
from bot.tally import Tally
from bot.verdicts import Aftermath, Verdict

log = logger(__name__)
NOTHING_FOLLOWS = Aftermath()
SLOTS = 64  # sends of one account under way at once in one process
SOON, LATER = 0.05, 0.12  # seconds that sends which came back wait for others: one statement settles them all
KEPT = 4  # one slot in so many is kept from announcements: an answer finds one, however slow the provider is


class Carrier(Protocol):
    """What posting needs of a channel."""

    def send(self, account: ChannelAccount, letter: Letter) -> SendResult:
        """Hand one bubble to the provider."""

    def look_up(self, account: ChannelAccount, letter: Letter, since: datetime) -> LookedUp:
        """Ask whether an uncertain letter arrived, as its bubble or as its template."""

    def fetch(self, account: ChannelAccount, media: Media, most_bytes: int) -> Fetched:
        """Get a file that a message names, of at most so many bytes."""


@dataclass(frozen=True)
class Office:
    """What posting works with: accounts by their row id, channels by kind."""

    config: Config
    database: Database
    buckets: Buckets
    accounts: Mapping[int, ChannelAccount]
    carriers: Mapping[str, Carrier]
    limits: Mapping[str, Limits]
    owner: str
    tally: Tally = field(default_factory=Tally)

    def slow_down(self, refused: Iterable[int]) -> None:
        """Announcements of accounts that were too fast for their providers, as often as each is named, go slower."""
        for account_id, refusals in Counter(refused).items():
            if account := self.accounts.get(account_id):
                self.buckets.slow_down(account.key, account.rates, refusals)


class Posting:
    """The sending side of one process."""

    def __init__(
        self,
        office: Office,
        slots: int = SLOTS,
        folder: Path | None = None,
        *,
        announces: Callable[[], bool] = lambda: True,
    ) -> None:
        """What is begun is noted in a file of `folder`: then a death costs nothing else (bot/hands.py).

        While one does not announce, it leaves announcements to others.
        """
        self.office, self.slots, self.kept, self.announces = office, slots, slots // KEPT, announces
        timing = office.config.timing
        self.lease = Lease(office.owner, timing.lease, timing.uncertain_most)
        self.contents = Contents()
        self.declared = texts_of(office.config.templates)
        self.bell = threading.Event()  # rung when there may be something to do
        self.hurry = threading.Event()  # that something is to be said: it waits for nothing that may come back
        self.prospects = Prospects()  # where something may be found in the outbox
        self.held_back: deque[tuple[Claimed, Verdict]] = deque()  # of what was handed over: the loop settles it
        self.settled_at = float("-inf")
        self.is_open = True  # while sends are begun
        self.beginning = threading.Lock()  # held by who begins sends, and by who ends all that
        self.looked_at = float("-inf")  # process time, of the last look for what is due
        self.does_announce = announces()  # at the last round
        self.under_way: dict[Future[SendResult | None], Claimed] = {}
        self.unsettled: list[tuple[Claimed, SendResult | None]] = []  # kept until the database has taken them
        # each account has its own: one whose provider hangs takes no other's
        most = slots * max(1, len(office.accounts))
        self.threads = ThreadPoolExecutor(most, thread_name_prefix="send")
        self.hand = Hand.of(folder, office.owner, 2 * most) if folder else None

    def ring(self) -> None:
        """Something was said: look for it in the outbox."""
        self.prospects.anywhere.set()
        self.hurry.set()
        self.bell.set()

    @property
    def has_more(self) -> bool:
        """Whether more may be due already."""
        return bool(self.prospects.at_once)

    @property
    def starved_until(self) -> float:
        """Process time: then a sender whose second is used up may send again."""
        return self.prospects.starved_until

    def take_over(self, claimed: Sequence[Claimed], began: float) -> None:
        """Begin answers that a turn of this process has claimed for it, by clock.uptime then.

        Called by who takes turns, as a change of threads costs more than beginning them does. What may not go is left
        to the loop. Once that has ended nothing is begun: it is given back.
        """
        try:
            if self.contents.is_old:
                with self.office.database.autocommit() as db:
                    self.contents.refresh(db)
        except AWAY:
            self.held_back += [(row, verdicts.put_off(row)) for row in claimed]
        else:
            for account_id in {row.account_id for row in claimed}:
                self._begin_answers(account_id, began, [row for row in claimed if row.account_id == account_id])
        if self.held_back:
            self.hurry.set()
            self.bell.set()

    def round(self, *, looks: bool = True, hurries: bool = False) -> int:
        """Settle what was held back and what came back, claim what is due and begin that; returns how much.

        The outbox is looked through where something may be found: anywhere when it `looks` and at a ring, and of an
        account of which an announcement came back, or what is followed, or the last look was not allowed all.
        `has_more` tells afterwards whether more may be due already; else the bell rings when there is. One that
        `hurries` leaves what came back to be settled with more of it, in a moment.
        """
        done = self._settle_held_back()
        may_wait = hurries and not looks and not self.prospects.anywhere.is_set()
        if may_wait and time.monotonic() - self.settled_at < self.patience:
            self.bell.set()
            return done
        done += self._settle_finished()
        self._look_where_it_begins_to_announce()
        if not self.is_open:
            return done
        found = self.prospects.taken(self.office.accounts, anywhere=looks)
        return done + sum(len(self._claim(account_id)) for account_id in found)

    def _look_where_it_begins_to_announce(self) -> None:
        """A door in whose outbox nothing else waits has left announcements alone until now."""
        before, self.does_announce = self.does_announce, self.announces()
        if self.does_announce and not before:
            self.prospects.anywhere.set()

    def _begin_answers(self, account_id: int, began: float, rows: Sequence[Claimed]) -> None:
        """Those of one account; whom no thread or no token is left for waits again, as if nobody had claimed it."""
        account, free = self.office.accounts[account_id], self.slots - self._sending(account_id)
        conversations = [row.conversation_id for row in rows[: max(0, free)]]
        given = self.office.buckets.of_answers(account.key, account.rates, conversations) if conversations else []
        self.held_back += self._begin(account, given, began, rows)

    def _settle_held_back(self) -> int:
        """Of what was handed over: it waits again, or is over."""
        held_back = [self.held_back.popleft() for _ in range(len(self.held_back))]
        self._hold_back(held_back)
        return len(held_back)

    def is_called_for(self) -> bool:
        """Whether a round would find work though nobody rang: results not written yet, or rows that are due."""
        self.looked_at = time.monotonic()
        if self.unsettled or any(future.done() for future in list(self.under_way)):
            return True
        with self.office.database.autocommit() as db:
            return outbox.are_due(db)

    @property
    def patience(self) -> float:
        """Seconds that what came back may wait for more of it: fewer where the threads of an account are taken.

        Settled one by one, each would be a statement and a commit.
        """
        under_way = Counter(row.account_id for row in list(self.under_way.values()))
        return SOON if any(2 * count > self.slots for count in under_way.values()) else LATER

    def drain(self, seconds: float) -> None:
        """A graceful stop: wait for the sends under way and settle them; those that go on too long are uncertain.

        Where the database is away its error is raised.
        """
        end = time.monotonic() + seconds
        with self.beginning:
            self.is_open = False  # all that was begun is under way now
        try:
            while self.under_way and time.monotonic() < end:
                self.bell.wait(0.05)
                self.bell.clear()
                self._settle_finished()
            left, self.under_way = self.under_way, {}
            self.unsettled += [(row, _left(future)) for future, row in left.items() if not future.cancel()]
            self._settle_finished()
        finally:
            self.threads.shutdown(wait=False, cancel_futures=True)

    def put_notes_away(self) -> None:
        """At a stop, once nothing is claimed for this process any more."""
        if self.hand:
            self.hand.end()

    def _settle_finished(self) -> int:
        """Write what came back; what a database that is away could not take is tried again next time."""
        done = [future for future in list(self.under_way) if future.done() and not future.cancelled()]
        came_back = [(self.under_way.pop(future), _result(future)) for future in done]
        self.unsettled += came_back
        for row, result in came_back:
            if result is not None:
                self.office.tally.note(self.office.accounts[row.account_id].key, result)
        self.office.slow_down(row.account_id for row, result in came_back if verdicts.is_too_fast(result))
        finished, self.settled_at = self.unsettled, time.monotonic()
        self.settle([self._judged(*one) for one in finished], [row for row, _ in finished])
        self.unsettled = []
        if self.hand:
            self.hand.let_go(row.id for row, result in finished if result is not None)
        return len(finished)

    def _judged(self, row: Claimed, result: SendResult | None) -> Verdict:
        return verdicts.judge(row, result, self.office.config.timing) if result else verdicts.put_off(row)

    def settle(self, judged: Sequence[Verdict], claimed: Sequence[Claimed]) -> None:
        """Write verdicts and what follows from them in one transaction; one statement where nothing follows."""
        if not judged:
            return
        rows = {row.id: row for row in claimed}
        is_plain = all(verdict.aftermath == NOTHING_FOLLOWS for verdict in judged)
        database = self.office.database
        with database.autocommit() if is_plain else database.unit_of_work() as db:
            written = outbox.settle(db, self.office.owner, [verdict.settlement for verdict in judged])
            settled = [verdict for verdict in judged if verdict.settlement.outbox_id in written]
            aftermath.follow(db, [(rows[verdict.settlement.outbox_id], verdict.aftermath) for verdict in settled])
        # an announcement is followed by those to others; a row that a report was faster to settle, by nobody knows what
        self.prospects.next_time |= {
            row.account_id for row in claimed if row.kind == "bulk" or written.get(row.id, True)
        }
        if any(verdict.aftermath.template for verdict in judged):
            # read anew, even where it just is: that may be from before
            self.contents = replace(self.contents, read_at=float("-inf"))

    def _claim(self, account_id: int) -> list[Claimed]:
        """As many rows as the account has free threads and tokens; announcements only get what replies leave."""
        free = self.slots - self._sending(account_id)
        most = self.slots - self.kept if self.does_announce else 0
        room = most - self._sending(account_id, "bulk")
        account = self.office.accounts[account_id]
        if free <= 0 or room <= 0 < most:
            self.prospects.next_time.add(account_id)  # what comes back makes room
        if free <= 0:
            return []
        most_bulk = max(0, min(free, room))
        whole, part = self.office.buckets.of_sender(account.key, account.rates, free, most_bulk)
        tokens, bulk = whole.tokens, part.tokens
        began = clock.uptime()
        claimed = self._claim_rows(account_id, tokens, min(tokens, bulk))
        announced = sum(row.kind == "bulk" for row in claimed)
        is_slowed = announced == bulk < most_bulk
        if len(claimed) == tokens > 0 or (announced == bulk > 0 and not is_slowed):
            self.prospects.at_once.add(account_id)
        if is_slowed or not tokens:
            wait = part.wait if tokens else whole.wait
            self.prospects.fed_at[account_id] = time.monotonic() + wait
        self._send_all(account, (tokens, bulk), began, claimed)
        return claimed

    def _claim_rows(self, account_id: int, limit: int, bulk: int) -> list[Claimed]:
        if limit <= 0:
            return []
        with self.office.database.autocommit() as db:
            self.contents.refresh(db)
            return outbox.claim(db, self.lease, account_id, limit, bulk)

    def _sending(self, account_id: int, kind: str = "") -> int:
        """How many sends of an account are under way, of one kind or of all."""
        rows = list(self.under_way.values())
        return sum(row.account_id == account_id and (not kind or row.kind == kind) for row in rows)

    def _send_all(
        self, account: ChannelAccount, tokens: tuple[int, int], began: float, claimed: Sequence[Claimed]
    ) -> None:
        """Give back the sender's tokens but of those that may go, and start the sends that have one of their own."""
        stopped = [(row, verdict) for row in claimed if (verdict := self._way(account, row)[0])]
        staying = {row.id for row, _ in stopped}
        going = [row for row in claimed if row.id not in staying]
        unused = tokens[0] - len(going), tokens[1] - sum(row.kind == "bulk" for row in going)
        conversations = [row.conversation_id for row in going]
        given = self.office.buckets.of_recipients(account.key, account.rates, conversations, unused)
        self._hold_back([*stopped, *self._begin(account, given, began, going)])

    def _begin(
        self, account: ChannelAccount, given: Sequence[Given], began: float, claimed: Sequence[Claimed]
    ) -> list[tuple[Claimed, Verdict]]:
        """Start the sends of one account; returns the rows that may not go now, or not at all.

        `began` is when the claim did, by clock.uptime. Two threads begin: for whom the other one has left no thread,
        there is no token either. At the end of the process nothing begins, and what was claimed is given back.
        """
        with self.beginning:
            if not (self.is_open and claimed):
                return []
            free = max(0, self.slots - self._sending(claimed[0].account_id))
            tokens = [*given[:free], *[NO_TOKEN] * len(claimed)]
            started = [(row, self._start(account, row, tokens[place], began)) for place, row in enumerate(claimed)]
        return [(row, verdict) for row, verdict in started if verdict]

    def _hold_back(self, rows: Sequence[tuple[Claimed, Verdict]]) -> None:
        """Settle what was not begun."""
        try:
            self.settle([verdict for _, verdict in rows], [row for row, _ in rows])
        except AWAY:  # nothing of them was sent: they wait again, once that can be written
            self.unsettled += [(row, None) for row, _ in rows]
            raise
        self.prospects.at_once |= {row.account_id for row, _ in rows}  # what follows them in their conversations

    def _way(self, account: ChannelAccount, row: Claimed) -> tuple[Verdict | None, Template | None]:
        """Why a row may not go now, or not at all; else the template by which it goes, None for free words."""
        if row.too_old_at <= row.now:
            return verdicts.too_old(row), None
        limits = self.office.limits[account.kind]
        readiness, template = templates.choose(
            row.template, self.contents.of(row.account_id), self.declared, takes_marketing=row.takes_marketing
        )
        way = verdicts.way_out(row, limits.window, readiness, limits.human_window)
        if way == "wait":
            return verdicts.wait_for_template(row, self.office.config.timing), None
        if way in ("shut", "muted", "unreachable", "held"):
            return verdicts.unsent(row, way), None
        return None, template if way == "template" else None

    def _start(self, account: ChannelAccount, row: Claimed, token: Given, began: float) -> Verdict | None:
        stopped, form = self._way(account, row)
        if stopped:
            return stopped
        if not token.tokens:
            return verdicts.put_off(row, token.wait)
        is_late = form is None and verdicts.is_late(row, self.office.limits[account.kind].window)
        letter = Letter(row.id, row.to, row.bubble, form, self.contents.ids(row.account_id), is_late)
        try:
            future = self.threads.submit(self._send, account, letter, began)
        except RuntimeError as error:
            if "shutdown" not in str(error):  # a thread that cannot be had ends this one aloud, as any bug does
                raise
            self.is_open = False  # the interpreter ends: what has begun is finished, and nothing more begins
            return verdicts.put_off(row)
        self.under_way[future] = replace(row, form=form) if form else row
        future.add_done_callback(lambda _: self.bell.set())
        return None

    def _send(self, account: ChannelAccount, letter: Letter, began: float) -> SendResult | None:
        """In a thread. A process that stood still until its lease ran out sends nothing (None): others are at it."""
        if clock.uptime() - began >= self.lease.seconds:
            log.warning("lease_ran_out", outbox_id=letter.outbox_id)
            return None
        place = self.hand.begin(letter.outbox_id) if self.hand else 0
        if self.hand and not place:
            return None
        result = self.office.carriers[account.kind].send(account, letter)
        if self.hand and isinstance(result, Accepted):
            self.hand.took(place, letter.outbox_id)
        return result


def _left(future: "Future[SendResult | None]") -> SendResult | None:
    """Of a send that was not waited for."""
    return _result(future) if future.done() else Unclear("stopped")


def _result(future: "Future[SendResult | None]") -> SendResult | None:
    """A channel that broke its promise never to raise leaves the outcome unclear."""
    error = future.exception()
    if error is None:
        return future.result()
    log.error("send_raised", error=type(error).__name__)
    return Unclear(f"raised {type(error).__name__}")
