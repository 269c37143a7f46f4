"""A vendor's journeys: answering, preparing, handing over and delivering, by button, by code and in words."""

import re

import pytest

from tests.bot.chat import Chat
from tests.catalog.market import figures_of, make_vendor

NBSP = "\u00a0"


def state_of(chat, part):
    return chat.db.value("select state from vendor_order where id = %(id)s", id=part)


def pin_of(chat, part):
    return chat.db.value("select delivery_code from vendor_order where id = %(id)s", id=part)


@pytest.fixture
def three(awa, ordered):
    """Three orders of rice that wait; returns [(part id, code)] oldest first."""
    for _ in range(2):
        awa.goes("je veux 1 sac de riz parfumé 25 kg", "oui", "commander", "oui", "oui")
    rows = awa.db.rows('select v.id, o.code from vendor_order v join "order" o on o.id = v.order_id order by v.id')
    return [(row.id, row.code.removeprefix("TG-")) for row in rows]


def test_a_vendor_sees_at_once_what_waits(yawa, three):
    yawa.says("bonjour")
    assert yawa.keys == ["vendor.hello", "vendor.menu"]
    assert "À répondre : 3. En préparation : 0." in yawa.words
    assert yawa.titles == ["À répondre", "En préparation", "Mes produits"]


def test_an_order_is_opened_and_accepted_by_button(yawa, three, market):
    (part, code), *_ = three
    yawa.goes("bonjour", "[À répondre]", "1")
    assert yawa.words.startswith(
        f"Commande TG-{code} : attend votre réponse\n• 2 × Riz parfumé 25 kg : 35{NBSP}000{NBSP}F\n"
        f"Articles : 35{NBSP}000{NBSP}F. Livraison : 500{NBSP}F.\nÀ encaisser : 35{NBSP}500{NBSP}F{NBSP}CFA\n"
        "Livrer à : Bè-Kpota, derrière la pharmacie\nQue"
    )
    assert yawa.titles == ["Accepter", "Accepter une partie", "Refuser", "Menu"]
    yawa.taps_on("Accepter")
    assert yawa.keys == ["vendor.accepted", "vendor.menu"]
    assert (state_of(yawa, part), yawa.facts) == ("accepted", ["PartAccepted"])
    assert "Pour : Awa Mensah, 90 00 00 01" in yawa.words
    assert f"tapez : P {code[:3]}" in yawa.words


def test_what_a_vendor_has_collected_is_not_to_be_collected_again(yawa, three):
    (part, code), *_ = three
    yawa.goes("bonjour", "[À répondre]", "1")
    yawa.db.run("update vendor_order set state = 'delivered' where id = %(id)s", id=part)
    yawa.says("merci")
    assert yawa.keys == ["vendor.thanks", "vendor.part"]
    assert f"Commande TG-{code} : livrée" in yawa.words
    assert f"Encaissé : 35{NBSP}500{NBSP}F{NBSP}CFA" in yawa.words


def test_the_recipients_phone_is_not_shown_before_the_acceptance(yawa, three):
    yawa.goes("bonjour", "[À répondre]", "1")
    assert "90 00 00 01" not in yawa.words


def test_the_voice_note_that_tells_the_way_can_be_opened_while_the_order_may_be_seen(yawa, three):
    code = three[0][1]
    yawa.db.run('update "order" set voice_id = 17')
    yawa.db.run(
        "insert into received_media (inbox_id, place, conversation_id, account_id, kind, mime, reference, state, file)"
        " values (17, 1, 1, 1, 'audio', 'audio/ogg', 'r', 'kept', '17-1.ogg')"
    )
    yawa.goes("bonjour", "[À répondre]", "1")
    assert "vocal" not in yawa.words
    yawa.goes(f"A {code}", "menu", "[En préparation]", "1")
    assert yawa.state == "vendor.part"
    assert re.search(r"\nLe chemin, en vocal : https://market\.example/received/\S+\n", yawa.words.replace(NBSP, " "))
    yawa.db.run("update received_media set state = 'gone'")
    yawa.goes("menu", "[En préparation]", "1")
    assert "vocal" not in yawa.words


def test_with_three_orders_open_a_yes_or_a_number_touches_none(yawa, three):
    yawa.goes("bonjour", "mode texte", "oui")
    assert (yawa.keys, [state_of(yawa, part) for part, _ in three]) == (["vendor.waiting"], ["placed"] * 3)
    yawa.says("1")
    assert yawa.state == "vendor.part"
    assert [state_of(yawa, part) for part, _ in three] == ["placed"] * 3


