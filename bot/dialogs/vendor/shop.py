"""A vendor's shop: its goods as they stand, and whether it is open."""

from typing import Literal, TypedDict

from bot.dialog import Page, Row
from bot.dialogs.means import number_of, words
from bot.turn import Turn
from catalog import products
from catalog.products import Product
from catalog.stock import figures
from catalog.vendors import open_or_close, vendors

PAGE = 9


class Good(TypedDict):
    """One product; `price` in F CFA a unit, the others in units."""

    name: str
    unit: str
    price: int
    on_hand: int
    promised: int
    available: int


class Shops(TypedDict):
    """The names of the vendor's shops."""

    shops: str


def good_rows(turn: Turn, after: str) -> Page:
    """The goods of all shops, shop by shop; the cursor names the shop's place and the page in it."""
    place, _, cursor = after.partition(":")
    for at, vendor_id in list(enumerate(turn.person.vendor_ids))[number_of(place) :]:
        page = products.page_of_vendor(turn.db, vendor_id, cursor, PAGE)
        if page.products:
            following = f"{at}:{page.after}" if page.after else _next_shop(turn, at)
            return Page(tuple(_row(turn, product) for product in page.products), following)
        cursor = ""
    return Page(())


def _next_shop(turn: Turn, at: int) -> str:
    """The cursor of the next shop that has goods, '' when none has."""
    for place, vendor_id in list(enumerate(turn.person.vendor_ids))[at + 1 :]:
        if products.page_of_vendor(turn.db, vendor_id, "", 1).products:
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
    stock = figures(turn.db, product.stock_id) if product else None
    return {
        "name": product.name if product else "",
        "unit": product.unit if product else "",
        "price": product.price if product else 0,
        "on_hand": stock.on_hand if stock else 0,
        "promised": stock.promised if stock else 0,
        "available": stock.available if stock else 0,
    }


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
    return "done" if open_or_close(turn.db, turn.person.vendor_ids, is_open=is_open) else "already"
