"""What Twilio may pass on of WhatsApp's own message: cards, carts, reactions, corrections, asked-about goods.

None of it is documented by Twilio (channels.md §1.1: "fields not confirmed"). Its parameters of JSON are searched for
the objects as Meta writes them (§2.2), so that whichever carries them is read; what is found nowhere is `unread`.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from bot.messages import Card, CartItem, Reaction
from handlers.twilio_whatsapp.fields import Fields
from handlers.whatsapp import MOST_TEXT, read_cards, read_cart
from handlers.words import line_in, one_line, text_in

# where JSON may stand; ChannelMetadata is documented, and holds `data`
CARRIERS: Final = ("ChannelMetadata", "InteractiveData", "Contacts", "Order", "Reaction", "MessageData")
# the parameter that names a product question's good, as Twilio might spell it
PRODUCTS: Final = ("ProductRetailerId", "ReferredProductRetailerId", "ReferralProductRetailerId")
VCARDS: Final = frozenset({"text/vcard", "text/x-vcard", "text/directory"})

Document = Mapping[str, Any]


@dataclass(frozen=True)
class Beside:
    """What a message holds beside words, files, taps and a pin."""

    reaction: Reaction | None = None
    cards: tuple[Card, ...] = ()
    cart: tuple[CartItem, ...] = ()
    edits: str = ""
    words: str = ""  # of the correction
    deletes: str = ""
    product: str = ""  # what the words are about

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing of it; a good alone, without words about it, says nothing."""
        return self == Beside(product=self.product)


def read_beside(fields: Fields, kind: str) -> Beside:
    """Everything of this page in one form; `kind` is its MessageType."""
    documents = [*_documents(fields)]
    return Beside(
        reaction=_reaction(fields, kind, documents),
        cards=_cards(fields, documents),
        cart=_cart(documents),
        edits=_target(documents, "edit"),
        words=_corrected(documents),
        deletes=_target(documents, "revoke"),
        product=_product(fields, documents),
    )


def _documents(fields: Fields) -> Iterator[Document]:
    for name in CARRIERS:
        try:
            found = json.loads(fields.get(name, "") or "null")
        except (ValueError, RecursionError):
            continue
        yield from _objects_in(found)


def _objects_in(found: Any) -> Iterator[Document]:
    """The object itself and, one and two levels down, what Twilio wraps it in."""
    for outer in _objects(found if isinstance(found, list) else [found]):
        yield outer
        for inner in _objects(outer.values()):
            yield inner
            yield from _objects(inner.values())


def _objects(values: Any) -> Iterator[Document]:
    yield from (value for value in values if isinstance(value, dict))


def _reaction(fields: Fields, kind: str, documents: Sequence[Document]) -> Reaction | None:
    for document in documents:
        found = document.get("reaction")
        if isinstance(found, dict):
            return Reaction(line_in(found.get("message_id"), MOST_TEXT), line_in(found.get("emoji"), MOST_TEXT))
    if kind != "reaction":
        return None
    # the emoji as the words of a reply: never to be taken for an answer
    return Reaction(fields.get("OriginalRepliedMessageSid", ""), one_line(fields.get("Body", ""))[:MOST_TEXT])


def _cards(fields: Fields, documents: Sequence[Document]) -> tuple[Card, ...]:
    for document in documents:
        found = document.get("contacts")
        if isinstance(found, list) and found:
            return read_cards(_objects(found))
    mime = fields.get("MediaContentType0", "").partition(";")[0].strip().lower()
    return (Card(),) if mime in VCARDS else ()


def _cart(documents: Sequence[Document]) -> tuple[CartItem, ...]:
    for document in documents:
        order = document.get("order")
        items = order.get("product_items") if isinstance(order, dict) else document.get("product_items")
        if isinstance(items, list):
            return read_cart(_objects(items))
    return ()


def _product(fields: Fields, documents: Sequence[Document]) -> str:
    """The seller's id of the good that a question is about. Its parameter's name is unconfirmed (§1.5)."""
    for name in PRODUCTS:
        if product := line_in(fields.get(name), MOST_TEXT):
            return product
    for document in documents:
        found = document.get("referred_product")
        if isinstance(found, dict):
            return line_in(found.get("product_retailer_id"), MOST_TEXT)
    return ""


def _target(documents: Sequence[Document], kind: str) -> str:
    for document in documents:
        found = document.get(kind)
        if isinstance(found, dict):
            return line_in(found.get("original_message_id"), MOST_TEXT)
    return ""


def _corrected(documents: Sequence[Document]) -> str:
    for document in documents:
        message = next(_objects([found.get("message") for found in _objects([document.get("edit")])]), {})
        text = next(_objects([message.get("text")]), {}).get("body")
        if isinstance(text, str):
            return text_in(text)
    return ""
