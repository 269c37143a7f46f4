"""Exact readers of a buyer's answers: places and names."""

import re
from typing import TypedDict

from base.phones import read_phone
from base.spelling import fold
from bot.dialogs.buyer.naming import bare_name, is_name, only_sounds_like_words
from bot.dialogs.readers import phone_on
from bot.messages import Card, Incoming

LONGEST_NAME = 60  # characters
LANDMARKS = frozenset("marche boutique total caisse".split())  # which mean something elsewhere: Total sells fuel
BETWEEN = re.compile(r"[\s,;:/()+.-]+$|^[\s,;:/()+.-]+")


class Where(TypedDict, total=False):
    """What was said of a place: words, a pin in degrees, or a voice note that somebody has to listen to."""

    words: str
    pin: list[float]
    voice: bool


class Who(TypedDict, total=False):
    """What was said of a person: a name, a phone in E.164, or both."""

    name: str
    phone: str


def read_where(said: Incoming) -> Where | None:
    """A pin, a voice note, or words, at most 300 characters; a voice note may come with words.

    None for a figure (`1`), which names neither quarter nor landmark.
    """
    if said.location:
        return {"pin": [said.location.latitude, said.location.longitude]}
    where: Where = {"voice": True} if any(media.kind == "audio" for media in said.media) else {}
    words = " ".join(said.text.split())[:300]
    if sum(map(str.isalpha, words)) > 1:
        where["words"] = words
    return where or None


def read_who(said: Incoming) -> Who | None:
    """A name, a phone, or both (`c'est Mensah Afi, 90123456 svp`); those of a contact card.

    None when there is no name in it (`lui`, `je suis à Kara`, `combien ?`), and for a quarter, which answers the
    question before this one once more.
    """
    if said.cards:
        return _on_card(said.cards[0])
    return read_person(said.text)


def is_name_by_ear(said: Incoming) -> bool:
    """Whether a message is a name that only sounds like words of ours."""
    name = "" if said.cards else bare_name(said.text)
    return is_name(name) and only_sounds_like_words(name)


def is_landmark(said: Incoming) -> bool:
    """Whether a message names a landmark and nothing else, with its article or without."""
    return fold(said.text).removeprefix("le ").removeprefix("la ") in LANDMARKS


def read_person(text: str) -> Who | None:
    """The same for words."""
    phone = read_phone(text)
    name = bare_name(without_phone(text) if phone else text)
    if phone and not name:
        return {"phone": phone}
    if not is_name(name):
        return None
    return {"name": name[:LONGEST_NAME], "phone": phone} if phone else {"name": name[:LONGEST_NAME]}


def without_phone(text: str) -> str:
    """The words around a number, without what joined them to it."""
    return BETWEEN.sub("", " ".join(re.sub(r"[+\d][\d\s.\-/()]{5,}\d", " ", text).split()))


def _on_card(card: Card) -> Who | None:
    """Who a card is of: a chosen card is meant, whatever the name on it is; one without a name answers nothing."""
    name = " ".join(card.name.split())[:LONGEST_NAME]
    phone = phone_on(card)
    if not name:
        return None
    return {"name": name, "phone": phone} if phone else {"name": name}
