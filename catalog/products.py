"""Products as they are read, one by one and in pages."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Literal

from base.db import Db
from base.statements import Rows
from catalog.levels import Level
from catalog.prices import RULES, Tariff, tariff
from catalog.stock import AVAILABLE

Kind = Literal["single", "group", "variant"]
Choice = tuple[
    tuple[str, str], ...
]  # (attribute, value) in the order of asking: ("taille", "42"), ("couleur", "rouge")


@dataclass(frozen=True)
class Product:
    """What a buyer is told of a product; `price` in F CFA a unit, `available` in units, 0 when not for sale.

    A group is sold by its variants: its price is their lowest, its units are all of theirs.
    """

    id: int
    slug: str
    name: str
    unit: str
    description: str
    price: int
    available: int
    photo_hash: str | None
    category_id: int
    stock_id: int
    vendor_id: int
    vendor_slug: str
    vendor_name: str
    vendor_quarter: str  # slug of base.places
    vendor_level: Level
    is_shop_open: bool
    kind: Kind
    factor: int  # units of its stock that one of its own takes
    condition: str  # neuf, venu, occasion or ''
    units: tuple[str, ...]
    tariff: Tariff
    good_id: int | None  # of a variant: its group
    choice: Choice  # of a variant: what tells it from the others
    opens_at: datetime | None = None  # of a shop that is shut: when it opens by itself

    @property
    def label(self) -> str:
        """What tells a variant from the others of its group: `42, rouge`; '' of any other product."""
        return ", ".join(value for _, value in self.choice)


@dataclass(frozen=True)
class Page:
    """Some products and where the next page begins; `after` is '' on the last page."""

    products: tuple[Product, ...]
    after: str


# Whether a product is shown at all, of product p: no shop that is suspended shows any. There are few, read once.
SHOWN: Final = "(p.is_listed and p.vendor_id <> all (array(select id from vendor where suspended_at is not null)))"
# Whether product p is on show as far as its group goes: a variant with its group only. One row is asked for, so that it
# is looked for by its number; an `exists` would be planned as a reading of every product that is listed.
WITH_GROUP: Final = """(p.kind <> 'variant' or coalesce((
    select g.is_listed from variant w join product g on g.id = w.good_id where w.product_id = p.id), false))"""
# Whether a product may be bought at all, where product p and vendor v are joined.
SOLD: Final = f"(p.is_listed and v.is_open and v.suspended_at is null and {WITH_GROUP})"

_IN_GROUP = """
from variant w join product o on o.id = w.product_id join stock s on s.id = o.stock_id
where p.kind = 'group' and w.good_id = p.id and o.is_listed
"""
_OF_VARIANTS = f"coalesce(sum({AVAILABLE} / o.factor), 0)::int"


def _sellable(of_group: str) -> str:
    return f"(case when not {SOLD} then 0 when p.kind = 'group' then {of_group} else {AVAILABLE} / p.factor end)"


# Units that can be bought now, where product p, stock s and vendor v are joined. Of units that share a stock each
# counts whole: a group's sum only tells whether there is something.
SELLABLE: Final = _sellable(f"(select {_OF_VARIANTS} {_IN_GROUP})")

_PRODUCT = f"""
select p.id, p.slug, p.name, p.unit, p.description, {_sellable("h.available")} as available, p.photo_hash,
    p.category_id, p.stock_id, p.vendor_id, v.slug as vendor_slug, v.name as vendor_name, v.quarter as vendor_quarter,
    v.level as vendor_level, v.is_open and v.suspended_at is null as is_shop_open,
    case when not v.is_open then v.closed_until end as opens_at,
    p.kind, p.factor, p.condition, {RULES} as rules, i.good_id, i.choice, coalesce(h.price, p.price) as price, h.units
from product p join stock s on s.id = p.stock_id join vendor v on v.id = p.vendor_id
    left join variant i on i.product_id = p.id
    cross join lateral (
        select {_OF_VARIANTS} as available, min(o.price) as price, array_agg(distinct o.unit) as units {_IN_GROUP}
    ) h
