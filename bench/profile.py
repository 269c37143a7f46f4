"""Where Python spends its time: py-spy beside the running processes, counting what holds the interpreter."""

import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Mapping
from pathlib import Path

from bench import processes
from bench.systems import LOAD_CORE, on_core

RATE = 200  # samples a second


def program() -> str | None:
    """py-spy of this environment or of the PATH."""
    beside = Path(sys.executable).with_name("py-spy")
    return str(beside) if beside.exists() else shutil.which("py-spy")


def start(py_spy: str, own: Mapping[str, int], folder: Path, seconds: float) -> dict[str, "subprocess.Popen[bytes]"]:
    """Watch each part's largest process; the stacks go to <folder>/<part>.stacks."""
    started = {}
    for part, root in own.items():
        pid = max(processes.tree([root]), key=lambda one: processes.memory(one)["pss"])
        command = [py_spy, "record", "--pid", str(pid), "--duration", str(int(seconds)), "--rate", str(RATE)]
        command += ["--format", "raw", "--output", str(folder / f"{part}.stacks"), "--nonblocking", "--gil"]
        started[part] = subprocess.Popen(
            command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, preexec_fn=on_core(LOAD_CORE)
        )
    return started


def heaviest(stacks: Path, most: int = 30) -> list[tuple[str, float, float]]:
    """(function and file, share of the samples in it or below, share in itself), the heaviest first."""
    below: Counter[str] = Counter()
    itself: Counter[str] = Counter()
    total = 0
    for line in stacks.read_text().splitlines():
        frames, _, count = line.rpartition(" ")
        if not count.isdigit():  # py-spy writes some lines without a number when it misses a stack
            continue
        names = [frame.rpartition(":")[0] + ")" if ":" in frame else frame for frame in frames.split(";")]
        total += int(count)
        itself[names[-1]] += int(count)
        below.update(dict.fromkeys(names, int(count)))
    return [(name, count / total, itself[name] / total) for name, count in below.most_common(most)]
