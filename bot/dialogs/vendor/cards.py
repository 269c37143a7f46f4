"""A contact card that no question waits for: whose it is, is asked before anything is done with it."""

from typing import Literal, TypedDict

from bot.dialogs.readers import phone_on
from bot.turn import Turn

CARD = "card"  # in memory
LONGEST_NAME = 60  # characters


class Shown(TypedDict):
    """Whose name is on it, or its phone."""

    name: str


class Told(TypedDict):
    """A phone in E.164 and a name, '' without one."""

    phone: str
    name: str


def keep(turn: Turn) -> Literal["kept", "unread"]:
    """Keep the first card that holds a phone."""
    card = next((one for one in turn.said.cards if phone_on(one)), None)
    if card is None:
        return "unread"
    turn.memory[CARD] = {"phone": phone_on(card), "name": " ".join(card.name.split())[:LONGEST_NAME]}
    return "kept"


def kept(turn: Turn) -> Told | None:
    """What the card says."""
    told: Told | None = turn.memory.get(CARD)
    return told


def is_kept(turn: Turn) -> bool:
    """Whether a card waits for an answer."""
    return CARD in turn.memory


def shown(turn: Turn) -> Shown:
    """Value of `who is it?`."""
    told = kept(turn)
    return {"name": told["name"] or told["phone"] if told else ""}