def test_with_three_orders_open_a_bare_verb_asks_which(yawa, three):
    yawa.goes("bonjour", "accepter")
    assert (yawa.keys, yawa.titles) == (["vendor.accept_which"], [f"TG-{code}" for _, code in three])
    assert [state_of(yawa, part) for part, _ in three] == ["placed"] * 3
    yawa.says("2")
    assert [state_of(yawa, part) for part, _ in three] == ["placed", "accepted", "placed"]


@pytest.mark.parametrize("verb", ["accepter", "refuser"])
@pytest.mark.parametrize("word", ["non", "annuler"])
def test_a_no_to_the_question_which_order_leads_back(yawa, three, verb, word):
    yawa.goes("bonjour", verb)
    assert yawa.keys == [f"vendor.{verb[:6]}_which"]
    yawa.says(word)
    assert (yawa.keys, yawa.state) == (["vendor.menu"], "vendor.menu")
    assert [state_of(yawa, part) for part, _ in three] == ["placed"] * 3


@pytest.mark.parametrize("word", ["non", "annuler", "laisse tomber"])
def test_a_no_to_the_question_for_the_buyers_code_leads_back(yawa, ordered, word):
    _, part, code = ordered
    yawa.goes("bonjour", f"A {code}", f"remis {code}", f"livre {code}")
    assert yawa.state == "vendor.pin"
    yawa.says(word)
    assert (yawa.keys, state_of(yawa, part)) == (["vendor.menu"], "handed_over")


def test_a_code_that_is_not_meant_is_left_by_saying_no_twice(yawa, ordered):
    _, part, code = ordered
    yawa.goes("bonjour", f"A {code}", f"remis {code}", f"livre {code}", "1234", "non")
    assert yawa.keys == ["vendor.pin"]
    yawa.says("non")
    assert (yawa.keys, state_of(yawa, part)) == (["vendor.menu"], "handed_over")


def test_a_no_to_the_list_of_orders_for_a_code_comes_back_to_the_order_that_was_asked_about(yawa, three):
    codes = [code for _, code in three]
    yawa.goes("bonjour", *[f"{verb} {code}" for verb in ("A", "remis") for code in codes], f"livre {codes[1]}")
    assert yawa.words == f"Commande TG-{codes[1]} : quel code de quatre chiffres dit l'acheteur ?"
    yawa.goes("livre 0000", "non")
    assert yawa.words == f"Commande TG-{codes[1]} : quel code de quatre chiffres dit l'acheteur ?"


def test_a_no_to_the_new_count_leads_back_to_the_goods(yawa, market):
    yawa.goes("bonjour", "liste", "[Riz parfumé 25 kg]", "[Changer le stock]", "50", "non")
    assert yawa.keys == ["vendor.new_stock"]
    yawa.says("non")
    assert (yawa.keys, figures_of(yawa.db, market["rice"])) == (["vendor.goods"], (10, 0, 0))


@pytest.mark.parametrize("said", ["Le client a refusé le colis", "le colis TG-{code} est revenu"])
def test_a_parcel_that_the_customer_refused_is_asked_about_as_one_that_came_back(yawa, ordered, market, said):
    _, part, code = ordered
    yawa.goes("bonjour", f"A {code}", f"remis {code}", said.format(code=code))
    assert (yawa.keys, state_of(yawa, part)) == (["vendor.sellable"], "handed_over")
    yawa.says("oui")
    assert (state_of(yawa, part), figures_of(yawa.db, market["rice"])) == ("returned", (10, 0, 0))


def test_a_customer_who_goes_back_on_an_order_before_it_left_is_a_refusal_that_is_asked(yawa, ordered):
    _, part, code = ordered
    yawa.goes("bonjour", f"A {code}", "le client ne veut plus")
    assert (yawa.keys, state_of(yawa, part)) == (["vendor.refuse_sure"], "accepted")


def test_a_bare_verb_with_one_open_order_acts(yawa, ordered):
    _, part, _ = ordered
    yawa.goes("bonjour", "accepter")
    assert state_of(yawa, part) == "accepted"


def test_a_bare_verb_with_no_open_order_says_so(yawa):
    yawa.goes("bonjour", "accepter")
    assert yawa.keys == ["vendor.none_waiting", "vendor.menu"]
    assert yawa.words.startswith("Aucune commande n'en est là. Tapez commandes pour les voir.\n\n")
    yawa.goes("english", "ready")
    assert yawa.words.startswith("No order has come that far. Type orders to see them.\n\n")
    assert (yawa.says("orders"), yawa.keys)[1] == ["vendor.none_open"]


