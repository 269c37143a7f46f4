"""The fake Twilio keeps Twilio's rules, and its phones write as Twilio does."""

import json
import socket
import struct
import subprocess
import sys
import threading
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlencode

import pytest
import urllib3

from base.config import ROOT
from base.outbound import Timeouts
from bot.messages import Accepted, Identity, Letter, Location, Offer, Outgoing, StatusReport, Unclear
from handlers.channel import WebhookRequest
from handlers.twilio_whatsapp.channel import TwilioWhatsapp
from handlers.twilio_whatsapp.contents import create_contents
from tests.fakes.twilio import ACCOUNT_SID, AUTH_TOKEN, SENDER, FakeTwilio
from tests.fakes.twilio_http import listens
from tests.handlers.twilio_whatsapp.conftest import SECRET_KEY, account_of
from tests.waiting import wait_for

AWA = "+22890123456"
YES_NO = Outgoing("C'est bon ?", "buttons", (Offer(1, "Oui", "v1:yes"), Offer(2, "Non", "v1:no")))


@pytest.fixture
def web():
    """A door that keeps what it is sent."""
    kept = []

    class Door(BaseHTTPRequestHandler):
        def do_POST(self):
            path, _, query = self.path.partition("?")
            body = self.rfile.read(int(self.headers["Content-Length"]))
            headers = {name.lower(): value for name, value in self.headers.items()}
            kept.append(WebhookRequest("POST", path, query, headers, body))
            self.send_response(200)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Door)
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}", kept
    server.shutdown()
    server.server_close()


def read(channel, account, request):
    return channel.parse(channel.verify([account], request)[0], request)


def test_reports_come_back_signed_in_their_order_with_our_id(web, channel):
    address, kept = web
    with FakeTwilio(web=address) as fake:
        account = account_of(fake)
        result = channel.send(account, Letter(4711, Identity("phone", AWA), Outgoing("Bonjour")))
        fake.settle()
    reports = [report for request in kept for report in read(channel, account, request).reports]
    assert reports == [StatusReport(result.provider_id, status, 4711) for status in ("sent", "delivered", "read")]
    assert [status for _, status, answer in fake.posted if answer == 200] == ["sent", "delivered", "read"]


def confirmed_by(fake):
    """What told the sender that each message is taken."""
    return [set(message.confirmed) for message in fake.messages]


def test_an_answer_confirms_nothing_to_a_caller_that_has_given_up(fake, monkeypatch):
    take, document, may_take, is_answered = fake.take, fake.document, threading.Event(), threading.Event()
    monkeypatch.setattr(fake, "take", lambda form: may_take.wait(10) and take(form))
    monkeypatch.setattr(fake, "document", lambda message: is_answered.set() or document(message))
    hasty = TwilioWhatsapp("https://bot.example.tg", SECRET_KEY, Timeouts(connect=1, read=0.1, total=1))
    assert hasty.send(account_of(fake), Letter(1, Identity("phone", AWA), Outgoing("Bonjour"))) == Unclear(
        "answer_lost"
    )
    may_take.set()
    assert is_answered.wait(10)
    assert confirmed_by(fake) == [set()]


def test_a_caller_that_has_closed_or_reset_its_line_listens_no_more():
    ours, theirs = socket.socketpair()
    with ours, theirs:
        assert listens(ours)
        theirs.sendall(b"POST")  # the next request
        assert listens(ours)
    with socket.create_server(("127.0.0.1", 0)) as server:
        for linger in (False, True):
            caller = socket.create_connection(server.getsockname())
            there, _ = server.accept()
            if linger:  # which makes the close a reset
                caller.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            caller.close()
            wait_for(lambda there=there: not listens(there), "its close is not seen")
            there.close()


def test_a_message_is_confirmed_by_its_answer_its_report_or_a_list_that_shows_it(web, channel):
    address, _ = web
    letter, begun = Letter(1, Identity("phone", AWA), Outgoing("Bonjour")), datetime.now(UTC)
    with FakeTwilio(web=address, callbacks=()) as fake:
        account = account_of(fake)
        fake.listed_after = float("inf")
        for mode in ("ok", "accept_then_reset", "fail:63016"):
            fake.mode(mode, times=1)
            channel.send(account, letter)
        fake.settle()
        assert confirmed_by(fake) == [{"answer"}, set(), {"answer"}]
        channel.look_up(account, letter, begun)
        assert confirmed_by(fake) == [{"answer"}, set(), {"answer"}]
        for message in fake.messages:
            message.listed_at = 0.0
        channel.look_up(account, letter, begun)
        told = [{"answer", "list"}, {"list"}, {"answer"}]  # a failure is no confirmation
        wait_for(lambda: confirmed_by(fake) == told, "the list confirms nothing")  # once its answer is out

        fake.callbacks = ("sent",)
        fake.mode("accept_then_reset", times=1)
        channel.send(account, letter)
        fake.settle()
        assert confirmed_by(fake)[3] == {"report"}
        fake.web = "http://127.0.0.1:1"
        fake.mode("accept_then_reset", times=1)
        channel.send(account, letter)
        fake.settle()
        assert confirmed_by(fake)[4] == set()  # nobody has taken the report


