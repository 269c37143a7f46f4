"""An organizer's journeys: what waits for a person is seen and settled."""

import pytest

from bot import attention, suspension
from catalog.stock import Cause
from orders import history
from tests.events.week import make_event


def test_an_organizer_wears_that_hat_first_and_sees_what_waits(chief, awa):
    awa.goes("bonjour", "agent")
    chief.says("bonjour")
    assert chief.words == "Bonjour 👋\n\nDemandes en attente : 1.\nQue souhaitez-vous faire ?"
    assert chief.titles == ["Voir la liste", "Programme", "Annonces", "Chiffres", "Aide"]


def test_a_request_is_opened_and_settled_once(chief, awa):
    awa.goes("bonjour", "agent")
    chief.goes("bonjour", "attention", "1")
    assert chief.words.startswith("Personne demandée (Awa Mensah)\nLe ")
    assert chief.titles == ["Répondre", "Je réponds moi-même", "C'est réglé", "Voir la liste"]
    chief.db.run("update channel_account set kind = 'twilio_whatsapp'")  # nobody can write there but by this program
    chief.goes("attention", "1")
    assert chief.titles == ["Répondre", "C'est réglé", "Voir la liste"]
    settle = chief.offered["C'est réglé"]
    chief.taps_id(settle)
    assert chief.keys == ["organizer.settled", "organizer.all_quiet"]
    assert attention.open_items(chief.db) == []
    chief.taps_id(settle)
    assert chief.keys == ["stale", "organizer.all_quiet"]


def test_a_request_that_another_organizer_settled_is_told(chief, awa):
    awa.goes("bonjour", "agent")
    chief.goes("bonjour", "attention", "1")
    (item,) = attention.open_items(chief.db)
    attention.settle(chief.db, [item.id], None)
    chief.taps_on("C'est réglé")
    assert chief.keys == ["organizer.settled_before", "organizer.all_quiet"]


def test_a_notices_button_opens_its_request(chief, awa):
    awa.goes("bonjour", "c'est pas ce que j'ai demandé")
    (item,) = attention.open_items(chief.db)
    chief.opens_door("organizer", "attention", str(item.id))
    assert chief.words.startswith("Réclamation (Awa Mensah)\n")


def test_a_request_that_is_gone_leads_to_the_list(chief):
    chief.opens_door("organizer", "attention", "12345")
    assert chief.keys == ["organizer.all_quiet"]


def test_the_rights_of_whom_a_name_was_before_are_given_to_who_has_it_now(chief, awa, yawa, market):
    awa.says("bonjour")
    fact = suspension.RightsElsewhere(awa.contact_id, awa.account_id, yawa.contact_id)
    suspension.ask_whose(chief.db, fact)
    chief.goes("bonjour", "attention", "1")
    at = chief.db.value("select at from attention")
    assert chief.words == (
        f"Accès suspendu (Awa Mensah)\nLe {at:%d/%m} à {at:%Hh%M}\n"
        "Ce contact était celui de Yawa Adjo. Voici ses droits. Appelez avant de les donner à cette personne.\n"
        "Téléphone : 90 00 00 01\nBoutique : Maman Yawa, 90 00 01 01\n"
        "Que souhaitez-vous faire ?"
    )
    chief.taps_on("Rétablir")
    assert chief.keys == ["organizer.restored", "organizer.all_quiet"]
    assert chief.facts == ["AttentionNeeded", "AttentionSettled", "RightsRestored"]
    roles = "select contact_id, vendor_id from role where suspended_at is null and role = 'vendor'"
    assert chief.db.rows(roles) == [(awa.contact_id, market["rice"].vendor_id)]


def test_a_kind_without_words_of_its_own_is_shown_all_the_same(chief):
    attention.ask(chief.db, "of_another_version", {"order": 7})
    chief.goes("bonjour", "attention")
    assert chief.titles == ["À regarder"]
    chief.says("1")
    assert "order 7" in chief.words


