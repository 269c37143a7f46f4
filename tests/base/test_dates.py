"""Days are written as people write them."""

from datetime import date

import pytest

from base.dates import format_day


@pytest.mark.parametrize(
    ("day", "pattern", "language", "written"),
    [
        (date(2026, 12, 1), "long", "fr", "1er décembre 2026"),
        (date(2026, 12, 1), "EEE d MMM", "fr", "mar. 1er déc."),
        (date(2026, 12, 1), "EEEE d MMMM", "fr", "mardi 1er décembre"),
        (date(2026, 12, 11), "long", "fr", "11 décembre 2026"),
        (date(2026, 12, 21), "EEE d MMM", "fr", "lun. 21 déc."),
        (date(2026, 12, 1), "long", "en", "December 1, 2026"),
        (date(2026, 12, 1), "EEE d MMM", "en", "Tue 1 Dec"),
    ],
)
def test_the_first_of_a_month_has_its_french_ending(day, pattern, language, written):
    assert format_day(day, pattern, language) == written
