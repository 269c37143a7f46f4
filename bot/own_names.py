"""The names of a vendor's own goods in what he writes: a plain word stands for each, so that no figure in it counts."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Final

from rapidfuzz.distance import OSA

from base.later import Later
from base.spelling import fold
from bot.messages import LONGEST_HEARD, Heard
from bot.routing import LIKELY, SURE
from bot.turn import Turn
from catalog import matching
from catalog.matching import OwnName
from catalog.meanings import stem

if TYPE_CHECKING:
    from bot.understanding import unread
else:
    unread = Later("bot.understanding.unread")

Reading = Callable[[str], tuple[Heard, ...]]

SURELY_READ: Final = 0.95  # confidence of one line that no catalogue is asked about
_STAND_INS: Final = tuple(
    "gari sucre haricot tomate oignon piment manioc banane ananas mangue avocat igname carotte chou"
    " beurre fromage yaourt biscuit bonbon chocolat vinaigre moutarde farine poivre".split()
)
"""Plain goods that understanding reads without a doubt."""
_OF_GOODS: Final = frozenset(
    "set_stock add_stock remove_stock out_of_stock back_in_stock set_price add_product delete_product hide promo"
    " end_promo list_my_products share_link photo_for set_alert".split()
)
_TYPED: Final = re.compile(r"(?:[^\W_]|[\u0300-\u036f])+")
_PIECE: Final = re.compile(r"\d+|\D+")
_DECIMAL: Final = re.compile(r"[.,]\d")
_SIZE_COUNTED: Final = re.compile(r"\s*[:=(]\s*\d")
_PARTED: Final = re.compile(r"[\n,;]|\bet\b")
_THOUSAND: Final = frozenset({"mil", "mille", "k"})
_COUNTED: Final = frozenset({"set_stock", "add_stock", "remove_stock"})
_LEAST_MENDED, _SHORTEST_MENDED = 3, 3  # words of a name in which a slip is seen, and letters of that word
LIKELY_AT_MOST: Final = 0.85  # confidence of what names a good with a slip
_BESIDE_NAME: Final = 2  # words of a clear line that name no good: its verb and its figure


@dataclass(frozen=True, slots=True)
class _Piece:
    """Letters or digits of the text, folded and in the singular; whether a typed word begins, or ends, with them."""

    word: str
    start: int
    end: int
    begins: bool
    ends: bool


@dataclass(frozen=True, slots=True)
class Found:
    """A name, and the characters of the text in which it stands; `is_mended`: a word of it was typed with a slip."""

    name: OwnName
    start: int
    end: int
    is_mended: bool = False

    @property
    def is_single(self) -> bool:
        """Whether it is one word without a figure, as goods are mostly called in a line."""
        return len(_pieces(self.name.name)) == 1 and self.name.name.isalpha()


@dataclass(frozen=True)
class Told:
    """The text with plain words in the place of names, and the names by these words."""

    plain: str
    names: Mapping[str, str]


AS_TYPED: Final = Told("", {})


def hear(turn: Turn, text: str, first: tuple[Heard, ...], read: Reading) -> tuple[Heard, ...]:
    """What a vendor's message says where it names goods of his; () where it is read as well without.

    `first` is what its phrases say, `read` reads all of a text. A line that was surely read asks no catalogue; of
    others one statement finds the names. The turn keeps the words that were read, which `plain_words` gives.
    """
    turn.plain, turn.names = "", {}
    if not turn.person.vendor_ids or len(text) > LONGEST_HEARD or _is_clear(text, first):
        return ()
    names = matching.named_in(turn.db, turn.person.vendor_ids, _forms(text))
    found = found_in(text, names)
    told, heard = _counted(turn, text, found, names, read) or _best(turn, text, found, first, read)
    turn.plain, turn.names = told.plain, told.names
    most = LIKELY_AT_MOST if any(one.is_mended for one in found) else 1.0
    return tuple(_put_back(one, told.names, most) for one in heard)


def tell(turn: Turn, text: str) -> None:
    """Tell words that are not understood, such as those below a picture, plainly for the readers of what is new."""
    turn.plain, turn.names = "", {}
    if turn.person.vendor_ids and any(letter.isdigit() for letter in text[:LONGEST_HEARD]):
        text = text[:LONGEST_HEARD]
        found = found_in(text, matching.named_in(turn.db, turn.person.vendor_ids, _forms(text)))
        told = next(_told(text, [one for one in found if not one.is_single and not one.is_mended]), AS_TYPED)
        turn.plain, turn.names = told.plain, told.names


def _best(
    turn: Turn, text: str, found: Sequence[Found], first: Sequence[Heard], read: Reading
) -> tuple[Told, tuple[Heard, ...]]:
    """The first telling whose every name is read as one, else one that says more than the words as they were typed."""
    doubtful: list[tuple[Told, tuple[Heard, ...]]] = []
    for told in tellings(text, found, first):
        turn.plain, turn.names = told.plain, told.names
        is_alone = fold(told.plain) in map(fold, told.names)
        if is_alone and any(one.name.is_variant and one.name.name[-1].isdigit() for one in found):
            continue  # `baskets 44`: of that size so many are counted
        heard = (_shown(told),) if is_alone else read(told.plain)
        if _are_read(heard, told, found):
            return told, heard
        if heard and (_is_doubtful(first) or _are_whole(found)):
            doubtful.append((told, heard))
    return doubtful[0] if doubtful else (AS_TYPED, ())


def _counted(
    turn: Turn, text: str, found: Sequence[Found], names: Sequence[OwnName], read: Reading
) -> tuple[Told, tuple[Heard, ...]] | None:
    """`vendu Seau 15`, where he has a `Seau` and a `Seau 15`: so many of the one, and which is meant will be asked."""
    one = found[0] if len(found) == 1 else None
    shorter = [other for other in [_shorter(text, one, names)] if other] if one else []
    for told in _told(text, shorter) if shorter else ():
        turn.plain, turn.names = told.plain, told.names
        heard = read(told.plain)
        if len(heard) == 1 and heard[0].intent in _COUNTED and _are_read(heard, told, shorter):
            return told, heard
    return None


def _shorter(text: str, found: Found, names: Sequence[OwnName]) -> Found | None:
    """The other good that stands there, where the last figure of a name is the only one of the text."""
    *before, last = _pieces(text[found.start : found.end])
    is_alone = not any(letter.isdigit() for letter in text[: found.start] + text[found.end :])
    if not before or not last.word.isdigit() or not is_alone or any(one.word.isdigit() for one in before):
        return None
    words = [one.word for one in before]
    other = next((one for one in names if not one.is_group and [p.word for p in _pieces(one.name)] == words), None)
    return Found(other, found.start, found.start + before[-1].end) if other else None


def plain_words(turn: Turn) -> str:
    """What the turn says, as it was read: with a plain word for each name of a good."""
    return turn.plain if turn.names else turn.words


def named(turn: Turn, words: str) -> str:
    """Words of what was read, with the names themselves."""
    return _named(words, turn.names)


BARE_NAME: Final = 0.7  # confidence: likely, so that an open question keeps its words


def _shown(told: Told) -> Heard:
    """A message that is a name and nothing else: the good is shown."""
    return Heard("list_my_products", {"product": told.plain.strip()}, BARE_NAME)


def _is_clear(text: str, heard: Sequence[Heard]) -> bool:
    """Whether a message is no line of goods for sure, or one whose every word was understood."""
    if not heard:
        return False
    if not any(one.intent in _OF_GOODS for one in heard):
        return min(one.confidence for one in heard) >= SURE
    product = str(heard[0].slots.get("product") or "")
    beside = len(_pieces(text)) - len(_pieces(product))
    is_sure = len(heard) == 1 and heard[0].confidence >= SURELY_READ and "unit" not in heard[0].slots
    return is_sure and bool(product) and beside <= _BESIDE_NAME


def _pieces(text: str) -> list[_Piece]:
    """The words of a text, letters apart from digits: `15L` is `15 L`."""
    return [piece for typed in _TYPED.finditer(text) for piece in _pieces_of(typed)]


def _pieces_of(typed: re.Match[str]) -> Iterator[_Piece]:
    for part in _PIECE.finditer(typed[0]):
        word = fold(part[0]).replace(" ", "")
        start, end = typed.start() + part.start(), typed.start() + part.end()
        if word:
            yield _Piece(stem(word), start, end, part.start() == 0, part.end() == len(typed[0]))


def _forms(text: str) -> list[str]:
    """Every folded word that a name which stands in the text may have."""
    pieces = _pieces(text)
    forms = {form for one in pieces for form in (one.word, f"{one.word}s", f"{one.word}x")} | set(fold(text).split())
    forms |= {f"{one.word}{two.word}" for one, two in pairwise(pieces) if one.word.isdigit() != two.word.isdigit()}
    return sorted(forms)


def found_in(text: str, names: Sequence[OwnName]) -> tuple[Found, ...]:
    """Where names stand whole, in the text's order; the longest where one holds another. Pure; never raises."""
    pieces = _pieces(text)
    wanted = [(name, [one.word for one in _pieces(name.name)]) for name in names]
    taken: list[Found] = []
    for name, words in sorted(wanted, key=lambda one: -len(one[1])):
        for found in _places(text, pieces, name, words):
            if not any(found.start < one.end and one.start < found.end for one in taken):
                taken.append(found)
    return tuple(sorted(_without_amounts(text, taken), key=lambda one: one.start))


