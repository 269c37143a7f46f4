"""What a provider charges for: its own categories, counted once per message and process, without its person.

A provider tells a price with two reports of the same message, and brings each of them several times. The figure shows
what kinds of messages cost; the bill is the provider's.
"""

import threading
from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

from prometheus_client import Counter

from bot.messages import StatusReport

PRICED: Final = Counter(
    "assigame_priced_total",
    "Messages by their provider's own price category, once per web process.",
    ("account", "category", "billable"),
)
MOST_REMEMBERED: Final = 20_000  # messages: the reports of one come within minutes, mostly


@dataclass
class Prices:
    """One for a process that webhooks come to.

    A message counts anew in each other process that a report of it comes to, after a restart, and once it is forgotten
    behind MOST_REMEMBERED others.
    """

    _told: "OrderedDict[tuple[str, str], None]" = field(default_factory=OrderedDict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def note(self, account_key: str, reports: Iterable[StatusReport]) -> None:
        """Count the messages whose price is told for the first time."""
        for report in reports:
            if report.pricing and self._is_new(account_key, report.provider_id):
                category, is_billable = report.pricing
                PRICED.labels(account_key, category, str(is_billable).lower()).inc()

    def _is_new(self, account_key: str, provider_id: str) -> bool:
        key = account_key, provider_id
        with self._lock:
            if key in self._told:
                return False
            self._told[key] = None
            if len(self._told) > MOST_REMEMBERED:
                self._told.popitem(last=False)
        return True
