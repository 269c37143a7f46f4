"""The demo's market: believable, whole, and planted once."""

import re

import pytest

from base import phones
from base.media import Folder
from base.places import place
from catalog import categories, photos, products, search
from catalog.demo import demo_vendors, owners, plant, plant_scale
from catalog.demo.market import demo_categories, demo_products
from catalog.demo.scale import maker
from tests.catalog.market import broken_links

# What is paid in Lomé, F CFA: the first pattern that a product's name holds gives its band.
BANDS = [
    (r"^Riz (simple|parfumé 25|parfumé jasmin 25)", 14_000, 25_000), (r"^Riz parfumé 5 kg", 3_000, 4_000),
    (r"^Riz local", 1_100, 1_600), (r"^Maïs", 700, 900), (r"^Sorgho", 1_000, 1_200), (r"^Mil$", 1_100, 1_300),
    (r"^Gari", 1_000, 1_200), (r"^Tapioca", 1_650, 1_800), (r"^Farine de blé 1 kg", 600, 800),
    (r"^Farine de blé 50", 24_000, 30_000), (r"^Haricot", 2_250, 2_500), (r"^Soja", 1_200, 1_250),
    (r"^Arachide", 1_800, 2_500), (r"^Igname", 500, 2_500), (r"^Pomme de terre 25", 12_000, 16_000),
    (r"^Oignons, tas", 200, 500), (r"^Oignons, sac", 20_000, 35_000), (r"^Tomates fraîches", 200, 500),
    (r"^Tomates, panier", 10_000, 25_000), (r"^Piment|^Gombo", 100, 300), (r"^Régime", 1_500, 4_000),
    (r"^Avocats", 100, 300), (r"^Ananas|^Oranges", 200, 600), (r"^Huile végétale 25", 22_000, 24_000),
    (r"^Huile végétale 1", 800, 1_600), (r"^Huile de palme", 1_600, 1_700), (r"^Sucre fin", 1_900, 1_900),
    (r"^Sucre en", 700, 1_000), (r"^Spaghetti", 6_500, 9_500), (r"^Tomate concentrée", 500, 800),
    (r"^Tomate, carton", 12_500, 12_500), (r"^Lait concentré, carton", 21_000, 21_000), (r"^Lait concentré", 450, 450),
    (r"^Sardines", 500, 800), (r"^Cubes", 500, 1_200), (r"^Œufs", 2_700, 3_500), (r"^Poulet", 3_500, 5_000),
    (r"^Pintade", 4_000, 6_500), (r"^Poisson congelé", 24_000, 28_000), (r"^Maquereau|^Tilapia", 1_500, 2_200),
    (r"^Poisson fumé", 500, 2_000), (r"^Viande", 2_800, 3_500), (r"^Wagashi", 300, 1_000),
    (r"^Crevettes", 3_500, 6_000), (r"^Yaourt", 100, 300), (r"^Eau en sachet", 500, 700),
    (r"^Eau 1,5 L, pack", 2_200, 2_700), (r"^Eau 1,5", 400, 500), (r"^Boisson gazeuse", 6_000, 8_500),
    (r"^Bissap|^Jus", 300, 600), (r"^Malt", 400, 600), (r"^Café", 1_500, 2_500), (r"^Thé|^Citronnelle", 600, 1_200),
    (r"^Wax chinois", 2_500, 6_500), (r"^Wax local", 9_000, 16_000), (r"^Wax hollandais", 40_000, 60_000),
    (r"^Super wax", 60_000, 90_000), (r"^Kenté|^Pagne tissé", 15_000, 60_000), (r"^Bazin", 12_000, 25_000),
    (r"^Dentelle", 10_000, 30_000), (r"^Foulard", 1_000, 3_000), (r"^Parure", 8_000, 20_000),
    (r"^Serviette de", 1_500, 4_000), (r"^Ballot", 60_000, 250_000), (r"friperie$", 300, 3_000),
    (r"^Robe", 8_000, 18_000), (r"^Ensemble homme", 12_000, 25_000), (r"^Jeans$", 5_000, 9_000),
    (r"^Chemise", 4_000, 8_000), (r"^T-shirt", 1_500, 4_000), (r"^Sous-vêt", 2_000, 4_000), (r"^Tenue", 3_500, 6_500),
    (r"^Ensemble bébé", 2_500, 6_000), (r"^Boubou", 6_000, 20_000), (r"^Baskets", 8_000, 25_000),
    (r"^Sandales", 3_000, 8_000), (r"^Tongs", 700, 1_500), (r"^Talons", 6_000, 15_000), (r"^Ballerines", 3_500, 7_000),
    (r"^Sac à main", 5_000, 15_000), (r"^Sac à dos", 4_500, 12_000), (r"^Pochette", 2_500, 6_000),
    (r"^Montre", 4_000, 15_000), (r"^Ceinture|^Portefeuille", 1_500, 5_000),
    (r"^Savon de ménage, carton", 9_000, 14_000), (r"^Savon (de ménage|noir|citron)", 250, 350),
    (r"^Savon toilette", 900, 1_200), (r"^Beurre", 1_000, 2_500), (r"^Crème|^Huile de coco", 1_500, 6_000),
    (r"^Parfum", 3_000, 15_000), (r"^Mèches|^Tissage", 2_500, 9_000), (r"^Perruque", 12_000, 80_000),
    (r"^Lait de bébé", 3_200, 4_500), (r"^Couches", 3_500, 7_500), (r"^Serviettes", 500, 900),
    (r"^Dentifrice", 500, 1_200), (r"^Téléphone à", 6_500, 12_000), (r"^Android entrée", 45_000, 75_000),
    (r"^Android 6", 70_000, 120_000), (r"^iPhone 11", 110_000, 170_000), (r"^Chargeur|^Câble", 1_000, 5_000),
    (r"^Écouteurs sans", 4_000, 15_000), (r"^Écouteurs", 1_500, 6_000), (r"^Power", 5_000, 15_000),
    (r"^Verre", 500, 1_500), (r"^Carte mémoire", 2_500, 4_500), (r"^Enceinte", 6_000, 25_000),
    (r"^Mixeur", 8_000, 18_000), (r"^Bouilloire", 6_000, 12_000), (r"^Fer", 5_000, 12_000),
    (r"^Plaque", 12_000, 25_000), (r"^Réfrigérateur", 95_000, 170_000), (r"^Télévision", 60_000, 100_000),
    (r"^Ventilateur", 12_000, 25_000), (r"^Marmite|^Batterie", 5_000, 25_000), (r"^Matelas", 35_000, 120_000),
    (r"^Seau|^Bassine", 1_000, 3_500), (r"^Kit fournitures", 3_000, 10_000), (r"^Livre", 2_500, 6_000),
    (r"^(Voiture|Poupée|Ballon|Jeu)", 1_500, 8_000), (r"^Cahier", 300, 700), (r"^Gâteau", 10_000, 35_000),
    (r"^Kit panneau", 25_000, 150_000),
    (r"^(Riz gras|Attiéké|Foufou|Pinon|Akoumé|Ablo|Beignets)", 500, 2_500),
]  # fmt: skip


