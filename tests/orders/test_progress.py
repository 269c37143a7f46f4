"""Every action in every state of a part: what it answers, what it changes."""

import pytest

from base.db import Alone
from catalog import stock
from catalog.stock import JOB
from orders import facts, locks, placing, progress, reports
from orders.progress import OrderCancelled
from orders.states import STATES, Deposit
from tests.catalog.crowd import run_together
from tests.catalog.market import broken_links, figures_of, make_good, make_vendor
from tests.orders.buying import (
    AWA,
    CHAT,
    advance,
    cause,
    everything,
    fill,
    hold,
    order,
    set_state,
    state_of,
)

SELLER = cause(50)


@pytest.fixture
def placed(db, terms, rice):
    return order(db, terms, (rice, 3))


@pytest.fixture
def part(db, placed):
    db.facts.clear()
    return placed.vendor_order_ids[0]


@pytest.fixture
def code(db, part):
    return db.value("select delivery_code from vendor_order where id = %(id)s", id=part)


def cancelling(db, part, contact=AWA):
    """The buyer cancels the order of this part."""
    order_id = db.value("select order_id from vendor_order where id = %(id)s", id=part)
    return progress.cancel_order(db, order_id, contact, cause(contact)).outcome


ACTIONS = {
    "accept": lambda db, part, shops, code: progress.accept(db, part, shops, SELLER),
    "refuse": lambda db, part, shops, code: progress.refuse(db, part, shops, "shortage", SELLER),
    "ready": lambda db, part, shops, code: progress.ready(db, part, shops, SELLER),
    "hand_over": lambda db, part, shops, code: progress.hand_over(db, part, shops, SELLER),
    "deliver": lambda db, part, shops, code: progress.deliver(db, part, shops, code, SELLER),
    "take_back": lambda db, part, shops, code: progress.take_back(db, part, shops, SELLER),
    "cancel": lambda db, part, shops, code: cancelling(db, part),
}

# What each action answers in each state of STATES, in their order; with a mark where it acts: the state it leads to.
#             placed    accepted     ready        handed    delivered  refused   cancelled   expired   returned
TABLE = {
    "accept": "accepted! already     already      already    already   refused   cancelled  expired  already",
    "refuse": "refused!  refused!    refused!     too_late   too_late  already   cancelled  expired  too_late",
    "ready": "too_early ready!      already      already    already   refused   cancelled  expired  already",
    "hand_over": "too_early handed_over! handed_over! already already refused cancelled expired returned",
    "deliver": "too_early too_early too_early delivered! already refused cancelled expired returned",
    "take_back": "too_early too_early too_early returned! returned! refused cancelled expired already",
    "cancel": "cancelled! cancelled! cancelled! too_late too_late already already already already",
}
CELLS = [
    (action, state, answer) for action, row in TABLE.items() for state, answer in zip(STATES, row.split(), strict=True)
]

STOCK = {  # of 10 units with 3 allocated, resp. of 7 once they were handed over
    "placed": (10, 0, 3), "accepted": (10, 0, 3), "ready": (10, 0, 3), "handed_over": (7, 0, 0), "delivered": (7, 0, 0),
    "refused": (10, 0, 0), "cancelled": (10, 0, 0), "expired": (10, 0, 0), "returned": (10, 0, 0),
}  # fmt: skip


def bring(db, good, part, state):
    """Put the part and its stock into a state as if it had come there."""
    set_state(db, part, state)
    on_hand, held, allocated = STOCK[state]
    db.run(
        "update stock set on_hand = %(on_hand)s, held = %(held)s, allocated = %(allocated)s where id = %(id)s",
        id=good.stock_id,
        on_hand=on_hand,
        held=held,
        allocated=allocated,
    )


