"""A buyer's journeys through the real table, the real rooms and a real database."""

import pytest

from tests.bot.chat import Chat
from tests.catalog.market import figures_of, make_good, make_vendor

NBSP = "\u00a0"


def landmark_of(chat):
    return chat.db.value("select landmark from basket where contact_id = %(id)s", id=chat.contact_id)


def basket_of(chat):
    rows = chat.db.rows(
        "select p.name, l.quantity from basket_line l join basket b on b.id = l.basket_id"
        " join product p on p.id = l.product_id where b.contact_id = %(contact)s order by l.id",
        contact=chat.contact_id,
    )
    return [(row.name, row.quantity) for row in rows]


def test_a_new_buyer_is_greeted_by_name_once(awa):
    assert awa.says("bonjour").startswith("Bonjour Awa 👋 Bienvenue au marché Assigamé.")
    assert awa.titles == ["Voir les produits", "Aide"]
    awa.says("bonjour")
    assert awa.keys == ["buyer.hello", "buyer.first"]
    awa.says("menu")
    assert awa.keys == ["buyer.menu"]


def test_who_comes_back_hears_what_waits_in_the_basket(awa):
    awa.goes("bonjour", "je veux 2 sacs de riz parfumé 25 kg", "oui")
    awa.is_silent(hours=7)
    words = awa.says("bonsoir")
    assert words == (
        f"Bonjour Awa 👋 Votre panier vous attend : 1 produit, 35{NBSP}000{NBSP}F{NBSP}CFA.\nQue souhaitez-vous faire ?"
    )


def test_who_was_here_before_and_left_nothing_is_welcomed_back(awa):
    awa.db.run(
        "insert into turn (commit_no, conversation_id, inbox_ids, hat, state_before, state_after, read_as, outcomes,"
        " reader, answers, before, after, said, version, now) values (1, %(id)s, '{}', 'buyer', '', '', 'go', '[]',"
        " '{}', '[]', '{}', '{}', '[]', '', market_now())",
        id=awa.conversation_id,
    )
    assert awa.says("bjr").startswith("Bonjour Awa 👋 Heureux de vous revoir.")


def test_a_name_of_signs_is_not_called(db, config, market):
    assert Chat(db, config, "+22890000002", "★ 99").says("bonjour").startswith("Bonjour 👋 Bienvenue")


def test_categories_lead_to_products_and_to_a_card(awa):
    awa.goes("bonjour", "[Voir les produits]")
    assert awa.titles == ["Cereales", "Epicerie"]
    awa.says("1")
    assert awa.titles == ["Riz parfumé 25 kg", "Maïs blanc", "Riz parfumé 5 kg"]
    details = [offer.detail for offer in awa.bubbles[0].offers]
    assert details == [
        f"17{NBSP}500{NBSP}F · sac · reste 10",
        f"800{NBSP}F · sac · reste 3",
        f"3{NBSP}500{NBSP}F · sac · épuisé",
    ]
    assert awa.says("riz parfumé 25 kg") == (
        f"Riz parfumé 25 kg\n17{NBSP}500{NBSP}F{NBSP}CFA (sac)\nIl en reste 10.\nVendu par Maman Yawa, Bè.\n"
        "Que souhaitez-vous faire ?"
    )
    assert awa.titles == ["Ajouter au panier", "Poser une question", "Voir la liste"]


def test_a_card_shows_the_photo_and_text_mode_drops_it(awa, market):
    awa.db.run("insert into photo (hash, mime, width, height, size) values ('ab', 'image/jpeg', 8, 8, 8)")
    awa.db.run("update product set photo_hash = 'ab' where id = %(id)s", id=market["rice"].id)
    awa.goes("bonjour", "[Voir les produits]", "1", "1")
    assert awa.bubbles[0].photo == "https://market.example/media/ab.jpg"
    awa.says("merci")
    assert (awa.keys, [bubble.photo for bubble in awa.bubbles]) == (["buyer.thanks", "buyer.card"], ["", ""])
    awa.goes("mode texte")
    assert (awa.state, [bubble.photo for bubble in awa.bubbles]) == ("buyer.card", ["", ""])


def test_in_text_mode_the_word_photo_shows_the_photo_above_the_open_card(awa, market):
    awa.db.run("insert into photo (hash, mime, width, height, size) values ('ab', 'image/jpeg', 8, 8, 8)")
    awa.db.run("update product set photo_hash = 'ab' where id = %(id)s", id=market["rice"].id)
    awa.goes("bonjour", "mode texte")
    assert awa.words.startswith(
        "Mode texte : répondez par le numéro du choix. Tapez photo pour voir un produit, mode boutons pour revenir."
    )
    awa.goes("produits", "1", "1", "Photo")
    assert awa.keys == ["buyer.photo", "buyer.card"]
    assert [(bubble.body.split("\n")[0], bubble.photo) for bubble in awa.bubbles] == [
        ("Riz parfumé 25 kg", "https://market.example/media/ab.jpg"),
        ("Riz parfumé 25 kg", ""),
    ]
    awa.goes("1", "la photo")
    assert awa.keys == ["buyer.photo", "buyer.quantity"]


def test_a_photo_that_there_is_not_is_told(awa):
    awa.goes("bonjour", "photo")
    assert awa.words.startswith("Ouvrez d'abord un produit, puis tapez photo.")
    awa.goes("produits", "1", "1", "photo")
    assert awa.words == (
        "Riz parfumé 25 kg : la fiche ne le dit pas.\n"
        "Voulez-vous demander à Maman Yawa : « Pouvez-vous envoyer une photo ? » ?"
    )
    assert (awa.keys, awa.titles) == (["buyer.ask_offer"], ["Oui", "Non"])
    awa.goes("produits", "2", "photo")
    assert awa.keys == ["buyer.no_product", "buyer.products"]


def test_a_sold_out_product_cannot_be_added(awa):
    awa.goes("bonjour", "[Voir les produits]", "1", "riz parfumé 5 kg")
    assert awa.titles == ["Prévenez-moi", "Poser une question", "Voir la liste"]
    assert "Épuisé pour le moment." in awa.words


