"""Each form of a bubble is spelled just so, at its limits and beyond."""

import pytest

from bot.answers import Reader, fit
from bot.messages import Accepted, Identity, Letter, Offer, Outgoing
from handlers.messenger import templates
from handlers.messenger.limits import MESSENGER_LIMITS as MOST
from handlers.messenger.wording import unmarked
from handlers.signatures import sign_our_id
from tests.fakes.messenger import PAGE
from tests.handlers.messenger.conftest import SECRET_KEY
from tests.shipped import TEXTS, to_send

AWA = Identity("psid", "7000000000000001")
PHOTO = "https://bot.example.tg/media/riz.jpg"
RECEIPT, SOUND = "https://bot.example.tg/documents/recu.pdf", "https://bot.example.tg/received/1.mp3"
OURS = sign_our_id(SECRET_KEY, 4711)
PART_OF_OURS = f"part:{OURS}"


def offers(count, detail="", title="Produit {}"):
    return tuple(Offer(n, title.format(n), f"buyer.card={n}~1~1", detail) for n in range(1, count + 1))


def letter(bubble, template=None, contents=()):
    return Letter(4711, AWA, bubble, template, dict.fromkeys(contents, "1"))


def replies(count, title="Produit {}"):
    return [
        {"content_type": "text", "title": title.format(n), "payload": f"buyer.card={n}~1~1"}
        for n in range(1, count + 1)
    ]


def enveloped(message, messaging_type="RESPONSE"):
    return {"recipient": {"id": AWA.value}, "messaging_type": messaging_type, "message": message}


@pytest.fixture
def sent(fake, account, channel):
    """Called with a letter: the messages that the Page has taken, whole; the last one is what is reported."""

    def send(of):
        assert channel.send(account, of) == Accepted(f"m_sent_{len(fake.messages)}")
        assert {asked.path for asked in fake.asked} == {f"/v25.0/{PAGE}/messages"}
        assert fake.strangers == 0
        return fake.messages

    return send


def test_words(sent):
    assert sent(letter(Outgoing("Bonjour Awa 👍\n\nQue voulez-vous ?"))) == [
        enveloped({"text": "Bonjour Awa 👍\n\nQue voulez-vous ?", "metadata": OURS})
    ]


@pytest.mark.parametrize("layout", ["buttons", "list"])
@pytest.mark.parametrize("count", [1, 3, 12, 13])
def test_choices_that_say_all_by_their_titles_are_quick_replies_below_the_words(sent, layout, count):
    bubble = Outgoing("Que voulez-vous ?", layout, offers(count), opener="Voir")
    said = {"text": "Que voulez-vous ?", "quick_replies": replies(count), "metadata": OURS}
    assert sent(letter(bubble)) == [enveloped(said)]


@pytest.mark.parametrize("layout", ["buttons", "list"])
def test_more_choices_than_quick_replies_are_numbered(sent, layout):
    lines = "\n".join(f"{n}. Produit {n}" for n in range(1, 15))
    said = {"text": f"Que voulez-vous ?\n\n{lines}", "metadata": OURS}
    assert sent(letter(Outgoing("Que voulez-vous ?", layout, offers(14)))) == [enveloped(said)]


def test_details_stand_in_lines_above_the_quick_replies(sent):
    bubble = Outgoing("Nos produits", "list", offers(2, "500 F CFA\nle bol"), opener="Voir")
    words = "Nos produits\n\n1. Produit 1 · 500 F CFA le bol\n2. Produit 2 · 500 F CFA le bol"
    assert sent(letter(bubble)) == [enveloped({"text": words, "quick_replies": replies(2), "metadata": OURS})]


def test_a_title_that_was_cut_stands_whole_in_its_line(sent):
    (bubble,) = fit("Nos produits", offers(1, "500 F", "Riz parfumé de Thaïlande {}"), Reader("fr", False, MOST))
    said = {
        "text": "Nos produits\n\n1. Riz parfumé de Thaïlande 1 · 500 F",
        "quick_replies": replies(1, "Riz parfumé de Thaï…"),
        "metadata": OURS,
    }
    assert sent(letter(bubble)) == [enveloped(said)]
    assert len("Riz parfumé de Thaï…") == 20


@pytest.mark.parametrize(("length", "shown"), [(19, "t" * 19), (20, "t" * 20), (21, "t" * 19 + "…")])
def test_a_title_below_at_and_above_its_limit(sent, length, shown):
    (message,) = sent(letter(Outgoing("Choisissez", "buttons", (Offer(1, "t" * length, "x=1"),))))
    assert message["message"]["quick_replies"] == [{"content_type": "text", "title": shown, "payload": "x=1"}]
    assert message["message"]["text"] == ("Choisissez" if length <= 20 else f"Choisissez\n\n1. {'t' * 21}")


