"""The bench of paces: the stand-in holds a sender to its rate, and what was told is held against what was allowed."""

import asyncio
import time

import pytest

from bench import announced
from bench.announced import StandIn
from bench.paced import PACES, Pace, lines_of, measure, told_by
from bench.wire import Caller, port_of, serve

BODY = b'{"messaging_product": "whatsapp", "to": "2289%07d", "text": {"body": "STOP"}}'


def statuses(stand_in, numbers):
    """What an announcement to each meets."""
    return [stand_in.handle("POST", "/v25.0/1055/messages", BODY % number)[0] for number in numbers]


def test_what_is_beyond_the_rate_meets_a_429_until_some_of_it_is_allowed_again(monkeypatch):
    clock = [100.0]
    monkeypatch.setattr(announced.time, "monotonic", lambda: clock[0])
    stand_in = StandIn(0, 0, allowed=4)
    assert statuses(stand_in, range(6)) == [200] * 4 + [400] * 2
    clock[0] += 0.5
    assert statuses(stand_in, range(6, 9)) == [200, 200, 400]
    clock[0] += 60
    assert statuses(stand_in, range(9, 15)) == [200] * 4 + [400] * 2
    assert (stand_in.tries["whatsapp"], stand_in.met_busy["whatsapp"], len(stand_in.taken)) == (15, 5, 10)


def test_nobody_is_too_fast_for_a_stand_in_without_a_rate():
    assert set(statuses(StandIn(0, 0), range(500))) == {200}


def test_an_answer_takes_its_time():
    async def asked():
        server = await serve(lambda method, target, body: (200, b"{}"), latency=0.3)
        caller, began = Caller(port_of(server), 4), time.monotonic()
        answers = await asyncio.gather(*(caller.post("/", b"", "") for _ in range(4)))
        caller.close()
        server.close()
        return answers, time.monotonic() - began

    answers, seconds = asyncio.run(asked())
    assert answers == [200] * 4
    assert 0.3 <= seconds < 4 * 0.3  # all at once


@pytest.mark.parametrize(
    "pace, a_second, is_met",
    [
        (PACES[0], 899, False),
        (PACES[0], 900, True),
        (PACES[0], 1_200, True),
        (PACES[1], 75.4, False),
        (PACES[1], 75.6, True),
        (PACES[1], 80.4, True),
        (PACES[1], 80.6, False),
        (PACES[2], 5, None),
    ],
)
def test_a_pace_has_a_least_and_some_a_most(pace, a_second, is_met):
    assert pace.is_kept(a_second) is is_met


def test_what_is_told_is_counted_from_the_first_to_the_last():
    stand_in = StandIn(0, 0)
    stand_in.taken_at = [10.0, 10.5, 11.0, 12.0]
    stand_in.taken.update(["a", "b", "b", "c"])
    stand_in.tries["whatsapp"], stand_in.met_busy["whatsapp"] = 5, 1

    told = told_by(stand_in, {"a", "b", "d"}, {"web": 0.002, "worker 0": 0.006})

    assert (told.people, told.a_second, told.twice, told.missing) == (4, 1.5, 1, 2)  # d was not told, c unasked
    speed, busy, wrong, cost = lines_of(Pace(2, 0.08, 1, least=1), told)
    assert (speed.ours, speed.floor, speed.bar, speed.is_met) == (1.5, 2, "≥ 1", True)
    assert (busy.ours, busy.is_met) == (0.2, False)
    assert (wrong.ours, wrong.is_met) == (3, False)
    assert cost.ours == 2.0


def test_a_few_are_told_at_their_pace(tmp_path):
    lines, notes = asyncio.run(measure([Pace(20, 0.02, 1, least=5)], 60, tmp_path / "bench"))

    told, busy, wrong, cost = lines
    assert told.name == "20 a second allowed, answers after 20 ms, workers: 1; told"
    assert told.is_met
    assert (busy.ours, wrong.ours) == (0, 0)
    assert cost.ours > 0
    assert notes[0].startswith("CPU ms a message at 20 a second: web ")
