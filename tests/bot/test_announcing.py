"""An organizer announces from his chat: what is asked, what he sees before his OUI, and what that does."""

from datetime import UTC, date, datetime

import pyotp
import pytest

from base.clock import now
from bot import second_factor
from bot.broadcasts import history, sending
from bot.dialogs.organizer import announce_words
from bot.messages import Media
from tests.bot.announcers import Announcers

SUMMARY = (
    "📣 Pour les vendeurs, Lomé : 5 personnes.\nWhatsApp 5\nGratuit : 3. Payant, hors des 24 h : 2.\n"
    "4 personnes ne la recevront pas : 4 ne veulent pas d'annonces.\nCoût estimé : 41\u00a0F\u00a0CFA.\n"
    "Envoi : tout de suite.\nJamais la nuit, deux par semaine au plus.\nQue souhaitez-vous faire ?"
)
WAYS = [
    *("Envoyer", "Changer le texte", "Changer l'audience", "Choisir l'heure", "Sans ces limites", "Abandonner"),
]
STATE = "select state, people, due_at, repeat, repeat_until from broadcast order by id desc limit 1"


@pytest.fixture
def scene(db, config, market):
    """Five vendors of Lomé who may be told, two of them by template, and four who want no announcements."""
    scene = Announcers(db, config)
    shop = market["rice"].vendor_id
    scene.people(3, vendor=shop)
    scene.people(2, hours=40, vendor=shop)
    scene.people(4, wants=False, vendor=shop)
    return scene


@pytest.fixture
def akouvi(scene):
    """The organizer who announces."""
    return scene.organizer()


def broadcast(db):
    return db.one(STATE)


def test_a_whole_sentence_is_shown_as_people_see_it_and_summed_up_and_nothing_is_sent_before_the_yes(akouvi, db):
    akouvi.says("annonce aux vendeurs de Lomé: atelier demain 9h")
    assert akouvi.words == f"atelier demain 9h\n\nPour ne plus recevoir d'annonces, écrivez STOP.\n\n{SUMMARY}"
    assert akouvi.titles == WAYS
    assert broadcast(db)[:2] == ("draft", 5)
    assert db.value("select count(*) from outbox") == 0
    akouvi.says("envoie")
    assert akouvi.words.startswith("C'est parti, annonce 101 pour les vendeurs, Lomé : 5 personnes.")
    assert broadcast(db)[:2] == ("scheduled", 5)
    assert sending.begin_due(db, akouvi.config) == 1
    assert db.rows("select state, count(*) from broadcast_recipient group by 1 order by 1") == [
        ("planned", 5),
        ("skipped", 4),
    ]


def test_what_is_missing_is_asked_one_by_one(akouvi, db):
    akouvi.says("annonce")
    assert akouvi.keys == ["organizer.ann_who"]
    assert akouvi.titles == ["Tout le monde", "Les vendeurs", "Les acheteurs", "Les inscrits"]
    akouvi.says("trois cents")
    assert akouvi.keys == ["organizer.ann_who_missed", "organizer.ann_who"]
    akouvi.says("[Les vendeurs]"[1:-1])
    assert akouvi.keys == ["organizer.ann_where"]
    akouvi.says("lomé")
    assert akouvi.keys == ["organizer.ann_text"]
    akouvi.says("x" * 790)
    assert akouvi.keys == ["organizer.ann_preview", "organizer.ann_summary"]
    assert akouvi.words.endswith(SUMMARY)


def test_words_that_are_too_long_are_said_so_and_what_was_there_stays(akouvi, db):
    akouvi.goes("annonce aux vendeurs de Lomé: bonjour", "[Changer le texte]", "1", "x" * 801)
    assert akouvi.keys == ["organizer.ann_long", "organizer.ann_text"]
    assert "Actuellement : « bonjour »" in akouvi.words


def test_each_language_has_its_own_words_and_ewe_stands_below_the_french(akouvi, db):
    akouvi.goes("annonce aux vendeurs de Lomé: bonjour", "[Changer le texte]", "anglais", "good morning")
    assert akouvi.words.startswith("good morning\n\nTo get no more announcements, write STOP.")
    assert "Textes : français, anglais." in akouvi.words
    akouvi.goes("changer le texte", "éwé", "ŋdi na mi")
    assert db.value("select texts from broadcast") == {"fr": "bonjour\n\nŋdi na mi", "en": "good morning"}


def test_a_photo_with_words_asks_for_whom_it_is(akouvi):
    akouvi.brings(text="merci a tous les participants, rdv demain 🙏", media=(Media("image", "reference"),))
    assert akouvi.keys == ["organizer.ann_who"]
    akouvi.goes("vendeurs de Lomé")
    assert akouvi.words.startswith("merci a tous les participants, rdv demain 🙏\n\nPour ne plus")