def test_a_code_acts_on_its_order_alone(yawa, three):
    yawa.goes("bonjour", f"A {three[2][1]}")
    assert [state_of(yawa, part) for part, _ in three] == ["placed", "placed", "accepted"]


def test_the_first_letters_of_a_code_are_enough(yawa, ordered):
    _, part, code = ordered
    yawa.goes("bonjour", f"a {code[:3].lower()}")
    assert state_of(yawa, part) == "accepted"


def test_an_unknown_code_and_another_shops_order_touch_nothing(yawa, db, config, ordered):
    _order_id, part, code = ordered
    yawa.goes("bonjour", "A 2ZZZZ")
    assert yawa.keys == ["vendor.unknown_part", "vendor.menu"]
    other = Chat(db, config, "+22890000104", "Kossi", roles=[("vendor", make_vendor(db, "tata_afi"))])
    other.goes("bonjour", f"A {code}")
    assert other.keys == ["vendor.unknown_part", "vendor.menu"]
    other.opens_door("vendor", "accept", str(part))
    assert other.keys == ["vendor.unknown_part", "vendor.menu"]
    assert state_of(yawa, part) == "placed"


def test_a_whole_delivery_by_codes(yawa, ordered, market):
    _, part, code = ordered
    yawa.says("bonjour")
    for typed, key, state in [
        (f"P {code}", "too_early", "placed"),
        (f"A {code}", "accepted", "accepted"),
        (f"A {code}", "already", "accepted"),
        (f"prêt {code}", "ready", "ready"),
        (f"livre {code} {pin_of(yawa, part)}", "too_early", "ready"),
        (f"remis {code}", "handed_over", "handed_over"),
        (f"R {code} ", "closed", "handed_over"),
        (f"Livré TG-{code} {pin_of(yawa, part)}", "delivered", "delivered"),
    ]:
        yawa.says(typed)
        assert (yawa.keys[0], state_of(yawa, part)) == (f"vendor.{key}", state)
    assert figures_of(yawa.db, market["rice"]) == (8, 0, 0)


def test_a_wrong_delivery_code_is_counted_and_asked_again(yawa, ordered):
    _, part, code = ordered
    pin = pin_of(yawa, part)
    wrong = f"{(int(pin) + 1) % 10_000:04d}"
    yawa.goes("bonjour", f"A {code}", f"remis {code}", f"livre {code} {wrong}")
    assert (yawa.state, state_of(yawa, part)) == ("vendor.pin", "handed_over")
    assert yawa.says("12 mil").startswith("Je n'ai pas compris votre réponse.")
    yawa.says(f"{pin[:2]} {pin[2:]}")
    assert yawa.words == f"Commande TG-{code} livrée avec le code {pin} ?"
    assert state_of(yawa, part) == "handed_over"
    yawa.says("oui")
    assert (yawa.keys[0], state_of(yawa, part)) == ("vendor.delivered", "delivered")


def test_five_wrong_codes_lock_the_delivery(yawa, ordered):
    _, part, code = ordered
    pin = pin_of(yawa, part)
    wrong = f"{(int(pin) + 1) % 10_000:04d}"
    yawa.goes("bonjour", f"A {code}", f"remis {code}", *[f"livre {code} {wrong}"] * 4)
    assert yawa.keys == ["vendor.wrong_pin", "vendor.pin"]
    yawa.goes(f"livre {code} {wrong}")
    assert (yawa.keys[0], yawa.facts) == ("vendor.locked", ["CodeLocked"])
    yawa.goes(f"livre {code} {pin}")
    assert (yawa.keys[0], state_of(yawa, part)) == ("vendor.locked", "handed_over")
    assert yawa.keys == ["vendor.locked", "vendor.menu"]
    yawa.says(f"livre {code}")
    assert yawa.keys == ["vendor.locked", "vendor.menu"]


def test_the_bare_code_of_the_buyer_is_tried_on_the_only_parcel_on_its_way(yawa, ordered):
    _, part, code = ordered
    yawa.goes("bonjour", f"A {code}", f"remis {code}")
    yawa.db.run("update vendor_order set delivery_code = '1010' where id = %(id)s", id=part)  # no letters of a code
    yawa.says("livre 1010")
    assert state_of(yawa, part) == "delivered"