def test_a_locked_code_is_unlocked_once_and_its_line_is_settled_with_that(chief, yawa, ordered):
    _, part, code = ordered
    yawa.goes("bonjour", f"A {code}", f"remis {code}")
    chief.db.run("update vendor_order set wrong_codes = 5 where id = %(id)s", id=part)
    attention.ask(chief.db, "code_locked", {"vendor_order": part})
    chief.db.facts.clear()
    chief.goes("bonjour", "attention", "1")
    assert chief.titles == ["Débloquer", "C'est réglé", "Voir la liste"]
    unlock = chief.offered["Débloquer"]
    chief.taps_id(unlock)
    assert (chief.keys, chief.facts) == (
        ["organizer.unlocked", "organizer.all_quiet"],
        ["CodeUnlocked", "AttentionSettled"],
    )
    assert chief.db.value("select wrong_codes from vendor_order where id = %(id)s", id=part) == 0
    assert attention.open_items(chief.db) == []
    chief.taps_id(unlock)
    assert (chief.keys[0], chief.facts) == ("stale", [])


def test_what_is_no_locked_code_has_no_button_that_unlocks(chief, awa):
    awa.goes("bonjour", "agent")
    chief.goes("bonjour", "attention", "1")
    assert "Débloquer" not in chief.titles


def test_requests_come_in_pages(chief):
    for number in range(11):
        attention.ask(chief.db, "complaint", {"order": number})
    chief.goes("bonjour", "attention")
    assert len(chief.titles) == 10
    chief.says("suite")
    assert chief.titles == ["Réclamation", "Réclamation (2)"]


@pytest.mark.parametrize(
    ("said", "key"),
    [
        ("merci", "thanks"),
        ("oui", "no_question"),
        ("aide", "help"),
        ("bilan du jour", "figures"),
        ("agent", "person"),
    ],
)
def test_small_talk_and_honest_answers_keep_the_question(chief, said, key):
    chief.goes("bonjour", said)
    assert chief.keys == [f"organizer.{key}", "organizer.menu"]


def test_three_messages_not_understood_are_told_what_to_type(chief):
    chief.goes("bonjour", "xyzzy", "plugh", "frotz")
    assert chief.keys == ["organizer.lost", "organizer.menu"]


def test_an_organizer_can_shop(chief):
    chief.goes("bonjour", "acheter")
    assert chief.words.startswith("🛒 Vos achats\nBonjour Chef 👋")
    chief.says("organisation")
    assert chief.words.startswith("📋 Organisation\nDemandes en attente : 0.")


@pytest.mark.parametrize(
    ("facts", "owed"),
    [(("cancelled",), "500 F CFA"), (("returned",), "500 F CFA"), (("delivered", "returned"), "35 500 F CFA")],
)
def test_what_is_given_back_is_told_with_what_was_paid_at_the_door(chief, ordered, facts, owed):
    order, part, _ = ordered
    for fact in facts:
        history.write(chief.db, [(order, part)], fact, Cause(None, None))
    chief.db.run("update vendor_order set prepaid = 500, arranged_at = market_now(), state = %(to)s", to=facts[-1])
    attention.ask(chief.db, "refund_to_arrange", {"vendor_order": part})
    chief.goes("bonjour", "attention", "1")
    said = f"À rendre à l'acheteur : {owed}\n"
    assert said in chief.words.replace("\u00a0", " ")


@pytest.mark.parametrize("words", ["l'événement", "partenaires", "Ferme la semaine", "dupliquer l'événement"])
def test_the_event_is_shown_with_its_phases_and_partners_whatever_it_is_called(chief, db, words):
    event = make_event(db)
    db.run(
        "insert into event_partner (event_id, name, role, position) values (%(id)s, 'Ecobank', 'accueil', 1),"
        " (%(id)s, 'Togo Pride', '', 2)",
        id=event,
    )
    db.run(
        "insert into event_phase (event_id, position, name, starts_on, ends_on)"
        " values (%(id)s, 1, 'Formation', '2026-08-16', '2026-08-22')",
        id=event,
    )
    chief.says(words)
    assert chief.keys == ["organizer.event"]
    assert "\nFormation : du 16/08 au 22/08.\nPartenaires : Ecobank (accueil), Togo Pride.\n" in chief.words