def test_a_day_below_a_photo_is_its_text_and_not_when_it_leaves(akouvi):
    akouvi.brings(text="rdv demain au siège 🙏", media=(Media("image", "reference"),))
    assert akouvi.keys == ["organizer.ann_who"]
    akouvi.goes("vendeurs de Lomé")
    assert akouvi.words.startswith("rdv demain au siège 🙏\n\nPour ne plus")
    assert "Envoi : tout de suite." in akouvi.words


def test_a_voice_note_is_answered_by_whom_it_is_for(akouvi):
    akouvi.sends("audio")
    assert akouvi.keys == ["organizer.ann_who"]
    akouvi.says("envoie ca aux vendeurs")
    assert akouvi.keys == ["organizer.ann_text"]  # in this chat no file is kept: words are asked for


def test_an_hour_may_be_told_before_and_after_and_is_lomes(akouvi, db):
    akouvi.goes("prévu 18h: rappel session sécurité demain 8h30", "vendeurs de Lomé", "oui")
    assert akouvi.keys[0] == "organizer.ann_planned"
    assert akouvi.words.startswith("Annonce 101 prévue le 01/12 à 18h00, pour les vendeurs, Lomé.")
    akouvi.says("programme l'annonce pour lundi 9h")
    assert akouvi.words == "Annonce 101, pour les vendeurs, Lomé.\nEnvoi : le 07/12 à 09h00.\nEst-ce bien cela ?"
    akouvi.says("oui")
    assert f"{broadcast(db).due_at:%d/%m %H:%M}" == "07/12 09:00"
    akouvi.says("annule l'annonce de 9h")
    assert akouvi.keys == ["organizer.ann_cancel_sure"]
    akouvi.says("oui")
    assert broadcast(db).state == "cancelled"


def test_it_may_be_said_again_every_week_until_a_day(akouvi, db):
    akouvi.goes("annonce aux vendeurs de Lomé: bonjour", "[Choisir l'heure]", "chaque lundi 7h jusqu'au 21 décembre")
    assert akouvi.keys == ["organizer.ann_summary"]
    assert "Envoi : le 07/12 à 07h00, puis chaque semaine, jusqu'au 21/12." in akouvi.words
    akouvi.goes("[Choisir l'heure]", "hier 7h")
    assert akouvi.keys == ["organizer.ann_when_past", "organizer.ann_when"]
    akouvi.goes("chaque jour 8h jusqu'au 21 décembre", "oui")
    assert broadcast(db)[3:4] == ("daily",)
    assert f"{broadcast(db).repeat_until:%d/%m}" == "21/12"


def test_what_repeats_ends_on_its_last_day(akouvi, scene, db):
    akouvi.goes(
        "annonce aux vendeurs de Lomé: bonjour", "[Choisir l'heure]", "chaque jour 12h jusqu'au 2 décembre", "oui"
    )
    for day, count in ((1, 2), (2, 2), (3, 2)):
        scene.at(f"2026-12-0{day} 12:01+00")
        sending.begin_due(db, akouvi.config)
        assert db.value("select count(*) from broadcast") == count


def test_the_night_is_told_by_its_own_hours(akouvi, scene):
    nights = akouvi.config.announcements.model_copy(update={"quiet_from": 19, "quiet_until": 7})
    akouvi.config = akouvi.config.model_copy(update={"announcements": nights})
    scene.at("2026-12-01 21:00+00")
    akouvi.goes("annonce aux vendeurs de Lomé: bonjour", "oui")
    assert akouvi.words.startswith("De 19 h à 7 h, rien n'est envoyé. Départ possible le 02/12 à 07h00.")


def test_by_night_he_is_asked_and_waits_or_takes_it_upon_himself(akouvi, scene, db):
    scene.at("2026-12-01 21:00+00")
    akouvi.goes("annonce aux vendeurs de Lomé: bonjour", "oui")
    assert akouvi.words == (
        "De 20 h à 8 h, rien n'est envoyé. Départ possible le 02/12 à 08h00.\nQue souhaitez-vous faire ?"
    )
    assert akouvi.titles == ["Attendre le matin", "Envoyer de nuit", "Non"]
    akouvi.says("[Attendre le matin]"[1:-1])
    assert "Envoi : le 02/12 à 08h00." in akouvi.words
    akouvi.goes("[Choisir l'heure]", "maintenant", "oui", "[Envoyer de nuit]")
    assert "⚠️ Même la nuit, même au-delà de deux par semaine." in akouvi.words
    akouvi.says("oui")
    assert akouvi.keys[0] == "organizer.ann_begun"
    facts = [(fact, by) for _, fact, by, _ in history.history(db, 1)]
    assert ("quiet_overridden", akouvi.contact_id) in facts
    assert ("weekly_overridden", akouvi.contact_id) in facts