def test_a_bare_code_of_several_parcels_asks_only_which_one(awa, yawa, ordered):
    _, part, code = ordered
    awa.goes("je veux 1 sac de riz parfumé 25 kg", "oui", "commander", "oui", "oui")
    yawa.goes("bonjour", "accepter", "1", "accepter", "remis", "1", "remis")
    yawa.db.run("update vendor_order set delivery_code = '1010' where id = %(id)s", id=part)
    yawa.says("livre 1010")
    assert yawa.words == "Quelle commande est livrée avec le code 1010 ?"
    yawa.taps_on(f"TG-{code}")
    assert (yawa.keys[0], state_of(yawa, part)) == ("vendor.delivered", "delivered")


def test_a_code_that_was_tried_meanwhile_is_not_asked_about_again(awa, yawa, ordered):
    _, part, code = ordered
    awa.goes("je veux 1 sac de riz parfumé 25 kg", "oui", "commander", "oui", "oui")
    yawa.goes("bonjour", "accepter", "1", "accepter", "remis", "1", "remis", "livre 0000")
    yawa.says(f"livre {code} {pin_of(yawa, part)}")
    assert (yawa.keys, state_of(yawa, part)) == (["vendor.delivered", "vendor.menu"], "delivered")


@pytest.mark.parametrize(("answer", "key", "on_hand"), [("oui", "back_in_stock", 10), ("non", "written_off", 8)])
def test_a_parcel_that_came_back_is_noted_only_after_the_answer_whether_it_sells(
    yawa, ordered, market, answer, key, on_hand
):
    _, part, code = ordered
    yawa.goes("bonjour", f"A {code}", f"remis {code}", f"retour {code}")
    assert (yawa.keys, yawa.titles) == (["vendor.sellable"], ["Oui", "Non", "Pas de retour"])
    assert (state_of(yawa, part), figures_of(yawa.db, market["rice"])) == ("handed_over", (8, 0, 0))
    yawa.says(answer)
    assert (yawa.keys, yawa.facts) == ([f"vendor.{key}", "vendor.menu"], ["PartReturned"])
    assert (state_of(yawa, part), figures_of(yawa.db, market["rice"])) == ("returned", (on_hand, 0, 0))


def test_a_bare_return_asks_about_no_parcel_that_was_delivered(yawa, ordered):
    _, part, code = ordered
    yawa.goes("bonjour", f"A {code}", f"remis {code}", f"livre {code} {pin_of(yawa, part)}", "return")
    assert yawa.keys == ["vendor.none_waiting", "vendor.menu"]
    yawa.says(f"return {code}")
    assert yawa.keys == ["vendor.sellable"]


def test_the_stock_is_changed_only_after_a_yes_to_the_two_figures(yawa, market):
    yawa.goes("bonjour", "liste", "[Riz parfumé 25 kg]", "[Changer le stock]", "1 250")
    assert yawa.words == "Riz parfumé 25 kg : 10 → 1250. Vérifiez ce chiffre !\nC'est bon ?"
    assert figures_of(yawa.db, market["rice"]) == (10, 0, 0)
    yawa.says("oui")
    assert yawa.keys == ["vendor.counted", "vendor.goods"]
    assert figures_of(yawa.db, market["rice"]) == (1250, 0, 0)


@pytest.mark.parametrize("said", ["2,5", "123456", "beaucoup", "10 ou 12"])
def test_what_is_no_whole_number_is_asked_again(yawa, market, said):
    yawa.goes("bonjour", "liste", "[Riz parfumé 25 kg]", "[Changer le stock]", said)
    assert yawa.state == "vendor.new_stock"


def test_who_states_less_than_he_promised_is_asked_which_order_he_cannot_serve(awa, yawa, ordered, market):
    _, _, code = ordered
    awa.goes("je veux 1 mais blanc", "oui", "commander", "oui", "oui")  # takes from another stock
    yawa.goes("bonjour", "liste", "[Riz parfumé 25 kg]", "[Changer le stock]", "zéro", "oui")
    assert yawa.keys == ["vendor.stock_applied", "vendor.overpromised"]
    assert yawa.titles == [f"TG-{code}", "Plus tard"]
    assert figures_of(yawa.db, market["rice"]) == (0, 0, 2)
    yawa.goes("1", "[Ne pas refuser]")
    assert yawa.keys == ["vendor.overpromised"]
    yawa.goes("1", "[Rupture de stock]")
    assert yawa.keys == ["vendor.refused", "vendor.menu"]
    assert figures_of(yawa.db, market["rice"]) == (0, 0, 0)


