"""A vendor has only a part of what was ordered: how many of which line, then a yes."""

from dataclasses import replace
from typing import Literal, TypedDict

from bot import rights
from bot.dialog import Page, Row
from bot.dialogs.means import cause, number_of, terms, words
from bot.dialogs.vendor.parts import code_meant, find, mean, meant_id, own, speak_of
from bot.dialogs.vendor.shop import read_count
from bot.turn import SILENT, Turn
from orders import cutting
from orders.cutting import Line, Plan
from orders.reports import Part
from orders.states import ACCEPT, CUT, REFUSE

UNITS = "cut"  # in memory: the part, and the units that can be served of its lines
LINE = "cut_line"  # in memory: the line that is asked about
SAID = "cut_said"  # in memory: the units that were said together with the order's code


class Ordered(TypedDict):
    """A line as it was ordered."""

    name: str
    quantity: int


class Left(TypedDict):
    """A line as it can be served."""

    name: str
    before: int
    after: int


class Rest(TypedDict):
    """What a part would be; F CFA of it before and now."""

    code: str
    cuts: list[Left]
    before: int
    cost: int


class Told(Rest):
    """And until when its buyer chooses, in words; '' while the shop is shut."""

    until: str


def hear(turn: Turn) -> Literal["found", "unknown"]:
    """`partie 4K7 un sac`: the order whose code is told, and of how many units there is a word behind it."""
    units = read_count(replace(SILENT, text=str(turn.slot("said") or "")))
    if find(turn, code_meant(turn), CUT) != "found":
        return "unknown"
    turn.memory[SAID] = units
    return "found"


def look(turn: Turn) -> Literal["one", "several", "counted", "single", "already", "closed"]:
    """Whether there is a part of it to serve; single: of one article there is none, so it is accepted or refused.

    counted: it has one line, and how many units of it was said already.
    """
    said = turn.memory.pop(SAID, None)
    part = own(turn, meant_id(turn, CUT))
    if part is None or part.state not in CUT.sources:
        speak_of(turn, CUT)
        return "already" if part and CUT.answers[part.state] == "already" else "closed"
    if not cutting.is_cuttable(turn.db, part.id):
        speak_of(turn, CUT)
        return "already"
    turn.memory[UNITS] = {"part": part.id, "units": {}}
    if sum(line.quantity for line in part.lines) == 1:
        mean(turn, REFUSE, part.id)
        return "single"
    found = _lines(turn, part)
    turn.memory[LINE] = found[0].id
    if len(found) > 1:
        return "several"
    turn.memory[SAID] = said
    return "one" if said is None else "counted"


def keep_said(turn: Turn) -> Literal["one", "whole", "nothing"]:
    """The units of its only line that were said with the code."""
    kept = keep_units(turn, number_of(turn.memory.pop(SAID)))
    return "one" if kept == "several" else kept


def _lines(turn: Turn, part: Part) -> tuple[Line, ...]:
    plan = _plan(turn, part)
    return plan.lines if plan else ()


def _plan(turn: Turn, part: Part | None) -> Plan | None:
    return cutting.plan(turn.db, part.id, _units(turn)) if part else None


def _units(turn: Turn) -> dict[int, int]:
    told = turn.memory.get(UNITS, {})
    is_of_it = told.get("part") == meant_id(turn, CUT)
    return {int(line): int(units) for line, units in told["units"].items()} if is_of_it else {}


def is_asked(turn: Turn) -> bool:
    """Whether the part can still be served in part."""
    part = own(turn, meant_id(turn, CUT))
    return part is not None and cutting.is_cuttable(turn.db, part.id)


def line_rows(turn: Turn, after: str) -> Page:
    """The lines, each with what of it was ordered and can be served."""
    part = own(turn, meant_id(turn, CUT))
    rows = [
        Row(str(line.id), line.name, words(turn, "vendor.cut_row", before=line.before, after=line.after))
        for line in (_lines(turn, part) if part else ())
    ]
    return Page(tuple(rows[:9]))


def pick_line(turn: Turn, row: str) -> Literal["picked"]:
    """The line that is short."""
    turn.memory[LINE] = number_of(row)
    return "picked"


def _line(turn: Turn) -> Line | None:
    part = own(turn, meant_id(turn, CUT))
    return next((line for line in _lines(turn, part) if line.id == turn.memory.get(LINE)), None) if part else None


def one_line(turn: Turn) -> Ordered:
    """Values of `how many of it have you got?`."""
    line = _line(turn)
    return {"name": line.name if line else "", "quantity": line.before if line else 0}


def keep_units(turn: Turn, units: int) -> Literal["one", "several", "whole", "nothing"]:
    """So many of the line; whole: nothing is missing after all. nothing: no article of the part is left."""
    part, line = own(turn, meant_id(turn, CUT)), _line(turn)
    kept = {str(known): number for known, number in _units(turn).items()}
    if line:
        kept[str(line.id)] = units
    turn.memory[UNITS] = {"part": meant_id(turn, CUT), "units": kept}
    lines = _lines(turn, part) if part else ()
    if not any(one.after for one in lines):
        mean(turn, REFUSE, meant_id(turn, CUT))
        return "nothing"
    if all(one.after == one.before for one in lines):
        mean(turn, ACCEPT, meant_id(turn, CUT))
        return "whole"
    return "one" if len(lines) == 1 else "several"


def rest(turn: Turn) -> Rest:
    """Values of the question whether this can be served."""
    part = own(turn, meant_id(turn, CUT))
    plan = _plan(turn, part)
    if part is None or plan is None:
        return {"code": "", "cuts": [], "before": 0, "cost": 0}
    cuts: list[Left] = [{"name": one.name, "before": one.before, "after": one.after} for one in plan.lines]
    return {"code": part.code, "cuts": cuts, "before": plan.before, "cost": plan.total}


def cut(turn: Turn) -> Literal["done", "again", "already", "closed"]:
    """The vendor said yes: his buyer chooses now; again: the buyer has changed the order meanwhile."""
    part_id, shops = speak_of(turn, CUT), rights.shops(turn, "orders")
    match cutting.accept_partly(turn.db, part_id, shops, _units(turn), cause(turn), terms(turn)):
        case "done":
            return "done"
        case "whole" | "nothing":
            return "again"
        case "already":
            return "already"
        case _:
            return "closed"


def told(turn: Turn) -> Told:
    """Values of what was told to the buyer."""
    part = own(turn, turn.memory.get("meant"))
    known = cutting.last_cut(turn.db, part.id) if part else None
    if part is None or known is None:
        return {"code": "", "cuts": [], "before": 0, "cost": 0, "until": ""}
    cuts: list[Left] = [{"name": name, "before": before, "after": after} for name, before, after in known.lines]
    until = words(turn, "offer.until", until=known.until) if known.until else ""
    return {"code": part.code, "cuts": cuts, "before": known.before, "cost": known.after, "until": until}
