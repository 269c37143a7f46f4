"""Words cut to a length."""

import pytest

from base.shortening import shorten


@pytest.mark.parametrize(
    "words, most, cut",
    [
        ("Riz parfumé", 11, "Riz parfumé"),
        ("Riz parfumé", 10, "Riz parfu…"),
        ("Riz parfumé", 5, "Riz…"),
        ("Riz", 1, "…"),
        ("Riz", 0, ""),
        ("", 0, ""),
    ],
)
def test_words_are_cut_to_the_length_there_is_and_say_so(words, most, cut):
    assert shorten(words, most) == cut
