"""Guesses: learned from phrases and examples, never as sure as a phrase, never of words that nobody taught."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.understanding import INTENTS, guessed, phrased
from bot.understanding.guessing import SEVERAL, WEIGHTS, guess, is_another_word, model, read_model
from bot.understanding.message import read_message
from bot.understanding.traits import tokens_of, traits
from tests.learning.__main__ import digest
from tests.learning.speaking import messages

FRENCH = sorted(
    {
        word
        for role in ("buyer", "vendor")
        for word in (WEIGHTS / f"{role}_seen.txt").read_text("utf-8").split("\n")[1:-1]
    }
)
"""Everyday words that one of two roles has learned: of these the other has learned few."""


@pytest.mark.parametrize(
    "role, name",
    [
        *((role, name) for role in ("buyer", "vendor") for name in ("{}.txt", "{}_words.txt", "{}_seen.txt")),
        *(("organizer", name) for name in ("{}.txt", "{}_seen.txt")),
    ],
)
def test_the_weights_are_learned_from_what_stands_here(role, name):
    first = (WEIGHTS / name.format(role)).read_text("utf-8").partition("\n")[0]
    assert first == f"# learned from {digest(role)}", "run: python -m tests.learning"


@pytest.mark.parametrize("role", INTENTS)
def test_every_intent_of_a_role_and_the_unknown_are_learned(role):
    more = {SEVERAL} if role == "vendor" else set()
    assert set(model(role).intents) == {*INTENTS[role], "unknown", *more}
    assert min(len(said) for said in messages(role, 0).values()) >= 100


def test_a_role_that_has_learned_nothing_guesses_nothing():
    assert guess("rider", read_message("combien de visiteurs", 80)) == {}


@pytest.mark.parametrize(
    ("message", "intent", "slots"),
    [
        ("je suis devant la maison depuis 14h le livreur ne décroche pas", "track", {}),
        ("y a pas moyen d'avoir ça pour 5000", "negotiate", {"price": 5000}),
        ("on m'a déjà eu sur internet j'ai peur d'envoyer mon argent", "ask_trust", {}),
        ("les oeufs étaient presque tous cassés", "complain", {}),
        ("ça tourne et ça dit transaction échouée", "payment_problem", {}),
        ("notez mon numéro et dites moi quand le gari arrive", "alert_me", {"product": "gari"}),
    ],
)
def test_what_no_phrase_says_is_guessed_by_its_words(message, intent, slots):
    heard = guessed("buyer", message)
    assert [(h.intent, dict(h.slots)) for h in heard] == [(intent, slots)]
    assert 0.25 <= heard[0].confidence <= 0.85


@pytest.mark.parametrize(
    ("role", "word", "intent", "confidence"),
    [
        ("vendor", "peut-être", "payout_info", 0.5937),  # `peut` sounds like `paye`
        ("vendor", "papa", "deny", 0.2034),
        ("vendor", "beaucoup", "thanks", 0.5667),
        ("vendor", "argent", "payout_info", 0.85),
    ],
)
def test_a_guess_of_few_words_is_as_sure_as_they_are_known_to_stand_so(role, word, intent, confidence):
    (heard,) = guessed(role, word)
    assert (heard.intent, round(heard.confidence, 4)) == (intent, confidence)


@pytest.mark.parametrize("word", ["hurlait", "faille", "nue", "ensuite", "correction", "girafe"])
def test_a_french_word_that_nobody_taught_is_never_heard_as_one_that_sounds_like_it(word):
    assert [(h.intent, h.confidence) for h in guessed("buyer", word)] in ([], [("search", 0.3)])
    assert max((h.confidence for h in guessed("vendor", word)), default=0.0) < 0.6


@pytest.mark.parametrize("role", ["buyer", "vendor"])
def test_no_french_word_is_likely_alone_that_no_message_has_and_none_begins_like(role):
    lone = [word for word in FRENCH if is_another_word(role, word)]
    assert len(lone) > 100
    assert [word for word in lone if any(h.confidence >= 0.6 for h in guessed(role, word))] == []


def test_bare_goods_are_a_hunch_that_moves_nobody():
    assert [(h.intent, dict(h.slots), h.confidence) for h in guessed("buyer", "attiéké")] == [
        ("search", {"product": "attiéké"}, 0.3)
    ]
    assert phrased("buyer", "attiéké") == ()


def test_figures_alone_are_not_guessed():
    assert guessed("buyer", "12345") == ()


def test_a_message_is_seen_as_sounds_kinds_of_figures_and_own_words():
    tokens = tokens_of("je cherche un frigo 25kg a agoe 90123456 ## 1500 17h".split(), {"Je", "SerS", "I", "a"})
    assert tokens == ["Je", "SerS", "I", "*", "#u", "a", "@", "#t", "*", "#4", "#h"]
    of_words = ["a", "*", "^ a", "a *", "* $", "^ _ *", "a _ $", "%1", "?"]
    assert traits(["a", "frigo"], ["a", "*"], is_asked=True) == [
        *of_words, ".<a>", ".<fr", ".fri", ".riG", ".iGo", ".Go>", ".<fri", ".friG", ".riGo", ".iGo>"
    ]  # fmt: skip


def test_a_model_reads_what_was_written():
    read = read_model("# learned from x\n=ask\t0:50\n=buy\t0:-50\nriz\t1:200\n^ riz\t0:-100 1:100\n")
    assert (read.intents, read.bias, read.known) == (("ask", "buy"), (0.5, -0.5), frozenset({"riz"}))
    assert read.scores(["riz", "^ riz", "nobody says"]) == [-100, 300]
    assert read.shares(["riz", "^ riz"]) == pytest.approx([0.0474, 0.9526], abs=1e-4)


@given(st.text(max_size=200))
def test_any_text_at_all_is_guessed_or_not(text):
    assert all(h.intent in INTENTS["buyer"] and 0 < h.confidence <= 0.85 for h in guessed("buyer", text))