def test_a_refusal_asks_why_and_gives_the_goods_back(yawa, ordered, market):
    _, part, code = ordered
    yawa.goes("bonjour", f"R {code}")
    assert yawa.titles == [
        "Rupture de stock",
        "Boutique fermée",
        "Livraison trop loin",
        "Autre raison",
        "Ne pas refuser",
    ]
    assert state_of(yawa, part) == "placed"
    yawa.says("3")
    assert (yawa.keys[0], state_of(yawa, part)) == ("vendor.refused", "refused")
    assert figures_of(yawa.db, market["rice"]) == (10, 0, 0)
    reason = yawa.db.value("select details->>'reason' from order_history where fact = 'refused'")
    assert reason == "too_far"


def test_a_refusal_can_be_left(yawa, ordered):
    _, part, code = ordered
    for way in ("[Ne pas refuser]", "non", "ne pas refuser"):
        yawa.goes("bonjour", f"R {code}", way)
        assert (yawa.keys, state_of(yawa, part)) == (["vendor.menu"], "placed")


def test_a_notices_buttons_work_under_any_hat_and_return(yawa, ordered):
    _, part, _ = ordered
    yawa.goes("acheter", "[Voir les produits]")
    yawa.opens_door("vendor", "accept", str(part))
    assert yawa.keys == ["vendor.accepted", "buyer.categories"]
    yawa.opens_door("vendor", "accept", str(part))
    assert (yawa.keys, state_of(yawa, part)) == (["vendor.already", "buyer.categories"], "accepted")


def test_a_notices_button_refuses(yawa, ordered):
    _, part, _ = ordered
    yawa.opens_door("vendor", "refuse", str(part))
    yawa.says("rupture de stock")
    assert state_of(yawa, part) == "refused"


def test_an_old_button_acts_on_its_own_order_or_on_none(yawa, three):
    yawa.goes("bonjour", "[À répondre]", "1")
    accept_first = yawa.offered["Accepter"]
    yawa.goes("retour", "2")
    assert yawa.taps_id(accept_first).startswith("Ce choix est passé.")
    assert [state_of(yawa, part) for part, _ in three] == ["placed"] * 3
    yawa.goes("commandes", "1", "[Accepter]")
    assert [state_of(yawa, part) for part, _ in three] == ["accepted", "placed", "placed"]


@pytest.mark.parametrize(
    ("said", "key", "before", "after"),
    [
        ("ok commande TG-{code}", "accept_sure", "placed", "accepted"),
        ("TG-{code} pret", "ready_sure", "accepted", "ready"),
        ("remis au livreur TG-{code}", "handed_sure", "accepted", "handed_over"),
    ],
)
def test_what_is_understood_is_asked_before_it_is_written(yawa, ordered, said, key, before, after):
    _, part, code = ordered
    yawa.says("bonjour")
    if before == "accepted":
        yawa.says(f"A {code}")
    yawa.says(said.format(code=code))
    assert (yawa.keys, state_of(yawa, part)) == ([f"vendor.{key}"], before)
    yawa.says("non")
    assert (yawa.keys, state_of(yawa, part)) == (["vendor.menu"], before)
    yawa.goes(said.format(code=code), "oui")
    assert state_of(yawa, part) == after


@pytest.mark.parametrize("letters", ["4AAB2", "4K7PP", "2PWXZ"])
def test_a_code_is_read_letter_by_letter(yawa, ordered, letters):
    order_id, part, _ = ordered
    yawa.db.run('update "order" set code = %(code)s where id = %(id)s', code=f"TG-{letters}", id=order_id)
    yawa.goes("bonjour", f"ok commande TG-{letters}")
    assert yawa.words.startswith(f"Acceptez-vous la commande TG-{letters} ?")
    yawa.goes(f"A {letters}")
    assert state_of(yawa, part) == "accepted"


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        ("rupture", "shortage"),
        ("Je n'en ai plus", "shortage"),
        ("c'est fini", "shortage"),
        ("je suis fermé", "closed"),
        ("trop loin", "too_far"),
        ("autre", "other"),
    ],
)
def test_a_reason_may_be_said_in_plain_words(yawa, ordered, said, reason):
    _, part, code = ordered
    yawa.goes(f"R {code}", said)
    assert (yawa.keys[0], state_of(yawa, part)) == ("vendor.refused", "refused")
    assert yawa.db.value("select details->>'reason' from order_history where fact = 'refused'") == reason