def test_the_limits_are_passed_only_after_a_yes_of_its_own(akouvi, db):
    akouvi.goes("annonce aux vendeurs de Lomé: bonjour", "[Sans ces limites]", "non")
    assert "Jamais la nuit" in akouvi.words
    akouvi.goes("[Sans ces limites]", "oui")
    assert akouvi.titles == [title for title in WAYS if title != "Sans ces limites"]
    assert db.one("select override_quiet, override_weekly from broadcast") == (True, True)


@pytest.mark.parametrize(
    "words",
    (
        "non change le texte: bonsoir à tous",
        "attends corrige : bonsoir à tous",
        "je veux modifier l'annonce: bonsoir à tous",
        "no, change the text: bonsoir à tous",
    ),
)
def test_a_corrected_text_may_be_typed_at_the_summary_and_is_shown_before_a_yes_sends_it(akouvi, db, words):
    akouvi.goes("annonce aux vendeurs de Lomé: bonjour", words)
    assert akouvi.words == f"bonsoir à tous\n\nPour ne plus recevoir d'annonces, écrivez STOP.\n\n{SUMMARY}"
    assert db.rows("select texts, state from broadcast") == [({"fr": "bonsoir à tous"}, "draft")]


@pytest.mark.parametrize("words", ("corrige 16h", "Modifier le texte", "non, corriger le message", "rectifie"))
def test_a_correction_that_is_not_told_asks_for_it_and_no_ok_sends_what_was_there(akouvi, db, words):
    akouvi.goes("annonce aux vendeurs de Lomé: réunion 15h", words)
    assert akouvi.keys == ["organizer.ann_texts"]
    akouvi.says("ok")
    assert broadcast(db).state == "draft"


def test_a_correction_that_is_too_long_is_said_so_and_what_was_there_stays(akouvi):
    akouvi.goes("annonce aux vendeurs de Lomé: bonjour", f"corrige: {'x' * 801}")
    assert akouvi.keys == ["organizer.ann_long", "organizer.ann_text"]
    assert "Actuellement : « bonjour »" in akouvi.words


@pytest.mark.parametrize("words", ("change l'atelier 3: 16h", "change le prix: 500", "changement de programme"))
def test_another_thing_that_is_changed_is_no_corrected_text(words):
    assert announce_words.read_corrected(words) is None


def test_a_button_of_an_older_summary_sends_nothing(akouvi, db):
    akouvi.says("annonce aux vendeurs de Lomé: bonjour")
    old = akouvi.offered["Envoyer"]
    akouvi.goes("[Changer le texte]", "français", "bonsoir")
    akouvi.taps_id(old)
    assert akouvi.keys[-1] == "organizer.ann_summary"
    assert broadcast(db).state == "draft"


def test_a_count_that_moved_is_shown_before_the_yes_counts(akouvi, scene, market, db):
    akouvi.says("annonce aux vendeurs de Lomé: bonjour")
    scene.people(1, vendor=market["rice"].vendor_id)
    akouvi.says("oui")
    assert akouvi.words.startswith("Le nombre a changé : 5 avant, 6 maintenant.\n\n📣 Pour les vendeurs, Lomé : 6")
    assert broadcast(db).state == "draft"
    akouvi.says("oui")
    assert broadcast(db).state == "scheduled"


def test_nobody_is_told_so_and_giving_up_sends_nothing(akouvi, db):
    akouvi.goes("annonce aux acheteurs de Kara: bonjour", "oui")
    assert akouvi.keys == ["organizer.ann_nobody", "organizer.ann_summary"]
    akouvi.says("abandonner")
    assert akouvi.keys[0] == "organizer.ann_dropped"
    assert broadcast(db).state == "draft"
    akouvi.says("annonces")
    assert akouvi.keys == ["organizer.ann_none"]


def app_of(chat):
    """The app of an organizer who has proven his second factor; his codes."""
    second_factor.enrol(chat.db, chat.contact_id)
    made = second_factor.enrolment(chat.db, chat.config.lasting_key, chat.contact_id, chat.phone)
    chat.db.run("update second_factor set enrolled_at = market_now()")
    return pyotp.TOTP(made.secret)


def code_of(chat, app):
    return app.at(now(chat.db))


@pytest.fixture
def many(scene, market):
    """210 vendors of Lomé."""
    scene.people(205, vendor=market["rice"].vendor_id)
    return scene


