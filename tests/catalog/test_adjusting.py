"""A vendor's changes: shown before they are made, made whole, taken back whole, and all of it in the ledger."""

from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from base.db import Alone
from catalog import adjusting, locks, stock
from catalog.adjusting import Line, Seen
from catalog.errors import ImpossibleAmount, UnknownGood
from catalog.stock import Cause, Change, Figures
from tests.catalog.crowd import run_together
from tests.catalog.market import broken_links, figures_of, ledger_of, make_good, make_rule, make_vendor

YAWA = Cause(contact_id=7, inbox_id=70)


@pytest.fixture
def rice(db):
    return make_good(db, make_vendor(db), on_hand=12)


def proposed(db, *lines, by=YAWA):
    """Lines of (good, kind, value)."""
    shops = {good.vendor_id for good, _, _ in lines}
    return adjusting.propose(db, shops, [Line(good.id, kind, value) for good, kind, value in lines], by, "message")


def applied(db, *lines, by=YAWA):
    id_ = proposed(db, *lines, by=by)
    return adjusting.apply(db, id_, {good.vendor_id for good, _, _ in lines}, by)


def arrows(seen):
    return [(one.name, one.before, one.after, one.promised) for one in seen]


def product_of(db, good):
    return tuple(db.one("select price, is_listed from product where id = %(id)s", id=good.id))


def test_a_count_is_shown_with_what_is_promised_and_made_after_a_yes(db, rice):
    stock.hold(db, [Change(rice.stock_id, 3)], YAWA)
    id_ = proposed(db, (rice, "count", 20))
    assert adjusting.preview(db, id_) == (Seen(Line(rice.id, "count", 20), "Riz parfumé 25 kg", "sac", 12, 20, 3),)
    assert figures_of(db, rice) == (12, 3, 0)
    assert adjusting.apply(db, id_, [rice.vendor_id], Cause(7, 71)) == "done"
    assert figures_of(db, rice) == (20, 3, 0)
    assert ledger_of(db, rice.stock_id)[1:] == [("count", 20, Figures(12, 3, 0), Figures(20, 3, 0))]
    row = db.one("select contact_id, inbox_id, adjustment_id from stock_movement order by id desc limit 1")
    assert tuple(row) == (7, 71, id_)


@pytest.mark.parametrize(
    ("kind", "value", "after", "reason"),
    [("more", 5, 17, "receive"), ("less", 5, 7, "remove"), ("less", 12, 0, "remove")],
)
def test_what_comes_and_goes_is_moved(db, rice, kind, value, after, reason):
    assert applied(db, (rice, kind, value)) == "done"
    assert figures_of(db, rice) == (after, 0, 0)
    assert ledger_of(db, rice.stock_id) == [(reason, value, Figures(12, 0, 0), Figures(after, 0, 0))]


def test_more_taken_away_than_lies_there_leaves_none_and_is_doubted(db, rice):
    id_ = proposed(db, (rice, "less", 15))
    (seen,) = adjusting.preview(db, id_)
    assert (seen.before, seen.after, seen.doubts) == (12, 0, {"short"})
    adjusting.apply(db, id_, [rice.vendor_id], YAWA)
    assert ledger_of(db, rice.stock_id) == [("remove", 12, Figures(12, 0, 0), Figures(0, 0, 0))]


def test_nothing_taken_from_an_empty_shelf_leaves_no_row(db):
    empty = make_good(db, make_vendor(db), on_hand=0)
    assert applied(db, (empty, "less", 2), (empty, "more", 0)) == "done"
    assert ledger_of(db, empty.stock_id) == []


def test_prices_and_listings_are_made_with_the_stock(db, rice):
    id_ = proposed(db, (rice, "price", 18_000), (rice, "listing", 0), (rice, "more", 5))
    assert arrows(adjusting.preview(db, id_)) == [
        ("Riz parfumé 25 kg", 17_500, 18_000, 0),
        ("Riz parfumé 25 kg", 1, 0, 0),
        ("Riz parfumé 25 kg", 12, 17, 0),
    ]
    assert adjusting.apply(db, id_, [rice.vendor_id], YAWA) == "done"
    assert (product_of(db, rice), figures_of(db, rice)) == ((18_000, False), (17, 0, 0))


