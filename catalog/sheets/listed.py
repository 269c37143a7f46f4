"""A shop's goods as a workbook, that can be sent back changed."""

from collections.abc import Collection
from typing import Any, Final

from base.db import Db
from base.sheets.refusals import MOST_ROWS
from base.sheets.writing import Cell, write
from catalog.figured import STEPS, steps_of
from catalog.sheets.steps import told_steps

HEADER: Final = ("code", "produit", "prix", "prix de gros", "quantité", "unité", "catégorie", "description")
SHOP: Final = "boutique"
_LISTED: Final = f"""
select p.slug, p.name, p.price, case when p.factor = 1 then s.on_hand end as on_hand, p.unit,
    {STEPS} as steps, coalesce(c.names->>'fr', c.slug) as category, p.description, v.name as shop
from product p join stock s on s.id = p.stock_id join category c on c.id = p.category_id join vendor v
    on v.id = p.vendor_id
where p.vendor_id = any(%(vendors)s) and p.is_listed and p.kind <> 'group' order by v.id, p.id limit %(most)s
"""


def listed(db: Db, vendor_ids: Collection[int]) -> bytes | None:
    """The workbook, in French, of at most as many goods as a list may have; None without any.

    What shares a stock with another unit has no number of its own.
    """
    rows = db.rows(_LISTED, vendors=list(vendor_ids), most=MOST_ROWS)
    if not rows:
        return None
    is_of_several = len(vendor_ids) > 1
    header = (*HEADER, SHOP) if is_of_several else HEADER
    return write("Mes produits", header, [_line(row, is_of_several) for row in rows])


def _line(row: Any, is_of_several: bool) -> tuple[Cell, ...]:
    steps = told_steps(steps_of(row.steps))
    line = (row.slug, row.name, row.price, steps, row.on_hand, row.unit, row.category, row.description)
    return (*line, row.shop) if is_of_several else line
