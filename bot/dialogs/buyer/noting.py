"""A word of the buyer's to whoever sells: typed or by voice, passed on with the order."""

from typing import Literal, TypedDict

from bot import attention, stopping
from bot.dialogs.files import voice_of
from bot.dialogs.means import take_alone, words
from bot.messages import Incoming
from bot.turn import Turn
from orders import addresses
from orders.basket import basket_of

LONGEST_NOTE = 200  # characters
NOTE_STOPPED = "note_stopped"  # kind of the organizers' list


class Word(TypedDict, total=False):
    """What was said: words, or a voice note."""

    words: str
    voice: bool


class Noted(TypedDict):
    """What was said before, in words, on a line of its own; '' when nothing was."""

    before: str


def read_note(said: Incoming) -> Word | None:
    """A voice note, or words with a letter in them."""
    if any(media.kind == "audio" for media in said.media):
        return {"voice": True}
    typed = " ".join(said.text.split())[:LONGEST_NOTE]
    return {"words": typed} if any(map(str.isalpha, typed)) else None


def keep_note(turn: Turn, said: Word) -> Literal["kept", "stopped"]:
    """It goes with the order that is being made; `stopped`: not these words, and the organizers look at them."""
    take_alone(turn)
    why = stopping.stopped(said.get("words", ""))
    if why:
        turn.memory["why"] = why
        about = {"contact": turn.person.contact_id, "why": why, "detail": said.get("words", "")}
        attention.ask(turn.db, NOTE_STOPPED, about, turn.conversation_id)
        return "stopped"
    voice_id = voice_of(turn) if said.get("voice") else None
    addresses.set_note(turn.db, turn.person.contact_id, said.get("words"), voice_id)
    return "kept"


def drop_note(turn: Turn) -> Literal["kept"]:
    """Nothing is said after all."""
    take_alone(turn)
    addresses.set_note(turn.db, turn.person.contact_id, None)
    return "kept"


def noted(turn: Turn) -> Noted:
    """Values of the question what shall be said."""
    basket = basket_of(turn.db, turn.person.contact_id)
    if basket.note_voice_id:
        return {"before": words(turn, "buyer.note_before_voice") + "\n"}
    return {"before": words(turn, "buyer.note_before", note=basket.note) + "\n" if basket.note else ""}
