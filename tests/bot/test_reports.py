"""Delivery reports: a status only rises, in whatever order and how often they come."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import closing

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from base.db import Db
from bot import reports
from bot.messages import Refused, StatusReport, Template
from bot.outbox import Settlement
from tests.bot.outgoing import claim, fold, hears_of_failures, put, settle, states
from tests.bot.stall import AWA, Stall, waits_for_lock

RISING = ["accepted", "sent", "failed", "delivered", "read"]
STATE = {"accepted": "sent"}
BATCHES = st.lists(st.sampled_from(RISING), min_size=1, max_size=4)
HARD = Refused("unreachable", "63003")


@pytest.fixture
def stall(clean_database, redis_url, redis, config):
    clean_database.reactions = []
    stall = Stall(clean_database, redis_url, config)
    stall.opens(AWA)
    yield stall
    clean_database.reactions = []


def sent(stall, *kinds, **how):
    """Rows that the provider took under SM1, SM2 …"""
    ids = put(stall, AWA, *(kinds or ["reply"]), **how)
    for number, row in enumerate(ids, 1):
        claim(stall)
        settle(stall, Settlement(row, "sent", provider_id=f"SM{number}"))
    return ids


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    told=st.lists(st.lists(st.sampled_from(RISING), min_size=1, max_size=4), min_size=1, max_size=4), by=st.booleans()
)
def test_any_order_of_reports_gives_the_highest(database, told, by):
    with closing(database.engine.raw_connection()) as lent:
        db = Db(lent.driver_connection)
        row, account = a_row(db)
        for batch in told:
            reports.keep(db, account, [StatusReport("SM1", status, row if by else None) for status in batch])
            reports.fold(db, early=600, again=5)
        best = max((status for batch in told for status in batch), key=RISING.index)
        assert db.value("select state from outbox") == STATE.get(best, best)
        assert db.value("select count(*) from status_report") == 0


def a_row(db):
    """A row that was sent as SM1, in a transaction of its own: (row, account)."""
    account = db.value("insert into channel_account (key, kind) values ('one', 'simulator') returning id")
    contact = db.value("insert into contact default values returning id")
    values = {"account": account, "contact": contact}
    chat = db.value(
        "insert into conversation (account_id, contact_id) values (%(account)s, %(contact)s) returning id", **values
    )
    row = db.value(
        "insert into outbox (conversation_id, account_id, kind, said_at, place, bubble, too_old_at, state, provider_id)"
        " values (%(chat)s, %(account)s, 'reply', 1, 1, '{}', market_now(), 'sent', 'SM1') returning id",
        chat=chat,
        **values,
    )
    return row, account


def test_a_report_that_comes_before_its_rows_id_waits_ten_minutes(stall):
    (row,) = put(stall, AWA, "reply")
    claim(stall)
    assert fold(stall, ("SM1", "delivered")).count == 1
    assert fold(stall).count == 0  # looked at again after five seconds
    settle(stall, Settlement(row, "sent", provider_id="SM1"))
    stall.passes(5)
    assert fold(stall).count == 1
    assert states(stall) == ["delivered"]
    fold(stall, ("SM404", "read"))
    stall.passes(599)
    assert fold(stall).count == 1
    assert stall.value("select count(*) from status_report") == 1
    stall.passes(5)
    assert fold(stall).count == 1
    assert stall.value("select count(*) from status_report") == 0


@pytest.mark.parametrize("without", [[], ["hashjoin", "mergejoin", "hashagg", "sort", "material"]])
def test_five_hundred_are_folded_by_one_statement_however_it_is_planned(without, stall):
    (row,) = sent(stall)
    with stall.database.unit_of_work() as db:
        for way in without:
            db.run(f"set local enable_{way} = off")
        db.run("discard plans")
        reports.keep(db, stall.account_id, [StatusReport("SM1", "delivered", row)] * 501)
        assert reports.fold(db, early=600, again=5).count == 500
        assert db.value("select count(*) from status_report") == 1
    assert states(stall) == ["delivered"]


def test_another_accounts_report_says_nothing_about_ours(stall):
    (row,) = sent(stall)
    with stall.database.unit_of_work() as db:
        other = db.value("insert into channel_account (key, kind) values ('other', 'simulator') returning id")
        reports.keep(db, other, [StatusReport("SM1", "read", row), StatusReport("SM1", "read")])
        reports.fold(db, early=600, again=5)
    assert states(stall) == ["sent"]
    assert stall.value("select count(*) from status_report") == 2, "they wait for a row of their own account"


def test_a_report_proves_what_was_uncertain_or_waits_to_be_sent_again(stall):
    (row,) = put(stall, AWA, "reply")
    for state in ("uncertain", "waiting", "sending"):
        stall.run("update outbox set state = %(state)s, provider_id = null, lease_owner = 'me'", state=state)
        fold(stall, ("SM1", "sent", row))
        assert stall.rows("select state, provider_id, lease_owner from outbox") == [("sent", "SM1", None)]


def test_a_late_failure_is_kept_with_its_reason_and_told(stall):
    (row,) = sent(stall, "notice")
    told = hears_of_failures(stall)
    fold(stall, ("SM1", "failed", row, HARD))
    assert stall.rows("select state, error from outbox") == [("failed", "unreachable 63003")]
    assert told == [(row, "notice_failed")]


def test_a_late_refusal_for_want_of_a_template_is_said_by_template(stall):
    (row,) = sent(stall, "notice", template=Template("new_order_fr", "fr"))
    late = ("SM1", "failed", row, Refused("window", "63016"))
    fold(stall, late)
    assert stall.rows("select state, error, needs_template from outbox") == [("waiting", "window 63016", True)]
    fold(stall, late, ("SM1", "sent", row))  # copies of the failed try's reports
    assert states(stall) == ["waiting"]
    claim(stall)
    fold(stall, late, ("SM1", "sent", row))
    assert states(stall) == ["sending"]
    settle(stall, Settlement(row, "sent", provider_id="SM2"))
    fold(stall, late)
    assert stall.rows("select state, provider_id from outbox") == [("sent", "SM2")]
    fold(stall, ("SM2", "delivered", row))
    assert states(stall) == ["delivered"]
    assert stall.rows("select kind from attention") == []


BUSY = Refused("busy", "63018", wait=6.0)


def test_a_failure_that_is_told_before_the_answer_to_its_send_is_tried_again(stall):
    (row,) = put(stall, AWA, "reply")
    claim(stall)
    fold(stall, ("SM1", "failed", row, BUSY))
    assert settle(stall, Settlement(row, "sent", provider_id="SM1")) == {}
    assert stall.rows("select state, error from outbox") == [("waiting", "busy 63018")]
    stall.passes(6)
    assert claim(stall) == [row]
    assert settle(stall, Settlement(row, "sent", provider_id="SM1")) == {}  # the first try's answer at last
    assert stall.rows("select state, lease_owner from outbox") == [("sending", "me")]
    settle(stall, Settlement(row, "sent", provider_id="SM2"))
    assert stall.rows("select state, provider_id from outbox") == [("sent", "SM2")]


def test_a_final_failure_keeps_its_reason_when_another_tries_answer_comes(stall):
    (row,) = sent(stall)
    fold(stall, ("SM1", "failed", row, HARD))
    settle(stall, Settlement(row, "sent", provider_id="SM2"))
    assert stall.rows("select state, error, provider_id from outbox") == [("failed", "unreachable 63003", "SM2")]


def test_a_late_failure_that_may_be_tried_again_is_tried_again(stall):
    (row,) = sent(stall)
    fold(stall, ("SM1", "failed", row, BUSY))
    assert stall.rows("select state, error from outbox") == [("waiting", "busy 63018")]
    assert claim(stall) == []
    stall.passes(6)
    assert claim(stall) == [row]


def test_a_late_failure_that_was_tried_often_enough_is_told(stall):
    (row,) = sent(stall)
    for number in range(2, 6):
        late = (f"SM{number - 1}", "failed", row, Refused("busy", "30008", wait=1.0, most_tries=3))
        fold(stall, late)
        stall.passes(1)
        if claim(stall):
            settle(stall, Settlement(row, "sent", provider_id=f"SM{number}"))
    assert stall.rows("select state, error, attempts from outbox") == [("failed", "busy 30008", 4)]
    assert stall.rows("select kind from attention") == [("reply_failed",)]


def test_a_failure_without_a_reason_fails_the_row(stall):
    (row,) = sent(stall)
    fold(stall, ("SM1", "failed", row))
    assert states(stall) == ["failed"]


def test_the_first_tries_failure_says_nothing_about_the_second(stall):
    """Resent after a lost answer: two of the provider's ids, one row."""
    (row,) = put(stall, AWA, "reply")
    claim(stall)
    settle(stall, Settlement(row, "waiting", error="resent", is_resend=True))
    claim(stall)
    settle(stall, Settlement(row, "sent", provider_id="SM2"))
    fold(stall, ("SM1", "failed", row, HARD))
    assert states(stall) == ["sent"]
    fold(stall, ("SM1", "failed", row, HARD), ("SM2", "failed", row, HARD))
    assert states(stall) == ["failed"]


