"""The history checker finds what is wrong in books that were spoilt by hand, and nothing in books that are whole."""

import json
from types import SimpleNamespace

import pytest

from base.config import load
from handlers.signatures import sign_our_id
from orders import basket
from tests.catalog.market import make_good, make_vendor
from tests.conftest import VARIABLES
from tests.faults import history
from tests.orders.buying import AWA, cause, fill
from tests.processes.house import Provider

TURN = """
insert into turn (commit_no, conversation_id, inbox_ids, hat, state_before, state_after, read_as, outcomes, answers,
  reader, before, after, said, version, now)
values (nextval('commit_no'), %(conversation)s, %(messages)s, '', '', '', '', '[]', '[]', '{}', %(before)s, %(after)s,
  '[]', '', market_now())
returning id
"""
MESSAGE = """
insert into inbox (account_id, conversation_id, provider_id, message, raw)
select c.account_id, c.id, %(sid)s, '{}', '' from conversation c where c.id = %(conversation)s
returning id
"""
BUBBLE = """
insert into outbox (conversation_id, account_id, kind, said_at, place, bubble, too_old_at, state, resent)
select c.id, c.account_id, %(kind)s, nextval('said_no'), 1, '{}', market_now(), %(state)s, %(resent)s
from conversation c where c.id = %(conversation)s
returning id
"""


@pytest.fixture
def conversations(db):
    """Two conversations of one account."""
    account = db.value("insert into channel_account (key, kind) values ('test', 'simulator') returning id")
    insert = "insert into conversation (account_id, contact_id) values (%(account)s, %(contact)s) returning id"
    contacts = [db.value("insert into contact default values returning id") for _ in range(2)]
    return [db.value(insert, account=account, contact=contact) for contact in contacts]


def turn(db, conversation, before, after, messages=()):
    """A turn from one session to another; its id."""
    sessions = {"before": json.dumps(before), "after": json.dumps(after)}
    return db.value(TURN, conversation=conversation, messages=list(messages), **sessions)


def unchained(db):
    """The turns that did not begin where the one before them ended."""
    rows = db.rows(history.QUESTIONS["a turn that did not begin where the one before it ended"])
    return sorted(row.id for row in rows)


def test_turns_that_follow_each_other_in_each_conversation_are_in_order(db, conversations):
    one, other = conversations
    turn(db, one, {}, {"hat": "buyer"})
    turn(db, other, {}, {"hat": "vendor"})
    turn(db, one, {"hat": "buyer"}, {})
    turn(db, other, {"hat": "vendor"}, {"hat": "vendor", "misses": 1})
    turn(db, one, {}, {"hat": "buyer"})
    assert unchained(db) == []


def test_a_turn_on_a_session_that_was_old_is_found_and_so_is_a_first_turn_on_one_of_nowhere(db, conversations):
    one, other = conversations
    turn(db, one, {}, {"hat": "buyer"})
    turn(db, one, {"hat": "buyer"}, {"hat": "buyer", "misses": 1})
    stale = turn(db, one, {"hat": "buyer"}, {"hat": "buyer", "misses": 2})  # it never saw the second turn
    turn(db, one, {"hat": "buyer", "misses": 2}, {})
    strange = turn(db, other, {"hat": "buyer"}, {})
    assert unchained(db) == [stale, strange]


@pytest.fixture
def yawa(db):
    """A shop."""
    return make_vendor(db)


@pytest.fixture
def house(db):
    """What the checker asks of a house: its books, and a provider that takes nothing by itself."""
    with Provider([], callbacks=()) as provider:
        yield SimpleNamespace(rows=db.rows, environ=VARIABLES, provider=provider, providers=[provider])


def test_a_turn_before_an_earlier_message_is_a_fault_unless_both_were_under_way_at_once(house, db, conversations):
    ids = {sid: db.value(MESSAGE, conversation=conversations[0], sid=sid) for sid in "ABCDEF"}
    house.provider.under_way |= {"A": (1.0, 2.0), "B": (3.0, 5.0), "C": (4.0, 6.0), "D": (7.0, 8.0), "E": (8.1, 9.0)}
    turns = [turn(db, conversations[0], {}, {}, [ids[sid] for sid in sids]) for sids in ("A", "C", "B", "E", "D", "F")]
    assert list(history._of_turns(house)) == [f"turned after a later message: D, after E (turn {turns[4]})"]
    house.provider.under_way.clear()
    assert list(history._of_turns(house)) == [
        f"turned after a later message: B, after C (turn {turns[2]})",
        f"turned after a later message: D, after E (turn {turns[4]})",
    ]


