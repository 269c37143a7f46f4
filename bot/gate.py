"""A gate of a folder: many go in at once, of any process of this machine; who shuts it has the folder to himself."""

import fcntl
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Gate:
    """Two files that are locked; a process that is killed lets go of both.

    Who comes passes the turnstile first, so that a stream of comers cannot keep the gate open for ever.
    """

    folder: Path  # exists

    @contextmanager
    def entered(self) -> Iterator[None]:
        """With others who enter; waits while it is shut."""
        with ExitStack() as stack:
            with self._locked("turnstile", fcntl.LOCK_EX):
                stack.enter_context(self._locked("gate", fcntl.LOCK_SH))
            yield

    @contextmanager
    def shut(self) -> Iterator[None]:
        """Once those who entered are gone; nobody enters meanwhile."""
        with self._locked("turnstile", fcntl.LOCK_EX), self._locked("gate", fcntl.LOCK_EX):
            yield

    @contextmanager
    def _locked(self, name: str, how: int) -> Iterator[None]:
        with (self.folder / f"{name}.lock").open("w") as file:
            fcntl.flock(file, how)
            yield
