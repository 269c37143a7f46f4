"""What happened in the catalog; ids only, who reacts reads the rest."""

from dataclasses import dataclass


@dataclass(frozen=True)
class MorePromisedThanOnHand:
    """A vendor counted less than he has promised: he is asked which order can't be served."""

    stock_id: int
    vendor_id: int
