"""Who comes to a workshop, by name: for who stands at the door."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from base.db import Db
from events.bookings import State
from events.codes import code_of

MOST: Final = 5000  # lines


@dataclass(frozen=True)
class Line:
    """One person; `line` is the number of the printed list, `queued` the place in the queue."""

    line: int
    name: str
    code: str
    state: State
    checked_in_at: datetime | None


_ROLL: Final = """
select b.line, p.name, w.number, b.code, b.state, b.checked_in_at from booking b
join workshop w on w.id = b.workshop_id join contact p on p.id = b.contact_id
where b.workshop_id = %(id)s and b.state <> 'cancelled'
order by b.state = 'waiting', case when b.state = 'waiting' then b.place end, lower(p.name), b.line limit %(most)s
"""


def roll(db: Db, workshop_id: int) -> tuple[Line, ...]:
    """All who have a place by their names, then those who wait in their order."""
    return tuple(
        Line(row.line, row.name, code_of(row.number, row.code), row.state, row.checked_in_at)
        for row in db.rows(_ROLL, id=workshop_id, most=MOST)
    )


def name_of(db: Db, contact_id: int) -> str:
    """A person's name as he told it; '' where he told none."""
    return str(db.value("select name from contact where id = %(id)s", id=contact_id) or "")
