"""What happened to goods; ids only, who reacts reads the rest."""

from dataclasses import dataclass


@dataclass(frozen=True)
class GoodsArrived:
    """What somebody waited for can be bought: this product, for the words of an alert that has ended with it."""

    alert_id: int
    contact_id: int
    conversation_id: int
    product_id: int


@dataclass(frozen=True)
class PromotionBegan:
    """A promotion that was planned is in force."""

    promotion_id: int


@dataclass(frozen=True)
class PromotionEnded:
    """The time of a promotion is over: what it was of costs as before."""

    promotion_id: int