def test_two_changes_of_one_stock_follow_each_other(db, rice):
    id_ = proposed(db, (rice, "count", 20), (rice, "less", 5))
    assert arrows(adjusting.preview(db, id_)) == [("Riz parfumé 25 kg", 12, 20, 0), ("Riz parfumé 25 kg", 20, 15, 0)]
    adjusting.apply(db, id_, [rice.vendor_id], YAWA)
    assert ledger_of(db, rice.stock_id) == [
        ("count", 20, Figures(12, 0, 0), Figures(20, 0, 0)),
        ("remove", 5, Figures(20, 0, 0), Figures(15, 0, 0)),
    ]
    assert broken_links(db) == []


def test_a_sack_counts_its_bowls(db):
    bowl = make_good(db, make_vendor(db), "Riz, bol", on_hand=60, unit="bol")
    sack = make_good(db, bowl.vendor_id, "Riz, sac", stock_id=bowl.stock_id, factor=25, price=13_500)
    stock.hold(db, [Change(bowl.stock_id, 26)], YAWA)
    id_ = proposed(db, (sack, "count", 4), (bowl, "more", 10))
    assert arrows(adjusting.preview(db, id_)) == [("Riz, sac", 2, 4, 2), ("Riz, bol", 100, 110, 26)]
    adjusting.apply(db, id_, [bowl.vendor_id], YAWA)
    assert figures_of(db, bowl) == (110, 26, 0)


@pytest.mark.parametrize(
    ("kind", "value", "doubts"),
    [
        ("count", 51, {"odd"}),
        ("count", 50, set()),
        ("count", 41, set()),
        ("more", 60, {"odd"}),
        ("price", 17_502, {"odd"}),
        ("price", 26_255, {"price_jump"}),
        ("price", 26_250, set()),
        ("price", 8_750, set()),
        ("price", 8_745, {"price_jump"}),
        ("count", 2, {"below_promised"}),
        ("count", 3, set()),
    ],
)
def test_what_is_probably_a_slip_is_doubted(db, kind, value, doubts):
    few = make_good(db, make_vendor(db), on_hand=4)
    stock.hold(db, [Change(few.stock_id, 3)], YAWA)
    (seen,) = adjusting.preview(db, proposed(db, (few, kind, value)))
    assert seen.doubts == doubts


@pytest.mark.parametrize(
    ("kind", "value", "small"),
    [("count", 22, True), ("count", 23, False), ("less", 10, True), ("price", 17_000, False), ("listing", 0, False)],
)
def test_a_small_change_is_one_of_few_units_of_stock(db, rice, kind, value, small):
    assert adjusting.is_small(adjusting.preview(db, proposed(db, (rice, kind, value)))) is small


def test_several_lines_are_never_small(db, rice):
    assert not adjusting.is_small(adjusting.preview(db, proposed(db, (rice, "more", 1), (rice, "more", 1))))


@pytest.mark.parametrize("value", [-1, 1_000_001])
def test_a_number_that_nothing_can_have_is_refused(db, rice, value):
    for kind in ("count", "more", "less"):
        with pytest.raises(ImpossibleAmount):
            proposed(db, (rice, kind, value))
    for kind, wrong in (("price", 0), ("price", 100_000_001), ("listing", 2)):
        with pytest.raises(ImpossibleAmount):
            proposed(db, (rice, kind, wrong))
    assert db.value("select count(*) from adjustment") == 0


def test_a_good_of_another_shop_is_neither_proposed_nor_applied_nor_undone(db, rice):
    stranger = make_vendor(db, "tata_afi")
    with pytest.raises(UnknownGood):
        adjusting.propose(db, [stranger], [Line(rice.id, "count", 1)], YAWA, "message")
    with pytest.raises(UnknownGood):
        adjusting.propose(db, [rice.vendor_id], [], YAWA, "message")
    id_ = proposed(db, (rice, "count", 1))
    assert adjusting.apply(db, id_, [stranger], YAWA) == "unknown"
    assert adjusting.apply(db, 999_999, [stranger], YAWA) == "unknown"
    adjusting.apply(db, id_, [rice.vendor_id], YAWA)
    assert adjusting.undo(db, [stranger], YAWA).outcome == "nothing"
    assert figures_of(db, rice) == (1, 0, 0)


