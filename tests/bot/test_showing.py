"""What stands beside the words, by what a channel shows; where it shows none, and in text mode, the words say it."""

from dataclasses import replace

import pytest

from bot.messages import Link, Location, Outgoing, Receipt, ReceiptLine
from bot.session import Choice
from bot.world import ASKS, LINK, LINK_TITLE, MORE, PLACE, RECEIPT, Bubble, Option
from tests.bot.test_answers import WHATSAPP, Talking, composed, spoken

EVERYTHING = replace(
    WHATSAPP, link_title=20, asks=frozenset({"location", "phone"}), cards=10, places=True, receipts=True
)
SHOP = [6.1312, 1.2225, "Chez Kossi", "Bè-Kpota, face à la station"]
MAP = "https://maps.google.com/?q=6.13120,1.22250"
LINKED = {LINK: "/received/abc", LINK_TITLE: "Écouter"}
URL = "https://market.example/received/abc"
RECEIPT_OF_KOSSI = {
    "code": "TG-4K7P2",
    "recipient": "Awa Mensah",
    "payment": "en espèces",
    "lines": [{"title": "Riz parfumé 25 kg", "quantity": 2, "price": 17_500}],
    "delivery": 500,
    "total": 35_500,
}


def shown(monkeypatch, text, values, *, choices=(), is_in_text_mode=False, limits=EVERYTHING):
    """Each bubble as (layout, words, what stands beside them)."""
    Talking(monkeypatch, text)
    asked = Bubble("buyer.text", values, "buyer.choosing" if choices else "", tuple(map(Option, choices)))
    said = composed([asked], is_in_text_mode=is_in_text_mode, limits=limits).bubbles
    return [(b.layout, b.body, b.link or b.asks or b.place or b.receipt) for b in said]


LISTEN = Link("Écouter", URL)
LINKS = [
    ((), False, EVERYTHING, [("text", "Un vocal.", LISTEN)]),
    ((), True, EVERYTHING, [("text", f"Un vocal.\n{URL}", "")]),
    ((), False, WHATSAPP, [("text", f"Un vocal.\n{URL}", "")]),
    (("yes",), False, EVERYTHING, [("buttons", f"{URL}\nUn vocal.", "")]),
    (("yes",), True, EVERYTHING, [("text", f"{URL}\nUn vocal.\n\n1. <option.yes>", "")]),
]


@pytest.mark.parametrize("choices, is_in_text_mode, limits, expected", LINKS)
def test_a_link_is_a_button_where_nothing_else_is_offered_and_an_address_elsewhere(
    monkeypatch, choices, is_in_text_mode, limits, expected
):
    how = {"choices": choices, "is_in_text_mode": is_in_text_mode, "limits": limits}
    told = shown(monkeypatch, "Un vocal.", LINKED, **how)
    assert [(layout, body, beside or "") for layout, body, beside in told] == expected


def test_words_too_long_for_a_button_and_words_below_a_photo_name_the_address(monkeypatch):
    long = "Un vocal. " * 110
    ((_, body, beside),) = shown(monkeypatch, long.strip(), LINKED)
    assert (beside, body.endswith(f"\n{URL}")) == (None, True)
    ((_, body, beside),) = shown(monkeypatch, "Un vocal.", {**LINKED, "photo": "/media/a.jpg"})
    assert (beside, body) == (None, f"Un vocal.\n{URL}")


def test_a_label_is_no_longer_than_the_channel_shows(monkeypatch):
    limits = replace(EVERYTHING, link_title=4)
    ((_, _, link),) = shown(monkeypatch, "Un vocal.", LINKED, limits=limits)
    assert link == Link("Écou", URL)


PIN = Location(*SHOP)
PLACES = [
    ((), False, EVERYTHING, [("text", "", PIN), ("text", "Prête.\nVenez ?", None)]),
    (("yes",), False, EVERYTHING, [("text", "", PIN), ("buttons", "Prête.\nVenez ?", None)]),
    ((), False, WHATSAPP, [("text", f"Prête.\nVenez ?\n{MAP}", None)]),
    (("yes",), False, WHATSAPP, [("buttons", f"Prête.\n{MAP}\nVenez ?", None)]),
    (("yes",), True, EVERYTHING, [("text", f"Prête.\n{MAP}\nVenez ?\n\n1. <option.yes>", None)]),
]


@pytest.mark.parametrize("choices, is_in_text_mode, limits, expected", PLACES)
def test_a_pin_stands_alone_before_the_words_or_as_a_map_in_them_above_the_question(
    monkeypatch, choices, is_in_text_mode, limits, expected
):
    how = {"choices": choices, "is_in_text_mode": is_in_text_mode, "limits": limits}
    told = shown(monkeypatch, "Prête.\nVenez ?", {PLACE: SHOP}, **how)
    assert [(layout, body, beside or None) for layout, body, beside in told] == expected


