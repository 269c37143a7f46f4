"""A bubble reaches the phone as it was meant, or comes back with what its answer truly says."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from twilio.http.response import Response

import handlers.twilio_whatsapp
from base.secret import Secret
from bot.messages import Accepted, Identity, Letter, Offer, Outgoing, Refused, StatusReport, Unclear
from bot.provider_answers import Found, NotTaken, Unknown
from handlers.signatures import read_our_id
from handlers.twilio_whatsapp.answers import read_send
from handlers.twilio_whatsapp.limits import TWILIO_LIMITS as MOST
from tests.handlers.twilio_whatsapp.conftest import SECRET_KEY, account_of
from tests.shipped import to_send

RECORDINGS = Path(handlers.twilio_whatsapp.__file__).parent / "recordings"
AWA = Identity("phone", "+22890123456")
PHOTO = "https://bot.example.tg/photos/riz.jpg"
RECEIPT, SOUND = "https://bot.example.tg/recu.pdf", "https://bot.example.tg/received/1.1.2.ab"


def offers(count, detail=""):
    return tuple(Offer(n, f"Produit {n}", f"v1:p:{n}", detail) for n in range(1, count + 1))


def letter(bubble, contents=None, to=AWA, outbox_id=4711, template=None):
    return Letter(outbox_id, to, bubble, template, contents or {})


def shown(message):
    buttons = [(button["title"], button["id"], button["detail"]) for button in message.buttons]
    return message.layout, message.body, message.photo, message.opener, buttons


def test_words_go_out_as_words(fake, account, channel):
    result = channel.send(account, letter(Outgoing("Bonjour *Awa* 👍\n\nQue voulez-vous ?")))
    (message,) = fake.messages
    assert result == Accepted(message.sid)
    assert shown(message) == ("text", "Bonjour *Awa* 👍\n\nQue voulez-vous ?", "", "", [])
    assert set(message.fields) == {"To", "From", "StatusCallback", "Body"}
    assert (message.to, message.fields["From"]) == ("whatsapp:+22890123456", "whatsapp:+22870000000")


def test_our_signed_id_travels_in_the_status_callback(fake, account, channel):
    channel.send(account, letter(Outgoing("Bonjour")))
    url = urlsplit(fake.messages[0].callback)
    assert f"{url.scheme}://{url.netloc}{url.path}" == "https://bot.example.tg/webhooks/twilio/status"
    assert read_our_id(SECRET_KEY, url.query.removeprefix("o=")) == 4711


def test_twilio_is_told_to_knock_again_in_a_fragment_that_it_does_not_sign(fake, account, channel):
    channel.send(account, letter(Outgoing("Bonjour")))
    (message,) = fake.messages
    assert urlsplit(message.callback).fragment == "ct=3000&rt=4000&rc=3&rp=all"
    asked = fake.report(message, "delivered").as_request()
    assert channel.verify([account], asked) == (account,)
    assert channel.parse(account, asked).reports == (StatusReport(message.sid, "delivered", 4711),)


def test_a_person_without_a_phone_is_written_to_by_the_scoped_id(fake, account, channel):
    hidden = Identity("bsuid", "TG.13491208655302741918")
    assert channel.send(account, letter(Outgoing("Bonjour"), to=hidden)) == Accepted(fake.messages[0].sid)
    assert fake.messages[0].to == "whatsapp:TG.13491208655302741918"


def test_an_identity_of_another_channel_is_refused_without_a_call(fake, account, channel):
    other = letter(Outgoing("Bonjour"), to=Identity("psid", "123"))
    assert channel.send(account, other) == Refused("unreachable", "identity_kind")
    assert fake.requests == []


@pytest.mark.parametrize("words", ["Riz parfumé : 17 500 F CFA", ""])
def test_a_photo_carries_its_words(fake, account, channel, words):
    channel.send(account, letter(Outgoing(words, photo=PHOTO)))
    assert shown(fake.messages[0]) == ("text", words, PHOTO, "", [])


@pytest.mark.parametrize("count", [1, 2, 3])
@pytest.mark.parametrize("photo", ["", PHOTO])
def test_up_to_three_choices_are_buttons(fake, account, channel, contents, count, photo):
    bubble = Outgoing("Voici.\nQue voulez-vous ?", "buttons", offers(count), photo=photo)
    assert channel.send(account, letter(bubble, contents)) == Accepted(fake.messages[0].sid)
    titles = [(f"Produit {n}", f"v1:p:{n}", "") for n in range(1, count + 1)]
    assert shown(fake.messages[0]) == ("buttons", "Voici.\nQue voulez-vous ?", photo, "", titles)
    assert fake.messages[0].content == f"fr_{'img_' if photo else ''}qr_{count}"


@pytest.mark.parametrize("count", range(1, 11))
def test_up_to_ten_choices_are_a_list(fake, account, channel, contents, count):
    bubble = Outgoing("Nos produits", "list", offers(count, "500 F CFA"), opener="Voir")
    channel.send(account, letter(bubble, contents))
    rows = [(f"Produit {n}", f"v1:p:{n}", "500 F CFA") for n in range(1, count + 1)]
    assert shown(fake.messages[0]) == ("list", "Nos produits", "", "Voir", rows)
    assert fake.messages[0].content == f"fr_list_{count}"


def test_an_empty_detail_is_never_sent_empty(fake, account, channel, contents):
    channel.send(account, letter(Outgoing("Nos produits", "list", offers(2), opener="Voir"), contents))
    assert [button["detail"] for button in fake.messages[0].buttons] == ["–", "–"]


def test_choices_whose_content_is_missing_go_out_as_numbers(fake, account, channel):
    channel.send(account, letter(Outgoing("Nos produits", "list", offers(2, "500 F CFA"), opener="Voir")))
    channel.send(account, letter(Outgoing("C'est bon ?", "buttons", offers(2), photo=PHOTO)))
    assert [shown(message) for message in fake.messages] == [
        ("text", "Nos produits\n\n1. Produit 1 · 500 F CFA\n2. Produit 2 · 500 F CFA", "", "", []),
        ("text", "C'est bon ?\n\n1. Produit 1\n2. Produit 2", PHOTO, "", []),
    ]


def test_a_content_that_twilio_no_longer_knows_becomes_numbers(fake, account, channel, contents):
    gone = contents | {"fr_qr_2": "HX" + "f" * 32}
    result = channel.send(account, letter(Outgoing("C'est bon ?", "buttons", offers(2)), gone))
    assert result == Accepted(fake.messages[0].sid)
    assert fake.messages[0].body == "C'est bon ?\n\n1. Produit 1\n2. Produit 2"
    assert len(fake.messages) == 1


def test_a_photo_that_is_refused_leaves_its_words(fake, account, channel):
    channel.send(account, letter(Outgoing("Riz", photo="ftp://bot.example.tg/riz.jpg")))
    assert [shown(message) for message in fake.messages] == [("text", "Riz", "", "", [])]


def test_a_document_carries_its_words(fake, account, channel):
    channel.send(account, letter(Outgoing("Votre reçu", document=RECEIPT, document_name="Reçu")))
    assert [shown(message) for message in fake.messages] == [("text", "Votre reçu", RECEIPT, "", [])]


def test_a_sound_goes_alone(fake, account, channel):
    channel.send(account, letter(Outgoing("", audio=SOUND)))
    assert [shown(message) for message in fake.messages] == [("text", "", SOUND, "", [])]
    assert "Body" not in fake.messages[0].fields


@pytest.mark.parametrize(
    ("bubble", "words"),
    [
        (Outgoing("Votre reçu", document="ftp://x/recu.pdf"), "Votre reçu\nftp://x/recu.pdf"),
        (Outgoing("", audio="ftp://x/a.ogg"), "ftp://x/a.ogg"),
        (Outgoing("é" * 1600, document="ftp://x/recu.pdf"), f"{'é' * 1583}\nftp://x/recu.pdf"),
    ],
)
def test_a_document_or_a_sound_that_is_refused_leaves_its_link(fake, account, channel, bubble, words):
    channel.send(account, letter(bubble))
    assert [shown(message) for message in fake.messages] == [("text", words, "", "", [])]


def test_a_refusal_for_another_reason_is_not_tried_again(fake, account, channel, contents):
    fake.mode("refuse:63016")
    result = channel.send(account, letter(Outgoing("C'est bon ?", "buttons", offers(2)), contents))
    assert result == Refused("window", "63016")
    assert [path for method, path, _, _ in fake.requests if "Messages" in path] == [
        f"/2010-04-01/Accounts/{account.account_sid}/Messages.json"
    ]


def test_what_the_provider_filters_is_not_said_in_other_words(fake, account, channel, contents):
    fake.mode("refuse:63013")
    result = channel.send(account, letter(Outgoing("C'est bon ?", "buttons", offers(2)), contents))
    assert result == Refused("final", "63013")
    assert len([path for method, path, _, _ in fake.requests if "Messages" in path]) == 1


ORDER = to_send("new_order_fr", "TG-4K7P2", "2 × Riz\n1 × Gari", "A 4K7P2", "R 4K7P2")
ORDER_WORDS = (
    "Bonjour, vous avez une nouvelle commande : TG-4K7P2.\n"
    "Articles : 2 × Riz 1 × Gari.\n"
    "Écrivez A 4K7P2 pour accepter, R 4K7P2 pour refuser.\n"
    "Votre client attend votre réponse."
)


def test_a_template_goes_out_in_a_shut_window(fake, account, channel, contents):
    fake.mode("ok")
    sent = channel.send(account, letter(Outgoing("Nouvelle commande"), contents, template=ORDER))
    assert sent == Accepted(fake.messages[0].sid)
    assert shown(fake.messages[0]) == ("text", ORDER_WORDS, "", "", [])


def test_a_template_with_a_value_too_few_never_shows_the_sample(fake, account, channel, contents):
    short = to_send("new_order_fr", "TG-4K7P2")
    channel.send(account, letter(Outgoing(""), contents, template=short))
    assert "Articles : –." in fake.messages[0].body
    assert "Riz" not in fake.messages[0].body


def test_a_template_that_the_account_lacks_is_said_so_and_nothing_is_sent(fake, account, channel):
    result = channel.send(account, letter(Outgoing("Nouvelle commande"), template=ORDER))
    assert result == Refused("window", "template_missing")
    assert fake.messages == []


@pytest.mark.parametrize(
    "mode, result, taken",
    [
        ("429", Refused("busy", "20429", wait=7.0), 0),
        ("500_refused", Unclear("http_500"), 0),
        ("500_accepted", Unclear("http_500"), 1),
        ("accept_then_reset", Unclear("answer_lost"), 1),
        ("reset", Unclear("answer_lost"), 0),
        *((mode, Unclear("unreadable_answer"), 1) for mode in ("garbled", "empty", "html", "no_sid")),
        ("huge", Unclear("answer_lost"), 1),
        ("redirect", Refused("account", "http_302"), 0),
        ("refuse:21610", Refused("opted_out", "21610"), 0),
    ],
)
def test_a_fault_is_told_for_what_it_is(fake, account, channel, mode, result, taken):
    fake.mode(mode, times=1, retry_after=7)
    since = datetime.now(UTC)
    asked = letter(Outgoing("Bonjour"))
    assert channel.send(account, asked) == result
    found = channel.look_up(account, asked, since)
    assert found == (Found((fake.messages[0].sid,)) if taken else NotTaken())
    assert len(fake.messages) == taken


def test_a_sender_that_cannot_be_reached_was_certainly_not_heard(fake, channel):
    nobody = account_of(fake, api_base="http://127.0.0.1:1")
    assert channel.send(nobody, letter(Outgoing("Bonjour"))) == Refused("busy", "not_sent")
    assert channel.look_up(nobody, letter(Outgoing("Bonjour")), datetime.now(UTC)) == Unknown()


def test_bad_credentials_pause_the_account(fake, channel):
    stranger = account_of(fake, auth_token=Secret("wrong"))
    assert channel.send(stranger, letter(Outgoing("Bonjour"))) == Refused("account", "20003")
    assert channel.look_up(stranger, letter(Outgoing("Bonjour")), datetime.now(UTC)) == Unknown()


def test_a_look_up_finds_what_this_person_was_sent_and_nothing_else(fake, account, channel, contents):
    since = datetime.now(UTC)
    buttons = letter(Outgoing("C'est bon ?", "buttons", offers(2)), contents)
    template = letter(Outgoing(""), contents, template=ORDER)
    numbered = letter(Outgoing("Nos produits", "list", offers(2), opener="Voir"))
    for sent in (buttons, template, numbered):
        channel.send(account, sent)
    sids = [message.sid for message in fake.messages]
    found = [channel.look_up(account, sent, since) for sent in (buttons, template, numbered)]
    assert found == [Found((sid,)) for sid in sids]
    other = letter(Outgoing("C'est bon ?", "buttons", offers(2)), contents, to=Identity("phone", "+22890999999"))
    assert channel.look_up(account, other, since) == NotTaken()
    assert channel.look_up(account, letter(Outgoing("Autre chose")), since) == NotTaken()
    assert channel.look_up(account, buttons, since + timedelta(minutes=5)) == NotTaken()


@pytest.mark.parametrize("by", [ORDER, None])
def test_a_look_up_finds_a_notice_however_it_went_out(fake, account, channel, contents, by):
    since, asked = datetime.now(UTC), letter(Outgoing("Nouvelle commande"), contents, template=ORDER)
    channel.send(account, letter(asked.bubble, contents, template=by))
    assert channel.look_up(account, asked, since) == Found((fake.messages[0].sid,))


def test_a_look_up_tells_all_messages_with_these_words_the_first_one_first(fake, account, channel):
    since, asked = datetime.now(UTC), letter(Outgoing("Bonjour"))
    for number in range(3):
        channel.send(account, letter(Outgoing("Bonjour"), outbox_id=number))
    channel.send(account, letter(Outgoing("Bonsoir")))
    assert channel.look_up(account, asked, since) == Found(tuple(message.sid for message in fake.messages[:3]))


def test_a_listed_message_without_words_might_be_ours(fake, account, channel):
    since = datetime.now(UTC)
    channel.send(account, letter(Outgoing("", photo=PHOTO)))
    assert channel.look_up(account, letter(Outgoing("Bonjour")), since) == Unknown()


OURS = {"sid": f"SM{60:032x}", "direction": "outbound-api", "body": "Bonjour"}


@pytest.mark.parametrize(
    "messages, told",
    [
        ([OURS], Found((OURS["sid"],))),
        ([OURS | {"sid": None}, OURS], Found((OURS["sid"],))),
        ([OURS | {"sid": None}], Unknown()),
        ([OURS | {"sid": "\x00"}], Unknown()),
        ([{"direction": "outbound-api", "body": "Bonjour"}], Unknown()),
        ([None], Unknown()),
        ([[], OURS], Unknown()),
        ([OURS | {"date_created": f"Tue, 24 Nov {10**20} 09:00:01 +0000"}], Found((OURS["sid"],))),
        ([OURS | {"date_created": "Tue, 24 Nov 2020 09:00:01 +0000"}], NotTaken()),
        ([OURS | {"direction": "inbound"}], NotTaken()),
    ],
)
def test_a_list_that_nobody_can_read_denies_nothing(answering, account, channel, messages, told):
    answering(200, {"messages": messages})
    assert channel.look_up(account, letter(Outgoing("Bonjour")), datetime.now(UTC)) == told


def test_a_list_that_is_late_does_not_show_the_message_yet(fake, account, channel):
    since, asked = datetime.now(UTC), letter(Outgoing("Bonjour"))
    fake.listed_after = float("inf")
    channel.send(account, asked)
    assert channel.look_up(account, asked, since) == NotTaken()
    fake.messages[0].listed_at = 0.0
    assert channel.look_up(account, asked, since) == Found((fake.messages[0].sid,))


ANSWERS = {
    "answer_created": Accepted(f"SM{60:032x}"),
    "answer_window_shut": Refused("window", "63016"),
    "answer_opted_out": Refused("opted_out", "21610"),
    "answer_bad_credentials": Refused("account", "20003"),
    "answer_too_many": Refused("busy", "20429", wait=3.0),
    "answer_server_error": Unclear("http_500"),
    "answer_bad_content": Refused("content", "21656"),
    "answer_unknown_code": Refused("content", "63999"),
}


def test_every_recorded_answer_is_in_this_table():
    assert {path.stem for path in RECORDINGS.glob("*.json")} == ANSWERS.keys()


@pytest.mark.parametrize("name", ANSWERS)
def test_an_answer_is_read(name):
    told = json.loads((RECORDINGS / f"{name}.json").read_text(encoding="utf-8"))
    assert read_send(Response(told["status"], json.dumps(told["body"]), told["headers"])) == ANSWERS[name]


@pytest.mark.parametrize(
    "status, text, headers, result",
    [
        (201, "", {}, Unclear("unreadable_answer")),
        (201, "[]", {}, Unclear("unreadable_answer")),
        (201, '{"sid": null}', {}, Unclear("unreadable_answer")),
        (201, "[" * 100_000, {}, Unclear("unreadable_answer")),
        (201, '{"sid": "SM\\u0000"}', {}, Unclear("unreadable_answer")),
        (201, '{"sid": "\\ud800"}', {}, Unclear("unreadable_answer")),
        (503, '{"code": 20503}', {"Retry-After": "9"}, Unclear("http_503")),
        (302, "", {}, Refused("account", "http_302")),
        (400, "<html>", {}, Refused("content", "http_400")),
        (400, '{"code": "63016"}', {}, Refused("content", "http_400")),
        (400, '{"code": 63016000}', {}, Refused("content", "http_400")),
        (403, "", {}, Refused("account", "http_403")),
        (404, "", {}, Refused("content", "http_404")),
        (408, "", {}, Refused("busy", "http_408")),
        (429, "", {"retry-after": "2.5"}, Refused("busy", "http_429", wait=2.5)),
        (429, "", {"Retry-After": "1e9"}, Refused("busy", "http_429", wait=3600.0)),
        (429, "", {"Retry-After": "nan"}, Refused("busy", "http_429")),
        (429, "", {"Retry-After": "-1"}, Refused("busy", "http_429")),
        (429, '{"code": 63018}', {"Retry-After": "2"}, Refused("busy", "63018", wait=6.0)),
    ],
)
def test_an_answer_that_nobody_recorded_is_read_with_care(status, text, headers, result):
    assert read_send(Response(status, text, headers)) == result


def lines(most, least=1):
    seen = st.characters(exclude_categories=("C", "Z"), include_characters=" 👍é")
    return st.text(seen, min_size=least, max_size=most).map(lambda text: " ".join(text.split()) or "x" * least)


@st.composite
def fitting(draw):
    """Any bubble that keeps to the channel's limits."""
    layout = draw(st.sampled_from(["text", "buttons", "list"]))
    photo = draw(st.sampled_from(["", PHOTO]))
    if layout == "text":
        words = draw(lines(MOST.caption if photo else MOST.text))
        return Outgoing(words, document=photo) if draw(st.booleans()) else Outgoing(words, photo=photo)
    title, most = (MOST.button_title, MOST.buttons) if layout == "buttons" else (MOST.row_title, MOST.rows)
    titles = draw(st.lists(lines(title), min_size=1, max_size=most, unique=True))
    rows = tuple(
        Offer(n, text, f"v1:{n}".ljust(draw(st.integers(4, MOST.offer_id)), "x"), draw(lines(MOST.row_detail, 0)))
        for n, text in enumerate(titles, 1)
    )
    return Outgoing(draw(lines(MOST.body)), layout, rows, draw(lines(MOST.opener)), photo)


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(bubble=fitting(), is_known=st.booleans())
def test_every_bubble_within_our_limits_is_within_twilios(fake, account, channel, contents, bubble, is_known):
    before = len(fake.messages)
    result = channel.send(account, letter(bubble, contents if is_known else {}))
    assert result == Accepted(fake.messages[-1].sid)
    assert len(fake.messages) == before + 1
    message = fake.messages[-1]
    if is_known:  # the words as they are, not their fallback
        assert (message.layout, message.body) == (bubble.layout, bubble.body)
        assert message.titles == [offer.title for offer in bubble.offers]
    elif bubble.offers:
        assert message.body.startswith(f"{bubble.body}\n\n1. {bubble.offers[0].title}")
        assert message.body.count("\n") == 1 + len(bubble.offers)
