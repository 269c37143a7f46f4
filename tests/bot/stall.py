"""A stall: the whole way of a message on real stores, with one small dialog and a provider that records."""

import threading
from contextlib import contextmanager
from types import MappingProxyType
from typing import Literal

from base.clock import move_test_clock
from base.facts import record
from bot import accounts, consent, inbox
from bot.buckets import Buckets
from bot.dialog import Dialog, ask, choose, wait
from bot.engine import FRESH, Taker
from bot.inbox import Keeper
from bot.messages import Accepted, Identity, Incoming, Kept, Limits, Media, Parsed, Sender
from bot.posting import Office, Posting
from bot.provider_answers import FetchedFile, NoFile, NotTaken
from bot.retention import Retention
from bot.running import Bot
from bot.sessions import Sessions, connect
from bot.understanding import guessed, phrased
from tests.waiting import wait_for

AWA, KOSSI = "+22890000001", "+22890000002"
LIMITS = Limits(4096, 1024, 1024, 3, 20, 10, 24, 72, 20, 200, True)
BUSY_ROW = "select id from stock where id = %(id)s order by id for no key update"


class Noted:
    """A fact: somebody said something."""

    def __init__(self, words):
        self.words = words


def words_of(said):
    """Any words are an answer."""
    return said.text or None


def note(turn, words: str) -> Literal["noted", "waited"]:
    """Keep the words in memory; some of them do what no step should."""
    order, _, rest = words.partition(" ")
    if order == "lock":
        turn.db.lock(BUSY_ROW, expected=1, id=int(rest))
    if order == "boom":
        raise ZeroDivisionError("1/0")
    if order == "once" and not turn.config.var.exists():
        turn.config.var.mkdir(parents=True)
        raise ZeroDivisionError("the first time only")
    if order == "state":  # PostgreSQL itself says this SQLSTATE
        turn.db.rows(f"do $$ begin raise exception using errcode = '{rest}'; end $$")
    if order == "late":  # a bug: it writes before it locks
        turn.db.run("update contact set name = 'late' where id = %(id)s", id=turn.person.contact_id)
        turn.db.lock(BUSY_ROW, expected=1, id=int(rest))
    record(turn.db, Noted(words))
    turn.memory["noted"] = [*turn.memory.get("noted", []), words]
    return "waited" if order == "wait" else "noted"


def unmoved(turn):
    """Values of the question: no quarter took another's place."""
    return {"anew": ""}


TALK = Dialog(
    name="buyer",
    start="asking",
    helper="asking",
    states={
        "asking": ask("landmark", words_of, note, shows=unmoved, is_open=True, noted="asking", waited="waiting"),
        "choosing": choose("menu", yes="asking", no="asking"),
        "waiting": wait("person_waiting", seconds=60, expired="choosing", come="asking"),
    },
)


class Provider:
    """Records what is sent; answers what a test told it to, else takes everything."""

    def __init__(self):
        self.sent, self.looked_up, self.answers, self.look_ups = [], [], [], []
        self.fetched, self.files = [], {}
        self.may_answer = threading.Event()
        self.may_answer.set()

    def send(self, account, letter):
        """One bubble; the test's next answer."""
        self.sent.append(letter)
        self.may_answer.wait(10)
        return self.answers.pop(0) if self.answers else Accepted(f"SM{len(self.sent)}")

    def look_up(self, account, letter, since):
        """The test's next answer; never seen is the rule."""
        self.looked_up.append((letter, since))
        return self.look_ups.pop(0) if self.look_ups else NotTaken()

    def fetch(self, account, media, most_bytes):
        """The file of that reference, or what a test answers for it."""
        self.fetched.append((media, most_bytes))
        found = self.files.get(media.reference, NoFile("status_404", is_gone=True))
        found = found() if callable(found) else found
        return FetchedFile(found) if isinstance(found, bytes) else found


