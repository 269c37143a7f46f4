"""Targets: programmes as files, and days and hours as organizers type them."""

import json
from dataclasses import asdict
from datetime import UTC, date, datetime, time

from base.config import ROOT
from base.mappings import NoMapping, read_mapping
from base.places import is_in_togo
from base.sheets.refusals import SheetRefused
from base.sheets.sniffing import ARCHIVE
from bot.dialogs.organizer import moments
from events.bounds import MOST_WORKSHOPS
from events.changing import read
from events.described import BadEvent, described
from events.programme import Event
from events.sheets.comparing import STATUSES, compare_with, compared_from
from events.sheets.reading import read_programme
from tests.catalog.sheets.workshop import text, workbook
from tests.faults.fuzz.target import Target, is_keepable, text_of

NOW = datetime(2027, 8, 1, tzinfo=UTC)
WEEK = Event(
    1, "semaine", "Semaine", "", "", "", "", None, None, date(2027, 8, 16), date(2027, 8, 29), "", "open", None
)
HEADER = ("N°", "Titre", "Thème", "Date", "Horaire", "Salle", "Places", "Lien", "État", "Langue")
LINES = (
    ("1", "Sécuriser sa boutique", "Sécurité", "lundi 16 août", "9h-10h30", "Salle 1", "200", "", "", "fr"),
    ("", "Stands", "achats", "23/08/2027", "de 9h à 18h", "", "sans limite", "https://x.example", "annulé", ""),
)


def play_programme(content):
    """Sessions within their bounds, or a reason; a workbook may break its own reader too, a text never."""
    try:
        sheet = read_programme(content)
    except SheetRefused:
        return
    except Exception:  # noqa: BLE001 - openpyxl raises anything; the process apart says `broken`
        assert content.startswith(ARCHIVE)
        return
    assert 0 < len(sheet.lines) <= MOST_WORKSHOPS
    for line in compare_with(WEEK, (), sheet.lines, NOW):
        document = json.loads(json.dumps(asdict(line)))
        assert line.status in STATUSES
        assert (line.status == "faulty") == bool(line.faults)
        assert compared_from(document) == line
        assert all(is_keepable(value) for value in line.after.values() if isinstance(value, str))
        if line.status == "new":
            assert read("starts_at", line.after["starts_at"]) < read("ends_at", line.after["ends_at"])


def programme_seeds():
    yield from (text(LINES, HEADER, sign=sign) for sign in ";,\t")
    yield text(LINES, HEADER, encoding="cp1252")
    yield workbook(((1, "A", date(2027, 8, 16), time(9), time(10)),), ("numéro", "titre", "date", "début", "fin"))
    yield text(
        (("", "C", "16/08", "9h-10h", "Université", "6,1725", "-0.1"),),
        ("N°", "Titre", "Date", "Horaire", "Lieu", "Lat", "Long"),
    )
    yield text((("n° 3", "B", "", "2027-08-16T09:00:00", "9:00 - 10:30", "", "1 500 places", "x", "?", "ewe"),), HEADER)


def play_moment(data):
    """Days and hours in ISO 8601, or nothing."""
    typed = text_of(data)
    told = moments.read(typed, NOW, WEEK)
    if "day" in told:
        date.fromisoformat(told["day"])
    for name in ("start", "end"):
        if name in told:
            time.fromisoformat(told[name])
    for start in ("", "14:00"):
        end = moments.read_end(typed, start)
        assert not end or time.fromisoformat(end) is not None


def moment_seeds():
    words = "jeudi 14h-16h|le 19/08 à 15h|demain|samedi 20h|jusqu'à midi|pendant 2 heures|2h30|19 août 2027 de 9h à 11h"
    yield from (one.encode() for one in words.split("|"))


def play_described(data):
    """An event whose phases lie within its days and whose words can be kept, or all that is wrong, a line each."""
    refused = None
    try:
        told = described(read_mapping(data))
    except NoMapping:
        return
    except BadEvent as error:
        refused = error.problems
    if refused is not None:
        assert refused
        assert all(is_keepable(problem) and "\n" not in problem for problem in refused)
        return
    assert all(told.starts_on <= phase.starts_on <= phase.ends_on <= told.ends_on for phase in told.phases)
    words = [told.slug, told.name, told.theme, told.organiser, told.city, told.place, told.note]
    assert all(map(is_keepable, (*words, *(word for one in told.partners for word in (one.name, one.role)))))
    assert told.pin is None or is_in_togo(*told.pin)


def described_seeds():
    whole = (ROOT / "events" / "demo" / "event.yaml").read_bytes().partition(b"workshops:")[0]
    yield from (whole, whole.replace(b"[6.1266, 1.2265]", b"null"), b"slug: a\nname: B\nstarts_on: 2027-08-16\n")
    yield b"slug: a\nname: '1'\nstarts_on: 2027-08-16\nends_on: '2027-08-16'\npartners: &it [*it]\n"


PROGRAMMES = {
    "event": Target(play_described, described_seeds, ("events/described.py", "base/mappings.py"), 4096),
    "programme": Target(
        play_programme,
        programme_seeds,
        ("events/sheets/comparing.py",),
        32768,
        ("events.sheets.reading", "events.sheets.columns", "base.sheets.texts", "base.sheets.cells"),
    ),
    "moment": Target(play_moment, moment_seeds, ("bot/dialogs/organizer/moments.py",), 300),
}
