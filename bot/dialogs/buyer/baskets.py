"""The basket as it is looked at and changed."""

from collections.abc import Sequence
from typing import Literal, TypedDict

from base.shortening import shorten
from base.spelling import normalise
from bot.dialog import Page, Row
from bot.dialogs.buyer import choosing
from bot.dialogs.buyer.browsing import product_on_show
from bot.dialogs.buyer.corrections import instead_of
from bot.dialogs.buyer.lists import MOST_LETTERS, shortened
from bot.dialogs.buyer.wishes import units
from bot.dialogs.means import cause, number_of, take_alone, words
from bot.turn import Turn
from orders import basket
from orders.basket import BasketLine, ShopLines
from orders.errors import NotInBasket
from orders.offered import MOST_UNITS

PAGE = 8  # beside the option to empty the basket
MOST_NEWS = 4  # changed prices, and lines that are short, that are told one by one


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
    """The whole basket; `goods` in F CFA, without delivery; `news` says what changed, line by line."""

    news: str
    shops: list[Shop]
    goods: int


class OneLine(TypedDict):
    """The line that is being changed; `price` in F CFA a unit."""

    quantity: int
    name: str
    unit: str
    price: int


def open_basket(turn: Turn) -> Literal["filled", "short", "empty"]:
    """Whether there is something to show, and whether all of it can still be had; prices are seen as they are now."""
    now = basket.basket_of(turn.db, turn.person.contact_id)
    if not now.lines:
        return "empty"
    changes = basket.note_prices_seen(turn.db, now)
    turn.memory["prices"] = [[change.name, change.before, change.after] for change in changes]
    return "short" if now.short else "filled"


def is_filled(turn: Turn) -> Literal["filled", "empty"]:
    """Whether there is something to empty."""
    return "filled" if basket.basket_of(turn.db, turn.person.contact_id).lines else "empty"


def shown(turn: Turn) -> Shown:
    """Values of the basket."""
    now = basket.basket_of(turn.db, turn.person.contact_id)
    news = [*_price_news(turn), *(_stock_news(turn, line) for line in now.short[:MOST_NEWS])]
    told = "\n".join(news)
    return {"news": f"{told}\n\n" if told else "", "shops": [_shop(shop) for shop in now.shops], "goods": now.goods}


def _price_news(turn: Turn) -> list[str]:
    changes = turn.memory.get("prices", [])
    if len(changes) > MOST_NEWS:
        return [words(turn, "buyer.many_prices_changed", count=len(changes))]
    return [
        words(turn, "buyer.price_moved", name=shorten(name, MOST_LETTERS), before=before, after=after)
        for name, before, after in changes
    ]


def _stock_news(turn: Turn, line: BasketLine) -> str:
    key = "buyer.only_left" if line.available else "buyer.none_left"
    return words(turn, key, name=shortened(line.name, line.label), count=line.available)


def _shop(shop: ShopLines) -> Shop:
    return {"vendor": shop.vendor_name, "lines": [line_values(line) for line in shop.lines]}


def line_values(line: BasketLine) -> Line:
    """A line as baskets and recaps list it."""
    return {"quantity": line.quantity, "name": line.name, "amount": line.amount}


def line_rows(turn: Turn, after: str) -> Page:
    """The lines to change; the cursor is the place of the last one shown."""
    return _rows(turn, after, basket.basket_of(turn.db, turn.person.contact_id).lines)


def meant_rows(turn: Turn, after: str) -> Page:
    """The lines that words may have meant."""
    meant = turn.memory.get("meant", [])
    lines = basket.basket_of(turn.db, turn.person.contact_id).lines
    return _rows(turn, after, [line for line in lines if line.product_id in meant])


def _rows(turn: Turn, after: str, lines: Sequence[BasketLine]) -> Page:
    first = number_of(after)
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
    most = 10 * MOST_UNITS
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
    basket.adapt(turn.db, turn.person.contact_id, cause(turn))
    return "adapted"


def change_by_words(
    turn: Turn,
) -> Literal["changed", "too_many", "gone", "several", "proposed", "listed", "unnamed", "empty"]:
    """`mets 4 au lieu de 2`: of the proposal that waits, of the line that words or the old quantity name, or which?

    listed, unnamed: of a wish whose product is still asked, of a list or not.
    """
    quantity = units(turn.slot("quantity"))
    if turn.memory.get("wanted") and quantity and not turn.slot("product"):
        turn.memory["wanted"] = quantity
        is_listed = turn.asked == "buyer.found"
        return "listed" if is_listed else "proposed" if product_on_show(turn) else "unnamed"
    lines = basket.basket_of(turn.db, turn.person.contact_id).lines
    if not lines:
        return "empty"
    meant = _meant(turn, lines)
    turn.memory["new_quantity"] = quantity
    if len(meant) > 1 or not meant:
        turn.memory["meant"] = [line.product_id for line in meant or lines]
        return "several"
    turn.memory["line"] = meant[0].product_id
    return change_quantity(turn, quantity)


def _meant(turn: Turn, lines: Sequence[BasketLine]) -> list[BasketLine]:
    """The lines that a change may mean: by words, by the quantity it had, else the product on show, else all."""
    said = str(turn.slot("product") or "")
    if said:
        return _named(said, lines)
    instead = instead_of(turn.words)
    had = [line for line in lines if line.quantity == instead] if instead else []
    shown = [line for line in lines if line.product_id == turn.memory.get("product")]
    return had or shown or list(lines)


def _named(said: str, lines: Sequence[BasketLine]) -> list[BasketLine]:
    """The lines whose names hold all these words, in the singular or plural."""
    wanted = {word.removesuffix("s") for word in normalise(said).split()} - choosing.BESIDE
    return [
        line for line in lines if wanted and wanted <= {word.removesuffix("s") for word in normalise(line.name).split()}
    ]


def change_meant(turn: Turn, row: str) -> Literal["changed", "too_many", "gone"]:
    """The line that `mets 4` meant."""
    turn.memory["line"] = number_of(row)
    return change_quantity(turn, number_of(turn.memory.get("new_quantity", 0)))


def remove_by_words(turn: Turn) -> Literal["removed", "several", "unknown", "empty"]:
    """`enlève le sucre`: the line that the words name; without words the only one, or which?"""
    lines = basket.basket_of(turn.db, turn.person.contact_id).lines
    if not lines:
        return "empty"
    said = str(turn.slot("product") or "")
    meant = _named(said, lines) if said else list(lines)
    if not meant:
        return "unknown"
    if len(meant) > 1:
        turn.memory["meant"] = [line.product_id for line in meant]
        return "several"
    return remove_meant(turn, str(meant[0].product_id))


def remove_meant(turn: Turn, row: str) -> Literal["removed"]:
    """The line that `enlève` meant."""
    turn.memory["line"] = number_of(row)
    return remove_line(turn)
