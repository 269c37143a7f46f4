"""What is not passed on from one side to the other: to pay elsewhere, to pay before, to tell a secret code.

The words are those of `stopped_words.txt`, each line of which is read as a pattern over normalised words. Nothing is
judged: who wrote it is told why it stays here, the other side is warned in general words, and a person looks at it.
"""

import re
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Final, Literal, get_args

from base.disguised import without_disguised
from base.phones import without_phones
from base.spelling import normalise

Why = Literal["payment", "code"]
WHYS: Final[tuple[Why, ...]] = get_args(Why)
INNOCENT: Final = "innocent"
LONGEST: Final = 1000  # characters that are looked at
FILE: Final = Path(__file__).parent / "stopped_words.txt"
PHONE, ASKED, CUT = "numerodetelephone", "enquestion", "coupe"  # stand for a phone, a question mark, what was cut out
GAP: Final = r"(?: (?!coupe\b)\S+){0,4}?"
SENTENCES: Final = re.compile(r"[.!;\n]+(?=\s|$)|(?<=[?])(?=[^?!]|$)")
QUESTION: Final = re.compile(r"[?]+")
PAID_BY_DIALLING: Final = re.compile(r"[*#]\d{2,4}\*[\d*]{2,40}#")  # `*145*1*90123456*5000#`: a transfer
LETTERS_APART: Final = re.compile(r"(?<![^\W_])(?:[a-z][ .\-_*]{1,2}){2,11}[a-z](?![^\W_])", re.IGNORECASE)
FIGURES_IN_WORDS: Final = re.compile(r"(?<=[a-z])[01345@$](?=[a-z])|(?<=[a-z])[01345@$](?=\s|$)", re.IGNORECASE)
FOR_LETTERS: Final = str.maketrans("01345@$", "oieasas")
WHOLE: Final = "= "  # before a pattern that is a whole sentence
SIGNS: Final = {"#": PHONE, "?": ASKED}
SUM: Final = r" (?:\d{3,}|\d{1,3} \d{3})"  # what `%` stands for: 100 or more
ELEMENT: Final = re.compile(r"\(([^()]*)\)|\[([^\[\]]*)\]|(…)|([^\s()\[\]…]+)")


class BadPattern(ValueError):
    """A line of the file that is no list and no pattern."""


def stopped(text: str) -> Why | None:
    """Why these words are not passed on; None for those that may go. Never raises, whatever the text."""
    looked_at = text[:LONGEST]
    if PAID_BY_DIALLING.search(looked_at):
        return "payment"
    sign = f" {PHONE} "
    plain = without_disguised(without_phones(looked_at, sign), sign)
    return next(filter(None, map(_stopped, SENTENCES.split(_undisguised(plain)))), None)


def _undisguised(text: str) -> str:
    """Words whose letters stand apart (`c o d e`) or are figures (`c0de`), as they are meant."""
    joined = LETTERS_APART.sub(lambda found: re.sub(r"[ .\-_*]", "", found[0]), text)
    return FIGURES_IN_WORDS.sub(lambda found: found[0].translate(FOR_LETTERS), joined)


def _stopped(sentence: str) -> Why | None:
    patterns = _patterns()
    words = f" {normalise(QUESTION.sub(f' {ASKED} ', sentence))}"
    for innocent in patterns[INNOCENT]:
        words = innocent.sub(f" {CUT}", words)
    return next((why for why in WHYS if any(one.search(words) for one in patterns[why])), None)


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
        found[kind].append(_compiled(pattern, lists))
    return found


def _compiled(pattern: str, lists: Mapping[str, str]) -> re.Pattern[str]:
    if pattern.startswith(WHOLE):
        return re.compile(f"^{_pattern(pattern.removeprefix(WHOLE), lists)}(?: {ASKED})?$")
    return re.compile(_pattern(pattern, lists) + r"(?= |$)")


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
    for one_of, perhaps, gap, word in ELEMENT.findall(pattern):
        if gap:
            written += GAP
        elif perhaps:
            written += f"(?:{_alternatives(perhaps, lists)})?"
        elif one_of:
            written += f"(?:{_alternatives(one_of, lists)})"
        else:
            written += _word(word)
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
    return _word(told)


def _word(told: str) -> str:
    if told == "%":
        return SUM
    return "".join(f" {re.escape(part)}" for part in (SIGNS.get(told) or normalise(told)).split())
