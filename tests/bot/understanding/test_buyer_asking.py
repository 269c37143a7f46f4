"""Where money goes, whose number, a code alone, coming late: heard whatever the words, and nothing else for it."""

import pytest

from bot.messages import Heard
from bot.understanding import understand
from bot.understanding.buyer_asking import asked_by_buyer

WHERE_TO_PAY = Heard("ask_payment", {"number": True}, 0.95)
WHOSE_NUMBER = Heard("ask_seller_info", {"number": True}, 0.95)
COMES_LATE = Heard("track", {"late": True}, 0.95)


@pytest.mark.parametrize(
    "message",
    [
        "sur quel numero j'envoie l'argent",
        "je paie sur quel numero",
        "numero pour payer",
        "c'est quoi le numero tmoney",
        "c koi le num flooz svp",
        "bonsoir je dois envoyer l'argent sur quel numéro ?",
        "donnez moi le numero pour faire le depot",
        "numero marchand",
        "j'envoie l'argent où",
        "à qui je paie",
        "le vendeur m'a envoyé un numero pour payer",
        "le livreur me demande d'envoyer l'argent avant",
        "on m'a dit d'envoyer l'argent au 90 12 34 56",
        "where do i send the money",
    ],
)
def test_where_money_goes_is_heard_for_sure(message):
    assert understand("buyer", message) == (WHERE_TO_PAY,)


@pytest.mark.parametrize(
    "message",
    [
        "numero du vendeur",
        "donne moi le contact du vendeur",
        "le numéro de téléphone de la boutique svp",
        "je peux appeler le vendeur",
        "shop phone number",
    ],
)
def test_a_sellers_number_is_heard_for_sure(message):
    assert understand("buyer", message) == (WHOSE_NUMBER,)


@pytest.mark.parametrize(
    "message",
    ["je serai en retard de 10 min", "j'arrive dans 10 min", "bonjour je vais arriver en retard", "j arrive dans 1h"],
)
def test_who_comes_late_is_heard_for_sure(message):
    assert understand("buyer", message) == (COMES_LATE,)


@pytest.mark.parametrize(
    ("message", "reading"),
    [
        ("MP231128.1530.A12345", Heard("payment_claim", {"reference": "MP231128.1530.A12345"}, 0.95)),
        ("Ref : PP2411281530A12", Heard("payment_claim", {"reference": "PP2411281530A12"}, 0.95)),
        ("TG-4K7P2", Heard("track", {"order": "4K7P2", "alone": True}, 0.95)),
        ("tg 4k7p2 ?", Heard("track", {"order": "4K7P2", "alone": True}, 0.95)),
    ],
)
def test_a_reference_or_a_code_alone_says_what_it_is_of(message, reading):
    assert understand("buyer", message) == (reading,)


@pytest.mark.parametrize(
    "message",
    [
        "débite mon flooz, le numero c'est 97 14 25 36",
        "mon numero tmoney c'est le 90 12 34 56",
        "jai mis mon numero pour payer et rien ne vient",
        "on m'a donné ce numéro après l'envoi 8842107755",
        "numero du livreur",
        "comment payer",
        "le livreur est en retard",
        "j'arrive pas à payer",
        "8123456789",
        "riz 25kg",
        "j'envoie 2 sacs où",
        "a " * 200,
    ],
)
def test_what_is_said_of_something_else_is_left_to_phrases(message):
    assert asked_by_buyer(message) == ()


@pytest.mark.parametrize(
    ("message", "intent"),
    [
        ("suis perdu", "help"),
        ("je comprends rien", "help"),
        ("j'ai pas recu", "track"),
        ("j'ai toujours rien recu", "track"),
        ("bsr je ve du riz", "order"),
        ("c'est combien l'entrée", "event_info"),
        ("l'entrée est payante ?", "event_info"),
        ("faut payer pour participer ?", "event_info"),
        ("c'est combien le sac", "ask_price"),
    ],
)
def test_short_cries_and_street_spelling_are_heard_for_sure(message, intent):
    assert [(heard.intent, heard.confidence >= 0.95) for heard in understand("buyer", message)] == [(intent, True)]
