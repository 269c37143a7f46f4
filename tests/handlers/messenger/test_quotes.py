"""Rows below headings, and what an answer quotes, in Messenger (channels.md §3.4, §7)."""

from dataclasses import replace

import pytest

from bot.messages import Accepted, Outgoing, Refused
from tests.fakes.messenger import error
from tests.handlers.messenger.test_forms import OURS, PART_OF_OURS, PHOTO, RECEIPT, letter, offers, replies

MID = "m_in_1"


def in_sections(some, *names):
    return tuple(replace(one, section=name) for one, name in zip(some, names, strict=True))


@pytest.mark.parametrize(("detail", "told"), [("", ""), ("500 F", " · 500 F")])
def test_rows_of_sections_are_quick_replies_below_words_with_their_headings(fake, account, channel, detail, told):
    some = in_sections(offers(4, detail), "Boissons", "Boissons", "Épicerie", "")
    channel.send(account, letter(Outgoing("*Nos* rayons", "list", some, "Voir")))
    lines = [f"{n}. Produit {n}{told}" for n in range(1, 5)]
    words = "\n".join(("Nos rayons", "", "Boissons", *lines[:2], "", "Épicerie", lines[2], "", lines[3]))
    (message,) = fake.messages
    assert message["message"] == {"text": words, "quick_replies": replies(4), "metadata": OURS}


def test_goods_of_sections_are_no_cards(fake, account, channel):
    some = in_sections(tuple(replace(one, photo=PHOTO) for one in offers(2)), "Boissons", "Épicerie")
    channel.send(account, letter(Outgoing("Nos rayons", "list", some, "Voir")))
    words = "Nos rayons\n\nBoissons\n1. Produit 1\n\nÉpicerie\n2. Produit 2"
    assert [one["message"]["text"] for one in fake.messages] == [words]


def test_what_is_answered_is_quoted(fake, account, channel):
    assert channel.send(account, letter(Outgoing("Bonjour", quotes=MID))) == Accepted("m_sent_1")
    (message,) = fake.messages
    assert (message["reply_to"], message["message"]) == ({"mid": MID}, {"text": "Bonjour", "metadata": OURS})


@pytest.mark.parametrize("quotes", ["", "wamid.1", "postback:0a", "m_\x00", "m_" + "x" * 2000])
def test_what_is_no_message_of_a_chat_is_not_quoted(fake, account, channel, quotes):
    channel.send(account, letter(Outgoing("Bonjour", quotes=quotes)))
    assert "reply_to" not in fake.messages[0]


@pytest.mark.parametrize(
    ("bubble", "quoting"),
    [
        (Outgoing("w" * 200, photo=PHOTO, quotes=MID), [False, True]),  # a photo that is left out takes no quote along
        (Outgoing("Reçu", document=RECEIPT, quotes=MID), [True, False]),
    ],
)
def test_of_several_messages_one_quotes(fake, account, channel, bubble, quoting):
    channel.send(account, letter(bubble))
    assert ["reply_to" in one for one in fake.messages] == quoting
    assert [one["message"]["metadata"] for one in fake.messages] == [PART_OF_OURS, OURS]


@pytest.mark.parametrize("told", [(400, error(100)), (400, error(2018555)), (500, error(1))])
def test_what_cannot_be_quoted_is_answered_without(fake, account, channel, told):
    fake.moods = [told]
    assert channel.send(account, letter(Outgoing("Bonjour", quotes=MID))) == Accepted("m_sent_1")
    assert ["reply_to" in asked.document for asked in fake.asked] == [True, False]


def test_what_is_refused_for_another_reason_is_not_tried_again(fake, account, channel):
    fake.moods = [(400, error(10, 2018278))]
    result = channel.send(account, letter(Outgoing("Bonjour", quotes=MID)))
    assert isinstance(result, Refused)
    assert (result.kind, len(fake.asked)) == ("window", 1)
