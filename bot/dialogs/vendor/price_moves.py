"""A price that a vendor moves, not says: what it becomes, good by good."""

from collections.abc import Mapping
from typing import Any, Final, TypedDict

from base.money import round_to_coin
from catalog.bounds import MOST_PRICE

_HALF: Final = 2


class Move(TypedDict):
    """By so many F CFA or per cent, less than 0 where it falls; `price` where it may be said whole, 0 else.

    `units`: it may be one of stock too, by so many.
    """

    by: int
    percent: int
    price: int
    units: int


def move_of(slots: Mapping[str, Any]) -> Move | None:
    """What was heard, where a price is moved."""
    by, percent, price, units = (int(slots.get(name) or 0) for name in ("by", "percent", "price", "quantity"))
    told: Move = {"by": by, "percent": percent, "price": price, "units": units}
    return told if told["by"] or told["percent"] else None


def moved(move: Move, price: int) -> int:
    """What a price becomes, in F CFA; 0 where there is no such price.

    `augmente riz 500` is by as much as where it is no rise, `baisse riz 500` where it is by less than half.
    """
    by, said = move["by"], move["price"]
    if move["percent"]:
        after = round_to_coin(price * (100 + move["percent"]) // 100)
    elif said and (said > price if by > 0 else price <= _HALF * said < _HALF * price):
        after = said
    else:
        after = price + by
    return after if 0 < after <= MOST_PRICE else 0
