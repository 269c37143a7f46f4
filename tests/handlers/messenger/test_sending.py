"""What a send comes back with is what its answers truly say, and nothing is said twice that may have arrived."""

import json

import pytest

from bot.messages import Accepted, Identity, Letter, Offer, Outgoing, Refused, StatusReport, Template, Unclear
from bot.provider_answers import Unknown
from handlers.messenger import sending
from handlers.messenger.channel import Messenger
from handlers.messenger.sending import Progress
from tests.fakes.messenger import APP, PAGE, error
from tests.handlers.messenger.conftest import RECORDINGS, SECRET_KEY, account_of, signed

AWA = Identity("psid", "7000000000000001")
PHOTO, RECEIPT = "https://bot.example.tg/media/riz.jpg", "https://bot.example.tg/documents/recu.pdf"
SHOWN = "Riz parfumé\n17 500 F CFA\nMaman Yawa"  # more lines than a card has
CARD = Outgoing(SHOWN, "buttons", (Offer(1, "Ajouter", "buyer.card=1~1~1"),), photo=PHOTO)
BILL = Outgoing("Votre reçu", document=RECEIPT, document_name="recu.pdf")


def letter(bubble, outbox_id=4711, **more):
    return Letter(outbox_id, more.pop("to", AWA), bubble, **more)


def kinds(asked):
    """What the calls were about."""
    return [next(iter(one.document["message"])) for one in asked]


def recorded_answer(name):
    told = json.loads((RECORDINGS / f"answer_{name}.json").read_text())
    return told["status"], told["body"]


RESULTS = {
    "accepted": Accepted("m_ours"),
    "accepted_by_user_ref": Accepted("m_ours"),
    "too_many": Refused("busy", "613", 60.0),
    "window_shut": Refused("window", "10/2018278"),
    "bad_token": Refused("account", "190/460"),
    "not_receiving": Refused("unreachable", "551/1545041"),
    "unknown_code": Refused("content", "4242"),
    "server_error": Refused("busy", "2", None, 3),
}


def test_every_recorded_answer_has_its_meaning():
    assert {path.stem for path in RECORDINGS.glob("answer_*.json")} == {f"answer_{name}" for name in RESULTS}


@pytest.mark.parametrize("name", RESULTS)
def test_a_recorded_answer_is_read(fake, account, channel, name):
    fake.moods = [recorded_answer(name)]
    assert channel.send(account, letter(Outgoing("Bonjour"))) == RESULTS[name]


@pytest.mark.parametrize(
    ("answer", "result"),
    [
        ((200, b""), Unclear("unreadable_answer")),
        ((200, b'{"message_id": "m_'), Unclear("unreadable_answer")),
        ((200, b"<html>OK</html>"), Unclear("unreadable_answer")),
        ((200, {"message_id": 7}), Unclear("unreadable_answer")),
        ((200, {"message_id": "m_\u0000"}), Unclear("unreadable_answer")),
        ((200, {"message_id": "m" * 513}), Unclear("unreadable_answer")),
        ((200, [1]), Unclear("unreadable_answer")),
        ((302, {}, {"Location": "https://elsewhere.example/"}), Refused("account", "http_302")),
        ((400, b"<html>no</html>"), Unclear("unreadable_answer")),
        ((429, b""), Refused("busy", "http_429")),
        ((429, b"", {"Retry-After": "7"}), Refused("busy", "http_429", 7.0)),
        ((400, error(613), {"Retry-After": "90"}), Refused("busy", "613", 90.0)),
        ((400, error(613), {"Retry-After": "1e999"}), Refused("busy", "613", 60.0)),
        ((400, error(613), {"Retry-After": "99999"}), Refused("busy", "613", 3600.0)),
        ((400, error(1)), Refused("busy", "1", None, 3)),
        ((503, b"away"), Unclear("http_503")),
        ((503, error(4242)), Unclear("http_503")),
        ((500, error(1)), Refused("busy", "1", None, 3)),
        ((503, error(1200)), Refused("busy", "1200", None, 3)),
        ((500, error(4)), Refused("busy", "4", 60.0)),
        ((500, error(613), {"Retry-After": "90"}), Refused("busy", "613", 90.0)),
        ((500, error(190)), Refused("account", "190")),
    ],
)
def test_any_other_answer_says_no_more_than_it_does(fake, account, channel, answer, result):
    fake.moods = [answer]
    assert channel.send(account, letter(Outgoing("Bonjour"))) == result
    assert fake.messages == []