def bubble(db, conversation, state, *, kind="reply", resent=0):
    """A bubble in the books; its id."""
    return db.value(BUBBLE, conversation=conversation, state=state, kind=kind, resent=resent)


def taken(house, outbox_id, sid):
    """The provider has taken a copy of a bubble."""
    signed = sign_our_id(load(environ=VARIABLES).secret_key, outbox_id)
    callback = f"https://market.example/webhooks/twilio?o={signed}"
    house.provider._messages.append(SimpleNamespace(sid=sid, callback=callback))


def test_a_report_that_was_acknowledged_and_raised_nothing_is_found(house, db, conversations):
    states = ["sent", "delivered", "read", "failed", "uncertain"]
    ids = [bubble(db, conversations[0], state) for state in states]
    for outbox_id, state in zip(ids, states, strict=True):
        taken(house, outbox_id, state)
    house.provider.posted += [
        *[(state, "sent", 200) for state in states[:4]],
        ("sent", "read", 503),  # not acknowledged: the provider's loss
        ("sent", "delivered", 200),
        ("delivered", "delivered", 200),
        ("delivered", "read", 200),
        ("read", "failed", 200),  # after the reading
        ("failed", "failed", 200),
        ("uncertain", "sent", 200),
    ]
    assert list(history._of_reports(house)) == [
        f"a report was acknowledged and lost: outbox {ids[0]} is sent, not delivered",
        f"a report was acknowledged and lost: outbox {ids[1]} is delivered, not read",
        f"a report was acknowledged and lost: outbox {ids[4]} is uncertain, not sent",
    ]


def test_the_failure_of_a_copy_counts_only_while_there_is_no_other(house, db, conversations):
    once, again = (bubble(db, conversations[0], "sent") for _ in range(2))
    for outbox_id, sid in ((once, "A"), (again, "B"), (again, "C")):
        taken(house, outbox_id, sid)
    house.provider.posted += [("A", "failed", 200), ("B", "failed", 200)]
    assert list(history._of_reports(house)) == [
        f"a report was acknowledged and lost: outbox {once} is sent, not failed"
    ]


def test_a_second_copy_is_a_fault_but_of_a_counted_reply_whose_first_was_never_confirmed(house, db, conversations):
    chat = conversations[0]
    doubted, uncounted, confirmed = (bubble(db, chat, "sent", resent=number) for number in (1, 0, 1))
    bulk = bubble(db, chat, "sent", kind="bulk", resent=1)
    thrice = bubble(db, chat, "sent", resent=1)

    def copies(*confirmations):
        return [SimpleNamespace(is_confirmed=one) for one in confirmations]

    found = history._doubled(
        house,
        {
            doubted: copies(False, True),
            uncounted: copies(False, True),
            confirmed: copies(True, True),
            bulk: copies(False, True),
            thrice: copies(False, False, True),
        },
    )
    assert list(found) == [
        f"sent twice: outbox {uncounted}, 2 times",
        f"sent again though it was confirmed: outbox {confirmed}, 2 times",
        f"sent twice: outbox {bulk}, 2 times",
        f"sent twice: outbox {thrice}, 3 times",
    ]


def wrong_baskets(db):
    """(product, in the basket, by its history) of each line that is not as its history left it."""
    rows = db.rows(history.QUESTIONS["a basket that is not what its history left"])
    return sorted(tuple(row)[1:] for row in rows)


def test_a_basket_is_held_to_its_history_both_ways(db, yawa):
    by, (rice, oil, maize) = cause(), (make_good(db, yawa, name) for name in ("Riz", "Huile", "Maïs"))
    fill(db, (rice, 2), (oil, 3), (maize, 4))
    basket.set_quantity(db, AWA, rice.id, 1, by)
    basket.remove(db, AWA, maize.id, by)
    assert wrong_baskets(db) == []

    db.run("update basket_line set quantity = 7 where product_id = %(id)s", id=rice.id)
    db.run("delete from basket_line where product_id = %(id)s", id=oil.id)
    assert wrong_baskets(db) == [(rice.id, 7, 1), (oil.id, None, 3)]


def test_a_change_of_a_basket_that_nobody_wrote_down_is_found(db, yawa):
    rice = make_good(db, yawa, "Riz")
    fill(db, (rice, 2))
    db.run("update basket_line set quantity = 5")
    basket.add(db, AWA, rice.id, 1, cause())
    rows = db.rows(history.QUESTIONS["a change of a basket that did not begin where the one before it ended"])
    assert [row.product_id for row in rows] == [rice.id]
