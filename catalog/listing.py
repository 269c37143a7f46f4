"""The maker of products: what a vendor puts up is a product with its stock and the first line of its ledger."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import count
from typing import Final, Literal

from base.db import Db, jsonb
from base.spelling import fold
from catalog import locks, stock
from catalog.stock import Cause

LONGEST_NAME: Final = 60  # characters
LONGEST_DESCRIPTION: Final = 200
LONGEST_SLUG: Final = 60
MOST_PHOTOS: Final = 6
MOST_VARIANTS: Final = 20
HIGHEST_PRICE: Final = 100_000_000  # F CFA
Condition = Literal["", "neuf", "venu", "occasion"]


@dataclass(frozen=True)
class NewVariant:
    """One size or colour of a new product: what tells it from the others, its price in F CFA, its units."""

    choice: tuple[tuple[str, str], ...]  # (("taille", "M"),)
    price: int
    quantity: int

    @property
    def label(self) -> str:
        """What tells it from the others: `M`."""
        return ", ".join(value for _, value in self.choice)


@dataclass(frozen=True)
class NewGood:
    """A product to be made; `price` in F CFA a unit, `quantity` in units; with variants it is their group."""

    name: str
    price: int
    quantity: int
    unit: str
    category_id: int
    description: str = ""
    photo_hash: str | None = None
    variants: tuple[NewVariant, ...] = ()
    condition: Condition = ""


@dataclass(frozen=True)
class Own:
    """A product of a shop as its vendor would know it again."""

    id: int
    name: str
    price: int
    unit: str
    kind: str


def make(db: Db, vendor_id: int, good: NewGood, by: Cause) -> int:
    """The id of the new product, which can be bought at once; its first count names the message that it came by.

    A group has its variants beside it, each with a stock of its own.
    """
    if not good.variants:
        product_id, stock_id = _row(db, vendor_id, good, fold(good.name), "single")
        stock.count(db, stock_id, good.quantity, by)
        return product_id
    values = " ".join(variant.label for variant in good.variants)
    group_id, _ = _row(db, vendor_id, good, fold(f"{good.name} {values}"), "group")
    for variant in good.variants:
        _make_variant(db, vendor_id, good, variant, group_id, by)
    return group_id


def _make_variant(db: Db, vendor_id: int, good: NewGood, variant: NewVariant, group_id: int, by: Cause) -> None:
    own = NewGood(
        f"{good.name} {variant.label}", variant.price, variant.quantity, good.unit, good.category_id, good.description
    )
    product_id, stock_id = _row(db, vendor_id, own, fold(own.name), "variant")
    db.run(
        "insert into variant (product_id, good_id, choice) values (%(product)s, %(good)s, %(choice)s)",
        product=product_id,
        good=group_id,
        choice=jsonb([list(pair) for pair in variant.choice]),
    )
    stock.count(db, stock_id, variant.quantity, by)


def _row(db: Db, vendor_id: int, good: NewGood, folded: str, kind: str) -> tuple[int, int]:
    """(product id, stock id) of a new row, on an empty stock of its own, under a slug that nobody else has."""
    stock_id = db.value("insert into stock (vendor_id) values (%(vendor)s) returning id", vendor=vendor_id)
    for slug in _slugs(good.name, stock_id):
        made = db.run(
            _INSERT,
            vendor=vendor_id,
            category=good.category_id,
            stock=stock_id,
            slug=slug,
            name=good.name[:LONGEST_NAME],
            folded=folded,
            unit=good.unit,
            description=good.description[:LONGEST_DESCRIPTION],
            price=good.price,
            photo=good.photo_hash,
            kind=kind,
            condition=good.condition,
        ).rows
        if made:
            return int(made[0].id), int(stock_id)
    raise AssertionError("some number is free")


_INSERT: Final = """
insert into product (vendor_id, category_id, stock_id, slug, name, folded, unit, description, price, photo_hash, kind,
    condition)
values (%(vendor)s, %(category)s, %(stock)s, %(slug)s, %(name)s, %(folded)s, %(unit)s, %(description)s, %(price)s,
    %(photo)s, %(kind)s, %(condition)s)
