"""The last line of the long tests adds up what their houses have been through."""

from collections import Counter
from types import SimpleNamespace

from tests.faults import totals


def house(deaths, sends, **figures):
    return SimpleNamespace(deaths=deaths, messages=[None] * sends), SimpleNamespace(**figures)


def test_the_line_adds_up_houses_and_servers_and_tells_the_slowest_answer(monkeypatch):
    monkeypatch.setattr(totals, "counts", Counter())
    monkeypatch.setattr(totals, "slowest", [0.0])
    totals.add(*house(3, 40, messages=38, resent=1, deadlocks=0, slowest=1.25))
    totals.add(*house(0, 7, messages=6, resent=0, deadlocks=0, slowest=0.5))
    totals.server_killed("PostgreSQL")
    assert totals.line() == (
        "2 houses: 3 processes, 1 PostgreSQL and 0 Redis ended and started again; 44 messages, 47 sends taken,"
        " 1 sent again by rule, 0 deadlocks; slowest answer 1.2 s"
    )
