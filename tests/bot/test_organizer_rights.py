"""Who may organize: every way into the organizer's dialog, tried by those who are none, leads nowhere there."""

import pytest

from bot.dialogs.organizer.dialog import ORGANIZER
from bot.understanding import understand

OWNED = ("event", "workshop", "workshop_history", "programme_change", "booking", "broadcast", "role", "block", "vendor")
CHANGED = "select coalesce(md5(string_agg(t::text, '|' order by t::text)), '') from {table} t"
# what each intent sounds like, of those that an organizer's dialog alone answers
SAID = {
    "announce": "annonce à tous : ouverture demain 9h",
    "schedule": "programme l'annonce pour lundi 7h",
    "cancel_announce": "annule l'annonce de 18h",
    "announce_status": "où en est l'annonce",
    "workshop_create": "ajoute session : confiance et litiges, jeudi 14h-16h, salle 2, 40 places",
    "workshop_update": "+20 places session 2",
    "workshop_cancel": "annule session 5 intervenant malade",
    "attendance": "liste des présents atelier 1",
    "reminder": "rappel 1h avant pour tous les ateliers",
    "moderate_vendor": "suspends boutique Maman Yawa plaintes",
    "block": "bloque 97 00 11 22",
    "unblock": "débloque 90 00 00 02",
    "add_contact": "ajoute vendeur Afi boutique Afi Mode 90 12 34 56",
    "reply_to": "réponds au client de la commande 1260: on rembourse demain",
    "export": "export excel ventes",
    "stats": "bilan du jour",
}


@pytest.fixture
def suspended(chief):
    chief.db.run("update role set suspended_at = market_now() where contact_id = %(id)s", id=chief.contact_id)
    return chief


@pytest.fixture(params=["awa", "yawa", "suspended"])
def outsider(request):
    return request.getfixturevalue(request.param)


def state_of(db):
    return {table: db.value(CHANGED.format(table=table)) for table in OWNED}


def tried(outsider, act, ways):
    """The ways that were answered by the organizer's dialog, or changed something of his."""
    found = {}
    for way in ways:
        before = state_of(outsider.db)
        act(way)
        if state_of(outsider.db) != before or any(key.startswith("organizer.") for key in outsider.keys):
            found[way] = outsider.keys
        outsider.goes("0", "menu")
    return found


def test_no_word_and_no_command_of_an_organizer_is_one_for_others(outsider):
    words = [*ORGANIZER.anywhere, *ORGANIZER.commands, *(f"{verb} 101" for verb in ORGANIZER.commands)]
    assert tried(outsider, outsider.says, words) == {}


def test_no_button_of_an_organizers_notice_opens_for_others(outsider):
    assert tried(outsider, lambda door: outsider.opens_door("organizer", door, "101"), ORGANIZER.doors) == {}


def test_nothing_that_an_organizer_says_is_done_for_others(outsider):
    assert tried(outsider, outsider.says, SAID.values()) == {}


@pytest.mark.parametrize("intent", SAID)
def test_an_organizer_is_heard_where_others_are_not(intent):
    assert understand("organizer", SAID[intent])[0].intent == intent
