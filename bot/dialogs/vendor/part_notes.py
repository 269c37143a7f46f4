"""What stands below a vendor's part of an order: payment, the buyer's word, who brings it, where it was left."""

from collections.abc import Iterator

from bot import received
from bot.dialogs.means import words
from bot.rider_words import called
from bot.turn import Turn
from orders.complaints import without_numbers
from orders.due import IN_PREPARATION
from orders.reports import Part
from orders.riders import bearer as bearer_of
from orders.states import OPEN, RIDE


def by_voice(turn: Turn, voice_id: int | None, key: str) -> str:
    """Its address on a line of its own; '' without one that is kept."""
    files = received.of_messages(turn.db, [voice_id]) if voice_id else []
    sounds = [file for file in files if (file.kind, file.state) == ("audio", "kept")]
    return "".join("\n" + words(turn, key, url=received.link(turn.config, one, turn.now)) for one in sounds)


def notes_of(turn: Turn, part: Part) -> Iterator[str]:
    """Each a line or more."""
    if part.prepaid and part.state in OPEN:
        key = "not_yet" if part.is_unpaid else "may_leave" if part.state in IN_PREPARATION else "before"
        yield words(turn, f"vendor.paid.{key}", prepaid=part.prepaid)
    if part.payment != "cash" or part.payment_phone:
        key = "vendor.pays_from" if part.payment_phone else "vendor.pays"
        yield words(turn, key, method=words(turn, f"method.{part.payment}"), phone=part.payment_phone)
    if part.note and part.state in OPEN:
        yield words(turn, "vendor.note", note=without_numbers(part.note))
    bearer = bearer_of(turn.db, part.id) if part.state in RIDE.sources else None
    if bearer:
        yield words(turn, "vendor.brought_by", rider=called(bearer.phone, bearer.name))
    if part.is_undecided:
        yield words(turn, "vendor.buyer_chooses")
    if part.carrier:
        yield words(turn, "vendor.left_at", carrier=part.carrier, receipt=part.receipt or "—")
