"""What a process reads before anybody's message needs it: the phrases of every role, the words of everyday French."""

import threading

from base import lexicon
from bot.understanding import read_phrasebooks


def warm_after(seconds: float) -> None:
    """Read them in a thread of its own, so many seconds from now: it is a second of CPU.

    One that is started anew amid many messages has better use for it; what comes before reads what it needs itself.
    """
    warming = threading.Timer(seconds, warm)
    warming.name, warming.daemon = "warm", True
    warming.start()


def warm() -> None:
    """Read them now."""
    read_phrasebooks()
    lexicon.read()
