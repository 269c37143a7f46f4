"""Prices for many in a price list: a cell with all of them, `dès 10 : 450 ; dès 50 : 400`, or with one amount."""

import re
from collections.abc import Mapping
from itertools import pairwise
from typing import Final

from base.money import read_amount
from base.spelling import fold
from catalog.bounds import LEAST_OF_STEP, MOST_OF_STEP, MOST_PRICE

Steps = tuple[tuple[int, int], ...]
"""From so many units on -> F CFA of one, the fewest units first; 0: there is no such price any more."""

NONE: Final = frozenset({"0", "aucun", "aucune", "non", "sans", "none", "no"})
_PARTS: Final = re.compile(r"[;\n|]|,(?=\s*(?:d[eè]s|[aà] partir|from|\d+[^\d,;|]{0,30}[:=]))", re.IGNORECASE)
_STEP: Final = re.compile(
    r"(?:(?:d[eè]s|[aà] partir de|from)\s+)?(?P<units>\d{1,5})(?:\s*[^\W\d]{1,12}){0,3}\s*[:=]\s*(?P<price>.+)",
    re.IGNORECASE,
)


def read_steps(raw: str) -> Steps | None:
    """The prices for many that a cell tells, all that there are; () where it says that there is none, None for else."""
    if fold(raw) in NONE:
        return ()
    found: dict[int, int] = {}
    for part in _PARTS.split(raw):
        told = _STEP.fullmatch(part.strip())
        step = read_step(int(told["units"]), told["price"]) if told else None
        if step is None or step[0] in found:
            return None
        found[step[0]] = step[1]
    return tuple(sorted(found.items()))


def read_step(units: int, raw: str) -> tuple[int, int] | None:
    """One price for so many units, of a cell that holds an amount alone; None where it is none."""
    price = read_amount(raw.strip())
    return (units, price) if price and price <= MOST_PRICE and LEAST_OF_STEP <= units <= MOST_OF_STEP else None


def told_steps(steps: Mapping[int, int]) -> str:
    """The same as a cell has it; '' without any."""
    return " ; ".join(f"dès {units} : {price}" for units, price in sorted(steps.items()) if price)


def changed_steps(wanted: Steps, now: Mapping[int, int], *, are_all: bool) -> Steps:
    """What is to be set or taken away: `are_all`, those that are not wanted are gone."""
    gone = {units: 0 for units in now if are_all} | dict(wanted)
    return tuple(sorted((units, price) for units, price in gone.items() if now.get(units, 0) != price))


def reached(now: Mapping[int, int], changes: Steps) -> dict[int, int]:
    """The prices for many that these changes leave."""
    return {units: price for units, price in (dict(now) | dict(changes)).items() if price}


def is_cheaper(price: int, steps: Mapping[int, int]) -> bool:
    """Whether the more are bought, the less one costs."""
    prices = [price, *(steps[units] for units in sorted(steps))]
    return all(more > less for more, less in pairwise(prices))
