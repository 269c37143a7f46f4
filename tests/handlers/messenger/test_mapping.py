"""Each part of a neutral bubble, below, at and above its limits, is just these messages, and nothing of it is lost."""

from dataclasses import replace

import pytest

from bot.messages import Accepted, Link, Location, Offer, Outgoing, Receipt, ReceiptLine
from tests.fakes.messenger import error
from tests.handlers.messenger.test_forms import (
    AWA,
    OURS,
    PART_OF_OURS,
    PHOTO,
    file_of,
    letter,
    offers,
    replies,
)

URL = "https://bot.example.tg/p/riz"
SHOP = Link("Voir la boutique", URL)
OPENS = {"type": "web_url", "url": URL, "title": "Voir la boutique"}
PHONE = {"content_type": "user_phone_number"}
PLACE = Location(6.1725, 1.2314, "Marché d'Adawlato", "Lomé")
MAP = "Marché d'Adawlato, Lomé\nhttps://maps.google.com/?q=6.17250,1.23140"


@pytest.fixture
def sent(fake, account, channel):
    """Called with a bubble: the messages that were taken for it, without the envelope they share."""

    def send(bubble, **more):
        assert channel.send(account, replace(letter(bubble), **more)) == Accepted(f"m_sent_{len(fake.messages)}")
        assert fake.strangers == 0
        assert all(one["recipient"] == {"id": AWA.value} for one in fake.messages)
        return [one["message"] for one in fake.messages]

    return send


def template(kind, **told):
    return {"attachment": {"type": "template", "payload": {"template_type": kind, **told}}}


def postback(offer, title):
    return {"type": "postback", "title": title, "payload": offer.id}


# goods side by side


def goods(count, title="Riz {}", detail="17 500 F CFA"):
    return tuple(replace(one, photo=f"{PHOTO}?{one.number}") for one in offers(count, detail, title))


def card(offer, title, subtitle="17 500 F CFA", label="Voir"):
    below = {"subtitle": subtitle} if subtitle else {}
    return {"title": title, **below, "image_url": offer.photo, "buttons": [postback(offer, label)]}


@pytest.mark.parametrize("count", [1, 9, 10])
def test_goods_with_photos_are_cards_below_their_words(sent, count):
    rows = goods(count)
    elements = [card(row, f"Riz {row.number}", label="Choisir") for row in rows]
    assert sent(Outgoing("*Nos* riz", "list", rows, opener="Choisir")) == [
        {"text": "Nos riz", "metadata": PART_OF_OURS},
        {**template("generic", elements=elements), "metadata": OURS},
    ]


def test_more_goods_than_cards_are_quick_replies(sent):
    lines = "\n".join(f"{n}. Riz {n} · 17 500 F CFA" for n in range(1, 12))
    said = {"text": f"Nos riz\n\n{lines}", "quick_replies": replies(11, "Riz {}"), "metadata": OURS}
    assert sent(Outgoing("Nos riz", "list", goods(11), opener="Voir")) == [said]


def test_what_has_no_photo_is_a_quick_reply_below_the_cards(sent):
    rows = (*goods(2), Offer(3, "Suite", "buyer.more=3~1~1"))
    reply = {"content_type": "text", "title": "Suite", "payload": "buyer.more=3~1~1"}
    cards = template("generic", elements=[card(row, f"Riz {row.number}") for row in rows[:2]])
    assert sent(Outgoing("Nos riz", "list", rows)) == [
        {"text": "Nos riz", "metadata": PART_OF_OURS},
        {**cards, "quick_replies": [reply], "metadata": OURS},
    ]


def test_what_a_quick_reply_below_the_cards_cannot_say_stands_above_them(sent):
    rows = (*goods(1), Offer(2, "Gari", "buyer.card=2~1~1", "1 500 F CFA"))
    words, _ = sent(Outgoing("Nos produits", "list", rows))
    assert words["text"] == "Nos produits\n\n2. Gari · 1 500 F CFA"


