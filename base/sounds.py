"""How a French word sounds, as one key: who spells by ear finds the word, and another word's spelling is told apart."""

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Final

Rules = tuple[tuple[re.Pattern[str], str], ...]

# Applied in their order to a folded word. Capitals are sounds that no single letter writes: S (ch), J (j, soft g),
# G (hard g), A O I (an, on, in).
_WRITTEN: Final = (
    (r"([aiuy])\1", r"\1"),
    (r"ph", "f"),
    (r"sch|sh|ch(?=[aeiouy]|$)", "S"),
    (r"ch", "k"),
    (r"gh|gu(?=[eiy])", "G"),
    (r"h", ""),
    (r"^([aeiou]?)il(?=s?$)", r"\1l"),
    (r"tion", "sion"),
    (r"oign|ogn", "oni"),
    (r"gn", "ni"),
    (r"qu|q|ck|cq", "k"),
    (r"cc(?=[eiy])", "ks"),
    (r"sc(?=[eiy])", "ss"),
    (r"(?<=[aeiouy])c(?=[eiy])", "ss"),
    (r"c(?=[eiy])", "s"),
    (r"c", "k"),
    (r"ge(?=[ao])", "J"),
    (r"g(?=[eiy])", "J"),
    (r"dj|j", "J"),
    (r"g", "G"),
    (r"(?<=[aeiou])ill", "i"),
    (r"(?<=[aeou])il(?=s?$)", "i"),
    (r"ill", "ii"),
    (r"eau|au", "o"),
    (r"oeu|oe|eu", "e"),
    (r"oo|ou|w", "u"),
    (r"(?<=[aeo])y(?=[aeo])", "i"),
    (r"(?:e|a)?(?:in|im|yn|ym)(?=[^aeiouynmAIO]|$)", "I"),
    (r"(?:un|um)(?=[^aeiouynmAIO]|$)", "I"),
    (r"(?:an|am|en|em)(?=[^aeiouynmAIO]|$)", "A"),
    (r"(?:on|om)(?=[^aeiouynmAIO]|$)", "O"),
    (r"oi|oy", "ua"),
    (r"ai|ei|ay|ey|ae", "e"),
    (r"y", "i"),
    (r"(?<=[aeiouAOI])s(?=[aeiouAOI])", "z"),
    (r"(.)\1+", r"\1"),
)
# What is written at the end and not heard: `parfums`, `parfumer`, `piment`, `savon noire`.
_SILENT_END: Final = re.compile(r"(?:(?<=..)e[rtz]s?|e+s?|(?<=.)[sxztdp]+)$")
_SHORTEST: Final = 2
_SHORTEST_LOOSE: Final = 4


def _rules(written: tuple[tuple[str, str], ...]) -> Rules:
    return tuple((re.compile(pattern, re.MULTILINE), sound) for pattern, sound in written)


_RULES: Final = _rules(_WRITTEN)


@lru_cache(maxsize=20_000)
def sound(word: str) -> str:
    """One key for all spellings that sound alike: `makro` no, but `ponpe` and `pompe`, `aricot` and `haricots`.

    `word` is folded (base.spelling); one that holds a figure is its own key.
    """
    if not word.isalpha():
        return word
    return _as_heard(_spoken(word))


def sounds_of_all(words: Sequence[str]) -> list[str]:
    """The keys of many folded words without figures, as `sound` tells them, in a tenth of the time."""
    return [_as_heard(heard) for heard in _spoken("\n".join(words)).split("\n")] if words else []


def _spoken(lines: str) -> str:
    """Words, one a line, by their sounds; no rule looks across a line's end."""
    for pattern, letter in _RULES:
        lines = pattern.sub(letter, lines)
    return lines


def _as_heard(spoken: str) -> str:
    """Without what is written at the end and not heard."""
    end = _SILENT_END.search(spoken)
    kept = spoken[: end.start()] if end else spoken
    return kept if len(kept) >= _SHORTEST else spoken


def sounds(word: str) -> tuple[str, ...]:
    """The keys of a word as it may be meant: also as if a mute e had been left out behind it (`pom`, `arachid`)."""
    return tuple(dict.fromkeys((sound(word), sound(f"{word}e"))))


def loose_sound(word: str) -> str:
    """A coarser key that also passes over mute e's and hears s as z: `makro` and `maquereau`; '' for a short word."""
    return loosened(sound(word))


def loosened(heard: str) -> str:
    """The coarser key of what sounds so; '' for what is short."""
    loose = heard[:1] + heard[1:].replace("e", "").replace("z", "s")
    return re.sub(r"(.)\1+", r"\1", loose) if len(loose) >= _SHORTEST_LOOSE or len(heard) > _SHORTEST_LOOSE else ""
