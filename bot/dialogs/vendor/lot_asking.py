"""`mangue 3 à 200`: what three cost together, or each of them, is asked before anything is made of it."""

from typing import TYPE_CHECKING, Any, TypedDict

from base.later import Later
from bot import own_names
from bot.dialogs.vendor.permitting import permits
from bot.messages import Heard
from bot.turn import Turn

if TYPE_CHECKING:
    from bot.understanding import lots
    from bot.understanding.lots import MaybeLot
else:
    lots = Later("bot.understanding.lots")

KEPT = "lot"  # in memory
_STOCK_OR_PRICE = frozenset({"set_stock", "set_price"})


class Doubted(TypedDict):
    """A good as typed, units of it, and an amount in F CFA."""

    name: str
    quantity: int
    price: int


def is_in_doubt(turn: Turn) -> bool:
    """Whether a message tells units and an amount that two things may be meant by; kept then."""
    if turn.is_by_voice or not all(one.intent in _STOCK_OR_PRICE for one in turn.heard):
        return False
    lot = lots.maybe_lot(own_names.plain_words(turn))
    if lot is None or not permits(turn, "prices"):
        return False
    turn.memory[KEPT] = {
        "name": own_names.named(turn, lot.product),
        "quantity": lot.quantity,
        "price": lot.price,
    }
    return True


def is_kept(turn: Turn) -> bool:
    """Whether such a message waits for its answer."""
    return KEPT in turn.memory


def shown(turn: Turn) -> Doubted:
    """Values of the question."""
    told: dict[str, Any] = turn.memory.get(KEPT) or {"name": "", "quantity": 0, "price": 0}
    return {"name": told["name"], "quantity": told["quantity"], "price": told["price"]}


def kept(turn: Turn) -> "MaybeLot | None":
    """What waited, taken out."""
    told = turn.memory.pop(KEPT, None)
    return lots.MaybeLot(told["name"], told["quantity"], told["price"]) if told else None


def each(turn: Turn) -> list[Heard]:
    """The same as units of a good and the price of one."""
    lot = kept(turn)
    if lot is None:
        return []
    named = {"product": lot.product}
    return [
        Heard("set_stock", {**named, "quantity": lot.quantity}, 0.0),
        Heard("set_price", {**named, "price": lot.price}, 0.0),
    ]
