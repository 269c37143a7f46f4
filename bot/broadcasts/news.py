"""What the organizer of a broadcast hears of it: that it paused itself and why, and that it is over."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from base.db import Db
from bot.broadcasts import drafts
from bot.broadcasts.facts import BroadcastDone, BroadcastPaused
from bot.notices import Notices


@dataclass(frozen=True)
class BroadcastNews:
    """Writes these notices; every method is a reaction to a fact."""

    told: Notices

    def paused(self, db: Db, fact: BroadcastPaused) -> None:
        """Its maker hears why; the line of the organizers' list is for all."""
        self._tell(db, fact.broadcast_id, "notice.organizer.broadcast_paused", {"reason": fact.reason})

    def done(self, db: Db, fact: BroadcastDone) -> None:
        """Its maker hears how many were told."""
        counted = db.one(
            "select count(*) filter (where state in ('sent', 'delivered', 'read')) as sent, count(*) filter (where"
            " state in ('failed', 'uncertain')) as failed, count(*) filter (where state = 'skipped') as skipped"
            " from broadcast_recipient where broadcast_id = %(id)s",
            id=fact.broadcast_id,
        )
        told = counted._asdict() if counted else {}
        self._tell(db, fact.broadcast_id, "notice.organizer.broadcast_done", told)

    def _tell(self, db: Db, broadcast_id: int, key: str, values: Mapping[str, Any]) -> None:
        found = drafts.read(db, broadcast_id)
        if found and found.made_by is not None:
            told = {"number": broadcast_id, **values}
            self.told.tell_person(db, found.made_by, key, told, (), {"broadcast_news": broadcast_id})
