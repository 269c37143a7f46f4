"""A list beside what is sold: what is new, changes, stays, or is at fault and why."""

import io

import pytest
from openpyxl import Workbook

from catalog.figured import Line
from catalog.sheets.comparing import compare
from catalog.sheets.listed import listed
from catalog.sheets.reading import read_sheet
from tests.catalog.market import make_category, make_good, make_rule, make_variant, make_vendor
from tests.catalog.sheets.workshop import text

HEADER = ("code", "produit", "prix", "quantité", "unité", "catégorie", "boutique")


@pytest.fixture
def shop(db):
    vendor, grains = make_vendor(db), make_category(db, "cereales")
    return {
        "id": vendor,
        "rice": make_good(db, vendor, "Riz parfumé", on_hand=10, price=17_500, category=grains, slug="riz"),
        "bowl": make_good(db, vendor, "Gari", on_hand=5, price=500, unit="bol", category=grains),
        "sack": make_good(db, vendor, "Gari", on_hand=2, price=9_000, unit="sac", category=grains),
        "grains": grains,
    }


def one(db, shop, *line):
    (found,) = compare(db, [shop["id"]], read_sheet(text([line], HEADER)).lines)
    return found


def test_a_good_is_known_by_its_code_before_its_name_and_an_empty_cell_changes_nothing(db, shop):
    found = one(db, shop, "RIZ", "Autre nom", "18000", "", "", "", "")
    assert (found.status, found.product_id, found.price, found.quantity) == ("changed", shop["rice"].id, 18_000, None)
    assert (found.price_before, found.quantity_before) == (17_500, 10)
    assert found.asked == (Line(shop["rice"].id, "price", 18_000),)


def test_a_good_is_known_by_its_folded_name(db, shop):
    found = one(db, shop, "", "RIZ PARFUME", "17500", "4", "Sacs", "", "")
    assert (found.status, found.price, found.asked) == ("changed", None, (Line(shop["rice"].id, "count", 4),))


def test_what_is_as_it_was_stays(db, shop):
    assert one(db, shop, "", "Riz parfumé", "17 500 F", "10", "", "", "").status == "same"


def test_of_two_goods_of_one_name_the_unit_tells_which(db, shop):
    assert one(db, shop, "", "Gari", "600", "", "bol", "", "").product_id == shop["bowl"].id
    assert one(db, shop, "", "Gari", "600", "", "", "", "").faults == ("several",)
    assert one(db, shop, "", "Gari", "600", "", "carton", "", "").faults == ("unit_other",)


@pytest.mark.parametrize(
    "line, faults",
    [
        (("", "Fonio", "", "3", "", "", ""), ("price_missing",)),
        (("", "Fonio", "900", "3", "", "Jouets", ""), ("category_unknown",)),
        (("", "Fonio" * 13, "900", "3", "", "", ""), ("name_long",)),
        (("abc", "", "900", "3", "", "", ""), ("code_unknown",)),
        (("", "Fonio", "cher", "3", "", "", ""), ("price_unread",)),
        (("", "Fonio", "900", "3", "", "", "Ailleurs"), ("shop_unknown",)),
    ],
)
def test_what_is_at_fault_is_named(db, shop, line, faults):
    found = one(db, shop, *line)
    assert (found.status, found.faults, found.asked) == ("faulty", faults, ())


def test_a_new_good_has_its_shop_its_category_and_its_unit(db, shop):
    found = one(db, shop, "", "Fonio", "900", "", "", "", "")
    assert (found.status, found.vendor_id, found.category_id) == ("new", shop["id"], shop["grains"])
    assert (found.price, found.quantity, found.unit) == (900, 0, "pièce")
    assert one(db, shop, "", "Fonio", "900", "3", "bol", "CEREALE", "").category_id == shop["grains"]


def test_a_category_is_not_guessed_between_two(db, shop):
    groceries = make_category(db, "epicerie", 2)
    make_good(db, shop["id"], "Huile rouge", category=groceries)
    assert one(db, shop, "", "Fonio", "900", "3", "", "", "").faults == ("category_missing",)
    assert one(db, shop, "", "Huile blanche", "900", "3", "", "", "").category_id == groceries


def test_where_cells_are_joined_the_category_is_that_of_the_line_above(db, shop):
    groceries = make_category(db, "epicerie", 2)
    make_good(db, shop["id"], "Huile rouge", category=groceries)
    book = Workbook()
    for line in (
        ("Liste de prix", None, None, None),
        ("Catégorie", "Produit", "Prix", "Quantité"),
        ("Céréales", "Fonio", 900, 3),
        (None, "Mil", 1200, 4),
        (None, "Huile blanche", 1500, 2),
        ("Épicerie", "Sel", 100, 50),
        (None, "Poivre", 500, 10),
    ):
        book.active.append(line)
    for joined in ("A1:D1", "A3:A5", "A6:A7"):
        book.active.merge_cells(joined)
    content = io.BytesIO()
    book.save(content)
    found = compare(db, [shop["id"]], read_sheet(content.getvalue()).lines)
    assert [(line.status, line.category_id, line.price, line.quantity) for line in found] == [
        ("new", shop["grains"], 900, 3),
        ("new", shop["grains"], 1200, 4),
        ("new", groceries, 1500, 2),
        ("new", groceries, 100, 50),
        ("new", groceries, 500, 10),
    ]


