"""deploy/compose.yaml and deploy/roll: containers that come and go one after the other, and nobody is refused."""

import json
import os
import re
import shutil
import subprocess
import sys
import threading
from collections import Counter
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
import yaml

from base.config import ROOT, Server
from tests.deploy import containers_stand_in
from tests.deploy.fronts import nginx_with
from tests.deploy.names import names_of
from tests.faults.debian import needed
from tests.ports import free_port
from tests.waiting import wait_for
from webhooks import SETTLES_WITHIN
from worker import STOPS_WITHIN

DEPLOY = ROOT / "deploy"
COMPOSE = DEPLOY / "compose.yaml"
CONTAINERS = DEPLOY / "nginx" / "containers.conf"
WHOLE = yaml.safe_load(COMPOSE.read_text())["services"]
KINDS = ("web", "worker")
LONGEST = next(one.le for one in Server.model_fields["stops_within_seconds"].metadata if hasattr(one, "le"))


@pytest.mark.parametrize("kind", KINDS)
def test_a_container_is_well_only_once_its_door_is_open(kind):
    (port,) = re.findall(r"http://127\.0\.0\.1:(\d+)/", WHOLE[kind]["healthcheck"]["test"][-1])
    figures = WHOLE["worker"]["environment"]["ASSIGAME__SERVER__WORKER_METRICS_PORT"]
    assert int(port) == {"web": Server(port=8000).port, "worker": figures}[kind]
    compile(WHOLE[kind]["healthcheck"]["test"][-1], "healthcheck", "exec")


@pytest.mark.parametrize("kind", KINDS)
def test_there_may_be_any_number_of_a_kind(kind):
    assert WHOLE[kind].keys() & {"container_name", "ports"} == set()


def test_no_container_fills_the_disk_with_what_it_writes():
    kept = {name: one["logging"] for name, one in WHOLE.items()}
    bounded = {"driver": "local", "options": {"max-size": "50m", "max-file": "5"}}
    assert kept == dict.fromkeys(("set-up", "web", "worker", "nginx", "postgres", "redis"), bounded)


def seconds_before_it_is_killed():
    """Kind → of the units, of the containers."""
    for kind in KINDS:
        unit = (DEPLOY / "systemd" / f"assigame-{kind}@.service").read_text()
        waits = re.search(r"^TimeoutStopSec=(\d+)$", unit, re.MULTILINE)[1]
        yield kind, (int(waits), int(WHOLE[kind]["stop_grace_period"].removesuffix("s")))


def test_whoever_is_stopped_has_the_time_that_its_settings_allow():
    needed_most = {"web": LONGEST * (1 + SETTLES_WITHIN), "worker": STOPS_WITHIN}
    assert needed_most == {"web": 35.0, "worker": 20.0}
    assert dict(seconds_before_it_is_killed()) == {"web": (40, 40), "worker": (30, 40)}


def test_all_containers_of_a_volume_call_themselves_by_one_name_of_the_machine():
    assert {WHOLE[kind]["hostname"] for kind in ("set-up", *KINDS)} == {"${MACHINE:-market}"}
    assert {tuple(WHOLE[kind]["volumes"]) for kind in ("set-up", *KINDS)} == {("market:/var/lib/assigame",)}


@pytest.fixture
def docker(tmp_path):
    """Two web and two worker containers of the version before, and `docker` on the PATH."""
    program = tmp_path / "docker"
    program.write_text(f'#!/bin/sh\nexec {sys.executable} -S {containers_stand_in.__file__} "$@"\n')
    program.chmod(0o755)
    state = tmp_path / "containers.json"

    def roll(before, sick=(), **others):
        names = [(f"{kind}-{n}", kind) for kind, count in before.items() for n in range(count)]
        containers = {name: [kind, "before", "healthy"] for name, kind in names}
        for how, found in others.items():
            containers |= {name: [name.partition("-")[0], "before", how.replace("_", " ")] for name in found}
        state.write_text(json.dumps({"containers": containers, "made": 9, "seen": [], "sick": list(sick)}))
        environ = {"PATH": f"{tmp_path}:{os.environ['PATH']}", "CONTAINERS": str(state)}
        done = subprocess.run([DEPLOY / "roll"], env=environ, capture_output=True, text=True, check=False)
        left = json.loads(state.read_text())
        return done, left["containers"], left["seen"]

    return roll


def versions(containers):
    return Counter((kind, version) for kind, version, _ in containers.values())


