"""A code alone shows its order, a reference alone goes to a person, and who comes late is told whom to call."""

import pytest

from tests.events.week import make_event, make_workshop

LATE = ["je serai en retard de 10 min", "j'arrive dans 10 min"]
MENU = "Que souhaitez-vous faire ?"


@pytest.mark.parametrize("typed", ["TG-{code}", "{code}", "tg {code}", " {code} "])
def test_a_code_alone_shows_its_order(awa, ordered, typed):
    awa.goes("menu", "menu")
    awa.says(typed.format(code=ordered[2]).lower())
    assert awa.keys == ["buyer.order"]
    assert awa.words.startswith(f"Commande TG-{ordered[2]} du ")


def test_a_code_alone_is_no_landmark(awa, ordered):
    awa.goes("menu", "menu", "je veux 1 mais blanc", "oui", "commander", "[Autre adresse]", "be kpota")
    assert awa.state == "buyer.landmark"
    awa.says(ordered[2])
    assert awa.keys == ["buyer.order"]


def test_the_code_of_no_own_order_is_said_to_be_unknown(awa, ordered):
    awa.goes("menu", "menu")
    awa.says("TG-23456")
    assert awa.keys == ["buyer.unknown_order", "buyer.menu"]


def test_bare_letters_of_no_own_order_are_no_code(awa, ordered):
    awa.goes("menu", "menu")
    awa.says("4K7P2")
    assert awa.keys == ["miss.menu", "buyer.menu"]


def test_a_reference_alone_goes_to_a_person(awa):
    awa.goes("bonjour", "menu", "MP231128.1530.A12345")
    assert awa.keys == ["buyer.payment_claimed", "buyer.menu"]
    assert awa.words.startswith("Référence notée : MP231128.1530.A12345.\n")
    assert awa.db.value("select count(*) from attention where kind = 'payment_claim'") == 1


@pytest.mark.parametrize("typed", LATE)
def test_who_comes_to_nobody_is_told_so(awa, typed):
    awa.goes("bonjour", "menu", typed)
    assert awa.words == (
        "Merci de prévenir. Je ne vois pas de commande en cours.\n"
        f"Tapez menu pour acheter, ou agent pour parler à quelqu'un.\n\n{MENU}"
    )


@pytest.mark.parametrize("typed", LATE)
def test_who_has_an_order_that_no_shop_accepted_sees_it(awa, ordered, typed):
    awa.goes("menu", "menu", typed)
    assert awa.keys == ["buyer.order"]


@pytest.mark.parametrize("typed", LATE)
def test_who_comes_to_a_shop_is_told_whom_to_call(awa, yawa, ordered, typed):
    yawa.says(f"A {ordered[2]}")
    awa.goes("menu", "menu", typed)
    assert awa.keys == ["buyer.coming_to_shop", "buyer.menu"]
    assert awa.words.startswith(
        "Merci de prévenir. Appelez la boutique, elle s'arrange avec vous :\n"
        f"Commande TG-{ordered[2]}, Maman Yawa : 90 00 "
    )


@pytest.mark.parametrize("typed", LATE)
def test_who_comes_to_a_workshop_sees_where_and_when(awa, db, typed):
    make_workshop(db, make_event(db))
    awa.goes("bonjour", "atelier 3", typed)
    assert awa.keys == ["buyer.coming_to_workshop", "buyer.workshop"]
    assert awa.words.startswith("Merci de prévenir. Venez quand même.\nMontrez votre code à l'entrée.\n\nAtelier 3 : ")


def test_a_parcel_that_was_not_received_is_shown(awa, ordered):
    awa.goes("menu", "menu", "j'ai pas recu")
    assert awa.keys == ["buyer.order"]
