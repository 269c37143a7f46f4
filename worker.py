"""Door 2: the worker takes turns, sends, expires, reminds and polls until it is told to stop."""

import signal
import sys
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import redis
from prometheus_client import start_http_server

import providers
from base.accounts import MessengerAccount
from base.config import ConfigError, load
from base.db import AWAY, FAILED, Db
from base.log import logger
from base.memory import spare_the_collector
from base.templates import texts_of
from base.threads import take_short_turns
from bot import (
    account_news,
    fetching,
    inbox,
    invariants,
    list_work,
    outbox,
    payout_chats,
    pictures,
    programme_files,
    received,
    reports,
    retirement,
    suspension,
    templates,
    uncertain,
)
from bot.broadcasts import following, sending
from bot.engine import place_of
from bot.hands import Finder
from bot.posting import Office, Posting
from bot.reconciling import Reconciling
from bot.retention import Retention
from bot.sessions import OUTBOX_BELL, connect
from catalog import alerts, promotions, questions
from events import reminders
from handlers.channel import Remembering
from orders import daily, due, expiry, reminding, shops
from wiring import Market, build

log = logger(__name__)
TAKERS = 1  # a process has one interpreter: a second taker would only halve the batches
BATCH = 100
FOLDED = 5000  # recipients that learn in one statement what became of their messages
ALERTS = 20  # looked at in one transaction: each is a search
STARVED = 0.1  # seconds until a sender whose second is used up is looked at again
WARMS_AFTER = 15.0  # seconds
STOPS_WITHIN = 20.0  # seconds for all that is under way
Job = Callable[[Market], int]


@dataclass(frozen=True)
class Every:
    """A job and how many polls (`timing.poll`) lie between its runs; it runs on as long as it finds something."""

    polls: float
    job: Job


def in_database(work: Callable[[Db, Market], int]) -> Job:
    """A job that is one unit of work."""

    def job(market: Market) -> int:
        with market.database.unit_of_work() as db:
            return work(db, market)

    return job


def fold_reports(market: Market) -> int:
    """Raise the outbox rows that delivery reports speak of; late refusals become verdicts of their own."""
    with market.database.autocommit() as db:  # mostly there are none, which costs a third of the round trips
        if not reports.are_due(db):
            return 0
    timing = market.config.timing
    with market.database.unit_of_work() as db:
        folded = reports.fold(db, timing.early_report, again=5 * timing.poll)
        uncertain.follow_refusals(market.office, db, folded.refusals)
    if folded.announced:
        with market.database.autocommit() as db:
            following.follow(db, folded.announced)
    return folded.count


def move_broadcasts(market: Market) -> int:
    """Each broadcast that is under way makes one step, in a transaction of its own."""
    with market.database.autocommit() as db:
        found = sending.moving(db)
    moved = 0
    for broadcast_id in found:
        with market.bot.database.unit_of_work() as db:  # what follows has reactions
            moved += sending.move_on(db, market.config, broadcast_id)
    return moved


def begin_broadcasts(market: Market) -> int:
    """One whose time has come is planned and begun; the bell is rung by its first step."""
    with market.bot.database.unit_of_work() as db:
        return sending.begin_due(db, market.config)


def follow_news(market: Market) -> int:
    """What providers decided of templates and said of accounts comes onto the organizers' list."""
    with market.database.autocommit() as db:
        if not account_news.are_due(db):
            return 0
    declared = texts_of(market.config.templates).keys()
    with market.bot.database.unit_of_work() as db:  # what follows has reactions
        return account_news.follow(db, declared, BATCH)


def show_life(db: Db, market: Market) -> int:
    """Say that this process lives, and whether its machine's spool waits; forget those that are long gone."""
    db.run(
        "insert into heartbeat (process, role, at, has_spool) values (%(process)s, 'worker', market_now(), %(spool)s)"
        " on conflict (process) do update set at = excluded.at, has_spool = excluded.has_spool",
        process=market.owner,
        spool=not market.spool.is_empty(),
    )
    db.run("delete from heartbeat where at < market_now() - interval '1 day'")
    return 0