def test_an_old_card_adds_its_own_product_and_an_old_list_pages_itself(awa, market):
    for number in range(12):
        make_good(awa.db, market["rice"].vendor_id, f"Mil rouge {number}")
    awa.goes("bonjour", "[Voir les produits]", "1")
    second_page = awa.offered["Suite"]
    awa.says("riz parfumé 25 kg")
    add_rice = awa.offered["Ajouter au panier"]
    awa.goes("menu", "[Voir les produits]", "2", "1")
    assert "Huile" in awa.words
    awa.taps_id(second_page)
    assert (awa.state, "Riz parfumé 5 kg" in awa.titles) == ("buyer.products", True)
    awa.taps_id(add_rice)
    awa.says("2")
    assert basket_of(awa) == [("Riz parfumé 25 kg", 2)]


def test_the_same_shop_shows_what_else_it_sells(awa):
    awa.goes("bonjour", "[Voir les produits]", "2", "1", "même boutique")
    assert awa.titles == ["Huile végétale 1 L"]


def test_a_quantity_is_typed_in_figures_or_words(awa):
    awa.goes("bonjour", "[Voir les produits]", "1", "1", "[Ajouter au panier]")
    assert awa.words.endswith("Combien en voulez-vous ?")
    awa.says("deux sacs svp")
    assert basket_of(awa) == [("Riz parfumé 25 kg", 2)]
    assert awa.titles == ["Commander", "Continuer", "Mon panier"]
    assert f"Panier : 1 produit, 35{NBSP}000{NBSP}F{NBSP}CFA." in awa.words


def test_more_than_there_is_is_refused_with_what_can_be_had(awa):
    awa.goes("bonjour", "[Voir les produits]", "1", "1", "[Ajouter au panier]", "11")
    assert awa.words == "Riz parfumé 25 kg : il n'en reste que 10.\nCombien en voulez-vous ?"
    assert basket_of(awa) == []
    awa.says("10")
    assert basket_of(awa) == [("Riz parfumé 25 kg", 10)]
    awa.goes("[Continuer]", "riz parfumé 25 kg", "[Ajouter au panier]", "1")
    assert awa.keys == ["buyer.no_more"]
    assert basket_of(awa) == [("Riz parfumé 25 kg", 10)]


def test_another_product_said_at_the_quantity_is_another_wish(awa):
    awa.goes("bonjour", "[Voir les produits]", "1", "1", "[Ajouter au panier]", "2 huile")
    assert (awa.state, basket_of(awa)) == ("buyer.proposal", [])


def test_a_product_that_is_gone_is_told(awa, market):
    awa.goes("bonjour", "[Voir les produits]", "1", "1", "[Ajouter au panier]")
    awa.db.run("update product set is_listed = false where id = %(id)s", id=market["rice"].id)
    awa.says("1")
    assert awa.keys == ["buyer.gone"]


def test_a_market_with_nothing_to_sell_says_so(db, config):
    chat = Chat(db, config, "+22890000001")
    chat.goes("bonjour", "[Voir les produits]")
    assert (chat.keys, chat.titles) == (["buyer.no_goods"], ["Parler à quelqu'un", "Menu"])


def test_a_wish_in_a_sentence_is_added_only_after_a_yes(awa):
    awa.says("je veux 2 sacs de riz parfumé 25 kg")
    assert awa.words == (
        f"2 × Riz parfumé 25 kg (sac) : 35{NBSP}000{NBSP}F{NBSP}CFA.\nVendu par Maman Yawa. C'est bon ?"
    )
    assert basket_of(awa) == []
    awa.says("wi")
    assert basket_of(awa) == [("Riz parfumé 25 kg", 2)]


def test_a_no_to_a_proposal_adds_nothing(awa):
    awa.goes("je veux 2 sacs de riz parfumé 25 kg", "non")
    assert (awa.keys, basket_of(awa)) == (["buyer.card"], [])


def test_several_that_fit_are_offered_and_the_quantity_is_remembered(awa):
    awa.says("je veux 2 sacs de riz")
    assert (awa.state, awa.titles) == ("buyer.found", ["Riz parfumé 25 kg", "Riz parfumé 5 kg"])
    awa.says("1")
    assert awa.state == "buyer.proposal"


def test_a_quantity_said_before_the_product_goes_with_it(awa):
    awa.goes("je prends 2", "riz parfumé 25 kg")
    assert awa.words.startswith("2 × Riz parfumé 25 kg (sac)")


def test_a_quantity_of_an_older_sentence_does_not_come_back(awa):
    awa.goes("je prends 2", "menu", "c'est combien", "riz parfumé 25 kg")
    assert awa.keys == ["buyer.card"]


def test_a_quantity_that_was_used_does_not_go_with_the_next_of_the_list(awa, market):
    awa.goes("je veux 2 sacs de riz")
    awa.taps_on("Riz parfumé 25 kg")
    awa.says("oui")
    awa.db.run("update stock set on_hand = 9 where id = %(id)s", id=market["small rice"].stock_id)
    awa.taps_on("Riz parfumé 5 kg")
    assert (awa.keys, basket_of(awa)) == (["buyer.card"], [("Riz parfumé 25 kg", 2)])


def test_a_quantity_that_was_passed_over_does_not_come_back(awa, market):
    awa.goes("je veux 2 sacs de riz", "[Riz parfumé 25 kg]", "non")
    awa.taps_on("Riz parfumé 25 kg")
    assert awa.keys == ["buyer.card"]


def test_a_quantity_belongs_to_the_newest_list(awa, market):
    make_good(awa.db, market["oil"].vendor_id, "Huile rouge 1 L", on_hand=5)
    awa.goes("je veux 2 sacs de riz", "je veux 3 huile")
    assert awa.titles == ["Huile rouge 1 L", "Huile végétale 1 L"]
    awa.taps_on("Riz parfumé 25 kg")
    assert awa.keys == ["buyer.card"]


def test_back_passes_over_a_proposal_whose_quantity_was_used(awa):
    awa.goes("bonjour", "je veux 2 sacs de riz parfumé 25 kg", "oui", "retour")
    assert awa.keys == ["buyer.first"]


