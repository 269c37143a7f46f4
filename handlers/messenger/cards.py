"""Messenger's templates: goods side by side, a photo with its words, a link's button, a receipt (channels.md §3.4)."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from base.shortening import shorten
from bot.messages import Link, Offer, Outgoing, Receipt, ReceiptLine
from handlers.messenger.limits import (
    MESSENGER_LIMITS,
    MOST_BUTTON_TEXT,
    MOST_BUTTONS,
    MOST_CARD_LINE,
    MOST_CARDS,
    MOST_PAYLOAD,
    MOST_RECEIPT_LINES,
)
from handlers.messenger.wording import is_whole_in, unmarked
from handlers.words import one_line

Message = Mapping[str, Any]
OPENER: Final = "Voir"
CURRENCY: Final = "XOF"
FIGURE: Final = re.compile(r"[0-9]+(?:[ \u00a0\u202f][0-9]{3}(?![0-9]))*")


def file_of(kind: str, url: str) -> Message:
    """A photo, a document or a sound by its address."""
    return {"attachment": {"type": kind, "payload": {"url": url}}}


def _template(kind: str, **told: Any) -> Message:
    return {"attachment": {"type": "template", "payload": {"template_type": kind, **told}}}


def are_showable(offers: Sequence[Offer], most: int) -> bool:
    """Whether there are offers, no more than that, each with a title and an id that can travel."""
    return 1 <= len(offers) <= most and all(
        one_line(offer.title) and 0 < len(offer.id) <= MOST_PAYLOAD for offer in offers
    )


def title_of(offer: Offer) -> str:
    """An offer's title on a button or a quick reply."""
    return shorten(one_line(offer.title), MESSENGER_LIMITS.row_title)


@dataclass(frozen=True)
class Carousel:
    """A list's goods that stand side by side by their photos, and its other offers below them."""

    goods: tuple[Offer, ...]
    others: tuple[Offer, ...]

    @property
    def told_above(self) -> tuple[Offer, ...]:
        """The offers whose words find no room below: on a card, or on a quick reply."""
        return (*(good for good in self.goods if not _has_room(good)), *self.others)


def carousel_of(bubble: Outgoing) -> Carousel | None:
    """The goods of a list that has photos; None where there are none, or too many, or headings to stand below."""
    goods = tuple(offer for offer in bubble.offers if offer.photo)
    others = tuple(offer for offer in bubble.offers if not offer.photo)
    is_list = bubble.layout == "list" and are_showable(bubble.offers, MESSENGER_LIMITS.rows)
    has_headings = any(offer.section for offer in bubble.offers)
    return Carousel(goods, others) if is_list and not has_headings and 1 <= len(goods) <= MOST_CARDS else None


def _has_room(good: Offer) -> bool:
    return all(len(line) <= MOST_CARD_LINE for line in whole_title(good))


def goods_message(goods: Sequence[Offer], opener: str) -> Message:
    """A card for each of them, with its photo and one button."""
    return _template("generic", elements=[_card(offer, opener) for offer in goods])


def _card(offer: Offer, opener: str) -> Message:
    title, detail = whole_title(offer)
    label = shorten(one_line(opener), MESSENGER_LIMITS.button_title) or OPENER
    below = {"subtitle": shorten(detail, MOST_CARD_LINE)} if detail else {}
    button = {"type": "postback", "title": label, "payload": offer.id}
    return {"title": shorten(title, MOST_CARD_LINE), **below, "image_url": offer.photo, "buttons": [button]}


def whole_title(offer: Offer) -> tuple[str, str]:
    """An offer's title and detail; a title that was cut stands whole before ` · ` in its detail."""
    title, detail = one_line(offer.title), one_line(offer.detail)
    if not is_whole_in(title, detail):
        return title, detail
    whole, _, rest = detail.partition(" · ")
    return whole, rest


def photo_card(bubble: Outgoing) -> Message | None:
    """A photo with its words in one message, which nothing can part; None where they are more than a card's two lines.

    The photo opens whole when it is touched.
    """
    title, _, below = unmarked(bubble.body).partition("\n")
    is_short = 0 < len(title) <= MOST_CARD_LINE and len(below) <= MOST_CARD_LINE and "\n" not in below
    if not bubble.photo or not is_short:
        return None
    told = {"title": title, **({"subtitle": below} if below else {})}
    return _template("generic", elements=[{**told, "image_url": bubble.photo, "default_action": _opens(bubble.photo)}])


def _opens(url: str) -> Message:
    return {"type": "web_url", "url": url}


def link_message(words: str, link: Link, offers: Sequence[Offer]) -> Message | None:
    """Words with a button that opens an address, and buttons for the offers; None where they are too long, or many."""
    title = shorten(one_line(link.title), MESSENGER_LIMITS.link_title)
    are_few = not offers or are_showable(offers, MOST_BUTTONS - 1)
    if not (title and 0 < len(words) <= MOST_BUTTON_TEXT and are_few):
        return None
    buttons = [{"type": "postback", "title": title_of(offer), "payload": offer.id} for offer in offers]
    return _template("button", text=words, buttons=[{**_opens(link.url), "title": title}, *buttons])


def receipt_message(receipt: Receipt) -> Message | None:
    """An order as a receipt; None where its figures do not add up, as the template has no line for what is between.

    Graph takes each code once: a receipt that is sent again is refused, and its words go in its place.
    """
    goods = sum(line.quantity * line.price for line in receipt.lines)
    if not receipt.lines or goods + receipt.delivery != receipt.total or not (receipt.code and receipt.recipient):
        return None
    return _template(
        "receipt",
        recipient_name=one_line(receipt.recipient),
        order_number=receipt.code,
        currency=CURRENCY,
        payment_method=one_line(receipt.payment) or "–",
        summary={"subtotal": goods, "shipping_cost": receipt.delivery, "total_cost": receipt.total},
        elements=[_receipt_line(line) for line in receipt.lines[:MOST_RECEIPT_LINES]],
    )


def tells_all(receipt: Receipt, words: str) -> bool:
    """Whether the template shows every line of the order whole, and each figure that stands in its words."""
    titles = [one_line(line.title) for line in receipt.lines]
    if len(titles) > MOST_RECEIPT_LINES or any(len(title) > MOST_CARD_LINE for title in titles):
        return False
    money = [number for line in receipt.lines for number in (line.quantity, line.price, line.quantity * line.price)]
    money += [receipt.delivery, receipt.total, receipt.total - receipt.delivery]
    shown = " / ".join((receipt.code, receipt.recipient, receipt.payment, *titles, *map(str, money)))
    return _figures(words) <= _figures(shown)


def _figures(words: str) -> set[str]:
    return {re.sub(r"\D", "", figure) for figure in FIGURE.findall(words)}


def _receipt_line(line: ReceiptLine) -> Message:
    """`price` is that of all its units, as Meta's example adds it up (unconfirmed)."""
    price = line.quantity * line.price
    told = {"quantity": line.quantity, "price": price, "currency": CURRENCY}
    return {"title": shorten(one_line(line.title), MOST_CARD_LINE), **told}
