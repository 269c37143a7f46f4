"""How a letter is spelled in the form fields of Twilio's Messages resource (channels.md §1.4, §1.5)."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bot.messages import Identity, Letter, Offer, Outgoing
from handlers.templates import NOTHING, values_of, words_of
from handlers.twilio_whatsapp.contents import card_name, list_name, quick_replies_name
from handlers.twilio_whatsapp.limits import TWILIO_LIMITS
from handlers.words import one_line, plain_words


@dataclass(frozen=True)
class Form:
    """The fields of one try, and the words by which Twilio lists the message later."""

    fields: tuple[tuple[str, str], ...]
    words: str


def tries(letter: Letter) -> tuple[Form, ...]:
    """What to send, best first: the next one only when Twilio refuses the one before as content.

    A person always gets an answer: rich, else the words with numbers, else those without the photo, or with the link of
    a document or a sound. A sound goes alone: WhatsApp shows no words with it. A template has one form; () when its
    content is unknown.
    """
    if letter.template is not None:
        return tuple(_template(letter))
    bubble, words = letter.bubble, plain_words(letter.bubble, TWILIO_LIMITS.text)
    forms = [*_rich(letter)]
    if not forms and bubble.file and len(words) <= TWILIO_LIMITS.caption:
        forms.append(_plain("" if bubble.audio else words, bubble.file))
    plain = _with_link(bubble, words)
    if plain:
        forms.append(_plain(plain))
    return tuple(forms)


def _with_link(bubble: Outgoing, words: str) -> str:
    """The words, with the link of what they cannot do without: they tell a photo themselves, not a document."""
    link = bubble.document or bubble.audio
    return f"{words[: TWILIO_LIMITS.text - len(link) - 1]}\n{link}".strip() if link else words


def address(identity: Identity) -> str:
    """`whatsapp:+228…` or `whatsapp:TG.…`; raises ValueError for an identity of another channel."""
    if identity.kind not in ("phone", "bsuid"):
        raise ValueError(f"WhatsApp has no {identity.kind}")
    return f"whatsapp:{identity.value}"


def _rich(letter: Letter) -> Iterator[Form]:
    named = _content(letter.bubble)
    if named and named[0] in letter.contents:
        yield _filled(letter.contents[named[0]], named[1], letter.bubble.body)


def _content(bubble: Outgoing) -> tuple[str, Sequence[str]] | None:
    count = len(bubble.offers)
    if bubble.layout == "buttons" and 1 <= count <= TWILIO_LIMITS.buttons:
        pairs = [text for offer in bubble.offers for text in (one_line(offer.title), offer.id)]
        if bubble.photo:
            return card_name(count), (bubble.body, bubble.photo, *pairs)
        return quick_replies_name(count), (bubble.body, *pairs)
    # a list has no place for a photo: the choices matter more
    if bubble.layout == "list" and 1 <= count <= TWILIO_LIMITS.rows:
        return list_name(count), (bubble.body, one_line(bubble.opener), *_rows(bubble.offers))
    return None


def _rows(offers: Sequence[Offer]) -> Iterator[str]:
    for offer in offers:
        yield from (one_line(offer.title), offer.id, one_line(offer.detail))


def _template(letter: Letter) -> Iterator[Form]:
    template = letter.template
    if template is not None and template.name in letter.contents:
        yield _filled(letter.contents[template.name], values_of(template), words_of(template))


def _filled(sid: str, values: Sequence[str], words: str) -> Form:
    variables = json.dumps(_numbered(values), ensure_ascii=False)
    return Form((("ContentSid", sid), ("ContentVariables", variables)), words)


def _numbered(values: Sequence[str]) -> dict[str, str]:
    return {str(number): value if value.strip() else NOTHING for number, value in enumerate(values, 1)}


def _plain(words: str, file: str = "") -> Form:
    fields = (("Body", words), ("MediaUrl", file))
    return Form(tuple((name, value) for name, value in fields if value), words)
