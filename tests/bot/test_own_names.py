"""A vendor's line that holds the exact name of one of his own goods is read as that name, whatever stands in it."""

from collections import Counter
from datetime import UTC, datetime
from random import Random

import pytest

from bot.messages import Media
from bot.recognising import recognise
from bot.routing import SURE
from bot.turn import Person, Turn
from catalog import adjusting, matching
from catalog.demo.market import demo_vendors
from catalog.matching import Wanted
from tests.bot.chat import Chat
from tests.catalog.market import figures_of, make_good, make_vendor
from tests.databases import Counted
from tests.slips import mistyped

SEED = 20_261_129
NOW = datetime(2026, 11, 30, 9, 0, tzinfo=UTC)
SHAPES = {
    "+3 {}": ("add_stock", {"quantity": 3}),
    "{} 20": ("set_stock", {"quantity": 20}),
    "vendu 2 {}": ("remove_stock", {"quantity": 2}),
    "prix {} 2500": ("set_price", {"price": 2500}),
    "rupture {}": ("out_of_stock", {}),
}
FIGURED = (
    "Cahier 200 pages", "Seau 15 L", "Eau 1,5 L", "Eau 1,5 L, pack de 6", "Thé noir, 25 sachets", "Matelas 2 places",
    "Mil", "Oignons, sac", "Plaque à gaz 2 feux", "Pain du jour", "Savon", "Gari", "Gari fin", "Carreaux 60x60",
)  # fmt: skip


@pytest.fixture
def shops(db):
    """The demo's shops with all their names: the id of each, and its names in order."""
    return {_planted(db, vendor): _names(vendor) for vendor in demo_vendors()}


def _planted(db, vendor):
    shop = make_vendor(db, vendor.slug)
    for product in vendor.products:
        if not product.variants:
            make_good(db, shop, product.name, unit=product.unit, price=product.price)
            continue
        group = make_good(db, shop, product.name, kind="group", unit=product.unit)
        for one in product.variants:
            make_good(db, shop, one.name, kind="variant", unit=one.unit, price=one.price)
            db.run(
                "insert into variant (product_id, good_id, choice) values (currval('product_id_seq'), %(good)s, '[]')",
                good=group.id,
            )
    return shop


def _names(vendor):
    return [name for product in vendor.products for name in (product.name, *(one.name for one in product.variants))]


@pytest.fixture
def shop(db):
    """A shop whose goods are called with figures, commas, units and common words."""
    shop = make_vendor(db)
    return shop, {name: make_good(db, shop, name, on_hand=9, price=1000, unit="pièce") for name in FIGURED}


@pytest.fixture
def yawa(db, config, shop):
    """Who keeps that shop."""
    chat = Chat(db, config, "+22890000101", "Yawa", roles=[("vendor", shop[0])])
    chat.says("bonjour")
    return chat


def plain(chat):
    """The first bubble with plain blanks."""
    return chat.bubbles[0].body.replace("\u00a0", " ")


def heard_in(db, config, shop, text):
    """What a vendor of this shop is heard to say."""
    person = Person(1, "Yawa", "fr", False, ("vendor", "buyer"), (shop,), owned_ids=(shop,))
    return recognise(Turn(db, config, person, 1, 1, None, NOW, words=text), "vendor", text)


def told(heard):
    """Intents with their slots."""
    return [(one.intent, dict(one.slots)) for one in heard]


def test_every_name_of_the_market_is_read_as_itself_in_every_shape(db, config, shops):
    odd, counts = [], Counter()
    for shop, names in shops.items():
        for name in dict.fromkeys(names):
            for shape, (intent, slots) in SHAPES.items():
                heard = told(heard_in(db, config, shop, shape.format(name)))
                counts[shape] += 1
                if heard != [(intent, {"product": name, **slots})]:
                    odd.append((shape.format(name), heard))
    assert odd == []
    assert set(counts.values()) == {177}


def test_every_name_of_the_market_means_that_good(db, shops):
    """A group is what it is sold as, of which one may go by its name."""
    for shop, names in shops.items():
        found = matching.find(db, [shop], [Wanted(name, count=3) for name in names])
        groups = {row.name for row in db.rows("select name from product where kind = 'group'")}
        for name, match in zip(names, found, strict=True):
            assert (match.good and match.good.name) == name or (name in groups and len(match.candidates) > 1), name


