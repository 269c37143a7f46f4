"""The engine on real stores: order, batches, busy rows, exceptions, deaths, lost caches, replays."""

import json
import threading
import time
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from unittest.mock import Mock

import psycopg
import pytest

from base.accounts import Rates
from base.db import AWAY
from bot import contacts, dead_letters, engine, inbox, locks
from bot.answers import Reader, compose
from bot.attention import AttentionNeeded
from bot.engine import FRESH, MOST_TRIES
from bot.machine import advance
from bot.messages import Happened, Identity, Kept, Parsed, Sender
from bot.pace import Allowed
from bot.running import moment_of
from bot.session import Session
from bot.sessions import KEY, Sessions, connect
from bot.turn import Person
from bot.waiting import Waiting
from bot.world import Moment
from bot.worlds import Astray, ReplayWorld, said_of
from tests.bot.outgoing import chat_of
from tests.bot.stall import AWA, KOSSI, LIMITS, Noted, Stall, message_of, waits_for_lock
from tests.catalog.crowd import run_together
from tests.catalog.market import make_good, make_vendor

SOMEBODY = Person(1, "Awa", "fr", is_in_text_mode=False)
QUESTION = "Quelle rue ou quel repère ?"


@pytest.fixture
def rice(stall):
    """The id of a stock row that can be busy."""
    with stall.database.unit_of_work() as db:
        return make_good(db, make_vendor(db)).stock_id


YAO = "+22890000077"
HOLD = "select 1 from stock where id = %(id)s for no key update"


def test_sixteen_conversations_are_one_transaction_and_the_seventeenth_waits(stall):
    people = [f"+2289000{number:04}" for number in range(17)]
    stall.opens(*people)
    for phone in people:
        stall.says(phone, "riz")
    assert stall.taker.take_waiting() == 16
    assert stall.value("select count(distinct xmin::text) from turn") == 1
    assert stall.value("select count(distinct commit_no) from turn") == 16
    assert stall.taker.take_waiting() == 1
    assert [stall.noted(phone) for phone in people] == [["riz"]] * 17


def test_who_is_named_is_taken_alone_of_all_that_wait_and_whom_others_have_is_told(stall):
    stall.opens(YAO)
    for phone in (AWA, KOSSI, YAO):
        stall.says(phone, "riz")
    awa, kossi = chat_of(stall, AWA), chat_of(stall, KOSSI)
    with stall.holding("select 1 from conversation where id = %(id)s for no key update", id=kossi):
        assert (stall.taker.take_waiting([kossi, awa]), stall.taker.missed) == (1, 1)
    assert [stall.noted(phone) for phone in (AWA, KOSSI, YAO)] == [["riz"], [], []]
    assert (stall.taker.take_waiting([awa]), stall.taker.missed) == (0, 0)  # nothing waits there any longer
    assert (stall.taker.take_waiting([kossi]), stall.taker.missed) == (1, 0)
    assert (stall.taker.take_waiting(), stall.taker.missed) == (1, 0)
    assert [stall.noted(phone) for phone in (AWA, KOSSI, YAO)] == [["riz"]] * 3


def test_in_which_chats_more_is_open_is_told(stall):
    stall.says(AWA, "bonjour", joining=True)
    stall.says(AWA, "riz")  # due at once, and no part of the greeting
    stall.says(KOSSI, "riz")
    awa, kossi = chat_of(stall, AWA), chat_of(stall, KOSSI)
    assert (stall.taker.take_waiting([awa, kossi]), stall.taker.followed) == (2, [awa])
    assert (stall.taker.take_waiting([awa]), stall.taker.followed) == (1, [])
    assert (stall.noted(AWA), stall.noted(KOSSI)) == (["bonjour", "riz"], ["riz"])


def test_whoever_has_just_started_takes_one_and_tells_who_else_was_named(stall):
    for phone in (AWA, KOSSI):
        stall.says(phone, "riz")
    taker = stall.new_taker()
    taker.succeeded = 0
    assert (taker.take_waiting([chat_of(stall, AWA), chat_of(stall, KOSSI)]), taker.missed) == (1, 2)


