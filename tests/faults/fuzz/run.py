"""One run of one target under atheris, in a process of its own: libFuzzer never gives its process back."""

import os
import re
import subprocess
import sys
from dataclasses import dataclass

from base.config import ROOT

LONGEST_INPUT = 20  # seconds that one input may take
MOST_MEMORY = 2048  # MB
STARTS_WITHIN = 120  # seconds, on a busy machine
EXECUTED = re.compile(r"^stat::number_of_executed_units:\s*(\d+)", re.MULTILINE)
COVERED = re.compile(r"\bcov: (\d+) ft: (\d+) corp: (\d+)/")


@dataclass(frozen=True)
class Played:
    """What a run did: executions, edges and features reached, inputs worth keeping; `fault` is '' when all held."""

    executions: int
    edges: int
    features: int
    kept: int
    fault: str = ""


def play(name, target, seed, folder, seconds, runs=-1):
    """Fuzz a target from its seeds for so many seconds, or `runs` inputs; the same seed and runs give the same run."""
    corpus, found = folder / "corpus", folder / "found"
    for place in (corpus, found):
        place.mkdir()
    for number, data in enumerate(target.seeds()):
        (corpus / f"{number:04d}").write_bytes(data[: target.most_bytes])
    options = {
        "seed": seed + 1,  # 0 would be another one in each run
        "max_total_time": seconds,
        "runs": runs,
        "max_len": target.most_bytes,
        "timeout": LONGEST_INPUT,
        "rss_limit_mb": MOST_MEMORY,
        "print_final_stats": 1,
        "artifact_prefix": f"{found}/",
    }
    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "tests.faults.fuzz",
            name,
            ",".join(target.leading),
            *(f"-{key}={value}" for key, value in options.items()),
            corpus,
        ],
        cwd=ROOT,
        env={**os.environ, "PYTHONHASHSEED": "0"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        timeout=STARTS_WITHIN + seconds + LONGEST_INPUT,
        check=False,
    )
    return read(name, seed, done.returncode, done.stdout.decode("utf-8", "replace"), found)


def read(name, seed, code, told, found):
    """What libFuzzer told, and the input that it kept of a fault: as bytes, to become an example beside the parser."""
    kept = "\n".join(f"{path.name}: {path.read_bytes()!r}" for path in sorted(found.iterdir()))
    executed, covered = EXECUTED.search(told), COVERED.findall(told)
    figures = [int(executed[1]) if executed else 0, *map(int, covered[-1] if covered else (0, 0, 0))]
    is_well = code == 0 and not kept
    fault = "" if is_well else f"target {name}, FAULT_SEED={seed}, ended with {code}\n{kept}\n{told[-3000:]}"
    return Played(*figures, fault)
