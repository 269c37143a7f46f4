"""How sends end is counted, and said in the log once a minute for each account and code."""

import threading
from contextlib import suppress
from itertools import count

import pytest
from prometheus_client import REGISTRY

from bot import tally
from bot.messages import Accepted, Refused, Unclear
from bot.tally import Tally
from tests.catalog.crowd import run_together

numbers = count()


@pytest.fixture
def account():
    """A key of its own, as the counters live as long as the process."""
    return f"account_{next(numbers)}"


def counted(account, result):
    return REGISTRY.get_sample_value("assigame_sends_total", {"account": account, "result": result})


def test_every_result_is_counted_by_its_class(account):
    for result in (
        Accepted("SM1"),
        Accepted("SM2"),
        Refused("busy", "not_sent"),
        Refused("window", "63016"),
        Unclear("x"),
    ):
        Tally().note(account, result)
    found = {name: counted(account, name) for name in ("accepted", "busy", "window", "unclear", "content")}
    assert found == {"accepted": 2, "busy": 1, "window": 1, "unclear": 1, "content": None}


def test_a_provider_that_takes_nothing_is_told_of_once_a_minute_with_how_often(account, monkeypatch):
    warned, now = [], [1000.0]
    monkeypatch.setattr(tally.log, "warning", lambda event, **about: warned.append((event, about)))
    monkeypatch.setattr(tally.time, "monotonic", lambda: now[0])
    noting = Tally()
    for seconds in (0, 1, 58, 0.9, 0.1, 59):
        now[0] += seconds
        noting.note(account, Refused("busy", "not_sent"))
    noting.note(account, Unclear("answer_lost"))
    noting.note(account, Accepted("SM1"))
    about = {"account": account, "outcome": "busy", "code": "not_sent"}
    assert warned == [
        ("not_sent", about | {"count": 1}),
        ("not_sent", about | {"count": 4}),
        ("not_sent", {"account": account, "outcome": "unclear", "code": "answer_lost", "count": 1}),
    ]


class Meeting(dict):
    """What was told, read by two threads at one moment where nothing keeps them apart."""

    def __init__(self):
        super().__init__()
        self.both = threading.Barrier(2)

    def get(self, *given):
        found = super().get(*given)
        with suppress(threading.BrokenBarrierError):
            self.both.wait(0.5)
        return found


def test_two_threads_that_meet_the_same_refusal_are_both_counted_and_neither_dies(account, monkeypatch):
    warned = []
    monkeypatch.setattr(tally.log, "warning", lambda event, **about: warned.append(about["count"]))
    noting = Tally(told=Meeting())
    run_together(lambda _: noting.note(account, Refused("busy", "not_sent")), range(2))
    assert warned == [1]
    assert noting.untold == {(account, "not_sent"): 1}