def test_one_persons_messages_are_taken_in_their_order_by_several_takers(stall):
    for number in range(30):
        stall.says((AWA, KOSSI)[number % 2], f"mot {number}")
    takers = [stall.new_taker() for _ in range(3)]
    assert sum(run_together(stall.takes, takers)) <= 30
    stall.takes()
    assert stall.noted(AWA) == [f"mot {number}" for number in range(0, 30, 2)]
    assert stall.noted(KOSSI) == [f"mot {number}" for number in range(1, 30, 2)]
    assert stall.value("select count(*) from turn") == 30


def test_words_that_join_are_one_turn(stall):
    for words in ("zorglub", "brigadoum", "tralalère"):
        stall.says(AWA, words, joining=True)
    assert stall.takes() == 0
    stall.passes(1.3)
    assert stall.takes() == 1
    assert stall.noted(AWA) == ["zorglub\nbrigadoum\ntralalère"]
    assert stall.inbox() == [("done", 0)] * 3


def test_whoever_meets_a_busy_row_leaves_the_batch_and_waits_by_himself(stall, rice):
    stall.says(AWA, f"lock {rice}")
    stall.says(KOSSI, "riz")
    with stall.holding(HOLD, id=rice) as holder:
        taking = threading.Thread(target=stall.taker.take_waiting)
        taking.start()
        waits_for_lock(stall)
        assert stall.noted(KOSSI) == ["riz"]  # committed while the other waits
        assert stall.noted(AWA) == []
        holder.rollback()
        taking.join(10)
    assert stall.noted(AWA) == [f"lock {rice}"]
    assert stall.inbox() == [("done", 0)] * 2  # nobody failed, nothing was counted
    assert stall.taker.counts == {}


@pytest.mark.parametrize("step", ["lock", "late"])
def test_whoever_is_alone_in_the_batch_waits_for_a_busy_row_at_once(stall, rice, step):
    stall.says(AWA, f"{step} {rice}")
    stall.taker._alone = Mock()
    with stall.holding(HOLD, id=rice) as holder:
        taking = threading.Thread(target=stall.taker.take_waiting)
        taking.start()
        waits_for_lock(stall)
        holder.rollback()
        taking.join(10)
    assert stall.inbox() == [("done", 0)]
    assert (stall.taker.counts, stall.taker._alone.mock_calls) == ({}, [])


@pytest.mark.parametrize(("others", "marked"), [(1, 0), (0, 0), (1, 1)])
def test_a_row_that_is_held_for_long_holds_a_taker_up_once(stall, rice, monkeypatch, others, marked):
    taker, began = stall.new_taker(), time.monotonic()
    taker.succeeded = 0 if marked else FRESH

    def takes():
        """Until nothing is taken any more; the seconds."""
        start = time.monotonic()
        while taker.take_waiting():
            pass
        return time.monotonic() - start

    stall.says(AWA, f"lock {rice}")
    with stall.holding(HOLD, id=rice) as holder:
        for number in range(others):
            stall.says(KOSSI, f"riz {number}")
        assert 2.0 <= takes() < 4.0
        stall.says(KOSSI, "svp")
        assert takes() < 1.0
        assert stall.noted(KOSSI) == [*(f"riz {number}" for number in range(others)), "svp"]
        assert (stall.noted(AWA), stall.inbox()[0]) == ([], ("open", 0))
        with monkeypatch.context() as later:
            later.setattr(engine.time, "monotonic", lambda: began + engine.BUSY_FOR + 30.0)
            assert taker.take_waiting() == 0  # after a minute it waits once more
        assert taker.counts["55P03"] == 2
        holder.rollback()
    assert takes() < 1.0
    assert stall.noted(AWA) == [f"lock {rice}"]
    assert (taker.busy, stall.inbox()[0]) == ({}, ("done", marked))


def test_a_step_that_writes_before_it_locks_cannot_be_tried_without_a_wait(stall, rice):
    stall.says(AWA, f"late {rice}")
    with stall.holding(HOLD, id=rice):
        assert stall.taker.take_waiting() == 0
    chat = chat_of(stall, AWA)
    assert stall.taker.busy.keys() == {chat}
    assert (stall.taker.take_waiting(), stall.taker.busy) == (0, {})
    assert (stall.taker.take_waiting(), stall.noted(AWA)) == (1, [f"late {rice}"])


