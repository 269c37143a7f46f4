"""The acts of organizers themselves: each one call of the room that knows the noun, and what came of it in a word."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from bot import accounts, appointing, blocks, dead_letters, flags, order_answers
from bot.turn import Turn
from catalog import standing
from orders import reports

MOST_CODES: Final = 5  # of open orders in a text
Outcome = Literal["done", "before", "last", "has_role", "unknown", "gone"]


@dataclass(frozen=True)
class Plan:
    """An act and what it is about: the id of its row, names and words as they are shown, phones in E.164.

    `line`: of the organizers' list, settled with the act; 0 for none.
    """

    act: str
    id: int
    name: str
    words: str
    phones: Sequence[str]
    shop: str
    line: int


def do(turn: Turn, plan: Plan) -> Outcome:
    """Do what was said yes to. Raises Alone in a batch when a row is busy."""
    known = ACTS.get(plan.act)
    return known(turn, plan) if known else "gone"


def _by(turn: Turn) -> int:
    return turn.person.contact_id


def _either(is_new: bool) -> Outcome:
    return "done" if is_new else "before"


def _suspend(turn: Turn, plan: Plan) -> Outcome:
    outcome = _either(standing.suspend(turn.db, plan.id, plan.words, _by(turn)))
    return _flagged(turn, plan, outcome, "suspended")


def _restore(turn: Turn, plan: Plan) -> Outcome:
    return _either(standing.restore(turn.db, plan.id, plan.words, _by(turn)))


def _verify(turn: Turn, plan: Plan) -> Outcome:
    level: Literal["verified", "proven"] = "verified" if plan.act == "verified" else "proven"
    return _either(standing.set_level(turn.db, plan.id, level, plan.words, _by(turn)))


def _unverify(turn: Turn, plan: Plan) -> Outcome:
    return _either(standing.set_level(turn.db, plan.id, "new", plan.words, _by(turn)))


def _block(turn: Turn, plan: Plan) -> Outcome:
    found = blocks.block(turn.db, plan.id, plan.words, _by(turn))
    if found == "has_role":
        return "has_role"
    return _flagged(turn, plan, _either(found == "blocked"), "blocked")


def _unblock(turn: Turn, plan: Plan) -> Outcome:
    return _either(blocks.unblock(turn.db, plan.id, _by(turn)))


def _warn(turn: Turn, plan: Plan) -> Outcome:
    return _either(flags.decide(turn.db, plan.id, "warned", _by(turn)))


def _flagged(turn: Turn, plan: Plan, outcome: Outcome, decided: flags.Outcome) -> Outcome:
    """What was done because of a report is noted on it: its reporter hears that somebody looked."""
    flag_id = flags.of_line(turn.db, plan.line) if plan.line else None
    if flag_id:
        flags.decide(turn.db, flag_id, decided, _by(turn))
    return outcome


def _appoint(turn: Turn, plan: Plan) -> Outcome:
    found = appointing.appoint(turn.db, plan.phones[0] if plan.phones else "", _by(turn))
    return "unknown" if found == "unknown" else _either(found == "appointed")


def _dismiss(turn: Turn, plan: Plan) -> Outcome:
    found = appointing.dismiss(turn.db, plan.id, _by(turn))
    return "last" if found == "last" else _either(found == "dismissed")


def _invite(turn: Turn, plan: Plan) -> Outcome:
    return _either(appointing.invite(turn.db, plan.phones, plan.name, plan.shop, _by(turn)) > 0)


def _reply(turn: Turn, plan: Plan) -> Outcome:
    return "done" if order_answers.answer(turn.db, plan.id, plan.words[: order_answers.LONGEST]) else "gone"


def _resume(turn: Turn, plan: Plan) -> Outcome:
    return _either(accounts.resume(turn.db, plan.name))


def _again(turn: Turn, plan: Plan) -> Outcome:
    return _either(dead_letters.take_again(turn.db, [plan.id]) > 0)


ACTS: Final[Mapping[str, Callable[[Turn, Plan], Outcome]]] = {
    "suspend": _suspend,
    "restore": _restore,
    "verified": _verify,
    "proven": _verify,
    "new": _unverify,
    "block": _block,
    "unblock": _unblock,
    "warn": _warn,
    "appoint": _appoint,
    "dismiss": _dismiss,
    "invite": _invite,
    "reply": _reply,
    "resume": _resume,
    "again": _again,
}


def open_orders(turn: Turn, plan: Plan) -> str:
    """The open orders of a shop that would be suspended, in a line; '' where there are none."""
    if plan.act != "suspend":
        return ""
    found = reports.parts_of_vendor(turn.db, [plan.id], size=MOST_CODES)
    codes = [part.code for part in found.parts]
    return ", ".join([*codes, "…"] if found.after else codes)
