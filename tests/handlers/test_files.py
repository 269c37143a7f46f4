"""Files at the providers: their own hosts alone, the account's credentials there and nowhere else, never too much."""

import time

import pytest

from base.outbound import Timeouts
from base.secret import Secret
from bot.messages import Media
from bot.provider_answers import FetchedFile, NoFile, NotNow
from handlers.simulator.channel import SimulatorChannel
from handlers.twilio_whatsapp.channel import TwilioWhatsapp
from tests.fakes.canned_host import CannedHost
from tests.fakes.twilio import FakeTwilio
from tests.files import OGG
from tests.handlers.twilio_whatsapp.conftest import account_of

MOST = 1000
QUICK = Timeouts(connect=1, read=0.5, total=1)


@pytest.fixture
def fake():
    with FakeTwilio() as running:
        yield running


@pytest.fixture
def other():
    """A host beside Twilio."""
    with CannedHost(OGG) as running:
        yield running


def fetch(fake, content, *, reference=None, **changed):
    channel = TwilioWhatsapp("https://market.example", Secret("key"), QUICK)
    named = fake.keeps(content)
    return channel.fetch(account_of(fake, **changed), Media("audio", reference or named), MOST)


def test_a_file_is_fetched_with_the_accounts_credentials(fake):
    assert fetch(fake, OGG) == FetchedFile(OGG)


def test_other_credentials_are_refused(fake):
    assert fetch(fake, OGG, auth_token=Secret("wrong")) == NoFile("status_401")


def test_a_file_of_a_media_host_is_fetched_there_without_the_credentials(fake, other):
    answer = fetch(fake, (302, {"Location": f"{other.url}/file"}, b""), media_hosts=("127.0.0.1",))

    assert answer == FetchedFile(OGG)
    (asked,) = other.asked
    assert "authorization" not in asked


def test_a_redirect_to_a_strangers_host_is_not_followed(fake, other):
    answer = fetch(fake, (302, {"Location": other.url.replace("127.0.0.1", "localhost")}, b""))

    assert answer == NoFile("127.0.0.1: redirect to localhost refused")
    assert other.asked == []


def test_endless_redirects_end(fake):
    named = fake.keeps(b"")
    assert isinstance(fetch(fake, (302, {"Location": named}, b"")), NoFile)


@pytest.mark.parametrize("content", [b"x" * (MOST + 1), (200, {}, b"x" * 100_000)])
def test_more_than_was_asked_for_is_not_read(fake, content):
    assert fetch(fake, content) == NoFile("too_large")


def test_just_as_much_as_was_asked_for_is_read(fake):
    assert fetch(fake, b"x" * MOST) == FetchedFile(b"x" * MOST)


def test_a_provider_that_trickles_is_left_and_asked_again_later(fake):
    def trickle(handler):
        handler.send_response(200)
        handler.send_header("Content-Length", "900")
        handler.end_headers()
        for _ in range(40):
            handler.wfile.write(b"x")
            time.sleep(0.1)

    began = time.monotonic()
    assert fetch(fake, trickle) == NotNow("answer_lost")
    assert time.monotonic() - began < 3


@pytest.mark.parametrize(
    ("status", "answer"),
    [
        (404, NoFile("status_404", is_gone=True)),
        (410, NoFile("status_410", is_gone=True)),
        (403, NoFile("status_403")),
        (429, NotNow("status_429")),
        (500, NotNow("status_500")),
        (503, NotNow("status_503")),
    ],
)
def test_what_a_provider_says_instead_of_a_file(fake, status, answer):
    assert fetch(fake, (status, {}, b"no")) == answer


def test_a_file_that_twilio_does_not_know_is_gone(fake):
    named = fake.keeps(OGG)
    fake.files.clear()
    channel = TwilioWhatsapp("https://market.example", Secret("key"), QUICK)
    assert channel.fetch(account_of(fake), Media("audio", named), MOST) == NoFile("status_404", is_gone=True)


@pytest.mark.parametrize(
    "reference",
    [
        "https://evil.example/2010-04-01/Accounts/AC00000000000000000000000000000001/Messages/MM1/Media/ME1",
        "{url}/2010-04-01/Accounts/AC00000000000000000000000000000002/Messages/MM1/Media/ME1",
        "{url}/2010-04-01/Accounts/AC00000000000000000000000000000001/Messages/../Media/ME1",
        "{url}/2010-04-01/Accounts/AC00000000000000000000000000000001/Messages/MM1/Media/ME1?x=1",
        "{url}@evil.example/2010-04-01/Accounts/AC00000000000000000000000000000001/Messages/MM1/Media/ME1",
        "file:///etc/passwd",
        "http://169.254.169.254/latest/meta-data",
        "",
    ],
)
def test_nothing_but_a_file_of_the_account_is_asked_for(fake, reference):
    asked = reference.format(url=fake.url) or "x"
    assert fetch(fake, OGG, reference=asked) == NoFile("not_of_the_account")
    assert fake.requests == []


def test_the_simulators_channel_asks_its_own_page_alone(other):
    channel = SimulatorChannel(other.url, QUICK)
    name = "Zk3v0v2c7b1mJ0r8q9wXyA"

    assert channel.fetch(None, Media("audio", f"{other.url}/simulator/photos/{name}"), MOST) == FetchedFile(OGG)
    for reference in (
        f"{other.url}/metrics",
        f"{other.url}/simulator/photos/../x",
        f"http://x/simulator/photos/{name}",
    ):
        assert channel.fetch(None, Media("audio", reference), MOST) == NoFile("not_of_the_simulator")
    assert len(other.asked) == 1


def test_a_provider_that_is_not_there_is_asked_again_later():
    channel = SimulatorChannel("http://127.0.0.1:1", QUICK)
    reference = "http://127.0.0.1:1/simulator/photos/Zk3v0v2c7b1mJ0r8q9wXyA"
    assert channel.fetch(None, Media("audio", reference), MOST) == NotNow("not_sent")
