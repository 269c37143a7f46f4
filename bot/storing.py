"""Webhooks are stored before they are answered: in the database, or in this machine's spool while it is away."""

import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from functools import cached_property, partial
from itertools import groupby

from base.db import AWAY, FAILED, Database, sqlstate
from base.log import logger
from bot import inbox, reports
from bot.gathering import Gathering
from bot.inbox import Keeper, Lone, Stored
from bot.messages import Parsed, StatusReport, Watermark
from bot.spool import Spool, Unstorable

log = logger(__name__)
CROWD_TOLD = 0.1  # seconds between two words of a crowd
HEARD = 1.0  # seconds since somebody wrote: delivery reports alone are no crowd, as nobody waits for what they say
REPORT_WAITS = 0.02  # seconds that a report waits for others: each by itself would be a commit, and nobody waits for it
MOST_AT_ONCE = 50  # messages in a transaction: a webhook of Meta's may hold a thousand, and each has little time
Brief = StatusReport | Watermark | Lone  # what a webhook mostly holds, and nothing else


def joined(webhooks: Sequence[Parsed]) -> Parsed:
    """Several webhooks of one account as one, in their order."""
    return Parsed(**{f.name: tuple(told for one in webhooks for told in getattr(one, f.name)) for f in fields(Parsed)})


def portions(parsed: Parsed) -> Iterator[Parsed]:
    """The same in the provider's order, with few messages each; all else comes with the last of them."""
    messages = tuple(inbox.in_order(parsed.messages))
    while len(messages) > MOST_AT_ONCE:
        yield Parsed(messages[:MOST_AT_ONCE])
        messages = messages[MOST_AT_ONCE:]
    yield replace(parsed, messages=messages)


def brief(parsed: Parsed) -> Sequence[Brief]:
    """All that a webhook holds, where it may be stored with others as one statement; else nothing."""
    one = inbox.lone(parsed)
    if one:
        return (one,)
    told: tuple[Brief, ...] = (*parsed.reports, *parsed.watermarks)
    return told if parsed == Parsed(reports=parsed.reports, watermarks=parsed.watermarks) else ()


def is_unknown(item: Brief) -> bool:
    """Whether it is a message that was not stored so, as nobody knows its sender."""
    return isinstance(item, Lone) and item.stored is None


