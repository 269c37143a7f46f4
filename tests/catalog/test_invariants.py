"""The invariants of stock: silent on what the rules leave, and each names the row that breaks it."""

from base.invariants import count, violations
from catalog import stock
from catalog.invariants import INVARIANTS, LEDGER_ENDS, LEDGER_UNBROKEN, NEVER_NEGATIVE
from catalog.stock import JOB, Change
from tests.catalog.market import make_good, make_vendor


def counted_good(db, on_hand=10):
    """A good whose stock was counted, as every stock is."""
    good = make_good(db, make_vendor(db), on_hand=0)
    stock.count(db, good.stock_id, on_hand, JOB)
    return good


def broken(db):
    return [(found.invariant, found.row, found.says) for found in violations(db, INVARIANTS)]


def test_whatever_the_rules_do_breaks_nothing(db):
    good = counted_good(db)
    for move in (stock.hold, stock.allocate, stock.hand_over, stock.give_back):
        move(db, [Change(good.stock_id, 3)], JOB)
        assert broken(db) == []
    stock.count(db, good.stock_id, 1, JOB)
    assert broken(db) == []


def test_a_stock_that_was_changed_without_its_ledger_is_named(db):
    good = counted_good(db)
    db.run("update stock set on_hand = 12, held = 1 where id = %(id)s", id=good.stock_id)
    says = "on hand 12, held 1, allocated 0; its ledger ends at 10, 0, 0"
    assert broken(db) == [(LEDGER_ENDS.name, f"stock {good.stock_id}", says)]
    assert count(db, LEDGER_ENDS) == 1


def test_a_stock_that_has_units_and_no_ledger_is_named(db):
    good = make_good(db, make_vendor(db), on_hand=4)
    says = "on hand 4, held 0, allocated 0; its ledger ends at 0, 0, 0"
    assert broken(db) == [(LEDGER_ENDS.name, f"stock {good.stock_id}", says)]


def test_a_ledger_with_a_missing_row_is_named_as_far_back_as_one_looks(db):
    good = counted_good(db)
    for _ in range(3):
        stock.hold(db, [Change(good.stock_id, 2)], JOB)
    db.run("delete from stock_movement where held_after = 4")
    last = db.value("select max(id) from stock_movement")
    says = f"stock {good.stock_id} begins at 10, 4, 0; the row before ended at 10, 2, 0"
    assert broken(db) == [(LEDGER_UNBROKEN.name, f"stock_movement {last}", says)]
    assert count(db, LEDGER_UNBROKEN, newest=3) == 1
    assert count(db, LEDGER_UNBROKEN, newest=1) == 0


def test_a_figure_below_zero_is_named_though_the_table_forbids_it(db):
    good = counted_good(db)
    db.run("alter table stock drop constraint ck_stock_held")
    db.run("update stock set held = -1 where id = %(id)s", id=good.stock_id)
    assert (NEVER_NEGATIVE.name, f"stock {good.stock_id}", "on hand 10, held -1, allocated 0") in broken(db)
