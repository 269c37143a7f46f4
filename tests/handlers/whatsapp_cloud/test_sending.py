"""A bubble reaches the phone as it was meant, or comes back with what its answer truly says."""

from datetime import UTC, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from structlog.testing import capture_logs

from base.outbound import Answer, Timeouts
from bot.messages import Accepted, Identity, Letter, Offer, Outgoing, Refused, Template, Unclear
from bot.provider_answers import Unknown
from handlers.channel import Courteous
from handlers.signatures import read_our_id
from handlers.whatsapp_cloud import sending
from handlers.whatsapp_cloud.forms import tries
from handlers.whatsapp_cloud.limits import WHATSAPP_LIMITS as MOST
from tests.fakes.graph_cloud import MOODS
from tests.handlers.whatsapp_cloud.conftest import SECRET_KEY
from tests.shipped import to_send

AWA, HIDDEN = Identity("phone", "+22890123456"), Identity("bsuid", "TG.13491208655302741918")
PHOTO = "https://bot.example.tg/photos/riz.jpg"
RECEIPT, SOUND = "https://bot.example.tg/recu.pdf", "https://bot.example.tg/received/1.1.2.ab"
APPROVED = {"order_news_fr": "1", "new_order_fr": "2"}


def offers(count, detail=""):
    return tuple(Offer(n, f"Produit {n}", f"shop.product={n}~1~{n}", detail) for n in range(1, count + 1))


def letter(bubble, to=AWA, template=None, contents=None):
    return Letter(4711, to, bubble, template, contents or {})


def body_of(payload):
    """What of a payload is the bubble's own."""
    common = ("messaging_product", "recipient_type", "to", "recipient", "biz_opaque_callback_data")
    return {name: value for name, value in payload.items() if name not in common}


def text(words):
    return {"type": "text", "text": {"body": words, "preview_url": False}}


BUTTONS = [
    {"type": "reply", "reply": {"id": "shop.product=1~1~1", "title": "Produit 1"}},
    {"type": "reply", "reply": {"id": "shop.product=2~1~2", "title": "Produit 2"}},
]
ROWS = [
    {"id": "shop.product=1~1~1", "title": "Produit 1", "description": "500 F CFA"},
    {"id": "shop.product=2~1~2", "title": "Produit 2", "description": "500 F CFA"},
]


def buttons(**header):
    action = {"buttons": BUTTONS}
    return {
        "type": "interactive",
        "interactive": {"type": "button", **header, "body": {"text": "Oui ?"}, "action": action},
    }


def rows(listed):
    action = {"button": "Voir", "sections": [{"rows": listed}]}
    return {"type": "interactive", "interactive": {"type": "list", "body": {"text": "Choisissez"}, "action": action}}


BUBBLES = {
    "text": (Outgoing("Bonjour *Awa* 👍\n\nhttps://x.tg"), [text("Bonjour *Awa* 👍\n\nhttps://x.tg")]),
    "photo": (
        Outgoing("Riz", photo=PHOTO),
        [{"type": "image", "image": {"link": PHOTO, "caption": "Riz"}}, text("Riz")],
    ),
    "photo alone": (Outgoing("", photo=PHOTO), [{"type": "image", "image": {"link": PHOTO}}]),
    "photo with too many words": (Outgoing("é" * 1025, photo=PHOTO), [text("é" * 1025)]),
    "document": (
        Outgoing("Votre reçu", document=RECEIPT, document_name="Reçu\nTG-4K7P2"),
        [
            {
                "type": "document",
                "document": {"link": RECEIPT, "filename": "Reçu TG-4K7P2.pdf", "caption": "Votre reçu"},
            },
            text(f"Votre reçu\n{RECEIPT}"),
        ],
    ),
    "document by its own name": (
        Outgoing("", document=RECEIPT, document_name="reçu.PDF"),
        [{"type": "document", "document": {"link": RECEIPT, "filename": "reçu.PDF"}}, text(RECEIPT)],
    ),
    "document without a name": (
        Outgoing("", document=RECEIPT),
        [{"type": "document", "document": {"link": RECEIPT}}, text(RECEIPT)],
    ),
    "sound": (
        Outgoing("Écoutez", audio=SOUND),
        [{"type": "audio", "audio": {"link": SOUND}}, text(f"Écoutez\n{SOUND}")],
    ),
    "buttons": (Outgoing("Oui ?", "buttons", offers(2)), [buttons(), text("Oui ?\n\n1. Produit 1\n2. Produit 2")]),
    "buttons under a photo": (
        Outgoing("Oui ?", "buttons", offers(2), photo=PHOTO),
        [
            buttons(header={"type": "image", "image": {"link": PHOTO}}),
            buttons(),
            text("Oui ?\n\n1. Produit 1\n2. Produit 2"),
        ],
    ),
    "buttons under a document": (
        Outgoing("Oui ?", "buttons", offers(2), document=RECEIPT, document_name="Reçu"),
        [
            buttons(header={"type": "document", "document": {"link": RECEIPT, "filename": "Reçu.pdf"}}),
            text(f"Oui ?\n\n1. Produit 1\n2. Produit 2\n{RECEIPT}"),
        ],
    ),
    "list": (
        Outgoing("Choisissez", "list", offers(2, "500\nF CFA"), opener="Voir"),
        [rows(ROWS), text("Choisissez\n\n1. Produit 1 · 500 F CFA\n2. Produit 2 · 500 F CFA")],
    ),
    "list without details, under a photo": (
        Outgoing("Choisissez", "list", offers(1), opener="Voir", photo=PHOTO),
        [rows([{"id": "shop.product=1~1~1", "title": "Produit 1"}]), text("Choisissez\n\n1. Produit 1")],
    ),
    "nothing": (Outgoing(""), []),
}


