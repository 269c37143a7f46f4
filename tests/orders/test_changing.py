"""An order that nobody answered is changed whole or not at all, with exact stock; an answer that came first wins."""

import pytest

from orders import changing, progress
from orders.basket import Address
from orders.changing import Wish
from orders.facts import PartCancelled, PartChanged
from orders.reports import order as order_view
from tests.catalog.crowd import run_together
from tests.catalog.market import broken_links, figures_of, make_good, make_rule, make_vendor
from tests.faults.history import QUESTIONS
from tests.orders.buying import AWA, advance, cause, everything, order, state_of

FAR = Address("agoe-assiyeye", "au marché", None, None, 6.2241, 1.2037)


@pytest.fixture
def placed(db, terms, rice, oil):
    return order(db, terms, (rice, 3), (oil, 2))


def lines(db):
    return {row.name: row.id for row in db.rows("select id, name from order_line order by id")}


def change(db, placed, terms, wish, *, contact=AWA, seen=None):
    total = changing.plan(db, placed.order_id, wish, terms).total if seen is None else seen
    return changing.change_order(db, placed.order_id, contact, wish, cause(contact), terms, total_seen=total)


def is_sound(db):
    """The books of the long tests agree: totals, lines and movements of stock."""
    for name, question in QUESTIONS.items():
        if "part" in name or "total" in name:
            assert db.rows(question) == [], name
    return broken_links(db) == []


def test_fewer_and_more_units_move_just_the_difference(db, terms, placed, rice, oil):
    ids = lines(db)
    wish = Wish({ids["Riz parfumé 25 kg"]: 1, ids["Huile végétale 1 L"]: 5})
    db.facts.clear()
    assert change(db, placed, terms, wish) == "changed"
    assert (figures_of(db, rice), figures_of(db, oil)) == ((10, 0, 1), (5, 0, 5))
    view = order_view(db, placed.order_id)
    assert [[(line.name, line.quantity) for line in own.part.lines] for own in view.parts] == [
        [("Riz parfumé 25 kg", 1)],
        [("Huile végétale 1 L", 5)],
    ]
    assert view.total == view.due == sum(own.part.total for own in view.parts)
    assert [type(fact) for fact in db.facts] == [PartChanged, PartChanged]
    first, _ = placed.vendor_order_ids
    assert changing.last_change(db, placed.order_id, first) == [
        {"stock": rice.stock_id, "name": "Riz parfumé 25 kg", "before": 3, "after": 1, "factor": 1}
    ]
    assert is_sound(db)


def test_a_part_without_a_line_left_is_cancelled_and_the_other_stays(db, terms, placed, rice, oil):
    db.facts.clear()
    assert change(db, placed, terms, Wish({lines(db)["Huile végétale 1 L"]: 0})) == "changed"
    first, second = placed.vendor_order_ids
    assert (state_of(db, first), state_of(db, second)) == ("placed", "cancelled")
    assert (figures_of(db, rice), figures_of(db, oil)) == ((10, 0, 3), (5, 0, 0))
    assert db.facts == [PartCancelled(placed.order_id, second)]
    assert is_sound(db)


def test_a_line_that_is_taken_out_gives_its_units_back(db, terms, yawa, rice):
    maize = make_good(db, yawa, "Maïs blanc", price=800)
    placed = order(db, terms, (rice, 3), (maize, 4))
    assert change(db, placed, terms, Wish({lines(db)["Maïs blanc"]: 0})) == "changed"
    assert (figures_of(db, rice), figures_of(db, maize)) == ((10, 0, 3), (10, 0, 0))
    progress.accept(db, placed.vendor_order_ids[0], [yawa], cause(50))
    progress.refuse(db, placed.vendor_order_ids[0], [yawa], "shortage", cause(50))
    assert figures_of(db, rice) == (10, 0, 0)
    assert is_sound(db)


def test_another_address_costs_what_its_way_costs(db, terms, placed):
    before = order_view(db, placed.order_id)
    assert change(db, placed, terms, Wish({}, FAR)) == "changed"
    view = order_view(db, placed.order_id)
    assert (view.quarter, view.landmark, view.recipient, view.phone) == (
        "agoe-assiyeye", "au marché", before.recipient, before.phone
    )  # fmt: skip
    assert [own.part.delivery for own in before.parts] != [own.part.delivery for own in view.parts]
    assert view.total == sum(own.part.total for own in view.parts)
    assert changing.last_change(db, placed.order_id, placed.vendor_order_ids[0]) == []
    assert is_sound(db)


def test_more_units_cost_what_the_product_costs_now_and_fewer_what_was_confirmed(db, terms, placed):
    db.run("update product set price = price + 100")
    ids = lines(db)
    wish = Wish({ids["Riz parfumé 25 kg"]: 4, ids["Huile végétale 1 L"]: 1})
    plan = changing.plan(db, placed.order_id, wish, terms)
    assert [line.price for line in plan.lines] == [17_600, 1_200]