def test_a_refusal_in_words_is_asked_for_the_reason_that_they_do_not_give(yawa, ordered):
    _, part, code = ordered
    yawa.goes("bonjour", f"je peux pas TG-{code} ya plus")
    assert yawa.words.endswith("Raison : rupture de stock.")
    yawa.goes("non", f"je peux pas TG-{code}", "oui")
    assert (yawa.state, state_of(yawa, part)) == ("vendor.reason", "placed")
    yawa.says("1")
    assert state_of(yawa, part) == "refused"


def test_a_delivery_in_words_is_asked_for_the_code(yawa, ordered):
    _, part, code = ordered
    yawa.goes("bonjour", f"A {code}", f"remis {code}", f"client a payé cash TG-{code}")
    assert yawa.state == "vendor.pin"
    yawa.goes(pin_of(yawa, part), "oui")
    assert state_of(yawa, part) == "delivered"


def test_several_that_a_sentence_could_mean_are_offered(yawa, three):
    yawa.goes("bonjour", "accepte")
    assert yawa.state == "vendor.accept_which"
    yawa.says("3")
    assert [state_of(yawa, part) for part, _ in three] == ["placed", "placed", "accepted"]


def test_a_part_that_the_buyer_cancelled_meanwhile_is_told(yawa, awa, ordered):
    _, _part, code = ordered
    yawa.goes("bonjour", "[À répondre]", "1")
    awa.goes("annulez ma commande", "oui")
    yawa.taps_on("Accepter")
    assert yawa.words.startswith(f"Trop tard. Commande TG-{code} : annulée.")


def test_fewer_goods_than_counted_stop_the_handing_over(yawa, ordered, market):
    _, part, code = ordered
    yawa.goes("bonjour", f"A {code}")
    yawa.db.run("update stock set on_hand = 1 where id = %(id)s", id=market["rice"].stock_id)
    yawa.says(f"remis {code}")
    assert (yawa.keys[0], state_of(yawa, part)) == ("vendor.too_few", "accepted")


def test_parts_in_preparation_are_listed_with_what_comes_next(yawa, ordered):
    _, _, code = ordered
    yawa.goes("bonjour", f"A {code}", "[En préparation]", "1")
    assert yawa.titles == ["Prêt", "Remis au livreur", "Mon livreur", "Accepter une partie", "Refuser", "Menu"]
    yawa.goes("[Prêt]", "en cours", "1")
    assert yawa.titles == ["Remis au livreur", "Mon livreur", "Refuser", "Menu"]
    yawa.goes("[Remis au livreur]", "en cours", "1")
    assert yawa.titles == ["Livré", "Mon livreur", "Colis revenu", "Menu"]


def test_an_empty_list_of_orders_leads_on(yawa):
    yawa.goes("bonjour", "[À répondre]")
    assert yawa.words.startswith("À répondre : 0. En préparation : 0.")
    assert yawa.titles == ["À répondre", "En préparation", "Mes produits"]


def test_goods_are_shown_with_their_figures(yawa, ordered):
    yawa.goes("bonjour", "liste")
    assert yawa.titles == ["Riz parfumé 25 kg", "Maïs blanc", "Riz parfumé 5 kg"]
    yawa.says("1")
    assert yawa.words == (
        f"Riz parfumé 25 kg\n17{NBSP}500{NBSP}F{NBSP}CFA (sac)\nEn boutique : 10. Promis : 2. Disponible : 8."
        "\nQue souhaitez-vous faire ?"
    )
    assert yawa.titles == ["Changer le stock", "Voir la liste"]
    yawa.says("2")
    assert yawa.state == "vendor.goods"


def test_goods_of_several_shops_follow_each_other(db, config, market):
    both = Chat(
        db,
        config,
        "+22890000105",
        "Ama",
        roles=[("vendor", market["rice"].vendor_id), ("helper", market["oil"].vendor_id)],
    )
    both.goes("bonjour", "liste")
    assert both.titles == ["Riz parfumé 25 kg", "Maïs blanc", "Riz parfumé 5 kg", "Suite"]
    both.says("suite")
    assert both.titles == ["Huile végétale 1 L"]


def test_a_shop_without_goods_says_so(db, config, market):
    new = Chat(db, config, "+22890000106", "Ama", roles=[("vendor", make_vendor(db, "tata_afi"))])
    new.goes("bonjour", "liste")
    assert new.keys == ["vendor.no_goods"]
    new.taps_on("Parler à quelqu'un")
    assert new.keys == ["vendor.person_called", "vendor.no_goods"]