@pytest.mark.parametrize("length", [79, 80])
def test_a_title_and_a_detail_up_to_a_cards_lines_stand_on_it(sent, length):
    (row,) = goods(1, "t" * length, "d" * length)
    _, message = sent(Outgoing("Nos riz", "list", (row,)))
    assert message["attachment"]["payload"]["elements"] == [card(row, "t" * length, "d" * length)]


def test_a_title_above_a_cards_line_stands_whole_above(sent):
    (row,) = goods(1, "t" * 81)
    words, message = sent(Outgoing("Nos riz", "list", (row,)))
    assert words["text"] == f"Nos riz\n\n1. {'t' * 81} · 17 500 F CFA"
    assert message["attachment"]["payload"]["elements"] == [card(row, "t" * 79 + "…")]


def test_a_detail_above_a_cards_line_stands_above_too_as_long_as_a_rows_may_be(sent):
    (row,) = goods(1, "Riz", "d" * 81)
    words, message = sent(Outgoing("Nos riz", "list", (row,)))
    assert words["text"] == f"Nos riz\n\n1. Riz · {'d' * 71}…"
    assert message["attachment"]["payload"]["elements"] == [card(row, "Riz", "d" * 79 + "…")]


def test_a_title_that_was_cut_stands_whole_on_its_card(sent):
    (row,) = goods(1, "Riz parfumé de Thaï…", "Riz parfumé de Thaïlande · 17 500 F CFA")
    _, message = sent(Outgoing("Nos riz", "list", (row,)))
    assert message["attachment"]["payload"]["elements"] == [card(row, "Riz parfumé de Thaïlande")]


@pytest.mark.parametrize(
    ("opener", "label"), [("", "Voir"), ("o" * 19, "o" * 19), ("o" * 20, "o" * 20), ("o" * 21, "o" * 19 + "…")]
)
def test_the_label_of_a_cards_button(sent, opener, label):
    (row,) = goods(1)
    *_, message = sent(Outgoing("", "list", (row,), opener=opener))
    assert message == {**template("generic", elements=[card(row, "Riz 1", label=label)]), "metadata": OURS}


@pytest.mark.parametrize(
    ("refusals", "said"),
    [
        (1, {"text": "1. Riz 1 · 17 500 F CFA", "quick_replies": replies(1, "Riz {}")}),
        (2, {"text": "1. Riz 1 · 17 500 F CFA"}),
    ],
)
def test_cards_that_are_refused_are_quick_replies_and_then_numbers(fake, sent, refusals, said):
    fake.moods = ["", *[(400, error(100))] * refusals]
    assert sent(Outgoing("Nos riz", "list", goods(1)))[1:] == [{**said, "metadata": OURS}]


# a photo with few words


@pytest.mark.parametrize(("first", "second"), [(79, 79), (80, 80), (80, 0), (1, 80)])
def test_a_photo_and_words_of_two_lines_are_one_card(sent, first, second):
    body = "\n".join(filter(None, ("t" * first, "s" * second)))
    told = {"title": "t" * first, **({"subtitle": "s" * second} if second else {}), "image_url": PHOTO}
    element = {**told, "default_action": {"type": "web_url", "url": PHOTO}}
    said = {**template("generic", elements=[element]), "quick_replies": replies(2), "metadata": OURS}
    assert sent(Outgoing(body, "buttons", offers(2), photo=PHOTO)) == [said]


@pytest.mark.parametrize("body", ["t" * 81, f"t\n{'s' * 81}", "t\ns\nu", "t\n\ns"])
def test_a_photo_above_more_words_goes_before_them(sent, body):
    assert sent(Outgoing(body, photo=PHOTO)) == [
        {**file_of("image", PHOTO), "metadata": PART_OF_OURS},
        {"text": body, "metadata": OURS},
    ]


def test_a_photo_beside_offers_that_need_lines_goes_before_the_words(sent):
    first, words = sent(Outgoing("Riz", "list", offers(1, "17 500 F CFA"), photo=PHOTO))
    assert first["attachment"]["type"] == "image"
    assert words["text"] == "Riz\n\n1. Produit 1 · 17 500 F CFA"