def test_a_free_row_is_locked_inside_the_batch(stall, rice):
    stall.says(AWA, f"lock {rice}")
    stall.says(KOSSI, "riz")
    assert stall.taker.take_waiting() == 2
    assert stall.value("select count(distinct xmin::text) from turn") == 1


def test_a_step_that_writes_before_it_locks_is_dropped_whole_and_taken_alone(stall, rice):
    stall.says(AWA, f"late {rice}")
    stall.says(KOSSI, "riz")
    assert stall.taker.take_waiting() == 2
    assert stall.taker.counts == {"LocksComeFirst": 1}
    assert stall.value("select count(*) from turn") == 2


def test_neighbours_of_an_exception_are_answered_once(stall):
    stall.says(AWA, "boom")
    stall.says(KOSSI, "riz")
    assert stall.taker.take_waiting() == 1
    assert stall.noted(KOSSI) == ["riz"]
    assert len(stall.said(KOSSI)) == 1
    assert stall.said(AWA) == []
    assert stall.inbox() == [("open", 1), ("done", 1)]
    error = stall.value("select error from inbox where attempts = 1 and state = 'open'")
    assert error.startswith("ZeroDivisionError at stall.py:")


def test_a_row_is_tried_again_after_1_5_30_120_seconds_and_dead_after_five(stall):
    stall.says(AWA, "boom")
    stall.says(AWA, "riz")
    stall.taker.take_waiting()
    for tries, wait in enumerate((1, 5, 30, 120), start=1):
        assert stall.inbox()[0] == ("open", tries)
        due = "select extract(epoch from due_at - market_now()) from inbox where attempts > 0"
        assert wait - 1 < float(stall.value(due)) <= wait
        stall.passes(wait - 0.9)
        assert stall.taker.take_waiting() == 0  # not yet, and nobody overtakes it
        stall.passes(0.9)
        stall.taker.take_waiting()
    assert stall.inbox() == [("open", 5), ("open", 0)]
    assert stall.said(AWA) == []
    assert stall.takes() == 2
    assert [state for state, _ in stall.inbox()] == ["dead", "done"]
    sorry, question, answer = stall.said(AWA)
    assert sorry == "Pardon, un problème nous a arrêtés. Veuillez répéter votre message."
    assert question == answer
    assert stall.noted(AWA) == ["riz"]
    assert stall.rows("select kind, about->>'inbox' as inbox from attention") == [("message_dead", "3")]
    assert stall.value("select error from inbox where state = 'dead'").startswith("ZeroDivisionError at stall.py:")


def test_dead_messages_that_are_taken_again_stand_alone_each(stall):
    for words in ("2 sacs", "3 bidons"):  # with a number: they came as two messages
        stall.says(AWA, words)
    stall.run("update inbox set state = 'dead', attempts = %(most)s where state = 'open'", most=MOST_TRIES)
    stall.passes(60)
    with stall.database.unit_of_work() as db:
        assert dead_letters.take_again(db, [row.id for row in dead_letters.listed(db)]) == 2
    assert stall.takes() == 2
    assert stall.noted(AWA) == ["2 sacs", "3 bidons"]


def fail_five_times(stall):
    """Bring the first open message to the end of its tries."""
    stall.run(
        "update inbox set attempts = %(most)s, error = 'Bug at step.py:1', due_at = market_now() where state = 'open'",
        most=MOST_TRIES,
    )


def test_when_asking_again_fails_too_the_person_still_hears_sorry(stall):
    stall.says(AWA, "boom")
    fail_five_times(stall)
    stall.run("update inbox set attempts = attempts + 1 where state = 'open'")
    assert stall.takes() == 1
    assert stall.said(AWA) == ["Pardon, un problème nous a arrêtés. Veuillez répéter votre message."]
    assert stall.value("select state from inbox where provider_id not like 'open%%'") == "dead"


