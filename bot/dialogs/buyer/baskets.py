"""The basket as it is looked at and changed."""

from typing import Literal, TypedDict

from bot.dialog import Page, Row
from bot.dialogs.means import cause, number_of, take_alone, words
from bot.turn import Turn
from orders import basket
from orders.basket import BasketLine, ShopLines
from orders.errors import NotInBasket

PAGE = 8  # beside the option to empty the basket


class Line(TypedDict):
    """A line as it is listed; `amount` in F CFA."""

    quantity: int
    name: str
    amount: int


class Shop(TypedDict):
    """One shop's lines."""

    vendor: str
    lines: list[Line]


class Shown(TypedDict):
    """The whole basket; `goods` in F CFA, without delivery."""

    shops: list[Shop]
    goods: int


class OneLine(TypedDict):
    """The line that is being changed; `price` in F CFA a unit."""

    quantity: int
    name: str
    unit: str
    price: int


def open_basket(turn: Turn) -> Literal["filled", "empty"]:
    """Whether there is something to show."""
    return "filled" if basket.basket_of(turn.db, turn.person.contact_id).lines else "empty"


def shown(turn: Turn) -> Shown:
    """Values of the basket."""
    now = basket.basket_of(turn.db, turn.person.contact_id)
    return {"shops": [_shop(shop) for shop in now.shops], "goods": now.goods}


def _shop(shop: ShopLines) -> Shop:
    return {"vendor": shop.vendor_name, "lines": [line_values(line) for line in shop.lines]}


def line_values(line: BasketLine) -> Line:
    """A line as baskets and recaps list it."""
    return {"quantity": line.quantity, "name": line.name, "amount": line.amount}


def line_rows(turn: Turn, after: str) -> Page:
    """The lines to change; the cursor is the place of the last one shown."""
    first = number_of(after)
    lines = basket.basket_of(turn.db, turn.person.contact_id).lines
    rows = [
        Row(
            str(line.product_id),
            line.name,
            words(turn, "buyer.line_detail", quantity=line.quantity, amount=line.amount),
        )
        for line in lines[first : first + PAGE]
    ]
    return Page(tuple(rows), str(first + PAGE) if len(lines) > first + PAGE else "")


def pick_line(turn: Turn, row: str) -> Literal["picked", "gone"]:
    """Choose the line to change."""
    turn.memory["line"] = number_of(row)
    return "picked" if _line(turn) else "gone"


def _line(turn: Turn) -> BasketLine | None:
    lines = basket.basket_of(turn.db, turn.person.contact_id).lines
    return next((line for line in lines if line.product_id == turn.memory.get("line")), None)


def one_line(turn: Turn) -> OneLine:
    """Values of the line that is being changed."""
    line = _line(turn)
    if line is None:
        return {"quantity": 0, "name": "", "unit": "", "price": 0}
    return {"quantity": line.quantity, "name": line.name, "unit": line.unit, "price": line.price}


def change_quantity(turn: Turn, quantity: int) -> Literal["changed", "too_many", "gone"]:
    """Make the line so many units; 0 takes it out."""
    if not quantity:
        remove_line(turn)
        return "changed"
    if _line(turn) is None:
        return "gone"
    most = 10 * basket.MOST_UNITS
    by = cause(turn)
    change = basket.set_quantity(turn.db, turn.person.contact_id, turn.memory["line"], min(quantity, most), by)
    turn.memory["most"] = change.available
    if change.outcome == "too_many" and change.available:
        return "too_many"
    return "changed" if change.outcome == "added" else "gone"


def remove_line(turn: Turn) -> Literal["removed"]:
    """Take the line out; it may have gone already."""
    try:
        basket.remove(turn.db, turn.person.contact_id, number_of(turn.memory.get("line", 0)), cause(turn))
    except NotInBasket:
        return "removed"
    return "removed"


def empty_basket(turn: Turn) -> Literal["emptied"]:
    """Take everything out."""
    basket.empty(turn.db, turn.person.contact_id, cause(turn))
    return "emptied"


def adapt(turn: Turn) -> Literal["adapted"]:
    """Take only what can be had of the lines that were missing."""
    take_alone(turn)
    for line in basket.basket_of(turn.db, turn.person.contact_id).lines:
        if line.available < line.quantity:
            _cut(turn, line)
    return "adapted"


def _cut(turn: Turn, line: BasketLine) -> None:
    contact = turn.person.contact_id
    if line.available:
        basket.set_quantity(turn.db, contact, line.product_id, line.available, cause(turn))
    else:
        basket.remove(turn.db, contact, line.product_id, cause(turn))
