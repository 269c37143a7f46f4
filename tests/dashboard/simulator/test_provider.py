"""The stand-in provider: what it takes, what it refuses, what it remembers."""

import json
from dataclasses import asdict, replace

import pytest

from bot.messages import Accepted, Identity, Letter, Link, Location, Offer, Outgoing, Receipt, ReceiptLine, Template
from bot.provider_answers import Found, NotTaken
from dashboard.simulator import rules, signing
from handlers.signatures import sign_body
from handlers.simulator.channel import LIMITS
from handlers.simulator.sending import look_up_of, payload_of

AWA = "+22890000001"
STREAM = f"simulator:phone:{AWA}"
LETTER = Letter(42, Identity("phone", AWA), Outgoing("Bonjour"))


def give(client, account, body, path="messages"):
    headers = {"X-Assigame-Signature": sign_body(account.secret, body)}
    return client.post(f"/simulator/provider/{path}", data=body, headers=headers)


def bubbles(redis):
    return [json.loads(fields[b"event"]) for _, fields in redis.xrange(STREAM)]


def test_both_sides_of_the_signature_agree(account):
    body = "é".encode()

    assert signing.signature_of(account.secret, body) == sign_body(account.secret, body)
    assert signing.is_signed(account.secret, body, sign_body(account.secret, body))


def test_a_signed_send_becomes_a_bubble_on_the_phone(client, account, redis):
    answer = give(client, account, payload_of(LETTER))

    (entry, _), *_ = redis.xrange(STREAM)
    assert (answer.status_code, answer.json) == (201, {"id": f"sim-42-{entry.decode()}"})
    assert bubbles(redis) == [
        {
            "kind": "bubble",
            "outbox_id": 42,
            "body": "Bonjour",
            "layout": "text",
            "offers": [],
            "opener": "",
            "photo": "",
        }
    ]


def test_the_same_send_again_is_the_same_bubble(client, account, redis):
    first = give(client, account, payload_of(LETTER))
    second = give(client, account, payload_of(LETTER))

    assert second.json == first.json
    assert redis.xlen(STREAM) == 1


def test_an_outbox_that_began_anew_is_not_taken_for_a_repetition(client, account, redis):
    give(client, account, payload_of(LETTER))
    give(client, account, payload_of(Letter(42, LETTER.to, Outgoing("Bonsoir"))))

    assert [bubble["body"] for bubble in bubbles(redis)] == ["Bonjour", "Bonsoir"]


@pytest.mark.parametrize("signature", [None, "", "sha256=é", "sha256=" + "0" * 64])
@pytest.mark.parametrize("path", ["messages", "look-ups"])
def test_an_unsigned_send_leaves_nothing(client, redis, signature, path):
    headers = {} if signature is None else {"X-Assigame-Signature": signature}

    answer = client.post(f"/simulator/provider/{path}", data=payload_of(LETTER), headers=headers)

    assert (answer.status_code, answer.json) == (403, {"error": "signature"})
    assert redis.keys("simulator:*") == []


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"7", b"[" * 100_000])
def test_a_signed_body_of_another_shape_is_refused(client, account, redis, body):
    assert give(client, account, body).status_code == 400
    assert give(client, account, body, "look-ups").json == {"id": None}
    assert redis.keys("simulator:*") == []


def test_a_look_up_tells_what_arrived_and_what_did_not(client, account):
    sent = give(client, account, payload_of(LETTER)).json
    other = Letter(43, LETTER.to, LETTER.bubble)

    assert give(client, account, look_up_of(LETTER), "look-ups").json == sent
    assert give(client, account, look_up_of(other), "look-ups").json == {"id": None}


def test_a_photo_of_our_own_is_shown_from_wherever_the_page_is(client, account, redis):
    name = "0a" * 32
    give(
        client,
        account,
        payload_of(Letter(1, LETTER.to, Outgoing("a", photo=f"https://market.example/media/{name}.jpg"))),
    )
    give(client, account, payload_of(Letter(2, LETTER.to, Outgoing("b", photo="https://else.example/x.jpg"))))

    assert [bubble["photo"] for bubble in bubbles(redis)] == [f"/media/{name}.jpg", "https://else.example/x.jpg"]


def test_a_phone_keeps_its_last_bubbles_only(client, account, redis):
    for number in range(1, 701):
        give(client, account, payload_of(Letter(number, LETTER.to, Outgoing(f"n {number}"))))

    assert 500 <= redis.xlen(STREAM) < 700
    assert bubbles(redis)[-1]["body"] == "n 700"
    assert 0 < redis.ttl(STREAM) <= 30 * 24 * 3600


