"""What a process reads before anybody's message needs it: phrases and words of every role, and everyday French."""

import threading
from importlib import import_module
from typing import Final

from base import lexicon
from bot.understanding import read_phrasebooks

OF_ROLES: Final = ("mixed", "unread", "vendor_hearing", "organizer_hearing", "organizer_likely")  # with all below them


def warm_after(seconds: float) -> None:
    """Read them in a thread of its own, so many seconds from now: it is more than a second of CPU.

    One that is started anew amid many messages has better use for it; what comes before reads what it needs itself.
    """
    warming = threading.Timer(seconds, warm)
    warming.name, warming.daemon = "warm", True
    warming.start()


def warm() -> None:
    """Read them now."""
    for name in OF_ROLES:
        import_module(f"bot.understanding.{name}")
    read_phrasebooks()
    lexicon.read()
