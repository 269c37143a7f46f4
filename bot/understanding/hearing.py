"""One message in, the readings out: whole phrases first, then phrases with the person's own words in them."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from base.later import later
from base.spelling import normalise
from bot.messages import LONGEST_HEARD, Heard
from bot.understanding.buyer_asking import asked_by_buyer
from bot.understanding.filling import filled, is_halved, is_own_alone, own_words
from bot.understanding.goods import read_product
from bot.understanding.guessing import MOST_TORN, chance_of_several, evidence, guess, is_another_word, is_torn
from bot.understanding.intents import INTENTS
from bot.understanding.mending import mended
from bot.understanding.merging import together, without_counts
from bot.understanding.message import Span, read_message, without_politeness
from bot.understanding.phrasebook import Phrase, Phrasebook, is_sign, phrasebook
from bot.understanding.quantities import is_number_word
from bot.understanding.slots import REFUSED_AT_DOOR, SLOTS, WHEN, only_order
from bot.understanding.tidying import has_several_lines, tidied
from bot.understanding.week_asking import asks_for_programme, of_workshops

if TYPE_CHECKING:
    from bot.understanding import (
        mixed,
        organizer_filling,
        organizer_frame,
        organizer_hearing,
        organizer_likely,
        vendor_asking,
        vendor_filling,
        vendor_hearing,
    )
else:  # what vendors and organizers say is half of all that there is to compile
    mixed, organizer_filling, organizer_frame, organizer_hearing, organizer_likely = later(
        "bot.understanding.", "mixed", *(f"organizer_{name}" for name in ("filling", "frame", "hearing", "likely"))
    )
    vendor_asking, vendor_filling, vendor_hearing = later("bot.understanding.vendor_", "asking", "filling", "hearing")

WHOLE, SLOTTED, LOOSE = 1.0, 0.95, 0.7
BY_EAR = 0.95
HUNCH = 0.3
LEAST_CHANCE, MOST_GUESSED = 0.25, 0.85
LEAST_SHARE = 0.02  # of the likeliest intent's chance that a phrase's must have
SHARES = {LOOSE: 0.15}
_SURELY_UNKNOWN, _LEAST_OF_A_WORD, _LEAST_OF_A_VENDOR = 0.5, 0.5, 0.12
_BORNE_OUT = 0.5  # of the likeliest intent's chance that a stock line's must have to be sure
UNKNOWN = "unknown"
NO_CLOCK = datetime.min.replace(tzinfo=UTC)  # for `now`: AsksClock is raised where a moment is told
BUYER = "buyer"
VENDOR = "vendor"
ORGANIZER = "organizer"
_TOLD_BY_MARKS = frozenset({"reason", "carrier", "receipt"})
_BOUNDS = frozenset({"min_price", "max_price"})
_MOST_WORDS = 80
_MOST_LOOSE_WORDS = 16
_LONGEST_SIGNS = 40
_MOST_GOODS = 5  # words
_LEAST_TALK = 3  # words of a vendor that a guess may read though it knows none of them
_WAYS = (  # of writing that are read as another
    (re.compile(r"\b1/2 "), "demi "),
    (re.compile(r"\b(\d{1,3})(kg|kilos?|g|l|litres?|m|yards?)(?= de |  *d['’ ])", re.IGNORECASE), r"\1 \2"),
    (re.compile(r"(?<=\w) ?[*×] ?(?=\d)"), " x"),
    (re.compile(r"\bx (?=\d)", re.IGNORECASE), "x"),
)
_LOOSE_SLOTS = frozenset({"bare_items", "list_items", "priced"})
_OPENINGS = frozenset(
    "bonjour bonsoir salut coucou hello hi allo alors donc euh bon dites voila maintenant aussi et".split()
)
_CLOSINGS = frozenset("merci alors donc maintenant".split())
_ABOUT_AN_ORDER = frozenset("track cancel_order accept_order refuse_order ready handed_over delivered".split())
_OPT_OUT = ("stop",)  # read before anything is understood, and of whoever commands nothing else
_ASKED_BACK = frozenset({"confirm", "deny"})
OF_THE_WEEK = frozenset({"event_info", "event_register"})  # heard of vendors too
_WEEK = re.compile(r"\b(?:atelier|formation|session|inscri|particip|programme|semaine|evenement|conference|foire)")


class AsksClock(Exception):
    """Words of time mean another moment each time they are read."""


def understand(role: str, text: str, now: datetime | None = None) -> tuple[Heard, ...]:
    """Return what `text` says for a role (`buyer`, `vendor`, `organizer`); () when nothing is understood.

    Pure: no catalog, no database. Slots hold words as typed, whole quantities and amounts, order codes in capitals,
    moments in ISO 8601 by the clock `now` (none without it).
    """
    found = phrased(role, text, now) or guessed(role, text, now)
    return tuple(one for one in found if one.intent != UNKNOWN)  # a hesitation, of which no guess makes anything


def _of_the_week(text: str, now: datetime | None) -> tuple[Heard, ...]:
    """What a vendor says of the week as any of its guests does; () for whatever else it may be."""
    if not _WEEK.search(normalise(text)):
        return ()
    heard = _phrased("buyer", text, now)
    is_sure = len(heard) == 1 and heard[0].intent in OF_THE_WEEK and heard[0].confidence >= SLOTTED
    if is_sure:
        return heard
    return (Heard("event_info", {}, SLOTTED),) if asks_for_programme(text) else ()


def phrased(role: str, text: str, now: datetime | None = None) -> tuple[Heard, ...]:
    """What phrases say, and of a vendor's message its stock lines and its several commands."""
    if role == ORGANIZER and len(text) <= LONGEST_HEARD:
        return _of_an_organizer(text, now)
    if len(text) <= LONGEST_HEARD and (ruled := of_workshops(text) or (role == BUYER and asked_by_buyer(text))):
        return ruled
    if role != VENDOR or len(text) > LONGEST_HEARD:
        return _phrased(role, text, now)
    of_week = _of_the_week(text, now)
    if of_week:
        return of_week
    text = tidied(text)
    both = mixed.mixed(text)
    if both:
        return mixed.less_sure(phrased(role, both.stock, now))
    heard = _phrased(role, text, now)
    return vendor_hearing.with_stock(
        text,
        heard,
        lambda part: _phrased(role, part, now) or guessed(role, part, now),
        _allowing(role, text),
        _chance_of_several(text),
    )


