"""A hurried vendor types short and mixes things up: he is understood, or told what to type next."""

import pytest

from bot import order_words
from bot.dialogs.vendor.dialog import VENDOR
from bot.new_goods import read_good
from bot.readings import read_command
from tests.catalog.market import figures_of


@pytest.fixture
def shop(yawa, ordered):
    """Yawa, with Awa's order waiting; `to(state)` brings it so far."""
    _, yawa.part, yawa.code = ordered
    yawa.says("bonjour")
    return yawa


def brought(shop, state):
    """An order with a code that looks like no measure: one of some hundred ends as `8467M` does."""
    shop.code = "446VR"
    shop.db.run("update \"order\" set code = 'TG-446VR'")
    shop.goes(
        *{"placed": [], "accepted": [f"A {shop.code}"], "handed_over": [f"A {shop.code}", f"remis {shop.code}"]}[state]
    )
    pin = shop.db.value("select delivery_code from vendor_order where id = %(id)s", id=shop.part)
    return {"code": shop.code, "short": shop.code[:4], "pin": pin}


def state_of(shop):
    return shop.db.value("select state from vendor_order where id = %(id)s", id=shop.part)


@pytest.mark.parametrize("said", ["A{short}", "a{short}", "A-{short}", "A {short} svp", "accepter TG-{code} merci"])
def test_an_order_is_accepted_however_its_code_stands_behind_the_letter(shop, said):
    shop.says(said.format(**brought(shop, "placed")))
    assert (shop.keys[0], state_of(shop)) == ("vendor.accepted", "accepted")


@pytest.mark.parametrize(
    "text", ["A54", "P30", "a1b", "svp", "merci svp", "accepter svp", "A", "A svp", "abc", "A4K7 12 sacs"]
)
def test_a_name_or_politeness_is_no_command(text):
    assert read_command(VENDOR.commands, text) is None


def test_three_characters_behind_a_letter_are_a_code():
    assert read_command(VENDOR.commands, "r4k7 svp") == read_command(VENDOR.commands, "R 4K7")


@pytest.mark.parametrize("said", ["TG-{short}", "tg {code}", "voir {short}", "Détail {code}", "voir", "detail"])
def test_a_code_alone_shows_its_order(shop, said):
    shop.says(said.format(**brought(shop, "placed")))
    assert shop.keys == ["vendor.part"]
    assert shop.titles == ["Accepter", "Accepter une partie", "Refuser", "Menu"]
    assert state_of(shop) == "placed"


@pytest.mark.parametrize(
    ("state", "said", "first", "then"),
    [
        ("placed", "pret", "vendor.none_waiting", "\n• TG-{code}, attend votre réponse : tapez A {short3}\n"),
        ("placed", "prêt {short}", "vendor.too_early", "\nTapez d'abord : A {short3}\n"),
        ("accepted", "livré", "vendor.none_waiting", "\n• TG-{code}, acceptée : tapez remis {short3}\n"),
        ("accepted", "livré {short} {pin}", "vendor.too_early", "\nTapez d'abord : remis {short3}\n"),
        (
            "handed_over",
            "je refuse la commande",
            "vendor.none_waiting",
            "\n• TG-{code}, en route : tapez livre {short3}\n",
        ),
    ],
)
def test_what_comes_too_early_is_told_with_what_is_typed_first(shop, state, said, first, then):
    known = brought(shop, state)
    known["short3"] = shop.code[:3]
    shop.says(said.format(**known))
    assert shop.keys[0] == first
    assert then.format(**known) in shop.words
    assert state_of(shop) == state


@pytest.mark.parametrize("said", ["remis rakieta 4567", "remis {short} rakieta 4567", "donné au livreur {short}"])
def test_the_number_of_a_receipt_is_no_code_of_an_order(shop, said):
    shop.says(said.format(**brought(shop, "accepted")))
    assert shop.keys == ["vendor.handed_sure"]
    shop.says("oui")
    assert state_of(shop) == "handed_over"


