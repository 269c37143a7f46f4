"""What a message without words is: a voice note, a picture, a place; each kind has an answer of its own in a table."""

from typing import Final, Literal

from base.spelling import fold
from bot.messages import Incoming

Sign = Literal[
    "", "audio", "image", "video", "document", "sticker", "location", "card", "cart", "reaction", "emoji", "other"
]
SIGNS: Final[tuple[Sign, ...]] = (
    *("audio", "image", "video", "document", "sticker", "location", "card", "cart", "reaction", "emoji", "other"),
)
LONGEST_EMOJI: Final = 40  # characters of a message that is nothing but emoji
# what a provider calls a kind whose inside it did not show us, where the kind alone says enough
NAMED: Final[dict[str, Sign]] = {"contacts": "card", "order": "cart", "sticker": "sticker"}


def sign_of(said: Incoming) -> Sign:
    """The kind of a message beside its words; '' for words, taps and signals."""
    if said.reaction:
        return "reaction"
    if said.cart:
        return "cart"
    if said.cards:
        return "card"
    if said.location:
        return "location"
    if said.media:
        return said.media[0].kind
    if said.unread:
        return NAMED.get(said.unread, "other")
    return "emoji" if is_emoji(said.text) else ""


def is_emoji(text: str) -> bool:
    """Whether a message is emoji and nothing else: it has signs beyond ASCII, and neither letter nor figure."""
    bare = text.strip()
    return 0 < len(bare) <= LONGEST_EMOJI and not bare.isascii() and not fold(bare) and not _has_letters(bare)


def _has_letters(text: str) -> bool:
    return any(character.isalnum() for character in text)


def has_file(said: Incoming) -> bool:
    """Whether a message brings files, and perhaps words about them, and nothing else."""
    return bool(said.media) and not (said.tap or said.location or said.cards or said.cart or said.signal)
