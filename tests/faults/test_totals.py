"""The last line of the long tests adds up what their houses have been through."""

import json
from collections import Counter
from datetime import UTC, datetime
from types import SimpleNamespace

import pytest

from tests.faults import totals


@pytest.fixture(autouse=True)
def nothing_yet(monkeypatch):
    """Totals of these tests alone."""
    monkeypatch.setattr(totals, "counts", Counter())
    monkeypatch.setattr(totals, "servers", Counter())
    monkeypatch.setattr(totals, "longest", {"recovery": 0.0, "slowest": 0.0})
    monkeypatch.setattr(totals, "standing", [])
    monkeypatch.setattr(totals, "spoilt", [])


def house(kills, deaths, sends, **figures):
    """A house, and what its books say of it."""
    falls = [datetime(2026, 11, 27, tzinfo=UTC)] * kills
    stands = SimpleNamespace(itself=object(), falls=falls, deaths=deaths, messages=[None] * sends, is_checked=True)
    return stands, SimpleNamespace(**figures)


def test_the_line_adds_up_houses_and_servers_and_tells_the_longest_recovery_and_the_slowest_answer():
    totals.server_killed("PostgreSQL")
    totals.add(*house(2, 3, 40, messages=38, resent=1, deadlocks=0, recovery=0.5, slowest=1.25))
    totals.add(*house(0, 0, 7, messages=6, resent=0, deadlocks=0, recovery=2.0, slowest=0.5))
    assert totals.line() == (
        "2 houses: 2 processes killed, 3 started again; 1 PostgreSQL and 0 Redis killed and started again;"
        " 44 messages, 47 sends taken, 1 sent again by rule, 0 deadlocks; longest recovery 2.0 s, slowest answer 1.2 s"
    )


def test_what_others_went_through_is_added_and_the_longest_stays_the_longest():
    totals.add(*house(2, 3, 40, messages=38, resent=1, deadlocks=0, recovery=0.5, slowest=1.25))
    others = json.loads(json.dumps(totals.of_this_process()))  # it travels between processes
    totals.add(*house(0, 0, 7, messages=6, resent=0, deadlocks=0, recovery=2.0, slowest=0.5))
    totals.join(others)
    assert totals.line() == (
        "3 houses: 4 processes killed, 6 started again; 0 PostgreSQL and 0 Redis killed and started again;"
        " 82 messages, 87 sends taken, 2 sent again by rule, 0 deadlocks; longest recovery 2.0 s, slowest answer 1.2 s"
    )


def test_a_house_counts_with_its_servers_when_its_books_were_checked_and_no_test_failed_on_it():
    figures = {"messages": 5, "resent": 0, "deadlocks": 0, "recovery": 0, "slowest": 0}

    def figures_of(_):
        return SimpleNamespace(**figures)

    whole, unchecked, failed, broken = (house(1, 1, 5)[0] for _ in range(4))
    unchecked.is_checked = False
    for one in (unchecked, failed, whole):
        with totals.counted(one, figures_of):
            totals.server_killed("Redis")
            if one is failed:
                totals.spoil()
    with pytest.raises(LookupError), totals.counted(broken, figures_of):
        raise LookupError
    assert totals.counts == {
        **{"houses": 1, "kills": 1, "restarts": 1, "sends": 5, "Redis": 1},
        **{"messages": 5, "resent": 0, "deadlocks": 0},
    }
    assert totals.standing == []
