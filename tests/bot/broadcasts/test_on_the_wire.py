"""Broadcasts through the outbox and the sending loop: stopped at once, behind answers, slowed down, nobody twice."""

from collections import Counter

import pytest

from base.db import Db
from bot import uncertain
from bot.broadcasts import following, sending
from bot.messages import Accepted, Refused, Unclear
from tests.bot.broadcasts.people import People
from tests.bot.outgoing import fold, posting_round, put
from tests.bot.stall import AWA
from tests.catalog.crowd import run_together


class Campaign:
    """A broadcast to forty people of a stall, whose provider answers as a test tells it."""

    def __init__(self, stall, count=40):
        self.stall = stall
        with stall.database.unit_of_work() as db:
            people = People(db, stall.config)
            people.at("2026-12-01 10:00+00")
            db.run("update contact set wants_announcements = false")
            for _ in range(count):
                people.person(("simulator", 1))
            people.config = stall.config
            self.number = people.begun()

    def moves(self):
        """One step, as the worker's job makes it."""
        with self.stall.database.unit_of_work() as db:
            return sending.move_on(db, self.stall.config, self.number)

    def stops(self):
        with self.stall.database.unit_of_work() as db:
            return sending.stop(db, self.number, None)

    def resumes(self):
        with self.stall.database.unit_of_work() as db:
            return sending.resume(db, self.stall.config, self.number, None)

    def counts(self):
        rows = self.stall.rows("select state, count(*) as n from broadcast_recipient group by 1")
        return {row.state: row.n for row in rows}

    def sent(self):
        """Whom the provider was handed an announcement for, and how often."""
        return Counter(letter.to.value for letter in self.stall.provider.sent if "STOP" in letter.bubble.body)

    def state(self):
        return self.stall.value("select state from broadcast")

    def fills(self, redis):
        """The sender's second is full again."""
        key = f"bucket:sender:{self.stall.account.key}"
        redis.hset(key, mapping={"tokens": 80, "at": 0})
        redis.hset(f"{key}:bulk", mapping={"tokens": 56, "at": 0})


@pytest.fixture
def campaign(stall):
    yield Campaign(stall)
    with stall.database.unit_of_work() as db:
        db.run("update test_clock set ahead = interval '0'")


def test_everybody_is_told_once_and_the_end_is_seen(campaign, posting):
    for _ in range(4):
        campaign.moves()
        posting_round(campaign.stall, posting)
    campaign.moves()
    assert (campaign.state(), campaign.counts()) == ("done", {"sent": 40, "skipped": 2})
    assert set(campaign.sent().values()) == {1}
    assert len(campaign.sent()) == 40


def test_once_it_is_stopped_nothing_more_is_handed_over_than_was_under_way(campaign, posting, redis):
    stall = campaign.stall
    campaign.moves()
    stall.provider.may_answer.clear()
    posting.round()
    under_way = len(posting.under_way)
    assert under_way == 3  # of four slots one is kept for answers
    assert campaign.stops()
    campaign.fills(redis)
    posting.round()
    assert sum(campaign.sent().values()) == under_way
    stall.provider.may_answer.set()
    posting_round(stall, posting)
    campaign.moves()
    assert sum(campaign.sent().values()) == under_way
    assert campaign.counts() == {"planned": 37, "sent": 3, "skipped": 2}

    assert campaign.resumes() == "resumed"
    for _ in range(4):
        campaign.moves()
        posting_round(stall, posting)
    assert set(campaign.sent().values()) == {1}
    assert campaign.counts() == {"sent": 40, "skipped": 2}


def test_what_was_refused_for_now_does_not_go_once_it_is_stopped(campaign, posting):
    stall = campaign.stall
    campaign.moves()
    stall.provider.answers = [Refused("busy", "429", wait=0.0)] * 4
    stall.provider.may_answer.clear()
    posting.round()
    campaign.stops()
    stall.provider.may_answer.set()
    posting_round(stall, posting)
    assert stall.rows("select state, count(*) from outbox group by 1") == [("waiting", 3)]
    assert sum(campaign.sent().values()) == 3
    campaign.moves()
    assert campaign.counts() == {"planned": 40, "skipped": 2}
    assert stall.rows("select from outbox") == []


def test_stop_and_a_claim_at_one_moment_leave_each_row_to_one_of_them(campaign, crowd, posting):
    stall = campaign.stall
    campaign.moves()

    def work(what):
        return posting_round(stall, posting) if what == "send" else campaign.stops()

    run_together(work, ["send", "stop"])
    posting_round(stall, posting)
    campaign.moves()
    told = campaign.counts()
    assert sum(campaign.sent().values()) == told.get("sent", 0)
    assert told.get("sent", 0) + told.get("planned", 0) == 40