def test_no_slip_in_a_name_is_surely_another_good_or_figure(db, config, shops):
    chance, sure, wrong = Random(SEED), 0, []
    for shop, names in shops.items():
        for name in dict.fromkeys(names):
            shape, (intent, slots) = chance.choice(list(SHAPES.items()))
            typed = shape.format(mistyped(name, chance))
            heard = heard_in(db, config, shop, typed)
            if len(heard) != 1 or heard[0].confidence < SURE:
                continue
            wanted = Wanted(str(heard[0].slots.get("product") or ""), count=heard[0].slots.get("quantity", 0))
            match = matching.find(db, [shop], [wanted])[0]
            if not match.is_exact:
                continue
            sure += 1
            if (match.good.name, heard[0].intent, {**heard[0].slots, "product": ""}) != (
                name,
                intent,
                {**slots, "product": ""},
            ):
                wrong.append((typed, told(heard), match.good.name))
    assert wrong == []
    assert sure == 6


SAID = {
    "Cahier 200 pages 20, Eau 1,5 L 12, Eau 1,5 L, pack de 6 4, savon 3": [
        ("set_stock", {"product": "Cahier 200 pages", "quantity": 20}),
        ("set_stock", {"product": "Eau 1,5 L", "quantity": 12}),
        ("set_stock", {"product": "Eau 1,5 L, pack de 6", "quantity": 4}),
        ("set_stock", {"product": "savon", "quantity": 3}),
    ],
    "Cahier 200 pages 20\nSavon 5\nvendu 2 Mil": [
        ("set_stock", {"product": "Cahier 200 pages", "quantity": 20}),
        ("set_stock", {"product": "Savon", "quantity": 5}),
        ("remove_stock", {"product": "Mil", "quantity": 2}),
    ],
    "vendu 3 cahiers 200 pages et 2 seaux 15L": [
        ("remove_stock", {"product": "Cahier 200 pages", "quantity": 3}),
        ("remove_stock", {"product": "Seau 15 L", "quantity": 2}),
    ],
    "Thé noir, 25 sachets, Mil, Seau 15 L finis": [
        ("out_of_stock", {"product": "Thé noir, 25 sachets"}),
        ("out_of_stock", {"product": "Mil"}),
        ("out_of_stock", {"product": "Seau 15 L"}),
    ],
    "prix Eau 1,5 L, pack de 6 2500": [("set_price", {"product": "Eau 1,5 L, pack de 6", "price": 2500})],
    "Cahier 200 pages : 500": [("set_price", {"product": "Cahier 200 pages", "price": 500})],
    "Cahier 200 pages à partir de 10 : 450": [
        ("set_price", {"product": "Cahier 200 pages", "price": 450, "min_quantity": 10})
    ],
    "+10% Seau 15 L": [("set_price", {"product": "Seau 15 L", "percent": 10})],
    "reçu 30 Thé noir, 25 sachets à 650": [
        ("add_stock", {"product": "Thé noir, 25 sachets", "quantity": 30}),
        ("set_price", {"product": "Thé noir, 25 sachets", "price": 650}),
    ],
    "promo Matelas 2 places -10% jusqu'à dimanche": [
        ("promo", {"product": "Matelas 2 places", "percent": 10, "until": "2026-12-06"})
    ],
    "fin promo Matelas 2 places": [("end_promo", {"product": "Matelas 2 places"})],
    "supprime Plaque à gaz 2 feux": [("delete_product", {"product": "Plaque à gaz 2 feux"})],
    "cache Seau 15 L": [("hide", {"product": "Seau 15 L"})],
    "photo Seau 15 L": [("photo_for", {"product": "Seau 15 L"})],
    "lien Cahier 200 pages": [("share_link", {"product": "Cahier 200 pages"})],
    "Seau 15 L": [("list_my_products", {"product": "Seau 15 L"})],
    "prix Pain du jour 250": [("set_price", {"product": "Pain du jour", "price": 250})],
    "+3 Carreaux 60x60": [("add_stock", {"product": "Carreaux 60x60", "quantity": 3})],
    "Cahier 200 pagse 20": [("set_stock", {"product": "Cahier 200 pages", "quantity": 20})],
    "gari fini": [("out_of_stock", {"product": "gari"})],
    "Cahier 200 pages 20, mil 5": [
        ("set_stock", {"product": "Cahier 200 pages", "quantity": 20}),
        ("set_stock", {"product": "mil", "quantity": 5}),
    ],
    "Cahier 200 pages 20 mil": [("set_price", {"product": "Cahier 200 pages", "price": 20_000})],
    "livraison agoe 1000": [("set_zone", {"place": "agoe", "price": 1000})],
}


