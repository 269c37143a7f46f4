"""Vendors as they are read: who sells, where, at what price it is brought, and how much is paid at the door."""

import math
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from base.db import Db, jsonb
from base.hours import Hours, read_hours, write_hours
from base.places import place, position
from catalog import locks
from catalog.levels import Level

A_FEW_STEPS: Final = 0.0001  # degrees: some ten metres
Bands = tuple[tuple[float | None, int], ...]  # (up to so many straight km, F CFA); None: any distance; near to far


@dataclass(frozen=True)
class DeliveryTerms:
    """What a shop says of bringing its goods; places are slugs of base.places, amounts F CFA."""

    bands: Bands | None = None  # None: the market's own
    zones: Mapping[str, int] = field(default_factory=dict)  # a quarter's or a town's own price
    unserved: frozenset[str] = frozenset()  # quarters and towns it sends nothing to
    free_above: int | None = None  # goods from which bringing them inside Grand Lomé is free
    parcel_fee: int | None = None  # None: the market's own
    has_pickup: bool = True  # the buyer may fetch it himself


@dataclass(frozen=True)
class DepositRule:
    """What a shop wants paid before: nothing up to `cod_max` F CFA, above it `percent` of the order, or all (None)."""

    cod_max: int
    percent: int | None


@dataclass(frozen=True)
class Vendor:
    """A shop; `quarter` is a slug of base.places, `phone` E.164, `delay` the tail of a text key delay.<value>."""

    id: int
    slug: str
    name: str
    phone: str
    quarter: str
    landmark: str
    latitude: float
    longitude: float
    delivery: DeliveryTerms
    deposit: DepositRule | None  # None: any order is paid at the door
    delay: str
    is_open: bool
    hours: Hours | None = None  # None: the market's own
    closes_at: datetime | None = None  # it is to be shut then
    closed_until: datetime | None = None  # and opens again by itself
    low_at: int | None = None  # so many units of a good are few; None: the market's own
    wants_digest: bool = True
    wants_check: bool = True
    level: Level = "new"
    suspended_at: datetime | None = None  # since then an organizer keeps it from selling

    @property
    def pin(self) -> tuple[float, float] | None:
        """Where its door is, in degrees; None where only the middle of its quarter is known."""
        here, middle = (self.latitude, self.longitude), position(place(self.quarter))
        return None if math.dist(here, middle) < A_FEW_STEPS else here


_VENDOR = (
    "select id, slug, name, phone, quarter, landmark, latitude, longitude, delivery_bands, delivery_zones, unserved,"
    " free_above, parcel_fee, has_pickup, cod_max, deposit_percent, delay, is_open, hours, closes_at, closed_until,"
    " low_at, wants_digest, wants_check, level, suspended_at from vendor"
)


def vendor(db: Db, vendor_id: int) -> Vendor | None:
    """One shop, or None."""
    return vendors(db, [vendor_id]).get(vendor_id)


def vendors(db: Db, vendor_ids: Iterable[int]) -> dict[int, Vendor]:
    """Several shops by id, in one query; unknown ids are left out."""
    rows = db.kept(f"{_VENDOR} where id = any(%(ids)s) order by id", ids=list(vendor_ids))
    return {row.id: _read(row) for row in rows}


def open_or_close(db: Db, vendor_ids: Iterable[int], *, is_open: bool) -> bool:
    """Open or close shops; True when that changed something. A closed shop's goods show 0 available.

    Raises Alone in a batch when one of them is busy.
    """
    wanted = list(vendor_ids)
    locks.vendors(db, wanted)
    return bool(db.run(_OPEN, ids=wanted, is_open=is_open).count)


_OPEN = (
    "update vendor set is_open = %(is_open)s, closes_at = null, closed_until = null"
    " where id = any(%(ids)s) and (is_open <> %(is_open)s or closes_at is not null or closed_until is not null)"
)


def shut(db: Db, vendor_ids: Collection[int], until: datetime) -> None:
    """Close these shops, whose locks the caller holds, until they open again by themselves."""
    db.run(
        "update vendor set is_open = false, closes_at = null, closed_until = %(until)s where id = any(%(ids)s)",
        ids=list(vendor_ids),
        until=until,
    )


def plan_pause(db: Db, vendor_ids: Collection[int], begins: datetime, until: datetime) -> None:
    """These shops, whose locks the caller holds, are to be shut from then until then."""
    db.run(
        "update vendor set closes_at = %(begins)s, closed_until = %(until)s where id = any(%(ids)s)",
        ids=list(vendor_ids),
        begins=begins,
        until=until,
    )


def begin_pause(db: Db, vendor_ids: Collection[int]) -> None:
    """What was planned begins: these shops, whose locks the caller holds, are shut until then."""
    db.run("update vendor set is_open = false, closes_at = null where id = any(%(ids)s)", ids=list(vendor_ids))


def set_wishes(
    db: Db,
    vendor_ids: Collection[int],
    *,
    digest: bool | None = None,
    check: bool | None = None,
    low_at: int | None = None,
) -> None:
    """What these shops are told by themselves, and how many units are few; None: as it is.

    Raises Alone in a batch when one of them is busy.
    """
    locks.vendors(db, vendor_ids)
    db.run(
        "update vendor set wants_digest = coalesce(%(digest)s, wants_digest), wants_check = coalesce(%(check)s,"
        " wants_check), low_at = coalesce(%(low)s, low_at) where id = any(%(ids)s)",
        ids=list(vendor_ids),
        digest=digest,
        check=check,
        low=low_at,
    )


def set_hours(db: Db, hours: Mapping[int, Hours]) -> None:
    """When these shops, whose locks the caller holds, are open from now on."""
    db.run(
        "update vendor v set hours = told.hours, digest_at = null, check_at = null"
        " from unnest(%(ids)s::bigint[], %(hours)s::jsonb[]) as told(id, hours) where v.id = told.id",
        ids=list(hours),
        hours=[jsonb(write_hours(one)) for one in hours.values()],
    )


def _read(row: Any) -> Vendor:
    return Vendor(
        id=row.id,
        slug=row.slug,
        name=row.name,
        phone=row.phone,
        quarter=row.quarter,
        landmark=row.landmark,
        latitude=row.latitude,
        longitude=row.longitude,
        delivery=_delivery(row),
        deposit=DepositRule(row.cod_max, row.deposit_percent) if row.cod_max is not None else None,
        delay=row.delay,
        is_open=row.is_open,
        hours=read_hours(row.hours) if row.hours is not None else None,
        closes_at=row.closes_at,
        closed_until=row.closed_until,
        low_at=row.low_at,
        wants_digest=row.wants_digest,
        wants_check=row.wants_check,
        level=row.level,
        suspended_at=row.suspended_at,
    )


def _delivery(row: Any) -> DeliveryTerms:
    return DeliveryTerms(
        bands=read_bands(row.delivery_bands) if row.delivery_bands is not None else None,
        zones=row.delivery_zones or {},
        unserved=frozenset(row.unserved or ()),
        free_above=row.free_above,
        parcel_fee=row.parcel_fee,
        has_pickup=row.has_pickup,
    )


def read_bands(rows: Sequence[Sequence[float | None]]) -> Bands:
    """Delivery bands from their stored form `[[4, 500], …, [null, 2000]]`, sorted near to far."""
    bands = [(km, int(fee or 0)) for km, fee in rows]
    return tuple(sorted(bands, key=lambda band: float("inf") if band[0] is None else band[0]))
