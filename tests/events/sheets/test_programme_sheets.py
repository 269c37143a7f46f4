"""Programmes as files: any delimiter and order, French days and hours, compared, applied, and written back."""

import io

import pytest
from openpyxl import load_workbook

from base.sheets.refusals import SheetRefused
from events import changing, programme
from events.calendars import calendar
from events.changing import By
from events.facts import WorkshopMoved
from events.sheets import apart
from events.sheets.columns import columns_of
from events.sheets.comparing import Compared, compare, compared_from, counts
from events.sheets.listed import listed
from events.sheets.reading import read_programme
from tests.catalog.sheets.workshop import text, workbook
from tests.events.event import AFI, at, make_event, make_workshop, told

HEADER = ("N°", "Titre", "Thème", "Date", "Horaire", "Salle", "Places", "Intervenants")
LINES = (
    ("1", "Sécuriser sa boutique", "Sécurité", "lundi 16 août", "9h-10h30", "Grande salle", "200", "ANCy"),
    ("2", "Faux paiements", "", "16/08/2027", "10:45 - 12:30", "Salle 1", "40", ""),
    ("", "Stands", "achats", "23/08", "de 9h à 18h", "", "sans limite", ""),
)


@pytest.fixture
def week(db):
    return programme.event(db, make_event(db))


def compared(db, week, *lines, header=HEADER, now=None):
    return compare(db, week, read_programme(text(lines, header, sign=";")).lines, now or at(0))


def faults_of(db, week, *cells):
    [line] = compared(db, week, cells)
    return line.faults


@pytest.mark.parametrize(
    "content", [text(LINES, HEADER, sign=sign, encoding=code) for sign in ";,\t|" for code in ("utf-8", "cp1252")]
)
def test_a_text_is_read_whatever_its_sign_and_encoding(content):
    sheet = read_programme(content)
    assert sheet.header == HEADER
    assert [line.told["title"] for line in sheet.lines] == ["Sécuriser sa boutique", "Faux paiements", "Stands"]
    assert sheet.lines[0].told["theme"] == "Sécurité"


def test_columns_are_known_by_their_words():
    assert columns_of(("Nombre de places", "Heure de début", "Heure de fin", "Intitulé", "Jour", "Lieu")) == {
        "capacity": 0,
        "starts": 1,
        "ends": 2,
        "title": 3,
        "day": 4,
        "place": 5,
    }
    assert columns_of(("Titre", "Remarque")) == {}
    assert columns_of(("prix", "quantité")) == {}
    with pytest.raises(SheetRefused):
        columns_of(("Titre", "Date", "Jour"))


def test_new_sessions_are_written_with_their_days_and_hours(db, week):
    lines = compared(db, week, *LINES)
    assert counts(lines) == {"new": 3}
    change_id = changing.propose(db, week.id, [line.wanted for line in lines], By(AFI))
    assert changing.apply(db, change_id, By(AFI)) == "done"
    first, second, stands = programme.programme(db, week.id)
    assert (first.number, first.starts_at, first.ends_at, first.theme) == (1, at(9), at(10, 30), "security")
    assert (first.room, first.capacity, first.speakers) == ("Grande salle", 200, "ANCy")
    assert (second.number, second.starts_at, second.ends_at, second.capacity) == (2, at(10, 45), at(12, 30), 40)
    assert (stands.number, stands.starts_at, stands.capacity, stands.theme) == (3, at(9, day=7), None, "buying")


def test_a_file_that_is_sent_again_changes_nothing_and_a_changed_one_moves_sessions(db, week):
    changing.apply(db, changing.propose(db, week.id, [x.wanted for x in compared(db, week, *LINES)], By(AFI)), By(AFI))
    told(db)
    assert counts(compared(db, week, *LINES)) == {"same": 3}
    moved = ("2", "Faux paiements", "", "mardi", "10h45-12h30", "", "", "")
    [line] = compared(db, week, moved)
    assert (line.status, sorted(line.after)) == ("changed", ["ends_at", "starts_at", "state"])
    assert compared_from(line.document()) == line
    changing.apply(db, changing.propose(db, week.id, [line.wanted], By(AFI)), By(AFI))
    [fact] = told(db)
    assert isinstance(fact, WorkshopMoved)
    assert (fact.before.starts_at, fact.after.starts_at) == (at(10, 45), at(10, 45, day=1))


