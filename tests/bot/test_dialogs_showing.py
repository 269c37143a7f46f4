"""The buyer's dialog on a channel that shows everything: what its answers have beside their words."""

from dataclasses import replace

import pytest

from base.db import Db
from bot.messages import Card, Location, Receipt, ReceiptLine
from tests.bot.chat import LIMITS, Chat

EVERYTHING = replace(LIMITS, link_title=20, asks=frozenset({"location", "phone"}), cards=10, places=True, receipts=True)
KOSSI_AT = (6.1900, 1.2200)
TO_THE_QUARTER = ("bonjour", "je veux 2 sacs de riz parfumé 25 kg", "oui", "commander")
FETCHED = ("bonjour", "je veux 2 huile végétale 1 L", "oui", "commander", "venir chercher", "[Confirmer]")


@pytest.fixture
def buyer(db, config, market):
    chat = Chat(db, config, "+22890000001")
    chat.limits = EVERYTHING
    return chat


@pytest.fixture
def hidden(db, config, market):
    """Somebody whose channel tells no phone."""
    chat = Chat(db, config, "+22890000001", knows_phone=False)
    chat.limits = EVERYTHING
    return chat


def beside(chat):
    return [bubble.asks or bubble.place or bubble.receipt for bubble in chat.bubbles]


def test_the_quarter_is_asked_with_a_button_for_the_place_and_fetching_stays_a_number(buyer):
    assert buyer.goes(*TO_THE_QUARTER) == "Dans quel quartier livrons-nous ?\n\n1. Venir chercher"
    assert beside(buyer) == ["location"]
    assert buyer.says("1").startswith("Voici votre commande")


def test_a_quarter_nobody_knows_and_a_landmark_are_asked_so_too(buyer):
    buyer.goes(*TO_THE_QUARTER)
    assert buyer.says("zzyzx").endswith("?\n\n1. Venir chercher\n2. Parler à quelqu'un")
    assert beside(buyer) == ["location"]
    assert buyer.says("be kpota").endswith("la pharmacie.\n\n1. Pas de repère")
    assert beside(buyer) == ["location"]


def test_the_place_that_the_button_sends_answers(buyer):
    buyer.goes(*TO_THE_QUARTER)
    buyer.pins(6.1624, 1.2592)
    assert buyer.state == "buyer.pinned"


def test_a_phone_is_asked_of_who_hides_his_by_a_button_whose_card_answers(hidden):
    hidden.goes(*TO_THE_QUARTER, "be kpota derriere la pharmacie", "Awa Mensah")
    assert hidden.words == "Quel numéro appelons-nous à la livraison ?"
    assert beside(hidden) == ["phone"]
    hidden.brings(cards=(Card("Awa", ("90 12 34 56",)),))
    assert "Awa Mensah, 90 12 34 56" in hidden.words


def test_who_is_to_be_called_back_is_asked_so_too(hidden):
    hidden.db.run("delete from identity")
    hidden.goes("bonjour", "je veux parler à quelqu'un")
    assert (hidden.state, beside(hidden)) == ("buyer.person_phone", ["phone"])
    hidden.brings(cards=(Card("Awa", ("90 12 34 56",)),))
    assert hidden.words.startswith("Merci. Une personne vous appellera au 90 12 34 56.")


def test_whose_phone_is_known_is_asked_for_another_without_a_button(buyer):
    buyer.goes(*TO_THE_QUARTER, "be kpota derriere la pharmacie", "[Moi-même]")
    assert buyer.state == "buyer.phone_known"
    buyer.says("un autre numéro")
    assert (buyer.state, beside(buyer)) == ("buyer.phone_asked", [None])