@pytest.mark.parametrize(
    ("said", "key"),
    [
        ("je veux 2 sacs de riz parfumé 25 kg", "proposal"),
        ("je veux 2 riz parfumé 25 kg", "proposal"),
        ("je veux 2 kilos de riz parfumé 25 kg", "other_unit"),
        ("je veux 2 bols de riz parfumé 25 kg", "other_unit"),
    ],
)
def test_a_quantity_in_another_unit_than_the_products_is_asked_again(awa, said, key):
    awa.says(said)
    assert awa.keys == [f"buyer.{key}"]


def test_several_wishes_are_shown_as_read_and_one_yes_adds_them_all(awa):
    awa.goes("bonjour", "je veux 2 sacs de mais et 1 huile")
    assert awa.words == (
        f"Voici ce que j'ai compris :\n• 2 × Maïs blanc (sac) : 1{NBSP}600{NBSP}F, Maman Yawa\n"
        f"• 1 × Huile végétale 1 L (sac) : 1{NBSP}200{NBSP}F, Tonton Kossi\n\n"
        f"Total : 2{NBSP}800{NBSP}F{NBSP}CFA, sans la livraison.\nJe mets tout dans le panier ?"
    )
    assert (awa.titles, basket_of(awa)) == (["Oui", "Non"], [])
    awa.says("oui")
    assert (awa.keys, basket_of(awa)) == (["buyer.list_added"], [("Maïs blanc", 2), ("Huile végétale 1 L", 1)])


def test_more_of_what_lies_in_the_basket_is_not_asked_which(awa):
    awa.goes("je veux 1 riz parfumé 25 kg", "oui", "ajoute encore 2 riz")
    assert awa.words.startswith("2 × Riz parfumé 25 kg")
    awa.goes("oui", "je veux 1 riz")
    assert (awa.keys, basket_of(awa)) == (["buyer.found"], [("Riz parfumé 25 kg", 3)])


def test_a_no_to_the_list_adds_nothing_and_leads_on(awa):
    awa.goes("bonjour", "je veux 2 sacs de mais et 1 huile", "non")
    assert (awa.keys, awa.titles) == (["buyer.list_gone"], ["Voir les produits", "Mon panier"])
    assert (basket_of(awa), "list" in awa.memory) == ([], False)


def test_a_product_that_nobody_sells_leads_on(awa):
    awa.says("je cherche une voiture")
    assert awa.words == "Nous n'avons pas trouvé « voiture ». Voulez-vous être prévenu dès qu'il y en a ?"
    assert awa.titles == ["Prévenez-moi", "Chercher encore", "Voir les produits"]
    awa.goes("[Chercher encore]", "maïs")
    assert awa.keys == ["buyer.card"]


def test_a_price_is_asked_of_the_product_on_show_or_by_name(awa):
    awa.goes("bonjour", "prix?")
    assert awa.keys == ["buyer.which"]
    awa.goes("c combien le mais")
    assert awa.keys == ["buyer.card"]
    awa.goes("menu", "prix?")
    assert awa.words.startswith("Maïs blanc")


def test_a_basket_holds_goods_of_several_shops(awa):
    awa.goes("je veux 1 sac de riz parfumé 25 kg", "oui", "je veux 2 huile", "oui", "panier")
    assert awa.words == (
        f"Votre panier :\n\nMaman Yawa\n• 1 × Riz parfumé 25 kg : 17{NBSP}500{NBSP}F\nTonton Kossi\n"
        f"• 2 × Huile végétale 1 L : 2{NBSP}400{NBSP}F\n\nTotal : 19{NBSP}900{NBSP}F{NBSP}CFA, sans la livraison.\n"
        "Que souhaitez-vous faire ?"
    )
    assert awa.titles == ["Commander", "Modifier", "Continuer"]


def test_a_line_is_changed_and_removed(awa):
    awa.goes("je veux 1 sac de riz parfumé 25 kg", "oui", "je veux 2 huile", "oui", "panier", "[Modifier]", "1")
    assert awa.titles == ["Changer la quantité", "Retirer", "Ne rien changer"]
    awa.goes("[Changer la quantité]", "99")
    assert awa.words == "Il n'y en a que 10.\nCombien en voulez-vous ?"
    awa.says("3")
    assert (awa.keys, basket_of(awa)) == (["buyer.basket"], [("Riz parfumé 25 kg", 3), ("Huile végétale 1 L", 2)])
    awa.goes("[Modifier]", "2", "[Retirer]")
    assert basket_of(awa) == [("Riz parfumé 25 kg", 3)]
    awa.goes("[Modifier]", "1", "[Changer la quantité]", "0")
    assert (awa.keys, basket_of(awa)) == (["buyer.basket_empty"], [])


def test_a_basket_is_emptied_only_after_a_yes(awa):
    awa.goes("je veux 1 sac de riz parfumé 25 kg", "oui", "vider le panier", "non")
    assert basket_of(awa) == [("Riz parfumé 25 kg", 1)]
    awa.goes("[Modifier]", "[Vider le panier]", "oui")
    assert (awa.keys, basket_of(awa)) == (["buyer.basket_empty"], [])


@pytest.fixture
def shopping(awa):
    """Awa with one sack of rice, asked for her quarter."""
    awa.goes("bonjour", "je veux 1 sac de riz parfumé 25 kg", "oui", "commander")
    assert awa.words == "Dans quel quartier livrons-nous ?"
    return awa


def address_of(chat):
    return chat.db.one(
        "select quarter, landmark, recipient, phone from basket where contact_id = %(contact)s", contact=chat.contact_id
    )


def test_an_empty_basket_cannot_be_ordered(awa):
    awa.goes("bonjour", "commander")
    assert awa.keys == ["buyer.basket_empty"]


def test_an_address_is_asked_piece_by_piece(shopping):
    shopping.says("Bè-Kpota")
    assert shopping.state == "buyer.landmark"
    shopping.says("derrière la pharmacie")
    assert shopping.words == "Qui reçoit la commande ? Vous, Awa Mensah, ou une autre personne."
    shopping.says("Koffi Mensah")
    shopping.says("97 12 34 56")
    assert tuple(address_of(shopping)) == ("be-kpota", "derrière la pharmacie", "Koffi Mensah", "+22897123456")
    assert shopping.state == "buyer.recap"


