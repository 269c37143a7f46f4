"""A vendor's voice note: kept to be typed, and his yes or no to what it would change."""

from typing import Literal

from bot import attention, voices
from bot.dialogs.files import rows_of
from bot.dialogs.means import number_of
from bot.dialogs.vendor import changes, price_lists
from bot.dialogs.vendor.asks import Draft
from bot.dialogs.vendor.drafts import DRAFT
from bot.turn import Turn
from bot.voice_news import code_of
from catalog import adjusting

HOUR = 3600.0  # seconds
MEANT_WITHIN = 24.0  # hours: in which a bare yes may mean it


def keep(turn: Turn) -> Literal["kept", "again"]:
    """A line of its own for each note; where many wait, one for all the others, which a person answers."""
    if voices.keep(turn, rows_of(turn)):
        return "kept"
    attention.ask_to_look(turn.db, "voice_note", turn.conversation_id, turn.person.contact_id, rows_of(turn))
    return "again"


def apply_this(turn: Turn, given: str) -> Literal["done", "short", "changed", "gone", "passed"]:
    """The yes to a notice, by its button or by its code; a stock question that is open stays as it was."""
    adjustment_id = _meant(turn, given)
    if not adjustment_id:
        return "passed"
    own = turn.memory.get(DRAFT)
    turn.memory[DRAFT] = _asked(adjustment_id)
    outcome = changes.apply(turn)
    if outcome != "changed" and own:
        turn.memory[DRAFT] = own
    return "done" if outcome == "counted" else outcome


def drop_this(turn: Turn, given: str) -> Literal["dropped", "passed"]:
    """The no to it."""
    adjustment_id = _meant(turn, given)
    return "dropped" if adjustment_id and adjusting.drop(turn.db, adjustment_id) else "passed"


def _meant(turn: Turn, given: str) -> int:
    """The change that a button (`v417`) or a code (`417`) names, where it waits for his answer; else 0."""
    waiting = adjusting.waiting(turn.db, turn.person.contact_id, "voice", turn.config.timing.proposal_kept / HOUR)
    if given.startswith("v"):
        return number_of(given[1:]) if number_of(given[1:]) in waiting else 0
    return next((one for one in waiting if code_of(one) == given.partition(" ")[0]), 0)


def find_waiting(turn: Turn) -> Literal["voice", "list", "one", "several", "none"]:
    """A bare yes or no does nothing by itself: what it may be about is shown, to be answered there."""
    waiting = adjusting.waiting(turn.db, turn.person.contact_id, "voice", MEANT_WITHIN)
    if not waiting:
        return price_lists.find_waiting(turn)
    turn.memory[DRAFT] = _asked(waiting[0])
    return "voice"


def _asked(adjustment_id: int) -> Draft:
    return {
        "lines": [],
        "todo": [],
        "unknown": [],
        "is_sure": False,
        "adjustment": adjustment_id,
        "by_voice": True,
    }
