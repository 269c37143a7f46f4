"""Ten working days after receipt, by the calendar of Togo."""

from datetime import UTC, date, datetime, timedelta

import pytest

from orders.withdrawal import is_possible, is_working_day, last_day, last_day_of, possible_until


@pytest.mark.parametrize(
    "received, last",
    [
        (date(2026, 11, 2), date(2026, 11, 16)),  # Monday: two weeks without a holiday
        (date(2026, 11, 6), date(2026, 11, 20)),  # Friday
        (date(2026, 11, 7), date(2026, 11, 20)),  # Saturday and Sunday are no receipt's first day
        (date(2026, 11, 8), date(2026, 11, 20)),
        (date(2026, 12, 18), date(2027, 1, 5)),  # over 25 December and 1 January, both Fridays
        (date(2027, 1, 4), date(2027, 1, 19)),  # over 13 January, a Wednesday
        (date(2026, 4, 17), date(2026, 5, 5)),  # over 27 April, a Monday, and 1 May, a Friday
        (date(2026, 6, 12), date(2026, 6, 26)),  # 21 June is a Sunday
        (date(2026, 8, 7), date(2026, 8, 21)),  # 15 August is a Saturday
    ],
)
def test_the_last_day_is_the_tenth_working_day_after_receipt(received, last):
    assert last_day(received) == last


@pytest.mark.parametrize(
    "day, works",
    [
        (date(2026, 11, 27), True),
        (date(2026, 11, 28), False),
        (date(2026, 11, 29), False),
        (date(2027, 1, 1), False),
        (date(2027, 1, 13), False),
        (date(2027, 4, 27), False),
        (date(2028, 5, 1), False),
        (date(2027, 6, 21), False),
        (date(2028, 8, 15), False),
        (date(2027, 11, 1), False),
        (date(2028, 12, 25), False),
    ],
)
def test_weekends_and_fixed_holidays_do_not_count(day, works):
    assert is_working_day(day) is works


def test_the_time_ends_with_the_last_day_in_lome():
    received = datetime(2026, 11, 2, 23, 59, tzinfo=UTC)
    ends = datetime(2026, 11, 16, 23, 59, 59, tzinfo=UTC)
    assert possible_until(received) == ends
    assert is_possible(received, ends)
    assert not is_possible(received, ends + timedelta(seconds=1))


def test_of_several_parts_the_last_received_counts():
    first, second = datetime(2026, 11, 2, 9, tzinfo=UTC), datetime(2026, 11, 6, 9, tzinfo=UTC)
    assert last_day_of([second, first]) == date(2026, 11, 20)
    assert last_day_of([]) is None
