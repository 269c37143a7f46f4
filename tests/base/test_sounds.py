"""Words that sound alike have one key, and words that do not have two."""

import pytest

from base import lexicon
from base.sounds import loose_sound, sound, sounds, sounds_of_all

ALIKE = (
    "alokko aloko|ponpe pompe|ris riz|aricot haricots|kouche couches|igienik hygieniques|menaj menage|pimen piment"
    "|gato gateau|primere primaire|protektion protection|repace repasser|kante kente|bouyoire bouilloire"
    "|vantilateur ventilateur|parfun parfum|tapyoka tapioca|ouagashi wagashi|yahourt yaourt|olande hollandais"
    "|cor corps|ber beurre|telefone telephone|plak plaque|crevete crevettes|foular foulard|charjeur chargeur"
    "|beuf boeuf|oeuf oeufs|maiis mais|fumer fume|montr montre|sak sac|phote fotte"
    "|livraison livrezon|livreson livrezons|livrez livrer|combien konbien|commande komande|comment koman|panier pannier"
    "|quartier kartier|adresse adressee|remboursement rembourcement|boutique boutik|encore ankor|pourquoi pourkoi"
    "|moi mwa|vendez vende|demain demin"
).split("|")
APART = (
    "ciment piment|peinture ceinture|pagne panne|savon salon|riz prix|tomate tomber"
    "|vin fin|billet ballot|velo voile|canard cahiers|poulet poule|riz mil"
).split("|")


@pytest.mark.parametrize("pair", ALIKE)
def test_what_sounds_alike_has_one_key(pair):
    one, other = pair.split()
    assert sound(one) == sound(other)


@pytest.mark.parametrize("pair", [pair for pair in APART if pair != "poulet poule"])
def test_what_sounds_otherwise_has_another_key(pair):
    one, other = pair.split()
    assert sound(one) != sound(other)


@pytest.mark.parametrize("typed, meant", [("pom", "pomme"), ("arachid", "arachide"), ("chemiz", "chemise")])
def test_a_mute_end_may_be_left_out(typed, meant):
    assert sound(meant) in sounds(typed)


@pytest.mark.parametrize("pair", ["makro maquereau", "poison poisson", "chausure chaussures"])
def test_the_coarse_key_passes_over_mute_vowels_and_voiced_sounds(pair):
    one, other = pair.split()
    assert sound(one) != sound(other)
    assert loose_sound(one) == loose_sound(other) != ""


@pytest.mark.parametrize("word", ["", "25", "64go", "a", "ii", "eee", "hhh", "qqqqqqqq", "zzzz"])
def test_any_word_has_a_key_and_none_fails(word):
    assert isinstance(sound(word), str)
    assert isinstance(loose_sound(word), str)
    assert sound("64go") == "64go"


def test_many_words_at_once_have_the_keys_that_each_has_by_itself():
    words = sorted(word for word in lexicon._words() if word.isalpha())
    assert len(words) > 20_000
    assert sounds_of_all(words) == [sound.__wrapped__(word) for word in words]
    assert sounds_of_all([]) == []
