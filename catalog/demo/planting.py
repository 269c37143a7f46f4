"""Planting the demo's market in a database, once or again."""

from collections.abc import Callable
from pathlib import Path
from typing import Final

from base.db import Db, jsonb
from base.places import place, position
from base.spelling import fold
from catalog import photos, stock
from catalog.demo.drawing import draw
from catalog.demo.market import DemoProduct, DemoVendor, demo_categories, demo_products, demo_vendors
from catalog.stock import JOB

OnProgress = Callable[[int, int], None]  # (products done, products in all)


def plant(db: Db, var: Path, on_progress: OnProgress = lambda done, total: None) -> int:
    """Plant what is not there yet: shops, goods with stock, pictures under var/media; how many products were new.

    What was planted before is left as the market has made it since.
    """
    _plant_categories(db)
    _plant_vendors(db)
    known = {row.slug for row in db.rows("select slug from product")}
    total, done = len(demo_products()), 0
    for vendor in demo_vendors():
        for product in vendor.products:
            if product.slug not in known:
                _plant_product(db, var, vendor, product)
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
            "insert into category (slug, names, place) values (%(slug)s, %(names)s, %(place)s)"
            " on conflict (slug) do nothing",
            slug=category.slug,
            names=jsonb(dict(category.names)),
            place=order,
        )


def _plant_vendors(db: Db) -> None:
    for vendor in demo_vendors():
        latitude, longitude = position(place(vendor.quarter))
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
        )


_VENDOR: Final = """
insert into vendor (slug, name, phone, quarter, landmark, latitude, longitude, delivery_bands, delay)
values (%(slug)s, %(name)s, %(phone)s, %(quarter)s, %(landmark)s, %(latitude)s, %(longitude)s, %(bands)s, %(delay)s)
on conflict (slug) do nothing
"""


def _plant_product(db: Db, var: Path, vendor: DemoVendor, product: DemoProduct) -> None:
    photo = photos.keep(db, var, draw(product.look, product.tint))
    rows = db.run(
        _PRODUCT,
        vendor=vendor.slug,
        category=product.category,
        slug=product.slug,
        name=product.name,
        folded=fold(product.name),
        unit=product.unit,
        description=product.description,
        price=product.price,
        photo=photo,
    ).rows
    stock.count(db, rows[0].stock_id, product.stock, JOB)


_PRODUCT: Final = """
with shop as (
    select id from vendor where slug = %(vendor)s
), lying as (
    insert into stock (vendor_id) select id from shop returning id, vendor_id
)
insert into product (vendor_id, category_id, stock_id, slug, name, folded, unit, description, price, photo_hash)
select lying.vendor_id, category.id, lying.id, %(slug)s, %(name)s, %(folded)s, %(unit)s, %(description)s, %(price)s,
    %(photo)s
from lying, category where category.slug = %(category)s
returning stock_id
"""
