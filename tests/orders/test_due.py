"""Silent vendors and late shops are told once, in opening time, and nobody while the shop is shut."""

from datetime import datetime, timedelta

import pytest

from base.clock import LOME, now
from base.day_words import DayRule
from base.db import Alone
from base.hours import DAYS, read_hours
from catalog.vendors import vendor
from orders import due, locks, progress, shops
from orders.facts import PartLate, PartSilent, PartUnanswered, PartVeryLate
from tests.catalog.crowd import run_together
from tests.catalog.market import make_good, make_vendor
from tests.orders.buying import advance, cause, everything, order, state_of

ALWAYS = read_hours({key: ["00:00-24:00"] for key in DAYS})
WEEKDAYS = read_hours({key: ["07:00-19:00"] for key in DAYS[:6]})
MINUTE, HOUR = 60, 3600


def begin_at(db, weekday, hour, minute=0):
    """Move the clock to the next such moment in Lomé."""
    here = now(db).astimezone(LOME)
    day = here.date() + timedelta(days=(weekday - here.weekday()) % 7 or 7)
    advance(db, (datetime(day.year, day.month, day.day, hour, minute, tzinfo=LOME) - here).total_seconds())


def told(db):
    """What the jobs say now, by kind."""
    db.facts.clear()
    looked_at = due.tell(db, ALWAYS)
    return looked_at, [type(fact) for fact in db.facts]


def facts_of(db, part):
    rows = db.rows("select fact from order_history where vendor_order_id = %(p)s order by id", p=part)
    return [row.fact for row in rows]


@pytest.fixture
def always(db, yawa, kossi):
    for shop in (yawa, kossi):
        shops.set_hours(db, [shop], ALWAYS, ALWAYS)


def test_a_silent_vendor_is_reminded_after_15_minutes_and_his_buyer_offered_another_after_60(db, terms, rice, always):
    placed = order(db, terms, (rice, 2))
    advance(db, 15 * MINUTE - 1)
    assert told(db) == (0, [])
    advance(db, 1)
    assert told(db) == (1, [PartSilent])
    assert told(db) == (0, [])
    advance(db, 45 * MINUTE - 1)
    assert told(db) == (0, [])
    advance(db, 1)
    assert told(db) == (1, [PartUnanswered])
    advance(db, 24 * HOUR)
    assert told(db) == (0, [])
    assert facts_of(db, placed.vendor_order_ids[0]) == ["placed", "reminded", "offered"]


def test_the_clock_stands_overnight_and_on_the_day_the_shop_is_shut(db, terms, rice, yawa):
    shops.set_hours(db, [yawa], WEEKDAYS, ALWAYS)
    begin_at(db, 5, 18, 50)  # Saturday
    order(db, terms, (rice, 2))
    advance(db, 20 * MINUTE)
    assert told(db) == (0, [])
    begin_at(db, 0, 7, 4)  # Monday: its 24 hours are over before, but the order is made to last
    db.run("update vendor_order set expires_at = market_now() + interval '1 day'")
    assert told(db) == (0, [])
    advance(db, MINUTE)
    assert told(db) == (1, [PartSilent])


def test_a_worker_that_was_away_says_nothing_while_the_shop_is_shut(db, terms, rice, yawa):
    shops.set_hours(db, [yawa], WEEKDAYS, ALWAYS)
    begin_at(db, 0, 18, 30)
    order(db, terms, (rice, 2))
    advance(db, HOUR)  # Monday 19:30; due was 18:45
    assert told(db) == (1, [])
    advance(db, 11 * HOUR + 30 * MINUTE)
    assert told(db) == (1, [PartSilent])


