"""Sends whose answer was lost: looked up, found or sent again, given up at last."""

from dataclasses import replace

import pytest

from base.templates import texts_of
from bot import accounts, uncertain
from bot.messages import Refused, Template, Unclear
from bot.outbox import Settlement
from bot.provider_answers import Found, Unknown
from bot.reports import LateRefusal
from tests.bot.outgoing import claim, fold, posting_round, put, settle, states
from tests.bot.stall import AWA, KOSSI


def test_rows_of_a_process_that_is_gone_become_uncertain_and_announcements_fail(stall):
    put(stall, AWA, "reply")
    put(stall, KOSSI, "bulk")
    claim(stall)
    stall.passes(29)
    assert expire(stall) == 0
    assert stall.rows("select name, value from figure") == []
    stall.passes(2)
    assert expire(stall) == 2
    assert states(stall) == ["uncertain", "failed"]
    assert stall.value("select array_agg(error) from outbox") == ["lease ran out"] * 2
    assert stall.rows("select name, value from figure") == [("leases_lost", 2)]


def expire(stall):
    with stall.database.unit_of_work() as db:
        return uncertain.expire_leases(db, 100)


def doubted(stall, *answers):
    """An uncertain row, and the provider's answers to its look-ups."""
    (row,) = put(stall, AWA, "reply")
    claim(stall)
    settle(stall, Settlement(row, "uncertain", error="timeout"))
    stall.provider.look_ups = list(answers)
    return row


def test_an_uncertain_row_is_looked_up_at_45_seconds_and_found(stall):
    doubted(stall, Found(("SM9",)))
    stall.passes(44)
    assert uncertain.resolve(stall.office, stall.account_id, 10) == 0
    stall.passes(1)
    assert uncertain.resolve(stall.office, stall.account_id, 10) == 1
    assert stall.rows("select state, provider_id, resent from outbox") == [("sent", "SM9", 0)]
    letter, since = stall.provider.looked_up[0]
    assert (letter.to.value, since) == (AWA, stall.value("select sent_at from outbox"))


def test_a_row_that_was_never_taken_is_sent_again_after_the_second_look_as_lists_may_be_late(stall):
    row = doubted(stall)
    stall.passes(45)
    uncertain.resolve(stall.office, stall.account_id, 10)
    assert stall.rows("select state, resent from outbox") == [("uncertain", 0)]
    stall.passes(30)
    uncertain.resolve(stall.office, stall.account_id, 10)
    assert stall.rows("select state, error, resent from outbox") == [("waiting", "resent", 1)]
    assert claim(stall) == [row]


def test_look_ups_are_settled_ten_at_a_time_so_that_a_death_costs_those_since_then_alone(stall, monkeypatch):
    people = [f"+2289000{number:04}" for number in range(12)]
    stall.opens(*people)
    rows = [row for phone in people for row in put(stall, phone, "reply")]
    claim(stall)
    settle(stall, *[Settlement(row, "uncertain", error="timeout") for row in rows])
    stall.provider.look_ups = [Found((f"SM{row}",)) for row in rows[:11]]
    real = stall.provider.look_up

    def dies(*given):
        if not stall.provider.look_ups:
            raise SystemExit
        return real(*given)

    monkeypatch.setattr(stall.provider, "look_up", dies)
    stall.passes(45)
    with pytest.raises(SystemExit):
        uncertain.resolve(stall.office, stall.account_id, 100)
    assert states(stall) == ["sent"] * 10 + ["uncertain"] * 2


def test_a_row_that_nobody_can_tell_of_is_resent_once_and_then_given_up(stall):
    row = doubted(stall, Unknown(), Unknown(), Unknown())
    stall.passes(45)
    assert uncertain.resolve(stall.office, stall.account_id, 10) == 1
    assert uncertain.resolve(stall.office, stall.account_id, 10) == 0
    stall.passes(30)
    assert uncertain.resolve(stall.office, stall.account_id, 10) == 1
    assert stall.rows("select state, error, resent from outbox") == [("waiting", "resent", 1)]
    assert claim(stall) == [row]
    settle(stall, Settlement(row, "uncertain", error="timeout"))
    stall.passes(75)
    assert uncertain.resolve(stall.office, stall.account_id, 10) == 1
    assert stall.rows("select state, error from outbox") == [("failed", "answer lost again")]
    assert stall.rows("select kind from attention") == [("reply_lost",)]


