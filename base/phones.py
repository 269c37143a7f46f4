"""Phone numbers: what people type, read into E.164, and the forms in which they are shown."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

import phonenumbers

_LONGEST_TEXT = 1024
_MOST_DIGITS = 15
_TOGO = "+228"
_BETWEEN_DIGITS = r"[ .\-/]{0,2}"
_LETTER_O = re.compile(rf"(?<=[0-9oO])[oO](?=[oO]?{_BETWEEN_DIGITS}[0-9])|(?<=[0-9] )[oO](?=[0-9])")
_LETTER_L = re.compile(r"(?<=[0-9oO])[lI|](?=[0-9])")
_RUN = re.compile(r"\+?[0-9](?:[ .\-/()]{0,3}\+?[0-9])*")
_GROUP = re.compile(r"(\+?)([0-9]+)")
_NATIONAL = re.compile(r"[279][0-9]{7}")
_MOBILE = re.compile(r"\+228(?:7[0-389]|9[0-36-9])[0-9]{6}")
_TMONEY_PREFIXES = frozenset("70 71 72 73 90 91 92 93".split())
_BARE_FOREIGN = ("225", "226", "227", "229", "233", "234", "33")
"""Codes taken without + or 00, and only unspaced: the neighbours and France; any other could be a reference number."""


_ODD_BETWEEN = re.compile(r"(?<=[0-9oO])[*_,;:|~'’\"•·]{1,2}(?=[0-9oO])")
_AMOUNT = re.compile(r"[0-9]{1,3}(?:[ .][0-9]{3})+")
_FRANCS = re.compile(r" ?(?:f|fr|fcfa|cfa|francs?)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Group:
    """Digits typed without a separator, whether a + stands before them, and where they stand."""

    digits: str
    has_plus: bool
    start: int = 0
    end: int = 0


def read_phone(text: str, region: str = "TG") -> str | None:
    """Return the first valid number in `text` in E.164 (`+22890123456`), or None. Never raises.

    `region` is the ISO 3166 country of numbers typed without a country code; foreign numbers are read
    with + or 00. Validity is that of the package phonenumbers. Only the first 1,024 characters are read.
    """
    return next(_numbers(text, region), None)


def read_phones(text: str) -> list[str]:
    """Return every valid number in `text` in E.164, in order, each once. Never raises."""
    return list(dict.fromkeys(_numbers(text, "TG")))


def without_phones(text: str, sign: str) -> str:
    """Return `text` with a sign in the place of every valid number, also `90*12*34*56` and `9o 12 34 56`.

    Without one it is returned as it is; with one its dashes and spaces are plain. Never raises.
    """
    plain = _with_digits(_ODD_BETWEEN.sub(lambda found: "-" * len(found[0]), text))
    pieces, written = [], 0
    for run in _RUN.finditer(plain):
        for start, end in _places_of_run(_groups(run), "TG"):
            if _AMOUNT.fullmatch(plain[start:end]) and _FRANCS.match(plain[end:]):
                continue
            pieces += [plain[written:start], sign]
            written = end
    return "".join((*pieces, plain[written:])) if pieces else text


def format_phone(e164: str) -> str:
    """Return a number as it is shown: `90 12 34 56` for Togo, else the international form (`+33 6 12 34 56 78`)."""
    if e164.startswith(_TOGO):
        return " ".join(re.findall("..?", e164.removeprefix(_TOGO)))
    return str(phonenumbers.format_number(phonenumbers.parse(e164), phonenumbers.PhoneNumberFormat.INTERNATIONAL))


def mask(e164: str) -> str:
    """Return a number that names nobody, for logs and shared screens: `90 ** ** 56`; abroad `+33 ** ** 78`."""
    first = e164[4:6] if e164.startswith(_TOGO) else e164[:3]
    return f"{first} ** ** {e164[-2:]}"


def is_togo_mobile(e164: str) -> bool:
    """Tell whether a number is a mobile of Togo, the only kind that can pay by mobile money here."""
    return _MOBILE.fullmatch(e164) is not None


def guess_wallet(e164: str) -> Literal["tmoney", "flooz"] | None:
    """Guess the wallet from the prefix: a guess only, for numbers have been portable since May 2024."""
    if not is_togo_mobile(e164):
        return None
    return "tmoney" if e164[4:6] in _TMONEY_PREFIXES else "flooz"


def _numbers(text: str, region: str) -> Iterator[str]:
    for run in _RUN.finditer(_with_digits(text[:_LONGEST_TEXT])):
        yield from _numbers_of_run(_groups(run), region)


def _groups(run: re.Match[str]) -> list[_Group]:
    return [
        _Group(group[2], bool(group[1]), run.start() + group.start(), run.start() + group.end())
        for group in _GROUP.finditer(run[0])
    ]


def _with_digits(text: str) -> str:
    """Make spaces plain and dashes `-`, and read the letters O, l and I between digits as the digits they stand for."""
    plain = re.sub(r"[\u2010-\u2015\u2212]", "-", unicodedata.normalize("NFKC", text))
    return _LETTER_O.sub("0", _LETTER_L.sub("1", re.sub(r"[^\S\n]", " ", plain)))


def _numbers_of_run(groups: list[_Group], region: str) -> Iterator[str]:
    place = 0
    while place < len(groups):
        length, number = _number_at(groups, place, region)
        if number:
            yield number
        place += length


def _places_of_run(groups: list[_Group], region: str) -> Iterator[tuple[int, int]]:
    """Where its numbers begin and end."""
    place = 0
    while place < len(groups):
        length, number = _number_at(groups, place, region)
        if number:
            yield groups[place].start, groups[place + length - 1].end
        place += length


def _number_at(groups: list[_Group], place: int, region: str) -> tuple[int, str | None]:
    """Try whole groups from `place`: a number never begins or ends inside a run of digits.

    Abroad the longest reading is taken, for national numbers of some countries have no fixed length.
    """
    found: tuple[int, str | None] = (1, None)
    digits = ""
    for length, group in enumerate(groups[place : place + _MOST_DIGITS + 2], start=1):
        digits += group.digits
        if len(digits) > _MOST_DIGITS + 2 or (length > 1 and group.has_plus):
            break
        number = _valid(digits, groups[place], length == 1, region)
        if number:
            found = length, number
        if number and number.startswith(_TOGO):
            break
    return found


def _valid(digits: str, first: _Group, is_unspaced: bool, region: str) -> str | None:
    if first.has_plus:
        return _parsed("+" + digits, region)
    if digits.startswith("00"):
        return _parsed("+" + digits[2:], region)
    if digits.startswith("228") and len(digits) == 11:
        return _parsed("+" + digits, region)
    if is_unspaced and len(digits) >= 10 and digits.startswith(_BARE_FOREIGN):
        return _parsed("+" + digits, region)
    if region == "TG" and not _NATIONAL.fullmatch(digits):
        return None
    return _parsed(digits, region)


def _parsed(digits: str, region: str) -> str | None:
    if len(digits) < 8:
        return None
    try:
        number = phonenumbers.parse(digits, region)
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_valid_number(number):
        return None
    e164 = str(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))
    return e164 if len(e164) <= 1 + _MOST_DIGITS else None  # the package calls longer ones of Germany valid
