"""Places as organizers name them: one name may stand for many quarters, and is said back as that name."""

import pytest

from bot.broadcasts.zones import is_name, name_in, zone_of, zone_words

AGOE = "agoe-nyive agoe-assiyeye agoe-demakpoe agoe-fiovi agoe-kitidjan agoe-zongo agoe-elavagnon agoe-kleve".split()
BE = "be be-ahligo be-apeyeme be-hedje be-kpota be-klikame".split()


@pytest.mark.parametrize(
    ("words", "count", "has", "said"),
    [
        ("Lomé", 115, "be", "Lomé"),
        ("grand lomé", 115, "agoe-nyive", "Lomé"),
        ("golfe 3", 8, "lome-ii", "Golfe 3"),
        ("agoè nyivé", 21, "legbassito", "Agoè-Nyivé"),
        ("tokoin", 11, "tokoin-hopital", "Tokoin"),
        ("tokoin hôpital", 1, "tokoin-hopital", "Tokoin-Hôpital"),
        ("bè kpota", 1, "be-kpota", "Bè-Kpota"),
        ("kara", 1, "kara", "Kara"),
        ("ailleurs", 0, None, ""),
    ],
)
def test_a_zone_is_read_from_the_name_of_the_town_a_commune_several_quarters_or_one_place(words, count, has, said):
    slugs = zone_of(words)
    assert len(slugs) == count
    assert (has in slugs) is bool(has)
    assert zone_words(slugs) == said


def test_the_quarters_that_bear_a_name_are_meant_by_it():
    assert sorted(zone_of("Agoè")) == sorted(AGOE)
    assert sorted(zone_of("bè")) == sorted(BE)
    assert "kara" not in zone_of("Lomé")


def test_a_name_is_found_behind_other_words():
    assert name_in("vendeurs d'agoe") == "Agoè"
    assert name_in("seulement à Tokoin") == "Tokoin"
    assert name_in("acheteurs de bè kpotta") == "Bè-Kpota"
    assert name_in("vendeurs de Lomé") == "Lomé"
    assert name_in("tout le monde") == name_in("") == ""
    assert (is_name("tokoin"), is_name("à tokoin"), is_name("kara")) == (True, False, False)


def test_several_places_are_said_by_the_names_that_stand_for_most():
    assert zone_words([*zone_of("bè"), "kara", *zone_of("tokoin")]) == "Bè, Kara, Tokoin"
    assert zone_words(["be-kpota", "kara"]) == "Bè-Kpota, Kara"
    assert zone_words([*zone_of("Lomé"), "kara"]) == "Lomé, Kara"
    assert zone_words(["kara", "sokode", "tsevie", "be-kpota"]) == "Kara, Sokodé, Tsévié…"
    assert zone_words([]) == ""


def test_a_name_that_several_bear_is_heard_however_it_is_spelled_and_one_of_two_others_is_not():
    assert (name_in("à Tookoin"), name_in("tokoin")) == ("Tokoin", "Tokoin")
    assert zone_of("tookoin") == zone_of("Tokoin")
    assert (name_in("kpota"), zone_of("kpota")) == ("", ())
