"""A notice as one bubble: in the words of its chat, with buttons that say what they are about, or what to type."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

from base.shortening import shorten
from bot.answers import Reader, fit
from bot.extras import read_extras
from bot.messages import Limits, Offer, Outgoing, Template
from bot.notice_chats import Chat
from bot.notice_words import Door, typed_words
from bot.outbox import Number
from bot.taps import Tap, write_tap
from bot.texts import say
from bot.world import LINK, PLACE, RECEIPT

APART: Final = frozenset({PLACE, RECEIPT})  # values that a bubble of their own is made of


@dataclass(frozen=True)
class Notice:
    """What is told in one chat; `template` says it where the window is shut."""

    chat: Chat
    key: str
    values: Mapping[str, Any]
    doors: Sequence[Door]
    about: Mapping[str, Any]
    template: Template | None = None
    kind: Literal["notice", "bulk"] = "notice"


def bubble_of(told: Notice, number: Number, limits: Limits, base_url: str) -> Outgoing:
    """A notice never uses bare numbers: in text mode its words say what to type.

    So do words too long to stand above buttons: a notice is one bubble, of which nothing may be missing. Raises
    ValueError for a pin or a receipt, which would stand apart, and for a link where there are buttons.
    """
    unsaid = (APART | {LINK} if told.doors else APART) & told.values.keys()
    if unsaid:
        raise ValueError(f"{told.key}: a notice is one bubble, without {', '.join(sorted(unsaid))}")
    language = told.chat.language
    reader = Reader(language, told.chat.is_in_text_mode, limits, base_url)
    words = say(language, told.key, told.values)
    titles = [say(language, f"option.{door.door}", {}) for door in told.doors]
    offers = tuple(
        Offer(place, title, _tap(door, number))
        for place, (door, title) in enumerate(zip(told.doors, titles, strict=True), start=1)
    )
    if not offers:
        link = str(told.values.get(LINK) or "")
        extras = read_extras(told.values, link)
        return fit(shorten(words, limits.text - len(link) - 1), (), reader, extras=extras)[-1]
    if told.chat.is_in_text_mode or len(words) > limits.body:
        lines = [f"{typed_words(language, door)} · {title}" for door, title in zip(told.doors, titles, strict=True)]
        typed = "\n\n" + "\n".join(lines)
        return Outgoing(shorten(words, limits.text - len(typed)) + typed, "text", offers)
    return fit(words, offers, reader)[-1]


def _tap(door: Door, number: Number) -> str:
    return write_tap(Tap(door.dialog, door.door, door.about, number.said, number.minute, is_door=True))
