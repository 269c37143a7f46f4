"""Units behind a number and behind `de`."""

import pytest

from base.units import counted, is_elided, many


@pytest.mark.parametrize(
    ("units", "unit", "said"),
    [
        (40, "sac", "40 sacs"),
        (1, "sac", "1 sac"),
        (0, "bol", "0 bol"),
        (12, "plateau", "12 plateaux"),
        (3, "bocal", "3 bocaux"),
        (97, "kg", "97 kg"),
        (2, "colis", "2 colis"),
        (5, "sac de 25 kg", "5 sacs de 25 kg"),
        (4, "6 yards", "4 (6 yards)"),
        (2, "pièce", "2 pièces"),
        (7, "", "7"),
    ],
)
def test_so_many_of_a_unit(units, unit, said):
    assert counted(units, unit) == said


def test_a_unit_alone_has_its_plural():
    assert [many(one, 2) for one in ("bol", "seau", "pcs", "m")] == ["bols", "seaux", "pcs", "m"]


@pytest.mark.parametrize(
    ("unit", "is_so"),
    [("unités", True), ("Œufs", True), ("écheveaux", True), ("hectare", True), ("bols", False), ("", False)],
)
def test_what_begins_with_a_vowel_takes_an_apostrophe(unit, is_so):
    assert is_elided(unit) is is_so
