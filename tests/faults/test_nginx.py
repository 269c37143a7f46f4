"""A real nginx with our sample configuration: signatures hold behind it, and slow clients cost the market nothing."""

import os
import re
import shutil
import socket
import ssl
import subprocess
import threading
import time
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest
import urllib3

from base.config import ROOT
from bench.report import percentile
from tests.faults import history
from tests.faults.debian import needed
from tests.ports import free_port
from tests.processes.house import SHUT_OUT, house_in
from tests.waiting import wait_for

pytestmark = pytest.mark.soak

SAMPLE = ROOT / "deploy" / "nginx" / "assigame.conf"
PATH = "/webhooks/twilio"
SLOW, SECONDS = 200, 20
IN_TIME = 1.0  # seconds of an acknowledgement: providers ask that less than 1 % take longer
ESTABLISHED = "01"  # Linux: include/net/tcp_states.h
ODD_WORDS = ("riz", "du riz à 100 %", "a+b&c=d", "prix ? 1/2 #3", "é" * 300, "👍🏾", " deux  espaces ", "ligne\nligne")


@contextmanager
def nginx_before(port, folder):
    """nginx on loopback before that port; its own port, and a client that trusts its certificate."""
    needed("nginx-light", lambda: shutil.which("nginx"))
    front = free_port()
    subprocess.run(
        "openssl req -x509 -newkey rsa:2048 -nodes -days 1 -subj /CN=localhost -addext subjectAltName=DNS:localhost"
        f" -keyout {folder}/key.pem -out {folder}/cert.pem".split(),
        check=True,
        capture_output=True,
    )
    site = SAMPLE.read_text().replace("127.0.0.1:8000", f"127.0.0.1:{port}")
    site = site.replace("listen 443 ssl", f"listen 127.0.0.1:{front} ssl")
    site = re.sub(r"/etc/letsencrypt\S*/(fullchain|privkey)\.pem", lambda m: _own(folder, m[1]), site)
    (folder / "site.conf").write_text(site)
    (folder / "nginx.conf").write_text(
        f"user root; daemon off; pid {folder}/nginx.pid; error_log {folder}/error.log; worker_rlimit_nofile 4096;\n"
        "events { worker_connections 2048; }\n"
        f"http {{ access_log off; client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy;\n"
        f"include {folder}/site.conf; }}\n"
    )
    command = ["nginx", "-e", f"{folder}/error.log", "-c", f"{folder}/nginx.conf"]
    subprocess.run([*command, "-t"], check=True, capture_output=True)
    process = subprocess.Popen(command)
    try:
        client = urllib3.PoolManager(ca_certs=f"{folder}/cert.pem", retries=False, timeout=10)
        address = f"https://localhost:{front}"
        wait_for(lambda: _answers(client, address), "nginx does not answer")
        yield address, client
    finally:
        process.terminate()
        process.wait(10)


def _own(folder, what):
    return f"{folder}/{'cert' if what == 'fullchain' else 'key'}.pem"


def _answers(client, address):
    try:
        return client.request("GET", f"{address}/healthz").status == 200
    except urllib3.exceptions.HTTPError:
        return False


@pytest.fixture
def house(services, planted, redis, redis_url, tmp_path):
    with house_in(services, planted, redis, redis_url, tmp_path) as house:
        house.may_fail_for.add(SHUT_OUT)
        yield house.start()


@pytest.fixture
def folder(tmp_path):
    """One that nginx's workers, who are no root, may enter."""
    folder = tmp_path / "nginx"
    folder.mkdir(mode=0o755)
    os.chmod(tmp_path, 0o755)
    return folder


def port_of(house):
    return int(house.doors[house.webs[0]].rpartition(":")[2])


def test_signed_words_of_every_kind_pass_and_a_changed_byte_does_not(house, folder):
    with nginx_before(port_of(house), folder) as (address, client):
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


def test_two_hundred_slow_clients_hold_up_nobody(house, folder):
    alive, acknowledged, still_open = [], [], []
    with nginx_before(port_of(house), folder) as (address, client), slow_clients(address) as ports:
        end = time.monotonic() + SECONDS
        while time.monotonic() < end:
            inbound = house.provider.say("+22894000000", f"bonjour {len(alive)}")
            alive.append(seconds_of(client, "GET", f"{address}/healthz"))
            acknowledged.append(seconds_of(client, "POST", address + PATH, inbound.body, headers=inbound.headers))
            still_open.append(len(ports & open_at(address)))
            time.sleep(0.1)
    assert len(alive) >= SECONDS
    assert still_open == [SLOW] * len(alive)
    assert percentile(alive, 0.99) < 0.2
    assert percentile(acknowledged, 0.99) < IN_TIME
    house.wait_until_idle()
    history.check(house)
    assert house.value("select count(*) from inbox") == len(acknowledged)


def seconds_of(client, method, address, body=None, **more):
    """How long an answer takes, which is 200."""
    begun = time.monotonic()
    assert client.request(method, address, body=body, **more).status == 200
    return time.monotonic() - begun


@contextmanager
def slow_clients(address):
    """SLOW lines with a webhook begun on each, which grows by a byte a second; their ports."""
    stop, lines = threading.Event(), []

    def drip():
        while not stop.wait(1):
            for line in list(lines):
                with suppress(OSError):  # nginx has lost its patience
                    line.sendall(b"x")

    dripping = threading.Thread(target=drip)
    dripping.start()
    try:
        while len(lines) < SLOW:
            lines.append(begun_request(address))
        yield {line.getsockname()[1] for line in lines}
    finally:
        stop.set()
        dripping.join()
        for line in lines:
            line.close()


def begun_request(address):
    """A webhook's head on a line of its own, whose body comes byte by byte."""
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    port = int(address.rpartition(":")[2])
    line = context.wrap_socket(socket.create_connection(("127.0.0.1", port), timeout=5))
    line.sendall(f"POST {PATH} HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100000\r\n\r\n".encode())
    return line


def open_at(address):
    """The ports of the clients whose lines nginx has open now, as the kernel tells (Linux: proc_pid_net(5))."""
    rows = [row.split() for row in Path("/proc/net/tcp").read_text().splitlines()[1:]]
    front = int(address.rpartition(":")[2])
    return {_port(there) for _, here, there, state, *_ in rows if (_port(here), state) == (front, ESTABLISHED)}


def _port(end):
    return int(end.rpartition(":")[2], 16)