def test_a_roll_replaces_every_container_and_there_are_never_fewer_than_before(docker):
    done, left, seen = docker({"web": 2, "worker": 3})
    assert (done.returncode, done.stderr) == (0, "")
    assert versions(left) == {("web", "after"): 2, ("worker", "after"): 3}
    assert {how for *_, how in left.values()} == {"healthy"}
    assert {kind: min(count[kind] for count in seen) for kind in KINDS} == {"web": 2, "worker": 3}
    assert {kind: max(count[kind] for count in seen) for kind in KINDS} == {"web": 3, "worker": 4}


def test_where_the_new_version_does_not_become_well_all_of_before_stay_and_serve(docker):
    done, left, seen = docker({"web": 2, "worker": 2}, sick=["web"])
    assert done.returncode == 1
    assert done.stderr.endswith("web: a new one does not become well; its last words are above\n")
    assert "last words of web-10\n" in done.stdout
    assert versions(left) == {("web", "before"): 2, ("worker", "before"): 2}
    assert {tuple(count.values()) for count in seen} == {(2, 2)}


def test_workers_of_before_stay_where_only_the_new_ones_are_sick(docker):
    done, left, _ = docker({"web": 2, "worker": 2}, sick=["worker"])
    assert done.returncode == 1
    assert versions(left) == {("web", "after"): 2, ("worker", "before"): 2}


@pytest.mark.parametrize("hung", [["web-1"], ["web-0", "web-2"], ["web-0", "web-1", "web-2", "worker-0"]])
def test_one_that_hangs_stops_no_roll_and_those_that_serve_are_never_fewer(hung, docker):
    done, left, seen = docker({"web": 3, "worker": 1}, hangs=hung)
    assert (done.returncode, done.stderr) == (0, "")
    assert versions(left) == {("web", "after"): 3, ("worker", "after"): 1}
    assert {how for *_, how in left.values()} == {"healthy"}
    serving = Counter({"web": 3, "worker": 1}) - Counter(one.partition("-")[0] for one in hung)
    assert {kind: min(count[kind] for count in seen) for kind in KINDS} == {kind: serving[kind] for kind in KINDS}


def test_where_the_new_version_is_sick_too_even_those_stay_that_hang(docker):
    done, left, _ = docker({"web": 2, "worker": 1}, sick=["web"], hangs=["web-0", "web-1"])
    assert done.returncode == 1
    assert versions(left) == {("web", "before"): 2, ("worker", "before"): 1}


def test_what_has_ended_is_begun_in_no_new_ones_place(docker):
    done, left, _ = docker({"web": 2, "worker": 1}, exited=["web-7", "worker-7"])
    assert done.returncode == 0
    assert versions(left) == {("web", "after"): 2, ("worker", "after"): 1}


@pytest.mark.parametrize("sick", [[], ["worker"]])
def test_what_run_has_begun_goes_on(sick, docker):
    done, left, _ = docker({"web": 1, "worker": 1}, sick=sick, run_once=["worker-8"])
    assert done.returncode == bool(sick)
    assert left["worker-8"] == ["worker", "before", "run once"]
    version = "before" if sick else "after"
    del left["worker-8"]
    assert versions(left) == {("web", "after"): 1, ("worker", version): 1}


def test_what_is_not_there_is_not_rolled(docker):
    done, left, _ = docker({"web": 1, "worker": 0})
    assert done.returncode == 0
    assert versions(left) == {("web", "after"): 1}


def test_where_none_runs_it_is_said(docker):
    done, left, _ = docker({})
    assert (done.returncode, left) == (1, {})
    assert done.stderr == "none runs, so none is rolled: docker compose up begins them\n"


class Door(BaseHTTPRequestHandler):
    """Answers every request with where it stands."""

    def do_GET(self):
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.send_response(200)
        self.send_header("Content-Length", str(len(self.server.server_address[0])))
        self.end_headers()
        self.wfile.write(self.server.server_address[0].encode())

    def do_POST(self):
        self.do_GET()

    def log_message(self, *_):
        """Nothing."""


class Containers:
    """Doors at addresses of loopback, all at one port, as containers of one name have it."""

    def __init__(self, names):
        self.names, self.port, self.open = names, free_port(), {}

    def begin(self, address):
        server = ThreadingHTTPServer((address, self.port), Door)
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        self.open[address] = server, thread

    def end(self, address):
        server, thread = self.open.pop(address)
        server.shutdown()
        server.server_close()
        thread.join()


@pytest.fixture
def containers():
    with names_of("web") as names:
        containers = Containers(names)
        yield containers
        for address in [*containers.open]:
            containers.end(address)


