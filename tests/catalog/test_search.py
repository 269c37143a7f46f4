"""Words that people type find the products they mean."""

import pytest

from catalog import search, stock
from catalog.stock import JOB
from tests.catalog.market import make_category, make_good, make_vendor

NAMES = (
    "Riz parfumé 25 kg", "Riz local, bol", "Maïs blanc, bol", "Huile végétale 1 L", "Savon de ménage",
    "Sac à main cuir",
    "Pagne wax hollandais 6 yards", "Tomate concentrée 400 g", "Téléphone à touches itel", "Câble USB-C",
)  # fmt: skip


@pytest.fixture
def market(db):
    vendor, category = make_vendor(db), make_category(db)
    return {name: make_good(db, vendor, name, category=category) for name in NAMES}


def found(db, words, limit=9):
    return [product.name for product in search.find_by_words(db, words, limit)]


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
    assert found(db, "riz local") == ["Riz local, bol"]


def test_no_more_is_found_than_asked(db, market):
    assert len(found(db, "riz", limit=1)) == 1


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
