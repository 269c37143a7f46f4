"""Questions: asked within limits, answered once, given to people in time, forgotten with their person."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from base.clock import LOME
from base.hours import DAYTIME, read_hours
from base.invariants import violations
from catalog import questions
from catalog.invariants import QUESTION_ANSWERED
from catalog.questions import Question, Said, Waits, due
from catalog.stock import Cause
from catalog.vendors import vendor
from tests.catalog.crowd import run_together
from tests.catalog.market import make_good, make_variant, make_vendor
from tests.orders.buying import advance

AWA, KODJO, YAWA, AFI, CHAT = 7, 8, 21, 22, 70
ALWAYS = read_hours(dict.fromkeys(("mon", "tue", "wed", "thu", "fri", "sat", "sun"), ("00:00-24:00",)))
WAITS = Waits(600, 86_400, ALWAYS)


def ask(db, good, words="C'est frais ?", contact=AWA, chat=CHAT):
    return questions.ask(db, good.id, Said(words), Cause(contact, 1), chat, WAITS)


def told(db):
    facts, db.facts = db.facts, []
    return [(type(fact).__name__, fact.question_id) for fact in facts]


@pytest.fixture
def gari(db):
    return make_good(db, make_vendor(db), "Gari fin")


def test_a_question_is_asked_with_a_number_of_its_shop(db, gari):
    other = make_good(db, make_vendor(db, "tonton_kossi"), "Huile")
    first, second = ask(db, gari), ask(db, other)
    third = ask(db, gari, contact=KODJO)
    assert [one.number for one in (first, second, third)] == [101, 101, 102]
    assert (first.product, first.is_sold, first.state, first.words) == ("Gari fin", True, "open", "C'est frais ?")
    assert told(db) == [("QuestionAsked", one.id) for one in (first, second, third)]
    assert [one.number for one in questions.waiting_for(db, [gari.vendor_id])] == [101, 102]
    assert [one.id for one in questions.of_number(db, [gari.vendor_id, other.vendor_id], 101)] == [first.id, second.id]
    assert questions.own_of_number(db, AWA, 102) is None
    assert questions.own_of_number(db, AWA, 101).id == second.id


def test_one_question_waits_of_each_product_and_five_of_each_buyer(db, gari):
    goods = [make_good(db, gari.vendor_id, f"Mil {number}") for number in range(5)]
    for good in goods[:4]:
        assert isinstance(ask(db, good), Question)
    assert ask(db, goods[0]) == "before"
    assert isinstance(ask(db, goods[4]), Question)
    assert (ask(db, gari), questions.refusal(db, AWA, gari.id)) == ("full", "full")
    assert isinstance(ask(db, gari, contact=KODJO), Question)
    first = questions.waiting_for(db, [gari.vendor_id])[0]
    assert questions.answer(db, first.id, [gari.vendor_id], Said("Oui"), Cause(YAWA, 2)) == "done"
    assert questions.refusal(db, AWA, gari.id) is None


def test_what_is_not_listed_is_not_asked_about_and_what_is_sold_out_is(db, gari):
    db.run("update stock set on_hand = 0")
    assert isinstance(ask(db, gari), Question)
    db.run("update product set is_listed = false")
    assert (ask(db, gari, contact=KODJO), questions.refusal(db, KODJO, gari.id)) == ("gone", "gone")
    assert questions.refusal(db, KODJO, 4711) == "gone"
    group = make_good(db, gari.vendor_id, "Sandales", kind="group", on_hand=0)
    variant = make_variant(db, group, "40", on_hand=3)
    assert isinstance(ask(db, variant, contact=KODJO), Question)
    db.run("update product set is_listed = false where id = %(id)s", id=group.id)
    assert ask(db, variant, contact=AWA) == "gone"


def test_a_stopped_question_waits_for_nobody(db, gari):
    kept = questions.stop(db, gari.id, Said("paie moi"), Cause(AWA, 1), CHAT, WAITS)
    assert (kept.state, kept.words, told(db)) == ("stopped", "paie moi", [])
    assert questions.answer(db, kept.id, [gari.vendor_id], Said("Oui"), Cause(YAWA, 2)) == "unknown"
    assert questions.of_number(db, [gari.vendor_id], kept.number) == ()
    assert questions.refusal(db, AWA, gari.id) is None


def test_whoever_answers_first_closes_it_and_only_its_shop_may(db, gari):
    one = ask(db, gari)
    told(db)
    assert questions.answer(db, one.id, [gari.vendor_id + 1], Said("Oui"), Cause(AFI, 2)) == "unknown"
    assert questions.answer(db, one.id, [gari.vendor_id], Said("Oui", 5), Cause(YAWA, 2)) == "done"
    assert questions.answer(db, one.id, [gari.vendor_id], Said("Non"), Cause(AFI, 3)) == "before"
    assert not questions.answered_by_people(db, one.id, "Non", Cause(AFI, 3))
    assert not questions.drop(db, one.id)
    known = questions.question(db, one.id)
    assert (known.state, known.answer, known.answer_inbox_id, known.answered_by) == ("answered", "Oui", 5, YAWA)
    assert told(db) == [("QuestionAnswered", one.id)]
    assert violations(db, [QUESTION_ANSWERED]) == []


def test_people_get_it_after_ten_minutes_once_and_the_shop_may_answer_still(db, gari):
    one = ask(db, gari)
    told(db)
    advance(db, 599)
    assert questions.pass_on(db, 10) == 0
    advance(db, 1)
    assert (questions.pass_on(db, 10), questions.pass_on(db, 10)) == (1, 0)
    assert told(db) == [("QuestionUnanswered", one.id)]
    assert questions.question(db, one.id).state == "with_people"
    assert not questions.give_to_people(db, one.id)
    assert questions.answer(db, one.id, [gari.vendor_id], Said("Oui"), Cause(YAWA, 2)) == "done"


def at(hour, minute=0, day=1):
    return datetime(2026, 12, day, hour, minute, tzinfo=LOME)  # the first is a Tuesday


@pytest.mark.parametrize(
    ("shop", "now", "then"),
    [
        ({}, at(9), at(9, 10)),
        ({}, at(20, 55), at(7, 5, day=2)),  # of its day five minutes are left
        ({}, at(23), at(7, 10, day=2)),
        ({"hours": {"thu": ["08:00-12:00"]}}, at(9), at(9, 10)),  # it opens in two days: people are there
        ({"hours": {"wed": ["08:00-12:00"]}}, at(9), at(8, 10, day=2)),
        ({"is_open": False}, at(9), at(9, 10)),
        ({"is_open": False, "closed_until": at(15)}, at(9), at(15, 10)),
        ({"is_open": False, "closed_until": at(15, day=9)}, at(9), at(9, 10)),
    ],
)
def test_the_opening_hours_of_the_shop_are_waited_for_but_not_for_longer_than_a_day(db, shop, now, then):
    known = vendor(db, make_vendor(db))
    opening = {"hours": read_hours(shop["hours"])} if "hours" in shop else {}
    known = replace(known, **{**shop, **opening})
    assert due(known, Waits(600, 86_400, DAYTIME), now) == then


def test_two_who_answer_at_once_and_the_job_leave_one_answer(crowd):
    with crowd.unit_of_work() as db:
        gari = make_good(db, make_vendor(db), "Gari fin")
        ids = [ask(db, gari, contact=contact).id for contact in range(100, 112)]
        db.run("update question set due_at = market_now()")

    def work(number):
        with crowd.transaction() as db:
            if number % 3 == 2:
                return ("late", questions.pass_on(db, 100))
            outcomes = [
                questions.answer(db, one, [gari.vendor_id], Said(f"de {number}"), Cause(number, 1)) for one in ids
            ]
            return ("answers", outcomes.count("done"))

    done = run_together(work, range(6))
    with crowd.unit_of_work() as db:
        rows = db.rows("select state, answer, answered_by from question order by id")
        assert violations(db, [QUESTION_ANSWERED]) == []
    assert sum(count for what, count in done if what == "answers") == len(ids)
    assert {row.state for row in rows} == {"answered"}
    assert all(row.answer == f"de {row.answered_by}" for row in rows)


def test_what_many_ask_one_shop_at_once_has_different_numbers(crowd):
    with crowd.unit_of_work() as db:
        gari = make_good(db, make_vendor(db), "Gari fin")

    def work(contact):
        with crowd.transaction() as db:
            return ask(db, gari, contact=contact).number

    assert sorted(run_together(work, range(1, 9))) == list(range(101, 109))


def test_two_people_who_turn_out_to_be_one_and_apart_again(db, gari):
    one, two = ask(db, gari), ask(db, gari, contact=KODJO, chat=80)
    assert questions.hand_over(db, KODJO, AWA) == 1
    assert [questions.question(db, row.id).contact_id for row in (one, two)] == [AWA, AWA]
    assert questions.hand_over(db, AWA, KODJO, [80]) == 1
    assert [questions.question(db, row.id).contact_id for row in (one, two)] == [AWA, KODJO]


def test_a_person_is_forgotten_with_what_he_asked_and_as_who_answered(db, gari):
    mine, other = ask(db, gari, "C'est frais ?\nDe ce matin ?"), ask(db, gari, contact=KODJO)
    questions.answer(db, other.id, [gari.vendor_id], Said("Oui"), Cause(AWA, 2))
    questions.answer(db, mine.id, [gari.vendor_id], Said("Oui, de ce matin"), Cause(YAWA, 2))
    assert questions.words_of(db, AWA) == ("C'est frais ?", "De ce matin ?", "Oui, de ce matin")
    assert questions.shops_of(db, AWA) == (gari.vendor_id,)
    assert questions.forget_person(db, AWA) == 1
    assert [(row.contact_id, row.answered_by) for row in db.rows("select * from question")] == [(KODJO, None)]


def test_what_was_asked_long_ago_is_forgotten(db, gari):
    ask(db, gari)
    advance(db, 90 * 86_400)
    ask(db, gari, contact=KODJO)
    assert (questions.forget_old(db, 90 * 86_400 - 1, 10), questions.forget_old(db, 90 * 86_400 - 1, 10)) == (1, 0)
    assert db.value("select contact_id from question") == KODJO


def test_an_answer_without_a_moment_is_named(db, gari):
    one = ask(db, gari)
    db.run("update question set state = 'answered'")
    assert [(found.row, found.says) for found in violations(db, [QUESTION_ANSWERED])] == [
        (f"question {one.id}", "is answered, answered at ")
    ]


def test_times_of_asking_are_the_markets(db, gari):
    one = ask(db, gari)
    assert one.due_at - one.asked_at == timedelta(minutes=10)
