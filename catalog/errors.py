"""What the catalog refuses."""

from typing import Literal


class CatalogError(Exception):
    """The root of this room's refusals."""


Unfit = Literal["broken", "type", "large"]


class NotAPicture(CatalogError):
    """The bytes are no picture that can be read, of a kind that is not shown, or of more pixels than we open."""

    def __init__(self, told: str, why: Unfit = "broken") -> None:
        super().__init__(told)
        self.why = why


class NegativeCount(CatalogError):
    """A shop was said to hold less than nothing."""


class UnknownGood(CatalogError):
    """A change was asked for a product that is not of these shops."""


class ImpossibleAmount(CatalogError):
    """A change was asked to a number of units or a price that nothing can have."""