def _without_amounts(text: str, found: Sequence[Found]) -> Iterator[Found]:
    """Without the grain in `cahier 200 pages 20 mil`, which is a thousand behind another name of its line."""
    for one in found:
        before = [text[other.end : one.start] for other in found if other.end <= one.start]
        if fold(one.name.name) not in _THOUSAND or all(_PARTED.search(between) for between in before):
            yield one


def _places(text: str, pieces: Sequence[_Piece], name: OwnName, words: Sequence[str]) -> Iterator[Found]:
    for at in range(len(pieces) - len(words) + 1):
        span = pieces[at : at + len(words)]
        slips = _slips([one.word for one in span], words)
        if slips is not None and _stands_alone(text, pieces, at, span[-1], name):
            tail = re.search(r"[^\w\s]*$", name.name)
            closing = tail[0] if tail and text.startswith(tail[0], span[-1].end) else ""
            yield Found(name, span[0].start, span[-1].end + len(closing), is_mended=slips > 0)


def _slips(typed: Sequence[str], words: Sequence[str]) -> int | None:
    """In how many words a name was typed with a slip, one at most of a long name; None where it is not that name."""
    if not words:
        return None
    others = [(one, word) for one, word in zip(typed, words, strict=True) if one != word]
    if not others:
        return 0
    is_long = len(words) >= _LEAST_MENDED and len(others) == 1
    return 1 if is_long and all(_is_slip(*pair) for pair in others) else None


