"""Public comments are answered once, in private and by one message; a person of ours may answer late."""

from dataclasses import replace

import pytest

from bot.messages import Accepted, Identity, Outgoing, Refused
from handlers.messenger.limits import MESSENGER_LIMITS as MOST
from tests.fakes.messenger import PAGE, error
from tests.handlers.messenger.conftest import account_of
from tests.handlers.messenger.test_forms import AWA, OURS, PHOTO, RECEIPT, SOUND, letter, offers, replies
from tests.handlers.messenger.test_mapping import MAP, PLACE, SHOP, URL, goods

COMMENT = "110000000000001_5_90"


@pytest.fixture
def answered(fake, account, channel):
    """Called with a bubble: the one message that answers a comment of Awa's, and what was said below it."""
    fake.authors = {COMMENT: AWA.value}

    def answer(bubble, **more):
        result = channel.send(account_of(fake.url, **more), replace(letter(bubble), to=Identity("comment", COMMENT)))
        assert result == Accepted("m_sent_1", (AWA,))
        (one,) = fake.messages
        assert one == {"recipient": {"comment_id": COMMENT}, "messaging_type": "RESPONSE", "message": one["message"]}
        return one["message"]

    return answer


def test_a_comment_is_answered_by_one_message_with_all_in_it(fake, answered):
    bubble = Outgoing(
        "Riz parfumé\n17 500 F CFA\nMaman Yawa", "buttons", offers(3), photo=PHOTO, link=SHOP, place=PLACE
    )
    words = f"Riz parfumé\n17 500 F CFA\nMaman Yawa\n\nVoir la boutique\n{URL}\n\n{MAP}"
    assert answered(bubble) == {"text": words, "quick_replies": replies(3), "metadata": OURS}
    assert fake.public == []


@pytest.mark.parametrize(
    ("file", "tail"),
    [
        ({"document": RECEIPT, "document_name": "recu.pdf"}, f"recu.pdf\n{RECEIPT}"),
        ({"audio": SOUND}, SOUND),
    ],
)
def test_a_file_in_answer_to_a_comment_is_its_address(answered, file, tail):
    assert answered(Outgoing("Voici", **file)) == {"text": f"Voici\n\n{tail}", "metadata": OURS}


def test_a_photo_with_few_words_in_answer_to_a_comment_is_a_card(answered):
    message = answered(Outgoing("Riz parfumé\n17 500 F CFA", "buttons", offers(1), photo=PHOTO))
    assert message["attachment"]["payload"]["elements"][0]["image_url"] == PHOTO
    assert message["quick_replies"] == replies(1)


def test_goods_in_answer_to_a_comment_are_quick_replies_below_their_lines(answered):
    lines = "1. Riz 1 · 17 500 F CFA\n2. Riz 2 · 17 500 F CFA"
    said = {"text": f"Nos riz\n\n{lines}", "quick_replies": replies(2, "Riz {}"), "metadata": OURS}
    assert answered(Outgoing("Nos riz", "list", goods(2))) == said


def test_words_that_are_too_long_beside_their_address_are_cut_and_the_address_is_not(answered):
    text = answered(Outgoing("w" * 1999, link=SHOP))["text"]
    assert text == f"{'w' * (1999 - 2 - len(URL) - 17 - 1)}…\n\nVoir la boutique\n{URL}"
    assert len(text) == MOST.text


def test_a_comment_that_was_answered_is_told_so_in_public_where_the_settings_say_it(fake, answered):
    answered(Outgoing("17 500 F CFA"), public_reply="Réponse en message privé.")
    assert fake.public == [(COMMENT, "Réponse en message privé.")]
    assert [one.path for one in fake.asked] == [f"/v25.0/{PAGE}/messages", f"/v25.0/{COMMENT}/comments"]


@pytest.mark.parametrize("mood", [(400, error(200)), (500, b""), "reset"])
def test_a_public_word_that_fails_is_left(fake, answered, mood):
    fake.moods = ["", mood]
    answered(Outgoing("17 500 F CFA"), public_reply="Réponse en message privé.")
    assert fake.public == []


def test_a_comment_is_answered_once(fake, account, channel):
    fake.authors = {COMMENT: AWA.value}
    said = replace(letter(Outgoing("17 500 F CFA", comment=COMMENT)), to=AWA)
    account = account_of(fake.url, public_reply="Réponse en message privé.")
    assert channel.send(account, said) == Accepted("m_sent_1", (AWA,))
    assert channel.send(account, said) == Refused("final", "10900")
    assert len(fake.messages) == len(fake.public) == 1


@pytest.mark.parametrize("comment", ["../me", "1/2", "1_2_3_4", "x", "1_", "9" * 33])
def test_what_can_be_no_comment_is_answered_by_no_call(fake, account, channel, comment):
    said = replace(letter(Outgoing("Bonjour")), to=Identity("comment", comment))
    assert channel.send(account, said) == Refused("unreachable", "identity_kind")
    assert fake.asked == []


# words of a person of ours


@pytest.mark.parametrize(
    ("is_by_a_person", "is_late", "envelope"),
    [
        (True, True, {"messaging_type": "MESSAGE_TAG", "tag": "HUMAN_AGENT"}),
        (True, False, {"messaging_type": "RESPONSE"}),
        (False, True, {"messaging_type": "RESPONSE"}),
        (False, False, {"messaging_type": "RESPONSE"}),
    ],
)
def test_words_of_a_person_of_ours_may_come_late(fake, account, channel, is_by_a_person, is_late, envelope):
    said = replace(letter(Outgoing("Bonjour Awa", is_by_a_person=is_by_a_person)), is_late=is_late)
    assert channel.send(account, said) == Accepted("m_sent_1")
    message = {"text": "Bonjour Awa", "metadata": OURS}
    assert fake.messages == [{"recipient": {"id": AWA.value}, **envelope, "message": message}]
