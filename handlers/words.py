"""Text from outside made fit to keep and to show, and a bubble told in words alone."""

import math
import re
from typing import Final

from base.headings import below_headings
from bot.messages import Offer, Outgoing

MOST_TEXT: Final = 4096
MOST_NAME: Final = 200
GREETING: Final = "bonjour"  # what somebody says who comes without a word
# what PostgreSQL cannot keep (NUL) and what no screen shows; line breaks and tabs stay
_UNSEEN: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


def clean(value: bytes) -> str:
    """UTF-8 as text that can be kept and shown: unknown bytes become U+FFFD, control characters go."""
    text = value.decode("utf-8", "replace")
    if text.isprintable():  # nearly every value: nothing here to look for
        return text
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return _UNSEEN.sub("", text)


def one_line(text: str) -> str:
    """Text without line breaks and runs of spaces."""
    return " ".join(text.split())


def text_in(value: object, most: int = MOST_TEXT) -> str:
    """A value of JSON as clean text of at most so many characters; '' for what is no text."""
    return clean(value[:most].encode("utf-8", "replace")).strip() if isinstance(value, str) else ""


def line_in(value: object, most: int = MOST_NAME) -> str:
    """The same in one line."""
    return one_line(text_in(value, most))


def count_in(value: object) -> int | None:
    """A whole number from 1 on, as a number or as text (`1500`, `1500.0`, `"1500.00"`); None for anything else."""
    text = str(value) if isinstance(value, float | str) or _is_small(value) else ""
    whole, _, part = text.partition(".")
    is_whole = whole.isascii() and whole.isdigit() and len(whole) < 10 and not part.strip("0")
    return (int(whole) or None) if is_whole else None


def _is_small(value: object) -> bool:
    # str() of a whole number of thousands of digits raises
    return isinstance(value, int) and not isinstance(value, bool) and 0 < value < 10**9


def degrees_in(value: object, most: int) -> float | None:
    """A coordinate within ±most, as a number or as text; None for anything else."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        found = float(value)
    except (ValueError, OverflowError):
        return None
    return found if math.isfinite(found) and abs(found) <= most else None


def plain_words(bubble: Outgoing, most: int) -> str:
    """The bubble in words alone; offers that the channel should have shown are numbered.

    Their details are told where all fits in `most` characters; a section is a heading in bold.
    """
    if bubble.layout == "text":
        return bubble.body
    for with_details in (True, False):
        told = ((heading_of(offer), offer_line(offer, with_details=with_details)) for offer in bubble.offers)
        words = "\n".join((bubble.body, "", *below_headings(told))).strip()
        if len(words) <= most:
            break
    return words


def heading_of(offer: Offer) -> str:
    """The name of the section that an offer stands in, in WhatsApp's bold; '' in none."""
    section = one_line(offer.section)
    return f"*{section}*" if section else ""


def offer_line(offer: Offer, *, with_details: bool = True) -> str:
    """`2. Titre · détail`: whoever types the number chooses it."""
    detail = f" · {one_line(offer.detail)}" if with_details and offer.detail else ""
    return f"{offer.number}. {one_line(offer.title)}{detail}"
