"""Planting the demo's market in a database, once or again."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any, Final

from base.db import Db, jsonb
from base.hours import read_hours, write_hours
from base.media import Media
from base.places import place, position
from base.spelling import fold
from catalog import photos, stock
from catalog.demo.drawing import draw
from catalog.demo.market import DemoProduct, DemoVariant, DemoVendor, demo_categories, demo_products, demo_vendors
from catalog.stock import JOB

OnProgress = Callable[[int, int], None]  # (products done, products in all)


def plant(db: Db, media: Media, on_progress: OnProgress = lambda done, total: None) -> int:
    """Plant what is not there yet: shops, goods with stock, pictures in their store; how many products were new.

    What was planted before is left as the market has made it since.
    """
    _plant_categories(db)
    _plant_vendors(db)
    known = {row.slug for row in db.rows("select slug from product")}
    total, done = len(demo_products()), 0
    for vendor in demo_vendors():
        for product in vendor.products:
            if product.slug not in known:
                _plant_product(db, media, vendor, product)
            done += 1
            on_progress(done, total)
    return sum(product.slug not in known for product in demo_products())


def owners(db: Db) -> list[tuple[int, str, str]]:
    """(vendor id, seller's name, phone) of the planted shops of the demo."""
    rows = db.rows(
        "select id, slug from vendor where slug = any(%(slugs)s)", slugs=[shop.slug for shop in demo_vendors()]
    )
    ids = {row.slug: row.id for row in rows}
    return [(ids[shop.slug], shop.seller, shop.phone) for shop in demo_vendors() if shop.slug in ids]


def _plant_categories(db: Db) -> None:
    for order, category in enumerate(demo_categories(), 1):
        db.run(
            "insert into category (slug, names, place, is_perishable)"
            " values (%(slug)s, %(names)s, %(place)s, %(is_perishable)s) on conflict (slug) do nothing",
            slug=category.slug,
            names=jsonb(dict(category.names)),
            place=order,
            is_perishable=category.is_perishable,
        )


def _plant_vendors(db: Db) -> None:
    for vendor in demo_vendors():
        latitude, longitude = vendor.pin or position(place(vendor.quarter))
        db.run(
            _VENDOR,
            slug=vendor.slug,
            name=vendor.name,
            phone=vendor.phone,
            quarter=vendor.quarter,
            landmark=vendor.landmark,
            latitude=latitude,
            longitude=longitude,
            bands=jsonb(vendor.bands) if vendor.bands else None,
            delay=vendor.delay,
            hours=jsonb(write_hours(read_hours(vendor.hours))),
            zones=jsonb(vendor.terms["delivery_zones"]) if "delivery_zones" in vendor.terms else None,
            **{name: vendor.terms.get(name) for name in ("free_above", "parcel_fee", "cod_max", "deposit_percent")},
        )


_VENDOR: Final = """
insert into vendor (slug, name, phone, quarter, landmark, latitude, longitude, delivery_bands, delay, hours,
    delivery_zones, free_above, parcel_fee, cod_max, deposit_percent)
values (%(slug)s, %(name)s, %(phone)s, %(quarter)s, %(landmark)s, %(latitude)s, %(longitude)s, %(bands)s, %(delay)s,
    %(hours)s, %(zones)s, %(free_above)s, %(parcel_fee)s, %(cod_max)s, %(deposit_percent)s)
on conflict (slug) do nothing
"""


def _plant_product(db: Db, media: Media, vendor: DemoVendor, product: DemoProduct) -> None:
    values = " ".join(
        value for variant in product.variants for name, value in variant.choice.items() if name != "unité"
    )
    planted = _plant_row(
        db,
        media,
        vendor,
        product,
        folded=fold(f"{product.name} {values}"),
        kind="group" if product.variants else "single",
    )
    _plant_prices(db, planted.id, product)
    _plant_photos(db, media, planted.id, product)
    if not product.variants:
        stock.count(db, planted.stock_id, product.stock, JOB)
    shared = None
    for variant in product.variants:
        shared = _plant_variant(db, media, vendor, product, variant, planted.id, shared if variant.factor > 1 else None)


def _plant_variant(
    db: Db,
    media: Media,
    vendor: DemoVendor,
    product: DemoProduct,
    variant: DemoVariant,
    good_id: int,
    shared: int | None,
) -> int:
    """A variant beside its group, on a stock of its own or a shared one; the stock's id."""
    label = ", ".join(variant.choice.values())
    own = replace(
        product,
        slug=f"{product.slug}-{fold(label).replace(' ', '-')}",
        name=variant.name,
        unit=variant.unit,
        price=variant.price,
        tint=variant.tint,
    )
    row = _plant_row(
        db, media, vendor, own, folded=fold(own.name), kind="variant", factor=variant.factor, shared=shared
    )
    db.run(
        "insert into variant (product_id, good_id, choice) values (%(product)s, %(good)s, %(choice)s)",
        product=row.id,
        good=good_id,
        choice=jsonb(list(map(list, variant.choice.items()))),
    )
    _plant_prices(db, row.id, product)
    if shared is None:
        stock.count(db, row.stock_id, variant.stock, JOB)
    return int(row.stock_id)


def _plant_row(
    db: Db,
    media: Media,
    vendor: DemoVendor,
    product: DemoProduct,
    *,
    folded: str,
    kind: str,
    factor: int = 1,
    shared: int | None = None,
) -> Any:
    """The row of a product (id, stock_id), on a new empty stock unless it shares one."""
    return db.run(
        _PRODUCT,
        vendor=vendor.slug,
        category=product.category,
        slug=product.slug,
        name=product.name,
        folded=folded,
        unit=product.unit,
        description=product.description,
        price=product.price,
        photo=photos.keep(db, media, draw(product.look, product.tint)),
        is_perishable=product.perishable,
        condition=product.condition,
        kind=kind,
        factor=factor,
        shared=shared,
    ).rows[0]


def _plant_prices(db: Db, product_id: int, product: DemoProduct) -> None:
    rules = [("lot", *rule) for rule in product.lots.items()] + [("step", *rule) for rule in product.steps.items()]
    for kind, quantity, price in rules:
        db.run(
            "insert into price_rule (product_id, kind, quantity, price)"
            " values (%(product)s, %(kind)s, %(quantity)s, %(price)s)",
            product=product_id,
            kind=kind,
            quantity=quantity,
            price=price,
        )


def _plant_photos(db: Db, media: Media, product_id: int, product: DemoProduct) -> None:
    for number, tint in enumerate(product.photos, 2):
        db.run(
            "insert into product_photo (product_id, place, photo_hash) values (%(product)s, %(place)s, %(photo)s)",
            product=product_id,
            place=number,
            photo=photos.keep(db, media, draw(product.look, tint)),
        )


_PRODUCT: Final = """
with shop as (
    select id from vendor where slug = %(vendor)s
), lying as (
    insert into stock (vendor_id) select id from shop where %(shared)s::bigint is null returning id, vendor_id
)
insert into product (vendor_id, category_id, stock_id, slug, name, folded, unit, description, price, photo_hash,
    is_perishable, condition, kind, factor)
select shop.id, category.id, coalesce(%(shared)s::bigint, (select id from lying)), %(slug)s, %(name)s, %(folded)s,
    %(unit)s, %(description)s, %(price)s, %(photo)s, %(is_perishable)s, %(condition)s, %(kind)s, %(factor)s
from shop, category where category.slug = %(category)s
returning id, stock_id
"""
