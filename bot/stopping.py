"""What is not passed on from one side to the other: to pay elsewhere, to pay before, to tell a secret code.

The words are those of `stopped_words.txt`, each line of which is read as a pattern over normalised words. Nothing is
judged: who wrote it is told why it stays here, the other side is warned in general words, and a person looks at it.
"""

import re
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Final, Literal, get_args

from base.phones import without_phones
from base.spelling import normalise

Why = Literal["payment", "code"]
WHYS: Final[tuple[Why, ...]] = get_args(Why)
INNOCENT: Final = "innocent"
LONGEST: Final = 1000  # characters that are looked at
FILE: Final = Path(__file__).parent / "stopped_words.txt"
PHONE, CUT = "numerodetelephone", "coupe"  # words that stand for a phone, and for what was cut out
GAP: Final = r"(?: (?!coupe\b)\S+){0,4}?"
SENTENCES: Final = re.compile(r"[.!?;\n]+(?=\s|$)")
ELEMENT: Final = re.compile(r"\(([^()]*)\)|\[([^\[\]]*)\]|(…)|(#)|([^\s()\[\]…#]+)")


class BadPattern(ValueError):
    """A line of the file that is no list and no pattern."""


def stopped(text: str) -> Why | None:
    """Why these words are not passed on; None for those that may go. Never raises, whatever the text."""
    patterns = _patterns()
    for sentence in SENTENCES.split(without_phones(text[:LONGEST], f" {PHONE} ")):
        words = f" {normalise(sentence)}"
        for innocent in patterns[INNOCENT]:
            words = innocent.sub(f" {CUT}", words)
        found = next((why for why in WHYS if any(one.search(words) for one in patterns[why])), None)
        if found:
            return found
    return None


@cache
def _patterns() -> Mapping[str, Sequence[re.Pattern[str]]]:
    return read_patterns(FILE.read_text("utf-8"))


def read_patterns(text: str) -> Mapping[str, Sequence[re.Pattern[str]]]:
    """What a file says, by the first word of its lines. Raises BadPattern."""
    lists: dict[str, str] = {}
    found: dict[str, list[re.Pattern[str]]] = {kind: [] for kind in (*WHYS, INNOCENT)}
    for line in _lines(text):
        if line.startswith("@"):
            name, _, told = line.partition(":")
            lists[name.strip()] = _alternatives(told, lists)
            continue
        kind, _, pattern = line.partition(" ")
        if kind not in found:
            raise BadPattern(f"{kind!r} is none of {', '.join(found)}")
        found[kind].append(re.compile(_pattern(pattern, lists) + r"(?= |$)"))
    return found


def _lines(text: str) -> list[str]:
    """Whole lines: what begins with a blank goes on."""
    lines: list[str] = []
    for line in text.splitlines():
        if not line.strip() or line.startswith("#"):
            continue
        if line.startswith(" "):
            lines[-1] += line.strip()
        else:
            lines.append(line.strip())
    return lines


def _pattern(pattern: str, lists: Mapping[str, str]) -> str:
    """A pattern as a regular expression, each of whose words has a blank before it."""
    written = ""
    for one_of, perhaps, gap, phone, word in ELEMENT.findall(pattern):
        if gap:
            written += GAP
        elif perhaps:
            written += f"(?:{_alternatives(perhaps, lists)})?"
        elif one_of:
            written += f"(?:{_alternatives(one_of, lists)})"
        else:
            written += _word(PHONE if phone else word)
    if not written:
        raise BadPattern(f"{pattern!r} says nothing")
    return written


def _alternatives(told: str, lists: Mapping[str, str]) -> str:
    return "|".join(_alternative(one.strip(), lists) for one in told.split("|"))


def _alternative(told: str, lists: Mapping[str, str]) -> str:
    if told.startswith("@"):
        if told not in lists:
            raise BadPattern(f"{told} is no list that stands above")
        return lists[told]
    if not told:
        raise BadPattern("an alternative says nothing")
    return _word(PHONE if told == "#" else told)


def _word(told: str) -> str:
    return "".join(f" {re.escape(part)}" for part in (PHONE if told == PHONE else normalise(told)).split())