@pytest.mark.parametrize("said", [{"happened": Happened("taken_over")}, {"text": "riz", "comment": "1_1"}], ids=str)
def test_to_what_nobody_has_said_in_the_chat_no_apology_is_made(stall, said):
    heard = []
    stall.database.reactions = [(AttentionNeeded, lambda db, fact: heard.append(fact.kind))]
    before = stall.value("select last_in_at from conversation order by id limit 1")
    stall.says(AWA, **said)
    fail_five_times(stall)
    assert stall.takes() == 1
    assert (stall.said(AWA), stall.value("select count(*) from turn"), heard) == ([], 0, ["message_dead"])
    dead = "select state, error from inbox where provider_id not like 'open%%'"
    assert [tuple(row) for row in stall.rows(dead)] == [("dead", "Bug at step.py:1")]
    assert stall.value("select last_in_at from conversation order by id limit 1") == before


def test_when_even_sorry_fails_the_row_is_dead_and_later_messages_are_not_held_up(stall):
    stall.says(AWA, "boom")
    fail_five_times(stall)
    good = stall.value("select document from conversation order by id limit 1")
    stall.run("update conversation set document = jsonb_build_object('session', 7), revision = 1")
    for _ in range(3):
        stall.taker.take_waiting()
    assert stall.inbox()[0][0] == "dead"
    assert stall.value("select error from inbox where state = 'dead'").startswith("TypeError at session.py:")
    assert stall.value("select count(*) from attention where kind = 'message_dead'") == 1
    stall.run("update conversation set document = %(good)s::jsonb, revision = 2", good=json.dumps(good))
    stall.says(AWA, "riz")
    assert stall.takes() == 1


def test_a_row_of_another_version_does_not_stop_its_neighbours_and_ends_as_dead(stall):
    stall.says(AWA, "riz")
    stall.says(KOSSI, "riz")
    stall.run(
        "update inbox set message = '{\"unknown\": 1}' where id = (select min(id) from inbox where state = 'open')"
    )
    stall.taker.take_waiting()
    assert stall.noted(KOSSI) == ["riz"]
    assert stall.inbox()[0] == ("open", 1)
    fail_five_times(stall)
    stall.takes()
    assert stall.inbox()[0][0] == "dead"


@pytest.mark.parametrize("state", ["40P01", "55P03", "57014", "40001", "57P01"])
def test_a_try_that_nobody_is_to_blame_for_is_taken_back(stall, state):
    stall.says(AWA, f"state {state}")
    stall.says(KOSSI, "riz")
    before = stall.value("select due_at from inbox where state = 'open' order by id limit 1")
    stall.taker.take_waiting()
    assert stall.noted(KOSSI) == ["riz"]
    assert stall.inbox()[0] == ("open", 0)
    assert stall.value("select due_at from inbox where state = 'open'") == before  # as if it had never begun
    assert stall.taker.counts == {state: 2}


def test_a_lost_connection_is_told_to_the_loop_and_counts_for_nobody(stall, rice):
    stall.says(AWA, f"lock {rice}")
    lost = []

    def take():
        try:
            stall.taker.take_waiting()
        except AWAY as error:
            lost.append(type(error).__name__)

    with stall.holding(HOLD, id=rice):
        taking = threading.Thread(target=take)
        taking.start()
        waits_for_lock(stall)
        stall.rows("select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database()"
                   " and wait_event_type = 'Lock'")  # fmt: skip
        taking.join(10)
    assert stall.inbox() == [("open", 0)]
    assert stall.takes() == 1


@pytest.mark.parametrize(("texts", "told"), [([], []), (["riz", "svp"], [2])])
def test_a_batch_that_had_turns_in_it_when_its_connection_was_lost_is_logged(stall, monkeypatch, texts, told):
    for phone, text in zip((AWA, KOSSI), texts, strict=False):
        stall.says(phone, text)
    monkeypatch.setattr(engine, "write", Mock(side_effect=psycopg.OperationalError("gone")))
    monkeypatch.setattr(engine, "log", Mock())
    with pytest.raises(psycopg.OperationalError):
        stall.taker.take_waiting()
    assert [call.kwargs["count"] for call in engine.log.warning.call_args_list] == told


def test_a_taker_that_has_just_started_goes_alone_with_the_mark_until_sixteen_turns_succeeded(stall):
    people = [f"+2289000{number:04}" for number in range(20)]
    stall.opens(*people)
    for phone in people:
        stall.says(phone, "riz")
    taker = stall.new_taker(succeeded=0)
    for _ in range(FRESH):
        assert taker.take_waiting() == 1
    assert stall.inbox() == [("done", 1)] * 16 + [("open", 0)] * 4  # the oldest first, each counted before it began
    assert taker.take_waiting() == 4
    assert stall.inbox()[16:] == [("done", 0)] * 4


