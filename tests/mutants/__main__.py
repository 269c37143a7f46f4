"""Mutation testing of the rooms where a unit or a message could be lost: `make mutants`.

Each lane has a copy of the project, so that no change is ever in the tree one works in.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from contextlib import ExitStack
from pathlib import Path
from threading import Thread

from base.config import ROOT
from tests.mutants.rooms import MUST, ROOMS

LEFT_BEHIND = shutil.ignore_patterns(".git", ".venv", "var", "__pycache__", ".*_cache", ".hypothesis")


def main():
    """Run, show what survived, and end with 1 when a room has less than it must or a lane left mutants unmade."""
    options = argparse.ArgumentParser(prog="python -m tests.mutants")
    options.add_argument("rooms", nargs="*", default=list(ROOMS), metavar="ROOM", help=", ".join(ROOMS))
    options.add_argument("--lanes", type=int, default=2)
    asked = options.parse_args()
    told, done = [], []
    with ExitStack() as stack:
        folders = [stack.enter_context(tempfile.TemporaryDirectory(prefix="mutants-")) for _ in range(asked.lanes)]
        lanes = [
            Thread(target=follow, args=(Path(folder), lane, asked, told, done)) for lane, folder in enumerate(folders)
        ]
        for lane in lanes:
            lane.start()
        for lane in lanes:
            lane.join()
    return report(told, asked.rooms) if sum(done) == asked.lanes else 1


def follow(folder, lane, asked, told, done):
    """One lane from its copy to its end."""
    copy = folder / "project"
    shutil.copytree(ROOT, copy, ignore=LEFT_BEHIND)
    (copy / "var").mkdir()
    command = [sys.executable, "-m", "tests.mutants.lane", str(lane), str(asked.lanes), *asked.rooms]
    done.append(is_done(command, copy, lane, told))


def is_done(command, folder, lane, told):
    """Run a lane, add what it tells to `told`; whether it came to its end by itself with all mutants it owed."""
    owed = made = 0
    compiled_once = os.environ | {"PYTHONDONTWRITEBYTECODE": ""}  # by all its mutants
    with subprocess.Popen(command, cwd=folder, env=compiled_once, stdout=subprocess.PIPE, text=True) as process:
        for line in process.stdout:
            one = json.loads(line)
            if "owed" in one:
                owed += one["owed"]
                continue
            made += 1
            told.append(one)
            if one["state"] == "survived":
                print(f"{one['room']}:{one['line']}: {one['text']}   [{one['change']}]", flush=True)
    print(f"lane {lane}: {made} of {owed} mutants made, ended with {process.returncode}", flush=True)
    return process.returncode == 0 and made == owed


def report(told, rooms):
    """The table; 0 when every room has what it must."""
    worst = 1.0
    for room in rooms:
        states = Counter(one["state"] for one in told if one["room"] == room)
        score = states["killed"] / max(states["killed"] + states["survived"], 1)
        worst = min(worst, score)
        counts = "".join(f"{states[state]:5} {state}" for state in ("killed", "survived", "unfit"))
        print(f"{room:20}{counts} {score:.1%}")
    return int(worst < MUST)


if __name__ == "__main__":
    sys.exit(main())
