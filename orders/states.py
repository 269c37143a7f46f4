"""The table of a part's life: which action leads from which state where, and what it answers elsewhere."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from base.db import Db
from catalog import stock
from catalog.stock import Cause, Change
from orders import facts
from orders.facts import PartFact

State = Literal[
    "placed", "accepted", "ready", "handed_over", "delivered", "refused", "cancelled", "expired", "returned"
]
# done: it happened · already: it had happened before · too_early, too_late: not from here · short: the vendor's count
# says that fewer units lie in the shop · unpaid: what is paid before is not arranged yet · undecided: its buyer may
# still let go of what is left of it · wrong_code, locked: the
# buyer's delivery code · not_yours: no such part for this person · the others: what ended the part
Outcome = Literal[
    "done", "already", "too_early", "too_late", "short", "unpaid", "undecided", "wrong_code", "locked", "not_yours",
    "refused", "cancelled", "expired", "returned",
]  # fmt: skip

STATES: Final[tuple[State, ...]] = (
    "placed", "accepted", "ready", "handed_over", "delivered", "refused", "cancelled", "expired", "returned",
)  # fmt: skip
OPEN: Final[tuple[State, ...]] = ("placed", "accepted", "ready", "handed_over")  # someone still has to do something
OVER: Final[tuple[State, ...]] = ("refused", "cancelled", "expired", "returned")  # ended without being kept

StockMove = Callable[[Db, Sequence[Change], Cause], bool | None]  # False: impossible, and nothing was written


@dataclass(frozen=True)
class Deposit:
    """Where a parcel was left: the bus company, and the number of its receipt, each '' when it was not told.

    `photo_id` is the inbox row of a photo of that receipt.
    """

    carrier: str
    receipt: str
    photo_id: int | None = None


@dataclass(frozen=True)
class Action:
    """One action: `answers` says for each state what it answers there, "done" where it acts."""

    to: State
    fact: type[PartFact]
    answers: Mapping[State, Outcome]
    stock: StockMove | None = None
    touches_goods: bool = True  # stock or sales change: the stock's lock is needed
    leaves: Deposit | None = None  # with a bus company
    needs_payment: bool = False  # of what is paid before
    needs_decision: bool = False  # of a buyer who was left with a part of it

    @property
    def sources(self) -> tuple[State, ...]:
        """The states it acts in."""
        return tuple(state for state in STATES if self.answers[state] == "done")


def _answers(done: str, already: str, too_early: str = "", too_late: str = "") -> Mapping[State, Outcome]:
    """The answers by the states they are given in; the states left over are endings and answer with their own name."""
    given: list[tuple[Outcome, str]] = [
        ("done", done), ("already", already), ("too_early", too_early), ("too_late", too_late)
    ]  # fmt: skip
    by_name = {state: outcome for outcome, named in given for state in named.split()}
    return {state: by_name.get(state) or _ENDINGS[state] for state in STATES}


_ENDINGS: Final[Mapping[str, Outcome]] = {
    "refused": "refused", "cancelled": "cancelled", "expired": "expired", "returned": "returned",
}  # fmt: skip

ACCEPT: Final = Action(
    "accepted",
    facts.PartAccepted,
    _answers("placed", already="accepted ready handed_over delivered returned"),
    touches_goods=False,
)
REFUSE: Final = Action(
    "refused",
    facts.PartRefused,
    _answers("placed accepted ready", already="refused", too_late="handed_over delivered returned"),
    stock.free,
)
CUT: Final = Action(
    "accepted",
    facts.PartCut,
    _answers("placed accepted", already="ready handed_over delivered returned"),
    stock.free,
)
READY: Final = Action(
    "ready",
    facts.PartReady,
    _answers("accepted", already="ready handed_over delivered returned", too_early="placed"),
    touches_goods=False,
)
HAND_OVER: Final = Action(
    "handed_over",
    facts.PartHandedOver,
    _answers("accepted ready", already="handed_over delivered", too_early="placed"),
    stock.hand_over,
    needs_payment=True,
    needs_decision=True,
)
DELIVER: Final = Action(
    "delivered",
    facts.PartDelivered,
    _answers("handed_over", already="delivered", too_early="placed accepted ready"),
)
TAKE_BACK: Final = Action(
    "returned",
    facts.PartReturned,
    _answers("handed_over delivered", already="returned", too_early="placed accepted ready"),
    stock.give_back,
)
CANCEL: Final = Action(
    "cancelled",
    facts.PartCancelled,
    _answers("placed accepted ready", already="cancelled", too_late="handed_over delivered returned"),
    stock.free,
)
RIDE: Final = Action(  # nothing of the part changes by it but who brings it
    "handed_over",
    facts.RiderAsked,
    _answers("accepted ready handed_over", already="delivered returned", too_early="placed"),
    touches_goods=False,
)