def end_days(db: Db, market: Market) -> int:
    """Shops that close hear what their day was."""
    return daily.end_days(db, market.config.market.opening, market.config.timing.day_told, BATCH)


def begin_days(db: Db, market: Market) -> int:
    """Shops that open are asked for figures that nobody has confirmed for long."""
    timing = market.config.timing
    return daily.begin_days(db, market.config.market.opening, timing.confirmed, timing.day_told, BATCH)


@dataclass
class Walk:
    """How far this worker has looked through all people for those who have long been silent."""

    after: int = 0

    def step(self, market: Market) -> int:
        """A job: the next of them; from the first again once the last was looked at."""
        with market.database.unit_of_work() as db:
            self.after = retirement.retire_people(db, market.config.timing, self.after)
        return 0


@dataclass
class Forgetting:
    """How far this worker is in forgetting what was kept long enough."""

    retention: Retention = field(default_factory=Retention)

    def step(self, market: Market) -> int:
        """A job: one step; the next follows at once while there is more."""
        return BATCH * self.retention.work(market.database, market.config.timing)


JOBS: tuple[Every, ...] = (
    Every(0.2, fold_reports),
    Every(2.0, follow_news),
    Every(0.25, move_broadcasts),
    Every(1.0, begin_broadcasts),
    Every(300.0, in_database(lambda db, market: following.heal(db, FOLDED))),
    Every(1.0, lambda market: market.storing.drain()),
    Every(1.0, lambda market: BATCH * list_work.work(market.office)),
    Every(1.0, lambda market: BATCH * programme_files.work(market.office)),
    Every(1.0, in_database(lambda db, market: inbox.wake_waiting(db, BATCH))),
    Every(2.0, in_database(lambda db, market: expiry.expire_holds(db, BATCH))),
    Every(5.0, in_database(show_life)),
    Every(5.0, in_database(lambda db, market: uncertain.expire_leases(db, BATCH))),
    Every(10.0, in_database(lambda db, market: alerts.look(db, ALERTS))),
    Every(10.0, in_database(lambda db, market: expiry.expire_unanswered(db, BATCH))),
    Every(10.0, in_database(lambda db, market: due.tell(db, market.config.market.opening, BATCH))),
    Every(5.0, in_database(lambda db, market: questions.pass_on(db, BATCH))),
    Every(5.0, in_database(lambda db, market: promotions.move_on(db, BATCH))),
    Every(5.0, in_database(lambda db, market: shops.follow_pauses(db, market.config.market.opening, BATCH))),
    Every(10.0, in_database(lambda db, market: end_days(db, market))),
    Every(10.0, in_database(lambda db, market: begin_days(db, market))),
    Every(
        30.0, in_database(lambda db, market: retirement.retire_bubbles(db, market.owner, market.config.timing, BATCH))
    ),
    Every(10.0, lambda market: invariants.check(market.database, market.config.timing)),
    Every(10.0, in_database(lambda db, market: payout_chats.take_effect(db, BATCH))),
    Every(5.0, in_database(lambda db, market: reminders.remind(db, BATCH))),
    Every(30.0, in_database(lambda db, market: reminders.close(db, BATCH))),
    Every(60.0, in_database(lambda db, market: reminding.find_forgotten(db, BATCH))),
    Every(300.0, in_database(lambda db, market: expiry.drop_old_baskets(db, market.config.timing.basket_kept, BATCH))),
    Every(30.0, in_database(lambda db, market: received.sweep(db, market.config.var, BATCH))),
    Every(60.0, Forgetting().step),
    Every(60.0, lambda market: market.leaving.clear()),
    Every(3600.0, lambda market: market.spool.forget_aside(market.config.timing.spool_aside_kept)),
    Every(60.0, Walk().step),
    Every(3600.0, in_database(lambda db, market: suspension.suspend_silent(db, market.config.timing, BATCH))),
)


