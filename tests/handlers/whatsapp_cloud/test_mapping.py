"""Each part of a neutral bubble (channels.md §7, Cloud API) below, at and above its limits: its payload, whole."""

from dataclasses import dataclass, replace

import pytest

from bot.messages import Accepted, Identity, Letter, Link, Location, Offer, Outgoing
from handlers.whatsapp_cloud.forms import tries
from handlers.whatsapp_cloud.limits import MOST_PRODUCTS
from handlers.whatsapp_cloud.limits import WHATSAPP_LIMITS as MOST

AWA, HIDDEN = Identity("phone", "+22890123456"), Identity("bsuid", "TG.13491208655302741918")
PHOTO, RECEIPT = "https://bot.example.tg/photos/riz.jpg", "https://bot.example.tg/recu.pdf"
SOUND, PAGE = "https://bot.example.tg/received/1.1.2.ab", "https://bot.example.tg/p/12"
CATALOG = "194836987003835"
PIN = Location(6.1319, -1.22283456, "Marché d'Assigamé", "Rue du Commerce, Lomé")
MAP = "https://maps.google.com/?q=6.13190,-1.22283"
LINK = Link("Voir le reçu", PAGE)


def offers(count, title="Produit", detail="", **more):
    return tuple(Offer(n, f"{title} {n}", f"shop.product={n}~1~{n}", detail, **more) for n in range(1, count + 1))


def goods(count, detail="500 F"):
    return tuple(replace(offer, product=f"riz-{offer.number}") for offer in offers(count, detail=detail))


def buttons(count, **more):
    return Outgoing("Oui ?", "buttons", offers(count), **more)


def listed(count, title="Produit", detail="", **more):
    return Outgoing("Choisissez", "list", offers(count, title, detail), opener="Voir", **more)


def titled(length, layout="buttons", **more):
    return Outgoing("Oui ?", layout, (Offer(1, "x" * length, "a", **more),), opener="Voir")


@dataclass(frozen=True)
class Case:
    """A bubble, and the kinds of its payloads, best first."""

    bubble: Outgoing
    kinds: tuple[str, ...]
    to: Identity = AWA
    catalog_id: str = ""


