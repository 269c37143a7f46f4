"""Answers fit: two bubbles, the channel's limits, right numbers and ids, photos where they may stand."""

import json

import hypothesis.strategies as st
import pytest
from hypothesis import assume, given, settings

from bot.answers import ASKED_REMEMBERED, MOST_BUBBLES, File, Reader, compose, fit, shorten, split_to
from bot.dialogs.buyer.checkout import FEWER_LETTERS, LONGEST_LANDMARK, MOST_CHANGES, MOST_LETTERS, letters_of
from bot.documents import outgoing_from, outgoing_to_json
from bot.messages import Limits, Offer, Outgoing
from bot.numbered import lay_out
from bot.session import MENUS_REMEMBERED, Choice, Session
from bot.taps import Tap, read_tap
from bot.texts import say
from bot.world import MORE, Bubble, Option
from orders.offered import MOST_LINES, MOST_SHOPS

WHATSAPP = Limits(4096, 1024, 1024, 3, 20, 10, 24, 72, 20, 200, True)
TWILIO = Limits(1600, 1024, 1024, 3, 20, 10, 24, 72, 20, 200, True)
MESSENGER = Limits(2000, 640, 0, 3, 20, 0, 20, 0, 0, 1000, False)
PHOTO = "https://market.example/media/a.jpg"

limits = st.builds(
    Limits,
    text=st.integers(1600, 4096),
    body=st.integers(200, 1024),
    caption=st.sampled_from([400, 1024]),
    buttons=st.integers(0, 3),
    button_title=st.just(20),
    rows=st.sampled_from([0, 10]),
    row_title=st.just(24),
    row_detail=st.integers(20, 72),
    opener=st.just(20),
    offer_id=st.just(200),
    photo_with_offers=st.booleans(),
)
words = st.text(st.sampled_from("abé .\n\n1€😀"), max_size=3000)
titles = st.text(st.sampled_from("abcdeé 12"), min_size=1, max_size=60).filter(str.strip)
options = st.lists(st.builds(Option, st.integers(1, 999).map(str), titles, st.text("xyz ", max_size=90)), max_size=10)
files = st.sampled_from(
    [{}, {"photo": "/media/a.jpg"}, {"document": "/d/a.pdf", "document_name": "Reçu"}, {"audio": "/received/a"}]
)
readers = st.builds(Reader, st.just("fr"), st.booleans(), limits, st.just("https://market.example"))


def offers_of(found):
    return [Offer(number, option.title, f"id{number}", option.detail) for number, option in enumerate(found, 1)]


def fits(bubble, limits):
    """Whether a channel can show it."""
    most = {"text": limits.text, "buttons": limits.body, "list": limits.body}[bubble.layout]
    if bubble.layout == "text":
        is_alone = not (bubble.audio and bubble.body)
        return is_alone and len(bubble.body) <= (limits.caption if bubble.file else most)
    title = limits.button_title if bubble.layout == "buttons" else limits.row_title
    return (
        0 < len(bubble.body) <= most
        and len(bubble.offers) <= (limits.buttons if bubble.layout == "buttons" else limits.rows)
        and all(0 < len(offer.title) <= title and len(offer.detail) <= limits.row_detail for offer in bubble.offers)
        and len(bubble.opener) <= limits.opener
        and (not bubble.photo or (limits.photo_with_offers and bubble.layout == "buttons"))
    )


class Talking:
    """A bubble of the question `buyer.choosing` in words of a test: its key's words are found in the catalogue."""

    def __init__(self, monkeypatch, text):
        monkeypatch.setattr("bot.answers.say", lambda _, key, values: text if key == "buyer.text" else f"<{key}>"[:20])


@settings(max_examples=200)
@given(text=words, found=options, reader=readers, file=files, trail=st.booleans())
def test_any_text_and_any_options_fit_two_bubbles_and_the_channel(text, found, reader, file, trail):
    assume(text.strip() and len(found) <= max(reader.limits.rows, 9))
    bubble = Bubble("buyer.text", file, "buyer.choosing", tuple(found))
    session = Session(hat="buyer", state="buyer.choosing", trail=("buyer.menu",) if trail else ())
    with pytest.MonkeyPatch.context() as patch:
        Talking(patch, text)
        composed = compose([bubble, bubble], session, reader, said=77, minute=1000)
    assert 1 <= len(composed.bubbles) <= MOST_BUBBLES
    assert all(fits(one, reader.limits) for one in composed.bubbles)
    offered = composed.bubbles[-1].offers
    assert [offer.number for offer in offered] == list(range(1, len(found) + 1))
    assert [read_tap(offer.id) for offer in offered] == [
        Tap("buyer", "choosing", option.choice, 77, 1000) for option in found
    ]
    assert [choice.choice for choice in composed.session.menu] == [option.choice for option in found]
    assert [choice.number for choice in composed.session.menu] == [offer.number for offer in offered]
    assert len({choice.title for choice in composed.session.menu}) == len(found)