@pytest.mark.parametrize("action, state, answer", CELLS)
def test_an_action_in_a_state_answers_as_the_table_says(db, rice, part, code, action, state, answer):
    bring(db, rice, part, state)
    before = everything(db)
    outcome = ACTIONS[action](db, part, [rice.vendor_id], code)
    if not answer.endswith("!"):
        assert outcome == answer
        assert everything(db) == before
        assert db.facts == []
        return
    to = answer.removesuffix("!")
    assert outcome == "done"
    assert state_of(db, part) == to
    assert figures_of(db, rice) == STOCK[to]
    history = db.rows("select fact, contact_id, inbox_id from order_history order by id desc limit 1")
    assert history == [(to, AWA, 70) if action == "cancel" else (to, 50, 500)]
    assert [type(fact).__name__ for fact in db.facts] == [f"Part{to.title().replace('_', '')}"]


@pytest.mark.parametrize("action", sorted(set(ACTIONS) - {"cancel"}))
def test_another_shop_finds_no_such_part(db, rice, part, code, kossi, action):
    before = everything(db)
    assert ACTIONS[action](db, part, [kossi], code) == "not_yours"
    assert ACTIONS[action](db, 999_999, [rice.vendor_id], code) == "not_yours"
    assert ACTIONS[action](db, part, [], code) == "not_yours"
    assert everything(db) == before


def test_another_buyer_finds_no_such_order(db, placed):
    before = everything(db)
    assert progress.cancel_order(db, placed.order_id, 8, cause(8)) == OrderCancelled("not_yours")
    assert progress.cancel_order(db, 999_999, AWA, cause()) == OrderCancelled("not_yours")
    assert everything(db) == before


def test_a_whole_life_from_order_to_delivery(db, rice, placed, part, code):
    shops = [rice.vendor_id]
    assert progress.accept(db, part, shops, SELLER) == "done"
    assert progress.ready(db, part, shops, SELLER) == "done"
    assert progress.hand_over(db, part, shops, SELLER) == "done"
    assert progress.deliver(db, part, shops, f" {code} ", SELLER) == "done"
    assert figures_of(db, rice) == (7, 0, 0)
    assert db.value("select sales from product") == 3
    assert [row.fact for row in db.rows("select fact from order_history order by id")] == [
        "placed", "accepted", "ready", "handed_over", "delivered",
    ]  # fmt: skip
    order_id = placed.order_id
    assert db.facts == [
        facts.PartAccepted(order_id, part),
        facts.PartReady(order_id, part),
        facts.PartHandedOver(order_id, part),
        facts.PartDelivered(order_id, part),
    ]
    assert broken_links(db) == []


def test_the_reason_of_a_refusal_stands_in_the_history(db, rice, part):
    progress.refuse(db, part, [rice.vendor_id], "shortage", SELLER)
    assert db.value("select details from order_history order by id desc limit 1") == {"reason": "shortage"}


def test_a_return_takes_its_sales_back_and_what_is_spoilt_stays_out_of_stock(db, rice, part, code):
    shops = [rice.vendor_id]
    progress.accept(db, part, shops, SELLER)
    progress.hand_over(db, part, shops, SELLER)
    progress.deliver(db, part, shops, code, SELLER)
    assert progress.take_back(db, part, shops, SELLER, is_sellable=False) == "done"
    assert figures_of(db, rice) == (7, 0, 0)
    assert db.value("select sales from product") == 0


def test_what_nobody_took_at_the_door_never_was_a_sale(db, rice, part):
    progress.accept(db, part, [rice.vendor_id], SELLER)
    progress.hand_over(db, part, [rice.vendor_id], SELLER)
    assert progress.take_back(db, part, [rice.vendor_id], SELLER) == "done"
    assert figures_of(db, rice) == (10, 0, 0)
    assert db.value("select sales from product") == 0