class Knocking(threading.Thread):
    """Somebody who knocks all the time, and what he heard."""

    def __init__(self, client, front):
        super().__init__()
        self.client, self.front, self.heard, self.is_over = client, front, [], threading.Event()

    def run(self):
        while not self.is_over.wait(0.01):
            for method, path in (("GET", "/healthz"), ("POST", "/webhooks/twilio")):
                answer = self.client.request(method, self.front + path, body=b"x" if method == "POST" else None)
                self.heard.append((answer.status, path, answer.data.decode()))

    def hears(self, *addresses):
        """Wait until the last thirty answers are from these and from each of them."""
        wait_for(lambda: {where for *_, where in self.heard[-30:]} == {*addresses}, f"not all of {addresses} answer")


@pytest.mark.soak
def test_nginx_finds_the_containers_that_are_there_now_and_nobody_is_refused(containers):
    """As deploy/roll has it: a name comes before its door is open, and stays for a moment after it is shut."""
    old, new, newer = "127.0.0.2", "127.0.0.3", "127.0.0.4"
    doors = CONTAINERS.read_text()
    assert "resolver 127.0.0.11 " in doors
    assert "default web:8000;" in doors
    doors = doors.replace("127.0.0.11", f"127.0.0.1:{containers.names.port}").replace(
        "web:8000", f"web:{containers.port}"
    )
    containers.begin(old)
    containers.names.addresses = (old,)
    with nginx_with(doors) as (front, client):
        knocking = Knocking(client, front)
        knocking.start()
        try:
            for one, before in ((new, old), (newer, new)):
                asked = containers.names.asked
                containers.names.addresses = (before, one)
                wait_for(lambda asked=asked: containers.names.asked > asked + 1, "nginx asks for no name")
                containers.begin(one)
                knocking.hears(before, one)
                containers.end(before)
                knocking.hears(one)
                containers.names.addresses = (one,)
                forgotten = containers.names.asked + 1
                wait_for(lambda most=forgotten: containers.names.asked > most, "nginx asks for no name any more")
        finally:
            knocking.is_over.set()
            knocking.join()
    assert {(status, path) for status, path, _ in knocking.heard} == {(200, "/healthz"), (200, "/webhooks/twilio")}
    assert len(knocking.heard) > 300
    assert {where for *_, where in knocking.heard} == {old, new, newer}


@pytest.mark.soak
def test_compose_reads_its_file_as_it_is_meant(tmp_path):
    read = as_compose_reads_it(tmp_path, POSTGRES_PASSWORD="word")
    worker = read["worker"]
    assert (worker["stop_grace_period"], worker["hostname"]) == ("40s", "market")
    assert worker["environment"]["DATABASE_URL"] == "postgresql://assigame:word@postgres/assigame"
    assert worker["environment"]["ASSIGAME__SERVER__WORKER_METRICS_PORT"] == "9001"
    assert read["web"]["environment"].keys() == worker["environment"].keys() - {"ASSIGAME__SERVER__WORKER_METRICS_PORT"}


@pytest.mark.soak
@pytest.mark.parametrize("service", ["set-up", "web", "worker"])
def test_stores_that_are_elsewhere_or_have_a_new_password_are_named_by_the_shell(service, tmp_path):
    elsewhere = {
        "DATABASE_URL": "postgresql://assigame_next:new@10.0.0.1/assigame",
        "REDIS_URL": "redis://:new@10.0.0.1/0",
    }
    read = as_compose_reads_it(tmp_path, **elsewhere, POSTGRES_PASSWORD="word")
    assert elsewhere.items() <= read[service]["environment"].items()


def as_compose_reads_it(folder, **variables):
    """The services of compose.yaml with these variables in the shell, and no secret filled in."""
    needed("docker-compose", lambda: shutil.which("docker-compose"))
    read = folder / COMPOSE.name
    read.write_text(COMPOSE.read_text().replace("/etc/assigame/assigame.env", str(DEPLOY / "assigame.env")))
    done = subprocess.run(
        ["docker-compose", "-f", read, "config", "--format", "json"],
        capture_output=True,
        text=True,
        env={**os.environ, **variables},
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    return json.loads(done.stdout)["services"]


@pytest.mark.soak
def test_compose_knows_the_options_of_the_roll():
    needed("docker-compose", lambda: shutil.which("docker-compose"))
    typed = (DEPLOY / "roll").read_text()
    for command in ("up", "ps"):
        done = subprocess.run(["docker-compose", command, "--help"], capture_output=True, text=True, check=True)
        options = {
            option
            for line in re.findall(rf"\$compose {command} ([^\n;)]+)", typed)
            for option in re.findall(r"--[a-z-]+", line)
        }
        assert options - set(re.findall(r"--[a-z-]+", done.stdout)) == set(), command
        assert options or command == "ps"
