"""Words that people write by ear or run together, read as the words of the phrases that they stand for."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from rapidfuzz import process
from rapidfuzz.distance import OSA

from base.sounds import sound
from base.spelling import Word
from bot.understanding.message import Span
from bot.understanding.traits import GOODS

_ELIDED: Final = "dljmtsn"  # l'huile, d'autres, m'appeler typed as one word
_VOWELS: Final = "aeiouyh"
_SHORTEST, _SHORTEST_RUN, _SHORTEST_SLIP = 3, 6, 6  # letters: by sound, two words in one, a letter wrong
_FIRST_OF_TWO: Final = frozenset(
    "je vous tu il on c est ce que qui quoi ou un une le la les de du des mon ma mes votre vos pas plus pour combien"
    " comment quand moi toi si et en veux peux suis avez livrez vendez donnez bonjour bonsoir merci svp est ce".split()
)


@dataclass(frozen=True, slots=True)
class Frame:
    """The words that phrases are made of, and the likeliest of them for each sound."""

    words: frozenset[str]
    by_sound: Mapping[str, str]
    long: tuple[str, ...]

    def heard(self, word: str) -> str:
        """The word that stands for all of the frame that sound like this one; the word itself when none does."""
        return self.by_sound.get(sound(word), word) if len(word) >= _SHORTEST else word


def frame_of(words: Sequence[str]) -> Frame:
    """The frame of words in the order of their frequency, the commonest first."""
    by_sound: dict[str, str] = {}
    for word in words:
        by_sound.setdefault(sound(word), word)
    return Frame(frozenset(words), by_sound, tuple(word for word in words if len(word) >= _SHORTEST_SLIP))


def mended(said: Span, frame: Frame) -> Span:
    """The message in the words that stand for all that sound like them; the typed places stay."""
    words = (Word(normal, word.start, word.end) for word in said.words for normal in _meant(word.normal, frame))
    return Span(said.text, tuple(words))


def _meant(word: str, frame: Frame) -> tuple[str, ...]:
    if len(word) < _SHORTEST or not word.isalpha() or word in GOODS:
        return (word,)
    if word in frame.words:
        return (frame.heard(word),)
    meant = _elided(word, frame) or _two(word, frame) or _by_ear(word, frame)
    return tuple(map(frame.heard, meant)) or (word,)


def _elided(word: str, frame: Frame) -> tuple[str, ...]:
    rest = word[1:]
    if word[0] in _ELIDED and rest[0] in _VOWELS and rest in frame.words and len(rest) > 2:
        return word[0], rest
    return ("d", rest) if word in ("dun", "dune") else ()


def _two(word: str, frame: Frame) -> tuple[str, ...]:
    if len(word) < _SHORTEST_RUN:
        return ()
    for place in range(2, len(word) - 2):
        first, rest = word[:place], word[place:]
        if first in _FIRST_OF_TWO and rest in frame.words:
            return first, rest
    return ()


def _by_ear(word: str, frame: Frame) -> tuple[str, ...]:
    alike = frame.by_sound.get(sound(word))
    if alike:
        return (alike,)
    if len(word) < _SHORTEST_SLIP:
        return ()
    near = process.extractOne(word, frame.long, scorer=OSA.distance, score_cutoff=1)
    return (str(near[0]),) if near and near[0][0] == word[0] else ()
