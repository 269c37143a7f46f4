"""Words that people type find the products they mean."""

import pytest

from base.media import Folder
from catalog import search, stock, synonyms
from catalog.demo import plant, plant_scale
from catalog.products import products
from catalog.stock import JOB
from tests.catalog.market import make_category, make_good, make_variant, make_vendor

NAMES = (
    "Riz parfumé 25 kg", "Riz local, bol", "Maïs blanc, bol", "Huile végétale 1 L", "Savon de ménage",
    "Sac à main cuir",
    "Pagne wax hollandais 6 yards", "Tomate concentrée 400 g", "Téléphone à touches itel", "Câble USB-C",
)  # fmt: skip


@pytest.fixture
def market(db):
    vendor, category = make_vendor(db), make_category(db)
    return {name: make_good(db, vendor, name, category=category) for name in NAMES}


def found(db, words, **bounds):
    return [product.name for product in products(db, search.find(db, words, **bounds).ids)]


@pytest.mark.parametrize(
    "words, first",
    [
        ("riz parfumé", "Riz parfumé 25 kg"),
        ("RIZ PARFUME", "Riz parfumé 25 kg"),
        ("2 sacs de riz parfumé", "Riz parfumé 25 kg"),
        ("parfum", "Riz parfumé 25 kg"),
        ("mais", "Maïs blanc, bol"),
        ("un bol de maïs", "Maïs blanc, bol"),
        ("savons", "Savon de ménage"),
        ("savon menaje", "Savon de ménage"),
        ("huille", "Huile végétale 1 L"),
        ("tomatte", "Tomate concentrée 400 g"),
        ("pagne olandais", "Pagne wax hollandais 6 yards"),
        ("telefone", "Téléphone à touches itel"),
        ("sac à main", "Sac à main cuir"),
        ("sac", "Sac à main cuir"),
        ("riz basmati", "Riz local, bol"),
        ("un câble usb-c", "Câble USB-C"),
    ],
)
def test_the_product_meant_comes_first(db, market, words, first):
    assert found(db, words)[0] == first


@pytest.mark.parametrize(
    "words", ["", "de la", "c'est bien", "zzzzzz", "!!! ???", "' & | :* )", "\x00", "12345678", "🌾"]
)
def test_words_that_name_nothing_find_nothing(db, market, words):
    assert found(db, words) == []


def test_all_the_words_narrow_what_is_found(db, market):
    assert set(found(db, "riz")) == {"Riz parfumé 25 kg", "Riz local, bol"}
    narrowed = search.find(db, "riz local")
    assert (narrowed.ids[0], narrowed.whole) == (market["Riz local, bol"].id, 1)


def test_what_is_in_stock_comes_first(db, market):
    stock.count(db, market["Riz local, bol"].stock_id, 0, JOB)
    assert found(db, "riz") == ["Riz parfumé 25 kg", "Riz local, bol"]


def test_an_unlisted_product_is_not_found(db, market):
    db.run("update product set is_listed = false where id = %(id)s", id=market["Savon de ménage"].id)
    assert found(db, "savon") == []


def test_a_product_that_came_later_is_found(db, market):
    assert found(db, "gari") == []
    make_good(db, market["Savon de ménage"].vendor_id, "Gari fin")
    assert found(db, "garri") == ["Gari fin"]


@pytest.mark.parametrize("words", ["riz", "Riz parfumé", "huille vegetal", "savons", "pagne"])
def test_a_bare_name_names_goods(db, market, words):
    assert search.names_goods(db, words)


@pytest.mark.parametrize(
    "words", ["", "derrière la pharmacie", "riz au lait de coco", "90 12 34 56", "je ne sais pas encore si le riz va"]
)
def test_other_words_name_no_goods(db, market, words):
    assert not search.names_goods(db, words)


def test_a_word_whose_only_product_is_gone_names_no_goods(db, market):
    assert search.names_goods(db, "savon")
    db.run("update product set is_listed = false where id = %(id)s", id=market["Savon de ménage"].id)
    assert not search.names_goods(db, "savon")