def band_of(name):
    return next(((low, high) for pattern, low, high in BANDS if re.search(pattern, name)), None)


@pytest.fixture(scope="module")
def var(tmp_path_factory):
    return tmp_path_factory.mktemp("var")


@pytest.fixture
def market(db, var):
    plant(db, Folder(var / "media"))
    return db


def test_the_market_is_large_enough():
    assert (len(demo_vendors()), len(demo_products()), len(demo_categories())) == (14, 163, 13)


@pytest.mark.parametrize("product", demo_products(), ids=lambda product: product.slug)
def test_every_price_lies_in_what_is_paid_in_lome_and_can_be_paid_in_coins(product):
    low, high = band_of(product.name)
    assert low <= product.price <= high
    assert product.price % 25 == 0


def test_slugs_and_names_are_unique_and_names_fit_a_row_of_a_list():
    slugs = [product.slug for product in demo_products()]
    assert len(set(slugs)) == len({product.name for product in demo_products()}) == len(slugs)
    assert all(re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", slug) for slug in slugs)
    assert max(len(product.name) for product in demo_products()) <= 24
    assert max(len(name) for category in demo_categories() for name in category.names.values()) <= 24


def test_the_shops_that_stories_tell_of_sell_what_they_say():
    shops = {vendor.slug: vendor for vendor in demo_vendors()}
    goods = {slug: {product.slug: product for product in shop.products} for slug, shop in shops.items()}
    rice = goods["maman_yawa"]["riz-parfume-25"]
    assert (rice.name, rice.unit, rice.price) == ("Riz parfumé 25 kg", "sac", 17_500)
    assert {"huile-vegetale-1l", "savon-menage"} <= set(goods["tonton_kossi"])
    assert {product.category for product in shops["boutique_essi"].products} == {"pagnes"}


def test_every_shop_is_somewhere_and_has_a_phone_that_is_nobodys():
    for number, vendor in enumerate(demo_vendors(), 1):
        assert vendor.phone == f"+228900001{number:02d}"
        assert phones.read_phone(vendor.phone) == vendor.phone
        assert place(vendor.quarter).kind == "quartier"
        assert vendor.landmark


def test_the_descriptions_are_short():
    assert all(len(product.description.split()) <= 12 for product in demo_products())


def product_named(market, slug):
    return products.product(market, market.value("select id from product where slug = %(slug)s", slug=slug))


def test_planting_makes_shops_goods_stock_and_pictures(market, var):
    assert market.value("select count(*) from vendor") == 14
    assert market.value("select count(*) from product where photo_hash is not null") == 178
    rice = product_named(market, "riz-parfume-25")
    assert (rice.price, rice.available, rice.vendor_slug) == (17_500, 40, "maman_yawa")
    assert (var / "media" / photos.name_of(rice.photo_hash)).is_file()
    assert broken_links(market) == []
    assert market.value("select count(*) from stock_movement where reason = 'count'") == 173


def test_planting_again_leaves_the_market_as_it_was_made_since(market, var):
    market.run("update product set price = 18000 where slug = 'riz-parfume-25'")
    said = []
    assert plant(market, Folder(var / "media"), lambda done, total: said.append((done, total))) == 0
    assert product_named(market, "riz-parfume-25").price == 18_000
    assert market.value("select count(*) from product") == 178
    assert said[-1] == (163, 163)


def test_every_category_has_something_to_show_in_both_languages(market):
    french, english = categories.categories(market, "fr"), categories.categories(market, "en")
    assert len(french) == len(english) == 13
    assert sum(category.products for category in french) == 163
    assert (french[0].name, english[0].name) == ("Céréales et féculents", "Grains and staples")


def test_the_owners_are_told_with_their_shops(market):
    told = owners(market)
    assert len(told) == 14
    assert told[0][1:] == ("Yawa Adjavon", "+22890000101")


def test_one_shop_asks_its_own_delivery_prices(market):
    assert market.value("select count(*) from vendor where delivery_bands is not null") == 1


def test_two_shops_have_terms_of_their_own_and_what_spoils_is_marked(market):
    deposit = market.rows("select slug, cod_max, deposit_percent from vendor where cod_max is not null")
    assert [tuple(row) for row in deposit] == [("kodjo_mobile", 50_000, 20)]
    own = market.rows(
        "select slug, free_above, parcel_fee, delivery_zones from vendor where delivery_zones is not null"
    )
    assert [tuple(row) for row in own] == [("papeterie_edem", 20_000, 1_500, {"kara": 2_500, "dapaong": 3_500})]
    assert market.value("select count(*) from category where is_perishable") == 2
    assert market.value("select count(*) from product where is_perishable") == 8


@pytest.mark.parametrize(
    "words, slug",
    [("riz parfumé", "riz-parfume-25"), ("savon", "savon-noir"), ("huile vegetal", "huile-vegetale-1l")],
)
def test_the_demo_is_found_by_words(market, words, slug):
    assert slug in [product.slug for product in products.products(market, search.find(market, words).ids)]


def test_scale_adds_invented_goods_with_a_whole_ledger(market):
    said = []
    plant_scale(market, products=500, vendors=20, on_progress=lambda done, total: said.append((done, total)))
    assert said == [(500, 500)]
    assert market.value("select count(*) from product where slug like 'serie-%%'") == 500
    assert market.value("select count(distinct vendor_id) from product where slug like 'serie-%%'") == 20
    assert broken_links(market) == []
    assert market.value("select count(*) from product where slug like 'serie-%%' and photo_hash is null") == 0
    odd = market.rows("select folded from product where folded ~ '[^a-z0-9 ]' or folded ~ '  '")
    assert odd == []
    assert market.value("select count(*) from product where price %% 5 <> 0") == 0


def test_scale_asked_again_adds_only_what_is_missing(market):
    plant_scale(market, products=50, vendors=5)
    plant_scale(market, products=50, vendors=5)
    assert market.value("select count(*) from product where slug like 'serie-%%'") == 50
    plant_scale(market, products=80, vendors=8)
    assert market.value("select count(*) from product where slug like 'serie-%%'") == 80
    assert market.value("select count(*) from vendor where slug like 'serie\\_%%'") == 8


def test_the_words_of_invented_goods_grow_with_them(market):
    plant_scale(market, products=90, vendors=5)
    plant_scale(market, products=130, vendors=5)
    of_one_good = market.rows(
        "select word, min(slug) as slug from product, unnest(string_to_array(folded, ' ')) as word"
        " where slug like 'serie-%%' group by word having count(*) = 1"
    )
    named = {row.slug: row.word for row in of_one_good if row.word in {maker(number).lower() for number in range(10)}}
    assert named == {f"serie-{20 * number}": maker(number).lower() for number in range(1, 7)}
    assert len({maker(number) for number in range(200_000)}) == 200_000


def test_the_demo_sells_by_size_colour_and_unit_in_lots_by_steps_new_and_venu(market):
    rice = market.value("select id from product where slug = 'riz-local-de-kovie'")
    bol, sac = products.variants(market, rice)
    assert (bol.stock_id, bol.factor, bol.available) == (sac.stock_id, 1, 80)
    assert (sac.unit, sac.factor, sac.available, sac.price) == ("sac", 10, 8, 13_500)
    attributes = {name for product in demo_products() for one in product.variants for name in one.choice}
    assert attributes == {"pointure", "couleur", "unité"}
    assert {product.condition for product in demo_products()} == {"", "neuf", "venu"}
    assert product_named(market, "savon-citron").tariff.amount(4) == 1_350
    assert product_named(market, "cahier-200-pages").tariff.amount(10) == 4_500
    phone = product_named(market, "iphone-11-venu")
    assert len({phone.photo_hash, *products.more_photos(market, phone.id)}) == 3


@pytest.mark.parametrize("product", [p for p in demo_products() if p.variants], ids=lambda product: product.slug)
def test_every_variant_can_be_had_and_is_priced_in_coins(market, product):
    group = product_named(market, product.slug)
    own = products.variants(market, group.id)
    assert (group.kind, len(own)) == ("group", len(product.variants))
    assert all(one.available and one.photo_hash and one.price % 25 == 0 for one in own)
    assert group.price == min(one.price for one in own)
