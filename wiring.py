"""The one file that knows every room: builds a market from its settings."""

import os
import secrets
import socket
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache, cached_property

import redis

from base import clock, embedded
from base.accounts import ChannelAccount, MessengerAccount, SimulatorAccount
from base.config import Config, ConfigError, ensure_demo_secrets
from base.db import FAILED, Database, Db
from base.log import configure
from base.media import Bucket, Folder, Media
from base.outbound import Timeouts
from base.templates import texts_of
from bot import (
    accounts,
    appointing,
    blocks,
    booking_page,
    calendars,
    checker,
    consent,
    contacts,
    demo_people,
    door,
    files,
    flags,
    forgetting,
    holdings,
    list_news,
    market_tables,
    price_lists,
    product_page,
    programme_files,
    programme_news,
    receipt_page,
    received,
    roll_page,
    second_factor,
    second_factor_page,
    shop_people,
    templates,
    unclear,
    warming,
)
from bot.broadcasts import forgetting as forget_broadcasts
from bot.broadcasts import tables
from bot.buckets import Buckets
from bot.courtesy import Courtesy
from bot.dialogs import DIALOGS
from bot.engine import Sender
from bot.erasing import Clearance
from bot.erasure import Eraser
from bot.files import Document
from bot.inbox import Keeper
from bot.messages import Limits
from bot.notices import Notices
from bot.posting import Office
from bot.reacting import reactions
from bot.received import Received
from bot.recognising import recognise
from bot.running import Bot
from bot.sessions import Sessions, connect
from bot.spool import Spool
from bot.storing import Storing
from bot.taking import Taking
from bot.texts import FIRST
from bot.understanding import INTENTS
from bot.watching import ANSWERS_WITHIN, SILENT, Watching
from catalog import alerts, applications, questions, standing
from catalog.demo import demo_vendors
from dashboard.door import Shown
from dashboard.simulator.people import Person
from events import bookings, changing, lessons
from handlers.channel import Channel, Courteous
from handlers.messenger.channel import Messenger
from handlers.simulator.channel import SimulatorChannel
from handlers.twilio_whatsapp.channel import TwilioWhatsapp
from handlers.whatsapp_cloud.channel import WhatsappCloud
from orders import forgetting as forget_orders
from orders import riders


def channels(config: Config) -> Mapping[str, Channel]:
    """CHANNELS: every kind of channel; adding one is its folder and its line here."""
    timeouts = Timeouts.of(config.timing)
    made: Sequence[Channel] = (
        TwilioWhatsapp(config.server.base_url, config.secret_key, timeouts),
        WhatsappCloud(config.secret_key, timeouts),
        Messenger(config.secret_key, timeouts),
        SimulatorChannel(config.server.local_url, timeouts),
    )
    return {channel.kind: channel for channel in made}


def media_of(config: Config) -> Media:
    """Where pictures of goods are kept: `s3://bucket/prefix`, or the folder media under `var`."""
    media = config.media
    if not media.store:
        return Folder(config.var / "media")
    bucket, _, prefix = media.store.removeprefix("s3://").strip("/").partition("/")
    endpoint = media.endpoint or f"https://s3.{media.region}.amazonaws.com"
    return Bucket(
        endpoint, bucket, prefix, media.region, media.access_key, media.secret_key, Timeouts.of(config.timing)
    )


