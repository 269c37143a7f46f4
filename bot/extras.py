"""Extras: a link, a pin, a receipt, what a question asks for; beside the words where a channel shows it, else in them.

Which channel shows what: channels.md §7.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final, Literal

from base.places import map_address
from bot.messages import Limits, Link, Location, Outgoing, Receipt, ReceiptLine
from bot.numbered import lay_out
from bot.texts import say
from bot.world import ASKS, LINK, LINK_TITLE, PLACE, RECEIPT

Asks = Literal["", "location", "phone", "catalogue"]


@dataclass(frozen=True)
class Extras:
    """What one bubble has beside its words and files; `link` with a whole address."""

    link: Link | None = None
    asks: Asks = ""
    place: Location | None = None
    receipt: Receipt | None = None

    def shown(self, limits: Limits, *, is_alone: bool) -> "Extras":
        """Those that a channel shows; `is_alone`: neither offers nor a file stand beside the words."""
        has_link = self.link is not None and is_alone and limits.link_title > 0
        return Extras(
            self.link if has_link else None,
            self.asks if self.asks in limits.asks else "",
            self.place if limits.places else None,
            self.receipt if limits.receipts else None,
        )

    def beside(self, bubble: Outgoing, limits: Limits) -> Outgoing:
        """A bubble with those of them that stand beside its words."""
        if not (self.link or self.asks):
            return bubble
        link = Link(self.link.title[: limits.link_title], self.link.url) if self.link else None
        return replace(bubble, link=link, asks=self.asks)

    def apart(self, language: str) -> list[Outgoing]:
        """The others, each in a bubble of its own that goes before the words: a pin alone, a receipt in short words."""
        found = [Outgoing("", place=self.place)] if self.place else []
        if self.receipt:
            told = {"code": self.receipt.code, "total": self.receipt.total}
            found.append(Outgoing(say(language, "receipt.short", told), receipt=self.receipt))
        return found

    def lines(self, shown: "Extras") -> list[str]:
        """The addresses that the words must name, as these are not shown."""
        link = [self.link.url] if self.link and not shown.link else []
        return [*link, *([map_of(self.place)] if self.place and not shown.place else [])]


NO_EXTRAS: Final = Extras()


def read_extras(values: Mapping[str, Any], link: str) -> Extras:
    """The extras among a bubble's values; `link` is the whole address of what LINK names."""
    place, receipt = values.get(PLACE), values.get(RECEIPT)
    return Extras(
        Link(str(values.get(LINK_TITLE) or ""), link) if values.get(LINK) else None,
        values.get(ASKS, ""),
        Location(*place) if place else None,
        receipt_from(receipt) if receipt else None,
    )


def receipt_from(document: Mapping[str, Any]) -> Receipt:
    """A receipt as a turn's values hold it."""
    return Receipt(**{**document, "lines": tuple(ReceiptLine(**line) for line in document["lines"])})


def map_of(place: Location) -> str:
    """The address of a map with this pin."""
    return map_address(place.latitude, place.longitude)


def with_lines(words: str, lines: list[str], *, asks: bool) -> str:
    """Words and addresses, each on a line of its own: below them, but above a last line that asks something."""
    if not any(lines):
        return words
    head, _, question = words.rpartition("\n") if asks else (words, "", "")
    return "\n".join(one for one in (head.rstrip(), *lines, question) if one)


def plain(bubble: Outgoing) -> Outgoing:
    """The bubble in words alone, which say whatever a channel would have shown beside them.

    Words that carry their offers already stay as they are.
    """
    body = lay_out(bubble.body, bubble.offers) if bubble.offers and bubble.layout != "text" else bubble.body
    lines = [bubble.link.url] if bubble.link else []
    lines += [bubble.place.label, bubble.place.address, map_of(bubble.place)] if bubble.place else []
    body = with_lines(body, lines, asks=False)
    return _in_words(replace(bubble, body=body))


def is_plain(bubble: Outgoing) -> bool:
    """Whether nothing but words, a document or a sound is in it, and no message is quoted."""
    return bubble == _in_words(bubble)


def _in_words(bubble: Outgoing) -> Outgoing:
    bare = replace(bubble, layout="text", photo="", opener="", link=None, asks="", place=None, receipt=None)
    return replace(bare, quotes="")
