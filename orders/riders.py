"""Who brings a part of an order: a shop's own riders, and the one who may see and end one part, of nothing else."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Literal

from base import facts
from base.db import Db
from catalog.stock import Cause
from orders import history, locks, reports
from orders.facts import RiderAsked, RiderChanged
from orders.reports import Part
from orders.states import RIDE

MOST_NAME = 40  # characters


@dataclass(frozen=True)
class Rider:
    """Somebody whom a shop sends; `phone` in E.164, `name` '' when it told none."""

    id: int
    phone: str
    name: str


@dataclass(frozen=True)
class Bearer:
    """Who brings one part; `contact_id` is None while no chat has his phone, `is_told`: he was written to."""

    phone: str
    name: str
    contact_id: int | None
    is_told: bool


def note(db: Db, vendor_ids: Collection[int], phone: str, name: str) -> None:
    """Put somebody on the list of these shops, or use him again; a name that is told takes the place of the old one."""
    db.run(
        "insert into rider (vendor_id, phone, name) select unnest(%(shops)s::bigint[]), %(phone)s, %(name)s"
        " on conflict (vendor_id, phone) do update set used_at = market_now(),"
        " name = case when excluded.name = '' then rider.name else excluded.name end",
        shops=sorted(set(vendor_ids)),
        phone=phone,
        name=name[:MOST_NAME],
    )


def of_shops(db: Db, vendor_ids: Collection[int], most: int) -> tuple[Rider, ...]:
    """The riders of these shops, whom they used last first."""
    rows = db.rows(
        "select id, phone, name from (select distinct on (phone) id, phone, name, used_at from rider"
        " where vendor_id = any(%(shops)s) order by phone, used_at desc) r order by used_at desc, id limit %(most)s",
        shops=list(vendor_ids),
        most=most,
    )
    return tuple(Rider(**row._asdict()) for row in rows)


def rider(db: Db, rider_id: int, vendor_ids: Collection[int]) -> Rider | None:
    """One of them; None for any other."""
    row = db.one(
        "select id, phone, name from rider where id = %(id)s and vendor_id = any(%(shops)s)",
        id=rider_id,
        shops=list(vendor_ids),
    )
    return Rider(**row._asdict()) if row else None


def ask(
    db: Db, vendor_order_id: int, vendor_ids: Collection[int], phone: str, name: str, by: Cause
) -> Literal["asked", "closed"]:
    """This phone (E.164) brings a part that is delivered: he is told of it, and whoever was to bring it before too.

    closed: not from here, not so, or not of these shops.
    """
    part = reports.part(db, vendor_order_id)
    if part is None or part.vendor_id not in vendor_ids:
        return "closed"
    locks.orders(db, [part.order_id])
    part = reports.part(db, vendor_order_id) or part
    if part.state not in RIDE.sources or part.way != "delivery":
        return "closed"
    before = bearer(db, vendor_order_id)
    note(db, [part.vendor_id], phone, name)
    db.run(_ASK, part=vendor_order_id, phone=phone, name=name[:MOST_NAME])
    history.write(db, [(part.order_id, part.id)], "rider", by)
    if before and before.contact_id and before.phone != phone:
        facts.record(db, RiderChanged(part.order_id, part.id, before.contact_id))
    facts.record(db, RiderAsked(part.order_id, part.id))
    return "asked"


_ASK = """
insert into order_rider as r (vendor_order_id, phone, name) values (%(part)s, %(phone)s, %(name)s)
on conflict (vendor_order_id) do update set phone = excluded.phone, name = excluded.name, asked_at = market_now(),
    contact_id = null, told_at = null
"""


def bearer(db: Db, vendor_order_id: int) -> Bearer | None:
    """Who brings a part; None when its shop named nobody."""
    row = db.one(
        "select phone, name, contact_id, told_at is not null as is_told from order_rider"
        " where vendor_order_id = %(part)s and phone <> ''",
        part=vendor_order_id,
    )
    return Bearer(**row._asdict()) if row else None


def told(db: Db, vendor_order_id: int, contact_id: int) -> None:
    """He is written to in this person's chat, who may end the part by its buyer's code from now on."""
    db.run(
        "update order_rider set contact_id = %(contact)s, told_at = market_now() where vendor_order_id = %(part)s",
        part=vendor_order_id,
        contact=contact_id,
    )


def not_told(db: Db, vendor_order_id: int) -> None:
    """What was written to him did not reach him."""
    db.run("update order_rider set told_at = null where vendor_order_id = %(part)s", part=vendor_order_id)


def errands(db: Db, contact_id: int, prefix: str = "") -> tuple[Part, ...]:
    """The parts that this person brings, as long as their phones may be seen; those whose code begins so."""
    rows = db.rows(
        "select r.vendor_order_id from order_rider r join vendor_order v on v.id = r.vendor_order_id"
        ' join "order" o on o.id = v.order_id where r.contact_id = %(contact)s and starts_with(o.code, %(prefix)s)'
        " and (v.state in ('accepted', 'ready', 'handed_over') or v.state = 'delivered'"
        " and v.changed_at > market_now() - make_interval(secs => %(seen)s))"
        " order by v.state = 'delivered', r.asked_at desc limit 9",
        contact=contact_id,
        prefix=prefix,
        seen=reports.PHONE_SEEN,
    )
    found = (reports.part(db, row.vendor_order_id) for row in rows)
    return tuple(part for part in found if part)


def forget_person(db: Db, contact_id: int, phones: Collection[str]) -> int:
    """Take somebody off the lists of shops, and out of the parts that he brought; in how many places he stood."""
    listed = db.run("delete from rider where phone = any(%(phones)s)", phones=list(phones)).count
    brought = db.run(
        "update order_rider set phone = '', name = '', contact_id = null"
        " where contact_id = %(contact)s or phone = any(%(phones)s)",
        contact=contact_id,
        phones=list(phones),
    ).count
    return listed + brought
