"""Words written by ear or run together are read as the words of phrases, where no phrase has them."""

import pytest

from bot.understanding import phrased
from bot.understanding.mending import frame_of, mended
from bot.understanding.message import read_message

FRAME = frame_of("livrez vous combien livraison je cherche autres un une disponible remboursement".split())


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("livré vou", "livrez vous"),
        ("livrezon", "livraison"),
        ("kombien", "combien"),
        ("dautres", "d autres"),
        ("dune", "d une"),
        ("jecherche", "je cherche"),
        ("disponibel", "disponible"),
        ("gari fin", "gari fin"),
    ],
)
def test_a_word_is_read_as_it_sounds(typed, read):
    assert mended(read_message(typed, 80), FRAME).joined().strip() == read


def test_slots_keep_the_words_as_typed():
    heard = phrased("buyer", "je shersh gari blanc")
    assert [(h.intent, dict(h.slots)) for h in heard] == [("search", {"product": "gari blanc"})]
    assert heard[0].confidence == pytest.approx(0.9025)
