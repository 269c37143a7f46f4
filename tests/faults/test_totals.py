"""The last line of the long tests adds up what their houses have been through, and leaves none out in silence."""

import json
import os
import subprocess
import sys
from collections import Counter
from datetime import UTC, datetime
from types import SimpleNamespace

import pytest

from base.config import ROOT
from tests.faults import history, totals

MOMENT = datetime(2026, 11, 27, tzinfo=UTC)
FIGURES = {"messages": 5, "resent": 0, "deadlocks": 0, "recovery": 0, "slowest": 0}
PLAYED = """
from types import SimpleNamespace

import pytest

from tests.faults import history, totals
from tests.faults.test_totals import FIGURES, stands

pytestmark = pytest.mark.soak


@pytest.fixture
def books(monkeypatch):
    monkeypatch.setattr(history, "note_ends", lambda house: None)
    monkeypatch.setattr(history, "keep", lambda house, name: f"/kept/{name}")
    monkeypatch.setattr(history, "figures_of", lambda house: SimpleNamespace(**FIGURES))


@pytest.fixture
def house(books, request):
    house = stands(kills=1)
    with totals.counted(house):
        yield house
        assert request.node.name != "test_bad_end", "its logs tell a secret"


def test_whole(house):
    pass


def test_bad_end(house):
    pass


def test_bad(house):
    raise LookupError


def test_bad_when_its_house_has_ended(books):
    with totals.counted(stands()):
        pass
    raise LookupError
"""


@pytest.fixture(autouse=True)
def nothing_yet(monkeypatch):
    """Totals of these tests alone."""
    monkeypatch.setattr(totals, "counts", Counter())
    monkeypatch.setattr(totals, "longest", {"recovery": 0.0, "slowest": 0.0})
    monkeypatch.setattr(totals, "standing", [])
    monkeypatch.setattr(totals, "spoilt", [])
    monkeypatch.setattr(totals, "ended", [])


@pytest.fixture
def books(monkeypatch):
    """What every house's books say; the names under which histories are kept, and the houses that stood then."""
    monkeypatch.setattr(history, "note_ends", lambda house: None)
    monkeypatch.setattr(history, "figures_of", lambda house: SimpleNamespace(**FIGURES))
    kept = []

    def keep(house, name):
        kept.append((house, name, list(totals.standing)))
        return f"/kept/{name}"

    monkeypatch.setattr(history, "keep", keep)
    return kept


def stands(kills=0, deaths=0, sends=0, servers=()):
    """A house whose books were checked."""
    return SimpleNamespace(
        itself=object(),
        falls=[MOMENT] * kills,
        server_falls=[(name, MOMENT) for name in servers],
        deaths=deaths,
        messages=[None] * sends,
        is_checked=True,
    )


def add_two():
    """Two houses that were well, the first with a server of its own that was not."""
    longest, slowest = {"recovery": 0.5, "slowest": 1.25}, {"recovery": 2.0, "slowest": 0.5}
    totals.add(stands(2, 3, 40, ["PostgreSQL"]), SimpleNamespace(messages=38, resent=1, deadlocks=0, **longest))
    totals.add(stands(0, 0, 7), SimpleNamespace(messages=6, resent=0, deadlocks=0, **slowest))


def test_the_line_adds_up_houses_and_servers_and_tells_the_longest_recovery_and_the_slowest_answer():
    add_two()
    assert totals.line() == (
        "0 houses failed or were not checked; in 2 others 0 messages lost, 0 doubled, 0 out of order:"
        " 2 processes killed, 3 started again; 1 PostgreSQL and 0 Redis killed and started again;"
        " 44 messages, 47 sends taken, 1 sent again by rule, 0 deadlocks; longest recovery 2.0 s, slowest answer 1.2 s"
    )


