"""A shop serves a part of what was ordered: stock, money and the buyer's choice follow, once and under the lock."""

import pytest

from base.clock import now
from base.invariants import count
from orders import cutting, progress, reports, shops
from orders.cutting import Cut
from orders.facts import PartCancelled, PartCut, PartLate, PartRestKept
from orders.invariants import ALLOCATED
from tests.catalog.crowd import run_together
from tests.catalog.market import make_good, make_vendor
from tests.orders.buying import AWA, advance, cause, everything, order, state_of
from tests.orders.test_due import ALWAYS, HOUR, MINUTE, WEEKDAYS, begin_at, facts_of, told


@pytest.fixture
def always(db, yawa):
    shops.set_hours(db, [yawa], ALWAYS, ALWAYS)


@pytest.fixture
def beans(db, yawa):
    return make_good(db, yawa, "Haricot", on_hand=10, price=1_000)


def lines_of(db, part):
    rows = db.rows("select id, name from order_line where vendor_order_id = %(p)s order by id", p=part)
    return {row.name: row.id for row in rows}


def allocated(db, good):
    return db.value("select allocated from stock s join product p on p.stock_id = s.id where p.id = %(g)s", g=good.id)


def cut(db, terms, part, shop, by, **units):
    lines = lines_of(db, part)
    names = {"rice": "Riz parfumé 25 kg", "beans": "Haricot"}
    wanted = {lines[names[name]]: number for name, number in units.items()}
    return cutting.accept_partly(db, part, [shop], wanted, by, terms)


def test_what_is_missing_is_free_again_and_the_rest_costs_less(db, terms, by, yawa, rice, beans, always):
    (part,) = order(db, terms, (rice, 3), (beans, 4)).vendor_order_ids
    before = reports.part(db, part)
    db.facts.clear()
    assert cut(db, terms, part, yawa, by, rice=1, beans=0) == "done"
    after = reports.part(db, part)
    assert [type(fact) for fact in db.facts] == [PartCut]
    assert (after.state, after.is_undecided) == ("accepted", True)
    assert [(line.name, line.quantity, line.amount) for line in after.lines] == [("Riz parfumé 25 kg", 1, 17_500)]
    assert (after.goods, after.delivery, after.prepaid, after.owed) == (17_500, before.delivery, 0, 0)
    assert (allocated(db, rice), allocated(db, beans)) == (1, 0)
    assert db.value('select total from "order"') == after.total
    assert count(db, ALLOCATED) == 0
    assert facts_of(db, part) == ["placed", "accepted", "cut"]
    known = cutting.last_cut(db, part)
    assert known == Cut((("Riz parfumé 25 kg", 3, 1), ("Haricot", 4, 0)), before.total, after.total, 0, known.until)


def test_a_free_delivery_stays_free_though_its_threshold_is_no_longer_reached(db, terms, by, yawa, rice, always):
    db.run("update vendor set free_above = 30000 where id = %(id)s", id=yawa)
    (part,) = order(db, terms, (rice, 2)).vendor_order_ids
    assert reports.part(db, part).delivery == 0
    assert cut(db, terms, part, yawa, by, rice=1) == "done"
    assert reports.part(db, part).total == 17_500


def test_a_lot_is_never_dearer_a_unit_and_ends_in_whole_coins(db, terms, by, yawa, rice, always):
    (part,) = order(db, terms, (rice, 3)).vendor_order_ids
    db.run("update order_line set amount = 50000 where vendor_order_id = %(p)s", p=part)
    line = lines_of(db, part)["Riz parfumé 25 kg"]
    assert cutting.plan(db, part, {line: 2}).goods == 33_330
    assert cutting.plan(db, part, {line: 3}).goods == 50_000


@pytest.mark.parametrize(
    ("is_arranged", "percent", "kept", "owed"),
    [(True, None, 18_000, 17_500), (True, 50, 17_750, 0), (False, None, 18_000, 0), (False, 50, 9_000, 0)],
)
def test_what_was_paid_before_is_kept_for_the_rest_and_only_what_is_too_much_is_owed(
    db, terms, by, yawa, rice, always, is_arranged, percent, kept, owed
):
    db.run("update vendor set cod_max = 0, deposit_percent = %(p)s, delivery_bands = '[[null, 500]]'", p=percent)
    (part,) = order(db, terms, (rice, 2)).vendor_order_ids
    if is_arranged:
        assert progress.note_arranged(db, part, by)
    assert cut(db, terms, part, yawa, by, rice=1) == "done"
    after = reports.part(db, part)
    assert (after.prepaid, after.owed) == (kept, owed)
    if not owed:
        assert not progress.note_returned(db, part, by)
        return
    assert progress.note_returned(db, part, by)
    assert not progress.note_returned(db, part, by)
    after = reports.part(db, part)
    assert (after.owed, after.given_back, after.paid) == (0, owed, kept)
    assert facts_of(db, part)[-1] == "difference_returned"


