"""An event from a file: what it must hold, what is said of a bad one, and that it is made or mended at once."""

from datetime import date

import pytest

from base.config import ROOT
from base.mappings import read_mapping
from events import opening, programme
from events.described import BadEvent, described, read_event
from events.programme import Partner
from tests.events.event import make_event, make_workshop

EXAMPLE = (ROOT / "OPERATIONS.md").read_text().partition("```yaml\n")[2].partition("```")[0]
LEAST = {"slug": "foire", "name": "Foire", "starts_on": date(2027, 8, 16), "ends_on": date(2027, 8, 17)}


def problems_of(**parts):
    with pytest.raises(BadEvent) as caught:
        described({**LEAST, **parts})
    return caught.value.problems


def written(db, slug):
    one = programme.event_of_slug(db, slug)
    return one, programme.phases(db, one.id), programme.partners(db, one.id)


def test_the_example_of_the_runbook_makes_an_event_that_is_a_draft(db):
    made = opening.put(db, described(read_mapping(EXAMPLE.encode())))
    one, (first, second), partners = written(db, "semaine-du-e-commerce-2027")
    assert (made.event_id, made.is_new, one.state, db.facts) == (one.id, True, "draft", [])
    assert (one.name, one.organiser, one.city) == ("Semaine du e-commerce", "Togo Pride", "Lomé")
    assert (one.place, one.latitude, one.longitude) == ("Siège d'Ecobank, boulevard du Mono", 6.1266, 1.2265)
    assert (one.starts_on, one.ends_on, one.note) == (date(2027, 8, 16), date(2027, 8, 29), "Entrée libre")
    assert (first.position, first.name, first.ends_on) == (1, "Semaine de formation", date(2027, 8, 22))
    assert (second.position, second.starts_on) == (2, date(2027, 8, 23))
    assert partners == (Partner("Ecobank", "accueil et soutien"),)


def test_an_event_of_this_slug_is_mended_and_keeps_its_sessions_and_its_state(db):
    event_id = make_event(db, "semaine-du-e-commerce-2027", "open")
    workshop_id = make_workshop(db, event_id, 3)
    whole = read_mapping(EXAMPLE.encode())
    assert not opening.put(db, described(whole)).is_new
    less = {**whole, "name": "Foire", "pin": None, "note": "", "phases": whole["phases"][1:], "partners": []}
    assert opening.put(db, described(less)) == opening.Put(event_id, False)
    one, phases, partners = written(db, "semaine-du-e-commerce-2027")
    assert (one.id, one.name, one.state, one.latitude, one.note) == (event_id, "Foire", "open", None, "")
    assert [(phase.position, phase.name) for phase in phases] == [(1, "Semaine d'achat en ligne")]
    assert (partners, db.facts) == ((), [])
    assert [each.id for each in programme.programme(db, event_id)] == [workshop_id]


def test_the_least_of_an_event_is_its_names_and_its_days():
    one = described(LEAST)
    assert (one.pin, one.place, one.phases, one.partners) == (None, "", (), ())


@pytest.mark.parametrize(
    ("parts", "problems"),
    [
        ({"slug": "Foire 2027"}, ("slug: it should be small letters, figures and hyphens, like semaine-2027",)),
        ({"name": "  "}, ("name: it should not be empty",)),
        ({"name": 2027}, ("name: Input should be a valid string",)),
        ({"note": "a\x00b"}, ("note: it has a sign that cannot be written",)),
        ({"starts_on": 20270816}, ("starts_on: it should be a day like 2027-08-16",)),
        ({"ends_on": "bientôt"}, ("ends_on: it should be a day like 2027-08-16",)),
        ({"ends_on": date(2027, 8, 15)}, ("ends_on should be starts_on or one of the 365 days after it",)),
        ({"pin": [6.1266]}, ("pin.1: it must be there",)),
        (
            {"pin": [1.2265, 6.1266]},
            ("pin: it lies outside Togo; it should be latitude and longitude in degrees, like [6.1266, 1.2265]",),
        ),
        (
            {"phases": [{"name": "A", "starts_on": date(2027, 8, 15), "ends_on": date(2027, 8, 16)}]},
            ("phases.0 should begin before it ends, within the event's days",),
        ),
        ({"phases": [{"name": "A"}]}, ("phases.0.starts_on: it must be there", "phases.0.ends_on: it must be there")),
        (
            {"partners": ["Ecobank"]},
            ("partners.0: it should be parts with their values, like {name: Ecobank}",),
        ),
        ({"lieu": "Lomé"}, ("lieu: no such part",)),
        (
            {"workshops": []},
            ("workshops: no part of this file; sessions come from a CSV or XLSX file, by `cli.py programme`",),
        ),
        ({"state": "open"}, ("state: no part of this file; see `cli.py event open` and `close`",)),
    ],
)
def test_a_bad_part_is_named_with_what_it_should_be(parts, problems):
    assert problems_of(**parts) == problems


def test_all_that_is_wrong_is_named_at_once():
    assert problems_of(name="", ends_on="x", partners=[{}]) == (
        "name: it should not be empty",
        "ends_on: it should be a day like 2027-08-16",
        "partners.0.name: it must be there",
    )


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"slug: [", "not valid YAML: line 1, column 8"),
        (b"- a", "should be a mapping of an event's parts"),
        ("slug: foire\nname: Caf\u00e9".encode("latin-1"), "not valid YAML: its encoding is not UTF-8"),
    ],
)
def test_a_file_that_is_no_mapping_is_refused(tmp_path, content, problem):
    file = tmp_path / "event.yaml"
    file.write_bytes(content)
    with pytest.raises(BadEvent) as caught:
        read_event(file)
    assert caught.value.problems == (problem,)


def test_a_file_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(BadEvent) as caught:
        read_event(tmp_path / "event.yaml")
    assert caught.value.problems == ("cannot be read: No such file or directory",)