class Stall:
    """`database` may have reactions; takers made here have long started unless a test says `succeeded=0`."""

    def __init__(self, database, redis_url, config, *, dialog=TALK, limits=LIMITS, recognising=None):
        self.database, self.config = database, config
        self.account = next(a for a in config.channel_accounts if a.kind == "simulator")
        with database.unit_of_work() as db:
            self.account_id = accounts.ensure(db, [self.account])[self.account.key]
        self.keeper = Keeper(self.account_id, (self.account_id,), config.timing, (dialog,))
        self.sessions = Sessions(connect(redis_url, 0.2), 60)
        shown = {"simulator": limits}
        by_id = {self.account_id: self.account}
        dialogs = MappingProxyType({"buyer": dialog})
        self.bot = Bot(config, database, self.sessions, dialogs, by_id, shown, obey, recognising or in_words, "v1")
        self.provider = Provider()
        buckets = Buckets(self.sessions.client, self.sessions.breaker)
        self.office = Office(config, database, buckets, by_id, {"simulator": self.provider}, shown, "me")
        self.numbers = iter(range(1, 1_000_000))
        self.taker = self.new_taker()

    def new_taker(self, succeeded=FRESH):
        """Another process's taker; with `succeeded` 0 it has just started."""
        return Taker(self.bot, succeeded=succeeded)

    def new_posting(self, owner="me", slots=4):
        """Another process's sending side."""
        office = Office(**{**self.office.__dict__, "owner": owner})
        return Posting(office, slots)

    def says(self, phone, text="", *, joining=False, **said):
        """One webhook with one message; words wait for words only where the test wants it."""
        message = message_of(f"in{next(self.numbers)}", phone, text, **said)
        with self.database.unit_of_work() as db:
            inbox.keep(db, self.keeper, Parsed((Kept(message, b"raw"),)))
            if not joining:
                db.run("update inbox set due_at = received_at where provider_id = %(id)s", id=message.provider_id)

    def opens(self, *phones, state="buyer.asking"):
        """Chats in which this question is open already."""
        with self.database.unit_of_work() as db:
            for phone in phones:
                inbox.keep(db, self.keeper, Parsed((Kept(message_of(f"open{phone}", phone, "hello"), b""),)))
            db.run(
                "update conversation set joins = 'words', last_at = market_now(), last_in_at = market_now(), document ="
                " jsonb_build_object('session', jsonb_build_object('hat', 'buyer', 'state', %(state)s::text),"
                " 'memory', jsonb_build_object('met', true, 'told_kept', true))",
                state=state,
            )
            db.run("update inbox set state = 'done'")
            db.run("update contact set wants_announcements = true")  # all have said yes

    def forgets(self):
        """A whole pass of retention; what it took out, by kind, where it is any."""
        found = Retention(rest=lambda seconds: None).whole(self.database, self.config.timing)
        return {kind: count for kind, count in found.items() if count}

    def takes(self, taker=None):
        """Turns until nothing is due; returns how many were made."""
        made = 0
        while taken := (taker or self.taker).take_waiting():
            made += taken
        return made

    def passes(self, seconds):
        """Time goes by."""
        move_test_clock(self.database, seconds)

    def rows(self, sql, **values):
        """A query in a transaction of its own."""
        with self.database.unit_of_work() as db:
            return db.rows(sql, **values)

    def value(self, sql, **values):
        """The first column of its first row."""
        return self.rows(sql, **values)[0][0]

    def run(self, sql, **values):
        """A change in a transaction of its own."""
        with self.database.unit_of_work() as db:
            return db.run(sql, **values)

    def noted(self, phone):
        """What a person's turns kept, from the truth in PostgreSQL."""
        document = self.value(
            "select c.document from conversation c join identity i using (contact_id) where i.value = %(phone)s",
            phone=phone,
        )
        return document.get("memory", {}).get("noted", [])

    def said(self, phone):
        """The bodies in a person's outbox, in their order."""
        return [
            row.body
            for row in self.rows(
                "select o.bubble->>'body' as body from outbox o join conversation c on c.id = o.conversation_id"
                " join identity i using (contact_id) where i.value = %(phone)s order by said_at, place",
                phone=phone,
            )
        ]

    def inbox(self):
        """(state, attempts) of all messages that a person sent after the chat was open."""
        return [
            (row.state, row.attempts)
            for row in self.rows("select state, attempts from inbox where provider_id not like 'open%%' order by id")
        ]

    @contextmanager
    def holding(self, sql, **values):
        """Somebody else's open transaction that has these rows."""
        with self.database.engine.connect() as connection:
            connection.exec_driver_sql(sql, values)
            yield connection
            connection.rollback()


def obey(turn, words):
    """STOP and START of somebody without an order."""
    return consent.record(turn, words, has_open_order=False)


def in_words(turn, hat, text):
    """What the words say anywhere, in whatever market."""
    return phrased(hat, text, turn.now) or guessed(hat, text, turn.now)


def message_of(provider_id, phone, text="", **said):
    """A message of a phone."""
    return Incoming(provider_id, Sender((Identity("phone", phone),), "Awa"), text, **said)


def photo():
    """A picture's reference."""
    return (Media("image", "reference"),)


def waits_for_lock(stall):
    """Look until a backend of this database waits for a row lock."""
    waits = "select count(*) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'"
    wait_for(lambda: stall.value(waits), "nobody waits for a lock")
