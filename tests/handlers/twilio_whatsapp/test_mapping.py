"""Every neutral part as Twilio's form fields, below, at and above each limit (channels.md §7): nothing is lost."""

import json
from dataclasses import replace

import pytest

from bot.answers import File, Reader, compose, fit
from bot.messages import Accepted, Link, Location, Offer, Outgoing
from bot.session import Session
from bot.world import MORE, Bubble, Option
from handlers.twilio_whatsapp.contents import CAROUSELS, create_contents, link_name, make_carousels
from handlers.twilio_whatsapp.limits import CARD, LINK_BODY, TWILIO_LIMITS
from tests.handlers.twilio_whatsapp.test_sending import letter, offers

SITE = "https://bot.example.tg"
PHOTO, PDF, SOUND = f"{SITE}/media/riz.jpg", f"{SITE}/documents/recu.pdf", f"{SITE}/received/1.ab"
MARKET = Location(6.1319, 1.2228, "Marché d'Assigamé", "Rue du Commerce, Lomé")
MAP = "https://maps.google.com/?q=6.13190,1.22280"
READER = Reader("fr", is_in_text_mode=False, limits=TWILIO_LIMITS)
ENVELOPE = {"To", "From", "StatusCallback"}


@pytest.fixture
def contents(account):
    return create_contents(account, SITE)


@pytest.fixture
def form(fake, account, channel, contents):
    """What one bubble is sent as, without its envelope: the fields, ContentSid by its name, ContentVariables read."""

    def send(bubble, known=contents):
        before = len(fake.messages)
        assert channel.send(account, letter(bubble, known)) == Accepted(fake.messages[-1].sid)
        assert len(fake.messages) == before + 1
        sent = {name: value for name, value in fake.messages[-1].fields.items() if name not in ENVELOPE}
        if "ContentSid" in sent:
            sent["ContentSid"] = fake.messages[-1].content
            sent["ContentVariables"] = json.loads(sent["ContentVariables"])
        return sent

    return send


def filled(name, *values):
    return {"ContentSid": name, "ContentVariables": {str(n): value for n, value in enumerate(values, 1)}}


def flat(some):
    return [text for offer in some for text in (offer.title, offer.id)]


def rows(some):
    return [text for offer in some for text in (offer.title, offer.id, offer.detail or "–")]


