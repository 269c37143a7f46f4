"""Numbers in words, and with letters for digits, are found; other figures and words are left."""

import pytest

from base.disguised import without_disguised
from base.hiding import hidden

FOUND = [
    ("Appelez le quatre vingt dix douze trente quatre cinquante six", "Appelez le •••"),
    ("neuf zéro un deux trois quatre cinq six", "•••"),
    ("quatre vingt dix sept douze trente quatre cinquante six", "•••"),
    ("quatre-vingt-douze, zéro six, soixante et onze, soixante dix huit", "•••"),
    ("quatre-vingt-dix / douze / trente-quatre / cinquante-six svp", "••• svp"),
    ("90 douze 34 cinquante six", "•••"),
    ("nonante, douze, 34, 56", "•••"),
    ("deux deux huit neuf zero douze trente quatre cinquante six", "•••"),
    ("nine zero one two three four five six", "•••"),
    ("ninety twelve thirty-four fifty six", "•••"),
    ("90 l2 34 S6", "•••"),
    ("9O_l2_34_S6", "•••"),
    ("mon num : 9O123456 et NEUF ZERO DOUZE TRENTE QUATRE CINQUANTE SIX", "mon num : ••• et •••"),
]
LEFT = [
    "",
    "quatre vingt dix mille",
    "un téléphone neuf, zéro rayure",
    "tailles trente huit, trente neuf, quarante, quarante et un",
    "la série A50 S905 128Go",
    "90 cm x 12 cm x 34 cm x 56 cm",
    "deux sacs de riz et trois de maïs",
    "un deux trois quatre cinq six sept huit neuf",
    "quatre vingt dix\ndouze trente quatre cinquante six",
    "90 12 34 56",  # base.phones finds it
    "dix, douze ou quatorze",
    "nonante douze 34",
]


@pytest.mark.parametrize(("said", "shown"), FOUND)
def test_a_number_in_disguise_is_found(said, shown):
    assert hidden(said) == shown


@pytest.mark.parametrize("said", LEFT)
def test_other_words_and_figures_are_left(said):
    assert without_disguised(said, "•••") == said


@pytest.mark.parametrize("said", ["neuf " * 5000, "9o " * 5000, "\x00" * 99, "et et et " * 500, "²³¹ ٣٤ 9٠", "🙂"])
def test_any_text_is_looked_at(said):
    assert isinstance(without_disguised(said, "•••"), str)
