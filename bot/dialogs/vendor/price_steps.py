"""The price of a good from so many units on, as a vendor asks for it: what is still to be said, and what it changes."""

from collections.abc import Mapping, Sequence
from typing import Any, Literal

from bot.dialogs.means import number_of, words
from bot.dialogs.vendor.asks import UNSAID, Ask, Asked
from bot.turn import Turn
from bot.understanding.terms_slots import FROM, OFF
from catalog.adjusting import Line
from catalog.bounds import LEAST_OF_STEP, MOST_OF_STEP
from catalog.figured import Good, below, goods_of, with_prices


def asked(ask: Ask, slots: Mapping[str, Any]) -> Ask:
    """An asked change with what was heard of units, where it is of a price for many."""
    if ask["kind"] == "step":
        ask["quantity"], ask["is_off"] = number_of(slots.get(FROM) or 0), bool(slots.get(OFF))
    return ask


def need(turn: Turn, ask: Ask, sold: Sequence[int], clear: Sequence[Asked]) -> Literal["amount"] | None:
    """Whether it has to be asked from how many units on it counts, or for how much: less than where fewer are bought.

    `sold`: the products that it is of. `clear`: what the message changes beside it.
    """
    if ask.get("is_off"):
        return None
    if ask.get("quantity", 0) < LEAST_OF_STEP:
        return "amount"
    goods = with_prices(goods_of(turn.db, sold), [Line(*line) for line in clear])
    ask["below"] = min((below(good, ask["quantity"]) for good in goods.values()), default=0)
    if 0 < ask["value"] < ask["below"]:
        return None
    ask["value"] = UNSAID
    return "amount"


def asked_for(turn: Turn, ask: Ask) -> str:
    """From how many, or how much."""
    if ask.get("quantity", 0) < LEAST_OF_STEP:
        return words(turn, "vendor.amount.from")
    return words(turn, "vendor.amount.step", quantity=ask["quantity"], price=ask.get("below", 0))


def answer(ask: Ask, said: int) -> None:
    """So many units, or F CFA; what cannot be is asked again."""
    if ask.get("quantity", 0) >= LEAST_OF_STEP:
        ask["value"] = said
    elif LEAST_OF_STEP <= said <= MOST_OF_STEP:
        ask["quantity"] = said


def lines(turn: Turn, ask: Ask, sold: Sequence[int]) -> list[Asked]:
    """A line for each product that it is of; where it is taken away one for each that has it, [] where none has."""
    if not ask.get("is_off"):
        return [(product, "step", ask["value"], ask.get("quantity", 0)) for product in sold]
    goods = goods_of(turn.db, sold)
    named = ask.get("quantity", 0)
    return [
        (product, "step", 0, units)
        for product in sold
        for units in sorted(_steps(goods, product))
        if named in (0, units)
    ]


def _steps(goods: Mapping[int, Good], product: int) -> Mapping[int, int]:
    return goods[product].steps if product in goods else {}
