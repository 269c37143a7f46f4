"""What keep stores: once, in the provider's order, for the right person, due when it should be."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from base.timing import Timing
from bot import accounts, inbox
from bot.dialogs import DIALOGS
from bot.inbox import Keeper, Stored
from bot.messages import (
    LONGEST_HEARD,
    Happened,
    Identity,
    Incoming,
    Kept,
    Location,
    Media,
    Parsed,
    Reaction,
    Sender,
    Source,
    StatusReport,
)
from tests.bot.stall import AWA, KOSSI, message_of, photo
from tests.catalog.crowd import crowded, run_together

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
BSUID = Identity("bsuid", "TG.123456")


@pytest.fixture
def keeper(db, config):
    return keeper_in(db, config)


def keeper_in(db, config):
    """Two accounts whose channels prove a phone; the keeper of the first."""
    ids = accounts.ensure(db, config.channel_accounts)
    return Keeper(ids["simulator"], tuple(ids.values()), Timing(), DIALOGS)


def parsed_of(*messages, reports=()):
    return Parsed(tuple(Kept(message, b"raw") for message in messages), tuple(reports))


def keep(db, keeper, *messages, reports=()):
    return inbox.keep(db, keeper, parsed_of(*messages, reports=reports)).count


def stored_alone(db, keeper, *messages, reports=()):
    """What became of a webhook that is kept with others of its kind; None when it is left to `keep`."""
    one = inbox.lone(parsed_of(*messages, reports=reports))
    if one:
        inbox.keep_known(db, keeper, [one])
    return one and one.stored


def keep_one(db, keeper, *messages, reports=()):
    return stored_alone(db, keeper, *messages, reports=reports) is not None


def kept(db):
    return [row.provider_id for row in db.rows("select provider_id from inbox order by id")]


def test_a_new_person_is_a_contact_with_an_identity_a_conversation_and_an_inbox_row(db, keeper):
    assert keep(db, keeper, message_of("m1", AWA, "bonjour")) == 1
    assert db.rows("select name from contact") == [("Awa",)]
    assert db.rows("select kind, value, account_id from identity") == [("phone", AWA, keeper.account_id)]
    row = db.one(
        "select i.*, c.account_id as own, extract(epoch from i.due_at - i.received_at) as waits from inbox i"
        " join conversation c on c.id = i.conversation_id"
    )
    assert (row.state, row.attempts, row.own, bytes(row.raw)) == ("open", 0, keeper.account_id, b"raw")
    assert row.message["text"] == "bonjour"
    assert float(row.waits) == 1.2  # a newcomer's first words join too


def test_a_copy_is_kept_once_whenever_it_comes(db, keeper):
    message = message_of("m1", AWA, "bonjour")
    assert keep(db, keeper, message, replace(message, text="other words")) == 1
    assert keep(db, keeper, replace(message, text="other words")) == 0
    assert db.rows("select message->>'text' from inbox") == [("bonjour",)]
    assert db.value("select count(*) from seen") == 1


def test_the_same_id_on_another_account_is_another_message(db, keeper):
    keep(db, keeper, message_of("m1", AWA))
    other = replace(keeper, account_id=next(i for i in keeper.sharing if i != keeper.account_id))
    assert keep(db, other, message_of("m1", AWA)) == 1


def test_the_providers_order_decides_and_messages_without_a_time_come_last(db, keeper):
    times = {"third": 3, "first": 1, "second": 2}
    dated = [message_of(name, AWA, sent_at=NOON + timedelta(seconds=s)) for name, s in times.items()]
    keep(db, keeper, message_of("undated", AWA), *dated)
    assert kept(db) == ["first", "second", "third", "undated"]


def test_the_keys_of_one_webhook_are_inserted_sorted(db, keeper):
    keep(db, keeper, *(message_of(f"m{n}", AWA) for n in (3, 1, 2)))
    assert [row.provider_id for row in db.rows("select provider_id from seen order by ctid")] == ["m1", "m2", "m3"]
    assert kept(db) == ["m3", "m1", "m2"]


def test_sixty_copies_at_once_are_one_message_of_one_person(clean_database, database_url, config):
    with clean_database.unit_of_work() as db:
        keeper = keeper_in(db, config)
    webhook = [replace(message_of(f"m{n}", AWA, "bonjour"), sent_at=NOON + timedelta(seconds=n)) for n in range(3)]

    def deliver(number):
        with database.unit_of_work() as db:
            return keep(db, keeper, *(webhook if number % 2 else reversed(webhook)))

    with crowded(database_url) as database:
        assert sum(run_together(deliver, range(60))) == 3
        with database.unit_of_work() as db:
            counts = [db.value(f"select count(*) from {t}") for t in ("contact", "identity", "conversation", "inbox")]
            assert counts == [1, 1, 1, 3]
            assert kept(db) == ["m0", "m1", "m2"]


def test_webhooks_with_many_new_people_crosswise_lock_nobody_out(clean_database, database_url, config):
    with clean_database.unit_of_work() as db:
        keeper = keeper_in(db, config)
    people = [f"+2289000{n:04}" for n in range(12)]

    def deliver(number):
        ordered = people if number % 2 else list(reversed(people))
        with database.unit_of_work() as db:
            return keep(db, keeper, *(message_of(f"{number}:{phone}", phone) for phone in ordered))

    with crowded(database_url) as database:
        assert run_together(deliver, range(16)) == [12] * 16
        with database.unit_of_work() as db:
            assert db.value("select count(*) from contact") == 12


def test_a_phone_and_a_bsuid_seen_together_name_one_person(db, keeper):
    both = Sender((Identity("phone", AWA), BSUID), "Awa")
    keep(db, keeper, Incoming("m1", both))
    keep(db, keeper, Incoming("m2", Sender((BSUID,))), message_of("m3", AWA))
    assert db.value("select count(*) from contact") == 1
    assert db.value("select count(distinct conversation_id) from inbox") == 1


def test_a_bsuid_that_later_tells_its_phone_is_the_same_person(db, keeper):
    keep(db, keeper, Incoming("m1", Sender((BSUID,), "Awa")))
    keep(db, keeper, Incoming("m2", Sender((Identity("phone", AWA), BSUID), "Awa")))
    keep(db, keeper, message_of("m3", AWA))
    assert db.value("select count(*) from contact") == 1
    assert db.value("select count(distinct conversation_id) from inbox") == 1


def test_the_same_phone_on_two_accounts_is_one_person_in_two_chats(db, keeper):
    keep(db, keeper, message_of("m1", AWA))
    other = replace(keeper, account_id=next(i for i in keeper.sharing if i != keeper.account_id))
    keep(db, other, message_of("m2", AWA))
    assert db.value("select count(*) from contact") == 1
    assert db.value("select count(*) from conversation") == 2


def test_an_account_that_proves_no_phone_shares_nobody(db, keeper):
    keep(db, keeper, message_of("m1", AWA))
    other = next(i for i in keeper.sharing if i != keeper.account_id)
    keep(db, Keeper(other, (other,), Timing(), DIALOGS), message_of("m2", AWA))
    assert db.value("select count(*) from contact") == 2


DELAYS = [
    ("none", {"text": "bjr"}, 0),
    ("words", {"text": "bjr"}, 1.2),
    ("words", {"text": "2 sacs"}, 0),
    ("words", {"text": "Stop !"}, 0),
    ("words", {"text": "STOP TOUT"}, 0),
    ("words", {"text": "stop pub"}, 1.2),
    ("words", {"text": "reprendre"}, 0),
    ("words", {"text": "Panier"}, 0),
    ("words", {"text": "mon panier merci"}, 1.2),
    ("words", {"text": "Robot !"}, 0),
    ("words", {"text": "robot de cuisine"}, 1.2),
    ("words", {"text": "retour"}, 0),
    ("words", {"text": "ma boutique"}, 0),
    ("words", {"text": "accepter"}, 0),
    ("words", {"text": "accepter merci"}, 1.2),
    ("words", {"text": "x" * LONGEST_HEARD}, 1.2),
    ("words", {"text": "x" * (LONGEST_HEARD + 1)}, 0),
    ("words", {"text": "", "tap": "buyer.menu=yes~1~1"}, 0),
    ("words", {"text": "voila", "media": photo()}, 3),
    ("words", {"text": "oui", "edits": "m0"}, 0),
    ("words", {"text": "bjr", "comment": "1_1"}, 0),
    ("words", {"text": "bjr", "source": Source("ad", ad="1")}, 0),
    ("words", {"text": "bjr", "product": "riz-parfume-25"}, 0),
    ("words", {"text": "bjr", "happened": Happened("taken_over")}, 0),
    ("words", {"deletes": "m0"}, 0),
    ("words", {"reaction": Reaction("m0", "👍")}, 0),
    ("none", {"media": photo()}, 0),
    ("words", {"text": "ici", "location": Location(6.1, 1.2)}, 0),
    ("words", {"text": "", "unread": "poll"}, 0),
    ("words", {"text": "bjr", "unread": "poll"}, 0),
    ("words", {"text": "bjr", "signal": "expired"}, 0),
    ("photos", {"media": photo()}, 3),
    ("photos", {"text": "riz 500", "media": photo()}, 3),
    ("photos", {"media": (Media("audio", "r"),)}, 3),
    ("photos", {"text": "riz"}, 0),
]


@pytest.mark.parametrize("joins, said, seconds", DELAYS)
@pytest.mark.parametrize("way", [keep, keep_one])
def test_a_row_is_due_by_what_the_open_question_joins(db, keeper, way, joins, said, seconds):
    keep(db, keeper, message_of("m0", AWA))
    db.run("update conversation set joins = %(joins)s", joins=joins)
    assert way(db, keeper, message_of("m1", AWA, **said))
    waits = db.value("select extract(epoch from due_at - received_at) from inbox where provider_id = 'm1'")
    assert float(waits) == seconds


def test_keep_locks_no_conversation(stall_of_two):
    database, keeper = stall_of_two
    with database.engine.connect() as turn:
        turn.exec_driver_sql("select 1 from conversation for no key update")
        with database.unit_of_work() as db:
            db.run("set local lock_timeout = '1s'")
            assert keep(db, keeper, message_of("m9", AWA), message_of("m8", KOSSI)) == 2


@pytest.fixture
def stall_of_two(clean_database, config):
    with clean_database.unit_of_work() as db:
        keeper = keeper_in(db, config)
        keep(db, keeper, message_of("m1", AWA), message_of("m2", KOSSI))
    return clean_database, keeper


def test_reports_are_kept_beside_messages_and_make_none(db, keeper):
    reports = [StatusReport("SM1", "delivered", 7), StatusReport("SM2", "read")]
    assert keep(db, keeper, reports=reports) == 0
    rows = db.rows("select provider_id, status, rank, outbox_id from status_report order by id")
    assert rows == [("SM1", "delivered", 4, 7), ("SM2", "read", 5, None)]
    assert db.value("select count(*) from inbox") == 0


def test_nul_and_lone_surrogates_stop_no_webhook(db, keeper):
    ugly = Sender((Identity("phone", AWA),), "A\x00wa\ud83d")
    assert keep(db, keeper, Incoming("m\x001", ugly, "ri\x00z \ud800!"), message_of("m2", KOSSI, r"\u0000")) == 2
    assert db.rows("select name from contact order by id") == [("Awa\ufffd",), ("Awa",)]
    texts = db.rows("select provider_id, message->>'text' from inbox order by id")
    assert texts == [("m1", "riz \ufffd!"), ("m2", r"\u0000")]


def woken(db):
    return [row.conversation_id for row in db.rows("select conversation_id from inbox where raw = '' order by id")]


def test_each_wait_that_has_ended_wakes_its_own_conversation_once_the_first_ones_first(db, keeper):
    keep(db, keeper, *(message_of(f"m{n}", f"+2289000000{n}") for n in range(4)))
    chats = [row.id for row in db.rows("select id from conversation order by id")]
    ends = "update conversation set wakes_at = market_now() + make_interval(secs => %(secs)s) where id = %(id)s"
    for chat, seconds in zip(chats, (0, -3600, -1, 1), strict=True):
        db.run(ends, id=chat, secs=seconds)
    assert [inbox.wake_waiting(db, 2), woken(db)] == [2, chats[:2]]
    assert [inbox.wake_waiting(db, 2), woken(db)] == [1, chats[:3]]
    assert inbox.wake_waiting(db, 2) == 0
    assert db.rows("select id from conversation where wakes_at is not null") == [(chats[3],)]


def test_a_conversation_in_a_turn_is_woken_by_the_next_look(stall_of_two):
    database, _ = stall_of_two
    with database.unit_of_work() as db:
        db.run("update conversation set wakes_at = market_now()")
        busy, free = (row.id for row in db.rows("select id from conversation order by id"))
    with database.engine.connect() as turn:
        turn.exec_driver_sql(f"select 1 from conversation where id = {busy} for no key update")
        with database.unit_of_work() as db:
            db.run("set local lock_timeout = '1s'")
            assert (inbox.wake_waiting(db, 9), woken(db)) == (1, [free])
    with database.unit_of_work() as db:
        assert (inbox.wake_waiting(db, 9), woken(db)) == (1, [free, busy])


# One message of somebody known: one statement


def rows_of(db, provider_id):
    """All that is stored of a message, but for its number and its moments."""
    row = db.one("select * from inbox where provider_id = %(id)s", id=provider_id)
    return (row.account_id, row.conversation_id, row.message["text"], bytes(row.raw), row.state, row.attempts)


def test_one_message_of_somebody_known_is_kept_as_all_the_others_are(db, keeper):
    keep(db, keeper, message_of("m1", AWA, "bonjour"), message_of("m2", KOSSI))
    assert keep_one(db, keeper, message_of("m3", AWA, "bon\x00jour")) is True
    assert rows_of(db, "m3") == rows_of(db, "m1")
    assert kept(db) == ["m1", "m2", "m3"]
    assert db.value("select count(*) from seen") == 3


def test_one_message_is_kept_once_whenever_its_copy_comes(db, keeper):
    keep(db, keeper, message_of("m1", AWA, "bonjour"))
    assert keep_one(db, keeper, message_of("m1", AWA, "other words")) is True
    assert keep_one(db, keeper, message_of("m2", AWA, "riz")) is True
    assert keep_one(db, keeper, message_of("m2", AWA, "other words")) is True
    assert db.rows("select provider_id, message->>'text' from inbox order by id") == [("m1", "bonjour"), ("m2", "riz")]


def test_what_is_kept_tells_whom_a_person_answers_by_hand(db, keeper):
    awa, kossi = (message_of("m1", AWA), message_of("m2", KOSSI))
    assert inbox.keep(db, keeper, parsed_of(awa, kossi)).held == frozenset()
    db.run(
        "update conversation set held_until = market_now() + interval '1 hour' where id = (select conversation_id"
        " from inbox where provider_id = 'm1')"
    )
    held = frozenset({awa.sender.identities})
    assert stored_alone(db, keeper, message_of("m3", AWA)).held == held
    assert stored_alone(db, keeper, message_of("m3", AWA)) == Stored(0, held)
    assert stored_alone(db, keeper, message_of("m4", KOSSI)).held == frozenset()
    again = parsed_of(message_of("m5", AWA), message_of("m6", KOSSI))
    assert inbox.keep(db, keeper, again).held == held
    db.run("update conversation set held_until = market_now() - interval '1 hour'")
    assert stored_alone(db, keeper, message_of("m7", AWA)).held == frozenset()


def test_what_is_kept_tells_in_which_chats_it_is_due_and_in_how_many_seconds(db, keeper):
    awa, kossi = (message_of("m1", AWA, "2"), message_of("m2", KOSSI, "du riz"))
    stored = inbox.keep(db, keeper, parsed_of(awa, kossi))
    chats = {row.provider_id: row.conversation_id for row in db.rows("select provider_id, conversation_id from inbox")}
    words = keeper.timing.joins_words
    assert stored == Stored(2, due=((chats["m1"], 0.0), (chats["m2"], words)))
    assert stored_alone(db, keeper, message_of("m3", AWA, "du sel")) == Stored(1, due=((chats["m1"], words),))
    assert stored_alone(db, keeper, message_of("m4", AWA, "3")) == Stored(1, due=((chats["m1"], 0.0),))
    assert stored_alone(db, keeper, message_of("m4", AWA, "3")) == Stored()  # a copy brings nothing


def test_somebody_known_on_another_account_alone_is_not_known_here(db, keeper):
    keep(db, keeper, message_of("m1", AWA))
    other = next(i for i in keeper.sharing if i != keeper.account_id)
    assert keep_one(db, replace(keeper, account_id=other), message_of("m2", AWA)) is False
    keep(db, replace(keeper, account_id=other), message_of("m1", AWA))
    assert keep_one(db, replace(keeper, account_id=other), message_of("m2", AWA)) is True
    assert db.rows("select account_id from inbox where provider_id = 'm2'") == [(other,)]


def test_a_phone_and_a_bsuid_are_known_together_or_not_at_all(db, keeper):
    phone = Identity("phone", AWA)
    keep(db, keeper, Incoming("m1", Sender((phone, BSUID))), message_of("m2", KOSSI))
    assert keep_one(db, keeper, Incoming("m3", Sender((phone, BSUID)))) is True
    assert keep_one(db, keeper, Incoming("m4", Sender((BSUID, phone)))) is True
    for strangers in ((phone, Identity("bsuid", "TG.9")), (Identity("phone", KOSSI), BSUID)):
        assert keep_one(db, keeper, Incoming("m5", Sender(strangers))) is False
    assert kept(db) == ["m1", "m2", "m3", "m4"]


def test_messages_that_come_alone_and_reports_are_kept_in_one_statement_and_of_copies_the_first_counts(db, keeper):
    keep(db, keeper, message_of("m1", AWA), message_of("m2", KOSSI))
    said = [
        message_of("m4", KOSSI, "riz"), message_of("m3", AWA, "mil"), message_of("m3", AWA, "other words"),
        message_of("m5", "+22890999999"), message_of("m1", AWA), message_of("m6", AWA, media=(Media("image", "a"),)),
    ]  # fmt: skip
    lones = [inbox.lone(parsed_of(message)) for message in said]
    inbox.keep_known(db, keeper, lones, [StatusReport("SM1", "sent"), StatusReport("SM2", "read")])
    assert [one.stored and one.stored.count for one in lones] == [1, 1, 0, None, 0, 1]
    assert kept(db) == ["m1", "m2", "m4", "m3", "m6"]
    assert db.rows("select message->>'text' from inbox where provider_id in ('m3', 'm4') order by id") == [
        ("riz",), ("mil",),
    ]  # fmt: skip
    assert db.rows("select provider_id, status from status_report order by id") == [("SM1", "sent"), ("SM2", "read")]
    assert db.rows("select reference from received_media") == [("a",)]
    assert db.value("select count(*) from seen") == 5


@pytest.mark.parametrize(
    "messages, reports",
    [
        ((), ()),
        ((message_of("m2", AWA), message_of("m3", AWA)), ()),
        ((message_of("m2", AWA),), (StatusReport("SM1", "sent"),)),
        ((Incoming("m2", Sender((Identity("phone", AWA), BSUID, Identity("bsuid", "TG.9")))),), ()),
        ((message_of("m2", KOSSI),), ()),
    ],
    ids=["nothing", "two messages", "a report too", "three names", "somebody unknown"],
)
def test_what_is_more_than_one_message_of_somebody_known_is_left_whole_to_keep(db, keeper, messages, reports):
    keep(db, keeper, message_of("m1", AWA))
    assert keep_one(db, keeper, *messages, reports=reports) is False
    assert (kept(db), db.value("select count(*) from seen")) == (["m1"], 1)
    assert db.value("select count(*) from status_report") == 0
