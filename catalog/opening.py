"""A shop is opened: its row, with a name of its own in addresses, where it lies, when it is open, where it brings."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from base.db import Db, jsonb
from base.places import place, position
from base.spelling import fold

LONGEST_SLUG: Final = 40  # characters


@dataclass(frozen=True)
class NewShop:
    """What is told of it; None: the market's own hours and fees. `pin` in degrees, else the middle of its quarter."""

    name: str
    phone: str  # E.164, shown to buyers
    quarter: str  # slug of base.places
    landmark: str = ""
    pin: tuple[float, float] | None = None
    hours: Mapping[str, Sequence[str]] | None = None
    zones: Mapping[str, int] | None = None
    unserved: Sequence[str] | None = None


def open_shop(db: Db, shop: NewShop) -> int:
    """Make the shop; its id. It is open, and has no goods yet."""
    latitude, longitude = shop.pin or position(place(shop.quarter))
    values: dict[str, Any] = {
        "name": shop.name,
        "phone": shop.phone,
        "quarter": shop.quarter,
        "landmark": shop.landmark,
        "latitude": latitude,
        "longitude": longitude,
        "hours": jsonb(dict(shop.hours)) if shop.hours else None,
        "zones": jsonb(dict(shop.zones)) if shop.zones else None,
        "unserved": jsonb(list(shop.unserved)) if shop.unserved else None,
    }
    plain = "_".join(fold(shop.name).split())[:LONGEST_SLUG] or "boutique"
    made = db.run(_OPEN, slug=plain, **values).rows
    return int((made or db.run(_OPEN_BESIDE, slug=plain, **values).rows)[0].id)


_INSERT: Final = (
    "insert into vendor (slug, name, phone, quarter, landmark, latitude, longitude, hours, delivery_zones, unserved)"
)
_VALUES: Final = (
    "%(name)s, %(phone)s, %(quarter)s, %(landmark)s, %(latitude)s, %(longitude)s, %(hours)s::jsonb, %(zones)s::jsonb,"
    " %(unserved)s::jsonb"
)
_OPEN: Final = f"{_INSERT} values (%(slug)s, {_VALUES}) on conflict (slug) do nothing returning id"
# Another shop has that name: its number stands behind it, which no other has.
_OPEN_BESIDE: Final = f"""
with numbered as (select nextval(pg_get_serial_sequence('vendor', 'id')) as id)
{_INSERT.replace("(slug", "(id, slug")} overriding system value
select id, %(slug)s || '_' || id, {_VALUES} from numbered returning id
"""