def test_an_acceptance_proves_that_a_row_was_taken(stall):
    (row,) = put(stall, AWA, "reply")
    claim(stall)
    fold(stall, ("SM1", "accepted", row))
    assert stall.rows("select state, provider_id, lease_owner, lease_until from outbox") == [
        ("sent", "SM1", None, None)
    ]


def test_the_oldest_reports_are_folded_first(stall):
    rows = sent(stall, "reply", "reply")
    with stall.database.unit_of_work() as db:
        late, early = (StatusReport(f"SM{number}", "read", row) for number, row in enumerate(rows, 1))
        reports.keep(db, stall.account_id, [late, early])
        db.run("update status_report set due_at = due_at - interval '1 second' where provider_id = 'SM2'")
        assert reports.fold(db, early=600, again=5, limit=1).count == 1
    assert states(stall) == ["sent", "read"]


def test_a_report_is_dropped_at_the_last_moment_of_its_wait(stall):
    with stall.database.unit_of_work() as db:
        reports.keep(db, stall.account_id, [StatusReport("SM404", "read")])
        assert reports.fold(db, early=0, again=5).count == 1
        assert db.value("select count(*) from status_report") == 0


def test_reports_that_another_process_folds_are_passed_over(stall):
    sent(stall, "reply", "reply")
    with stall.database.unit_of_work() as db:
        reports.keep(db, stall.account_id, [StatusReport("SM1", "read"), StatusReport("SM2", "read")])
    held = "select 1 from status_report where provider_id = 'SM1' for no key update"
    with stall.holding(held), stall.database.unit_of_work() as db:
        db.run("set local lock_timeout = '500ms'")
        assert reports.fold(db, early=600, again=5).count == 1
    assert states(stall) == ["sent", "read"]