@pytest.mark.parametrize("text", SAID)
def test_names_are_read_wherever_goods_are_named(db, config, shop, text):
    assert told(heard_in(db, config, shop[0], text)) == SAID[text]


@pytest.mark.parametrize(
    "text",
    [
        "baskets homme 40 5 41 6",
        "baskets homme 40: 5, 41: 6",
        "baskets homme 40 (5) 41 (6)",
    ],
)
def test_sizes_that_are_counted_in_a_row_are_all_read(db, config, shops, text):
    shop = next(shop for shop, names in shops.items() if "Baskets homme, 40" in names)
    sized = [(one.slots["size"], one.slots["quantity"]) for one in heard_in(db, config, shop, text)]
    assert sized == [("40", 5), ("41", 6)]


def test_a_name_with_a_slip_is_never_surely_it(db, config, shop):
    assert [one.confidence for one in heard_in(db, config, shop[0], "+3 Cahier 200 pagse")] == [0.85]
    assert [one.confidence for one in heard_in(db, config, shop[0], "+3 Cahier 200 pages")] == [0.95]


def test_names_of_another_shop_are_no_names_of_his(db, config, shop):
    other = make_vendor(db, "tonton_kossi")
    assert told(heard_in(db, config, other, "+3 Seau 15 L")) != told(heard_in(db, config, shop[0], "+3 Seau 15 L"))


@pytest.mark.parametrize(
    ("text", "statements"),
    [("vendu 2 savon", 0), ("+3 Savon", 0), ("menu", 0), ("vendu 2 Seau 15 L", 1), ("Cahier 200 pages 20, mil 5", 1)],
)
def test_a_line_that_is_surely_read_asks_no_catalogue_and_others_once(db, config, shop, text, statements):
    counted = Counted(db.connection)
    heard_in(counted, config, shop[0], text)
    assert counted.statements == statements


def test_the_name_of_a_longer_good_is_never_the_shorter_one(yawa, shop, db):
    yawa.goes("vendu 2 Eau 1,5 L, pack de 6", "oui", "+3 Eau 1,5 L", "oui")
    assert [figures_of(db, shop[1][name])[0] for name in ("Eau 1,5 L", "Eau 1,5 L, pack de 6")] == [12, 7]


@pytest.mark.parametrize(
    ("said", "chosen", "shown"),
    [
        ("vendu Seau 15", "Seau", "Seau : 20 → 5\nC'est bon ?"),
        ("vendu Seau 15", "Seau 15 L", "Seau 15 L : combien ?"),
        ("Bidon 5", "Bidon", "Bidon : 20 → 5\nC'est bon ?"),
    ],
)
def test_a_figure_that_may_be_of_a_name_is_asked_about(yawa, shop, db, said, chosen, shown):
    for name in ("Seau", "Bidon", "Bidon 5"):
        make_good(db, shop[0], name, on_hand=20, unit="pièce")
    yawa.says(said)
    assert (yawa.state, chosen in yawa.titles) == ("vendor.stock_which", True)
    yawa.taps_on(chosen)
    assert plain(yawa) == shown


