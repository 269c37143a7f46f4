"""The process that a file is read in: without a network; it starts and writes nothing, and ends when it takes too much.

A room's own module of that name calls `main` with its reader; `base.sheets.apart` starts it with the file as its
standard input and a file for its standard output.
"""

import ctypes
import json
import os
import resource
import signal
import sys
from collections.abc import Callable
from dataclasses import asdict
from typing import Any, Final

from base.sheets.bounds import CPU, MEMORY, OPEN_FILES, OUTPUT, TOO_HEAVY, peak_of
from base.sheets.refusals import MOST_BYTES, SheetRefused

PR_SET_PDEATHSIG: Final = 1  # Linux: prctl(2)
CLONE_NEWUSER, CLONE_NEWNET = 0x10000000, 0x40000000  # Linux: unshare(2)
FORBIDDEN: Final = ("socket.", "subprocess.", "os.system", "os.exec", "os.fork", "os.spawn", "os.posix_spawn", "pty.")
WRITES: Final = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND


def main(read: Callable[[bytes], Any]) -> None:
    """Read the file on standard input, and answer with what a reader makes of it or the reason why not."""
    is_alone = confine()
    try:
        content = sys.stdin.buffer.read(MOST_BYTES + 1)
        answer: dict[str, Any] = {"sheet": asdict(read(content))}
    except SheetRefused as refused:
        answer = {"refused": refused.reason}
    except MemoryError:
        os._exit(TOO_HEAVY)
    json.dump({**answer, "peak": peak_of("self"), "is_alone": is_alone}, sys.stdout)


def confine() -> bool:
    """Set this process's bounds; whether the kernel has also given it a network of its own, with nothing on it."""
    is_alone = False
    if sys.platform == "linux":
        system = ctypes.CDLL(None)
        system.prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
        is_alone = bool(system.unshare(CLONE_NEWUSER | CLONE_NEWNET) == 0 or system.unshare(CLONE_NEWNET) == 0)
    for limit, most in (
        (resource.RLIMIT_AS, MEMORY),
        (resource.RLIMIT_CPU, CPU),
        (resource.RLIMIT_FSIZE, OUTPUT),
        (resource.RLIMIT_NOFILE, OPEN_FILES),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(limit, (most, most))
    sys.addaudithook(forbid)
    return is_alone


def forbid(event: str, details: tuple[Any, ...]) -> None:
    """Called by Python before whatever it does. Raises PermissionError for what a reader has no business with."""
    if event.startswith(FORBIDDEN):
        raise PermissionError(event)
    if event == "open" and len(details) == 3 and isinstance(details[2], int) and details[2] & WRITES:
        raise PermissionError(event)
