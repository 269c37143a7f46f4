"""A call out tells whether it can have been heard, whatever the other side does."""

import gzip
import json
import socket
import struct
import threading
import time
from contextlib import contextmanager

import pytest
from twilio.base.exceptions import TwilioRestException
from twilio.rest import Client

from base.outbound import AnswerLost, NotSent, RedirectRefused, Timeouts, call, fetch
from base.outbound_twilio import TwilioHttp
from base.secret import Secret

SHORT = Timeouts(connect=1, read=0.3, total=0.6)
OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nX-Kind: good\r\n\r\nok"


@contextmanager
def server(answer):
    """A loopback server; `answer(connection, request, count)` speaks raw bytes. Yields its address and its requests."""
    listener = socket.create_server(("127.0.0.1", 0))
    requests, threads = [], []

    def serve(connection):
        with connection:
            while request := read_request(connection):
                requests.append(request)
                if answer(connection, request, len(requests)) == "close":
                    return

    def accept():
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            threads.append(threading.Thread(target=serve, args=(connection,), daemon=True))
            threads[-1].start()

    threading.Thread(target=accept, daemon=True).start()
    yield f"http://127.0.0.1:{listener.getsockname()[1]}", requests
    listener.shutdown(socket.SHUT_RDWR)
    listener.close()


def read_request(connection):
    data = b""
    try:
        while b"\r\n\r\n" not in data:
            part = connection.recv(65536)
            if not part:
                return None
            data += part
        head, _, body = data.partition(b"\r\n\r\n")
        length = next(
            (int(line[15:]) for line in head.split(b"\r\n") if line.lower().startswith(b"content-length:")), 0
        )
        while len(body) < length:
            body += connection.recv(65536)
    except OSError:
        return None
    return head + b"\r\n\r\n" + body


def says(*parts, then=None):
    def answer(connection, request, count):
        for part in parts:
            connection.sendall(part)
        return then

    return answer


def resets(connection, request, count):
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    return "close"


def hangs(connection, request, count):
    connection.recv(1)  # until the caller goes away
    return "close"


def drips(connection, request, count):
    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n")
    try:
        while True:
            connection.sendall(b"x")
            threading.Event().wait(0.02)
    except OSError:
        return "close"


def redirect(target):
    return b"HTTP/1.1 302 Found\r\nContent-Length: 0\r\nLocation: " + target.encode() + b"\r\n\r\n"


def test_an_answer_comes_back_whole_and_the_connection_is_used_again():
    peers = set()

    def answer(connection, request, count):
        peers.add(connection.getpeername())
        connection.sendall(OK)

    with server(answer) as (url, requests):
        answers = [call("POST", url + "/a?b=1", fields={"To": "é", "Media": ["1", "2"]}) for _ in range(2)]
    assert [(a.status, a.headers["x-kind"], a.body, a.text) for a in answers] == [(200, "good", b"ok", "ok")] * 2
    assert len(peers) == 1
    assert requests[0].startswith(b"POST /a?b=1 HTTP/1.1\r\n")
    assert requests[0].endswith(b"\r\n\r\nTo=%C3%A9&Media=1&Media=2")
    assert b"Content-Type: application/x-www-form-urlencoded" in requests[0]


def chunked(body, size):
    parts = [body[at : at + size] for at in range(0, len(body), size)]
    return b"".join(b"%x\r\n%s\r\n" % (len(part), part) for part in parts) + b"0\r\n\r\n"


@pytest.mark.parametrize("encoding, encode", [("identity", bytes), ("gzip", gzip.compress)])
def test_an_answer_in_chunks_comes_back_whole(encoding, encode):
    body = bytes(range(256)) * 400
    head = f"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Encoding: {encoding}\r\n\r\n".encode()
    with server(says(head, chunked(encode(body), 7))) as (url, _):
        assert call("GET", url).body == body
        assert fetch(url).body == body


def test_a_small_answer_that_unpacks_to_a_huge_one_is_cut_off():
    packed = gzip.compress(b"x" * 50_000_000)
    head = f"HTTP/1.1 200 OK\r\nContent-Length: {len(packed)}\r\nContent-Encoding: gzip\r\n\r\n".encode()
    with server(says(head, packed)) as (url, _), pytest.raises(AnswerLost, match="too long"):
        call("GET", url)