def _of_an_organizer(text: str, now: datetime | None) -> tuple[Heard, ...]:
    """Whole phrases, commands that open as such, phrases with slots; then what he most likely does to what."""
    heard = _phrased(ORGANIZER, text, now)
    if heard and heard[0].confidence == WHOLE and not heard[0].slots:
        return _filled_in(heard, text, now)
    command = organizer_hearing.commanded(text, now)
    if command or (heard and heard[0].confidence > LOOSE):
        return (command,) if command else _filled_in(heard, text, now)
    likely = organizer_likely.likely_intent(text)
    return _filled_in((Heard(likely, {}, MOST_GUESSED),) if likely else heard, text, now)


def _filled_in(heard: tuple[Heard, ...], text: str, now: datetime | None) -> tuple[Heard, ...]:
    return tuple(replace(one, slots=organizer_filling.filled_for_organizer(one.intent, text, now)) for one in heard)


def _chance_of_several(text: str) -> float:
    said = _read(text)
    return chance_of_several(VENDOR, said) if said else 0.0


def _allowing(role: str, text: str) -> "vendor_hearing.Likely":
    """Whether no other intent is much likelier for a message than one of its less sure stock lines."""

    def allows(intent: str, confidence: float, *, strict: bool = False, part: str = "") -> bool:
        is_told = not strict and confidence >= SLOTTED and any(letter.isdigit() for letter in text)
        said = None if is_told else _read(part or text)
        chances = guess(role, _guessed_by(role, said)) if said else {}
        best = max(chances, key=chances.__getitem__, default=intent)
        if strict:
            return chances.get(intent, 0.0) >= max(chances.values(), default=0.0) * _BORNE_OUT
        return best in vendor_hearing.WRITES or chances.get(intent, 0.0) >= max(chances.values()) * SHARES[LOOSE]

    return allows


