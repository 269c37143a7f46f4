"""What happened to baskets and orders; ids only, who reacts reads the rest in orders.reports."""

from dataclasses import dataclass


@dataclass(frozen=True)
class OrderPlaced:
    """A buyer confirmed; every part waits for its vendor."""

    order_id: int
    vendor_order_ids: tuple[int, ...]


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
class CodeLocked(PartFact):
    """Too many wrong delivery codes: an organizer has to look."""


@dataclass(frozen=True)
class CodeUnlocked(PartFact):
    """An organizer looked: the code may be tried again."""
