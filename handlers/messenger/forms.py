"""How a letter is spelled in messages of the Send API (channels.md §3.3, §3.4, §3.5, §7)."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final

from base.shortening import shorten
from bot.messages import Letter, Offer, Outgoing, Template
from handlers.messenger import cards
from handlers.messenger.cards import Message
from handlers.messenger.limits import MESSENGER_LIMITS
from handlers.messenger.wording import addresses, beside, fitted, numbered
from handlers.templates import values_of
from handlers.words import one_line

PHONE: Final = {"content_type": "user_phone_number"}
RESPONSE: Final = {"messaging_type": "RESPONSE"}
UTILITY: Final = {"messaging_type": "UTILITY"}
# of seven days, for words that a person wrote (§3.5)
BY_A_PERSON: Final = {"messaging_type": "MESSAGE_TAG", "tag": "HUMAN_AGENT"}


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
    envelope: Mapping[str, str] = field(default_factory=lambda: RESPONSE)


def parts_of(letter: Letter) -> Parts:
    """What to send. No parts: there is nothing to say, or the template is unknown.

    A photo goes before its words, because quick replies vanish after the next message. Words go before their document
    or sound, which is what the letter is about; where these are refused, their link goes in their place. A public
    comment is answered by one message, also when the window is shut.
    """
    if comment_of(letter):
        return Parts(tuple(_in_one(letter.bubble)))
    if letter.template is not None:
        is_known = letter.template.name in letter.contents
        return Parts((Part((utility_template(letter.template),)),) if is_known else (), UTILITY)
    is_by_a_person = letter.bubble.is_by_a_person and letter.is_late
    return Parts(tuple(_parts(letter.bubble)), BY_A_PERSON if is_by_a_person else RESPONSE)


def comment_of(letter: Letter) -> str:
    """The id of the public comment that a letter answers; '' for none."""
    return letter.to.value if letter.to.kind == "comment" else letter.bubble.comment


def utility_template(template: Template) -> Message:
    """An approved template, as `message.template`: Meta's page shows it in two places, and this is the one tried first.

    (unconfirmed, §3.5: others send an attachment of the type `utility_messages`.)
    """
    values = [{"type": "text", "text": value} for value in values_of(template)]
    components = [{"type": "body", "parameters": values}] if values else []
    language = {"code": template.language}
    return {"template": {"name": template.name, "language": language, "components": components}}


def _in_one(bubble: Outgoing) -> Iterator[Part]:
    """Everything in one message: of what is no words the address; a photo only where it can stand with them."""
    files = _below(f"{one_line(bubble.document_name)}\n{bubble.document}".strip(), bubble.audio)
    forms = list(_words(bubble, files))
    is_short = not (addresses(bubble) or bubble.link or files) and _are_told_by_titles(bubble)
    card = cards.photo_card(bubble) if is_short else None
    if card:
        forms.insert(0, {**card, **_replies(bubble)})
    elif bubble.photo and not forms:
        forms.append(cards.file_of("image", bubble.photo))
    if forms:
        yield Part(tuple(forms))


def _parts(bubble: Outgoing) -> Iterator[Part]:
    told = tuple(_told(bubble))
    card = _card_with(bubble, told)
    if card:
        yield card
    else:
        if bubble.photo:
            yield Part((cards.file_of("image", bubble.photo),), is_needed=not told)
        yield from told
    if bubble.document:
        link = f"{one_line(bubble.document_name)}\n{bubble.document}".strip()
        yield Part((cards.file_of("file", bubble.document), {"text": fitted(link)}))
    if bubble.audio:
        yield Part((cards.file_of("audio", bubble.audio), {"text": fitted(bubble.audio)}))


def _card_with(bubble: Outgoing, told: Sequence[Part]) -> Part | None:
    """A photo and its few words as one call, so that no try sends one of them twice; None where there is more."""
    is_plain = not (bubble.link or bubble.place or bubble.receipt or cards.carousel_of(bubble))
    card = cards.photo_card(bubble) if is_plain and _are_told_by_titles(bubble) else None
    return Part(({**card, **_replies(bubble)}, *told[0].forms)) if card and len(told) == 1 else None


def _are_told_by_titles(bubble: Outgoing) -> bool:
    return bubble.layout == "text" or beside("", bubble.offers) == ""


def _told(bubble: Outgoing) -> Iterator[Part]:
    """What the bubble says: as a receipt, as goods side by side, or in words."""
    receipt = cards.receipt_message(bubble.receipt) if bubble.receipt else None
    if bubble.receipt and receipt:
        yield from _with_receipt(bubble, receipt, is_all=cards.tells_all(bubble.receipt, bubble.body))
    elif carousel := cards.carousel_of(bubble):
        yield from _with_goods(bubble, carousel)
    else:
        yield from _in_words(bubble)


def _with_receipt(bubble: Outgoing, receipt: Message, *, is_all: bool) -> Iterator[Part]:
    """The receipt for the words, or before them where it leaves out what they say."""
    words = tuple(_in_words(bubble))
    is_all = is_all and len(words) == 1 and _are_told_by_titles(bubble) and not addresses(bubble)
    if is_all:
        yield Part(({**receipt, **_replies(bubble)}, *words[0].forms))
    else:
        yield Part((receipt,), is_needed=not words)
        yield from words


def _with_goods(bubble: Outgoing, carousel: cards.Carousel) -> Iterator[Part]:
    """The words, then the goods; what is no good stands below them, with a line above them if it says more."""
    above = replace(bubble, body=beside(bubble.body, carousel.told_above), layout="text", offers=(), asks="")
    yield from _in_words(above)
    below = replace(bubble, body="", offers=carousel.others)
    goods = {**cards.goods_message(carousel.goods, bubble.opener), **_replies(below)}
    yield Part((goods, *_words(replace(bubble, body="", link=None, place=None))))


def _in_words(bubble: Outgoing) -> Iterator[Part]:
    """The words with all that stands in them or below; addresses that find no room in them go before."""
    tail = addresses(bubble)
    if len(numbered(bubble)) + len(tail) + 2 > MESSENGER_LIMITS.text and tail and bubble.body:
        yield Part(({"text": fitted(tail)},))
        bubble = replace(bubble, link=None, place=None)
    forms = tuple(_words(bubble))
    if forms:
        yield Part(forms)


def _words(bubble: Outgoing, files: str = "") -> Iterator[Message]:
    """A message that says it, in all ways: with a link's button, with quick replies, in words alone.

    `files` are the addresses of what cannot come beside it.
    """
    shown = bubble.offers if _can_show(bubble) else ()
    words = (beside(bubble.body, shown) if shown else "") or numbered(bubble)
    tail, replies = _below(addresses(bubble), files), _replies(bubble)
    if bubble.link:
        above = _joined(words, _below(addresses(replace(bubble, link=None)), files))
        link = cards.link_message(above, bubble.link, shown)
        if link:
            yield {**link, **_replies(replace(bubble, layout="text"))}
    if replies and words:
        yield {"text": _joined(words, tail), **replies}
    if replies and words and bubble.asks == "phone" and shown:
        yield {"text": _joined(words, tail), **_replies(replace(bubble, asks=""))}
    if plain := _joined(numbered(bubble), tail):
        yield {"text": plain}


def _below(*told: str) -> str:
    return "\n\n".join(filter(None, told))


def _joined(words: str, tail: str) -> str:
    """Words with addresses below them; where both are too long, the addresses stay whole."""
    if not tail:
        return words
    room = MESSENGER_LIMITS.text - len(tail) - 2
    return fitted(f"{shorten(words, room)}\n\n{tail}".strip())


def _can_show(bubble: Outgoing) -> bool:
    return bubble.layout != "text" and cards.are_showable(bubble.offers, MESSENGER_LIMITS.rows)


def _replies(bubble: Outgoing) -> Message:
    """The field of its quick replies, with one for the person's own number where it is asked for; empty without any."""
    replies: list[Mapping[str, Any]] = [_reply(offer) for offer in bubble.offers] if _can_show(bubble) else []
    if bubble.asks == "phone" and len(replies) < MESSENGER_LIMITS.rows:
        replies.append(PHONE)
    return {"quick_replies": replies} if replies else {}


def _reply(offer: Offer) -> Message:
    return {"content_type": "text", "title": cards.title_of(offer), "payload": offer.id}
