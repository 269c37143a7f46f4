"""Which tests `make test` plays and which `make soak`: the long runs are marked, and each recipe asks for its own."""

import os
import shlex
import subprocess
import tomllib
from pathlib import Path

from base.config import ROOT

LONG = {  # marks: a mark may stand for several
    "test_hostile_webhooks.py": 2,
    "test_journeys.py": 1,
    "test_browser.py": 2,
    "test_storms.py": 2,
    "test_crowds.py": 3,
    "test_crash_points.py": 1,
    "test_hostile_provider.py": 1,
    "test_live_migrations.py": 4,
    "test_postgres.py": 1,
    "test_processes.py": 3,
    "test_versions.py": 1,
    "test_redis.py": 1,
    "test_stores.py": 4,
    "test_nginx.py": 1,
    "test_floods.py": 1,
    "test_slow_channel.py": 1,
    "test_fuzz.py": 1,
    "test_crossing.py": 1,
    "test_rolling.py": 1,
    "test_containers.py": 4,
    "test_quota.py": 1,
    "test_writing.py": 1,
    "test_price_lists.py": 1,
    "test_sizes.py": 1,
    "test_vendors.py": 1,
    "test_totals.py": 1,  # of what it has another pytest play
}
KEPT_AS_THEY_ARE = ("--old-file=.venv/.installed-dev",)


def made(target, user, tmp_path, python="echo"):
    """What make does for a target, told instead of done, when this user id asks for it."""
    identity = tmp_path / "id"
    identity.write_text(f"#!/bin/sh\necho {user}\n")
    identity.chmod(0o755)
    command = ["make", "--silent", *KEPT_AS_THEY_ARE, target, f"IN_VENV={python}", f"TOTALS={tmp_path}/totals"]
    path = f"{tmp_path}:{os.environ['PATH']}"
    return subprocess.run(command, cwd=ROOT, env={"PATH": path}, capture_output=True, text=True)


def test_the_long_runs_are_marked_for_make_soak_and_make_test_leaves_them_out(tmp_path):
    marks = {path.name: path.read_text().count("mark.soak") for path in (ROOT / "tests").rglob("*.py")}
    usual = shlex.split(
        tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["pytest"]["ini_options"]["addopts"]
    )
    points, others = made("soak", 0, tmp_path).stdout.splitlines()
    told, kills = "-m pytest -m soak -rP --durations=0 --durations-min=1", "tests/faults/test_crash_points.py"

    assert {name: count for name, count in marks.items() if count and name != Path(__file__).name} == LONG
    assert usual[usual.index("-m") + 1] == "not soak"
    assert points == f"{told} -n 4 --dist worksteal {kills}"
    assert others == f"{told} --ignore={kills}"


def test_make_soak_plays_all_and_fails_when_anything_did(tmp_path):
    fails_at_points = tmp_path / "python"
    fails_at_points.write_text('#!/bin/sh\necho "$@"\ncase "$*" in *worksteal*) exit 3;; esac\n')
    fails_at_points.chmod(0o755)

    done = made("soak", 0, tmp_path, fails_at_points)

    assert len(done.stdout.splitlines()) == 2
    assert "Error 3" in done.stderr
    assert made("soak", 0, tmp_path, "false").returncode == 2
    assert made("soak", 0, tmp_path, "true").returncode == 0


def test_the_parts_of_make_soak_add_up_in_one_file_that_begins_empty(tmp_path):
    (tmp_path / "totals").write_text("of a run of long ago\n")
    adds_itself = tmp_path / "python"
    adds_itself.write_text('#!/bin/sh\necho "$4" >> "$SOAK_TOTALS"\n')
    adds_itself.chmod(0o755)

    made("soak", 0, tmp_path, adds_itself)

    assert (tmp_path / "totals").read_text() == "soak\nsoak\n"


def test_make_soak_says_that_it_needs_root_before_it_begins(tmp_path):
    done = made("soak", 1000, tmp_path)

    assert done.returncode == 2
    assert "run it as root" in done.stderr
    assert done.stdout == ""
