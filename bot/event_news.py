"""What is heard of workshops: by those who have a place or wait for one, many at once; a notice locks no chat."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

from base.db import Db
from base.shortening import shorten
from bot import event_words
from bot.consent import REMINDERS
from bot.messages import Template
from bot.notice_bubbles import Notice
from bot.notice_chats import IS_HIS, Chat, chat_from
from bot.notice_words import Door
from bot.notices import Notices
from bot.templates import WORKSHOP_NEWS, for_reader
from bot.texts import say
from events import bookings, lessons, programme
from events.booking_facts import LessonAnswered, PlacesGot, RatingsDue, RemindersDue
from events.bookings import Booking
from events.facts import PlacesChanged, WorkshopCancelled, WorkshopChanged, WorkshopMoved, WorkshopRestored
from events.programme import Workshop

TOO_OLD: Final = {"day": 6 * 3600.0, "hour": 50 * 60.0, "rate": 24 * 3600.0}  # seconds: then it is no reminder any more
IN_TEMPLATE: Final = 200  # characters
Kind = Literal["notice", "bulk"]
# Where each of these bookings is spoken of: where it was made, or where alone free words may go now.
_CHATS: Final = f"""
select distinct on (b.id) b.id as booking_id, c.id, c.account_id, p.language, p.is_in_text_mode
from booking b join contact p on p.id = b.contact_id join conversation c on c.contact_id = p.id
join unnest(%(accounts)s::bigint[], %(windows)s::float8[]) w(account_id, seconds) on w.account_id = c.account_id
where b.id = any(%(ids)s) and (p.wants_reminders or not %(is_reminder)s)
  and {IS_HIS}
order by b.id, (w.seconds is null or c.last_in_at >= market_now() - make_interval(secs => w.seconds)) desc nulls last,
  c.id = b.conversation_id desc, c.last_in_at desc nulls last, c.id
"""
_STANDING: Final = "select id from booking where workshop_id = %(id)s and state in ('booked', 'waiting') order by id"


@dataclass(frozen=True)
class Telling:
    """One notice to many: its text below `notice.workshop`, in short below `news.workshop` ('': no template)."""

    text: str
    doors: tuple[str, ...] = ()
    kind: Kind = "notice"
    too_old: float = 0.0
    in_short: bool = True


@dataclass(frozen=True)
class EventNews:
    """Writes notices through those of the market; every method is a reaction to a fact."""

    told: Notices

    def places_got(self, db: Db, fact: PlacesGot) -> None:
        """Who waited has a place: his code, and a button for who can come no more."""
        self._tell(db, fact.booking_ids, Telling("moved_up", ("workshop", "give_up")))

    def reminders_due(self, db: Db, fact: RemindersDue) -> None:
        """A day or an hour before; to nobody who has said STOP."""
        doors = ("workshop", "give_up")
        self._tell(db, fact.booking_ids, Telling(fact.moment, doors, "bulk", TOO_OLD[fact.moment]))

    def ratings_due(self, db: Db, fact: RatingsDue) -> None:
        """How was it? Only where that costs nothing, and who has said STOP is not asked."""
        self._tell(db, fact.booking_ids, Telling("rate", ("rate",), "bulk", TOO_OLD["rate"], in_short=False))

    def workshop_moved(self, db: Db, fact: WorkshopMoved) -> None:
        """All who stand there hear the new hour, and are reminded of that; free places are given on."""
        bookings.told_anew(db, fact.workshop_id)
        self._tell_standing(db, fact.workshop_id, "moved")
        bookings.fill(db, fact.workshop_id)

    def workshop_changed(self, db: Db, fact: WorkshopChanged) -> None:
        """All who stand there hear where it is now."""
        self._tell_standing(db, fact.workshop_id, "changed")

    def workshop_cancelled(self, db: Db, fact: WorkshopCancelled) -> None:
        """All who stand there hear that it does not take place, and why."""
        self._tell_standing(db, fact.workshop_id, "cancelled")

    def workshop_restored(self, db: Db, fact: WorkshopRestored) -> None:
        """All who stand there hear that it takes place all the same; free places are given on."""
        bookings.told_anew(db, fact.workshop_id)
        self._tell_standing(db, fact.workshop_id, "restored")
        bookings.fill(db, fact.workshop_id)

    def places_changed(self, db: Db, fact: PlacesChanged) -> None:
        """Places that were added go to those who wait."""
        bookings.fill(db, fact.workshop_id)

    def lesson_answered(self, db: Db, fact: LessonAnswered) -> None:
        """Who asked reads the answer."""
        one = lessons.question(db, fact.question_id)
        if one is None:
            return
        words = shorten(one.answer, IN_TEMPLATE)
        values = {
            "number": one.number,
            "title": one.title,
            "asked": shorten(one.words, IN_TEMPLATE),
            "answer": one.answer,
        }
        for chat in self.told.chats(db, [one.contact_id]):
            news = _template(chat.language, f"{one.number}, {one.title}", "answered", {"words": words})
            self.told.tell(db, chat, "notice.workshop.answered", values, [], {"workshop": one.workshop_id}, news)

    def _tell_standing(self, db: Db, workshop_id: int, text: str) -> None:
        ids = [row.id for row in db.rows(_STANDING, id=workshop_id)]
        doors = ("workshop",) if text == "cancelled" else ("workshop", "give_up")
        self._tell(db, ids, Telling(text, doors))

    def _tell(self, db: Db, booking_ids: Sequence[int], telling: Telling) -> None:
        """One notice for each of these bookings: four statements, however many they are."""
        chats = {row.booking_id: chat_from(row) for row in self._chats(db, booking_ids, telling.kind)}
        told = bookings.bookings(db, list(chats))
        if not told:
            return
        there = {one.id: one for one in programme.workshops_of(db, {one.workshop_id for one in told})}
        notices = [_notice(chats[one.id], one, there[one.workshop_id], telling) for one in told]
        self.told.tell_all(db, notices, telling.too_old)

    def _chats(self, db: Db, booking_ids: Sequence[int], kind: Kind) -> Sequence[Any]:
        accounts = self.told.accounts
        return db.rows(
            _CHATS,
            ids=list(booking_ids),
            accounts=list(accounts),
            windows=[self.told.limits[account.kind].window for account in accounts.values()],
            is_reminder=kind == "bulk",
        )


def _notice(chat: Chat, booking: Booking, workshop: Workshop, telling: Telling) -> Notice:
    values = {**event_words.of_notice(chat.language, workshop), "code": booking.code, "rank": booking.queued}
    number = str(workshop.number)
    doors = [Door("buyer", door, number, number) for door in telling.doors]
    about = {"booking": booking.id, **({"topic": REMINDERS} if telling.kind == "bulk" else {})}
    short = _template(chat.language, event_words.named(workshop), telling.text, values) if telling.in_short else None
    return Notice(chat, _variant(f"notice.workshop.{telling.text}", booking), values, doors, about, short, telling.kind)


def _variant(key: str, booking: Booking) -> str:
    """Who only waits is not told of a code."""
    return f"{key}_waiting" if booking.state == "waiting" else key


def _template(reader: str, workshop: str, text: str, values: Mapping[str, Any]) -> Template:
    """The same in one line for whose window is shut."""

    def filled(language: str) -> tuple[str, ...]:
        return workshop, say(language, f"news.workshop.{text}", values)

    return for_reader(WORKSHOP_NEWS, reader, filled)
