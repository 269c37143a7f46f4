"""Each limit of a neutral bubble at Meta's Cloud API (channels.md §7): just below, at and just above it, whole."""

from dataclasses import replace

import pytest

from bot.answers import File, Reader, fit
from bot.messages import Accepted, Letter, Link, Location, Offer, Outgoing
from handlers.whatsapp_cloud.limits import WHATSAPP_LIMITS
from tests.handlers.whatsapp_cloud.test_mapping import AWA, CATALOG, HIDDEN, PAGE, PHOTO, RECEIPT, SOUND, goods, offers
from tests.handlers.whatsapp_cloud.test_sending import body_of, text

READER = Reader("fr", is_in_text_mode=False, limits=WHATSAPP_LIMITS)
MAP = "https://maps.google.com/?q=6.13190,1.22280"


@pytest.fixture
def sent(fake, account, channel):
    """Called with bubbles: what Meta was asked to show of each of them, whole; it took all first forms."""

    def send(*bubbles, to=AWA, catalog_id=""):
        own, before = account.model_copy(update={"catalog_id": catalog_id}), len(fake.taken)
        for number, bubble in enumerate(bubbles, before + 1):
            assert channel.send(own, Letter(number, to, bubble)) == Accepted(f"wamid.{number}")
        assert len(fake.asked) == len(fake.taken)
        return [body_of(payload) for payload in fake.taken[before:]]

    return send