def test_a_word_of_goods_that_are_gone_is_still_the_beginning_of_others(db, market):
    vendor = make_vendor(db, "perfumes")
    make_good(db, vendor, "Parfum de rose")
    assert found(db, "parfum") == ["Parfum de rose"]
    db.run("update product set is_listed = false where name = 'Parfum de rose'")
    assert found(db, "parfum") == ["Riz parfumé 25 kg"]


def test_bounds_keep_to_prices_and_the_nearest_is_said_to_be_beside_them(db, market):
    vendor = market["Riz local, bol"].vendor_id
    for name, price in (("Robe rouge", 4000), ("Robe bleue", 7000), ("Robe wax", 12_000)):
        make_good(db, vendor, name, price=price)
    assert set(found(db, "robe max 8000")) == {"Robe rouge", "Robe bleue"}
    assert found(db, "robe entre 5 et 8 mil") == ["Robe bleue"]
    assert found(db, "robe", min_price=10_000) == ["Robe wax"]
    assert found(db, "robe pas cher") == ["Robe rouge", "Robe bleue", "Robe wax"]
    widened = search.find(db, "robe max 2000")
    assert (widened.widened, widened.whole) == ("price", 0)
    assert found(db, "robe max 2000")[0] == "Robe rouge"


def test_a_shop_is_found_by_its_name_and_another_is_said_to_be_another(db, market):
    other = make_vendor(db, "tonton_kossi")
    make_good(db, other, "Riz long")
    assert found(db, "riz chez tonton kossi") == ["Riz long"]
    assert found(db, "riz chez tonto cossi") == ["Riz long"]
    assert found(db, "chez tonton kossi") == ["Riz long"]
    elsewhere = search.find(db, "savon chez tonton kossi")
    assert (elsewhere.widened, elsewhere.whole) == ("shop", 0)
    assert found(db, "savon chez tonton kossi") == ["Savon de ménage"]
    assert search.find(db, "savon chez zozo").widened == "shop"
    assert search.find(db, "chez zozo").ids == ()


def test_shops_of_a_quarter_come_first_then_the_nearest_which_are_said_to_be_so(db, market):
    agoe = make_vendor(db, "agoe", at=(6.2243, 1.2102))
    make_good(db, agoe, "Savon d'Agoè")
    here = search.find(db, "savon à agoe")
    assert (here.whole, here.widened) == (1, "")
    assert found(db, "savon à agoe") == ["Savon d'Agoè", "Savon de ménage"]
    far = search.find(db, "savon à baguida")
    assert far.widened == "place"
    assert found(db, "savon à baguida") == ["Savon de ménage", "Savon d'Agoè"]


def test_a_kind_finds_its_goods_and_then_those_of_its_category(db, market):
    vendor, shoes = market["Riz local, bol"].vendor_id, make_category(db, "chaussures", 2)
    for name in ("Baskets homme", "Tongs", "Lacets"):
        make_good(db, vendor, name, category=shoes)
    kind = search.find(db, "chaussures")
    assert kind.whole == 2
    assert found(db, "chaussures")[2:] == ["Lacets"]
    assert found(db, "chossure") == found(db, "chaussures")


def test_what_the_description_says_is_found_behind_what_the_name_says(db, market):
    db.run("update product set description = %(d)s where name = 'Savon de ménage'", d="Pour le linge, à l'œuf")
    assert found(db, "linge") == ["Savon de ménage"]
    assert found(db, "oeuf") == ["Savon de ménage"]


def test_a_good_that_sells_better_comes_before_its_equal(db, market):
    vendor = market["Riz local, bol"].vendor_id
    make_good(db, vendor, "Gari un")
    make_good(db, vendor, "Gari dix")
    db.run("update product set sales = 30 where name = 'Gari dix'")
    assert found(db, "gari") == ["Gari dix", "Gari un"]