def words_of(most):
    return ("mot " * (most // 4 + 1))[:most].strip().ljust(most, "s")


# words


@pytest.mark.parametrize("length", [1, 1599, 1600])
def test_words_up_to_the_limit_are_one_body(form, length):
    (bubble,) = fit(words_of(length), (), READER)
    assert form(bubble) == {"Body": words_of(length)}


@pytest.mark.parametrize("length", [1601, 3200])
def test_longer_words_are_two_bodies(form, length):
    bodies = [form(bubble)["Body"] for bubble in fit(words_of(length), (), READER)]
    assert " ".join(bodies) == words_of(length)
    assert all(len(body) <= 1600 for body in bodies)


@pytest.mark.parametrize(("length", "is_whole"), [(1023, True), (1024, True), (1025, False)])
@pytest.mark.parametrize(("name", "address"), [("photo", PHOTO), ("document", PDF)])
def test_a_file_carries_a_caption_up_to_the_limit(form, length, is_whole, name, address):
    sent = [form(bubble) for bubble in fit(words_of(length), (), READER, File(**{name: address}))]
    whole = [{"Body": words_of(length), "MediaUrl": address}]
    assert sent == (whole if is_whole else [{"MediaUrl": address}, {"Body": words_of(length)}])


def test_a_sound_goes_before_its_words(form):
    sent = [form(bubble) for bubble in fit("Écoutez.", (), READER, File(audio=SOUND))]
    assert sent == [{"MediaUrl": SOUND}, {"Body": "Écoutez."}]


# choices


@pytest.mark.parametrize(("count", "name"), [(1, "fr_qr_1"), (2, "fr_qr_2"), (3, "fr_qr_3"), (4, "fr_list_4")])
def test_three_choices_are_buttons_and_a_fourth_makes_a_list(form, count, name):
    (bubble,) = fit("C'est bon ?", offers(count), READER)
    values = flat(offers(count)) if count < 4 else [bubble.opener, *rows(offers(count))]
    assert form(bubble) == filled(name, "C'est bon ?", *values)


@pytest.mark.parametrize(("length", "name"), [(19, "fr_qr_1"), (20, "fr_qr_1"), (21, "fr_list_1"), (24, "fr_list_1")])
def test_a_title_too_long_for_a_button_is_a_row(form, length, name):
    offer = Offer(1, words_of(length), "v1:x")
    (bubble,) = fit("?", (offer,), READER)
    values = flat([offer]) if name == "fr_qr_1" else [bubble.opener, *rows([offer])]
    assert form(bubble) == filled(name, "?", *values)


@pytest.mark.parametrize("length", [23, 24])
def test_a_title_up_to_a_rows_limit_stands_in_it_alone(form, length):
    (bubble,) = fit("?", (Offer(1, words_of(length), "v1:x", "500 F"),), READER)
    assert form(bubble) == filled("fr_list_1", "?", bubble.opener, words_of(length), "v1:x", "500 F")


def test_a_title_too_long_for_a_row_stands_whole_in_its_detail(form):
    (bubble,) = fit("?", (Offer(1, words_of(25), "v1:x", "500 F"),), READER)
    values = form(bubble)["ContentVariables"]
    assert (len(values["3"]), values["3"][-1]) == (24, "…")
    assert values["5"] == f"{words_of(25)} · 500 F"


@pytest.mark.parametrize("length", [71, 72, 73])
def test_a_detail_is_cut_at_its_limit(form, length):
    (bubble,) = fit("?", (Offer(1, "Riz", "v1:x", words_of(length)),), READER)
    told = form(bubble)["ContentVariables"]["5"]
    assert told == (words_of(length) if length <= 72 else f"{words_of(length)[:71].rstrip()}…")


@pytest.mark.parametrize("count", [9, 10])
def test_up_to_ten_rows_are_a_list(form, count):
    (bubble,) = fit("Nos produits", offers(count, "500 F"), READER)
    assert form(bubble) == filled(f"fr_list_{count}", "Nos produits", bubble.opener, *rows(offers(count, "500 F")))


def test_an_eleventh_row_makes_all_of_them_numbers(form):
    told = "\n".join(f"{n}. Produit {n} · 500 F" for n in range(1, 12))
    assert form(Outgoing("Nos produits", "list", offers(11, "500 F"), "Voir")) == {"Body": f"Nos produits\n\n{told}"}


@pytest.mark.parametrize("length", [1023, 1024, 1025])
def test_words_beside_choices_that_are_too_long_go_before_them_in_part(form, length):
    sent = [form(bubble) for bubble in fit(words_of(length), offers(2), READER)]
    bodies = [one.get("Body") or one["ContentVariables"]["1"] for one in sent]
    assert len(sent) == (1 if length <= 1024 else 2)
    assert " ".join(bodies) == words_of(length)
    assert sent[-1]["ContentSid"] == "fr_qr_2"


@pytest.mark.parametrize("length", [199, 200])
def test_an_id_up_to_the_limit_comes_back_whole(form, length):
    offer = Offer(1, "Oui", "x" * length)
    assert form(Outgoing("?", "buttons", (offer,))) == filled("fr_qr_1", "?", "Oui", "x" * length)


def test_an_id_beyond_the_limit_makes_numbers(form):
    assert form(Outgoing("?", "buttons", (Offer(1, "Oui", "x" * 201),))) == {"Body": "?\n\n1. Oui"}


@pytest.mark.parametrize("count", [1, 2, 3])
def test_a_photo_with_buttons_is_a_card(form, count):
    (bubble,) = fit("Riz : 500 F", offers(count), READER, File(photo=PHOTO))
    assert form(bubble) == filled(f"fr_img_qr_{count}", "Riz : 500 F", PHOTO, *flat(offers(count)))


@pytest.mark.parametrize("length", [1023, 1024])
def test_a_card_holds_words_up_to_the_limit(form, length):
    (bubble,) = fit(words_of(length), offers(3), READER, File(photo=PHOTO))
    assert form(bubble) == filled("fr_img_qr_3", words_of(length), PHOTO, *flat(offers(3)))


def test_words_above_a_cards_limit_go_before_it_in_part(form):
    first, card = (form(bubble) for bubble in fit(words_of(1025), offers(3), READER, File(photo=PHOTO)))
    below = card["ContentVariables"].pop("1")
    assert f"{first['Body']} {below}" == words_of(1025)
    rest = dict(enumerate((PHOTO, *flat(offers(3))), 2))
    assert card == {"ContentSid": "fr_img_qr_3", "ContentVariables": {str(n): value for n, value in rest.items()}}


def test_a_photo_with_a_list_goes_before_it(form):
    sent = [form(bubble) for bubble in fit("Riz", offers(4), READER, File(photo=PHOTO))]
    assert [one.get("MediaUrl") or one["ContentSid"] for one in sent] == [PHOTO, "fr_list_4"]


# a link


def linked(body="Voici votre reçu.", title="Ouvrir", url=f"{SITE}/documents/abc?x=1", **more):
    return Outgoing(body, link=Link(title, url), **more)


@pytest.mark.parametrize("title", ["O", "x" * 19, "x" * 20])
@pytest.mark.parametrize("length", [1, LINK_BODY - 1, LINK_BODY])
def test_an_address_of_our_own_is_a_button(form, title, length):
    body = words_of(length)
    assert form(linked(body, title)) == filled(link_name(SITE), body, title, "documents/abc?x=1")


@pytest.mark.parametrize(
    "changed",
    [
        {"title": "x" * 21},
        {"title": " "},
        {"body": words_of(LINK_BODY + 1)},
        {"url": "https://wa.me/22890000000"},
        {"url": f"{SITE}.evil.example/x"},
        {"url": SITE},
        {"url": f"{SITE}/"},
        {"url": "http://bot.example.tg/x"},
    ],
    ids=["title above", "no title", "words above", "WhatsApp", "another site", "no path", "no page", "no https"],
)
def test_an_address_that_no_button_can_open_stands_below_the_words(form, changed):
    bubble = linked(**changed)
    assert form(bubble) == {"Body": f"{bubble.body}\n{bubble.link.url}"}


def test_an_address_stands_in_the_words_while_the_account_has_no_such_content_or_one_of_another_site(form):
    other = link_name("https://old.example.tg")
    for known in ({}, {other: f"HX{1:032x}"}):
        assert form(linked(), known) == {"Body": f"Voici votre reçu.\n{SITE}/documents/abc?x=1"}


def test_an_address_that_the_words_tell_already_is_not_told_twice(form):
    assert form(linked(f"Voici : {SITE}/documents/abc?x=1"), {}) == {"Body": f"Voici : {SITE}/documents/abc?x=1"}


def test_an_address_beside_choices_or_a_file_stands_in_the_words(form):
    url = f"{SITE}/documents/abc?x=1"
    assert form(linked("?", layout="buttons", offers=offers(1))) == filled("fr_qr_1", f"?\n{url}", *flat(offers(1)))
    assert form(linked("Riz", photo=PHOTO)) == {"Body": f"Riz\n{url}", "MediaUrl": PHOTO}
    assert form(linked("Reçu", document=PDF)) == {"Body": f"Reçu\n{url}", "MediaUrl": PDF}


@pytest.mark.parametrize("more", [-1, 0, 1])
def test_where_an_address_has_no_room_beside_choices_they_are_numbers(form, more):
    url = f"{SITE}/documents/abc?x=1"
    body = words_of(TWILIO_LIMITS.body - len(url) - 1 + more)
    sent = form(linked(body, layout="buttons", offers=offers(1)))
    numbers = {"Body": f"{body}\n\n1. Produit 1\n{url}"}
    assert sent == (numbers if more > 0 else filled("fr_qr_1", f"{body}\n{url}", *flat(offers(1))))


@pytest.mark.parametrize("length", [1600 - 39, 1600])
def test_the_address_below_very_long_words_is_whole(form, length):
    body = form(linked(words_of(length), url="https://other.example/abcdefghijklmnop"))["Body"]
    assert len(body) == 1600
    assert body.endswith("\nhttps://other.example/abcdefghijklmnop")


# a place


def test_a_place_is_a_pin_with_the_words(form):
    assert form(Outgoing("Notre boutique", place=MARKET)) == {
        "Body": "Notre boutique",
        "PersistentAction": "geo:6.131900,1.222800|Marché d'Assigamé",
    }


@pytest.mark.parametrize(
    ("place", "body", "action"),
    [
        (Location(6.1, 1.2), "6.100000,1.200000", "geo:6.100000,1.200000"),
        (Location(-6.1, -1.2, "A|B"), "A|B", "geo:-6.100000,-1.200000|A B"),
        (Location(6.1, 1.2, "", "Rue 1,\nLomé"), "Rue 1, Lomé", "geo:6.100000,1.200000|Rue 1, Lomé"),
    ],
)
def test_a_place_without_words_is_told_by_its_name(form, place, body, action):
    assert form(Outgoing("", place=place)) == {"Body": body, "PersistentAction": action}


@pytest.mark.parametrize(("length", "is_pin"), [(1023, True), (1024, True), (1025, False)])
def test_a_place_below_long_words_is_an_address_on_a_map(form, length, is_pin):
    sent = form(Outgoing(words_of(length), place=MARKET))
    assert sent["Body"] == (words_of(length) if is_pin else f"{words_of(length)}\n{MAP}")
    assert ("PersistentAction" in sent) == is_pin


def test_a_place_beside_choices_or_a_file_is_an_address_on_a_map(form):
    choices = Outgoing("?", "buttons", offers(1), place=MARKET)
    assert form(choices) == filled("fr_qr_1", f"?\n{MAP}", *flat(offers(1)))
    assert form(Outgoing("Ici", place=MARKET, photo=PHOTO)) == {"Body": f"Ici\n{MAP}", "MediaUrl": PHOTO}


def test_a_place_and_a_link_are_a_pin_and_an_address(form):
    sent = form(linked("Ici", place=MARKET))
    assert sent["Body"] == f"Ici\n{SITE}/documents/abc?x=1"
    assert sent["PersistentAction"].startswith("geo:")


def test_a_pin_that_is_refused_leaves_an_address(fake, account, channel, monkeypatch):
    original = fake.take

    def without_pins(form):
        if "PersistentAction" in form:
            fake.mode("refuse:63005", times=1)
        return original(form)

    monkeypatch.setattr(fake, "take", without_pins)
    channel.send(account, letter(Outgoing("Notre boutique", place=MARKET)))
    assert [message.body for message in fake.messages] == [f"Notre boutique\n{MAP}"]


# what it asks for, and goods side by side


@pytest.mark.parametrize("asks", ["location", "phone"])
def test_what_is_asked_for_is_asked_in_words(form, asks):
    assert form(Outgoing("Où êtes-vous ?", asks=asks)) == {"Body": "Où êtes-vous ?"}


def test_a_phone_to_call_stands_in_the_words(form):
    (bubble,) = fit("Appelez la boutique : +228 90 12 34 56", (), READER)
    assert form(bubble) == {"Body": "Appelez la boutique : +228 90 12 34 56"}


def goods(count, detail="500 F", photo=PHOTO, title="Produit"):
    return tuple(Offer(n, f"{title} {n}", f"v1:p:{n}", detail, photo, f"riz-{n}") for n in range(1, count + 1))


@pytest.fixture
def waiting(account, contents):
    """The contents with the carousels, of which none is approved."""
    return contents | {name: made.provider_id for name, made in make_carousels(account, {}).items()}


@pytest.fixture
def approved(fake, waiting):
    """The contents with the carousels, all approved."""
    for name in CAROUSELS:
        fake.approve(name)
    return waiting


@pytest.mark.parametrize("count", [2, 9, 10])
def test_goods_with_photos_stand_side_by_side_where_that_is_approved(form, fake, approved, count):
    cards = [text for good in goods(count) for text in (good.title, good.detail, PHOTO, good.id)]
    sent = form(Outgoing("Nos produits :\nchoisissez", "list", goods(count), "Voir"), approved)
    assert sent == filled(f"fr_carousel_{count}", "Nos produits : choisissez", *cards)
    message = fake.messages[-1]
    assert message.body == "Voici des articles.\nNos produits : choisissez\nFaites glisser, puis touchez un bouton."
    assert message.cards[0] == {
        "body": "Article : Produit 1.\nDétail : 500 F.\nTouchez le bouton.",
        "photo": PHOTO,
        "title": "Voir",
        "id": "v1:p:1",
    }


def test_more_goods_than_a_carousel_holds_are_numbers(form, approved):
    told = "\n".join(f"{n}. Produit {n} · 500 F" for n in range(1, 12))
    assert form(Outgoing("Nos produits", "list", goods(11), "Voir"), approved) == {"Body": f"Nos produits\n\n{told}"}


@pytest.mark.parametrize(
    ("some", "body"),
    [
        (goods(1), "un seul"),
        ((*goods(2), *(Offer(n, f"Autre {n}", f"v1:o:{n}") for n in range(3, 7))), "presque toutes sans photo"),
        (goods(2), words_of(1000)),
    ],
)
def test_other_lists_are_lists(form, approved, some, body):
    sent = form(Outgoing(body, "list", some, "Voir"), approved)
    assert sent == filled(f"fr_list_{len(some)}", body, "Voir", *rows(some))


def test_a_page_of_goods_is_a_carousel_and_its_row_for_more_a_number_in_the_words(form, approved):
    options = [Option(str(n), f"Riz {n}", "17 500 F", f"/media/{n}.jpg", f"riz-{n}") for n in range(1, 10)]
    reader = replace(READER, photo_base=SITE)
    asked = Bubble("menu.open", {}, "buyer.listing", (*options, Option(f"{MORE}2")))
    (bubble,) = compose([asked], Session(hat="buyer", state="buyer.listing"), reader, said=7, minute=1000).bubbles
    bubble = replace(bubble, body="Nos riz")
    cards = [
        text
        for offer in bubble.offers[:9]
        for text in (f"Riz {offer.number}", "17 500 F", f"{SITE}/media/{offer.number}.jpg", offer.id)
    ]
    assert form(bubble, approved) == filled("fr_carousel_9", f"Nos riz 10. {bubble.offers[9].title}", *cards)
    rows_of_all = [text for offer in bubble.offers for text in (offer.title, offer.id, offer.detail or "–")]
    assert form(bubble) == filled("fr_list_10", "Nos riz", bubble.opener, *rows_of_all)


@pytest.mark.parametrize("more", [-1, 0, 1])
def test_a_card_holds_so_many_words(form, approved, more):
    fixed = len("Article : Produit 1.\nDétail : .\nTouchez le bouton.")
    known = approved if more > 0 else {**approved, "fr_list_2": ""}
    sent = form(Outgoing("?", "list", goods(2, "x" * (CARD - fixed + more)), "Voir"), known)
    assert sent.get("ContentSid", "") == ("" if more > 0 else "fr_carousel_2")


def test_a_carousel_that_is_not_known_is_never_sent(form, fake, contents):
    sent = form(Outgoing("?", "list", goods(2), "Voir"))
    assert sent["ContentSid"] == "fr_list_2"
    assert all("carousel" not in body.decode() for _, path, _, body in fake.requests if "Messages" in path)


def test_one_that_is_refused_all_the_same_leaves_a_list(form, waiting):
    assert form(Outgoing("?", "list", goods(2), "Voir"), waiting)["ContentSid"] == "fr_list_2"