def test_above_200_people_a_code_and_another_organizers_yes_are_needed(many, akouvi, market, db):
    yao = many.organizer("+22890000091", "Yao Attiogbe")
    akouvi.goes("annonce aux vendeurs de Lomé: bonjour", "oui")
    assert akouvi.keys == ["organizer.ann_unable", "organizer.ann_summary"]
    app = app_of(akouvi)
    akouvi.goes("oui", "12")
    assert akouvi.keys == ["organizer.ann_code_missed", "organizer.ann_code"]
    akouvi.says("000000")
    assert akouvi.keys == ["organizer.ann_code_wrong", "organizer.ann_code"]
    akouvi.says(code_of(akouvi, app))
    assert akouvi.words == "Le code est bon. Envoyer à 210 personnes ?"
    akouvi.says("oui")
    assert akouvi.keys[0] == "organizer.ann_waits"
    assert akouvi.facts == ["AttentionNeeded"]
    assert broadcast(db).state == "waiting_second"
    akouvi.says("valider 101")
    assert akouvi.keys[0] == "organizer.ann_second_own"

    yao.says("valider 101")
    assert yao.words.startswith("bonjour\n\nPour ne plus")
    assert "Pour les vendeurs, Lomé : 210 personnes." in yao.words
    assert yao.titles == ["Oui", "Non"]
    yao.says("oui")
    assert yao.keys[0] == "organizer.ann_unable"
    app = app_of(yao)
    yao.goes("valider 101", "oui", code_of(yao, app))
    assert yao.keys == ["organizer.ann_second"]
    many.people(9, vendor=market["rice"].vendor_id)
    yao.says("oui")
    assert yao.words.startswith("Le nombre a changé : 210 avant, 219 maintenant.")
    yao.says("oui")
    assert yao.keys[0] == "organizer.ann_seconded"
    assert yao.facts == ["AttentionSettled", "Seconded"]
    assert broadcast(db)[:2] == ("scheduled", 219)
    yao.opens_door("organizer", "ann_second", "101")
    assert yao.keys[0] == "organizer.ann_second_over"


def test_another_organizer_may_refuse_and_it_is_not_sent(many, akouvi, db):
    yao = many.organizer("+22890000091", "Yao Attiogbe")
    app = app_of(akouvi)
    akouvi.goes("annonce aux vendeurs de Lomé: bonjour", "oui", code_of(akouvi, app), "oui")
    yao.opens_door("organizer", "ann_second", "101")
    yao.says("non")
    assert yao.keys[0] == "organizer.ann_refused"
    assert yao.facts == ["AttentionSettled", "Seconded"]
    assert broadcast(db).state == "cancelled"


@pytest.mark.parametrize(
    "words", ("renvoie l'annonce à ceux qui ne l'ont pas lue", "relance ceux qui n'ont pas vu l'annonce")
)
def test_to_send_it_again_stops_nothing_and_asks_whom_the_new_one_is_for(akouvi, db, words):
    akouvi.goes("annonce aux vendeurs de Lomé: bonjour", "oui")
    sending.begin_due(db, akouvi.config)
    akouvi.goes("où en est l'annonce", words)
    assert akouvi.keys == ["organizer.ann_who_unread", "organizer.ann_who"]
    assert broadcast(db).state == "sending"
    assert db.value("select count(*) from broadcast") == 1


@pytest.fixture
def grown(scene, akouvi, market, db):
    """One for 199 people that found 219 at its time; a second organizer."""
    scene.people(194, vendor=market["rice"].vendor_id)
    akouvi.goes("annonce aux vendeurs de Lomé: bonjour", "[Choisir l'heure]", "12h", "oui")
    assert broadcast(db)[:2] == ("scheduled", 199)
    scene.people(20, vendor=market["rice"].vendor_id)
    scene.at("2026-12-01 12:00+00")
    sending.begin_due(db, akouvi.config)
    assert broadcast(db)[:2] == ("paused", 199)
    return scene.organizer("+22890000091", "Yao Attiogbe")


def test_one_that_has_grown_is_shown_to_a_second_organizer_and_worth_his_code(grown, akouvi, scene, market, db):
    akouvi.goes("annonce 101", "[Continuer l'envoi]")
    assert akouvi.keys == ["organizer.ann_grown", "organizer.ann_card"]
    grown.goes("annonce 101", "[Continuer l'envoi]")
    assert grown.keys == ["organizer.ann_preview", "organizer.ann_second"]
    assert grown.words.startswith("bonjour\n\nPour ne plus")
    assert "Pour les vendeurs, Lomé : 219 personnes." in grown.words
    assert "Envoi : tout de suite." in grown.words
    grown.says("oui")
    assert grown.keys[0] == "organizer.ann_unable"
    assert broadcast(db)[:2] == ("paused", 199)
    app = app_of(grown)
    grown.goes("valider 101", "oui", code_of(grown, app))
    assert grown.keys == ["organizer.ann_second"]
    scene.people(9, vendor=market["rice"].vendor_id)
    grown.says("oui")
    assert grown.words.startswith("Le nombre a changé : 219 avant, 228 maintenant.")
    assert broadcast(db)[:2] == ("paused", 199)
    grown.says("oui")
    assert grown.keys[0] == "organizer.ann_seconded"
    assert grown.facts == ["AttentionSettled", "Seconded"]
    assert sending.begin_due(db, grown.config) == 1
    assert broadcast(db)[:2] == ("sending", 228)
    assert db.value("select count(*) from broadcast_recipient where state = 'planned'") == 228