TEXT, IMAGE, DOCUMENT, AUDIO, BUTTON, LIST = ("text", "image", "document", "audio", "button", "list")
CTA, WHERE, PHONE, PLACE = ("cta_url", "location_request_message", "request_contact_info", "location")
ONE, MANY, ALL = "product", "product_list", "catalog_message"
CASES = {
    "text at its limit": Case(Outgoing("é" * MOST.text), (TEXT,)),
    "photo without words": Case(Outgoing("", photo=PHOTO), (IMAGE,)),
    "photo with a caption at its limit": Case(Outgoing("é" * MOST.caption, photo=PHOTO), (IMAGE, TEXT)),
    "photo with too long a caption": Case(Outgoing("é" * (MOST.caption + 1), photo=PHOTO), (TEXT,)),
    "document": Case(Outgoing("Reçu", document=RECEIPT, document_name="Reçu"), (DOCUMENT, TEXT)),
    "document with too long a caption": Case(Outgoing("é" * (MOST.caption + 1), document=RECEIPT), (TEXT,)),
    "sound": Case(Outgoing("", audio=SOUND), (AUDIO, TEXT)),
    "one button": Case(buttons(1), (BUTTON, TEXT)),
    "buttons at their limit": Case(buttons(MOST.buttons), (BUTTON, TEXT)),
    "too many buttons": Case(buttons(MOST.buttons + 1), (TEXT,)),
    "a button's title at its limit": Case(titled(MOST.button_title), (BUTTON, TEXT)),
    "too long a button's title": Case(titled(MOST.button_title + 1), (TEXT,)),
    "a body at its limit": Case(replace(buttons(2), body="é" * MOST.body), (BUTTON, TEXT)),
    "too long a body": Case(replace(buttons(2), body="é" * (MOST.body + 1)), (TEXT,)),
    "buttons below a photo": Case(buttons(2, photo=PHOTO), (BUTTON, BUTTON, TEXT)),
    "buttons below a document": Case(buttons(2, document=RECEIPT), (BUTTON, TEXT)),
    "an id at its limit": Case(Outgoing("Oui ?", "list", (Offer(1, "x", "a" * 200),), opener="Voir"), (LIST, TEXT)),
    "too long an id": Case(Outgoing("Oui ?", "list", (Offer(1, "x", "a" * 201),), opener="Voir"), (TEXT,)),
    "one row": Case(listed(1), (LIST, TEXT)),
    "four rows": Case(listed(4, detail="500 F"), (LIST, TEXT)),
    "rows at their limit": Case(listed(MOST.rows), (LIST, TEXT)),
    "too many rows": Case(listed(MOST.rows + 1), (TEXT,)),
    "a row's title at its limit": Case(titled(MOST.row_title, "list"), (LIST, TEXT)),
    "too long a row's title": Case(titled(MOST.row_title + 1, "list"), (TEXT,)),
    "a row's detail at its limit": Case(titled(5, "list", detail="x" * MOST.row_detail), (LIST, TEXT)),
    "too long a row's detail": Case(titled(5, "list", detail="x" * (MOST.row_detail + 1)), (TEXT,)),
    "an opener at its limit": Case(replace(listed(2), opener="x" * MOST.opener), (LIST, TEXT)),
    "too long an opener": Case(replace(listed(2), opener="x" * (MOST.opener + 1)), (TEXT,)),
    "offers that stand in the words": Case(Outgoing("1. Oui", "text", offers(1)), (TEXT,)),
    "link": Case(Outgoing("Le reçu", link=LINK), (CTA, TEXT)),
    "link at its limits": Case(Outgoing("é" * MOST.body, link=Link("x" * MOST.link_title, PAGE)), (CTA, TEXT)),
    "too long a link's title": Case(Outgoing("Le reçu", link=Link("x" * (MOST.link_title + 1), PAGE)), (TEXT,)),
    "link below too many words": Case(Outgoing("é" * (MOST.body + 1), link=LINK), (TEXT,)),
    "link below words at the text's limit": Case(Outgoing("é" * (MOST.text - len(PAGE) - 1), link=LINK), (TEXT,)),
    "link without words": Case(Outgoing("", link=LINK), (TEXT,)),
    "link without a title": Case(Outgoing("Le reçu", link=Link(" ", PAGE)), (TEXT,)),
    "link that is no https": Case(Outgoing("Le reçu", link=Link("Voir", "http://x.tg/p")), (TEXT,)),
    "link below a photo": Case(Outgoing("Le riz", link=LINK, photo=PHOTO), (CTA, CTA, TEXT)),
    "link below a document": Case(Outgoing("Le reçu", link=LINK, document=RECEIPT), (CTA, TEXT)),
    "link beside a sound": Case(Outgoing("Écoutez", link=LINK, audio=SOUND), (TEXT,)),
    "link beside buttons": Case(buttons(2, link=LINK), (BUTTON, TEXT)),
    "link beside a list": Case(listed(4, link=LINK), (LIST, TEXT)),
    "link beside offers in the words": Case(Outgoing("1. Oui", "text", offers(1), link=LINK), (TEXT,)),
    "link and photo with offers that do not fit": Case(buttons(4, link=LINK, photo=PHOTO), (IMAGE, TEXT)),
    "question for the place": Case(Outgoing("Où livrer ?", asks="location"), (WHERE, TEXT)),
    "long question for the place": Case(Outgoing("é" * MOST.body, asks="location"), (WHERE, TEXT)),
    "too long a question for the place": Case(Outgoing("é" * (MOST.body + 1), asks="location"), (TEXT,)),
    "question for the place with offers in the words": Case(
        Outgoing("Où ?\n\n1. Ici", "text", offers(1), asks="location"), (WHERE, TEXT)
    ),
    "question for the place beside buttons": Case(buttons(2, asks="location"), (BUTTON, TEXT)),
    "question for the place below a photo": Case(Outgoing("Où ?", asks="location", photo=PHOTO), (IMAGE, TEXT)),
    "question for the place with a link": Case(Outgoing("Où ?", asks="location", link=LINK), (WHERE, TEXT)),
    "question for the phone of who hides it": Case(Outgoing("Quel numéro ?", asks="phone"), (PHONE, TEXT), HIDDEN),
    "question for the phone of who is known by it": Case(Outgoing("Quel numéro ?", asks="phone"), (TEXT,)),
    "question about all goods": Case(
        Outgoing("Quel rayon ?\n\n1. Riz\n2. Suite", "text", offers(2), asks="catalogue"), (ALL, TEXT), AWA, CATALOG
    ),
    "too long a question about all goods": Case(
        Outgoing("é" * (MOST.body + 1), "text", offers(2), asks="catalogue"), (TEXT,), AWA, CATALOG
    ),
    "question about all goods without a catalogue": Case(
        Outgoing("Quel rayon ?\n\n1. Riz", "text", offers(1), asks="catalogue"), (TEXT,)
    ),
    "pin alone": Case(Outgoing("", place=PIN), (PLACE, TEXT)),
    "pin without a name": Case(Outgoing("", place=Location(6.1, 1.2)), (PLACE, TEXT)),
    "pin with words": Case(Outgoing("La boutique est ici", place=PIN), (TEXT,)),
    "pin beside buttons": Case(buttons(2, place=PIN), (BUTTON, TEXT)),
    "pin with a link": Case(Outgoing("Ici", place=PIN, link=LINK), (CTA, TEXT)),
    "pin below a photo": Case(Outgoing("Ici", place=PIN, photo=PHOTO), (IMAGE, TEXT)),
    "a good": Case(Outgoing("Le voici", "list", goods(1), opener="Voir"), (ONE, LIST, TEXT), AWA, CATALOG),
    "a good without words": Case(Outgoing("", "list", goods(1), opener="Voir"), (ONE, TEXT), AWA, CATALOG),
    "two goods": Case(Outgoing("Voici", "list", goods(2), opener="Voir"), (MANY, LIST, TEXT), AWA, CATALOG),
    "ten goods": Case(Outgoing("Voici", "list", goods(10), opener="Voir"), (MANY, LIST, TEXT), AWA, CATALOG),
    "goods at their limit": Case(
        Outgoing("Voici", "list", goods(MOST_PRODUCTS), opener="Voir"), (MANY, TEXT), AWA, CATALOG
    ),
    "too many goods": Case(Outgoing("Voici", "list", goods(MOST_PRODUCTS + 1), opener="Voir"), (TEXT,), AWA, CATALOG),
    "goods as buttons": Case(Outgoing("Voici", "buttons", goods(2)), (MANY, BUTTON, TEXT), AWA, CATALOG),
    "goods below a photo": Case(
        Outgoing("Voici", "buttons", goods(2), photo=PHOTO), (BUTTON, BUTTON, TEXT), AWA, CATALOG
    ),
    "goods and something else": Case(
        Outgoing("Voici", "list", (*goods(2), Offer(3, "Suite", "s")), opener="Voir"), (LIST, TEXT), AWA, CATALOG
    ),
    "goods without a catalogue": Case(Outgoing("Voici", "list", goods(2), opener="Voir"), (LIST, TEXT)),
    "goods of which one stands twice": Case(
        Outgoing("Voici", "list", (*goods(1), replace(goods(2)[1], product="riz-1")), opener="Voir"),
        (LIST, TEXT),
        AWA,
        CATALOG,
    ),
    "goods in the words": Case(Outgoing("1. Riz", "text", goods(1)), (TEXT,), AWA, CATALOG),
    "goods with too many words": Case(
        Outgoing("é" * (MOST.body + 1), "list", goods(2), opener="Voir"), (TEXT,), AWA, CATALOG
    ),
}