def write(db, week, lines):
    change_id = changing.propose(db, week.id, [line.wanted for line in lines], By(AFI))
    assert changing.apply(db, change_id, By(AFI)) == "done"
    return change_id


def test_what_an_import_had_added_is_planned_again_by_the_file_once_that_was_undone(db, week):
    assert changing.undo(db, write(db, week, compared(db, week, *LINES)), By(AFI)) == "done"
    assert [one.state for one in programme.programme(db, week.id)] == ["cancelled"] * 3
    again = compared(db, week, *LINES)
    assert counts(again) == {"changed": 3}
    assert again[0].after == {"state": "planned"}
    write(db, week, again)
    assert [one.state for one in programme.programme(db, week.id)] == ["planned"] * 3
    write(db, week, compared(db, week, (*LINES[0], "annulé"), header=(*HEADER, "État")))
    assert counts(compared(db, week, *LINES)) == {"same": 3}


def test_what_the_programme_is_written_as_changes_nothing_when_it_comes_back(db, week):
    make_workshop(db, week.id, 3, "=1+1", capacity=30, theme="law", kind="panel", place="Université", room="Amphi")
    make_workshop(db, week.id, 6, "B", at(9, day=3), place="Dapaong", latitude=10.862233445566778, longitude=-0.1)
    make_workshop(db, week.id, 4, "Stands", at(9, day=1), state="moved", link="https://x.example")
    make_workshop(db, week.id, 5, "Tard", at(9, day=2), state="cancelled", language="ee", level="débutant")
    content = listed(db, week.id)
    sheet = load_workbook(io.BytesIO(content)).active
    assert sheet["B2"].value == "'=1+1"
    assert {cell.data_type for row in sheet.iter_rows() for cell in row if cell.value is not None} == {"s", "n"}
    assert counts(compare(db, week, read_programme(content).lines, at(0))) == {"same": 4}


@pytest.mark.parametrize(
    ("cells", "faults"),
    [
        (("x", "A", "", "16/08", "9h-10h", "", "", ""), ("number_unread",)),
        (("", "A", "Cuisine", "16/08", "9h-10h", "", "", ""), ("theme_unread",)),
        (("", "A", "", "bientôt", "9h-10h", "", "", ""), ("day_unread",)),
        (("", "A", "", "", "9h-10h", "", "", ""), ("day_missing", "end_missing")),
        (("", "A", "", "16/08", "tôt", "", "", ""), ("hour_unread",)),
        (("", "A", "", "16/08", "9h", "", "", ""), ("end_missing",)),
        (("", "A", "", "16/08", "9h-10h", "", "beaucoup", ""), ("capacity_unread",)),
        (("", "A", "", "16/08", "9h-10h", "", "0", ""), ("capacity_unread",)),
        (("", "A", "", "16/08/2020", "9h-10h", "", "", ""), ("session_past",)),
        (("9", "", "", "16/08", "9h-10h", "", "", ""), ("session_untitled",)),
        (("", "=1+1", "", "16/08", "9h-10h", "", "", ""), ("formula",)),
    ],
)
def test_a_faulty_line_says_why(db, week, cells, faults):
    assert faults_of(db, week, *cells) == faults


PINNED = ("N°", "Titre", "Date", "Horaire", "Lieu", "Latitude", "Longitude")


@pytest.mark.parametrize(
    ("latitude", "longitude", "pin"),
    [
        ("6.1725", "1.2314", (6.1725, 1.2314)),
        ("6,1725", "1,2314 E", (6.1725, 1.2314)),
        ("10.8622° N", "-0.1", (10.8622, -0.1)),
        ("10,8622", "0,1° O", (10.8622, -0.1)),
        ("", "", (None, None)),
    ],
)
def test_a_session_with_a_place_of_its_own_has_the_pin_of_its_line(db, week, latitude, longitude, pin):
    [line] = compared(db, week, ("", "A", "16/08", "9h-10h", "Université", latitude, longitude), header=PINNED)
    write(db, week, [line])
    [one] = programme.programme(db, week.id)
    assert (one.place, one.latitude, one.longitude) == ("Université", *pin)
    assert (b"GEO:" in calendar(week, [one])) == (pin != (None, None))


