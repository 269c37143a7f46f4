"""Shops: where their door is."""

import pytest

from catalog.vendors import vendor
from tests.catalog.market import make_vendor

MIDDLE = (6.1624, 1.2592)  # of be-kpota


@pytest.mark.parametrize(
    "at, pin",
    [(MIDDLE, None), ((6.16245, 1.25925), None), ((6.1631, 1.2604), (6.1631, 1.2604))],
    ids=["the middle of its quarter", "a step from there", "its own"],
)
def test_the_middle_of_a_quarter_is_no_shops_door(db, at, pin):
    shop = make_vendor(db, at=at)
    db.run("update vendor set quarter = 'be-kpota' where id = %(id)s", id=shop)
    assert vendor(db, shop).pin == pin
