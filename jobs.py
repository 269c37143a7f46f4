"""What a worker does beside turns and sends: jobs, each with how often it runs, and those of each account."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import providers
from base.accounts import MessengerAccount
from base.config import Config
from base.db import Db
from base.templates import texts_of
from bot import (
    account_news,
    count_work,
    fetching,
    inbox,
    invariants,
    list_work,
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
from bot.hands import Finder, folder_of
from bot.reconciling import Reconciling
from bot.retention import Retention
from catalog import alerts, promotions, questions
from events import reminders
from handlers.channel import Remembering
from orders import daily, due, expiry, reminding, shops
from wiring import Market

BATCH = 100
FOLDED = 5000  # recipients that learn in one statement what became of their messages
ALERTS = 20  # looked at in one transaction: each is a search
Job = Callable[[Market], int]


@dataclass(frozen=True)
class Every:
    """A job and how many polls (`timing.poll`) lie between its runs; it runs on as long as it finds something.

    One that `wakes` frees what others held: whoever takes and sends here looks at once, not at the next poll.
    """

    polls: float
    job: Job
    wakes: bool = False


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
        too_fast = uncertain.follow_refusals(market.office, db, folded.refusals)
    market.office.slow_down(too_fast)
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
    Every(0.1, fold_reports),  # some thirty reports at half of what a door can: less than a millisecond
    Every(2.0, follow_news),
    Every(0.5, move_broadcasts, wakes=True),
    Every(1.0, begin_broadcasts),
    Every(300.0, in_database(lambda db, market: following.heal(db, FOLDED))),
    Every(1.0, lambda market: market.storing.drain()),
    Every(1.0, lambda market: BATCH * list_work.work(market.office)),
    Every(1.0, lambda market: BATCH * programme_files.work(market.office)),
    Every(1.0, lambda market: BATCH * count_work.work(market.bot.database, market.config)),
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


def certificate_of(config: Config) -> Sequence[Every]:
    """A job where providers call the public address, which nobody else inside does."""
    is_called = config.environment == "production" and config.server.base_url.startswith("https://")
    return (Every(600.0, providers.look_at_certificate),) if is_called else ()


def jobs_of(market: Market) -> tuple[Every, ...]:
    """The jobs of a worker, with those of each account that is on."""
    pages = [account for account in market.accounts.values() if isinstance(account, MessengerAccount)]
    approved = [i for i, account in market.accounts.items() if templates.has_templates(account)]
    own = [*map(look_ups_of, market.accounts), *map(files_of, market.accounts)]
    looks = (every for account_id in market.accounts for every in looks_of(market, account_id))
    finder = Finder(folder_of(market.config), market.owner)
    return (
        *JOBS,
        Every(0.2, lambda market: uncertain.let_go_of_the_dead(market.database, finder.dead()), wakes=True),
        *own,
        Every(2.0, show_pictures),
        *looks,
        *(templates_of(market, one) for one in approved),
        *map(subscription_of, pages),
        *certificate_of(market.config),
    )