def erasers(spool: Spool) -> Mapping[str, Eraser]:
    """ERASERS: who takes what about a person away, in order; who keeps more adds it here and to `holdings.PARTS`."""
    return {
        "other_chats": forgetting.forget_in_other_chats,
        "chats": forgetting.forget_own_chats,
        "orders": lambda db, leaving: forget_orders.forget_person(db, leaving.contact_id),
        "riders": lambda db, leaving: riders.forget_person(db, leaving.contact_id, leaving.names),
        "spool": lambda db, leaving: spool.forget(leaving.names),
        "files": lambda db, leaving: received.forget_of(db, leaving.contact_id),
        "unclear": lambda db, leaving: unclear.forget_person(db, leaving.contact_id),
        "announcements": lambda db, leaving: forget_broadcasts.forget_person(db, leaving.contact_id),
        "price_lists": lambda db, leaving: price_lists.forget_person(db, leaving.contact_id),
        "alerts": lambda db, leaving: alerts.forget_person(db, leaving.contact_id),
        "questions": lambda db, leaving: questions.forget_person(db, leaving.contact_id),
        "bookings": lambda db, leaving: bookings.forget_person(db, leaving.contact_id),
        "lessons": lambda db, leaving: lessons.forget_person(db, leaving.contact_id),
        "programme": lambda db, leaving: changing.forget_person(db, leaving.contact_id),
        "programme_files": lambda db, leaving: programme_files.forget_person(db, leaving.contact_id),
        "applications": lambda db, leaving: applications.forget_person(db, leaving.contact_id),
        "invitations": lambda db, leaving: shop_people.forget_person(db, leaving.contact_id, leaving.names),
        "flags": lambda db, leaving: flags.forget_person(db, leaving.contact_id),
        "blocks": lambda db, leaving: blocks.forget_person(db, leaving.contact_id),
        "rights": lambda db, leaving: appointing.forget_person(db, leaving.contact_id, leaving.names),
        "decisions": lambda db, leaving: standing.forget_person(db, leaving.contact_id),
        "second_factor": lambda db, leaving: second_factor.forget_person(db, leaving.contact_id),
        "person": forgetting.forget_person,
    }


DOCUMENTS: Mapping[str, files.Maker] = {
    holdings.KIND: holdings.document,
    receipt_page.KIND: receipt_page.document,
    booking_page.KIND: booking_page.document,
    roll_page.KIND: roll_page.document,
    price_lists.KIND: list_news.document,
    price_lists.OWN_KIND: list_news.own_document,
    tables.KIND: tables.document,
    market_tables.KIND: market_tables.document,
    calendars.KIND: calendars.document,
    programme_files.KIND: programme_news.document,
    programme_files.OWN_KIND: programme_news.own_document,
}
"""Kind of a signed address -> what is found there, by the payload of its token."""


def documents(config: Config) -> Mapping[str, files.Maker]:
    """The same, with what only our secret makes."""
    return {**DOCUMENTS, second_factor_page.KIND: second_factor_page.maker(config.lasting_key)}


