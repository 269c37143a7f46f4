"""The catalogue of faults names tests that exist, says truly which play in the soak only, and leaves no row open."""

import ast
import re
from functools import cache
from pathlib import Path

import pytest

from base.config import ROOT
from tests.faults.crash_points import ALL

CATALOGUE = Path(__file__).parent / "CATALOGUE.md"
NAMED = re.compile(r"`(?P<path>tests/[\w/]+\.py)::(?P<name>test_\w+)`(?P<soak> \(soak\))?")
# no death (P20), not built yet (P23, P24), or of a process that dies in tests of its own (P26)
POINTLESS = {"P20", "P23", "P24", "P26"}
REASON = re.compile(r"None: \w")


def rows_of(text):
    """The cells of each row of each table, without heads."""
    lines = [line.strip().strip("|").split("|") for line in text.splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in cells] for cells in lines if cells[1].strip() not in ("Fault", "---")]


@cache
def played_in(path):
    """Name -> whether it plays in the soak only, of each test of a file; without importing it."""
    if not (ROOT / path).exists():
        return {}
    tree = ast.parse((ROOT / path).read_text())
    marks = [
        ast.unparse(one.value) for one in tree.body if isinstance(one, ast.Assign) and names(one) == ["pytestmark"]
    ]
    return {
        one.name: any(mark.endswith(".soak") for mark in [*marks, *map(ast.unparse, one.decorator_list)])
        for one in tree.body
        if isinstance(one, ast.FunctionDef) and one.name.startswith("test_")
    }


def names(assignment):
    return [ast.unparse(target) for target in assignment.targets]


def faults_of(row):
    """What is wrong with a row."""
    if len(row) != 4 or not row[1] or not row[2]:
        yield "not four cells"
        return
    named = list(NAMED.finditer(row[3]))
    if not named and not REASON.match(row[3]):
        yield "neither a test nor a reason"
    if named and NAMED.sub("", row[3]).replace("<br>", "").strip() and not REASON.match(row[3]):
        yield "words beside its tests"
    for one in named:
        tests = played_in(one["path"])
        if one["name"] not in tests:
            yield f"no test {one['path']}::{one['name']}"
        elif tests[one["name"]] != bool(one["soak"]):
            yield f"{one['name']} plays {'only' if tests[one['name']] else 'not only'} in the soak"


def test_every_fault_has_a_test_that_exists_or_a_reason():
    rows = rows_of(CATALOGUE.read_text())
    assert len(rows) > 100
    assert {row[1]: faults for row in rows if (faults := list(faults_of(row)))} == {}


def test_every_crash_point_is_in_the_catalogue_and_a_process_dies_at_each_but_four():
    numbers = [row[0] for row in rows_of(CATALOGUE.read_text()) if row[0]]
    assert numbers == [f"P{number}" for number in range(1, 27)]
    assert {point.catalogue for point in ALL.values()} == set(numbers) - POINTLESS


HERE = "tests/faults/test_catalogue.py::test_every_fault_has_a_test_that_exists_or_a_reason"
LONG = "tests/faults/test_redis.py::test_a_failover_to_a_replica_that_is_behind"


@pytest.mark.parametrize(
    "proof, fault",
    [
        (f"`{HERE}`", None),
        (f"`{LONG}` (soak)<br>`{HERE}`", None),
        ("None: not built yet", None),
        ("", "neither a test nor a reason"),
        ("None:", "neither a test nor a reason"),
        ("`tests/faults/test_catalogue.py`", "neither a test nor a reason"),
        (f"`{HERE}` in part", "words beside its tests"),
        (f"`{HERE}s`", f"no test {HERE}s"),
        ("`tests/test_gone.py::test_x`", "no test tests/test_gone.py::test_x"),
        (f"`{HERE}` (soak)", "test_every_fault_has_a_test_that_exists_or_a_reason plays not only in the soak"),
        (f"`{LONG}`", "test_a_failover_to_a_replica_that_is_behind plays only in the soak"),
    ],
)
def test_a_row_that_proves_nothing_is_seen(proof, fault):
    (row,) = rows_of(f"| | Fault | What must happen | Proof |\n|---|---|---|---|\n| | rain | umbrella | {proof} |\n")
    assert list(faults_of(row)) == ([] if fault is None else [fault])