"""


def product(db: Db, product_id: int) -> Product | None:
    """One product, or None; an unlisted one still reads, with 0 available."""
    rows = db.kept(f"{_PRODUCT} where p.id = %(id)s", id=product_id)
    return _read(rows[0]) if rows else None


def of_stock(db: Db, stock_id: int) -> Product | None:
    """What lies there, counted one by one: of several goods of one stock the one that takes the least of it."""
    found = "select id from product where stock_id = %(stock)s and kind <> 'group' order by factor, id limit 1"
    product_id = db.value(found, stock=stock_id)
    return product(db, product_id) if product_id else None


def products(db: Db, product_ids: Iterable[int]) -> tuple[Product, ...]:
    """Several products in the order of their ids' list, in one query; unknown ids are left out."""
    wanted = list(product_ids)
    rows = db.kept(f"{_PRODUCT} where p.id = any(%(ids)s)", ids=wanted)
    found = {row.id: _read(row) for row in rows}
    return tuple(found[product_id] for product_id in wanted if product_id in found)


def products_by_slug(db: Db, slugs: Iterable[str]) -> dict[str, Product]:
    """The listed ones of these products by their slug, in one query."""
    rows = db.rows(f"{_PRODUCT} where p.slug = any(%(slugs)s) and {SHOWN}", slugs=list(slugs))
    return {row.slug: _read(row) for row in rows}


def variants(db: Db, good_id: int) -> tuple[Product, ...]:
    """What a group is sold as, in its vendor's order; () of a product that is none."""
    return tuple(map(_read, db.kept(f"{_PRODUCT} where i.good_id = %(id)s and p.is_listed order by p.id", id=good_id)))


def variants_of(db: Db, good_ids: Iterable[int]) -> dict[int, tuple[Product, ...]]:
    """The variants of several groups, in one query."""
    rows = db.rows(f"{_PRODUCT} where i.good_id = any(%(ids)s) and p.is_listed order by p.id", ids=list(good_ids))
    found: dict[int, list[Product]] = {}
    for row in rows:
        found.setdefault(row.good_id, []).append(_read(row))
    return {good_id: tuple(own) for good_id, own in found.items()}


def more_photos(db: Db, product_id: int) -> tuple[str, ...]:
    """The hashes of a product's photos beside its first, in order; of a variant also its group's."""
    rows = db.rows(
        "select photo_hash from product_photo where product_id = %(id)s or product_id ="
        " (select good_id from variant where product_id = %(id)s) order by product_id <> %(id)s, place",
        id=product_id,
    )
    return tuple(row.photo_hash for row in rows)


def _read(row: Any) -> Product:
    values = row._asdict()
    choice = tuple((name, value) for name, value in values.pop("choice") or ())
    units = tuple(values.pop("units") or (row.unit,))
    priced = tariff(values.pop("price"), values.pop("rules"))
    return Product(tariff=priced, price=priced.price, choice=choice, units=units, **values)


# Pages. Whether something is in stock changes at every sale and lies in another table, so no index can sort by it.
# A list is therefore read in blocks of 100 by id: inside a block what is in stock comes first, then what is not.
# A page costs two short index reads however large the category is, a list of at most 100 has everything in stock
# first, and the order is total.
BLOCK: Final = 100


@dataclass(frozen=True)
class _Cursor:
    block: int = 0  # the id before the block's first
    is_out: bool = False
    id: int = 0

    def __str__(self) -> str:
        return f"{self.block}.{int(self.is_out)}.{self.id}"


def _cursor(text: str) -> _Cursor:
    parts = text.split(".")
    if len(parts) != 3 or not all(part.isdecimal() for part in parts):
        return _Cursor()
    return _Cursor(int(parts[0]), parts[1] == "1", int(parts[2]))


