"""Invented goods by the hundred thousand beside the demo's, for measuring: made by the database itself, in bulk."""

from typing import Any, Final

from base.db import Db
from base.places import places
from base.spelling import fold
from catalog.demo.market import demo_products
from catalog.demo.planting import OnProgress

CHUNK: Final = 20_000  # products a statement
EVERY: Final = 20  # of so many goods one has a name with a word that no other has, as among goods that people name
_SYLLABLES: Final = "ko ma wu di se lo ya ba ti na fo ge hu pa ri zo".split()
_ENDS: Final = ("", *"re va vo len tron sol mil dor bel cal gan jo ne to vi".split())  # none begins as a syllable
_MAKERS: Final = len(_SYLLABLES) ** 3 * len(_ENDS)  # words of three syllables and an end; then longer ones come
_SPREAD: Final = 40_503  # odd: each number has its own word, and the next one a word that is not alike


def plant_scale(db: Db, *, products: int, vendors: int, on_progress: OnProgress = lambda done, total: None) -> None:
    """Bring the invented goods to `products` in all, in `vendors` shops; comes after `plant`, whose goods they vary.

    Asking again for as many changes nothing, for more adds the rest. A price differs from its model's by up to 15 %.
    A good is called as its model and by a brand, one of twenty by a word of its own: words grow with goods.
    """
    _make_vendors(db, vendors)
    models = _models(db)
    done: int = db.value("select count(*) from product where slug like 'serie-%%'")
    while done < products:
        last = min(done + CHUNK, products)
        makers = [maker(number) for number in range(done // EVERY + 1, last // EVERY + 1)]
        db.run(
            _PRODUCTS,
            first=done + 1,
            last=last,
            vendors=vendors,
            brands=_brands(),
            every=EVERY,
            makers=makers,
            **models,
        )
        done = last
        on_progress(done, products)


def _brands() -> list[str]:
    return [f"{first}{second}{third}".title() for first in _SYLLABLES for second in _SYLLABLES for third in ("", "vi")]


def maker(number: int) -> str:
    """An invented word (`Disepatron`), another for each number, and none of the brands that many goods share."""
    more, place = divmod(number, _MAKERS)
    *digits, end = (int(digit, 16) for digit in f"{more or ''}{place * _SPREAD % _MAKERS:04x}")
    return "".join(_SYLLABLES[digit] for digit in digits).title() + _ENDS[end]


def _make_vendors(db: Db, vendors: int) -> None:
    known = [place for place in places() if place.kind == "quartier" and place.latitude is not None]
    db.run(
        _VENDORS,
        vendors=vendors,
        brands=_brands(),
        quarters=[place.slug for place in known],
        latitudes=[place.latitude for place in known],
        longitudes=[place.longitude for place in known],
    )


# A shop's phone is in +228 90 0x xx xx with x ≥ 1: not in use, and none of the demo's people.
_VENDORS: Final = """
insert into vendor (slug, name, phone, quarter, landmark, latitude, longitude)
select 'serie_' || i, 'Boutique ' || (%(brands)s::text[])[1 + i %% cardinality(%(brands)s::text[])] || ' ' || i,
    '+22890' || lpad((1000 + i %% 98000)::text, 6, '0'), (%(quarters)s::text[])[place], '',
    (%(latitudes)s::float8[])[place], (%(longitudes)s::float8[])[place]
from generate_series(1, %(vendors)s::int) as i,
    lateral (select 1 + i %% cardinality(%(quarters)s::text[]) as place) as chosen
on conflict (slug) do nothing
"""


def _models(db: Db) -> dict[str, list[Any]]:
    """What the goods vary, one list a column."""
    rows = db.rows(
        "select p.slug, p.category_id, p.photo_hash from product p where p.slug = any(%(slugs)s)",
        slugs=[product.slug for product in demo_products()],
    )
    planted = {row.slug: row for row in rows}
    models = [product for product in demo_products() if product.slug in planted]
    return {
        "names": [product.name for product in models],
        "folded": [fold(product.name) for product in models],
        "units": [product.unit for product in models],
        "prices": [product.price for product in models],
        "categories": [planted[product.slug].category_id for product in models],
        "photos": [planted[product.slug].photo_hash for product in models],
    }


# Spread without chance, so that two machines measure the same market: products step through models and shops by primes.
_PRODUCTS: Final = """
with shops as (
    select array_agg(id order by id) as ids
    from (select id from vendor where slug like 'serie\\_%%' order by id limit %(vendors)s) as wanted
), chosen as materialized (
    select i, nextval(pg_get_serial_sequence('stock', 'id')) as stock_id,
        (1 + i::bigint * 7919 %% cardinality(%(names)s::text[]))::int as model,
        case when i %% %(every)s::int = 0
            then (%(makers)s::text[])[i / %(every)s::int - (%(first)s::int - 1) / %(every)s::int]
            else (%(brands)s::text[])[1 + i::bigint * 104729 %% cardinality(%(brands)s::text[])]
        end as brand,
        shops.ids[(1 + i::bigint * 15485863 %% cardinality(shops.ids))::int] as vendor_id,
        (i::bigint * 31 %% 10)::int * 7 as lying
    from generate_series(%(first)s::int, %(last)s::int) as i, shops
), stocks as (
    insert into stock (id, vendor_id, on_hand) select stock_id, vendor_id, lying from chosen order by i
), counted as (
    insert into stock_movement (stock_id, reason, quantity, on_hand_before, on_hand_after, held_before, held_after,
        allocated_before, allocated_after)
    select stock_id, 'count', lying, 0, lying, 0, 0, 0, 0 from chosen order by i
)
insert into product (vendor_id, category_id, stock_id, slug, name, folded, unit, price, photo_hash)
select vendor_id, (%(categories)s::bigint[])[model], stock_id, 'serie-' || i,
    (%(names)s::text[])[model] || ' ' || brand, (%(folded)s::text[])[model] || ' ' || lower(brand),
    (%(units)s::text[])[model],
    greatest(5, 5 * round((%(prices)s::int[])[model] * (85 + i %% 31) / 500.0))::int, (%(photos)s::text[])[model]
from chosen order by i
"""
