"""Programmes for people's calendars: a signed address that is good until the event is over, told as a link.

No channel of ours takes `text/calendar` as a document, so it is never sent as one.
"""

from datetime import datetime, time, timedelta
from typing import Final

from pydantic import JsonValue

from base.clock import LOME
from base.config import Config
from base.db import Db
from bot import files
from bot.files import Document
from events import calendars, programme
from events.programme import Event

KIND: Final = "agenda"  # of the signed address
NAME: Final = "programme.ics"
KEPT: Final = timedelta(days=30)  # after an event's last day: until then a calendar may ask for what has changed


def address(config: Config, event: Event, workshop_id: int = 0) -> str:
    """The public address of an event's calendar, or of one session's; whoever has it may hand it on."""
    until = datetime.combine(event.ends_on, time(), LOME) + KEPT
    path = files.path_to(KIND, config.secret_key, [event.id, workshop_id], until)
    return f"{config.server.base_url}{path}"


def document(db: Db, payload: JsonValue) -> Document | None:
    """The calendar of the event and session whose numbers a token holds; 0 for all sessions."""
    if not isinstance(payload, list) or len(payload) != 2:
        return None
    event_id, workshop_id = (one if isinstance(one, int) else 0 for one in payload)
    event = programme.event(db, event_id)
    if event is None:
        return None
    found = programme.workshops_of(db, [workshop_id]) if workshop_id else programme.programme(db, event_id)
    mine = [one for one in found if one.event_id == event_id]
    return Document(NAME, calendars.MIME, calendars.calendar(event, mine)) if mine or not workshop_id else None
