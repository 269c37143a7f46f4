"""`réponds au client de la commande 4K7: …`: an organizer's words to the buyer of an order."""

from typing import Final, Literal

from base.money import format_amount
from bot import order_answers
from bot.dialog import Page, Row
from bot.dialogs.means import code_said, number_of
from bot.dialogs.organizer import planning
from bot.order_answers import Ordered
from bot.turn import Turn

MEANT: Final = "orders_meant"  # in the chat's memory: the orders that a code may name, and the words


def hear(turn: Turn) -> Literal["one", "several", "none"]:
    """Which order is meant; `none`: no such one, or none was named."""
    typed = code_said(turn)
    found = order_answers.named(turn.db, turn.config.lasting_key, typed) if typed else ()
    turn.memory[MEANT] = [[one.id for one in found], str(turn.slot("text") or "")]
    if not found:
        return "none"
    return _planned(turn, found[0]) if len(found) == 1 else "several"


def _planned(turn: Turn, one: Ordered) -> Literal["one"]:
    said = turn.memory.get(MEANT, [[], ""])[1]
    planning.propose(turn, "reply", id=one.id, name=f"{one.code} ({one.name})", words=said)
    return "one"


def rows(turn: Turn, after: str) -> Page:
    """The orders that the letters may name."""
    ids = turn.memory.get(MEANT, [[]])[0]
    found = [
        one for one in (order_answers.ordered(turn.db, number_of(id_)) for id_ in ids[: order_answers.MOST]) if one
    ]
    return Page(tuple(Row(str(one.id), one.code, f"{one.name} · {format_amount(one.total)}") for one in found))


def choose(turn: Turn, given: str) -> Literal["one"]:
    """One of them; that there is none by now is told when it is done."""
    found = order_answers.ordered(turn.db, number_of(given))
    return _planned(turn, found or Ordered(number_of(given), "…", "…", 0))
