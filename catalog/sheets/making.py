"""How a list puts up a new good and takes it back: by the catalog's maker of products."""

from importlib import import_module
from typing import Any, Final

from base.db import Db
from catalog.sheets.comparing import Compared
from catalog.stock import Cause

MAKER: Final = "catalog.listing"


def make(db: Db, line: Compared, by: Cause) -> int:
    """Put up a new good of a list; returns its product's id."""
    listing: Any = import_module(MAKER)
    good = listing.NewGood(
        name=line.name,
        price=line.price,
        quantity=line.quantity,
        unit=line.unit,
        category_id=line.category_id,
        description=line.description,
        photo_hash=None,
    )
    return int(listing.make(db, line.vendor_id, good, by))


def take_back(db: Db, vendor_ids: list[int], product_id: int, by: Cause) -> bool:
    """Take a new good off the market; False when somebody has ordered of it, or it is nobody's of these."""
    listing: Any = import_module(MAKER)
    return bool(listing.take_back(db, vendor_ids, product_id, by) == "done")
