"""Processes are held to a part of a core with either kind of control groups; who may not is told so."""

import pytest

from bench.quota import NotHeld, Quotas
from bench.scaling import Reached, held_lines_of

COST = {"web": 3.0, "worker": 1.0, "postgres": 2.0, "redis": 0.1}


def read(group):
    return {path.name: path.read_text() for path in group.iterdir()}


def test_the_first_kind_has_a_quota_of_each_period(tmp_path):
    (tmp_path / "cpu").mkdir()
    Quotas(tmp_path).hold("postgres", 0.3, [41])
    assert read(tmp_path / "cpu" / "assigame-bench-postgres") == {
        "cpu.cfs_period_us": "50000",
        "cpu.cfs_quota_us": "15000",
        "cgroup.procs": "41",
    }


def test_the_second_kind_has_both_in_one_file_once_its_parent_lets_it(tmp_path):
    (tmp_path / "cgroup.controllers").write_text("cpu memory")
    Quotas(tmp_path).hold("pair-0", 0.2, [41])
    assert (tmp_path / "cgroup.subtree_control").read_text() == "+cpu"
    assert read(tmp_path / "assigame-bench-pair-0") == {"cpu.max": "10000 50000", "cgroup.procs": "41"}


def test_who_may_not_is_told_so(tmp_path):
    with pytest.raises(NotHeld, match=r"assigame-bench-postgres: No such file or directory; only root may"):
        Quotas(tmp_path).hold("postgres", 0.3, [41])


def test_pairs_add_turns_until_what_postgresql_has_is_used():
    found = [Reached(1, 50.0, COST, 0.3, 0.1, {}), Reached(4, 148.0, COST, 0.9, 0.2, {})]
    assert held_lines_of(found)[2:4] == [
        "| 1 | 50 | 1.00 | 0.20 of 0.35 | 0.10 of 0.40 | 200 |",
        "| 4 | 148 | 2.96 | 0.59 of 1.40 | 0.30 of 0.40 | 200 |",
    ]
