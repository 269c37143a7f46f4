"""Gathering: who comes while somebody writes is written with the others, and returns once that is committed."""

import threading

import psycopg
import pytest

from bot.gathering import COMPANY, Gathering, NotWritten, _Waiting
from tests.waiting import wait_for


class Desk:
    """A `write` whose first call stays until `goes_on`; it fails for the items that `fails` names."""

    def __init__(self, **fails):
        self.fails = fails
        self.written = []
        self.tried = []
        self.has_begun = threading.Event()
        self.goes_on = threading.Event()

    def write(self, items):
        self.tried.append(list(items))
        self.has_begun.set()
        assert self.goes_on.wait(10)
        for item in items:
            if item in self.fails:
                raise self.fails[item]
        self.written += items


def put_beside(desk, *groups):
    """The first group begins; the others come while it is written. The outcome of each: None or the error's class."""
    gathering, outcomes = Gathering(desk.write), {}

    def put(number, items):
        try:
            gathering.put(items)
        except (psycopg.Error, ValueError, NotWritten) as error:
            outcomes[number] = type(error)
        else:
            outcomes[number] = None if set(items) <= set(desk.written) else "not committed"

    threads = [threading.Thread(target=put, args=(number, items)) for number, items in enumerate(groups)]
    threads[0].start()
    assert desk.has_begun.wait(10)
    for number, thread in enumerate(threads[1:], 1):
        thread.start()
        while len(gathering._waiting) < number:
            thread.join(0.001)
    desk.goes_on.set()
    for thread in threads:
        thread.join(10)
    assert gathering._waiting == []
    gathering.put(["later"])
    assert desk.written[-1] == "later"
    return [outcomes[number] for number in range(len(groups))]


def test_who_comes_meanwhile_is_written_as_one_and_returns_when_it_is_committed():
    desk = Desk()
    assert put_beside(desk, ["a"], ["b", "c"], ["d"], ["e"]) == [None] * 4
    assert desk.tried == [["a"], ["b", "c", "d", "e"], ["later"]]


def test_it_knows_how_many_wait_for_who_writes_lately():
    gathering = Gathering(lambda items: None)
    for _ in range(400):
        gathering.put(["alone"])
    assert gathering.crowd == 0  # nobody waits for anybody
    gathering._waiting = [_Waiting(["a"], 0.0) for _ in range(16)]
    gathering.put(["b"])
    assert gathering.crowd == pytest.approx(1)
    gathering._wrote_at -= 1
    assert gathering.crowd == 0


def test_what_the_database_refuses_fails_alone():
    desk = Desk(c=psycopg.DataError("c"))
    assert put_beside(desk, ["a"], ["b"], ["c"], ["d"]) == [None, None, psycopg.DataError, None]
    assert desk.tried == [["a"], ["b", "c", "d"], ["b"], ["c"], ["d"], ["later"]]


def test_a_database_that_is_away_is_told_to_all_at_once():
    desk = Desk(b=psycopg.OperationalError("away"))
    assert put_beside(desk, ["a"], ["b"], ["c"]) == [None, psycopg.OperationalError, psycopg.OperationalError]
    assert desk.tried == [["a"], ["b", "c"], ["later"]]


def patient(gathering, *items):
    """Each puts its item, one after the other, with all the patience there is; their threads."""
    threads = []
    for number, item in enumerate(items, 1):
        thread = threading.Thread(target=gathering.put, args=([item], 60.0))
        thread.start()
        threads.append(thread)
        wait_for(lambda number=number: number == COMPANY or len(gathering._waiting) == number, "nobody waits")
    return threads


def test_who_has_patience_is_taken_along_by_who_has_none():
    desk = Desk()
    desk.goes_on.set()
    gathering = Gathering(desk.write)
    threads = patient(gathering, "a", "b")
    assert desk.tried == []
    gathering.put(["c"])
    for thread in threads:
        thread.join(10)
    assert (desk.tried, gathering._is_busy, gathering._waiting) == ([["a", "b", "c"]], False, [])


def test_who_has_patience_begins_nothing_when_a_writing_ends():
    desk = Desk()
    gathering = Gathering(desk.write)
    first = threading.Thread(target=gathering.put, args=(["a"],))
    first.start()
    assert desk.has_begun.wait(10)
    (second,) = patient(gathering, "b")
    desk.goes_on.set()
    first.join(10)
    assert (desk.tried, gathering._is_busy, len(gathering._waiting)) == ([["a"]], False, 1)
    gathering.put(["c"])
    second.join(10)
    assert desk.tried == [["a"], ["b", "c"]]


def test_who_has_no_patience_is_woken_before_those_who_have():
    woken = []

    class Turn(threading.Event):
        """Tells that it was rung."""

        def set(self):
            woken.append(names[id(self)])
            super().set()

    waiting = [_Waiting([name], patience, Turn()) for name, patience in [("a", 0.02), ("b", 0.0), ("c", 0.01)]]
    names = {id(one.turn): one.items[0] for one in waiting}
    gathering = Gathering(lambda items: None, _waiting=waiting)
    gathering.put(["d"])
    assert woken == ["b", "c", "a"]


def test_whose_patience_is_over_writes_for_all_who_have_come():
    desk = Desk()
    desk.goes_on.set()
    gathering = Gathering(desk.write)
    gathering.put(["a"], 0.01)
    assert (desk.tried, gathering._is_busy) == ([["a"]], False)


def test_no_more_than_a_few_wait_for_company():
    desk = Desk()
    desk.goes_on.set()
    for thread in patient(Gathering(desk.write), *"abcd"):
        thread.join(10)
    assert desk.tried == [["a", "b", "c", "d"]]


def test_whose_patience_ends_as_others_write_for_him_leaves_nobody_waiting(monkeypatch):
    desk = Desk()
    desk.goes_on.set()
    gathering = Gathering(desk.write)

    class LateTurn(threading.Event):
        """Rung while it was found not to be."""

        def wait(self, timeout=None):
            if timeout is None:
                return super().wait()
            gathering.put(["b"])
            return False

    monkeypatch.setattr(_Waiting, "__init__", lambda self, *given: self.__dict__.update(late(*given, LateTurn)))
    gathering.put(["a"], 0.01)
    monkeypatch.undo()
    gathering.put(["c"])
    assert desk.tried == [["a", "b"], ["c"]]


def late(items, patience, turn):
    return {"items": items, "patience": patience, "turn": turn(), "is_written": False, "error": None}


@pytest.mark.parametrize("item, outcomes", [("a", [ValueError, None, None]), ("b", [None, ValueError, NotWritten])])
def test_nobody_believes_that_a_bug_has_written(item, outcomes):
    assert put_beside(Desk(**{item: ValueError("bug")}), ["a"], ["b"], ["c"]) == outcomes