@pytest.mark.parametrize("said", ["c'est livré {pin}", "le client a dit {pin}"])
def test_a_buyers_code_in_a_sentence_is_asked_about_and_then_tried(shop, said):
    known = brought(shop, "handed_over")
    shop.says(said.format(**known))
    assert (shop.keys, state_of(shop)) == (["vendor.pin_sure"], "handed_over")
    shop.says("oui")
    assert (shop.keys[0], state_of(shop)) == ("vendor.delivered", "delivered")


def test_code_and_its_figures_are_a_command(shop):
    known = brought(shop, "handed_over")
    wrong = "1111" if known["pin"] != "1111" else "2222"
    shop.says(f"code {wrong}")
    assert (shop.keys[0], state_of(shop)) == ("vendor.wrong_pin", "handed_over")
    shop.says(f"code {known['pin']}")
    assert state_of(shop) == "delivered"


@pytest.mark.parametrize("said", ["rupture", "ya pas", "pas dispo"])
def test_what_names_no_good_is_asked_of_which_one(shop, said):
    brought(shop, "placed")
    shop.says(said)
    assert shop.words == f"« {said} » : c'est quel produit ?"
    assert shop.titles == ["Maïs blanc", "Riz parfumé 25 kg", "Riz parfumé 5 kg", "Aucun"]


def test_a_change_that_is_declined_is_said_to_be_none(shop):
    brought(shop, "placed")
    shop.goes("maïs blanc 9", "non")
    assert shop.words.startswith("D'accord, rien n'est changé.")


@pytest.mark.parametrize(
    ("said", "rest"),
    [
        ("vendu 1 maïs je ferme a 18h", "je ferme a 18h"),
        ("je ferme à 18h, vendu 1 maïs", "je ferme à 18h"),
        ("vendu 1 maïs, pause 2 jours", "pause 2 jours"),
        ("vendu 1 maïs et livraison agoe 1000", "livraison agoe 1000"),
        ("vendu 1 maïs puis 4K7 pret", "4K7 pret"),
        ("j'ai vendu 1 maïs et le client de 4K7 a payé", "le client de 4K7 a payé"),
        ("j'ai vendu 1 maïs le client de 4K7 a tout payé", "le client de 4K7 a tout payé"),
        ("vendu 1 maïs, j'ai livré 4K7", "j'ai livré 4K7"),
        ("vendu 1 maïs puis j'accepte 4K7", "j'accepte 4K7"),
        ("vendu 1 maïs et je refuse 4K7 plus de stock", "je refuse 4K7 plus de stock"),
    ],
)
def test_what_stands_beside_stock_is_told_to_be_sent_again(shop, said, rest):
    brought(shop, "placed")
    shop.says(said)
    assert shop.words == f"Maïs blanc : 3 → 2\nEnvoyez ensuite, à part : {rest}.\nC'est bon ?"
    shop.goes("oui", rest)
    assert shop.keys[0] not in ("miss.menu", "vendor.stock_preview")


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        ("r {short} rupture", "shortage"),
        ("R {short} plus de riz", "shortage"),
        ("r{code} : riz fini", "shortage"),
        ("refuse {short} client trop loin", "too_far"),
        ("R {short} je suis fermé", "closed"),
    ],
)
def test_a_refusal_with_its_reason_is_asked_about_once(shop, said, reason):
    shop.says(said.format(**brought(shop, "placed")))
    assert (shop.keys, state_of(shop)) == (["vendor.refuse_sure"], "placed")
    told = {"shortage": "rupture de stock", "too_far": "livraison trop loin", "closed": "boutique fermée"}
    assert shop.words.endswith(f"\nRaison : {told[reason]}.")
    shop.says("oui")
    assert state_of(shop) == "refused"
    why = "select details ->> 'reason' from order_history where details ? 'reason'"
    assert shop.db.value(why) == reason


