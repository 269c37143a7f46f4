"""Answers that name what they answer.

A message that answers an older bubble: the row that its number means, or what is said of the product it showed. A
bubble that answers an older message, which it quotes.
"""

from collections.abc import Collection
from dataclasses import replace
from typing import Any, Final

from base.db import Db
from base.spelling import fold
from bot.answers import Composed
from bot.dialogs.readers import read_quantity
from bot.documents import outgoing_from
from bot.messages import Heard, Incoming, Outgoing
from bot.plain_words import WORDS, plain
from bot.readings import number_typed
from bot.taps import read_tap
from bot.turn import Turn
from bot.understanding import understand
from bot.world import Moment, Quoted, Turned

OF_A_PRODUCT: Final = frozenset(
    "ask_price ask_stock ask_photo ask_variant ask_quality order negotiate ask_seller_info ask_delivery".split()
)
"""Intents that may be about a product without naming it."""
THIS: Final = WORDS["yes"] | {plain(words) for words in ("ça", "celui-ci", "celle-ci", "ceci", "celui-là", "this one")}


def read(turn: Turn, hat: str, said: Incoming, asked: Collection[int]) -> Quoted:
    """What a message means as an answer to the bubble it quotes; the product of that bubble is spoken of from now on.

    Nothing of its own when that bubble carries the open question (`asked`: its said numbers), or is none of ours.
    """
    found = _bubble(turn.db, turn, said.replied_to)
    if found is None or found.said_at in asked:
        return Quoted()
    bubble = outgoing_from(found.bubble)
    tap = _offer(bubble, said.text)
    if tap:
        return Quoted(tap)
    heard = _about(hat, said) if bubble.product and hat == "buyer" else ()
    if heard:
        speak_of(turn, bubble.product)
    return Quoted("", heard)


def _bubble(db: Db, turn: Turn, provider_id: str) -> Any:
    return db.one(
        "select said_at, bubble from outbox where account_id = %(account)s and provider_id = %(provider)s"
        " and conversation_id = %(conversation)s order by id desc limit 1",
        account=turn.account_id,
        provider=provider_id,
        conversation=turn.conversation_id,
    )


def _offer(bubble: Outgoing, text: str) -> str:
    """The id of the offer that is named by its title, or by its number where numbers are shown."""
    number, word = number_typed(text), fold(text)
    for offer in bubble.offers:
        tap = read_tap(offer.id)
        shows_number = bubble.layout != "buttons" and tap is not None and not tap.is_door
        if (word and word == fold(offer.title)) or (shows_number and number == offer.number):
            return offer.id
    return ""


def _about(hat: str, said: Incoming) -> tuple[Heard, ...]:
    """Readings that can be about the quoted product: a bare number orders so many, `ça` wants it."""
    quantity = read_quantity(said)
    if quantity:
        return (Heard("order", {"quantity": quantity}),)
    if plain(said.text) in THIS:
        return (Heard("order"),)
    heard = understand(hat, said.text)
    return heard if heard and all(one.intent in OF_A_PRODUCT for one in heard) else ()


def speak_of(turn: Turn, product_id: int) -> None:
    """The chat is about this product from now on; nothing is wanted of it yet."""
    turn.memory |= {"product": product_id, "found": [product_id], "scope": "f0", "wanted": 0, "wanted_unit": ""}
    turn.memory.pop("fixed", None)


def answering(composed: Composed, said: Incoming, turned: Turned, moment: Moment) -> Composed:
    """What a turn says, with the message that it answers, where others were said and answered since that one.

    So it is with what came late, what was corrected, and what could not be answered at once.
    """
    is_apart = moment.is_late or bool(said.edits) or turned.route.how == "sorry"
    if not (is_apart and said.is_spoken and composed.bubbles):
        return composed
    first, *others = composed.bubbles
    return replace(composed, bubbles=(replace(first, quotes=said.edits or said.provider_id), *others))
