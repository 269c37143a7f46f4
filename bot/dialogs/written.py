"""What one side writes to the other through the market: read, looked at, and with its numbers and links hidden."""

from typing import Literal, TypedDict

from base.hiding import hidden
from base.spelling import fold, is_politeness, normalise
from bot import stopping
from bot.dialogs.files import row_of
from bot.dialogs.means import words
from bot.messages import Incoming
from bot.question_news import address_of
from bot.stopping import Why
from bot.turn import Turn
from catalog.questions import LONGEST, Said, Waits

FileKind = Literal["", "image", "audio"]


class Written(TypedDict):
    """Words, and the kind of file that came with them."""

    words: str
    file: FileKind


class Stopped(TypedDict):
    """Why it went nowhere: the tail of a text key."""

    why: str


def read_question(said: Incoming) -> Written | None:
    """A question: words with a letter in them, a picture or a voice note."""
    read = read_answer(said)
    return read if read and (read["file"] or any(map(str.isalpha, read["words"]))) else None


def read_answer(said: Incoming) -> Written | None:
    """An answer: any words that are more than politeness, `oui` and `3` among them; a picture, a voice note.

    What is longer than LONGEST characters is cut.
    """
    if said.tap or said.location or said.cards or said.cart:
        return None
    words = " ".join(said.text.split())[:LONGEST]
    kinds: tuple[FileKind, ...] = ("image", "audio")
    kind: FileKind = next((one for one in kinds for media in said.media if media.kind == one), "")
    if kind:
        return {"words": words, "file": kind}
    is_said = bool(fold(words)) and not said.media and not is_politeness(normalise(words).split())
    return {"words": words, "file": ""} if is_said else None


def why_stopped(written: Written) -> Why | None:
    """Why this is not passed on; None for what is."""
    return stopping.stopped(written["words"])


def to_pass_on(turn: Turn, written: Written) -> Said:
    """The same as the other side may see it."""
    return Said(hidden(written["words"]), row_of(turn, written["file"]) if written["file"] else None)


def as_written(turn: Turn, written: Written) -> Said:
    """The same as it came, for who looks at what was stopped."""
    return Said(written["words"], row_of(turn, written["file"]) if written["file"] else None)


def is_hidden(written: Written) -> bool:
    """Whether something is taken out before it is passed on."""
    return hidden(written["words"]) != written["words"]


def stopped(turn: Turn) -> Stopped:
    """Values of the answer to words that went nowhere."""
    return {"why": str(turn.memory.get("why", "payment"))}


def file_line(turn: Turn, inbox_id: int | None) -> str:
    """Where what came with the words can be seen or heard: a line break and a sentence, or ''."""
    url = address_of(turn.db, turn.config, inbox_id, turn.now)
    return "\n" + words(turn, "written.at", url=url) if url else ""


def waits(turn: Turn) -> Waits:
    """How long a shop is waited for."""
    timing, market = turn.config.timing, turn.config.market
    return Waits(timing.question_waits, timing.question_waits_most, market.opening)