def test_one_that_has_grown_may_be_refused_and_stays_unsent(grown, akouvi, db):
    for _ in range(2):
        grown.goes("annonce 101", "[Continuer l'envoi]", "non")
        assert grown.keys[0] == "organizer.ann_refused"
        assert broadcast(db)[:2] == ("stopped", 199)
    assert db.value("select count(*) from broadcast_recipient") == 0


def test_one_that_has_grown_and_is_agreed_to_by_night_goes_on_in_the_morning(grown, scene, db):
    scene.at("2026-12-01 21:00+00")
    db.run("update conversation set last_in_at = market_now()")
    app = app_of(grown)
    grown.goes("valider", "oui", code_of(grown, app), "oui")
    assert grown.keys[0] == "organizer.ann_not_by_night"
    assert sending.begin_due(db, grown.config) == 1
    assert broadcast(db)[:2] == ("sending", 219)


def test_it_is_followed_stopped_and_resumed_and_its_table_taken_away(akouvi, db):
    akouvi.goes("annonce aux vendeurs de Lomé: bonjour", "oui")
    sending.begin_due(db, akouvi.config)
    akouvi.says("où en est l'annonce")
    assert akouvi.words.startswith("Annonce 101, pour les vendeurs, Lomé\nEnvoi en cours.")
    assert "À envoyer 5, non envoyés 4." in akouvi.words
    assert "Ne l'ont pas eue : 4 ne veulent pas d'annonces." in akouvi.words
    akouvi.says("stop annonce")
    assert akouvi.keys == ["organizer.ann_stopped", "organizer.ann_card"]
    assert broadcast(db).state == "stopped"
    assert akouvi.titles == ["Continuer l'envoi", "Tableau Excel", "Revoir l'annonce", "Voir les annonces"]
    akouvi.says("[Tableau Excel]"[1:-1])
    assert akouvi.bubbles[0].document.startswith("https://market.example/documents/annonce/")
    assert akouvi.bubbles[0].document_name == "annonce-101.xlsx"
    akouvi.goes("reprendre l'annonce", "[Continuer l'envoi]")
    assert akouvi.keys == ["organizer.ann_resumed", "organizer.ann_card"]
    assert broadcast(db).state == "sending"
    akouvi.says("[Revoir l'annonce]"[1:-1])
    assert akouvi.words.startswith("bonjour\n\nPour ne plus")
    akouvi.says("stop annonce")
    akouvi.says("stop annonce")
    assert akouvi.keys == ["organizer.ann_list"]


@pytest.fixture
def two(akouvi, db):
    """Two that are under way, 101 and 102."""
    for _ in range(2):
        akouvi.goes("annonce aux vendeurs de Lomé: bonjour", "oui")
        sending.begin_due(db, akouvi.config)


def states(db):
    return [row.state for row in db.rows("select state from broadcast order by id")]


@pytest.mark.parametrize(
    "words", ["stop l'annonce 101", "arrête l'envoi 101", "Stop annonce 101 !", "stop announcement 101"]
)
def test_a_stop_with_a_number_stops_that_one_alone(two, akouvi, db, words):
    akouvi.says(words)
    assert akouvi.keys == ["organizer.ann_stopped", "organizer.ann_card"]
    assert states(db) == ["stopped", "sending"]


def test_a_number_that_none_has_stops_nothing(two, akouvi, db):
    akouvi.says("stop l'annonce 109")
    assert akouvi.keys == ["organizer.ann_list"]
    assert states(db) == ["sending", "sending"]


def test_of_one_that_is_not_under_way_a_stop_shows_where_it_stands(two, akouvi, db):
    akouvi.goes("stop l'annonce 101", "stop l'annonce 101")
    assert akouvi.keys == ["organizer.ann_card"]
    assert akouvi.words.startswith("Annonce 101, pour les vendeurs, Lomé\nArrêtée.")
    assert states(db) == ["stopped", "sending"]


def test_a_stop_that_is_not_sure_shows_it_first(akouvi, db):
    akouvi.goes("annonce aux vendeurs de Lomé: bonjour", "oui")
    sending.begin_due(db, akouvi.config)
    akouvi.says("faut arreter lannonce là")
    assert akouvi.keys == ["organizer.ann_card"]
    assert akouvi.titles[0] == "Arrêter"
    assert states(db) == ["sending"]


def test_what_is_resumed_and_looked_at_is_the_one_whose_number_is_typed(two, akouvi, db):
    akouvi.says("où en est l'annonce 101")
    assert akouvi.words.startswith("Annonce 101, pour les vendeurs, Lomé\nEnvoi en cours.")
    akouvi.goes("stop l'annonce 101", "stop l'annonce 102", "reprends l'annonce 101")
    assert akouvi.words.startswith("Annonce 101, pour les vendeurs, Lomé\nArrêtée.")
    akouvi.says("[Continuer l'envoi]"[1:-1])
    assert states(db) == ["sending", "stopped"]


