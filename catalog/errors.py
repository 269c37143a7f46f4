"""What the catalog refuses."""


class CatalogError(Exception):
    """The root of this room's refusals."""


class NotAPicture(CatalogError):
    """The bytes are no picture that can be read, or one of more pixels than we open."""


class NegativeCount(CatalogError):
    """A shop was said to hold less than nothing."""


class UnknownGood(CatalogError):
    """A change was asked for a product that is not of these shops."""


class ImpossibleAmount(CatalogError):
    """A change was asked to a number of units or a price that nothing can have."""