def test_credentials_travel_as_basic_and_a_body_as_it_is():
    with server(says(OK)) as (url, requests):
        call("PUT", url, body=b'{"a": 1}', headers={"Content-Type": "application/json"}, auth=("AC1", Secret("pass")))
    assert b"Authorization: Basic QUMxOnBhc3M=" in requests[0]
    assert requests[0].endswith(b'\r\n\r\n{"a": 1}')


def closed_port():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return listener.getsockname()[1]


@pytest.mark.parametrize(
    "address", ["http://127.0.0.1:{port}/", "https://127.0.0.1:{port}/", "http://no.such.invalid/", "http:///"]
)
def test_what_never_connects_is_not_sent(address):
    with pytest.raises(NotSent):
        call("POST", address.format(port=closed_port()), body=b"x", timeouts=SHORT)


def test_a_failed_tls_handshake_is_not_sent():
    with server(says(OK)) as (url, requests), pytest.raises(NotSent):
        call("POST", url.replace("http:", "https:"), body=b"secret words", timeouts=SHORT)
    assert requests == []


def test_a_handshake_that_hangs_is_not_sent():
    with socket.create_server(("127.0.0.1", 0)) as listener, pytest.raises(NotSent):
        call("POST", f"https://127.0.0.1:{listener.getsockname()[1]}/", body=b"x", timeouts=SHORT)


@pytest.mark.parametrize(
    "answer, status",
    [
        (resets, None),
        (hangs, None),
        (says(then="close"), None),
        (says(b"nonsense\r\n\r\n", then="close"), None),
        (says(b"HTTP/1.1 201 Created\r\nContent-Length: 100\r\n\r\nhalf", then="close"), 201),
        (says(b"HTTP/1.1 201 Created\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhalf", then="close"), 201),
        (says(b"HTTP/1.1 201 Created\r\nContent-Encoding: gzip\r\nContent-Length: 4\r\n\r\nhalf"), 201),
        (drips, 200),
    ],
)
def test_what_was_sent_and_has_no_whole_answer_is_lost(answer, status):
    with server(answer) as (url, requests):
        with pytest.raises(AnswerLost) as caught:
            call("POST", url, body=b"x", timeouts=SHORT)
        assert caught.value.status == status
        assert len(requests) == 1  # heard once, never sent again


def test_a_huge_answer_is_cut_off():
    huge = b"HTTP/1.1 200 OK\r\nContent-Length: 9000000\r\n\r\n" + b"x" * 200_000
    with server(says(huge)) as (url, _), pytest.raises(AnswerLost, match="too long"):
        call("GET", url, most_bytes=100_000, timeouts=SHORT)


def test_a_reset_on_a_used_connection_is_lost_too():
    def answer(connection, request, count):
        if count == 2:
            return resets(connection, request, count)
        connection.sendall(OK)
        return None

    with server(answer) as (url, requests):
        assert call("POST", url, body=b"1").status == 200
        with pytest.raises(AnswerLost):
            call("POST", url, body=b"2", timeouts=SHORT)
        assert call("POST", url, body=b"3").status == 200
    assert [request[-1:] for request in requests] == [b"1", b"2", b"3"]


def test_a_call_never_follows_a_redirect():
    with server(says(OK)) as (other, strangers), server(says(redirect(other))) as (url, _):
        assert call("POST", url, body=b"x").status == 302
    assert strangers == []


def test_an_error_names_the_host_and_nothing_that_was_sent():
    url = f"http://127.0.0.1:{closed_port()}/Messages?To=%2B22890123456"
    with pytest.raises(NotSent) as caught:
        call("POST", url, body=b"bonjour")
    assert str(caught.value) == "127.0.0.1: not connected (NewConnectionError)"


def test_a_fetch_follows_only_where_it_may_and_leaves_its_credentials_behind():
    with server(says(OK)) as (other, strangers), server(says(redirect(other + "/file"))) as (url, _):
        with pytest.raises(RedirectRefused):
            fetch(url, auth=("AC1", Secret("pass")))
        assert strangers == []
        assert fetch(url, auth=("AC1", Secret("pass")), redirects_to=("127.0.0.1",)).body == b"ok"
    assert len(strangers) == 1
    assert b"Authorization" not in strangers[0]


def test_a_fetch_follows_its_own_host_with_its_credentials_and_not_for_ever():
    def answer(connection, request, count):
        connection.sendall(OK if request.startswith(b"GET /there") else redirect("/there"))

    with server(answer) as (url, requests):
        assert fetch(url, auth=("AC1", Secret("pass"))).body == b"ok"
        assert b"Authorization" in requests[1]
    with server(says(redirect("/again"))) as (url, requests):
        with pytest.raises(RedirectRefused, match="more than 3"):
            fetch(url)
        assert len(requests) == 4


