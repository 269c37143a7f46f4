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


@dataclass(frozen=True)
class ApplicationSent:
    """Somebody wants to sell: an organizer decides."""

    application_id: int
    contact_id: int
    conversation_id: int


@dataclass(frozen=True)
class ApplicationDecided:
    """An organizer opened the shop (`vendor_id`), or did not (None)."""

    application_id: int
    conversation_id: int
    vendor_id: int | None


@dataclass(frozen=True)
class PayoutAsked:
    """A shop wants to be paid on another number."""

    payout_id: int


@dataclass(frozen=True)
class PayoutStopped:
    """Who was told of it says that it was not he."""

    payout_id: int
    contact_id: int


@dataclass(frozen=True)
class PayoutEnded:
    """An organizer refused it, or the shop is paid on it from now on (`is_in_force`)."""

    payout_id: int
    is_in_force: bool


@dataclass(frozen=True)
class QuestionAsked:
    """A shop is asked something about a product."""

    question_id: int


@dataclass(frozen=True)
class QuestionAnswered:
    """Its shop has answered it."""

    question_id: int


@dataclass(frozen=True)
class QuestionUnanswered:
    """Its shop has not answered in its time: people do."""

    question_id: int


@dataclass(frozen=True)
class WordsStopped:
    """What somebody wrote was not passed on, as it asks to pay elsewhere (`payment`) or for a secret code (`code`).

    `by_shop`: an answer of the shop's, else the question itself.
    """

    question_id: int
    contact_id: int
    conversation_id: int
    words: str
    why: str
    by_shop: bool


@dataclass(frozen=True)
class ShopStood:
    """An organizer has decided about a shop: suspended, restored, another level."""

    standing_id: int
