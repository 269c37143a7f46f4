"""A provider whose list is late, whose answers are no answers and whose reports lie: what becomes of each bubble.

Look-ups come 2.25 and 3.75 s after a send here (45 and 75 s, divided by 20), a call hangs for 1 s and a lease lasts 3.
"""

import pytest
from redis import Redis

from bot import accounts
from tests.fakes.listener import Listener
from tests.faults import history
from tests.processes.house import PATIENT, SHUT_OUT, house_in, with_calls_of
from tests.processes.numbered import phone_of, word_of
from tests.waiting import wait_for

NEVER = float("inf")
MEGABYTE = 1_000_000
STRANGE = "SM" + "f" * 32  # an id of nobody's message


@pytest.fixture(scope="module")
def house(services, planted, redis_url, tmp_path_factory):
    """A door and a worker; the provider reports only what a test has it report."""
    with Redis.from_url(redis_url) as redis:
        folder = tmp_path_factory.mktemp("house")
        more = PATIENT | with_calls_of(10)
        with house_in(services, planted, redis, redis_url, folder, callbacks=(), more=more) as house:
            yield house.start()


@pytest.fixture(autouse=True)
def as_ever(house):
    """Each test leaves a provider that behaves, and books that agree."""
    yield
    house.provider.mode("ok")
    house.provider.listed_after = 0.0
    house.wait_until_idle()
    history.check(house)


def say(house, person):
    """He says one thing, and the door takes it."""
    words = f"je cherche {word_of(person, 0)}"
    assert house.provider.knock(house.provider.say(phone_of(person), words, name="Kossi")) == 200


def asked_in(house, mode, *, listed_after=0.0):
    """Somebody's bubble meets the provider in this mode, and is taken: the person, the first copy."""
    (person,) = house.strangers(1)
    house.provider.listed_after = listed_after
    house.provider.mode(mode, times=1)
    say(house, person)
    return person, taken(house, person)[0]


def taken(house, person):
    """The provider's copies of his bubble, at least one."""
    return wait_for(lambda: house.provider.to(phone_of(person)), "nothing is taken")


def sent(house):
    """Somebody's bubble, sent as ever: the person, the provider's copy."""
    person, message = asked_in(house, "ok")
    wait_for(lambda: outcome(house, person)[0] == "sent", "it is not sent")
    return person, message


def outcome(house, person):
    """(state, resent, look-ups) of his one bubble, and how many copies the provider took."""
    row = bubble(house, person)
    return row.state, row.resent, row.look_ups, len(house.provider.to(phone_of(person)))


def bubble(house, person):
    (row,) = house.rows(
        "select o.* from outbox o join conversation c on c.id = o.conversation_id"
        " join identity i using (contact_id) where i.value = %(phone)s",
        phone=phone_of(person),
    )
    return row


def was_looked_up(row):
    """Whether its first look-up has ended, and found nothing."""
    return (row.look_ups, row.lease_owner, row.state) == (1, None, "uncertain")


def told(house, message, status, **lies):
    """A report comes in; the door's answer."""
    return house.provider.deliver(house.provider.report(message, status, **lies))


def folded(house):
    """Wait until every report has been looked at; those that name no bubble of ours are kept for another look."""
    due = "select count(*) from status_report where due_at <= market_now()"
    wait_for(lambda: house.value(due) == 0, "a report is not read")


def bare(message):
    """The address for a message's reports without our id."""
    return message.callback.partition("?")[0]


def forged(message):
    """The same with our id, and a seal that is not ours."""
    address, _, rest = message.callback.partition("?o=")
    number = rest.partition(".")[0]
    return f"{address}?o={number}.{'0' * 32}"


def test_a_list_that_is_late_costs_a_look_up_and_only_one_later_than_both_a_double(house):
    early, _ = asked_in(house, "accept_then_reset", listed_after=1.0)
    later, message = asked_in(house, "accept_then_reset", listed_after=NEVER)
    never, _ = asked_in(house, "accept_then_reset", listed_after=NEVER)
    wait_for(lambda: was_looked_up(bubble(house, later)), "nobody looks")
    message.listed_at = 0.0
    house.wait_until_idle()
    assert outcome(house, early) == ("sent", 0, 1, 1)  # the first look finds it
    assert outcome(house, later) == ("sent", 0, 2, 1)  # the second
    assert outcome(house, never) == ("sent", 1, 2, 2)  # neither: sent again, and counted as a possible double


ANSWERS = ("empty", "html", "garbled", "no_sid", "drip", "huge")


