"""Of which accounts something may wait in the outbox, and how soon it is looked for: no other's is asked about."""

import threading
import time
from collections.abc import Iterable
from dataclasses import dataclass, field


@dataclass
class Prospects:
    """What a process knows of accounts by row id; `anywhere` may be set by any thread, the rest by who settles."""

    anywhere: threading.Event = field(default_factory=threading.Event)  # something was said, nobody knows where
    at_once: set[int] = field(default_factory=set)  # more may be due already
    next_time: set[int] = field(default_factory=set)  # what came back made room, or was in somebody's way
    fed_at: dict[int, float] = field(default_factory=dict)  # process time from which a sender may send again

    @property
    def starved_until(self) -> float:
        """Process time from which the first of those whose second is used up may send again."""
        return min(self.fed_at.values(), default=float("inf"))

    def taken(self, accounts: Iterable[int], *, anywhere: bool) -> list[int]:
        """Those of the accounts to look at now, all of them where it may be `anywhere`; what led to them is over."""
        if self.anywhere.is_set():
            self.anywhere.clear()  # and nowhere else: what is said from now on is told by the next look
            anywhere = True
        now = time.monotonic()
        found = [account for account in accounts if anywhere or self._is_one(account, now)]
        self.at_once.difference_update(found)
        self.next_time.difference_update(found)
        for account in found:
            self.fed_at.pop(account, None)
        return found

    def _is_one(self, account: int, now: float) -> bool:
        return account in self.at_once or account in self.next_time or self.fed_at.get(account, now + 1) <= now