def test_handing_over_more_than_the_vendor_counted_is_short_and_changes_nothing(db, rice, part):
    progress.accept(db, part, [rice.vendor_id], SELLER)
    stock.count(db, rice.stock_id, 2, JOB)
    before = everything(db)
    assert progress.hand_over(db, part, [rice.vendor_id], SELLER) == "short"
    assert everything(db) == before
    stock.count(db, rice.stock_id, 3, JOB)
    assert progress.hand_over(db, part, [rice.vendor_id], SELLER) == "done"
    assert figures_of(db, rice) == (0, 0, 0)


def test_a_vendor_who_is_too_late_finds_it_expired_before_the_job_came(db, rice, part):
    advance(db, 86_399)
    assert progress.ready(db, part, [rice.vendor_id], SELLER) == "too_early"
    advance(db, 1)
    before = everything(db)
    assert progress.accept(db, part, [rice.vendor_id], SELLER) == "expired"
    assert cancelling(db, part) == "already"
    assert everything(db) == before


def test_an_accepted_part_does_not_expire(db, rice, part):
    progress.accept(db, part, [rice.vendor_id], SELLER)
    advance(db, 90_000)
    assert progress.ready(db, part, [rice.vendor_id], SELLER) == "done"


@pytest.fixture
def at_the_door(db, rice, part, code):
    progress.accept(db, part, [rice.vendor_id], SELLER)
    progress.hand_over(db, part, [rice.vendor_id], SELLER)
    db.facts.clear()
    return part


def wrong(code):
    return f"{(int(code) + 1) % 10_000:04d}"


def test_five_wrong_codes_lock_the_door_even_for_the_right_one(db, rice, at_the_door, placed, code):
    shops = [rice.vendor_id]
    tried = [progress.deliver(db, at_the_door, shops, wrong(code), SELLER) for _ in range(6)]
    assert tried == ["wrong_code"] * 4 + ["locked"] * 2
    assert progress.deliver(db, at_the_door, shops, code, SELLER) == "locked"
    assert state_of(db, at_the_door) == "handed_over"
    assert db.facts == [facts.CodeLocked(placed.order_id, at_the_door)] * 3  # at each try that finds it locked
    assert db.value("select wrong_codes from vendor_order") == 5
    assert db.value("select count(*) from order_history where fact = 'wrong_code'") == 5


def test_an_organizer_unlocks_the_code(db, rice, at_the_door, placed, code):
    for _ in range(5):
        progress.deliver(db, at_the_door, [rice.vendor_id], "", SELLER)
    db.facts.clear()
    assert progress.unlock_code(db, at_the_door, cause(90))
    assert db.facts == [facts.CodeUnlocked(placed.order_id, at_the_door)]
    assert not progress.unlock_code(db, at_the_door, cause(90))
    assert not progress.unlock_code(db, 999_999, cause(90))
    assert progress.deliver(db, at_the_door, [rice.vendor_id], code, SELLER) == "done"


def test_four_wrong_codes_and_the_right_one_deliver(db, rice, at_the_door, code):
    for text in ("", "é", "12345", wrong(code)):
        assert progress.deliver(db, at_the_door, [rice.vendor_id], text, SELLER) == "wrong_code"
    assert progress.deliver(db, at_the_door, [rice.vendor_id], code, SELLER) == "done"


def test_an_order_is_cancelled_with_all_its_parts(db, terms, rice, oil):
    placed = order(db, terms, (rice, 2), (oil, 3))
    assert progress.cancel_order(db, placed.order_id, AWA, cause()) == OrderCancelled("done", placed.vendor_order_ids)
    assert (figures_of(db, rice), figures_of(db, oil)) == ((10, 0, 0), (5, 0, 0))
    assert [fact for fact in db.facts if isinstance(fact, facts.PartCancelled)] == [
        facts.PartCancelled(placed.order_id, part) for part in placed.vendor_order_ids
    ]
    assert progress.cancel_order(db, placed.order_id, AWA, cause()) == OrderCancelled("already")


