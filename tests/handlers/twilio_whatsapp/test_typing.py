"""Somebody who waits sees that he is being answered, and nothing that goes wrong with it is anybody's business."""

import json
import socket

import pytest

from base.outbound import Timeouts
from base.secret import Secret
from bot.messages import Identity
from handlers.channel import Courteous
from handlers.twilio_whatsapp import typing
from tests.handlers.twilio_whatsapp.conftest import account_of

AWA = Identity("phone", "+22890000001")
SID, MM = f"SM{1:032x}", f"MM{1:032x}"


def test_twilio_is_told_the_message_that_is_answered(fake, account, channel):
    assert isinstance(channel, Courteous)
    for sid in (SID, MM):
        channel.show_typing(account, AWA, sid)
    assert fake.typing == [SID, MM]
    method, path, headers, body = fake.requests[0]
    assert (method, path, headers["Content-Type"]) == ("POST", "/v3/Indicators/Typing.json", "application/json")
    assert json.loads(body) == {"channel": "WHATSAPP", "messageId": SID}


@pytest.mark.parametrize("sid", ["", "wake:1:2", "wamid.1", "SM1", f"{SID}\n", f"HX{1:032x}", "é" * 34])
def test_what_is_no_message_of_twilios_is_not_told(fake, account, channel, sid):
    channel.show_typing(account, AWA, sid)
    assert fake.requests == []


def test_nothing_that_goes_wrong_is_raised(fake, channel):
    channel.show_typing(account_of(fake, auth_token=Secret("wrong")), AWA, SID)
    channel.show_typing(account_of(fake, messaging_base="http://127.0.0.1:1"), AWA, SID)
    channel.show_typing(account_of(fake, messaging_base=f"{fake.url}/other"), AWA, SID)
    assert fake.typing == []


def test_it_waits_for_no_answer_for_long(fake, channel, monkeypatch):
    assert Timeouts(connect=1, read=2, total=3) == typing.SHORT
    monkeypatch.setattr(typing, "SHORT", Timeouts(connect=0.2, read=0.2, total=0.3))
    with socket.create_server(("127.0.0.1", 0)) as silent:
        channel.show_typing(account_of(fake, messaging_base=f"http://127.0.0.1:{silent.getsockname()[1]}"), AWA, SID)