def test_what_turns_need_is_read_before_the_first_one_begins_and_not_while_nothing_waits(stall):
    seen = []
    taker = replace(stall.new_taker(succeeded=0), prepare=lambda: seen.append(stall.inbox()))
    assert (taker.take_waiting(), seen) == (0, [])
    stall.says(AWA, "riz")
    assert taker.take_waiting() == 1
    assert seen == [[("open", 0)]]  # not even counted yet


def test_a_message_that_kills_its_process_is_counted_before_it_begins(stall):
    stall.says(AWA, "riz")
    taker = stall.new_taker(succeeded=0)
    seen = []

    class Killed(BaseException):
        pass

    def kill(*_):
        seen.append(stall.inbox())
        raise Killed

    object.__setattr__(stall.bot, "dialogs", KillsOn(kill))
    with suppress(Killed):
        taker.take_waiting()
    assert seen == [[("open", 1)]]


class KillsOn:
    """Tables that end the process as soon as a turn looks at them."""

    def __init__(self, kill):
        self.kill = kill

    def __getitem__(self, name):
        return self.kill()


def converse(stall):
    """A short chat; returns what PostgreSQL says of it."""
    for words in ("un", "deux", "wait", "trois", "quatre"):
        yield
        stall.says(AWA, words)
        stall.takes()
    yield


def transcript(stall):
    """Everything that was said and kept."""
    document = stall.value("select document from conversation order by id limit 1")
    asked = document["session"].pop("asked", None)
    document["session"].pop("pace", None)  # of the minute, which may change between two plays
    return [stall.said(AWA), stall.noted(AWA), document, bool(asked)]


@pytest.fixture
def plain_transcript(stall):
    """The chat when nothing goes wrong."""
    for _ in converse(stall):
        pass
    return transcript(stall)


@pytest.mark.parametrize("fault", ["flushed", "stale", "garbage", "away"])
def test_whatever_happens_to_redis_the_chat_is_the_same(fault, clean_database, redis_url, redis, config):
    def play(disturb):
        stall = Stall(clean_database, redis_url, config)
        stall.opens(AWA)
        if fault == "away" and disturb:
            object.__setattr__(stall.bot, "sessions", Sessions(connect("redis://127.0.0.1:1/0", 0.05), 60))
        stall.bot.sessions.own.most = 0  # as where another process takes the next turn
        old = {}
        for _ in converse(stall):
            if disturb:
                old = disturb(stall, old)
        told = transcript(stall)
        stall.run("truncate inbox, outbox, turn, seen, conversation, identity, contact cascade")
        redis.flushdb()
        return told

    assert play(None) == play(DISTURBANCES[fault](redis))


def flushed(redis):
    def disturb(stall, old):
        redis.flushdb()
        return old

    return disturb


def stale(redis):
    """Redis holds the session of the turn before."""

    def disturb(stall, old):
        now = {key: redis.get(key) for key in redis.keys(f"{KEY}*")}
        for key, text in old.items():
            redis.set(key, text)
        return now

    return disturb


def garbage(redis):
    texts = iter([b"{", b"\xff", b"[1]", b'{"revision": 1}', b"null"] * 3)

    def disturb(stall, old):
        for key in redis.keys(f"{KEY}*"):
            redis.set(key, next(texts))
        return old

    return disturb


def untouched(redis):
    return lambda stall, old: old


DISTURBANCES = {"flushed": flushed, "stale": stale, "garbage": garbage, "away": untouched}


def test_facts_of_a_dropped_turn_are_dropped_with_it(stall, rice):
    heard = []
    stall.database.reactions = [(Noted, lambda db, fact: heard.append(fact.words))]
    stall.says(AWA, f"lock {rice}")
    stall.says(KOSSI, "riz")
    with stall.holding(HOLD, id=rice) as holder:
        taking = threading.Thread(target=stall.taker.take_waiting)
        taking.start()
        waits_for_lock(stall)
        assert heard == ["riz"]
        holder.rollback()
        taking.join(10)
    assert heard == ["riz", f"lock {rice}"]