def test_a_list_of_goods_carries_photos_and_slugs_without_one_more_statement(buyer, market, monkeypatch):
    photo = "0a" * 32
    buyer.db.run("insert into photo (hash, mime, width, height, size) values (%(p)s, 'image/jpeg', 8, 8, 8)", p=photo)
    buyer.db.run("update product set photo_hash = %(photo)s where id = %(id)s", photo=photo, id=market["rice"].id)
    buyer.goes("bonjour", "produits")
    counted, run = [], Db._executed
    monkeypatch.setattr(Db, "_executed", lambda db, sql, values: counted.append(sql) or run(db, sql, values))
    buyer.taps_on(buyer.titles[0])
    of_goods = [sql for sql in counted if "photo_hash" in sql]
    assert len(of_goods) == 1
    (bubble,) = buyer.bubbles
    slugs = {row.id: row.slug for row in buyer.db.rows("select id, slug from product")}
    goods = {offer.title: (offer.photo, offer.product) for offer in bubble.offers}
    assert goods["Riz parfumé 25 kg"] == (
        f"https://market.example/media/thumbnail/{photo}.jpg",
        slugs[market["rice"].id],
    )
    assert goods["Maïs blanc"] == ("", slugs[market["maize"].id])


def test_an_order_that_was_placed_comes_with_its_receipt(buyer):
    buyer.goes(*TO_THE_QUARTER, "be kpota derriere la pharmacie", "[Moi-même]", "[Mon numéro]", "[Confirmer]")
    first, second = buyer.bubbles
    lines = (ReceiptLine("Riz parfumé 25 kg", 2, 17_500),)
    code, fee = buyer.db.value('select code from "order"'), buyer.db.value("select delivery from vendor_order")
    payment = "en espèces ou par Flooz/T-Money"
    assert first.receipt == Receipt(code, "Awa Mensah", payment, lines, fee, 35_000 + fee)
    assert second.body.startswith("Merci Awa")
    assert [offer.title for offer in second.offers] == ["Suivre", "Reçu", "Menu"]
    buyer.taps_on("Reçu")
    assert [bubble.receipt for bubble in buyer.bubbles] == [None, None]


def test_units_that_cost_less_in_lots_are_one_line_whose_figures_add_up(buyer, market):
    buyer.db.run(
        "insert into price_rule (product_id, kind, quantity, price) values (%(id)s, 'lot', 3, 2000)",
        id=market["maize"].id,
    )
    buyer.goes("bonjour", "je veux 3 maïs blanc", "oui", "commander", "be kpota derriere la pharmacie", "[Moi-même]")
    buyer.goes("[Mon numéro]", "[Confirmer]")
    receipt = buyer.bubbles[0].receipt
    assert receipt.lines == (ReceiptLine("3 × Maïs blanc", 1, 2_000),)
    assert sum(line.quantity * line.price for line in receipt.lines) + receipt.delivery == receipt.total


def test_the_shop_where_an_order_is_fetched_is_a_pin_before_it(buyer):
    buyer.goes(*FETCHED)
    buyer.says("suivi")
    pin, order = buyer.bubbles
    assert (pin.body, pin.place) == ("", Location(*KOSSI_AT, "Tonton Kossi", pin.place.address))
    assert order.body.startswith("Commande TG-")


def test_in_words_it_is_a_line_above_the_question(buyer):
    buyer.limits = LIMITS
    buyer.goes(*FETCHED)
    buyer.says("suivi")
    assert buyer.words.endswith("\nhttps://maps.google.com/?q=6.19000,1.22000\nQue souhaitez-vous faire ?")


@pytest.mark.parametrize("sql", ["update vendor_order set state = 'delivered'", "update vendor set latitude = 0"])
def test_what_is_over_and_a_shop_whose_door_is_not_known_have_no_pin(buyer, sql):
    buyer.goes(*FETCHED)
    if "vendor set" in sql:
        buyer.db.run(
            "update vendor set quarter = 'be-kpota', latitude = 6.1624, longitude = 1.2592 where slug = 'tonton_kossi'"
        )
    else:
        buyer.db.run(sql)
    buyer.says("suivi")
    assert [bubble.place for bubble in buyer.bubbles] == [None]
    assert "maps" not in buyer.words
