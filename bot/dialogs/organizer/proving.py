"""The code of an organizer's second factor, before what weighs much: whether it is wanted, read, and right."""

import re
from typing import Final, Literal

from bot import second_factor
from bot.messages import Incoming
from bot.second_factor import Checked
from bot.turn import Turn

_CODE: Final = re.compile(r"\s*(\d{3})[ .-]?(\d{3})\s*")
Need = Literal["trusted", "asked", "unenrolled"]


def read_code(said: Incoming) -> str | None:
    """Six digits, in one piece or two."""
    found = None if said.tap or said.media else _CODE.fullmatch(said.text)
    return found[1] + found[2] if found else None


def need(turn: Turn) -> Need:
    """Whether a right code of the last ten minutes in this chat is good still, one is asked for, or none can be."""
    if second_factor.trusted_until(turn.db, turn.person.contact_id, turn.conversation_id, turn.now):
        return "trusted"
    return "asked" if second_factor.is_enrolled(turn.db, turn.person.contact_id) else "unenrolled"


def prove(turn: Turn, code: str) -> Checked:
    """Use a code of his; a right one is good for ten minutes here."""
    key = turn.config.lasting_key
    return second_factor.check(turn.db, key, turn.person.contact_id, turn.conversation_id, code, turn.now)
