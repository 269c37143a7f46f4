"""Bounds, sizes, shops and places are read out of the words of a search, and what is left is the good."""

import pytest

from catalog.wanted import Wanted, read_wanted


@pytest.mark.parametrize(
    "words, wanted",
    [
        ("riz 25kg", Wanted(("riz",), measures=(("25", "kg"),))),
        ("riz 25 kilos", Wanted(("riz",), measures=(("25", "kg"),))),
        ("pagne wax 6 yards", Wanted(("pagne", "wax"), measures=(("6", "yards"),))),
        ("eau 1,5 l", Wanted(("eau",), measures=(("1.5", "l"),))),
        ("baskets pointure 42", Wanted(("baskets",), ("pointure", "42"))),
        ("iphone 11 64go", Wanted(("iphone",), ("11",), (("64", "go"),))),
        ("carton de lait", Wanted(("lait",), ("carton",))),
        ("un sac", Wanted(("sac",))),
        ("robe max 3k", Wanted(("robe",), max_price=3000)),
        ("robe entre 5 et 8 mil", Wanted(("robe",), min_price=5000, max_price=8000)),
        ("huile de 5 à 10 mil", Wanted(("huile",), min_price=5000, max_price=10_000)),
        ("telephone moins de 20k", Wanted(("telephone",), max_price=20_000)),
        ("riz moin de 4000", Wanted(("riz",), max_price=4000)),
        ("chemise a moin de 6 mil", Wanted(("chemise",), max_price=6000)),
        ("pagne à partir de 3000", Wanted(("pagne",), min_price=3000)),
        ("pagne plus de 10 000 F CFA", Wanted(("pagne",), min_price=10_000)),
        ("sac pas plus de 8000", Wanted(("sac",), max_price=8000)),
        ("robe 8000 max", Wanted(("robe",), max_price=8000)),
        ("fer à repasser max 5.000f", Wanted(("fer", "repasser"), max_price=5000)),
        ("chaussures de moins de cinq mille francs", Wanted(("chaussures",), max_price=5000)),
        ("pagne à 5000", Wanted(("pagne",), max_price=5000)),
        ("riz à 5 kg", Wanted(("riz",), measures=(("5", "kg"),))),
        ("savon pas cher", Wanted(("savon",), is_cheapest=True)),
        ("le savon le moins cher", Wanted(("savon",), is_cheapest=True)),
        ("riz chez maman yawa", Wanted(("riz",), shop=("maman", "yawa"))),
        ("chez papeterie edem", Wanted(shop=("papeterie", "edem"))),
        ("riz à agoe", Wanted(("riz",), place="agoe-nyive")),
        ("chemise vers bè", Wanted(("chemise",), place="be")),
        (
            "riz pas plus de 20 mille chez tonton kossi à bè",
            Wanted(("riz",), max_price=20_000, shop=("tonton", "kossi"), place="be"),
        ),
        ("sac à main", Wanted(("main",), ("sac",))),
        ("riz au gras", Wanted(("riz", "gras"))),
        ("jus d'ananas", Wanted(("jus", "ananas"))),
        ("livre de maths 6ème", Wanted(("livre", "maths"), ("6",))),
        ("max 2", Wanted(("max",), ("2",))),
        ("", Wanted()),
        ("!!! ???", Wanted()),
        ("' & | :* )", Wanted()),
    ],
)
def test_words_are_read(words, wanted):
    assert read_wanted(words) == wanted


def test_bounds_that_were_understood_before_win():
    assert read_wanted("robe max 3k", max_price=9000).max_price == 9000


def test_a_message_gives_its_price_to_words_without_one():
    words, message = read_wanted("robe"), read_wanted("je cherche robe pas cher max 8000")
    assert words.completed(message) == Wanted(("robe",), max_price=8000, is_cheapest=True)
    assert read_wanted("robe max 3k").completed(message).max_price == 3000


@pytest.mark.parametrize("words", ["a" * 5000, "1" * 400, "entre " * 80, "max " * 90, "\x00", "🌾", "chez", "à"])
def test_any_words_are_read_without_an_error(words):
    assert len(read_wanted(words).goods) <= 6
