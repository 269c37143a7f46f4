"""New products can be found and bought at once, and their ledger begins with the message that made them."""

from catalog import listing, photos, sections, stock
from catalog.listing import NewGood, NewVariant, Own
from catalog.products import product, products_by_slug, variants
from catalog.search import find
from catalog.stock import Cause, Figures
from tests.catalog.market import broken_links, ledger_of, make_category, make_good, make_vendor

BY = Cause(7, 70)


def make(db, shop, name="Savon noir", price=250, quantity=40, unit="pièce", category=None, **more):
    category = category or make_category(db)
    return listing.make(db, shop, NewGood(name, price, quantity, unit, category, **more), BY)


def test_a_new_product_is_listed_with_its_first_count_and_its_cause(db):
    shop = make_vendor(db)
    made = product(db, make(db, shop, description="De Kpalimé", condition="neuf"))
    assert (made.slug, made.name, made.unit, made.price, made.available) == (
        "savon-noir",
        "Savon noir",
        "pièce",
        250,
        40,
    )
    assert (made.kind, made.condition, made.description, made.vendor_id) == ("single", "neuf", "De Kpalimé", shop)
    assert ledger_of(db, made.stock_id) == [("count", 40, Figures(0, 0, 0), Figures(40, 0, 0))]
    row = db.one("select contact_id, inbox_id from stock_movement where stock_id = %(id)s", id=made.stock_id)
    assert (row.contact_id, row.inbox_id) == (7, 70)
    assert broken_links(db) == []


def test_it_is_found_at_once_by_its_words(db):
    shop = make_vendor(db)
    made = make(db, shop, "Bâche étanche")
    assert made in find(db, "bache").ids


def test_names_of_two_shops_have_slugs_of_their_own(db):
    first, second = make_vendor(db), make_vendor(db, "essi")
    slugs = [product(db, make(db, shop)).slug for shop in (first, second, first)]
    assert slugs[0] == "savon-noir"
    assert len(set(slugs)) == 3
    assert all(slug.startswith("savon-noir") for slug in slugs)
    assert product(db, make(db, first, "🧼🧼")).slug == "article"


def test_sizes_make_a_group_with_a_stock_each(db):
    shop = make_vendor(db)
    sizes = tuple(NewVariant((("taille", size),), 12_000, 3) for size in ("S", "M", "L"))
    group = product(db, make(db, shop, "Robe wax", 12_000, 0, variants=sizes))
    own = variants(db, group.id)
    assert (group.kind, group.available) == ("group", 9)
    assert [(one.label, one.available, one.price, one.name) for one in own] == [
        ("S", 3, 12_000, "Robe wax S"),
        ("M", 3, 12_000, "Robe wax M"),
        ("L", 3, 12_000, "Robe wax L"),
    ]
    assert len({one.stock_id for one in own}) == 3
    assert broken_links(db) == []


def test_a_renamed_product_is_found_by_its_new_name_with_its_sizes(db):
    shop = make_vendor(db)
    sizes = (NewVariant((("taille", "M"),), 12_000, 3),)
    group = make(db, shop, "Robe wax", 12_000, 0, variants=sizes)
    assert listing.rename(db, [shop], group, "Robe bazin")
    assert product(db, group).name == "Robe bazin"
    assert variants(db, group)[0].name == "Robe bazin M"
    assert group in find(db, "bazin").ids
    assert not listing.rename(db, [shop + 1], group, "Autre")


def test_a_name_is_known_again_however_it_is_spelled(db):
    shop = make_vendor(db)
    made = make(db, shop)
    assert listing.same_name(db, [shop], "SAVON NOIR ") == Own(made, "Savon noir", 250, "pièce", "single")
    assert listing.same_name(db, [shop], "savon blanc") is None
    assert listing.same_name(db, [shop + 1], "Savon noir") is None


def test_goods_with_the_words_come_first(db):
    shop = make_vendor(db)
    names = ["Savon noir", "Riz", "Savon blanc"]
    made = {name: make(db, shop, name) for name in names}
    found = listing.like_name(db, [shop], "photo savon noir", 0, 9)
    assert [one.id for one in found] == [made["Savon noir"], made["Savon blanc"], made["Riz"]]
    assert [one.id for one in listing.like_name(db, [shop], "", 1, 1)] == [made["Riz"]]


def test_photos_stand_in_their_order_and_the_first_one_in_lists(db):
    made = make(db, make_vendor(db))
    hashes = [photos.note(db, photos.Jpeg(str(number).encode(), 10, 10)) for number in range(listing.MOST_PHOTOS + 2)]
    listing.set_photos(db, made, [hashes[1], hashes[0], hashes[1]])
    assert listing.photos_of(db, made) == (hashes[1], hashes[0])
    assert product(db, made).photo_hash == hashes[1]
    listing.set_photos(db, made, hashes)
    assert listing.photos_of(db, made) == tuple(hashes[: listing.MOST_PHOTOS])
    listing.set_photos(db, made, [])
    assert listing.photos_of(db, made) == ()


def test_a_fresh_product_is_taken_back_with_its_sizes(db):
    shop = make_vendor(db)
    sizes = tuple(NewVariant((("taille", size),), 12_000, 3) for size in ("S", "M"))
    group = make(db, shop, "Robe wax", 12_000, 0, variants=sizes)
    stocks = [one.stock_id for one in variants(db, group)]
    assert listing.take_back(db, [shop + 1], group, BY) == "unknown"
    assert listing.take_back(db, [shop], group, BY) == "done"
    assert products_by_slug(db, ["robe-wax"]) == {}
    assert [stock.figures(db, one).on_hand for one in stocks] == [0, 0]
    assert listing.same_name(db, [shop], "Robe wax") is None
    assert broken_links(db) == []


def test_what_somebody_has_ordered_is_not_taken_back(db):
    shop = make_vendor(db)
    made = product(db, make(db, shop))
    stock.hold(db, [stock.Change(made.stock_id, 1)], BY)
    assert listing.take_back(db, [shop], made.id, BY) == "promised"
    assert product(db, made.id).available == 39


def test_a_section_is_proposed_by_the_names_of_what_is_there(db):
    shop = make_vendor(db)
    cloth, food = make_category(db, "pagnes", 1), make_category(db, "cereales", 2)
    make_good(db, shop, "Pagne tissé baoulé", category=cloth, unit="pièce")
    make_good(db, shop, "Riz parfumé", category=food, unit="sac")
    found = sections.propose(db, shop, "Pagnes 6 yards", "fr")
    assert found.clear == sections.Section(cloth, "Pagnes")
    assert [one.id for one in found.sections] == [cloth, food]
    assert sections.propose(db, shop, "Riz gluant", "en").clear == sections.Section(food, "cereales (en)")
    unknown = sections.propose(db, shop, "Trottinette", "fr")
    assert (unknown.clear, len(unknown.sections)) == (None, 2)
    assert sections.propose(db, shop, "' | !", "fr").clear is None


def test_a_unit_that_nearly_all_goods_of_a_section_have_goes_unasked(db):
    shop, food = make_vendor(db), make_category(db)
    for number in range(3):
        make_good(db, shop, f"Riz {number}", category=food, unit="sac")
    assert sections.usual_unit(db, food) == "sac"
    for number in range(3):
        make_good(db, shop, f"Gari {number}", category=food, unit="bol")
    assert sections.usual_unit(db, food) == ""
    assert sections.units(db, food) == ("bol", "sac")
    assert sections.name_of(db, food, "fr") == "Cereales"
