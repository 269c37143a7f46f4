"""How the market is doing, for who runs it: messages and people in a time, and who has come new, in one statement."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Final

from base.clock import LOME
from base.db import Db
from events import programme


@dataclass(frozen=True)
class Figures:
    """`messages` that people wrote, `people` who wrote; shops that were opened, and `shops` that are open now; places
    booked in workshops of the open event, and `booked` people who have one; open requests.
    """

    messages: int
    people: int
    vendors: int
    shops: int
    bookings: int
    booked: int
    waiting: int


def figures(db: Db, since: datetime, until: datetime) -> Figures:
    """What happened from then until then; what is older than chats are kept is no longer counted."""
    return Figures(**db.rows(_FIGURES, since=since, until=until)[0]._asdict())


_FIGURES: Final = """
select coalesce(sum(cardinality(t.inbox_ids)), 0)::int as messages, count(distinct c.contact_id) as people,
  (select count(*) from vendor where made_at >= %(since)s and made_at < %(until)s) as vendors,
  (select count(*) from vendor where suspended_at is null) as shops,
  (select count(*) from event e join workshop w on w.event_id = e.id join booking b on b.workshop_id = w.id
    where e.state = 'open' and b.cancelled_at is null and b.booked_at >= %(since)s and b.booked_at < %(until)s)
    as bookings,
  (select count(distinct b.contact_id) from event e join workshop w on w.event_id = e.id
    join booking b on b.workshop_id = w.id where e.state = 'open' and b.state in ('booked', 'attended')) as booked,
  (select count(*) from attention where settled_at is null) as waiting
from turn t join conversation c on c.id = t.conversation_id where t.now >= %(since)s and t.now < %(until)s
"""


def week_of_event(db: Db, number: int) -> tuple[datetime, datetime] | None:
    """From when until when the open event's week of this number goes, by the days of Lomé; None without one."""
    event = programme.open_event(db)
    found = programme.phases(db, event.id)[number - 1 : number] if event and number > 0 else ()
    if not found:
        return None
    begins, ends = (datetime.combine(day, time(), LOME) for day in (found[0].starts_on, found[0].ends_on))
    return begins, ends + timedelta(days=1)


def span_of(period: str, now: datetime) -> tuple[datetime, datetime]:
    """From when until when by the days of Lomé: day (also for anything else), yesterday, week from Monday on, month."""
    today = now.astimezone(LOME).replace(hour=0, minute=0, second=0, microsecond=0)
    if period == "yesterday":
        return today - timedelta(days=1), today
    begins = {"week": today - timedelta(days=today.weekday()), "month": today.replace(day=1)}
    return begins.get(period, today), now + timedelta(seconds=1)
