"""Who was told what is forgotten in steps, and what is left are exact sums; drafts that nobody touches go whole."""

import pytest

from bot import attention
from bot.broadcasts import drafts, forgetting, results, sending
from bot.broadcasts.audience import Audience
from bot.broadcasts.drafts import Draft
from tests.bot.broadcasts.people import WORDS
from tests.bot.broadcasts.test_drafts import MAKER

KEPT = 90 * 86_400
FACTS = "select fact from broadcast_history where broadcast_id = %(id)s order by id"


def forget(people, limit):
    """How many rows go in each step, until one finds none."""
    steps = []
    while not steps or steps[-1]:
        steps.append(forgetting.forget_old(people.db, KEPT, limit))
    return steps


def counts(people, number):
    return people.db.value("select counts from broadcast where id = %(id)s", id=number)


def halted(people):
    """One of five people that was stopped when two had got it, one had failed, and a sixth wants none."""
    for wants in (True, True, True, True, True, False):
        people.person(wants=wants)
    number = people.begun()
    people.moves(number)
    sent = people.queued()
    people.ends(sent[:2])
    people.ends(sent[2:3], "failed", "unreachable 131026")
    people.moves(number)
    assert sending.stop(people.db, number, MAKER)
    return number


HALTED = {"planned": 2, "sent": 2, "failed": 1, "skipped": 1}


def test_after_ninety_days_only_counts_are_left(people):
    for _ in range(3):
        people.person()
    number, again = people.begun(), people.draft(state="done")
    people.moves(number)
    people.ends(people.queued())
    for _ in range(2):
        people.moves(number)
    people.passes(days=89)
    assert forgetting.forget_old(people.db, KEPT, 2) == 0
    people.passes(days=2)
    assert forget(people, 2) == [2, 1, 0]
    kept = people.db.rows("select id, counts from broadcast order by id")
    assert [tuple(row) for row in kept] == [(number, {"sent": 3}), (again, None)]


def test_what_goes_in_several_steps_is_added_up_and_told_whole_at_each(people):
    number = halted(people)
    before = results.progress(people.db, people.config, number).counts
    assert before == HALTED
    people.passes(days=91)
    for gone in (2, 2, 2):
        assert forgetting.forget_old(people.db, KEPT, 2) == gone
        assert results.progress(people.db, people.config, number).counts == before
    assert forgetting.forget_old(people.db, KEPT, 2) == 0
    assert (counts(people, number), people.recipients(number)) == (HALTED, [])


def test_a_step_goes_on_into_the_next_announcement_and_sums_each_by_itself(people):
    one = halted(people)
    other = people.begun(Audience(role="all"))
    assert sending.stop(people.db, other, MAKER)
    people.passes(days=91)
    assert forget(people, 8) == [8, 4, 0]
    assert counts(people, one) == HALTED
    assert counts(people, other) == {"planned": 5, "skipped": 1}


def test_what_was_stopped_is_forgotten_and_goes_on_no_more(people):
    number = halted(people)
    people.passes(days=89)
    assert forget(people, 10) == [0]
    assert (people.state(number), len(people.recipients(number))) == ("stopped", 6)
    people.passes(days=2)
    assert forget(people, 10) == [6, 0]
    assert (people.state(number), counts(people, number)) == ("cancelled", HALTED)
    assert sending.resume(people.db, people.config, number, MAKER) == "before"


def test_what_was_resumed_and_paused_again_is_kept_from_its_last_pause_on(people):
    number = halted(people)
    people.passes(days=60)
    assert sending.resume(people.db, people.config, number, MAKER) == "resumed"
    ended = "select ended_at from broadcast where id = %(id)s"
    assert people.db.value(ended, id=number) is None
    sending.pause(people.db, number, "errors")
    people.passes(days=60)
    assert forget(people, 10) == [0]
    line = attention.line_about(people.db, sending.PAUSED, {"broadcast": number})
    assert line is not None
    people.passes(days=31)
    assert forget(people, 10) == [6, 0]
    assert people.state(number) == ("cancelled", "errors")
    assert [row.fact for row in people.db.rows(FACTS, id=number)][-2:] == ["paused", "cancelled"]
    assert attention.line_about(people.db, sending.PAUSED, {"broadcast": number}) is None


@pytest.mark.parametrize(("state", "left"), [("draft", 0), ("waiting_second", 1), ("scheduled", 1), ("cancelled", 1)])
def test_a_draft_that_nobody_touched_goes_with_its_words(people, state, left):
    number = people.draft(state=state)
    people.passes(days=91)
    assert forget(people, 10) == ([0] if left else [1, 0])
    told = people.db.rows("select count(*) as count from broadcast where id = %(id)s", id=number)
    assert ([row.count for row in told], len(people.db.rows(FACTS, id=number))) == ([left], left)


def test_a_draft_is_kept_from_its_last_change_on(people):
    number = people.draft()
    people.passes(days=60)
    assert drafts.change(people.db, number, MAKER, Draft(WORDS, Audience(role="vendors")))
    people.passes(days=89)
    assert forget(people, 10) == [0]
    people.passes(days=2)
    assert forget(people, 10) == [1, 0]
    assert not drafts.change(people.db, number, MAKER, Draft(WORDS, Audience()))
