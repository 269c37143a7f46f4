"""A vendor's shop: its goods as they stand, what lies there, and whether it is open."""

from typing import Literal, TypedDict

from bot import rights
from bot.dialog import Page, Row
from bot.dialogs.means import after_of, cause, number_of, words
from bot.dialogs.readers import read_quantity_or_none
from bot.dialogs.vendor.parts import part_row
from bot.messages import Incoming
from bot.turn import Turn
from catalog import products, stock
from catalog.products import Product
from catalog.stock import Figures
from catalog.vendors import vendors
from orders import reports
from orders.reports import Parts
from orders.shops import open_or_close
from orders.states import REFUSE

PAGE = 9
MOST_DIGITS = 5  # of what lies in a shop
NOTHING = Figures(0, 0, 0)


class Good(TypedDict):
    """One product; `price` in F CFA a unit, the others in units."""

    name: str
    unit: str
    price: int
    on_hand: int
    promised: int
    available: int


class Named(TypedDict):
    """One product's name."""

    name: str


class Recounted(Named):
    """Units in the shop, as written down and as the vendor says."""

    before: int
    after: int


class Shops(TypedDict):
    """The names of the vendor's shops."""

    shops: str


def good_rows(turn: Turn, after: str) -> Page:
    """The goods of all shops, shop by shop; the cursor names the shop's place and the page in it."""
    place, _, cursor = after.partition(":")
    for at, vendor_id in list(enumerate(turn.person.vendor_ids))[number_of(place) :]:
        page = products.page_of_stocks(turn.db, vendor_id, cursor, PAGE)
        if page.products:
            following = f"{at}:{page.after}" if page.after else _next_shop(turn, at)
            return Page(tuple(_row(turn, product) for product in page.products), following)
        cursor = ""
    return Page(())


def _next_shop(turn: Turn, at: int) -> str:
    """The cursor of the next shop that has goods, '' when none has."""
    for place, vendor_id in list(enumerate(turn.person.vendor_ids))[at + 1 :]:
        if products.page_of_stocks(turn.db, vendor_id, "", 1).products:
            return f"{place}:"
    return ""


def _row(turn: Turn, product: Product) -> Row:
    detail = words(turn, "vendor.good_detail", price=product.price, unit=product.unit, available=product.available)
    return Row(str(product.id), product.name, detail)


def open_good(turn: Turn, row: str) -> Literal["opened", "unknown"]:
    """Look at the figures of one product."""
    turn.memory["good"] = number_of(row)
    return "opened" if _good(turn) else "unknown"


def _good(turn: Turn) -> Product | None:
    product = products.product(turn.db, number_of(turn.memory.get("good", 0)))
    return product if product and product.vendor_id in turn.person.vendor_ids else None


def good(turn: Turn) -> Good:
    """Values of one product."""
    product = _good(turn)
    units = _figures(turn)
    return {
        "name": product.name if product else "",
        "unit": product.unit if product else "",
        "price": product.price if product else 0,
        "on_hand": units.on_hand,
        "promised": units.promised,
        "available": units.available,
    }


def _figures(turn: Turn) -> Figures:
    product = _good(turn)
    return (stock.figures(turn.db, product.stock_id) if product else None) or NOTHING


def good_name(turn: Turn) -> Named:
    """Value of `how many lie there?`."""
    return {"name": good(turn)["name"]}


def is_good_own(turn: Turn) -> bool:
    """Whether the product on show is of the vendor's own shops still."""
    return _good(turn) is not None


def read_count(said: Incoming) -> int | None:
    """A whole number of units from 0: `12 500`, `20 sacs`, `zéro`."""
    digits = "".join(said.text.split())
    if digits.isascii() and digits.isdigit():
        return int(digits) if len(digits) <= MOST_DIGITS else None
    return read_quantity_or_none(said)


def keep_count(turn: Turn, units: int) -> Literal["kept"]:
    """What the vendor says lies there; taken only after a yes."""
    turn.memory["count"] = units
    return "kept"


def is_count_kept(turn: Turn) -> bool:
    """Whether a number waits for its yes."""
    return "count" in turn.memory and is_good_own(turn)


def recounted(turn: Turn) -> Recounted:
    """Values of the question before a count is taken."""
    return {"name": good(turn)["name"], "before": _figures(turn).on_hand, "after": int(turn.memory.get("count", 0))}


def count(turn: Turn) -> Literal["done", "overpromised", "unknown"]:
    """Take the vendor's number; `overpromised`: an order can't be served with it."""
    product, units = _good(turn), turn.memory.pop("count", None)
    if product is None or units is None or not rights.may(turn, "stock", product.vendor_id):
        return "unknown"
    stock.count(turn.db, product.stock_id, units, cause(turn))
    return "overpromised" if is_overpromised(turn) else "done"


def is_overpromised(turn: Turn) -> bool:
    """Whether orders that can still be refused were promised more than lies there."""
    return _figures(turn).is_overpromised and bool(_refusable(turn, None, 1).parts)


def _refusable(turn: Turn, after: int | None, size: int) -> Parts:
    product = _good(turn)
    if product is None:
        return Parts((), None)
    return reports.parts_of_vendor(
        turn.db, turn.person.vendor_ids, REFUSE.sources, after, size, stock_id=product.stock_id
    )


def refusable_rows(turn: Turn, after: str) -> Page:
    """The orders of the product on show that can still be refused."""
    found = _refusable(turn, after_of(after), PAGE)
    return Page(tuple(part_row(turn, part) for part in found.parts), str(found.after or ""))


def shops(turn: Turn) -> Shops:
    """Values of the questions about opening and closing."""
    known = vendors(turn.db, turn.person.vendor_ids)
    return {"shops": ", ".join(shop.name for shop in known.values())}


def look_before_closing(turn: Turn) -> Literal["open", "shut"]:
    """Whether there is a shop to close."""
    return "open" if _is_any(turn, is_open=True) else "shut"


def look_before_opening(turn: Turn) -> Literal["open", "shut"]:
    """Whether there is a shop to open."""
    return "shut" if _is_any(turn, is_open=False) else "open"


def _is_any(turn: Turn, *, is_open: bool) -> bool:
    return any(shop.is_open is is_open for shop in vendors(turn.db, turn.person.vendor_ids).values())


def close(turn: Turn) -> Literal["done", "already"]:
    """Nothing can be bought there until it opens again; orders that were placed go on."""
    return _set(turn, is_open=False)


def reopen(turn: Turn) -> Literal["done", "already"]:
    """Sell again."""
    return _set(turn, is_open=True)


def _set(turn: Turn, *, is_open: bool) -> Literal["done", "already"]:
    opening = turn.config.market.opening
    return "done" if open_or_close(turn.db, rights.shops(turn, "opening"), opening, is_open=is_open) else "already"