def test_a_refusal_with_words_that_give_no_reason_asks_for_one(shop):
    shop.goes("R {short} désolée pardon".format(**brought(shop, "placed")), "oui")
    assert (shop.keys, state_of(shop)) == (["vendor.reason"], "placed")


@pytest.mark.parametrize(
    ("said", "state", "key"),
    [
        ("a {short} demain", "placed", "vendor.accept_sure"),
        ("partie {short} 1", "placed", "vendor.cut_sure"),
        ("partie {short} un sac seulement", "placed", "vendor.cut_sure"),
        ("partie {short} 2", "placed", "vendor.accept_sure"),
        ("partie {short} 0", "placed", "vendor.reason"),
        ("partie {short} ce soir", "placed", "vendor.cut_units"),
        ("a {short} 1 seulement", "placed", "vendor.cut_sure"),
        ("accepte {short} mais un sac seulement", "placed", "vendor.cut_sure"),
        ("accepte en partie {short}", "placed", "vendor.cut_units"),
        ("accepter une partie de {short}: 1", "placed", "vendor.cut_sure"),
        ("p {short} stp merci", "accepted", "vendor.ready"),
        ("p {short} ce soir", "accepted", "vendor.ready_sure"),
        ("r 2ZZ rupture", "placed", "vendor.unknown_part"),
    ],
)
def test_words_behind_a_code_lead_to_the_orders_question(shop, said, state, key):
    shop.says(said.format(**brought(shop, state)))
    assert shop.keys[0] == key


@pytest.mark.parametrize(
    "said", ["a 5kg", "p 3kg riz", "a 500 le sac", "p 250 savon", "riz 4k5", "partie", "a 25kg seulement"]
)
def test_a_measure_behind_a_letter_is_no_order(said):
    assert order_words.hear(said) == ()


@pytest.mark.parametrize(
    "said",
    [
        "client absent",
        "le client ne répond pas",
        "la cliente ne décroche pas {short}",
        "le client est absent {short}",
        "le client n'a pas le code",
        "le client a oublié son code",
    ],
)
def test_a_customer_who_is_away_leads_to_what_can_be_done(shop, said):
    shop.says(said.format(**brought(shop, "handed_over")))
    assert shop.words == (
        f"Commande TG-{shop.code}.\nPour : Awa Mensah, 90 00 00 01\n"
        "Le client voit son code : il tape suivi.\nQue s'est-il passé ?"
    )
    assert shop.titles == ["Livré", "Colis revenu", "Parler à quelqu'un"]
    shop.says("colis revenu")
    assert (shop.keys, state_of(shop)) == (["vendor.sellable"], "handed_over")


def test_a_customer_who_is_away_before_the_order_left_is_told_what_comes_first(shop):
    brought(shop, "accepted")
    shop.says("client absent")
    assert shop.keys[0] == "vendor.none_waiting"
    assert "tapez remis" in shop.words


def test_accepting_one_order_leaves_the_question_about_another_alone(shop, awa):
    awa.goes("je veux 1 maïs blanc", "oui", "commander", "[Bè-Kpota]", "[Confirmer]")
    other = shop.db.value('select substr(code, 4) from "order" order by id desc limit 1')
    shop.goes(f"partie {shop.code} un sac", f"A {other}")
    assert "Riz parfumé 25 kg : 1 sur 2" in shop.words
    assert shop.words.endswith("C'est bon ?")


@pytest.mark.parametrize(
    ("said", "few", "of"),
    [
        ("préviens moi quand il reste 5 maïs", 5, "Maïs blanc"),
        ("previens-moi quand il ne reste plus que 3 sacs de maïs", 3, "Maïs blanc"),
        ("préviens moi quand le maïs blanc est à moins de 4", 4, "Maïs blanc"),
        ("avertissez-moi s'il reste 6", 6, "Tous vos produits"),
        ("préviens moi quand il reste 5", 5, "Tous vos produits"),
    ],
)
def test_when_to_warn_of_few_is_said_in_a_sentence(shop, said, few, of):
    shop.says(said)
    assert shop.words == f"Vous prévenir quand il reste {few} ou moins ?\n{of}"


