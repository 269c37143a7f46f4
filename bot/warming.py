"""What a process reads before it takes a turn: phrases, models and words of every role, everyday French, goods' words.

It is two seconds of CPU, and a turn that had to read it would hold its rows, and what it has claimed, for as long. The
words of a million goods are some seconds more, most of which the database is busy with.
"""

import threading
from functools import cache
from importlib import import_module
from typing import Final

from base import lexicon
from base.memory import lie_in_large_pages
from bot.engine import Sender, Taker
from bot.running import Bot
from bot.understanding import read_models, read_phrasebooks
from catalog import vocabulary

OF_ROLES: Final = ("mixed", "unread", "vendor_hearing", "organizer_hearing", "organizer_likely")  # with all below them


def warm_after(seconds: float) -> None:
    """Read it now, or in a thread of its own so many seconds from now.

    A worker that is started anew has better use for its first ones, as long as nobody waits for a turn of it.
    """
    if not seconds:
        return warm()
    warming = threading.Timer(seconds, warm)
    warming.name, warming.daemon = "warm", True
    return warming.start()


def taker_of(bot: Bot, sender: Sender) -> Taker:
    """Who takes turns in this process, once it has read the words of the goods: a turn that comes before waits for it.

    Raises the errors of an absent database.
    """
    vocabulary.read_ahead(bot.database)
    return Taker(bot, sender=sender, prepare=warm)


@cache
def warm() -> None:
    """Read it now, once; of what a process keeps this is the last."""
    for name in OF_ROLES:
        import_module(f"bot.understanding.{name}")
    read_phrasebooks()
    read_models()
    lexicon.read()
    lie_in_large_pages()