def test_what_is_cancelled_is_the_one_whose_number_is_typed(akouvi, db):
    for hour in ("18h", "19h"):
        akouvi.goes("annonce aux vendeurs de Lomé: bonjour", "[Choisir l'heure]", hour, "oui")
    akouvi.goes("annule l'annonce 101", "oui")
    assert states(db) == ["cancelled", "scheduled"]


MOVED = "select due_at, repeat, repeat_until, override_quiet from broadcast order by id desc limit 1"


@pytest.fixture
def weekly(akouvi):
    """One of every Monday at nine until the end of the month."""
    akouvi.goes("annonce aux vendeurs de Lomé: bonjour", "[Choisir l'heure]", "chaque lundi 9h jusqu'au 30/12", "oui")
    return akouvi


@pytest.mark.parametrize(
    ("typed", "line", "kept"),
    [
        (
            "mardi 10h",
            "Envoi : le 08/12 à 10h00, puis chaque semaine, jusqu'au 30/12.",
            (datetime(2026, 12, 8, 10, tzinfo=UTC), "weekly", date(2026, 12, 30), False),
        ),
        (
            "chaque jour 10h",
            "Envoi : le 02/12 à 10h00, puis chaque jour.",
            (datetime(2026, 12, 2, 10, tzinfo=UTC), "daily", None, False),
        ),
        (
            "le 31/12 à 10h",
            "Envoi : le 31/12 à 10h00.",
            (datetime(2026, 12, 31, 10, tzinfo=UTC), "", None, False),
        ),
    ],
)
def test_what_repeats_goes_on_to_repeat_at_another_time(weekly, db, typed, line, kept):
    weekly.goes("annonce 101", "[Choisir l'heure]", typed)
    assert weekly.words == f"Annonce 101, pour les vendeurs, Lomé.\n{line}\nEst-ce bien cela ?"
    weekly.says("oui")
    assert weekly.keys[0] == "organizer.ann_planned"
    assert tuple(db.one(MOVED)) == kept


@pytest.mark.parametrize("typed", ["programme l'annonce pour lundi 7h", "lundi 7h"])
def test_another_hour_by_night_is_asked_about(weekly, db, typed):
    before = tuple(db.one(MOVED))
    if not typed.startswith("programme"):
        weekly.goes("annonce 101", "[Choisir l'heure]")
    weekly.says(typed)
    assert weekly.keys == ["organizer.ann_quiet"]
    assert weekly.words.startswith("De 20 h à 8 h, rien n'est envoyé. Départ possible le 07/12 à 08h00.")
    weekly.says("non")
    assert weekly.keys == ["organizer.ann_card"]
    assert tuple(db.one(MOVED)) == before
    weekly.goes("programme l'annonce pour lundi 7h", "[Attendre le matin]")
    assert "Envoi : le 07/12 à 08h00, puis chaque semaine, jusqu'au 30/12." in weekly.words
    weekly.says("oui")
    assert tuple(db.one(MOVED)) == (datetime(2026, 12, 7, 8, tzinfo=UTC), "weekly", date(2026, 12, 30), False)
    weekly.goes("programme l'annonce pour lundi 7h", "[Envoyer de nuit]", "oui")
    assert tuple(db.one(MOVED)) == (datetime(2026, 12, 7, 7, tzinfo=UTC), "weekly", date(2026, 12, 30), True)
    facts = [fact for _, fact, _, _ in history.history(db, db.value("select max(id) from broadcast"))]
    assert facts[-3:] == ["moved_to", "moved_to", "quiet_overridden"]
    weekly.says("programme l'annonce pour mardi 7h")
    assert weekly.keys == ["organizer.ann_new_time_sure"]


def test_one_that_missed_its_time_is_sent_or_left_by_its_buttons(akouvi, scene, db):
    for _ in range(2):
        akouvi.goes("annonce aux vendeurs de Lomé: bonjour", "[Choisir l'heure]", "12h", "oui")
    scene.at("2026-12-01 13:00+00")
    sending.begin_due(db, akouvi.config)
    sending.begin_due(db, akouvi.config)
    akouvi.opens_door("organizer", "ann_late_send", "101")
    assert akouvi.keys[0] == "organizer.ann_begun"
    akouvi.says("abandonner 102")
    assert akouvi.keys[0] == "organizer.ann_cancelled"
    assert sending.begin_due(db, akouvi.config) == 1
    assert [row.state for row in db.rows("select state from broadcast order by id")] == ["sending", "stopped"]
    akouvi.opens_door("organizer", "ann_late_send", "101")
    assert akouvi.keys == ["organizer.ann_over", "organizer.ann_list"]


@pytest.fixture
def late(akouvi, scene, db):
    """One for noon that was not sent until one."""
    akouvi.goes("annonce aux vendeurs de Lomé: bonjour", "[Choisir l'heure]", "12h", "oui")
    scene.at("2026-12-01 13:00+00")
    sending.begin_due(db, akouvi.config)
    assert broadcast(db).state == "paused"