@pytest.mark.parametrize(
    ("said", "key"),
    [
        ("supprime la commande", "vendor.refuse_sure"),
        ("+20", "vendor.stock_which"),
        ("-2", "vendor.stock_which"),
        ("prix maïs blanc 0", "vendor.stock_amount"),
        ("prix du maïs blanc 0 F", "vendor.stock_amount"),
        ("-10%", "vendor.promo_how"),
        ("ajoute savon 500, sucre 600", "vendor.add_quantity"),
        ("ajoute savon noir 500", "vendor.add_quantity"),
    ],
)
def test_what_buyers_say_too_is_answered_in_the_hat_that_is_worn(shop, said, key):
    shop.says(said)
    assert shop.keys[0] == key


@pytest.mark.parametrize("said", ["maïs blanc prix 0", "prix maïs blanc 0 F", "maïs blanc 0f", "maïs blanc gratuit"])
def test_a_price_of_nothing_is_refused_with_a_word_and_asked_again(shop, market, said):
    stood = figures_of(shop.db, market["maize"])
    shop.says(said)
    refused = "Maïs blanc : un prix de 0 F n'est pas possible. "
    refused += "Quel est son prix, en francs ? Tapez non pour le laisser."
    assert (shop.keys, shop.words) == (["vendor.stock_amount"], refused)
    shop.says("0")
    assert shop.words == refused
    shop.says("900")
    assert shop.words.replace("\u00a0", " ") == "Maïs blanc : 800 F → 900 F (sac)\nC'est bon ?"
    assert figures_of(shop.db, market["maize"]) == stood


@pytest.mark.parametrize(
    ("said", "name", "price", "sizes"),
    [
        ("robe wax 12000 tailles S M L", "Robe wax", 12_000, "S M L"),
        ("jeans 28 à 34 toutes tailles 6500", "Jeans", 6_500, "28 29 30 31 32 33 34"),
        ("chaussures 36 au 41 7500", "Chaussures", 7_500, "36 37 38 39 40 41"),
        ("chemise homme tailles M, L, XL 8500", "Chemise homme", 8_500, "M L XL"),
    ],
)
def test_goods_in_sizes_are_put_up_step_by_step(shop, said, name, price, sizes):
    shop.says(said)
    assert shop.words == f"{name} : combien en avez-vous de chaque taille ?"
    assert (read_good(said).price, " ".join(read_good(said).sizes)) == (price, sizes)


@pytest.mark.parametrize("said", ["riz 20 à 30", "lait 20-30 cl 500", "eau 25 à 30 l 1500"])
def test_other_figures_are_no_sizes(said):
    assert read_good(said).sizes == ()


def test_a_name_alone_shows_the_good_or_those_that_it_may_be(shop):
    shop.says("mais blan")
    assert shop.keys == ["vendor.good"]
    assert shop.words.startswith("Maïs blanc\n")
    shop.says("riz")
    assert (shop.keys, sorted(shop.titles)) == (["vendor.goods_which"], ["Riz parfumé 25 kg", "Riz parfumé 5 kg"])


def test_a_name_that_no_good_of_the_shop_has_is_not_understood(shop):
    shop.says("savon")
    assert shop.keys == ["miss.menu", "vendor.menu"]


def test_so_many_for_so_much_is_a_promotion_and_no_stock(shop):
    shop.says("maïs blanc 2 pour 1500")
    assert shop.words.startswith("Promotion : Maïs blanc\n2 pour 1\u00a0500\u00a0F\u00a0CFA\n")
    assert shop.keys == ["vendor.promo_sure"]


