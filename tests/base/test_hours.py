"""Only opening time counts: through midnights, Sundays, holidays and pauses, in Lomé's time."""

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from base.clock import LOME
from base.config import Market
from base.hours import (
    DAYS,
    DAYTIME,
    after,
    closing,
    in_days,
    is_open,
    opening_seconds,
    read_hours,
    write_hours,
)

MONDAY = 23  # of November 2026
HOUR = 3600

SHOP = read_hours(
    {
        **{key: ["07:00-12:30", "15:00-19:00"] for key in DAYS[:5]},
        "sat": ["08:00-13:00"],
        "12-25": [],
        "2026-12-24": ["08:00-10:00"],
    }
)
ALWAYS = read_hours({key: ["00:00-24:00"] for key in DAYS})
BAR = read_hours({"fri": ["18:00-02:00"], "sat": ["18:00-02:00"]})
NEVER = read_hours({})


def at(day, hour, minute=0, month=11, year=2026):
    return datetime(year, month, day, hour, minute, tzinfo=LOME)


@pytest.mark.parametrize(
    "hours, since, until, minutes",
    [
        (DAYTIME, at(23, 9), at(23, 9, 15), 15),
        (DAYTIME, at(23, 9), at(23, 9), 0),
        (DAYTIME, at(23, 10), at(23, 9), 0),  # backwards
        (DAYTIME, at(23, 20, 50), at(24, 7, 5), 15),  # over a closed night
        (DAYTIME, at(23, 22), at(24, 6), 0),
        (DAYTIME, at(23, 0), at(24, 0), 14 * 60),
        (ALWAYS, at(23, 23, 50), at(24, 0, 10), 20),  # over midnight
        (ALWAYS, at(23, 0), at(30, 0), 7 * 24 * 60),
        (SHOP, at(23, 12, 20), at(23, 15, 5), 15),  # over the midday pause
        (SHOP, at(28, 12), at(30, 8), 60 + 60),  # Saturday noon to Monday 8: Sunday counts nothing
        (SHOP, at(29, 0), at(29, 23), 0),  # Sunday
        (SHOP, at(24, 9, month=12), at(25, 12, month=12), 60),  # a short day of one year, then a holiday
        (SHOP, at(25, 0, month=12), at(26, 0, month=12), 0),  # a holiday that is a Friday
        (SHOP, at(24, 9, month=12, year=2027), at(24, 18, month=12, year=2027), 210 + 180),  # the year after: a Friday
        (BAR, at(27, 17), at(28, 3), 8 * 60),  # a span that ends in the night
        (BAR, at(28, 1), at(28, 3), 60),  # begun in it
        (NEVER, at(23, 0), at(30, 0), 0),
    ],
)
def test_the_opening_time_between_two_moments(hours, since, until, minutes):
    assert opening_seconds(hours, since, until) == minutes * 60


@pytest.mark.parametrize(
    "hours, since, minutes, then",
    [
        (DAYTIME, at(23, 9), 15, at(23, 9, 15)),
        (DAYTIME, at(23, 20, 50), 15, at(24, 7, 5)),
        (DAYTIME, at(23, 23), 0, at(24, 7)),
        (DAYTIME, at(23, 20, 45), 15, at(23, 21)),  # just to the closing
        (SHOP, at(28, 12, 30), 60, at(30, 7, 30)),  # Saturday to Monday
        (SHOP, at(23, 12, 20), 15, at(23, 15, 5)),
        (SHOP, at(24, 9, 30, month=12), 60, at(26, 8, 30, month=12)),  # half an hour, a holiday, a Saturday
        (ALWAYS, at(23, 23, 50), 20, at(24, 0, 10)),
        (BAR, at(28, 1, 30), 60, at(28, 18, 30)),
        (NEVER, at(23, 9), 0, None),
        (NEVER, at(23, 9), 15, None),
    ],
)
def test_the_moment_once_so_much_opening_time_has_passed(hours, since, minutes, then):
    assert after(hours, since, minutes * 60) == then


@given(
    st.sampled_from([DAYTIME, SHOP, ALWAYS, BAR]),
    st.integers(0, 60 * 24 * 40),
    st.integers(1, 60 * 24 * 3),
)
def test_the_moment_after_is_the_one_between_which_and_the_beginning_so_much_lies(hours, start, minutes):
    since = at(23, 0) + timedelta(minutes=start)
    then = after(hours, since, minutes * 60)
    assert opening_seconds(hours, since, then) == minutes * 60
    assert opening_seconds(hours, since, then - timedelta(seconds=1)) < minutes * 60


@pytest.mark.parametrize(
    "hours, since, days, then",
    [
        (DAYTIME, at(23, 15), 1, at(24, 15)),
        (DAYTIME, at(23, 22), 1, at(25, 7)),  # accepted at night: counted from the morning
        (DAYTIME, at(23, 15), 0, at(23, 21)),
        (DAYTIME, at(23, 22), 0, at(24, 21)),
        (SHOP, at(27, 9), 1, at(28, 9)),
        (SHOP, at(28, 9), 1, at(30, 9)),  # Saturday: Monday is its next day
        (SHOP, at(27, 16), 1, at(30, 7)),  # Saturday is shut at four
        (SHOP, at(23, 9), 3, at(26, 9)),
        (ALWAYS, at(23, 15), 1, at(24, 15)),
        (NEVER, at(23, 15), 1, None),
        (NEVER, at(23, 15), 0, None),
    ],
)
def test_so_many_opening_days_later(hours, since, days, then):
    assert in_days(hours, since, days) == then


@pytest.mark.parametrize(
    "hours, moment, closes",
    [
        (DAYTIME, at(23, 9), at(23, 21)),
        (DAYTIME, at(23, 7), at(23, 21)),
        (DAYTIME, at(23, 21), None),
        (DAYTIME, at(23, 6, 59), None),
        (SHOP, at(23, 9), at(23, 12, 30)),
        (BAR, at(28, 1), at(28, 2)),
        (ALWAYS, at(23, 9), None),
        (NEVER, at(23, 9), None),
    ],
)
def test_when_an_open_shop_closes(hours, moment, closes):
    assert closing(hours, moment) == closes
    assert is_open(hours, moment) is (closes is not None or hours is ALWAYS)


def test_a_market_without_own_hours_of_its_shops_opens_from_seven_to_nine():
    assert Market().opening == DAYTIME
    assert read_hours(write_hours(DAYTIME)) == DAYTIME


@pytest.mark.parametrize("hours", [SHOP, ALWAYS, BAR, NEVER])
def test_hours_are_read_back_as_they_were_written(hours):
    assert read_hours(write_hours(hours)) == hours


@pytest.mark.parametrize(
    "written",
    [{"lundi": ["07:00-12:00"]}, {"mon": ["7-12"]}, {"mon": ["07:00-25:00"]}, {"mon": ["07:00-24:30"]}, {"13-01": []}],
)
def test_what_are_no_hours_is_refused(written):
    with pytest.raises(ValueError, match=r"is no|ends after"):
        read_hours(written)
