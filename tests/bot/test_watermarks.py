"""Watermarks: all that was sent to somebody until a moment has arrived or was read, by inserts that lock nothing."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import permutations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot import inbox, reports
from bot.messages import Identity, Incoming, Kept, Parsed, Sender, StatusReport, Watermark
from bot.outbox import Settlement
from bot.spool import Spool
from bot.storing import Storing
from tests.bot.outgoing import chat_of, claim, fold, put, settle, states
from tests.bot.stall import AWA, KOSSI, Stall

NOON = datetime(2026, 11, 27, 12, 0, tzinfo=UTC)
RANKS = ["sent", "delivered", "read"]


@pytest.fixture
def stall(clean_database, redis_url, redis, config):
    clean_database.reactions = []
    stall = Stall(clean_database, redis_url, config)
    stall.opens(AWA, KOSSI)
    return stall


def sent(stall, phone, *seconds):
    """Rows that the provider took so many seconds after noon, the first as SM1."""
    ids = put(stall, phone, *["reply"] * len(seconds))
    for number, (row, second) in enumerate(zip(ids, seconds, strict=True), 1):
        stall.run(
            "update outbox set state = 'sent', provider_id = %(sid)s, sent_at = %(at)s where id = %(id)s",
            sid=f"SM{number}" if phone == AWA else f"SM{phone}.{number}",
            at=at(second),
            id=row,
        )
    return ids


def at(seconds):
    return NOON + timedelta(seconds=seconds)


def mark(status, second, phone=AWA):
    return Watermark(Identity("phone", phone), status, at(second))


def hear(stall, *marks, reported=()):
    """They come in one webhook and are folded; how many reports they made."""
    with stall.database.unit_of_work() as db:
        inbox.keep(db, stall.keeper, Parsed(reports=reported, watermarks=marks))
        made = db.value("select count(*) from status_report")
    fold(stall)
    return made


def test_all_until_then_is_read_and_nothing_after(stall):
    sent(stall, AWA, 0, 10, 20)
    assert hear(stall, mark("read", 10)) == 2
    assert states(stall) == ["read", "read", "sent"]
    assert hear(stall, mark("read", 19.999)) == 0
    assert hear(stall, mark("delivered", 20)) == 1
    assert states(stall) == ["read", "read", "delivered"]
    assert hear(stall, mark("read", 20)) == 1
    assert states(stall) == ["read", "read", "read"]


def test_a_report_stands_there_for_each_message_as_its_provider_would_have_told_it(stall):
    first, second = sent(stall, AWA, 0, 10)
    with stall.database.unit_of_work() as db:
        reports.keep_watermarks(db, stall.account_id, [mark("read", 60)])
        found = db.rows(
            "select account_id, provider_id, outbox_id, status, rank, refusal from status_report order by 2"
        )
    assert found == [
        (stall.account_id, "SM1", first, "read", 5, None),
        (stall.account_id, "SM2", second, "read", 5, None),
    ]


def test_the_same_again_and_an_older_one_say_nothing_new(stall):
    sent(stall, AWA, 0)
    assert hear(stall, mark("read", 5), mark("read", 5), mark("read", 3)) == 1
    assert hear(stall, mark("read", 5), mark("delivered", 5), mark("delivered", 9)) == 0
    assert states(stall) == ["read"]


@pytest.mark.parametrize("state", ["waiting", "sending", "uncertain", "failed", "skipped", "read"])
def test_what_is_not_known_to_have_left_stays_as_it_is(stall, state):
    sent(stall, AWA, 0)
    stall.run("update outbox set state = %(state)s", state=state)
    assert hear(stall, mark("delivered", 5), mark("read", 5)) == 0
    assert states(stall) == [state]


def test_a_message_without_the_providers_id_waits_for_the_next_watermark(stall):
    sent(stall, AWA, 0)
    stall.run("update outbox set provider_id = null")
    assert hear(stall, mark("read", 5)) == 0
    stall.run("update outbox set provider_id = 'SM1'")
    assert hear(stall, mark("read", 6)) == 1
    assert states(stall) == ["read"]


def test_a_watermark_is_one_persons_on_one_account(stall):
    sent(stall, AWA, 0)
    sent(stall, KOSSI, 0)
    assert hear(stall, mark("read", 5, KOSSI)) == 1
    assert states(stall) == ["sent", "read"]
    assert hear(stall, mark("read", 5, "+22899999999")) == 0
    assert hear(stall, replace(mark("read", 5), to=Identity("psid", AWA))) == 0
    with stall.database.unit_of_work() as db:
        other = db.value("insert into channel_account (key, kind) values ('other', 'messenger') returning id")
        reports.keep_watermarks(db, other, [mark("read", 5)])
        assert db.value("select count(*) from status_report") == 0


def test_several_people_are_told_of_in_one_statement(stall):
    sent(stall, AWA, 0, 10)
    sent(stall, KOSSI, 0, 10)
    assert hear(stall, mark("read", 0), mark("delivered", 10), mark("read", 10, KOSSI)) == 5
    assert states(stall) == ["read", "delivered", "read", "read"]


def test_a_hundred_at_most_are_told_of_at_once_the_latest_first(stall, monkeypatch):
    monkeypatch.setattr(reports, "MOST_BELOW", 2)
    sent(stall, AWA, 20, 0, 10)
    assert hear(stall, mark("read", 60)) == 2
    assert states(stall) == ["read", "sent", "read"]
    assert hear(stall, mark("read", 60)) == 1
    assert states(stall) == ["read"] * 3


def test_it_waits_for_no_lock_of_the_conversation_or_of_its_messages(stall):
    sent(stall, AWA, 0)
    held = "select 1 from conversation where id = %(chat)s for update"
    chat = chat_of(stall, AWA)
    rows = stall.holding("select 1 from outbox for update")
    with stall.holding(held, chat=chat), rows, stall.database.unit_of_work() as db:
        db.run("set local lock_timeout = '500ms'")
        reports.keep_watermarks(db, stall.account_id, [mark("read", 5)])
        assert db.value("select count(*) from status_report") == 1
    fold(stall)
    assert states(stall) == ["read"]


def test_it_looks_at_no_more_than_what_that_person_has_not_read(stall):
    sent(stall, AWA, 0)
    with stall.database.unit_of_work() as db:
        for index in ("seqscan", "bitmapscan"):
            db.run(f"set local enable_{index} = off")
        plan = db.rows(
            "explain select id from outbox where conversation_id = 1 and state in ('sent', 'delivered')"
            " and provider_id is not null and sent_at <= market_now() order by sent_at desc, id desc limit 100"
        )
    assert "ix_outbox_unread" in json.dumps([list(row) for row in plan])


TOLD = [
    ("report", "sent"),
    ("report", "delivered"),
    ("mark", "delivered"),
    ("mark", "read"),
]


@pytest.mark.parametrize("order", [*permutations(TOLD)])
def test_in_whatever_order_reports_and_watermarks_come_the_highest_counts(stall, order):
    (row,) = sent(stall, AWA, 0)
    highest = 0
    for kind, status in order:
        reported = [StatusReport("SM1", status, row)] if kind == "report" else []
        hear(stall, *([mark(status, 5)] if kind == "mark" else []), reported=reported)
        highest = max(highest, RANKS.index(status))
        assert states(stall) == [RANKS[highest]]


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.sampled_from(["delivered", "read"]), st.integers(-1, 4)), max_size=8), st.data())
def test_any_watermarks_in_any_batches_leave_each_message_at_its_highest(stall, marks, data):
    stall.run("delete from outbox")
    sent(stall, AWA, 0, 1, 2, 3)
    rest = list(marks)
    while rest:
        size = data.draw(st.integers(1, len(rest)))
        hear(stall, *(mark(status, second) for status, second in rest[:size]))
        rest = rest[size:]
    told = [[RANKS.index(status) for status, until in marks if until >= second] for second in range(4)]
    assert states(stall) == [RANKS[max(ranks, default=0)] for ranks in told]


def test_a_message_that_is_sent_while_it_comes_is_left_to_the_next(stall):
    (row,) = put(stall, AWA, "reply")
    claim(stall)
    now = stall.value("select market_now()")
    said = Watermark(Identity("phone", AWA), "read", now)
    assert hear(stall, said) == 0
    settle(stall, Settlement(row, "sent", provider_id="SM1"))
    assert states(stall) == ["sent"]
    assert hear(stall, said) == 1
    assert states(stall) == ["read"]


@pytest.fixture
def storing(stall, tmp_path):
    keepers = {"one": stall.keeper}
    return Storing(stall.database, Spool(tmp_path / "spool"), lambda: keepers, within=5.0, pause=1.0)


@pytest.mark.parametrize("reported", [(), (StatusReport("SM2", "delivered"),)])
def test_a_webhook_of_watermarks_and_reports_is_stored_by_its_account(stall, storing, reported):
    sent(stall, AWA, 0, 10)
    storing.keep("one", Parsed(reports=reported, watermarks=(mark("read", 5),)))
    fold(stall)
    assert states(stall) == ["read", "delivered" if reported else "sent"]


def test_watermarks_beside_a_message_are_not_left_out(stall, storing):
    sent(stall, AWA, 0)
    message = Incoming("m1", Sender((Identity("phone", AWA),), "Awa"), "bonjour")
    storing.keep("one", Parsed((Kept(message, b""),), watermarks=(mark("read", 5),)))
    fold(stall)
    assert states(stall) == ["read"]
    assert stall.value("select count(*) from inbox where provider_id = 'm1'") == 1


def test_watermarks_that_waited_in_the_spool_are_stored_with_the_others(stall, storing):
    sent(stall, AWA, 0, 10, 20)
    for second in (5, 15):
        storing.spool.put("one", Parsed(watermarks=(mark("read", second),)))
    assert storing.drain() == 2
    fold(stall)
    assert states(stall) == ["read", "read", "sent"]