def test_a_correction_is_told_with_the_accents_of_the_names(db, market):
    corrected = search.find(db, "ris parfumer")
    assert (corrected.goods, corrected.is_corrected) == ("Riz parfumé", True)
    assert not search.find(db, "riz parfumé").is_corrected
    assert not search.find(db, "savons").is_corrected


def test_the_words_that_no_good_has_are_told(db, market):
    near = search.find(db, "riz basmati")
    assert (near.missing, near.whole) == (("basmati",), 0)


def test_a_slip_that_may_be_two_words_is_a_guess(db, market):
    vendor = market["Riz local, bol"].vendor_id
    make_good(db, vendor, "Ballon")
    make_good(db, vendor, "Ballot")
    assert search.find(db, "ballob").guesses == ("ballon", "ballot")
    assert search.find(db, "ballon").guesses == ()


@pytest.mark.parametrize("words", ["ciment", "peinture", "brouète", "ordinateur portable", "chaise en riz"])
def test_a_french_word_is_no_slip_for_a_good(db, market, words):
    vendor = market["Riz local, bol"].vendor_id
    for name in ("Piment frais", "Ceinture", "Téléphone portable"):
        make_good(db, vendor, name)
    assert found(db, words) == []


def test_words_typed_without_a_blank_are_read(db, market):
    assert found(db, "sacamain") == ["Sac à main cuir"]
    assert found(db, "savondemenage") == ["Savon de ménage"]


def test_a_beer_points_at_the_drinks_and_a_hammer_nowhere(db, market):
    drinks = make_category(db, "boissons", 3)
    make_good(db, market["Riz local, bol"].vendor_id, "Jus", category=drinks)
    assert search.kin(db, "une bière") == (drinks,)
    assert search.kin(db, "un marteau") == ()


def test_a_search_is_at_most_three_statements(db, market, monkeypatch):
    monkeypatch.setattr(synonyms, "READ_EVERY", 3600.0)  # what was taught is looked for every two seconds, beside them
    counted = []
    run = db._executed
    db._executed = lambda sql, values: counted.append(sql) or run(sql, values)
    for words in ("riz parfumé", "ris chez maman yawa max 5000 à agoe", "riz basmati", "zzzzzz"):
        search.find(db, words)
        counted.clear()
        search.find(db, words)
        assert len(counted) <= 3, words


def test_no_search_reads_the_products_one_by_one_once_there_are_many(db, tmp_path, monkeypatch):
    plant(db, Folder(tmp_path))
    plant_scale(db, products=6000, vendors=100)
    db.run("analyze product")
    db.run("analyze stock")
    db.run("analyze vendor")
    rows, plans = db.rows, []

    def explained(sql, **values):
        if "product_words" in sql:
            plans.extend(row[0] for row in rows(f"explain {sql}", **values))
            return []
        return rows(sql, **values)

    monkeypatch.setattr(db, "rows", explained)
    for words in ("riz", "riz parfumé max 9000", "savon à agoe", "riz pas cher", "huile chez boutique", "riz basmati"):
        search.find(db, words)
    assert any("ix_product_search" in line for line in plans)
    assert [line for line in plans if "Seq Scan on product" in line or "Seq Scan on stock" in line] == []


def test_several_wishes_at_once_find_what_each_finds_alone(db, market):
    wished = ["riz", "savon menaje", "zzzzzz", "riz basmati", "", "un câble usb-c", "sac"]
    found_each = search.find_each(db, wished, 5)
    alone = [search.find(db, words) if words else None for words in wished]
    expected = [one.ids[: min(one.whole, 5) or 5] if one else () for one in alone]
    assert [tuple(product.id for product in own) for own in found_each] == expected
    assert [product.name for product in found_each[1]] == ["Savon de ménage"]
    assert search.find_each(db, []) == []


def test_variants_are_found_by_their_group(db, market):
    shop = market["Maïs blanc, bol"].vendor_id
    group = make_good(db, shop, "Sandales 40 42", kind="group", on_hand=0)
    make_variant(db, group, "42", on_hand=1)
    assert found(db, "sandales 42") == ["Sandales 40 42"]
