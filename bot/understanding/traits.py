"""What a guess looks at: the words of a message as kinds and sounds, alone and next to each other."""

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from itertools import pairwise
from pathlib import Path

from base.places import is_place
from base.sounds import sound
from bot.understanding.quantities import is_number_word, read_quantity

OWN, PLACE, PHONE, CODE, HOUR, MEASURE = "*", "@", "#t", "#c", "#h", "#u"
FIGURES = ("#1", "#2", "#3", "#4")  # below 5, 25, 1000, and from there on
ASKED = "?"
OWN_WORD = "ownword"  # no word of any language
PIECE = "."  # before some sounds of a word
GOODS = frozenset(
    word
    for line in (Path(__file__).parent / "goods.txt").read_text("utf-8").splitlines()
    if not line.startswith("#")
    for word in line.split()
)
"""Words of goods that phrases have too: here they are the person's own."""
_BOUNDS = (5, 25, 1000)
_PHONE = re.compile(r"(?:00)?(?:228)?[279][0-9]{7}")
_HOUR = re.compile(r"[0-2]?[0-9]h(?:[0-5][0-9])?")
_MEASURE = re.compile(r"[0-9]+(?:kg|g|gr|l|cl|ml|go|gb|m|cm|w|v|yards?|pouces?|litres?|kilos?|x)")
_AMOUNT = re.compile(r"[0-9]+(?:k|mil|mille|f|fr|frs|fcfa|cfa|francs?)[0-9]*")
_COUNTED = re.compile(r"[0-9]{1,3}[a-z]{3,}")
_PIECES = (3, 4)  # sounds
_START = 4  # sounds of a word's beginning, which its forms share
_MOST_WORDS = 80
_MOST_TOKENS = 60
_ORDER = re.compile(r"(?=[0-9]*[a-z])(?=[a-z]*[0-9])[0-9a-z]{5}")
_SIGNS = tuple(
    (f"!{sign}", re.compile(pattern, re.IGNORECASE))
    for sign, pattern in (
        ("+", r"\+\s?\d|\d\s?\+"),
        ("-", r"(?<![\w-])[-–−]\s?\d"),
        (":", r"[:=]"),
        ("n", r"\n"),
        ("!", r"!"),
        (",", r","),
        ("0", r"(?<![\w.,])0(?![\w.,])|\bz[eé]ro\b"),
        ("f", r"\d\s?(?:f|fcfa|cfa|francs?|mil|mille|k|frs)(?!\w)|\bmill?e?\b"),
        ("%", r"\d\s?%"),
        (
            "c",
            r"(?<!\w)(?-i:TG-?)?(?!\d+(?:F|K|H\d*|GO|KG|ML|CL)\b)(?=[0-9]*[A-Z])(?=[A-Z]*[0-9])(?-i:[A-Z0-9]{5})(?!\w)",
        ),
    )
)
_COUNTED_FIGURES = re.compile(r"(?<!\w)\d[\d .]*")
_MOST_FIGURES = 4
_PAIRS = (5, 4)  # words of a number told in pairs, with the country's code or without


def tokens_of(words: Iterable[str], known: Collection[str]) -> list[str]:
    """Normalised words as tokens: the sound of a known one, the kind of a figure or place, `*` for any other."""
    tokens: list[str] = []
    for word in _with_whole_phones(list(words)[:_MOST_WORDS]):
        token = _token(word, known)
        if token != OWN or tokens[-1:] != [OWN]:
            tokens.append(token)
    return tokens[:_MOST_TOKENS]


def _with_whole_phones(words: list[str]) -> Iterator[str]:
    """`90 00 00 02` is one number."""
    place = 0
    while place < len(words):
        lengths = _PAIRS if words[place].isdigit() else ()
        told = next((pairs for pairs in lengths if _PHONE.fullmatch("".join(words[place : place + pairs]))), 1)
        yield "".join(words[place : place + told])
        place += told


def signs_of(text: str) -> tuple[str, ...]:
    """What signs a message has that its words do not tell: a plus before a figure, a colon, money, how many figures."""
    figures = len(_COUNTED_FIGURES.findall(text))
    return (*(sign for sign, pattern in _SIGNS if pattern.search(text)), f"!{min(figures, _MOST_FIGURES)}")


def with_models_named(words: Iterable[str]) -> list[str]:
    """The words, with `ps5`, `a70` and all other letters with figures that are no order's code as somebody's own."""
    return [OWN_WORD if _is_model(word) else word for word in words]


def _is_model(word: str) -> bool:
    is_mixed = any(letter.isdigit() for letter in word) and any(letter.isalpha() for letter in word)
    return is_mixed and not is_code(word) and _figure(word) == CODE


def is_code(word: str) -> bool:
    """Whether a normalised word is an order's code as the market makes them: five letters and figures."""
    return bool(_ORDER.fullmatch(word)) and _figure(word) == CODE


def _token(word: str, known: Collection[str]) -> str:
    if word[0].isdigit() or (len(word) < 6 and any(letter.isdigit() for letter in word)):
        return _figure(word)
    if is_number_word(word) and word not in ("un", "une"):
        return _figure(str(read_quantity([word])[0]))
    heard = sound(word)
    if heard in known and word not in GOODS:
        return heard
    return PLACE if is_place(word) else OWN


def _figure(word: str) -> str:
    if _PHONE.fullmatch(word):
        return PHONE
    if word.isdigit():
        return FIGURES[sum(int(word) >= bound for bound in _BOUNDS)] if len(word) < 9 else CODE
    if _HOUR.fullmatch(word):
        return HOUR
    if _MEASURE.fullmatch(word):
        return MEASURE
    if _AMOUNT.fullmatch(word):
        return FIGURES[3]
    return FIGURES[0] if _COUNTED.fullmatch(word) else CODE


def traits(words: Sequence[str], tokens: Sequence[str], is_asked: bool) -> list[str]:
    """The traits of a message: each once."""
    return list(dict.fromkeys((*_traits(tokens, is_asked), *_pieces(words))))


def framed(tokens: Sequence[str]) -> Iterator[str]:
    """The tokens, and each with those that stand next to it and behind the next, the message's ends among them."""
    whole = ("^", *tokens, "$")
    yield from tokens
    yield from (f"{a} {b}" for a, b in pairwise(whole))
    yield from (f"{a} _ {b}" for a, b in zip(whole, whole[2:], strict=False))


def _traits(tokens: Sequence[str], is_asked: bool) -> Iterator[str]:
    yield from framed(tokens)
    yield from (f"~{token[:_START]}" for token in tokens if len(token) > _START)
    yield f"%{min(len(tokens), 12) // 2}"
    if is_asked:
        yield ASKED


def _pieces(words: Iterable[str]) -> Iterator[str]:
    """Three and four sounds of a word in a row: what a word written as nobody else does shares with others."""
    for word in words:
        heard = f"<{sound(''.join(filter(str.isalpha, word)))}>"
        yield from (PIECE + heard[at : at + size] for size in _PIECES for at in range(len(heard) - size + 1))
