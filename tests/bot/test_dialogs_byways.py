"""The ways that are walked seldom: full baskets, second thoughts, several orders, what went wrong meanwhile."""

import pytest

from orders import states
from tests.bot.chat import Chat
from tests.catalog.market import make_category, make_good

SHOPPING = ["bonjour", "je veux 1 sac de riz parfumé 25 kg", "oui", "commander"]
HOME = ["be kpota derriere la pharmacie", "[Moi-même]", "[Mon numéro]"]


def lines_of(chat):
    return chat.db.value(
        "select count(*) from basket_line l join basket b on b.id = l.basket_id where b.contact_id = %(id)s",
        id=chat.contact_id,
    )


WAYS = [
    (["bonjour", "[Aide]"], "buyer.first"),
    (["menu", "[Mon panier]"], "buyer.basket_empty"),
    (["menu", "[Mes commandes]"], "buyer.no_orders"),
    (["menu", "[Mes commandes]", "[Voir les produits]"], "buyer.categories"),
    (["menu", "[Mes commandes]", "[Mon panier]", "[Voir les produits]"], "buyer.categories"),
    (["menu", "[Mon panier]", "[Mes commandes]"], "buyer.no_orders"),
    (["panier", "ok"], "buyer.basket_empty"),
    (["j'en veux trois", "mets 4 plutot"], "buyer.which"),
    (["riz", "j'en prends 2", "mets 4 plutot"], "buyer.found"),
    (["je cherche une voiture", "[Voir les produits]"], "buyer.categories"),
    (["je cherche une voiture", "agent"], "buyer.not_sold"),
    (["je cherche une voiture", "[Prévenez-moi]"], ""),
    (["je cherche une voiture", "non"], "buyer.categories"),
    (["je cherche une voiture", "[Chercher encore]", "une moto"], "buyer.not_sold"),
    (["je cherche une voiture", "[Chercher encore]", "riz"], "buyer.found"),
    (["je cherche du riz", "2"], "buyer.card"),
    (["je cherche du riz", "1", "[Voir la liste]"], "buyer.products"),
    (["je veux du mais"], "buyer.card"),
    (["je veux du mais et 1 huile"], "buyer.list_units"),
    (["je veux du mais et 1 huile", "7"], "buyer.list_fewer"),
    (["je veux du mais et 1 huile", "7", "2"], "buyer.list_shown"),
    (["je veux du mais et 1 huile", "non"], "buyer.list_shown"),
    (["je veux 1 huile et du mais", "2", "oui"], "buyer.list_added"),
    (["je veux 7 sacs de mais", "oui", "9"], "buyer.fewer"),
    (
        ["je veux 1 huile", "oui", "panier", "[Modifier]", "1", "[Changer la quantité]", "99", "98"],
        "buyer.fewer_in_line",
    ),
    ([*SHOPPING, *HOME, "[Corriger]", "2", "be kpota derriere le marche"], "buyer.recap"),
    (["xyzzy", "plugh", "frotz"] * 2, "buyer.first"),
    (["je veux 2 voitures"], "buyer.not_sold"),
    (["je veux 7 sacs de mais", "oui", "2"], "buyer.added"),
    (["je veux 3 sacs de mais", "oui", "je veux 1 sac de mais", "oui"], "buyer.no_more"),
    (["je veux 3 sacs de mais", "oui", "je veux 1 sac de mais", "oui", "[Mon panier]"], "buyer.basket_shown"),
    (["je veux 3 sacs de mais", "oui", "je veux 1 sac de mais", "oui", "[Voir la liste]"], "buyer.products"),
    (["je veux 2 sacs de mais et 1 huile", "non"], "buyer.list_gone"),
    (["je veux 2 sacs de mais et du riz"], "buyer.list_which"),
    (["je veux 2 sacs de mais et 1 voiture"], "buyer.list_unknown"),
    (["je veux 2 sacs de mais et 1 voiture", "[Laisser tomber]", "oui"], "buyer.list_added"),
    (["je veux 2 sacs de mais et 1 voiture", "[Chercher encore]", "huile", "oui"], "buyer.list_added"),
    (["je veux 1 huile", "oui", "[Mon panier]", "[Continuer]"], "buyer.products"),
    (["je veux 1 huile", "oui", "panier", "[Modifier]", "1", "[Ne rien changer]"], "buyer.basket_shown"),
    (["vider le panier"], "buyer.basket_empty"),
    (["bonjour", "c'est pas ce que j'ai demandé", "le riz est gâté"], "buyer.first"),
    (["menu", "langue", "[English]"], "buyer.menu"),
    ([*SHOPPING, "zzyzx", "be kpota"], "buyer.landmark"),
    ([*SHOPPING, "zzyzx", "klikame"], "buyer.quarters"),
    ([*SHOPPING, "zzyzx", "kpalime", "[Autre quartier]"], "buyer.quarter"),
    ([*SHOPPING, "zzyzx", "xyzzy"], "buyer.quarter_again"),
    ([*SHOPPING, "zzyzx", "be kpota derriere le marche"], "buyer.recipient_known"),
    ([*SHOPPING, "klikame derriere le grand portail", "1"], "buyer.recipient_known"),
    ([*SHOPPING, "kpalime", "[Colis par car]"], "buyer.recipient_on_card"),
    ([*SHOPPING, "kpalime", "[Mon panier]"], "buyer.basket_shown"),
    ([*SHOPPING, "be kpota", "non plutot kpalime"], "buyer.parcel"),
    ([*SHOPPING, "be kpota", "non c klikame"], "buyer.quarters"),
    ([*SHOPPING, "be kpota", "panier", "[Commander]"], "buyer.landmark"),
    ([*SHOPPING, "be kpota", "le marché", "panier", "[Commander]"], "buyer.recipient_known"),
    ([*SHOPPING, "be kpota", "le marché", "Koffi", "panier", "[Commander]"], "buyer.phone_known"),
    ([*SHOPPING, *HOME, "[Corriger]", "2", "agoe", "[Pas de repère]"], "buyer.recap"),
    ([*SHOPPING, *HOME, "[Corriger]", "2", "zzyzx", "agoe derriere le marche"], "buyer.recap"),
    ([*SHOPPING, *HOME, "[Corriger]", "2", "klikame derriere le portail vert", "1"], "buyer.recap"),
    ([*SHOPPING, *HOME, "[Annuler]", "[Voir les produits]"], "buyer.categories"),
    ([*SHOPPING, *HOME, "[Annuler]", "[Menu]"], "buyer.menu"),
    ([*SHOPPING, *HOME, "oui", "[Suivre]"], "buyer.order_shown"),
    ([*SHOPPING, *HOME, "oui", "je veux changer ladresse"], "buyer.changing"),
    ([*SHOPPING, *HOME, "oui", "je veux changer l'adresse de livraison", "[L'adresse]"], "buyer.change_place"),
    ([*SHOPPING, *HOME, "oui", "je veux changer la quantité en 2"], "buyer.changing"),
    ([*SHOPPING, *HOME, "oui", "corrigez mon nom"], "buyer.correct"),
    ([*SHOPPING, *HOME, "je veux changer ladresse", "agoe", "[Pas de repère]"], "buyer.recap"),
    (["bonjour", "je veux changer ladresse"], "buyer.correct"),
    ([*SHOPPING, *HOME, "oui", "[Menu]"], "buyer.announcements"),
    ([*SHOPPING, *HOME, "oui", "mon colis est ou"], "buyer.order_shown"),
    ([*SHOPPING, *HOME, "oui", "[Suivre]", "[Parler à quelqu'un]"], "buyer.order_shown"),
    ([*SHOPPING, *HOME, "oui", "[Suivre]", "[Annuler]", "[Non]"], "buyer.order_shown"),
    ([*SHOPPING, *HOME, "oui", "annulez ma commande", "oui", "annulez ma commande", "[Mes commandes]"], "buyer.orders"),
    ([*SHOPPING, *HOME, "oui", "annulez ma commande", "oui", "annulez ma commande", "2"], "buyer.none_to_cancel"),
]


