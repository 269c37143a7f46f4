"""What phrases do not know and the rooms do: words that were taught, and names of goods."""

from bot.dialogs.buyer import details
from bot.messages import Heard
from bot.turn import Turn
from bot.understanding import bare_words, phrased
from catalog import search, synonyms

BARE_NAME = 0.7  # confidence: likely, so that an open question keeps its words


def recognise(turn: Turn, hat: str, text: str) -> tuple[Heard, ...]:
    """What was taught since the release, or a bare name: of a variant on show, or of goods that a buyer looks for.

    A message that is understood as it was typed never comes here; only a closed question gives way to a bare name.
    """
    meant = synonyms.meant(turn.db, text)
    heard = phrased(hat, meant) if meant != text else ()
    if heard:
        return heard
    named = bare_words(meant) if hat == "buyer" else ""
    if named and details.names_variant(turn, named):
        return (Heard("ask_variant", {"size": named}, BARE_NAME),)
    if named and search.names_goods(turn.db, named):
        return (Heard("search", {"product": named}, BARE_NAME),)
    return ()