def show_pictures(market: Market) -> int:
    """Photos of goods whose files have come are shown; a store that is away holds up nothing else."""
    database = market.bot.database  # what follows has reactions
    return BATCH * bool(pictures.show_waiting(database, market.config.var, market.media))


def look_ups_of(account_id: int) -> Every:
    """A job of one account: look-ups at a provider that hangs hold up those of no other."""
    return Every(5.0, lambda market: uncertain.resolve(market.office, account_id, BATCH))


def files_of(account_id: int) -> Every:
    """A job of one account too: a provider whose files come slowly holds up those of no other."""
    return Every(1.0, lambda market: BATCH * bool(fetching.fetch_waiting(market.office, account_id)))


def looks_of(market: Market, account_id: int) -> Sequence[Every]:
    """A job of an account whose provider remembers messages; it knows itself when the next look is due."""
    account = market.accounts[account_id]
    channel = market.channels[account.kind]
    if not isinstance(channel, Remembering):
        return ()
    look = Reconciling(market.database, market.storing, market.config.timing, channel, account, account_id).look
    return (Every(30.0, lambda market: look()),)


def subscription_of(account: MessengerAccount) -> Every:
    """A job of one Page: whoever answered Meta badly for an hour is told nothing more, until he asks for it."""
    return Every(600.0, lambda market: providers.keep_subscribed(market, account))


def templates_of(market: Market, account_id: int) -> Every:
    """A job of one account: what its provider decides of its templates, of which Twilio tells nothing by itself."""
    timing = market.config.timing
    return Every(timing.templates_look / timing.poll, lambda market: providers.watch(market, account_id))


def jobs_of(market: Market) -> tuple[Every, ...]:
    """The jobs of a worker, with those of each account that is on."""
    pages = [account for account in market.accounts.values() if isinstance(account, MessengerAccount)]
    approved = [i for i, account in market.accounts.items() if templates.has_templates(account)]
    own = [*map(look_ups_of, market.accounts), *map(files_of, market.accounts)]
    looks = (every for account_id in market.accounts for every in looks_of(market, account_id))
    finder = Finder(hands_of(market), market.owner)
    return (
        *JOBS,
        Every(1.0, lambda market: uncertain.let_go_of_the_dead(market.database, finder.dead())),
        *own,
        Every(2.0, show_pictures),
        *looks,
        *(templates_of(market, one) for one in approved),
        *map(subscription_of, pages),
    )


def hands_of(market: Market) -> Path:
    """Where this machine's workers note what they have begun to send."""
    return market.config.var / "hands"


def office_of(market: Market) -> Office:
    """What sending needs, from when the database is there: a worker may be started before it."""
    while True:
        try:
            return market.office
        except AWAY as error:
            log.warning("database_away", error=type(error).__name__)
            time.sleep(market.config.timing.poll)