def _phrased(role: str, text: str, now: datetime | None = None) -> tuple[Heard, ...]:
    """What phrases say, as typed or as it sounds; a loose one not where another intent is much likelier."""
    book = phrasebook(role)
    sign = is_sign(text) if len(text) <= _LONGEST_SIGNS else ""
    if sign in book.signs:
        return (Heard(book.signs[sign], {}, WHOLE),)
    said = _read(text)
    heard = _heard(role, book, said) if said else None
    if heard is None or (heard.intent in _ASKED_BACK and "?" in text):
        return ()
    if said is None or heard.confidence == WHOLE:
        return (_settled(replace(heard, slots={WHEN: text}) if heard.intent == "pause" else heard, now),)
    if role == VENDOR:
        told = vendor_filling.filled_for_vendor(heard.intent, said)
        kept = {name: value for name, value in told.items() if _is_better(name, value, heard.slots.get(name))}
        return (_settled(replace(heard, slots={**heard.slots, **kept}), now),)
    own = own_words(role, heard.intent, said)
    slots = without_counts(heard.slots) if is_halved(said) else heard.slots
    return (_settled(replace(heard, slots=together(slots, own) if own else slots), now),)


def _is_better(name: str, marked: Any, phrases: Any) -> bool:
    """Whether what is marked counts before what a phrase took: of words of its own, where it is not only more words."""
    if phrases is None:
        return True
    return name in _TOLD_BY_MARKS and phrases != REFUSED_AT_DOOR and str(phrases) not in str(marked)


def guessed(role: str, text: str, now: datetime | None = None) -> tuple[Heard, ...]:
    """What a message that no phrase fits most likely says; never as sure as a phrase, () when nothing is likely."""
    text = tidied(text) if role == VENDOR and len(text) <= LONGEST_HEARD else text
    said = _read(text)
    if said is None or is_sign(text[:_LONGEST_SIGNS]) or (role != BUYER and said.normal == _OPT_OUT):
        return ()
    bare = _guessed_by(role, said)
    chances = guess(role, bare)
    if role == VENDOR and all(_is_of_an_amount(word) for word in bare.normal):
        return ()
    if not chances or (_is_unheard(bare, role) and (role != VENDOR or len(bare.words) < _LEAST_TALK)):
        return _bare_goods(role, bare)
    best = _best(role, chances, len(bare.words))
    if best == UNKNOWN or (best in _ASKED_BACK and "?" in text):
        return ()
    if (
        role == VENDOR
        and best in vendor_hearing.WRITES
        and (vendor_asking.said_plainly(text) == () or has_several_lines(text))
    ):
        return ()
    most = MOST_TORN if role == VENDOR and is_torn(best, chances) else MOST_GUESSED
    confidence = min(chances[best], most) * evidence(role, bare)
    if role == ORGANIZER:
        return (Heard(best, organizer_filling.filled_for_organizer(best, text, now), confidence),)
    slots = vendor_filling.filled_for_vendor(best, said) if role == VENDOR else filled(role, best, bare, said)
    return (_settled(Heard(best, slots, confidence), now),)


def _is_unheard(bare: Span, role: str) -> bool:
    """Whether no word of a message is one of those that a guess was learned from: as it sounds, or as it was typed."""
    typed = (normalise(bare.text[word.start : word.end]) for word in bare.words)
    return is_own_alone(bare, role) or all(is_another_word(role, word) for word in typed)


def _is_of_an_amount(word: str) -> bool:
    """`12`, `mil`, `francs`: an answer to whatever was asked, that tells no intent by itself."""
    return word.isdigit() or is_number_word(word) or word in _MONEY


_MONEY = frozenset("mille mil k f fcfa cfa franc francs".split())


def _best(role: str, chances: Mapping[str, float], words: int) -> str:
    """The likeliest intent, `unknown` where none is likely; of a vendor, who mostly commands, it is so sooner."""
    ranked = sorted(chances, key=chances.__getitem__, reverse=True)
    if role != VENDOR:
        return ranked[0] if chances[ranked[0]] >= LEAST_CHANCE else UNKNOWN
    best = ranked[1] if ranked[0] == UNKNOWN and chances[UNKNOWN] < _SURELY_UNKNOWN else ranked[0]
    return best if chances[best] >= (_LEAST_OF_A_WORD if words == 1 else _LEAST_OF_A_VENDOR) else UNKNOWN