def test_a_sale_between_preview_and_yes_is_shown_before_anything_is_done(db, rice):
    id_ = proposed(db, (rice, "count", 20))
    stock.hold(db, [Change(rice.stock_id, 2)], YAWA)
    stock.allocate(db, [Change(rice.stock_id, 2, 5)], YAWA)
    assert adjusting.apply(db, id_, [rice.vendor_id], YAWA) == "changed"
    assert figures_of(db, rice) == (12, 0, 2)
    assert arrows(adjusting.preview(db, id_)) == [("Riz parfumé 25 kg", 12, 20, 2)]
    assert adjusting.apply(db, id_, [rice.vendor_id], YAWA) == "done"
    assert figures_of(db, rice) == (20, 0, 2)


def test_what_left_between_preview_and_yes_makes_a_plus_reach_less(db, rice):
    id_ = proposed(db, (rice, "more", 5))
    stock.hold(db, [Change(rice.stock_id, 2)], YAWA)
    stock.allocate(db, [Change(rice.stock_id, 2, 5)], YAWA)
    stock.hand_over(db, [Change(rice.stock_id, 2, 5)], YAWA)
    assert adjusting.apply(db, id_, [rice.vendor_id], YAWA) == "changed"
    assert arrows(adjusting.preview(db, id_)) == [("Riz parfumé 25 kg", 10, 15, 0)]


def test_a_price_that_somebody_else_changed_is_shown_anew(db, rice):
    id_ = proposed(db, (rice, "price", 18_000))
    db.run("update product set price = 19000")
    assert adjusting.apply(db, id_, [rice.vendor_id], YAWA) == "changed"
    assert product_of(db, rice) == (19_000, True)
    assert adjusting.apply(db, id_, [rice.vendor_id], YAWA) == "done"
    assert product_of(db, rice) == (18_000, True)


def test_a_second_yes_does_nothing(db, rice):
    id_ = proposed(db, (rice, "more", 5))
    assert [adjusting.apply(db, id_, [rice.vendor_id], YAWA) for _ in range(2)] == ["done", "already"]
    assert figures_of(db, rice) == (17, 0, 0)


def test_an_undoing_moves_back_the_difference_so_that_a_sale_stays(db, rice):
    applied(db, (rice, "count", 20))
    for move in (stock.hold, stock.allocate, stock.hand_over):
        move(db, [Change(rice.stock_id, 3, None if move is stock.hold else 5)], YAWA)
    undone = adjusting.undo(db, [rice.vendor_id], Cause(7, 72))
    assert (undone.outcome, arrows(undone.lines)) == ("done", [("Riz parfumé 25 kg", 17, 9, 0)])
    assert figures_of(db, rice) == (9, 0, 0)
    assert ledger_of(db, rice.stock_id)[-1] == ("undo", -8, Figures(17, 0, 0), Figures(9, 0, 0))


def test_an_undoing_that_would_leave_less_than_nothing_is_refused_with_figures(db, rice):
    oil = make_good(db, rice.vendor_id, "Huile 1 L", on_hand=5)
    applied(db, (rice, "more", 8), (oil, "more", 1))
    applied(db, (rice, "less", 15), by=Cause(8, None))
    undone = adjusting.undo(db, [rice.vendor_id], YAWA)
    assert (undone.outcome, arrows(undone.lines)) == ("refused", [("Riz parfumé 25 kg", 5, -3, 0)])
    assert (figures_of(db, rice), figures_of(db, oil)) == ((5, 0, 0), (6, 0, 0))
    assert db.value("select count(*) from stock_movement where reason = 'undo'") == 0


def test_a_price_goes_back_only_while_it_is_what_was_set(db, rice):
    oil = make_good(db, rice.vendor_id, "Huile 1 L", price=1_200)
    applied(db, (rice, "price", 18_000), (oil, "price", 1_300), (oil, "listing", 0))
    db.run("update product set price = 19000 where id = %(id)s", id=rice.id)
    undone = adjusting.undo(db, [rice.vendor_id], YAWA)
    assert (undone.outcome, undone.kept) == ("done", ("Riz parfumé 25 kg",))
    assert (product_of(db, rice), product_of(db, oil)) == ((19_000, True), (1_200, True))