def test_a_connection_that_breaks_after_the_message_was_taken_is_unclear(fake, account, channel):
    fake.moods = ["take_and_reset"]
    assert channel.send(account, letter(Outgoing("Bonjour"))) == Unclear("answer_lost")
    assert len(fake.messages) == 1
    assert channel.look_up(account, letter(Outgoing("Bonjour")), None) == Unknown()


def test_the_echo_of_an_unclear_send_says_that_it_was_sent(fake, account, channel):
    fake.moods = ["take_and_reset"]
    channel.send(account, letter(Outgoing("Bonjour")))
    echo = {"mid": "m_sent_1", "is_echo": True, "app_id": int(APP), **fake.messages[0]["message"]}
    event = {"sender": {"id": PAGE}, "recipient": {"id": AWA.value}, "timestamp": 1, "message": echo}
    webhook = signed({"object": "page", "entry": [{"id": PAGE, "time": 1, "messaging": [event]}]})
    assert channel.parse(account, webhook).reports == (StatusReport("m_sent_1", "sent", 4711),)


@pytest.mark.parametrize("metadata", ["4711", "4711.00", "4712.5e89d115f23dcb7f6dc997bfbba53e3b", "", None, 4711, {}])
def test_an_echo_that_we_have_not_signed_says_nothing(channel, account, metadata):
    echo = {"mid": "m_1", "is_echo": True, "app_id": int(APP), "metadata": metadata}
    event = {"sender": {"id": PAGE}, "recipient": {"id": AWA.value}, "timestamp": 1, "message": echo}
    webhook = signed({"object": "page", "entry": [{"id": PAGE, "time": 1, "messaging": [event]}]})
    assert channel.parse(account, webhook).reports == ()


LATE = Outgoing("Bonjour Awa", is_by_a_person=True)
NEWS = Template("order_news_fr", "fr", ("Prête",), "{{1}}")
COMMENT = "110000000000001_5_90"
WAYS = {
    "human_agent": ({"bubble": LATE, "is_late": True}, Refused("window", "10")),
    "pages_utility_messaging": (
        {"bubble": BILL, "template": NEWS, "contents": {NEWS.name: "7"}},
        Refused("final", "10"),
    ),
    "pages_read_engagement": ({"bubble": LATE, "to": Identity("comment", COMMENT)}, Refused("final", "10")),
    "pages_messaging": ({"bubble": LATE}, Refused("account", "10")),
}


@pytest.mark.parametrize("permission", WAYS)
def test_a_permission_that_is_missing_refuses_the_letters_that_need_it_and_only_that_of_plain_answers_all(
    fake, account, channel, permission
):
    fake.authors, fake.permissions = {COMMENT: AWA.value}, fake.permissions - {permission}
    told, result = WAYS[permission]
    assert channel.send(account, letter(**told)) == result
    is_plain = permission == "pages_messaging"
    expected = Refused("account", "10") if is_plain else Accepted("m_sent_1")
    assert channel.send(account, letter(Outgoing("Bonjour"))) == expected


def test_a_thread_that_another_app_holds_refuses_what_is_said_there_alone(fake, account, channel):
    fake.owners = {AWA.value: "263902037430900"}
    assert channel.send(account, letter(Outgoing("Bonjour"))) == Refused("final", "10/2018300")
    other = Identity("psid", "7000000000000002")
    assert channel.send(account, letter(Outgoing("Bonjour"), to=other)) == Accepted("m_sent_1")


def test_nobody_there_is_a_send_that_was_never_heard(channel):
    assert channel.send(account_of("http://127.0.0.1:1"), letter(CARD)) == Refused("busy", "not_sent")


def test_an_identity_of_another_channel_is_refused_without_a_call(fake, account, channel):
    other = letter(Outgoing("Bonjour"), to=Identity("phone", "+22890123456"))
    assert channel.send(account, other) == Refused("unreachable", "identity_kind")
    assert fake.asked == []


def test_nothing_to_say_is_refused_without_a_call(fake, account, channel):
    assert channel.send(account, letter(Outgoing(" "))) == Refused("content", "empty")
    unknown = letter(Outgoing("Bonjour"), template=Template("order_news_fr", "fr", ("a",)))
    assert channel.send(account, unknown) == Refused("window", "template_missing")
    assert fake.asked == []


def test_choices_that_are_refused_go_out_as_numbers(fake, account, channel):
    fake.moods = [(400, error(100))]
    choices = Outgoing("Que voulez-vous ?", "buttons", (Offer(1, "Oui", "x=1"), Offer(2, "Non", "x=2")))
    assert channel.send(account, letter(choices)) == Accepted("m_sent_1")
    assert fake.messages[0]["message"]["text"] == "Que voulez-vous ?\n\n1. Oui\n2. Non"
    assert len(fake.asked) == 2


