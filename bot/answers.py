"""Answers: bubbles put into final words and fitted to a channel, and the menu that the session remembers of them."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from base.shortening import shorten
from bot.extras import NO_EXTRAS, Extras, read_extras, with_lines
from bot.messages import Limits, Offer, Outgoing
from bot.numbered import lay_out
from bot.routing import HAT_WORDS
from bot.session import MENUS_REMEMBERED, Choice, Menu, Session
from bot.taps import Tap, write_tap
from bot.texts import say
from bot.world import AUDIO, DOCUMENT, DOCUMENT_NAME, LINK, MORE, PHOTO, PRODUCT, Bubble, Option

MOST_BUBBLES = 2
ASKED_REMEMBERED = 6
CUTS = ("\n\n", "\n", ". ", " ")  # where words are cut, the best first


@dataclass(frozen=True)
class Reader:
    """Who reads: language, text mode, what the channel shows, and where photos are found (`https://…`)."""

    language: str
    is_in_text_mode: bool
    limits: Limits
    photo_base: str = ""


@dataclass(frozen=True)
class File:
    """What comes with the words: the URL of a photo, a document (with its name) or a sound; one of them at most."""

    photo: str = ""
    document: str = ""
    document_name: str = ""
    audio: str = ""

    def beside(self, bubble: Outgoing) -> Outgoing:
        """A bubble with it."""
        if self == NO_FILE:
            return bubble
        return replace(
            bubble,
            photo=self.photo,
            document=self.document,
            document_name=self.document_name,
            audio=self.audio,
        )


NO_FILE = File()


@dataclass(frozen=True)
class Composed:
    """What a turn says, and the session that knows what was offered."""

    bubbles: tuple[Outgoing, ...]
    session: Session


def compose(bubbles: Sequence[Bubble], session: Session, reader: Reader, said: int, minute: int) -> Composed:
    """Bubbles in words, at most two, and the session with the menu of the open question.

    A pin that would be a third bubble is a line of the words, and a receipt is left out: they say the same.
    """
    composed = _composed(bubbles, session, reader, said, minute)
    if len(composed.bubbles) > MOST_BUBBLES and any(piece.place or piece.receipt for piece in composed.bubbles):
        reader = replace(reader, limits=replace(reader.limits, places=False, receipts=False))
        composed = _composed(bubbles, session, reader, said, minute)
    if len(composed.bubbles) <= MOST_BUBBLES:
        return composed
    return replace(composed, bubbles=_two_at_most(list(composed.bubbles), reader.limits))


def _composed(bubbles: Sequence[Bubble], session: Session, reader: Reader, said: int, minute: int) -> Composed:
    """The same, with as many bubbles as it takes."""
    pieces: list[Outgoing] = []
    for bubble in bubbles:
        offers = _offers(bubble, reader, said, minute)
        if bubble.door and (reader.is_in_text_mode or not reader.limits.rows):
            pieces.append(_typed(bubble, reader, offers))
            continue
        words, file = _with_file(bubble, reader)
        extras = read_extras(bubble.values, _url(bubble.values.get(LINK), reader))
        fitted = fit(words, offers, reader, file, _hint(bubble, session, reader), extras)
        product = bubble.values.get(PRODUCT, 0)
        pieces += [replace(piece, product=product) for piece in fitted] if product else fitted
        if bubble.state and bubble.state == session.state:
            session = _remember(session, bubble, offers, said, minute)
    return Composed(tuple(pieces), session)


def _typed(bubble: Bubble, reader: Reader, offers: tuple[Offer, ...]) -> Outgoing:
    """Another hat's offer in text: its word is typed, as numbers belong to the open question."""
    hat, _, _ = bubble.door.partition("!")
    word = next(word for word, worn in HAT_WORDS.items() if worn == hat)
    typed = "\n".join(f"{word} · {offer.title}" for offer in offers)
    return Outgoing(f"{_words(bubble, reader)}\n\n{typed}", "text", offers)


def _words(bubble: Bubble, reader: Reader) -> str:
    words = say(reader.language, bubble.key, bubble.values)
    before = [f"hat.{bubble.names_hat}"] if bubble.names_hat else []
    before += ["corrected"] if bubble.is_correction else []
    words = "\n".join([*(say(reader.language, key, {}) for key in before), words])
    return "\n\n".join((words, *(say(reader.language, key, {}) for key in bubble.footnotes)))