@dataclass
class Market:
    """One process's market: settings, stores, channels; what needs the database is made when it is first asked for."""

    config: Config
    database: Database
    redis: "redis.Redis"
    channels: Mapping[str, Channel]
    owner: str
    spool: Spool
    taking: Taking | None = None

    @cached_property
    def ids(self) -> Mapping[str, int]:
        """The row ids of the accounts that are on, by key; the reactions are hung in once they are known."""
        active = self.config.active_accounts()
        with self.database.unit_of_work(self.config.database.store_within_seconds) as db:
            found = accounts.ensure(db, active)
            for account in active:
                if isinstance(account, SimulatorAccount):  # its provider has every content, approved
                    contents = {name: name for name in texts_of(self.config.templates)}
                    accounts.remember_contents(db, found[account.key], contents, contents)
        return found

    @cached_property
    def accounts(self) -> Mapping[int, ChannelAccount]:
        """The accounts that are on, by row id."""
        return {self.ids[account.key]: account for account in self.config.active_accounts()}

    @property
    def limits(self) -> Mapping[str, Limits]:
        """What each kind of channel can show."""
        return {kind: channel.limits for kind, channel in self.channels.items()}

    @cached_property
    def sessions(self) -> Sessions:
        """The cache of conversations."""
        timing = self.config.timing
        client = connect(str(self.config.redis.url), self.config.redis.timeout)
        return Sessions(client, max(1, int(timing.session_cache)))

    @cached_property
    def bot(self) -> Bot:
        """What turns need."""
        self.database.reactions = list(reactions(Notices(self.config, self.accounts, self.limits)))
        dialogs = {dialog.name: dialog for dialog in DIALOGS}
        version = "+".join(dialogs[hat].version() for hat in sorted(dialogs))
        return Bot(
            self.config,
            self.database,
            self.sessions,
            dialogs,
            self.accounts,
            self.limits,
            consent.obey,
            recognise,
            version,
        )

    @cached_property
    def buckets(self) -> Buckets:
        """How much may be sent, shared by all processes."""
        return Buckets(self.sessions.client, self.sessions.breaker)

    @cached_property
    def office(self) -> Office:
        """What sending needs."""
        bot = self.bot
        return Office(self.config, self.database, self.buckets, bot.accounts, self.channels, self.limits, self.owner)

    @cached_property
    def watching(self) -> Watching:
        """What operators watch."""
        return Watching(self.database, self.spool, self.sessions.are_kept, self.config.timing.figures_known)

    def figures(self) -> bytes:
        """The market's figures in Prometheus's text format."""
        return self.watching.text()

    @cached_property
    def storing(self) -> Storing:
        """How webhooks are stored."""
        config = self.config
        within, pause = config.database.store_within_seconds, config.timing.spool_drain
        crowd, say = config.server.threads / 8, self.sessions.say_crowded
        return Storing(self.database, self.spool, lambda: self.keepers, within, pause, crowd, say, self.wake)

    @cached_property
    def courtesy(self) -> Courtesy:
        """How people see that they are being answered."""
        able = {kind: one.show_typing for kind, one in self.channels.items() if isinstance(one, Courteous)}
        return Courtesy(able, self.config.timing, DIALOGS)

    @cached_property
    def keepers(self) -> Mapping[str, Keeper]:
        """What storing a webhook needs to know of each account, by its key."""
        proving = self.proving
        return {
            key: Keeper(one, proving if one in proving else (one,), self.config.timing, DIALOGS)
            for key, one in self.ids.items()
        }

    @property
    def proving(self) -> tuple[int, ...]:
        """The accounts whose channels prove a phone; in production the simulator is not among them."""
        is_demo = self.config.environment == "demo"
        return tuple(i for i in self.phoned if is_demo or not isinstance(self.accounts[i], SimulatorAccount))

    @property
    def phoned(self) -> tuple[int, ...]:
        """The accounts whose people have phones: on a Page of Messenger they have names of that Page alone."""
        return tuple(i for i, account in self.accounts.items() if not isinstance(account, MessengerAccount))

    def appoint_organizers(self) -> None:
        """Give the organizer's role to those whom the settings name."""
        with self.database.unit_of_work() as db:
            contacts.appoint_organizers(db, self.proving, self.config.market.organizers)

    @cached_property
    def leaving(self) -> Clearance:
        """Who erases people."""
        return Clearance(self.config, self.database, self.sessions, self.buckets, tuple(self.ids), erasers(self.spool))

    def product_page(self, slug: str) -> str | None:
        """A product's page as HTML; None when nothing is listed under this slug."""
        with self.database.unit_of_work(ANSWERS_WITHIN) as db:
            shared = product_page.find(db, self.config.active_accounts(), slug)
        return product_page.html(shared, self.config.server.base_url) if shared else None

    def product_card(self, slug: str) -> bytes | None:
        """The picture of a product's link (JPEG), or None."""
        with self.database.unit_of_work(ANSWERS_WITHIN) as db:
            shared = product_page.find(db, (), slug)
        return product_page.card_bytes(self.media, shared.product) if shared else None

    @cached_property
    def media(self) -> Media:
        """Where pictures of goods are kept."""
        return media_of(self.config)

    def document(self, kind: str, token: str) -> Document | None:
        """What a signed address shows; None when it is none of ours, or its time is over."""
        with self.database.unit_of_work(ANSWERS_WITHIN) as db:
            return files.find(db, documents(self.config), self.config.secret_key, kind, token)

    def door(self, token: str, typed: str | None) -> Shown | None:
        """The page at a workshop's door, once a code was told there; None where it is none of ours, or no longer."""
        with self.bot.database.unit_of_work(ANSWERS_WITHIN) as db:
            one = door.read(db, self.config.secret_key, token)
            arrival = door.enter(db, one.workshop_id, typed, one.contact_id) if one and typed is not None else None
            found = door.standing(db, one.workshop_id) if one else None
            if found is None:
                return None
            shown = Shown(door.title(found.workshop), door.when(found.workshop), found.attended, found.taken)
            return replace(shown, outcome=arrival.outcome, told=door.told(db, FIRST, arrival)) if arrival else shown

    def start_taking(self, sender: Callable[[], Sender], warm_after: float = 0.0) -> Taking:
        """A thread that takes turns in this process, from when the database is there; what it needs is read soon."""
        warming.warm_after(warm_after)
        self.taking = Taking(lambda: warming.taker_of(self.bot, sender()), self.config.timing.poll)
        self.taking.start()
        return self.taking

    def wake(self, due: Iterable[tuple[int, float]]) -> None:
        """Tell the taker of this process in which chats there is something to take, and in how many seconds."""
        if self.taking:
            self.taking.heed(due)

    def received_file(self, token: str) -> Received | None:
        """The kept file that an address of ours names; None when there is none, or no longer."""
        with self.database.unit_of_work(ANSWERS_WITHIN) as db:
            named = received.read_token(self.config.secret_key, token, clock.now(db))
            found = received.of_messages(db, [named[0]]) if named else []
        return next((file for file in found if named and file.place == named[1] and file.state == "kept"), None)

    def simulator_people(self) -> Sequence[Person]:
        """Who can be chosen on the simulator's page."""
        sellers = [Person(f"{vendor.seller} · {vendor.name}", "vendor", vendor.phone) for vendor in demo_vendors()]
        others = [Person(p.name, p.role, p.phone) for p in (*demo_people.BUYERS, *demo_people.ORGANIZERS)]
        return [*others, *sellers]

    def is_ready(self) -> Mapping[str, str]:
        """Part -> what is wrong with it."""
        try:
            with self.database.unit_of_work(ANSWERS_WITHIN) as db:
                is_alive = worker_is_alive(db)
        except FAILED as error:
            return {"database": type(error).__name__}
        return {} if is_alive else {"worker": "no heartbeat"}