@settings(max_examples=200)
@given(text=words, found=options, reader=readers, photo=st.booleans())
def test_one_bubble_loses_no_word_and_no_offer(text, found, reader, photo):
    assume(text.strip() and len(text) <= reader.limits.body)
    pieces = fit(text, offers_of(found), reader, File(photo=PHOTO) if photo else File())
    assert all(fits(piece, reader.limits) for piece in pieces)
    said = "".join(piece.body for piece in pieces)
    assert "".join(text.split()) in "".join(said.split())
    assert len(pieces[-1].offers) == len(found)
    assert sum(bool(piece.photo) for piece in pieces) == int(photo)
    if pieces[-1].layout == "text" and found:
        assert all(f"{number}. " in said for number in range(1, len(found) + 1))


@given(text=words, most=st.integers(40, 400))
def test_a_split_loses_nothing_but_blanks(text, most):
    parts, last = split_to(text, most)
    assert all(len(part) <= most for part in [*parts, last])
    assert "".join("".join([*parts, last]).split()) == "".join(text.split())


@given(text=words, most=st.integers(1, 50))
def test_shortened_words_are_never_too_long_and_say_that_something_is_missing(text, most):
    short = shorten(text, most)
    assert len(short) <= most
    assert short == text or short.endswith("…")


LAYOUTS = [
    (["Oui", "Non"], "", False, WHATSAPP, "buttons"),
    (["Oui", "Non", "Peut-être"], "", False, WHATSAPP, "buttons"),
    (["Oui", "Non", "Peut-être", "Retour"], "", False, WHATSAPP, "list"),
    (["Oui", "Un titre de vingt-et-un"], "", False, WHATSAPP, "list"),
    (["Oui", "Non"], "un détail", False, WHATSAPP, "list"),
    (["Oui", "Non"], "", True, WHATSAPP, "text"),
    (["Oui", "Non"], "", False, MESSENGER, "text"),
]


@pytest.mark.parametrize("found, detail, is_in_text_mode, limits, layout", LAYOUTS)
def test_the_layout_follows_the_offers_the_channel_and_the_person(found, detail, is_in_text_mode, limits, layout):
    offers = [Offer(number, title, f"id{number}", detail) for number, title in enumerate(found, 1)]
    (bubble,) = fit("C'est bon ?", offers, Reader("fr", is_in_text_mode, limits))
    assert bubble.layout == layout
    assert bubble.opener == ("Voir les choix" if layout == "list" else "")


def test_the_text_twin_has_a_blank_line_a_number_a_line_and_a_last_hint():
    offers = [Offer(1, "Riz", "a", "500 F"), Offer(2, "Huile", "b")]
    assert lay_out("Quoi ?", offers, "0. Retour") == "Quoi ?\n\n1. Riz · 500 F\n2. Huile\n0. Retour"
    assert lay_out("Quoi ?", offers) == "Quoi ?\n\n1. Riz · 500 F\n2. Huile"


def test_a_title_that_is_cut_stands_whole_in_its_detail():
    title = "Riz parfumé de Thaïlande 25 kg"
    offers = [Offer(1, title, "a", "17 500 F"), *(Offer(n, "x", "b") for n in range(2, 5))]
    (bubble,) = fit("Quoi ?", offers, Reader("fr", False, WHATSAPP))
    assert bubble.offers[0] == Offer(1, "Riz parfumé de Thaïland…", "a", f"{title} · 17 500 F")


def question(*, is_lasting=False, photo="", choices=("yes", "no"), state="buyer.choosing"):
    return Bubble("buyer.menu", {"photo": photo} if photo else {}, state, tuple(map(Option, choices)), is_lasting)


def composed(bubbles, session=None, *, is_in_text_mode=False, limits=WHATSAPP, said=7):
    session = session or Session(hat="buyer", state="buyer.choosing")
    return compose(bubbles, session, Reader("fr", is_in_text_mode, limits, "https://market.example"), said, 1000)