def test_who_cancels_the_rest_is_owed_all_that_he_paid(db, terms, by, yawa, rice, always):
    db.run("update vendor set cod_max = 0, deposit_percent = null, delivery_bands = '[[null, 500]]'")
    (part,) = order(db, terms, (rice, 2)).vendor_order_ids
    progress.note_arranged(db, part, by)
    cut(db, terms, part, yawa, by, rice=1)
    assert progress.cancel_part(db, part, AWA, by) == "done"
    assert reports.part(db, part).owed == 35_500
    assert reports.unfinished_order_code(db, AWA)
    assert progress.note_returned(db, part, by)
    ended = reports.part(db, part)
    assert (ended.owed, ended.given_back) == (0, 35_500)
    assert reports.unfinished_order_code(db, AWA) is None


def test_it_does_not_leave_before_its_buyer_has_chosen(db, terms, by, yawa, rice, always):
    (part,) = order(db, terms, (rice, 2)).vendor_order_ids
    cut(db, terms, part, yawa, by, rice=1)
    before = everything(db)
    assert progress.hand_over(db, part, [yawa], by) == "undecided"
    assert everything(db) == before
    assert cutting.keep_rest(db, part, AWA + 1, by, terms) == "not_yours"
    db.facts.clear()
    assert cutting.keep_rest(db, part, AWA, by, terms) == "kept"
    assert [type(fact) for fact in db.facts] == [PartRestKept]
    assert cutting.keep_rest(db, part, AWA, by, terms) == "over"
    assert reports.part(db, part).late_at is not None
    assert progress.hand_over(db, part, [yawa], by) == "done"
    assert allocated(db, rice) == 0


def test_the_whole_is_called_back_only_while_it_is_open_to_choose(db, terms, by, yawa, rice, always):
    (part,) = order(db, terms, (rice, 2)).vendor_order_ids
    cut(db, terms, part, yawa, by, rice=1)
    db.facts.clear()
    assert progress.cancel_part(db, part, AWA, by) == "done"
    assert [type(fact) for fact in db.facts] == [PartCancelled]
    assert (state_of(db, part), allocated(db, rice)) == ("cancelled", 0)
    assert cutting.keep_rest(db, part, AWA, by, terms) == "over"
    assert told(db) == (0, [])


def test_silence_keeps_the_rest_after_two_hours_to_the_second(db, terms, by, yawa, rice, always):
    (part,) = order(db, terms, (rice, 2)).vendor_order_ids
    cut(db, terms, part, yawa, by, rice=1)
    advance(db, 2 * HOUR - 1)
    assert told(db) == (0, [])
    advance(db, 1)
    at = now(db)
    assert told(db) == (1, [PartRestKept])
    assert told(db) == (0, [])
    assert not reports.part(db, part).is_undecided
    assert (reports.part(db, part).late_at - at).total_seconds() == 24 * HOUR  # its shop's delay begins to pass now
    advance(db, 24 * HOUR)
    assert told(db) == (1, [PartLate])


def test_two_hours_are_hours_in_which_the_shop_is_open(db, terms, by, yawa, rice):
    shops.set_hours(db, [yawa], WEEKDAYS, ALWAYS)
    begin_at(db, 5, 18)  # Saturday, an hour before it shuts until Monday
    (part,) = order(db, terms, (rice, 2)).vendor_order_ids
    cut(db, terms, part, yawa, by, rice=1)
    begin_at(db, 0, 7, 59)
    assert told(db) == (0, [])
    advance(db, MINUTE)
    assert told(db) == (1, [PartRestKept])