def _is_slip(typed: str, word: str) -> bool:
    """Whether letters of a word are in another place; a figure is what it is, and a word of stock is none of a name."""
    is_word = word.isalpha() and typed.isalpha() and min(len(word), len(typed)) >= _SHORTEST_MENDED
    return is_word and OSA.distance(typed, word, score_cutoff=1) <= 1


def _stands_alone(text: str, pieces: Sequence[_Piece], at: int, last: _Piece, name: OwnName) -> bool:
    """Not within a word or a figure; `baskets 40: 2, 41: 3` counts sizes, of which the first is no name."""
    begins = pieces[at].begins or pieces[at - 1].word.isdigit()
    is_cut = last.word.isdigit() and _DECIMAL.match(text, last.end)
    counts = name.is_variant and _SIZE_COUNTED.match(text, last.end)
    return begins and last.ends and not is_cut and not counts


def tellings(text: str, found: Sequence[Found], first: Sequence[Heard]) -> Iterator[Told]:
    """The ways to tell it plainly: a name of one word stands as it is first, or where `first` reads it as a good."""
    long = [one for one in found if not one.is_single]
    if long:
        yield from _told(text, long)
    if len(long) < len(found) and (long or (_is_doubtful(first) and not _names_all(first, found))):
        yield from _told(text, found)


def _told(text: str, found: Sequence[Found]) -> Iterator[Told]:
    said = {one.word for one in _pieces(text)}
    free = [word for word in _STAND_INS if stem(fold(word)) not in said]
    names: dict[str, str] = {}  # as typed, or as it is called where that is another way to write it
    for one in found:
        typed = " ".join(text[one.start : one.end].split())
        names.setdefault(one.name.name, typed if fold(typed) == fold(one.name.name) else one.name.name)
    if 0 < len(names) <= len(free):
        words = dict(zip(names, free, strict=False))
        yield Told(_replaced(text, found, words), {words[name]: typed for name, typed in names.items()})


def _replaced(text: str, found: Sequence[Found], words: Mapping[str, str]) -> str:
    pieces, written = [], 0
    for one in found:
        before = text[written : one.start]
        glued = " " if text[one.start - 1 : one.start].isdigit() else ""
        pieces += [before, glued, words[one.name.name]]
        written = one.end
    return "".join((*pieces, text[written:]))


def _are_read(heard: Sequence[Heard], told: Told, found: Sequence[Found]) -> bool:
    """Whether each name is a good of a reading by itself; beside a size no figure is left, which may be one too."""
    if any(one.name.is_variant for one in found) and unread.unread(told.plain, heard):
        return False
    products = [fold(str(one.slots.get("product") or "")) for one in heard]
    replaced = {fold(name) for name in told.names.values()}
    left = [one.name.name for one in found if fold(one.name.name) not in replaced]
    return all(fold(one) in products for one in (*told.names, *left))


def _names_all(heard: Sequence[Heard], found: Sequence[Found]) -> bool:
    products = [fold(str(one.slots.get("product") or "")) for one in heard]
    return all(fold(one.name.name) in products for one in found)


def _is_doubtful(heard: Sequence[Heard]) -> bool:
    return not heard or min(one.confidence for one in heard) < LIKELY


def _are_whole(found: Sequence[Found]) -> bool:
    """Whether names are of more than a word, and none is a size's, beside which other sizes may stand."""
    return all(not one.is_single and not one.name.is_variant for one in found)


def _put_back(heard: Heard, names: Mapping[str, str], most: float) -> Heard:
    slots = {slot: _value(value, names) for slot, value in heard.slots.items()}
    return replace(heard, slots=slots, confidence=min(heard.confidence, most))


def _value(value: Any, names: Mapping[str, str]) -> Any:
    return _named(value, names) if isinstance(value, str) else value


def _named(words: str, names: Mapping[str, str]) -> str:
    if not names:
        return words
    stand_ins = re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, names))})(?!\w)", re.IGNORECASE)
    return stand_ins.sub(lambda found: names[found[0].casefold()], words)