def test_an_answer_goes_before_announcements_that_waited_longer(campaign, posting):
    stall = campaign.stall
    campaign.moves()
    stall.run("update conversation set last_in_at = market_now()")
    put(stall, AWA, "notice", "reply")
    posting_round(stall, posting)
    said = [letter.bubble.body.partition(" ")[0] for letter in stall.provider.sent]
    assert "notice" in said[:4]  # as many as are sent at once
    assert "reply" in said[4:8]
    assert sum(campaign.sent().values()) == 40


def test_whoever_says_stop_meanwhile_gets_nothing_more(campaign, posting):
    stall = campaign.stall
    campaign.moves()
    stall.run("update contact set wants_announcements = false where id in (select max(id) from contact)")
    posting_round(stall, posting)
    campaign.moves()
    assert campaign.counts() == {"sent": 39, "skipped": 3}
    reasons = stall.rows("select distinct reason from broadcast_recipient where state = 'skipped'")
    assert [row.reason for row in reasons] == ["no_consent"]


def test_a_window_that_shut_while_a_row_waited_is_seen_at_the_claim(campaign, posting):
    stall = campaign.stall
    campaign.moves()
    stall.run(
        "update conversation set last_in_at = market_now() - interval '2 days' where contact_id in"
        " (select max(id) from contact)"
    )
    posting_round(stall, posting)
    campaign.moves()
    assert campaign.counts() == {"sent": 39, "skipped": 3}


def test_an_answer_that_was_lost_is_counted_and_never_sent_again(campaign, posting):
    stall = campaign.stall
    campaign.moves()
    stall.provider.answers = [Unclear("time-out"), Accepted("SM1")]
    posting_round(stall, posting)
    campaign.moves()
    campaign.moves()
    assert campaign.counts() == {"sent": 39, "uncertain": 1, "skipped": 2}
    assert campaign.state() == "done"
    assert set(campaign.sent().values()) == {1}


def test_a_process_that_dies_over_its_sends_leaves_them_uncertain_and_others_go_on(campaign, posting):
    stall = campaign.stall
    campaign.moves()
    with stall.database.unit_of_work() as db:
        db.run("update outbox set state = 'sending', lease_owner = 'dead', lease_until = market_now()"
               " where id in (select id from outbox order by id limit 3)")  # fmt: skip
    stall.passes(31)
    with stall.database.unit_of_work() as db:
        assert uncertain.expire_leases(db, 100) == 3
    posting_round(stall, posting)
    campaign.moves()
    assert campaign.counts() == {"sent": 37, "uncertain": 3, "skipped": 2}
    assert len(campaign.sent()) == 37


def test_a_step_that_is_lost_before_its_commit_has_said_nothing(campaign, posting):
    stall = campaign.stall
    with stall.database.engine.connect() as connection:  # gone before it commits
        lost = Db(connection.connection.driver_connection)
        assert sending.move_on(lost, stall.config, campaign.number) == 40
        connection.rollback()
    assert stall.rows("select from outbox") == []
    campaign.moves()
    posting_round(stall, posting)
    assert set(campaign.sent().values()) == {1}


def test_two_workers_feed_a_broadcast_and_nobody_is_queued_twice(campaign, crowd):
    stall = campaign.stall

    def step(_):
        with crowd.unit_of_work() as db:
            return sending.move_on(db, stall.config, campaign.number)

    assert sum(run_together(step, range(6))) == 40
    assert stall.value("select count(distinct conversation_id) from outbox") == 40
    assert stall.value("select count(*) from outbox") == 40


def test_a_provider_that_finds_us_too_fast_halves_announcements(campaign, posting, redis):
    stall = campaign.stall
    campaign.moves()
    stall.provider.answers = [Refused("busy", "130429", wait=60.0)] * 8
    posting_round(stall, posting)
    key = f"bucket:sender:{stall.account.key}:bulk"
    assert float(redis.hget(key, "pace")) == 0.5
    assert redis.hget(f"bucket:sender:{stall.account.key}", "pace") is None


def test_late_reports_are_followed_by_the_workers_job(campaign, posting):
    stall = campaign.stall
    campaign.moves()
    posting_round(stall, posting)
    campaign.moves()
    row = stall.rows("select id, provider_id from outbox order by id limit 1")[0]
    folded = fold(stall, (row.provider_id, "read", row.id))
    assert folded.announced == (row.id,)
    with stall.database.autocommit() as db:
        assert following.follow(db, folded.announced) == 1
    assert campaign.counts() == {"read": 1, "sent": 39, "skipped": 2}