@pytest.mark.parametrize(
    ("place", "latitude", "longitude", "fault"),
    [
        ("Université", "6.1725", "", "pin_half"),
        ("Université", "", "1.2314", "pin_half"),
        ("Université", "ici", "1.2314", "pin_unread"),
        ("Université", "1.2314", "6.1725", "pin_outside"),
        ("Université", "91", "1.2314", "pin_outside"),
        ("Université", "6.1725", "181", "pin_outside"),
        ("Université", "=6+1", "1.2314", "formula"),
        ("", "6.1725", "1.2314", "pin_placeless"),
    ],
)
def test_a_pin_at_fault_says_why(db, week, place, latitude, longitude, fault):
    [line] = compared(db, week, ("", "A", "16/08", "9h-10h", place, latitude, longitude), header=PINNED)
    assert fault in line.faults
    assert line.after == {}


def test_a_pin_is_put_on_a_place_that_is_there_and_goes_when_the_place_is_another(db, week):
    make_workshop(db, week.id, 3, "A", place="Université", latitude=6.17, longitude=1.21)
    [moved] = compared(db, week, ("3", "", "", "", "", "6.18", "1.22"), header=PINNED)
    assert (moved.status, moved.after) == ("changed", {"latitude": 6.18, "longitude": 1.22})
    write(db, week, [moved])
    [elsewhere] = compared(db, week, ("3", "", "", "", "Mairie", "", ""), header=PINNED)
    assert elsewhere.after == {"place": "Mairie", "latitude": None, "longitude": None}
    change_id = write(db, week, [elsewhere])
    one = programme.of_number(db, week.id, 3)
    assert (one.place, one.latitude, one.longitude) == ("Mairie", None, None)
    assert changing.undo(db, change_id, By(AFI)) == "done"
    one = programme.of_number(db, week.id, 3)
    assert (one.place, one.latitude, one.longitude) == ("Université", 6.18, 1.22)


def test_of_two_lines_of_one_session_the_second_is_at_fault(db, week):
    first, second = compared(db, week, LINES[1], LINES[1])
    assert (first.status, second.status, second.faults) == ("new", "faulty", ("session_double",))


def test_a_session_is_known_by_its_title_where_it_has_no_number(db, week):
    make_workshop(db, week.id, 7, "Stands", at(9, day=7), capacity=None, theme="buying")
    [line] = compared(db, week, ("", "stands", "", "23/08", "9h-12h", "", "", ""))
    assert isinstance(line, Compared)
    assert (line.status, line.session, sorted(line.after)) == ("changed", 7, ["ends_at", "state", "title"])


def test_times_and_dates_of_a_workbook_are_read_as_it_holds_them(db, week):
    from datetime import date, time

    content = workbook(
        [(1, "A", date(2027, 8, 16), time(9), time(10, 30))], ("numéro", "titre", "date", "début", "fin")
    )
    [line] = compare(db, week, read_programme(content).lines, at(0))
    assert (line.status, line.after["starts_at"], line.after["ends_at"]) == (
        "new",
        "2027-08-16T09:00:00+00:00",
        "2027-08-16T10:30:00+00:00",
    )


def test_a_programme_is_read_in_a_process_apart(tmp_path):
    file = tmp_path / "programme.csv"
    file.write_bytes(text(LINES, HEADER))
    found = apart.read_apart(file)
    assert (found.refused, [line.told["number"] for line in found.sheet.lines]) == (None, ["1", "2", ""])
    file.write_bytes(text((("1", "=HYPERLINK(1)", "", "", "", "", "", ""),), HEADER))
    assert apart.read_apart(file).refused == "formulas"
    file.write_bytes(b"bonjour")
    assert apart.read_apart(file).refused == "no_header"
