"""How a letter is spelled in the form fields of Twilio's Messages resource (channels.md §1.4, §1.5)."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from base import compiled_json
from base.places import map_address
from base.shortening import shorten
from bot.messages import Identity, Letter, Location, Offer, Outgoing
from handlers.templates import NOTHING, values_of, words_of
from handlers.twilio_whatsapp.contents import (
    CAROUSEL_TEXT,
    card_name,
    card_words,
    carousel_name,
    link_name,
    list_name,
    quick_replies_name,
)
from handlers.twilio_whatsapp.limits import BESIDE_CARDS, CARD, CARDS, LINK_BODY, TWILIO_LIMITS
from handlers.words import offer_line, one_line, plain_words


@dataclass(frozen=True)
class Form:
    """The fields of one try, and the words by which Twilio lists the message later."""

    fields: tuple[tuple[str, str], ...]
    words: str


def tries(letter: Letter, site: str) -> Iterator[Form]:
    """What to send, best first: the next one only when Twilio refuses the one before as content.

    A person always gets an answer: rich, else the words with numbers, else those without the photo, or with the link of
    a document or a sound. A sound goes alone: WhatsApp shows no words with it. Addresses that no button opens, and
    places that no pin shows, stand in the words. A template has one form, none when its content is unknown.

    `site` is our own public address: the only one that a link's button opens.
    """
    if letter.template is not None:
        yield from _template(letter)
        return
    is_rich = False
    for form in _rich(letter, site):
        is_rich = True
        yield form
    bubble, words = letter.bubble, plain_words(letter.bubble, TWILIO_LIMITS.text)
    told = _ended(words, _addresses(bubble), TWILIO_LIMITS.text)
    if not is_rich and bubble.file and len(told) <= TWILIO_LIMITS.caption:
        yield _plain("" if bubble.audio else told, bubble.file)
    plain = _ended(words, [*_addresses(bubble), bubble.document or bubble.audio], TWILIO_LIMITS.text)
    if plain:
        yield _plain(plain)


def address(identity: Identity) -> str:
    """`whatsapp:+228…` or `whatsapp:TG.…`; raises ValueError for an identity of another channel."""
    if identity.kind not in ("phone", "bsuid"):
        raise ValueError(f"WhatsApp has no {identity.kind}")
    return f"whatsapp:{identity.value}"


def _ended(words: str, addresses: Sequence[str], most: int) -> str:
    """The words with these addresses below, each whole on its own line; one that they hold already is not repeated.

    They tell a photo themselves, but not a document.
    """
    lines = "\n".join(address for address in addresses if address and address not in words)
    return f"{words[: max(0, most - len(lines) - 1)]}\n{lines}".strip() if lines else words


def _addresses(bubble: Outgoing) -> list[str]:
    """Where a bubble's link and its place are found in a browser."""
    links = [bubble.link.url] if bubble.link else []
    return [*links, map_address(bubble.place.latitude, bubble.place.longitude)] if bubble.place else links


def _degrees(place: Location) -> str:
    return f"{place.latitude:.6f},{place.longitude:.6f}"


def _rich(letter: Letter, site: str) -> Iterator[Form]:
    """Carousel and list, buttons, a link's button, a pin: what the account has a content for, or needs none."""
    bubble = letter.bubble
    if bubble.layout == "text":
        yield from _link(letter, site)
        yield from _pin(bubble)
        return
    yield from _carousel(letter)
    named = _choices(bubble)
    sid = letter.contents.get(named[0]) if named else None
    if named and sid:
        yield _filled(sid, named[1], named[1][0])


def _choices(bubble: Outgoing) -> tuple[str, Sequence[str]] | None:
    count = len(bubble.offers)
    body = _ended(bubble.body, _addresses(bubble), TWILIO_LIMITS.text)
    if len(body) > max(TWILIO_LIMITS.body, len(bubble.body)):  # no room for the address: it has some in the plain words
        return None
    if bubble.layout == "buttons" and 1 <= count <= TWILIO_LIMITS.buttons:
        pairs = [text for offer in bubble.offers for text in (one_line(offer.title), offer.id)]
        if bubble.photo:
            return card_name(count), (body, bubble.photo, *pairs)
        return quick_replies_name(count), (body, *pairs)
    # a list has no place for a photo: the choices matter more
    if bubble.layout == "list" and 1 <= count <= TWILIO_LIMITS.rows:
        return list_name(count), (body, one_line(bubble.opener), *_rows(bubble.offers))
    return None


