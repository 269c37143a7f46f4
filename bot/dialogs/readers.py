"""Exact readers of answers that several dialogs ask for: quantities, words, phones."""

from base.phones import read_phone
from base.spelling import normalise, without_politeness
from bot.messages import Card, Incoming
from bot.signs import is_emoji
from bot.understanding import quantities

NOTHING = (("0",), ("zero",), ("aucun",), ("rien",), ("none",))
BESIDE = frozenset(
    "je veux voudrais prends prendre en donnez donne moi mettez mets juste de d unite unites piece pieces sac sacs bol"
    " bols bidon bidons litres carton cartons boite boites paquet paquets sachet sachets bouteille bouteilles tas lot"
    " lots plateau plateaux pagne pagnes panier"
    " paniers casier casiers seul seule seulement i want give me please just only bag bags ok oui merci alors"
    " bien".split()
)
"""Words that may stand beside a number without saying of what: `3 savons` is no answer about rice."""


def read_quantity(said: Incoming) -> int | None:
    """One number of units, from 1: `3`, `x3`, `deux sacs`, `une douzaine`; None when it is none or could be several."""
    quantity = read_quantity_or_none(said)
    return quantity if quantity else None


def read_quantity_or_none(said: Incoming) -> int | None:
    """The same, with 0 for `zéro`, `aucun`, `0`."""
    typed = without_politeness(normalise(said.text[:100]).split())
    if typed in NOTHING:
        return 0
    for place in range(len(typed)):
        quantity, length = quantities.read_quantity(typed[place:])
        if quantity:
            return quantity if BESIDE.issuperset((*typed[:place], *typed[place + length :])) else None
    return None


def read_words(said: Incoming) -> str | None:
    """Any words, at most 200 characters; None for a message without words, such as emoji alone."""
    return None if is_emoji(said.text) else " ".join(said.text.split())[:200] or None


def read_phone_said(said: Incoming) -> str | None:
    """A phone in E.164, typed or on a contact card."""
    return read_phone(said.text) or next(filter(None, map(phone_on, said.cards)), None)


def phone_on(card: Card) -> str | None:
    """The first phone of a card that is one, in E.164."""
    return next(filter(None, map(read_phone, card.phones)), None)
