"""The fake Twilio calls a webhook as Twilio does: its limits, its retries, its fallback address and its error log."""

import socket
import struct
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from urllib3.exceptions import ReadTimeoutError

from base.secret import Secret
from handlers.errors import BadSignature
from handlers.signatures import check_twilio
from handlers.twilio_whatsapp.channel import CONNECTING
from tests.fakes.twilio import AUTH_TOKEN, FakeTwilio
from tests.fakes.twilio_delivery import FAILURES, Call, Logged, Overrides, call, overrides_of
from tests.fakes.twilio_phone import Inbound
from tests.ports import free_port

AWA = "+22890123456"
ADDRESS = "https://bot.example.tg/webhooks/twilio"
SECOND = "https://second.example.tg/webhooks/twilio"
RESETS, HANGS = "resets", "hangs"  # what a door does instead of an answer


class Door:
    """A door that answers one after the other as it is told, then 200; what it was asked."""

    def __init__(self, answers):
        self.answers, self.asked, self.closed = list(answers), [], threading.Event()
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), type("Handler", (_Handler,), {"door": self}))
        self.server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, args=(0.01,), daemon=True).start()

    def close(self):
        self.closed.set()
        self.server.shutdown()
        self.server.server_close()


class _Handler(BaseHTTPRequestHandler):
    door = None

    def do_POST(self):
        path, _, query = self.path.partition("?")
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.door.asked.append((path, query, dict(self.headers), body))
        answer = self.door.answers.pop(0) if self.door.answers else 200
        if answer == HANGS:
            self.door.closed.wait(20)
        if answer in (RESETS, HANGS):
            # a linger of 0 s makes the close a reset
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            self.connection.close()
            raise ConnectionAbortedError
        self.send_response(answer)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_):
        pass

    def handle_one_request(self):
        try:
            super().handle_one_request()
        except (ConnectionError, ValueError):
            self.close_connection = True


@pytest.fixture
def door_of():
    """Makes doors with these answers."""
    doors = []

    def made(*answers):
        doors.append(Door(answers))
        return doors[-1]

    yield made
    for door in doors:
        door.close()


@pytest.fixture
def fake():
    with FakeTwilio() as running:
        yield running


def request_of(url, asked):
    """What a door was asked, as a webhook of that address."""
    path, query, headers, body = asked
    return Inbound(f"{url.partition(path)[0]}{path}{query and '?'}{query}", headers, body).as_request()


@pytest.mark.parametrize(
    "fragment, overrides",
    [
        ("", Overrides(5000, 15_000, 15_000, 1, ("ct",))),
        ("#rc=5", Overrides(rc=5)),
        ("#rp=4xx,rt", Overrides(rp=("4xx", "rt"))),
        (f"#{CONNECTING}", Overrides(3000, 4000, 15_000, 3, FAILURES)),
    ],
)
def test_the_fragment_of_an_address_says_how_it_is_called(fragment, overrides):
    assert overrides_of(f"{ADDRESS}?o=1{fragment}") == overrides


@pytest.mark.parametrize("fragment", ["rc=6", "ct=99", "rt=15001", "tt=0", "rp=all,ct", "rp=3xx", "retries=3"])
def test_a_fragment_that_twilio_has_not_is_a_mistake(fragment):
    with pytest.raises(ValueError, match=r"="):
        overrides_of(f"{ADDRESS}#{fragment}")


@pytest.mark.parametrize(
    "fragment, answers, failures, status, code",
    [
        ("", [], [""], 200, None),
        ("", [500], ["5xx"], 500, 11200),  # as shipped by Twilio, a 500 is the end
        ("", [429], ["4xx"], 429, 11200),
        ("", [RESETS], ["rt"], 0, 11205),
        ("#rp=5xx", [500], ["5xx", ""], 200, None),
        ("#rp=5xx", [503, 503], ["5xx", "5xx"], 503, 11200),
        ("#rp=5xx", [403], ["4xx"], 403, 11200),
        ("#rc=3&rp=all", [RESETS, 500, 404], ["rt", "5xx", "4xx", ""], 200, None),
        ("#rc=5&rp=all", [503] * 9, ["5xx"] * 6, 503, 11200),
        ("#rc=0&rp=all", [503], ["5xx"], 503, 11200),
        ("#rt=100&rp=rt", [HANGS], ["rt", ""], 200, None),
    ],
)
def test_a_webhook_is_tried_again_as_its_address_says(fake, door_of, fragment, answers, failures, status, code):
    door = door_of(*answers)
    fake.web, fake.webhook_url = door.url, ADDRESS + fragment
    assert fake.deliver(fake.say(AWA, "riz")) == status
    assert [call.failure for call in fake.calls] == failures
    assert len({headers["I-Twilio-Idempotency-Token"] for _, _, headers, _ in door.asked}) == 1
    assert len({(headers["X-Twilio-Signature"], body) for _, _, headers, body in door.asked}) == 1
    assert fake.errors == ([Logged(code, ADDRESS, status)] if code else [])


