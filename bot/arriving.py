"""What a link opens: the code in somebody's words or beside them, and what the words say of it (`2 svp (P4K7)`)."""

import re
from collections.abc import Callable
from typing import Final

from base.spelling import fold, normalise
from bot import quoting, sources
from bot.dialogs.buyer.wishes import wishes
from bot.dialogs.readers import read_quantity
from bot.messages import Heard, Incoming, Sender
from bot.texts import languages, say
from bot.turn import Turn
from bot.understanding.goods import UNIT_OF
from catalog import search
from catalog.links import Link
from catalog.products import Product, product, products_by_slug
from catalog.vendors import vendor

InWords = Callable[[str], tuple[Heard, ...]]
OPEN_LINK: Final = "open_link"
ANSWERED_BY_ITS_CARD: Final = frozenset({"order", "ask_price", "ask_stock"})  # of what may be asked about a product
LONGEST_SAID: Final = 60  # characters of the words beside a code that are kept


def hear(turn: Turn, text: str, in_words: InWords) -> tuple[Heard, ...]:
    """The readings of a buyer's message, which may hold a code of ours or come with one; `in_words` reads the rest.

    A code that opens nothing, or nothing any more, is passed over: the rest is heard as if it had been typed alone.
    """
    read = sources.link_in(text)
    shown = _product_beside(turn)
    link = read.link or (Link("product", shown.id) if shown else sources.link_beside(turn.said))
    if link and link.kind == "product":
        found = product(turn.db, link.id)
        if found:
            return _of_product(turn, found, read.rest, in_words)
    if link and link.kind == "shop" and vendor(turn.db, link.id):
        return (_open(link),)
    heard = _beside(turn, read.rest, in_words, is_gone=link is not None and link.kind == "product")
    return heard or ((_open(link),) if link else ())


def _product_beside(turn: Turn) -> Product | None:
    """The good of the provider's catalogue that a message is about."""
    slug = turn.said.product
    return products_by_slug(turn.db, [slug]).get(slug) if slug else None


def _open(link: Link, **slots: object) -> Heard:
    return Heard(OPEN_LINK, {"kind": link.kind, "id": link.id, **slots})


def _beside(turn: Turn, rest: str, in_words: InWords, *, is_gone: bool) -> tuple[Heard, ...]:
    """The words without a code; of our own words, whose code was lost or whose good is gone, what they name."""
    named = _without_ours(rest)
    if named != rest and (is_gone or search.names_goods(turn.db, named)):
        return (Heard("search", {"product": named}),) if named else ()
    return in_words(rest) if rest else ()


def _without_ours(text: str) -> str:
    """A text without the words that our links to goods begin with: `Bonjour, je viens pour …`."""
    for language in languages():
        ours = say(language, "link.product", {"name": "", "code": ""}).partition("(")[0].strip()
        if text.casefold().startswith(ours.casefold()):
            return text[len(ours) :].strip()
    return text


def _of_product(turn: Turn, shown: Product, rest: str, in_words: InWords) -> tuple[Heard, ...]:
    """It is opened with the quantity that the words say; a question about it is answered; a list is a list."""
    said = _without_name(_without_ours(rest), shown.name)
    heard = in_words(said) if said else ()
    of_it = {one.intent for one in heard} - ANSWERED_BY_ITS_CARD
    if of_it and of_it <= quoting.OF_A_PRODUCT:
        quoting.speak_of(turn, shown.id)
        return heard
    wished = [wish for one in heard if one.intent == "order" for wish in wishes(one.slots)]
    if len(wished) > 1:
        return in_words(rest)
    unit = (UNIT_OF.get(fold(wished[0]["said"])) or wished[0]["unit"]) if wished else ""
    quantity = wished[0]["quantity"] if wished else 0
    quantity = quantity or read_quantity(Incoming("", Sender(()), said)) or _counted(heard)
    slots = {"quantity": quantity, "unit": unit, "said": said[:LONGEST_SAID]} if quantity else {}
    return (_open(Link("product", shown.id), **slots),)


def _counted(heard: tuple[Heard, ...]) -> int:
    """A quantity that was said of no product by name: `j'en prends 3`."""
    said = [one.slots.get("quantity") for one in heard if one.intent == "order"]
    return next((one for one in said if isinstance(one, int)), 0)


def _without_name(text: str, name: str) -> str:
    """Words without a good's own name, whose figures are no quantity, however it was spaced."""
    words = " ".join(normalise(text).split())
    tokens = r"\s*".join(re.escape(word) for word in normalise(name).split())
    return " ".join(re.sub(rf"\b{tokens}\b", " ", words).split()) if re.search(rf"\b{tokens}\b", words) else text
