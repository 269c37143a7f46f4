"""Who asks to which number money goes: to none, and an open order says how it is paid."""

import pytest

NBSP = "\u00a0"
WARNING = "N'envoyez jamais d'argent à un numéro reçu par message. C'est souvent une arnaque.\n"
NUMBER = (
    f"{WARNING}Vous payez au livreur ou à la boutique : espèces, Flooz, T-Money.\n"
    "Un colis ou un acompte se paie avant, une personne vous appelle.\nSi on vous demande de l'argent, tapez agent."
)
ASKED = [
    "sur quel numero j'envoie l'argent",
    "je paie sur quel numero",
    "numero pour payer",
    "c'est quoi le numero tmoney",
    "le vendeur m'a envoyé un numero pour payer",
]


def order_said(code, how):
    return (
        f"{WARNING}Commande TG-{code}\nTotal : 35{NBSP}500{NBSP}F{NBSP}CFA, payable à la livraison\n{how}\n"
        "Que souhaitez-vous faire ?"
    )


@pytest.mark.parametrize("asked", ASKED)
def test_no_number_is_told_and_the_open_question_comes_again(awa, asked):
    awa.goes("bonjour", "menu", asked)
    assert (awa.keys, awa.state) == (["buyer.payment_number", "buyer.menu"], "buyer.menu")
    assert awa.words == f"{NUMBER}\n\nQue souhaitez-vous faire ?"


def test_as_a_first_message_too(awa):
    assert awa.says(ASKED[0]).startswith(NUMBER)
    assert awa.titles == ["Voir les produits", "Aide"]


def test_it_is_no_landmark_in_the_midst_of_an_order(awa):
    awa.goes("bonjour", "je veux 2 sacs de riz parfumé 25 kg", "oui", "commander", "be kpota")
    assert awa.state == "buyer.landmark"
    awa.says(ASKED[0])
    assert (awa.keys, awa.state) == (["buyer.payment_number", "buyer.landmark"], "buyer.landmark")
    assert awa.db.value("select landmark from basket where contact_id = %(id)s", id=awa.contact_id) in (None, "")


def test_an_open_order_says_how_it_is_paid(awa, ordered):
    awa.goes("menu", "menu")
    assert awa.says(ASKED[0]) == order_said(
        ordered[2], "Vous payez au livreur, colis en main : espèces, Flooz ou T-Money."
    )
    assert awa.titles == ["Suivre", "Parler à quelqu'un", "Menu"]
    awa.goes("[Suivre]")
    assert awa.keys == ["buyer.order"]


def test_an_order_that_is_paid_by_phone_says_from_which(awa, ordered):
    awa.goes("menu", "menu", "par flooz sur 96 55 44 33", "oui")
    assert awa.says("je paie sur quel numero") == order_said(
        ordered[2], "Vous payez au livreur, colis en main : Flooz, depuis le 96 55 44 33."
    )


def test_what_is_paid_before_is_arranged_by_a_person(awa, ordered):
    awa.goes("menu", "menu")
    awa.db.run("update vendor_order set prepaid = 10000 where id = %(id)s", id=ordered[1])
    awa.says("numero pour payer")
    assert "Une personne du marché vous appelle pour l'arranger. Avant, ne payez rien." in awa.words


def test_what_was_paid_before_is_not_paid_again(awa, ordered):
    awa.goes("menu", "menu")
    awa.db.run("update vendor_order set prepaid = 35500, arranged_at = market_now() where id = %(id)s", id=ordered[1])
    awa.says("numero pour payer")
    assert "C'est déjà payé, n'envoyez rien de plus." in awa.words


def test_another_basket_goes_first(awa, ordered):
    awa.goes("menu", "menu", "je veux 1 mais blanc", "oui", ASKED[0])
    assert awa.keys == ["buyer.payment_number", "buyer.added"]


def test_a_question_about_ways_to_pay_is_answered_as_before(awa, ordered):
    awa.goes("menu", "menu", "comment payer")
    assert awa.keys == ["buyer.ask_payment", "buyer.menu"]