def _with_file(bubble: Bubble, reader: Reader) -> tuple[str, File]:
    """A bubble's words and what comes with them.

    In text mode a photo beside options is dropped (whoever wants it asks for it), and a document is a link in the
    words: it costs no data before it is wanted, and can be opened elsewhere. A sound stays: it is what cheap phones
    play.
    """
    words, values = _words(bubble, reader), bubble.values
    if document := _url(values.get(DOCUMENT), reader):
        if reader.is_in_text_mode:
            return f"{words}\n{document}", NO_FILE
        return words, File(document=document, document_name=str(values.get(DOCUMENT_NAME) or ""))
    if audio := _url(values.get(AUDIO), reader):
        return words, File(audio=audio)
    is_dropped = reader.is_in_text_mode and bubble.options
    return words, File(photo="" if is_dropped else _url(values.get(PHOTO), reader))


def _url(path: object, reader: Reader) -> str:
    """The address of a public path of ours; one that is whole already stays."""
    found = str(path or "")
    return f"{reader.photo_base}{found}" if found.startswith("/") else found


def _hint(bubble: Bubble, session: Session, reader: Reader) -> str:
    return say(reader.language, "menu.back", {}) if bubble.state and session.trail else ""


def _offers(bubble: Bubble, reader: Reader, said: int, minute: int) -> tuple[Offer, ...]:
    titles = _distinct(_title(option, reader) for option in bubble.options)
    photos = _photos(bubble.options, reader)
    ids = [_tap_id(bubble, option, said, minute) for option in bubble.options]
    return tuple(
        Offer(number, title, tap, option.detail, photo, option.product, " ".join(option.section.split()))
        for number, (option, title, tap, photo) in enumerate(zip(bubble.options, titles, ids, photos, strict=True), 1)
    )


def _photos(options: Sequence[Option], reader: Reader) -> list[str]:
    """The addresses of what can be shown as cards, where the channel has as many of them; '' else."""
    count = sum(bool(option.photo) for option in options)
    has_cards = not reader.is_in_text_mode and count <= reader.limits.cards
    return [_url(option.photo, reader) if has_cards else "" for option in options]


def _title(option: Option, reader: Reader) -> str:
    if option.choice.startswith(MORE) and not option.title:
        return say(reader.language, "option.more", {})
    return " ".join((option.title or say(reader.language, f"option.{option.choice}", {})).split())


def _distinct(titles: Iterable[str]) -> list[str]:
    """Equal titles get a number, so that a typed title means one thing."""
    counted: dict[str, int] = {}
    distinct = []
    for title in titles:
        counted[title] = counted.get(title, 0) + 1
        distinct.append(title if counted[title] == 1 else f"{title} ({counted[title]})")
    return distinct


def _tap_id(bubble: Bubble, option: Option, said: int, minute: int) -> str:
    if bubble.door:
        dialog, _, door = bubble.door.partition("!")
        return write_tap(Tap(dialog, door, "", said, minute, is_door=True))
    dialog, _, state = bubble.state.partition(".")
    return write_tap(Tap(dialog, state, option.choice, said, minute))


def _remember(session: Session, bubble: Bubble, offers: Sequence[Offer], said: int, minute: int) -> Session:
    """The open question's offers, and the last lasting menus."""
    choices = tuple(
        Choice(offer.number, offer.title, option.choice) for offer, option in zip(offers, bubble.options, strict=True)
    )
    asked = (*session.asked, said)[-ASKED_REMEMBERED:]
    session = replace(session, menu=choices, asked=asked)
    if not bubble.is_lasting:
        return session
    older = tuple(menu for menu in session.lasting if (menu.state, menu.choices) != (bubble.state, choices))
    return replace(session, lasting=(*older, Menu(bubble.state, minute, choices))[-MENUS_REMEMBERED:])


def fit(
    words: str,
    offers: Sequence[Offer],
    reader: Reader,
    file: File = NO_FILE,
    hint: str = "",
    extras: Extras = NO_EXTRAS,
) -> list[Outgoing]:
    """One bubble, or two where the words are too long to stand beside their offers or file; a pin or a receipt is more.

    What the channel does not show beside the words, and in text mode all, stands in them.
    """
    limits, shown = reader.limits, NO_EXTRAS
    if not reader.is_in_text_mode:
        shown = extras.shown(limits, is_alone=not offers and file == NO_FILE and len(words) <= limits.body)
    words, apart = with_lines(words, extras.lines(shown), asks=bool(offers)), shown.apart(reader.language)
    if shown.asks:
        asked = lay_out(words, offers) if offers else words
        if len(asked) <= limits.body and file == NO_FILE:
            return [*apart, shown.beside(Outgoing(asked, "text", tuple(offers)), limits)]
        shown = replace(shown, asks="")
    *before, last = _fit_words(words, offers, reader, file, hint)
    return [*apart, *before, shown.beside(last, limits)]


