"""Words about goods: what tells variants apart, what changes an open list, how names are shortened."""

import pytest

from base.db import Db
from bot.dialogs.buyer import choosing, lists, wishing
from bot.dialogs.buyer.corrections import instead_of, read_correction
from bot.dialogs.buyer.lists import shortened
from bot.messages import Incoming, Sender
from catalog import products, synonyms
from tests.catalog.market import make_good, make_variant

KINDS = [("40", "noir"), ("40", "marron"), ("42", "noir")]


@pytest.fixture
def sandals(db, market):
    group = make_good(db, market["rice"].vendor_id, "Sandales", on_hand=0, price=5_000, kind="group")
    for size, colour in KINDS:
        variant = make_variant(db, group, f"{size}-{colour}", on_hand=3, price=5_000)
        db.run(
            "update variant set choice = jsonb_build_array(jsonb_build_array('taille', %(size)s::text),"
            " jsonb_build_array('couleur', %(colour)s::text)) where product_id = %(id)s",
            id=variant.id,
            size=size,
            colour=colour,
        )
    return products.variants(db, group.id)


def labels(variants):
    return [one.label for one in variants]


@pytest.mark.parametrize(
    ("said", "left"),
    [
        ("taille 40", ["40, noir", "40, marron"]),
        ("le noir", ["40, noir", "42, noir"]),
        ("en 42 noires", ["42, noir"]),
        ("marron", ["40, marron"]),
    ],
)
def test_words_leave_the_variants_that_have_their_values(sandals, said, left):
    assert labels(choosing.named(said, sandals)) == left
    assert choosing.names_only(said, sandals)


@pytest.mark.parametrize("said", ["taille 45", "rouge", "marron 42", "bonjour"])
def test_a_value_that_no_variant_has_leaves_none(sandals, said):
    assert choosing.named(said, sandals) is None


@pytest.mark.parametrize("said", ["le riz noir", "noir de fumée", "combien le noir", "taille"])
def test_words_that_say_more_than_values_are_not_about_variants_alone(sandals, said):
    assert not choosing.names_only(said, sandals)


def test_counts_are_read_with_the_size_that_holds_for_all(sandals):
    counted = choosing.counted("2 noir 1 marron taille 40", sandals)
    assert [(labels(left), count) for left, count, _ in counted] == [(["40, noir"], 2), (["40, marron"], 1)]


@pytest.mark.parametrize("said", ["42 noir", "2 riz", "noir", "2 noir et du riz", "je veux 3"])
def test_a_size_is_no_count_and_other_goods_are_no_variants(sandals, said):
    assert choosing.counted(said, sandals) == []


def correction(text):
    return read_correction(Incoming("", Sender(()), text=text))


def wish(said, quantity, unit=""):
    return {"said": said, "quantity": quantity, "unit": unit, "variants": []}


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("non 3 bols de maïs", {"wishes": [wish("maïs", 3, "bol")]}),
        ("non, 3 bols de maïs et 2 gari", {"wishes": [wish("maïs", 3, "bol"), wish("gari", 2)]}),
        ("enlève le gari", {"without": "gari"}),
        ("ajoute encore 1 huile", {"wishes": [wish("huile", 1)]}),
        ("mets 4 au lieu de 2", {"quantity": 4, "instead_of": 2}),
        ("maïs", None),
        ("combien", None),
        ("je ne sais pas", None),
        ("panier", None),
    ],
)
def test_what_is_said_of_an_open_list_is_read_exactly_or_not_at_all(text, read):
    assert correction(text) == read


@pytest.mark.parametrize(("text", "was"), [("mets 4 au lieu de 2", 2), ("mets 4", 0), ("au lieu de beaucoup", 0)])
def test_the_old_quantity_tells_which_line_is_meant(text, was):
    assert instead_of(text) == was


def test_a_long_name_is_cut_before_what_tells_the_variant():
    name = "Sandales en cuir véritable pour homme et femme, 42, noir"
    assert shortened(name, "42, noir") == "Sandales en cuir véritable po…, 42, noir"
    assert len(shortened(name, "42, noir")) == 40
    assert shortened("Riz", "") == "Riz"


def test_a_list_of_seven_things_costs_no_more_statements_than_one_of_three(awa, market, monkeypatch):
    monkeypatch.setattr(synonyms, "READ_EVERY", 3600.0)
    counted, run = [], Db._executed
    monkeypatch.setattr(Db, "_executed", lambda db, sql, values: counted.append(sql) or run(db, sql, values))
    for name in ("Gari", "Tapioca", "Soja", "Sorgho", "Fonio"):
        make_good(awa.db, market["rice"].vendor_id, name)
    awa.says("bonjour")
    turns = []
    few = "2 gari, 1 tapioca et 3 soja"
    for words in (few, few, "2 gari, 1 tapioca, 3 soja, 1 sorgho, 2 fonio, 1 huile et 1 maïs"):
        counted.clear()
        awa.says(words)
        turns.append(len(counted))
        assert awa.keys == ["buyer.list"]
        awa.says("non")
    assert turns[1:] == [9, 9]  # the first reads the words of the catalog