@pytest.mark.parametrize(("steps", "state"), WAYS, ids=[" > ".join(steps[-3:]) for steps, _ in WAYS])
def test_every_way_leads_where_the_table_says(awa, steps, state):
    awa.goes(*steps)
    assert awa.state == state


def test_another_quantity_said_before_the_product_is_kept_for_it(awa):
    awa.goes("j'en veux trois", "mets 4 plutot")
    assert awa.words == "Quel produit cherchez-vous ?"
    awa.says("riz parfumé 25 kg")
    assert awa.words.replace("\u00a0", " ") == (
        "4 × Riz parfumé 25 kg (sac) : 70 000 F CFA.\nVendu par Maman Yawa. C'est bon ?"
    )


def test_another_quantity_said_of_a_list_is_kept_for_what_is_chosen_there(awa):
    awa.goes("riz", "j'en prends 2", "mets 4 plutot", "[Riz parfumé 25 kg]")
    assert awa.words.replace("\u00a0", " ").startswith("4 × Riz parfumé 25 kg (sac) : 70 000 F CFA.")


def test_a_basket_holds_fifteen_different_things(awa, market):
    section = make_category(awa.db, "tissus", 3)
    for number in range(16):
        make_good(awa.db, market["rice"].vendor_id, f"Pagne {number}", category=section)
    for number in range(15):
        awa.goes("menu", "[Voir les produits]", "3")
        if number >= 9:
            awa.says("suite")
        awa.goes(f"pagne {number}", "[Ajouter au panier]", "1")
    awa.goes("menu", "[Voir les produits]", "3", "suite", "pagne 15", "[Ajouter au panier]", "1")
    assert (awa.state, lines_of(awa), awa.titles) == ("buyer.full", 15, ["Commander", "Mon panier"])
    awa.goes("[Commander]")
    assert awa.state == "buyer.quarter"
    awa.goes("panier", "[Modifier]")
    assert awa.titles[-2:] == ["Suite", "Vider le panier"]
    awa.says("suite")
    assert len(awa.titles) == 8