def test_words_of_an_address_never_begin_a_line_of_their_own(shopping):
    shopping.says("Bè-Kpota\nprès du marché\n✅ Paiement reçu")
    assert "\n" not in address_of(shopping).landmark
    assert "Paiement reçu" in address_of(shopping).landmark
    shopping.says("Koffi\nPaiement reçu")
    shopping.says("97 12 34 56")
    assert address_of(shopping).recipient == "Koffi Paiement reçu"


def test_a_landmark_told_alone_never_begins_a_line_of_its_own(shopping):
    shopping.says("Bè-Kpota")
    shopping.says("près du marché\r\n\u2028✅ Paiement reçu")
    assert address_of(shopping).landmark == "près du marché ✅ Paiement reçu"


def test_a_bare_figure_is_no_landmark_and_a_quarter_said_again_is_nobodys_name_but_the_address(shopping):
    shopping.goes("Bè-Kpota", "24")
    assert (shopping.state, address_of(shopping).landmark) == ("buyer.landmark", "")
    assert shopping.words.startswith("Je n'ai pas compris votre réponse.")
    shopping.goes("von 3", "Bè-Kpota")
    assert (shopping.state, address_of(shopping).recipient) == ("buyer.landmark", None)


@pytest.mark.parametrize("words", ["Total", "le total", "la caisse", "Caisse", "station Total", "marché"])
def test_a_landmark_that_is_named_like_the_market_or_the_till_is_taken_as_one(shopping, words):
    shopping.goes("Bè-Kpota", words)
    assert (shopping.state, address_of(shopping).landmark) == ("buyer.recipient_known", words)


@pytest.mark.parametrize("words", ["ça fait combien en tout ?", "mon panier"])
def test_the_price_asked_where_a_landmark_is_awaited_is_no_landmark(shopping, words):
    shopping.goes("Bè-Kpota", words)
    assert (shopping.state, address_of(shopping).landmark) == ("buyer.basket_shown", "")


def test_goods_asked_for_where_a_landmark_is_awaited_are_shown(shopping):
    shopping.goes("Bè-Kpota", "montrez-moi vos produits")
    assert (shopping.state, address_of(shopping).landmark) == ("buyer.categories", "")


def test_total_shows_the_basket_where_no_place_is_asked(shopping):
    shopping.goes("menu", "total")
    assert shopping.keys == ["buyer.basket"]


def test_a_whole_address_in_one_sentence_is_understood(shopping):
    shopping.says("je suis a be kpota derriere la pharmacie pour tous")
    assert (shopping.state, address_of(shopping).landmark) == (
        "buyer.recipient_known",
        "derrière la pharmacie pour tous",
    )
    shopping.says("ma soeur Afi 97 12 34 56")
    assert (shopping.state, address_of(shopping).phone) == ("buyer.recap", "+22897123456")


def test_a_name_of_several_quarters_is_asked(shopping):
    shopping.says("klikame")
    assert shopping.titles == ["Bè-Klikamé", "Klikamé (Sanguéra)", "Autre quartier"]
    shopping.says("2")
    assert (shopping.state, address_of(shopping).quarter) == ("buyer.landmark", "klikame-sanguera")


def test_another_quarter_can_be_told_instead(shopping):
    shopping.goes("klikame", "[Autre quartier]", "be kpota")
    assert address_of(shopping).quarter == "be-kpota"


def test_an_unknown_quarter_is_asked_again_with_an_example_and_a_way_out(shopping):
    shopping.says("zzyzx")
    assert shopping.words.startswith("Je ne connais pas ce quartier. Écrivez par exemple : Bè-Kpota.")
    assert shopping.titles == ["Venir chercher", "Parler à quelqu'un"]
    shopping.taps_on("Parler à quelqu'un")
    assert shopping.keys == ["buyer.person_called", "buyer.quarter_again"]


def test_a_town_is_offered_a_parcel_by_bus(shopping):
    shopping.says("kpalime")
    assert shopping.words.startswith("À Kpalimé, nous envoyons un colis par car.")
    assert shopping.titles == ["Colis par car", "Autre quartier", "Mon panier"]


def test_a_place_just_outside_is_offered_the_bus_to_the_next_town(shopping):
    shopping.says("noépé")
    assert shopping.words.startswith("Nos livreurs ne vont pas à Noépé.\nÀ Tsévié, nous envoyons un colis par car.")


def test_a_pin_is_confirmed_by_the_quarter_it_lies_in(shopping):
    shopping.pins(6.1624, 1.2592)
    assert shopping.words == "Votre position est dans ce quartier : Bè-Kpota. Est-ce là que nous livrons ?"
    shopping.says("oui")
    where = shopping.db.one(
        "select quarter, latitude, longitude from basket where contact_id = %(c)s", c=shopping.contact_id
    )
    assert (shopping.state, tuple(where)) == ("buyer.landmark", ("be-kpota", 6.1624, 1.2592))


def test_a_pin_outside_togo_is_asked_again(shopping):
    shopping.pins(48.85, 2.35)
    assert shopping.words == "Ce point est hors du Togo.\n\nDans quel quartier livrons-nous ?"
    assert shopping.keys == ["buyer.abroad", "buyer.quarter"]


def test_a_pin_in_the_interior_is_the_way_of_parcels(shopping):
    shopping.pins(9.55, 1.18)
    assert shopping.words.startswith("À Kara, nous envoyons un colis par car.")


def test_a_pin_or_nothing_can_be_the_landmark(shopping):
    shopping.says("be kpota")
    shopping.pins(6.1630, 1.2600)
    assert (shopping.state, address_of(shopping).landmark) == ("buyer.recipient_known", "position envoyée sur la carte")
    shopping.goes("retour", "[Pas de repère]")
    assert address_of(shopping).landmark == "sans repère, appelez à l'arrivée"