def steps_of(db, good):
    rows = db.rows("select quantity, price from price_rule where kind = 'step' and product_id = %(id)s", id=good.id)
    return {row.quantity: row.price for row in rows}


def with_steps(db, good, *lines, by=YAWA):
    """Applied lines of (price, units) of a good's price for many."""
    told = [Line(good.id, "step", price, units) for price, units in lines]
    id_ = adjusting.propose(db, [good.vendor_id], told, by, "message")
    return id_, adjusting.apply(db, id_, [good.vendor_id], by)


def test_prices_for_many_are_set_changed_taken_away_and_go_back(db, rice):
    make_rule(db, rice, "step", 50, 16_000)
    make_rule(db, rice, "lot", 10, 150_000)
    id_, outcome = with_steps(db, rice, (17_000, 10), (0, 50), (16_500, 20))
    assert (outcome, steps_of(db, rice)) == ("done", {10: 17_000, 20: 16_500})
    assert [(seen.line.quantity, seen.before, seen.after) for seen in adjusting.preview(db, id_)] == [
        (10, 0, 17_000), (50, 16_000, 0), (20, 0, 16_500),
    ]  # fmt: skip
    db.run("update price_rule set price = 16900 where quantity = 10 and kind = 'step'")
    undone = adjusting.undo(db, [rice.vendor_id], YAWA)
    assert (undone.outcome, undone.kept, steps_of(db, rice)) == (
        "done",
        ("Riz parfumé 25 kg",),
        {10: 16_900, 50: 16_000},
    )
    assert db.value("select count(*) from price_rule where kind = 'lot'") == 1


def test_a_price_for_many_that_was_changed_meanwhile_is_shown_anew(db, rice):
    id_ = adjusting.propose(db, [rice.vendor_id], [Line(rice.id, "step", 17_000, 10)], YAWA, "message")
    make_rule(db, rice, "step", 10, 16_000)
    assert adjusting.apply(db, id_, [rice.vendor_id], YAWA) == "changed"
    assert [(seen.before, seen.after) for seen in adjusting.preview(db, id_)] == [(16_000, 17_000)]
    assert steps_of(db, rice) == {10: 16_000}


def test_a_price_for_many_is_shown_anew_where_one_costs_less_than_it_was_told_with(db, rice):
    id_ = adjusting.propose(db, [rice.vendor_id], [Line(rice.id, "step", 17_000, 10)], YAWA, "message")
    db.run("update product set price = 16500 where id = %(id)s", id=rice.id)
    assert adjusting.apply(db, id_, [rice.vendor_id], YAWA) == "changed"
    (shown,) = adjusting.preview(db, id_)
    assert (shown.after, shown.promised, shown.doubts) == (17_000, 0, {"no_less"})
    assert steps_of(db, rice) == {}
    assert adjusting.apply(db, id_, [rice.vendor_id], YAWA) == "done"


@pytest.mark.parametrize(
    ("price", "units", "doubts"),
    [(17_000, 10, set()), (17_500, 10, {"no_less"}), (17_003, 10, {"odd"}), (8_000, 10, {"price_jump", "steps_over"}),
     (15_000, 60, set()), (16_000, 60, {"no_less"}), (0, 50, set())],
)  # fmt: skip
def test_a_price_for_many_is_doubted_beside_the_others(db, rice, price, units, doubts):
    make_rule(db, rice, "step", 50, 16_000)
    id_ = adjusting.propose(db, [rice.vendor_id], [Line(rice.id, "step", price, units)], YAWA, "message")
    assert adjusting.preview(db, id_)[0].doubts == doubts


@pytest.mark.parametrize(("price", "units"), [(-5, 10), (200, 1), (200, 0), (200, 100_000), (100_000_001, 10)])
def test_an_impossible_price_for_many_is_refused(db, rice, price, units):
    with pytest.raises(ImpossibleAmount):
        adjusting.propose(db, [rice.vendor_id], [Line(rice.id, "step", price, units)], YAWA, "message")


def test_a_price_set_twice_by_one_message_goes_back_to_the_first(db, rice):
    applied(db, (rice, "price", 18_000), (rice, "price", 18_500))
    adjusting.undo(db, [rice.vendor_id], YAWA)
    assert product_of(db, rice) == (17_500, True)


