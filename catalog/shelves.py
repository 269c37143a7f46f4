"""A shop's shelves: its goods with what lies there, the low ones first, and how many units of each are few."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Final

from base.db import Db
from catalog import locks


@dataclass(frozen=True)
class Shelf:
    """A good as it lies there: units of its own, those that are promised, and how many are few."""

    product_id: int
    name: str
    unit: str
    on_hand: int
    promised: int
    few: int
    is_low: bool


@dataclass(frozen=True)
class Shelves:
    """Some of them, and the cursor of the next ones, '' at the end."""

    shelves: tuple[Shelf, ...]
    after: str


def page(db: Db, vendor_ids: Collection[int], few: int, after: str = "", size: int = 9) -> Shelves:
    """The goods of these shops, those of which few are left first; `few` where nobody told another figure."""
    rank, _, last = after.partition(".")
    rows = db.rows(
        _PAGE,
        vendors=list(vendor_ids),
        few=few,
        rank=int(rank) if rank.isdecimal() else 0,
        last=int(last) if last.isdecimal() else 0,
        most=size + 1,
    )
    shown = tuple(
        Shelf(row.id, row.name, row.unit, row.on_hand, row.promised, row.few, not row.rank) for row in rows[:size]
    )
    end = rows[size - 1] if len(rows) > size else None
    return Shelves(shown, f"{end.rank}.{end.id}" if end else "")


_PAGE: Final = """
select * from (
    select p.id, p.name, p.unit, s.on_hand / p.factor as on_hand, (s.held + s.allocated) / p.factor as promised,
        coalesce(p.low_at, v.low_at, %(few)s) as few,
        ((s.on_hand - s.held - s.allocated) / p.factor > coalesce(p.low_at, v.low_at, %(few)s))::int as rank
    from product p join stock s on s.id = p.stock_id join vendor v on v.id = p.vendor_id
    where p.vendor_id = any(%(vendors)s) and p.is_listed and p.kind <> 'group' and p.factor = 1
) as shelf
where (rank, id) > (%(rank)s, %(last)s) order by rank, id limit %(most)s
"""


def set_few(db: Db, vendor_ids: Collection[int], product_id: int, few: int) -> bool:
    """So many units of a good are few from now on; False when it is another's. Raises Alone in a batch."""
    locks.products(db, [product_id])
    return bool(
        db.run(
            "update product set low_at = %(few)s where id = %(id)s and vendor_id = any(%(vendors)s)",
            few=few,
            id=product_id,
            vendors=list(vendor_ids),
        ).count
    )