def test_a_voice_note_tells_the_rider_the_way(shopping):
    shopping.says("be kpota")
    assert shopping.sends("audio").startswith("Qui reçoit la commande ?")
    assert shopping.state == "buyer.recipient_known"
    assert landmark_of(shopping) == "repère\u00a0: message vocal"


def test_a_voice_note_for_the_quarter_is_kept_and_the_quarter_asked_again(shopping):
    assert shopping.sends("audio").startswith("Vocal gardé pour le livreur.")
    assert shopping.state == "buyer.quarter"
    assert shopping.says("be kpota").startswith("Qui reçoit la commande ?")
    assert landmark_of(shopping) == "repère\u00a0: message vocal"


@pytest.mark.parametrize(("state", "question"), [("kept", "buyer.same_address"), ("gone", "buyer.quarter")])
def test_a_last_address_that_only_a_voice_note_tells_is_offered_while_that_can_be_heard(ordered, awa, state, question):
    awa.db.run("update \"order\" set voice_id = 17, landmark = 'repère\u00a0: message vocal'")
    awa.db.run(
        "insert into received_media (inbox_id, place, conversation_id, account_id, kind, mime, reference, state)"
        " values (17, 1, 1, 1, 'audio', 'audio/ogg', 'r', %(state)s)",
        state=state,
    )
    awa.goes("je veux 1 maïs blanc", "oui", "commander")
    assert awa.state == question


def test_thanks_and_help_do_not_lose_the_question(shopping):
    shopping.says("merci")
    assert shopping.keys == ["buyer.thanks", "buyer.quarter"]
    shopping.says("aide")
    assert shopping.keys == ["buyer.help", "buyer.quarter"]


def test_a_channel_that_tells_no_phone_asks_for_it(db, config, market):
    chat = Chat(db, config, "+22890000003", knows_phone=False)
    chat.goes("je veux 1 sac de riz parfumé 25 kg", "oui", "commander", "be kpota derriere le marche", "[Moi-même]")
    assert (chat.words, chat.titles) == ("Quel numéro appelons-nous à la livraison ?", [])
    assert chat.says("12345").startswith("Je n'ai pas compris. Écrivez un numéro, par exemple : 90 12 34 56.")


@pytest.mark.parametrize("words", ["moi", "C'est moi", "le même", "oui", "ok", "👍"])
def test_who_says_moi_receives_under_the_own_name(shopping, words):
    shopping.goes("be kpota derriere le marche", words)
    assert (shopping.state, address_of(shopping).recipient) == ("buyer.phone_known", "Awa Mensah")


@pytest.mark.parametrize(
    ("words", "name"),
    [("c'est Afi Mensah svp", "Afi Mensah"), ("je m'appelle Kossi", "Kossi"), ("Akou", "Akou"), ("mercy", "mercy")],
)
def test_whoever_is_named_receives_without_what_introduces_him(shopping, words, name):
    shopping.goes("be kpota derriere le marche", words)
    assert (shopping.state, address_of(shopping).recipient) == ("buyer.phone_known", name)


@pytest.mark.parametrize("words", ["combien ça coûte", "livrez à agoe", "je veux annuler"])
def test_a_question_or_a_wish_is_nobodys_name(shopping, words):
    shopping.goes("be kpota derriere le marche", words)
    assert (shopping.state == "buyer.phone_known", address_of(shopping).recipient) == (False, None)


@pytest.mark.parametrize("words", ["lui", "je ne sais pas", "ça me va", "attendez", "c'est pour demain"])
def test_what_names_nobody_is_asked_again_with_an_example(shopping, words):
    shopping.goes("be kpota derriere le marche", words)
    assert shopping.keys == ["buyer.missed_name", "buyer.recipient_known"]
    assert (shopping.session.misses, address_of(shopping).recipient) == (1, None)


def test_another_town_is_nobodys_name_and_leads_to_a_parcel(shopping):
    shopping.goes("be kpota derriere le marche", "je suis à Kara")
    assert (shopping.keys, address_of(shopping).recipient) == (["buyer.parcel"], None)


def test_a_no_means_somebody_else_or_another_number(shopping):
    shopping.goes("be kpota derriere le marche", "non")
    assert shopping.state == "buyer.recipient_asked"
    shopping.goes("Afi Mensah", "un autre")
    assert shopping.state == "buyer.phone_asked"


def test_a_yes_is_the_own_number(shopping):
    shopping.goes("be kpota derriere le marche", "moi", "ok")
    assert (shopping.state, address_of(shopping).phone) == ("buyer.recap", shopping.phone)


def test_what_is_asked_or_taken_without_a_name_is_of_the_list_just_found_not_of_an_older_card(awa):
    awa.goes("huile végétale", "riz", "c'est combien")
    assert (awa.state, awa.titles) == ("buyer.found", ["Riz parfumé 25 kg", "Riz parfumé 5 kg"])
    awa.goes("je prends 2", "1")
    assert awa.words.startswith("2 × Riz parfumé 25 kg (sac) : ")
    assert basket_of(awa) == []


@pytest.mark.parametrize("words", ["je veux 2", "je prends deux", "donnez-moi 2 svp", "jveux 2", "il m'en faut 2"])
def test_a_quantity_said_at_a_card_is_of_its_product(awa, words):
    awa.goes("jcherche huile végétale", words)
    assert awa.words.startswith("2 × Huile végétale 1 L (sac) : ")
    assert basket_of(awa) == []


def test_what_is_taken_without_a_name_is_not_of_a_card_seen_before_another_section(awa):
    awa.goes("huile végétale", "produits", "[Cereales]", "je prends 2")
    assert awa.keys == ["buyer.which"]
    awa.goes("maïs blanc")
    assert awa.words.startswith("2 × Maïs blanc (sac) : ")


@pytest.mark.parametrize("asked", ["combien", "C'est combien ?", "le prix svp"])
def test_a_price_asked_at_how_many_is_told_with_the_question_so_that_a_number_is_its_answer(awa, asked):
    awa.goes("maïs blanc", "[Ajouter au panier]", asked)
    assert awa.words == f"Maïs blanc : 800{NBSP}F (sac). Il en reste 3.\nCombien en voulez-vous ?"
    awa.says("2")
    assert basket_of(awa) == [("Maïs blanc", 2)]


