"""Reading a file in a process apart: whatever it holds, this process learns a list or a reason."""

import os
import signal
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, replace
from pathlib import Path
from typing import IO, Any, Final, Generic, TypeVar

from pydantic import TypeAdapter, ValidationError

from base.sheets.bounds import OUTPUT, TOO_HEAVY, peak_of
from base.sheets.refusals import Reason

ROOT: Final = Path(__file__).parent.parent.parent
WITHIN: Final = 20.0  # seconds by the clock
LOOKS_EVERY: Final = 0.01  # seconds


S = TypeVar("S")


@dataclass(frozen=True)
class _Answer:
    sheet: Any = None
    refused: Reason | None = None
    peak: int = 0
    is_alone: bool = False


_ANSWER = TypeAdapter(_Answer)


@dataclass(frozen=True)
class Reading(Generic[S]):
    """What became of a file: its sheet, or why there is none; how long it took (seconds), the most memory held (bytes).

    `is_alone`: the kernel gave the process a network of its own.
    """

    sheet: S | None
    refused: Reason | None
    seconds: float
    peak_bytes: int
    is_alone: bool = False


def read_apart(path: Path, module: str, shape: TypeAdapter[S], within: float = WITHIN) -> Reading[S]:
    """Read a file in a process of its own, by a room's module; a hostile one costs a refusal.

    `shape` is of the dataclass that its reader makes. Raises OSError when there is no such file.
    """
    began = time.monotonic()
    with path.open("rb") as file, tempfile.TemporaryFile() as output:
        process = subprocess.Popen(
            [sys.executable, "-B", "-m", module],
            stdin=file,
            stdout=output,
            stderr=subprocess.DEVNULL,
            env=_environment(),
            cwd=ROOT,
            close_fds=True,
            start_new_session=True,
        )
        peak = _watch(process, began + within)
        answer = _answer(process.returncode, output, shape)
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


def _answer(code: int, output: IO[Any], shape: TypeAdapter[Any]) -> _Answer:
    if code in (-signal.SIGXCPU, -signal.SIGKILL):
        return _Answer(refused="too_slow")
    if code in (TOO_HEAVY, -signal.SIGSEGV, -signal.SIGABRT):
        return _Answer(refused="too_heavy")
    output.seek(0)
    try:
        answer = _ANSWER.validate_json(output.read(OUTPUT))
        sheet = None if answer.sheet is None else shape.validate_python(answer.sheet)
    except ValidationError:
        return _Answer(refused="broken")
    found = replace(answer, sheet=sheet)
    return found if found.sheet or found.refused else _Answer(refused="broken")