@pytest.mark.parametrize(
    ("said", "heading", "left"),
    [
        ("le moins cher", "Riz, le moins cher d'abord :", ["Riz local", "Riz cassé", "Riz long"]),
        ("lequel est moins cher ?", "Riz, le moins cher d'abord :", ["Riz local", "Riz cassé", "Riz long"]),
        ("jusqu'a 15000", "Riz, au plus 15 000 F :", ["Riz cassé", "Riz local"]),
        ("entre 8000 et 30 mil", "Riz, de 8 000 F à 30 000 F :", ["Riz cassé", "Riz long"]),
    ],
)
def test_a_price_alone_keeps_the_list_that_was_found_to_it(awa, market, said, heading, left):
    awa.db.run("update product set is_listed = false")
    for name, price in (("Riz long", 21_000), ("Riz cassé", 9_000), ("Riz local", 7_000)):
        make_good(awa.db, market["rice"].vendor_id, name, price=price)
    awa.goes("je cherche du riz", said)
    assert awa.state == "buyer.found"
    assert awa.words.replace("\u00a0", " ").split("\n")[0] == heading
    assert (awa.titles if "moins" in said else sorted(awa.titles)) == left
    assert (
        awa.goes("moins de 8000").replace("\u00a0", " ").startswith("Riz, au plus 8 000 F :\n\nRiz local\n7 000 F CFA")
    )


@pytest.mark.parametrize("said", ["à 5000", "pour 5000", "vous pouvez laisser moins cher", "5000", "c'est cher"])
def test_a_price_that_is_offered_narrows_nothing(said):
    assert wishing.read_price(Incoming("", Sender(()), text=said)) is None


def test_a_quantity_is_kept_for_what_the_price_leaves(awa, market):
    make_good(awa.db, market["rice"].vendor_id, "Riz local", price=7_000)
    awa.goes("je veux 2 riz", "entre 6000 et 8000")
    assert awa.words.replace("\u00a0", " ").split("\n")[0] == "2 × Riz local (sac) : 14 000 F CFA."


@pytest.fixture
def rices(awa, market):
    """Awa is asked which of four kinds of rice she means beside her oil."""
    awa.db.run("update product set is_listed = false where name like 'Riz%%'")
    for name, price in (
        ("Riz long 5 kg", 5_000),
        ("Riz long 25 kg", 21_000),
        ("Riz cassé", 9_000),
        ("Riz noir", 7_000),
    ):
        make_good(awa.db, market["rice"].vendor_id, name, price=price)
    awa.goes("je veux 2 riz et 1 huile")
    assert (awa.keys, awa.titles[-1]) == (["buyer.list_which"], "Laisser tomber")
    return awa


@pytest.mark.parametrize(
    ("said", "line"),
    [
        ("le cassé", "• 2 × Riz cassé (sac) : 18 000 F, Maman Yawa"),
        ("non le noir svp", "• 2 × Riz noir (sac) : 14 000 F, Maman Yawa"),
        ("celui de 25 kg", "• 2 × Riz long 25 kg (sac) : 42 000 F, Maman Yawa"),
    ],
)
def test_one_of_those_offered_for_a_line_is_named_by_a_word_and_the_list_stays(rices, said, line):
    rices.says(said)
    assert rices.keys == ["buyer.list"]
    assert rices.words.replace("\u00a0", " ").split("\n")[1:3] == [
        line,
        "• 1 × Huile végétale 1 L (sac) : 1 200 F, Tonton Kossi",
    ]


def test_a_word_that_several_have_leaves_these_and_one_that_none_has_is_said_so(rices):
    rices.says("le long")
    assert (rices.keys, sorted(rices.titles)) == (
        ["buyer.list_which"],
        ["Laisser tomber", "Riz long 25 kg", "Riz long 5 kg"],
    )
    rices.says("le gluant")
    assert rices.words.startswith("Aucun de ceux-ci ne porte ce nom.\n")
    rices.says("le 5 kg")
    assert rices.keys == ["buyer.list"]


@pytest.mark.parametrize("said", ["la livraison", "le panier", "le menu", "la suite", "riz cassé", "2 gari"])
def test_other_words_name_none_of_those_offered(said):
    assert lists.read_one_of(Incoming("", Sender(()), text=said)) is None
