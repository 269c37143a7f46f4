"""The history checker finds what is wrong in books that were spoilt by hand, and nothing in books that are whole."""

import json
import os
import re
from contextlib import nullcontext
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from unittest.mock import Mock

import pytest
from psycopg import OperationalError

from base.config import Market, load
from base.secret import Secret
from base.timing import Timing
from catalog import stock
from catalog.stock import JOB
from handlers.signatures import sign_our_id
from orders import basket, progress
from orders.states import STATES
from orders.terms import Terms
from tests.catalog.market import make_good, make_vendor
from tests.conftest import VARIABLES
from tests.faults import history
from tests.orders.buying import AWA, cause, fill, order, set_state
from tests.processes.house import House, Process
from tests.processes.providers import TwilioProvider

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
insert into outbox (conversation_id, account_id, kind, said_at, place, bubble, too_old_at, state, resent, made_at)
select c.id, c.account_id, %(kind)s, nextval('said_no'), 1, '{}', market_now(), %(state)s, %(resent)s,
  market_now() - make_interval(secs => %(ago)s)
from conversation c where c.id = %(conversation)s
returning id
"""
AGO = "market_now() - make_interval(hours => %(hours)s)"
MOMENT = datetime(2026, 11, 27, tzinfo=UTC)


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
    with TwilioProvider([], callbacks=()) as provider:
        messages = provider._messages
        yield SimpleNamespace(
            database=SimpleNamespace(unit_of_work=lambda: nullcontext(db)),
            rows=db.rows,
            environ=VARIABLES,
            provider=provider,
            providers=[provider],
            messages=messages,
            may_fail_for=set(),
            unheard=set(),
            forgotten=set(),
            logged_values=lambda event, key: set(),
        )


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


def test_a_message_is_under_way_until_it_is_first_acknowledged_whatever_copies_come_later(house):
    provider = house.provider
    for sid, began, ended, status in [
        ("A", 1.0, 2.0, 503),
        ("A", 3.0, 4.0, 200),
        ("A", 8.0, 9.0, 200),
        ("B", 1.0, 2.0, 0),
        ("B", 5.0, 6.0, 503),
        ("C", 2.0, 3.0, 200),  # of two at once the later one may be answered first
        ("C", 1.0, 4.0, 200),
    ]:
        provider.note_answer(sid, began, ended, status)
    assert provider.under_way == {"A": (1.0, 4.0), "B": (1.0, 6.0), "C": (1.0, 3.0)}


def bubble(db, conversation, state, *, kind="reply", resent=0, ago=0):
    """A bubble in the books, made so many seconds ago; its id."""
    return db.value(BUBBLE, conversation=conversation, state=state, kind=kind, resent=resent, ago=ago)


def test_what_a_job_has_just_written_is_waited_for_and_what_stays_open_is_told(house, db, conversations, monkeypatch):
    looks = iter([False, False, True, True])
    house.is_done = lambda: next(looks)
    history._let_jobs_end(house)
    assert list(looks) == [True]
    monkeypatch.setattr(history, "BY_A_JOB_WITHIN", 0)
    house.is_done = lambda: False
    history._let_jobs_end(house)
    left = bubble(db, conversations[0], "waiting")
    assert [row.id for row in db.rows(history.QUESTIONS["a bubble that is still open"])] == [left]


def taken(house, outbox_id, sid):
    """The provider has taken a copy of a bubble."""
    signed = sign_our_id(load(environ=VARIABLES).secret_key, outbox_id)
    house.provider._messages.append(SimpleNamespace(sid=sid, ours=signed, received_at=datetime.now(UTC)))


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


def after(seconds):
    return MOMENT + timedelta(seconds=seconds)


def copies(*confirmed):
    """Copies of a bubble, taken second by second; what confirmed each of them, and in which second."""
    return [
        SimpleNamespace(received_at=after(second), confirmed={how: after(at).timestamp() for how, at in one.items()})
        for second, one in enumerate(confirmed)
    ]


def test_a_second_copy_is_a_fault_but_of_a_counted_reply_whose_first_was_never_confirmed(house, db, conversations):
    chat = conversations[0]
    doubted, uncounted = (bubble(db, chat, "sent", resent=number) for number in (1, 0))
    bulk = bubble(db, chat, "sent", kind="bulk", resent=1)
    thrice = bubble(db, chat, "sent", resent=1)
    found = history._doubled(
        house,
        {
            doubted: copies({}, {"answer": 1}),
            uncounted: copies({}, {"answer": 1}),
            bulk: copies({}, {"answer": 1}),
            thrice: copies({}, {}, {"answer": 2}),
        },
    )
    assert list(found) == [
        f"sent twice: outbox {uncounted}, 2 times",
        f"sent twice: outbox {bulk}, 2 times",
        f"sent twice: outbox {thrice}, 3 times",
    ]


def test_a_copy_after_the_answer_the_listing_or_the_folded_report_of_an_earlier_one_is_a_fault(
    house, db, conversations
):
    answered, just_answered, listed, reported, listed_late, just_reported, first = (
        bubble(db, conversations[0], "sent", resent=3) for _ in range(7)
    )
    found = history._doubled(
        house,
        {
            answered: copies({"answer": 0.9}, {}, {}),
            just_answered: copies({"answer": 0.1}, {}),
            listed: copies({"list": 0.9}, {}),
            reported: copies({}, {"report": 1.5}, {}, {"report": 3.1}),  # 3 s: it was not known for sure
            listed_late: copies({"list": 1.1}, {"report": 1.1, "list": 1.3}),
            just_reported: copies({"report": 0.9}, {}, {}),
            first: copies({"report": 0.1, "list": 4}, {}, {}, {}),
        },
    )
    assert list(found) == [
        f"sent again though the answer had confirmed it: outbox {answered}, 3 times",
        f"sent again though the list had confirmed it: outbox {listed}, 2 times",
        f"sent again though the report had confirmed it: outbox {first}, 4 times",
    ]


def test_a_list_that_came_too_late_for_its_reader_confirms_nothing_and_a_report_of_the_same_does(
    house, db, conversations
):
    unread, reported = (bubble(db, conversations[0], "sent", resent=1) for _ in range(2))
    house.logged_values = lambda event, key: {str(unread), str(reported)} if event == "twilio_list_unread" else set()
    found = history._doubled(
        house, {unread: copies({"list": 0.1}, {}), reported: copies({"report": -2, "list": 0.1}, {})}
    )
    assert list(found) == [f"sent again though the report had confirmed it: outbox {reported}, 2 times"]


def test_what_is_called_sent_was_taken_what_was_taken_is_known_and_no_reply_or_notice_ends_unheard(
    house, db, conversations
):
    heard, unheard, failed = (bubble(db, conversations[0], state) for state in ("read", "delivered", "failed"))
    allowed = bubble(db, conversations[0], "failed", kind="notice")
    skipped = bubble(db, conversations[0], "skipped", kind="bulk")
    doubted = bubble(db, conversations[0], "uncertain")
    late, too_late = (bubble(db, conversations[0], "failed") for _ in range(2))
    db.run("update outbox set error = 'busy 503' where id = %(id)s", id=failed)
    db.run("update outbox set error = 'window shut' where id = %(id)s", id=allowed)
    db.run("update outbox set error = 'too old' where id = any(%(ids)s)", ids=[late, too_late])
    house.may_fail_for, house.unheard = {"window shut"}, {late}
    db.run("update outbox set provider_id = 'SM1' where id = any(%(ids)s)", ids=[heard, unheard])
    copy = SimpleNamespace(sid="SM1")
    sent = history._called_sent(house)
    assert list(history._unsent(house, sent, {heard: [copy], skipped: [], doubted: []})) == [
        f"called sent, and never taken, as a copy of another was: {{{unheard}: {heard}}} (1 in all)",
        f"nobody hears it: outbox {failed}, a reply, for busy 503",
        f"nobody hears it: outbox {too_late}, a reply, for too old",
        f"taken, and not in the books: [{doubted}]",
    ]


def disorder(house):
    return list(history._out_of_order(house, house.messages, load(environ=VARIABLES)))


def test_news_is_held_to_the_order_of_all_that_was_not_made_at_its_own_moment(house, db, conversations):
    chat, other = conversations
    elsewhere = bubble(db, other, "sent", ago=9)
    first = bubble(db, chat, "sent", ago=8)
    news = bubble(db, chat, "sent", kind="notice", ago=5)
    beside = bubble(db, chat, "sent", ago=4)
    last = bubble(db, chat, "sent", ago=2)
    for sid, outbox_id in enumerate((first, beside, last, news, last, elsewhere)):
        taken(house, outbox_id, str(sid))
    assert disorder(house) == [f"out of order: outbox {news} after {last}, which was said later"]


def test_news_that_was_numbered_before_and_written_after_another_bubble_was_made_beside_it(house, db, conversations):
    reply = bubble(db, conversations[0], "sent", ago=1)
    news = bubble(db, conversations[0], "sent", kind="notice", ago=9)
    db.run("update outbox set said_at = said_at - 2 where id = %(id)s", id=news)
    taken(house, reply, "first")
    taken(house, news, "second")
    assert disorder(house) == []


def test_of_two_replies_the_second_never_goes_first_and_of_one_saying_neither(house, db, conversations):
    one, two = (bubble(db, conversations[0], "sent") for _ in range(2))
    upper, lower = (bubble(db, conversations[1], "sent", kind="notice") for _ in range(2))
    db.run(
        "update outbox set said_at = (select said_at from outbox where id = %(id)s), place = 2 where id = %(lower)s",
        id=upper,
        lower=lower,
    )
    for sid, outbox_id in enumerate((two, lower, one, upper)):
        taken(house, outbox_id, str(sid))
    assert disorder(house) == [
        f"out of order: outbox {one} after {two}, which was said later",
        f"out of order: outbox {upper} after {lower}, which was said later",
    ]


def test_a_bubble_is_overtaken_only_when_it_may_have_been_in_doubt_for_too_long(house, db, conversations):
    forgotten, doubted = (bubble(db, conversations[0], "sent", ago=ago) for ago in (80, 70))
    last = bubble(db, conversations[0], "sent", ago=60)
    for sid, outbox_id in enumerate((last, forgotten, doubted)):
        taken(house, outbox_id, str(sid))
    assert disorder(house) == [f"out of order: outbox {doubted} after {last}, which was said later"]  # 75 s are shipped


def test_news_that_was_tried_so_often_that_the_next_try_was_far_is_overtaken_by_an_answer(house, db, conversations):
    news, other = (bubble(db, chat, "sent", kind="notice", ago=60) for chat in conversations)
    reply, alike = (bubble(db, chat, "sent", ago=ago, kind=kind) for chat, ago, kind in
                    zip(conversations, (5, 5), ("reply", "notice"), strict=True))  # fmt: skip
    for sid, outbox_id in enumerate((reply, news, alike, other)):
        taken(house, outbox_id, str(sid))
    db.run("update outbox set attempts = 4")  # refused three times, the last for half a minute
    strange = f"out of order: outbox {other} after {alike}, which was said later"
    assert disorder(house) == [f"out of order: outbox {news} after {reply}, which was said later", strange]
    db.run("update outbox set attempts = 5")
    assert disorder(house) == [strange]


@pytest.fixture
def terms():
    """The shipped ones."""
    return Terms.of(Secret("a key for tests only"), Timing(), Market().delivery_bands)


@pytest.fixture
def parts(db, yawa, terms):
    """Six parts of orders that have just been placed; their ids."""
    rice = make_good(db, yawa, "Riz")
    placed = [order(db, terms, (rice, 1)) for _ in range(6)]
    return [part for one in placed for part in one.vendor_order_ids]


def write_down(db, part, *facts):
    """Facts of a part that nothing in the program would let happen, or would; its state is the last of them."""
    insert = (
        "insert into order_history (order_id, vendor_order_id, fact)"
        " select order_id, id, %(fact)s from vendor_order where id = %(part)s"
    )
    for fact in facts:
        db.run(insert, part=part, fact=fact)
    set_state(db, part, facts[-1])


def test_a_part_of_an_order_is_made_again_from_its_history_fact_by_fact(house, db, parts):
    whole, twice, back, early, unplaced, moved = parts
    write_down(db, whole, "accepted", "wrong_code", "handed_over", "delivered", "returned")
    write_down(db, twice, "accepted", "accepted")
    write_down(db, back, "refused", "accepted")
    write_down(db, early, "delivered")
    db.run("delete from order_history where vendor_order_id = %(id)s", id=unplaced)
    set_state(db, moved, "ready")
    assert list(history._of_orders(house)) == [
        f"a part of an order went from accepted to accepted: part {twice}",
        f"a part of an order went from refused to accepted: part {back}",
        f"a part of an order went from placed to delivered: part {early}",
        f"a part of an order is placed and its history ends with nothing: part {unplaced}",
        f"a part of an order is ready and its history ends with placed: part {moved}",
    ]


def test_each_action_leads_on_from_its_own_states_and_a_part_is_placed_once(house, db, parts):
    write_down(db, parts[0], "expired")
    write_down(db, parts[1], "accepted", "expired")
    write_down(db, parts[2], "placed")
    write_down(db, parts[3], "accepted", "cancelled")
    assert history.SOURCES.keys() == set(STATES)
    assert list(history._of_orders(house)) == [
        f"a part of an order went from accepted to expired: part {parts[1]}",
        f"a part of an order went from placed to placed: part {parts[2]}",
    ]


def test_a_deadlock_before_a_crash_is_counted_in_the_log_of_a_server_of_its_own(tmp_path):
    log = tmp_path / "server.log"
    log.write_text(
        "ERROR:  deadlock detected\nLOG:  database system was interrupted\nERROR:  deadlock detected\n"
        "ERROR:  canceling statement due to lock timeout\n"
    )
    assert House.deadlocks(SimpleNamespace(server_log=log)) == 2


def test_deadlocks_are_a_fault(house, monkeypatch):
    monkeypatch.setattr(history, "QUESTIONS", {})
    monkeypatch.setattr(history, "INVARIANTS", [])
    for number, found in ((0, []), (2, ["2 deadlocks (SQLSTATE 40P01)"])):
        house.deadlocks = lambda number=number: number
        assert list(history._of_tables(house)) == found


def test_a_recovery_lasts_from_a_kill_until_the_last_of_what_was_open_then_is_done(db, conversations):
    for sid, received, done in (("A", -5, -4), ("B", -3, 2), ("C", 20, 21), ("D", 3, 22)):
        message = {"id": db.value(MESSAGE, conversation=conversations[0], sid=sid)}
        message |= {"received": after(received), "done": after(done)}
        db.run("update inbox set received_at = %(received)s, done_at = %(done)s where id = %(id)s", **message)
    house = SimpleNamespace(rows=db.rows, run=db.run, deadlocks=lambda: 0)
    history.note_ends(house)
    sent = bubble(db, conversations[0], "sent")
    made = {"id": sent, "made": after(30), "ended": after(44)}
    db.run("update outbox set made_at = %(made)s, ended_at = %(ended)s where id = %(id)s", **made)

    def recovery(*falls, servers=()):
        house.falls, house.server_falls = map(after, falls), [("Redis", after(fall)) for fall in servers]
        return history.figures_of(house).recovery

    assert recovery() == 0
    assert recovery(0) == 2  # B was open, A done, C not there yet
    assert recovery(10) == 12  # D
    assert recovery(40) == 4  # the bubble
    assert recovery(0, 10, 40, 50) == 12  # after the last one nothing was to do
    assert recovery(0, servers=[40, 50]) == 4  # a server's fall is one as well


def test_a_bubble_ends_when_it_is_settled_by_whomever_and_not_when_it_is_claimed(house, db, conversations):
    house.run = db.run
    history.note_ends(house)
    one = bubble(db, conversations[0], "waiting")

    def moved(state, **more):
        db.run("update outbox set state = %(state)s where id = %(id)s", state=state, id=one)
        return db.value("select ended_at is not null from outbox where id = %(id)s", id=one)

    assert [moved(state) for state in ("sending", "uncertain", "sending", "sent")] == [False, False, False, True]
    db.run("update outbox set ended_at = ended_at - interval '1 hour' where id = %(id)s", id=one)
    long_ago = db.value("select ended_at from outbox where id = %(id)s", id=one)
    moved("delivered")  # a later report of what has ended
    assert db.value("select ended_at from outbox where id = %(id)s", id=one) == long_ago
    moved("failed")
    moved("waiting")  # opened again
    moved("sent")
    assert db.value("select ended_at = market_now() from outbox where id = %(id)s", id=one)


@pytest.mark.parametrize("is_away", [False, True], ids=["with its database", "without"])
def test_what_a_house_has_been_through_is_kept_as_far_as_it_can_be_told(
    house, db, conversations, tmp_path, monkeypatch, is_away
):
    monkeypatch.setattr(history, "KEPT_AT", tmp_path)
    (tmp_path / "worker0-1.log").write_text("event=worker_started\n")
    house.falls, house.server_falls, house.folder = [MOMENT], [("Redis", MOMENT)], tmp_path
    house.provider.under_way["SM1"] = (0.5, 0.75)
    sent = bubble(db, conversations[0], "sent")
    taken(house, sent, "SM2")
    if is_away:
        house.rows = Mock(side_effect=OperationalError("away"))

    path = history.keep(house, "test_a_kill[its point]")

    kept = [json.loads(line) for line in path.read_text().splitlines()]
    assert path.name == f"test_a_kill-its-point--{os.getpid()}.jsonl"
    assert [next(iter(line)) for line in kept[:5]] == ["knocked", "acknowledged", "taken", "falls", "log"]
    assert kept[4] == {"log": "worker0-1", "line": "event=worker_started"}
    if is_away:
        assert kept[5:] == [{"table": table, "error": "OperationalError('away')"} for table in history.TABLES]
    else:
        assert [line["id"] for line in kept[5:] if line["table"] == "outbox"] == [sent]


def test_of_a_table_with_many_rows_the_newest_are_kept_in_their_order(house, db, conversations, monkeypatch):
    monkeypatch.setattr(history, "MOST_ROWS", 2)
    db.run("delete from identity")
    for hours in (3, 1, 2):
        given = {"chat": conversations[0], "sid": f"SM{hours}", "hours": hours}
        db.value(MESSAGE, conversation=conversations[0], sid=given["sid"])
        db.run(f"insert into seen select account_id, %(sid)s, {AGO} from conversation where id = %(chat)s", **given)
        db.run(
            "insert into identity (account_id, contact_id, kind, value, made_at)"
            f" select account_id, contact_id, 'phone', %(sid)s, {AGO} from conversation where id = %(chat)s",
            **given,
        )
    kept = [line for line in history._lines_of_tables(house) if line["table"] in ("inbox", "seen", "identity")]
    names = [line.get("provider_id", line.get("value")) for line in kept]
    assert names == ["SM1", "SM2", "SM2", "SM1", "SM2", "SM1"]  # by when they were written, then twice by hours ago


def test_every_table_that_the_checker_reads_is_kept(db):
    asked = " ".join((*history.QUESTIONS.values(), history.FIGURES, history.SAID, history.TURNED, history.PARTS))
    tables = {row.tablename for row in db.rows("select tablename from pg_tables where schemaname = 'public'")}
    read = set(re.findall(r"\w+", asked)) & tables
    assert len(read) >= 10
    assert read - set(history.TABLES) == set()
    assert set(history.TABLES) - tables == set()


def test_a_life_that_ends_unasked_is_a_fall_and_a_polite_stop_is_none(tmp_path):
    process = Process("sleeper", ["-c", "import time; time.sleep(60)"], {}, tmp_path, is_ready_made=False)

    def die():
        process.popen.kill()
        process.popen.wait()

    def die_unseen():
        die()
        process.put_down()

    falls = []
    for end, is_cleared in (
        (process.kill, True),
        (process.stop, True),
        (die, True),
        (die, False),
        (process.stop, True),
        (process.put_down, True),
        (die_unseen, True),
    ):
        process.start()
        end()
        if is_cleared:  # as by whoever mends a house
            process.kill()
        falls.append(len(process.falls))
    # the fourth death is seen when the next life begins; who is put down has not fallen, but if he was dead before
    assert (falls, process.lives) == ([1, 1, 2, 2, 3, 3, 4], 7)


def test_a_fall_has_the_moment_when_it_was_first_seen(tmp_path):
    process = Process("sleeper", ["-c", "pass"], {}, tmp_path, is_ready_made=False)
    process.start()
    process.popen.wait()
    assert not process.is_alive
    (seen,) = process.falls
    process.kill()
    process.start()
    assert process.falls == [seen]
    process.put_down()


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


def found(db, question):
    return [tuple(row) for row in db.rows(history.QUESTIONS[question])]


MOVED_WRONG = "a movement of stock that is not what its reason moves"
TOLD_OTHERWISE = "a part whose goods did not move as its history says"
NOBODYS = "a movement without a part that only parts make"


def served(db, yawa, terms, *, name="Riz", quantity=3):
    """A part that was ordered, accepted, handed over, delivered and taken back; its id and its stock's."""
    rice = make_good(db, yawa, name, on_hand=0)
    stock.count(db, rice.stock_id, 10, JOB)
    (part,) = order(db, terms, (rice, quantity)).vendor_order_ids
    for act in (progress.accept, progress.ready, progress.hand_over):
        assert act(db, part, [yawa], cause()) == "done"
    return part, rice.stock_id