on conflict (slug) do nothing returning id
"""


def _slugs(name: str, number: int) -> Iterator[str]:
    """`savon-noir`, else `savon-noir-812` by the number of its stock, which nothing but chance can have taken."""
    base = fold(name).replace(" ", "-")[:LONGEST_SLUG].strip("-") or "article"
    yield base
    yield f"{base}-{number}"
    yield from (f"{base}-{number}-{again}" for again in count(2))


def same_name(db: Db, vendor_ids: Sequence[int], name: str) -> Own | None:
    """The listed product of these shops that is called so already, however it is spelled."""
    row = db.one(
        "select id, name, price, unit, kind from product where vendor_id = any(%(vendors)s) and is_listed"
        " and kind <> 'variant' and (folded = %(folded)s or lower(name) = lower(%(name)s)) order by id limit 1",
        vendors=list(vendor_ids),
        folded=fold(name),
        name=name,
    )
    return Own(**row._asdict()) if row else None


def like_name(db: Db, vendor_ids: Sequence[int], words: str, after: int, size: int) -> tuple[Own, ...]:
    """The listed products of these shops, first those with most of these words; `after` of them are passed over."""
    rows = db.rows(
        "select id, name, price, unit, kind from product where vendor_id = any(%(vendors)s) and is_listed"
        " and kind <> 'variant' order by (select count(*) from unnest(%(words)s::text[]) as said(word)"
        " where word = any(string_to_array(folded, ' '))) desc, id desc offset %(after)s limit %(size)s",
        vendors=list(vendor_ids),
        words=fold(words).split(),
        after=after,
        size=size,
    )
    return tuple(Own(**row._asdict()) for row in rows)


def own(db: Db, vendor_ids: Sequence[int], product_id: int) -> Own | None:
    """A product of these shops, listed or not; None for anybody else's."""
    row = db.one(
        "select id, name, price, unit, kind from product where id = %(id)s and vendor_id = any(%(vendors)s)",
        id=product_id,
        vendors=list(vendor_ids),
    )
    return Own(**row._asdict()) if row else None


def rename(db: Db, vendor_ids: Sequence[int], product_id: int, name: str) -> bool:
    """Call a product otherwise, its variants with it, where it is found by its new name; False for anybody else's."""
    called = own(db, vendor_ids, product_id)
    if called is None:
        return False
    rows = db.rows(
        "select p.id, v.choice from variant v join product p on p.id = v.product_id where v.good_id = %(id)s"
        " order by p.id",
        id=product_id,
    )
    labels = {row.id: ", ".join(value for _, value in row.choice) for row in rows}
    names = {product_id: name, **{one: f"{name} {label}" for one, label in labels.items()}}
    words = {**names, product_id: " ".join((name, *labels.values()))}
    db.run(
        "update product p set name = n.name, folded = n.folded from unnest(%(ids)s::bigint[], %(names)s::text[],"
        " %(folded)s::text[]) as n(id, name, folded) where p.id = n.id",
        ids=list(names),
        names=[one[:LONGEST_NAME] for one in names.values()],
        folded=[fold(words[one]) for one in names],
    )
    return True


def photos_of(db: Db, product_id: int) -> tuple[str, ...]:
    """The hashes of a product's own photos, in order."""
    rows = db.rows(
        "select photo_hash from (select 1 as place, photo_hash from product where id = %(id)s union all"
        " select place, photo_hash from product_photo where product_id = %(id)s) as own"
        " where photo_hash is not null order by place",
        id=product_id,
    )
    return tuple(row.photo_hash for row in rows)


def set_photos(db: Db, product_id: int, hashes: Sequence[str]) -> None:
    """These photos, which are kept already, in this order and no others; the first is the one in lists."""
    chosen = list(dict.fromkeys(hashes))[:MOST_PHOTOS]
    db.run(
        "update product set photo_hash = %(hash)s where id = %(id)s", id=product_id, hash=chosen[0] if chosen else None
    )
    db.run("delete from product_photo where product_id = %(id)s", id=product_id)
    db.run(
        "insert into product_photo (product_id, place, photo_hash) select %(id)s, place + 1, hash"
        " from unnest(%(hashes)s::text[]) with ordinality as more(hash, place)",
        id=product_id,
        hashes=chosen[1:],
    )


def take_back(db: Db, vendor_ids: Sequence[int], product_id: int, by: Cause) -> Literal["done", "promised", "unknown"]:
    """A fresh product is gone from the market again: unlisted, with nothing in stock, its ledger kept.

    promised: somebody has ordered of it, so that it stays.
    """
    if own(db, vendor_ids, product_id) is None:
        return "unknown"
    rows = db.rows(
        "select id, stock_id from product where id = any(array(select product_id from variant where good_id = %(id)s)"
        " || %(id)s::bigint) order by stock_id",
        id=product_id,
    )
    stocks = [row.stock_id for row in rows]
    locks.stocks(db, stocks)
    moved = db.value(
        "select exists (select from stock_movement where stock_id = any(%(ids)s) and reason in ('hold', 'allocate'))",
        ids=stocks,
    )
    if moved:
        return "promised"
    db.run("update product set is_listed = false where id = any(%(ids)s)", ids=[row.id for row in rows])
    for stock_id in stocks:
        stock.count(db, stock_id, 0, by)
    return "done"
