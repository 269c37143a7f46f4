"""Phrase files, compiled once: `(a|b)` one of, `[a|b]` one or none, `{slot}` own words, `@name` a shorthand."""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from base.spelling import fold, normalise
from bot.understanding.intents import INTENTS
from bot.understanding.mending import Frame, frame_of
from bot.understanding.slots import SLOTS

_FOLDER = Path(__file__).parent / "phrases"
_HEADING = re.compile(r"\[([a-z_]+\??)\]")
_SHORTHAND = re.compile(r"@([a-z_]+): (.+)")
_USE = re.compile(r"@([a-z_]+)")
PIECE = re.compile(r"\{([a-z_]+)\}|(\.\.\.|[()\[\]|])|((?:(?!\.\.\.)[^{}()\[\]|])+)")
_MARKS = {"(": "(?:", ")": ")", "[": "(?:", "]": ")?", "|": "|", "...": r"(?:\S+ ){0,6}?"}
UNLESS = re.compile(r"!\(([^()]+)\) (.+)")
_DECORATION = re.compile("[\\s\ufe0e\ufe0f\u200d\U0001f3fb-\U0001f3ff]")


Spelling = Callable[[str], str]


class BadPhrase(ValueError):
    """A phrase file that cannot be read; the message names the file's line."""


@dataclass(frozen=True, slots=True)
class Phrase:
    """One compiled phrase with slots or gaps, of an intent."""

    intent: str
    pattern: re.Pattern[str]
    slots: tuple[str, ...]
    is_loose: bool


@dataclass(frozen=True, slots=True)
class Phrasebook:
    """All a role may say: whole phrases by intent, phrases with slots, loose ones, and signs such as 👍 or `?`."""

    whole: tuple[tuple[str, re.Pattern[str]], ...]
    slotted: tuple[Phrase, ...]
    loose: tuple[Phrase, ...]
    signs: Mapping[str, str]
    frame: Frame


@dataclass(slots=True)
class _Pages:
    """What is being read: raw phrases by intent, and the shorthands so far."""

    phrases: dict[str, list[str]] = field(default_factory=dict)
    shorthands: dict[str, str] = field(default_factory=dict)


@cache
def phrasebook(role: str, *, by_ear: bool = False) -> Phrasebook:
    """Return the phrases of a role: its own file, then `everyone.txt` but for the intents that the role lacks.

    `by_ear`: in the words that stand for all that sound like them, as `mending.mended` spells a message.
    """
    phrases: dict[str, list[str]] = {}
    everyone = read_phrases("everyone")
    for pages in (read_phrases(role, everyone.shorthands), everyone):
        for intent, lines in pages.phrases.items():
            if intent.removesuffix("?") in INTENTS[role]:
                phrases.setdefault(intent, []).extend(lines)
    frame = frame_of(_frame_words(phrases))
    return _compiled(phrases, frame, frame.heard if by_ear else str)


def read_phrasebooks() -> None:
    """Of every role, so that nobody's first message waits for it."""
    for role in INTENTS:
        phrasebook(role)
        phrasebook(role, by_ear=True)


def read_phrases(name: str, shorthands: Mapping[str, str] | None = None, folder: Path | None = None) -> _Pages:
    """Read one phrase file; BadPhrase names the first line that cannot be."""
    pages = _Pages(shorthands=dict(shorthands or {}))
    intent = ""
    for number, line in _lines(((folder or _FOLDER) / f"{name}.txt").read_text("utf-8")):
        heading, shorthand = _HEADING.fullmatch(line), _SHORTHAND.fullmatch(line)
        try:
            if heading:
                intent = heading[1]
            elif shorthand:
                pages.shorthands[shorthand[1]] = _written_out(shorthand[2], pages.shorthands)
            else:
                pages.phrases.setdefault(intent, []).append(_written_out(line, pages.shorthands))
        except KeyError as unknown:
            raise BadPhrase(f"{name}.txt line {number}: nothing is called {unknown}") from unknown
    return pages


def is_sign(text: str) -> str:
    """Return a message of signs only (`👍👍`, `??`) without repeats and skin tones; '' when it has words."""
    bare = _DECORATION.sub("", text)
    return bare[0] if bare and bare == bare[0] * len(bare) and not fold(bare) else ""


def _lines(content: str) -> Iterator[tuple[int, str]]:
    """Logical lines with the number of their first: a line that begins with blanks goes on with the one before."""
    number, logical = 0, ""
    for count, line in enumerate(content.splitlines(), start=1):
        if line.startswith(" "):
            logical += line.strip() if line.lstrip().startswith("|") else " " + line.strip()
            continue
        if logical:
            yield number, logical
        number, logical = count, "" if line.startswith("#") else line.strip()
    if logical:
        yield number, logical


def _written_out(line: str, shorthands: Mapping[str, str]) -> str:
    return _USE.sub(lambda use: shorthands[use[1]], line)


def _compiled(phrases: Mapping[str, Iterable[str]], frame: Frame, spell: Spelling) -> Phrasebook:
    whole: list[tuple[str, re.Pattern[str]]] = []
    slotted: list[Phrase] = []
    signs: dict[str, str] = {}
    for heading, lines in phrases.items():
        intent = heading.removesuffix("?")
        exact = [line for line in lines if "{" not in line and intent == heading]
        signs.update({line: intent for line in exact if is_sign(line)})
        patterns = [_pattern(line, spell)[0] for line in exact if not is_sign(line)]
        if patterns:
            whole.append((intent, re.compile("|".join(patterns))))
        for pattern, slots in (_pattern(line, spell) for line in lines if line not in exact):
            slotted.append(Phrase(intent, re.compile(pattern), slots, intent != heading))
    loose = tuple(phrase for phrase in slotted if phrase.is_loose)
    strict = tuple(phrase for phrase in slotted if not phrase.is_loose)
    return Phrasebook(tuple(whole), strict, loose, signs, frame)


def _frame_words(phrases: Mapping[str, Iterable[str]]) -> list[str]:
    """The words between the slots of all phrases, the commonest first."""
    counted = Counter(
        word
        for lines in phrases.values()
        for line in lines
        for _, _, literal in PIECE.findall(line)
        for word in _words_of(literal)
        if word.isalpha()
    )
    return [word for word, _ in counted.most_common()]


@cache
def _words_of(literal: str) -> tuple[str, ...]:
    """The normalised words of a phrase's own; the roles share most of them."""
    return tuple(normalise(literal).split())


def _pattern(line: str, spell: Spelling) -> tuple[str, tuple[str, ...]]:
    """A pattern over normalised words as `spell` writes them, each followed by a blank, and the slots in it."""
    unless = UNLESS.fullmatch(line)
    if unless:
        refused = _pattern(unless[1], spell)[0].replace("?P<s", "?P<n")
        wanted, own_words = _pattern(unless[2], spell)
        return rf"(?!(?:\S+ )*?{refused}){wanted}", own_words
    pieces: list[str] = []
    slots: list[str] = []
    for slot, mark, literal in PIECE.findall(line):
        if slot:
            pieces.append(f"(?P<s{len(slots)}>{SLOTS[slot].pattern})")
            slots.append(slot)
        elif mark:
            pieces.append(_MARKS[mark])
        else:
            pieces += [f"{re.escape(spell(word))} " for word in _words_of(literal)]
    return f"(?:{''.join(pieces)})", tuple(slots)