def test_a_reaction_that_meets_a_busy_row_drops_its_turn_too(stall, rice):
    def react(db, fact):
        db.lock("select id from stock where id = %(id)s order by id for no key update", expected=1, id=rice)

    stall.database.reactions = [(Noted, react)]
    stall.says(AWA, "riz")
    with stall.holding(HOLD, id=rice) as holder:
        taking = threading.Thread(target=stall.taker.take_waiting)
        taking.start()
        waits_for_lock(stall)
        assert stall.value("select count(*) from turn") == 0
        holder.rollback()
        taking.join(10)
    assert stall.value("select count(*) from turn") == 1


def test_a_dead_message_is_told_to_the_organizers_list_by_a_fact(stall):
    heard = []
    stall.database.reactions = [(AttentionNeeded, lambda db, fact: heard.append(fact.kind))]
    stall.says(AWA, "boom")
    fail_five_times(stall)
    stall.takes()
    assert heard == ["message_dead"]


def test_turn_rows_replay_to_the_same_states_and_words(stall):
    for words in ("un", "hello", "wait", "encore"):
        stall.says(AWA, words)
        stall.takes()
    stall.passes(61)
    stall.says(AWA, "STOP")
    stall.takes()
    rows = stall.rows("select t.*, array_agg(i.message order by i.id) as messages from turn t join inbox i"
                      " on i.id = any(t.inbox_ids) group by t.id order by t.id")  # fmt: skip
    assert len(rows) == 5
    for place, row in enumerate(rows):
        waiting = message_of(row.messages[0]["provider_id"], AWA, row.messages[0]["text"])
        before = Session.from_document(row.before)
        minute = int(row.now.timestamp() // 60)
        world = ReplayWorld(["buyer"], row.answers)
        turned = advance(stall.bot.dialogs, before, waiting, world, Moment(minute, allowed=Allowed(60, 5)))
        said = stall.rows("select said_at from outbox where said_at is not null order by said_at, place")
        number = sorted({one.said_at for one in said})[place]
        composed = compose(turned.bubbles, turned.session, Reader("fr", False, LIMITS), number, minute)
        assert json.loads(json.dumps(composed.session.to_document())) == row.after
        assert json.loads(json.dumps(said_of(turned.bubbles))) == row.said
        assert list(turned.outcomes) == row.outcomes
        assert turned.route.how == row.read_as
    with pytest.raises(Astray):
        ReplayWorld(["buyer"], []).consent("STOP")


FLOOD = """
insert into inbox (account_id, conversation_id, provider_id, message, raw, received_at, due_at)
select i.account_id, i.conversation_id, i.provider_id || '.' || n, i.message, i.raw, i.received_at, i.due_at
from inbox i, generate_series(1, 700) n where i.state = 'open'
"""


def test_a_flood_of_one_person_keeps_nobody_else_waiting(stall):
    stall.opens(AWA, KOSSI, "+22890000003", "+22890000004")
    stall.says(AWA, "flood")
    stall.run(FLOOD)
    stall.passes(60)
    stall.says(KOSSI, "riz")
    stall.says("+22890000003", "boom")
    stall.run("update inbox set attempts = 1, due_at = due_at + interval '1 minute' where message->>'text' = 'boom'")
    stall.says("+22890000003", "svp")
    stall.says("+22890000004", "svp", joining=True)
    chats = [row.id for row in stall.rows("select id from conversation order by id")]
    with stall.database.unit_of_work() as db:
        assert locks.conversations_by_age(db, 4) == chats[:2]  # a retry and words that may go on are waited for
    stall.taker.take_waiting()
    assert stall.noted(KOSSI) == ["riz"]
    assert stall.noted(AWA) == ["flood"]


TAPPED = """
select o.said_at, o.bubble->'offers'->0->>'id' as offered from outbox o
join conversation c on c.id = o.conversation_id join identity i using (contact_id)
where i.value = %(phone)s and o.bubble ? 'offers' order by o.said_at, o.place desc limit 1
"""


@pytest.mark.parametrize(
    "state, becomes", [("uncertain", "sent"), ("sending", "sent"), ("failed", "failed"), ("skipped", "skipped")]
)
def test_a_tap_proves_that_its_bubble_arrived_and_no_other(stall, state, becomes):
    stall.opens(AWA, KOSSI, state="buyer.choosing")
    for phone in (AWA, KOSSI):
        stall.says(phone, "?")
    stall.takes()
    stall.run("update outbox set state = %(state)s, sent_at = market_now(), lease_owner = 'other'", state=state)
    (tapped,) = stall.rows(TAPPED, phone=AWA)
    stall.says(KOSSI, tap=tapped.offered, replied_to="SM8")  # forwarded from somebody else's chat: it proves nothing
    stall.takes()
    assert stall.value("select count(*) from outbox where state = 'sent'") == 0
    stall.says(AWA, tap=tapped.offered, replied_to="SM9")
    stall.takes()
    turn = stall.rows(
        "select state, provider_id from outbox where said_at = %(said)s order by place", said=tapped.said_at
    )
    known = "SM9" if becomes == "sent" else None  # no equal words in doubt are found in this copy
    assert turn == [(state, None), (becomes, known)]  # the words before the question are another bubble
    others = stall.rows("select distinct state from outbox where said_at <> %(said)s", said=tapped.said_at)
    assert {row.state for row in others} == {state, "waiting"}


def test_a_wait_that_ends_wakes_its_conversation_and_opens_no_window(stall):
    stall.says(AWA, "wait")
    stall.takes()
    in_at = stall.value("select last_in_at from conversation order by id limit 1")
    stall.passes(59)
    with stall.database.unit_of_work() as db:
        assert inbox.wake_waiting(db, 10) == 0
    stall.passes(1)
    with stall.database.unit_of_work() as db:
        assert inbox.wake_waiting(db, 10) == 1
        assert inbox.wake_waiting(db, 10) == 0
    assert stall.takes() == 1
    row = stall.rows("select last_in_at, document->'session'->>'state' as state from conversation order by id limit 1")[
        0
    ]
    assert row == (in_at, "buyer.choosing")


DAY = 24 * 3600


@pytest.mark.parametrize(
    "late, expected",
    [(3600, 3600), (-60, 0), (None, 0), (2 * DAY, 2 * DAY), (7 * DAY, 7 * DAY), (9 * DAY, 0), (56 * 365 * DAY, 0)],
)
def test_the_window_opens_when_a_message_was_written_and_never_later_than_it_came(stall, late, expected):
    stall.run("update conversation set last_in_at = null")
    moment = stall.value("select market_now()")
    stall.says(AWA, "riz", sent_at=None if late is None else moment - timedelta(seconds=late))
    stall.takes()
    opened = "select received_at - c.last_in_at from conversation c join inbox i on i.conversation_id = c.id"
    found = stall.value(f"{opened} where provider_id not like 'open%%'").total_seconds()
    assert round(found) == expected


def test_a_message_taken_late_never_shortens_the_window(stall):
    stall.says(AWA, "riz")
    stall.run("update conversation set last_in_at = market_now() + interval '1 minute'")
    stall.takes()
    assert stall.value("select last_in_at > market_now() from conversation order by id limit 1")


def test_a_provider_without_a_calendar_shuts_no_window_of_who_has_just_written(stall):
    stall.run("update conversation set last_in_at = null")
    stall.says(AWA, "riz", sent_at=datetime(1970, 1, 1, tzinfo=UTC))
    stall.takes()
    opened = "select last_in_at > market_now() - interval '1 minute' from conversation order by id limit 1"
    assert stall.value(opened)
    assert stall.value("select reader->'is_late' from turn order by id desc limit 1") is False


NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)  # the last turn, by the database's clock


