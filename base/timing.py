"""Every duration that the program waits for, in seconds, as shipped."""

from typing import Any, Final, Self

from pydantic import BaseModel, ConfigDict, Field, NonNegativeFloat, PositiveFloat, ValidationInfo, field_validator

RATIOS: Final = frozenset({"send_retry_spread"})
Steps = tuple[NonNegativeFloat, ...]


class Timing(BaseModel):
    """Durations in seconds (design §1, §3, §4, §6); `send_retry_spread` alone is a ratio."""

    model_config = ConfigDict(frozen=True, extra="forbid", validate_default=True)

    # joining of messages that belong together
    joins_words: PositiveFloat = 1.2
    joins_words_most: PositiveFloat = 4
    joins_photos: PositiveFloat = 3
    joins_photos_most: PositiveFloat = 8
    # turns
    retry_turn: Steps = Field(default=(1, 5, 30, 120), min_length=1)
    poll: PositiveFloat = 1
    # sends
    reply_too_old: PositiveFloat = 3600
    notice_too_old: PositiveFloat = 72 * 3600
    send_retry: Steps = Field(default=(2, 8, 30, 120, 600), min_length=1)
    send_retry_spread: NonNegativeFloat = Field(default=0.2, lt=1)
    notice_retry_after: PositiveFloat = 3600
    call_connect: PositiveFloat = 3  # of each call out
    call_read: PositiveFloat = 10  # between two parts of its answer
    call_most: PositiveFloat = 30  # until its answer is whole
    lease: PositiveFloat = 30
    uncertain_look_ups: Steps = (45, 75)
    uncertain_most: PositiveFloat = 75
    early_report: PositiveFloat = 600
    template_wait: PositiveFloat = 120  # before it is looked again whether a bubble's template may be sent
    templates_look: PositiveFloat = 1800  # between two questions to a provider how its templates stand
    attention_pause: PositiveFloat = 60  # between two notices to the organizers of one kind of line
    # the chat
    typing_again: PositiveFloat = 5  # between two signs to one person that somebody writes
    silence: PositiveFloat = 6 * 3600
    handover: PositiveFloat = 12 * 3600  # after the last answer by hand the bot answers again
    comment_answered: PositiveFloat = 7 * 24 * 3600  # in private, from when it was written (channels.md §3.3)
    session_cache: PositiveFloat = 24 * 3600
    # orders
    hold: PositiveFloat = 15 * 60
    unanswered_order: PositiveFloat = 24 * 3600
    vendor_reminded: PositiveFloat = 15 * 60  # opening time without an answer, as the next
    another_offered: PositiveFloat = 60 * 60
    answer_opening: PositiveFloat = 2 * 3600  # that much of it passes before an order that nobody answers expires
    rest_kept: PositiveFloat = 2 * 3600  # and before what is left of an order is kept, though its buyer says nothing
    question_waits: PositiveFloat = 10 * 60  # opening time in which a shop answers a question before people do
    question_waits_most: PositiveFloat = 24 * 3600  # a shop that is shut for longer is not waited for
    complained_of: PositiveFloat = 30 * 24 * 3600  # how old an order may be that a complaint without a name means
    basket_kept: PositiveFloat = 7 * 24 * 3600
    # the days of a shop
    confirmed: PositiveFloat = 7 * 24 * 3600  # for so long a vendor's count of a good is taken for right
    day_told: PositiveFloat = 2 * 3600  # later than that the evening's and the morning's words are left out
    # what is kept
    chat_kept: PositiveFloat = 90 * 24 * 3600  # what was said, from then or from the end of the order it was about
    order_in_chat: PositiveFloat = 24 * 3600  # before an order is placed, the chat is about it already
    order_open_most: PositiveFloat = 365 * 24 * 3600  # an order that never ends keeps a chat no longer than this
    seen_kept_beyond: PositiveFloat = 30 * 24 * 3600
    count_in_turn: NonNegativeFloat = 1.0  # an organizer's count that takes longer is a job's; 0: each is
    count_apart: PositiveFloat = 15 * 60  # there
    count_again: PositiveFloat = 15 * 60  # one that took even longer
    count_good: PositiveFloat = 3600  # what a job has counted is shown for so long
    retention_every: PositiveFloat = 600  # from the end of one pass through all that is old to the next
    # who is who
    payout_wait: PositiveFloat = 24 * 3600  # before a shop is paid on another number
    rights_silent: PositiveFloat = 90 * 24 * 3600  # after so long a number may be somebody else's
    link_code: PositiveFloat = 600
    link_tries: PositiveFloat = 3600  # in which wrong codes count
    # files that people send
    fetch_lease: PositiveFloat = 120  # longer than call_most: nobody else fetches meanwhile
    fetch_retry: Steps = Field(default=(1, 3, 10, 60, 600, 3600, 6 * 3600), min_length=1)
    received_link: PositiveFloat = 7 * 24 * 3600
    proposal_kept: PositiveFloat = 7 * 24 * 3600  # a vendor's change that he has not answered
    voice_kept: PositiveFloat = 30 * 24 * 3600  # and other files as chats
    pin_kept: PositiveFloat = 30 * 24 * 3600  # of an order, after its end
    spool_aside_kept: PositiveFloat = 30 * 24 * 3600
    erasure_grace: PositiveFloat = 7 * 24 * 3600
    erasure_again: PositiveFloat = 24 * 3600  # an order is open at its time
    inactive_profile: PositiveFloat = 730 * 24 * 3600  # 24 months
    document_link: PositiveFloat = 3600  # of a file with somebody's data
    receipt_link: PositiveFloat = 7 * 24 * 3600
    # messages whose webhooks were lost
    reconcile_every: PositiveFloat = 300  # between two looks at what a provider remembers of an account
    reconcile_overlap: PositiveFloat = 600  # a provider's list may be late
    reconcile_young: PositiveFloat = 60  # a younger message is left to its webhook
    reconcile_most: PositiveFloat = 24 * 3600  # an older one is missed for good: its window is shut
    # processes
    spool_drain: PositiveFloat = 1
    invariants_check: PositiveFloat = 60
    figures_known: PositiveFloat = 5

    @field_validator("lease")
    @classmethod
    def _outlasts_a_call(cls, lease: float, others: ValidationInfo) -> float:
        """A send that is not answered must end by its own time-outs: whoever sends learns most of it."""
        if lease <= others.data.get("call_connect", 0) + others.data.get("call_read", 0):
            raise ValueError("should be longer than call_connect and call_read together")
        return lease

    def divided_by(self, n: float) -> Self:
        """The same life, n times as fast: for tests that kill and wait."""
        return self.model_copy(update={name: _divided(name, value, n) for name, value in self})


def _divided(name: str, value: Any, n: float) -> Any:
    if name in RATIOS:
        return value
    return tuple(step / n for step in value) if isinstance(value, tuple) else value / n
