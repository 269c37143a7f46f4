"""A leash for work that somebody waits for: a server that takes a question and never answers is let go in time.

psycopg waits for an answer as long as the connection stands, and a frozen server or a swallowing network keeps it
standing: neither PostgreSQL's own time-outs nor TCP's end it. So a thread shuts the sockets that are held too long, and
whoever waits there gets the error of a lost connection.
"""

import os
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from itertools import count

EVERY = 0.2  # seconds between two looks


@dataclass
class Leash:
    """The sockets of one pool that are held now, each with the moment (process time) when its patience ends.

    Its thread looks from the first of them until `end`.
    """

    _held: dict[int, tuple[float, int]] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _numbers: Iterator[int] = field(default_factory=count)
    _ended: threading.Event | None = None  # of the thread that looks, None while there is none

    @contextmanager
    def hold(self, file_number: int, seconds: float) -> Iterator[None]:
        """Shut this socket when the block takes longer than `seconds`."""
        with self._lock:
            mine = next(self._numbers)
            self._held[mine] = (time.monotonic() + seconds, file_number)
            if self._ended is None:
                self._ended = threading.Event()
                threading.Thread(target=self._watch, args=(self._ended,), name="leash", daemon=True).start()
        try:
            yield
        finally:
            with self._lock:
                self._held.pop(mine, None)

    def end(self) -> None:
        """Nobody looks any more, once nothing is held, until something is again."""
        with self._lock:
            if self._ended:
                self._ended.set()
            self._ended = None

    def _watch(self, ended: threading.Event) -> None:
        while not ended.is_set() or self._held:  # in this order: what came before the end is seen
            time.sleep(EVERY)
            with self._lock:  # a socket is shut under the lock: afterwards its number may be another's
                late = [mine for mine, (until, _) in self._held.items() if until < time.monotonic()]
                for mine in late:
                    _shut(self._held.pop(mine)[1])


def _shut(file_number: int) -> None:
    with suppress(OSError), socket.socket(fileno=os.dup(file_number)) as line:
        line.shutdown(socket.SHUT_RDWR)
