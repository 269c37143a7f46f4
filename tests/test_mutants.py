"""The mutants of `make mutants`: what they change is what could go wrong, and each is made once."""

import signal
import sys

import pytest

from base.config import ROOT
from tests.mutants import __main__ as mutants
from tests.mutants.changes import mutants_of
from tests.mutants.rooms import ROOMS

SOURCE = '''
"""Takes from where a.b < 1 of it."""
from dataclasses import dataclass
TAKE = "update stock s set held = s.held + 1 where s.id = %(id)s and s.held >= 0 order by s.id limit 3"


@dataclass(frozen=True)
class Units:
    held: int | None


def is_free(held: int | None) -> bool:
    return not held or held < 3
'''


def test_a_module_is_changed_in_its_python_and_in_its_sql_and_nowhere_else():
    lines = {mutant.source.splitlines()[mutant.line - 1].strip() for mutant in mutants_of(SOURCE)}
    python = {line for line in lines if line.startswith("return")}
    sql = {line.removeprefix('TAKE = "update stock s set ').removesuffix('"') for line in lines - python}

    assert python == {
        "return  held or held < 3",
        "return not held or held <= 3",
        "return not held and held < 3",
        "return not held or held < 4",
        "return not held or held < 2",
    }
    assert sql == {
        "held <> s.held + 1 where s.id = %(id)s and s.held >= 0 order by s.id limit 3",
        "held = s.held - 1 where s.id = %(id)s and s.held >= 0 order by s.id limit 3",
        "held = s.held + 2 where s.id = %(id)s and s.held >= 0 order by s.id limit 3",
        "held = s.held + 1 where s.id <> %(id)s and s.held >= 0 order by s.id limit 3",
        "held = s.held + 1 where s.id = %(id)s or s.held >= 0 order by s.id limit 3",
        "held = s.held + 1 where s.id = %(id)s and s.held > 0 order by s.id limit 3",
        "held = s.held + 1 where s.id = %(id)s and s.held >= 1 order by s.id limit 3",
        "held = s.held + 1 where s.id = %(id)s and s.held >= 0 order by s.id desc limit 3",
        "held = s.held + 1 where s.id = %(id)s and s.held >= 0 order by s.id ",
    }


def test_each_room_that_is_mutated_and_each_test_that_must_notice_is_there():
    for room, tests in ROOMS.items():
        assert [name for name in (room, *tests) if not (ROOT / name).is_file()] == []


@pytest.mark.parametrize(
    "made, end, is_done, words",
    [
        (2, "", True, "lane 0: 2 of 2 mutants made, ended with 0\n"),
        (1, "", False, "lane 0: 1 of 2 mutants made, ended with 0\n"),
        (
            1,
            "os.kill(os.getpid(), signal.SIGKILL)",
            False,
            f"lane 0: 1 of 2 mutants made, ended with -{signal.SIGKILL}\n",
        ),
        (2, "raise SystemExit(3)", False, "lane 0: 2 of 2 mutants made, ended with 3\n"),
    ],
)
def test_a_lane_is_done_when_it_ends_by_itself_with_every_mutant_that_it_owed(
    made, end, is_done, words, tmp_path, capsys
):
    told, lines = [], ['{"owed": 2}', *['{"state": "killed"}'] * made]
    lane = f"import os, signal\nprint(*{lines}, sep='\\n', flush=True)\n{end}"
    assert mutants.is_done([sys.executable, "-c", lane], tmp_path, 0, told) == is_done
    assert [one["state"] for one in told] == ["killed"] * made
    assert capsys.readouterr().out == words


@pytest.mark.parametrize(("second", "code"), [([True], 0), ([False], 1), ([], 1)], ids=["done", "not done", "lost"])
def test_no_score_counts_when_a_lane_left_mutants_unmade(second, code, monkeypatch, capsys):
    monkeypatch.setattr(sys, "argv", ["tests.mutants", "bot/outbox.py", "--lanes", "2"])

    def follow(_folder, lane, _asked, told, done):
        told.append({"room": "bot/outbox.py", "state": "killed"})
        done += [True] if lane == 0 else second

    monkeypatch.setattr(mutants, "follow", follow)
    assert mutants.main() == code
    assert ("100.0%" in capsys.readouterr().out) == (code == 0)
