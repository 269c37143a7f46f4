"""A gate of a folder: many go in at once, of any process of this machine; who shuts it has the folder to himself."""

import fcntl
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

LOOKS_EVERY = 0.005  # seconds


@dataclass(frozen=True)
class Gate:
    """Two files that are locked; a process that is killed lets go of both.

    Who comes passes the turnstile first, so that a stream of comers cannot keep the gate open for ever.
    """

    folder: Path  # exists

    @contextmanager
    def entered(self, patience: float) -> Iterator[None]:
        """With others who enter, once it is open; after so many seconds all the same, as who shut it may hang."""
        end = time.monotonic() + patience
        with ExitStack() as stack:
            with self._opened("turnstile") as turnstile:
                _wait_for(turnstile, fcntl.LOCK_EX, end)
                _wait_for(stack.enter_context(self._opened("gate")), fcntl.LOCK_SH, end)
            yield

    @contextmanager
    def shut(self) -> Iterator[None]:
        """Once those who entered are gone; nobody enters meanwhile."""
        with self._opened("turnstile") as turnstile, self._opened("gate") as gate:
            fcntl.flock(turnstile, fcntl.LOCK_EX)
            fcntl.flock(gate, fcntl.LOCK_EX)
            yield

    def _opened(self, name: str) -> TextIO:
        """What is closed is locked no more."""
        return (self.folder / f"{name}.lock").open("w")


def _wait_for(file: TextIO, how: int, end: float) -> None:
    while True:
        try:
            fcntl.flock(file, how | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() > end:
                return
            time.sleep(LOOKS_EVERY)
        else:
            return
