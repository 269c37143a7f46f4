"""A seller's number stays hidden until he accepts an order; before, questions go through the market."""

import pytest

ASKED = ["numero du vendeur", "donne moi le contact du vendeur", "je peux appeler le vendeur"]
HIDDEN = (
    "Le numéro d'un vendeur s'affiche quand il accepte votre commande.\n"
    "Pour lui parler avant, tapez le nom d'un produit.\nPuis touchez Poser une question, il répond ici."
)


@pytest.mark.parametrize("asked", ASKED)
def test_without_a_product_it_is_told_how_to_ask(awa, asked):
    awa.goes("bonjour", "menu", asked)
    assert awa.keys == ["buyer.numbers_hidden", "buyer.menu"]
    assert awa.words == f"{HIDDEN}\n\nQue souhaitez-vous faire ?"


@pytest.mark.parametrize("asked", ASKED)
def test_with_a_product_on_show_a_question_to_its_shop_is_offered(awa, asked):
    awa.goes("bonjour", "riz parfumé 25 kg", asked)
    assert awa.words == (
        "Le numéro du vendeur s'affiche quand il accepte une commande.\n"
        "Riz parfumé 25 kg : Maman Yawa répond à vos questions ici.\nVoulez-vous lui poser une question ?"
    )
    assert awa.titles == ["Oui", "Non"]
    awa.says("oui")
    assert (awa.keys, awa.state) == (["buyer.question"], "buyer.question")


def test_a_no_leads_back_to_what_was_asked_before(awa):
    awa.goes("bonjour", "riz parfumé 25 kg", ASKED[0], "non")
    assert awa.keys == ["buyer.card"]


def test_in_the_midst_of_an_order_the_order_goes_on(awa):
    awa.goes("bonjour", "je veux 2 sacs de riz parfumé 25 kg", "oui", "commander", "be kpota", ASKED[0])
    assert awa.keys == ["buyer.seller_question"]
    awa.says("non")
    assert awa.keys == ["buyer.landmark"]


def test_the_number_of_a_shop_that_accepted_is_told(awa, yawa, ordered):
    yawa.says(f"A {ordered[2]}")
    awa.goes("menu", "menu", ASKED[0])
    assert awa.keys == ["buyer.phones", "buyer.menu"]
    assert awa.words.startswith(f"Commande TG-{ordered[2]}, Maman Yawa : 90 00 ")


def test_a_question_about_the_seller_is_answered_as_before(awa):
    awa.goes("bonjour", "riz parfumé 25 kg", "qui est le vendeur")
    assert awa.keys == ["buyer.seller", "buyer.card"]
