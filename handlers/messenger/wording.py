"""What a bubble says in Messenger's words: no bold marks, numbered offers, addresses below (channels.md §7)."""

import re
from collections.abc import Sequence
from typing import Final

from base.headings import below_headings
from base.places import map_address
from base.shortening import shorten
from bot.messages import Location, Offer, Outgoing
from handlers.messenger.limits import MESSENGER_LIMITS
from handlers.words import one_line

# WhatsApp's marks for bold words, which Messenger would show as they are
BOLD: Final = re.compile(r"(?<![\w*])\*(?=\S)([^*\n]+?)(?<=\S)\*(?![\w*])")
DETAILS: Final = (MESSENGER_LIMITS.row_detail, 40, 20, 0)  # characters, the first that fits


def unmarked(words: str) -> str:
    """Words without WhatsApp's marks for bold ones."""
    return BOLD.sub(r"\1", words).strip()


def numbered(bubble: Outgoing) -> str:
    """The bubble in words alone; offers that the channel should have shown are numbered, details as far as they fit."""
    body = unmarked(bubble.body)
    return fitted(body) if bubble.layout == "text" else laid_out(body, bubble.offers)


def beside(body: str, offers: Sequence[Offer]) -> str:
    """The words above quick replies: with a line for each where any has more to tell than its title."""
    is_told_whole = all(
        not (offer.detail or offer.section) and len(offer.title) <= MESSENGER_LIMITS.row_title for offer in offers
    )
    return fitted(unmarked(body)) if is_told_whole else laid_out(unmarked(body), offers)


def laid_out(body: str, offers: Sequence[Offer]) -> str:
    """A body and a numbered line for each offer below its section's name, details as far as they fit."""
    words = (_lines(body, offers, most) for most in DETAILS)
    return next((one for one in words if len(one) <= MESSENGER_LIMITS.text), fitted(_lines(body, offers, 0)))


def _lines(body: str, offers: Sequence[Offer], most: int) -> str:
    told = ((one_line(offer.section), f"{offer.number}. {_line(offer, most)}") for offer in offers)
    return "\n".join((body, "", *below_headings(told))).strip()


def _line(offer: Offer, most: int) -> str:
    """`Titre · détail`; a cut title stands whole in its detail, which is enough then."""
    title, detail = one_line(offer.title), shorten(one_line(offer.detail), most)
    return detail if is_whole_in(title, detail) else f"{title} · {detail}" if detail else title


def is_whole_in(title: str, detail: str) -> bool:
    """Whether a title that was cut stands whole at the start of its detail."""
    return title.endswith("…") and detail.startswith(title[:-1])


def addresses(bubble: Outgoing) -> str:
    """The lines of the link and the place that a bubble's words do not hold yet; '' for none."""
    link = f"{one_line(bubble.link.title)}\n{bubble.link.url}".strip() if bubble.link else ""
    place = _place(bubble.place) if bubble.place else ""
    told = ((link, bubble.link.url if bubble.link else ""), (place, place.rpartition("\n")[2]))
    return "\n\n".join(lines for lines, url in told if url and url not in bubble.body)


def _place(place: Location) -> str:
    """A place's name, and a map that opens at it."""
    named = ", ".join(filter(None, (one_line(place.label), one_line(place.address))))
    return f"{named}\n{map_address(place.latitude, place.longitude)}".strip()


def fitted(words: str) -> str:
    """At most what one message holds."""
    return shorten(words, MESSENGER_LIMITS.text)
