"""The sending side: rounds of claims, sends and settlements, and what follows from them."""

import time
from dataclasses import replace

import pytest
from psycopg import OperationalError

from base import clock
from bot import accounts, aftermath, locks, outbox, verdicts
from bot.messages import Outgoing, Refused, Template, Unclear
from bot.outbox import News, Settlement
from bot.sending import Sending
from tests.bot.outgoing import ME, chat_of, claim, fold, hears_of_failures, posting_round, put, settle, states
from tests.bot.stall import AWA, KOSSI


def test_a_refusal_of_our_credentials_pauses_once_and_tells_the_organizers_once(stall):
    for phone in (AWA, KOSSI):
        put(stall, phone, "reply")
    with stall.database.unit_of_work() as db:
        rows = outbox.claim(db, ME, stall.account_id, 5, 5)
        aftermath.follow(db, [(row, aftermath.Aftermath(pauses="20003")) for row in rows])
    assert stall.rows("select kind, about from attention") == [("account_paused", {"account": stall.account_id})]
    assert stall.value("select pause_reason from channel_account") == "20003"


def test_an_opt_out_told_by_the_provider_is_logged_and_obeyed_until_the_person_starts_again(stall, posting):
    stall.provider.answers = [Refused("opted_out", "21610"), Refused("opted_out", "21610")]
    put(stall, AWA, "bulk", "reply", "notice")
    told = hears_of_failures(stall)
    posting_round(stall, posting)
    assert stall.rows("select state, error from outbox order by id") == [
        ("failed", "opted_out 21610"),
        ("failed", "opted_out 21610"),
        ("skipped", "not wanted"),
    ]
    assert len(stall.provider.sent) == 2
    assert told == [(3, "notice_muted")]
    switches = "select wants_announcements, wants_order_news from contact order by id limit 1"
    assert stall.rows(switches) == [(False, False)]
    log = stall.rows("select what, is_given, words from consent order by id")
    assert log == [(what, False, "told by the provider") for what in ("announcements", "reminders", "order_news")]

    stall.says(AWA, "START")
    stall.takes()
    assert stall.rows(switches) == [(True, True)]
    put(stall, AWA, "notice")
    posting_round(stall, posting)
    assert stall.value("select state from outbox where kind = 'notice' order by id desc limit 1") == "sent"


def test_who_has_stopped_marketing_at_the_provider_still_gets_answers_and_news_of_his_orders(stall, posting):
    stall.provider.answers = [Refused("no_marketing", "131050")]
    put(stall, AWA, "bulk")
    posting_round(stall, posting)
    put(stall, AWA, "reply", "notice", "bulk")
    posting_round(stall, posting)
    assert stall.rows("select state, error from outbox order by id") == [
        ("failed", "no_marketing 131050"),
        ("sent", None),
        ("sent", None),
        ("skipped", "not wanted"),
    ]
    switches = "select wants_announcements, wants_reminders, wants_order_news from contact order by id limit 1"
    assert stall.rows(switches) == [(False, False, True)]
    log = stall.rows("select what, is_given, words from consent order by id")
    assert log == [(what, False, "told by the provider") for what in ("announcements", "reminders")]


@pytest.mark.parametrize("kind", ["opted_out", "no_marketing", "unreachable"])
def test_who_is_to_be_told_less_is_locked_before_anything_of_his_is_written(stall, posting, monkeypatch, kind):
    locked, lock = [], locks.contacts

    def noting(db, contact_ids):
        assert db.value("select count(*) from consent") == 0
        locked.append(list(contact_ids))
        lock(db, contact_ids)

    monkeypatch.setattr(locks, "contacts", noting)
    stall.provider.answers = [Refused(kind, "1")]
    put(stall, AWA, "bulk")
    posting_round(stall, posting)
    assert locked == [[stall.value("select contact_id from conversation order by id limit 1")]]


