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
    "test_storms.py": 2,
    "test_crowds.py": 2,
    "test_crash_points.py": 1,
    "test_hostile_provider.py": 1,
    "test_live_migrations.py": 4,
    "test_postgres.py": 1,
    "test_processes.py": 4,
    "test_redis.py": 1,
    "test_stores.py": 4,
    "test_nginx.py": 1,
    "test_floods.py": 1,
    "test_slow_channel.py": 1,
    "test_fuzz.py": 1,
}


def options_of(target):
    """The options with which make starts pytest for a target."""
    recipe = (ROOT / "Makefile").read_text().partition(f"\n{target}:")[2].partition("\n\n")[0]
    return shlex.split(recipe.rpartition("-m pytest")[2])


def test_the_long_runs_are_marked_for_make_soak_and_make_test_leaves_them_out():
    marks = {path.name: path.read_text().count("mark.soak") for path in (ROOT / "tests").rglob("*.py")}
    usual = shlex.split(
        tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["pytest"]["ini_options"]["addopts"]
    )

    assert {name: count for name, count in marks.items() if count and name != Path(__file__).name} == LONG
    assert "-m" not in options_of("test")
    assert usual[usual.index("-m") + 1] == "not soak"
    assert options_of("soak")[:2] == ["-m", "soak"]


def test_make_soak_says_that_it_needs_root_before_it_begins(tmp_path):
    identity = tmp_path / "id"
    identity.write_text("#!/bin/sh\necho 1000\n")
    identity.chmod(0o755)
    command = ["make", "--old-file=.venv/.installed-dev", "soak", "IN_VENV=echo"]

    done = subprocess.run(
        command, cwd=ROOT, env={"PATH": f"{tmp_path}:{os.environ['PATH']}"}, capture_output=True, text=True
    )

    assert done.returncode == 2
    assert "run it as root" in done.stderr
    assert done.stdout == ""
