"""Courtesy: shown for what waits, to one person now and then, never waited for, and dropped where nobody is free."""

import threading
import time
from dataclasses import replace

import pytest
from prometheus_client import REGISTRY

import webhooks
from base.accounts import SimulatorAccount
from base.secret import Secret
from base.timing import Timing
from bot.courtesy import HANDS, Courtesy
from bot.dialogs import DIALOGS
from bot.inbox import Stored
from bot.messages import Happened, Identity, Incoming, Kept, Location, Media, Parsed, Reaction, Sender
from handlers.signatures import sign_body
from handlers.simulator.channel import SimulatorChannel
from tests.bot.stall import AWA, KOSSI, message_of
from tests.fakes.market import FakeMarket
from tests.waiting import wait_for

ACCOUNT = SimulatorAccount(key="simulator", secret=Secret("secret"))
PHONE = Identity("phone", AWA)
WORDS = message_of("m1", AWA, "je cherche du riz")
STORED = Stored(1)


class Provider:
    """Remembers what it is asked to show; hangs until it is let go."""

    def __init__(self, *, hangs=False):
        self.shown, self.free = [], threading.Event()
        if not hangs:
            self.free.set()

    def show_typing(self, account, to, provider_id):
        self.shown.append((account.key, to, provider_id))
        self.free.wait(10)


@pytest.fixture
def provider():
    return Provider()


def courtesy_of(provider, pause=5.0):
    return Courtesy({"simulator": provider.show_typing}, Timing(typing_again=pause), DIALOGS)


def parsed_of(*messages):
    return Parsed(tuple(Kept(message, b"") for message in messages))


def settled(provider, count):
    wait_for(lambda: len(provider.shown) >= count, "the courtesies")
    assert all(not thread.name.startswith("courtesy") or thread.join(5) is None for thread in threading.enumerate())
    return provider.shown


def count_of(outcome):
    return REGISTRY.get_sample_value("assigame_courtesies_total", {"channel": "simulator", "outcome": outcome}) or 0


def test_words_that_wait_for_more_are_shown_typing_by_their_newest_message(provider):
    courtesy_of(provider).answer_soon(ACCOUNT, parsed_of(WORDS, message_of("m2", AWA, "le riz la")), STORED)
    assert settled(provider, 1) == [("simulator", PHONE, "m2")]


def test_each_person_of_a_webhook_is_shown_it(provider):
    courtesy_of(provider).answer_soon(ACCOUNT, parsed_of(WORDS, message_of("m2", KOSSI, "bonjour maman")), STORED)
    assert sorted(shown[2] for shown in settled(provider, 2)) == ["m1", "m2"]


def test_whom_a_person_answers_by_hand_sees_nobody_else_write(provider):
    other = message_of("m2", KOSSI, "bonjour maman")
    courtesy_of(provider).answer_soon(ACCOUNT, parsed_of(WORDS, other), Stored(2, frozenset({(PHONE,)})))
    assert settled(provider, 1) == [("simulator", Identity("phone", KOSSI), "m2")]


def test_what_waits_in_the_spool_or_is_a_copy_is_not_answered_soon(provider):
    courtesy = courtesy_of(provider)
    courtesy.answer_soon(ACCOUNT, parsed_of(WORDS), None)
    courtesy.answer_soon(ACCOUNT, parsed_of(WORDS), Stored())
    courtesy.answer_soon(ACCOUNT, parsed_of(replace(WORDS, provider_id="last")), STORED)
    assert [shown[2] for shown in settled(provider, 1)] == ["last"]


def test_files_are_looked_at_for_a_while(provider):
    voice = replace(WORDS, text="", media=(Media("audio", "https://x.example/a"),))
    courtesy_of(provider).answer_soon(ACCOUNT, parsed_of(voice), STORED)
    assert settled(provider, 1) == [("simulator", PHONE, "m1")]