def test_what_others_went_through_is_added_and_the_longest_stays_the_longest():
    add_two()
    others = json.loads(json.dumps(totals.of_this_process()))  # it travels between processes
    totals.join_crashed()
    totals.join(others)
    assert totals.line() == (
        "1 houses failed or were not checked; in 4 others 0 messages lost, 0 doubled, 0 out of order:"
        " 4 processes killed, 6 started again; 2 PostgreSQL and 0 Redis killed and started again;"
        " 88 messages, 94 sends taken, 2 sent again by rule, 0 deadlocks; longest recovery 2.0 s, slowest answer 1.2 s"
    )


def test_a_house_counts_when_its_books_were_checked_and_no_test_failed_on_it_and_the_others_are_numbered(books):
    whole, unchecked, failed = (stands(1, 1, 5, ["Redis"]) for _ in range(3))
    unchecked.is_checked = False
    for house in (unchecked, failed, whole):
        with totals.counted(house):
            if house is failed:
                assert totals.spoil("test_it") == ["/kept/0 test_it"]
        totals.settle()
    assert totals.counts == {
        **{"unproved": 2, "houses": 1, "kills": 1, "restarts": 1, "sends": 5, "Redis": 1},
        **{"messages": 5, "resent": 0, "deadlocks": 0},
    }
    assert totals.standing == []


def test_a_house_that_was_well_counts_when_its_test_is_over_and_not_when_that_fails_later(books):
    for is_spoilt in (False, True):
        with totals.counted(stands()):
            pass
        if is_spoilt:
            assert totals.spoil("test_it") == []
        totals.settle()
    assert (totals.counts["unproved"], totals.counts["houses"]) == (1, 1)


def test_a_house_that_fails_at_its_end_keeps_its_history_while_it_stands_and_the_failure_tells_where(books):
    outer, broken = stands(), stands()
    with totals.counted(outer):
        with pytest.raises(LookupError) as failure, totals.counted(broken):
            raise LookupError
        assert [(house is broken, len(standing)) for house, _, standing in books] == [(True, 2)]
        name = (
            "1 test_a_house_that_fails_at_its_end_keeps_its_history_while_it_stands_and_the_failure_tells_where (call)"
        )
        assert failure.value.__notes__ == [f"history: /kept/{name}"]
        assert totals.standing == [outer]
    totals.settle()
    assert (totals.counts["unproved"], totals.counts["houses"]) == (1, 1)


def test_what_a_run_leaves_is_added_to_the_next_and_one_that_never_ends_leaves_a_house_unproved(tmp_path):
    path = tmp_path / "test" / "soak.json"

    def told():
        left = json.loads(path.read_text())
        return left["counts"].get("unproved", 0), left["counts"].get("houses", 0), left["longest"]["recovery"]

    totals.begin(path)
    assert told() == (1, 0, 0.0)
    add_two()
    totals.end(path)
    assert told() == (0, 2, 2.0)
    totals.counts.clear()
    totals.begin(path)
    assert told() == (1, 2, 2.0)
    add_two()
    totals.end(path)
    assert told() == (0, 4, 2.0)


def test_the_very_last_line_of_a_second_run_is_of_both_and_a_bad_end_tells_where_its_history_is(tmp_path):
    (tmp_path / "test_played.py").write_text(PLAYED)
    command = [sys.executable, "-m", "pytest", "-m", "soak", "-p", "tests.conftest", "-p", "no:cacheprovider", "-rP"]
    command += ["--rootdir", str(ROOT), "-c", str(ROOT / "pyproject.toml"), "-n", "0", "--durations=0", str(tmp_path)]
    environ = os.environ | {"SOAK_TOTALS": str(tmp_path / "soak.json")}

    add_two()
    totals.end(tmp_path / "soak.json")

    second = subprocess.run(command, cwd=ROOT, env=environ, capture_output=True, text=True).stdout

    assert second.splitlines()[-1].startswith("3 houses failed or were not checked; in 3 others 0 messages lost")
    assert " 3 processes killed, 3 started again; 1 PostgreSQL" in second.splitlines()[-1]
    assert json.loads((tmp_path / "soak.json").read_text())["counts"]["houses"] == 3
    assert "history: /kept/0 test_bad_end (teardown)" in second
    assert "/kept/0 test_bad\n" in second
