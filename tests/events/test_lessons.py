"""Questions to those who speak at a workshop: within limits, settled once, forgotten with their person."""

from events import lessons
from events.booking_facts import LessonAnswered
from tests.events.week import AWA, CHAT, KODJO, ORGANIZER, told
from tests.orders.buying import advance


def ask(db, workshop, words="Et la TVA ?", contact=AWA):
    return lessons.ask(db, workshop, contact, CHAT, words)


def test_three_questions_of_a_person_wait_and_a_fourth_does_not(db, workshop):
    assert [ask(db, workshop, f"Question {n} ?") for n in range(4)] == ["asked", "asked", "asked", "full"]
    assert ask(db, workshop, contact=KODJO) == "asked"
    waiting = lessons.waiting(db, workshop)
    assert [one.words for one in waiting] == ["Question 0 ?", "Question 1 ?", "Question 2 ?", "Et la TVA ?"]
    assert [one.words for one in lessons.waiting(db, workshop, waiting[2].id)] == ["Et la TVA ?"]
    assert told(db) == []


def test_a_question_is_settled_once(db, workshop):
    ask(db, workshop)
    ask(db, workshop, "Et la douane ?")
    first, second = lessons.waiting(db, workshop)
    told(db)
    assert lessons.settle(db, first.id, ORGANIZER)
    assert not lessons.settle(db, first.id, ORGANIZER, "Trop tard")
    assert lessons.settle(db, second.id, ORGANIZER, "Elle est due à l'arrivée.")
    assert (lessons.question(db, first.id).state, lessons.question(db, second.id).state) == ("read", "answered")
    assert lessons.question(db, second.id).answer == "Elle est due à l'arrivée."
    assert told(db) == [LessonAnswered(second.id)]
    assert lessons.waiting(db, workshop) == ()


def test_what_is_over_is_asked_nothing(db, workshop):
    db.run("update workshop set state = 'cancelled'")
    assert ask(db, workshop) == "over"
    db.run("update workshop set state = 'planned'")
    advance(db, 4 * 86_400)
    assert (ask(db, workshop), ask(db, workshop + 1)) == ("over", "over")
    assert lessons.waiting(db, workshop) == ()


def test_questions_go_with_their_person(db, workshop):
    ask(db, workshop)
    assert lessons.hand_over(db, AWA, KODJO) == 1
    assert lessons.hand_over(db, KODJO, AWA, [CHAT + 1]) == 0
    assert lessons.hand_over(db, KODJO, AWA, [CHAT]) == 1
    assert lessons.forget_person(db, AWA) == 1
    assert lessons.waiting(db, workshop) == ()
