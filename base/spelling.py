"""One reading of chat spelling: folded, in words, and with the usual short forms written out."""

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

_OTHER_LETTERS = {
    "œ": "oe",
    "æ": "ae",
    "ø": "o",
    "ɖ": "d",
    "ɛ": "e",
    "ɔ": "o",
    "ŋ": "n",
    "ƒ": "f",
    "ɣ": "g",
    "ʋ": "v",
    "ɩ": "i",
    "ʊ": "u",
}
_REPEATED_THREE_TIMES = re.compile(r"([^\W\d_])\1{2,}")
_TYPED_WORD = re.compile(r"(?:[^\W_]|[\u0300-\u036f])+")
_LAST_LETTER_REPEATED = re.compile(r"([a-df-kmn-rt-z])\1$")
_LONGEST_WAY = 4
_MOST_REMEMBERED = 20_000
_LONGEST_EXPANSION = 4
_SHORT = 40  # letters of what is remembered folded
_POLITE = frozenset(
    "svp stp pardon amen hein oh o koh ehn deh eh seulement frere monsieur madame mademoiselle"
    " patron patronne chef boss tonton tata tantie".split()
)
_POLITE_PHRASES = tuple(
    phrase.split()
    for phrase in (
        "s il vous plait",
        "s il te plait",
        "que dieu vous benisse",
        "que dieu te benisse",
        "que dieu vous garde",
        "dieu vous benisse",
        "dieu te benisse",
        "dieu vous garde",
        "bonne arrivee",
        "du courage",
        "bon courage",
        "je vous prie",
        "je vous en prie",
        "mon frere",
        "ma soeur",
        "dis donc",
    )
)


@dataclass(frozen=True, slots=True)
class Word:
    """One normalised word and the characters `start` to `end` of the typed text that it was read from."""

    normal: str
    start: int
    end: int


class _FoldedCharacters(dict[int, str]):
    """Code point to folded text, filled as characters are met, up to a size that no real conversation reaches."""

    def __missing__(self, code: int) -> str:
        folded = _fold_character(chr(code))
        if len(self) < _MOST_REMEMBERED:
            self[code] = folded
        return folded


def _fold_character(character: str) -> str:
    digit = unicodedata.digit(character, None)  # of any script, and in a circle: ❶ is 1
    if digit is not None:
        return str(digit)
    parts = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", character).casefold())
    if len(parts) > _LONGEST_EXPANSION:
        return " "
    return "".join(_fold_part(part) for part in parts if not unicodedata.combining(part))


def _fold_part(part: str) -> str:
    return _OTHER_LETTERS.get(part, part if part.isalnum() else " ")


_FOLDED = _FoldedCharacters()


def fold(text: str) -> str:
    """Return `text` without case, accents and punctuation, one space between words, a letter at most twice in a row.

    Never raises, whatever the text; the time is linear in its length.
    """
    return _folded(text) if len(text) <= _SHORT else _folded.__wrapped__(text)


@lru_cache(maxsize=4096)  # the words of a message are folded by each that reads it, and are mostly those of others
def _folded(text: str) -> str:
    plain = " ".join(text.translate(_FOLDED).split())
    return _REPEATED_THREE_TIMES.sub(r"\1\1", plain)


def words(text: str) -> list[str]:
    """Return the folded words of `text`, in order."""
    return fold(text).split()


@lru_cache(maxsize=64)  # each reader of a message asks for its words
def spelled(text: str) -> tuple[Word, ...]:
    """Return the normalised words of `text`, each with the place in `text` where it was typed."""
    typed = [
        (part, match.start(), match.end()) for match in _TYPED_WORD.finditer(text) for part in fold(match[0]).split()
    ]
    return tuple(
        Word(word, typed[place][1], typed[place + length - 1][2])
        for place, length, meant in _written_out([part for part, _, _ in typed])
        for word in meant
    )


def rewritten(text: str, ways: Mapping[str, str]) -> str:
    """Return `text` with the ways of a table (folded, up to four words each) in place of which stands their meaning.

    The longest way counts, each place is looked at once, and what is not in the table stays as it was typed.
    """
    typed = [
        (part, match.start(), match.end()) for match in _TYPED_WORD.finditer(text) for part in fold(match[0]).split()
    ]
    pieces, place, written = [], 0, 0
    while place < len(typed):
        length, meaning = _way_at([part for part, _, _ in typed[place : place + _LONGEST_WAY]], ways)
        if length:
            pieces += [text[written : typed[place][1]], meaning]
            written = typed[place + length - 1][2]
        place += length or 1
    return "".join((*pieces, text[written:]))


