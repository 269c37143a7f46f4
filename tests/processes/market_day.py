"""A market day: many talk and some trade while a test breaks something; afterwards the books are held to all of it."""

from contextlib import contextmanager
from random import Random

from tests.faults import history
from tests.processes.fair import Fair
from tests.processes.numbered import assert_all_were_answered_once_in_order
from tests.processes.talk import PEOPLE, Talk

MOST = 10_000  # messages of each person, more than any run takes
PAUSE = 0.3  # seconds of each person between an answer and the next word
ORDERS = 3  # at least
KEPT = "select count(*) from inbox where provider_id not like 'wake:%%'"


@contextmanager
def market_day(house, seed=0, *, people=PEOPLE, pause=PAUSE, orders=ORDERS, settles=lambda: None, patience=300):
    """The Talk, beside the house's fair. Then all was answered once and in order, and the books agree.

    `settles` is waited for when all have fallen silent, and then that nothing is open, `patience` seconds at most.
    """
    fair = house.fair = house.fair or Fair(house, Random(seed))
    before = house.value(KEPT) - fair.said
    with fair, Talk(house, MOST, pause, people) as talk:
        yield talk
        fair.wait_for_orders(orders)
    settles()
    house.wait_until_idle(patience, mends=True)
    history.check(house)
    assert_all_were_answered_once_in_order(house, talk.said)
    fair.check()
    assert house.value(KEPT) == before + talk.acknowledged + fair.said