def test_an_emptied_section_leads_back_to_the_sections(awa):
    awa.goes("bonjour", "[Voir les produits]", "2", "1", "menu", "[Voir les produits]")
    awa.db.run("update product set is_listed = false where name like 'Huile%%'")
    awa.says("2")
    assert awa.state == "buyer.categories"


def test_what_was_brought_is_not_payable_any_more(awa, ordered):
    assert total_told(awa) == "Total : 35 500 F CFA, payable à la livraison"
    awa.db.run("update vendor_order set state = 'delivered'")
    assert total_told(awa) == "Total : 35 500 F CFA"


def test_an_order_of_which_a_part_was_brought_tells_what_is_still_payable(awa, market):
    awa.goes("je veux 2 maïs blanc et 1 huile", "oui", "commander", "be kpota derriere la pharmacie")
    awa.goes("[Moi-même]", "[Mon numéro]", "[Confirmer]")
    awa.db.run("update vendor_order set state = 'delivered' where goods = 1200")
    assert total_told(awa) == "Total : 4 300 F CFA, dont 2 100 F CFA à payer à la réception"


def total_told(chat):
    told = next(line for line in chat.says("suivi").splitlines() if line.startswith("Total"))
    return told.replace("\u00a0", " ")


def test_who_asks_for_a_parcel_that_he_has_not_ordered_yet_is_shown_his_basket(awa):
    awa.goes(*SHOPPING, *HOME, "c'est pour quand")
    assert awa.keys == ["buyer.not_ordered", "buyer.basket"]
    assert awa.words.startswith("Rien n'est encore commandé, vos articles attendent dans le panier.\n")
    assert awa.titles[0] == "Commander"
    awa.says("oui")
    assert awa.db.value('select count(*) from "order"') == 0


def test_several_open_orders_are_listed_when_a_parcel_is_asked_for(awa, ordered):
    awa.goes("je veux 1 huile", "oui", "commander", "oui", "oui", "mon colis est ou")
    assert awa.state == "buyer.orders"