def test_a_card_that_is_refused_leaves_its_words(fake, sent):
    fake.moods = [(400, error(100, 2018047))]
    assert sent(Outgoing("Riz\n17 500 F CFA", photo=PHOTO)) == [{"text": "Riz\n17 500 F CFA", "metadata": OURS}]


# links


@pytest.mark.parametrize("length", [639, 640])
def test_a_link_is_a_button_below_words_up_to_its_limit(sent, length):
    said = template("button", text="w" * length, buttons=[OPENS])
    assert sent(Outgoing("w" * length, link=SHOP)) == [{**said, "metadata": OURS}]


def test_a_link_below_longer_words_stands_in_them(sent):
    assert sent(Outgoing("w" * 641, link=SHOP)) == [
        {"text": f"{'w' * 641}\n\nVoir la boutique\n{URL}", "metadata": OURS}
    ]


def test_a_link_that_finds_no_room_in_the_words_goes_before_them(sent):
    assert sent(Outgoing("w" * 1999, link=SHOP)) == [
        {"text": f"Voir la boutique\n{URL}", "metadata": PART_OF_OURS},
        {"text": "w" * 1999, "metadata": OURS},
    ]


def test_a_link_whose_address_stands_in_the_words_is_not_told_twice(sent):
    said = Outgoing(f"{'w' * 640}\n{URL}", link=SHOP)
    assert sent(said) == [{"text": f"{'w' * 640}\n{URL}", "metadata": OURS}]


@pytest.mark.parametrize(("length", "shown"), [(19, "l" * 19), (20, "l" * 20), (21, "l" * 19 + "…")])
def test_the_label_of_a_link(sent, length, shown):
    (message,) = sent(Outgoing("Notre boutique", link=Link("l" * length, URL)))
    assert message["attachment"]["payload"]["buttons"] == [{**OPENS, "title": shown}]


@pytest.mark.parametrize("count", [1, 2])
def test_a_link_and_up_to_two_offers_are_buttons_together(sent, count):
    rows = offers(count)
    buttons = [OPENS, *(postback(row, row.title) for row in rows)]
    said = template("button", text="Notre boutique", buttons=buttons)
    assert sent(Outgoing("Notre boutique", "buttons", rows, link=SHOP)) == [{**said, "metadata": OURS}]


def test_a_link_and_more_offers_are_quick_replies_below_its_address(sent):
    said = {"text": f"Notre boutique\n\nVoir la boutique\n{URL}", "quick_replies": replies(3), "metadata": OURS}
    assert sent(Outgoing("Notre boutique", "buttons", offers(3), link=SHOP)) == [said]


def test_a_button_that_is_refused_leaves_the_address(fake, sent):
    fake.moods = [(400, error(100))]
    assert sent(Outgoing("Notre boutique", link=SHOP)) == [
        {"text": f"Notre boutique\n\nVoir la boutique\n{URL}", "metadata": OURS}
    ]


# questions for a phone or a place


@pytest.mark.parametrize("count", [0, 1, 12])
def test_a_question_for_a_phone_has_a_reply_with_the_persons_own(sent, count):
    layout = "buttons" if count else "text"
    said = {"text": "Quel numéro ?", "quick_replies": [*replies(count), PHONE], "metadata": OURS}
    assert sent(Outgoing("Quel numéro ?", layout, offers(count), asks="phone")) == [said]


def test_beside_thirteen_offers_the_phone_is_typed(sent):
    (message,) = sent(Outgoing("Quel numéro ?", "buttons", offers(13), asks="phone"))
    assert message["quick_replies"] == replies(13)


@pytest.mark.parametrize("count", [0, 1])
def test_a_reply_for_the_phone_that_is_refused_leaves_the_others(fake, sent, count):
    fake.moods = [(400, error(100))]
    said = {"text": "Quel numéro ?", **({"quick_replies": replies(1)} if count else {}), "metadata": OURS}
    assert sent(Outgoing("Quel numéro ?", "buttons" if count else "text", offers(count), asks="phone")) == [said]


