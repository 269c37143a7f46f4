"""Places of Togo are found under the spellings people use, and asked when two places bear the name."""

import csv
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import base.places
from base.places import (
    CREDIT,
    distance_km,
    find_places,
    is_in_grand_lome,
    is_in_togo,
    is_place,
    nearest,
    place,
    places,
    position,
)

ROWS = list(csv.DictReader(Path(base.places.__file__).with_name("gazetteer.csv").open(encoding="utf-8")))
SPELLINGS = [(row["slug"], name) for row in ROWS for name in (row["name"], *filter(None, row["spellings"].split("|")))]
ASKED = {"attiegou", "atiegou", "kegue", "klikame", "totsi"}


def slugs(found):
    return [candidate.slug for candidate in found.candidates]


def test_the_gazetteer_has_the_quartiers_the_places_outside_and_the_towns():
    kinds = [known.kind for known in places()]
    assert {kind: kinds.count(kind) for kind in set(kinds)} == {"quartier": 115, "outside": 11, "town": 20}
    assert "© OpenStreetMap contributors" in CREDIT


@pytest.mark.parametrize("slug, spelling", SPELLINGS)
def test_every_spelling_finds_its_place(slug, spelling):
    found = find_places(spelling)
    assert slug in slugs(found)
    assert (found.exact is None) == (base.places.fold(spelling) in ASKED)
    assert find_places(spelling.upper()).candidates == found.candidates


@pytest.mark.parametrize(
    "typed, candidates",
    [
        ("Klikamé", ["be-klikame", "klikame-sanguera"]),
        ("Elavagnon", ["tokoin-elavagnon", "agoe-elavagnon"]),
        ("Klévé", ["kleve", "agoe-kleve"]),
        ("Kové", ["sogbossito", "kovie"]),
        ("totsi", ["totsi", "totsi-kpatefi"]),
        ("attiegou", ["attiegou", "attiegouvi"]),
        ("Kegue", ["kegue", "kelegouvi"]),
        ("Aflao", ["aflao-gakli", "sagbado"]),
        ("kpota", ["be-kpota", "akodessewa-kpota"]),
        ("tokoin", ["tokoin-hopital", "tokoin-lycee", "tokoin-forever"]),
        ("je suis à Tokoin", ["tokoin-hopital", "tokoin-lycee", "tokoin-forever"]),
        ("adido", ["adidoadin", "adidogome"]),
        ("adidogome apedokoe", ["adidogome", "apedokoe"]),
    ],
)
def test_a_name_that_several_places_bear_is_asked(typed, candidates):
    found = find_places(typed)
    assert found.exact is None
    assert slugs(found) == candidates


@pytest.mark.parametrize(
    "typed, slug",
    [
        ("Agoè", "agoe-nyive"),
        ("bè", "be"),
        ("Bè Klikamé", "be-klikame"),
        ("agoe klikame", "klikame-sanguera"),
        ("tokoin elavagnon", "tokoin-elavagnon"),
        ("agoè elavagno", "agoe-elavagnon"),
        ("agoe assiyeye", "agoe-assiyeye"),
        ("Agouè zongo", "agoe-zongo"),
        ("quartier Djidjolé", "djidjole"),
        ("côté Avénou", "avenou"),
        ("hopital", "tokoin-hopital"),
        ("adidogmé", "adidogome"),
        ("adidogom", "adidogome"),
        ("hedzranaoe", "hedzranawoe"),
        ("kodjoviacope", "kodjoviakope"),
        ("be kpot", "be-kpota"),
        ("baguda", "baguida"),
        ("Nyekonakpé", "nyekonakpoe"),
        ("kpalimé", "kpalime"),
        ("atakpam", "atakpame"),
        ("hedzra", "hedzranawoe"),
    ],
)
def test_a_name_that_one_place_bears_is_that_place_even_misspelt(typed, slug):
    found = find_places(typed)
    assert found.exact == place(slug)
    assert slugs(found) == [slug]


