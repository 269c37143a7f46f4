"""Processes are held to a part of a core with cgroups of either version, and let go once they have ended."""

import subprocess
import sys
import time

import pytest

from bench import quota
from bench.processes import cpu
from bench.quota import GROUPS, NAME, NotHeld, Quotas

SPINS = [sys.executable, "-c", "while True: pass"]


def read(group):
    return {path.name: path.read_text() for path in group.iterdir()}


def test_v1_has_a_quota_of_each_period(tmp_path):
    (tmp_path / "cpu").mkdir()
    Quotas(tmp_path).hold("postgres", 0.3, [41])
    assert read(tmp_path / "cpu" / "assigame-bench-postgres") == {
        "cpu.cfs_period_us": "50000",
        "cpu.cfs_quota_us": "15000",
        "cgroup.procs": "41",
    }


def test_v2_has_both_in_one_file_once_its_parent_lets_it(tmp_path):
    (tmp_path / "cgroup.controllers").write_text("cpu memory")
    Quotas(tmp_path).hold("pair-0", 0.2, [41])
    assert (tmp_path / "cgroup.subtree_control").read_text() == "+cpu"
    assert read(tmp_path / "assigame-bench-pair-0") == {"cpu.max": "10000 50000", "cgroup.procs": "41"}


def test_where_there_are_no_cgroups_it_is_said_which_is_wanting(tmp_path):
    with pytest.raises(NotHeld, match=r"assigame-bench-postgres: No such file or directory$"):
        Quotas(tmp_path).hold("postgres", 0.3, [41])


def test_what_nobody_is_in_any_more_goes_and_where_somebody_is_it_is_said(tmp_path, monkeypatch):
    monkeypatch.setattr(quota, "ENDS_WITHIN", 0.2)
    for name in ("assigame-bench-pair-0", "others"):
        (tmp_path / "cpu" / name).mkdir(parents=True)
    (tmp_path / "cpu" / "assigame-bench-pair-1").mkdir()
    (tmp_path / "cpu" / "assigame-bench-pair-1" / "cgroup.procs").write_text("41")
    with pytest.raises(NotHeld, match=r"assigame-bench-pair-1: its processes go on$"):
        Quotas(tmp_path).release()
    (tmp_path / "cpu" / "assigame-bench-pair-1" / "cgroup.procs").unlink()
    Quotas(tmp_path).release()
    assert [path.name for path in (tmp_path / "cpu").iterdir()] == ["others"]


@pytest.mark.soak
def test_who_would_use_a_whole_core_uses_the_part_that_he_is_held_to():
    quotas = Quotas()
    with subprocess.Popen(SPINS) as spinning:
        quotas.hold("test", 0.2, [spinning.pid])
        time.sleep(0.5)
        before, began = cpu({"it": spinning.pid})["it"].all, time.monotonic()
        time.sleep(3)
        used = (cpu({"it": spinning.pid})["it"].all - before) / (time.monotonic() - began)
        spinning.kill()
    quotas.release()
    assert 0.15 < used < 0.25
    assert [*GROUPS.rglob(NAME.format("*"))] == []
