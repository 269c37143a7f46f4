"""A small market for tests: rows are written as they are, and read back as figures."""

from dataclasses import dataclass

from base.db import Db, jsonb
from base.spelling import fold
from catalog.stock import Figures

BE = (6.1427, 1.2485)  # the middle of Bè


@dataclass(frozen=True)
class Good:
    """A product with its stock."""

    id: int
    stock_id: int
    vendor_id: int


def make_vendor(db: Db, slug: str = "maman_yawa", *, at: tuple[float, float] = BE, bands: list | None = None) -> int:
    return (
        db.run(
            "insert into vendor (slug, name, phone, quarter, latitude, longitude, delivery_bands)"
            " values (%(slug)s, %(name)s, '+22890000101', 'be', %(latitude)s, %(longitude)s, %(bands)s) returning id",
            slug=slug,
            name=slug.replace("_", " ").title(),
            latitude=at[0],
            longitude=at[1],
            bands=jsonb(bands) if bands is not None else None,
        )
        .rows[0]
        .id
    )


def make_category(db: Db, slug: str = "cereales", place: int = 1) -> int:
    return (
        db.run(
            "insert into category (slug, names, place) values (%(slug)s, %(names)s, %(place)s)"
            " on conflict (slug) do update set place = excluded.place returning id",
            slug=slug,
            names=jsonb({"fr": slug.title(), "en": f"{slug} (en)"}),
            place=place,
        )
        .rows[0]
        .id
    )


def make_good(
    db: Db,
    vendor_id: int,
    name: str = "Riz parfumé 25 kg",
    *,
    on_hand: int = 10,
    price: int = 17_500,
    category: int | None = None,
    stock_id: int | None = None,
    slug: str | None = None,
    unit: str = "sac",
    factor: int = 1,
    kind: str = "single",
) -> Good:
    stock_id = stock_id or db.run(
        "insert into stock (vendor_id, on_hand) values (%(vendor)s, %(on_hand)s) returning id",
        vendor=vendor_id,
        on_hand=on_hand,
    ).rows[0].id  # fmt: skip
    product_id = (
        db.run(
            "insert into product (vendor_id, category_id, stock_id, slug, name, folded, unit, price, factor, kind)"
            " values (%(vendor)s, %(category)s, %(stock)s, %(slug)s, %(name)s, %(folded)s, %(unit)s, %(price)s,"
            " %(factor)s, %(kind)s) returning id",
            vendor=vendor_id,
            category=category or make_category(db),
            stock=stock_id,
            slug=slug or f"{fold(name).replace(' ', '-')}-{vendor_id}-{stock_id}",
            name=name,
            folded=fold(name),
            price=price,
            unit=unit,
            factor=factor,
            kind=kind,
        )
        .rows[0]
        .id
    )
    return Good(product_id, stock_id, vendor_id)


def make_variant(db: Db, group: Good, label: str, *, attribute: str = "taille", **values) -> Good:
    """A variant of a group, `label` its value; on a stock of its own or that of `stock_id`."""
    good = make_good(db, group.vendor_id, f"Sandales, {label}", kind="variant", slug=f"sandales-{label}", **values)
    db.run(
        "insert into variant (product_id, good_id, choice) values (%(product)s, %(good)s, %(choice)s)",
        product=good.id,
        good=group.id,
        choice=jsonb([[attribute, label]]),
    )
    return good


def make_rule(db: Db, good: Good, kind: str, quantity: int, price: int) -> None:
    db.run(
        "insert into price_rule (product_id, kind, quantity, price)"
        " values (%(product)s, %(kind)s, %(quantity)s, %(price)s)",
        product=good.id,
        kind=kind,
        quantity=quantity,
        price=price,
    )


def figures_of(db: Db, good: Good) -> tuple[int, int, int]:
    """(on hand, held, allocated)"""
    row = db.one("select on_hand, held, allocated from stock where id = %(id)s", id=good.stock_id)
    return row.on_hand, row.held, row.allocated


def ledger_of(db: Db, stock_id: int) -> list[tuple[str, int, Figures, Figures]]:
    """(reason, quantity, before, after) in the ledger's order"""
    rows = db.rows("select * from stock_movement where stock_id = %(id)s order by id", id=stock_id)
    return [
        (
            row.reason,
            row.quantity,
            Figures(row.on_hand_before, row.held_before, row.allocated_before),
            Figures(row.on_hand_after, row.held_after, row.allocated_after),
        )
        for row in rows
    ]


def broken_links(db: Db) -> list[int]:
    """Ids of ledger rows that do not join the row before, and of stocks that are not what their last row says."""
    rows = db.rows(
        "with chain as (select *, lag(row(on_hand_after, held_after, allocated_after)) over w as last"
        " from stock_movement window w as (partition by stock_id order by id))"
        " select id from chain where last is distinct from row(on_hand_before, held_before, allocated_before)"
        " and last is not null"
        " union all select s.id from stock s join lateral (select * from stock_movement m where m.stock_id = s.id"
        " order by m.id desc limit 1) m on true"
        " where (s.on_hand, s.held, s.allocated) is distinct from (m.on_hand_after, m.held_after, m.allocated_after)"
    )
    return [row.id for row in rows]
