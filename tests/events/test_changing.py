"""Changes of the programme: proposed, written once, told once, taken back; never over somebody else's."""

from datetime import timedelta

import pytest

from events import changing, programme
from events.changing import By, Wanted
from events.errors import ImpossibleTimes, UnknownWorkshop
from events.facts import (
    PlacesChanged,
    Times,
    WorkshopAdded,
    WorkshopCancelled,
    WorkshopChanged,
    WorkshopMoved,
    WorkshopRestored,
)
from tests.catalog.crowd import crowded, run_together
from tests.events.event import AFI, KOFFI, MESSAGE, at, change, make_event, make_workshop, told, wanted
from tests.orders.buying import advance


@pytest.fixture
def week(db):
    return make_event(db)


@pytest.fixture
def third(db, week):
    return make_workshop(db, week, 3, "Compte WhatsApp", capacity=30, room="Salle 2")


def state_of(db, workshop_id):
    one = programme.workshop(db, workshop_id)
    return (one.starts_at, one.ends_at, one.room, one.capacity, one.state, one.revision)


def test_what_is_proposed_changes_nothing_and_says_what_it_was(db, week, third):
    before = state_of(db, third)
    change_id = changing.propose(db, week, [wanted(third, room="Salle B", capacity=30)], By(AFI, MESSAGE))
    [line] = changing.change(db, change_id).lines
    assert (line.number, line.before, line.after) == (3, {"room": "Salle 2"}, {"room": "Salle B"})
    assert (state_of(db, third), told(db)) == (before, [])
    assert changing.propose(db, week, [wanted(third, room="Salle 2")], By(AFI)) is None


def test_a_moved_workshop_is_one_fact_whatever_else_of_it_changes(db, week, third):
    change(db, week, wanted(third, starts_at=at(14, day=2), ends_at=at(16, day=2), room="Salle B", level="débutant"))
    assert state_of(db, third) == (at(14, day=2), at(16, day=2), "Salle B", 30, "moved", 1)
    assert told(db) == [WorkshopMoved(third, Times(at(9), at(11)), Times(at(14, day=2), at(16, day=2)), also=("room",))]
    [row] = programme.history(db, third)
    assert (row.contact_id, row.inbox_id) == (AFI, MESSAGE)
    assert (row.before["room"], row.after["room"], row.after["state"]) == ("Salle 2", "Salle B", "moved")


def test_a_room_places_and_closing_are_told_by_what_they_are(db, week, third):
    change(db, week, wanted(third, room="Salle B", link="https://x.example"))
    assert told(db) == [WorkshopChanged(third, ("room", "link"))]
    change(db, week, wanted(third, capacity=50))
    assert told(db) == [PlacesChanged(third, 30, 50, is_closed=False)]
    change(db, week, wanted(third, is_closed=True))
    assert told(db) == [PlacesChanged(third, 50, 50, is_closed=True)]
    change(db, week, wanted(third, level="débutant", theme="law"))
    assert told(db) == []


def test_a_cancelled_workshop_is_cancelled_once_and_may_come_back(db, week, third):
    change(db, week, wanted(third, state="cancelled", reason="intervenant malade"))
    assert told(db) == [WorkshopCancelled(third, "intervenant malade")]
    change(db, week, wanted(third, room="Salle B"))
    assert told(db) == []
    change(db, week, wanted(third, state="planned", reason=""))
    assert told(db) == [WorkshopRestored(third)]


def test_new_workshops_get_the_number_they_name_or_the_next(db, week, third):
    def new(title, number=None):
        return Wanted(None, {"title": title, "starts_at": at(9), "ends_at": at(10)}, number)

    change(db, week, new("A"), new("B", 3), new("C", 12), new("D"))
    found = {one.title: one.number for one in programme.programme(db, week)}
    assert found == {"Compte WhatsApp": 3, "A": 13, "B": 14, "C": 12, "D": 15}
    added = told(db)
    assert {type(fact) for fact in added} == {WorkshopAdded}
    assert len(added) == 4
    assert changing.next_number(db, week) == 16


def test_what_is_written_is_written_once_and_by_whom_it_was_shown_to(db, week, third):
    change_id = changing.propose(db, week, [wanted(third, room="Salle B")], By(AFI))
    assert changing.apply(db, change_id, By(KOFFI)) == "unknown"
    assert changing.apply(db, 0, By(AFI)) == "unknown"
    assert [changing.apply(db, change_id, By(AFI)) for _ in range(2)] == ["done", "already"]
    assert len(told(db)) == 1


def test_what_somebody_has_changed_meanwhile_is_not_written_over(db, week, third):
    mine = changing.propose(db, week, [wanted(third, capacity=50)], By(AFI))
    change(db, week, wanted(third, capacity=40), by=By(KOFFI))
    assert changing.apply(db, mine, By(AFI)) == "changed"
    assert state_of(db, third)[3] == 40


