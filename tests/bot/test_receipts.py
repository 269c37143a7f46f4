"""Receipts: what they say, the page that is drawn of them, and who can open its address."""

import io
import re
from datetime import UTC, datetime

import pytest
from pypdf import PdfReader

from base.secret import Secret
from bot import receipt_drawing
from bot.receipts import receipt_of, values_of
from bot.texts import say
from orders import progress, reports
from tests.catalog.market import make_good, make_vendor
from tests.orders import buying
from tests.orders.conftest import terms  # noqa: F401

KEY = Secret("a key for tests only")
NOW = datetime(2026, 11, 27, 9, tzinfo=UTC)
MOST_BYTES = 50_000


@pytest.fixture
def order(db, terms):  # noqa: F811
    """Two sacks of rice and a name in French, Ewe and signs; delivered to Bè-Kpota for 500 F."""
    shop = make_vendor(db)
    rice = make_good(db, shop, "Riz parfumé 25 kg", price=17_500)
    soap = make_good(db, shop, "Savon « Doux » d'Adjarala, œuvre ɖɔŋƒɛ 🧼", price=300)
    return buying.order(db, terms, (rice, 2), (soap, 10))


def text_of(pdf):
    pages = PdfReader(io.BytesIO(pdf)).pages
    return re.sub(r"[ \u00a0]+", " ", "\n".join(page.extract_text() for page in pages))


def test_the_receipt_says_number_date_seller_buyer_lines_prices_delivery_total_payment_and_withdrawal(db, order):
    view = reports.order(db, order.order_id)
    receipt = receipt_of(view, "fr")
    day = say("fr", "receipt.date", {"at": view.placed_at})
    assert say("fr", "receipt.whole", values_of(receipt)).replace("\u00a0", " ") == (
        f"Reçu de la commande {order.code}, {day}\nMarché Assigamé\nPour : Awa Mensah\n"
        "Livraison : Bè-Kpota, derrière la pharmacie\n\n"
        "Vendu par Maman Yawa, Bè (en attente du vendeur)\n"
        "• 2 × Riz parfumé 25 kg à 17 500 F : 35 000 F\n"
        "• 10 × Savon « Doux » d'Adjarala, œuvre ɖɔŋƒɛ 🧼 à 300 F : 3 000 F\n"
        "Livraison : 500 F\n\n"
        "Total : 38 500 F CFA\nPaiement : à la livraison, en espèces ou par Flooz/T-Money\n"
        "Vous pouvez rendre ces articles dix jours ouvrables après réception. Vous ne payez que le retour."
        " Les produits frais ou faits sur mesure ne se rendent pas."
    )


def test_the_page_says_the_same_in_letters_that_can_be_read_back_and_stays_small(db, order):
    view = reports.order(db, order.order_id)
    pdf = receipt_drawing.draw(receipt_of(view, "fr"))
    said = text_of(pdf)
    for words in (
        "Assigamé", f"Reçu {order.code}", "Awa Mensah", "Livraison : Bè-Kpota, derrière la pharmacie", "Maman Yawa",
        "Riz parfumé 25 kg (sac) 2 17 500 F 35 000 F", "10 300 F 3 000 F", "œuvre", "ɖɔŋƒɛ", "Livraison 500 F",
        "Total 38 500 F CFA", "Paiement : à la livraison, en espèces ou par Flooz/T-Money", "dix jours ouvrables",
        "Page 1",
    ):  # fmt: skip
        assert words in said, words
    assert len(pdf) <= MOST_BYTES
    assert pdf == receipt_drawing.draw(receipt_of(view, "fr"))
    assert PdfReader(io.BytesIO(pdf)).metadata.title == f"Reçu {order.code}"


def test_the_largest_order_takes_several_pages_and_no_more_bytes_than_it_may(db, terms):  # noqa: F811
    goods = [
        (make_good(db, make_vendor(db, f"shop_{shop}"), f"{'Très longue dénomination ' * 3}{shop}{line}"), 9)
        for shop in range(5)
        for line in range(1)
    ]
    goods += [(make_good(db, goods[0][0].vendor_id, f"{'Très longue dénomination ' * 3}{n}"), 9) for n in range(10)]
    placed = buying.order(db, terms, *goods)
    pdf = receipt_drawing.draw(receipt_of(reports.order(db, placed.order_id), "fr"))
    assert len(PdfReader(io.BytesIO(pdf)).pages) > 1
    assert len(pdf) <= MOST_BYTES