PHOTO_RULES = [
    (("yes", "no"), False, WHATSAPP, ["buttons with photo"]),
    ((), False, WHATSAPP, ["text with photo"]),
    ((), True, WHATSAPP, ["text with photo"]),  # who asked for it gets it, in text mode too
    (("yes", "no"), True, WHATSAPP, ["text"]),
    (("yes", "no", "basket", "help"), False, WHATSAPP, ["text with photo", "list"]),
]


@pytest.mark.parametrize("choices, is_in_text_mode, limits, expected", PHOTO_RULES)
def test_where_a_photo_stands(choices, is_in_text_mode, limits, expected):
    said = composed([question(photo="/media/a.jpg", choices=choices)], is_in_text_mode=is_in_text_mode, limits=limits)
    assert [f"{b.layout}{' with photo' if b.photo else ''}" for b in said.bubbles] == expected
    assert {b.photo for b in said.bubbles} <= {"", PHOTO}


RECEIPT, SOUND = "https://market.example/receipts/a.pdf", "https://market.example/received/a"
FILE_RULES = [
    ({"document": "/receipts/a.pdf", "document_name": "Reçu"}, (), False, [("text", "words", RECEIPT)]),
    ({"document": "/receipts/a.pdf"}, ("yes", "no"), False, [("text", "", RECEIPT), ("buttons", "words", "")]),
    ({"document": RECEIPT}, (), True, [("text", f"words\n{RECEIPT}", "")]),  # a link costs nothing before it is wanted
    ({"audio": "/received/a"}, (), False, [("text", "", SOUND), ("text", "words", "")]),
    ({"audio": "/received/a"}, (), True, [("text", "", SOUND), ("text", "words", "")]),
    ({"audio": "/received/a"}, ("yes", "no"), False, [("text", "", SOUND), ("buttons", "words", "")]),
]


@pytest.mark.parametrize("values, choices, is_in_text_mode, expected", FILE_RULES)
def test_where_a_document_and_a_sound_stand(monkeypatch, values, choices, is_in_text_mode, expected):
    Talking(monkeypatch, "words")
    asked = Bubble("buyer.text", values, "buyer.choosing" if choices else "", tuple(map(Option, choices)))
    said = composed([asked], is_in_text_mode=is_in_text_mode)
    assert [(b.layout, b.body, b.file) for b in said.bubbles] == expected


def test_three_pieces_become_two_bubbles_and_the_sound_stays_alone():
    sound = Bubble("buyer.thanks", {"audio": "/received/a"})
    first, second = composed([sound, question()]).bubbles
    assert (first.audio, first.body) == (SOUND, "")
    assert second.body.startswith(spoken("buyer.thanks"))
    assert len(second.offers) == 2


def test_a_document_that_is_named_keeps_its_name():
    named = Bubble("buyer.thanks", {"document": "/receipts/a.pdf", "document_name": "Reçu TG-4K7P2"})
    assert composed([named]).bubbles[0].document_name == "Reçu TG-4K7P2"


def test_corrected_words_are_answered_with_a_word_about_that():
    assert composed([Bubble("buyer.thanks", {}, is_correction=True)]).bubbles[0].body == (
        "Bien, je lis votre correction.\nAvec plaisir."
    )


def test_only_the_open_questions_bubble_is_remembered():
    told = Bubble("buyer.thanks", {})
    said = composed([told, question()])
    assert said.session.menu == (Choice(1, "Oui", "yes"), Choice(2, "Non", "no"))
    assert said.session.asked == (7,)
    assert composed([told]).session == Session(hat="buyer", state="buyer.choosing")


def test_a_question_asked_again_keeps_the_last_six_of_its_bubbles():
    session = Session(hat="buyer", state="buyer.choosing")
    for number in range(1, 10):
        session = composed([question()], session, said=number).session
    assert session.asked == (4, 5, 6, 7, 8, 9)
    assert len(session.asked) == ASKED_REMEMBERED


def test_the_last_three_lasting_menus_are_remembered_and_equal_ones_once():
    session = Session(hat="buyer", state="buyer.choosing")
    for choices in (("yes",), ("no",), ("help",), ("basket",), ("help",)):
        session = composed([question(is_lasting=True, choices=choices)], session).session
    assert [menu.choices[0].choice for menu in session.lasting] == ["no", "basket", "help"]
    assert len(session.lasting) == MENUS_REMEMBERED