def test_a_day_that_ends_early_moves_what_waits_to_the_next_morning_and_no_other_day(db, terms, rice, yawa):
    shops.set_hours(db, [yawa], WEEKDAYS, ALWAYS)
    begin_at(db, 0, 14, 50)  # Monday
    order(db, terms, (rice, 2))
    today = now(db).astimezone(LOME).date()
    shops.set_days(db, [yawa], {today: DayRule("times", closes=15 * 60)}, ALWAYS, today)
    advance(db, 20 * MINUTE)
    assert told(db) == (0, [])
    begin_at(db, 1, 7, 5)  # ten minutes passed before three o'clock
    assert told(db) == (1, [PartSilent])
    own = vendor(db, yawa).hours
    assert (own.week, own.on(today), own.on(today + timedelta(days=7))) == (
        WEEKDAYS.week,
        ((7 * 60, 15 * 60),),
        WEEKDAYS.week[0],
    )


def test_a_day_stays_as_it_was_told_when_the_usual_hours_change_and_is_let_go_once_it_is_over(db, yawa):
    begin_at(db, 0, 9)
    today = now(db).astimezone(LOME).date()
    later = today + timedelta(days=1)
    shops.set_days(db, [yawa], dict.fromkeys((today, later), DayRule("times", closes=900)), WEEKDAYS, today)
    shops.set_hours(db, [yawa], ALWAYS, WEEKDAYS)
    own = vendor(db, yawa).hours
    assert (own.week, [own.on(day) for day in (today, later)]) == (ALWAYS.week, [((7 * 60, 900),)] * 2)
    shops.set_days(db, [yawa], {later: DayRule("usual")}, WEEKDAYS, later)
    assert vendor(db, yawa).hours == ALWAYS


def test_a_shop_keeps_a_day_on_which_it_cannot_be_as_it_is_told(db, yawa):
    shops.set_hours(db, [yawa], WEEKDAYS, ALWAYS)
    begin_at(db, 6, 9)  # Sunday: it is shut
    today = now(db).astimezone(LOME).date()
    shops.set_days(db, [yawa], {today: DayRule("times", closes=900)}, ALWAYS, today)
    assert vendor(db, yawa).hours == WEEKDAYS


def test_the_clock_stands_while_a_shop_pauses(db, terms, rice, yawa, always):
    order(db, terms, (rice, 2))
    advance(db, 10 * MINUTE)
    assert shops.open_or_close(db, [yawa], ALWAYS, is_open=False)
    advance(db, 5 * HOUR)
    assert told(db) == (0, [])
    assert shops.open_or_close(db, [yawa], ALWAYS, is_open=True)
    assert not shops.open_or_close(db, [yawa], ALWAYS, is_open=True)
    advance(db, 5 * MINUTE - 1)
    assert told(db) == (0, [])
    advance(db, 1)
    assert told(db) == (1, [PartSilent])


@pytest.mark.parametrize("answer", ["accept", "refuse", "cancel", "expire"])
def test_an_answered_part_waits_for_nobody(db, terms, rice, always, answer):
    placed = order(db, terms, (rice, 2))
    (part,) = placed.vendor_order_ids
    match answer:
        case "accept":
            progress.accept(db, part, [rice.vendor_id], cause(50))
        case "refuse":
            progress.refuse(db, part, [rice.vendor_id], "shortage", cause(50))
        case "cancel":
            progress.cancel_order(db, placed.order_id, 7, cause())
        case _:
            db.run("update vendor_order set expires_at = market_now()")
    advance(db, 2 * HOUR)
    assert told(db)[1] == []
    assert db.value("select count(*) from part_due where what in ('remind', 'offer')") == 0