class Worker:
    """The threads of one worker process: takers, the sending loop, one thread per job, the listener for the bell."""

    def __init__(self, market: Market) -> None:
        self.market = market
        self.stop = threading.Event()
        self.told = threading.Event()  # that a turn was committed somewhere, of which there may be an answer to send
        self.posting = Posting(office_of(market), folder=hands_of(market))
        self.takings = [market.start_taking(f"take-{number}", WARMS_AFTER) for number in range(TAKERS)]
        self.sending = threading.Thread(target=self._post, name="post", daemon=True)
        self.threads: list[threading.Thread] = []
        self.has_failed = False

    def run(self) -> None:
        """Until SIGTERM or SIGINT; then sends under way are settled and the rest is given back."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: self.stop.set())
        threading.excepthook = self._thread_died
        if port := self.market.config.server.worker_metrics_port:
            start_http_server(port, self.market.config.server.host)
        self.sending.start()
        self._start("listen", self._listen)
        for every in jobs_of(self.market):
            self._start("job", partial(self._repeat, every))
        spare_the_collector()
        take_short_turns()
        log.info("worker_started", process=self.market.owner)
        self.stop.wait()
        self._end()
        if self.has_failed:
            sys.exit(1)

    def _thread_died(self, died: threading.ExceptHookArgs) -> None:
        """A bug ends the process, which is started again: a worker without one of its threads would look alive."""
        thread = died.thread.name if died.thread else ""
        log.error("thread_died", thread=thread, error=place_of(died.exc_value) if died.exc_value else "")
        self.has_failed = True
        self.stop.set()

    def _start(self, name: str, work: Callable[[], None]) -> None:
        thread = threading.Thread(target=work, name=name, daemon=True)
        thread.start()
        self.threads.append(thread)

    def _end(self) -> None:
        """Within STOPS_WITHIN sends are settled and turns finished, sends first; everything else is free for others."""
        end = time.monotonic() + STOPS_WITHIN
        for taking in self.takings:
            taking.end()
        self.told.set()
        self.posting.bell.set()
        self.sending.join(STOPS_WITHIN)
        self._settle(end - time.monotonic())
        at_work = [*self.threads, *(taking.thread for taking in self.takings if taking.thread)]
        for thread in at_work:
            thread.join(max(0.0, end - time.monotonic()))
        self._give_back()

    def _settle(self, seconds: float) -> None:
        try:
            self.posting.drain(seconds)
        except AWAY as error:
            log.warning("not_settled", error=type(error).__name__)

    def _give_back(self) -> None:
        try:
            with self.market.database.unit_of_work() as db:
                given_back = outbox.give_back(db, self.market.owner)
            log.info("worker_stopped", given_back_count=given_back)
        except FAILED as error:
            log.warning("not_given_back", error=type(error).__name__)

    def _post(self) -> None:
        is_called = True
        while not self.stop.is_set():
            self.posting.bell.clear()
            try:
                if is_called or self.posting.is_called_for():
                    self.posting.round()
            except AWAY as error:
                log.warning("database_away", error=type(error).__name__)
                self.stop.wait(self.market.config.timing.poll)
                continue
            poll = self.market.config.timing.poll
            wait = min(poll, STARVED) if self.posting.is_starved else poll
            is_called = self.posting.has_more or self._is_called(wait)

    def _is_called(self, seconds: float) -> bool:
        """Whether the bell rang; what is to be said goes at once, sends that came back are gathered for a moment."""
        if not self.posting.bell.wait(seconds):
            return False
        self.told.wait(self.posting.patience)
        self.told.clear()
        return True

    def _repeat(self, every: Every) -> None:
        while not self.stop.is_set():
            try:
                if every.job(self.market) >= BATCH:
                    continue
            except AWAY as error:
                log.warning("database_away", error=type(error).__name__)
            self.stop.wait(every.polls * self.market.config.timing.poll)

    def _listen(self) -> None:
        """Ring the sending loop's bell when a turn was committed somewhere; polling covers what Redis loses."""
        client: Any = connect(str(self.market.config.redis.url), self.market.config.timing.poll)
        while not self.stop.is_set():
            try:
                with client.pubsub() as channel:
                    channel.subscribe(OUTBOX_BELL)
                    while not self.stop.is_set():
                        if channel.get_message(ignore_subscribe_messages=True, timeout=self.market.config.timing.poll):
                            self.told.set()
                            self.posting.bell.set()
            except redis.RedisError:
                time.sleep(self.market.config.timing.poll)


def main() -> None:
    """Run a worker with the settings of this machine; what is missing is named, all at once."""
    try:
        market = build(load(), role="worker")
    except ConfigError as error:
        sys.exit(str(error))
    Worker(market).run()


if __name__ == "__main__":
    main()