@pytest.mark.parametrize("nowhere", ["http://[", "https://[:1]/"])
def test_a_fetch_is_led_to_no_address_that_is_none(nowhere):
    with server(says(redirect(nowhere))) as (url, requests):
        with pytest.raises(RedirectRefused, match="to no address"):
            fetch(url)
        assert len(requests) == 1


@pytest.mark.parametrize("end", ["\\.media.example/file", "\\@cdn.media.example/file"])
def test_a_fetch_is_led_to_no_host_that_only_looks_like_a_named_one(end):
    with server(says(OK)) as (other, strangers):
        looks_named = other + end
        with server(says(redirect(looks_named))) as (url, _), pytest.raises(RedirectRefused):
            fetch(url, redirects_to=(".media.example",))
        assert strangers == []


def test_the_body_of_a_redirect_is_held_to_the_limit_too():
    heavy = b"HTTP/1.1 302 Found\r\nLocation: /there\r\nContent-Length: 200000\r\n\r\n" + bytes(200_000)
    with server(says(heavy)) as (url, requests):
        with pytest.raises(AnswerLost, match="too long"):
            fetch(url, most_bytes=1_000)
        assert len(requests) == 1


@pytest.mark.parametrize("answer", [hangs, drips, says(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nx", then="close")])
def test_a_fetch_whose_answer_is_lost_says_so(answer):
    with server(answer) as (url, _), pytest.raises(AnswerLost):
        fetch(url, timeouts=SHORT)


def test_a_fetch_that_cannot_connect_says_so():
    with pytest.raises(NotSent):
        fetch(f"http://127.0.0.1:{closed_port()}/")


def test_nothing_waits_longer_than_it_may():
    with server(drips) as (url, _):
        before = time.monotonic()
        with pytest.raises(AnswerLost, match="too slow"):
            call("GET", url, timeouts=SHORT)
        assert time.monotonic() - before < 5


def twilio(url):
    return Client(
        "AC" + "0" * 32, "token", http_client=TwilioHttp({"api.twilio.com": url, "content.twilio.com": url}, SHORT)
    )


def http_json(status, value):
    body = json.dumps(value).encode()
    return b"HTTP/1.1 %d X\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n" % (status, len(body)) + body


def test_the_twilio_library_goes_through_our_way_out():
    with server(says(http_json(201, {"sid": "SM1", "status": "queued"}))) as (url, requests):
        message = twilio(url).messages.create(
            to="whatsapp:+22890123456", from_="whatsapp:+1", body="é", media_url=["m"]
        )
    assert message.sid == "SM1"
    head, body = requests[0].split(b"\r\n\r\n")
    assert head.startswith(b"POST /2010-04-01/Accounts/AC00000000000000000000000000000000/Messages.json HTTP/1.1\r\n")
    assert body == b"To=whatsapp%3A%2B22890123456&From=whatsapp%3A%2B1&Body=%C3%A9&MediaUrl=m"
    assert b"Authorization: Basic " in head


def test_twilio_content_and_look_ups_use_the_stand_in_too():
    with server(says(http_json(200, {"messages": [], "contents": [], "meta": {"key": "contents"}}))) as (url, requests):
        client = twilio(url)
        assert client.messages.list(to="whatsapp:+22890123456", limit=1) == []
        assert client.content.v1.contents.list(limit=1) == []
    assert [request.split(b" HTTP")[0] for request in requests] == [
        b"GET /2010-04-01/Accounts/AC00000000000000000000000000000000/Messages.json"
        b"?To=whatsapp%3A%2B22890123456&PageSize=1",
        b"GET /v1/Content?PageSize=1",
    ]


def test_twilio_errors_are_those_of_the_library_and_lost_answers_are_ours():
    with server(says(http_json(400, {"code": 21211, "message": "bad", "status": 400}))) as (url, _):
        with pytest.raises(TwilioRestException) as caught:
            twilio(url).messages.create(to="x", from_="y", body="z")
        assert (caught.value.status, caught.value.code) == (400, 21211)
    with server(resets) as (url, _), pytest.raises(AnswerLost):
        twilio(url).messages.create(to="x", from_="y", body="z")
    with pytest.raises(NotSent):
        twilio(f"http://127.0.0.1:{closed_port()}").messages.create(to="x", from_="y", body="z")