def test_only_what_has_not_left_is_cancelled(awa, yawa):
    awa.goes(*SHOPPING[:-1], "je veux 1 huile", "oui", "commander", *HOME, "oui")
    code = awa.db.value('select code from "order"').removeprefix("TG-")
    yawa.goes(f"A {code}", f"remis {code}")
    awa.goes("annulez ma commande", "oui")
    assert awa.keys == ["buyer.cancelled_partly", "buyer.order"]
    states = [row.state for row in awa.db.rows("select state from vendor_order order by vendor_id")]
    assert sorted(states) == ["cancelled", "handed_over"]


def test_a_cancellation_confirmed_twice_says_that_it_was_closed(awa, ordered):
    awa.says("annulez ma commande")
    awa.db.run("update vendor_order set state = 'expired'")
    awa.says("oui")
    assert awa.keys == ["buyer.cancelled_before", "buyer.menu"]


def test_goods_that_went_while_the_hold_had_ended_are_told(awa, market):
    awa.goes(*SHOPPING, *HOME)
    awa.db.run("update basket set held_until = market_now() - interval '1 second'")
    awa.db.run("update stock set on_hand = 0, held = 0 where id = %(id)s", id=market["rice"].stock_id)
    awa.db.run("update basket_line set held = 0")
    awa.says("oui")
    assert awa.keys == ["buyer.missing"]
    awa.taps_on("Adapter")
    assert awa.keys == ["buyer.basket_empty"]


def test_a_second_price_change_is_shown_again(awa, market):
    awa.goes(*SHOPPING, *HOME)
    for price in (18_000, 18_500):
        awa.db.run("update product set price = %(price)s where id = %(id)s", price=price, id=market["rice"].id)
        awa.says("oui")
        assert awa.state == "buyer.recap_changed"
    awa.goes("[Corriger]", "4", "[Mon numéro]")
    assert awa.state == "buyer.recap"


def test_a_delivery_price_that_changed_shows_the_recap_again(awa, market):
    awa.goes(*SHOPPING, *HOME)
    awa.db.run("update vendor set delivery_bands = '[[null, 3000]]'")
    awa.says("oui")
    assert (awa.state, "Livraison : 3" in awa.words) == ("buyer.recap_changed", True)
    awa.says("non")
    assert awa.state == "buyer.basket_kept"


@pytest.mark.parametrize(
    ("title", "state"),
    [("Voir les produits", "categories"), ("Mon panier", "basket_shown"), ("Mes commandes", "no_orders")],
)
def test_who_comes_back_can_go_on_at_once(awa, title, state):
    awa.goes(*SHOPPING)
    awa.is_silent(hours=7)
    awa.goes("bonsoir", f"[{title}]")
    assert awa.state == f"buyer.{state}"


def test_a_pin_in_the_wrong_place_is_told_again(awa):
    awa.goes(*SHOPPING, "zzyzx")
    awa.pins(6.1624, 1.2592)
    assert awa.state == "buyer.pinned"
    awa.goes("non", "be kpota")
    awa.pins(48.85, 2.35)
    assert awa.keys == ["buyer.abroad", "buyer.quarter"]


def test_an_order_that_left_leads_to_a_person_or_the_menu(awa, yawa, ordered):
    code = ordered[2]
    awa.goes("mes commandes", "1", "[Annuler]")
    yawa.goes(f"A {code}", f"remis {code}")
    awa.goes("oui", "[Parler à quelqu'un]")
    assert awa.keys == ["buyer.person_called", "buyer.cancel_too_late"]
    awa.taps_on("Menu")
    assert awa.state == "buyer.menu"


def test_a_card_whose_product_went_leads_on(awa, market):
    awa.goes("menu", "[Voir les produits]", "1", "1")
    add = awa.offered["Ajouter au panier"]
    awa.db.run("update stock set on_hand = 0 where id = %(id)s", id=market["rice"].stock_id)
    awa.taps_id(add)
    assert (awa.state, awa.titles) == ("buyer.gone", ["Voir les produits", "Mon panier"])
    awa.goes("[Mon panier]")
    assert awa.state == "buyer.basket_empty"