AT_ONCE = {
    "a tap": replace(WORDS, tap="v1"),
    "a number": replace(WORDS, text="2"),
    "a whole command": replace(WORDS, text="menu"),
    "a pin": replace(WORDS, text="", location=Location(6.1, 1.2)),
    "a reaction": replace(WORDS, text="", reaction=Reaction("m0", "❤️")),
    "words taken back": replace(WORDS, text="", deletes="m0"),
    "a public comment": replace(WORDS, comment="c1"),
    "what befell the chat": replace(WORDS, text="", happened=Happened("stopped")),
    "nobody's message": Incoming("m1", Sender(()), "bonjour maman"),
    "a message without an id": replace(WORDS, provider_id=""),
}


@pytest.mark.parametrize("message", AT_ONCE.values(), ids=AT_ONCE)
def test_what_is_answered_at_once_or_not_at_all_shows_none(provider, message):
    courtesy = courtesy_of(provider, pause=0.0001)
    courtesy.answer_soon(ACCOUNT, parsed_of(message), STORED)
    courtesy.answer_soon(ACCOUNT, Parsed(), STORED)
    courtesy.answer_soon(ACCOUNT, parsed_of(replace(WORDS, provider_id="last")), STORED)
    assert [shown[2] for shown in settled(provider, 1)] == ["last"]


def test_one_person_is_shown_it_once_in_a_while(provider):
    courtesy = courtesy_of(provider, pause=0.05)
    for number in range(3):
        courtesy.answer_soon(ACCOUNT, parsed_of(replace(WORDS, provider_id=f"m{number}")), STORED)
    assert [shown[2] for shown in settled(provider, 1)] == ["m0"]
    wait_for(
        lambda: not courtesy.answer_soon(ACCOUNT, parsed_of(WORDS), STORED) and len(provider.shown) > 1, "the next"
    )


def test_an_account_may_have_it_off_and_a_channel_may_not_have_it(provider):
    courtesy = courtesy_of(provider)
    courtesy.answer_soon(ACCOUNT.model_copy(update={"typing": False}), parsed_of(WORDS), STORED)
    Courtesy({}, Timing(), DIALOGS).answer_soon(ACCOUNT, parsed_of(WORDS), STORED)
    courtesy.answer_soon(ACCOUNT, parsed_of(replace(WORDS, provider_id="last")), STORED)
    assert [shown[2] for shown in settled(provider, 1)] == ["last"]


def test_it_is_shown_unless_an_account_says_otherwise():
    assert ACCOUNT.typing
    assert Timing().typing_again == 5


def test_a_provider_that_hangs_holds_up_no_webhook_and_what_finds_no_hand_is_dropped(config, redis):
    hanging, dropped = Provider(hangs=True), count_of("dropped")

    class Market(FakeMarket):
        courtesy = courtesy_of(hanging)

    secret = next(one.secret for one in config.channel_accounts if isinstance(one, SimulatorAccount))
    typing = [one.model_copy(update={"typing": True}) for one in config.channel_accounts]
    market = Market(
        config.model_copy(update={"channel_accounts": typing}),
        redis,
        {"simulator": SimulatorChannel("http://127.0.0.1:1")},
    )
    client = webhooks.create_app(market).test_client()
    began = time.monotonic()
    for number in range(HANDS + 3):
        body = f'{{"messages": [{{"id": "m{number}", "phone": "+2289000{number:04}", "text": "bonjour"}}]}}'.encode()
        answer = client.post(
            "/webhooks/simulator", data=body, headers={"X-Assigame-Signature": sign_body(secret, body)}
        )
        assert answer.status_code == 200
    assert time.monotonic() - began < 5
    assert market.kept.qsize() == HANDS + 3
    assert count_of("dropped") - dropped == 3
    hanging.free.set()
    assert len(settled(hanging, HANDS)) == HANDS


def test_a_channel_that_breaks_its_promise_takes_no_hand_away(provider, monkeypatch):
    monkeypatch.setattr(threading, "excepthook", lambda args: None)

    class Broken(Provider):
        def show_typing(self, account, to, provider_id):
            super().show_typing(account, to, provider_id)
            raise ValueError

    broken = Broken()
    courtesy = courtesy_of(broken, pause=0.0001)
    for number in range(HANDS + 2):
        courtesy.answer_soon(ACCOUNT, parsed_of(replace(WORDS, provider_id=f"m{number}")), STORED)
        settled(broken, number + 1)
    assert len(broken.shown) == HANDS + 2
