"""Requests to the provider that are cut in their middle: nobody knows whether it took them, and it did not."""

from urllib.parse import urlsplit

import pytest

from tests.faults import history
from tests.faults.proxy import FaultProxy
from tests.processes.house import PATIENT, house_in
from tests.processes.numbered import assert_all_were_answered_once_in_order, message
from tests.waiting import wait_for

PEOPLE = 6
CUT = 20  # bytes that are missing
SENT = "select state, resent, look_ups > 0 as looked_up, count(*) from outbox group by 1, 2, 3"


@pytest.fixture
def house(services, planted, redis, redis_url, tmp_path):
    """A door and a worker, the provider behind a proxy at `house.line`."""
    with house_in(services, planted, redis, redis_url, tmp_path, callbacks=(), more=PATIENT) as house:
        provider = urlsplit(house.provider.url)
        with FaultProxy((provider.hostname, provider.port)) as house.line:
            for process in house.processes:
                process.environ["TWILIO_API_BASE"] = f"http://127.0.0.1:{house.line.port}"
            yield house.start()


def test_sends_that_are_cut_in_the_middle_of_their_body_are_in_doubt_looked_up_and_sent_once(house):
    house.line.fault(cuts_after=-CUT, only=b"To=whatsapp", times=PEOPLE)
    assert house.provider.knock_together([message(house, person, 0) for person in range(PEOPLE)]) == [200] * PEOPLE
    wait_for(lambda: house.provider.cut_short == PEOPLE, "not all are cut")
    assert house.provider.messages == []

    house.wait_until_idle()
    history.check(house)
    assert_all_were_answered_once_in_order(house, {person: [0] for person in range(PEOPLE)})
    assert [tuple(row) for row in house.rows(SENT)] == [("sent", 1, True, PEOPLE)]