def test_one_that_missed_its_time_and_is_sent_by_night_goes_in_the_morning(late, akouvi, scene, db):
    scene.at("2026-12-01 21:00+00")
    akouvi.says("envoyer 101")
    assert akouvi.keys == ["organizer.ann_not_by_night", "organizer.ann_card"]
    assert sending.begin_due(db, akouvi.config) == 1
    assert broadcast(db).state == "sending"


def test_one_that_missed_its_time_and_has_grown_waits_for_a_second_organizer(late, akouvi, scene, market, db):
    scene.people(205, vendor=market["rice"].vendor_id)
    yao = scene.organizer("+22890000091", "Yao Attiogbe")
    akouvi.says("envoyer 101")
    assert akouvi.keys == ["organizer.ann_grown", "organizer.ann_card"]
    yao.opens_door("organizer", "ann_late_send", "101")
    assert yao.keys == ["organizer.ann_preview", "organizer.ann_second"]
    assert "Pour les vendeurs, Lomé : 210 personnes." in yao.words
    assert broadcast(db)[:2] == ("paused", 5)
    assert db.value("select count(*) from broadcast_recipient") == 0
    app = app_of(yao)
    yao.goes("oui", code_of(yao, app), "oui")
    assert yao.keys[0] == "organizer.ann_seconded"
    assert sending.begin_due(db, akouvi.config) == 1
    assert broadcast(db)[:2] == ("sending", 210)


def test_a_line_of_the_list_leads_to_its_announcement(akouvi, scene, db):
    akouvi.goes("annonce aux vendeurs de Lomé: bonjour", "[Choisir l'heure]", "12h", "oui")
    scene.at("2026-12-01 13:00+00")
    sending.begin_due(db, akouvi.config)
    akouvi.goes("attention", "1")
    assert "Annonce 101, pour les vendeurs, Lomé : 5 personnes." in akouvi.words
    assert akouvi.titles == ["Voir l'annonce", "C'est réglé", "Voir la liste"]
    akouvi.says("1")
    assert "En pause. Son heure est passée. Envoyez-la ou laissez-la." in akouvi.words


@pytest.mark.parametrize("door", ["ann_second", "ann_late_send", "ann_late_drop", "ann_card"])
def test_nobody_but_an_organizer_opens_its_doors(akouvi, awa, db, door):
    akouvi.goes("annonce aux vendeurs de Lomé: bonjour", "[Choisir l'heure]", "18h", "oui")
    awa.opens_door("organizer", door, "101")
    assert awa.keys[0] == "stale"
    assert broadcast(db)[:2] == ("scheduled", 5)


@pytest.mark.parametrize(
    "word", ["valider 101", "envoyer 101", "abandonner 101", "stop annonce", "annonce à tous: bonjour"]
)
def test_nobody_but_an_organizer_is_heard(akouvi, awa, db, word):
    akouvi.goes("annonce aux vendeurs de Lomé: bonjour", "[Choisir l'heure]", "18h", "oui")
    awa.says(word)
    assert db.value("select count(*) from broadcast") == 1
    assert broadcast(db)[:2] == ("scheduled", 5)


@pytest.mark.parametrize("words", ("non", "annule", "laisse", "pas maintenant", "laisse tomber", "non merci"))
def test_who_names_no_hour_after_all_is_shown_what_he_had(akouvi, words):
    akouvi.goes("annonce aux vendeurs de Lomé: bonjour", "[Choisir l'heure]", words)
    assert akouvi.keys == ["organizer.ann_summary"]
    assert "Envoi : tout de suite." in akouvi.words


def test_who_names_no_other_hour_for_what_is_planned_leaves_it_as_it_is(akouvi, db):
    akouvi.goes("prévu 18h: rappel", "vendeurs de Lomé", "oui", "annonce 101", "[Choisir l'heure]", "laisse")
    assert akouvi.keys == ["organizer.ann_card"]
    assert f"{broadcast(db).due_at:%d/%m %H:%M}" == "01/12 18:00"


def test_a_no_to_the_first_questions_leaves_it_and_nothing_is_kept_open(akouvi, db):
    for steps in (["annonce", "non"], ["annonce", "1", "annule"], ["annonce", "2", "pas maintenant"]):
        akouvi.goes(*steps)
        assert akouvi.keys[0] == "organizer.ann_dropped"
    assert db.value("select count(*) from broadcast") == 0


def test_a_no_to_another_audience_keeps_the_one_there_was_and_its_words(akouvi):
    for steps in (["non"], ["[Les acheteurs]", "non"], ["[Les inscrits]", "laisse"]):
        akouvi.goes("annonce aux vendeurs de Lomé: bonjour", "[Changer l'audience]", *steps)
        assert akouvi.keys == ["organizer.ann_summary"]
        assert akouvi.words == SUMMARY


