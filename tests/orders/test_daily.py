"""Pauses that end by themselves, evenings, mornings and goods of which few are left."""

from datetime import timedelta

from base.clock import LOME, now
from base.day_words import DayRule
from base.hours import DAYS, read_hours
from catalog.vendors import vendor
from orders import daily, sales, shops
from orders.facts import ShopDayOver, ShopTurned, StockUnsure
from tests.orders.buying import advance, order
from tests.orders.test_due import ALWAYS, begin_at

DAYTIME = read_hours({key: ["07:00-19:00"] for key in DAYS})
HOUR, DAY, WEEK = 3600, 24 * 3600, 7 * 24 * 3600


def said(db, job):
    db.facts.clear()
    job()
    return [fact for fact in db.facts if isinstance(fact, ShopDayOver | StockUnsure | ShopTurned)]


def pauses(db):
    return said(db, lambda: shops.follow_pauses(db, ALWAYS, 100))


def evenings(db):
    return said(db, lambda: daily.end_days(db, DAYTIME, 2 * HOUR, 100))


def mornings(db):
    return said(db, lambda: daily.begin_days(db, DAYTIME, WEEK, 2 * HOUR, 100))


def test_a_pause_ends_at_its_moment_and_is_told_once(db, yawa):
    shops.close_for(db, [yawa], ALWAYS, None, now(db) + timedelta(hours=2))
    assert not vendor(db, yawa).is_open
    advance(db, 2 * HOUR - 1)
    assert pauses(db) == []
    advance(db, 1)
    assert pauses(db) == [ShopTurned(yawa, True)]
    assert (vendor(db, yawa).is_open, vendor(db, yawa).closed_until, pauses(db)) == (True, None, [])


def test_a_planned_pause_begins_later_and_opening_by_hand_ends_it(db, yawa):
    begins = now(db) + timedelta(hours=1)
    shops.close_for(db, [yawa], ALWAYS, begins, begins + timedelta(hours=5))
    assert (vendor(db, yawa).is_open, pauses(db)) == (True, [])
    advance(db, HOUR)
    assert pauses(db) == [ShopTurned(yawa, False)]
    assert not vendor(db, yawa).is_open
    assert shops.open_or_close(db, [yawa], ALWAYS, is_open=True)
    advance(db, 5 * HOUR)
    assert pauses(db) == []


def test_the_clock_of_an_order_in_hand_stands_during_a_pause(db, terms, rice, yawa):
    shops.set_hours(db, [yawa], ALWAYS, ALWAYS)
    order(db, terms, (rice, 2))
    shops.close_for(db, [yawa], ALWAYS, None, now(db) + timedelta(hours=2))
    assert db.value("select count(*) from part_due where at is not null") == 0
    advance(db, 2 * HOUR)
    pauses(db)
    assert db.value("select count(*) from part_due where at is null") == 0


def test_an_evening_is_told_at_closing_once_and_only_where_there_is_something_to_say(db, terms, rice, yawa, kossi):
    begin_at(db, 1, 9)
    assert evenings(db) == []
    order(db, terms, (rice, 2))
    advance(db, 10 * HOUR)
    (told,) = evenings(db)
    assert (told.vendor_id, told.orders, told.goods, told.waiting, told.best_units) == (yawa, 1, 35_000, 1, 2)
    assert told.best == "Riz parfumé 25 kg"
    assert evenings(db) == []


def test_an_evening_is_told_earlier_on_a_day_that_ends_earlier(db, terms, rice, yawa):
    begin_at(db, 1, 9)
    evenings(db)
    order(db, terms, (rice, 2))
    today = now(db).astimezone(LOME).date()
    shops.set_days(db, [yawa], {today: DayRule("times", closes=15 * 60)}, DAYTIME, today)
    assert evenings(db) == []
    advance(db, 6 * HOUR - 1)
    assert evenings(db) == []
    advance(db, 1)
    assert [told.vendor_id for told in evenings(db)] == [yawa]


def test_an_evening_that_is_long_over_is_left_out(db, terms, rice, yawa):
    begin_at(db, 1, 9)
    evenings(db)
    order(db, terms, (rice, 2))
    advance(db, 13 * HOUR)
    assert evenings(db) == []


def test_a_morning_asks_for_figures_older_than_a_week_once_a_day(db, rice, yawa):
    begin_at(db, 1, 6)
    mornings(db)
    db.run("update stock set confirmed_at = market_now() - interval '8 days'")
    advance(db, DAY + 1.1 * HOUR)
    assert mornings(db) == [StockUnsure(yawa, ("Riz parfumé 25 kg",))]
    assert mornings(db) == []
    db.run("update stock set confirmed_at = market_now()")
    advance(db, DAY)
    assert mornings(db) == []


def test_the_order_that_crosses_the_line_warns_and_the_next_does_not(db, terms, rice):
    first = order(db, terms, (rice, 6))
    assert daily.running_low(db, first.vendor_order_ids, 3) == ()
    second = order(db, terms, (rice, 1))
    assert [(low.name, low.left) for low in daily.running_low(db, second.vendor_order_ids, 3)] == [
        ("Riz parfumé 25 kg", 3)
    ]
    third = order(db, terms, (rice, 1))
    assert daily.running_low(db, third.vendor_order_ids, 3) == ()


def test_sales_are_of_the_days_of_lome(db, terms, rice, yawa):
    begin_at(db, 1, 9)
    order(db, terms, (rice, 2))
    today = sales.report(db, [yawa], *sales.span_of("day", now(db)))
    assert (today.orders, today.units, today.goods, today.best[0].quantity) == (1, 2, 35_000, 2)
    advance(db, DAY)
    assert sales.report(db, [yawa], *sales.span_of("day", now(db))).orders == 0
    assert sales.report(db, [yawa], *sales.span_of("yesterday", now(db))).orders == 1
    assert sales.report(db, [yawa], *sales.span_of("before_yesterday", now(db))).orders == 0
    assert sales.report(db, [yawa], *sales.span_of("week", now(db))).orders == 1