def test_a_total_asked_at_the_recap_is_told_by_the_recap(shopping):
    shopping.goes("be kpota derriere le marche", "moi", "ok", "ça fait combien en tout ?")
    assert (shopping.keys, shopping.state) == (["buyer.recap"], "buyer.recap")
    shopping.says("oui")
    assert shopping.keys == ["buyer.placed"]


def test_no_answer_to_how_many_or_to_which_product_is_told_what_to_write(awa):
    awa.goes("maïs blanc", "[Ajouter au panier]", "beaucoup")
    assert (awa.keys, awa.state) == (["buyer.missed_quantity", "buyer.quantity"], "buyer.quantity")
    assert awa.words.startswith("Je n'ai pas compris. Écrivez un nombre, par exemple : 2.\n\nMaïs blanc : ")
    awa.goes("je cherche une voiture", "[Chercher encore]", "oui")
    assert awa.words == ("Je n'ai pas compris. Écrivez un produit, par exemple : riz.\n\nQuel produit cherchez-vous ?")


def test_a_yes_that_answers_nothing_is_missed_and_three_call_a_person(shopping):
    shopping.goes("oui", "d'accord")
    assert (shopping.keys, shopping.session.misses) == (["miss.ask", "buyer.quarter"], 2)
    shopping.says("ok")
    assert shopping.keys == ["buyer.lost_called", "buyer.quarter"]


@pytest.mark.parametrize("words", ["non", "annuler", "laisse tomber"])
def test_who_does_not_want_any_more_is_let_go_and_keeps_the_basket(shopping, words):
    shopping.says(words)
    assert shopping.keys == ["buyer.basket_kept"]
    assert basket_of(shopping) != []


def test_only_plain_words_confirm_a_recap(shopping, market):
    shopping.goes("be kpota derriere le marche", "moi", "ok")
    for guess in ("je prends", "ça me va", "parfait", "envoyez"):
        shopping.says(guess)
        assert shopping.db.value('select count(*) from "order"') == 0, guess
        shopping.goes("commander")
    assert shopping.state == "buyer.recap"
    shopping.says("valider")
    assert shopping.db.value('select count(*) from "order"') == 1


def test_somebody_without_a_name_is_asked_for_one(db, config, market):
    chat = Chat(db, config, "+22890000004", "")
    chat.goes("je veux 1 sac de riz parfumé 25 kg", "oui", "commander", "be kpota derriere le marche")
    assert chat.words == "Quel est le nom de la personne qui reçoit ?"


@pytest.fixture
def at_recap(shopping):
    """Awa at her recap: two shops, delivered to Bè-Kpota."""
    shopping.goes("je veux 2 huile", "oui", "commander", "be kpota derriere la pharmacie", "[Moi-même]", "[Mon numéro]")
    return shopping


def test_the_recap_says_all_that_the_law_wants_and_holds_the_goods(at_recap, market):
    head, rest = at_recap.words.split("\n\nVous payez")
    assert head == (
        "Voici votre commande :\n\nMaman Yawa, Bè\n"
        f"• 1 × Riz parfumé 25 kg à 17{NBSP}500{NBSP}F : 17{NBSP}500{NBSP}F\n"
        f"Livraison : 500{NBSP}F, sous 24 heures\nTonton Kossi, Bè\n"
        f"• 2 × Huile végétale 1 L à 1{NBSP}200{NBSP}F : 2{NBSP}400{NBSP}F\nLivraison : 1{NBSP}000{NBSP}F,"
        f" sous 24 heures\n\nTotal à payer : 21{NBSP}400{NBSP}F{NBSP}CFA\n\n"
        "Livraison : Bè-Kpota, derrière la pharmacie\nPour : Awa Mensah, 90 00 00 01"
    )
    assert rest.startswith(
        " à la livraison, en espèces ou par Flooz/T-Money au livreur.\n"
        "Vous pouvez annuler avant le départ de la commande.\n"
        "Retour possible dix jours ouvrables, sauf produits frais ou sur mesure.\n"
        "Nous réservons ces articles jusqu'à "
    )
    assert at_recap.titles == ["Confirmer", "Corriger", "Annuler"]
    assert figures_of(at_recap.db, market["rice"]) == (10, 1, 0)
    assert figures_of(at_recap.db, market["oil"]) == (5, 2, 0)


def test_a_yes_places_the_order_once(at_recap, market):
    confirm = at_recap.offered["Confirmer"]
    words = at_recap.says("oui")
    code = at_recap.db.value('select code from "order"')
    assert words.startswith(f"Merci Awa ! Votre commande {code} est enregistrée.")
    assert "Les 2 vendeurs répondent" in words
    assert (at_recap.facts, figures_of(at_recap.db, market["rice"])) == (["OrderPlaced"], (10, 0, 1))
    at_recap.taps_id(confirm)
    assert at_recap.keys == ["stale", "buyer.placed"]
    assert at_recap.db.value('select count(*) from "order"') == 1


def test_a_recap_is_corrected_and_shown_again(at_recap):
    at_recap.goes("[Corriger]")
    assert at_recap.titles == ["Les articles", "L'adresse", "Le destinataire", "Le téléphone", "Un mot au vendeur"]
    at_recap.goes("4", "97 12 34 56")
    assert "Pour : Awa Mensah, 97 12 34 56" in at_recap.words
    at_recap.goes("[Corriger]", "2", "agoe", "près du marché")
    assert "Livraison : Agoè-Nyivé, près du marché" in at_recap.words
    at_recap.goes("[Corriger]", "3", "Koffi")
    assert "Pour : Koffi, 97 12 34 56" in at_recap.words
    at_recap.goes("[Corriger]", "1", "2", "[Retirer]", "[Commander]")
    assert (at_recap.state, "Huile" in at_recap.words) == ("buyer.recap", False)


def test_a_no_to_the_recap_gives_the_goods_back_and_keeps_the_basket(at_recap, market):
    at_recap.says("non")
    assert at_recap.words.startswith("Rien n'est commandé. Votre panier reste sept jours.")
    assert figures_of(at_recap.db, market["rice"]) == (10, 0, 0)
    assert len(basket_of(at_recap)) == 2


