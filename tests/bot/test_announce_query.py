"""Whom an organizer means by more than a role and a place: read from his words, told back, and counted so."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.broadcasts import drafts
from bot.broadcasts.audience import Audience
from bot.broadcasts.telling import audience_words
from bot.dialogs.organizer import announce_words
from bot.dialogs.organizer.announce_query import read_query
from tests.bot.announcers import Announcers


@pytest.mark.parametrize(
    "words, query",
    [
        ("acheteurs qui ont commandé", {"ordered": True}),
        ("acheteurs qui ont acheté depuis 15 jours", {"ordered": True, "ordered_days": 15}),
        ("clients qui n'ont jamais commandé", {"ordered": False}),
        ("acheteurs jamais commandé", {"ordered": False}),
        ("acheteurs de riz qui ont commandé", {"ordered": True, "goods": "riz"}),
        ("ceux qui n'ont pas commandé depuis 15 jours", {"ordered": False, "ordered_days": 15}),
        ("clients qui n'ont rien acheté depuis un mois", {"ordered": False, "ordered_days": 30}),
        ("clients anglophones", {"language": "en"}),
        ("tous sur Messenger", {"channel": "messenger"}),
        ("vendeurs sur whatsapp", {"channel": "whatsapp"}),
        ("vendeurs de pagnes", {"goods": "pagnes"}),
        ("vendeurs qui vendent du riz", {"goods": "riz"}),
        ("vendeurs de Lomé", {}),
        ("vendeurs de Baguida", {}),
        ("vendeurs de la semaine", {}),
        ("acheteurs pas vus depuis un mois", {"not_seen_days": 30}),
        ("clients inactifs depuis 2 semaines", {"not_seen_days": 14}),
        ("tous sauf ceux en conversation", {"skip_talking": True}),
        ("acheteurs sauf ceux qui ont une plainte", {"skip_complaint": True}),
        ("vendeurs pas prévenus depuis 3 jours", {"skip_told_days": 3}),
        (
            "clients qui ont commandé, sauf les plaintes et ceux déjà prévenus cette semaine",
            {"ordered": True, "skip_complaint": True, "skip_told_days": 7},
        ),
        ("inscrits de l'atelier 3", {}),
    ],
)
def test_what_narrows_an_audience_is_read_from_its_words(words, query):
    assert read_query(words) == query


@given(st.text(max_size=300))
def test_any_words_at_all_give_fields_of_an_audience(words):
    query = read_query(words)
    Audience(**{name: value for name, value in query.items() if name != "goods"})
    assert all(value or value is False for value in query.values())


def test_an_audience_is_told_with_all_that_narrows_it():
    asked = Audience("buyers", ordered=True, ordered_days=15, channel="whatsapp", language="en", skip_complaint=True)
    assert audience_words("fr", asked) == (
        "les acheteurs, en anglais, WhatsApp, ayant commandé depuis 15 jours, sauf plaintes ouvertes"
    )
    assert audience_words("fr", Audience(ordered=False, ordered_days=15)) == (
        "tout le monde, sans commande depuis 15 jours"
    )
    assert audience_words("en", Audience("vendors", category="mode", not_seen_days=1, skip_talking=True)) == (
        "vendors, section mode, silent for 1 day, not in conversation"
    )


def test_a_sentence_reaches_only_those_it_names_and_the_summary_says_so(db, config, market):
    scene = Announcers(db, config)
    scene.people(3)
    scene.people(2, hours=40)
    akouvi = scene.organizer()
    akouvi.says("annonce aux acheteurs pas vus depuis 1 jour, sauf les plaintes: revenez nous voir")
    assert "📣 Pour les acheteurs, silencieux depuis 1 jour, sauf plaintes ouvertes : 2 personnes." in akouvi.words
    row = db.value("select max(id) from broadcast")
    made = drafts.read(db, row)
    assert made.draft.audience == Audience("buyers", not_seen_days=1, skip_complaint=True)
    assert made.people == 2


def test_goods_that_name_no_section_are_asked_about_and_another_audience_forgets_what_narrowed_it(db, config, market):
    scene = Announcers(db, config)
    scene.people(2)
    akouvi = scene.organizer()
    akouvi.says("annonce aux acheteurs de zoblo qui n'ont jamais commandé: venez")
    assert akouvi.words.endswith("Où sont ces personnes ?")
    akouvi.says("partout")
    assert "📣 Pour les acheteurs, sans aucune commande : 2 personnes." in akouvi.words
    akouvi.says("Changer l'audience")
    akouvi.says("tous")
    assert "📣 Pour tout le monde : " in akouvi.words
    assert "commandé" not in akouvi.words


@pytest.mark.parametrize(
    "sentence",
    ["annonce aux acheteurs de Zoblo: venez", "annonce aux clients qui habitent à Zoblo : venez"],
)
def test_a_place_that_nobody_knows_is_not_everywhere(db, config, market, sentence):
    scene = Announcers(db, config)
    scene.people(2)
    akouvi = scene.organizer()
    akouvi.says(sentence)
    assert akouvi.words.endswith("Où sont ces personnes ?")
    akouvi.says("zoblo")
    assert akouvi.words.startswith("Je ne connais pas ce quartier.")
    akouvi.says("partout")
    assert "📣 Pour les acheteurs : 2 personnes." in akouvi.words


@pytest.mark.parametrize(
    "words", ["acheteurs de la semaine", "clients de tout le Togo", "vendeurs en éwé", "aux clients"]
)
def test_what_names_no_place_asks_for_none(words):
    assert not announce_words.is_somewhere(words)
    assert "goods" not in read_query(words)