@pytest.mark.parametrize(
    "delay, seconds",
    [("2h", 2 * HOUR), ("24h", 24 * HOUR), ("48h", 48 * HOUR), ("3d", 72 * HOUR)],
)
def test_what_is_not_handed_over_within_the_delay_is_late_once_and_very_late_once(
    db, terms, rice, always, delay, seconds
):
    db.run("update vendor set delay = %(delay)s", delay=delay)
    (part,) = order(db, terms, (rice, 2)).vendor_order_ids
    progress.accept(db, part, [rice.vendor_id], cause(50), ALWAYS)
    assert (db.value("select late_at - market_now() from vendor_order")).total_seconds() == seconds
    advance(db, seconds - 1)
    assert told(db) == (0, [])
    advance(db, 1)
    assert told(db) == (1, [PartLate])
    advance(db, seconds - 1)
    assert told(db) == (0, [])
    advance(db, 1)
    assert told(db) == (1, [PartVeryLate])
    advance(db, 30 * 24 * HOUR)
    assert told(db) == (0, [])
    assert facts_of(db, part) == ["placed", "accepted", "late", "very_late"]


def test_what_left_the_shop_in_time_is_never_late(db, terms, rice, always):
    (part,) = order(db, terms, (rice, 2)).vendor_order_ids
    progress.accept(db, part, [rice.vendor_id], cause(50), ALWAYS)
    progress.hand_over(db, part, [rice.vendor_id], cause(50))
    advance(db, 25 * HOUR)
    assert told(db)[1] == []
    assert state_of(db, part) == "handed_over"


def test_what_must_be_paid_before_is_late_only_from_when_that_is_arranged(db, terms, rice, yawa, always):
    (part,) = order(db, terms, (rice, 2)).vendor_order_ids
    db.run("update vendor_order set prepaid = 500")
    assert progress.accept(db, part, [yawa], cause(50), ALWAYS) == "done"
    assert db.value("select late_at from vendor_order") is None
    advance(db, 6 * 24 * HOUR)
    assert told(db) == (0, [])
    advance(db, 24 * HOUR)
    assert told(db) == (1, [PartVeryLate])
    assert progress.note_arranged(db, part, cause(50), ALWAYS)
    advance(db, 2 * HOUR)
    assert told(db) == (0, [])
    advance(db, 24 * HOUR)
    assert told(db) == (1, [PartLate])


def test_what_waits_in_the_shop_for_its_buyer_is_not_late(db, terms, rice, yawa, always):
    (part,) = order(db, terms, (rice, 2)).vendor_order_ids
    db.run("update \"order\" set way = 'pickup'")
    assert progress.accept(db, part, [yawa], cause(50), ALWAYS) == "done"
    assert db.value("select late_at from vendor_order") is not None
    assert progress.ready(db, part, [yawa], cause(50)) == "done"
    assert db.value("select late_at from vendor_order") is None
    advance(db, 6 * 24 * HOUR)
    assert told(db) == (0, [])
    advance(db, 24 * HOUR)
    assert told(db) == (1, [PartVeryLate])


def test_a_deposit_that_is_arranged_for_what_lies_ready_makes_nobody_late(db, terms, rice, yawa, always):
    (part,) = order(db, terms, (rice, 2)).vendor_order_ids
    db.run("update \"order\" set way = 'pickup'")
    db.run("update vendor_order set prepaid = 500")
    assert progress.accept(db, part, [yawa], cause(50), ALWAYS) == "done"
    assert progress.ready(db, part, [yawa], cause(50)) == "done"
    assert progress.note_arranged(db, part, cause(50), ALWAYS)
    assert db.value("select late_at from vendor_order") is None
    assert [row.what for row in db.rows("select what from part_due")] == ["very_late"]


def test_the_promise_moves_with_a_pause(db, terms, rice, yawa, always):
    (part,) = order(db, terms, (rice, 2)).vendor_order_ids
    progress.accept(db, part, [rice.vendor_id], cause(50), ALWAYS)
    advance(db, HOUR)
    shops.open_or_close(db, [yawa], ALWAYS, is_open=False)
    assert db.value("select late_at from vendor_order") is None
    advance(db, 48 * HOUR)
    shops.open_or_close(db, [yawa], ALWAYS, is_open=True)
    assert db.value("select late_at - market_now() from vendor_order").total_seconds() == 23 * HOUR