def forms(case):
    return tries(Letter(1, case.to, case.bubble), case.catalog_id)


def kind_of(form):
    return form["interactive"]["type"] if form["type"] == "interactive" else form["type"]


def everything_in(value):
    """All words of a payload."""
    if isinstance(value, dict):
        return "\n".join(map(everything_in, value.values()))
    return "\n".join(map(everything_in, value)) if isinstance(value, list) else str(value)


def parts_of(bubble):
    """What a person must get of a bubble in every form, beside its offers: its words and addresses."""
    yield from bubble.body.split("\n")
    yield from (bubble.document, bubble.audio, bubble.link.url if bubble.link else "")
    if bubble.place:
        yield from (bubble.place.label, bubble.place.address, f"{bubble.place.latitude:.5f}")


@pytest.mark.parametrize("name", CASES)
def test_a_bubble_has_these_payloads_best_first(name):
    assert tuple(map(kind_of, forms(CASES[name]))) == CASES[name].kinds


@pytest.mark.parametrize("name", CASES)
def test_nothing_of_a_bubble_is_lost_in_any_of_its_payloads(name):
    case = CASES[name]
    for form in forms(case):
        shown = everything_in(form)
        for offer in case.bubble.offers if case.bubble.layout != "text" else ():
            is_there = offer.title in shown or (kind_of(form) in (ONE, MANY) and offer.product in shown)
            assert is_there, (kind_of(form), offer)
        for part in parts_of(case.bubble):
            assert part in shown, (kind_of(form), part)


def test_the_whole_catalogue_opens_below_the_words_that_a_number_answers():
    assert interactive("question about all goods") == {
        "type": "catalog_message",
        "body": {"text": "Quel rayon ?\n\n1. Riz\n2. Suite"},
        "action": {"name": "catalog_message"},
    }


@pytest.mark.parametrize("name", CASES)
def test_whatever_is_refused_the_next_form_is_taken_and_words_come_last(fake, account, channel, name):
    case = CASES[name]
    own = account.model_copy(update={"catalog_id": case.catalog_id})
    fake.moods = ["content"] * (len(case.kinds) - 1)
    assert channel.send(own, Letter(1, case.to, case.bubble)) == Accepted("wamid.1")
    assert kind_of(fake.taken[0]) == case.kinds[-1]
    assert len(fake.asked) == len(case.kinds)