@pytest.mark.parametrize("bubble, forms", BUBBLES.values(), ids=BUBBLES)
def test_a_bubble_has_its_forms_best_first(bubble, forms):
    assert list(tries(letter(bubble))) == forms


NOT_RICH = {
    "four buttons": Outgoing("Oui ?", "buttons", offers(4)),
    "no button": Outgoing("Oui ?", "buttons"),
    "eleven rows": Outgoing("Oui ?", "list", offers(11), opener="Voir"),
    "no words": Outgoing(" ", "buttons", offers(1)),
    "too many words": Outgoing("é" * 1025, "buttons", offers(1)),
    "a long title": Outgoing("Oui ?", "buttons", (Offer(1, "x" * 21, "a"),)),
    "a long row": Outgoing("Oui ?", "list", (Offer(1, "x" * 25, "a"),), opener="Voir"),
    "a long detail": Outgoing("Oui ?", "list", (Offer(1, "x", "a", "x" * 73),), opener="Voir"),
    "a long opener": Outgoing("Oui ?", "list", offers(1), opener="x" * 21),
    "no opener": Outgoing("Oui ?", "list", offers(1)),
    "a long id": Outgoing("Oui ?", "list", (Offer(1, "x", "a" * 201),), opener="Voir"),
    "no id": Outgoing("Oui ?", "buttons", (Offer(1, "x", ""),)),
    "no title": Outgoing("Oui ?", "buttons", (Offer(1, " ", "a"),)),
    "the same title twice": Outgoing("Oui ?", "buttons", (Offer(1, "x", "a"), Offer(2, "x", "b"))),
    "the same id twice": Outgoing("Oui ?", "list", (Offer(1, "x", "a"), Offer(2, "y", "a")), opener="Voir"),
}


@pytest.mark.parametrize("bubble", NOT_RICH.values(), ids=NOT_RICH)
def test_what_meta_would_refuse_is_sent_in_words_at_once(bubble):
    assert [form["type"] for form in tries(letter(bubble))] == ["text"]


WORDS = st.text(alphabet="aé \n👍1", max_size=MOST.text + 50)
SHORT = st.text(alphabet="aé \n", max_size=30)
OFFERS = st.lists(st.builds(Offer, st.integers(1, 20), SHORT, SHORT, SHORT), max_size=12).map(tuple)
SOME = st.builds(
    Outgoing,
    body=WORDS,
    layout=st.sampled_from(["text", "buttons", "list"]),
    offers=OFFERS,
    opener=SHORT,
    photo=st.sampled_from(["", PHOTO]),
    document_name=SHORT,
)


@given(SOME)
@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
def test_no_form_is_larger_than_meta_takes(bubble):
    for form in tries(letter(bubble)):
        if form["type"] == "text":
            assert 0 < len(form["text"]["body"]) <= MOST.text
        elif form["type"] == "image":
            assert len(form["image"].get("caption", "")) <= MOST.caption
        else:
            assert 0 < len(form["interactive"]["body"]["text"]) <= MOST.body


