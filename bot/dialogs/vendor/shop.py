"""A vendor's shop: its goods as they stand, what lies there, and whether it is open."""

from typing import Literal, TypedDict

from bot import rights
from bot.dialog import Page, Row
from bot.dialogs.many import rules_line
from bot.dialogs.means import after_of, number_of, words
from bot.dialogs.readers import read_quantity_or_none
from bot.dialogs.vendor import opening, unfinished
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
SHORT = "short"  # in memory: the goods of which a change left fewer than are promised
NOTHING = Figures(0, 0, 0)


class Good(TypedDict):
    """One product; `price` in F CFA a unit, `rules` the line of its prices for many or '', all else in units."""

    name: str
    unit: str
    price: int
    rules: str
    on_hand: int
    promised: int
    available: int


class Named(TypedDict):
    """One product's name."""

    name: str


class Short(Named):
    """Units of one product: fewer lie there than are promised."""

    on_hand: int
    promised: int


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
        "rules": f"\n{rules}" if product and (rules := rules_line(turn, product.tariff)) else "",
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


def _short(turn: Turn) -> Product | None:
    """The first of the goods that a change left too few of, while an order of it can still be refused."""
    for product in products.products(turn.db, turn.memory.get(SHORT, ())):
        units = stock.figures(turn.db, product.stock_id)
        is_own = product.vendor_id in turn.person.vendor_ids
        if is_own and units and units.is_overpromised and _refusable(turn, product, None, 1).parts:
            return product
    return None


def is_overpromised(turn: Turn) -> bool:
    """Whether orders that can still be refused were promised more than lies there."""
    return _short(turn) is not None


def short_good(turn: Turn) -> Short:
    """Values of `which order can you not serve?`."""
    product = _short(turn)
    units = (stock.figures(turn.db, product.stock_id) if product else None) or NOTHING
    return {"name": product.name if product else "", "on_hand": units.on_hand, "promised": units.promised}


def leave_short(turn: Turn) -> Literal["more", "done"]:
    """Nothing of this good is refused now; the next one may be."""
    product = _short(turn)
    left = [id_ for id_ in turn.memory.get(SHORT, ()) if product is None or id_ != product.id]
    turn.memory[SHORT] = left
    return "more" if is_overpromised(turn) else "done"


def _refusable(turn: Turn, product: Product, after: int | None, size: int) -> Parts:
    return reports.parts_of_vendor(
        turn.db, turn.person.vendor_ids, REFUSE.sources, after, size, stock_id=product.stock_id
    )


def refusable_rows(turn: Turn, after: str) -> Page:
    """The orders of that good that can still be refused."""
    product = _short(turn)
    found = _refusable(turn, product, after_of(after), PAGE) if product else Parts((), None)
    return Page(tuple(part_row(turn, part) for part in found.parts), str(found.after or ""))


def shops(turn: Turn) -> Shops:
    """Values of the questions about opening and closing."""
    known = vendors(turn.db, turn.person.vendor_ids)
    return {"shops": ", ".join(shop.name for shop in known.values())}


def look_before_closing(turn: Turn) -> Literal["open", "shut"]:
    """Whether there is a shop to close."""
    return "open" if is_any_open(turn) else "shut"


def look_before_opening(turn: Turn) -> Literal["open", "shut", "planned", "suspended"]:
    """Whether there is a shop to open, or one that is to be shut soon; one that is suspended opens no door."""
    own = vendors(turn.db, turn.person.vendor_ids).values()
    if own and all(shop.suspended_at for shop in own):
        return "suspended"
    if is_any_shut(turn):
        return "shut"
    return "planned" if opening.is_pause_planned(turn) else "open"


def is_any_open(turn: Turn) -> bool:
    """Whether there is still a shop to close."""
    return _is_any(turn, is_open=True)


def is_any_shut(turn: Turn) -> bool:
    """Whether there is still a shop to open."""
    return _is_any(turn, is_open=False)


def _is_any(turn: Turn, *, is_open: bool) -> bool:
    return any(shop.is_open is is_open for shop in vendors(turn.db, turn.person.vendor_ids).values())


def close(turn: Turn) -> Literal["done", "already"]:
    """Nothing can be bought there until it opens again; orders that were placed go on."""
    unfinished.shut(turn)
    return _set(turn, is_open=False)


def reopen(turn: Turn) -> Literal["done", "already"]:
    """Sell again."""
    turn.memory.pop(unfinished.SHUT, None)
    return _set(turn, is_open=True)


def keep_open(turn: Turn) -> Literal["done"]:
    """What was planned is dropped."""
    reopen(turn)
    return "done"


def _set(turn: Turn, *, is_open: bool) -> Literal["done", "already"]:
    hours = turn.config.market.opening
    return "done" if open_or_close(turn.db, rights.shops(turn, "opening"), hours, is_open=is_open) else "already"
