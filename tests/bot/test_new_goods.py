"""New products as vendors write them: name, price, number, unit, sizes and condition, whatever their order."""

import pytest

from bot.new_goods import Told, is_caption, read_good, read_goods, read_price, unit_said

LINES = {
    "Pagne 6 yards 9500 x12": Told("Pagne 6 yards", 9500, 12),
    "9500 F pagne 6 yards x12": Told("Pagne 6 yards", 9500, 12),
    "Savon noir 250F 40 pièces": Told("Savon noir", 250, 40, "pièce"),
    "riz 25kg: 17500 20 sacs": Told("Riz 25kg", 17500, 20, "sac"),
    "gari 1100 le bol 30 bols": Told("Gari", 1100, 30, "bol"),
    "ajoute huile 5 L à 6500 stock 8": Told("Huile 5 L", 6500, 8),
    "eau 1,5 L 500 x 24": Told("Eau 1,5 L", 500, 24),
    "bonbon 25 F x100": Told("Bonbon", 25, 100),
    "iPhone 12 neuf 250000 x2": Told("iPhone 12", 250_000, 2, condition="neuf"),
    "Sac d'école venu 4 500 F": Told("Sac d'école", 4500, condition="venu"),
    "Samsung A14 64 Go 85 mil": Told("Samsung A14 64 Go", 85_000),
    "Pagne 5k500 x2": Told("Pagne", 5500, 2),
    "tomate 2 mil le panier 5 paniers": Told("Tomate", 2000, 5, "panier"),
    "Pommade 1.500 FCFA, 24 en stock": Told("Pommade", 1500, 24),
    "Pagne wax 9500 x12 belle qualité": Told("Pagne wax", 9500, 12, description="belle qualité"),
    "New product: black soap 250 x40": Told("Black soap", 250, 40),
    "robe wax 12000 tailles S M L x3": Told("Robe wax", 12_000, 3, sizes=("S", "M", "L"), attribute="taille"),
    "baskets 13500 pointures 38 à 40": Told("Baskets", 13_500, sizes=("38", "39", "40"), attribute="pointure"),
    "Chaussure 5000 taille 42": Told("Chaussure", 5000, description="taille 42"),
    "savon noir": Told("Savon noir"),
    "500": Told(price=500),
}


@pytest.mark.parametrize("line", LINES)
def test_a_line_says_what_is_sold(line):
    assert read_good(line) == LINES[line]


def test_lines_that_each_have_a_price_are_products_of_their_own():
    assert [told.name for told in read_goods("Savon 250 x10\nRiz 500 x4")] == ["Savon", "Riz"]
    assert read_goods("Pagne 6 yards\n9500\n12 pièces") == (Told("Pagne 6 yards", 9500, 12, "pièce"),)
    assert read_goods("ajouter produit") == ()


@pytest.mark.parametrize(
    "words", ["savon noir", "c'est combien ?", "Pagne 9500 ?", "500", "", "\0", "x" * 5000, "9" * 999]
)
def test_not_every_word_below_a_picture_offers_something(words):
    assert not is_caption(words)


def test_prices_and_units_are_read_alone():
    assert [read_price(one) for one in ("9500", "9,5k", "deux mille", "0", "cher")] == [9500, 9500, 2000, None, None]
    assert [unit_said(one) for one in ("Sacs", "pièces", "régime", "12", "a b c d")] == [
        "sac",
        "pièce",
        "régime",
        "",
        "",
    ]