def test_an_english_reader_gets_an_english_receipt(db, order):
    said = text_of(receipt_drawing.draw(receipt_of(reports.order(db, order.order_id), "en")))
    assert f"Receipt {order.code}" in said
    assert "Payment: on delivery, in cash or by Flooz/T-Money" in said


def test_a_part_that_was_refused_is_named_and_costs_nothing(db, order):
    part_id = order.vendor_order_ids[0]
    shop = reports.part(db, part_id).vendor_id
    assert progress.refuse(db, part_id, [shop], "shortage", buying.cause()) == "done"
    receipt = receipt_of(reports.order(db, order.order_id), "fr")
    assert (receipt.total, receipt.parts[0].state) == (0, "refusée")


def test_what_is_fetched_is_told_to_cost_nothing_and_a_parcel_to_be_paid_before(db, order):
    db.run("update \"order\" set way = 'pickup', quarter = '', landmark = ''")
    db.run("update vendor_order set delivery = 0")
    receipt = receipt_of(reports.order(db, order.order_id), "fr")
    assert (receipt.to, receipt.payment, receipt.total) == (
        "Retrait\u00a0: à la boutique", "Paiement\u00a0: à la boutique, en espèces ou par Flooz/T-Money", 38_000,
    )  # fmt: skip
    assert (receipt.parts[0].comes, receipt.parts[0].fee) == ("Retrait en boutique", "gratuit")
    db.run("update \"order\" set way = 'parcel', quarter = 'kara', payment = 'flooz'")
    db.run("update vendor_order set delivery = 2000, prepaid = 40000")
    receipt = receipt_of(reports.order(db, order.order_id), "fr")
    assert receipt.to == "Colis par car\u00a0: Kara, à retirer à la gare"
    assert receipt.payment.replace("\u00a0", " ") == "Paiement : 40 000 F CFA avant l'envoi, Flooz"


def test_of_a_deposit_the_rest_is_told_and_nothing_is_due_for_what_ended(db, order):
    db.run("update vendor_order set prepaid = 8500")
    receipt = receipt_of(reports.order(db, order.order_id), "fr")
    assert receipt.payment.replace("\u00a0", " ") == (
        "Paiement : 8 500 F CFA d'avance, 30 000 F CFA à la réception, en espèces ou par Flooz/T-Money"
    )
    for way in ("delivery", "pickup", "parcel"):
        db.run('update "order" set way = %(way)s', way=way)
        db.run("update vendor_order set state = 'cancelled'")
        receipt = receipt_of(reports.order(db, order.order_id), "fr")
        assert (receipt.payment, receipt.total) == ("Vous n'avez rien à payer.", 0)


def test_what_is_paid_owed_and_given_back_is_told(db, order):
    def said():
        return receipt_of(reports.order(db, order.order_id), "fr").payment.replace("\u00a0", " ")

    db.run("update vendor_order set prepaid = 8500, arranged_at = market_now()")
    assert said().splitlines()[1:] == ["Déjà payé : 8 500 F CFA"]
    db.run("update vendor_order set state = 'delivered'")
    assert said() == "Payé : 38 500 F CFA"
    db.run("update vendor_order set state = 'cancelled'")
    assert said() == "À vous rendre : 8 500 F CFA. Une personne vous appelle pour cela."
    db.run("update vendor_order set refunded_at = market_now()")
    receipt = receipt_of(reports.order(db, order.order_id), "fr")
    assert (said(), receipt.withdrawal) == ("Rendu à l'acheteur : 8 500 F CFA", "")


def test_once_all_is_there_the_last_day_of_withdrawal_is_named(db, order):
    db.run("update vendor_order set state = 'delivered', changed_at = '2026-11-02 10:00+00'")
    receipt = receipt_of(reports.order(db, order.order_id), "fr")
    assert receipt.withdrawal.startswith("Vous pouvez rendre ces articles jusqu'au 16 novembre 2026.")