def test_a_pin_that_would_be_a_third_bubble_is_a_line_of_the_words():
    question_with_pin = Bubble("buyer.menu", {PLACE: SHOP}, "buyer.choosing", (Option("yes"),))
    first, second = composed([Bubble("buyer.thanks", {}), question_with_pin], limits=EVERYTHING).bubbles
    assert (first.body, first.place) == (spoken("buyer.thanks"), None)
    assert second.place is None
    assert MAP in second.body
    assert len(second.offers) == 1


ASKED = "Dans quel quartier ?"
QUESTIONS = [
    ("location", (), False, EVERYTHING, ("text", ASKED, "location")),
    ("location", ("pickup",), False, EVERYTHING, ("text", f"{ASKED}\n\n1. <option.pickup>", "location")),
    ("location", ("pickup",), True, EVERYTHING, ("text", f"{ASKED}\n\n1. <option.pickup>", "")),
    ("location", ("pickup",), False, WHATSAPP, ("buttons", ASKED, "")),
    ("phone", (), False, EVERYTHING, ("text", ASKED, "phone")),
    ("phone", (), False, replace(EVERYTHING, asks=frozenset({"location"})), ("text", ASKED, "")),
]


@pytest.mark.parametrize("asks, choices, is_in_text_mode, limits, expected", QUESTIONS)
def test_a_question_with_a_button_of_the_channels_own_has_its_options_in_numbers(
    monkeypatch, asks, choices, is_in_text_mode, limits, expected
):
    how = {"choices": choices, "is_in_text_mode": is_in_text_mode, "limits": limits}
    ((layout, body, beside),) = shown(monkeypatch, ASKED, {ASKS: asks}, **how)
    assert (layout, body, beside or "") == expected


def test_what_is_offered_beside_such_a_button_can_be_typed(monkeypatch):
    Talking(monkeypatch, ASKED)
    bubble = Bubble("buyer.text", {ASKS: "location"}, "buyer.choosing", (Option("pickup"),))
    said = composed([bubble], limits=EVERYTHING)
    assert said.session.menu == (Choice(1, "<option.pickup>", "pickup"),)
    assert [offer.number for offer in said.bubbles[0].offers] == [1]


def test_a_receipt_goes_before_the_words_of_an_order_where_the_channel_has_receipts():
    placed = Bubble("buyer.thanks", {RECEIPT: RECEIPT_OF_KOSSI}, "buyer.choosing", (Option("yes"),))
    first, second = composed([placed], limits=EVERYTHING).bubbles
    assert first == Outgoing(
        "Reçu de votre commande TG-4K7P2\u00a0: 35\u00a0500\u00a0F\u00a0CFA",
        receipt=Receipt(
            "TG-4K7P2", "Awa Mensah", "en espèces", (ReceiptLine("Riz parfumé 25 kg", 2, 17_500),), 500, 35_500
        ),
    )
    assert (second.layout, second.receipt) == ("buttons", None)
    for how in ({"limits": WHATSAPP}, {"limits": EVERYTHING, "is_in_text_mode": True}):
        (alone,) = composed([placed], **how).bubbles
        assert alone.receipt is None
    both = composed([Bubble("buyer.all_right", {}), placed], limits=EVERYTHING).bubbles
    assert [bubble.receipt for bubble in both] == [None, None]


def goods(count):
    return tuple(Option(str(n), f"Riz {n}", "500 F", f"/media/{n}.jpg", f"riz-{n}") for n in range(1, count + 1))


CARDS = [
    (9, EVERYTHING, False, "https://market.example/media/1.jpg"),
    (9, replace(EVERYTHING, cards=8), False, ""),
    (9, WHATSAPP, False, ""),
    (9, EVERYTHING, True, ""),
]


@pytest.mark.parametrize("count, limits, is_in_text_mode, photo", CARDS)
def test_goods_carry_their_photos_where_they_are_shown_as_cards_and_always_their_names(
    count, limits, is_in_text_mode, photo
):
    bubble = Bubble("buyer.menu", {}, "buyer.choosing", (*goods(count), Option(f"{MORE}9")), True)
    (said,) = composed([bubble], limits=limits, is_in_text_mode=is_in_text_mode).bubbles
    assert (said.offers[0].photo, said.offers[0].product) == (photo, "riz-1")
    assert (said.offers[9].photo, said.offers[9].product) == ("", "")