@pytest.mark.parametrize("is_late", [False, True])
def test_nothing_is_tried_where_nobody_is_reached_until_he_writes_again(stall, posting, is_late):
    nobody = Refused("unreachable", "63024")
    stall.provider.answers = [] if is_late else [nobody]
    put(stall, AWA, "notice", "notice", "bulk")
    put(stall, KOSSI, "notice")
    told = hears_of_failures(stall)
    if is_late:
        claim(stall, limit=1)
        settle(stall, Settlement(1, "sent", provider_id="SM1"))
        fold(stall, ("SM1", "failed", 1, nobody))
    posting_round(stall, posting)
    assert [letter.to.value for letter in stall.provider.sent] == ([KOSSI] if is_late else [AWA, KOSSI])
    assert stall.rows("select state, error from outbox order by id") == [
        ("failed", "unreachable 63024"),
        ("failed", "unreachable"),
        ("skipped", "unreachable"),
        ("sent", None),
    ]
    assert told == [(1, "notice_failed"), (2, "notice_failed")]

    stall.says(AWA, "bonjour")
    stall.takes()
    posting_round(stall, posting)
    assert stall.provider.sent[-1].to.value == AWA


def test_a_failure_says_nothing_of_who_has_written_since_that_send(stall):
    (row,) = put(stall, AWA, "reply")
    claim(stall)
    settle(stall, Settlement(row, "sent", provider_id="SM1"))
    stall.passes(1)
    stall.says(AWA, "bonjour")
    stall.takes()
    fold(stall, ("SM1", "failed", row, Refused("unreachable", "63024")))
    with stall.database.unit_of_work() as db:
        assert not verdicts.is_cut_off(outbox.read(db, [row])[row])


def test_a_round_sends_settles_and_sends_what_comes_next(stall, posting):
    put(stall, AWA, "reply", "reply")
    assert posting_round(stall, posting) == 4  # two claimed, two settled
    assert [letter.outbox_id for letter in stall.provider.sent] == [1, 2]
    assert stall.rows("select state, provider_id from outbox order by id") == [("sent", "SM1"), ("sent", "SM2")]


def test_a_round_tells_whether_more_may_be_due_at_once(stall, posting):
    put(stall, AWA, "reply")
    posting.round()
    assert not posting.has_more
    posting_round(stall, posting)

    posting.slots = 2
    for phone in (AWA, KOSSI):
        put(stall, phone, "reply")
    posting.round()
    assert posting.has_more  # it claimed all that it asked for
    posting_round(stall, posting)

    posting.slots = 32
    put(stall, AWA, "notice", "reply")
    stall.run("update conversation set last_in_at = market_now() - interval '25 hours'")
    stall.run("update outbox set needs_template = true where kind = 'notice' and state = 'waiting'")
    posting.round()
    assert posting.has_more  # one was settled without a send: the next of its conversation may go
    posting_round(stall, posting)
    assert not posting.has_more


def test_a_round_is_called_for_by_what_is_due_and_by_results_that_are_not_written(stall, posting):
    assert not posting.is_called_for()
    put(stall, AWA, "reply")
    assert posting.is_called_for()
    stall.run("update outbox set due_at = market_now() + interval '1 minute'")
    assert not posting.is_called_for()
    stall.run("update outbox set due_at = market_now()")
    posting.round()
    assert posting.bell.wait(10)
    assert posting.is_called_for()
    posting.round()
    assert states(stall) == ["sent"]
    assert not posting.is_called_for()


def test_what_may_not_go_is_settled_without_a_send(stall, posting):
    put(stall, AWA, "notice")
    stall.run("update conversation set last_in_at = market_now() - interval '25 hours'")
    told = hears_of_failures(stall)
    posting_round(stall, posting)
    assert stall.provider.sent == []
    assert stall.rows("select state, error, attempts from outbox") == [("failed", "window shut", 0)]
    assert told == [(1, "notice_shut_out")]


