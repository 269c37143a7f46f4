"""One message in, the readings out: whole phrases first, then phrases with the person's own words in them."""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from typing import Any

from bot.messages import LONGEST_HEARD, Heard
from bot.understanding.message import Span, read_message, without_politeness
from bot.understanding.phrasebook import Phrase, Phrasebook, is_sign, phrasebook
from bot.understanding.slots import SLOTS, only_order

WHOLE, SLOTTED, LOOSE = 1.0, 0.95, 0.7
_MOST_WORDS = 80
_MOST_LOOSE_WORDS = 16
_LONGEST_SIGNS = 40
_HALF = re.compile(r"\b1/2 ")
_LOOSE_SLOTS = frozenset({"bare_items", "list_items", "priced"})
_OPENINGS = frozenset(
    "bonjour bonsoir salut coucou hello hi allo alors donc euh bon dites voila maintenant aussi et".split()
)
_CLOSINGS = frozenset("merci alors donc maintenant".split())
_ABOUT_AN_ORDER = frozenset("track cancel_order accept_order refuse_order ready handed_over delivered".split())
_ASKED_BACK = frozenset({"confirm", "deny"})


def understand(role: str, text: str) -> tuple[Heard, ...]:
    """Return what `text` says for a role (`buyer`, `vendor`, `organizer`); () when nothing is understood.

    Pure: no catalog, no database. Slots hold words as typed, whole quantities and amounts, order codes in capitals.
    """
    book = phrasebook(role)
    sign = is_sign(text) if len(text) <= _LONGEST_SIGNS else ""
    if sign in book.signs:
        return (Heard(book.signs[sign], {}, WHOLE),)
    said = read_message(_HALF.sub("demi ", text), _MOST_WORDS) if len(text) <= LONGEST_HEARD else None
    heard = _heard(book, said) if said else None
    if heard is None or (heard.intent in _ASKED_BACK and "?" in text):
        return ()
    return (heard,)


def bare_words(text: str) -> str:
    """What is left of a message without the greeting before it, politeness and the thanks behind; '' when too long."""
    said = read_message(text, _MOST_WORDS) if len(text) <= LONGEST_HEARD else None
    return min(_parts(said), key=lambda part: len(part.words)).typed if said else ""


def _heard(book: Phrasebook, said: Span) -> Heard | None:
    """Whole phrases before phrases with slots before loose ones, each on all of the message before less of it."""
    parts = tuple(_parts(said))
    readers: list[Callable[[Span], Heard | None]] = [
        lambda part: _whole(book, part),
        lambda part: _best_filled(book.slotted, part),
    ]
    if len(said.words) <= _MOST_LOOSE_WORDS:
        readers.append(lambda part: _with_order(_best_filled(book.loose, part), part))
    return next((heard for reader in readers for part in parts if (heard := reader(part))), None)


def _parts(said: Span) -> Iterator[Span]:
    """The message without politeness, as it is, then without the greeting before and the thanks behind."""
    kept = without_politeness(said)
    yield kept
    if kept != said:
        yield said
    first, end = 0, len(kept.words)
    while first < end and kept.words[first].normal in _OPENINGS:
        first += 1
    while end > first and kept.words[end - 1].normal in _CLOSINGS:
        end -= 1
    if first < end and (first or end < len(kept.words)):
        yield kept.part(first, end)


def _whole(book: Phrasebook, said: Span) -> Heard | None:
    joined = said.joined()
    intent = next((intent for intent, pattern in book.whole if pattern.fullmatch(joined)), None)
    return Heard(intent, {}, WHOLE) if intent else None


def _best_filled(phrases: Iterable[Phrase], said: Span) -> Heard | None:
    """The reading whose slots took the fewest words: there the most of the phrase was recognised."""
    joined = said.joined()
    found = [reading for phrase in phrases if (reading := _filled(phrase, said, joined))]
    return min(found, key=lambda reading: reading[0])[1] if found else None


def _with_order(heard: Heard | None, said: Span) -> Heard | None:
    """A loose reading may have passed over the order's code; an order that was named must not be asked again."""
    order = only_order(said) if heard and heard.intent in _ABOUT_AN_ORDER and "order" not in heard.slots else None
    return replace(heard, slots={**heard.slots, "order": order}) if heard and order else heard


def _filled(phrase: Phrase, said: Span, joined: str) -> tuple[int, Heard] | None:
    """How many words the slots took, and the reading."""
    match = phrase.pattern.fullmatch(joined)
    if not match:
        return None
    slots: dict[str, Any] = {}
    taken = 0
    for index, name in enumerate(phrase.slots):
        start, end = match.span(f"s{index}")
        if start < 0:
            continue
        words = said.part(joined.count(" ", 0, start), joined.count(" ", 0, end))
        values = SLOTS[name].values(words)
        if values is None:
            return None
        slots |= values
        taken += len(words.words)
    loose = phrase.is_loose or bool(_LOOSE_SLOTS.intersection(phrase.slots))
    return taken, Heard(phrase.intent, slots, LOOSE if loose else SLOTTED)