def interactive(name, place=0):
    return forms(CASES[name])[place]["interactive"]


def words(name):
    return forms(CASES[name])[-1]["text"]


def test_a_link_is_a_button_and_in_words_an_address_that_is_shown():
    assert interactive("link below a photo") == {
        "type": "cta_url",
        "header": {"type": "image", "image": {"link": PHOTO}},
        "body": {"text": "Le riz"},
        "action": {"name": "cta_url", "parameters": {"display_text": "Voir le reçu", "url": PAGE}},
    }
    assert "header" not in interactive("link below a photo", 1)
    assert interactive("link below a document")["header"] == {"type": "document", "document": {"link": RECEIPT}}
    assert words("link below a photo") == {"body": f"Le riz\n{PAGE}", "preview_url": True}
    assert words("link below a document") == {"body": f"Le reçu\n{PAGE}\n{RECEIPT}", "preview_url": True}
    assert interactive("link beside buttons")["body"] == {"text": f"Oui ?\n{PAGE}"}
    assert words("link beside buttons")["body"] == f"Oui ?\n{PAGE}\n\n1. Produit 1\n2. Produit 2"


def test_an_address_that_the_words_have_already_is_not_said_twice():
    (_, plain) = tries(Letter(1, AWA, Outgoing(f"Ici : {PAGE}", link=LINK)))
    assert plain["text"]["body"] == f"Ici : {PAGE}"


def test_words_at_the_limit_leave_room_for_their_address():
    (plain,) = tries(Letter(1, AWA, Outgoing("é" * MOST.text, link=LINK)))
    assert len(plain["text"]["body"]) == MOST.text
    assert plain["text"]["body"].endswith(f"é\n{PAGE}")


def test_a_question_has_the_button_that_answers_it():
    assert interactive("question for the place") == {
        "type": "location_request_message",
        "body": {"text": "Où livrer ?"},
        "action": {"name": "send_location"},
    }
    assert interactive("question for the phone of who hides it") == {
        "type": "request_contact_info",
        "body": {"text": "Quel numéro ?"},
        "action": {"name": "request_contact_info"},
    }


def test_a_pin_is_a_location_and_below_words_an_address_of_a_map():
    assert forms(CASES["pin alone"])[0]["location"] == {
        "latitude": "6.131900",
        "longitude": "-1.222835",
        "name": "Marché d'Assigamé",
        "address": "Rue du Commerce, Lomé",
    }
    assert forms(CASES["pin without a name"])[0]["location"] == {"latitude": "6.100000", "longitude": "1.200000"}
    assert words("pin alone")["body"] == f"Marché d'Assigamé\nRue du Commerce, Lomé\n{MAP}"
    assert words("pin with words")["body"] == f"La boutique est ici\nMarché d'Assigamé\nRue du Commerce, Lomé\n{MAP}"


def test_goods_come_out_of_the_catalogue_and_are_told_in_the_words_too():
    assert interactive("two goods") == {
        "type": "product_list",
        "header": {"type": "text", "text": "Voici"},
        "body": {"text": "1. Produit 1 · 500 F\n2. Produit 2 · 500 F"},
        "action": {
            "catalog_id": CATALOG,
            "sections": [
                {
                    "title": "Voici",
                    "product_items": [{"product_retailer_id": "riz-1"}, {"product_retailer_id": "riz-2"}],
                }
            ],
        },
    }
    assert interactive("a good") == {
        "type": "product",
        "body": {"text": "Le voici\n\n1. Produit 1 · 500 F"},
        "action": {"catalog_id": CATALOG, "product_retailer_id": "riz-1"},
    }


@pytest.mark.parametrize(
    "body, header, text",
    [
        ("*Le riz*\nChoisissez", "Le riz", "Choisissez\n\n1. A\n2. B"),
        ("x" * 60, "x" * 60, "1. A\n2. B"),
        ("x" * 61, "Voir", f"{'x' * 61}\n\n1. A\n2. B"),
        ("x" * 1024, "Voir", "x" * 1024),
    ],
)
def test_a_list_of_goods_is_headed_by_its_first_line_or_by_its_opener(body, header, text):
    two = (Offer(1, "A", "a", product="a"), Offer(2, "B", "b", product="b"))
    told = tries(Letter(1, AWA, Outgoing(body, "list", two, opener="Voir")), CATALOG)[0]["interactive"]
    assert (told["header"]["text"], told["body"]["text"]) == (header, text)
    assert told["action"]["sections"][0]["title"] == header[:24]
