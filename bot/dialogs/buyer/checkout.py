"""From the basket to an order: what is missing is asked, the recap holds the goods, and only a yes orders."""

from typing import Any, Literal, TypedDict

from bot.answers import shorten
from bot.dialogs.buyer.baskets import Line
from bot.dialogs.means import called, cause, quarter_name, terms, words
from bot.turn import Turn
from orders import holding, placing
from orders.addresses import last_address
from orders.basket import Basket, basket_of
from orders.holding import Held, Missing
from orders.placing import AddressMissing, Placed, PriceChanged
from orders.recap import Recap, RecapBlock, recap, recap_of

MOST_LETTERS = 40  # of a product's and a shop's name in the recap, which must fit whatever it holds
MOST_CHANGES = 2  # prices that changed and are told one by one; the recap below has them all


class RecapLine(Line):
    """A line of the recap; `price` in F CFA a unit."""

    price: int


class Block(TypedDict):
    """One shop's part; `delivery` in F CFA, `delay` names a text."""

    vendor: str
    quarter: str
    lines: list[RecapLine]
    delivery: int
    delay: str


class WholeRecap(TypedDict):
    """Everything that the law wants said before a yes; amounts in F CFA, `held` a sentence."""

    blocks: list[Block]
    total: int
    quarter: str
    landmark: str
    recipient: str
    phone: str
    held: str


class PriceChange(TypedDict):
    """A price that is another now, F CFA a unit."""

    name: str
    before: int
    after: int


class Recapped(TypedDict):
    """The recap."""

    recap: list[WholeRecap]


class RecappedAnew(TypedDict):
    """The recap, and what changed since the last one."""

    recap: list[WholeRecap]
    changed: str


class MissingLine(TypedDict):
    """A line that can't be had whole."""

    name: str
    wanted: int
    available: int


class Missed(TypedDict):
    """All of them."""

    lines: list[MissingLine]


class Ordered(TypedDict):
    """An order that was just placed; `total` in F CFA, `count` of shops."""

    to: str
    code: str
    total: int
    count: int


def begin(turn: Turn) -> Literal["empty", "same", "quarter", "landmark", "recipient", "phone", "complete"]:
    """What must be asked first; `same`: an address of an earlier order can serve."""
    basket = basket_of(turn.db, turn.person.contact_id)
    if not basket.lines:
        return "empty"
    missing = basket.address.missing
    if "quarter" in missing and last_address(turn.db, turn.person.contact_id):
        return "same"
    return missing[0] if missing else "complete"


def hold(turn: Turn) -> Literal["held", "changed", "missing", "empty", "incomplete"]:
    """Hold all that the recap will show, or nothing."""
    contact = turn.person.contact_id
    held = holding.hold_basket(turn.db, contact, cause(turn), terms(turn).hold)
    if held == "empty":
        return "empty"
    if isinstance(held, Missing):
        turn.memory["missing"] = [
            {"name": line.name, "wanted": line.wanted, "available": line.available} for line in held.lines
        ]
        return "missing"
    return _remember(turn, held, recap(turn.db, contact, terms(turn)))


def hold_again(turn: Turn) -> Literal["held", "missing"]:
    """The same once a yes met another price: then the hold still lasted, so that basket and address are there."""
    return "missing" if hold(turn) == "missing" else "held"


def _remember(turn: Turn, held: Held, now: Recap) -> Literal["held", "changed", "incomplete"]:
    if now.address.missing:
        return "incomplete"
    turn.memory["total"] = now.total
    turn.memory["changes"] = [{"name": c.name, "before": c.before, "after": c.after} for c in held.price_changes]
    return "changed" if held.price_changes else "held"


def recapped(turn: Turn) -> Recapped:
    """Values of the recap."""
    return {"recap": [_whole(turn)]}


def recapped_anew(turn: Turn) -> RecappedAnew:
    """Values of the recap that tells which prices changed."""
    changes: list[PriceChange] = turn.memory.get("changes", [])
    return {"recap": [_whole(turn)], "changed": _changed(turn, changes)}


def _changed(turn: Turn, changes: list[PriceChange]) -> str:
    if len(changes) > MOST_CHANGES:
        return words(turn, "buyer.many_prices_changed", count=len(changes))
    shown = [{**change, "name": shorten(change["name"], MOST_LETTERS)} for change in changes]
    return words(turn, "buyer.prices_changed", changes=shown) if shown else words(turn, "buyer.delivery_changed")


def _whole(turn: Turn) -> WholeRecap:
    basket = basket_of(turn.db, turn.person.contact_id)
    now = recap_of(turn.db, basket, terms(turn))
    address = now.address
    return {
        "blocks": [_block(block) for block in now.blocks],
        "total": now.total,
        "quarter": quarter_name(address.quarter),
        "landmark": address.landmark or "",
        "recipient": address.recipient or "",
        "phone": address.phone or "",
        "held": _held(turn, basket),
    }


def _held(turn: Turn, basket: Basket) -> str:
    """Until when the articles are kept; a recap that is shown again may be older than its hold."""
    if not basket.is_held:
        return words(turn, "buyer.hold_ended")
    return words(turn, "buyer.held_until", until=basket.held_until)


def _block(block: RecapBlock) -> Block:
    return {
        "vendor": shorten(block.vendor.name, MOST_LETTERS),
        "quarter": quarter_name(block.vendor.quarter),
        "lines": [
            {
                "quantity": line.quantity,
                "name": shorten(line.name, MOST_LETTERS),
                "price": line.price,
                "amount": line.amount,
            }
            for line in block.lines
        ],
        "delivery": block.delivery,
        "delay": block.vendor.delay,
    }


def missed(turn: Turn) -> Missed:
    """Values of `not all of it can be had`."""
    lines: list[MissingLine] = turn.memory.get("missing", [])
    return {"lines": lines}


def place(turn: Turn) -> Literal["placed", "expired", "changed", "incomplete"]:
    """The buyer said yes to the recap."""
    contact = turn.person.contact_id
    seen = turn.memory.get("total")
    placed = placing.place_order(turn.db, contact, turn.conversation_id, cause(turn), terms(turn), total_seen=seen)
    match placed:
        case Placed():
            _remember_order(turn, placed, seen)
            return "placed"
        case PriceChanged():
            return "changed"
        case AddressMissing():
            return "incomplete"
        case _:
            return "expired"


def _remember_order(turn: Turn, placed: Placed, total: Any) -> None:
    turn.memory["order"] = placed.order_id
    turn.memory["ordered"] = {"code": placed.code, "total": total, "count": len(placed.vendor_order_ids)}
    for passed in ("total", "changes", "missing"):
        turn.memory.pop(passed, None)


def ordered(turn: Turn) -> Ordered:
    """Values of `your order is placed`."""
    told = turn.memory["ordered"]
    return {"to": called(turn), "code": told["code"], "total": told["total"], "count": told["count"]}


def let_go(turn: Turn) -> Literal["kept"]:
    """The buyer does not order now: what was held is given back, the basket stays."""
    holding.release(turn.db, turn.person.contact_id, cause(turn))
    return "kept"