def test_an_answer_that_is_none_is_looked_up_and_nothing_is_sent_twice(house):
    people = {mode: asked_in(house, mode) for mode in ANSWERS}
    house.wait_until_idle()
    assert {mode: outcome(house, person) for mode, (person, _) in people.items()} == dict.fromkeys(
        ANSWERS, ("sent", 0, 1, 1)
    )
    assert [bubble(house, person).provider_id for person, _ in people.values()] == [
        copy.sid for _, copy in people.values()
    ]
    assert house.provider.streamed < 32 * MEGABYTE  # of 1 GB; one was read, the rest lay on the line


def test_a_send_that_is_not_answered_ends_by_its_own_time_out_and_not_with_its_lease(house):
    lost = house.leases_lost()
    person, _ = asked_in(house, "hang_accepted")  # until the mode is told anew
    house.wait_until_idle()
    assert outcome(house, person) == ("sent", 0, 1, 1)
    assert house.leases_lost() == lost


def test_an_answer_without_an_id_is_settled_by_a_report_before_anybody_looks(house):
    person, message = asked_in(house, "no_sid")
    assert told(house, message, "delivered") == 200
    folded(house)
    assert outcome(house, person) == ("delivered", 0, 0, 1)
    assert bubble(house, person).provider_id == message.sid


def test_a_report_that_comes_after_the_look_up_raises_what_was_found(house):
    person, message = asked_in(house, "accept_then_reset")
    house.wait_until_idle()
    assert outcome(house, person) == ("sent", 0, 1, 1)
    assert [told(house, message, "delivered") for _ in range(3)] == [200] * 3
    folded(house)
    assert outcome(house, person) == ("delivered", 0, 1, 1)


def test_a_report_of_another_message_says_nothing_of_a_bubble_in_doubt(house):
    other, told_of = sent(house)
    house.provider.mode("reset", times=1)
    (person,) = house.strangers(1)
    say(house, person)
    wait_for(lambda: in_doubt(house), "nothing is in doubt")
    assert told(house, told_of, "delivered") == 200
    house.wait_until_idle()
    assert outcome(house, other) == ("delivered", 0, 0, 1)
    assert outcome(house, person) == ("sent", 1, 2, 1)  # never taken, so it was sent again


def in_doubt(house):
    return house.value("select count(*) from outbox where state = 'uncertain'")


def test_reports_that_lie_change_no_bubble_they_have_no_seal_for(house):
    (person, message), (other, another) = sent(house), sent(house)
    assert told(house, message, "delivered", callback=bare(message), MessageSid=STRANGE) == 200
    assert told(house, message, "failed", code=63016, callback=forged(message), MessageSid=STRANGE) == 200
    spoilt = house.provider.report(message, "failed", code=63016)
    spoilt.headers["X-Twilio-Signature"] = another.sid
    assert house.provider.deliver(spoilt) == 403
    folded(house)
    assert [outcome(house, one) for one in (person, other)] == [("sent", 0, 0, 1)] * 2

    # our seal speaks for its bubble, whatever copy of it the provider means, and for no other
    assert told(house, message, "delivered", MessageSid=another.sid) == 200
    folded(house)
    assert [outcome(house, one) for one in (person, other)] == [("delivered", 0, 0, 1), ("sent", 0, 0, 1)]
    assert [bubble(house, one).provider_id for one in (person, other)] == [message.sid, another.sid]


def test_a_failure_after_the_delivery_and_a_delivery_after_the_reading_change_nothing(house):
    (person, message), (reader, another) = sent(house), sent(house)
    for status, code in (("delivered", None), ("failed", 63016), ("undelivered", 63024), ("sent", None)):
        assert told(house, message, status, code=code) == 200
        folded(house)
    for status in ("read", "delivered", "sent", "read"):
        assert told(house, another, status) == 200
        folded(house)
    assert [outcome(house, one) for one in (person, reader)] == [("delivered", 0, 0, 1), ("read", 0, 0, 1)]


def test_a_failure_of_another_copy_fails_nothing_that_was_sent(house):
    person, message = sent(house)
    assert told(house, message, "failed", code=63016, MessageSid=STRANGE) == 200
    folded(house)
    assert outcome(house, person) == ("sent", 0, 0, 1)


def test_a_redirect_is_not_followed_and_pauses_the_account_until_somebody_looks(house):
    house.may_fail_for.add(SHUT_OUT)
    with Listener() as elsewhere:
        house.provider.redirects_to = elsewhere.url
        (person,) = house.strangers(1)
        house.provider.mode("redirect", times=1)
        say(house, person)
        wait_for(lambda: house.value("select pause_reason from channel_account where key = 'twilio'"), "no pause")
        assert outcome(house, person) == ("waiting", 0, 0, 0)
        assert elsewhere.asked.empty()  # neither words nor credentials went there
        with house.database.unit_of_work() as db:
            assert accounts.resume(db, "twilio")
        house.wait_until_idle()
        assert outcome(house, person) == ("sent", 0, 0, 1)
        assert elsewhere.asked.empty()
