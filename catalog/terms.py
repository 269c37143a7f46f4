"""A shop's own terms: what bringing its goods costs, and how much may be paid at the door; each change is kept."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Literal

from base.db import Db, jsonb
from catalog import locks
from catalog.stock import Cause

What = Literal["delivery", "cod"]
Values = Mapping[str, int | None]
"""Of delivery: slug of base.places -> F CFA, UNSERVED, or None where its price is the market's.

Of cod: COD_MAX -> F CFA of an order that is paid at the door at most, None for any.
"""

UNSERVED: Final = -1
COD_MAX: Final = "cod_max"
UNDONE_WITHIN: Final = 24  # hours


@dataclass(frozen=True)
class Undone:
    """What became of an undoing: what had been set, what each shop has again of it, and the keys changed since.

    nothing: this person changed none within a day, or changed goods since. already: they were undone. may_not: one of
    the shops is no longer his.
    """

    outcome: Literal["done", "nothing", "already", "may_not"]
    what: What = "delivery"
    was: Values = field(default_factory=dict)
    back: Mapping[int, Values] = field(default_factory=dict)
    kept: tuple[str, ...] = ()


def set_terms(db: Db, vendor_ids: Collection[int], what: What, values: Values, by: Cause) -> None:
    """These are the terms from now on; all others stay as they are. Raises Alone in a batch when a shop is busy."""
    locks.vendors(db, vendor_ids)
    before = now_of(db, vendor_ids, what, values)
    _write(db, dict.fromkeys(before, values), what)
    db.run(
        "insert into terms_change (vendor_id, what, before, after, contact_id, inbox_id)"
        " select shop, %(what)s, was, %(after)s::jsonb, %(contact)s, %(inbox)s"
        " from unnest(%(shops)s::bigint[], %(before)s::jsonb[]) as told(shop, was)",
        shops=list(before),
        before=[jsonb(dict(one)) for one in before.values()],
        what=what,
        after=jsonb(dict(values)),
        contact=by.contact_id,
        inbox=by.inbox_id,
    )


def now_of(db: Db, vendor_ids: Collection[int], what: What, keys: Collection[str]) -> dict[int, Values]:
    """What these terms are now, by shop."""
    rows = db.rows(
        "select id, cod_max, coalesce(delivery_zones, '{}') as zones, coalesce(unserved, '[]') as unserved"
        " from vendor where id = any(%(ids)s) order by id",
        ids=list(vendor_ids),
    )
    return {row.id: {key: _value(row, what, key) for key in keys} for row in rows}


def _value(row: Any, what: What, key: str) -> int | None:
    if what == "cod":
        value = row.cod_max
    else:
        value = row.zones.get(key, UNSERVED if key in row.unserved else None)
    return None if value is None else int(value)


def _write(db: Db, values: Mapping[int, Values], what: What) -> None:
    if not values:
        return
    if what == "cod":
        db.run(
            "update vendor v set cod_max = told.most from unnest(%(ids)s::bigint[], %(most)s::int[]) as told(id, most)"
            " where v.id = told.id",
            ids=list(values),
            most=[one.get(COD_MAX) for one in values.values()],
        )
        return
    db.run(
        _SET_PLACES,
        ids=list(values),
        priced=[
            jsonb({key: fee for key, fee in one.items() if fee is not None and fee >= 0}) for one in values.values()
        ],
        places=[jsonb(list(one)) for one in values.values()],
        shut=[jsonb([key for key, fee in one.items() if fee == UNSERVED]) for one in values.values()],
    )


_SET_PLACES: Final = """
update vendor v set
    delivery_zones = (coalesce(v.delivery_zones, '{}')
        - array(select jsonb_array_elements_text(told.places))) || told.priced,
    unserved = nullif((coalesce(v.unserved, '[]') - array(select jsonb_array_elements_text(told.places))) || told.shut,
        '[]')
from unnest(%(ids)s::bigint[], %(priced)s::jsonb[], %(places)s::jsonb[], %(shut)s::jsonb[])
    as told(id, priced, places, shut)
where v.id = told.id
"""


def undo(db: Db, vendor_ids: Collection[int], by: Cause) -> Undone:
    """Take back the last change of terms of this person, within a day and where he has changed no goods since.

    A term goes back only where it is what was set. Raises Alone in a batch when a shop is busy.
    """
    rows = db.rows(_LAST, contact=by.contact_id, hours=UNDONE_WITHIN)
    if not rows or rows[0].is_older:
        return Undone("nothing")
    if any(row.vendor_id not in vendor_ids for row in rows):
        return Undone("may_not")
    shops = tuple(row.vendor_id for row in rows)
    locks.vendors(db, shops)
    if db.value("select count(*) from terms_change where id = any(%(ids)s) and undone_at is null", ids=_ids(rows)) == 0:
        return Undone("already")
    what = rows[0].what
    now = now_of(db, shops, what, rows[0].after)
    back = {
        row.vendor_id: {key: row.before[key] for key, value in row.after.items() if now[row.vendor_id][key] == value}
        for row in rows
    }
    _write(db, {shop: values for shop, values in back.items() if values}, what)
    db.run("update terms_change set undone_at = market_now() where id = any(%(ids)s)", ids=_ids(rows))
    kept = tuple(dict.fromkeys(key for row in rows for key in row.after if key not in back[row.vendor_id]))
    return Undone("done", what, rows[0].after, back, kept)


def _ids(rows: Sequence[Any]) -> list[int]:
    return [row.id for row in rows]


_LAST: Final = """
with last as (
    select made_at, inbox_id from terms_change where contact_id = %(contact)s
        and made_at > market_now() - make_interval(hours => %(hours)s) order by id desc limit 1
)
select t.id, t.vendor_id, t.what, t.before, t.after,
    exists (select from adjustment where contact_id = %(contact)s and applied_at > t.made_at)
    or exists (select from promotion where contact_id = %(contact)s and made_at > t.made_at) as is_older
from terms_change t join last on t.made_at = last.made_at and t.inbox_id is not distinct from last.inbox_id
where t.contact_id = %(contact)s order by t.vendor_id
"""