def offers(count, title="t", detail=""):
    return tuple(Offer(n, title, f"id:{n}", detail) for n in range(1, count + 1))


FITTING = [
    Outgoing("x" * LIMITS.text),
    Outgoing("x" * LIMITS.caption, photo="https://a.example/b.jpg"),
    Outgoing("x" * LIMITS.body, "buttons", offers(LIMITS.buttons, "t" * LIMITS.button_title)),
    Outgoing("x", "buttons", offers(1), photo="https://a.example/b.jpg"),
    Outgoing("x", "list", offers(LIMITS.rows, "t" * LIMITS.row_title, "d" * LIMITS.row_detail), "o" * LIMITS.opener),
    Outgoing("x", "buttons", (Offer(1, "t", "i" * LIMITS.offer_id),)),
]
FAULTY = [
    (Outgoing("x" * 4097), "body"),
    (Outgoing(" "), "body"),
    (Outgoing("x" * 1025, photo="https://a.example/b.jpg"), "body"),
    (Outgoing("x" * 1025, "buttons", offers(1)), "body"),
    (Outgoing("x", "buttons"), "offers"),
    (Outgoing("x", "buttons", offers(4)), "offers"),
    (Outgoing("x", "buttons", offers(1, "t" * 21)), "title"),
    (Outgoing("x", "buttons", offers(1, "")), "title"),
    (Outgoing("x", "buttons", (Offer(1, "t", "i" * 201),)), "offer_id"),
    (Outgoing("x", "buttons", (Offer(1, "a", "i"), Offer(2, "b", "i"))), "doubled_id"),
    (Outgoing("x", "list", offers(11), "o"), "offers"),
    (Outgoing("x", "list", offers(1)), "opener"),
    (Outgoing("x", "list", offers(1), "o" * 21), "opener"),
    (Outgoing("x", "list", offers(1, "t" * 25), "o"), "title"),
    (Outgoing("x", "list", offers(1, "t", "d" * 73), "o"), "detail"),
    (Outgoing("x", "carousel"), "layout"),
]


@pytest.mark.parametrize("bubble", FITTING)
def test_what_the_channel_declares_is_taken(bubble):
    assert rules.fault_of(json.loads(payload_of(Letter(1, LETTER.to, bubble)))) == ""


@pytest.mark.parametrize("bubble, fault", FAULTY)
def test_one_more_is_refused_by_name(client, account, redis, bubble, fault):
    answer = give(client, account, payload_of(Letter(1, LETTER.to, bubble)))

    assert (answer.status_code, answer.json) == (400, {"error": fault})
    assert redis.xlen(STREAM) == 0


def test_a_send_to_nobody_is_refused(client, account):
    answer = give(client, account, payload_of(Letter(1, Identity("psid", "12345"), Outgoing("x"))))

    assert (answer.status_code, answer.json) == (400, {"error": "no_recipient"})


def test_channel_and_provider_go_round_through_http(served, account, market, channel):
    sent = channel.send(account, LETTER)
    since = None

    reports = []
    while len(reports) < 2:
        _, key, parsed = market.kept.get(timeout=10)
        reports += parsed.reports
        assert key == account.key
    assert isinstance(sent, Accepted)
    assert [(report.provider_id, report.outbox_id, report.status) for report in reports] == [
        (sent.provider_id, 42, "sent"),
        (sent.provider_id, 42, "delivered"),
    ]
    assert channel.look_up(account, LETTER, since) == Found((sent.provider_id,))
    assert channel.look_up(account, Letter(43, LETTER.to, LETTER.bubble), since) == NotTaken()
    template = Template("order_news_fr", "fr", ("TG-4K7P2",))
    assert channel.look_up(account, replace(LETTER, template=template), since) == Found((sent.provider_id,))


def test_a_document_and_a_sound_stand_on_the_phone_under_any_address(client, account, redis):
    link = "http://127.0.0.1:8000/received/17.1.9.ab"
    receipt = "https://market.example/receipts/a.pdf"
    named = Outgoing("Reçu", document=receipt, document_name="Reçu 4K7")
    for number, bubble in ((42, Outgoing("", audio=link)), (43, named)):
        give(client, account, payload_of(Letter(number, Identity("phone", AWA), bubble)))

    sound, paper = [event for event in bubbles(redis) if event["kind"] == "bubble"]
    assert (sound["body"], sound["audio"]) == ("", "/received/17.1.9.ab")
    assert (paper["body"], paper["document"], paper["document_name"]) == ("Reçu", receipt, "Reçu 4K7")