def _rows(offers: Sequence[Offer]) -> Iterator[str]:
    for offer in offers:
        yield from (one_line(offer.title), offer.id, _detail(offer))


def _detail(offer: Offer) -> str:
    """What stands below a row's title; before it the name of its section, as there are no headings (§1.5)."""
    told = " · ".join(filter(None, (one_line(offer.section), one_line(offer.detail))))
    return shorten(told, TWILIO_LIMITS.row_detail) if one_line(offer.section) else told


def _carousel(letter: Letter) -> Iterator[Form]:
    """Goods side by side, each with its photo: where WhatsApp has approved a carousel of so many.

    What has no photo, as the row that shows more, stands above them by its number.
    """
    bubble = letter.bubble
    goods = [offer for offer in bubble.offers if offer.photo]
    others = [offer_line(offer) for offer in bubble.offers if not offer.photo]
    sid = letter.contents.get(carousel_name(len(goods)))
    if not sid or bubble.layout != "list" or len(goods) not in CARDS or len(others) > BESIDE_CARDS:
        return
    body = one_line(" ".join((_ended(bubble.body, _addresses(bubble), TWILIO_LIMITS.text), *others)))
    words = CAROUSEL_TEXT.replace("{{1}}", body)
    is_short = all(len(card_words(offer.title, _detail(offer))) <= CARD for offer in goods)
    if len(words) <= TWILIO_LIMITS.body and is_short:
        yield _filled(sid, (body, *_cards(goods)), words)


def _cards(offers: Sequence[Offer]) -> Iterator[str]:
    for offer in offers:
        yield from (one_line(offer.title), _detail(offer), offer.photo, offer.id)


def _link(letter: Letter, site: str) -> Iterator[Form]:
    """A button that opens an address of our own site: a content's address is fixed up to its end (§1.5)."""
    bubble, link = letter.bubble, letter.bubble.link
    if link is None or bubble.file or bubble.place or not 0 < len(bubble.body) <= LINK_BODY:
        return
    sid, end = letter.contents.get(link_name(site)), link.url.removeprefix(f"{site}/")
    title = one_line(link.title)
    if sid and end and end != link.url and 0 < len(title) <= TWILIO_LIMITS.link_title:
        yield _filled(sid, (bubble.body, title, end), bubble.body)


def _pin(bubble: Outgoing) -> Iterator[Form]:
    """A place on the map, with the words as its name and address."""
    place = bubble.place
    if place is None or bubble.file:
        return
    label = one_line(place.label or place.address).replace("|", " ")
    words = _ended(bubble.body, _addresses(replace(bubble, place=None)), TWILIO_LIMITS.text)
    words = words or one_line(f"{place.label} {place.address}") or _degrees(place)
    if len(words) <= TWILIO_LIMITS.caption:
        action = f"geo:{_degrees(place)}{f'|{label}' if label else ''}"
        yield Form((("Body", words), ("PersistentAction", action)), words)


def _template(letter: Letter) -> Iterator[Form]:
    template = letter.template
    if template is not None and template.name in letter.contents:
        yield _filled(letter.contents[template.name], values_of(template), words_of(template))


def _filled(sid: str, values: Sequence[str], words: str) -> Form:
    variables = compiled_json.dumps(_numbered(values))
    return Form((("ContentSid", sid), ("ContentVariables", variables)), words)


def _numbered(values: Sequence[str]) -> dict[str, str]:
    return {str(number): value if value.strip() else NOTHING for number, value in enumerate(values, 1)}


def _plain(words: str, file: str = "") -> Form:
    fields = (("Body", words), ("MediaUrl", file))
    return Form(tuple((name, value) for name, value in fields if value), words)
