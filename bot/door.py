"""The door of a workshop: what a code says there, in words; and the page for a phone's camera at a signed address."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from base import tokens
from base.clock import now
from base.db import Db
from base.secret import Secret
from bot import event_words, rolls
from bot.texts import FIRST, say
from events import bookings, checkin, programme
from events.checkin import Arrival
from events.programme import Workshop

KIND: Final = "checkin"  # of the page's token
GOOD_AFTER: Final = timedelta(hours=12)  # it
_IS_ORGANIZER: Final = """
select exists (select from role where contact_id = %(id)s and role = 'organizer' and suspended_at is null)
"""


@dataclass(frozen=True)
class Door:
    """Whose page it is: of which workshop, and of which organizer."""

    workshop_id: int
    contact_id: int


@dataclass(frozen=True)
class Standing:
    """A workshop's door: how many are there of how many that have a place."""

    workshop: Workshop
    attended: int
    taken: int


def path_of(workshop: Workshop, contact_id: int, secret: Secret, at: datetime) -> str:
    """The public path of the page, for this organizer, until half a day after the workshop."""
    until = max(workshop.ends_at + GOOD_AFTER, at + GOOD_AFTER)
    return f"/checkin/{tokens.sign(secret, KIND, [workshop.id, contact_id], until)}"


def read(db: Db, secret: Secret, token: str) -> Door | None:
    """Whose page it is; None for what is none of ours, is over, or of who is no organizer any more."""
    payload = tokens.read(secret, KIND, token, now(db))
    if not isinstance(payload, list) or len(payload) != 2 or not all(isinstance(one, int) for one in payload):
        return None
    workshop_id, contact_id = (int(str(one)) for one in payload)
    return Door(workshop_id, contact_id) if db.value(_IS_ORGANIZER, id=contact_id) else None


def standing(db: Db, workshop_id: int) -> Standing | None:
    """How it stands at a door; None when there is no such workshop."""
    one = programme.workshop(db, workshop_id)
    if one is None:
        return None
    counted = bookings.places(db, [workshop_id])[workshop_id]
    return Standing(one, counted.attended, counted.taken)


def title(workshop: Workshop) -> str:
    """What stands above its page, in French."""
    return say(FIRST, "roll.title", {"number": workshop.number, "title": workshop.title})


def when(workshop: Workshop) -> str:
    """And below that."""
    return event_words.when(FIRST, workshop.starts_at, workshop.ends_at)


def enter(db: Db, workshop_id: int | None, typed: str, by: int) -> Arrival:
    """Let the person of a code in."""
    return checkin.enter(db, workshop_id, typed, by)


def told(db: Db, language: str, arrival: Arrival) -> str:
    """What a code has said, in one or two sentences: `Bienvenue Awa Mensah. Atelier 3, entrée à 9h02.`"""
    one = arrival.booking
    if one is None:
        return say(language, "arrival.unknown", {})
    at = one.checked_in_at
    values = {
        "name": rolls.name_of(db, one.contact_id) or one.code,
        "hour": _clock(at) if at else "",
        "number": one.number,
        "title": one.title,
        "rank": one.queued,
        "when": event_words.when(language, one.starts_at, one.ends_at),
    }
    return say(language, f"arrival.{arrival.outcome}", values)


def _clock(moment: datetime) -> str:
    """`9 h 02`, with no break within."""
    told = event_words.hour(moment)
    hour, _, minute = told.partition("h")
    return f"{hour}\u00a0h\u00a0{minute or '00'}"
