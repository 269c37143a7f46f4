"""What an answer quotes at Meta's Cloud API, and that its words arrive where that cannot be quoted."""

import pytest

from bot.messages import Accepted, Letter, Outgoing, Refused
from tests.handlers.whatsapp_cloud.test_mapping import AWA, PHOTO, offers
from tests.handlers.whatsapp_cloud.test_sending import body_of, text
from tests.shipped import to_send

WAMID = "wamid.HBgL1"
SAID = Outgoing("Bonjour", quotes=WAMID)
QUOTED = {"context": {"message_id": WAMID}}


def test_what_is_answered_is_quoted(fake, account, channel):
    assert channel.send(account, Letter(1, AWA, SAID)) == Accepted("wamid.1")
    assert [{**body_of(one), "context": one["context"]} for one in fake.taken] == [{**text("Bonjour"), **QUOTED}]


@pytest.mark.parametrize("quotes", ["", "sim-in-1", "m_in_1", "wamid.\x00", "wamid." + "x" * 2000])
def test_what_is_no_message_of_meta_is_not_quoted(fake, account, channel, quotes):
    assert channel.send(account, Letter(1, AWA, Outgoing("Bonjour", quotes=quotes))) == Accepted("wamid.1")
    assert "context" not in fake.taken[0]


def tried(fake):
    """Of every try whether it quoted, and its type; the first of them are refused."""
    asked, take = [], fake.take

    def note(payload):
        asked.append(("context" in payload, payload["type"]))
        return take(payload)

    fake.take = note
    return asked


@pytest.mark.parametrize("mood", ["content", "something"])
def test_what_cannot_be_quoted_is_answered_without(fake, account, channel, mood):
    fake.moods, asked = [mood], tried(fake)
    assert channel.send(account, Letter(1, AWA, SAID)) == Accepted("wamid.1")
    assert (asked, "context" in fake.taken[0]) == ([(True, "text"), (False, "text")], False)


def test_a_form_that_is_refused_with_its_quote_is_tried_whole_before_its_words(fake, account, channel):
    fake.moods, asked = ["content"] * 3, tried(fake)
    bubble = Outgoing("Oui ?", "buttons", offers(2), photo=PHOTO, quotes=WAMID)
    assert channel.send(account, Letter(1, AWA, bubble)) == Accepted("wamid.1")
    assert asked == [(True, "interactive"), (False, "interactive"), (False, "interactive"), (False, "text")]


@pytest.mark.parametrize(("mood", "kind"), [("window", "window"), ("pair", "busy"), ("token", "account")])
def test_what_is_refused_for_another_reason_is_not_tried_again(fake, account, channel, mood, kind):
    fake.moods, asked = [mood], tried(fake)
    result = channel.send(account, Letter(1, AWA, SAID))
    assert isinstance(result, Refused)
    assert (result.kind, asked) == (kind, [(True, "text")])


def test_a_template_quotes_nothing(fake, account, channel):
    name = "attention_fr"
    template = to_send(name, *(["1"] * 9))
    channel.send(account, Letter(1, AWA, SAID, template, {name: "1"}))
    assert [one["type"] for one in fake.taken] == ["template"]
    assert "context" not in fake.taken[0]