@pytest.mark.parametrize("to, told", [(AWA, {"to": "+22890123456"}), (HIDDEN, {"recipient": HIDDEN.value})])
def test_a_person_is_written_to_by_phone_or_by_scoped_id(fake, account, channel, to, told):
    assert channel.send(account, letter(Outgoing("Bonjour"), to)) == Accepted("wamid.1")
    (payload,) = fake.taken
    ours = payload.pop("biz_opaque_callback_data")
    assert payload == {
        "messaging_product": "whatsapp",
        "recipient_type": "individual",
        **told,
        "type": "text",
        "text": {"body": "Bonjour", "preview_url": False},
    }
    assert read_our_id(SECRET_KEY, ours) == 4711
    (method, path, query, headers) = fake.asked[0]
    assert (method, path, [*query]) == ("POST", "/v25.0/106540352242922/messages", ["appsecret_proof"])
    assert query["appsecret_proof"] == ["6554618f037e609d021d7ddcf91124029884c4d91d557ad6f1910082e699d6eb"]
    assert (headers["authorization"], headers["content-type"]) == ("Bearer EAAtesttoken", "application/json")


def test_an_identity_of_another_channel_is_refused_without_a_call(fake, account, channel):
    assert channel.send(account, letter(Outgoing("Bonjour"), Identity("psid", "1"))) == Refused(
        "unreachable", "identity_kind"
    )
    assert fake.asked == []


def test_a_bubble_without_anything_is_not_sent(fake, account, channel):
    assert channel.send(account, letter(Outgoing(""))) == Refused("content", "empty")
    assert fake.asked == []


@pytest.mark.parametrize("code, asked", [(131009, 5), (100, 5), (131053, 7), (131014, 7)])
def test_a_form_that_is_refused_leaves_its_words(fake, account, channel, code, asked):
    fake.refuses = {"interactive": code, "image": code}
    assert channel.send(account, letter(BUBBLES["buttons under a photo"][0])) == Accepted("wamid.1")
    assert channel.send(account, letter(Outgoing("Riz", photo=PHOTO))) == Accepted("wamid.2")
    assert [body_of(one) for one in fake.taken] == [text("Oui ?\n\n1. Produit 1\n2. Produit 2"), text("Riz")]
    assert len(fake.asked) == asked


@pytest.mark.parametrize("photo, anew", [(PHOTO, f"{PHOTO}?again=1"), (f"{PHOTO}?a=1", f"{PHOTO}?a=1&again=1")])
def test_a_file_that_meta_could_not_have_is_told_once_more_by_another_address(fake, account, channel, photo, anew):
    under = Outgoing("Oui ?", "buttons", offers(2), photo=photo)
    for code, bubble in (("file", Outgoing("Riz", photo=photo)), ("fetch", under)):
        fake.moods = [code]
        channel.send(account, letter(bubble))
    first, second = (body_of(one) for one in fake.taken)
    assert first == {"type": "image", "image": {"link": anew, "caption": "Riz"}}
    assert second == buttons(header={"type": "image", "image": {"link": anew}})
    assert len(fake.asked) == 4


def test_words_are_not_sent_again_for_a_file_that_they_have_not(fake, account, channel):
    fake.moods = ["file"]
    assert channel.send(account, letter(Outgoing("Bonjour"))) == Refused("content", "131053")
    assert len(fake.asked) == 1


def test_words_that_are_refused_are_refused(fake, account, channel):
    fake.refuses = {"interactive": 131009, "text": 131009}
    assert channel.send(account, letter(BUBBLES["list"][0])) == Refused("content", "131009")
    assert len(fake.asked) == 2


def test_a_shut_window_gets_the_approved_template(fake, account, channel):
    template = to_send("order_news_fr", "TG-4K7P2", " Maman\n Yawa ", "", "zu viel")
    assert channel.send(account, letter(Outgoing("x"), HIDDEN, template, APPROVED)) == Accepted("wamid.1")
    values = ("TG-4K7P2", "Maman Yawa", "–")
    parameters = [{"type": "text", "text": value} for value in values]
    assert body_of(fake.taken[0]) == {
        "type": "template",
        "template": {
            "name": "order_news_fr",
            "language": {"policy": "deterministic", "code": "fr"},
            "components": [{"type": "body", "parameters": parameters}],
        },
    }


KNOWN = APPROVED | {"order_news_en": "3", "arrived_fr": "4"}


REFUSED_TEMPLATES = {
    132001: Refused("content", "132001", template="missing"),
    132015: Refused("content", "132015", template="paused"),
    132016: Refused("content", "132016", template="disabled"),
    132000: Refused("content", "132000"),
    131009: Refused("content", "131009"),
    131047: Refused("window", "131047"),
}


@pytest.mark.parametrize("code", REFUSED_TEMPLATES)
def test_a_refused_template_says_its_state_and_is_tried_in_no_other_language_s_name(fake, account, channel, code):
    fake.refuses = {"template": code}
    shut_out = letter(Outgoing("x"), AWA, Template("order_news_fr", "fr", ("TG", "M", "ok")), KNOWN)
    assert channel.send(account, shut_out) == REFUSED_TEMPLATES[code]
    assert len(fake.asked) == 1