def test_a_row_that_needs_a_template_is_sent_again_by_it_whatever_became_of_its_tries(stall, posting):
    with stall.database.unit_of_work() as db:
        accounts.remember_contents(db, stall.account_id, {"new_order_fr": "HX1"}, ["new_order_fr"])
    template = Template("new_order_fr", "fr", ("TG-4K7P2",))
    put(stall, AWA, "notice", template=template)
    busy = Refused("busy", "20429", wait=0.0)
    stall.provider.answers = [Refused("window", "63016"), busy, Unclear("timeout")]
    posting_round(stall, posting)
    assert stall.rows("select state, needs_template from outbox") == [("uncertain", True)]
    for seconds in (45, 30):
        stall.passes(seconds)
        uncertain.resolve(stall.office, stall.account_id, 10)
    posting_round(stall, posting)
    template = replace(template, text=texts_of(stall.config.templates)["new_order_fr"].text)
    assert [letter.template for letter in stall.provider.sent] == [None, template, template, template]
    looked_up = [(letter.template, letter.contents) for letter, _ in stall.provider.looked_up]
    assert looked_up == [(template, {"new_order_fr": "HX1"})] * 2
    assert stall.rows("select state, resent from outbox") == [("sent", 1)]


def test_a_look_up_never_takes_what_another_row_or_an_earlier_try_is_known_by(stall):
    first, second = put(stall, AWA, "reply", "reply")
    claim(stall)
    settle(stall, Settlement(first, "sent", provider_id="SM1"))
    claim(stall)
    stall.run("update outbox set provider_id = 'SM2' where id = %(id)s", id=second)  # a try that failed late
    settle(stall, Settlement(second, "uncertain", error="timeout"))
    stall.provider.look_ups = [Found(("SM1", "SM2")), Found(("SM1", "SM2"))]
    stall.passes(45)
    uncertain.resolve(stall.office, stall.account_id, 10)
    stall.passes(30)
    uncertain.resolve(stall.office, stall.account_id, 10)
    assert stall.rows("select state, resent from outbox order by id") == [("sent", 0), ("waiting", 1)]
    claim(stall)
    settle(stall, Settlement(second, "uncertain", error="timeout"))
    stall.provider.look_ups = [Found(("SM1", "SM3"))]
    stall.passes(75)
    uncertain.resolve(stall.office, stall.account_id, 10)
    assert stall.rows("select state, provider_id from outbox order by id") == [("sent", "SM1"), ("sent", "SM3")]


def test_a_second_copy_of_an_earlier_row_is_not_taken_for_a_later_one_with_equal_words(stall):
    first, second = put(stall, AWA, "reply", "reply")
    claim(stall)
    settle(stall, Settlement(first, "sent", provider_id="SM2"))  # sent again, as SM1 was listed too late
    claim(stall)
    settle(stall, Settlement(second, "uncertain", error="timeout"))
    stall.provider.look_ups = [Found(("SM1", "SM2")), Found(("SM1", "SM2", "SM3", "SM4"))]
    stall.passes(45)
    uncertain.resolve(stall.office, stall.account_id, 10)
    assert stall.rows("select state, provider_id from outbox order by id") == [("sent", "SM2"), ("uncertain", None)]
    stall.passes(30)
    uncertain.resolve(stall.office, stall.account_id, 10)
    assert stall.rows("select state, provider_id from outbox order by id") == [("sent", "SM2"), ("sent", "SM3")]


