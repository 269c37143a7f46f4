"""The step before what only some may do, and who can where somebody may not."""

from collections.abc import Callable
from typing import Literal, TypedDict

from bot import rights
from bot.dialogs.means import words
from bot.rights import Right
from bot.turn import Turn

Permitted = Literal["may", "may_not"]


class Denied(TypedDict):
    """`who` may do it, and `what` in a few words."""

    who: str
    what: str


def permitting(right: Right) -> Callable[[Turn], Permitted]:
    """The step before a question that only leads to something for who may do it in a shop of his."""

    def permit(turn: Turn) -> Permitted:
        return "may" if permits(turn, right) else "may_not"

    return permit


def permits(turn: Turn, right: Right, vendor_id: int | None = None) -> bool:
    """Whether he may; where not, the answer `not_allowed` will say who can."""
    if rights.may(turn, right, vendor_id):
        return True
    turn.memory["denied"] = [right, vendor_id or next(iter(turn.person.vendor_ids), 0)]
    return False


def denied(turn: Turn) -> Denied:
    """Values of the answer to who may not."""
    right, vendor_id = turn.memory.get("denied", ["prices", 0])
    who = rights.owners(turn.db, vendor_id)
    return {
        "who": ", ".join(who) or words(turn, "right.owner"),
        "what": words(turn, f"right.{right}"),
    }
