"""What a vendor types next for his orders, told where what he typed is not what comes next."""

from typing import Final, TypedDict

from bot.dialogs.means import words
from bot.dialogs.vendor import drafts
from bot.dialogs.vendor.parts import Standing, own, standing
from bot.turn import Turn
from orders import reports, typed_codes
from orders.reports import Part
from orders.states import State

MOST: Final = 3  # orders that are told of
NEXT: Final[tuple[State, ...]] = ("placed", "accepted", "ready", "handed_over")


class Open(TypedDict):
    """A line for each of his first open orders, with a line break before it; '' without any."""

    open: str


class Early(Standing):
    """And what is typed first, with a line break before it; '' where nothing is."""

    then: str


class Dropped(TypedDict):
    """`how`: whether he said of no good what it is about, takes it back, or would take away a price for many that is
    none; the tail of a text's key."""

    how: str


def open_orders(turn: Turn) -> Open:
    """Values of `no order has come that far`."""
    found = reports.parts_of_vendor(turn.db, turn.person.vendor_ids, NEXT, None, MOST).parts
    lines = (
        words(turn, "vendor.next.line", code=part.code, state=part.state, typed=_typed(turn, part)) for part in found
    )
    return {"open": "".join(f"\n{line}" for line in lines)}


def early(turn: Turn) -> Early:
    """Values of `not yet`."""
    part = own(turn, turn.memory.get("meant"))
    then = words(turn, "vendor.next.first", typed=_typed(turn, part)) if part and part.state in NEXT else ""
    return {**standing(turn), "then": f"\n{then}" if then else ""}


def _typed(turn: Turn, part: Part) -> str:
    return words(turn, f"vendor.next.{part.state}", short=typed_codes.typed_code(turn.db, part))


def dropped(turn: Turn) -> Dropped:
    """Values of `nothing is changed`: `rupture` alone is asked of which good."""
    if drafts.draft_of(turn).get("no_steps"):
        return {"how": "no_steps"}
    return {"how": "unnamed" if turn.heard else "dropped"}
