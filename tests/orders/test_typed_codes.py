"""What a vendor types for a part tells it from the others of his shop, without a look at all that the shop has had."""

import pytest

from orders import reports
from orders.typed_codes import typed_code, typed_codes
from tests.orders.buying import order


@pytest.fixture
def parts(db, terms, rice):
    """Three parts of one shop whose orders' codes begin alike, but for the third's."""
    placed = [order(db, terms, (rice, 1)) for _ in range(3)]
    for one, code in zip(placed, ("TG-234A", "TG-234B", "TG-567C"), strict=True):
        db.run('update "order" set code = %(code)s where id = %(id)s', id=one.order_id, code=code)
    return [reports.part(db, one.vendor_order_ids[0]) for one in placed]


def put(db, part, state):
    db.run("update vendor_order set state = %(state)s where id = %(id)s", id=part.id, state=state)


def test_as_many_letters_are_typed_as_tell_open_orders_apart(db, parts):
    assert typed_codes(db, parts) == {parts[0].id: "234A", parts[1].id: "234B", parts[2].id: "567"}


@pytest.mark.parametrize("state", ["delivered", "refused", "cancelled", "expired", "returned"])
def test_what_is_over_is_in_the_way_of_nothing_that_is_open(db, parts, state):
    put(db, parts[1], state)
    assert typed_code(db, parts[0]) == "234"


def test_of_what_is_over_only_what_is_over_too_is_told_apart(db, parts):
    put(db, parts[0], "delivered")
    put(db, parts[2], "delivered")
    assert typed_code(db, parts[0]) == "234"
    assert typed_code(db, parts[2]) == "567"
    put(db, parts[1], "refused")
    assert typed_code(db, parts[0]) == "234A"


def test_another_shops_order_that_begins_so_is_none_of_it(db, parts, terms, oil):
    other = order(db, terms, (oil, 1))
    db.run('update "order" set code = %(code)s where id = %(id)s', id=other.order_id, code="TG-567D")
    assert typed_code(db, parts[2]) == "567"


def test_however_many_orders_a_market_and_a_shop_have_codes_are_looked_for_by_how_they_begin(db, parts):
    """Where the planner takes these for a million, an index of the shop's parts looks cheaper to it, and is not."""
    db.run("update pg_class set reltuples = 1000000, relpages = 1 where relname in ('order', 'vendor_order')")
    asked, kept = [], db.kept
    db.kept = lambda sql, **values: asked.append((sql, values)) or kept(sql, **values)
    typed_code(db, parts[0])
    ((sql, values),) = asked
    plan = [row[0].strip() for row in db.rows(f"explain {sql}", **values)]
    scans = [line.removeprefix("->").split(" on ")[0].strip() for line in plan if " Scan using " in line]
    assert scans == ["Index Scan using uq_order_code", "Index Scan using uq_vendor_order_order_id_vendor_id"] * 2
