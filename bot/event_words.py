"""Workshops in words: when and where, who speaks, which places are free."""

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from base.clock import in_lome
from base.dates import format_day
from base.places import map_address
from base.shortening import shorten
from bot.texts import say
from events.bookings import Booking
from events.programme import Workshop

ONE_LINE: Final = 120  # characters of a workshop in a template
LANGUAGES: Final = ("fr", "en", "ee")


def hour(moment: datetime) -> str:
    """`9h`, `14h30`, on the wall clocks of Lomé."""
    there = in_lome(moment)
    return f"{there.hour}h{there.minute:02}" if there.minute else f"{there.hour}h"


def day(language: str, moment: datetime) -> str:
    """`lun. 16 août`, `mar. 1er déc.`."""
    return format_day(in_lome(moment).date(), "EEE d MMM", language)


def when(language: str, starts_at: datetime, ends_at: datetime) -> str:
    """`lun. 16 août, de 9h à 10h30`."""
    told = {"day": day(language, starts_at), "from": hour(starts_at), "to": hour(ends_at)}
    return say(language, "workshop.when", told)


def where(workshop: Workshop) -> str:
    """`Salle 1, Siège d'Ecobank`, with the address of a map on a line of its own where the place has a pin."""
    told = ", ".join(part for part in (workshop.room, workshop.place) if part)
    if workshop.latitude is None or workshop.longitude is None:
        return told
    return f"{told}\n{map_address(workshop.latitude, workshop.longitude)}".strip()


def places(language: str, workshop: Workshop, now: datetime) -> str:
    """Whether one can still come: free places, or how many wait; else why not."""
    if not workshop.is_on:
        return say(language, "workshop.off", {"reason": workshop.reason and f" ({workshop.reason})"})
    if workshop.starts_at <= now:
        return say(language, "workshop.over" if workshop.is_past(now) else "workshop.on_now", {})
    if workshop.is_closed:
        return say(language, "workshop.closed", {})
    if workshop.free is None:
        return say(language, "workshop.for_all", {})
    if workshop.free and not workshop.waiting:
        return say(language, "workshop.free", {"count": workshop.free, "places": workshop.capacity})
    if not workshop.waiting:
        return say(language, "workshop.all_taken", {})
    return say(language, "workshop.full", {"count": workshop.waiting})


def own(language: str, booking: Booking | None) -> str:
    """What a person has there: a place with its code, or one in the queue; '' for nothing."""
    if booking is None or not booking.is_held or booking.state not in ("booked", "waiting", "attended"):
        return ""
    told = {"code": booking.code, "rank": booking.queued, "hour": booking.checked_in_at or ""}
    return say(language, f"workshop.own.{booking.state}", told)


def details(language: str, workshop: Workshop, booking: Booking | None, now: datetime) -> str:
    """All that a card says below its title, a line for each thing that is known."""
    spoken = workshop.language if workshop.language in LANGUAGES else ""
    lines = [
        when(language, workshop.starts_at, workshop.ends_at),
        where(workshop),
        say(language, "workshop.speakers", {"names": workshop.speakers}) if workshop.speakers else "",
        say(language, f"workshop.language.{spoken}", {}) if spoken and spoken != language else "",
        workshop.link,
        places(language, workshop, now),
        "" if workshop.is_past(now) else own(language, booking),
    ]
    return "\n".join(line for line in lines if line)


def in_short(language: str, workshop: Workshop, now: datetime) -> str:
    """The same in one line, below its title in a list."""
    hours = f"{hour(workshop.starts_at)}-{hour(workshop.ends_at)}"
    return say(
        language,
        "workshop.short",
        {"number": workshop.number, "hours": hours, "places": places(language, workshop, now)},
    )


def of_notice(language: str, workshop: Workshop) -> Mapping[str, str | int]:
    """Values of the notices about a workshop."""
    return {
        "number": workshop.number,
        "title": workshop.title,
        "when": when(language, workshop.starts_at, workshop.ends_at),
        "where": where(workshop),
        "reason": workshop.reason and f" ({workshop.reason})",
        "speakers": workshop.speakers,
    }


def named(workshop: Workshop) -> str:
    """Its number and title for a template."""
    return shorten(f"{workshop.number}, {workshop.title}", ONE_LINE)
