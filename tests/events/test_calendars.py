"""The programme for calendars, read back by the library: its zone, its sequence, what is cancelled, odd words."""

from icalendar import Calendar

from bot import calendars
from events import calendars as files
from events import programme
from tests.events.event import at, change, make_event, make_workshop, wanted


def entries(content):
    return Calendar.from_ical(content).walk("VEVENT")


def test_each_session_has_its_time_in_lome_and_says_when_it_changes(db):
    week = make_event(db)
    first = make_workshop(db, week, 1, "Payer, livrer; c'est sûr\nou pas", room="Salle 2", capacity=30)
    second = make_workshop(db, week, 2, "Stands " * 12, at(14))
    change(db, week, wanted(first, starts_at=at(10), ends_at=at(12)), wanted(second, state="cancelled", reason="pluie"))
    content = files.calendar(programme.event(db, week), programme.programme(db, week))
    one, other = entries(content)
    assert one["summary"] == "Payer, livrer; c'est sûr\nou pas"
    assert (one.decoded("dtstart"), one.decoded("dtend")) == (at(10), at(12))
    assert one["dtstart"].params["TZID"] == "Africa/Lome"
    assert (one["sequence"], one["status"], other["status"]) == (1, "CONFIRMED", "CANCELLED")
    assert (one["location"], "pluie" in other["description"]) == ("Salle 2, Siège, Lomé", True)
    assert one["uid"] != other["uid"]
    assert [str(zone["tzid"]) for zone in Calendar.from_ical(content).walk("VTIMEZONE")] == ["Africa/Lome"]
    assert max(map(len, content.split(b"\r\n"))) <= 75


def test_an_address_holds_a_whole_programme_or_one_session_of_it(db):
    week, other = make_event(db), make_event(db, "autre", "draft")
    first = make_workshop(db, week, 1)
    make_workshop(db, week, 2)
    assert len(entries(calendars.document(db, [week, 0]).content)) == 2
    found = calendars.document(db, [week, first])
    assert (len(entries(found.content)), found.mime, found.name) == (1, "text/calendar", "programme.ics")
    assert calendars.document(db, [other, 0]).content.count(b"VEVENT") == 0
    assert [calendars.document(db, odd) for odd in ([other, first], [0, 0], [week], "x", None)] == [None] * 5