def is_open(chat, vendor_id):
    return chat.db.value("select is_open from vendor where id = %(id)s", id=vendor_id)


def test_a_shop_closes_and_opens_only_after_a_yes(yawa, market):
    shop = market["rice"].vendor_id
    yawa.goes("bonjour", "pause")
    assert (yawa.state, is_open(yawa, shop)) == ("vendor.pause", True)
    yawa.says("non")
    assert (yawa.keys, is_open(yawa, shop)) == (["vendor.menu"], True)
    yawa.goes("pause", "oui")
    assert (yawa.keys[0], is_open(yawa, shop)) == ("vendor.paused", False)
    yawa.goes("je suis de retour", "oui")
    assert (yawa.keys[0], is_open(yawa, shop)) == ("vendor.resumed", True)


def told_of(chat, product):
    sql = "select p.price, s.on_hand from product p join stock s on s.id = p.stock_id where p.id = %(id)s"
    return tuple(chat.db.one(sql, id=product.id))


def test_units_and_an_amount_change_nothing_before_it_is_clear_what_they_cost(yawa, market):
    rice = market["rice"]
    before = told_of(yawa, rice)
    yawa.goes("bonjour", "riz 3 à 1000")
    assert (yawa.state, yawa.words) == (
        "vendor.stock_lot",
        "riz : est-ce 3 pour 1\u00a0000\u00a0F\u00a0CFA, ou 1\u00a0000\u00a0F\u00a0CFA chacun ?",
    )
    assert told_of(yawa, rice) == before
    yawa.goes("non")
    assert (yawa.keys, told_of(yawa, rice)) == (["vendor.menu"], before)


def test_a_price_times_units_of_a_good_that_is_there_is_its_new_price_and_stock(yawa, market):
    rice = market["rice"]
    yawa.goes("bonjour", "Riz parfumé 25 kg 18500x20")
    assert (yawa.state, told_of(yawa, rice)) == ("vendor.stock_preview", (17_500, 10))
    yawa.says("oui")
    assert told_of(yawa, rice) == (18_500, 20)
    yawa.says("annule")
    assert told_of(yawa, rice) == (17_500, 10)


def hours_told(chat, vendor_id):
    return chat.db.value("select hours from vendor where id = %(id)s", id=vendor_id)


def test_hours_of_a_day_are_noted_after_a_yes_and_leave_the_others_as_they_are(yawa, market):
    shop = market["rice"].vendor_id
    yawa.goes("bonjour", "samedi 8h-12h")
    assert (yawa.state, hours_told(yawa, shop)) == ("vendor.day_or_always", None)
    yawa.says("non")
    assert (yawa.keys, hours_told(yawa, shop)) == (["vendor.menu"], None)
    yawa.goes("ce samedi 8h-12h", "oui")
    told = hours_told(yawa, shop)
    dated = {day: spans for day, spans in told.items() if day[:2] == "20"}
    assert (yawa.keys[0], list(dated.values())) == ("vendor.day_noted", [["08:00-12:00"]])
    assert {day: spans for day, spans in told.items() if day not in dated} == {
        day: ["07:00-21:00"] for day in ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
    }
    yawa.goes("ce samedi comme d'habitude", "oui")
    assert (yawa.keys[0], set(hours_told(yawa, shop)) == set(told) - set(dated)) == ("vendor.day_noted", True)


def test_a_helper_tells_the_hours_of_a_day_and_not_those_of_each_week(db, config, market):
    shop = market["rice"].vendor_id
    helper = Chat(db, config, "+22890000107", "Kofi", roles=[("helper", shop)])
    helper.goes("bonjour", "samedi 8h-12h")
    assert helper.state == "vendor.day_sure"
    helper.says("oui")
    assert (helper.keys[0], hours_told(helper, shop)["sat"]) == ("vendor.day_noted", ["07:00-21:00"])
    helper.goes("ouvert 8h-12h sauf dimanche")
    assert helper.keys[0] == "vendor.not_allowed"


def test_a_shop_that_is_closed_or_open_already_is_said_to_be_so(yawa, market):
    shop = market["rice"].vendor_id
    yawa.goes("bonjour", "ouvrir")
    assert yawa.words.startswith("La boutique est déjà ouverte : Maman Yawa. Tapez pause pour la fermer.")
    yawa.goes("pause", "oui", "pause")
    assert yawa.words == "La boutique est déjà fermée : Maman Yawa.\nVoulez-vous la rouvrir ?"
    yawa.says("oui")
    assert (yawa.keys[0], is_open(yawa, shop)) == ("vendor.resumed", True)


