"""What a vendor types for a part of an order: as little of its code as tells it from the others of his shop."""

from collections.abc import Sequence
from typing import Final

from base.db import Db
from orders.codes import LAST, PREFIX
from orders.reports import Part
from orders.states import OPEN, OVER

TYPED: Final = 3  # letters of a code that are typed, where they suffice


def typed_code(db: Db, part: Part) -> str:
    """What a vendor types for a part: the first letters of its code, as many as tell his shop's open orders apart."""
    return typed_codes(db, [part])[part.id]


def typed_codes(db: Db, some: Sequence[Part]) -> dict[int, str]:
    """The same for each of these parts, by its number."""
    shorts = {part.id: part.code[: len(PREFIX) + TYPED] for part in some}
    rows = db.kept(
        _ALIKE,
        ids=list(shorts),
        shops=[part.vendor_id for part in some],
        shorts=list(shorts.values()),
        last=LAST,
        open=list(OPEN),
        over=["delivered", *OVER],
    )
    alike = {row.id for row in rows if row.alike > 1}
    return {part.id: (part.code if part.id in alike else shorts[part.id]).removeprefix(PREFIX) for part in some}


def _counted(states: str) -> str:
    """How many orders of a shop in these states begin so: 2 for more.

    Of the market's orders those that begin so are looked at, one in some 7,000, and never all that a shop has ever had:
    `offset 0` keeps it so, whatever the planner guesses.
    """
    return f"""(select count(*) from (
    select from (
      select id from "order" where starts_with(code, one.short) and code between one.short and one.short || %(last)s
      offset 0) as o
    cross join lateral (
      select from vendor_order v where v.order_id = o.id and v.vendor_id = one.shop and v.state = any(%({states})s)
      offset 0) as v
    limit 2) as two)"""


_ALIKE = f"""
select one.id, coalesce(nullif({_counted("open")}, 0), {_counted("over")}) as alike
from unnest(%(ids)s::bigint[], %(shops)s::bigint[], %(shorts)s::text[]) as one(id, shop, short)
"""
