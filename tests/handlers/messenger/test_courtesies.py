"""Somebody who is being answered sees it, as well as it goes."""

import pytest

from bot.messages import Identity
from handlers.channel import Courteous
from handlers.messenger import courtesies
from tests.fakes.messenger import PAGE, error
from tests.handlers.messenger.conftest import account_of

AWA = Identity("psid", "7000000000000001")


def test_what_he_wrote_is_seen_and_somebody_writes(fake, account, channel):
    assert isinstance(channel, Courteous)
    channel.show_typing(account, AWA, "m_0001")
    done = [{"recipient": {"id": AWA.value}, "sender_action": action} for action in ("mark_seen", "typing_on")]
    assert fake.actions == done
    assert [(one.path, one.query) for one in fake.asked] == [(f"/v25.0/{PAGE}/messages", {})] * 2
    assert fake.strangers == 0


@pytest.mark.parametrize("mood", [(400, error(613)), (500, b""), (200, b"?"), (302, {}, {"Location": "x"}), "reset"])
@pytest.mark.parametrize("before", [0, 1])
def test_a_page_that_is_away_or_refuses_hears_no_more_of_it(fake, account, channel, mood, before):
    fake.moods = [""] * before + [mood]
    channel.show_typing(account, AWA, "")
    assert len(fake.asked) <= 2


def test_nobody_there_costs_nothing(channel):
    channel.show_typing(account_of("http://127.0.0.1:1"), AWA, "")


@pytest.mark.parametrize("kind", ["phone", "comment", "bsuid"])
def test_who_has_no_chat_here_is_shown_nothing(fake, account, channel, kind):
    channel.show_typing(account, Identity(kind, "1"), "")
    assert fake.asked == []


def test_it_is_given_up_in_two_seconds():
    assert (courtesies.QUICK.connect, courtesies.QUICK.read, courtesies.QUICK.total) == (1.0, 2.0, 2.0)
