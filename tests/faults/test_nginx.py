"""A real nginx with our sample configuration: signatures hold behind it, and slow clients cost the market nothing."""

import json
import os
import signal
import socket
import ssl
import sys
import threading
import time
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from statistics import median
from urllib.parse import urlencode

import pytest

from base.secret import Secret
from bench import processes
from bench.report import percentile
from handlers.graph import signature
from tests.deploy.fronts import ROOM, nginx_before
from tests.fakes import graph_phones, messenger_phone
from tests.fakes.graph_cloud import APP_SECRET
from tests.faults import history
from tests.processes.house import SHUT_OUT, house_in
from tests.processes.providers import CloudProvider, PageProvider

pytestmark = pytest.mark.soak

PATH = "/webhooks/twilio"
SLOW, SECONDS, MINUTE = 200, 20, 60
GROWTH, FLAT = 8.0, 2.0  # MiB that a door may grow by for slow clients, and then in a minute of them
THREADS = 8  # of a door, each with what its first request loads
PHOTO, PHOTO_BYTES = f"{'0' * 64}.jpg", 1_000_000
KEPT_LINES = 40  # to the market that nginx keeps, and those in use at a moment
RECORD = 16384  # bytes of what TLS sends at once
TWILIO_WAITS = 4.0  # seconds until the first byte of an answer, as rt=4000 says behind the webhook's address
IN_TIME = 1.0  # seconds of an acknowledgement: providers ask that less than 1 % take longer
ESTABLISHED = "01"  # Linux: include/net/tcp_states.h
ODD_WORDS = ("riz", "du riz à 100 %", "a+b&c=d", "prix ? 1/2 #3", "é" * 300, "👍🏾", " deux  espaces ", "ligne\nligne")


@pytest.fixture
def house(services, planted, redis, redis_url, tmp_path):
    with house_in(services, planted, redis, redis_url, tmp_path) as house:
        house.may_fail_for.add(SHUT_OUT)
        yield house.start()


@pytest.fixture
def house_of_two_doors(services, planted, redis, redis_url, tmp_path):
    with house_in(services, planted, redis, redis_url, tmp_path, webs=2) as house:
        house.may_fail_for.add(SHUT_OUT)
        yield house.start()


@pytest.fixture
def house_of_meta(services, planted, redis, redis_url, tmp_path):
    """A number at the Cloud API and a Page."""
    behind = (CloudProvider, PageProvider)
    with house_in(services, planted, redis, redis_url, tmp_path, behind=behind) as house:
        house.may_fail_for.add(SHUT_OUT)
        yield house.start()


def test_signed_words_of_every_kind_pass_and_a_changed_byte_does_not(house):
    with nginx_before(house) as (address, client):
        for number, words in enumerate(ODD_WORDS):
            inbound = house.provider.say(f"+2289400000{number}", words)
            assert inbound.url == f"https://market.example{PATH}"
            answer = client.request("POST", address + PATH, body=inbound.body, headers=inbound.headers)
            assert (words, answer.status) == (words, 200)
            spoilt = inbound.body.replace(b"MessageType=text", b"MessageType=tezt")
            assert client.request("POST", address + PATH, body=spoilt, headers=inbound.headers).status == 403
        assert client.request("POST", address + PATH, body=b"x" * 3_100_000).status == 413
        assert client.request("GET", f"{address}/metrics").status == 404
    house.wait_until_idle()
    history.check(house)
    assert house.value("select count(*) from inbox") == len(ODD_WORDS)


def test_a_door_that_hangs_is_given_up_before_twilio_hangs_up(house_of_two_doors):
    house = house_of_two_doors
    hung, took = house.webs[0], []
    with nginx_before(house) as (address, client), hanging(hung):
        for number in range(6):
            inbound = house.provider.say(f"+2289400000{number}", "bonjour")
            took.append(seconds_of(client, "POST", address + PATH, inbound.body, headers=inbound.headers))
    assert max(took) < TWILIO_WAITS
    assert max(took) > 2.0, "no webhook was sent to the door that hangs"
    house.wait_until_idle()
    history.check(house)
    assert house.value("select count(*) from inbox") == len(took)