@pytest.mark.parametrize("fragment, tries", [("", 2), ("#rc=0", 1), ("#rc=5", 6), ("#rp=5xx,rt", 1)])
def test_a_door_that_is_shut_is_tried_as_often_as_its_address_says(fake, fragment, tries):
    fake.web, fake.webhook_url = f"http://127.0.0.1:{free_port()}", ADDRESS + fragment
    assert fake.deliver(fake.say(AWA, "riz")) == 0
    assert [call.failure for call in fake.calls] == ["ct"] * tries
    assert fake.errors == [Logged(11205, ADDRESS, 0)]


def test_two_events_have_two_tokens(fake, door_of):
    fake.web = door_of().url
    for _ in range(2):
        fake.deliver(fake.say(AWA, "riz"))
    assert len({call.token for call in fake.calls}) == 2


def test_what_a_webhook_has_not_taken_goes_to_the_fallback_signed_for_that_address(fake, door_of):
    first, second = door_of(500), door_of()
    fake.web, fake.fallback = first.url, (f"{SECOND}#rc=2&rp=all", second.url)
    said = fake.say(AWA, "riz")
    assert fake.deliver(said) == 200
    assert fake.errors == [Logged(11200, ADDRESS, 500)]
    (asked,) = second.asked
    check_twilio(request_of(SECOND, asked), "https://second.example.tg", (Secret(AUTH_TOKEN),), {})
    with pytest.raises(BadSignature):
        check_twilio(request_of(SECOND, asked), "https://bot.example.tg", (Secret(AUTH_TOKEN),), {})
    assert asked[3] == said.body + b"&ErrorCode=11200&ErrorUrl=https%3A%2F%2Fbot.example.tg%2Fwebhooks%2Ftwilio"


def test_a_fallback_that_fails_too_is_a_second_line_of_the_log(fake, door_of):
    fake.web, fake.fallback = door_of(500).url, (SECOND, door_of(503).url)
    assert fake.deliver(fake.say(AWA, "riz")) == 503
    assert fake.errors == [Logged(11200, ADDRESS, 500), Logged(11200, SECOND, 503)]


def test_a_report_is_tried_again_by_its_own_address_and_has_no_fallback(fake, door_of):
    first, second = door_of(500, 500), door_of()
    fake.web, fake.fallback = first.url, (SECOND, second.url)
    status = f"{ADDRESS}/status?o=1"
    assert fake.deliver(fake.sign(f"{status}#rc=2&rp=all", {"MessageSid": "SM1"})) == 200
    assert fake.deliver(fake.sign(f"{status}#rc=0", {"MessageSid": "SM1"})) == 200
    first.answers = [500]
    assert fake.deliver(fake.sign(status, {"MessageSid": "SM1"})) == 500
    assert [call.failure for call in fake.calls] == ["5xx", "5xx", "", "", "5xx"]
    assert (fake.errors, second.asked) == ([Logged(11200, status, 500)], [])


class Hung:
    """Lines on which no answer comes, and the clock on which each takes all the time that it may."""

    def __init__(self):
        self.now, self.waited = 0.0, []

    def request(self, _method, url, timeout, **_):
        self.waited.append(timeout.read_timeout)
        self.now += timeout.read_timeout
        raise ReadTimeoutError(None, url, "no answer")


@pytest.mark.parametrize(
    "fragment, waited",
    [
        ("#rt=300&tt=500&rc=5&rp=all", [0.3, 0.2]),  # the last one has what is left
        ("#rt=400&tt=1000&rc=5&rp=rt", [0.4, 0.4, 0.2]),
        ("#rt=400&tt=1000&rc=1&rp=rt", [0.4, 0.4]),
        ("#rt=400&tt=1000&rc=5&rp=ct", [0.4]),
        ("", [15.0]),
    ],
)
def test_tries_that_hang_share_the_total_time(fake, fragment, waited):
    fake.webhook_url, hung = ADDRESS + fragment, Hung()
    tries = call(hung, fake.say(AWA, "riz"), lambda: "http://door", "token1", lambda: hung.now)
    assert hung.waited == pytest.approx(waited)
    assert tries == [Call(ADDRESS, "token1", 0, "rt")] * len(waited)
