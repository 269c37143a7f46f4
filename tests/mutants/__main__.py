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
    """Run, show what survived, and end with 1 when a room has less than it must."""
    options = argparse.ArgumentParser(prog="python -m tests.mutants")
    options.add_argument("rooms", nargs="*", default=list(ROOMS), metavar="ROOM", help=", ".join(ROOMS))
    options.add_argument("--lanes", type=int, default=2)
    asked = options.parse_args()
    told, codes = [], []
    with ExitStack() as stack:
        folders = [stack.enter_context(tempfile.TemporaryDirectory(prefix="mutants-")) for _ in range(asked.lanes)]
        lanes = [
            Thread(target=follow, args=(Path(folder), lane, asked, told, codes)) for lane, folder in enumerate(folders)
        ]
        for lane in lanes:
            lane.start()
        for lane in lanes:
            lane.join()
    return max(codes) or report(told, asked.rooms)


def follow(folder, lane, asked, told, codes):
    """One lane from its copy to its end."""
    copy = folder / "project"
    shutil.copytree(ROOT, copy, ignore=LEFT_BEHIND)
    (copy / "var").mkdir()
    command = [sys.executable, "-m", "tests.mutants.lane", str(lane), str(asked.lanes), *asked.rooms]
    compiled_once = os.environ | {"PYTHONDONTWRITEBYTECODE": ""}  # by all its mutants
    with subprocess.Popen(command, cwd=copy, env=compiled_once, stdout=subprocess.PIPE, text=True) as process:
        for line in process.stdout:
            one = json.loads(line)
            told.append(one)
            if one["state"] == "survived":
                print(f"{one['room']}:{one['line']}: {one['text']}   [{one['change']}]", flush=True)
    codes.append(process.returncode)


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