def test_a_basket_that_was_emptied_elsewhere_is_told_everywhere(awa):
    awa.goes("je veux 1 huile", "oui", "panier", "[Modifier]")
    awa.db.run("delete from basket_line")
    awa.says("1")
    assert awa.state == "buyer.basket_empty"
    awa.goes("je veux 1 huile", "oui", "panier", "[Modifier]", "1", "[Changer la quantité]")
    awa.db.run("delete from basket_line")
    awa.says("2")
    assert awa.state == "buyer.basket_empty"


def test_a_market_without_goods_offers_a_person_and_the_menu(db, config):
    chat = Chat(db, config, "+22890000001")
    chat.goes("menu", "[Voir les produits]", "[Parler à quelqu'un]")
    assert chat.keys == ["buyer.person_called", "buyer.no_goods"]
    chat.taps_on("Menu")
    assert chat.state == "buyer.menu"


VENDOR_WAYS = [
    (["[En préparation]"], "vendor.none_open"),
    (["[En préparation]", "[En préparation]", "[Mes produits]"], "vendor.goods"),
    (["[Mes produits]"], "vendor.goods"),
    (["[À répondre]", "1", "[Menu]"], "vendor.menu"),
    (["[À répondre]", "1", "[Refuser]"], "vendor.reason"),
    (["refuser"], "vendor.refuse_which"),
    (["refuser", "1"], "vendor.reason"),
    (["R ZZ9"], "vendor.menu"),
    (["P ZZ9"], "vendor.menu"),
    (["remis ZZ9"], "vendor.menu"),
    (["livre ZZ9"], "vendor.menu"),
    (["pret"], "vendor.menu"),
    (["remis"], "vendor.menu"),
    (["livre"], "vendor.menu"),
    (["refuse 1260 client trop loin"], "vendor.menu"),
    (["accepter", "1", "accepter", "pret"], "vendor.ready_which"),
    (["accepter", "1", "accepter", "pret", "2"], "vendor.menu"),
    (["accepter", "1", "accepter", "remis", "1", "remis", "livre"], "vendor.delivered_which"),
    (["accepter", "1", "accepter", "remis", "1", "remis", "livre", "2"], "vendor.pin"),
    (["accepter", "1", "remis", "livre"], "vendor.pin"),
    (["accepter", "1", "accepter", "remis", "1", "remis", "livre", "[En préparation]"], "vendor.working"),
    (["langue", "[English]", "langue", "[Français]"], "vendor.menu"),
    (["mode texte", "mode boutons"], "vendor.menu"),
    (["je suis de retour"], "vendor.menu"),
    (["pause", "oui", "je suis de retour"], "vendor.resume"),
    (["pause", "oui", "pause"], "vendor.shut_before"),
    (["pause", "oui", "pause", "non"], "vendor.menu"),
    (["agent", "agent"], "vendor.menu"),
    (["xyzzy", "plugh", "frotz"] * 2, "vendor.menu"),
    (["accepte"], "vendor.accept_which"),
    (["accepter", "1", "accepter", "c'est pret"], "vendor.ready_which"),
    (["TG-ZZZ29 pret"], "vendor.menu"),
    (["remis au livreur TG-ZZZ29"], "vendor.menu"),
    (["livré TG-ZZZ29"], "vendor.menu"),
    (["ok commande TG-ZZZ29"], "vendor.menu"),
    (["accepter", "1", "remis", "livre", "0000", "non"], "vendor.pin"),
    (["accepter", "1", "remis", "en cours", "1", "[Livré]"], "vendor.pin"),
]


@pytest.mark.parametrize(("steps", "state"), VENDOR_WAYS, ids=[" > ".join(steps) for steps, _ in VENDOR_WAYS])
def test_every_way_of_a_vendor_leads_where_the_table_says(awa, yawa, ordered, steps, state):
    awa.goes("je veux 1 sac de riz parfumé 25 kg", "oui", "commander", "oui", "oui")
    yawa.goes("bonjour", *steps)
    assert yawa.state == state


