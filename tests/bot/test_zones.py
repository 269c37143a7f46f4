"""Where a shop brings its goods, as its seller writes it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.dialogs.payout_words import read_payout
from bot.dialogs.zones import read_zones
from bot.messages import Card, Incoming, Sender
from bot.shop_words import hear


@pytest.mark.parametrize(
    ("said", "zones", "unserved"),
    [
        ("500 Bè, Agoè 1000, pas Baguida", {"be": 500, "agoe-nyive": 1000}, ["baguida"]),
        ("Bè 500 et Agoè 1 000 F", {"be": 500, "agoe-nyive": 1000}, []),
        ("livraison gratuite à Bè\n1500 pour Adidogomé", {"be": 0, "adidogome": 1500}, []),
        ("Bè-Kpota = 700", {"be-kpota": 700}, []),
        ("Kara 2 mille", {"kara": 2000}, []),
        ("sauf Baguida", {}, ["baguida"]),
    ],
)
def test_places_are_read_with_their_prices(said, zones, unserved):
    assert read_zones(said) == {"zones": zones, "unserved": unserved}


@pytest.mark.parametrize(
    "said", ["", "1000", "Bè", "tout Lomé 1000", "Tokoin 500", "Bè 500 1000", "Bè 200000", "Bè " * 200]
)
def test_what_is_not_understood_whole_is_not_taken_in_part(said):
    assert read_zones(said) is None


@given(st.text(max_size=80))
def test_no_text_is_too_much(said):
    read_zones(said)
    hear(said)
    read_payout(Incoming("1", Sender(()), said))


@pytest.mark.parametrize(
    ("said", "phone", "wallet"),
    [
        ("90 12 34 56", "+22890123456", "tmoney"),
        ("97123456", "+22897123456", "flooz"),
        ("97 12 34 56 tmoney", "+22897123456", "tmoney"),
        ("Moov Money 90 12 34 56", "+22890123456", "flooz"),
        ("mixx by yas 97 12 34 56", "+22897123456", "tmoney"),
        ("90 12 34 56 flooz ou tmoney", "+22890123456", "tmoney"),  # two were named: a guess, and it is asked about
    ],
)
def test_a_payment_number_is_read_with_its_wallet(said, phone, wallet):
    assert read_payout(Incoming("1", Sender(()), said)) == {"phone": phone, "wallet": wallet}


@pytest.mark.parametrize("said", ["", "22 21 23 45", "+33 6 12 34 56 78", "tmoney"])
def test_what_cannot_be_paid_by_mobile_money_here_is_none(said):
    assert read_payout(Incoming("1", Sender(()), said)) is None


def test_a_contact_card_is_read_too():
    card = Card("Ama", ("90 12 34 56",))
    assert read_payout(Incoming("1", Sender(()), cards=(card,))) == {"phone": "+22890123456", "wallet": "tmoney"}


@pytest.mark.parametrize(
    ("said", "intent"),
    [
        ("aide 90 12 34 56 Ama", "add_helper"),
        ("ajoute une aide 90 12 34 56", "add_helper"),
        ("mon apprentie Afi 90 12 34 56", "add_helper"),
        ("ajouter une aide", "add_helper"),
        ("payez moi sur 90 12 34 56 tmoney", "payout_info"),
        ("payez-moi maintenant sur le 97 12 34 56", "payout_info"),
        ("mon numéro de paiement", "payout_info"),
    ],
)
def test_sentences_about_people_and_money_are_heard(said, intent):
    assert [one.intent for one in hear(said)] == [intent]


@pytest.mark.parametrize(
    "said", ["aide", "riz 20", "90 12 34 56", "le client a payé", "agent", "appelez le 90 12 34 56"]
)
def test_others_are_left_to_understanding(said):
    assert hear(said) == ()
