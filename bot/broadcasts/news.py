"""What organizers hear of broadcasts without having asked: a second OUI that is wanted, a pause, the end."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from base.db import Db
from bot import attention
from bot.attention import AttentionNeeded
from bot.broadcasts import drafts, results
from bot.broadcasts.counting import kept
from bot.broadcasts.drafts import SECOND, Broadcast
from bot.broadcasts.facts import BroadcastCounted, BroadcastDone, BroadcastPaused, Seconded
from bot.broadcasts.sending import PAUSED
from bot.broadcasts.telling import audience_words, count_words, number_of, summary_lines
from bot.notice_chats import LINE, ORGANIZERS, Chat
from bot.notice_words import Door, to_look_at
from bot.notices import Notices

DONE: Final = "broadcast_done"  # how a template calls an end
COUNTED: Final = "broadcast_counted"  # and a summary
HAT: Final = "organizer"


@dataclass(frozen=True)
class BroadcastNews:
    """Writes notices through those of the market; every method is a reaction to a fact."""

    told: Notices

    def needed(self, db: Db, fact: AttentionNeeded) -> None:
        """A line of the organizers' list: one about a second OUI has a notice of its own, all others the usual one."""
        if fact.kind == PAUSED:
            attention.mark_told(db, fact.attention_id)  # which is told with its reason
        elif fact.kind == SECOND:
            attention.mark_told(db, fact.attention_id)
            self._ask_second(db, fact.attention_id)
        else:
            self.told.tell_organizers(db, fact)

    def _ask_second(self, db: Db, line: int) -> None:
        """All organizers but who asked for it, with a button and a number to type."""
        one = drafts.read(db, int(attention.about_of(db, line).get("broadcast") or 0))
        if one is None:
            return
        door = self._door(one, "ann_second")
        for chat in self._chats(db, without=one.made_by):
            values = {"audience": audience_words(chat.language, one.draft.audience), "count": one.people or 0}
            self._tell(db, chat, "second", values, [door], {LINE: line}, SECOND)

    def seconded(self, db: Db, fact: Seconded) -> None:
        """Who asked for it hears what the other one said."""
        one = drafts.read(db, fact.broadcast_id)
        if one is None:
            return
        for chat in self.told.chats(db, [one.made_by] if one.made_by else []):
            values = {"audience": audience_words(chat.language, one.draft.audience), "count": one.people or 0}
            self._tell(db, chat, f"seconded_{fact.outcome}", values, [self._door(one)], {}, SECOND)

    def paused(self, db: Db, fact: BroadcastPaused) -> None:
        """The organizers hear why, and what they can do: one that is late is sent now or left."""
        one = drafts.read(db, fact.broadcast_id)
        if one is None:
            return
        late = [self._door(one, "ann_late_send"), self._door(one, "ann_late_drop")]
        for chat in self._chats(db):
            values: dict[str, Any] = {"audience": audience_words(chat.language, one.draft.audience)}
            if fact.reason == "late":
                values["at"] = one.draft.due_at or one.made_at
                self._tell(db, chat, "late", values, late, {}, PAUSED)
            else:
                values["reason"] = fact.reason
                self._tell(db, chat, "paused", values, [self._door(one)], {}, PAUSED)

    def done(self, db: Db, fact: BroadcastDone) -> None:
        """Who sent it hears how it ended."""
        one = drafts.read(db, fact.broadcast_id)
        if one is None:
            return
        going = results.progress(db, self.told.config, one.id)
        for chat in self.told.chats(db, [one.made_by] if one.made_by else []):
            counts = count_words(chat.language, going.counts)
            values = {"audience": audience_words(chat.language, one.draft.audience), "counts": counts}
            self._tell(db, chat, "done", values, [self._door(one)], {}, DONE)

    def counted(self, db: Db, fact: BroadcastCounted) -> None:
        """Who waits for it gets the summary, and goes on from there: its maker, or a second organizer."""
        one, seen = drafts.read(db, fact.broadcast_id), kept(db, self.told.config, fact.broadcast_id)
        if one is None or seen is None:
            return
        is_own = one.state == "draft"
        draft = one.draft if one.state in ("draft", "waiting_second") else drafts.as_of_now(one)
        for chat in self.told.chats_named(db, fact.conversation_ids):
            values = {
                "audience": audience_words(chat.language, draft.audience),
                "count": seen.people,
                "lines": summary_lines(chat.language, self.told.config, draft, seen, is_second=not is_own),
            }
            door = self._door(one, "ann_counted" if is_own else "ann_second")
            self._tell(db, chat, "counted", values, [door], {}, COUNTED)

    def _door(self, one: Broadcast, door: str = "ann_card") -> Door:
        number = str(number_of(one.id))
        return Door(HAT, door, number, number)

    def _chats(self, db: Db, without: int | None = None) -> list[Chat]:
        found = [row.contact_id for row in db.rows(ORGANIZERS)]
        return self.told.chats(db, [one for one in found if one != without])

    def _tell(
        self,
        db: Db,
        chat: Chat,
        what: str,
        values: dict[str, Any],
        doors: Sequence[Door],
        about: dict[str, Any],
        kind: str,
    ) -> None:
        """One notice; a shut window gets what its template can say."""
        open_lines = db.value("select count(*) from attention where settled_at is null")
        template = to_look_at(chat.language, kind, open_lines)
        self.told.tell(db, chat, f"notice.organizer.announce_{what}", values, doors, about, template)