@pytest.mark.parametrize("mood", [(400, error(100, 2018047)), (500, b""), "reset", "take_and_reset", (200, b"?")])
def test_a_photo_that_fails_holds_up_no_words(fake, account, channel, mood):
    fake.moods = [mood]
    assert isinstance(channel.send(account, letter(CARD)), Accepted)
    assert fake.messages[-1]["message"]["text"] == SHOWN


@pytest.mark.parametrize(
    ("answer", "result"),
    [
        ((400, error(613)), Refused("busy", "613", 60.0)),
        ((401, error(190)), Refused("account", "190")),
        ((400, error(10, 2018278)), Refused("window", "10/2018278")),
        ((400, error(551)), Refused("unreachable", "551")),
    ],
)
def test_what_befalls_the_photo_for_the_whole_letter_ends_it_before_the_words(fake, account, channel, answer, result):
    fake.moods = [answer]
    assert channel.send(account, letter(CARD)) == result
    assert kinds(fake.asked) == ["attachment"]
    assert fake.messages == []


@pytest.mark.parametrize(
    ("mood", "result"),
    [
        ((400, error(613)), Refused("busy", "613", 60.0)),
        ((500, error(2)), Refused("busy", "2", None, 3)),
        ((500, b""), Unclear("http_500")),
        ("reset", Unclear("answer_lost")),
    ],
)
def test_words_that_fail_after_their_photo_are_what_is_reported_and_the_photo_is_not_sent_again(
    fake, account, channel, mood, result
):
    fake.moods = ["", mood]
    assert channel.send(account, letter(CARD)) == result
    assert channel.send(account, letter(CARD)) == Accepted("m_sent_2")
    assert kinds(fake.asked) == ["attachment", "text", "text"]
    signed_id = fake.messages[1]["message"]["metadata"]
    assert fake.messages[0]["message"]["metadata"] == f"part:{signed_id}"


def test_a_document_that_fails_after_its_words_is_sent_alone_the_next_time(fake, account, channel):
    fake.moods = ["", (400, error(613))]
    assert channel.send(account, letter(BILL)) == Refused("busy", "613", 60.0)
    assert channel.send(account, letter(BILL)) == Accepted("m_sent_2")
    assert kinds(fake.messages and fake.asked) == ["text", "attachment", "attachment"]


def test_a_document_that_is_refused_goes_as_a_link(fake, account, channel):
    fake.moods = ["", (400, error(100, 2018008))]
    assert channel.send(account, letter(BILL)) == Accepted("m_sent_2")
    assert [one["message"].get("text") for one in fake.messages] == ["Votre reçu", f"recu.pdf\n{RECEIPT}"]


@pytest.mark.parametrize(
    ("mood", "result"),
    [
        ((400, error(613)), Refused("busy", "613", 60.0)),
        ("take_and_reset", Unclear("answer_lost")),
        ((400, error(100)), Refused("content", "100")),
    ],
)
def test_a_document_does_not_go_before_words_that_may_not_have_arrived(fake, account, channel, mood, result):
    fake.moods = [mood]
    assert channel.send(account, letter(BILL)) == result
    assert "attachment" not in kinds(fake.asked)


def test_a_letter_that_arrived_is_sent_whole_if_it_is_ever_sent_again(fake, account, channel):
    for _ in range(2):
        channel.send(account, letter(CARD))
    assert kinds(fake.asked) == ["attachment", "text"] * 2


def test_another_process_sends_the_photo_again(fake, account, channel):
    fake.moods = ["", (400, error(613))]
    channel.send(account, letter(CARD))
    Messenger(SECRET_KEY).send(account, letter(CARD))
    assert kinds(fake.asked) == ["attachment", "text", "attachment", "text"]


def test_the_progress_of_the_latest_letters_alone_is_remembered(monkeypatch):
    monkeypatch.setattr(sending, "MOST_REMEMBERED", 2)
    progress = Progress()
    for outbox_id in (1, 2, 1, 3):
        progress.note(outbox_id, 1)
    assert [progress.of(outbox_id) for outbox_id in (1, 2, 3)] == [1, 0, 1]
    progress.forget(3)
    progress.forget(4)
    assert progress.of(3) == 0


def test_the_token_is_shown_in_no_address(fake, account, channel):
    channel.send(account, letter(Outgoing("Bonjour")))
    assert fake.strangers == 0
    assert fake.asked[0].query == {}
