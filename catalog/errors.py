"""What the catalog refuses."""


class CatalogError(Exception):
    """The root of this room's refusals."""


class NotAPicture(CatalogError):
    """The bytes are no picture that can be read, or one of more pixels than we open."""


class NegativeCount(CatalogError):
    """A shop was said to hold less than nothing."""