def test_of_two_uncertain_rows_of_a_chat_the_first_is_looked_up_first(stall):
    first, second = put(stall, AWA, "reply", "reply")
    stall.run("update outbox set state = 'uncertain', sent_at = market_now()")
    stall.provider.look_ups = [Found(("SM1", "SM2"))] * 2
    stall.passes(45)
    assert uncertain.resolve(stall.office, stall.account_id, 10) == 1
    assert stall.rows("select state, provider_id from outbox order by id") == [("sent", "SM1"), ("uncertain", None)]
    assert uncertain.resolve(stall.office, stall.account_id, 10) == 1
    assert stall.rows("select state, provider_id from outbox order by id") == [("sent", "SM1"), ("sent", "SM2")]
    stall.run("update outbox set state = 'uncertain', look_ups = 0 where id = %(id)s", id=second)
    stall.run("update outbox set state = 'sending' where id = %(id)s", id=first)
    assert uncertain.resolve(stall.office, stall.account_id, 10) == 0  # the other one's id is not known yet


def test_uncertain_rows_of_an_account_that_is_off_are_left_alone(stall):
    doubted(stall)
    with stall.database.unit_of_work() as db:
        db.run("insert into channel_account (key, kind) values ('gone', 'simulator')")
        db.run("update outbox set account_id = (select max(id) from channel_account)")
    stall.passes(45)
    assert uncertain.resolve(stall.office, stall.account_id, 10) == 0


def test_late_refusals_are_counted_too(stall):
    (row,) = put(stall, AWA, "reply")
    claim(stall)
    settle(stall, Settlement(row, "sent", provider_id="SM1"))
    fold(stall, ("SM1", "failed", row, Refused("final", "63013")))
    assert stall.office.tally.told.keys() == {(stall.account.key, "63013")}


def test_a_lease_ends_after_its_last_moment(stall):
    put(stall, AWA, "reply")
    claim(stall)
    with stall.database.unit_of_work() as db:
        db.run("update outbox set lease_until = market_now()")
        assert uncertain.expire_leases(db, 9) == 0
        db.run("update outbox set lease_until = market_now() - interval '1 microsecond'")
        assert uncertain.expire_leases(db, 9) == 1


def under_way(stall, *phones):
    """A reply of each of these people that a process has begun to send whose lease has run out; their ids."""
    rows = [put(stall, phone, "reply")[0] for phone in phones]
    claim(stall)
    stall.passes(31)
    return rows


def test_leases_that_ran_out_are_ended_the_first_ones_first_and_only_so_many_at_once(stall):
    under_way(stall, AWA, KOSSI)
    with stall.database.unit_of_work() as db:
        assert uncertain.expire_leases(db, 1) == 1
    assert states(stall) == ["uncertain", "sending"]


def test_leases_of_rows_that_somebody_else_holds_are_ended_by_the_next_look(stall):
    held, _ = under_way(stall, AWA, KOSSI)
    with (
        stall.holding("select 1 from outbox where id = %(id)s for no key update", id=held),
        stall.database.unit_of_work() as db,
    ):
        db.run("set local lock_timeout = '500ms'")
        assert uncertain.expire_leases(db, 9) == 1
    assert states(stall) == ["sending", "uncertain"]


def in_doubt(stall, *phones):
    """A reply of each of these people whose answer was lost 45 seconds ago; their ids."""
    rows = [put(stall, phone, "reply")[0] for phone in phones]
    claim(stall)
    settle(stall, *[Settlement(row, "uncertain", error="timeout") for row in rows])
    stall.passes(45)
    return rows


def test_only_so_many_are_looked_up_at_once_the_first_ones_first(stall):
    in_doubt(stall, AWA, KOSSI)
    assert uncertain.resolve(stall.office, stall.account_id, 1) == 1
    assert [letter.to.value for letter, _ in stall.provider.looked_up] == [AWA]


