"""What became of recipients: from the outbox, from late reports, healed and forgotten."""

import pytest

from bot import holdings, reports
from bot.broadcasts import following, forgetting
from bot.messages import Refused, StatusReport
from tests.bot.broadcasts.test_sending import counts


@pytest.mark.parametrize(
    ("state", "error", "told"),
    [
        ("sent", None, ("sent", "")),
        ("delivered", None, ("delivered", "")),
        ("read", None, ("read", "")),
        ("failed", "unreachable 131026", ("failed", "unreachable 131026")),
        ("failed", "answer lost", ("uncertain", "answer lost")),
        ("failed", "lease ran out", ("uncertain", "lease ran out")),
        ("skipped", "not wanted", ("skipped", "no_consent")),
        ("skipped", "window shut", ("skipped", "window_shut")),
        ("skipped", "window 131047", ("skipped", "window_shut")),
        ("skipped", "held", ("skipped", "held")),
        ("skipped", "unreachable", ("skipped", "unreachable")),
    ],
)
def test_a_row_of_the_outbox_says_what_became_of_its_recipient(people, state, error, told):
    people.person()
    number = people.begun()
    people.moves(number)
    people.ends(people.queued(), state, error)
    assert following.fold(people.db, number) == 1
    assert following.fold(people.db, number) == 0
    assert people.recipients(number, "state", "reason") == [told]
    assert people.recipients(number, "settled_at is null") == [(False,)]


def hears(people, status, failure=None):
    """A report of the only row that was sent; the ids that were raised."""
    row = people.db.one("select id, account_id from outbox")
    reports.keep(people.db, row.account_id, [StatusReport("SM1", status, row.id, failure)])
    return reports.fold(people.db, 600, 5).announced


def test_late_reports_reach_recipients_in_batches(people):
    people.person()
    number = people.begun()
    people.moves(number)
    people.ends(people.queued())
    people.moves(number)
    for status in ("delivered", "read"):
        raised = hears(people, status)
        assert following.follow(people.db, raised) == 1
        assert counts(people, number) == {status: 1}
    assert hears(people, "delivered") == ()
    assert following.follow(people.db, ()) == 0


def test_a_late_failure_counts_and_one_that_is_tried_again_is_queued(people):
    people.person()
    number = people.begun()
    people.moves(number)
    people.ends(people.queued())
    people.moves(number)
    raised = hears(people, "failed", Refused("unreachable", "63024"))
    following.follow(people.db, raised)
    assert counts(people, number) == {"failed": 1}
    people.ends(raised, "waiting")
    following.follow(people.db, raised)
    assert counts(people, number) == {"queued": 1}
    assert people.state(number) == "sending"


def test_a_lost_answer_that_was_delivered_after_all_is_told_so(people):
    people.person()
    number = people.begun()
    people.moves(number)
    people.ends(people.queued(), "failed", "answer lost")
    people.moves(number)
    following.follow(people.db, hears(people, "delivered"))
    assert counts(people, number) == {"delivered": 1}


def test_other_bubbles_that_are_read_are_nobodys_announcement(people):
    contact = people.person()
    people.db.run(
        "insert into outbox (conversation_id, account_id, kind, said_at, place, bubble, too_old_at, state)"
        " select id, account_id, 'reply', 1, 1, '{}', market_now(), 'sent' from conversation where contact_id = %(id)s",
        id=contact,
    )
    assert hears(people, "read") == ()


def test_what_a_process_left_untold_is_healed(people):
    for _ in range(3):
        people.person()
    number = people.begun()
    people.moves(number)
    people.ends(people.queued())
    people.moves(number)
    people.moves(number)
    assert people.state(number) == "done"
    people.db.run("update outbox set state = 'read'")
    assert following.heal(people.db, 2) == 2
    assert following.heal(people.db, 2) == 1
    assert following.heal(people.db, 2) == 0
    assert counts(people, number) == {"read": 3}


def test_the_latest_thousand_are_looked_at_too(people):
    people.db.run(
        "insert into contact (name) select 'x' from generate_series(1, 1200)",
    )
    number = people.draft(state="sending")
    people.db.run("update broadcast set run_at = market_now() - interval '1 hour'")
    people.db.run(
        "insert into broadcast_recipient (broadcast_id, contact_id, language, place, state, settled_at)"
        " select %(id)s, id, 'fr', n, case when n > 1100 and n %% 2 = 0 then 'failed' else 'sent' end,"
        " market_now() - make_interval(secs => 1300 - n)"
        " from (select id, row_number() over (order by id)::int as n from contact) c",
        id=number,
    )
    assert not following.has_too_many_errors(people.db, number)
    people.db.run("update broadcast_recipient set state = 'failed' where place = 1199")
    assert following.has_too_many_errors(people.db, number)


def sent_at_once(people, count):
    """A broadcast under way of which so many were sent, one each 20 ms; its number."""
    people.db.run("insert into contact (name) select 'x' from generate_series(1, %(count)s)", count=count)
    number = people.draft(state="sending")
    people.db.run("update broadcast set run_at = market_now() - interval '1 hour'")
    people.db.run(
        "insert into broadcast_recipient (broadcast_id, contact_id, language, place, state, queued_at, settled_at)"
        " select %(id)s, id, 'fr', n, 'sent', at, at from (select id, n, market_now() - interval '1 hour'"
        " + make_interval(secs => n * 0.02) as at from (select id, row_number() over (order by id)::int as n"
        " from contact) c) r",
        id=number,
    )
    return number


def test_failures_that_are_reported_after_many_were_sent_are_the_first_ones_still(people):
    number = sent_at_once(people, 400)
    late = (
        "update broadcast_recipient set state = 'failed', settled_at = market_now()"
        " where place between %(least)s and %(most)s"
    )
    people.db.run(late, least=201, most=240)
    assert not following.has_too_many_errors(people.db, number)
    people.db.run(late, least=191, most=200)
    assert not following.has_too_many_errors(people.db, number)
    people.db.run(late, least=1, most=1)
    assert following.has_too_many_errors(people.db, number)


def test_what_was_sent_before_it_was_resumed_is_not_held_against_it(people):
    number = sent_at_once(people, 400)
    people.db.run("update broadcast set run_at = market_now() - interval '30 minutes'")
    people.db.run("update broadcast_recipient set state = 'failed', settled_at = market_now() where place <= 200")
    assert not following.has_too_many_errors(people.db, number)


def test_the_first_ones_are_found_by_when_they_were_written_to(people):
    number = sent_at_once(people, 2000)
    people.db.run("analyze broadcast_recipient")
    values = {"id": number, "first": following.FIRST, "last": following.LAST}
    plan = people.db.rows(f"explain (costs off) {following.JUDGED}", **values)
    told = "\n".join(row[0] for row in plan)
    assert "ix_broadcast_recipient_sent" in told
    assert "ix_broadcast_recipient_settled" in told
    assert "Sort" not in told
    assert "Seq Scan on broadcast_recipient" not in told


def test_a_person_is_told_what_he_was_announced_and_it_leaves_with_him(people):
    contact, other = people.person(), people.person()
    number = people.begun()
    people.moves(number)
    told = people.db.rows(holdings.PARTS["announcements"], id=contact)
    assert [(row.texts["fr"], row.state) for row in told] == [("Atelier demain à 9 h.", "queued")]
    assert forgetting.forget_person(people.db, contact) == 1
    assert people.db.rows(holdings.PARTS["announcements"], id=contact) == []
    assert [contact for contact, *_ in people.recipients(number)] == [other]
