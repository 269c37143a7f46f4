"""Everyday French words are known, slips are not, and both are told apart by ear."""

import pytest

from base.lexicon import is_french, sounds_french


@pytest.mark.parametrize("word", "ciment peinture velo bague lunettes ordinateur rideaux biere poison".split())
def test_everyday_words_are_french(word):
    assert is_french(word)


@pytest.mark.parametrize("word", "makro tallon sima pawer atieke zzzz xx".split())
def test_slips_are_not(word):
    assert not is_french(word)


def test_a_slip_that_sounds_like_a_french_word_is_heard():
    assert (is_french("brouete"), sounds_french("brouete")) == (False, True)
    assert not sounds_french("pawer")