def test_a_price_that_changed_before_the_yes_is_shown_and_nothing_ordered(at_recap, market):
    at_recap.db.run("update product set price = 18000 where id = %(id)s", id=market["rice"].id)
    words = at_recap.says("oui")
    assert words.startswith(f"Un prix a changé. Riz parfumé 25 kg : 17{NBSP}500{NBSP}F → 18{NBSP}000{NBSP}F.")
    assert at_recap.db.value('select count(*) from "order"') == 0
    at_recap.says("oui")
    assert at_recap.db.value('select total from "order"') == 21_900


def test_a_hold_that_ended_is_renewed_with_a_new_recap(at_recap):
    at_recap.db.run("update basket set held_until = market_now() - interval '1 second'")
    assert at_recap.says("oui").startswith("Le délai est passé, nous réservons de nouveau.")
    at_recap.says("oui")
    assert at_recap.db.value('select count(*) from "order"') == 1


def test_what_is_missing_at_the_recap_is_told_and_can_be_adapted(shopping, market):
    shopping.goes("je veux 3 sacs de mais", "oui", "commander", "be kpota derriere le marche", "[Moi-même]")
    shopping.db.run("update stock set on_hand = 1 where id = %(id)s", id=market["maize"].stock_id)
    shopping.taps_on("Mon numéro")
    assert "• Maïs blanc : 1 au lieu de 3" in shopping.words
    assert figures_of(shopping.db, market["rice"]) == (10, 0, 0)
    shopping.taps_on("Adapter")
    assert (shopping.state, basket_of(shopping)) == ("buyer.recap", [("Riz parfumé 25 kg", 1), ("Maïs blanc", 1)])


def test_the_last_address_is_offered_the_next_time(awa, ordered):
    awa.goes("je veux 1 huile", "oui", "commander")
    assert awa.words == (
        "À quelle adresse livrons-nous ?\n• Bè-Kpota, derrière la pharmacie, pour Awa Mensah, 90 00 00 01"
    )
    assert awa.titles == ["Bè-Kpota", "Autre adresse"]
    awa.says("oui")
    assert awa.state == "buyer.recap"
    awa.goes("non", "[Mon panier]", "[Commander]")
    assert awa.state == "buyer.recap"


def test_another_address_can_be_given_the_next_time(awa, ordered):
    awa.goes("je veux 1 huile", "oui", "commander", "non")
    assert awa.state == "buyer.quarter"


def test_orders_are_listed_and_shown_part_by_part(awa, ordered):
    _, _, code = ordered
    awa.says("mes commandes")
    assert awa.titles == [f"TG-{code}"]
    words = awa.says("1")
    assert words.startswith(f"Commande TG-{code} du ")
    assert "Maman Yawa : en attente du vendeur" in words
    assert awa.titles == ["Actualiser", "Reçu", "Modifier", "Annuler", "Parler à quelqu'un"]


def test_the_delivery_code_is_shown_once_the_vendor_accepted(awa, yawa, ordered):
    _, part, code = ordered
    pin = awa.db.value("select delivery_code from vendor_order where id = %(id)s", id=part)
    awa.says(f"suivi TG-{code}")
    assert f"Code à dire au livreur : {pin}" not in awa.words
    yawa.says(f"A {code}")
    assert pin not in yawa.words.replace("17", "")
    awa.taps_on("Actualiser")
    assert f"Code à dire au livreur : {pin}" in awa.words


def test_a_notices_button_shows_its_order_and_nobody_elses(awa, ordered, db, config):
    order_id, _, code = ordered
    awa.opens_door("buyer", "track", str(order_id))
    assert awa.words.startswith(f"Commande TG-{code}")
    other = Chat(db, config, "+22890000005", "Koffi")
    other.opens_door("buyer", "track", str(order_id))
    assert other.keys == ["buyer.unknown_order", "buyer.first"]
    other.says(f"suivi {code}")
    assert other.keys == ["buyer.unknown_order", "buyer.first"]


def test_an_order_is_cancelled_only_after_a_yes(awa, ordered, market):
    _, part, code = ordered
    awa.says("annulez ma commande")
    assert awa.words == f"Voulez-vous vraiment annuler la commande TG-{code} ?"
    assert awa.db.value("select state from vendor_order where id = %(id)s", id=part) == "placed"
    awa.says("oui")
    assert awa.keys == ["buyer.cancelled", "buyer.menu"]
    assert awa.db.value("select state from vendor_order where id = %(id)s", id=part) == "cancelled"
    assert figures_of(awa.db, market["rice"]) == (10, 0, 0)


def test_an_order_that_left_the_shop_can_no_longer_be_cancelled(awa, yawa, ordered):
    _, _, code = ordered
    awa.goes("mes commandes", "1", "[Annuler]")
    yawa.goes(f"A {code}", f"remis {code}")
    awa.says("oui")
    assert (awa.keys, awa.titles) == (["buyer.cancel_too_late"], ["Parler à quelqu'un", "Menu"])


@pytest.mark.parametrize(
    ("word", "state"),
    [
        ("le repère", "buyer.quarter"),
        ("mon quartier", "buyer.quarter"),
        ("le nom", "buyer.recipient_known"),
        ("numéro", "buyer.phone_known"),
        ("la quantité", "buyer.lines"),
        ("non", "buyer.recap"),
        ("laisse tomber", "buyer.recap"),
    ],
)
def test_what_is_to_be_corrected_is_said_in_ones_own_words_and_a_no_comes_back(at_recap, word, state):
    at_recap.goes("corriger", word)
    assert at_recap.state == state


def test_one_of_several_orders_is_never_cancelled_by_guess(awa, ordered):
    awa.goes("je veux 1 huile", "oui", "commander", "oui", "oui", "annulez ma commande")
    assert awa.state == "buyer.cancel_which"
    awa.goes("2", "oui")
    states = awa.db.rows("select state from vendor_order order by id")
    assert [row.state for row in states] == ["cancelled", "placed"]


