"""Courtesy: who writes and is not answered at once sees that somebody is at it (channels.md §7: typing, seen).

It is worth little, so it costs little: each kind of channel has a few hands for it, what finds none free is dropped,
and nothing is tried again. A provider that hangs holds up nothing but its own courtesies.
"""

import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from typing import Final

from prometheus_client import Counter

from base.accounts import ChannelAccount
from base.timing import Timing
from bot import inbox
from bot.dialog import Dialog
from bot.inbox import Stored
from bot.messages import Identity, Incoming, Kept, Parsed

HANDS: Final = 4  # of each kind of channel, at once
MOST_REMEMBERED: Final = 2000  # people of whom it is known when it was shown last
COURTESIES: Final = Counter("assigame_courtesies_total", "Signs of typing, shown or dropped.", ("channel", "outcome"))
ShowTyping = Callable[[ChannelAccount, Identity, str], None]  # account, to whom, the provider's id of his message
Call = tuple[ChannelAccount, Identity, str]


@dataclass
class Courtesy:
    """One process's courtesies: `shown_by` by kind of channel; durations and dialogs tell what waits for more words.

    One conversation sees one in `timing.typing_again` seconds. Nothing here asks the database, which may be away.
    """

    shown_by: Mapping[str, ShowTyping]
    timing: Timing
    dialogs: Collection[Dialog]
    _last: "OrderedDict[tuple[str, Identity], float]" = field(default_factory=OrderedDict)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _hands: dict[str, threading.Semaphore] = field(default_factory=dict)

    def answer_soon(self, account: ChannelAccount, parsed: Parsed, stored: Stored | None) -> None:
        """After a webhook was stored: whoever it is from sees that his newest message is read; returns at once.

        Not whom a person answers by hand, who reads and writes himself; nobody of what waits in the spool (None), nor
        of copies, which are answered already.
        """
        if not (account.typing and stored and stored.count) or account.kind not in self.shown_by:
            return
        for to, newest in _newest(parsed).items():
            if (
                newest.sender.identities not in stored.held
                and self._is_worth_it(newest)
                and self._is_due(account.key, to)
            ):
                self._begin((account, to, newest.provider_id))

    def _is_worth_it(self, message: Incoming) -> bool:
        return message.is_spoken and inbox.may_wait(message, self.timing, self.dialogs)

    def _is_due(self, key: str, to: Identity) -> bool:
        now = time.monotonic()
        with self._lock:
            if now - self._last.get((key, to), float("-inf")) < self.timing.typing_again:
                return False
            self._last[key, to] = now
            self._last.move_to_end((key, to))
            if len(self._last) > MOST_REMEMBERED:
                self._last.popitem(last=False)
        return True

    def _begin(self, call: Call) -> None:
        """In a thread of its own, as long as this kind of channel has a free hand."""
        kind = call[0].kind
        hands = self._hands_of(kind)
        if not hands.acquire(blocking=False):
            COURTESIES.labels(kind, "dropped").inc()
            return
        try:
            threading.Thread(target=self._show, args=(hands, *call), name=f"courtesy-{kind}", daemon=True).start()
        except RuntimeError:  # this machine has no thread left
            hands.release()
            COURTESIES.labels(kind, "dropped").inc()

    def _hands_of(self, kind: str) -> threading.Semaphore:
        with self._lock:
            return self._hands.setdefault(kind, threading.Semaphore(HANDS))

    def _show(self, hands: threading.Semaphore, account: ChannelAccount, to: Identity, provider_id: str) -> None:
        try:
            self.shown_by[account.kind](account, to, provider_id)
            COURTESIES.labels(account.kind, "shown").inc()
        finally:
            hands.release()


def _newest(parsed: Parsed) -> dict[Identity, Incoming]:
    """Person, by the first of his names, -> the last message of a webhook's that is his."""
    return {kept.message.sender.identities[0]: kept.message for kept in parsed.messages if _is_a_persons(kept)}


def _is_a_persons(kept: Kept) -> bool:
    return bool(kept.message.sender.identities and kept.message.provider_id)