@pytest.mark.parametrize(
    ("sent", "received", "is_late"),
    [
        (-8 + 3, 3, False),  # our clock is 8 s ahead, and she answers after 3 s
        (-8, 0, False),
        (-60, 60, True),  # held for two minutes, said before the last turn
        (60, 180, False),  # held as long, said after it
        (0, 120, False),
        (-1, 29, False),
        (-1, 30, True),
        (None, 180, False),
        (90, 60, False),  # a provider ahead of us
        (-7 * DAY, 60, True),
        (-9 * DAY, 60, False),  # no provider brings it so late: it is no time
    ],
)
def test_late_is_what_was_held_back_and_said_before_the_last_turn(sent, received, is_late):
    sent_at = None if sent is None else NOON + timedelta(seconds=sent)
    came, now = NOON + timedelta(seconds=received), NOON + timedelta(seconds=received + 1)
    message = message_of("x", AWA, "1", sent_at=sent_at)
    waiting = Waiting(1, 1, SOMEBODY, 0, NOON, now, (1,), message, 0, came, came)
    assert moment_of(waiting, 3600, Rates()).is_late is is_late
    assert not moment_of(replace(waiting, last_at=None), 3600, Rates()).is_late


@pytest.mark.parametrize(("behind", "held", "is_late"), [(8, 0, False), (0, 120, True)])
def test_a_quick_answer_is_heard_though_our_clock_is_ahead(stall, behind, held, is_late):
    stall.says(AWA, "riz")
    stall.takes()
    said = stall.value("select last_at from conversation order by id limit 1") - timedelta(seconds=behind or 1)
    stall.passes(held)
    stall.says(AWA, "là-bas", sent_at=said)
    stall.takes()
    assert stall.value("select reader->'is_late' from turn order by id desc limit 1") is is_late


