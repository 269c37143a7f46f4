"""The processes that `cli.py run` owns: started, watched, started again when they die, stopped in order."""

import ctypes
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from base.config import Config
from base.log import logger
from base.memory import TUNABLES

log = logger(__name__)
PR_SET_PDEATHSIG = 1  # Linux: prctl(2)
REST = 1.0  # seconds before a dead child is started again
GRACE = 30.0  # seconds between the polite word and the other one


@dataclass
class Child:
    """One process: its name in the logs, its command after `python`, and what runs now."""

    name: str
    command: Sequence[str]
    process: "subprocess.Popen[bytes] | None" = None

    def is_alive(self) -> bool:
        """Whether it runs."""
        return self.process is not None and self.process.poll() is None


@dataclass
class Children:
    """All children of this process; `stop` ends `watch` from a signal handler."""

    environ: Mapping[str, str]
    children: Sequence[Child]
    stopping: threading.Event = field(default_factory=threading.Event)

    def watch(self, on_start: Callable[[], None]) -> None:
        """Start all, start again what dies, return after `stop`; then everything has ended."""
        for child in self.children:
            self._start(child)
        on_start()
        while not self.stopping.wait(REST):
            for child in self.children:
                if not child.is_alive() and not self.stopping.is_set():
                    code = child.process.returncode if child.process else None
                    log.warning("child_died", name=child.name, code=code)
                    self._start(child)
        self._end()

    def stop(self) -> None:
        """Ask `watch` to end."""
        self.stopping.set()

    def _start(self, child: Child) -> None:
        if child.process:
            _end_group(child.process.pid)
        child.process = subprocess.Popen(
            [sys.executable, *child.command],
            env=dict(self.environ),
            preexec_fn=_end_with_parent,
        )

    def _end(self) -> None:
        alive = [child.process for child in self.children if child.process and child.is_alive()]
        for process in alive:
            process.terminate()
        end = time.monotonic() + GRACE
        for process in alive:
            try:
                process.wait(max(0.1, end - time.monotonic()))
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def environment_of(config: Config, root: Path) -> dict[str, str]:
    """The environment of a market's children, whose program is at `root`: this one with the addresses of the stores."""
    return {
        **TUNABLES,
        **os.environ,
        "DATABASE_URL": str(config.database.url),
        "REDIS_URL": str(config.redis.url),
        "ASSIGAME_VAR": str(config.var),
        "PYTHONPATH": str(root),
    }


def _end_group(leader: int) -> None:
    """What a dead child has started may outlive it, and would hold its port."""
    with suppress(ProcessLookupError):
        os.killpg(leader, signal.SIGKILL)


def _end_with_parent() -> None:
    """A child whose parent was killed gets SIGTERM; Ctrl-C reaches the parent alone."""
    os.setpgrp()
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