def test_two_lines_of_one_good_are_both_at_fault_new_ones_too(db, shop):
    lines = [
        ("riz", "", "1", "", ""),
        ("", "Riz parfumé", "2", "", ""),
        ("", "Fonio", "5", "", ""),
        ("", "FONIO", "6", "", ""),
    ]
    found = compare(db, [shop["id"]], read_sheet(text(lines, HEADER[:5])).lines)
    assert [(line.status, line.faults) for line in found] == [("faulty", ("double",))] * 4


def test_what_shares_a_stock_keeps_its_number_and_may_have_another_price(db, shop):
    make_good(db, shop["id"], "Riz en carton", stock_id=shop["rice"].stock_id, factor=5, price=80_000, slug="carton")
    assert one(db, shop, "carton", "", "79000", "2", "", "", "").status == "changed"
    assert one(db, shop, "carton", "", "79000", "3", "", "", "").faults == ("shared_stock",)


def test_another_shops_goods_are_nobodys_here(db, shop):
    other = make_vendor(db, "tonton_kossi")
    make_good(db, other, "Huile", slug="huile")
    assert one(db, shop, "huile", "Huile", "5", "", "", "", "").status == "new"


def test_with_two_shops_a_new_good_names_its_own(db, shop):
    other = make_vendor(db, "tonton_kossi")
    lines = read_sheet(
        text(
            [("", "Fonio", "900", "3", "", "cereales", "Tonton Kossi"), ("", "Soja", "5", "", "", "cereales", "")],
            HEADER,
        )
    ).lines
    found = compare(db, [shop["id"], other], lines)
    assert [(line.status, line.vendor_id, line.faults) for line in found] == [
        ("new", other, ()),
        ("faulty", None, ("shop_unknown",)),
    ]


def test_his_own_file_comes_back_without_a_change_whatever_goods_are_called(db, shop):
    make_good(db, shop["id"], "=1+1", on_hand=3, price=50)
    make_good(db, shop["id"], "+ Savon @ 5", on_hand=0, price=250)
    group = make_good(db, shop["id"], "Sandales", kind="group")
    make_variant(db, group, "42", on_hand=4, price=5_000)
    make_good(db, shop["id"], "Riz en carton", stock_id=shop["rice"].stock_id, factor=5, price=80_000)
    found = compare(db, [shop["id"]], read_sheet(listed(db, [shop["id"]])).lines)
    assert [(line.status, line.faults) for line in found] == [("same", ())] * 7


def test_of_no_goods_there_is_no_file(db):
    assert listed(db, [make_vendor(db)]) is None


WITH_STEPS = ("Produit", "Prix", "Prix de gros", "Quantité", "Catégorie")


@pytest.fixture
def soap(db, shop):
    good = make_good(db, shop["id"], "Savon", on_hand=9, price=500)
    make_rule(db, good, "step", 10, 450)
    make_rule(db, good, "step", 50, 400)
    return good


def told(db, shop, price, steps, header=WITH_STEPS):
    """What becomes of one line about the soap."""
    (found,) = compare(db, [shop["id"]], read_sheet(text([("Savon", price, steps, "", "")], header, sign="\t")).lines)
    return found


@pytest.mark.parametrize(
    ("steps", "asked"),
    [
        ("dès 10 : 440 ; dès 50 : 400", ((10, 440),)),
        ("dès 10 : 450", ((50, 0),)),
        ("dès 20 : 420", ((10, 0), (20, 420), (50, 0))),
        ("aucun", ((10, 0), (50, 0))),
    ],
)
def test_prices_for_many_are_set_and_those_that_are_not_told_are_gone(db, shop, soap, steps, asked):
    found = told(db, shop, "500", steps)
    assert (found.status, found.steps, found.steps_before) == ("changed", asked, ((10, 450), (50, 400)))
    assert found.asked == tuple(Line(soap.id, "step", value, units) for units, value in asked)


def test_prices_for_many_that_are_as_they_were_or_not_told_stay(db, shop, soap):
    assert [told(db, shop, "500", cell).status for cell in ("dès 10 : 450 ; dès 50 : 400", "")] == ["same", "same"]
    assert told(db, shop, "480", "").asked == (Line(soap.id, "price", 480),)


def test_one_price_for_many_leaves_the_others(db, shop, soap):
    header = ("Produit", "Prix", "Prix dès 10", "Quantité", "Catégorie")
    assert told(db, shop, "500", "430", header).steps == ((10, 430),)


@pytest.mark.parametrize(
    ("price", "steps"), [("500", "dès 10 : 500"), ("500", "dès 10 : 450 ; dès 50 : 460"), ("440", "dès 10 : 450")]
)
def test_a_price_for_many_that_is_none_is_at_fault(db, shop, soap, price, steps):
    assert told(db, shop, price, steps).faults == ("steps_no_less",)


def test_a_new_good_has_its_prices_for_many(db, shop):
    line = ("Fonio", "900", "dès 10 : 850", "3", "cereales")
    (found,) = compare(db, [shop["id"]], read_sheet(text([line], WITH_STEPS, sign="\t")).lines)
    assert (found.status, found.steps) == ("new", ((10, 850),))


def test_prices_for_many_come_back_in_his_own_file(db, shop, soap):
    lines = read_sheet(listed(db, [shop["id"]])).lines
    assert [line.cells[3] for line in lines if line.name == "Savon"] == ["dès 10 : 450 ; dès 50 : 400"]
    assert {line.status for line in compare(db, [shop["id"]], lines)} == {"same"}