WHICH = {"accept_which": "accepter", "refuse_which": "refuser", "ready_which": "pret", "handed_which": "remis"}


@pytest.mark.parametrize(("name", "verb"), WHICH.items())
def test_a_row_that_was_never_offered_writes_nothing(awa, yawa, ordered, name, verb):
    awa.goes("je veux 1 sac de riz parfumé 25 kg", "oui", "commander", "oui", "oui")
    if verb in ("pret", "remis"):
        yawa.goes("accepter", "1", "accepter")
    yawa.says(verb)
    assert yawa.state == f"vendor.{name}"
    before = yawa.db.rows("select id, state from vendor_order order by id")
    behind = next(iter(yawa.offered.values())).partition("~")[2]
    yawa.taps_id(f"vendor.{name}=999999~{behind}")
    assert yawa.state == "vendor.menu"
    assert yawa.db.rows("select id, state from vendor_order order by id") == before


@pytest.mark.parametrize("verb", ["accepte", "c'est pret", "remis au livreur", "livré", "refuser", "pret", "remis"])
def test_a_verb_for_which_nothing_waits_says_so(yawa, verb):
    yawa.goes("bonjour", verb)
    assert yawa.keys == ["vendor.none_waiting", "vendor.menu"]


@pytest.mark.parametrize("state", ["refused", "cancelled", "expired", "returned"])
@pytest.mark.parametrize(
    ("verb", "action"),
    [("R", states.REFUSE), ("P", states.READY), ("remis", states.HAND_OVER), ("livre", states.DELIVER)],
)
def test_what_is_over_can_no_longer_be_changed(yawa, ordered, verb, action, state):
    _, part, code = ordered
    yawa.says("bonjour")
    yawa.db.run("update vendor_order set state = %(state)s where id = %(id)s", state=state, id=part)
    yawa.says(f"{verb} {code} 1234" if verb == "livre" else f"{verb} {code}")
    assert yawa.keys[0] == ("vendor.already" if action.answers[state] == "already" else "vendor.closed")
    assert yawa.db.value("select state from vendor_order where id = %(id)s", id=part) == state


ORGANIZER_WAYS = [
    (["[Voir la liste]"], "organizer.attention"),
    (["[Voir la liste]", "1", "[Voir la liste]"], "organizer.attention"),
    (["[Voir la liste]", "1", "[C'est réglé]", "[Aide]"], "organizer.all_quiet"),
    (["[Voir la liste]", "1", "[C'est réglé]", "[Voir la liste]"], "organizer.all_quiet"),
    (["langue", "[English]", "langue", "[Français]"], "organizer.menu"),
    (["mode texte", "mode boutons"], "organizer.menu"),
]


@pytest.mark.parametrize(("steps", "state"), ORGANIZER_WAYS, ids=[" > ".join(steps) for steps, _ in ORGANIZER_WAYS])
def test_every_way_of_an_organizer_leads_where_the_table_says(awa, chief, steps, state):
    awa.goes("bonjour", "agent")
    chief.goes("bonjour", *steps)
    assert chief.state == state


def test_somebody_without_name_and_phone_gives_both_at_once_or_one_by_one(db, config, market):
    chat = Chat(db, config, "+22890000004", "", knows_phone=False)
    chat.goes(*SHOPPING, "be kpota derriere le marche", "Koffi 97 12 34 56")
    assert chat.state == "buyer.recap"
    chat.goes("[Corriger]", "3", "Afi", "[Corriger]", "4", "90 11 22 33")
    assert "Pour : Afi, 90 11 22 33" in chat.words


def test_a_change_of_mind_at_the_landmark_moves_the_quarter_and_asks_its_landmark(awa):
    awa.goes(*SHOPPING, "be kpota", "non plutot adidogome")
    assert awa.state == "buyer.landmark"
    awa.goes("derriere la pharmacie", "[Moi-même]", "[Mon numéro]")
    assert "\nLivraison : Adidogomé, derrière la pharmacie\n" in awa.words