def page_of_category(db: Db, category_id: int, after: str = "", size: int = 9) -> Page:
    """The next products of a category as they are listed (groups, no variants), in stock first.

    `after` is the last page's, '' at the beginning.
    """
    return _page(db, _Listed("p.category_id", category_id), _cursor(after), size)


def page_of_vendor(db: Db, vendor_id: int, after: str = "", size: int = 9) -> Page:
    """The next products of a shop as they are listed, in stock first; `after` is the last page's, '' at first."""
    return _page(db, _Listed("p.vendor_id", vendor_id), _cursor(after), size)


def page_of_stocks(db: Db, vendor_id: int, after: str = "", size: int = 9) -> Page:
    """The same for who counts them: variants instead of their group, and of units that share a stock the smallest."""
    return _page(db, _Listed("p.vendor_id", vendor_id, "p.factor = 1", "group"), _cursor(after), size)


@dataclass(frozen=True)
class _Listed:
    """Whose products a page lists: by which column, whose, under what condition, and the kind that is left out."""

    column: str
    owner: int
    condition: str = "true"
    besides: Kind = "variant"


def _page(db: Db, listed: _Listed, cursor: _Cursor, size: int) -> Page:
    places: list[_Cursor] = []  # of the products found, one more than a page: it tells whether there is a next
    while len(places) <= size:
        found = _block(db, listed, cursor, size + 1 - len(places))
        places += [_Cursor(cursor.block, row.is_out, row.id) for row in found if row.id]
        if found[0].count < BLOCK:
            break
        cursor = _Cursor(block=found[0].last)
    shown = places[:size]
    more = str(shown[-1]) if len(places) > size else ""
    return Page(products(db, (place.id for place in shown)), more)


def _block(db: Db, listed: _Listed, cursor: _Cursor, size: int) -> Rows:
    """The first products of the cursor's block that come behind it, and in each row how many it has and its last id.

    A block without any is one row that names none.
    """
    return db.rows(
        _BLOCK.format(owner=listed.column, condition=listed.condition),
        owner=listed.owner,
        start=cursor.block,
        is_out=cursor.is_out,
        after=cursor.id,
        size=size,
        besides=listed.besides,
    )


# Whose they are is told by a range that holds him alone, and is part of the order: of one value a planner would forget
# it there, and might look for his through the numbers of all products. What is on show of a block is asked afterwards:
# taken for nearly nothing, it would have all that is his read and sorted. The limit is written out: of one that is not
# known a tenth of all is expected, and every shop read beside it.
_BLOCK = f"""
with block as materialized (
    select p.id, p.vendor_id, p.stock_id, p.kind, p.factor, p.is_listed from product p
    where ({{owner}}, p.id) > (%(owner)s, %(start)s) and {{owner}} <= %(owner)s and p.is_listed
    order by {{owner}}, p.id limit {BLOCK}
), shown as materialized (
    select p.id, {SELLABLE} = 0 as is_out
    from block p join stock s on s.id = p.stock_id join vendor v on v.id = p.vendor_id
    where {SHOWN} and p.kind <> %(besides)s and {{condition}}
)
select b.id, b.is_out, w.last, w.count from (select max(id) as last, count(*) as count from block) w
left join lateral (
    select id, is_out from shown where (is_out, id) > (%(is_out)s, %(after)s) order by is_out, id limit %(size)s
) b on true
"""


def examples(db: Db, count: int) -> list[str]:
    """Names of goods that can be bought now, one a section, in the order of the sections: a look at few rows."""
    rows = db.rows(
        "select g.name from category c cross join lateral (select p.name from product p"
        " join vendor v on v.id = p.vendor_id join stock s on s.id = p.stock_id"
        " where p.category_id >= c.id and p.category_id <= c.id and p.is_listed"
        " and v.is_open and v.suspended_at is null and s.on_hand - s.held - s.allocated > 0"
        " order by p.category_id, p.id limit 1) g order by c.place, c.id limit %(count)s",
        count=count,
    )
    return [row.name for row in rows]