@contextmanager
def hanging(process):
    """A process and its children stand still meanwhile."""
    os.killpg(process.popen.pid, signal.SIGSTOP)
    try:
        yield
    finally:
        os.killpg(process.popen.pid, signal.SIGCONT)


MEGABYTE = 1_000_000
SPELLINGS = {
    "escaped": lambda told: json.dumps(told),
    "in UTF-8": lambda told: json.dumps(told, ensure_ascii=False),
    "as PHP does": lambda told: json.dumps(told).replace("/", "\\/"),
    "spread out": lambda told: json.dumps(told, indent=1) + "\n",
}


def among_statuses(inbound, number):
    """A webhook of WhatsApp's with so many statuses that nobody knows, and a message behind them."""
    statuses = [graph_phones.status_of(f"wamid.{place}", "warned", "") for place in range(number)]
    told = [change["value"] for change in json.loads(inbound.body)["entry"][0]["changes"]]
    return graph_phones.signed([{"statuses": statuses}, *told])


def among_events(inbound, number):
    """A webhook of a Page's with so many events that nobody knows, and a message behind them."""
    event = {"sender": {"id": "7"}, "recipient": {"id": "1"}, "game_play": {"payload": "x" * 80}}
    told = json.loads(inbound.body)["entry"][0]["messaging"]
    return messenger_phone.signed([*({**event, "timestamp": place} for place in range(number)), *told])


AMONG_OTHERS = {"whatsapp": among_statuses, "messenger": among_events}


def provider_of(house, key):
    return next(provider for provider in house.providers if provider.key == key)


def spelled(provider, inbound, spelling):
    """The same document in other bytes, signed as they are."""
    body = SPELLINGS[spelling](json.loads(inbound.body)).encode()
    return provider.inbound({**inbound.headers, "X-Hub-Signature-256": signature(Secret(APP_SECRET), body)}, body)


@pytest.mark.parametrize("key", ["whatsapp", "messenger"])
def test_metas_bytes_pass_in_every_spelling_as_they_were_signed_and_no_others_do(house_of_meta, key):
    house, provider = house_of_meta, provider_of(house_of_meta, key)
    with nginx_before(house) as (address, client):

        def answer(inbound, headers=None):
            posted = client.request(
                "POST", address + provider.path, body=inbound.body, headers=headers or inbound.headers
            )
            return posted.status

        for number, words in enumerate(ODD_WORDS):
            for place, spelling in enumerate(SPELLINGS):
                first = provider.say(f"+22894{place}000{number:02d}", words)
                inbound = spelled(provider, first, spelling)
                assert (words, spelling, answer(inbound)) == (words, spelling, 200)
                if inbound.body != first.body:  # what it says is the same, and it is not what was signed
                    assert answer(inbound, first.headers) == 403
        assert answer(first, {"Content-Type": "application/json"}) == 403
        assert answer(provider.inbound({}, b"x" * 3_100_000)) == 413
    house.wait_until_idle()
    history.check(house)
    assert house.value("select count(*) from inbox") == len(ODD_WORDS) * len(SPELLINGS)


@pytest.mark.parametrize("key", ["whatsapp", "messenger"])
def test_a_megabyte_of_metas_passes_whole_and_a_byte_less_does_not(house_of_meta, key):
    house, provider = house_of_meta, provider_of(house_of_meta, key)
    said = provider.say("+22894000000", "du riz")
    headers, body = AMONG_OTHERS[key](said, 8000)
    assert MEGABYTE < len(body) < 3 * MEGABYTE
    with nginx_before(house) as (address, client):
        assert client.request("POST", address + provider.path, body=body[:-1], headers=headers).status == 403
        assert client.request("POST", address + provider.path, body=body, headers=headers).status == 200
    house.wait_until_idle()
    history.check(house)
    assert [row.provider_id for row in house.rows("select provider_id from inbox")] == [provider.id_of(said)]


