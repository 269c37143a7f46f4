"""Products as they are read, one by one and in pages."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

from base.db import Db
from catalog.stock import AVAILABLE


@dataclass(frozen=True)
class Product:
    """What a buyer is told of a product; `price` in F CFA a unit, `available` in units, 0 when not for sale."""

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
    is_shop_open: bool


@dataclass(frozen=True)
class Page:
    """Some products and where the next page begins; `after` is '' on the last page."""

    products: tuple[Product, ...]
    after: str


# Units that can be bought now, where product p, stock s and vendor v are joined.
SELLABLE: Final = f"case when p.is_listed and v.is_open then {AVAILABLE} else 0 end"

_PRODUCT = f"""
select p.id, p.slug, p.name, p.unit, p.description, p.price, {SELLABLE} as available, p.photo_hash, p.category_id,
    p.stock_id, p.vendor_id, v.slug as vendor_slug, v.name as vendor_name, v.quarter as vendor_quarter,
    v.is_open as is_shop_open
from product p join stock s on s.id = p.stock_id join vendor v on v.id = p.vendor_id
"""


def product(db: Db, product_id: int) -> Product | None:
    """One product, or None; an unlisted one still reads, with 0 available."""
    row = db.one(f"{_PRODUCT} where p.id = %(id)s", id=product_id)
    return _read(row) if row else None


def products(db: Db, product_ids: Iterable[int]) -> tuple[Product, ...]:
    """Several products in the order of their ids' list, in one query; unknown ids are left out."""
    wanted = list(product_ids)
    rows = db.rows(f"{_PRODUCT} where p.id = any(%(ids)s)", ids=wanted)
    found = {row.id: _read(row) for row in rows}
    return tuple(found[product_id] for product_id in wanted if product_id in found)


def _read(row: Any) -> Product:
    return Product(**row._asdict())


# Pages. Whether something is in stock changes at every sale and lies in another table, so no index can sort by it.
# A list is therefore read in blocks of 200 by id: inside a block what is in stock comes first, then what is not.
# A page costs two short index reads however large the category is, a list of at most 200 has everything in stock
# first, and the order is total.
BLOCK: Final = 200


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
    """The next listed products of a category, in stock first; `after` is the last page's, '' at the beginning."""
    return _page(db, "p.category_id = %(owner)s", category_id, _cursor(after), size)


def page_of_vendor(db: Db, vendor_id: int, after: str = "", size: int = 9) -> Page:
    """The next listed products of a shop, in stock first; `after` is the last page's, '' at the beginning."""
    return _page(db, "p.vendor_id = %(owner)s", vendor_id, _cursor(after), size)


def _page(db: Db, where: str, owner: int, cursor: _Cursor, size: int) -> Page:
    places: list[_Cursor] = []  # of the products found, one more than a page: it tells whether there is a next
    while len(places) <= size:
        block = _block(db, where, owner, cursor.block)
        here = (cursor.is_out, cursor.id)
        places += [place for place in block if (place.is_out, place.id) > here]
        if len(block) < BLOCK:
            break
        cursor = _Cursor(block=max(place.id for place in block))
    shown = places[:size]
    more = str(shown[-1]) if len(places) > size else ""
    return Page(products(db, (place.id for place in shown)), more)


def _block(db: Db, where: str, owner: int, start: int) -> list[_Cursor]:
    rows = db.rows(_BLOCK.format(where=where), owner=owner, start=start, most=BLOCK)
    return sorted((_Cursor(start, row.is_out, row.id) for row in rows), key=lambda place: (place.is_out, place.id))


_BLOCK = f"""
select p.id, {SELLABLE} = 0 as is_out
from (
    select * from product p where {{where}} and p.is_listed and p.id > %(start)s order by p.id limit %(most)s
) as p join stock s on s.id = p.stock_id join vendor v on v.id = p.vendor_id
"""