def test_a_tap_a_word_and_a_pin_are_what_the_channel_reads(fake, account, channel):
    channel.send(account, Letter(1, Identity("phone", AWA), YES_NO, None, create_contents(account)))
    (message,) = fake.to(AWA)
    taps = [fake.tap(message, "Non"), fake.tap(message, "Non", by="ListId")]
    for inbound in taps:
        (kept,) = read(channel, account, inbound.as_request()).messages
        assert (kept.message.tap, kept.message.text, kept.message.replied_to) == ("v1:no", "Non", message.sid)
        assert kept.message.sender.identities == (Identity("phone", AWA),)
    (said,) = read(channel, account, fake.say("TG.123456", "riz").as_request()).messages
    assert (said.message.text, said.message.sender.identities) == ("riz", (Identity("bsuid", "TG.123456"),))
    (pinned,) = read(channel, account, fake.pin(AWA, 6.13, 1.22, Label="Marché").as_request()).messages
    assert pinned.message.location == Location(6.13, 1.22, "Marché")
    (shown,) = read(channel, account, fake.photo(AWA, "https://api.twilio.com/1", "riz").as_request()).messages
    assert (shown.message.text, shown.message.media[0].kind) == ("riz", "image")
    ids = {inbound.as_request().body for inbound in taps}
    assert len(ids) == 2


def post(fake, fields, token=AUTH_TOKEN, timeout=5.0):
    headers = urllib3.make_headers(basic_auth=f"{ACCOUNT_SID}:{token}")
    headers["Content-Type"] = "application/x-www-form-urlencoded"
    url = f"{fake.url}/2010-04-01/Accounts/{ACCOUNT_SID}/Messages.json"
    body = urlencode(fields)
    answer = urllib3.request("POST", url, body=body, headers=headers, retries=False, timeout=timeout)
    return answer.status, answer.json().get("code")


GOOD = {"To": f"whatsapp:{AWA}", "From": SENDER, "Body": "Bonjour"}
LIST = {"1": "Choisissez", "2": "Voir", "3": "Riz", "4": "v1:1", "5": "500 F"}


@pytest.mark.parametrize(
    "changed, code",
    [
        ({}, None),
        ({"To": AWA}, 21211),
        ({"From": "+22870000000"}, 21910),
        ({"From": "whatsapp:+22870000009"}, 63007),
        ({"To": SENDER}, 63031),
        ({"Body": ""}, 21619),
        ({"Body": "x" * 1600}, None),
        ({"Body": "x" * 1601}, 21617),
        ({"MediaUrl": "riz.jpg"}, 21620),
        ({"StatusCallback": "https://my_host.tg/"}, 21609),
        ({"StatusCallback": "/webhooks"}, 21609),
        ({"ContentSid": "HX" + "0" * 32}, 21655),
    ],
)
def test_the_fake_refuses_what_twilio_refuses(fake, changed, code):
    assert post(fake, GOOD | changed) == ((400, code) if code else (201, None))
    assert len(fake.messages) == (0 if code else 1)


@pytest.mark.parametrize(
    "changed, code",
    [
        ({}, None),
        ({"3": "x" * 24, "4": "x" * 200, "5": "x" * 72, "2": "x" * 20, "1": "x" * 1024}, None),
        ({"1": "x" * 1025}, 63005),
        ({"2": "x" * 21}, 63005),
        ({"3": "x" * 25}, 63005),
        ({"3": "a\nb"}, 63005),
        ({"4": "x" * 201}, 63005),
        ({"5": "x" * 73}, 63005),
        ({"5": ""}, 21656),
        ({"5": 7}, 21656),
        ({"6": "too much"}, 63028),
    ],
)
def test_the_fake_refuses_contents_that_twilio_refuses(fake, account, changed, code):
    sid = create_contents(account)["fr_list_1"]
    asked = GOOD | {"ContentSid": sid, "ContentVariables": json.dumps(LIST | changed)}
    assert post(fake, asked) == ((400, code) if code else (201, None))
    assert post(fake, asked | {"ContentVariables": "{"}) == (400, 21656)
    assert post(fake, asked | {"ContentVariables": json.dumps({"1": "x"})}) == (400, 63028)


def test_a_stranger_is_refused(fake):
    assert post(fake, GOOD, token="wrong") == (401, 20003)


@pytest.mark.parametrize("mode, taken", [("hang", 0), ("hang_accepted", 1)])
def test_a_hanging_twilio_answers_nothing(fake, mode, taken):
    fake.mode(mode, times=1)
    with pytest.raises(urllib3.exceptions.ReadTimeoutError):
        post(fake, GOOD, timeout=0.1)
    assert len(fake.messages) == taken
    assert post(fake, GOOD) == (201, None)


def test_a_failure_told_later_is_a_report(web, channel):
    address, kept = web
    with FakeTwilio(web=address) as fake:
        account = account_of(fake)
        fake.mode("fail:63016", times=1)
        result = channel.send(account, Letter(7, Identity("phone", AWA), Outgoing("Bonjour")))
        fake.settle()
    assert isinstance(result, Accepted)
    (report,) = read(channel, account, kept[0]).reports
    assert (report.status, report.outbox_id, report.failure.kind) == ("failed", 7, "window")


def test_it_runs_as_a_process_of_its_own_and_is_told_what_to_do():
    command = [sys.executable, "-m", "tests.fakes.twilio", "--port", "0"]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        try:
            url = process.stdout.readline().strip()

            def control(what, **told):
                return urllib3.request("POST", f"{url}/_fake/{what}", json=told).json()

            class Remote:
                pass

            Remote.url = url
            control("mode", mode="refuse:21610", times=1)
            assert post(Remote, GOOD) == (400, 21610)
            assert post(Remote, GOOD) == (201, None)
            (message,) = control("messages")
            assert (message["to"], message["body"], message["status"]) == (GOOD["To"], "Bonjour", "read")
            assert control("messages", **{"from": 1}) == []
        finally:
            process.terminate()