def _way_at(following: Sequence[str], ways: Mapping[str, str]) -> tuple[int, str]:
    for length in range(len(following), 0, -1):
        meaning = ways.get(" ".join(following[:length]))
        if meaning is not None:
            return length, meaning
    return 0, ""


def normalise(text: str) -> str:
    """Return `text` folded, its short forms written out (`jveu` is `je veux`, `cmb` is `combien`).

    The table of short forms is `base/chat_spelling.txt`.
    """
    return " ".join(word for _, _, meant in _written_out(words(text)) for word in meant)


def without_politeness(normalised: Sequence[str]) -> tuple[str, ...]:
    """Return the normalised words without those that carry no intent (`svp`, `oh`, the particle `la` at the end).

    A message that is only politeness is returned as it is, so that it can be answered.
    """
    keep = kept_places(normalised)
    return tuple(normalised[place] for place in keep)


def kept_places(normalised: Sequence[str]) -> tuple[int, ...]:
    """Return the places of the words that `without_politeness` keeps."""
    return _meant(normalised) or tuple(range(len(normalised)))


def is_politeness(normalised: Sequence[str]) -> bool:
    """Whether no word of these carries an intent."""
    return not _meant(normalised)


def _meant(normalised: Sequence[str]) -> tuple[int, ...]:
    kept: list[int] = []
    place = 0
    while place < len(normalised):
        skipped = _polite_at(normalised, place)
        if not skipped:
            kept.append(place)
        place += skipped or 1
    return tuple(kept)


def _polite_at(normalised: Sequence[str], place: int) -> int:
    for phrase in _POLITE_PHRASES:
        if normalised[place] == phrase[0] and list(normalised[place : place + len(phrase)]) == phrase:
            return len(phrase)
    word = normalised[place]
    if word == "la":
        return int(place > 0 and _only_polite_from(normalised, place + 1))
    return int(word in _POLITE)


def _only_polite_from(normalised: Sequence[str], place: int) -> bool:
    return all(word in _POLITE for word in normalised[place : place + 4])


def _written_out(typed: Sequence[str]) -> Iterator[tuple[int, int, tuple[str, ...]]]:
    """Yield (place, how many typed words, the words meant), left to right, longest way first."""
    place = 0
    while place < len(typed):
        length, meant = _phrase_meant(typed, place) if typed[place] in _FIRST_WORDS else (0, ())
        if not length:
            length, meant = 1, _word_meant(typed, place)
        yield place, length, meant
        place += length


def _phrase_meant(typed: Sequence[str], place: int) -> tuple[int, tuple[str, ...]]:
    for length in range(min(_LONGEST_WAY, len(typed) - place), 1, -1):
        way = " ".join(typed[place : place + length])
        if way in _WAYS:
            return length, _WAYS[way]
    return 0, ()


def _word_meant(typed: Sequence[str], place: int) -> tuple[str, ...]:
    word = typed[place]
    if word == "ya":
        return ("il", "y", "a") if place + 1 < len(typed) else ("oui",)
    if word == "k" and place and typed[place - 1].isdigit():
        return (word,)
    if word in _WAYS:
        return _WAYS[word]
    calm = _calm(word) if word[-1:] == word[-2:-1] else word
    return _WAYS.get(calm, (calm,))


def _calm(word: str) -> str:
    """No French word typed here ends in a doubled letter other than e, l or s: `ouii` is `oui`."""
    return _LAST_LETTER_REPEATED.sub(r"\1", word)


def _read_ways(table: str) -> dict[str, tuple[str, ...]]:
    lines = (line.partition(":") for line in table.splitlines() if line and not line.startswith("#"))
    return {way.replace("+", " "): tuple(meant.split()) for meant, _, ways in lines for way in ways.split()}


_WAYS = _read_ways((Path(__file__).parent / "chat_spelling.txt").read_text("utf-8"))
_FIRST_WORDS = frozenset(way.partition(" ")[0] for way in _WAYS if " " in way)
