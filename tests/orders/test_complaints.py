"""A part has one open complaint; what is said or shown later is put to it, until a person has settled it."""

import pytest

from orders import complaints
from orders.facts import ComplaintMade, ComplaintSettled
from tests.orders.buying import AWA, advance, cause, everything, order, set_state

MONTH = 30 * 86_400


@pytest.fixture
def about(db, terms, rice):
    placed = order(db, terms, (rice, 1))
    db.facts.clear()
    return complaints.subject(db, placed.vendor_order_ids[0], AWA)


def test_a_complaint_is_kept_with_its_words_and_a_person_is_called(db, about):
    assert complaints.complain(db, about, "spoiled", "le riz est gâté", cause()) == "made"
    (kept,) = complaints.of_order(db, about.order_id)
    assert (kept.reason, kept.words, kept.photo_inbox_id, kept.settled_at) == ("spoiled", "le riz est gâté", None, None)
    assert db.facts == [ComplaintMade(about.order_id, about.vendor_order_id, kept.id)]
    assert db.value("select fact from order_history order by id desc limit 1") == "complaint"


def test_what_is_said_and_shown_later_is_put_to_the_open_one(db, about):
    complaints.complain(db, about, "spoiled", "le riz est gâté", cause())
    db.facts.clear()
    assert complaints.complain(db, about, "missing", "et il manque un sac", cause()) == "added"
    assert complaints.add_photo(db, about.vendor_order_id, AWA, 99)
    (kept,) = complaints.of_order(db, about.order_id)
    assert (kept.words, kept.reason, kept.photo_inbox_id) == ("le riz est gâté\net il manque un sac", "spoiled", 99)
    assert db.facts == []


def test_a_settled_complaint_is_over_and_the_next_is_a_new_one(db, about):
    complaints.complain(db, about, "late", "trop tard", cause())
    (kept,) = complaints.of_order(db, about.order_id)
    db.facts.clear()
    assert complaints.settle(db, kept.id)
    assert db.facts == [ComplaintSettled(about.order_id, about.vendor_order_id, kept.id)]
    assert not complaints.settle(db, kept.id)
    assert not complaints.add_photo(db, about.vendor_order_id, AWA, 99)
    assert complaints.complain(db, about, "late", "encore", cause()) == "made"
    assert [one.settled_at is None for one in complaints.of_order(db, about.order_id)] == [False, True]


def test_nobody_else_has_a_subject_in_it(db, about):
    assert complaints.subject(db, about.vendor_order_id, 8) is None
    before = everything(db)
    assert not complaints.add_photo(db, about.vendor_order_id, 8, 99)
    assert everything(db) == before


def test_the_parts_that_can_be_meant_are_those_of_the_last_month_that_were_not_cancelled(db, terms, rice, about):
    newer = order(db, terms, (rice, 1)).vendor_order_ids[0]
    found = [one.vendor_order_id for one in complaints.subjects(db, AWA, MONTH, 9)]
    assert found == [newer, about.vendor_order_id]
    set_state(db, newer, "cancelled")
    assert [one.vendor_order_id for one in complaints.subjects(db, AWA, MONTH, 9)] == [about.vendor_order_id]
    advance(db, MONTH)
    assert complaints.subjects(db, AWA, MONTH, 9) == ()


def test_words_are_kept_up_to_a_thousand_characters(db, about):
    complaints.complain(db, about, "other", "x" * 900, cause())
    complaints.complain(db, about, "other", "y" * 900, cause())
    assert len(complaints.of_order(db, about.order_id)[0].words) == 1000