def worker_is_alive(db: Db) -> bool:
    """Whether a worker has shown itself lately."""
    alive = db.value(
        "select exists (select 1 from heartbeat where role = 'worker'"
        " and at > market_now() - make_interval(secs => %(most)s))",
        most=SILENT,
    )
    return bool(alive)


@cache
def check_dialogs() -> None:
    """Once in a process: its tables do not change. Raises BrokenDialog."""
    checker.check(DIALOGS, INTENTS)


def build(config: Config, *, role: str = "web") -> Market:
    """A market for this process; the embedded services must run where no addresses are configured.

    Raises ConfigError naming what is missing or not as notices need it, and BrokenDialog when a table breaks a theorem.
    """
    config = connected(ensure_demo_secrets(config))
    configure(config.environment)
    check_dialogs()
    if problems := templates.faults(config):
        raise ConfigError(problems)
    database = Database(
        str(config.database.url), pool_size=config.database.pool_size, pool_wait=config.database.pool_wait_seconds
    )
    client = redis.Redis.from_url(str(config.redis.url))
    owner = f"{socket.gethostname()}:{os.getpid()}:{role}:{secrets.token_hex(3)}"
    return Market(config, database, client, channels(config), owner, Spool(config.var / "spool"))


def connected(config: Config) -> Config:
    """The settings with the addresses of the running embedded services where none are configured."""
    if config.database.url and config.redis.url:
        return config
    services = embedded.running(config.var)
    if services is None:
        raise ConfigError(["database.url, redis.url: not set, and no embedded services run here: start cli.py run"])
    return config.model_copy(
        update={
            "database": config.database.model_copy(update={"url": config.database.url or services.database_url}),
            "redis": config.redis.model_copy(update={"url": config.redis.url or services.redis_url}),
        }
    )
