"""Stories are told in any week: they begin on its Tuesday, and their days of December move with them."""

from datetime import date, datetime, timedelta

import pytest

from base.clock import LOME
from tests.journeys.days import WRITTEN, first_day, moved

TOLD = "le 01/12 à 09h00, [lun. 7 déc.], mar. 1er déc., le 6 décembre, 1er décembre 2026; 15/08/2027, 29 août, 3/12"


@pytest.mark.parametrize(
    "here, day",
    [
        (datetime(2026, 11, 24, 9, tzinfo=LOME), date(2026, 12, 1)),
        (datetime(2026, 11, 30, 23, 59, tzinfo=LOME), date(2026, 12, 1)),
        (datetime(2026, 12, 1, 8, 59, tzinfo=LOME), date(2026, 12, 1)),
        (datetime(2026, 12, 1, 9, tzinfo=LOME), date(2026, 12, 8)),
        (datetime(2027, 1, 1, tzinfo=LOME), date(2027, 1, 5)),
    ],
)
def test_a_story_begins_on_the_next_tuesday_whose_nine_is_still_to_come_and_within_a_week(here, day):
    assert first_day(here) == day
    assert day.weekday() == WRITTEN.weekday()
    assert timedelta() < datetime(day.year, day.month, day.day, 9, tzinfo=LOME) - here <= timedelta(days=7)


@pytest.mark.parametrize(
    "weeks, told",
    [
        (0, TOLD),
        (
            1,
            "le 08/12 à 09h00, [lun. 14 déc.], mar. 8 déc., le 13 décembre, 8 décembre 2026; 15/08/2027, 29 août, 3/12",
        ),
        (9, "le 02/02 à 09h00, [lun. 8 févr.], mar. 2 févr., le 7 février, 2 février 2027; 15/08/2027, 29 août, 3/12"),
        (22, "le 04/05 à 09h00, [lun. 10 mai], mar. 4 mai, le 9 mai, 4 mai 2027; 15/08/2027, 29 août, 3/12"),
        (
            143,
            "le 28/08 à 09h00, [lun. 3 sept.], mar. 28 août, le 2 septembre, 28 août 2029; 15/08/2027, 29 août, 3/12",
        ),
    ],
)
def test_its_days_of_december_move_and_no_others(weeks, told):
    assert moved(TOLD, timedelta(weeks=weeks)) == told
