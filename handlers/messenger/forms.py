"""How a letter is spelled in messages of the Send API (channels.md §3.4, §3.5, §7)."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from bot.messages import Letter, Offer, Outgoing, Template
from handlers.messenger.limits import MESSENGER_LIMITS, MOST_PAYLOAD
from handlers.templates import values_of
from handlers.words import one_line

Message = Mapping[str, Any]

# WhatsApp's marks for bold words, which Messenger would show as they are
BOLD: Final = re.compile(r"(?<![\w*])\*(?=\S)([^*\n]+?)(?<=\S)\*(?![\w*])")
DETAILS: Final = (MESSENGER_LIMITS.row_detail, 40, 20, 0)  # characters, the first that fits


@dataclass(frozen=True)
class Part:
    """One call of a letter: its message in all ways, best first; the next one only when Graph refuses its content.

    A part that is no `is_needed` is an adornment: without it the others still say everything.
    """

    forms: tuple[Message, ...]
    is_needed: bool = True


@dataclass(frozen=True)
class Parts:
    """A letter's calls in their order; the last one carries our id, as with it the letter has arrived."""

    parts: tuple[Part, ...]
    messaging_type: str = "RESPONSE"


def parts_of(letter: Letter) -> Parts:
    """What to send. No parts: there is nothing to say, or the template is unknown.

    A photo goes before its words, because quick replies vanish after the next message. Words go before their document
    or sound, which is what the letter is about; where these are refused, their link goes in their place.
    """
    if letter.template is not None:
        is_known = letter.template.name in letter.contents
        return Parts((Part((utility_template(letter.template),)),) if is_known else (), "UTILITY")
    return Parts(tuple(_parts(letter.bubble)))


def _parts(bubble: Outgoing) -> Iterator[Part]:
    words = tuple(_words(bubble))
    if bubble.photo:
        yield Part((_attachment("image", bubble.photo),), is_needed=not words)
    if words:
        yield Part(words)
    if bubble.document:
        link = f"{one_line(bubble.document_name)}\n{bubble.document}".strip()
        yield Part((_attachment("file", bubble.document), {"text": _fitted(link)}))
    if bubble.audio:
        yield Part((_attachment("audio", bubble.audio), {"text": _fitted(bubble.audio)}))


def utility_template(template: Template) -> Message:
    """An approved template, as `message.template`: Meta's page shows it in two places, and this is the one tried first.

    (unconfirmed, §3.5: others send an attachment of the type `utility_messages`.)
    """
    values = [{"type": "text", "text": value} for value in values_of(template)]
    components = [{"type": "body", "parameters": values}] if values else []
    language = {"code": template.language}
    return {"template": {"name": template.name, "language": language, "components": components}}


def _attachment(kind: str, url: str) -> Message:
    return {"attachment": {"type": kind, "payload": {"url": url}}}


def _words(bubble: Outgoing) -> Iterator[Message]:
    plain = numbered(bubble)
    if bubble.body and _can_show(bubble):
        yield {"text": _beside(bubble), "quick_replies": [_quick_reply(offer) for offer in bubble.offers]}
    if plain:
        yield {"text": plain}


def _can_show(bubble: Outgoing) -> bool:
    if bubble.layout == "text" or not 1 <= len(bubble.offers) <= MESSENGER_LIMITS.rows:
        return False
    return all(one_line(offer.title) and 0 < len(offer.id) <= MOST_PAYLOAD for offer in bubble.offers)


def _quick_reply(offer: Offer) -> Message:
    title = _cut(one_line(offer.title), MESSENGER_LIMITS.row_title)
    return {"content_type": "text", "title": title, "payload": offer.id}


def _beside(bubble: Outgoing) -> str:
    """The words above quick replies: with a line for each where any has more to tell than its title."""
    is_told_whole = all(not offer.detail and len(offer.title) <= MESSENGER_LIMITS.row_title for offer in bubble.offers)
    return _fitted(unmarked(bubble.body)) if is_told_whole else numbered(bubble)


def numbered(bubble: Outgoing) -> str:
    """The bubble in words alone; offers that the channel should have shown are numbered, details as far as they fit."""
    body = unmarked(bubble.body)
    if bubble.layout == "text":
        return _fitted(body)
    words = (_laid_out(body, bubble.offers, most) for most in DETAILS)
    return next((one for one in words if len(one) <= MESSENGER_LIMITS.text), _fitted(_laid_out(body, bubble.offers, 0)))


def _laid_out(body: str, offers: Sequence[Offer], most: int) -> str:
    lines = "\n".join(f"{offer.number}. {_line(offer, most)}" for offer in offers)
    return f"{body}\n\n{lines}".strip()


def _line(offer: Offer, most: int) -> str:
    """`Titre · détail`; a cut title stands whole in its detail, which is enough then."""
    title, detail = one_line(offer.title), _cut(one_line(offer.detail), most)
    is_told_whole = title.endswith("…") and detail.startswith(title[:-1])
    return detail if is_told_whole else f"{title} · {detail}" if detail else title


def unmarked(words: str) -> str:
    """Words without WhatsApp's marks for bold ones."""
    return BOLD.sub(r"\1", words).strip()


def _fitted(words: str) -> str:
    return _cut(words, MESSENGER_LIMITS.text)


def _cut(words: str, most: int) -> str:
    if len(words) <= most:
        return words
    return f"{words[: most - 1].rstrip()}…" if most else ""