def test_a_question_for_a_place_is_words(sent):
    assert sent(Outgoing("Où êtes-vous ?", asks="location")) == [{"text": "Où êtes-vous ?", "metadata": OURS}]


def test_a_phone_to_call_stands_in_the_words(sent):
    words = "Appelez la boutique : +228 90 12 34 56"
    assert sent(Outgoing(words)) == [{"text": words, "metadata": OURS}]


def test_a_place_is_a_maps_link_below_its_words(sent):
    assert sent(Outgoing("La boutique est ici :", place=PLACE)) == [
        {"text": f"La boutique est ici :\n\n{MAP}", "metadata": OURS}
    ]


# receipts

LINES = (ReceiptLine("Riz parfumé 25 kg", 2, 17500), ReceiptLine("Gari", 1, 1500))
BILL = Receipt("TG-4K7P2", "Awa Mensah", "À la livraison", LINES, 1000, 37500)
SAID = (
    "Commande TG-4K7P2 : 2 × Riz parfumé 25 kg 35 000 F CFA, Gari 1 500 F CFA, livraison 1 000, total 37\u00a0500 F CFA"
)


def receipt(count=2):
    lines = [
        {"title": "Riz parfumé 25 kg", "quantity": 2, "price": 35000, "currency": "XOF"},
        {"title": "Gari", "quantity": 1, "price": 1500, "currency": "XOF"},
    ]
    return template(
        "receipt",
        recipient_name="Awa Mensah",
        order_number="TG-4K7P2",
        currency="XOF",
        payment_method="À la livraison",
        summary={"subtotal": 36500, "shipping_cost": 1000, "total_cost": 37500},
        elements=lines[:count],
    )


def test_a_receipt_that_says_all_its_words_say_goes_for_them(sent):
    said = {**receipt(), "quick_replies": replies(1), "metadata": OURS}
    assert sent(Outgoing(SAID, "buttons", offers(1), receipt=BILL)) == [said]


def test_words_with_a_figure_that_is_not_on_the_receipt_follow_it(sent):
    words = f"{SAID}\nCode de livraison : 4821"
    assert sent(Outgoing(words, receipt=BILL)) == [
        {**receipt(), "metadata": PART_OF_OURS},
        {"text": words, "metadata": OURS},
    ]


def test_a_receipt_that_is_sent_again_is_refused_and_its_words_go(sent):
    sent(Outgoing(SAID, receipt=BILL))
    assert sent(Outgoing(SAID, receipt=BILL))[1:] == [{"text": SAID, "metadata": OURS}]


@pytest.mark.parametrize("changed", [{"total": 37000}, {"lines": ()}, {"code": ""}, {"recipient": ""}])
def test_a_receipt_that_does_not_add_up_or_is_not_whole_is_its_words(sent, changed):
    assert sent(Outgoing(SAID, receipt=replace(BILL, **changed))) == [{"text": SAID, "metadata": OURS}]


@pytest.mark.parametrize(("count", "parts"), [(99, 1), (100, 1), (101, 2)])
def test_a_receipts_lines_below_at_and_above_their_limit(sent, count, parts):
    lines = (ReceiptLine("Gari", 1, 1500),) * count
    told = sent(Outgoing("Votre commande", receipt=replace(BILL, lines=lines, total=1500 * count + 1000)))
    assert len(told[0]["attachment"]["payload"]["elements"]) == min(count, 100)
    assert [one.get("text") for one in told[1:]] == ["Votre commande"] * (parts - 1)


@pytest.mark.parametrize(("length", "parts"), [(80, 1), (81, 2)])
def test_a_receipts_titles_at_and_above_their_limit(sent, length, parts):
    lines = (ReceiptLine("t" * length, 1, 1500),)
    told = sent(Outgoing("Votre commande", receipt=replace(BILL, lines=lines, total=2500)))
    assert len(told) == parts
    assert len(told[0]["attachment"]["payload"]["elements"][0]["title"]) == 80