@pytest.mark.parametrize(
    "typed, slug, rest",
    [
        ("je suis a be kpota derriere la pharmacie", "be-kpota", "derriere la pharmacie"),
        (
            "Avedji carrefour Limousine a coté de la boulangerie",
            "avedji",
            "carrefour Limousine a coté de la boulangerie",
        ),
        ("hedzranawoe non loin du marché portail vert", "hedzranawoe", "non loin du marché portail vert"),
        ("Derrière la pharmacie, à Bè-Kpota", "be-kpota", "Derrière la pharmacie"),
        ("tokoin hopital pres du grand marché", "tokoin-hopital", "pres du grand marché"),
        ("derrière le grand marché à Amoutivé", "amoutive", "derrière le grand marché"),
        ("vous livrez a kara ?", "kara", ""),
        ("agoe telessou", "agoe-nyive", "telessou"),
        ("j'habite Adidogmé vers le lycée", "adidogome", "vers le lycée"),
        ("Lomé, Djidjolé", "djidjole", ""),
        ("bè kpota, à côté de l'école", "be-kpota", "à côté de l'école"),
    ],
)
def test_a_place_is_found_inside_a_sentence_and_the_rest_is_kept(typed, slug, rest):
    found = find_places(typed)
    assert found.exact == place(slug)
    assert found.rest == rest


@pytest.mark.parametrize(
    "typed",
    ["", "xyz", "lome", "chez moi", "derriere la pharmacie", "la maison bleue", "oui", "?", "Paris", "b", "la porte"],
)
def test_what_names_no_place_finds_none(typed):
    found = find_places(typed)
    assert (found.exact, found.candidates, found.rest) == (None, (), typed)


@given(
    st.text(alphabet=st.characters(), max_size=120)
    | st.lists(st.sampled_from(SPELLINGS), max_size=6).map(lambda pairs: " ".join(name for _, name in pairs))
)
def test_any_text_is_read_without_error(text):
    found = find_places(text)
    assert len(found.candidates) <= 3
    assert found.exact is None or found.candidates == (found.exact,)


@pytest.mark.parametrize(
    ("text", "is_one"),
    [("Bè-Kpota", True), ("be kpota", True), ("Agoè", True), ("chez Agoè", False), ("Awa", False), ("", False)],
)
def test_a_place_alone_is_told_from_a_text_that_names_one(text, is_one):
    assert is_place(text) is is_one


def test_the_limit_bounds_what_is_offered():
    assert len(find_places("tokoin", limit=5).candidates) == 5


@pytest.mark.parametrize(
    "slug, latitude, longitude",
    [("be", 6.1427, 1.2485), ("amadahome", 6.1824, 1.1891), ("vakpossito", 6.2477, 1.1878), ("kleve", 6.1647, 1.2223)],
)
def test_a_place_without_a_point_stands_in_the_middle_of_its_commune(slug, latitude, longitude):
    assert position(place(slug)) == (pytest.approx(latitude, abs=1e-4), pytest.approx(longitude, abs=1e-4))


def test_every_place_has_a_position_in_togo():
    assert [known.slug for known in places() if not is_in_togo(*position(known))] == []


@pytest.mark.parametrize(
    "slug, km", [("tsevie", 33), ("aneho", 42), ("kpalime", 108), ("sokode", 318), ("kara", 381), ("cinkasse", 569)]
)
def test_distances_from_lome_are_those_of_the_map(slug, km):
    assert distance_km(6.1304, 1.2158, *position(place(slug))) == pytest.approx(km, abs=1.5)


def test_distance_is_zero_at_home_and_half_the_globe_at_most():
    assert distance_km(6.1, 1.2, 6.1, 1.2) == 0
    assert distance_km(0, 0, 0, 180) == pytest.approx(20015, abs=1)


def test_a_pin_is_near_the_place_it_stands_on():
    assert nearest(6.1880, 1.1811).slug == "avedji"
    assert nearest(9.6, 1.2).slug == "kara"


@pytest.mark.parametrize(
    "latitude, longitude, in_togo, in_lome",
    [
        (6.13, 1.22, True, True),
        (9.55, 1.18, True, False),
        (48.85, 2.35, False, False),
        (6.05, 1.22, False, False),
        (float("nan"), 1.2, False, False),
    ],
)
def test_pins_are_checked_against_the_boxes(latitude, longitude, in_togo, in_lome):
    assert is_in_togo(latitude, longitude) is in_togo
    assert is_in_grand_lome(latitude, longitude) is in_lome


def test_an_unknown_slug_is_an_error():
    with pytest.raises(KeyError):
        place("atlantide")
