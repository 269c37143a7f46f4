"""Who brings a part sees and ends that one part, of nothing else, and no longer than its phones may be seen."""

import pytest

from orders import progress, reports, riders
from orders.facts import PartDelivered, RiderAsked, RiderChanged
from orders.riders import Bearer
from tests.orders.buying import advance, cause, everything, order, set_state, state_of

KOSSI, AMA = "+22890123456", "+22897000007"
RIDER, OTHER = 41, 42
HOUR = 3600


@pytest.fixture
def part(db, terms, yawa, rice, by):
    (found,) = order(db, terms, (rice, 2)).vendor_order_ids
    progress.accept(db, found, [yawa], by)
    db.facts.clear()
    return found


def pin_of(db, part):
    return db.value("select delivery_code from vendor_order where id = %(id)s", id=part)


def test_a_rider_is_named_for_one_part_and_stands_on_his_shops_list(db, yawa, kossi, part, by):
    assert riders.ask(db, part, [yawa], KOSSI, "Kossi", by) == "asked"
    assert [type(fact) for fact in db.facts] == [RiderAsked]
    assert riders.bearer(db, part) == Bearer(KOSSI, "Kossi", None, False)
    assert [(one.phone, one.name) for one in riders.of_shops(db, [yawa], 9)] == [(KOSSI, "Kossi")]
    assert riders.of_shops(db, [kossi], 9) == ()
    (listed,) = riders.of_shops(db, [yawa], 9)
    assert riders.rider(db, listed.id, [kossi]) is None
    riders.note(db, [yawa], KOSSI, "")
    assert riders.of_shops(db, [yawa], 9)[0].name == "Kossi"


@pytest.mark.parametrize("state", ["placed", "delivered", "refused", "cancelled", "expired", "returned"])
def test_nobody_is_named_where_nothing_is_to_be_brought(db, yawa, part, by, state):
    set_state(db, part, state)
    before = everything(db)
    assert riders.ask(db, part, [yawa], KOSSI, "", by) == "closed"
    assert (everything(db), riders.bearer(db, part)) == (before, None)


def test_nor_for_another_shops_part_nor_for_what_is_fetched(db, yawa, kossi, part, by):
    assert riders.ask(db, part, [kossi], KOSSI, "", by) == "closed"
    db.run("update \"order\" set way = 'pickup'")
    assert riders.ask(db, part, [yawa], KOSSI, "", by) == "closed"


def test_somebody_else_takes_his_place_and_he_may_do_nothing_more(db, yawa, part, by):
    riders.ask(db, part, [yawa], KOSSI, "Kossi", by)
    riders.told(db, part, RIDER)
    db.facts.clear()
    riders.ask(db, part, [yawa], AMA, "Ama", by)
    riders.told(db, part, OTHER)
    assert [(type(fact), getattr(fact, "contact_id", None)) for fact in db.facts] == [
        (RiderChanged, RIDER),
        (RiderAsked, None),
    ]
    progress.hand_over(db, part, [yawa], by)
    assert riders.errands(db, RIDER) == ()
    assert progress.deliver_as_rider(db, part, RIDER, pin_of(db, part), cause(RIDER)) == "not_yours"
    assert progress.deliver_as_rider(db, part, OTHER, pin_of(db, part), cause(OTHER)) == "done"


def test_he_ends_it_by_its_buyers_code_once_it_left_and_by_no_other(db, yawa, part, by):
    riders.ask(db, part, [yawa], KOSSI, "", by)
    riders.told(db, part, RIDER)
    pin = pin_of(db, part)
    wrong = f"{(int(pin) + 1) % 10_000:04d}"
    assert progress.deliver_as_rider(db, part, RIDER, pin, cause(RIDER)) == "too_early"
    progress.hand_over(db, part, [yawa], by)
    assert [progress.deliver_as_rider(db, part, RIDER, wrong, cause(RIDER)) for _ in range(5)] == [
        *["wrong_code"] * 4,
        "locked",
    ]
    assert progress.deliver_as_rider(db, part, RIDER, pin, cause(RIDER)) == "locked"
    progress.unlock_code(db, part, by)
    db.facts.clear()
    assert progress.deliver_as_rider(db, part, RIDER, pin, cause(RIDER)) == "done"
    assert [type(fact) for fact in db.facts] == [PartDelivered]
    assert state_of(db, part) == "delivered"
    row = db.rows("select contact_id from order_history where fact = 'delivered'")
    assert [one.contact_id for one in row] == [RIDER]


def test_his_errands_end_with_the_24_hours_in_which_phones_may_be_seen(db, yawa, part, by):
    riders.ask(db, part, [yawa], KOSSI, "", by)
    riders.told(db, part, RIDER)
    code = reports.part(db, part).code
    assert [one.code for one in riders.errands(db, RIDER, code[:6])] == [code]
    assert riders.errands(db, RIDER, "TG-9ZZ") == () or code.startswith("TG-9ZZ")
    progress.hand_over(db, part, [yawa], by)
    progress.deliver_as_rider(db, part, RIDER, pin_of(db, part), cause(RIDER))
    advance(db, 24 * HOUR - 1)
    assert [one.recipient_phone for one in riders.errands(db, RIDER)] == ["+22890112233"]
    advance(db, 1)
    assert riders.errands(db, RIDER) == ()


@pytest.mark.parametrize("state", ["refused", "cancelled", "returned"])
def test_what_is_over_is_no_errand(db, yawa, part, by, state):
    riders.ask(db, part, [yawa], KOSSI, "", by)
    riders.told(db, part, RIDER)
    set_state(db, part, state)
    assert riders.errands(db, RIDER) == ()


def test_who_asks_to_be_erased_leaves_lists_and_parts(db, yawa, part, by):
    riders.ask(db, part, [yawa], KOSSI, "Kossi", by)
    riders.told(db, part, RIDER)
    assert riders.forget_person(db, RIDER, [KOSSI]) == 2
    assert riders.of_shops(db, [yawa], 9) == ()
    assert riders.bearer(db, part) is None
    assert riders.errands(db, RIDER) == ()
