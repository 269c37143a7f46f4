"""STOP, STOP TOUT and START: closed words that count as a whole message, whatever else it holds."""

from collections.abc import Mapping
from itertools import groupby
from typing import Literal

from bot.plain_words import plain

OptWord = Literal["stop", "stop_all", "start"]
WORDS: Mapping[str, OptWord] = {
    **dict.fromkeys(("stop", "arret", "arreter", "desabonner", "unsubscribe", "🛑"), "stop"),
    **dict.fromkeys(("stop tout", "tout stop", "stop all"), "stop_all"),
    **dict.fromkeys(("start", "reprendre"), "start"),
}
THANKS = frozenset({"merci", "thanks"})


def read_opt(text: str) -> OptWord | None:
    """What a whole message asks for beside politeness, thanks and repeats: `STOP!!`, `stoppp`, `stop svp`, `Stop stop`.

    None for everything else: `stop moustique` is a product.
    """
    said = [word for word, _ in groupby(plain(text).split())]
    while len(said) > 1 and said[-1] in THANKS:
        said.pop()
    return WORDS.get(" ".join(said))
