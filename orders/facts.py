"""What happened to baskets and orders; ids only, who reacts reads the rest in orders.reports."""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True)
class OrderPlaced:
    """A buyer confirmed; every part waits for its vendor."""

    order_id: int
    vendor_order_ids: tuple[int, ...]


@dataclass(frozen=True)
class BasketForgotten:
    """The reminder of a filled basket is due: `lines` in it, F CFA of its goods at the prices last seen."""

    basket_id: int
    contact_id: int
    lines: int
    goods: int


@dataclass(frozen=True)
class PartFact:
    """Something happened to one vendor's part of an order."""

    order_id: int
    vendor_order_id: int


@dataclass(frozen=True)
class PartAccepted(PartFact):
    """The vendor will prepare it."""


@dataclass(frozen=True)
class PartRefused(PartFact):
    """The vendor can't serve it; the reason stands in the part's history."""


@dataclass(frozen=True)
class PartCut(PartFact):
    """The vendor will prepare a part of it; what is left of each line stands in its history, and the buyer chooses."""


@dataclass(frozen=True)
class PartRestKept(PartFact):
    """The buyer wants what is left of it, or has said nothing in his time."""


@dataclass(frozen=True)
class RiderAsked(PartFact):
    """Its shop names somebody who brings it (orders.riders)."""


@dataclass(frozen=True)
class RiderChanged(PartFact):
    """Somebody else brings it now: the one before has no more to do with it."""

    contact_id: int


@dataclass(frozen=True)
class PartReady(PartFact):
    """It waits in the shop."""


@dataclass(frozen=True)
class PartHandedOver(PartFact):
    """It left the shop."""


@dataclass(frozen=True)
class PartDelivered(PartFact):
    """The buyer's code was told."""


@dataclass(frozen=True)
class PartCancelled(PartFact):
    """The buyer no longer wants it."""


@dataclass(frozen=True)
class PartExpired(PartFact):
    """The vendor did not answer in time."""


@dataclass(frozen=True)
class PartReturned(PartFact):
    """It came back to the shop: not taken at the door, or given back later."""


@dataclass(frozen=True)
class PartSilent(PartFact):
    """Its vendor has not answered for a while, and is reminded."""


@dataclass(frozen=True)
class PartUnanswered(PartFact):
    """He has been silent so long that his buyer is offered another shop."""


@dataclass(frozen=True)
class PartLate(PartFact):
    """It should have left the shop by now."""


@dataclass(frozen=True)
class PartVeryLate(PartFact):
    """As much time has passed once more."""


@dataclass(frozen=True)
class PartChanged(PartFact):
    """Its buyer wants something else than he ordered; what, stands in the part's history."""


@dataclass(frozen=True)
class PartMoved(PartFact):
    """Another shop is asked in place of its own."""

    was_waiting: bool  # its own shop had not answered
    new_part_id: int


@dataclass(frozen=True)
class ComplaintMade(PartFact):
    """A buyer is not content with it."""

    complaint_id: int


@dataclass(frozen=True)
class ComplaintSettled(PartFact):
    """A person took care of it."""

    complaint_id: int


@dataclass(frozen=True)
class PaymentArranged(PartFact):
    """A person settled what is paid before: it may leave the shop."""


@dataclass(frozen=True)
class PaymentTaken(PartFact):
    """A person had taken what is paid before for a part that ended meanwhile: it is owed back."""


@dataclass(frozen=True)
class PaymentReturned(PartFact):
    """A person gave back what was paid before."""


@dataclass(frozen=True)
class CodeLocked(PartFact):
    """Too many wrong delivery codes: an organizer has to look."""


@dataclass(frozen=True)
class CodeUnlocked(PartFact):
    """An organizer looked: the code may be tried again."""


@dataclass(frozen=True)
class ShopTurned:
    """A shop opened or closed by itself, at the moment that its vendor had told."""

    vendor_id: int
    is_open: bool


@dataclass(frozen=True)
class ShopDayOver:
    """A shop closes for the day: what it sold since the morning, and what lies before it.

    `goods`, `due` in F CFA: sold today, and still to be paid on receipt of all that is open.
    """

    vendor_id: int
    orders: int
    goods: int
    waiting: int
    preparing: int
    due: int
    best: str  # the good that was sold most, '' without one
    best_units: int


@dataclass(frozen=True)
class StockUnsure:
    """Nobody has said for long what lies there of these goods."""

    vendor_id: int
    names: tuple[str, ...]


OVER: Final = (PartRefused, PartCancelled, PartExpired, PartReturned, PartMoved)
"""What ends a part without its goods being kept."""