def test_of_several_lots_one_is_asked_about_and_the_others_are_sent_again(shop):
    shop.says("maïs blanc 2 pour 1500\nriz parfumé 5 kg 2 pour 6500")
    assert shop.words.startswith("Promotion : Maïs blanc\n2 pour ")
    assert "\nEnvoyez ensuite, à part : riz parfumé 5 kg 2 pour 6500.\n" in shop.words


def test_a_price_that_is_asked_for_is_asked_as_one(shop):
    shop.says("change le prix du maïs blanc")
    assert shop.words == "Maïs blanc : quel est son prix, en francs ?"


def test_what_is_nearly_gone_is_counted(shop):
    shop.goes("maïs blanc bientôt fini", "1")
    assert shop.words == "Maïs blanc : 3 → 1\nC'est bon ?"


def test_another_count_is_put_in_the_place_of_the_one_that_is_shown(shop):
    shop.goes("vendu 2 maïs blanc", "non c'est 1")
    assert "3 → 2" in shop.words
    assert shop.keys == ["vendor.stock_preview"]


def test_another_count_after_the_yes_asks_whether_the_change_is_taken_back(shop):
    shop.goes("vendu 2 maïs blanc", "oui", "non c'est 1")
    assert shop.keys == ["vendor.undo_sure"]
    shop.says("oui")
    assert "1 → 3" in shop.words


def test_who_hesitates_at_a_preview_is_asked_again(shop):
    shop.goes("vendu 2 maïs blanc", "peut-être")
    assert shop.keys[-1] == "vendor.stock_preview"
    assert shop.db.value("select count(*) from stock_movement where reason = 'sold'") == 0


@pytest.mark.parametrize(
    "said",
    [
        *(
            "{code} le riz est fini",
            "{code} riz fini",
            "{short} y a plus de riz",
            "TG-{code} rupture",
            "{code} plus de stock",
        ),
        *(
            "le riz est fini {code}",
            "riz fini pour la commande {code}",
            "commande {code} riz épuisé",
            "{code} manque riz",
        ),
    ],
)
def test_goods_that_are_no_more_for_an_order_ask_whether_it_is_refused(shop, said):
    shop.says(said.format(**brought(shop, "placed")))
    assert (shop.keys, state_of(shop)) == (["vendor.refuse_sure"], "placed")
    assert shop.words.endswith("\nRaison : rupture de stock.")
    shop.says("oui")
    assert (shop.keys[0], state_of(shop)) == ("vendor.refused", "refused")


@pytest.mark.parametrize("said", ["la commande {code} est finie", "{code} le colis est fini", "{code} c'est fini"])
def test_an_order_that_is_finished_may_be_ready(shop, said):
    shop.says(said.format(**brought(shop, "placed")))
    assert (shop.keys, state_of(shop)) == (["vendor.ready_sure"], "placed")


@pytest.mark.parametrize(
    "said",
    [
        *(
            "2sacs riz fini",
            "25kg riz fini",
            "446VR le riz est fini ?",
            "le riz est fini",
            "lait 500gr fini",
            "riz 25kgs fini",
        ),
        *("vin 75cls fini", "robe 3xxl finie", "cables 2m50 finis", "body 6mois epuise", "446VR la robe est terminée"),
    ],
)
def test_figures_and_questions_refuse_no_order(said):
    assert order_words.hear(said) == ()


@pytest.mark.parametrize("said", ["livraison gratuite", "la livraison est offerte", "frais de livraison", "mes zones"])
def test_a_free_delivery_leads_to_the_prices_of_delivery(shop, said):
    shop.says(said)
    assert shop.keys[0] == "vendor.zones_how"


@pytest.mark.parametrize("said", ["question", "ma question", "j'ai des questions", "questions des clients"])
def test_a_question_of_a_vendor_is_one_that_he_was_asked(shop, said):
    shop.says(said)
    assert shop.keys == ["vendor.no_questions"]
