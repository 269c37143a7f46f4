"""The outbox on a real PostgreSQL: who is claimed when, and what settles what."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from bot import accounts, outbox
from bot.messages import Identity, Outgoing, Template
from bot.outbox import Lease, News, Settlement
from tests.bot.outgoing import ME, OTHER, chat_of, claim, fold, put, settle, states
from tests.bot.stall import AWA, KOSSI, waits_for_lock
from tests.catalog.crowd import run_together


def test_a_chats_rows_go_one_by_one_in_the_order_they_were_said(stall):
    first, second = put(stall, AWA, "reply", "reply")
    (other,) = put(stall, KOSSI, "reply")
    assert claim(stall) == [first, other]
    assert claim(stall) == []  # the first is under way
    settle(stall, Settlement(first, "sent", provider_id="SM1"))
    assert claim(stall) == [second]


def test_an_answer_to_a_comment_waits_for_nobody_and_nobody_for_it(stall):
    first, below, last = put(stall, AWA, "reply", "reply", "reply")
    stall.run('update outbox set bubble = bubble || \'{"comment": "1_7"}\' where id = %(id)s', id=below)
    assert claim(stall) == [first, below]
    settle(
        stall, Settlement(first, "sent", provider_id="SM1"), Settlement(below, "waiting", wait=600.0, error="busy 4")
    )
    assert claim(stall) == [last]


@pytest.mark.parametrize("seconds", [59, 62])
@pytest.mark.parametrize("then", ["bulk", "notice", "reply"])
@pytest.mark.parametrize("before", ["bulk", "notice", "reply"])
def test_what_is_worth_more_passes_what_is_tried_again_in_more_than_a_minute(stall, before, then, seconds):
    (first,), (second,) = put(stall, AWA, before), put(stall, AWA, then)
    later = "update outbox set due_at = market_now() + make_interval(secs => %(seconds)s) where id = %(id)s"
    stall.run(later, id=first, seconds=seconds)
    is_worth_more = (before, then) in {("bulk", "notice"), ("bulk", "reply"), ("notice", "reply")}
    assert claim(stall) == ([second] if is_worth_more and seconds > 60 else [])


def test_nothing_passes_what_is_on_its_way_or_in_doubt(stall):
    (first,), _ = put(stall, AWA, "bulk"), put(stall, AWA, "reply")
    for state in ("sending", "uncertain"):
        stall.run(
            "update outbox set state = %(state)s, sent_at = market_now(), due_at = market_now() + interval '1 h'"
            " where id = %(id)s",
            id=first,
            state=state,
        )
        assert claim(stall) == []


def test_replies_go_before_notices_and_announcements_last(stall):
    people = [f"+2289000{number:04}" for number in range(3)]
    stall.opens(*people)
    ids = {kind: put(stall, phone, kind)[0] for phone, kind in zip(people, ("bulk", "notice", "reply"), strict=True)}
    assert claim(stall, limit=1) == [ids["reply"]]
    assert claim(stall, limit=5, bulk=0) == [ids["notice"]]
    assert claim(stall) == [ids["bulk"]]


def test_a_paused_account_keeps_its_rows(stall):
    (row,) = put(stall, AWA, "reply")
    with stall.database.unit_of_work() as db:
        assert accounts.pause(db, stall.account_id, "20003")
        assert not accounts.pause(db, stall.account_id, "20003")
    assert claim(stall) == []
    with stall.database.unit_of_work() as db:
        assert accounts.resume(db, stall.account.key)
    assert claim(stall) == [row]


def test_two_claimers_never_have_the_same_row(stall):
    people = [f"+2289000{number:04}" for number in range(40)]
    stall.opens(*people)
    for phone in people:
        put(stall, phone, "reply", "reply")
    taken = run_together(lambda owner: claim(stall, Lease(owner, 30, 75), limit=20), ["a", "b", "c"])
    claimed = [row for rows in taken for row in rows]
    assert len(claimed) == len(set(claimed))
    assert len(set(claimed)) <= 40


def test_who_has_lost_his_lease_changes_nothing_under_somebody_elses(stall):
    (row,) = put(stall, AWA, "reply")
    claim(stall)
    stall.run("update outbox set lease_owner = 'other'")
    assert settle(stall, Settlement(row, "failed", error="x")) == {}
    assert settle(stall, Settlement(row, "sent", provider_id="SM1")) == {}
    assert stall.rows("select state, lease_owner, provider_id, error from outbox") == [("sending", "other", None, None)]


def test_a_late_yes_settles_what_has_become_uncertain_or_waits_for_its_resend(stall):
    (row,) = put(stall, AWA, "reply")
    for state in ("uncertain", "waiting"):
        stall.run("update outbox set state = %(state)s, lease_owner = null, provider_id = null", state=state)
        assert settle(stall, Settlement(row, "sent", provider_id="SM1")) == {row: False}
        assert states(stall) == ["sent"]


def test_a_callback_that_comes_before_the_answer_keeps_its_status(stall):
    (row,) = put(stall, AWA, "reply")
    claim(stall)
    fold(stall, ("SM1", "delivered", row))
    assert states(stall) == ["delivered"]
    assert settle(stall, Settlement(row, "sent", provider_id="SM1")) == {}  # it knows that already
    assert settle(stall, Settlement(row, "uncertain", error="timeout")) == {}
    assert stall.rows("select state, provider_id from outbox") == [("delivered", "SM1")]


def test_what_was_not_tried_is_not_counted(stall):
    (row,) = put(stall, AWA, "reply")
    claim(stall)
    settle(stall, Settlement(row, "waiting", wait=6, is_attempt=False))
    assert stall.value("select attempts from outbox") == 0
    assert claim(stall) == []
    stall.passes(6)
    assert claim(stall) == [row]
    assert stall.value("select attempts from outbox") == 1


def test_later_rows_wait_for_an_uncertain_one_75_seconds_and_no_longer(stall):
    first, second = put(stall, AWA, "reply", "reply")
    claim(stall)
    settle(stall, Settlement(first, "uncertain", error="timeout"))
    stall.passes(74)
    assert claim(stall) == []
    stall.passes(2)
    assert claim(stall) == [second]


def test_at_a_stop_what_was_not_begun_is_free_again(stall):
    put(stall, AWA, "reply")
    put(stall, KOSSI, "reply")
    claim(stall, limit=1)
    claim(stall, OTHER)
    with stall.database.unit_of_work() as db:
        assert outbox.give_back(db, "me") == 1
    rows = stall.rows("select state, attempts, lease_owner from outbox order by id")
    assert rows == [("waiting", 0, None), ("sending", 1, "other")]


# What is claimed at its very moment, in which order, for whom


def test_a_row_is_due_at_its_very_moment_and_too_old_at_its_very_moment(stall):
    with stall.database.unit_of_work() as db:
        row = outbox.put_notice(db, News(chat_of(stall, AWA), 1, Outgoing("riz"), about={"order": 4}), 0)
        assert [claimed.id for claimed in outbox.claim(db, ME, stall.account_id, 5, 5)] == [row]
        db.run("update outbox set state = 'waiting'")
        assert [claimed.id for claimed in outbox.claim_old(db, ME, 5)] == [row]


def test_what_a_claim_gives_is_all_that_was_put_and_known_of_the_person(stall):
    stall.run("update contact set wants_announcements = false")
    with stall.database.unit_of_work() as db:
        news = News(
            chat_of(stall, KOSSI), 9, Outgoing("riz"), Template("new_order_fr", "fr", ("TG-4K7P2",)), {"part": 4}
        )
        row = outbox.put_notice(db, news, 3600)
        assert db.rows("select place, extract(epoch from too_old_at - due_at)::int from outbox") == [(1, 3600)]
        (claimed,) = outbox.claim(db, ME, stall.account_id, 5, 5)
        until = "select state, lease_owner, extract(epoch from lease_until - market_now())::int from outbox"
        assert db.rows(until) == [("sending", "me", 30)]
        assert outbox.read(db, [row]) == {row: claimed}
        db.run("update outbox set error = 'busy 429', about = null, needs_template = true")
        later = replace(claimed, error="busy 429", about={}, needs_template=True)
        assert outbox.read(db, [row]) == {row: later}
    assert (claimed.id, claimed.conversation_id, claimed.account_id) == (row, news.conversation_id, stall.account_id)
    assert (claimed.to, claimed.said_at, claimed.bubble) == (Identity("phone", KOSSI), 9, news.bubble)
    assert (claimed.template, claimed.about, claimed.error) == (news.template, {"part": 4}, "")
    assert (claimed.attempts, claimed.resent, claimed.needs_template) == (1, 0, False)
    assert (claimed.wants_announcements, claimed.wants_order_news, claimed.unreachable_since) == (False, True, None)


def test_nobody_reads_a_row_that_is_not_there(stall):
    with stall.database.unit_of_work() as db:
        assert outbox.read(db, [404]) == {}


def test_a_person_of_several_names_is_written_to_once_by_the_phone_or_by_the_newest_name(stall):
    put(stall, AWA, "reply")
    put(stall, KOSSI, "reply")
    more = (
        "insert into identity (account_id, contact_id, kind, value, made_at) select account_id, contact_id, 'bsuid',"
        " 'TG.' || contact_id || %(name)s, market_now() + make_interval(secs => %(after)s) from identity"
        " where value = %(phone)s"
    )
    for phone in (AWA, KOSSI):
        stall.run(more, phone=phone, name="new", after=2)
        stall.run(more, phone=phone, name="old", after=1)
    stall.run("delete from identity where value = %(phone)s", phone=KOSSI)
    with stall.database.unit_of_work() as db:
        claimed = outbox.claim(db, ME, stall.account_id, 5, 5)
    assert [(one.to.kind, one.to.value) for one in claimed] == [
        ("phone", AWA),
        ("bsuid", f"TG.{claimed[1].contact_id}new"),
    ]


def test_a_person_on_two_accounts_is_written_to_by_the_accounts_own_name(stall):
    put(stall, AWA, "reply")
    stall.run("insert into channel_account (key, kind, paused_at) values ('other', 'simulator', market_now())")
    stall.run(
        "insert into identity (account_id, contact_id, kind, value, made_at) select (select max(id) from"
        " channel_account), contact_id, 'phone', '+22899999999', market_now() + interval '1 hour' from identity"
        " where value = %(phone)s",
        phone=AWA,
    )
    with stall.database.unit_of_work() as db:  # the other account's pause stops nothing here
        assert [one.to.value for one in outbox.claim(db, ME, stall.account_id, 5, 5)] == [AWA]


def test_announcements_have_what_urgent_rows_leave_of_a_round_which_begins_with_replies(stall):
    people = [f"+2289000{number:04}" for number in range(5)]
    stall.opens(*people)
    kinds = ("bulk", "bulk", "notice", "reply", "bulk")
    bulk, second, notice, reply, _ = (put(stall, phone, kind)[0] for phone, kind in zip(people, kinds, strict=True))
    assert claim(stall, limit=4, bulk=50) == [reply, notice, bulk, second]


def test_a_row_that_is_being_sent_is_waited_for_however_long_that_takes(stall):
    put(stall, AWA, "reply", "reply")
    claim(stall)
    stall.passes(80)
    assert claim(stall) == []


def test_an_uncertain_row_holds_up_the_next_one_for_75_seconds_to_the_moment(stall):
    first, second = put(stall, AWA, "reply", "reply")
    with stall.database.unit_of_work() as db:
        db.run(
            "update outbox set state = 'uncertain', sent_at = market_now() - interval '75 seconds' where id = %(id)s",
            id=first,
        )
        assert outbox.claim(db, ME, stall.account_id, 5, 5) == []
        db.run("update outbox set sent_at = sent_at - interval '1 microsecond' where id = %(id)s", id=first)
        assert [one.id for one in outbox.claim(db, ME, stall.account_id, 5, 5)] == [second]


@pytest.mark.parametrize("kind", ["reply", "bulk", "old"])
def test_a_claim_passes_over_what_somebody_else_holds(stall, kind):
    held, free = (put(stall, phone, kind if kind != "old" else "reply")[0] for phone in (AWA, KOSSI))
    stall.run("update outbox set too_old_at = market_now()")
    with (
        stall.holding("select 1 from outbox where id = %(id)s for no key update", id=held),
        stall.database.unit_of_work() as db,
    ):
        db.run("set local lock_timeout = '500ms'")
        old = outbox.claim_old(db, ME, 5) if kind == "old" else outbox.claim(db, ME, stall.account_id, 5, 5)
        assert [one.id for one in old] == [free]


def test_the_oldest_of_what_is_too_old_is_taken_first_and_only_so_many(stall):
    (second,) = put(stall, AWA, "reply", too_old=-1)
    (first,) = put(stall, KOSSI, "reply", too_old=-2)
    with stall.database.unit_of_work() as db:
        assert [one.id for one in outbox.claim_old(db, ME, 1)] == [first]
        assert [one.id for one in outbox.claim_old(db, ME, 1)] == [second]


# What a settlement writes


def test_a_settlement_writes_its_own_row_alone_with_all_that_it_says(stall):
    first, second = (put(stall, phone, "reply")[0] for phone in (AWA, KOSSI))
    claim(stall)
    plain = Outgoing("in words")
    said = Settlement(first, "waiting", wait=7, error="busy", bubble=plain, is_resend=True, needs_template=True)
    assert settle(stall, said) == {first: True}
    columns = (
        "select state, error, extract(epoch from due_at - market_now())::int > 5 as waits, bubble->>'body' as body,"
        " resent, needs_template, attempts, lease_owner, lease_until is null as is_free from outbox order by id"
    )
    assert stall.rows(columns) == [
        ("waiting", "busy", True, "in words", 1, True, 1, None, True),
        ("sending", None, False, f"reply {second}", 0, False, 1, "me", False),
    ]
    stall.run("update outbox set due_at = market_now() where id = %(id)s", id=first)
    assert claim(stall) == [first]
    assert settle(stall, Settlement(first, "failed", error="final")) == {first: False}
    assert stall.rows(columns)[0] == ("failed", "final", False, "in words", 1, True, 2, None, True)


def test_a_row_that_is_settled_without_a_wait_is_due_at_once(stall):
    (row,) = put(stall, AWA, "reply")
    claim(stall)
    stall.run("update outbox set due_at = 'infinity'")
    with stall.database.unit_of_work() as db:
        assert outbox.settle(db, "me", [Settlement(row, "waiting")]) == {row: True}
        assert db.rows("select state, due_at = market_now() from outbox") == [("waiting", True)]


def test_rows_are_settled_in_the_order_of_their_ids_so_that_two_settlers_never_lock_each_other_out(stall):
    first, second = (put(stall, phone, "reply")[0] for phone in (AWA, KOSSI))
    claim(stall)
    both = [Settlement(row, "sent", provider_id=f"SM{row}") for row in (second, first)]
    with ThreadPoolExecutor(1) as threads:
        with stall.holding("select 1 from outbox where id = %(id)s for no key update", id=second):
            settling = threads.submit(settle, stall, *both)
            waits_for_lock(stall)
            assert stall.rows("select id from outbox for no key update skip locked") == []
        assert settling.result(10) == {first: False, second: False}


def test_nothing_to_settle_writes_nothing(stall):
    put(stall, AWA, "reply")
    claim(stall)
    assert settle(stall) == {}
    assert states(stall) == ["sending"]


def test_a_row_is_reopened_only_where_it_failed(stall):
    failed, sent, other = (put(stall, phone, "reply")[0] for phone in (AWA, KOSSI, AWA))
    stall.run("update outbox set state = 'failed', error = 'before'")
    stall.run("update outbox set state = 'sent' where id = %(id)s", id=sent)
    again = Settlement(failed, "waiting", wait=6, error="busy", bubble=Outgoing("in words"), needs_template=True)
    with stall.database.unit_of_work() as db:
        outbox.reopen(db, [again, Settlement(sent, "waiting", error="busy")])
        seconds = "select extract(epoch from due_at - market_now())::int from outbox where id = %(id)s"
        assert db.value(seconds, id=failed) == 6
    columns = "select state, error, bubble->>'body', needs_template from outbox order by id"
    untouched = [("sent", "before", f"reply {sent}", False), ("failed", "before", f"reply {other}", False)]
    assert stall.rows(columns) == [("waiting", "busy", "in words", True), *untouched]
    stall.run("update outbox set state = 'failed' where id = %(id)s", id=failed)
    with stall.database.unit_of_work() as db:
        outbox.reopen(db, [Settlement(failed, "failed", error="final")])
    assert stall.rows(columns) == [("failed", "final", "in words", True), *untouched]


def test_at_a_stop_a_look_up_under_way_keeps_its_row_uncertain(stall):
    put(stall, AWA, "reply")
    stall.run("update outbox set state = 'uncertain', lease_owner = 'me', attempts = 1")
    with stall.database.unit_of_work() as db:
        assert outbox.give_back(db, "me") == 0
    assert stall.rows("select state, lease_owner, attempts from outbox") == [("uncertain", "me", 1)]


def test_an_accounts_ids_are_held_by_that_account_alone(stall):
    first, second = (put(stall, phone, "reply")[0] for phone in (AWA, KOSSI))
    stall.run("update outbox set provider_id = 'SM' || id")
    with stall.database.unit_of_work() as db:
        assert outbox.held(db, stall.account_id, [f"SM{first}", "SM404"]) == {f"SM{first}"}
        assert outbox.held(db, stall.account_id + 1, [f"SM{first}", f"SM{second}"]) == frozenset()
