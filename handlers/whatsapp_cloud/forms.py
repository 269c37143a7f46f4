"""How a letter is spelled in the payloads of Meta's messages (channels.md §2.6, §2.7)."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from bot.messages import Identity, Letter, Offer, Outgoing
from handlers.templates import values_of
from handlers.whatsapp_cloud.limits import WHATSAPP_LIMITS
from handlers.words import one_line, plain_words

Payload = Mapping[str, Any]

PDF: Final = ".pdf"
MOST_FILENAME: Final = 240


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


def tries(letter: Letter) -> tuple[Payload, ...]:
    """What to send, best first: the next one only when Meta refuses the one before as content.

    A person always gets an answer: buttons or a list, else the words with numbers under the photo or the document, else
    the words alone, with the link of a document or a sound. A sound goes alone: WhatsApp shows no words with it. A
    template has one form; () when it is not known as approved.
    """
    if letter.template is not None:
        return tuple(_template(letter))
    bubble, words = letter.bubble, plain_words(letter.bubble, WHATSAPP_LIMITS.text)
    forms = [*_rich(bubble)]
    if not forms and bubble.file and len(words) <= WHATSAPP_LIMITS.caption:
        forms.append(_file(bubble, words))
    plain = _with_link(bubble, words)
    if plain:
        forms.append({"type": "text", "text": {"body": plain, "preview_url": False}})
    return tuple(forms)


def _with_link(bubble: Outgoing, words: str) -> str:
    """The words, with the link of what they cannot do without: they tell a photo themselves, not a document."""
    most, link = WHATSAPP_LIMITS.text, bubble.document or bubble.audio
    return f"{words[: most - len(link) - 1]}\n{link}".strip() if link else words[:most]


def _file(bubble: Outgoing, words: str) -> Payload:
    if bubble.audio:
        return {"type": "audio", "audio": {"link": bubble.audio}}
    kind = "document" if bubble.document else "image"
    caption = {"caption": words} if words else {}
    return {"type": kind, kind: {**_above(bubble), **caption}}


def _above(bubble: Outgoing) -> Payload:
    """The photo or the document that stands above the words."""
    if bubble.document:
        return {"link": bubble.document, **_filename(bubble)}
    return {"link": bubble.photo}


def _filename(bubble: Outgoing) -> Mapping[str, str]:
    name = one_line(bubble.document_name)[:MOST_FILENAME]
    return {"filename": name if name.lower().endswith(PDF) else f"{name}{PDF}"} if name else {}


def _rich(bubble: Outgoing) -> Iterator[Payload]:
    if not _fits(bubble):
        return
    action = _buttons(bubble) if bubble.layout == "buttons" else _rows(bubble)
    kind = "button" if bubble.layout == "buttons" else "list"
    body = {"text": bubble.body}
    yield {"type": "interactive", "interactive": {"type": kind, **_header(bubble), "body": body, "action": action}}


def _fits(bubble: Outgoing) -> bool:
    """Whether Meta would take it as buttons or as a list: what it would not goes out as numbered words at once."""
    most, titles = WHATSAPP_LIMITS, [one_line(offer.title) for offer in bubble.offers]
    if bubble.layout == "text" or not bubble.body.strip() or len(bubble.body) > most.body:
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


def _header(bubble: Outgoing) -> Payload:
    # a list has no place for a photo: the choices matter more
    if bubble.layout != "buttons" or not (bubble.photo or bubble.document):
        return {}
    kind = "document" if bubble.document else "image"
    return {"header": {"type": kind, kind: _above(bubble)}}


def _buttons(bubble: Outgoing) -> Payload:
    pairs = [{"id": offer.id, "title": one_line(offer.title)} for offer in bubble.offers]
    return {"buttons": [{"type": "reply", "reply": pair} for pair in pairs]}


def _rows(bubble: Outgoing) -> Payload:
    return {"button": one_line(bubble.opener), "sections": [{"rows": [_row(offer) for offer in bubble.offers]}]}


def _row(offer: Offer) -> Payload:
    detail = one_line(offer.detail)
    return {"id": offer.id, "title": one_line(offer.title), **({"description": detail} if detail else {})}


def _template(letter: Letter) -> Iterator[Payload]:
    template = letter.template
    if template is None or template.name not in letter.contents:
        return
    parameters = [{"type": "text", "text": value} for value in values_of(template)]
    language = {"policy": "deterministic", "code": template.language}
    body = {"type": "body", "parameters": parameters}
    yield {"type": "template", "template": {"name": template.name, "language": language, "components": [body]}}