@dataclass
class Storing:
    """One process's way of storing.

    `known` tells what storing needs to know of each account that is on, by its key: it is asked when the database is
    first needed, which may be long after the start. `within` is how many seconds the database may take, `pause` how
    many lie between two looks into the spool. Where more threads than `crowd` wait while one writes, `say_crowded` is
    told. `wake` hears of each chat in which a message was stored, and in how many seconds it may be taken, before
    whoever has waited for that goes on.
    """

    database: Database
    spool: Spool
    known: Callable[[], Mapping[str, Keeper]]
    within: float
    pause: float
    crowd: float = float("inf")
    say_crowded: Callable[[], None] = lambda: None
    wake: Callable[[Iterable[tuple[int, float]]], None] = lambda due: None
    said_crowded_at: float = float("-inf")
    heard_at: float = float("-inf")  # the last message (process time)

    def keep(self, account_key: str, parsed: Parsed) -> Stored | None:
        """Store a webhook; in the spool when the database is away or others wait there: then nothing is known of it.

        Of one that says nothing to us there is nothing to store. Raises SpoolFull.
        """
        if parsed == Parsed():
            return Stored()
        if not self.spool.is_empty() and self.spool.put_behind(account_key, parsed):
            return None
        try:
            return self.store(account_key, parsed, REPORT_WAITS)
        except AWAY as error:
            log.warning("spooled", account=account_key, error=type(error).__name__, sqlstate=sqlstate(error))
            self.spool.put(account_key, parsed)
            return None

    def store(self, account_key: str, parsed: Parsed, patience: float = 0.0) -> Stored:
        """Store one webhook in the database; reports alone may wait so many seconds for others.

        Raises the errors of an absent database, or of one that does not answer.
        """
        match brief(parsed):
            case (Lone() as one,):
                self._gathered[account_key].put((one,))
                return one.stored or self._keep(account_key, parsed)
            case (_, *_) as told:
                self._gathered[account_key].put(told, patience)
                return Stored()
        return self._keep(account_key, parsed)

    def _keep(self, account_key: str, parsed: Parsed) -> Stored:
        """In transactions of its own; portions that are stored when another cannot be are known when it comes again."""
        stored = [self._keep_portion(account_key, one) for one in portions(parsed)]
        held = frozenset(one for portion in stored for one in portion.held)
        return Stored(sum(one.count for one in stored), held, tuple(due for one in stored for due in one.due))

    def _keep_portion(self, account_key: str, portion: Parsed) -> Stored:
        with self.database.unit_of_work(self.within) as db:
            stored = inbox.keep(db, self.keepers[account_key], portion)
        if stored.due:
            self.wake(stored.due)
        return stored

    @cached_property
    def keepers(self) -> Mapping[str, Keeper]:
        """What it needs to know of each account. Raises the errors of an absent database."""
        return self.known()

    @cached_property
    def _gathered(self) -> Mapping[str, Gathering[Brief]]:
        """Where nearly all webhooks are stored, by the account's key: each by itself would be a commit."""
        return {key: Gathering(partial(self._keep_together, one)) for key, one in self.keepers.items()}

    def _keep_together(self, keeper: Keeper, told: Sequence[Brief]) -> None:
        marks = [one for one in told if isinstance(one, Watermark)]
        said = [one for one in told if isinstance(one, StatusReport)]
        lones = [one for one in told if isinstance(one, Lone)]
        if lones:
            self.heard_at = time.monotonic()
        self._tell_a_crowd()
        with self.database.autocommit(self.within) as db:
            if marks:
                reports.keep_watermarks(db, keeper.account_id, marks)
            if lones:
                inbox.keep_known(db, keeper, lones, said)
            elif said:
                reports.keep(db, keeper.account_id, said)
        due = [chat for one in lones if one.stored for chat in one.stored.due]
        if due:
            self.wake(due)

    def _tell_a_crowd(self) -> None:
        """Now and then, while people write: threads wait for each other then, and messages for a thread."""
        crowd = sum(gathered.crowd for gathered in self._gathered.values())
        now = time.monotonic()
        is_heard = now - self.heard_at < HEARD
        if is_heard and crowd > self.crowd and now - self.said_crowded_at > CROWD_TOLD:
            self.said_crowded_at = now
            self.say_crowded()

    def drain(self) -> int:
        """A job: store what waits in the spool, oldest first; returns how many webhooks."""
        try:
            return self.spool.drain(self._store_spooled)
        except AWAY:
            return 0
        except OSError as error:  # a disk that is away comes back too: whoever drains must live to see it
            log.error("spool_away", error=type(error).__name__)
            return 0

    def _store_spooled(self, account_key: str, webhooks: Sequence[Parsed]) -> None:
        """Webhooks of an account that is off now, or that the database refuses, must not hold up those behind them."""
        if account_key not in self.keepers:
            raise Unstorable
        try:
            for _, run in groupby([(parsed, brief(parsed)) for parsed in webhooks], key=lambda one: bool(one[1])):
                self._store_run(account_key, list(run))
        except AWAY:
            raise
        except FAILED as error:
            raise Unstorable from error

    def _store_run(self, account_key: str, run: Sequence[tuple[Parsed, Sequence[Brief]]]) -> None:
        """Webhooks that follow each other and are brief, or all are not: people wait, so of statements few are made."""
        told = [item for _, items in run for item in items]
        if told:
            self._gathered[account_key].put(told)
        left = [parsed for parsed, items in run if not items or any(is_unknown(item) for item in items)]
        if left:
            self._keep(account_key, joined(left))

    def start_draining(self) -> None:
        """A thread that empties the spool when the database is back; on any machine one process does it at a time."""

        def drain() -> None:
            while True:
                time.sleep(self.pause)
                self.drain()

        threading.Thread(target=drain, name="drain", daemon=True).start()