def _bare_goods(role: str, said: Span) -> tuple[Heard, ...]:
    """Words that no phrase has and nothing else are most likely goods that somebody seeks; hardly more than a hunch."""
    product = read_product(said) if "search" in INTENTS[role] and len(said.words) <= _MOST_GOODS else None
    return (Heard("search", {"product": product}, HUNCH),) if product else ()


@lru_cache(maxsize=64)  # each reader of a message asks for it
def _read(text: str) -> Span | None:
    if len(text) > LONGEST_HEARD:
        return None
    for pattern, way in _WAYS:
        text = pattern.sub(way, text)
    return read_message(text, _MOST_WORDS)


def _sounding(book: Phrasebook, said: Span) -> Span:
    """The bare message with its words as they sound."""
    return mended(min(_parts(said), key=lambda part: len(part.words)), book.frame)


def _guessed_by(role: str, said: Span) -> Span:
    """What a guess looks at: of who commands the whole message as typed, of a buyer the bare one as it sounds."""
    if role == ORGANIZER:
        return _read(organizer_frame.framed_text(said.text)) or said
    return (_read(said.text) or said) if role == VENDOR else _sounding(phrasebook(role), said)


def _settled(heard: Heard, now: datetime | None) -> Heard:
    """Words of time become a moment; a size says what it is the size of."""
    slots = dict(heard.slots)
    typed = slots.pop(WHEN, "")
    if typed and now is NO_CLOCK:
        raise AsksClock(typed)
    moment = vendor_hearing.read_moment(heard.intent, typed, now) if typed and now else ""
    if moment:
        slots[vendor_hearing.moment_slot(heard.intent)] = moment
    if heard.intent == "payout_info":
        slots = {}
    if "size" in slots:
        slots.pop("attribute", None)
    return replace(heard, slots=slots) if slots != heard.slots else heard


def bare_words(text: str) -> str:
    """What is left of a message without the greeting before it, politeness and the thanks behind; '' when too long."""
    said = _read(text)
    return min(_parts(said), key=lambda part: len(part.words)).typed if said else ""


def _heard(role: str, book: Phrasebook, said: Span) -> Heard | None:
    parts = tuple(_parts(said))
    sure = _surely(book, parts)
    if sure and _is_likely(role, sure, parts[0]):
        return sure
    sounding = tuple(mended(part, book.frame) for part in parts)
    by_ear = None if sure else _by_ear(_surely(phrasebook(role, by_ear=True), sounding))
    if by_ear and _is_likely(role, by_ear, parts[0]):
        return by_ear
    return _loosely(role, book, parts, said)


def _surely(book: Phrasebook, parts: Sequence[Span]) -> Heard | None:
    """Whole phrases before phrases with slots, each on all of the message before less of it."""
    readers: tuple[Callable[[Span], Heard | None], ...] = (
        lambda part: _whole(book, part),
        lambda part: _best_filled(book.slotted, part),
    )
    return next((heard for reader in readers for part in parts if (heard := reader(part))), None)


def _by_ear(heard: Heard | None) -> Heard | None:
    return replace(heard, confidence=heard.confidence * BY_EAR) if heard else None


def _loosely(role: str, book: Phrasebook, parts: Sequence[Span], said: Span) -> Heard | None:
    if len(parts[0].words) > _MOST_LOOSE_WORDS:
        return None
    loose = next((heard for part in parts if (heard := _with_order(_best_filled(book.loose, part), part))), None)
    if not loose or not _is_likely(role, loose, parts[0]):
        return None
    if loose.slots:
        return loose
    if role == VENDOR:
        return loose
    return replace(loose, slots=filled(role, loose.intent, _sounding(book, parts[0]), said))


def _is_likely(role: str, heard: Heard, said: Span) -> bool:
    """Whether no other intent is much likelier for the message; never asked of a whole phrase, nor of bounds."""
    if heard.confidence == WHOLE or not _BOUNDS.isdisjoint(heard.slots):
        return True
    share = SHARES.get(heard.confidence, LEAST_SHARE)
    by = _guessed_by(role, said)
    chances = guess(role, by) if not is_own_alone(by, role) else {}
    return not chances or chances.get(heard.intent, 0.0) >= max(chances.values()) * share


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