def test_other_hours_leave_the_opening_time_that_was_left(db, terms, rice, yawa, always):
    begin_at(db, 0, 18, 55)
    order(db, terms, (rice, 2))
    shops.set_hours(db, [yawa], WEEKDAYS, ALWAYS)
    advance(db, 20 * MINUTE)
    assert told(db) == (0, [])
    begin_at(db, 1, 7, 10)
    assert told(db) == (1, [PartSilent])


def test_a_shop_that_never_opens_is_silent_only_once_it_has_hours(db, terms, rice, yawa):
    shops.set_hours(db, [yawa], read_hours({}), ALWAYS)
    order(db, terms, (rice, 2))
    advance(db, HOUR)
    assert told(db) == (0, [])
    shops.set_hours(db, [yawa], ALWAYS, ALWAYS)
    advance(db, 15 * MINUTE)
    assert told(db) == (1, [PartSilent])


def test_a_shop_closes_opens_and_has_other_hours_in_a_batch(db, terms, rice, yawa, always):
    order(db, terms, (rice, 2))
    shops.set_hours(db.turn_of_batch(), [yawa], WEEKDAYS, ALWAYS)
    assert shops.open_or_close(db.turn_of_batch(), [yawa], ALWAYS, is_open=False)
    assert shops.open_or_close(db.turn_of_batch(), [yawa], ALWAYS, is_open=True)


def test_an_order_that_somebody_works_on_sends_the_turn_that_closes_its_shop_out_of_the_batch(crowd, terms):
    with crowd.unit_of_work() as db:
        shop = make_vendor(db)
        placed = order(db, terms, (make_good(db, shop), 1))
    with crowd.unit_of_work() as other:
        locks.orders(other, [placed.order_id])
        with crowd.unit_of_work() as db, pytest.raises(Alone):
            shops.open_or_close(db.turn_of_batch(), [shop], ALWAYS, is_open=False)
    with crowd.unit_of_work() as db:
        assert db.value("select is_open from vendor")


def test_a_shop_that_accepts_while_it_is_shut_is_late_only_after_it_opened(db, terms, rice, yawa, always):
    (part,) = order(db, terms, (rice, 2)).vendor_order_ids
    shops.open_or_close(db, [yawa], ALWAYS, is_open=False)
    progress.accept(db, part, [rice.vendor_id], cause(50), ALWAYS)
    advance(db, 72 * HOUR)
    assert told(db) == (0, [])
    shops.open_or_close(db, [yawa], ALWAYS, is_open=True)
    advance(db, 24 * HOUR)
    assert told(db) == (1, [PartLate])


def test_batches_are_bounded_and_cost_the_same_few_statements(db, terms, yawa, always):
    good = make_good(db, yawa, on_hand=100)
    for _ in range(5):
        order(db, terms, (good, 1))
    advance(db, 15 * MINUTE)
    counted, rows, run = [], db.rows, db.run
    db.rows = lambda *sql, **values: counted.append(sql) or rows(*sql, **values)
    db.run = lambda *sql, **values: counted.append(sql) or run(*sql, **values)
    assert [due.tell(db, ALWAYS, limit=2) for _ in range(4)] == [2, 2, 1, 0]
    assert len(counted) == 3 * 4 + 1  # lock, read, delete, history; and one look that finds nothing


def test_two_workers_tell_each_part_once_and_pass_over_what_is_busy(crowd, terms):
    with crowd.unit_of_work() as db:
        shop = make_vendor(db)
        shops.set_hours(db, [shop], ALWAYS, ALWAYS)
        good = make_good(db, shop, on_hand=50)
        placed = [order(db, terms, (good, 1), contact=contact) for contact in range(1, 9)]
        advance(db, 15 * MINUTE)
    with crowd.unit_of_work() as other:
        locks.orders(other, [placed[0].order_id])
        run_together(lambda _: _tell(crowd), range(4))
    with crowd.unit_of_work() as db:
        assert db.value("select count(*) from order_history where fact = 'reminded'") == 7
        assert due.tell(db, ALWAYS) == 1
        assert db.value("select count(*) from order_history where fact = 'reminded'") == 8


