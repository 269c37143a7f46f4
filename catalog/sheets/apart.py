"""Reading a file in a process apart: whatever it holds, this process learns a list or a reason."""

import os
import signal
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, Final

from pydantic import TypeAdapter, ValidationError

from catalog.sheets.bounds import OUTPUT, TOO_HEAVY, peak_of
from catalog.sheets.refusals import Reason
from catalog.sheets.sheet import Sheet

ROOT: Final = Path(__file__).parent.parent.parent
MODULE: Final = "catalog.sheets.process"
WITHIN: Final = 20.0  # seconds by the clock
LOOKS_EVERY: Final = 0.01  # seconds


@dataclass(frozen=True)
class _Answer:
    sheet: Sheet | None = None
    refused: Reason | None = None
    peak: int = 0
    is_alone: bool = False


_ANSWER = TypeAdapter(_Answer)


@dataclass(frozen=True)
class Reading:
    """What became of a file: its list, or why there is none; how long it took (seconds), the most memory held (bytes).

    `is_alone`: the kernel gave the process a network of its own.
    """

    sheet: Sheet | None
    refused: Reason | None
    seconds: float
    peak_bytes: int
    is_alone: bool = False


def read_apart(path: Path, within: float = WITHIN) -> Reading:
    """Read a file in a process of its own; a hostile one costs a refusal. Raises OSError when there is no such file."""
    began = time.monotonic()
    with path.open("rb") as file, tempfile.TemporaryFile() as output:
        process = subprocess.Popen(
            [sys.executable, "-B", "-m", MODULE],
            stdin=file,
            stdout=output,
            stderr=subprocess.DEVNULL,
            env=_environment(),
            cwd=ROOT,
            close_fds=True,
            start_new_session=True,
        )
        peak = _watch(process, began + within)
        answer = _answer(process.returncode, output)
    seconds = time.monotonic() - began
    return Reading(answer.sheet, answer.refused, seconds, max(peak, answer.peak), answer.is_alone)


def _environment() -> dict[str, str]:
    """Where its program is, and nothing else: no address of a store, no secret."""
    places = (str(ROOT), os.environ.get("PYTHONPATH", ""))
    return {"PYTHONPATH": os.pathsep.join(filter(None, places)), "LANG": "C.UTF-8", "PYTHONIOENCODING": "utf-8"}


def _watch(process: "subprocess.Popen[bytes]", until: float) -> int:
    """Wait for the end, or bring it about; the most memory that was seen."""
    peak = 0
    while process.poll() is None:
        peak = max(peak, peak_of(str(process.pid)))
        if time.monotonic() > until:
            process.kill()
            process.wait()
            process.returncode = -signal.SIGXCPU
            break
        time.sleep(LOOKS_EVERY)
    return peak


def _answer(code: int, output: IO[Any]) -> _Answer:
    if code in (-signal.SIGXCPU, -signal.SIGKILL):
        return _Answer(refused="too_slow")
    if code in (TOO_HEAVY, -signal.SIGSEGV, -signal.SIGABRT):
        return _Answer(refused="too_heavy")
    output.seek(0)
    try:
        answer = _ANSWER.validate_json(output.read(OUTPUT))
    except ValidationError:
        return _Answer(refused="broken")
    return answer if answer.sheet or answer.refused else _Answer(refused="broken")
