"""The job that erases people: their rows in one transaction, then what caches hold of them, behind its commit."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from base.config import Config
from base.db import Database
from bot import erasure, forgetting
from bot.buckets import Buckets
from bot.erasure import Eraser
from bot.sessions import Sessions

SWEPT_AT_ONCE = 100  # erasures


@dataclass(frozen=True)
class Clearance:
    """What erasing needs: settings, stores, the keys of the channel accounts, and the list of erasers."""

    config: Config
    database: Database
    sessions: Sessions
    buckets: Buckets
    account_keys: Sequence[str]
    erasers: Mapping[str, Eraser]

    def clear(self) -> int:
        """A job: erase everybody whose time has come, one a transaction; how many were looked at."""
        count = 0
        while self._one():
            count += 1
        self._sweep()
        return count

    def _one(self) -> bool:
        with self.database.unit_of_work() as db:
            return erasure.erase_next(db, self.erasers, self.config.lasting_key, self.config.timing)

    def _sweep(self) -> None:
        """What was written beside an erasure goes too: a message that came in its moment, a session in Redis.

        It goes at once and again for a while, as a door gives Redis the session of its last turn a moment later. What
        Redis holds goes behind the commit: by then it is of no revision any more, so that no turn keeps it alive. While
        Redis is away, or where somebody dies before the last word, nothing counts as swept.
        """
        with self.database.unit_of_work() as db:
            left = erasure.unswept(db, SWEPT_AT_ONCE)
            chats = [chat for _, conversations in left for chat in conversations]
            forgetting.forget_chats(db, chats)
        if left and self.sessions.drop(chats) and self.buckets.drop(self.account_keys, chats):
            with self.database.unit_of_work() as db:
                erasure.mark_swept(db, [erasure_id for erasure_id, _ in left])