def test_a_part_that_left_its_shop_is_kept_when_the_order_is_cancelled(db, terms, rice, oil):
    placed = order(db, terms, (rice, 2), (oil, 3))
    gone, still = placed.vendor_order_ids
    progress.accept(db, gone, [rice.vendor_id], SELLER)
    progress.hand_over(db, gone, [rice.vendor_id], SELLER)
    assert progress.cancel_order(db, placed.order_id, AWA, cause()) == OrderCancelled("partly", (still,), (gone,))
    assert (figures_of(db, rice), figures_of(db, oil)) == ((8, 0, 0), (5, 0, 0))
    assert progress.cancel_order(db, placed.order_id, AWA, cause()) == OrderCancelled("too_late", (), (gone,))


def test_of_a_vendor_and_a_buyer_at_the_same_moment_the_states_decide(crowd, terms):
    with crowd.unit_of_work() as db:
        good = make_good(db, make_vendor(db), on_hand=100)
        parts = [order(db, terms, (good, 1), contact=contact).vendor_order_ids[0] for contact in range(1, 9)]

    def act(task):
        part, contact, who = task
        with crowd.unit_of_work() as db:
            if who == "seller":
                return progress.refuse(db, part, [good.vendor_id], "closed", SELLER)
            return cancelling(db, part, contact)

    tasks = [(part, contact, who) for contact, part in enumerate(parts, 1) for who in ("seller", "buyer")]
    done = run_together(act, tasks)
    assert done.count("done") == 8
    assert set(done) - {"done"} <= {"already", "cancelled"}
    with crowd.unit_of_work() as db:
        assert figures_of(db, good) == (100, 0, 0)
        assert broken_links(db) == []


def test_orders_placed_and_accepted_crosswise_meet_no_deadlock(crowd, terms):
    with crowd.unit_of_work() as db:
        goods = [make_good(db, make_vendor(db, f"shop_{place}"), on_hand=1_000) for place in range(5)]
        for contact in range(1, 11):
            fill(db, *((good, 1) for good in goods[:: 1 if contact % 2 else -1]), contact=contact)
            hold(db, terms, contact=contact)

    shops = [good.vendor_id for good in goods]

    def live(contact):
        with crowd.unit_of_work() as db:
            placed = placing.place_order(db, contact, CHAT, cause(contact), terms)
        for place in sorted(range(5), key=lambda place: (place + contact) % 5):
            with crowd.unit_of_work() as db:
                assert progress.accept(db, placed.vendor_order_ids[place], shops, SELLER) == "done"
            with crowd.unit_of_work() as db:
                assert progress.hand_over(db, placed.vendor_order_ids[place], shops, SELLER) == "done"

    run_together(live, range(1, 11))
    with crowd.unit_of_work() as db:
        assert [figures_of(db, good) for good in goods] == [(990, 0, 0)] * 5
        assert broken_links(db) == []


def test_in_a_batch_a_busy_order_sends_the_turn_away_unwritten(crowd, terms):
    with crowd.unit_of_work() as db:
        good = make_good(db, make_vendor(db))
        placed = order(db, terms, (good, 1))
    with crowd.unit_of_work() as other, crowd.unit_of_work() as db:
        locks.orders(other, [placed.order_id])
        turn = db.turn_of_batch()
        with pytest.raises(Alone):
            progress.accept(turn, placed.vendor_order_ids[0], [good.vendor_id], SELLER)
        assert not turn.has_written


def test_a_parcel_that_leaves_says_with_whom_and_under_which_receipt(db, yawa, part):
    progress.accept(db, part, [yawa], SELLER)
    deposit = Deposit("Rakieta", "4521")
    assert progress.hand_over(db, part, [yawa], SELLER, deposit) == "done"
    assert tuple(db.one("select carrier, receipt from vendor_order where id = %(id)s", id=part)) == ("Rakieta", "4521")
    assert progress.hand_over(db, part, [yawa], SELLER, Deposit("LK", "1")) == "already"
    assert db.value("select carrier from vendor_order where id = %(id)s", id=part) == "Rakieta"