def test_a_template_goes_where_the_window_is_shut_and_it_is_approved(stall, posting):
    put(stall, AWA, "notice", template=Template("new_order_fr", "fr", ("TG-4K7P2",)))
    stall.run("update conversation set last_in_at = null")
    with stall.database.unit_of_work() as db:
        accounts.remember_contents(db, stall.account_id, {"new_order_fr": "HX1"}, ["new_order_fr"])
    posting_round(stall, posting)
    (letter,) = stall.provider.sent
    assert (letter.template.values, dict(letter.contents)) == (("TG-4K7P2",), {"new_order_fr": "HX1"})


def test_an_eleventh_bubble_within_a_minute_waits_for_the_recipients_rate(stall, posting, redis):
    redis.hset(f"bucket:recipient:{stall.account.key}:{chat_of(stall, AWA)}", mapping={"tokens": 0, "at": 2e10})
    put(stall, AWA, "reply")
    posting.round()
    assert stall.provider.sent == []
    wait = stall.value("select extract(epoch from due_at - market_now()) from outbox")
    assert 5 < float(wait) <= 6
    assert stall.rows("select state, attempts from outbox") == [("waiting", 0)]


def test_results_that_the_database_could_not_take_are_settled_when_it_is_back(stall, posting):
    put(stall, AWA, "reply")
    posting.round()
    assert posting.bell.wait(10)
    real, posting.office = posting.office, OfficeWithoutDatabase(posting.office)
    with pytest.raises(OperationalError):
        posting.round()
    posting.office = real
    posting.round()
    assert stall.rows("select state, provider_id from outbox") == [("sent", "SM1")]


def test_who_is_held_back_without_a_database_waits_again_and_others_are_sent_to(stall, posting, redis, monkeypatch):
    redis.hset(f"bucket:recipient:{stall.account.key}:{chat_of(stall, AWA)}", mapping={"tokens": 0, "at": 2e10})
    put(stall, AWA, "reply")
    (held_back,) = claimed(stall)
    put(stall, KOSSI, "reply")
    (other,) = claimed(stall)
    posting.take_over([held_back], clock.uptime())
    posting.take_over([other], clock.uptime())
    with monkeypatch.context() as away:
        away.setattr(posting, "settle", lambda *_: OfficeWithoutDatabase(posting.office).database)
        with pytest.raises(OperationalError):
            posting.round()
    posting_round(stall, posting)
    assert [letter.outbox_id for letter in stall.provider.sent] == [other.id]
    assert stall.rows("select state, attempts from outbox order by id") == [("waiting", 0), ("sent", 1)]


def claimed(stall):
    """What waits, claimed by the process that posts."""
    with stall.database.unit_of_work() as db:
        return outbox.claim(db, ME, stall.account_id, 5, 5)


class OfficeWithoutDatabase:
    """The office while the pool of connections is dry."""

    def __init__(self, office):
        self.config, self.owner = office.config, office.owner
        self.accounts, self.tally, self.slow_down = office.accounts, office.tally, office.slow_down

    @property
    def database(self):
        raise OperationalError("away")


def test_a_send_that_outlasts_the_stop_is_uncertain_and_not_given_back(stall, posting):
    stall.provider.may_answer.clear()
    put(stall, AWA, "reply")
    posting.round()
    posting.drain(0.0)
    stall.provider.may_answer.set()
    with stall.database.unit_of_work() as db:
        assert outbox.give_back(db, "me") == 0
    assert stall.rows("select state, error from outbox") == [("uncertain", "stopped")]


def test_a_send_that_came_back_before_the_stop_is_settled_once(stall, posting, monkeypatch):
    put(stall, AWA, "reply")
    posting.round()
    assert posting.bell.wait(10)
    written, settle = [], outbox.settle
    monkeypatch.setattr(outbox, "settle", lambda db, owner, told: written.extend(told) or settle(db, owner, told))
    posting.drain(0.0)
    assert [(one.outbox_id, one.state) for one in written] == [(1, "sent")]
    assert states(stall) == ["sent"]


