"""Vendors as they are read: who sells, where, and at what price it is brought."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from base.db import Db
from catalog import locks

Bands = tuple[tuple[float | None, int], ...]  # (up to so many straight km, F CFA); None: any distance; near to far


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
    bands: Bands | None  # None: the market's own
    delay: str
    is_open: bool


_VENDOR = (
    "select id, slug, name, phone, quarter, landmark, latitude, longitude, delivery_bands, delay, is_open from vendor"
)


def vendor(db: Db, vendor_id: int) -> Vendor | None:
    """One shop, or None."""
    return vendors(db, [vendor_id]).get(vendor_id)


def vendors(db: Db, vendor_ids: Iterable[int]) -> dict[int, Vendor]:
    """Several shops by id, in one query; unknown ids are left out."""
    rows = db.rows(f"{_VENDOR} where id = any(%(ids)s) order by id", ids=list(vendor_ids))
    return {row.id: _read(row) for row in rows}


def open_or_close(db: Db, vendor_ids: Iterable[int], *, is_open: bool) -> bool:
    """Open or close shops; True when that changed something. A closed shop's goods show 0 available.

    Raises Alone in a batch when one of them is busy.
    """
    wanted = list(vendor_ids)
    locks.vendors(db, wanted)
    return bool(db.run(_OPEN, ids=wanted, is_open=is_open).count)


_OPEN = "update vendor set is_open = %(is_open)s where id = any(%(ids)s) and is_open <> %(is_open)s"


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
        bands=read_bands(row.delivery_bands) if row.delivery_bands is not None else None,
        delay=row.delay,
        is_open=row.is_open,
    )


def read_bands(rows: Sequence[Sequence[float | None]]) -> Bands:
    """Delivery bands from their stored form `[[4, 500], …, [null, 2000]]`, sorted near to far."""
    bands = [(km, int(fee or 0)) for km, fee in rows]
    return tuple(sorted(bands, key=lambda band: float("inf") if band[0] is None else band[0]))
