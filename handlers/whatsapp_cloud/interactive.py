"""Buttons, lists, link buttons, questions and goods of the catalogue as Meta's interactive messages (channels.md §2.6).

No carousel: its cta_url cards open web pages, so that no choice comes back, its product cards stand in a list of
products already, and what an older client shows of either nobody knows (channels-open-questions.md 7).
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from base.shortening import shorten
from bot.messages import Identity, Link, Offer, Outgoing
from handlers.whatsapp_cloud.limits import MOST_PRODUCTS, MOST_SECTION, MOST_SECTIONS, WHATSAPP_LIMITS
from handlers.words import one_line, plain_words

Payload = Mapping[str, Any]

PDF: Final = ".pdf"
MOST_FILENAME: Final = 240
MOST_HEADER: Final = 60
ADDRESS: Final = re.compile(r"https://\S{1,2000}")
MARKS: Final = str.maketrans("", "", "*_~`")  # a header shows them as they are


def goods(bubble: Outgoing, catalog_id: str) -> Iterator[Payload]:
    """A good, or several, out of the account's catalogue, where every offer is one and nothing stands above them.

    Meta leaves out without a word what its catalogue lacks, so all are in the words too where these are short enough.
    """
    slugs = [offer.product for offer in bubble.offers]
    if not catalog_id or not all(slugs) or bubble.file or not 1 <= len(set(slugs)) == len(slugs) <= MOST_PRODUCTS:
        return
    words = plain_words(bubble, WHATSAPP_LIMITS.body)
    words = words if len(words) <= WHATSAPP_LIMITS.body else bubble.body
    if len(words) > WHATSAPP_LIMITS.body:
        return
    if len(slugs) == 1:
        one = {"catalog_id": catalog_id, "product_retailer_id": slugs[0]}
        yield _interactive("product", words, one)
        return
    header, words = _headed(words, one_line(bubble.opener))
    if header and words:
        sections = [_of_products(title, some) for title, some in _sections(bubble.offers, header)]
        action = {"catalog_id": catalog_id, "sections": sections}
        yield _interactive("product_list", words, action, {"header": {"type": "text", "text": header}})


def choices(bubble: Outgoing) -> Iterator[Payload]:
    """Its offers as buttons or rows, as they would be taken; buttons without their photo too."""
    if not _fits(bubble):
        return
    if bubble.layout == "list":
        yield _interactive("list", bubble.body, _rows(bubble))
        return
    for header in _headers(bubble):
        yield _interactive("button", bubble.body, _buttons(bubble), header)


def link_button(bubble: Outgoing, link: Link) -> Iterator[Payload]:
    """A button that opens an address, below a photo or a document; without its photo too."""
    title = one_line(link.title)
    if not _is_body(bubble.body) or not 0 < len(title) <= WHATSAPP_LIMITS.link_title or bubble.audio:
        return
    if not ADDRESS.fullmatch(link.url):
        return
    action = {"name": "cta_url", "parameters": {"display_text": title, "url": link.url}}
    for header in _headers(bubble):
        yield _interactive("cta_url", bubble.body, action, header)


def question(bubble: Outgoing, to: Identity, catalog_id: str) -> Iterator[Payload]:
    """A button that answers with the person's place or phone, or opens the account's catalogue, whence a cart comes.

    Who is known by his phone is not asked for it so.
    """
    if not _is_body(bubble.body) or bubble.file:
        return
    if bubble.asks == "location":
        yield _interactive("location_request_message", bubble.body, {"name": "send_location"})
    elif bubble.asks == "phone" and to.kind == "bsuid":
        yield _interactive("request_contact_info", bubble.body, {"name": "request_contact_info"})
    elif bubble.asks == "catalogue" and catalog_id:
        yield _interactive("catalog_message", bubble.body, {"name": "catalog_message"})


def above(bubble: Outgoing) -> Payload:
    """The photo or the document that stands above the words."""
    if bubble.document:
        return {"link": bubble.document, **_filename(bubble)}
    return {"link": bubble.photo}


def _interactive(kind: str, words: str, action: Payload, header: Payload | None = None) -> Payload:
    body = {"body": {"text": words}} if words else {}
    return {"type": "interactive", "interactive": {"type": kind, **(header or {}), **body, "action": action}}


def _of_products(title: str, offers: Sequence[Offer]) -> Payload:
    items = [{"product_retailer_id": offer.product} for offer in offers]
    return {"title": title[:MOST_SECTION].strip(), "product_items": items}


def _sections(offers: Sequence[Offer], otherwise: str) -> list[tuple[str, list[Offer]]]:
    """The offers by their sections' names, which Meta demands of each of several; those without one come last.

    Rows are never in more of them than Meta takes; goods that would be are in one.
    """
    named: dict[str, list[Offer]] = {}
    for offer in offers:
        named.setdefault(one_line(offer.section), []).append(offer)
    rest = named.pop("", [])
    found = [(shorten(name, MOST_SECTION), some) for name, some in named.items()]
    found += [(otherwise, rest)] if rest else []
    return found if len(found) <= MOST_SECTIONS else [(otherwise, [*offers])]


def _headed(words: str, otherwise: str) -> tuple[str, str]:
    """A header and the words below it: their own first line where it is short enough."""
    first, _, rest = words.strip().partition("\n")
    title = one_line(first.translate(MARKS))
    if 0 < len(title) <= MOST_HEADER and rest.strip():
        return title, rest.strip()
    return otherwise[:MOST_HEADER], words


def _is_body(words: str) -> bool:
    return bool(words.strip()) and len(words) <= WHATSAPP_LIMITS.body


def _fits(bubble: Outgoing) -> bool:
    """Whether Meta would take it as buttons or as a list: what it would not goes out as numbered words at once."""
    most, titles = WHATSAPP_LIMITS, [one_line(offer.title) for offer in bubble.offers]
    if bubble.layout == "text" or not _is_body(bubble.body):
        return False
    ids = [offer.id for offer in bubble.offers]
    if not all(0 < len(one) <= most.offer_id for one in ids) or len(set(ids)) < len(ids):
        return False
    if bubble.layout == "buttons":
        are_short = all(0 < len(title) <= most.button_title for title in titles)
        return 1 <= len(titles) <= most.buttons and are_short and len(set(titles)) == len(titles)
    are_short = all(0 < len(title) <= most.row_title for title in titles)
    are_short = are_short and all(len(one_line(offer.detail)) <= most.row_detail for offer in bubble.offers)
    return 1 <= len(titles) <= most.rows and are_short and 0 < len(one_line(bubble.opener)) <= most.opener


def _headers(bubble: Outgoing) -> Iterator[Payload]:
    """What may stand above buttons, best first: a photo can be done without, a document cannot.

    A list has no place for either: the choices matter more.
    """
    if bubble.photo or bubble.document:
        kind = "document" if bubble.document else "image"
        yield {"header": {"type": kind, kind: above(bubble)}}
    if not bubble.document:
        yield {}


def _filename(bubble: Outgoing) -> Mapping[str, str]:
    name = one_line(bubble.document_name)[:MOST_FILENAME]
    return {"filename": name if name.lower().endswith(PDF) else f"{name}{PDF}"} if name else {}


def _buttons(bubble: Outgoing) -> Payload:
    pairs = [{"id": offer.id, "title": one_line(offer.title)} for offer in bubble.offers]
    return {"buttons": [{"type": "reply", "reply": pair} for pair in pairs]}


def _rows(bubble: Outgoing) -> Payload:
    opener = one_line(bubble.opener)
    sections = _sections(bubble.offers, opener)
    are_named = any(one_line(offer.section) for offer in bubble.offers)
    rows = [{**({"title": name} if are_named else {}), "rows": [*map(_row, some)]} for name, some in sections]
    return {"button": opener, "sections": rows}


def _row(offer: Offer) -> Payload:
    detail = one_line(offer.detail)
    return {"id": offer.id, "title": one_line(offer.title), **({"description": detail} if detail else {})}
