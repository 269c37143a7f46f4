"""The morning's question: figures that nobody has confirmed for long, one after another; a number is the answer."""

from typing import Any, Literal, TypedDict

from base.units import counted
from bot import rights
from bot.dialogs.means import cause, number_of, take_alone
from bot.turn import Turn
from catalog import adjusting, matching
from catalog.adjusting import Line
from orders import daily


class Checked(TypedDict):
    """A good with the figure that is written down, in its unit, and which of how many it is."""

    name: str
    on_hand: str
    number: int
    of: int


class Figure(TypedDict):
    """Units before and after."""

    name: str
    before: int
    after: int


class Figures(TypedDict):
    """All that was answered."""

    lines: list[Figure]


def begin(turn: Turn, given: str = "") -> Literal["some", "none"]:
    """The goods whose figures are the oldest, three at most of all shops."""
    found = daily.unconfirmed(turn.db, rights.shops(turn, "stock"), turn.config.timing.confirmed)[: daily.ASKED]
    turn.memory["check"] = [{"product": one.product_id, "before": one.on_hand, "after": None} for one in found]
    return "some" if found else "none"


def _lines(turn: Turn) -> list[dict[str, Any]]:
    kept: list[dict[str, Any]] = turn.memory.get("check", [])
    return kept


def _asked(turn: Turn) -> dict[str, Any] | None:
    return next((line for line in _lines(turn) if line["after"] is None), None)


def is_asked(turn: Turn) -> bool:
    """Whether a figure still waits for its answer."""
    return _asked(turn) is not None


def asked(turn: Turn) -> Checked:
    """Values of the question for one figure."""
    line = _asked(turn)
    good = _good(turn, line["product"]) if line else None
    return {
        "name": good.name if good else "",
        "on_hand": counted(good.on_hand, good.unit) if good else "",
        "number": sum(one["after"] is not None for one in _lines(turn)) + 1,
        "of": len(_lines(turn)),
    }


def _good(turn: Turn, product_id: int) -> matching.Good | None:
    return matching.goods(turn.db, rights.shops(turn, "stock"), [product_id]).get(product_id)


def answer(turn: Turn, units: int) -> Literal["next", "done"]:
    """So many lie there."""
    return _note(turn, units)


def as_noted(turn: Turn) -> Literal["next", "done"]:
    """The figure is right."""
    line = _asked(turn)
    good = _good(turn, line["product"]) if line else None
    return _note(turn, good.on_hand if good else 0)


def _note(turn: Turn, units: int) -> Literal["next", "done"]:
    line = _asked(turn)
    if line is not None:
        good = _good(turn, line["product"])
        line |= {"after": units, "before": good.on_hand if good else 0}
    return "next" if _asked(turn) else "done"


def is_answered(turn: Turn) -> bool:
    """Whether all figures were answered and wait for a yes."""
    return bool(_lines(turn)) and not is_asked(turn)


def figures(turn: Turn) -> Figures:
    """Values of the question whether these figures are right."""
    found = matching.goods(turn.db, rights.shops(turn, "stock"), [number_of(line["product"]) for line in _lines(turn)])
    return {
        "lines": [
            {"name": found[line["product"]].name, "before": line["before"], "after": line["after"] or 0}
            for line in _lines(turn)
            if line["product"] in found
        ]
    }


def apply(turn: Turn) -> Literal["done", "changed", "gone"]:
    """Take the figures as counted now, if none has moved since it was answered; that they are right counts too."""
    take_alone(turn)
    lines = [line for line in _lines(turn) if line["after"] is not None]
    found = matching.goods(turn.db, rights.shops(turn, "stock"), [line["product"] for line in lines])
    if not lines or len(found) < len(lines):
        return "gone"
    if any(found[line["product"]].on_hand != line["before"] for line in lines):
        for line in lines:
            line["before"] = found[line["product"]].on_hand
        return "changed"
    for vendor_id in sorted({good.vendor_id for good in found.values()}):
        own = [
            Line(one["product"], "count", one["after"]) for one in lines if found[one["product"]].vendor_id == vendor_id
        ]
        proposed = adjusting.propose(turn.db, [vendor_id], own, cause(turn), "check")
        adjusting.apply(turn.db, proposed, [vendor_id], cause(turn))
    turn.memory.pop("check", None)
    return "done"


def take_good(turn: Turn, given: str) -> Literal["found", "unknown"]:
    """The good of a warning is put on show, to be counted."""
    turn.memory["good"] = number_of(given)
    return "found" if _good(turn, number_of(given)) else "unknown"
