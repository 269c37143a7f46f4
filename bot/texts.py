"""Words for people: gettext catalogues with dotted keys, read once; a text is a key, its values and a language."""

import re
import string
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po

from base.clock import in_lome
from base.dates import format_day
from base.money import format_amount, format_short
from base.phones import format_phone
from base.places import name_of

FOLDER = Path(__file__).parent / "locales"
FIRST = "fr"  # the language that has every key, and that others fall back to
COUNT = "count"  # the value that chooses between singular and plural
_BEFORE_SIGN = re.compile(r" (?=[?!:;»])|(?<=«) ")


class NoSuchText(KeyError):
    """A key that the first language does not have: a bug that `cli.py check` finds."""


def _placed(language: str, value: Any, told: str) -> str:
    """The value of a placeholder in words, as what stands behind its name tells."""
    how, _, key = told.partition(" ")
    match how:
        case "money":
            return format_amount(value)
        case "short":
            return format_short(value)
        case "phone":
            return format_phone(value) if value else ""
        case "place":
            return name_of(value)
        case "hour" | "day":
            return _moment(value, how)
        case "date":
            return _date(value, language)
        case "text":
            return say(language, f"{key}.{value}", {})
        case "each":
            return "\n".join(say(language, key, item) for item in value)
    return format(value, told)


def _date(value: str | date, language: str) -> str:
    """`27 novembre 2026`, of a day, or of a moment in Lomé."""
    told = datetime.fromisoformat(value) if isinstance(value, str) else value
    day = in_lome(told).date() if isinstance(told, datetime) else told
    return format_day(day, "long", language)


def _moment(value: str | datetime, how: str) -> str:
    moment = in_lome(datetime.fromisoformat(value) if isinstance(value, str) else value)
    return f"{moment:%Hh%M}" if how == "hour" else f"{moment:%d/%m}"


@cache
def catalog(language: str) -> Catalog:
    """The catalogue of a language, from bot/locales/<language>/LC_MESSAGES/bot.po."""
    with (FOLDER / language / "LC_MESSAGES" / "bot.po").open("rb") as file:
        return read_po(file, locale=language)


def languages() -> list[str]:
    """The languages there are catalogues for, the first one before the others."""
    found = (folder.name for folder in FOLDER.iterdir() if folder.is_dir())
    return sorted(found, key=lambda name: (name != FIRST, name))


def say(language: str, key: str, values: Mapping[str, Any]) -> str:
    """The words of `key` in a language, in French where the language does not have it.

    Placeholders are `{name}` or `{name:how}`. how: money (`1 500 F CFA`), short (`1 500 F`), phone, place (of a slug),
    hour, day, date (`27 novembre 2026`), `text PREFIX` (the text PREFIX.<value>), and `each KEY` (a list of values,
    each said by the text KEY, one a line). Raises NoSuchText, KeyError for a value that is missing.
    """
    for tongue in dict.fromkeys((language, FIRST)):
        words = _template(tongue, key, values.get(COUNT))
        if words:
            pieces = _pieces(words)
            return "".join(
                literal if name is None else literal + _placed(language, values[name], how)
                for literal, name, how in pieces
            )
    raise NoSuchText(key)


@cache
def _pieces(words: str) -> Sequence[tuple[str, str | None, str]]:
    """A text of the catalogue taken apart once: what stands before each placeholder, its name, and how it is told."""
    return tuple((literal, name, how or "") for literal, name, how, _ in string.Formatter().parse(words))


@cache
def _forms(language: str, key: str) -> Sequence[str]:
    """The singular and plural of a key, one form where there is no plural, none where there is no such key.

    No line of a phone begins with the sign that ends a sentence.
    """
    message = catalog(language).get(key)
    words = message.string if message else None
    forms = (words,) if isinstance(words, str) else tuple(words or ())
    return tuple(_BEFORE_SIGN.sub("\u00a0", form) for form in forms)


def _template(language: str, key: str, count: Any) -> str:
    forms = _forms(language, key)
    if not forms:
        return ""
    singular = count is None or abs(int(count)) < 2 if language == "fr" else count == 1
    return forms[0 if singular else -1]


def has(language: str, key: str) -> bool:
    """Whether a language has a key of its own."""
    return bool(_template(language, key, None))


def placeholders(language: str, key: str) -> frozenset[str]:
    """The names that a text needs values for, in all its forms."""
    parsed = (string.Formatter().parse(form) for form in _forms(language, key))
    return frozenset(name for form in parsed for _, name, _, _ in form if name)
