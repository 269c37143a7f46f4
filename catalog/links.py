"""Public codes of what a link opens (`P4K7`, `B4K7-affiche`): a scrambled number, and what people make of it.

They stand on posters and in pages, so they are the same for ever, whatever key this market has; they open what anybody
may see, and give no right to anything.
"""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from math import gcd
from typing import Final, Literal
from urllib.parse import quote, urlencode

Kind = Literal["product", "shop", "event", "market"]
LETTERS: Final = "23456789ABCDEFGHJKMNPQRSTVWXYZ"  # neither 0 O, 1 I L, nor U, which is heard as V
FIRST: Final = 8  # a number begins with one of the first eight, a digit, so that no code reads as a word
PREFIXES: Final[Mapping[Kind, str]] = {"product": "P", "shop": "B", "event": "E", "market": "M"}
KINDS: Final[Mapping[str, Kind]] = {prefix: kind for kind, prefix in PREFIXES.items()}
THE_MARKET: Final = 0  # the number of the one market
SHORTEST, LONGEST = 2, 5  # letters of a number: 240 of each kind, then 7,200 more, … 6.7 million in all
LONGEST_WORD: Final = 20  # letters of a source
WEIGHTS: Final = (1, 7, 11, 13, 17, 19)  # none has a divisor in common with thirty: one wrong letter is always seen
_DASH: Final = r"[-\u2010-\u2015_]"  # keyboards correct a hyphen to something longer
_LETTERS: Final = rf"[{''.join(PREFIXES.values())}][2-9][{LETTERS}]{{{SHORTEST},{LONGEST}}}"
_SOURCE: Final = rf"[^\W_]{{1,{LONGEST_WORD}}}"
_ALONE: Final = re.compile(rf"({_LETTERS})(?:\s*{_DASH}\s*({_SOURCE}))?", re.IGNORECASE)
_IN_WORDS: Final = re.compile(rf"(?<![^\W_])({_LETTERS})(?:{_DASH}({_SOURCE}))?(?![^\W_])", re.IGNORECASE)
_SPACED: Final = re.compile(rf"({_LETTERS})(?:[\s_–—-]+({_SOURCE}))?", re.IGNORECASE)
_BRACKETED: Final = re.compile(r"[(\[{]\s*([^()\[\]{}\n]{4,40}?)\s*(?:[)\]}]|$)", re.MULTILINE)
_AROUND: Final = (re.compile(r"[(\[{]\s*$"), re.compile(r"^\s*[)\]}]"))
_SOMETHING: Final = re.compile(r"[^\W_]")


@dataclass(frozen=True)
class Link:
    """What a code opens: the row of a good, a shop or an event, or the market; and where the link was put up."""

    kind: Kind
    id: int
    word: str = ""  # affiche, radio …: letters and digits without accents, at most 20

    @property
    def code(self) -> str:
        """The code without its source: `P4K7`."""
        return _code(self.kind, self.id)

    def __str__(self) -> str:
        """The code as it travels: `P4K7-affiche`."""
        return f"{self.code}-{self.word}" if self.word else self.code


@dataclass(frozen=True)
class Read:
    """What was found in words: the link (None: no code, or a mistyped one), and the words without it."""

    link: Link | None
    rest: str


def source_word(typed: str) -> str:
    """A source as a code carries it: `Affiche d'Adawlato` is `affichedadawlato`; '' when nothing is left."""
    return re.sub(r"[^a-z0-9]", "", unicodedata.normalize("NFKD", typed.casefold()))[:LONGEST_WORD]


def read(text: str) -> Read:
    """The first code in somebody's words, in any case, with or without its brackets; what was edited around it stays.

    A mistyped code is cut out where it stood in brackets: nobody wants to hear of it.
    """
    mistyped: tuple[int, int] | None = None
    for start, end, letters, word in _candidates(text):
        link = _link(letters, word)
        if link:
            return Read(link, _without(text, start, end))
        mistyped = mistyped or ((start, end) if text[start : start + 1] in "([{" else None)
    return Read(None, _without(text, *mistyped) if mistyped else text)


def _candidates(text: str) -> Iterator[tuple[int, int, str, str]]:
    """Where codes may stand: in brackets, as a word of their own, or alone with blanks in between."""
    for found in _BRACKETED.finditer(text):
        inside = _SPACED.fullmatch(found[1]) or _ALONE.fullmatch(re.sub(r"\s", "", found[1]))
        if inside:
            yield found.start(), found.end(), inside[1], inside[2] or ""
    for found in _IN_WORDS.finditer(text):
        yield found.start(), found.end(), found[1], found[2] or ""
    alone = _ALONE.fullmatch(re.sub(r"\s", "", text[:60]).rstrip(".!?,"))
    if alone and len(text) <= 60:
        yield 0, len(text), alone[1], alone[2] or ""


def _without(text: str, start: int, end: int) -> str:
    before, after = (pattern.sub("", part) for pattern, part in zip(_AROUND, (text[:start], text[end:]), strict=True))
    lines = (" ".join(line.split()) for line in f"{before} {after}".split("\n"))
    left = "\n".join(line for line in lines if line)
    return left if _SOMETHING.search(left) else ""


def _link(letters: str, word: str) -> Link | None:
    """The link of these letters; None when one of them is wrong, and for a number that nothing has."""
    code = letters.upper()
    values = [LETTERS.index(letter) for letter in code[1:]]
    if _check(code[0], values[:-1]) != values[-1] or values[0] >= FIRST:
        return None
    number = 0
    for value in values[:-1]:
        number = number * len(LETTERS) + value
    length = len(values) - 1
    shorter = sum(_count(one) for one in range(SHORTEST, length))
    number = number * pow(_step(length), -1, _count(length)) % _count(length)
    found = Link(KINDS[code[0]], shorter + number, source_word(word))
    return found if (found.kind == "market") == (found.id == THE_MARKET) else None


@cache
def _code(kind: Kind, id_: int) -> str:
    length, rest = SHORTEST, id_
    while rest >= _count(length):
        rest -= _count(length)
        length += 1
    number = rest * _step(length) % _count(length)
    values = []
    for _ in range(length):
        number, value = divmod(number, len(LETTERS))
        values.append(value)
    values.reverse()
    prefix = PREFIXES[kind]
    return prefix + "".join(LETTERS[value] for value in (*values, _check(prefix, values)))


def _count(length: int) -> int:
    """How many numbers of so many letters there are."""
    return int(FIRST * len(LETTERS) ** (length - 1))


@cache
def _step(length: int) -> int:
    """What a number is multiplied by, so that neighbours look nothing alike: it has no divisor in common with all."""
    step = int(_count(length) * 0.618)
    while gcd(step, _count(length)) > 1:
        step += 1
    return step


def _check(prefix: str, values: list[int]) -> int:
    """The last letter, which tells a slip of the finger from a code."""
    kind = [*PREFIXES.values()].index(prefix)
    return (sum(weight * value for weight, value in zip(WEIGHTS, values, strict=False)) + 8 * kind + 4) % len(LETTERS)


def of_whatsapp(phone: str, words: str) -> str:
    """The link that opens WhatsApp with these words typed already; `phone` in E.164 (channels.md §5)."""
    return f"https://wa.me/{phone.removeprefix('+')}?text={quote(words)}"


def of_messenger(page: str, link: Link) -> str:
    """The link that opens a Page's chat and tells us the code; `page` its id or name (channels.md §5)."""
    return f"https://m.me/{page}?{urlencode({'ref': str(link)})}"
