"""What is decided of a broadcast: OUI, a second OUI, a time, an end; and what the history keeps of it."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from bot.attention import AttentionNeeded
from bot.broadcasts import counting, drafts, sending
from bot.broadcasts.audience import Audience
from bot.broadcasts.drafts import Attached, Draft

MAKER, OTHER = 71, 72
LATER = datetime(2026, 12, 2, 9, tzinfo=UTC)


@pytest.fixture
def few(people):
    """Ten people, and a rule by which more than eight need a second organizer."""
    for _ in range(10):
        people.person()
    rules = people.config.announcements.model_copy(update={"second_above": 8})
    people.config = people.config.model_copy(update={"announcements": rules})
    return people


def previewed(people, **told):
    number = people.draft(by=MAKER, **told)
    drafts.preview(people.db, people.config, number)
    return number


def at(people, number, moment):
    """It at another time."""
    return replace(drafts.read(people.db, number).draft, due_at=moment)


def lines(people):
    return [tuple(row) for row in people.db.rows("select kind, about from attention where settled_at is null")]


def test_a_draft_is_read_as_it_was_made(people):
    draft = Draft(
        {"fr": " Bonjour à tous ", "en": "Hello"}, Audience("vendors", ("be",)), Attached("image", 7, 2), LATER,
        "weekly", override_quiet=True, override_weekly=True,
    )  # fmt: skip
    found = drafts.read(people.db, drafts.make(people.db, MAKER, draft))
    assert found.draft == Draft({**draft.texts, "fr": "Bonjour à tous"}, *list(vars(draft).values())[1:])
    assert (found.state, found.made_by, found.people) == ("draft", MAKER, None)
    assert drafts.read(people.db, 10_000) is None


@pytest.mark.parametrize(
    ("texts", "fault"),
    [
        ({"en": "Hello"}, "none"),
        ({"fr": " "}, "none"),
        ({"fr": "a" * 801}, "long"),
        ({"fr": "a", "de": "b"}, "language"),
    ],
)
def test_words_that_cannot_be_announced_are_refused_and_nothing_is_kept(people, texts, fault):
    with pytest.raises(ValueError, match=fault):
        drafts.make(people.db, MAKER, Draft(texts, Audience()))
    assert people.db.value("select count(*) from broadcast") == 0


def test_a_yes_to_a_few_people_starts_it_and_a_second_yes_comes_too_late(people):
    people.person()
    number = previewed(people)
    assert drafts.confirm(people.db, people.config, number, MAKER) == "started"
    assert people.state(number) == "scheduled"
    assert drafts.confirm(people.db, people.config, number, MAKER) == "before"
    assert drafts.second(people.db, people.config, number, OTHER) == "before"
    assert people.history(number) == ["made", "confirmed", "scheduled"]


def test_a_yes_before_anything_was_shown_shows_it_first(people):
    people.person()
    number = people.draft()
    assert drafts.confirm(people.db, people.config, number, MAKER) == "moved"
    assert drafts.read(people.db, number).people == 1
    assert drafts.confirm(people.db, people.config, number, MAKER) == "started"


def test_nobody_and_quiet_hours_and_a_time_that_is_over_are_said(people):
    assert drafts.confirm(people.db, people.config, previewed(people), MAKER) == "nobody"
    people.person()
    number = previewed(people, due_at=LATER)
    night = previewed(people, due_at=LATER.replace(hour=22))
    assert drafts.confirm(people.db, people.config, night, MAKER) == "quiet"
    people.at("2026-12-02 09:30+00")
    assert drafts.confirm(people.db, people.config, number, MAKER) == "late"
    people.at("2026-12-02 21:00+00")
    people.db.run("update conversation set last_in_at = market_now()")
    assert drafts.confirm(people.db, people.config, previewed(people), MAKER) == "quiet"
    loud = previewed(people, override_quiet=True, override_weekly=True)
    assert drafts.confirm(people.db, people.config, loud, MAKER) == "started"
    assert people.history(loud)[1:4] == ["confirmed", "quiet_overridden", "weekly_overridden"]


def test_above_the_bar_another_organizer_is_asked_by_a_line_and_his_yes_starts_it(few):
    number = previewed(few)
    assert drafts.confirm(few.db, few.config, number, MAKER) == "second_asked"
    assert few.state(number) == "waiting_second"
    assert lines(few) == [("broadcast_second", {"broadcast": number, "people": 10})]
    assert [fact.kind for fact in few.facts(AttentionNeeded)] == ["broadcast_second"]
    assert sending.begin_due(few.db, few.config) == 0

    assert drafts.second(few.db, few.config, number, MAKER) == "same_person"
    assert few.state(number) == "waiting_second"
    assert drafts.second(few.db, few.config, number, OTHER) == "started"
    assert drafts.read(few.db, number).second_by == OTHER
    assert lines(few) == []
    assert sending.begin_due(few.db, few.config) == 1


def test_a_count_that_moved_by_more_than_two_percent_is_shown_again(few):
    number = previewed(few)
    drafts.confirm(few.db, few.config, number, MAKER)
    few.person()
    assert drafts.second(few.db, few.config, number, OTHER) == "moved"
    assert drafts.read(few.db, number).people == 11
    assert drafts.second(few.db, few.config, number, OTHER) == "started"


def test_a_count_that_moved_by_less_is_the_same(people):
    for _ in range(100):
        people.person()
    number = previewed(people)
    people.person()
    people.person()
    assert drafts.confirm(people.db, people.config, number, MAKER) == "started"


def test_a_second_yes_after_its_time_is_too_late(few):
    number = previewed(few, due_at=LATER)
    drafts.confirm(few.db, few.config, number, MAKER)
    few.at("2026-12-02 09:00+00")
    assert drafts.second(few.db, few.config, number, OTHER) == "late"
    assert drafts.schedule(few.db, number, MAKER, at(few, number, LATER.replace(hour=11)))
    assert drafts.second(few.db, few.config, number, OTHER) == "scheduled"


def test_what_was_not_begun_can_be_moved_and_given_up(few):
    number = previewed(few)
    drafts.confirm(few.db, few.config, number, MAKER)
    assert drafts.cancel(few.db, number, OTHER)
    assert few.state(number) == "cancelled"
    assert lines(few) == []
    assert not drafts.cancel(few.db, number, OTHER)
    assert not drafts.schedule(few.db, number, OTHER, at(few, number, LATER))
    assert drafts.second(few.db, few.config, number, OTHER) == "before"


def test_a_draft_is_changed_until_somebody_agreed(people):
    people.person()
    number = previewed(people)
    assert drafts.change(people.db, number, MAKER, Draft({"fr": "Autre"}, Audience("vendors")))
    assert drafts.read(people.db, number).draft == Draft({"fr": "Autre"}, Audience("vendors"))
    assert drafts.read(people.db, number).people is None
    drafts.change(people.db, number, MAKER, Draft({"fr": "Autre"}, Audience()))
    drafts.preview(people.db, people.config, number)
    drafts.confirm(people.db, people.config, number, MAKER)
    assert not drafts.change(people.db, number, MAKER, Draft({"fr": "Encore"}, Audience()))


def test_recent_ones_are_the_newest_without_drafts(people):
    people.draft()
    first, second = people.draft(state="done"), people.draft(state="scheduled")
    assert [one.id for one in drafts.recent(people.db)] == [second, first]
    assert [one.id for one in drafts.recent(people.db, before=second)] == [first]
    assert [one.id for one in drafts.recent(people.db, size=1)] == [second]


@pytest.fixture
def hurried(few):
    """Turns have no time to count."""
    timing = few.config.timing.model_copy(update={"count_in_turn": 0})
    few.config = few.config.model_copy(update={"timing": timing})
    return few


def counted_apart(people, **told):
    """One that a job has counted, and that its maker has seen."""
    number = people.draft(by=MAKER, **told)
    assert drafts.preview(people.db, people.config, number) is None
    assert drafts.confirm(people.db, people.config, number, MAKER) == "moved"  # nothing was shown
    counting.keep(people.db, number, drafts.counted(people.db, people.config, drafts.read(people.db, number).draft))
    assert drafts.preview(people.db, people.config, number).people == 10
    return number


def test_an_oui_without_the_time_to_count_is_to_the_number_that_was_shown(hurried):
    number = counted_apart(hurried)
    hurried.passes(hours=2)  # what the job has counted is too old to be shown
    assert drafts.confirm(hurried.db, hurried.config, number, MAKER) == "second_asked"
    assert drafts.second(hurried.db, hurried.config, number, OTHER) == "started"
    found = drafts.read(hurried.db, number)
    assert (found.people, found.looks_again) == (10, True)
    assert sending.begin_due(hurried.db, hurried.config) == 1
    assert hurried.state(number) == "sending"
    assert len(hurried.recipients(number)) == 10


@pytest.mark.parametrize(("apart", "state"), [(True, ("paused", "moved")), (False, "sending")])
def test_few_people_who_are_more_as_it_begins_are_told_only_where_the_oui_was_to_a_count_of_that_moment(
    few, apart, state
):
    rules = few.config.announcements.model_copy(update={"second_above": 100})
    few.config = few.config.model_copy(update={"announcements": rules})
    number = previewed(few)
    if apart:
        timing = few.config.timing.model_copy(update={"count_in_turn": 0})
        few.config = few.config.model_copy(update={"timing": timing})
    assert drafts.confirm(few.db, few.config, number, MAKER) == "started"
    few.person()
    assert sending.begin_due(few.db, few.config) == 1
    assert few.state(number) == state
    assert len(few.recipients(number)) == (0 if apart else 11)


def test_one_that_missed_its_time_goes_on_without_a_count_and_is_looked_at_as_it_begins(hurried):
    number = counted_apart(hurried)
    hurried.db.run("update broadcast set state = 'scheduled', due_at = market_now() where id = %(id)s", id=number)
    hurried.passes(mins=16)
    assert sending.begin_due(hurried.db, hurried.config) == 1
    assert hurried.state(number) == ("paused", "late")
    hurried.passes(hours=1)
    assert sending.lacks_second(hurried.db, hurried.config, drafts.read(hurried.db, number)) is None
    assert sending.resume(hurried.db, hurried.config, number, MAKER) == "resumed"
    assert sending.begin_due(hurried.db, hurried.config) == 1
    assert hurried.state(number) == ("paused", "moved")  # nine or more need a second organizer
    assert sending.agree(hurried.db, hurried.config, number, OTHER, 10) == "resumed"
    assert sending.begin_due(hurried.db, hurried.config) == 1
    assert hurried.state(number) == "sending"