def test_a_row_that_somebody_else_holds_is_looked_up_another_time(stall):
    held, _ = in_doubt(stall, AWA, KOSSI)
    with stall.holding("select 1 from outbox where id = %(id)s for no key update", id=held):
        assert uncertain.resolve(stall.office, stall.account_id, 9) == 1
    assert [letter.to.value for letter, _ in stall.provider.looked_up] == [KOSSI]


def test_who_looks_a_row_up_has_its_lease_which_another_may_have_when_it_is_over(stall, monkeypatch):
    in_doubt(stall, AWA)
    leases = "select lease_owner, extract(epoch from lease_until - sent_at)::int, look_ups from outbox"
    seen, real = [], stall.provider.look_up

    def looks(*given):
        seen.append((*stall.rows(leases)[0], uncertain.resolve(stall.office, stall.account_id, 9)))
        return real(*given)

    monkeypatch.setattr(stall.provider, "look_up", looks)
    assert uncertain.resolve(stall.office, stall.account_id, 9) == 1
    assert [(owner, looked, others) for owner, _, looked, others in seen] == [("me", 1, 0)]
    assert 45 + 30 <= seen[0][1] <= 45 + 40
    assert stall.rows("select state, lease_owner, lease_until from outbox") == [("uncertain", None, None)]

    stall.run("update outbox set lease_owner = 'gone', lease_until = market_now() + interval '1 minute'")
    stall.passes(59)
    assert uncertain.resolve(stall.office, stall.account_id, 9) == 0
    stall.passes(2)
    assert uncertain.resolve(stall.office, stall.account_id, 9) == 1
    assert stall.rows("select state, resent, look_ups from outbox") == [("waiting", 1, 2)]


def test_who_has_lost_his_lease_while_he_looked_up_changes_and_tells_nothing(stall, monkeypatch):
    in_doubt(stall, AWA)
    stall.run("update outbox set resent = 5, look_ups = 1, sent_at = sent_at - interval '75 seconds'")
    real = stall.provider.look_up

    def is_late(*given):
        stall.run("update outbox set lease_owner = 'other'")
        return real(*given)

    monkeypatch.setattr(stall.provider, "look_up", is_late)
    assert uncertain.resolve(stall.office, stall.account_id, 9) == 1
    assert stall.rows("select state, lease_owner from outbox") == [("uncertain", "other")]
    assert stall.rows("select kind from attention") == []


def test_a_row_whose_person_has_no_name_left_is_claimed_looked_up_nowhere_and_settled(stall, posting):
    put(stall, AWA, "reply")
    claim(stall)
    stall.run("delete from identity where value = %(phone)s", phone=AWA)
    stall.passes(31)
    assert expire(stall) == 1
    for seconds in (45, 30):
        stall.passes(seconds)
        assert uncertain.resolve(stall.office, stall.account_id, 10) == 1
    assert (stall.provider.looked_up, states(stall)) == ([], ["waiting"])
    posting_round(stall, posting)
    assert (stall.provider.sent, stall.rows("select state, error from outbox")) == ([], [("failed", "unreachable")])


def test_a_late_refusal_of_who_has_no_name_left_stops_no_others(stall):
    (row,) = put(stall, AWA, "reply")
    claim(stall)
    settle(stall, Settlement(row, "sent", provider_id="SM1"))
    stall.run("delete from identity where value = %(phone)s", phone=AWA)
    assert fold(stall, ("SM1", "failed", row, Refused("final", "63013"))).count == 1
    with stall.database.unit_of_work() as db:
        uncertain.follow_refusals(stall.office, db, [LateRefusal(404, Refused("final", "63013"))])
    assert stall.rows("select state, error from outbox") == [("failed", "final 63013")]


def test_looks_are_counted_no_further_than_their_column_holds(stall):
    doubted(stall, Unknown())
    stall.run("update outbox set look_ups = 1000, resent = 0")
    stall.passes(75)
    assert uncertain.resolve(stall.office, stall.account_id, 10) == 1
    assert stall.rows("select state, look_ups from outbox") == [("waiting", 1000)]