@pytest.mark.parametrize(("length", "are_shown"), [(999, True), (1000, True), (1001, False), (0, False)])
def test_a_payload_below_at_and_above_its_limit(sent, length, are_shown):
    (message,) = sent(letter(Outgoing("Choisissez", "buttons", (Offer(1, "Oui", "p" * length),))))
    assert ("quick_replies" in message["message"]) == are_shown
    assert message["message"]["text"] == ("Choisissez" if are_shown else "Choisissez\n\n1. Oui")


@pytest.mark.parametrize(("length", "kept"), [(1998, "w" * 1998), (1999, "w" * 1999), (2000, "w" * 1998 + "…")])
def test_words_below_at_and_above_their_limit(sent, length, kept):
    (message,) = sent(letter(Outgoing("w" * length)))
    assert message["message"]["text"] == kept


def test_thirteen_rows_below_the_longest_body_all_keep_their_prices(sent):
    rows = offers(13, "17 500 F · chez Maman Yawa Céréales au grand marché d'Adawlato à Lomé…", "Riz parfumé long {}")
    (message,) = sent(letter(Outgoing("w" * MOST.body, "list", rows)))
    text = message["message"]["text"]
    assert len(text) <= MOST.text
    assert [line.split(" · ")[1] for line in text.splitlines()[2:]] == ["17 500 F"] * 13
    assert len(message["message"]["quick_replies"]) == 13


def test_what_stands_in_the_words_already_has_no_quick_replies(sent):
    bubble = Outgoing("Que voulez-vous ?\n\n1. Oui\n2. Non", "text", offers(2))
    assert sent(letter(bubble)) == [enveloped({"text": "Que voulez-vous ?\n\n1. Oui\n2. Non", "metadata": OURS})]


def file_of(kind, url):
    return {"attachment": {"type": kind, "payload": {"url": url}}}


@pytest.mark.parametrize("layout", ["text", "buttons"])
def test_a_photo_goes_before_its_words_which_carry_our_id(sent, layout):
    shown = offers(2) if layout == "buttons" else ()
    body = "Riz parfumé\n17 500 F CFA\nMaman Yawa"
    words = {"text": body, **({"quick_replies": replies(2)} if shown else {}), "metadata": OURS}
    assert sent(letter(Outgoing(body, layout, shown, photo=PHOTO))) == [
        enveloped({**file_of("image", PHOTO), "metadata": PART_OF_OURS}),
        enveloped(words),
    ]


def test_a_photo_alone_carries_our_id(sent):
    assert sent(letter(Outgoing("", photo=PHOTO))) == [enveloped({**file_of("image", PHOTO), "metadata": OURS})]


def test_words_go_before_their_document(sent):
    bubble = Outgoing("Votre reçu", document=RECEIPT, document_name="recu.pdf")
    assert sent(letter(bubble)) == [
        enveloped({"text": "Votre reçu", "metadata": PART_OF_OURS}),
        enveloped({**file_of("file", RECEIPT), "metadata": OURS}),
    ]


def test_a_sound_goes_alone(sent):
    assert sent(letter(Outgoing("", audio=SOUND))) == [enveloped({**file_of("audio", SOUND), "metadata": OURS})]


def test_a_template_goes_as_a_utility_message(sent, fake, account):
    templates.make_template(account, TEXTS["order_news_fr"])
    fake.asked.clear()
    template = to_send("order_news_fr", "TG-4K7P2", "Maman\nYawa", " ")
    parameters = [{"type": "text", "text": text} for text in ("TG-4K7P2", "Maman Yawa", "–")]
    components = [{"type": "body", "parameters": parameters}]
    told = {"name": "order_news_fr", "language": {"code": "fr"}, "components": components}
    assert sent(letter(Outgoing("non"), template, ["order_news_fr"])) == [
        enveloped({"template": told, "metadata": OURS}, "UTILITY")
    ]


@pytest.mark.parametrize(
    ("words", "shown"),
    [
        ("tapez *agent* : l'équipe", "tapez agent : l'équipe"),
        ("*Bonjour*", "Bonjour"),
        ("*un* et *deux mots*.", "un et deux mots."),
        ("2 * 3 * 4", "2 * 3 * 4"),
        ("2*3*4", "2*3*4"),
        ("*a\nb*", "*a\nb*"),
        ("***", "***"),
        ("* un\n* deux", "* un\n* deux"),
    ],
)
def test_bold_marks_are_left_out_as_messenger_would_show_them(words, shown):
    assert unmarked(words) == shown


def test_whatever_fits_the_limits_is_one_that_the_page_takes(sent):
    reader = Reader("fr", False, MOST)
    for count in (1, 2, 13):
        for detail in ("", "500 F CFA"):
            bubbles = fit("Que voulez-vous ? " * 200, offers(count, detail), reader)
            for bubble in bubbles:
                sent(letter(bubble))
