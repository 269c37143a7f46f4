"""The list of a workshop to print, at a signed address: its name, and what stands on it; `roll_drawing` draws it."""

from typing import TYPE_CHECKING, Final

from pydantic import JsonValue

from base.db import Db
from base.later import Later
from bot import rolls
from bot.files import Document
from events import programme
from events.programme import Workshop

if TYPE_CHECKING:
    from bot import roll_drawing
else:
    roll_drawing = Later("bot.roll_drawing")  # with all that makes PDF: for who serves pages alone

KIND: Final = "roll"  # of the signed address


def name_of_page(workshop: Workshop) -> str:
    """The name it is saved by."""
    return f"atelier-{workshop.number}.pdf"


def document(db: Db, payload: JsonValue) -> Document | None:
    """The list of the workshop whose number a token holds, as it stands now."""
    is_number = isinstance(payload, int) and not isinstance(payload, bool)
    workshop = programme.workshop(db, payload) if is_number and isinstance(payload, int) else None
    if workshop is None:
        return None
    roll = rolls.roll(db, workshop.id)
    return Document(name_of_page(workshop), "application/pdf", lambda: roll_drawing.draw(workshop, roll))