def words_of(most):
    return ("mot " * (most // 4 + 1))[:most].strip().ljust(most, "s")


def interactive(kind, words, action, **header):
    return {"type": "interactive", "interactive": {"type": kind, **header, "body": {"text": words}, "action": action}}


def buttons(words, some, **header):
    pairs = [{"type": "reply", "reply": {"id": one.id, "title": one.title}} for one in some]
    return interactive("button", words, {"buttons": pairs}, **header)


def rows(words, some, opener="Voir"):
    listed = [{"id": one.id, "title": one.title, "description": one.detail} for one in some]
    return interactive("list", words, {"button": opener, "sections": [{"rows": listed}]})


def numbers(words, some):
    told = (" · ".join(filter(None, (f"{one.number}. {one.title}", one.detail))) for one in some)
    return text("\n".join((f"{words}\n", *told)))


IMAGE = {"header": {"type": "image", "image": {"link": PHOTO}}}


@pytest.mark.parametrize("length", [4095, 4096, 4097])
def test_words(sent, length):
    bodies = sent(*fit(words_of(length), (), READER))
    assert all(one == text(one["text"]["body"]) and len(one["text"]["body"]) <= 4096 for one in bodies)
    assert " ".join(one["text"]["body"] for one in bodies) == words_of(length)
    assert len(bodies) == (1 if length <= 4096 else 2)


@pytest.mark.parametrize("length", [1023, 1024, 1025])
@pytest.mark.parametrize(("kind", "name", "url"), [("image", "photo", PHOTO), ("document", "document", RECEIPT)])
def test_a_caption(sent, length, kind, name, url):
    shown = sent(*fit(words_of(length), (), READER, File(**{name: url})))
    whole = [{"type": kind, kind: {"link": url, "caption": words_of(length)}}]
    assert shown == (whole if length <= 1024 else [{"type": kind, kind: {"link": url}}, text(words_of(length))])


def test_a_sound_goes_before_its_words(sent):
    sound = {"type": "audio", "audio": {"link": SOUND}}
    assert sent(*fit("Écoutez.", (), READER, File(audio=SOUND))) == [sound, text("Écoutez.")]


@pytest.mark.parametrize("count", [2, 3, 4])
def test_so_many_buttons(sent, count):
    some = offers(count, detail="" if count <= 3 else "500 F")
    (bubble,) = fit("Oui ?", some, READER)
    assert sent(bubble) == [buttons("Oui ?", some) if count <= 3 else rows("Oui ?", some, bubble.opener)]


@pytest.mark.parametrize("length", [19, 20, 21])
def test_a_buttons_title(sent, length):
    some = (Offer(1, "t" * length, "a"),)
    assert sent(Outgoing("Oui ?", "buttons", some)) == [(buttons if length <= 20 else numbers)("Oui ?", some)]


@pytest.mark.parametrize("length", [199, 200, 201])
@pytest.mark.parametrize("layout", ["buttons", "list"])
def test_an_id(sent, layout, length):
    some = (Offer(1, "Riz", "i" * length, "500 F" if layout == "list" else ""),)
    shape = rows if layout == "list" else buttons
    assert sent(Outgoing("Oui ?", layout, some, "Voir")) == [(shape if length <= 200 else numbers)("Oui ?", some)]


@pytest.mark.parametrize("length", [1023, 1024, 1025])
def test_words_above_buttons(sent, length):
    said = Outgoing("é" * length, "buttons", offers(2))
    assert sent(said) == [(buttons if length <= 1024 else numbers)("é" * length, offers(2))]


@pytest.mark.parametrize("length", [1023, 1024])
def test_words_of_a_photo_with_buttons(sent, length):
    (bubble,) = fit(words_of(length), offers(3), READER, File(photo=PHOTO))
    assert sent(bubble) == [buttons(words_of(length), offers(3), **IMAGE)]


def test_words_of_a_photo_with_buttons_above_their_limit_go_before_it_in_part(sent):
    first, card = sent(*fit(words_of(1025), offers(3), READER, File(photo=PHOTO)))
    below = card["interactive"]["body"]["text"]
    assert card == buttons(below, offers(3), **IMAGE)
    assert f"{first['text']['body']} {below}" == words_of(1025)


@pytest.mark.parametrize("count", [9, 10, 11])
def test_so_many_rows(sent, count):
    some = offers(count, detail="500 F")
    shape = rows if count <= 10 else numbers
    assert sent(Outgoing("Choisissez", "list", some, "Voir")) == [shape("Choisissez", some)]


@pytest.mark.parametrize("length", [23, 24, 25])
def test_a_rows_title(sent, length):
    some = (Offer(1, "t" * length, "a", "500 F"),)
    assert sent(Outgoing("?", "list", some, "Voir")) == [(rows if length <= 24 else numbers)("?", some)]


@pytest.mark.parametrize("length", [71, 72, 73])
def test_a_rows_detail(sent, length):
    some = (Offer(1, "Riz", "a", "d" * length),)
    assert sent(Outgoing("?", "list", some, "Voir")) == [(rows if length <= 72 else numbers)("?", some)]


@pytest.mark.parametrize("length", [19, 20, 21])
def test_what_opens_a_list(sent, length):
    some = offers(2, detail="500 F")
    shape = rows("?", some, "o" * length) if length <= 20 else numbers("?", some)
    assert sent(Outgoing("?", "list", some, "o" * length)) == [shape]


@pytest.mark.parametrize("count", [29, 30, 31])
def test_so_many_goods_of_the_catalogue(sent, count):
    some = goods(count)
    told = f"1. Produit 1 · 500 F\n{'x' * 990}"  # so long that the goods are not told in the words too
    (shown,) = sent(Outgoing(f"Voici\n{told}", "list", some, "Voir"), catalog_id=CATALOG)
    items = [{"product_retailer_id": f"riz-{n}"} for n in range(1, count + 1)]
    action = {"catalog_id": CATALOG, "sections": [{"title": "Voici", "product_items": items}]}
    listed = interactive("product_list", told, action, header={"type": "text", "text": "Voici"})
    assert shown == (listed if count <= 30 else numbers(f"Voici\n{told}", some))


@pytest.mark.parametrize("length", [19, 20, 21])
def test_a_links_label(sent, length):
    action = {"name": "cta_url", "parameters": {"display_text": "l" * length, "url": PAGE}}
    plain = {"type": "text", "text": {"body": f"Le reçu\n{PAGE}", "preview_url": True}}
    shape = interactive("cta_url", "Le reçu", action) if length <= 20 else plain
    assert sent(Outgoing("Le reçu", link=Link("l" * length, PAGE))) == [shape]


@pytest.mark.parametrize("length", [1023, 1024, 1025])
def test_words_above_a_link(sent, length):
    action = {"name": "cta_url", "parameters": {"display_text": "Voir", "url": PAGE}}
    plain = {"type": "text", "text": {"body": f"{'é' * length}\n{PAGE}", "preview_url": True}}
    shape = interactive("cta_url", "é" * length, action) if length <= 1024 else plain
    assert sent(Outgoing("é" * length, link=Link("Voir", PAGE))) == [shape]


@pytest.mark.parametrize("more", [-1, 0, 1])
def test_an_address_in_the_words_above_buttons(sent, more):
    words = "é" * (1024 - len(PAGE) - 1 + more)
    (shown,) = sent(Outgoing(words, "buttons", offers(1), link=Link("Voir", PAGE)))
    plain = numbers(f"{words}\n{PAGE}", offers(1))["text"]["body"]
    linked = {"type": "text", "text": {"body": plain, "preview_url": True}}
    assert shown == (linked if more > 0 else buttons(f"{words}\n{PAGE}", offers(1)))


@pytest.mark.parametrize("length", [1023, 1024, 1025])
@pytest.mark.parametrize(
    ("asks", "to", "kind", "name"),
    [
        ("location", AWA, "location_request_message", "send_location"),
        ("phone", HIDDEN, "request_contact_info", "request_contact_info"),
        ("catalogue", AWA, "catalog_message", "catalog_message"),
    ],
)
def test_words_of_a_question(sent, asks, to, kind, name, length):
    shape = interactive(kind, "é" * length, {"name": name}) if length <= 1024 else text("é" * length)
    assert sent(Outgoing("é" * length, asks=asks), to=to, catalog_id=CATALOG) == [shape]


def test_a_phone_to_call_stands_in_the_words(sent):
    (bubble,) = fit("Appelez la boutique : +228 90 12 34 56", (), READER)
    assert sent(bubble) == [text("Appelez la boutique : +228 90 12 34 56")]


def test_a_pin_goes_alone_and_below_words_it_is_an_address_of_a_map(sent):
    place = Location(6.1319, 1.2228, "Marché d'Assigamé")
    pin = {"latitude": "6.131900", "longitude": "1.222800", "name": "Marché d'Assigamé"}
    shown = sent(Outgoing("", place=place), replace(Outgoing("Ici"), place=place))
    assert shown == [{"type": "location", "location": pin}, text(f"Ici\nMarché d'Assigamé\n{MAP}")]


def in_sections(some, *names):
    return tuple(replace(one, section=name) for one, name in zip(some, names, strict=True))


def sections(words, *named, opener="Voir"):
    row = ("id", "title", "description")
    told = [
        {"title": name, "rows": [dict(zip(row, (one.id, one.title, one.detail), strict=True)) for one in some]}
        for name, some in named
    ]
    return interactive("list", words, {"button": opener, "sections": told})


@pytest.mark.parametrize("count", [9, 10, 11])
def test_so_many_sections(sent, count):
    some = in_sections(offers(count, detail="500 F"), *(f"Rayon {n}" for n in range(1, count + 1)))
    (shown,) = sent(Outgoing("Choisissez", "list", some, "Voir"))
    if count <= 10:
        assert shown == sections("Choisissez", *((f"Rayon {n}", [one]) for n, one in enumerate(some, 1)))
    else:
        told = "\n\n".join(f"*Rayon {n}*\n{n}. Produit {n} · 500 F" for n in range(1, count + 1))
        assert shown == text(f"Choisissez\n\n{told}")


@pytest.mark.parametrize(("length", "name"), [(23, "s" * 23), (24, "s" * 24), (25, f"{'s' * 23}…")])
def test_a_sections_name(sent, length, name):
    some = in_sections(offers(1, detail="500 F"), "s" * length)
    assert sent(Outgoing("?", "list", some, "Voir")) == [sections("?", (name, some))]


def test_rows_without_a_section_stand_last_below_what_opens_the_list(sent):
    some = in_sections(offers(4, detail="500 F"), "Boissons", "Boissons", "Épicerie", "")
    shown = sections("?", ("Boissons", some[:2]), ("Épicerie", some[2:3]), ("Voir", some[3:]))
    assert sent(Outgoing("?", "list", some, "Voir")) == [shown]


@pytest.mark.parametrize("count", [9, 10, 11])
def test_goods_of_the_catalogue_in_so_many_sections(sent, count):
    some = in_sections(goods(count), *(f"Rayon {n}" for n in range(1, count + 1)))
    (shown,) = sent(Outgoing("Voici\n\nNos produits", "list", some, "Voir"), catalog_id=CATALOG)
    told = shown["interactive"]["action"]["sections"]
    items = [{"product_retailer_id": one.product} for one in some]
    apart = [{"title": f"Rayon {n}", "product_items": [item]} for n, item in enumerate(items, 1)]
    assert told == (apart if count <= 10 else [{"title": "Voici", "product_items": items}])
