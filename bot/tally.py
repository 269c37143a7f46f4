"""How sends end: counted for operators, and in the log now and then while a provider takes nothing."""

import threading
import time
from dataclasses import dataclass, field
from typing import Final

from prometheus_client import Counter

from base.log import logger
from bot.messages import Accepted, Refused, SendResult

log = logger(__name__)
SENDS: Final = Counter("assigame_sends_total", "What became of sends, at once or later.", ("account", "result"))
QUIET: Final = 60.0  # seconds between two warnings of one account and code


@dataclass
class Tally:
    """One for a process."""

    quiet: float = QUIET
    told: dict[tuple[str, str], float] = field(default_factory=dict)
    untold: dict[tuple[str, str], int] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)  # sends end in several threads

    def note(self, account_key: str, result: SendResult) -> None:
        """Count a result by its class, and warn of one that is no yes: the first, then one a minute for the rest."""
        kind = result.kind if isinstance(result, Refused) else type(result).__name__.lower()
        SENDS.labels(account_key, kind).inc()
        if not isinstance(result, Accepted):
            self._warn(account_key, kind, result.code if isinstance(result, Refused) else result.reason)

    def _warn(self, account_key: str, kind: str, code: str) -> None:
        key, now = (account_key, code), time.monotonic()
        with self._lock:
            self.untold[key] = self.untold.get(key, 0) + 1
            if now - self.told.get(key, float("-inf")) < self.quiet:
                return
            self.told[key], count = now, self.untold.pop(key)
        log.warning("not_sent", account=account_key, outcome=kind, code=code, count=count)
