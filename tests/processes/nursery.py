"""Doors and workers that begin with everything loaded: a fork, where a new interpreter takes a second of CPU first.

What they run, how they are told to stop and how they die is as ever. What is begun with other code or under another
clock is begun for real, and so is `cli.py run`.
"""

import ctypes
import multiprocessing
import os
import runpy
import signal
import subprocess
import sys
import threading
import time
from contextlib import suppress
from pathlib import Path

from base.config import ROOT

LOADED = "tests.processes.loaded"
LOOKS_EVERY = 0.01  # seconds
PR_SET_PDEATHSIG = 1  # Linux: prctl(2)
processes = multiprocessing.get_context("forkserver")
processes.set_forkserver_preload([LOADED])


def begin(command, environ, log):
    """Run `-m module …` or a file of the project with these variables alone, its words in `log`."""
    Path(log).touch()  # there from the start, whoever looks
    process = processes.Process(target=_live, args=(list(command), dict(environ), str(log)))
    process.start()
    with suppress(ProcessLookupError):  # it may have died already
        while os.getpgid(process.pid) != process.pid:  # whoever is told something is told by his group
            time.sleep(LOOKS_EVERY / 10)
    return Child(process)


class Child:
    """A process as subprocess.Popen has it: `pid`, `poll()`, `wait(timeout)`."""

    def __init__(self, process):
        self._process, self._lock, self.pid = process, threading.Lock(), process.pid

    def poll(self):
        """The exit code, None while it lives."""
        with self._lock:
            return self._process.exitcode

    def wait(self, timeout):
        """The exit code. Raises subprocess.TimeoutExpired."""
        end = time.monotonic() + timeout
        while (code := self.poll()) is None:
            if time.monotonic() > end:
                raise subprocess.TimeoutExpired(str(self.pid), timeout)
            time.sleep(LOOKS_EVERY)
        return code


def end_with_parent():
    """A process group of one's own that ends when whoever began it does."""
    os.setsid()
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


def _live(command, environ, log):
    end_with_parent()
    with open(log, "wb") as file:
        os.dup2(file.fileno(), 1)
        os.dup2(file.fileno(), 2)
    os.chdir(ROOT)
    os.environ.clear()
    os.environ.update(environ)
    multiprocessing.set_start_method("fork", force=True)  # of granian's own children
    sys.path[:0] = [str(ROOT)]
    if command[0] == "-m":
        sys.argv = command[1:]
        runpy.run_module(command[1], run_name="__main__", alter_sys=True)
    else:
        sys.argv = command
        runpy.run_path(command[0], run_name="__main__")
