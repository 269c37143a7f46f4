"""What a vendor does with the part that is meant: answer it, prepare it, hand it over, deliver it."""

from typing import Literal, TypedDict

from bot.dialog import Page, Row
from bot.dialogs.means import cause, number_of, words
from bot.dialogs.vendor.parts import code, find, mean, meant_id
from bot.messages import Incoming
from bot.turn import Turn
from orders import progress, reports, states
from orders.codes import read_prefix
from orders.progress import RefusalReason
from orders.states import Outcome

PIN_DIGITS = 4
REASONS: tuple[RefusalReason, ...] = ("shortage", "closed", "too_far", "other")
Done = Literal["done", "already", "too_early", "closed", "unknown"]


class Pin(TypedDict):
    """The code that the buyer told."""

    code: str
    pin: str


def accept(turn: Turn) -> Literal["done", "already", "closed", "unknown"]:
    """The vendor will prepare it."""
    match progress.accept(turn.db, meant_id(turn), turn.person.vendor_ids, cause(turn)):
        case "done":
            return "done"
        case "already":
            return "already"
        case "not_yours":
            return "unknown"
        case _:
            return "closed"


def reason_rows(turn: Turn, after: str) -> Page:
    """Why a part can be refused. The ids name the part."""
    part_id = meant_id(turn)
    return Page(tuple(Row(f"{reason}.{part_id}", words(turn, f"reason.{reason}")) for reason in REASONS))


def keep_reason(turn: Turn, row: str) -> Literal["kept"]:
    """The reason, and the part it was asked for."""
    reason, _, part_id = row.partition(".")
    turn.memory["reason"] = reason if reason in REASONS else "other"
    mean(turn, number_of(part_id))
    return "kept"


def refuse(turn: Turn) -> Literal["done", "already", "closed", "unknown"]:
    """The vendor can't serve it."""
    reason: RefusalReason = turn.memory.get("reason", "other")
    match progress.refuse(turn.db, meant_id(turn), turn.person.vendor_ids, reason, cause(turn)):
        case "done":
            return "done"
        case "already":
            return "already"
        case "not_yours":
            return "unknown"
        case _:
            return "closed"


def ready(turn: Turn) -> Done:
    """It waits in the shop."""
    return _done(progress.ready(turn.db, meant_id(turn), turn.person.vendor_ids, cause(turn)))


def hand_over(turn: Turn) -> Literal["done", "already", "too_early", "closed", "unknown", "short"]:
    """It left the shop."""
    outcome = progress.hand_over(turn.db, meant_id(turn), turn.person.vendor_ids, cause(turn))
    return "short" if outcome == "short" else _done(outcome)


def _done(outcome: Outcome) -> Done:
    match outcome:
        case "done":
            return "done"
        case "already":
            return "already"
        case "too_early":
            return "too_early"
        case "not_yours":
            return "unknown"
        case _:
            return "closed"


def read_pin(said: Incoming) -> str | None:
    """The four digits of a delivery code, blanks between them allowed."""
    digits = "".join(said.text.split())
    return digits if len(digits) == PIN_DIGITS and digits.isascii() and digits.isdigit() else None


def keep_pin(turn: Turn, pin: str) -> Literal["kept"]:
    """What the buyer told; tried only after a yes."""
    turn.memory["pin"] = pin
    return "kept"


def name_delivered(turn: Turn, given: str) -> Literal["found", "told", "several", "none", "unknown"]:
    """`livre 4K7P2 1234` names part and code, `livre 4K7P2` the part, `livre 1234` the code of the only one."""
    *named, last = given.split() or [""]
    is_pin = len(last) == PIN_DIGITS and last.isdigit()
    if is_pin and (named or not _is_prefix(turn, last)):
        keep_pin(turn, last)
        found = find(turn, " ".join(named), states.DELIVER)
        return "told" if found == "found" else found
    return find(turn, given, states.DELIVER)


def _is_prefix(turn: Turn, typed: str) -> bool:
    prefix = read_prefix(typed)
    return bool(prefix and reports.part_by_prefix(turn.db, turn.person.vendor_ids, prefix))


def pin(turn: Turn) -> Pin:
    """Values of `is this the code?`."""
    return {"code": code(turn)["code"], "pin": str(turn.memory.get("pin", ""))}


def deliver(
    turn: Turn,
) -> Literal["done", "already", "too_early", "closed", "unknown", "wrong_code", "locked"]:
    """Try the buyer's code."""
    told = str(turn.memory.pop("pin", ""))
    outcome = progress.deliver(turn.db, meant_id(turn), turn.person.vendor_ids, told, cause(turn))
    if outcome == "wrong_code":
        return "wrong_code"
    return "locked" if outcome == "locked" else _done(outcome)