def test_silence_is_more_than_six_hours_between_two_turns(stall):
    def waiting(hours):
        return Waiting(1, 1, SOMEBODY, 0, now - timedelta(hours=hours), now, (1,), message_of("x", AWA), 0, now, now)

    now = stall.value("select market_now()")
    silence = stall.config.timing.silence
    assert not moment_of(waiting(6), silence, Rates()).is_after_silence
    assert moment_of(waiting(6.001), silence, Rates()).is_after_silence


def test_a_person_knows_no_other_persons_roles(stall):
    with stall.database.unit_of_work() as db:
        found = contacts.find_or_make_chat(db, stall.account_id, Sender((Identity("phone", AWA),)), [stall.account_id])
        contacts.grant(db, found.contact_id, "organizer")
        hats = {p.contact_id: p.hats for p in contacts.people(db, [1, 2]).values()}
    assert hats == {1: ("organizer", "buyer"), 2: ("buyer",)}


def test_a_flood_of_one_person_leaves_room_in_the_batch_for_others(stall):
    people = [f"+2289000{number:04}" for number in range(10, 20)]
    stall.opens(*people)
    with stall.database.unit_of_work() as db:
        flood = Parsed(tuple(Kept(message_of(f"flood{number}", AWA, f"mot {number}"), b"") for number in range(300)))
        inbox.keep(db, stall.keeper, flood)
        db.run("update inbox set due_at = received_at")
    stall.passes(1)
    for phone in people:
        stall.says(phone, "riz")
    assert stall.taker.take_waiting() == 11
    assert [stall.noted(phone) for phone in people] == [["riz"]] * 10
    assert stall.noted(AWA) == ["mot 0"]


def test_more_people_than_a_batch_holds_who_never_stop_writing_are_served_in_turns(stall):
    people = [f"+2289000{number:04}" for number in range(20)]
    stall.opens(*people)
    for phone in people:
        stall.says(phone, "riz")
    assert stall.taker.take_waiting() == 16
    stall.passes(1)
    for phone in people[:16]:
        stall.says(phone, "encore")
    assert stall.taker.take_waiting() == 16
    assert [len(stall.noted(phone)) for phone in people] == [2] * 12 + [1] * 8


def test_more_people_than_a_batch_holds_who_are_still_writing_keep_nobody_waiting(stall):
    writing = [f"+2289000{number:04}" for number in range(16)]
    stall.opens(*writing, "+22890000099")
    for words in ("bonjour", "je veux", "le riz"):
        for phone in writing:
            stall.says(phone, words, joining=True)
        stall.passes(0.1)  # a slow machine takes its own time besides
    stall.says("+22890000099", "riz")
    assert stall.taker.take_waiting() == 1
    assert (stall.noted("+22890000099"), stall.noted(writing[0])) == (["riz"], [])
    stall.passes(2)
    assert stall.taker.take_waiting() == 16
    assert [stall.noted(phone) for phone in writing] == [["bonjour\nje veux\nle riz"]] * 16