@pytest.mark.parametrize("key", ["whatsapp", "messenger"])
def test_metas_greeting_is_answered_with_its_challenge_and_a_guessed_word_is_not(house_of_meta, key):
    path = provider_of(house_of_meta, key).path
    with nginx_before(house_of_meta) as (address, client):

        def greeted(word):
            told = {"hub.mode": "subscribe", "hub.challenge": "1158201444", "hub.verify_token": word}
            answer = client.request("GET", f"{address}{path}?{urlencode(told)}")
            return answer.status, answer.data

        assert greeted(house_of_meta.environ["META_VERIFY_TOKEN"]) == (200, b"1158201444")
        assert greeted("guessed")[0] == 403
        assert b"1158201444" not in greeted("guessed")[1]


@pytest.mark.parametrize("slow", ["bodies", "readers"])
def test_two_hundred_slow_clients_hold_up_nobody(house, slow):
    begin, go_on = SLOWNESS[slow]
    put_photo(house)
    with nginx_before(house) as (address, client), slow_clients(address, begin, go_on) as lines:
        still_open = others_are_answered(house, address, client, lines)
        assert still_open == [SLOW] * len(still_open)
        assert not any(lines.values())  # nobody has been told all of his answer


@pytest.mark.parametrize("stalled", ["heads", "readers"])
def test_two_hundred_stalled_clients_are_cut_off_and_hold_up_nobody(house, stalled):
    put_photo(house)
    with nginx_before(house) as (address, client), slow_clients(address, *STALLED[stalled]) as lines:
        still_open = others_are_answered(house, address, client, lines)
    assert still_open[0] > SLOW // 10  # a slow machine needs its time to begin them all
    assert still_open[-1] == 0


def others_are_answered(house, address, client, lines):
    """For SECONDS a person is acknowledged in time; how many of the slow lines were open at each of her messages."""
    ports, still_open = {line.getsockname()[1] for line in lines}, []
    alive, acknowledged = answered_for(
        house, address, client, SECONDS, lambda: still_open.append(len(ports & open_at(address)))
    )
    assert len(open_at(house.doors[house.webs[0]])) <= KEPT_LINES  # nginx holds none to the market for the slow ones
    assert len(alive) >= SECONDS
    assert percentile(alive, 0.99) < 0.2
    assert percentile(acknowledged, 0.99) < IN_TIME
    house.wait_until_idle()
    history.check(house)
    assert house.value("select count(*) from inbox") == len(acknowledged)
    return still_open


def answered_for(house, address, client, seconds, look=lambda: None):
    """A person writes for so long, and somebody asks whether the door is open: how long each answer took."""
    alive, acknowledged = [], []
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        inbound = house.provider.say("+22894000000", f"bonjour {len(alive)}")
        alive.append(seconds_of(client, "GET", f"{address}/healthz"))
        acknowledged.append(seconds_of(client, "POST", address + PATH, inbound.body, headers=inbound.headers))
        look()
        time.sleep(0.1)
    return alive, acknowledged