@pytest.mark.parametrize("quantity, amount", [(3, 1_000), (4, 1_400), (1, 400), (9, 3_000)])
def test_units_of_a_lot_are_priced_by_the_lot_whether_more_or_fewer(db, terms, rice, quantity, amount):
    soap = make_good(db, rice.vendor_id, "Savon", price=400)
    make_rule(db, soap, "lot", 3, 1_000)
    placed = order(db, terms, (soap, 6))
    plan = changing.plan(db, placed.order_id, Wish({lines(db)["Savon"]: quantity}), terms)
    assert [line.amount for line in plan.lines] == [amount]


def test_fewer_units_lose_the_step_that_they_no_longer_reach_and_what_was_brought_for_nothing(db, terms, rice):
    cloth = make_good(db, rice.vendor_id, "Pagne", price=400)
    make_rule(db, cloth, "step", 10, 350)
    db.run("update vendor set free_above = 3000 where id = %(vendor)s", vendor=rice.vendor_id)
    placed = order(db, terms, (cloth, 10))
    line = lines(db)["Pagne"]
    kept, plan = (changing.plan(db, placed.order_id, Wish({line: units}), terms) for units in (10, 1))
    assert [(part.delivery, part.lines[0].amount) for part in kept.parts] == [(0, 3_500)]
    assert [(part.delivery > 0, part.lines[0].price, part.lines[0].amount) for part in plan.parts] == [(True, 400, 400)]


@pytest.mark.parametrize(
    "how",
    [
        "more than there is",
        "as it was",
        "another price",
        "nothing left",
        "accepted",
        "one of two accepted",
        "expired",
        "not hers",
    ],
)
def test_what_cannot_be_changes_nothing(db, terms, placed, rice, how):
    ids = lines(db)
    first, second = placed.vendor_order_ids
    wish, outcome, more = Wish({ids["Riz parfumé 25 kg"]: 5, ids["Huile végétale 1 L"]: 1}), "again", {}
    match how:
        case "more than there is":
            db.run("update stock set on_hand = 4 where id = %(id)s", id=rice.stock_id)
        case "as it was":
            wish = Wish({ids["Riz parfumé 25 kg"]: 3})
        case "another price":
            more = {"seen": 1}
        case "nothing left":
            wish = Wish(dict.fromkeys(ids.values(), 0))
        case "accepted" | "one of two accepted":
            outcome = "too_late"
            progress.accept(db, first, [rice.vendor_id], cause(50))
        case "expired":
            outcome = "too_late"
            advance(db, 86_400)
        case _:
            outcome, more = "not_yours", {"contact": 8}
    before = everything(db)
    assert change(db, placed, terms, wish, **more) == outcome
    assert everything(db) == before
    assert second


def test_a_change_and_an_answer_at_once_one_of_them_wins_and_stock_is_exact(crowd, terms):
    with crowd.unit_of_work() as db:
        shop = make_vendor(db)
        good = make_good(db, shop, on_hand=50)
        placed = [order(db, terms, (good, 3), contact=contact) for contact in range(1, 9)]
        line_of = {row.order_id: row.id for row in db.rows(
            "select v.order_id, l.id from order_line l join vendor_order v on v.id = l.vendor_order_id")}  # fmt: skip

    def work(task):
        contact, who = task
        one = placed[contact - 1]
        with crowd.unit_of_work() as db:
            if who == "vendor":
                return progress.accept(db, one.vendor_order_ids[0], [shop], cause(50))
            return change(db, one, terms, Wish({line_of[one.order_id]: 5}), contact=contact)

    tasks = [(contact, who) for contact in range(1, 9) for who in ("vendor", "buyer")]
    answers = dict(zip(tasks, run_together(work, tasks), strict=True))
    changed = [contact for contact in range(1, 9) if answers[contact, "buyer"] == "changed"]
    late = [contact for contact in range(1, 9) if answers[contact, "buyer"] == "too_late"]
    assert len(changed) + len(late) == 8
    assert all(answers[contact, "vendor"] == "done" for contact in range(1, 9))
    with crowd.unit_of_work() as db:
        assert figures_of(db, good) == (50, 0, 5 * len(changed) + 3 * len(late))
        assert is_sound(db)


def test_changes_of_several_buyers_on_the_last_units_sell_none_twice(crowd, terms):
    with crowd.unit_of_work() as db:
        shop = make_vendor(db)
        rice, maize = make_good(db, shop, on_hand=10), make_good(db, shop, "Maïs", on_hand=10)
        placed = [
            order(db, terms, *((rice, 1), (maize, 1))[:: 1 if contact % 2 else -1], contact=contact)
            for contact in range(1, 7)
        ]

    def work(contact):
        one = placed[contact - 1]
        with crowd.unit_of_work() as db:
            own = [row.id for row in db.rows(
                "select l.id from order_line l join vendor_order v on v.id = l.vendor_order_id"
                " where v.order_id = %(id)s", id=one.order_id)]  # fmt: skip
            return change(db, one, terms, Wish(dict.fromkeys(own, 3)), contact=contact)

    answers = run_together(work, range(1, 7))
    assert answers.count("changed") == 2
    assert answers.count("again") == 4
    with crowd.unit_of_work() as db:
        assert figures_of(db, rice) == figures_of(db, maize) == (10, 0, 2 * 3 + 4)
        assert is_sound(db)