def test_a_report_waits_for_a_row_that_is_being_settled_and_sees_what_became_of_it(stall):
    (row,) = put(stall, AWA, "reply")
    claim(stall)
    with stall.database.unit_of_work() as db:
        reports.keep(db, stall.account_id, [StatusReport("SM1", "failed", row, HARD)])
    settling = "update outbox set state = 'delivered', provider_id = 'SM1', lease_owner = null"
    with ThreadPoolExecutor(1) as threads:
        with stall.holding(settling) as connection:
            folding = threads.submit(fold, stall)
            waits_for_lock(stall)
            connection.commit()
        assert folding.result(10).refusals == ()
    assert states(stall) == ["delivered"]
    assert stall.value("select count(*) from status_report") == 0


def test_rows_are_raised_in_the_order_of_their_ids_so_that_no_settler_is_locked_out(stall):
    first, second = sent(stall, "reply", "reply")
    with stall.database.unit_of_work() as db:
        reports.keep(db, stall.account_id, [StatusReport("SM2", "read", second), StatusReport("SM1", "read", first)])
    with ThreadPoolExecutor(1) as threads:
        with stall.holding("select 1 from outbox where id = %(id)s for no key update", id=second):
            folding = threads.submit(fold, stall)
            waits_for_lock(stall)
            assert stall.rows("select id from outbox for no key update skip locked") == []
        assert folding.result(10).count == 2
    assert states(stall) == ["read", "read"]