def _fit_words(words: str, offers: Sequence[Offer], reader: Reader, file: File, hint: str) -> list[Outgoing]:
    limits = reader.limits
    if not offers or reader.is_in_text_mode or not limits.rows:
        body = lay_out(words, offers, hint) if offers else words
        return _text(body, tuple(offers), file, limits)
    layout: Any = "buttons" if _are_buttons(offers, limits) else "list"
    fitted = tuple(_fitted(offer, layout, limits) for offer in offers)
    opener = say(reader.language, "menu.open", {}) if layout == "list" else ""
    with_photo = file.photo if layout == "buttons" and limits.photo_with_offers else ""
    apart = _text("", (), file, limits) if file != NO_FILE and not with_photo else []
    head, body = split(words, limits.caption if apart else limits.text, limits.body)
    return [*apart, *(Outgoing(part) for part in head), Outgoing(body, layout, fitted, opener, with_photo)]


def _are_buttons(offers: Sequence[Offer], limits: Limits) -> bool:
    return len(offers) <= limits.buttons and all(
        len(offer.title) <= limits.button_title and not (offer.detail or offer.section) for offer in offers
    )


def _fitted(offer: Offer, layout: str, limits: Limits) -> Offer:
    """Titles cut to the channel's length; a cut title stands whole in the detail."""
    most = limits.button_title if layout == "buttons" else limits.row_title
    if len(offer.title) <= most:
        detail = shorten(offer.detail, limits.row_detail)
        return offer if detail == offer.detail else replace(offer, detail=detail)
    detail = f"{offer.title} · {offer.detail}" if offer.detail else offer.title
    return replace(offer, title=shorten(offer.title, most), detail=shorten(detail, limits.row_detail))


def _text(words: str, offers: tuple[Offer, ...], file: File, limits: Limits) -> list[Outgoing]:
    head, body = split(words, limits.text, limits.text)
    bubbles = [*(Outgoing(part) for part in head), Outgoing(body, "text", offers)]
    if file == NO_FILE:
        return bubbles
    if len(bubbles) == 1 and len(body) <= limits.caption and not (file.audio and body):
        return [file.beside(bubbles[0])]
    return [file.beside(Outgoing("")), *bubbles]


def split(words: str, first: int, last: int) -> tuple[list[str], str]:
    """At most `last` characters, or two parts of at most `first` and `last`, cut near the middle; else `split_to`."""
    if len(words) <= last:
        return [], words
    for mark in CUTS:
        places = _cuts(words, mark, first, last)
        if places:
            cut = min(places, key=lambda place: abs(2 * place - len(words)))
            return [words[:cut].rstrip()], words[cut:].lstrip()
    return split_to(words, last)


def _cuts(words: str, mark: str, first: int, last: int) -> list[int]:
    """Where a mark cuts words into a part of at most `first` and a rest of at most `last` characters."""
    kept = len(mark.rstrip())
    earliest, latest = max(1, len(words) - last - len(mark)), first - kept + len(mark)
    found = re.finditer(re.escape(mark), words[: max(0, latest)])
    return [place.start() + kept for place in found if place.start() >= earliest]


def split_to(words: str, most: int) -> tuple[list[str], str]:
    """Parts of at most `most` characters, cut at a blank line, a line, a sentence or a word; the last part apart."""
    parts = []
    while len(words) > most:
        cuts = (words.rfind(mark, 1, most) + len(mark.rstrip()) for mark in CUTS)
        cut = next((cut for cut in cuts if cut > 1), most)
        parts.append(words[:cut].rstrip())
        words = words[cut:].lstrip()
    return parts, words


def _two_at_most(pieces: list[Outgoing], limits: Limits) -> tuple[Outgoing, ...]:
    """More than two bubbles become two: plain words are joined, and what was said first is cut where it cannot fit.

    A sound that comes first stands alone, and what comes after it is joined; another one is a link in the words.
    """
    while len(pieces) > MOST_BUBBLES:
        apart = pieces[:1] if pieces[0].audio else []
        first, second, *rest = (_without_sound(piece) for piece in pieces[len(apart) :])
        file = _file_of(first) if first.file else _file_of(second)
        if first.file and not first.body and not second.file and second.layout == "text":
            joined = file.beside(replace(second, body=shorten(second.body, limits.caption)))
        else:
            most = limits.caption if file != NO_FILE else limits.text
            joined = file.beside(replace(second, body=_joined(first.body, second.body, most)))
        pieces = [*apart, joined, *rest]
    return tuple(pieces)


def _without_sound(bubble: Outgoing) -> Outgoing:
    return replace(bubble, audio="", body=f"{bubble.body}\n{bubble.audio}".strip()) if bubble.audio else bubble


def _file_of(bubble: Outgoing) -> File:
    return File(bubble.photo, bubble.document, bubble.document_name, bubble.audio)


def _joined(first: str, second: str, most: int) -> str:
    """Two texts in one bubble; the second, which belongs to a question, stays whole wherever it fits by itself."""
    room = most - len(second) - 2
    return f"{shorten(first, room)}\n\n{second}" if first and room > 0 else shorten(second, most)