def test_a_no_to_the_question_which_order_is_cancelled_leads_to_the_orders(awa, ordered):
    awa.goes("je veux 1 huile", "oui", "commander", "oui", "oui", "annulez ma commande", "non")
    assert awa.keys == ["buyer.orders"]
    states = awa.db.rows("select state from vendor_order order by id")
    assert [row.state for row in states] == ["placed", "placed"]


def test_who_ordered_nothing_is_told_so(awa):
    for asked, key in [
        ("mes commandes", "no_orders"),
        ("mon colis est ou", "no_orders"),
        ("annulez ma commande", "none_to_cancel"),
    ]:
        awa.says(asked)
        assert awa.keys == [f"buyer.{key}"]


def test_language_and_text_mode_change_at_once_and_keep_the_question(awa):
    awa.goes("bonjour", "[Voir les produits]", "english")
    assert awa.words == "Fine, let us go on in English.\n\nWhich section interests you?"
    awa.says("text mode")
    assert awa.bubbles[1].body.splitlines()[2] == "1. cereales (en) · 3 products"
    assert awa.bubbles[1].layout == "text"
    awa.says("button mode")
    assert awa.bubbles[1].layout == "list"
    awa.goes("langue", "[Français]")
    assert awa.words == "Bien, continuons en français.\n\nQuel rayon vous intéresse ?"
    kept = awa.db.one("select language, is_in_text_mode from contact where id = %(id)s", id=awa.contact_id)
    assert tuple(kept) == ("fr", False)


def test_a_person_is_called_once_and_said_to_be_coming(awa):
    awa.goes("bonjour", "je veux parler a quelqu'un")
    assert awa.keys == ["buyer.person_called", "buyer.first"]
    awa.says("agent")
    assert awa.keys == ["buyer.person_waiting", "buyer.first"]
    rows = awa.db.rows("select kind, conversation_id from attention")
    assert [tuple(row) for row in rows] == [("person_asked", awa.conversation_id)]


def test_a_complaint_goes_to_a_person(awa):
    awa.goes("bonjour", "c'est pas ce que j'ai demandé")
    assert awa.keys == ["buyer.complaint_kept", "buyer.first"]
    assert awa.db.value("select kind from attention") == "complaint"


def test_three_messages_not_understood_call_a_person(awa):
    awa.goes("menu", "xyzzy", "plugh", "frotz")
    assert awa.keys == ["buyer.lost_called", "buyer.menu"]
    assert awa.db.value("select kind from attention") == "not_understood"


@pytest.mark.parametrize(
    ("said", "key"),
    [
        ("je peux payer flooz?", "ask_payment"),
        ("c'est pas l'arnaque", "ask_trust"),
        ("votre boutique se trouve où", "all_sellers"),
        ("je viens chercher moi meme", "pickup_possible"),
        ("c trop cher", "negotiate"),
        ("n'envoyez plus les pub", "opted_out"),
        ("je veux recevoir les annonces", "opted_in"),
        ("merci beaucoup", "thanks"),
        ("livraison gratuite?", "delivery_fees"),
        ("vous livrez a kpalime", "delivery_parcel"),
    ],
)
def test_a_question_is_answered_and_the_open_one_asked_again(awa, said, key):
    awa.goes("menu", said)
    assert awa.keys == [f"buyer.{key}", "buyer.menu"]


def test_delivery_is_priced_for_the_shop_that_is_spoken_of(awa):
    awa.goes("c combien le mais", "vous livrez a be kpota?")
    assert awa.words.startswith(f"Maman Yawa livre à Bè-Kpota pour 500{NBSP}F{NBSP}CFA, sous 24 heures.")
    awa.says("qui vend ça")
    assert awa.words.startswith("Maïs blanc est vendu par Maman Yawa, à Bè.")


def test_goodbye_ends_and_the_next_word_begins_at_the_menu(awa):
    awa.goes("bonjour", "au revoir")
    assert (awa.keys, awa.state) == (["buyer.bye"], "")
    awa.says("tralala")
    assert awa.keys == ["buyer.menu"]


def test_stop_and_start_are_recorded_and_move_nothing(shopping):
    assert shopping.says("STOP").startswith("C'est noté. Vous ne recevrez plus d'annonces.")
    assert shopping.state == "buyer.quarter"
    shopping.says("START")
    given = shopping.db.rows("select what, is_given, words from consent order by id")
    assert [tuple(row) for row in given] == [
        ("announcements", False, "STOP"),
        ("reminders", False, "STOP"),
        ("announcements", True, "START"),
        ("reminders", True, "START"),
        ("order_news", True, "START"),
    ]


FORGED = [
    f"buyer.{state}={choice}~1~1"
    for state in ("categories", "products", "card", "found", "orders", "first", "menu")
    for choice in ("", "+", "+x", "+c1:9.9.9", "none", "add.", "add.99999999999999999999", "c1:x", "-1", "é", "²")
]


@pytest.mark.parametrize("id_", FORGED)
def test_a_forged_tap_never_breaks_a_turn(awa, id_):
    awa.says("bonjour")
    dialog, _, rest = id_.partition("=")
    minute = int(awa.turned.session.lasting[0].minute if awa.turned.session.lasting else 0)
    awa.taps_id(f"{dialog}={rest.partition('~')[0]}~1~{base36(minute or 29_000_000)}")
    assert awa.bubbles


def base36(number):
    digits = ""
    while number:
        number, rest = divmod(number, 36)
        digits = "0123456789abcdefghijklmnopqrstuvwxyz"[rest] + digits
    return digits or "0"


def test_a_shop_that_closes_takes_its_goods_from_sale(awa, yawa):
    yawa.goes("pause", "oui")
    awa.goes("bonjour", "[Voir les produits]", "1")
    assert all("fermé" in offer.detail for offer in awa.bubbles[0].offers)
    make_vendor(awa.db, "another")


def test_a_greeting_before_a_products_name_does_not_hide_it(awa):
    awa.says("bjr\nsvp\nle riz la")
    assert (awa.state, [title[:3] for title in awa.titles]) == ("buyer.found", ["Riz"] * len(awa.titles))
