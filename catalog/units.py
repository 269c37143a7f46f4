"""What a vendor means by a unit that is not the product's own: asked once, and kept."""

from collections.abc import Iterable, Mapping

from base.db import Db


def meant(db: Db, product_ids: Iterable[int]) -> Mapping[tuple[int, str], int]:
    """Of these products, (product's id, unit folded in the singular) → how many of the product's own it is."""
    rows = db.rows("select * from said_unit where product_id = any(%(ids)s)", ids=list(product_ids))
    return {(row.product_id, row.unit): row.units for row in rows}


def remember(db: Db, product_id: int, unit: str, units: int) -> None:
    """Keep what a unit is from now on."""
    db.run(
        "insert into said_unit (product_id, unit, units) values (%(product)s, %(unit)s, %(units)s)"
        " on conflict (product_id, unit) do update set units = excluded.units",
        product=product_id,
        unit=unit,
        units=units,
    )