def test_a_parcel_that_cannot_leave_is_left_nowhere(db, yawa, part):
    assert progress.hand_over(db, part, [yawa], SELLER, Deposit("Rakieta", "4521")) == "too_early"
    assert db.value("select carrier from vendor_order where id = %(id)s", id=part) is None


def test_how_the_buyer_wishes_to_pay_is_kept_on_his_own_open_order_only(db, placed, part):
    before = everything(db)
    assert progress.wish_payment(db, placed.order_id, 8, "flooz", None, cause(8)) is False
    assert everything(db) == before
    assert progress.wish_payment(db, placed.order_id, AWA, "flooz", "+22896554433", cause()) is True
    row = db.one('select payment, payment_phone, total from "order"')
    assert (row.payment, row.payment_phone) == ("flooz", "+22896554433")
    assert db.value("select count(*) from order_history where fact = 'payment_wished'") == 1
    set_state(db, part, "delivered")
    before = everything(db)
    assert progress.wish_payment(db, placed.order_id, AWA, "cash", None, cause()) is False
    assert everything(db) == before


@pytest.fixture
def unpaid(db, part):
    db.run("update vendor_order set prepaid = 500 where id = %(part)s", part=part)
    return part


def test_what_is_paid_before_is_arranged_once_and_only_then_may_it_leave(db, yawa, placed, unpaid):
    set_state(db, unpaid, "ready")
    before = everything(db)
    assert progress.hand_over(db, unpaid, [yawa], SELLER) == "unpaid"
    assert (db.facts, everything(db)) == ([], before)
    assert progress.note_arranged(db, unpaid, SELLER)
    assert db.facts == [facts.PaymentArranged(placed.order_id, unpaid)]
    before = everything(db)
    assert not progress.note_arranged(db, unpaid, SELLER)
    assert everything(db) == before
    assert progress.hand_over(db, unpaid, [yawa], SELLER) == "done"


@pytest.mark.parametrize("state, prepaid", [("refused", 500), ("placed", 0)])
def test_nothing_is_arranged_for_what_is_over_or_paid_at_the_door(db, part, state, prepaid):
    db.run("update vendor_order set prepaid = %(prepaid)s", prepaid=prepaid)
    set_state(db, part, state)
    before = everything(db)
    assert not progress.note_arranged(db, part, SELLER)
    assert (db.facts, everything(db)) == ([], before)


def test_what_was_paid_before_is_given_back_once_and_only_for_what_is_over(db, placed, unpaid):
    progress.note_arranged(db, unpaid, SELLER)
    db.facts.clear()
    assert not progress.note_returned(db, unpaid, SELLER)
    set_state(db, unpaid, "cancelled")
    assert progress.note_returned(db, unpaid, SELLER)
    assert not progress.note_returned(db, unpaid, SELLER)
    assert db.facts == [facts.PaymentReturned(placed.order_id, unpaid)]
    told = db.rows(
        "select fact from order_history where vendor_order_id = %(part)s order by id desc limit 2", part=unpaid
    )
    assert [row.fact for row in told] == ["payment_returned", "payment_arranged"]


def test_money_that_was_taken_before_the_end_was_seen_is_owed_back(db, placed, unpaid):
    assert not progress.note_taken(db, unpaid, SELLER)
    set_state(db, unpaid, "cancelled")
    db.facts.clear()
    assert progress.note_taken(db, unpaid, SELLER)
    assert not progress.note_taken(db, unpaid, SELLER)
    assert db.facts == [facts.PaymentTaken(placed.order_id, unpaid)]
    owed = db.value("select prepaid from vendor_order where id = %(part)s", part=unpaid)
    assert (reports.part(db, unpaid).owed, owed > 0) == (owed, True)
    assert progress.note_returned(db, unpaid, SELLER)
    assert reports.part(db, unpaid).owed == 0