def test_equal_titles_get_a_number_and_the_next_page_its_word():
    bubble = Bubble(
        "buyer.menu", {}, "buyer.choosing", (Option("1", "Riz"), Option("2", "Riz"), Option(f"{MORE}2", "")), True
    )
    assert [offer.title for offer in composed([bubble]).bubbles[0].offers] == ["Riz", "Riz (2)", "Suite"]


def test_the_hint_to_go_back_stands_where_there_is_a_way_back():
    session = Session(hat="buyer", state="buyer.choosing", trail=("buyer.menu",))
    assert composed([question()], session, is_in_text_mode=True).bubbles[0].body.endswith("\n0. Retour")
    assert composed([question()], is_in_text_mode=True).bubbles[0].body.endswith("\n2. Non")


def test_the_first_bubble_after_a_change_of_hat_names_it():
    bubble = Bubble("vendor.language", {}, names_hat="vendor")
    assert composed([bubble]).bubbles[0].body.startswith("🏪 Votre boutique\n")


def test_three_pieces_become_two_bubbles_and_keep_the_photo_and_the_offers():
    photo = Bubble("buyer.thanks", {"photo": "/media/a.jpg"})
    first, second = composed([photo, Bubble("buyer.all_right", {}), question()]).bubbles
    assert (first.photo, first.body) == (PHOTO, f"{spoken('buyer.thanks')}\n\n{spoken('buyer.all_right')}")
    assert len(second.offers) == 2
    assert isinstance(first, Outgoing)


def test_words_too_long_to_stand_above_a_list_are_said_beside_the_photo_that_cannot(monkeypatch):
    long = f"{'Un beau pagne. ' * 60}\n{'Lavez à froid. ' * 60}".strip()
    Talking(monkeypatch, long)
    options = tuple(Option(str(number), f"Pagne {number}") for number in range(4))
    asked = Bubble("buyer.text", {"photo": "/media/a.jpg"}, "buyer.choosing", options)
    first, second = composed([asked]).bubbles
    assert (first.photo, second.layout, len(second.offers)) == (PHOTO, "list", 4)
    assert f"{first.body}\n{second.body}" == long.replace(" \n", "\n")


def spoken(key):
    return composed([Bubble(key, {})]).bubbles[0].body


LETTERS = letters_of(MOST_LINES)
DEPOSIT = {"most": 9_999_999, "percent": 100, "prepaid": 9_999_999}
IN_LOTS = say("fr", "buyer.at_lot", {"quantity": 999, "price": 9_999_999})
NAME, LANDMARK = "Très longue dénomination d'un article 25", "derrière la grande pharmacie, " * 7
TERMS = [
    [("fee.delivery", {"fee": 99_000, "delay": "2h"}), ("deposit.share", DEPOSIT)],
    [("fee.parcel", {"fee": 99_000, "delay": "2h"}), ("perishable_parcel", {})],
    [("fee.pickup", {"where": NAME[:LETTERS], "delay": "2h"}), ("deposit.share", DEPOSIT)],
]


def longest(terms):
    """The longest that one shop can say of how its goods come, in French, whose words are the longer."""
    return max(("\n".join(say("fr", f"buyer.{key}", values) for key, values in one) for one in terms), key=len)