def test_what_was_sent_and_could_not_be_written_at_the_stop_is_not_given_back(stall, posting):
    sending = Sending(posting)
    put(stall, AWA, "bulk")
    posting.round()
    assert posting.bell.wait(10)
    real, posting.office = posting.office, OfficeWithoutDatabase(posting.office)
    sending.end(1.0)
    posting.office = real
    sending.give_back()
    assert stall.rows("select state, lease_owner from outbox") == [("sending", "me")]


def test_nothing_is_sent_once_the_lease_has_run_out_and_the_try_does_not_count(stall, posting):
    put(stall, AWA, "reply")
    posting.lease = replace(posting.lease, seconds=0.0)
    posting.round()
    assert posting.bell.wait(10)
    posting.lease = replace(posting.lease, seconds=30.0)
    posting._settle_finished()
    assert stall.provider.sent == []
    assert stall.rows("select state, attempts, error from outbox") == [("waiting", 0, None)]
    assert posting.office.tally.told == {}
    posting_round(stall, posting)
    assert [letter.outbox_id for letter in stall.provider.sent] == [1]


def test_a_stale_owners_refusal_pauses_nothing(stall, posting):
    stall.provider.answers = [Refused("account", "20003")]
    stall.provider.may_answer.clear()
    put(stall, AWA, "reply")
    posting.round()
    stall.run("update outbox set lease_owner = 'other'")
    stall.provider.may_answer.set()
    posting_round(stall, posting)
    assert stall.rows("select paused_at from channel_account") == [(None,)]
    assert states(stall) == ["sending"]


def test_a_lost_answer_is_uncertain(stall, posting):
    stall.provider.answers = [Unclear("answer_lost")]
    put(stall, AWA, "reply")
    posting_round(stall, posting)
    assert states(stall) == ["uncertain"]


def put_by_hand(stall, phone, *, is_by_a_person):
    with stall.database.unit_of_work() as db:
        bubble = Outgoing("Je vous rappelle.", is_by_a_person=is_by_a_person)
        outbox.put_notice(db, News(chat_of(stall, phone), db.value("select nextval('said_no')"), bubble), 3600)


def test_a_persons_own_words_go_for_a_week_and_say_that_they_are_late(stall, posting):
    stall.office.limits["simulator"] = replace(stall.office.limits["simulator"], human_window=7 * 86400.0)
    for phone, days in ((AWA, 6), (KOSSI, 8)):
        with stall.database.unit_of_work() as db:
            db.run(
                "update conversation set last_in_at = market_now() - make_interval(days => %(days)s) where id = %(id)s",
                days=days,
                id=chat_of(stall, phone),
            )
        put_by_hand(stall, phone, is_by_a_person=True)
        put_by_hand(stall, phone, is_by_a_person=False)
    posting_round(stall, posting)
    (letter,) = stall.provider.sent
    assert (letter.to.value, letter.is_late, letter.bubble.body) == (AWA, True, "Je vous rappelle.")
    assert states(stall) == ["sent", "failed", "failed", "failed"]


def test_what_goes_while_the_window_is_open_is_not_late(stall, posting):
    put_by_hand(stall, AWA, is_by_a_person=True)
    posting_round(stall, posting)
    assert [letter.is_late for letter in stall.provider.sent] == [False]


def test_a_sender_whose_second_is_used_up_is_starved_until_there_is_more(stall, posting, redis):
    posting.round()
    assert posting.starved_until == float("inf")
    put(stall, AWA, "bulk")
    redis.hset(f"bucket:sender:{stall.account.key}:bulk", mapping={"tokens": 0, "at": 2**40})
    posting.round()
    assert 0 < posting.starved_until - time.monotonic() < 1
    assert not posting.has_more
    redis.hset(f"bucket:sender:{stall.account.key}:bulk", mapping={"tokens": 56, "at": 0})
    posting_round(stall, posting)
    assert states(stall) == ["sent"]
    assert posting.starved_until == float("inf")