def test_a_pause_stops_the_time_to_choose_and_not_the_choice(db, terms, by, yawa, rice, always):
    (part,) = order(db, terms, (rice, 2)).vendor_order_ids
    cut(db, terms, part, yawa, by, rice=1)
    advance(db, HOUR)
    shops.open_or_close(db, [yawa], ALWAYS, is_open=False)
    advance(db, 24 * HOUR)
    assert told(db) == (0, [])
    assert reports.part(db, part).is_undecided
    shops.open_or_close(db, [yawa], ALWAYS, is_open=True)
    advance(db, HOUR - 1)
    assert told(db) == (0, [])
    advance(db, 1)
    assert told(db) == (1, [PartRestKept])


def test_a_shop_that_is_shut_lets_its_buyer_choose_until_it_opens(db, terms, by, yawa, rice, always):
    (part,) = order(db, terms, (rice, 2)).vendor_order_ids
    shops.open_or_close(db, [yawa], ALWAYS, is_open=False)
    assert cut(db, terms, part, yawa, by, rice=1) == "done"
    assert cutting.last_cut(db, part).until is None
    assert cutting.keep_rest(db, part, AWA, by, terms) == "kept"


@pytest.mark.parametrize(("units", "outcome"), [(0, "nothing"), (2, "whole"), (9, "whole"), (-1, "nothing")])
def test_all_or_nothing_is_no_part(db, terms, by, yawa, rice, always, units, outcome):
    (part,) = order(db, terms, (rice, 2)).vendor_order_ids
    before = everything(db)
    assert cut(db, terms, part, yawa, by, rice=units) == outcome
    assert everything(db) == before


def test_a_part_is_cut_once_by_its_own_shop_and_before_it_is_packed(db, terms, by, yawa, kossi, rice, always):
    (part,) = order(db, terms, (rice, 3)).vendor_order_ids
    assert cut(db, terms, part, kossi, by, rice=1) == "not_yours"
    assert progress.accept(db, part, [yawa], by) == "done"
    assert cutting.is_cuttable(db, part)
    assert cut(db, terms, part, yawa, by, rice=2) == "done"
    assert facts_of(db, part) == ["placed", "accepted", "cut"]
    assert not cutting.is_cuttable(db, part)
    assert cut(db, terms, part, yawa, by, rice=1) == "already"
    (other,) = order(db, terms, (rice, 3)).vendor_order_ids
    progress.accept(db, other, [yawa], by)
    progress.ready(db, other, [yawa], by)
    assert cut(db, terms, other, yawa, by, rice=1) == "already"
    progress.refuse(db, other, [yawa], "other", by)
    assert cut(db, terms, other, yawa, by, rice=1) == "over"


def test_what_has_expired_is_over_before_the_job_was_there(db, terms, by, yawa, rice, always):
    (part,) = order(db, terms, (rice, 3)).vendor_order_ids
    advance(db, 24 * HOUR)
    assert cut(db, terms, part, yawa, by, rice=1) == "over"


def test_a_pickup_that_lies_ready_is_waited_for_once_its_rest_is_kept(db, terms, by, yawa, rice, always):
    (part,) = order(db, terms, (rice, 3)).vendor_order_ids
    db.run("update \"order\" set way = 'pickup'")
    cut(db, terms, part, yawa, by, rice=1)
    progress.ready(db, part, [yawa], by)
    cutting.keep_rest(db, part, AWA, by, terms)
    assert [(row.what) for row in db.rows("select what from part_due where vendor_order_id = %(p)s", p=part)] == [
        "very_late"
    ]
    assert reports.part(db, part).late_at is None


def test_a_shop_and_a_buyer_at_once_end_with_one_of_both(crowd, terms):
    with crowd.unit_of_work() as db:
        shop = make_vendor(db, "maman_yawa")
        good = make_good(db, shop, "Riz parfumé 25 kg", on_hand=10, price=17_500)
        placed = order(db, terms, (good, 3))
        (part,) = placed.vendor_order_ids
        line = lines_of(db, part)["Riz parfumé 25 kg"]

    def cut_it():
        with crowd.unit_of_work() as db:
            return cutting.accept_partly(db, part, [shop], {line: 1}, cause(), terms)

    def cancel_it():
        with crowd.unit_of_work() as db:
            return progress.cancel_order(db, placed.order_id, AWA, cause()).outcome

    outcomes = run_together(lambda act: act(), [cut_it, cancel_it])
    with crowd.unit_of_work() as db:
        assert state_of(db, part) == "cancelled"
        assert allocated(db, good) == 0
    assert set(outcomes) <= {"done", "over"}