LARGEST = {
    "blocks": [
        {
            "vendor": f"{NAME[: LETTERS - 1]}{shop}",
            "quarter": "Agoè-Assiyéyé-Dikamé 2",
            "lines": [
                {
                    "quantity": 999,
                    "name": f"{NAME[: LETTERS - 3]}{shop}{line:02}",
                    "price": IN_LOTS,
                    "amount": 9_989_999_001,
                }
                for line in range(MOST_LINES // MOST_SHOPS)
            ],
            "terms": longest(TERMS),
        }
        for shop in range(MOST_SHOPS)
    ],
    "total": 149_850_000_000,
    "before": "\n" + say("fr", "buyer.paid_before", {"prepaid": 149_850_000_000}),
    "to": say(
        "fr", "buyer.to.delivery", {"quarter": "Agoè-Assiyéyé-Dikamé 2", "landmark": LANDMARK[:LONGEST_LANDMARK]}
    ),
    "recipient": NAME[:MOST_LETTERS],
    "phone": "+22890000001",
    "payment": say("fr", "buyer.pay.delivery", {})
    + "\n"
    + say(
        "fr",
        "buyer.pay_wish",
        {"method": say("fr", "buyer.method_from", {"method": "T-Money", "phone": "+22890000001"})},
    ),
    "held": max(
        say("fr", "buyer.held_until", {"until": "2026-11-26T09:00:00+00:00"}),
        say("fr", "buyer.hold_ended", {}),
        key=len,
    ),
}
CHANGED = {"changes": [{"name": NAME[:FEWER_LETTERS], "before": 9_999_998, "after": 9_999_999}] * MOST_CHANGES}


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("is_in_text_mode", [False, True])
@pytest.mark.parametrize("key", ["recap", "recap_expired", "recap_changed"])
@pytest.mark.parametrize("aside", [False, True])
def test_the_largest_recap_is_shown_whole_before_it_can_be_confirmed(language, is_in_text_mode, key, aside):
    values = {"recap": [LARGEST], "changed": say(language, "buyer.prices_changed", CHANGED)}
    asked = Bubble(f"buyer.{key}", values, "buyer.recap", tuple(map(Option, ("confirm", "correct", "cancel"))))
    session = Session(hat="buyer", state="buyer.recap", trail=("buyer.menu",))
    reader = Reader(language, is_in_text_mode, TWILIO)
    bubbles = [Bubble("buyer.delivery_fees", {"least": 500, "most": 2_000}), asked] if aside else [asked]
    said = compose(bubbles, session, reader, said=7, minute=1000).bubbles
    whole = "".join("".join(bubble.body for bubble in said).split())
    assert "".join(say(language, f"buyer.{key}", values).split()) in whole
    assert all(fits(bubble, TWILIO) for bubble in said)
    assert len(said[-1].offers) == 3


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("is_in_text_mode", [False, True])
def test_the_largest_list_is_shown_whole_before_it_is_put_into_the_basket(language, is_in_text_mode):
    line = {"quantity": 999, "name": NAME[:40], "unit": "bouteille", "amount": 9_989_999_001, "vendor": NAME[:40]}
    values = {"lines": [line] * MOST_LINES, "total": 149_850_000_000}
    asked = Bubble("buyer.list", values, "buyer.list_shown", tuple(map(Option, ("yes", "no"))))
    session = Session(hat="buyer", state="buyer.list_shown", trail=("buyer.menu",))
    said = compose([asked], session, Reader(language, is_in_text_mode, TWILIO), said=7, minute=1000).bubbles
    whole = "".join("".join(bubble.body for bubble in said).split())
    assert "".join(say(language, "buyer.list", values).split()) in whole
    assert all(fits(bubble, TWILIO) for bubble in said)
    assert (len(said) <= 2, len(said[-1].offers)) == (True, 2)


def test_a_recap_of_middle_length_is_cut_before_its_total():
    few = {**LARGEST, "blocks": LARGEST["blocks"][:2]}
    asked = Bubble("buyer.recap", {"recap": [few]}, "buyer.recap", (Option("confirm"),))
    session = Session(hat="buyer", state="buyer.recap")
    first, second = compose([asked], session, Reader("fr", False, TWILIO), said=7, minute=1).bubbles
    assert first.body.startswith("Voici votre commande\u00a0:")
    assert second.body.startswith("Total à payer\u00a0: ")


def test_rows_of_sections_stand_below_headings_in_text_mode():
    some = [Option("1", "TG-A", section="En cours"), Option("2", "TG-B", "livrée", section="Terminées"), Option("+2")]
    (bubble,) = compose(
        [Bubble("stale", {}, "buyer.orders", tuple(some))], Session("buyer"), Reader("fr", True, WHATSAPP), 1, 1
    ).bubbles
    lines = ("*En cours*\n1. TG-A", "*Terminées*\n2. TG-B · livrée", "3. Suite")
    assert bubble.body == "\n\n".join(("Ce choix est passé.", *lines))
    assert outgoing_from(json.loads(outgoing_to_json(bubble))) == bubble


def test_few_rows_of_sections_are_no_buttons():
    (bubble,) = compose(
        [Bubble("stale", {}, "buyer.orders", (Option("1", "TG-A", section="En cours"),))],
        Session("buyer"),
        Reader("fr", False, WHATSAPP),
        1,
        1,
    ).bubbles
    assert (bubble.layout, [offer.section for offer in bubble.offers]) == ("list", ["En cours"])