@pytest.mark.parametrize("is_sellable", [True, False])
def test_goods_that_moved_as_their_parts_were_told_are_in_order(db, yawa, terms, is_sellable):
    part, _ = served(db, yawa, terms)
    assert progress.take_back(db, part, [yawa], cause(), is_sellable=is_sellable) == "done"
    _, lying = served(db, yawa, terms, name="Maïs")
    (other,) = order(db, terms, (make_good(db, yawa, "Huile"), 1)).vendor_order_ids
    assert progress.refuse(db, other, [yawa], "shortage", cause()) == "done"
    stock.count(db, lying, 20, JOB)
    assert [found(db, question) for question in (MOVED_WRONG, TOLD_OTHERWISE, NOBODYS)] == [[], [], []]


@pytest.mark.parametrize(
    "spoilt",
    [
        "held_after = held_after + 1 where reason = 'hold'",
        "allocated_after = allocated_after - 1 where reason = 'allocate'",
        "on_hand_after = on_hand_after + 1 where reason = 'hand_over'",
        "on_hand_after = 7 where reason = 'count'",
        "reason = 'free' where reason = 'hand_over'",
        "quantity = quantity - 1 where reason = 'allocate'",
    ],
)
def test_a_movement_that_does_not_move_what_its_reason_says_is_found(db, yawa, terms, spoilt):
    served(db, yawa, terms)
    assert db.run(f"update stock_movement set {spoilt}").count == 1
    assert len(found(db, MOVED_WRONG)) == 1


def test_goods_of_a_part_that_moved_otherwise_than_it_was_told_are_found(db, yawa, terms):
    part, _ = served(db, yawa, terms)
    db.run("delete from stock_movement where reason = 'hand_over'")
    assert found(db, TOLD_OTHERWISE) == [(part, "hand_over", 3, None)]
    db.run("update order_history set fact = 'refused' where fact = 'handed_over'")
    assert found(db, TOLD_OTHERWISE) == [(part, "free", 3, None)]
    db.run("delete from order_history where fact = 'refused'")
    db.run("update order_line set quantity = 2")
    assert found(db, TOLD_OTHERWISE) == [(part, "allocate", 2, 3)]


def test_goods_that_only_a_part_moves_and_no_part_moved_are_found(db, yawa, terms):
    served(db, yawa, terms)
    db.run("update stock_movement set vendor_order_id = null where reason = 'allocate'")
    assert [row[1] for row in found(db, NOBODYS)] == ["allocate"]
    assert [row[1:] for row in found(db, TOLD_OTHERWISE)] == [("allocate", 3, None)]
