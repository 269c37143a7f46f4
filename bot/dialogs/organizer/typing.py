"""An organizer types what he hears in a vendor's voice note."""

from typing import Literal, TypedDict

from bot import voices
from bot.dialogs.means import number_of, take_alone
from bot.dialogs.organizer import attending
from bot.turn import Turn

TYPED = "typed"  # in memory: the line's id and what was typed of it


class Typed(TypedDict):
    """What was typed, and of whom: his name behind a blank in brackets, or ''."""

    name: str
    words: str


def keep_words(turn: Turn, words: str) -> Literal["kept"]:
    """Shown before it is sent."""
    turn.memory[TYPED] = [number_of(turn.memory.get("item", 0)), voices.tidy(words)]
    return "kept"


def _words(turn: Turn) -> str:
    """What was typed of the line on show."""
    line, words = turn.memory.get(TYPED, [0, ""])
    return str(words) if line == number_of(turn.memory.get("item", 0)) else ""


def is_typed(turn: Turn) -> bool:
    """Whether something was typed of a line that is still open."""
    return bool(_words(turn)) and attending.waits(turn)


def typed(turn: Turn) -> Typed:
    """Values of the question whether it is right."""
    return {"name": attending.whom(turn)["name"], "words": _words(turn)}


def send(turn: Turn) -> Literal["sent", "before"]:
    """It goes to the vendor, who says yes or no; the line is settled with that."""
    take_alone(turn)
    words = _words(turn)
    turn.memory.pop(TYPED, None)
    line = number_of(turn.memory.get("item", 0))
    return "sent" if voices.send(turn.db, line, words, turn.person.contact_id) else "before"
