"""A vendor's own goods by the words that he types: sure of one, or asked among several."""

import pytest

from catalog.matching import Match, OwnName, Wanted, find, goods, named_in, variants
from tests.catalog.market import make_category, make_good, make_variant, make_vendor
from tests.databases import Counted


@pytest.fixture
def shop(db):
    yawa = make_vendor(db)
    named = [
        *("Riz parfumé 25 kg", "Riz parfumé 5 kg", "Riz simple 25 kg", "Savon de Marseille", "Huile végétale 1 L"),
        *("Tomates", "Gari fin", "Gari", "Bazin riche"),
    ]
    return yawa, {name: make_good(db, yawa, name) for name in named}


def found(db, shop, words, **how):
    (match,) = find(db, [shop[0]], [Wanted(words, **how)])
    return match.good.name if match.good else sorted(one.name for one in match.candidates)


@pytest.mark.parametrize(
    ("words", "name"),
    [
        ("Gari", "Gari"),
        ("gari fin", "Gari fin"),
        ("le riz parfumé de 25kg", "Riz parfumé 25 kg"),
        ("RIZ PARFUME 25 KG", "Riz parfumé 25 kg"),
        ("25 kg riz parfume", "Riz parfumé 25 kg"),
        ("simple", "Riz simple 25 kg"),
        ("savons", "Savon de Marseille"),
        ("tomate", "Tomates"),
        ("savon marseille", "Savon de Marseille"),
        ("bazin", "Bazin riche"),
        ("basin riche", "Bazin riche"),
        ("savon de marseile", "Savon de Marseille"),
        ("huile vegetal", "Huile végétale 1 L"),
        ("tomatte", "Tomates"),
    ],
)
def test_what_is_called_so_alone_is_sure(db, shop, words, name):
    assert found(db, shop, words) == name


@pytest.mark.parametrize(
    ("words", "names"),
    [
        ("riz", ["Riz parfumé 25 kg", "Riz parfumé 5 kg", "Riz simple 25 kg"]),
        ("riz parfumé", ["Riz parfumé 25 kg", "Riz parfumé 5 kg"]),
        ("riz 25 kg", ["Riz parfumé 25 kg", "Riz simple 25 kg"]),
        ("savon liquide", ["Savon de Marseille"]),
        ("tonates", "Tomates"),
        ("tomttess", ["Tomates"]),
    ],
)
def test_what_may_be_several_or_is_called_otherwise_is_asked(db, shop, words, names):
    assert found(db, shop, words) == names


@pytest.mark.parametrize(
    "words", ["poulet", "25 kg", "5", "sac", "", "¿?", "de la", "x" * 500, "a'; drop table product"]
)
def test_what_is_like_nothing_is_nothing(db, shop, words):
    assert found(db, shop, words) == []


def test_a_mended_word_is_not_exact(db, shop):
    first, second = find(db, [shop[0]], [Wanted("savon de marseille"), Wanted("savon marseile")])
    assert (first.is_exact, second.is_exact, first.good) == (True, False, second.good)


@pytest.fixture
def shoes(db, shop):
    group = make_good(db, shop[0], "Baskets", kind="group", unit="paire")
    db.run("update product set folded = 'baskets 40 41 42' where id = %(id)s", id=group.id)
    return group, {size: make_variant(db, group, size) for size in ("40", "41", "42")}


def test_a_size_means_its_variant(db, shop, shoes):
    _, sizes = shoes
    matches = find(db, [shop[0]], [Wanted("baskets", size="40"), Wanted("basket 42"), Wanted("sandales", size="41")])
    assert [match.good.id for match in matches] == [sizes["40"].id, sizes["42"].id, sizes["41"].id]


def test_a_group_without_a_size_is_asked_about_and_its_price_is_of_the_whole(db, shop, shoes):
    group, sizes = shoes
    stocked, priced = find(db, [shop[0]], [Wanted("baskets"), Wanted("baskets", is_whole=True)])
    assert {one.id for one in stocked.candidates} == {one.id for one in sizes.values()}
    assert (stocked.good, priced.good.id) == (None, group.id)
    assert [one.label for one in variants(db, group.id)] == ["40", "41", "42"]


def test_a_size_that_is_not_there_is_asked_about(db, shop, shoes):
    (match,) = find(db, [shop[0]], [Wanted("baskets", size="46")])
    assert (match.good, {one.label for one in match.candidates}) == (None, {"40", "41", "42"})


