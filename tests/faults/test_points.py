"""What a kill leaves behind inside a commit and inside a send: it is looked at before anybody mends anything."""

import pytest

from tests.faults import history
from tests.faults.crash_points import LEAVES_TURNS, VARIABLE, last_words
from tests.processes.numbered import assert_all_were_answered_once_in_order, message, phone_of
from tests.waiting import wait_for

OF_PERSON = "join identity i using (contact_id) where i.value = %(phone)s"
LEFT = f"""
select c.id, array(select state from inbox where conversation_id = c.id order by id) as inbox,
  (select count(*) from turn where conversation_id = c.id) as turns,
  array(select state from outbox where conversation_id = c.id order by id) as outbox
from conversation c {OF_PERSON}
"""


@pytest.fixture
def house(deadly_house):
    """A door and a worker; whatever has died is mended afterwards, and the books agree."""
    yield deadly_house
    deadly_house.mend()
    deadly_house.wait_until_ready()
    deadly_house.wait_until_idle(mends=True)
    history.check(deadly_house)


def left(house, person):
    """(states of his messages, how many turns, states of his bubbles)."""
    found = house.rows(LEFT, phone=phone_of(person))
    return (found[0].inbox, found[0].turns, found[0].outbox) if found else ([], 0, [])


def armed(process, point):
    """Its next life ends at this point."""
    process.kill()
    process.start(**{VARIABLE: point})
    return process


def idle(house, process):
    """Its next life takes no turns."""
    process.kill()
    process.start(**{LEAVES_TURNS: "1"})


def has_died(process, point):
    wait_for(lambda: not process.is_alive, f"nobody died at {point}")
    return last_words(point) in process.log.read_text()


@pytest.mark.parametrize(
    ("point", "said_before"),
    [("stranger_inserted", 0), ("stranger_committing", 0), ("storing", 1)],
)
def test_what_a_door_was_committing_when_it_died_is_stored_and_was_acknowledged_to_nobody(house, point, said_before):
    (door,), (worker,), (person,) = house.webs, house.workers, house.strangers(1)
    for number in range(said_before):
        house.hand_in([message(house, person, number)])
        house.wait_until_idle()
    worker.kill()
    armed(door, point)
    wait_for(lambda: house.is_open(door), "the door does not open")
    one = message(house, person, said_before)

    assert house.provider.knock(one) != 200
    assert has_died(door, point)
    stored = 0 if point == "stranger_inserted" else 1
    wait_for(lambda: len(left(house, person)[0]) == said_before + stored, "what is stored is not what was sent")
    house.hand_in([one])  # it comes again, and is known by its key
    house.mend()
    house.wait_until_idle()
    assert_all_were_answered_once_in_order(house, {person: list(range(said_before + 1))})


def test_a_turn_whose_commit_was_on_the_way_when_its_process_died_is_made_and_not_in_redis(house):
    (door,), (worker,), (person,) = house.webs, house.workers, house.strangers(1)
    idle(house, door)
    wait_for(lambda: house.is_open(door), "the door does not open")
    armed(worker, "turn_committing")
    house.hand_in([message(house, person, 0)])

    assert has_died(worker, "turn_committing")
    wait_for(lambda: left(house, person)[:2] == (["done"], 1), "the turn is not there")
    (chat,) = house.rows(LEFT, phone=phone_of(person))
    assert len(chat.outbox) == 1  # the threads that send may have lived long enough to claim it
    assert house.redis.get(f"session:{chat.id}") is None


@pytest.mark.parametrize(("point", "took", "cut_short", "resent"), [("half_sent", 0, 1, 1), ("sent", 1, 0, 0)])
def test_of_a_send_that_died_in_the_middle_nothing_is_taken_and_of_one_that_died_at_its_end_all(
    house, point, took, cut_short, resent
):
    (door,), (worker,), (person,) = house.webs, house.workers, house.strangers(1)
    cut_before = house.provider.cut_short
    idle(house, door)
    wait_for(lambda: house.is_open(door), "the door does not open")
    armed(worker, point)
    house.hand_in([message(house, person, 0)])

    assert has_died(worker, point)
    wait_for(lambda: len(house.provider.to(phone_of(person))) == took, "it is not taken")
    wait_for(lambda: house.provider.cut_short - cut_before == cut_short, "it is not cut")
    assert left(house, person) == (["done"], 1, ["sending"])
    house.mend()
    house.wait_until_idle()
    sent_again = house.value("select o.resent from outbox o join conversation c on c.id = o.conversation_id "
                             f"{OF_PERSON}", phone=phone_of(person))  # fmt: skip
    assert (sent_again, len(house.provider.to(phone_of(person)))) == (resent, 1)
