"""What a buyer and a vendor are told of an order, and what they are not."""

import pytest

from orders import listing, progress, reports
from orders.codes import read_prefix
from orders.states import OPEN
from tests.orders.buying import AWA, advance, cause, order, set_state

SELLER = cause(50)


@pytest.fixture
def placed(db, terms, rice, oil):
    return order(db, terms, (rice, 2), (oil, 3))


def test_a_buyer_reads_his_order_part_by_part(db, placed):
    view = reports.order(db, placed.order_id)
    assert (view.code, view.total, view.due, view.payment, view.is_open) == (placed.code, 40_100, 40_100, "cash", True)
    assert [
        (own.part.vendor_name, own.part.state, own.part.goods, own.part.delivery, own.part.total) for own in view.parts
    ] == [("Maman Yawa", "placed", 35_000, 500, 35_500), ("Tonton Kossi", "placed", 3_600, 1_000, 4_600)]
    line = view.parts[0].part.lines[0]
    assert (line.name, line.unit, line.quantity, line.price, line.amount) == (
        "Riz parfumé 25 kg",
        "sac",
        2,
        17_500,
        35_000,
    )


def test_what_ended_is_no_longer_due(db, placed, rice):
    progress.refuse(db, placed.vendor_order_ids[0], [rice.vendor_id], "shortage", SELLER)
    assert reports.order(db, placed.order_id).due == 4_600


def test_what_was_brought_is_no_longer_due(db, placed):
    set_state(db, placed.vendor_order_ids[0], "delivered")
    view = reports.order(db, placed.order_id)
    assert (view.due, view.delivered) == (4_600, 35_500)


def test_an_order_is_closed_when_no_part_is_open(db, placed):
    for part, state in zip(placed.vendor_order_ids, ("delivered", "cancelled"), strict=True):
        set_state(db, part, state)
    assert not reports.order(db, placed.order_id).is_open


def test_a_code_shows_an_order_to_its_buyer_only(db, placed):
    assert reports.order_by_code(db, AWA, placed.code).id == placed.order_id
    assert reports.order_by_code(db, 8, placed.code) is None
    assert reports.order_by_code(db, AWA, "TG-22222") is None


def test_there_is_no_unknown_order_or_part(db):
    assert reports.order(db, 999_999) is None
    assert reports.part(db, 999_999) is None


def test_a_buyers_orders_come_newest_first_in_pages(db, terms, rice):
    placed = [order(db, terms, (rice, 1)).order_id for _ in range(5)]
    order(db, terms, (rice, 1), contact=8)
    first = reports.orders_of(db, AWA, size=3)
    second = reports.orders_of(db, AWA, first.after, size=3)
    assert [view.id for view in (*first.orders, *second.orders)] == placed[::-1]
    assert (len(first.orders), second.after) == (3, None)
    assert reports.orders_of(db, 9).orders == ()


def test_the_delivery_code_is_shown_from_acceptance_until_it_is_used(db, placed, rice):
    part, shops = placed.vendor_order_ids[0], [rice.vendor_id]
    code = db.value("select delivery_code from vendor_order where id = %(id)s", id=part)

    def shown():
        return reports.order(db, placed.order_id).parts[0].delivery_code

    assert shown() is None
    progress.accept(db, part, shops, SELLER)
    assert shown() == code
    progress.hand_over(db, part, shops, SELLER)
    assert shown() == code
    progress.deliver(db, part, shops, code, SELLER)
    assert shown() is None


def test_a_vendors_part_never_holds_the_delivery_code(db, placed):
    part = reports.part(db, placed.vendor_order_ids[0])
    code = db.value("select delivery_code from vendor_order where id = %(id)s", id=part.id)
    assert not any(value == code for value in vars(part).values())


