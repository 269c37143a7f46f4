"""Days in words, as each language writes them."""

import re
from datetime import date
from typing import Final

from babel.dates import format_date

_FIRST: Final = re.compile(r"(?<!\d)1(?!\d)")


def format_day(day: date, pattern: str, language: str) -> str:
    """`27 novembre 2026`; `pattern` as the CLDR writes them (TR35, Dates), or `long`.

    In French the first of a month is `1er décembre`, for which the CLDR has no pattern.
    """
    written = format_date(day, pattern, locale=language)
    return _FIRST.sub("1er", written) if language == "fr" and day.day == 1 else written