def test_the_web_is_no_larger_for_two_hundred_slow_clients_of_every_kind(house):
    put_photo(house)
    third = SLOW // 3
    kinds = [(SLOWNESS["bodies"], third), (SLOWNESS["readers"], third), (STALLED["heads"], SLOW - 2 * third)]
    with nginx_before(house) as (address, client), ExitStack() as stack:
        answered_for(house, address, client, SECONDS)  # what the first requests load is not of the slow ones
        for _ in range(2 * THREADS):
            assert len(client.request("GET", f"{address}/media/{PHOTO}").data) == PHOTO_BYTES
        before, sizes, still_open = mebibytes_of(house.webs[0]), [], []

        def look():
            sizes.append(mebibytes_of(house.webs[0]))
            still_open.append(len(open_at(address)))

        for kind, number in kinds:
            stack.enter_context(slow_clients(address, *kind, number, renewed=True))
        _, acknowledged = answered_for(house, address, client, MINUTE, look)
    sys.stdout.write(
        f"web: {before:.1f} MiB before, {max(sizes):.1f} at most, {sizes[-1]:.1f} at the end of {MINUTE} s;"
        f" {median(still_open):.0f} slow clients at a moment, {len(acknowledged)} messages acknowledged,"
        f" p99 {percentile(acknowledged, 0.99) * 1000:.0f} ms\n"
    )
    assert max(sizes) - before < GROWTH
    assert sizes[-1] - sizes[len(sizes) // 4] < FLAT
    assert percentile(acknowledged, 0.99) < IN_TIME
    assert median(still_open) > SLOW // 2  # who is cut off needs his time to come back


def mebibytes_of(process):
    """PSS of a process and its children."""
    return sum(processes.memory(pid)["pss"] for pid in processes.tree([process.popen.pid]))


def seconds_of(client, method, address, body=None, **more):
    """How long an answer takes, which is 200."""
    begun = time.monotonic()
    assert client.request(method, address, body=body, **more).status == 200
    return time.monotonic() - begun


@contextmanager
def slow_clients(address, begin, go_on, number=SLOW, *, renewed=False):
    """Lines that go on so once a second; line → whether it is over for its client. Who is cut off may begin anew."""
    stop, lines = threading.Event(), {}

    def live():
        while not stop.wait(1):
            for line in list(lines):
                try:
                    lines[line] = lines[line] or go_on(line)
                except OSError:  # nginx has lost its patience
                    if renewed:
                        begin_anew(line)

    def begin_anew(line):
        line.close()
        del lines[line]
        with suppress(OSError):
            lines[begin(address)] = False

    living = threading.Thread(target=live)
    living.start()
    try:
        while len(lines) < number:
            lines[begin(address)] = False
        yield lines
    finally:
        stop.set()
        living.join()
        for line in lines:
            line.close()


def line_to(address):
    """A line of one's own, with little room for what is not read."""
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    plain = socket.socket()
    plain.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, ROOM // 2)
    plain.settimeout(5)
    plain.connect(("127.0.0.1", int(address.rpartition(":")[2])))
    return context.wrap_socket(plain)


def saying(words):
    """How a line begins, with these words."""

    def begin(address):
        line = line_to(address)
        line.sendall(words.encode())
        return line

    return begin


def say_more(line):
    """One byte."""
    line.sendall(b"x")
    return False


def read_more(line):
    """As much as comes at once; whether that was the end."""
    return not line.recv(RECORD)


def do_nothing(_):
    return False


HEAD = f"POST {PATH} HTTP/1.1\r\nHost: localhost\r\n"
READER = saying(f"GET /media/{PHOTO} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
SLOWNESS = {
    "bodies": (saying(f"{HEAD}Content-Length: 100000\r\n\r\n"), say_more),
    "readers": (READER, read_more),
}
STALLED = {
    "heads": (saying(f"{HEAD}X-Slow: "), say_more),  # however it goes on: a head has ten seconds in all
    "readers": (READER, do_nothing),
}


def put_photo(house):
    """One that is longer than any buffer on its way."""
    media = Path(house.environ["ASSIGAME_VAR"]) / "media"
    media.mkdir(parents=True, exist_ok=True)
    (media / PHOTO).write_bytes(b"x" * PHOTO_BYTES)


def open_at(address):
    """The ports of the clients whose lines nginx has open now, as the kernel tells (Linux: proc_pid_net(5))."""
    rows = [row.split() for row in Path("/proc/net/tcp").read_text().splitlines()[1:]]
    front = int(address.rpartition(":")[2])
    return {_port(there) for _, here, there, state, *_ in rows if (_port(here), state) == (front, ESTABLISHED)}


def _port(end):
    return int(end.rpartition(":")[2], 16)