@pytest.mark.parametrize(
    "state, is_seen",
    [
        ("placed", False),
        ("accepted", True),
        ("ready", True),
        ("handed_over", True),
        ("delivered", True),
        ("refused", False),
        ("cancelled", False),
        ("expired", False),
        ("returned", False),
    ],
)
def test_phones_are_seen_from_acceptance_on(db, placed, state, is_seen):
    set_state(db, placed.vendor_order_ids[0], state)
    part = reports.part(db, placed.vendor_order_ids[0])
    assert (part.recipient_phone, part.vendor_phone) == (("+22890112233", "+22890000101") if is_seen else (None, None))


def test_phones_are_forgotten_24_hours_after_delivery(db, placed, rice):
    part = placed.vendor_order_ids[0]
    code = db.value("select delivery_code from vendor_order where id = %(id)s", id=part)
    progress.accept(db, part, [rice.vendor_id], SELLER)
    progress.hand_over(db, part, [rice.vendor_id], SELLER)
    progress.deliver(db, part, [rice.vendor_id], code, SELLER)
    advance(db, 86_399)
    assert reports.part(db, part).recipient_phone == "+22890112233"
    advance(db, 1)
    assert reports.part(db, part).recipient_phone is None


def test_a_vendor_sees_his_own_open_parts_oldest_first_in_pages(db, terms, rice, oil):
    mine = [order(db, terms, (rice, 1), (oil, 1)).vendor_order_ids[0] for _ in range(4)]
    set_state(db, mine[1], "refused")
    first = reports.parts_of_vendor(db, [rice.vendor_id], size=2)
    second = reports.parts_of_vendor(db, [rice.vendor_id], after=first.after, size=2)
    assert [part.id for part in (*first.parts, *second.parts)] == [mine[0], mine[2], mine[3]]
    assert second.after is None
    assert [part.id for part in reports.parts_of_vendor(db, [rice.vendor_id], ["refused"]).parts] == [mine[1]]
    assert reports.parts_of_vendor(db, []).parts == ()


def test_the_beginning_of_a_code_finds_the_vendors_part(db, placed, rice, oil):
    prefix = read_prefix(placed.code[3:6])
    assert [part.id for part in reports.part_by_prefix(db, [rice.vendor_id], prefix)] == [placed.vendor_order_ids[0]]
    assert [part.id for part in reports.part_by_prefix(db, [oil.vendor_id], prefix)] == [placed.vendor_order_ids[1]]
    assert reports.part_by_prefix(db, [], prefix) == ()
    assert reports.part_by_prefix(db, [rice.vendor_id], "TG-%") == ()


def test_an_ambiguous_beginning_finds_all_that_are_open(db, terms, rice):
    parts = [order(db, terms, (rice, 1)).vendor_order_ids[0] for _ in range(3)]
    assert [part.id for part in reports.part_by_prefix(db, [rice.vendor_id], "TG-")] == parts
    set_state(db, parts[1], "delivered")
    assert [part.id for part in reports.part_by_prefix(db, [rice.vendor_id], "TG-")] == [parts[0], parts[2]]


@pytest.mark.parametrize("state", ["delivered", "refused", "cancelled", "expired", "returned"])
def test_a_closed_part_is_found_when_no_open_one_is(db, placed, rice, state):
    assert state not in OPEN
    set_state(db, placed.vendor_order_ids[0], state)
    found = reports.part_by_prefix(db, [rice.vendor_id], placed.code)
    assert [(part.id, part.state) for part in found] == [(placed.vendor_order_ids[0], state)]


def test_open_orders_come_before_those_that_are_over_in_pages(db, terms, rice):
    placed = [order(db, terms, (rice, 1)) for _ in range(5)]
    ids = [one.order_id for one in placed]
    for one in (placed[1], placed[4]):
        progress.cancel_order(db, one.order_id, AWA, cause(AWA))
    first = listing.open_before_over(db, AWA, size=2)
    assert [(one.id, one.is_open) for one in first.orders] == [(ids[3], True), (ids[2], True)]
    second = listing.open_before_over(db, AWA, first.after, size=2)
    assert [(one.id, one.is_open) for one in second.orders] == [(ids[0], True), (ids[4], False)]
    third = listing.open_before_over(db, AWA, second.after, size=2)
    assert ([one.id for one in third.orders], third.after) == ([ids[1]], None)