@pytest.mark.parametrize(
    ("said", "key"),
    [
        ("merci", "thanks"),
        ("non", "no_question"),
        ("aide", "help"),
        ("agent", "person_called"),
        ("au revoir", "bye"),
    ],
)
def test_small_talk_and_honest_answers_keep_the_question(yawa, said, key):
    yawa.goes("bonjour", "liste", said)
    assert yawa.keys == [f"vendor.{key}", "vendor.goods"]


def test_buying_is_offered_to_a_vendor_who_asks_for_goods(yawa):
    yawa.goes("bonjour", "je veux 2 sacs de riz")
    assert (yawa.keys, yawa.titles) == (["other_hat.buyer"], ["Mes achats"])
    yawa.taps_on("Mes achats")
    assert yawa.words.startswith("🛒 Vos achats\nBonjour Yawa 👋")
    yawa.says("ma boutique")
    assert yawa.words.startswith("🏪 Votre boutique\nÀ répondre : 0.")


@pytest.mark.parametrize("door", ["accept", "refuse", "wear", "nothing"])
@pytest.mark.parametrize("about", ["", "0", "-1", "99999999999999999999", "é", "²", "1;drop"])
def test_a_forged_notices_button_never_breaks_a_turn(yawa, door, about):
    yawa.says("bonjour")
    yawa.opens_door("vendor", door, about)
    assert yawa.bubbles


def test_the_question_for_a_code_that_a_command_has_answered_is_not_asked_again(yawa, ordered):
    _, part, code = ordered
    yawa.goes(f"A {code}", f"remis {code}", f"livre {code} 0000", f"livre {code} {pin_of(yawa, part)}")
    assert yawa.keys == ["vendor.delivered", "vendor.menu"]


def test_a_question_left_open_keeps_its_order_while_another_is_accepted(awa, yawa, ordered):
    _, part, code = ordered
    yawa.goes(f"A {code}", f"remis {code}", f"livre {code}")
    awa.goes("je veux 1 sac de riz parfumé 25 kg", "oui", "commander", "oui", "oui")
    yawa.says("accepter")
    assert (yawa.keys, f"Commande TG-{code} : quel code" in yawa.words) == (["vendor.accepted", "vendor.pin"], True)
    yawa.goes(pin_of(yawa, part), "oui")
    assert (yawa.keys[0], state_of(yawa, part)) == ("vendor.delivered", "delivered")


def test_a_word_that_takes_back_asks_where_an_order_was_answered_since_the_last_change(yawa, ordered, market):
    _, part, code = ordered
    yawa.goes("bonjour", "maïs blanc 7", "oui", f"A {code}", "annule")
    assert yawa.words == "Faut-il annuler votre dernier changement ?\nMaïs blanc : 3 → 7"
    assert (state_of(yawa, part), figures_of(yawa.db, market["maize"])) == ("accepted", (7, 0, 0))
    yawa.goes("oui", "annule")
    assert (yawa.keys[0], figures_of(yawa.db, market["maize"])) == ("vendor.undone_before", (3, 0, 0))


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("ventes hier", "hier"),
        ("ventes avant hier", "avant-hier"),
        ("ventes d'avant-hier", "avant-hier"),
        ("ventes avanthier", "avant-hier"),
        ("ventes", "aujourd'hui"),
    ],
)
def test_sales_are_of_the_day_that_is_asked_for(yawa, said, told):
    yawa.goes("bonjour", said)
    assert yawa.words.startswith(f"Ventes {told} : 0")


def test_a_promotion_is_told_once_and_what_follows_leads_back_to_the_menu(yawa):
    yawa.goes("bonjour", "promo maïs blanc 700 jusqu'à dimanche", "oui")
    assert yawa.keys == ["vendor.promo_begun"]
    yawa.goes("riz parfumé 25 kg 12", "oui")
    assert (yawa.keys, yawa.state) == (["vendor.stock_applied"], "vendor.menu")


def test_a_promotion_is_asked_about_before_it_is_taken_back(yawa):
    yawa.goes("bonjour", "promo maïs blanc 700", "oui", "annule")
    assert yawa.words == (
        f"Annuler cette promotion ?\nMaïs blanc : 700{NBSP}F{NBSP}CFA au lieu de 800{NBSP}F{NBSP}CFA\n"
        "Jusqu'à ce que vous écriviez : fin promo."
    )
    yawa.says("oui")
    assert yawa.keys == ["vendor.promo_undone", "vendor.menu"]