def test_only_the_last_change_of_the_same_person_is_undone_and_once(db, rice):
    applied(db, (rice, "more", 1))
    applied(db, (rice, "more", 10))
    applied(db, (rice, "more", 100), by=Cause(8, None))
    outcomes = [adjusting.undo(db, [rice.vendor_id], YAWA).outcome for _ in range(2)]
    assert (outcomes, figures_of(db, rice)) == (["done", "already"], (113, 0, 0))
    assert adjusting.undo(db, [rice.vendor_id], Cause(9, None)).outcome == "nothing"


def test_a_named_change_is_undone_though_it_is_not_the_last(db, rice):
    id_ = proposed(db, (rice, "more", 1))
    adjusting.apply(db, id_, [rice.vendor_id], YAWA)
    applied(db, (rice, "more", 10))
    assert adjusting.undo(db, [rice.vendor_id], YAWA, id_).outcome == "done"
    assert figures_of(db, rice) == (22, 0, 0)


@pytest.mark.parametrize(("hours", "outcome"), [(23.9, "done"), (24.1, "nothing")])
def test_a_day_later_nothing_is_undone(db, rice, hours, outcome):
    applied(db, (rice, "more", 5))
    db.run(
        "update adjustment set applied_at = market_now() - make_interval(secs => %(s)s)",
        s=timedelta(hours=hours).total_seconds(),
    )
    assert adjusting.undo(db, [rice.vendor_id], YAWA).outcome == outcome


def test_small_changes_are_asked_about_until_all_shops_say_otherwise(db):
    shops = [make_vendor(db), make_vendor(db, "tata_afi")]
    assert not adjusting.takes_small_at_once(db, shops)
    adjusting.take_small_at_once(db, shops[:1], is_on=True)
    assert [adjusting.takes_small_at_once(db, some) for some in (shops[:1], shops, [])] == [True, False, False]
    adjusting.take_small_at_once(db, shops, is_on=False)
    assert not adjusting.takes_small_at_once(db, shops[:1])


STEPS = [*("count", "more", "less"), *("hold", "allocate", "free", "hand_over", "give_back"), "undo", "late"]


def sell(db, step, n, good, figures, by):
    """One move of a buyer's units, on the rows and on the model's figures."""
    change = [Change(good.stock_id, n, None if step == "hold" else 5)]
    on_hand, held, allocated = figures
    match step:
        case "hold":
            done = stock.hold(db, change, by)
            assert done == (on_hand - held - allocated >= n)
            figures[1] += n * done
        case "allocate" if held >= n:
            stock.allocate(db, change, by)
            figures[1:] = held - n, allocated + n
        case "free" if allocated >= n:
            stock.free(db, change, by)
            figures[2] -= n
        case "hand_over" if allocated >= n:
            done = stock.hand_over(db, change, by)
            assert done == (on_hand >= n)
            figures[:] = on_hand - n * done, held, allocated - n * done
        case "give_back":
            stock.give_back(db, change, by)
            figures[0] += n


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(STEPS), st.integers(0, 9), st.integers(0, 1)), max_size=25))
def test_any_run_of_changes_sales_and_undoings_leaves_figures_and_ledger_right(db, steps):
    place = db.value("select count(*) from vendor")
    first = make_good(db, make_vendor(db, f"m{place}"), on_hand=10)
    goods = [first, make_good(db, first.vendor_id, "Huile 1 L", on_hand=3)]
    by = Cause(1_000 + place, None)
    model = [[10, 0, 0], [3, 0, 0]]
    last, waiting = None, None
    for step, n, which in steps:
        figures, good = model[which], goods[which]
        db.run("update adjustment set applied_at = applied_at - interval '1 s'")  # one transaction has one moment
        if step in ("count", "more", "less"):
            id_ = proposed(db, (good, step, n), (goods[0], "more", 1), by=by)
            before = [list(one) for one in model]
            assert adjusting.apply(db, id_, [good.vendor_id], by) == "done"
            figures[0] = n if step == "count" else figures[0] + n if step == "more" else max(figures[0] - n, 0)
            model[0][0] += 1
            last = [now[0] - old[0] for now, old in zip(model, before, strict=True)]
            waiting = waiting or (proposed(db, (good, "more", n), by=by), which, n, [list(one) for one in model])
        elif step == "late" and waiting:
            id_, other, units, then = waiting
            is_same = then[other] == model[other] or (
                then[other][0] == model[other][0] and sum(then[other][1:]) == sum(model[other][1:])
            )
            outcome = adjusting.apply(db, id_, [good.vendor_id], by)
            assert outcome == ("done" if is_same else "changed")
            if outcome == "done":
                model[other][0] += units
                last, waiting = [units * (place == other) for place in range(2)], None
            else:
                waiting = (id_, other, units, [list(one) for one in model])
        elif step == "undo":
            undone = adjusting.undo(db, [first.vendor_id], by)
            if last is None:
                assert undone.outcome in ("nothing", "already")
            elif any(now[0] - units < 0 for now, units in zip(model, last, strict=True)):
                assert undone.outcome == "refused"
                assert {one.after for one in undone.lines} == {
                    now[0] - units for now, units in zip(model, last, strict=True) if now[0] - units < 0
                }
            else:
                assert undone.outcome == "done"
                for now, units in zip(model, last, strict=True):
                    now[0] -= units
                last = None
        elif n:
            sell(db, step, n, good, figures, by)
        assert [list(figures_of(db, one)) for one in goods] == model
    assert broken_links(db) == []
    assert [one[0] for one in model] == [
        db.value(
            "select %(first)s + coalesce(sum(on_hand_after - on_hand_before), 0) from stock_movement"
            " where stock_id = %(id)s",
            first=begun,
            id=one.stock_id,
        )
        for one, begun in zip(goods, (10, 3), strict=True)
    ]