def test_nothing_ends_before_it_begins_or_is_of_another_event(db, week, third):
    with pytest.raises(ImpossibleTimes):
        changing.propose(db, week, [wanted(third, starts_at=at(12))], By(AFI))
    with pytest.raises(ImpossibleTimes):
        changing.propose(db, week, [Wanted(None, {"title": "A"})], By(AFI))
    other = make_event(db, "autre", "draft")
    with pytest.raises(UnknownWorkshop):
        changing.propose(db, other, [wanted(third, room="Salle B")], By(AFI))


def test_a_change_is_taken_back_whole_within_a_day_once(db, week, third):
    made = change(
        db,
        week,
        wanted(third, starts_at=at(14), ends_at=at(16)),
        Wanted(None, {"title": "A", "starts_at": at(9), "ends_at": at(10)}),
    )
    told(db)
    assert changing.undo(db, made, By(KOFFI)) == "nothing"
    assert changing.undo(db, made, By(AFI)) == "done"
    assert state_of(db, third) == (at(9), at(11), "Salle 2", 30, "planned", 2)
    assert programme.of_number(db, week, 4).state == "cancelled"
    moved, cancelled = told(db)
    assert moved == WorkshopMoved(third, Times(at(14), at(16)), Times(at(9), at(11)))
    assert isinstance(cancelled, WorkshopCancelled)
    assert changing.undo(db, made, By(AFI)) == "nothing"


def test_what_was_changed_again_or_is_a_day_old_is_not_taken_back(db, week, third):
    made = change(db, week, wanted(third, room="Salle B"))
    change(db, week, wanted(third, room="Salle C"), by=By(KOFFI))
    assert changing.undo(db, made, By(AFI)) == "changed"
    last = change(db, week, wanted(third, room="Salle D"))
    assert changing.last_of(db, AFI).id == last
    advance(db, 24 * 3600)
    assert changing.undo(db, last, By(AFI)) == "nothing"
    assert state_of(db, third)[2] == "Salle D"


def test_what_nobody_answered_is_forgotten_and_who_changed_something_too(db, week, third):
    asked = changing.propose(db, week, [wanted(third, room="Salle C")], By(AFI))
    change(db, week, wanted(third, room="Salle B"))
    advance(db, 100)
    assert (changing.forget_unanswered(db, 101, 9), changing.forget_unanswered(db, 99, 9)) == (0, 1)
    assert changing.change(db, asked) is None
    assert changing.forget_person(db, AFI) == 1
    assert [(row.contact_id, row.inbox_id) for row in programme.history(db, third)] == [(None, None)]


@pytest.mark.parametrize(
    ("values", "why"),
    [
        ({"starts_at": at(8), "ends_at": at(9)}, "past"),
        ({"starts_at": at(13), "ends_at": at(12)}, "order"),
        ({"starts_at": at(22), "ends_at": at(26)}, "order"),
        ({"capacity": 0}, "places"),
        ({"capacity": 100_001}, "places"),
        ({"capacity": 5}, None),
        ({"room": "Salle B"}, None),
    ],
)
def test_what_cannot_be_is_refused_with_its_reason(db, week, third, values, why):
    row = programme.workshop(db, third)
    assert changing.refusal(values, row, at(8, 30)) == why


def test_twenty_who_add_places_at_once_lose_none(clean_database, database_url):
    with clean_database.unit_of_work() as db:
        week = make_event(db)
        third = make_workshop(db, week, 3, capacity=30)

    def add(number):
        while True:
            with crowd.unit_of_work() as db:
                read = programme.workshop(db, third)
                mine = changing.propose(
                    db, week, [wanted(third, read.revision, capacity=read.capacity + 1)], By(number)
                )
                if mine is not None and changing.apply(db, mine, By(number)) == "done":
                    return

    with crowded(database_url) as crowd:
        run_together(add, range(1, 21))
    with clean_database.unit_of_work() as db:
        one = programme.workshop(db, third)
        assert (one.capacity, one.revision, len(programme.history(db, third, 99))) == (50, 20, 20)


def test_many_who_add_a_workshop_at_once_get_numbers_of_their_own(clean_database, database_url):
    with clean_database.unit_of_work() as db:
        week = make_event(db)

    def add(number):
        with crowd.unit_of_work() as db:
            new = Wanted(None, {"title": f"{number}", "starts_at": at(9), "ends_at": at(9) + timedelta(hours=1)})
            change(db, week, new, by=By(number))

    with crowded(database_url) as crowd:
        run_together(add, range(1, 21))
    with clean_database.unit_of_work() as db:
        assert sorted(one.number for one in programme.programme(db, week)) == list(range(1, 21))
