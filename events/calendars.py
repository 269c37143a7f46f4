"""A programme as an iCalendar file (RFC 5545): one event a session, at the times of Lomé, told anew when it changes."""

from collections.abc import Iterable
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from base.clock import LOME, in_lome
from base.later import Later
from events.programme import Event, Workshop

if TYPE_CHECKING:
    import icalendar
else:
    icalendar = Later("icalendar")

MIME: Final = "text/calendar"
PRODUCT: Final = "-//Assigame//Programme//FR"
UNTIL_THEN: Final = timedelta(hours=1)  # how long a calendar may wait before it asks again


def calendar(event: Event, workshops: Iterable[Workshop]) -> bytes:
    """The file, in UTF-8; `SEQUENCE` grows with each change, and what is cancelled says so."""
    made = icalendar.Calendar()
    made.add("prodid", PRODUCT)
    made.add("version", "2.0")
    made.add("method", "PUBLISH")
    made.add("x-wr-calname", event.name)
    made.add("x-wr-timezone", LOME.key)
    made.add("refresh-interval", UNTIL_THEN, parameters={"VALUE": "DURATION"})
    made.add_component(icalendar.Timezone.from_tzid(LOME.key))
    for one in workshops:
        made.add_component(_entry(event, one))
    content: bytes = made.to_ical()
    return content


def _entry(event: Event, one: Workshop) -> "icalendar.Event":
    entry = icalendar.Event()
    entry.add("uid", f"workshop-{one.id}@{event.slug}.assigame")
    entry.add("dtstamp", one.changed_at)
    entry.add("last-modified", one.changed_at)
    entry.add("sequence", one.revision)
    for name, moment in (("dtstart", one.starts_at), ("dtend", one.ends_at)):  # a library's own word for it is UTC
        entry.add(name, in_lome(moment).replace(tzinfo=None), parameters={"TZID": LOME.key})
    entry.add("summary", one.title)
    entry.add("status", "CONFIRMED" if one.is_on else "CANCELLED")
    if where := ", ".join(part for part in (one.room, one.place, event.city) if part):
        entry.add("location", where)
    if one.latitude is not None and one.longitude is not None:
        entry.add("geo", (one.latitude, one.longitude))
    if one.link:
        entry.add("url", one.link)
    if told := "\n".join(part for part in (f"Atelier {one.number}", one.speakers, one.reason, event.note) if part):
        entry.add("description", told)
    return entry
