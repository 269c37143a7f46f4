"""The stream of a page: what phones hold, then what comes, each once."""

import json

import pytest

from dashboard.simulator import stream
from dashboard.simulator.phones import Phones

AWA, YAWA = "+22890000001", "+22890000101"
BOTH = f"/simulator/stream?phones=%2B{AWA[1:]},%2B{YAWA[1:]}"


@pytest.fixture
def phones(redis):
    return Phones(redis)


def bubble(outbox_id, body):
    return {"kind": "bubble", "outbox_id": outbox_id, "body": body, "layout": "text", "offers": []}


def opened(client, path=BOTH, **more):
    answer = client.get(path, **more)
    assert answer.status_code == 200
    assert answer.mimetype == "text/event-stream"
    return answer, answer.iter_encoded()


def told(pieces):
    """The next event: (name, data, cursor)."""
    fields = dict(line.split(": ", 1) for line in next(pieces).decode().splitlines() if line)
    return fields["event"], json.loads(fields["data"]), fields["id"]


def test_what_the_phones_hold_comes_first_then_what_is_new(client, phones):
    old = phones.append(YAWA, bubble(7, "Nouvelle commande"))
    answer, pieces = opened(client)

    name, data, _ = told(pieces)
    assert (name, data["phone"], data["body"], data["id"]) == ("past", YAWA, "Nouvelle commande", f"sim-7-{old}")
    assert data["at"] == int(old.split("-")[0])
    assert told(pieces)[0] == "ready"

    new = phones.append(AWA, bubble(8, "Bonjour"))
    name, data, cursor = told(pieces)
    assert (name, data["phone"], data["body"]) == ("now", AWA, "Bonjour")
    assert cursor == f"{new},{old}"
    answer.close()


def test_a_browser_that_comes_back_gets_what_it_missed_and_nothing_twice(client, phones):
    seen = phones.append(AWA, bubble(1, "vu"))
    phones.append(AWA, bubble(2, "manqué"))
    answer, pieces = opened(client, headers={"Last-Event-ID": f"{seen},0-0"})

    assert told(pieces)[0] == "ready"
    assert told(pieces)[1]["body"] == "manqué"
    answer.close()


def test_a_cursor_in_the_address_serves_a_stream_that_was_refused(client, phones):
    seen = phones.append(AWA, bubble(1, "vu"))
    answer, pieces = opened(client, f"{BOTH}&after={seen},0-0")

    assert told(pieces)[0] == "ready"
    answer.close()


@pytest.mark.parametrize("after", ["x", "0-0", "0-0,1", "0-0,0-0,0-0", "-1-0,0-0", "9999999999999999-0,0-0"])
def test_a_cursor_that_is_none_starts_from_the_beginning(client, phones, after):
    phones.append(AWA, bubble(1, "ancien"))
    answer, pieces = opened(client, headers={"Last-Event-ID": after})

    assert told(pieces)[:2][0] == "past"
    answer.close()


def test_only_the_asked_phones_are_told(client, phones):
    phones.append(YAWA, bubble(1, "pour Yawa"))
    answer, pieces = opened(client, f"/simulator/stream?phones=%2B{AWA[1:]}")

    assert told(pieces)[0] == "ready"
    answer.close()


def test_events_of_several_phones_come_in_the_order_of_time(client, phones):
    answer, pieces = opened(client)
    told(pieces)
    for number in range(6):
        phones.append([AWA, YAWA][number % 2], bubble(number, str(number)))

    assert sorted(told(pieces)[1]["body"] for _ in range(6)) == list("012345")
    answer.close()


@pytest.mark.parametrize(
    "phones", ["", "90000001", "%2B22890000001,x", ",".join(f"%2B2289000000{n}" for n in range(1, 8))]
)
def test_a_stream_of_no_phones_or_too_many_is_refused(client, phones):
    assert client.get(f"/simulator/stream?phones={phones}").status_code == 400


def test_a_quiet_stream_beats_and_ends_after_its_lifetime(client, monkeypatch):
    monkeypatch.setattr(stream, "BEAT", 0.01)
    answer, pieces = opened(client)

    assert told(pieces)[0] == "ready"
    assert next(pieces) == b": beat\n\n"
    monkeypatch.setattr(stream, "LIFETIME", 0.0)
    ending, ended = opened(client)
    assert told(ended)[0] == "ready"
    assert list(ended) == []
    answer.close()
    ending.close()


def test_a_process_carries_so_many_streams_and_takes_new_ones_when_others_close(client):
    answers = [opened(client)[0] for _ in range(stream.MOST_STREAMS)]

    assert client.get(BOTH).status_code == 503
    answers.pop().close()
    answers.append(opened(client)[0])
    for answer in answers:
        answer.close()
        answer.close()
    again = [opened(client)[0] for _ in range(stream.MOST_STREAMS)]
    for answer in again:
        answer.close()


def test_text_with_line_ends_stays_one_event(client, phones):
    phones.append(AWA, bubble(1, "a\n\ndata: b\r\nid: 9-9\u2028"))
    answer, pieces = opened(client)

    assert told(pieces)[1]["body"] == "a\n\ndata: b\r\nid: 9-9\u2028"
    answer.close()
