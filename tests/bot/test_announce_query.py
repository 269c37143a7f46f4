"""Whom an organizer means by more than a role and a place: read from his words, told back, and counted so."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.broadcasts import drafts
from bot.broadcasts.audience import Audience
from bot.broadcasts.telling import audience_words
from bot.dialogs.organizer import announce_narrowing, announce_words
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
        ("vendeurs qui n'ont rien écrit depuis 10 jours", {"not_seen_days": 10}),
        ("vendeurs absents depuis une semaine", {"not_seen_days": 7}),
        ("clients sans nouvelles depuis un mois", {"not_seen_days": 30}),
        ("acheteurs qui ne sont pas venus depuis 3 jours", {"not_seen_days": 3}),
        ("vendors who have not been seen for 10 days", {"not_seen_days": 10}),
        ("vendeurs qui n'ont rien vendu depuis 10 jours", {}),
        ("vendeurs qui n'ont pas publié depuis 10 jours", {}),
        ("inscrits absents", {}),
        ("clients inactifs depuis 2 semaines", {"not_seen_days": 14}),
        ("tous sauf ceux en conversation", {"skip_talking": True}),
        ("acheteurs sauf ceux qui ont une plainte", {"skip_complaint": True}),
        ("vendeurs pas prévenus depuis 3 jours", {"skip_told_days": 3}),
        (
            "clients qui ont commandé, sauf les plaintes et ceux déjà prévenus cette semaine",
            {"ordered": True, "skip_complaint": True, "skip_told_days": 7},
        ),
        ("clients sans plainte", {"skip_complaint": True}),
        ("vendeurs excepté ceux en conversation", {"skip_talking": True}),
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


@pytest.mark.parametrize(
    "whom",
    (
        "aux vendeurs sauf ceux de Kara",
        "aux acheteurs hors Lomé",
        "aux acheteurs en dehors de Lomé",
        "à tous sauf les vendeurs",
        "aux vendeurs à l'exception de ceux de Kara",
        "aux vendeurs excepté Kara",
        "aux vendeurs pas ceux de Kara",
        "aux vendeurs sans ceux de Kara",
        "aux acheteurs qui n'habitent pas à Lomé",
        "à tous sauf les vendeurs qui ont une plainte",
        "à tous sauf ceux qui n'ont pas de plainte",
        "aux acheteurs sauf les plaintes et ceux de Kara",
        "to vendors except those of Kara",
    ),
)
def test_whom_nobody_can_leave_out_is_asked_and_never_told_alone(db, config, market, whom):
    scene = Announcers(db, config)
    scene.people(2)
    akouvi = scene.organizer()
    akouvi.says(f"annonce {whom}: réunion")
    assert akouvi.keys == ["organizer.ann_who_unread", "organizer.ann_who"]
    assert db.value("select count(*) from broadcast") == 0
    akouvi.says("les acheteurs")
    akouvi.says("partout")
    assert akouvi.words.startswith("réunion\n\nPour ne plus recevoir d'annonces, écrivez STOP.")
    assert "📣 Pour les acheteurs : 2 personnes." in akouvi.words


@pytest.mark.parametrize(
    "whom",
    (
        "aux vendeurs qui n'ont pas mis de produits",
        "aux vendeurs non vérifiés",
        "aux vendeurs qui n'ont rien vendu depuis 10 jours",
        "aux vendeurs qui n'ont pas publié depuis 10 jours",
        "aux nouveaux vendeurs",
        "aux acheteurs qui ont un panier en attente",
        "aux acheteurs dont le panier est plein",
        "aux acheteurs absents",
        "aux inscrits qui ne sont pas venus",
        "aux inscrits de l'atelier 3 qui ne sont pas venus",
        "aux vendeurs qui sont inscrits à l'atelier 3",
        "aux acheteurs qui ont commandé et qui habitent à Zoblo",
        "o vdr ki n'ont pas mis de produits",
        "to vendors who are not verified",
    ),
)
def test_what_narrows_people_and_is_not_read_is_asked_and_is_no_everybody(db, config, market, whom):
    scene = Announcers(db, config)
    akouvi = scene.organizer()
    akouvi.says(f"annonce {whom}: réunion")
    assert akouvi.keys == ["organizer.ann_who_unread", "organizer.ann_who"]
    assert db.value("select count(*) from broadcast") == 0


@pytest.mark.parametrize(
    "whom",
    (
        "aux vendeurs qui ont un panier",
        "aux vendeurs non vérifiés",
        "aux vendeurs sauf ceux de Kara",
        "à ceux qui n'ont pas lu le message",
    ),
)
def test_a_clause_of_whom_it_is_for_is_no_text(db, config, market, whom):
    scene = Announcers(db, config)
    akouvi = scene.organizer()
    akouvi.says(f"annonce {whom}")
    assert akouvi.keys == ["organizer.ann_who_unread", "organizer.ann_who"]
    akouvi.says("tous")
    assert akouvi.keys == ["organizer.ann_text"]


def test_a_clause_that_is_read_narrows_it_and_the_text_is_asked(db, config, market):
    scene = Announcers(db, config)
    scene.people(2)
    scene.people(1, hours=24 * 11)
    akouvi = scene.organizer()
    akouvi.says("annonce aux acheteurs qui n'ont jamais commandé")
    assert akouvi.keys == ["organizer.ann_text"]
    akouvi.says("revenez")
    assert "📣 Pour les acheteurs, sans aucune commande : 3 personnes." in akouvi.words


def test_who_has_written_nothing_for_some_days_is_meant_however_it_is_said(db, config, market):
    scene = Announcers(db, config)
    scene.people(2, hours=24 * 8, vendor=market["rice"].vendor_id)
    scene.people(3, hours=24 * 11, vendor=market["rice"].vendor_id)
    scene.people(4, vendor=market["rice"].vendor_id)
    akouvi = scene.organizer()
    akouvi.says("annonce aux vendeurs qui n'ont rien écrit depuis 10 jours: revenez")
    assert "📣 Pour les vendeurs, silencieux depuis 10 jours : 3 personnes." in akouvi.words
    akouvi.says("vendeurs absents depuis une semaine")
    assert "📣 Pour les vendeurs, silencieux depuis 7 jours : 5 personnes." in akouvi.words


@pytest.mark.parametrize(
    ("sentence", "text"),
    (
        ("dis aux vendeurs que sans badge personne n'entre", "sans badge personne n'entre"),
        ("annonce aux vendeurs: qui vient demain ?", "qui vient demain ?"),
        ("annonce aux vendeurs sans exception: venez", "venez"),
        ("annonce aux vendeurs avec la photo: venez", "venez"),
        ('annonce aux vendeurs "venez sans stock"', "venez sans stock"),
        ("annonce aux vendeurs sauf ceux en conversation: venez", "venez"),
        ("annonce aux vendeurs qui habitent à Lomé: venez", "venez"),
    ),
)
def test_words_that_narrow_nothing_or_are_read_are_not_asked_about(db, config, market, sentence, text):
    scene = Announcers(db, config)
    scene.people(1, vendor=market["rice"].vendor_id)
    akouvi = scene.organizer()
    akouvi.says(sentence)
    assert akouvi.words.startswith(f"{text}\n\nPour ne plus recevoir d'annonces, écrivez STOP.\n\n📣 Pour les vendeurs")
    assert " : 1 personne.\n" in akouvi.words


@pytest.mark.parametrize("opening", ["annonce: ", "nouvelle annonce : ", "anonce\n"])
def test_an_announcement_whose_words_are_told_at_once_asks_for_whom_it_is(db, config, market, opening):
    scene = Announcers(db, config)
    scene.people(1, vendor=market["rice"].vendor_id)
    akouvi = scene.organizer()
    akouvi.says(f"{opening}le marché ouvre à 8h samedi")
    assert akouvi.keys == ["organizer.ann_who"]
    akouvi.says("vendeurs")
    assert akouvi.words.startswith("le marché ouvre à 8h samedi\n\nPour ne plus recevoir d'annonces, écrivez STOP.")
    assert "📣 Pour les vendeurs : 1 personne." in akouvi.words


def test_at_the_summary_what_is_not_read_is_asked_and_a_no_leaves_whom_it_was_for(db, config, market):
    scene = Announcers(db, config)
    scene.people(2)
    akouvi = scene.organizer()
    akouvi.goes("annonce aux acheteurs: venez", "aux vendeurs sauf ceux de Kara")
    assert akouvi.keys == ["organizer.ann_who_unread", "organizer.ann_who"]
    akouvi.says("vendeurs hors Kara")
    assert akouvi.keys == ["organizer.ann_who_unread", "organizer.ann_who"]
    akouvi.says("non")
    assert akouvi.words.startswith("📣 Pour les acheteurs : 2 personnes.")
    assert db.rows("select texts, state from broadcast") == [({"fr": "venez"}, "draft")]


def test_what_was_left_of_another_announcement_is_not_taken_for_the_next_one(db, config, market):
    scene = Announcers(db, config)
    scene.people(2)
    akouvi = scene.organizer()
    akouvi.goes("annonce aux acheteurs: venez", "[Changer l'audience]", "[Les vendeurs]", "partout")
    akouvi.goes("annonce aux vendeurs sauf ceux de Kara: réunion", "non")
    assert akouvi.keys[0] == "organizer.ann_dropped"


@given(st.text(max_size=300))
def test_what_is_not_read_is_looked_for_in_any_words_at_all(words):
    assert all(isinstance(clause, str) for clause in announce_narrowing.unread(f"vendeurs qui {words}"))
    assert announce_narrowing.is_clause(words) in (True, False)
