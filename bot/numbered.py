"""The text twin of a menu: numbers for channels without buttons and for people who chose text mode."""

from collections.abc import Sequence

from base.headings import below_headings
from bot.messages import Offer


def lay_out(body: str, offers: Sequence[Offer], last: str = "") -> str:
    """The words, a blank line, a numbered line per offer (`2. Titre · détail`), and a last hint such as `0. Retour`.

    Offers of a section stand below its name, in bold.
    """
    told = ((f"*{offer.section}*" if offer.section else "", f"{offer.number}. {_line(offer)}") for offer in offers)
    lines = below_headings(told)
    return "\n".join([body, "", *lines, *([last] if last else [])])


def _line(offer: Offer) -> str:
    return f"{offer.title} · {offer.detail}" if offer.detail else offer.title
