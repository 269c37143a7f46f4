"""How a letter is spelled in the payloads of Meta's messages (channels.md §2.6, §2.7)."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any, Final

from base.places import map_address
from bot.messages import Identity, Letter, Location, Outgoing
from handlers.templates import values_of
from handlers.whatsapp_cloud.interactive import Payload, above, choices, goods, link_button, question
from handlers.whatsapp_cloud.limits import WHATSAPP_LIMITS
from handlers.words import plain_words

LINK: Final = "link"
AGAIN: Final = "again=1"  # Meta remembers an address for ten minutes, its failure too (§2.6)


def envelope(letter: Letter, ours: str) -> Payload:
    """What every payload begins with; `ours` comes back in the statuses. Raises ValueError for another channel's id."""
    return {
        "messaging_product": "whatsapp",
        "recipient_type": "individual",
        **recipient(letter.to),
        "biz_opaque_callback_data": ours,
    }


def recipient(identity: Identity) -> Mapping[str, str]:
    """`to` a phone with its +, or `recipient` a scoped id; raises ValueError for an identity of another channel."""
    if identity.kind == "phone":
        return {"to": identity.value}
    if identity.kind == "bsuid":
        return {"recipient": identity.value}
    raise ValueError(f"WhatsApp has no {identity.kind}")


def tries(letter: Letter, catalog_id: str = "") -> tuple[Payload, ...]:
    """What to send, best first: the next one only when Meta refuses the one before as content.

    A person always gets an answer: goods of the account's catalogue, buttons or a list, a link or a question with its
    button, else the words with numbers under the photo or the document, else the words alone, with every address that
    they cannot do without. A sound goes alone: WhatsApp shows no words with it. So does a pin, and one that has words
    stands in them. A template has one form; () when it is not known as approved.
    """
    if letter.template is not None:
        return tuple(_templates(letter))
    return (*_shown(letter, catalog_id), *_in_words(letter.bubble))


def asked_anew(form: Payload) -> Payload:
    """The same form whose files Meta has to fetch again; equal where it has none."""
    return {name: _anew(name, value) for name, value in form.items()}


def _anew(name: str, value: Any) -> Any:
    if isinstance(value, Mapping):
        return asked_anew(value)
    return f"{value}{'&' if '?' in value else '?'}{AGAIN}" if name == LINK else value


def _shown(letter: Letter, catalog_id: str) -> Iterator[Payload]:
    bubble, spelled = letter.bubble, _spelled(letter.bubble)
    forms = [*_rich(letter, spelled, catalog_id)]
    words = plain_words(spelled, WHATSAPP_LIMITS.text)
    is_heard_alone = bubble.audio and (bubble.link or bubble.place)
    if not forms and bubble.file and len(words) <= WHATSAPP_LIMITS.caption and not is_heard_alone:
        forms.append(_file(bubble, words))
    if not forms and bubble.place and not (bubble.body.strip() or bubble.offers or bubble.link or bubble.file):
        forms.append({"type": "location", "location": _pin(bubble.place)})
    yield from forms


def _rich(letter: Letter, spelled: Outgoing, catalog_id: str) -> Iterator[Payload]:
    bubble = letter.bubble
    if bubble.offers and bubble.layout != "text":
        yield from goods(spelled, catalog_id)
        yield from choices(spelled)
    elif bubble.asks:
        yield from question(spelled, letter.to, catalog_id)
    elif bubble.link and not bubble.offers:
        yield from link_button(_spelled(replace(bubble, link=None)), bubble.link)


def _spelled(bubble: Outgoing) -> Outgoing:
    """The bubble with its pin and the address of its link in its words."""
    told = (*_lines(bubble.place), bubble.link.url if bubble.link else "")
    tail = "\n".join(line for line in told if line and line not in bubble.body)
    body = f"{bubble.body[: WHATSAPP_LIMITS.text - len(tail) - 1]}\n{tail}".strip() if tail else bubble.body
    return replace(bubble, body=body, link=None, place=None)


def _lines(place: Location | None) -> tuple[str, ...]:
    if place is None:
        return ()
    return (place.label, place.address, map_address(place.latitude, place.longitude))


def _pin(place: Location) -> Mapping[str, str]:
    """Degrees as text, as Meta's own description has them."""
    named = {"name": place.label, "address": place.address}
    degrees = {"latitude": f"{place.latitude:.6f}", "longitude": f"{place.longitude:.6f}"}
    return degrees | {name: value for name, value in named.items() if value}


def _in_words(bubble: Outgoing) -> Iterator[Payload]:
    """The words, with the link of what they cannot do without: they tell a photo themselves, not a document."""
    most, link = WHATSAPP_LIMITS.text, bubble.document or bubble.audio
    words = plain_words(_spelled(bubble), most)
    plain = f"{words[: most - len(link) - 1]}\n{link}".strip() if link else words[:most]
    if plain:
        yield {"type": "text", "text": {"body": plain, "preview_url": bubble.link is not None}}


def _file(bubble: Outgoing, words: str) -> Payload:
    if bubble.audio:
        return {"type": "audio", "audio": {LINK: bubble.audio}}
    kind = "document" if bubble.document else "image"
    caption = {"caption": words} if words else {}
    return {"type": kind, kind: {**above(bubble), **caption}}


def _templates(letter: Letter) -> Iterator[Payload]:
    template = letter.template
    if template is None or template.name not in letter.contents:
        return
    body = {"type": "body", "parameters": [{"type": "text", "text": value} for value in values_of(template)]}
    language = {"policy": "deterministic", "code": template.language}
    yield {"type": "template", "template": {"name": template.name, "language": language, "components": [body]}}
