"""What sounds alike has one key, and what sounds otherwise has not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from base.sound import sound_of


@pytest.mark.parametrize(
    "words",
    [
        "livraison livrezon livreson livrezons",
        "livrez livrer livre",
        "combien konbien kombien",
        "commande komande comende",
        "comment koman comman",
        "panier pannier panye",
        "quartier kartier cartier",
        "chaussures chosure chossure",
        "adresse adresses adressee",
        "remboursement rembourcement",
        "boutique boutik",
        "encore ankor encor",
        "gateau gato",
        "pourquoi pourkoi",
        "photo foto",
        "moi mwa",
        "vendez vende vender",
        "demain demin",
    ],
)
def test_ways_of_writing_one_word_by_ear_have_one_key(words):
    assert len({sound_of(word) for word in words.split()}) == 1, [(word, sound_of(word)) for word in words.split()]


@pytest.mark.parametrize("words", ["pagne panne", "savon salon", "riz prix", "tomate tomber"])
def test_words_that_sound_otherwise_have_keys_of_their_own(words):
    assert len({sound_of(word) for word in words.split()}) == 2


@given(st.text(max_size=40))
def test_any_word_at_all_has_a_key(word):
    assert isinstance(sound_of(word), str)
