"""A process that dies at the worst moment loses nothing and doubles nothing; a message that kills ends as dead."""

import json

import pytest

from tests.faults import history
from tests.faults.crash_points import DEADLY, POISON, VARIABLE
from tests.processes.house import PATIENT, SHUT_OUT, house_in
from tests.processes.numbered import (
    assert_all_were_answered_once_in_order,
    heard,
    message,
    phone_of,
    taken,
    word_of,
)
from tests.waiting import wait_for

PEOPLE, TRIES = 12, 5


@pytest.fixture
def house(services, planted, redis, redis_url, tmp_path):
    """A door and a worker that can be told where to die."""
    with house_in(services, planted, redis, redis_url, tmp_path, more=PATIENT, **DEADLY) as house:
        yield house


def test_a_message_that_kills_its_process_is_dead_after_five_and_its_neighbours_are_answered_once(house):
    for process in house.processes:
        process.environ = {**process.environ, VARIABLE: "poisoned_step"}
    house.may_fail_for.add(SHUT_OUT)
    house.start()
    poisoned = house.provider.say(phone_of(99), f"je cherche {POISON}", name="Kossi")
    said = [message(house, person, 0) for person in range(PEOPLE)]

    house.hand_in([*said[:6], poisoned, *said[6:]])
    house.wait_until_idle(120, mends=True)

    rows = house.rows("select state, attempts, error from inbox where message->>'text' like '%%poison%%'")
    assert [tuple(row) for row in rows] == [("dead", TRIES + 1, "the process ended")]  # the burial is a try too
    assert [POISON in sent.body for sent in house.provider.to(phone_of(99))] == [False] * 2
    assert house.value("select count(*) from attention where kind = 'message_dead'") == 1
    wait_for(lambda: deaths(house) >= TRIES, "the last death")  # a door's parent sees its child's after a while
    assert house.deaths == TRIES
    history.check(house)
    assert_all_were_answered_once_in_order(house, {person: [0] for person in range(PEOPLE)})


def test_a_kill_between_the_commit_and_the_write_to_redis_loses_no_open_question(house, redis):
    house.start()
    say_all(house, "bonjour")
    for process in house.processes:
        process.stop()
    house.start(**{VARIABLE: "turn_committed"})
    say_all(house, "1", mends=True)  # of two choices: the sections, of which there are many

    stale = [chat for chat in chats(house) if json.loads(redis.get(f"session:{chat.id}"))["revision"] != chat.revision]
    assert stale
    assert house.deaths > 0
    say_all(house, "5")

    told = ["buyer.first", "buyer.categories", "buyer.products"]
    history.check(house)
    assert [[key for key, _ in said] for said in turns(house)] == [[key] for _ in range(PEOPLE) for key in told]
    assert [len(house.provider.to(phone_of(person))) for person in range(PEOPLE)] == [len(told)] * PEOPLE


def deaths(house):
    """How many processes have died so far; all are started again."""
    house.mend()
    return house.deaths


def say_all(house, words, *, mends=False):
    """Everybody says it, and is answered."""
    house.hand_in(house.provider.say(phone_of(person), words, name="Kossi") for person in range(PEOPLE))
    house.wait_until_idle(mends=mends)


def chats(house):
    """The conversation of each person."""
    return house.rows(
        "select c.id, c.revision from conversation c join identity i using (account_id, contact_id)"
        " where i.value like %(phones)s",
        phones=f"{phone_of(0)[:-4]}%",
    )


def turns(house):
    """What each turn said, person by person."""
    rows = house.rows(
        "select said from turn where conversation_id = any(%(ids)s) order by conversation_id, commit_no",
        ids=[chat.id for chat in chats(house)],
    )
    return [row.said for row in rows]


@pytest.mark.parametrize("callbacks", [("delivered",), ()], ids=["told by a callback", "looked up"])
def test_a_send_whose_answer_is_lost_is_found_again_and_never_doubled(
    callbacks, services, planted, redis, redis_url, tmp_path
):
    with house_in(services, planted, redis, redis_url, tmp_path, callbacks=callbacks, more=PATIENT) as house:
        house.start()
        for number, mode in enumerate(("accept_then_reset", "500_accepted")):
            house.provider.mode(mode, times=PEOPLE // 2)
            said = [message(house, person, number) for person in range(PEOPLE)]
            assert house.provider.knock_together(said) == [200] * PEOPLE
            house.wait_until_idle()

        history.check(house)
        assert_all_were_answered_once_in_order(house, {person: [0, 1] for person in range(PEOPLE)})
        state = "delivered" if callbacks else "sent"
        assert house.value("select count(*) from outbox where state = %(state)s", state=state) == 2 * PEOPLE
        assert house.value("select coalesce(sum(resent), 0) from outbox") == 0
        looked_up = house.value("select count(*) from outbox where look_ups > 0")
        assert looked_up == (0 if callbacks else PEOPLE)


def test_a_lost_bubble_is_not_taken_for_the_one_before_it_that_says_the_same(
    services, planted, redis, redis_url, tmp_path
):
    with house_in(services, planted, redis, redis_url, tmp_path, callbacks=(), more=PATIENT) as house:
        house.start()
        house.hand_in([message(house, 0, 0)])
        house.wait_until_idle()
        house.provider.mode("reset", times=1)
        house.hand_in([message(house, 0, 0)])
        house.wait_until_idle()

        history.check(house)
        assert (taken(house, 0), heard(house, 0)) == ([word_of(0, 0)] * 2, [word_of(0, 0)] * 2)
        resent = house.rows("select state, resent from outbox order by id desc limit 1")
        assert [tuple(row) for row in resent] == [("sent", 1)]


def test_a_bubble_that_is_in_doubt_for_too_long_is_passed_by_what_was_said_after_it(
    services, planted, redis, redis_url, tmp_path
):
    hurry = {"ASSIGAME__TIMING__UNCERTAIN_MOST": "1", "ASSIGAME__TIMING__UNCERTAIN_LOOK_UPS": "[5, 7]"}
    with house_in(services, planted, redis, redis_url, tmp_path, callbacks=(), more=PATIENT | hurry) as house:
        house.start()
        house.provider.mode("500_refused", times=1)
        house.hand_in([message(house, 0, 0)])
        wait_for(lambda: house.value("select state from outbox") == "uncertain", "nothing is in doubt")
        house.hand_in([message(house, 0, 1)])
        house.wait_until_idle()
        assert heard(house, 0) == [word_of(0, 1), word_of(0, 0)]
        rows = house.rows("select state, resent from outbox order by said_at")
        assert [tuple(row) for row in rows] == [("sent", 1), ("sent", 0)]
        history.check(house)