def test_the_unit_tells_goods_of_one_name_apart(db, shop):
    sack = make_good(db, shop[0], "Maïs", unit="sac")
    bowl = make_good(db, shop[0], "Maïs", unit="bol", slug="mais-bol", factor=1, stock_id=sack.stock_id)
    wanted = [Wanted("mais", unit="sacs"), Wanted("maïs bol"), Wanted("mais"), Wanted("mais", unit="carton")]
    matches = find(db, [shop[0]], wanted)
    assert [match.good and match.good.id for match in matches] == [sack.id, bowl.id, None, None]
    assert [len(match.candidates) for match in matches] == [0, 0, 2, 2]


def test_two_shops_that_sell_it_are_asked_between(db, shop):
    other, stranger = make_vendor(db, "tata_afi"), make_vendor(db, "tonton_kossi")
    twin, _ = make_good(db, other, "Gari fin"), make_good(db, stranger, "Gari fin")
    (match,) = find(db, [shop[0], other], [Wanted("gari fin")])
    assert (match.good, {one.vendor_id for one in match.candidates}) == (None, {shop[0], other})
    assert set(goods(db, [other], [twin.id, shop[1]["Gari fin"].id])) == {twin.id}


def test_what_is_hidden_is_found_too(db, shop):
    db.run("update product set is_listed = false")
    assert found(db, shop, "bazin riche") == "Bazin riche"


def test_a_shop_of_two_thousand_goods_is_looked_through_by_one_statement_a_message(db, shop):
    category = make_category(db)
    db.run(
        "with lying as (insert into stock (vendor_id, on_hand) select %(vendor)s, 5 from generate_series(1, 2000)"
        " returning id) insert into product (vendor_id, category_id, stock_id, slug, name, folded, unit, price)"
        " select %(vendor)s, %(category)s, id, 'p' || id, 'Tissu wax ' || id, 'tissu wax ' || id, 'pagne', 6500"
        " from lying",
        vendor=shop[0],
        category=category,
    )
    counting = Counted(db.connection)
    last = db.value("select max(stock_id) from product")
    matches = find(counting, [shop[0]], [Wanted(f"tissu wax {last - place}") for place in range(20)])
    assert (counting.statements, {match.is_exact for match in matches}) == (1, {True})
    assert find(counting, [shop[0]], [Wanted("gary fin")])[0].good.name == "Gari fin"
    assert counting.statements == 4
    (many,) = find(counting, [shop[0]], [Wanted("tissu")])
    assert (many.good, len(many.candidates), counting.statements) == (None, 30, 5)


def test_nothing_wanted_is_nothing_found(db, shop):
    assert find(db, [shop[0]], []) == ()
    assert find(db, [], [Wanted("gari")]) == (Match(),)


def test_names_whose_every_word_was_typed_come_before_those_with_another_word(db, shop):
    typed = "riz parfume 25 kg gari fin".split()
    assert [one.name for one in named_in(db, [shop[0]], typed)] == [
        "Riz parfumé 25 kg",
        "Gari fin",
        "Gari",
        "Riz simple 25 kg",
    ]
    assert [one.name for one in named_in(db, [shop[0]], ["riz", "parfuem", "25", "kg"])] == [
        "Riz parfumé 25 kg",
        "Riz simple 25 kg",
    ]
    assert named_in(db, [shop[0]], ["riz", "parfume", "24", "kg"]) == ()
    assert named_in(db, [make_vendor(db, "tonton_kossi")], typed) == ()


def test_a_group_is_found_by_its_first_word(db, shop):
    group = make_good(db, shop[0], "Baskets homme", kind="group")
    db.run("update product set folded = 'baskets homme 40 41' where id = %(id)s", id=group.id)
    assert named_in(db, [shop[0]], ["baskets", "homme"]) == (OwnName("Baskets homme", is_group=True, is_variant=False),)


def test_a_figure_behind_a_name_may_be_of_a_longer_name(db, shop):
    bucket, big = (make_good(db, shop[0], name) for name in ("Seau", "Seau 15 L"))
    (match,) = find(db, [shop[0]], [Wanted("seau", count=15)])
    assert (match.good, [one.id for one in match.candidates], match.is_met) == (None, [bucket.id, big.id], True)
    assert [find(db, [shop[0]], [Wanted("seau", count=count)])[0].good.id for count in (0, 16)] == [bucket.id] * 2


def test_little_words_of_a_name_are_no_other_name(db, shop):
    plain, packed = (make_good(db, shop[0], name) for name in ("Riz local de Kovié", "Riz local de Kovié, sac"))
    matches = find(db, [shop[0]], [Wanted("riz local de kovié"), Wanted("riz local de kovié, sac")])
    assert [match.good.id for match in matches] == [plain.id, packed.id]