def test_a_figure_of_the_name_of_the_only_good_is_shown_before_it_counts(yawa, shop, db):
    adjusting.take_small_at_once(db, [shop[0]], is_on=True)
    yawa.says("vendu 2 Seau 15 L")
    assert (yawa.keys[0], figures_of(db, shop[1]["Seau 15 L"])[0]) == ("vendor.stock_applied", 7)
    yawa.says("+15 seau")
    assert (yawa.state, figures_of(db, shop[1]["Seau 15 L"])[0]) == ("vendor.stock_preview", 7)


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("Cahier 200 pages 20, je ferme à 18h", "Cahier 200 pages : 9 → 20\nEnvoyez ensuite, à part : je ferme à 18h."),
        ("Cahier 200 pages 200x24", "Cahier 200 pages : 24 à 200 F l'unité, ou 200 paquets de 24 ?"),
        ("Cahier 200 pages 3 à 200", "Cahier 200 pages : est-ce 3 pour 200 F CFA, ou 200 F CFA chacun ?"),
        ("Cahier 200 pages 3 pour 1000", "Promotion : Cahier 200 pages\n3 pour 1 000 F CFA"),
        ("alerte Cahier 200 pages 5", "Vous prévenir quand il reste 5 ou moins ?\nCahier 200 pages"),
        ("nouveau Cahier 200 pages 500", "Vous avez déjà Cahier 200 pages : 1 000 F CFA. Le changer ?"),
        ("5 cartons de Seau 15 L", "Seau 15 L : 1 carton contient combien de pièces ?"),
    ],
)
def test_what_is_asked_beside_a_name_is_never_of_its_figure(yawa, said, shown):
    yawa.says(said)
    assert plain(yawa).startswith(shown)


def test_two_figures_that_wait_are_answered_of_the_good_by_its_name(yawa, shop, db):
    yawa.goes("Cahier 200 pages 200x24", "[C'est le prix]")
    assert plain(yawa).startswith("• Cahier 200 pages : 9 → 24\n• Cahier 200 pages : 1 000 F → 200 F")


@pytest.mark.parametrize("name", ["Thé noir, 25 sachets", "Eau 1,5 L, pack de 6", "Carreaux 60x60"])
def test_the_words_below_a_picture_name_it_too(yawa, name):
    yawa.brings(text=f"{name} 900 f", media=(Media("image", "reference"),))
    assert plain(yawa) == f"Vous avez déjà {name} : 1 000 F CFA. Le changer ?"


def test_a_name_is_read_by_voice_too(db, config, shop):
    person = Person(1, "Yawa", "fr", False, ("vendor", "buyer"), (shop[0],), owned_ids=(shop[0],))
    turn = Turn(db, config, person, 1, 1, None, NOW)  # as a voice note: what was typed of it is the text alone
    assert told(recognise(turn, "vendor", "vendu 2 Seau 15 L")) == [
        ("remove_stock", {"product": "Seau 15 L", "quantity": 2})
    ]


@pytest.mark.parametrize("said", ["+3 Ventilateur sur pied Zorg", "vendu 2 zorgs pliants", "zorg bleu 12"])
def test_what_nothing_is_called_by_is_asked_about(yawa, said):
    yawa.says(said)
    assert (yawa.state, yawa.titles) == ("vendor.stock_unknown", ["Ajouter ce produit", "Mes produits", "Menu"])
    yawa.taps_on("Ajouter ce produit")
    assert yawa.state == "vendor.add_price"


MOVES = {"+3 {}": (9, 12), "vendu 2 {}": (9, 7), "{} 12": (9, 12)}
MOVED = """
select p.name, m.on_hand_before, m.on_hand_after from stock_movement m join product p on p.stock_id = m.stock_id
where m.id > %(last)s
"""
OTHERS = ("Seau", "Cahier", "Thé noir", "Eau", "Bidon", "Carreaux", "Plaque à gaz")  # as long names begin
SLIPS = 6  # of each name in each shape


def test_no_slip_in_a_name_moves_another_good_or_by_another_figure_where_small_changes_are_done_at_once(yawa, shop, db):
    for name in ("Bidon 5", *OTHERS):
        make_good(db, shop[0], name, on_hand=9, unit="pièce")
    adjusting.take_small_at_once(db, [shop[0]], is_on=True)
    chance, wrong, right = Random(SEED), [], 0
    for name in (*FIGURED, "Bidon 5"):
        for shape, move in MOVES.items():
            for typed in {shape.format(mistyped(name, chance)) for _ in range(SLIPS)} | {shape.format(name)}:
                last = db.value("select coalesce(max(id), 0) from stock_movement")
                db.run("savepoint slipped")
                yawa.goes("menu", typed)
                moved = [tuple(row) for row in db.rows(MOVED, last=last)]
                db.run("rollback to savepoint slipped")
                right += moved == [(name, *move)]
                if moved not in ([], [(name, *move)]) and not typed.endswith(OTHERS):
                    wrong.append((typed, moved))
    assert wrong == []
    assert right >= 2 * (len(FIGURED) + 1)  # `savon 12` is shown before, however it is typed
