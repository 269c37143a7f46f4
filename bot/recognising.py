"""What words say in this market: links first, then phrases, what was taught, names of goods, and a guess at last."""

import re
from functools import partial
from typing import TYPE_CHECKING, Final

from base.later import Later
from base.spelling import fold
from bot import arriving, comments, order_words, own_names, shop_words
from bot.dialogs.buyer import choosing, details
from bot.dialogs.buyer.wishes import wishes
from bot.messages import Heard
from bot.rider_words import hear_rider
from bot.routing import GUESS, LIKELY
from bot.turn import Turn
from bot.understanding import bare_words, guessed, phrased
from bot.understanding.buyer_asking import ALONE
from bot.understanding.week_asking import put_to_speaker
from catalog import matching, search, synonyms
from orders import reports
from orders.codes import PREFIX, read_code

if TYPE_CHECKING:
    from bot.understanding import bare_lines
else:
    bare_lines = Later("bot.understanding.bare_lines")

BUYER: Final = "buyer"
VENDOR: Final = "vendor"
WISHES: Final = frozenset({"search", "order"})  # what a comment is only answered where there are such goods
_WISHED: Final = re.compile(
    r"\b(?:(?:veux|voudrais|voulons|cherche|prends|commande|achete|acheter|besoin|want|need|buy)\b|il (?:me|nous) faut)"
)
LONGEST_CODE: Final = 20  # characters of an order's code as it is typed
MOVES: Final = frozenset({"add_stock", "remove_stock"})


def recognise(turn: Turn, hat: str, text: str) -> tuple[Heard, ...]:
    """The readings of a message; of a public comment those that may be answered."""
    in_words = partial(_in_words, turn, hat)
    heard = arriving.hear(turn, text, in_words) if hat == BUYER else in_words(text)
    return _in_public(turn, heard) if turn.said.comment else heard


def _in_words(turn: Turn, hat: str, text: str) -> tuple[Heard, ...]:
    """A message that is understood as it was typed is looked up in no room."""
    first = _exactly(hat, text) or phrased(hat, text, turn.now)
    if hat != VENDOR:
        return first or _in_market(turn, hat, text)
    named = own_names.hear(turn, text, first, partial(_read, turn, hat))
    return _leading_on(text, named or first or _in_market(turn, hat, text))


def _leading_on(text: str, heard: tuple[Heard, ...]) -> tuple[Heard, ...]:
    """The readings; where none is likely what a line is by its shape: of goods that are not there he is asked."""
    if heard and min(one.confidence for one in heard) >= LIKELY:
        return heard
    may_count = not heard or heard[0].intent == "set_stock"
    return bare_lines.read_bare_line(text, may_count=may_count) or _counted_anew(text, heard) or heard


def _counted_anew(text: str, heard: tuple[Heard, ...]) -> tuple[Heard, ...]:
    """Goods that came or went, nobody knows which: how many are there is asked, and nothing is moved the wrong way.

    Who wishes for something may want to buy it.
    """
    if _WISHED.search(fold(text)):
        return ()
    product = heard[0].slots.get("product") if len(heard) == 1 and heard[0].intent in MOVES else None
    return (Heard("set_stock", {"product": product}, GUESS),) if product else ()


def _exactly(hat: str, text: str) -> tuple[Heard, ...]:
    """What exact phrases of vendors say; a question to who speaks in a workshop is that, whatever number it holds."""
    if hat != VENDOR or put_to_speaker(text):
        return ()
    return hear_rider(text) or shop_words.hear(text) or order_words.hear(text)


def _read(turn: Turn, hat: str, text: str) -> tuple[Heard, ...]:
    return _exactly(hat, text) or phrased(hat, text, turn.now) or _in_market(turn, hat, text)


def _in_market(turn: Turn, hat: str, text: str) -> tuple[Heard, ...]:
    return _known_here(turn, hat, text) or guessed(hat, text, turn.now)


def _known_here(turn: Turn, hat: str, text: str) -> tuple[Heard, ...]:
    """What was taught since the release, the code of an own order, or a bare name: of a variant on show, of goods that
    a buyer looks for, or of a vendor's own.

    Only a closed question gives way to a bare name.
    """
    meant = synonyms.meant(turn.db, text)
    heard = phrased(hat, meant) if meant != text else ()
    if heard:
        return heard
    if hat == VENDOR:
        return _own_goods(turn, bare_words(meant))
    code = read_code(text) if hat == BUYER and len(text) <= LONGEST_CODE else None
    if code and reports.order_by_code(turn.db, turn.person.contact_id, code):
        return (Heard("track", {"order": code.removeprefix(PREFIX), ALONE: True}),)
    named = bare_words(meant) if hat == BUYER else ""
    if named and details.names_variant(turn, named):
        return (Heard("ask_variant", {"size": named}, own_names.BARE_NAME),)
    if named and search.names_goods(turn.db, named):
        return (Heard("search", {"product": named}, own_names.BARE_NAME),)
    return ()


def _own_goods(turn: Turn, named: str) -> tuple[Heard, ...]:
    """The goods of a vendor that he names and says nothing of: they are shown."""
    is_name = named and not any(letter.isdigit() for letter in named)
    wanted = [matching.Wanted(own_names.named(turn, named))]
    match = matching.find(turn.db, turn.person.vendor_ids, wanted)[0] if is_name else None
    return (Heard("list_my_products", {"product": named}, own_names.BARE_NAME),) if match and match.is_met else ()


def _in_public(turn: Turn, heard: tuple[Heard, ...]) -> tuple[Heard, ...]:
    """Nothing of a comment that was answered, that is old, or that wishes what is no good of this market."""
    is_answered = heard and all(_names_goods(turn, one) for one in heard) and comments.may_answer(turn)
    return heard if is_answered else ()


def _names_goods(turn: Turn, heard: Heard) -> bool:
    """Kisses and the names of friends look like wishes too."""
    named = wishes(heard.slots) if heard.intent in WISHES else []
    return not named or any(search.find(turn.db, choosing.without_names(wish["said"])).ids for wish in named)
