"""Somebody brings an order for a shop: where it goes, and the code that its buyer tells him."""

from typing import Literal, TypedDict

from bot.dialogs.means import cause, number_of
from bot.errands import ErrandValues, errand_values
from bot.turn import Turn
from orders import progress, riders
from orders.codes import read_prefix
from orders.reports import Part

ERRAND = "errand"  # in memory: the part that is spoken of
PIN_DIGITS = 4


class Code(TypedDict):
    """The code of an order."""

    code: str


class Codes(TypedDict):
    """Those of several, in one line."""

    codes: str


def name(turn: Turn, given: str) -> Literal["found", "several", "none"]:
    """`course 4K7`; a bare `course` means the only one."""
    found = _named(turn, given)
    if len(found) > 1:
        return "several"
    return "found" if _mean(turn, found) else "none"


def _named(turn: Turn, given: str) -> tuple[Part, ...]:
    prefix = read_prefix(given) if given else ""
    return riders.errands(turn.db, turn.person.contact_id, prefix) if prefix is not None else ()


def _mean(turn: Turn, found: tuple[Part, ...]) -> Part | None:
    turn.memory[ERRAND] = found[0].id if found else 0
    return found[0] if found else None


def _meant(turn: Turn) -> Part | None:
    wanted = number_of(turn.memory.get(ERRAND, 0))
    return next((part for part in _named(turn, "") if part.id == wanted), None)


def shown(turn: Turn) -> ErrandValues:
    """Values of an errand."""
    part = _meant(turn)
    if part is None:
        raise LookupError("the errand that was just found is gone")
    return errand_values(turn.db, turn.config, turn.person.language, part, turn.now)


def codes(turn: Turn) -> Codes:
    """Values of `which of them?`."""
    return {"codes": ", ".join(part.code for part in _named(turn, ""))}


def code(turn: Turn) -> Code:
    """Values of texts about the errand that was spoken of."""
    part = _meant(turn)
    return {"code": part.code if part else ""}


def deliver(turn: Turn, given: str) -> Literal["done", "wrong_code", "locked", "not_left", "over", "unclear", "none"]:
    """`livre 4K7P2 1234`, by whoever brings this one part; `livre 1234` where he brings no other.

    unclear: no code of four digits was told, or not for which of several. not_left: the shop has not handed it over.
    """
    *named, pin = given.split() or [""]
    if len(pin) != PIN_DIGITS or not pin.isdigit():
        return "unclear" if _named(turn, "") else "none"
    found = [part for part in _named(turn, " ".join(named)) if named or part.state != "delivered"]
    if len(found) > 1:
        return "unclear"
    part = _mean(turn, tuple(found))
    if part is None:
        return "none"
    match progress.deliver_as_rider(turn.db, part.id, turn.person.contact_id, pin, cause(turn)):
        case "done":
            return "done"
        case "wrong_code":
            return "wrong_code"
        case "locked":
            return "locked"
        case "too_early":
            return "not_left"
        case _:
            return "over"