@pytest.mark.parametrize("name, contents", [("order_news_fr", {}), ("arrived_fr", APPROVED)])
def test_a_template_that_is_not_there_is_never_replaced_by_words(fake, account, channel, name, contents):
    sent = channel.send(account, letter(Outgoing("x"), AWA, Template(name, "fr", ()), contents))
    assert sent == Refused("window", "template_missing")
    assert fake.asked == []


ANSWERS = {
    "throttled": Refused("busy", "130429", 30.0),
    "busy_app": Refused("busy", "4", 120.0),
    "pair": Refused("busy", "131056", 6.0),
    "token": Refused("account", "190"),
    "token_zero": Refused("account", "0"),
    "window": Refused("window", "131047"),
    "content": Refused("content", "131009"),
    "something": Refused("busy", "131000", most_tries=3),
    "transient": Refused("busy", "2"),
    "new_code": Unclear("http_500"),
    "away": Unclear("http_503"),
    "garbled": Unclear("unreadable_answer"),
    "garbled_refusal": Refused("content", "http_400"),
    "no_id": Unclear("unreadable_answer"),
    "strange_id": Unclear("unreadable_answer"),
    "moved": Refused("account", "http_302"),
    "reset": Unclear("answer_lost"),
}


@pytest.mark.parametrize("mood", ANSWERS)
def test_an_answer_means_what_it_says(fake, account, channel, mood):
    fake.moods = [mood]
    assert channel.send(account, letter(Outgoing("Bonjour"))) == ANSWERS[mood]
    assert len(fake.asked) == 1
    assert len(fake.taken) == (mood == "reset")
    assert channel.send(account, letter(Outgoing("Bonjour"))) == Accepted(f"wamid.{len(fake.taken)}")


def test_a_refusal_that_is_no_fault_of_the_form_is_not_tried_in_words(fake, account, channel):
    for mood in ("throttled", "token", "window", "away", "garbled", "reset"):
        fake.moods = [mood]
        assert channel.send(account, letter(BUBBLES["buttons"][0])) == ANSWERS[mood]
    assert len(fake.asked) == 6


def test_nobody_at_home_is_certainly_not_sent(fake, account, channel):
    away = account.model_copy(update={"api_base": "http://127.0.0.1:9"})
    assert channel.send(away, letter(Outgoing("Bonjour"))) == Refused("busy", "not_sent")


def test_a_look_up_cannot_tell(fake, account, channel):
    assert channel.look_up(account, letter(Outgoing("Bonjour")), datetime.now(UTC)) == Unknown()
    assert fake.asked == []


def test_somebody_sees_that_he_is_being_answered(fake, account, channel):
    assert isinstance(channel, Courteous)
    channel.show_typing(account, AWA, "wamid.HBgL1")
    channel.show_typing(account, HIDDEN, "wamid.HBgL2")
    assert fake.typed == ["wamid.HBgL1", "wamid.HBgL2"]
    assert fake.taken == []


@pytest.mark.parametrize("provider_id", ["", "renamed:ab", "SM00", "wamid", "WAMID.1"])
def test_what_is_no_message_of_meta_is_not_marked(fake, account, channel, provider_id):
    channel.show_typing(account, AWA, provider_id)
    assert fake.asked == []


@pytest.mark.parametrize("mood", MOODS)
def test_nobody_hears_of_a_sign_that_could_not_be_shown(fake, account, channel, mood):
    fake.moods = [mood]
    channel.show_typing(account, AWA, "wamid.1")
    assert (len(fake.asked), fake.typed) == (1, [])


def test_a_sign_that_reaches_nobody_or_is_refused_is_left_and_told_in_the_log(fake, account, channel):
    fake.moods = ["throttled"]
    with capture_logs() as logs:
        channel.show_typing(account, AWA, "wamid.1")
        channel.show_typing(account.model_copy(update={"api_base": "http://127.0.0.1:9"}), AWA, "wamid.1")
    told = {"event": "typing not shown", "account": "whatsapp", "log_level": "info"}
    assert logs == [told | {"status": 429}, told | {"error": "NotSent"}]


def test_a_sign_is_waited_for_shorter_than_a_message(monkeypatch, account):
    asked = []
    monkeypatch.setattr(sending, "call", lambda *_, timeouts, **__: asked.append(timeouts) or Answer(200, {}, b""))
    for usual in (Timeouts(5, 10, 20), Timeouts(0.5, 0.2, 0.9)):
        sending.show_typing(account, "wamid.1", usual)
    assert asked == [Timeouts(1, 2, 3), Timeouts(0.5, 0.2, 0.9)]