def test_two_changes_of_one_stock_at_once_are_made_one_after_the_other(crowd):
    with crowd.unit_of_work() as db:
        rice = make_good(db, make_vendor(db), on_hand=12)
        oil = make_good(db, rice.vendor_id, "Huile 1 L", on_hand=5)
        waiting = [proposed(db, *(pair if place % 2 else pair[::-1])) for place in range(6)
                   for pair in [[(rice, "more", 1), (oil, "more", 1)]]]  # fmt: skip

    def say_yes(id_):
        with crowd.unit_of_work() as db:
            return adjusting.apply(db, id_, [rice.vendor_id], YAWA)

    assert sorted(run_together(say_yes, waiting)) == ["changed"] * 5 + ["done"]
    with crowd.unit_of_work() as db:
        assert (figures_of(db, rice), figures_of(db, oil)) == ((13, 0, 0), (6, 0, 0))
        assert broken_links(db) == []


def test_a_yes_tapped_twice_and_an_undoing_said_twice_at_once_act_once(crowd):
    with crowd.unit_of_work() as db:
        rice = make_good(db, make_vendor(db), on_hand=12)
        id_ = proposed(db, (rice, "more", 8))

    def say_yes(_):
        with crowd.unit_of_work() as db:
            return adjusting.apply(db, id_, [rice.vendor_id], YAWA)

    def undo(_):
        with crowd.unit_of_work() as db:
            return adjusting.undo(db, [rice.vendor_id], YAWA).outcome

    assert sorted(run_together(say_yes, range(4))) == ["already"] * 3 + ["done"]
    assert sorted(run_together(undo, range(4))) == ["already"] * 3 + ["done"]
    with crowd.unit_of_work() as db:
        assert figures_of(db, rice) == (12, 0, 0)
        assert [row[0] for row in ledger_of(db, rice.stock_id)] == ["receive", "undo"]


def test_in_a_batch_a_busy_stock_sends_the_yes_away_before_it_wrote(crowd):
    with crowd.unit_of_work() as db:
        rice = make_good(db, make_vendor(db), on_hand=12)
        id_ = proposed(db, (rice, "more", 8))
    with crowd.unit_of_work() as other, crowd.unit_of_work() as db:
        locks.stocks(other, [rice.stock_id])
        turn = db.turn_of_batch()
        with pytest.raises(Alone):
            adjusting.apply(turn, id_, [rice.vendor_id], YAWA)
        assert not turn.has_written
