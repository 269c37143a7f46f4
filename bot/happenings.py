"""What befalls a chat at its provider without a word of the person's: each kind is heeded in its own room."""

from collections.abc import Callable, Mapping
from typing import Final

from bot import consent, handover, names, typed
from bot.messages import Happened
from bot.turn import Turn


def heed(turn: Turn, happened: Happened) -> None:
    """Do what follows from it, in its turn's transaction; nothing is said. Raises Alone in a batch."""
    HEEDED[happened.what](turn, happened)


def _switch(turn: Turn, happened: Happened) -> None:
    consent.switch_announcements(turn, is_on=happened.what == "resumed")


HEEDED: Final[Mapping[str, Callable[[Turn, Happened], None]]] = {
    "stopped": _switch,
    "resumed": _switch,
    "taken_over": handover.take_over,
    "given_back": handover.give_back,
    "answered": handover.expect_reply,
    "renamed": names.rename,
    "typed": typed.read,
}