def _tell(crowd):
    with crowd.unit_of_work() as db:
        return due.tell(db, ALWAYS, limit=3) + due.tell(db, ALWAYS, limit=3)


def test_what_is_due_is_found_by_its_index(db, terms, rice, always):
    placed = order(db, terms, (rice, 1))
    db.run(
        'with made as (insert into "order" (contact_id, conversation_id, quarter, landmark, recipient, phone, payment,'
        ' total) select contact_id, conversation_id, quarter, landmark, recipient, phone, payment, total from "order",'
        " generate_series(1, 3000) where id = %(id)s returning id), parts as (insert into vendor_order (order_id,"
        " vendor_id, goods, delivery, delivery_code, expires_at) select made.id, %(shop)s, 1, 1, '1234',"
        " market_now() + interval '1 day' from made returning id) insert into part_due (vendor_order_id, what, at)"
        " select id, 'remind', market_now() + interval '1 day' from parts",
        id=placed.order_id,
        shop=rice.vendor_id,
    )
    db.run('analyze part_due, vendor_order, vendor, "order"')
    asked, rows = [], db.rows
    db.rows = lambda sql, **values: asked.append((sql, values)) or rows(sql, **values)
    advance(db, 15 * MINUTE)
    assert locks.orders_with_due(db, 100) == [placed.order_id]
    ((sql, values),) = asked
    assert "ix_part_due_at" in "\n".join(row[0] for row in rows(f"explain {sql}", **values))


def test_a_part_is_cancelled_by_its_buyer_only_while_the_shop_is_silent(db, terms, rice):
    (part,) = order(db, terms, (rice, 2)).vendor_order_ids
    before = everything(db)
    assert progress.cancel_part(db, part, 8, cause(8)) == "not_yours"
    assert everything(db) == before
    progress.accept(db, part, [rice.vendor_id], cause(50))
    before = everything(db)
    assert progress.cancel_part(db, part, 7, cause()) == "already"
    assert everything(db) == before
    (other,) = order(db, terms, (rice, 1)).vendor_order_ids
    assert progress.cancel_part(db, other, 7, cause()) == "done"
    assert state_of(db, other) == "cancelled"


def expires_in(db, part):
    left = "select extract(epoch from expires_at - market_now())::float8 from vendor_order where id = %(p)s"
    return db.value(left, p=part)


@pytest.mark.parametrize(
    ("weekday", "hour", "minute", "hours"),
    [
        (1, 9, 0, 24),  # Tuesday morning
        (5, 17, 0, 24),  # Saturday: two opening hours are left, to the second
        (5, 17, 1, 38),  # a minute of them is Monday's
        (5, 19, 0, 38),  # shut until Monday at seven
        (6, 8, 59, 24 + 1 / 60),
        (6, 9, 0, 24),  # the day is over when it was open for two hours
    ],
)
def test_an_order_expires_after_a_day_and_never_before_its_shop_was_open_for_two_hours(
    db, terms, rice, yawa, weekday, hour, minute, hours
):
    shops.set_hours(db, [yawa], WEEKDAYS, ALWAYS)
    begin_at(db, weekday, hour, minute)
    (part,) = order(db, terms, (rice, 2)).vendor_order_ids
    assert expires_in(db, part) == pytest.approx(hours * HOUR, abs=1)


def test_a_shop_that_opens_on_no_day_has_no_more_than_the_markets_day(db, terms, rice, yawa):
    shops.set_hours(db, [yawa], read_hours({}), ALWAYS)
    (part,) = order(db, terms, (rice, 2)).vendor_order_ids
    assert expires_in(db, part) == pytest.approx(24 * HOUR, abs=1)
