"""How a list puts up a new good and takes it back: by the catalog's maker of products."""

from base.db import Db
from catalog import adjusting, listing
from catalog.listing import NewGood
from catalog.sheets.comparing import Compared
from catalog.stock import Cause


def make(db: Db, line: Compared, by: Cause) -> int:
    """Put up a new good of a list; returns its product's id. Raises ValueError for a line that is none."""
    price, category, shop = line.price, line.category_id, line.vendor_id
    if price is None or category is None or shop is None:
        raise ValueError(f"line {line.number} is no new good")
    good = NewGood(line.name, price, line.quantity or 0, line.unit, category, line.description)
    made = listing.make(db, shop, good, by)
    adjusting.set_steps(db, {(made, units): value for units, value in line.steps or ()})
    return made


def take_back(db: Db, vendor_ids: list[int], product_id: int, by: Cause) -> bool:
    """Take a new good off the market; False when somebody has ordered of it, or it is nobody's of these."""
    return listing.take_back(db, vendor_ids, product_id, by) == "done"