@pytest.mark.parametrize(
    "bubble",
    [
        Outgoing("words", audio="https://x/a"),
        Outgoing("", photo="https://x/a", document="https://x/b"),
        Outgoing("x", "buttons", (Offer(1, "Oui", "a"),), document="https://x/b"),
        Outgoing("x" * 1025, document="https://x/b"),
        Outgoing(""),
    ],
)
def test_a_file_that_whatsapp_would_not_show_is_refused(client, account, redis, bubble):
    assert give(client, account, payload_of(Letter(42, Identity("phone", AWA), bubble))).status_code == 400
    assert bubbles(redis) == []


PLACE = Location(6.1631, 1.2604, "Chez Tonton Kossi", "Bè-Kpota")
SOAP = ReceiptLine("Savon noir", 10, 350)
RECEIPT = Receipt("TG-4K7P2", "Awa", "en espèces", (SOAP,), 500, 4_000)
GOOD = Offer(1, "Savon", "a", "350 F", f"https://market.example/media/{'0a' * 32}.jpg", "savon-noir")
BESIDE = {
    "a link": Outgoing("Prête.", link=Link("Voir la carte", "https://maps.google.com/?q=1,1")),
    "a pin": Outgoing("", place=PLACE),
    "a question": Outgoing("Où ?\n\n1. Ici", offers=(Offer(1, "Ici", "a"),), asks="location"),
    "a receipt": Outgoing("Reçu", receipt=RECEIPT),
    "goods": Outgoing("Lequel ?", "list", (GOOD, Offer(2, "Suite", "b")), "Voir les choix"),
}
REFUSED = {
    "link": [
        replace(BESIDE["a link"], link=Link("Voir la carte de la ville", "https://x.example")),
        replace(BESIDE["a link"], link=Link("Voir", "javascript:alert(1)")),
        replace(BESIDE["a link"], layout="buttons", offers=(Offer(1, "Oui", "a"),)),
        replace(BESIDE["a link"], photo="https://x.example/a.jpg"),
    ],
    "place": [replace(BESIDE["a pin"], body="Là"), replace(BESIDE["a pin"], place=Location(91, 0))],
    "asks": [
        replace(BESIDE["a question"], layout="buttons"),
        replace(BESIDE["a question"], asks="age"),
    ],
    "receipt": [
        replace(BESIDE["a receipt"], receipt=replace(RECEIPT, total=3_999)),
        replace(BESIDE["a receipt"], receipt=replace(RECEIPT, lines=())),
    ],
    "offers": [
        Outgoing("Lequel ?", "list", tuple(replace(GOOD, id=str(n)) for n in range(11)), "Voir les choix"),
        replace(BESIDE["goods"], offers=(replace(GOOD, photo="/media/a.jpg"),)),
    ],
}


@pytest.mark.parametrize("bubble", BESIDE.values(), ids=BESIDE)
def test_what_stands_beside_the_words_is_on_the_phone(client, account, redis, bubble):
    letter = Letter(42, LETTER.to, bubble)
    assert give(client, account, payload_of(letter)).status_code == 201
    (shown,) = bubbles(redis)
    expected = {name: value for name, value in asdict(bubble).items() if value and name in ("link", "asks", "place")}
    assert {name: shown.get(name) for name in expected} == expected
    if bubble.receipt:
        assert shown["receipt"] == json.loads(json.dumps(asdict(RECEIPT)))
    if bubble.opener:
        assert shown["offers"][0]["photo"] == f"/media/{'0a' * 32}.jpg"
        assert shown["offers"][1] == {"number": 2, "title": "Suite", "id": "b", "detail": ""}


@pytest.mark.parametrize(
    ("fault", "bubble"), [(fault, bubble) for fault, broken in REFUSED.items() for bubble in broken]
)
def test_what_no_channel_would_show_beside_the_words_is_refused(client, account, redis, fault, bubble):
    answer = give(client, account, payload_of(Letter(42, LETTER.to, bubble)))
    assert (answer.status_code, answer.json) == (400, {"error": fault})
    assert redis.keys("simulator:*") == []


@pytest.mark.parametrize("value", [1, [], [1], "x", {}, {"lines": 7}, {"lines": [7], "code": "x"}, {"latitude": True}])
@pytest.mark.parametrize("name", ["link", "asks", "place", "receipt", "offers"])
def test_what_is_of_another_shape_raises_nothing(client, account, name, value):
    send = {**json.loads(payload_of(LETTER)), name: value}
    assert give(client, account, json.dumps(send).encode()).status_code in (201, 400)