def test_at_the_summary_later_asks_for_an_hour_and_a_no_sends_nothing(akouvi, db):
    akouvi.goes("annonce aux vendeurs de Lomé: bonjour", "plus tard")
    assert akouvi.keys == ["organizer.ann_when"]
    akouvi.goes("pas maintenant", "non")
    assert akouvi.keys[0] == "organizer.ann_dropped"
    assert db.rows("select state, count(*) from broadcast group by 1") == [("draft", 1)]


@pytest.mark.parametrize(
    ("words", "audience", "count"),
    (
        ("acheteurs", "les acheteurs", 0),
        ("aux achteurs de bè", "les acheteurs, Bè", 0),
        ("aux vandeurs de lomé", "les vendeurs, Lomé", 5),
        ("o vdr", "les vendeurs", 5),
        ("tout le monde", "tout le monde", 5),
        ("tt le monde", "tout le monde", 5),
        ("seulement à Agoè", "les vendeurs, Agoè", 0),
        ("envoie seulement a tokoin et bè kpota", "les vendeurs, Tokoin, Bè-Kpota", 0),
        ("inscrits", "les inscrits aux ateliers", 0),
        ("vendeurs qui n'ont jamais commandé", "les vendeurs, sans aucune commande", 5),
        ("non pas à tous seulement les vendeurs", "les vendeurs", 5),
        ("pas tout le monde, juste les vendeurs de Lomé", "les vendeurs, Lomé", 5),
    ),
)
def test_whom_it_is_for_may_be_typed_at_the_summary_which_counts_anew(akouvi, db, words, audience, count):
    akouvi.goes("annonce aux vendeurs de Lomé: bonjour", words)
    assert akouvi.keys == ["organizer.ann_summary"]
    assert akouvi.words.startswith(f"📣 Pour {audience} : {count} personne")
    assert db.rows("select texts, people, state from broadcast") == [({"fr": "bonjour"}, count, "draft")]


@pytest.mark.parametrize(
    "words", ("tout est bon", "c'est tout", "bonjour à tous", "vendeurs de Bè : bonjour", "lundi", "pas tous")
)
def test_other_words_are_no_audience(akouvi, words):
    assert not announce_words.is_whom(words)


def test_whom_alone_is_no_text_where_nothing_is_announced_yet(akouvi):
    akouvi.goes("aux vendeurs de Lomé")
    assert akouvi.keys == ["organizer.ann_text"]


@pytest.mark.parametrize(
    ("words", "told"),
    (
        ("demain 7h", "le 02/12 à 07h00."),
        ("19h", "le 01/12 à 19h00."),
        ("non, plutôt vendredi 8h", "le 04/12 à 08h00."),
        ("chaque jour 8h jusqu'au 20 decembre", "le 02/12 à 08h00, puis chaque jour, jusqu'au 20/12."),
        ("maintenant", "tout de suite."),
    ),
)
def test_when_it_goes_may_be_typed_at_the_summary(akouvi, words, told):
    akouvi.goes("annonce aux vendeurs de Lomé: bonjour", words)
    assert akouvi.keys == ["organizer.ann_summary"]
    assert f"\nEnvoi : {told}\n" in akouvi.words


def test_a_moment_that_is_past_is_said_so_at_the_summary_too(akouvi):
    akouvi.goes("annonce aux vendeurs de Lomé: bonjour", "aujourd'hui 8h")
    assert akouvi.keys == ["organizer.ann_when_past", "organizer.ann_when"]


@pytest.mark.parametrize("words", ("ok envoi ça", "Envoie l'annonce", "vas-y", "ok envoyez"))
def test_it_is_sent_by_the_words_that_people_send_with(akouvi, words):
    akouvi.goes("annonce aux vendeurs de Lomé: bonjour", words)
    assert akouvi.keys[0] == "organizer.ann_begun"


def test_people_may_be_named_by_what_they_did_alone(akouvi, db):
    akouvi.says("annonce a ceux ki n'ont pas commandé depuis 15 jours: revenez")
    assert akouvi.words.startswith("revenez\n\nPour ne plus")
    assert "📣 Pour tout le monde, sans commande depuis 15 jours : 5 personnes." in akouvi.words


def test_the_languages_of_one_that_is_made_are_offered_by_their_names(akouvi):
    akouvi.goes("annonce aux vendeurs de Lomé: bonjour", "annonce en ewe et francais")
    assert akouvi.keys == ["organizer.ann_texts"]
    assert akouvi.titles == ["Français", "Anglais", "Éwé", "Kabyè"]


def test_the_list_opens_by_its_word_misspelt(akouvi):
    akouvi.goes("annonce aux vendeurs de Lomé: bonjour", "oui", "anonces")
    assert akouvi.keys == ["organizer.ann_list"]
