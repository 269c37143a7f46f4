"""The recap, field by field, as the law wants it before a yes; and what becomes of it for a bus or a counter."""

import re

import pytest

HOME = "Bè-Kpota derrière la pharmacie, pour Afi Mensah, 97 12 34 56"


@pytest.fixture
def shopping(awa):
    """One sack of rice and two bottles of oil, of two shops."""
    awa.goes("je veux 1 riz parfumé 25 kg", "oui", "je veux 2 huile", "oui", "commander")
    return awa


def said(chat):
    return chat.words.replace("\u00a0", " ")


FIELDS = {
    "who sells": "Maman Yawa, Bè\n",
    "who sells the rest": "Tonton Kossi, Bè\n",
    "product, quantity, unit price, amount": "• 1 × Riz parfumé 25 kg à 17 500 F : 17 500 F\n",
    "the same of the second": "• 2 × Huile végétale 1 L à 1 200 F : 2 400 F\n",
    "delivery and delay of the first": "17 500 F\nLivraison : 500 F, sous 24 heures\n",
    "delivery and delay of the second": "2 400 F\nLivraison : 1 000 F, sous 24 heures\n",
    "total": "\nTotal à payer : 21 400 F CFA\n",
    "where": "\nLivraison : Bè-Kpota, derrière la pharmacie\n",
    "who receives": "\nPour : Afi Mensah, 97 12 34 56\n",
    "payment": "\nVous payez à la livraison, en espèces ou par Flooz/T-Money au livreur.\n",
    "right to cancel": "\nVous pouvez annuler avant le départ de la commande.\n",
    "withdrawal and its exceptions": "\nRetour possible dix jours ouvrables, sauf produits frais ou sur mesure.\n",
    "how long it is held": "\nNous réservons ces articles jusqu'à ",
    "the question": "\n\nConfirmez-vous ?",
}


@pytest.mark.parametrize("field", FIELDS)
def test_the_recap_says(shopping, field):
    shopping.says(HOME)
    assert said(shopping).count(FIELDS[field]) == 1


def test_the_recap_says_nothing_else(shopping):
    shopping.says(HOME)
    left = said(shopping).removeprefix("Voici votre commande :\n\n")
    for field in FIELDS.values():
        left = left.replace(field.strip().splitlines()[-1], "", 1)
    assert re.sub(r"\d\dh\d\d\.|\s", "", left) == ""


def test_before_confirming_everything_can_be_corrected_or_left(shopping):
    shopping.says(HOME)
    assert shopping.titles == ["Confirmer", "Corriger", "Annuler"]
    shopping.taps_on("Corriger")
    assert shopping.titles == ["Les articles", "L'adresse", "Le destinataire", "Le téléphone", "Un mot au vendeur"]


def test_a_parcel_is_told_to_be_paid_before_in_every_place_that_speaks_of_money(shopping):
    shopping.goes("kara, pour Afi Mensah, 97 12 34 56", "[Colis par car]")
    words = said(shopping)
    assert words.count("\nColis par car : 2 000 F, départ sous 24 heures\n") == 2
    assert (
        "\nTotal à payer : 23 900 F CFA\nDont 23 900 F CFA avant l'envoi.\n"
        "Une personne vous appelle pour l'arranger, rien ne part avant.\n"
    ) in words
    assert "\nColis par car : Kara, à retirer à la gare\nPour : Afi Mensah, 97 12 34 56\n" in words
    assert "\nVous payez avant l'envoi, jamais au livreur ni à la gare.\n" in words
    assert "au livreur." not in words


def test_fresh_goods_are_told_to_take_the_morning_bus(shopping, market):
    shopping.db.run("update product set is_perishable = true where id = %(id)s", id=market["oil"].id)
    shopping.goes("kara, pour Afi Mensah, 97 12 34 56", "[Colis par car]")
    assert said(shopping).count("Produits frais : car du matin, sans retour.") == 1


def test_a_category_of_fresh_goods_makes_its_products_fresh_but_for_those_that_are_not(shopping, market):
    shopping.db.run("update category set is_perishable = true")
    shopping.db.run("update product set is_perishable = false where id = %(id)s", id=market["oil"].id)
    shopping.goes("kara, pour Afi Mensah, 97 12 34 56", "[Colis par car]")
    before_oil = said(shopping).partition("Tonton Kossi")[0]
    assert "Produits frais" in before_oil
    assert said(shopping).count("Produits frais") == 1


def test_at_the_counter_nothing_is_asked_for_bringing_it(shopping):
    shopping.taps_on("Venir chercher")
    words = said(shopping)
    assert words.count("\nRetrait gratuit : Bè, sous 24 heures\n") == 2
    assert "\nTotal à payer : 19 900 F CFA\n\nRetrait : à la boutique\nPour : Awa Mensah, 90 00 00 01\n" in words
    assert "\nVous payez à la boutique, en espèces ou par Flooz/T-Money.\n" in words


@pytest.mark.parametrize(
    "rule, line, before",
    [
        ("cod_max = 50000, deposit_percent = 20", "Sans acompte jusqu'à 50 000 F.", None),
        ("cod_max = 18000, deposit_percent = 20", "Sans acompte jusqu'à 18 000 F.", None),
        ("cod_max = 17995, deposit_percent = 20", "Acompte de 20 % dès 17 995 F : 3 600 F.", "3 600"),
        ("cod_max = 10000", "À payer d'avance dès 10 000 F : 18 000 F.", "18 000"),
    ],
)
def test_a_shops_deposit_rule_is_said_with_what_it_means_here(shopping, market, rule, line, before):
    shopping.db.run(f"update vendor set {rule} where id = %(id)s", id=market["rice"].vendor_id)
    shopping.says(HOME)
    words = said(shopping)
    assert f"Livraison : 500 F, sous 24 heures\n{line}\nTonton" in words
    assert ("avant l'envoi" in words) is (before is not None)
    if before:
        assert f"\nTotal à payer : 21 400 F CFA\nDont {before} F CFA avant l'envoi.\n" in words
    assert "\nVous payez à la livraison, en espèces ou par Flooz/T-Money au livreur.\n" in words


def test_the_buyers_own_choice_of_payment_stands_below(shopping):
    shopping.goes("par flooz sur 96 55 44 33", HOME)
    assert "au livreur.\nVotre choix : Flooz, depuis le 96 55 44 33.\nVous pouvez annuler" in said(shopping)


def test_a_zone_and_a_threshold_change_the_price_before_the_yes(shopping, market):
    shopping.db.run(
        "update vendor set delivery_zones = '{\"be-kpota\": 250}' where id = %(id)s", id=market["rice"].vendor_id
    )
    shopping.db.run("update vendor set free_above = 2400 where id = %(id)s", id=market["oil"].vendor_id)
    shopping.says(HOME)
    assert "Livraison : 250 F, sous 24 heures\nTonton" in said(shopping)
    assert "Livraison : gratuite, sous 24 heures\n\nTotal à payer : 20 150 F CFA" in said(shopping)
