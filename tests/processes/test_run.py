"""`cli.py run` as an operator knows it: one command serves a market, whatever ends it, and its data is there again."""

import json
import os
import shutil
import signal
from pathlib import Path

import pytest
import urllib3

from base import embedded
from base.config import ROOT
from base.db import Database
from base.demo_secrets import read_or_make
from base.embedded_place import ELSEWHERE, find_place
from handlers.signatures import sign_body
from tests.ports import free_port
from tests.processes.house import KEPT, STARTS_WITHIN, Process, check_log
from tests.waiting import wait_for

GUEST = "+22893990001"
OURS = ("cli.py", "worker.py", "granian", "multiprocessing")  # in the command lines of the market's own processes


class Market:
    """One var folder, and the processes that work there."""

    def __init__(self, folder):
        self.var, self.port = folder / "var", free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        kept = {name: os.environ[name] for name in KEPT if name in os.environ}
        environ = {**kept, "ASSIGAME_VAR": str(self.var), "PORT": str(self.port), "PYTHONPATH": str(ROOT)}
        self.run = Process("run", [str(ROOT / "cli.py"), "run"], environ, folder, is_ready_made=False)

    def start(self):
        self.run.start()
        wait_for(self.greets, "no greeting", 2 * STARTS_WITHIN)
        assert self._get("/healthz") == 200
        wait_for(self.answers, "no simulator", STARTS_WITHIN)

    def greets(self):
        assert self.run.is_alive, self.run.log.read_text()[-3000:]
        return f"Simulator: {self.url}/simulator" in self.run.log.read_text()

    def answers(self):
        assert self.run.is_alive, self.run.log.read_text()[-3000:]
        try:
            return all(self._get(path) == 200 for path in ("/simulator", "/readyz"))
        except urllib3.exceptions.HTTPError:
            return False

    def _get(self, path):
        return urllib3.request("GET", self.url + path, retries=False, timeout=5).status

    def say(self, number, words):
        """One signed message of the simulator; the status."""
        secret = read_or_make(self.var / "secret").simulator
        body = json.dumps(
            {"messages": [{"id": f"sim-in-{number}", "phone": GUEST, "name": "Afi", "text": words}]}
        ).encode()
        headers = {"Content-Type": "application/json", "X-Assigame-Signature": sign_body(secret, body)}
        return urllib3.request("POST", f"{self.url}/webhooks/simulator", body=body, headers=headers).status

    def rows(self):
        """What a market may never lose: how many of each."""
        database = Database(embedded.running(self.var).database_url, pool_size=1)
        with database.unit_of_work() as db:
            tables = ("vendor", "product", "stock_movement", "contact", "conversation")
            counts = {table: db.value(f"select count(*) from {table}") for table in tables}
            counts["taken"] = db.value("select count(*) from inbox where state = 'done'")
            counts["arrived"] = db.value("select count(*) from outbox where state in ('delivered', 'read')")
        database.close()
        return counts

    def processes(self, names=()):
        """The ids of all processes of this folder, or of those whose command line holds one of these names."""
        found = []
        for entry in Path("/proc").iterdir():
            if not entry.name.isdigit():
                continue
            try:
                command = (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
                environ = (entry / "environ").read_bytes()
            except (FileNotFoundError, ProcessLookupError, PermissionError):
                continue
            if str(self.var).encode() in environ and (not names or any(name in command for name in names)):
                found.append(int(entry.name))
        return found


@pytest.fixture
def market(tmp_path):
    """A var folder of its own; nothing of it runs afterwards."""
    market = Market(tmp_path)
    yield market
    market.run.kill()
    for pid in market.processes(OURS):
        os.kill(pid, signal.SIGKILL)
    if market.var.exists():
        place = find_place(market.var)
        embedded.stop(market.var)
        shutil.rmtree(place.sockets, ignore_errors=True)
        if place.home.is_relative_to(ELSEWHERE):
            shutil.rmtree(place.home)


@pytest.mark.longest
def test_a_market_that_is_killed_comes_back_with_its_data_and_one_that_is_stopped_leaves_nothing(market):
    market.start()
    assert market.say(1, "bonjour") == 200
    wait_for(lambda: market.rows()["arrived"] == 1, "no answer")
    before = market.rows()
    assert before["taken"] == 1
    assert before["product"] >= 150
    assert before["vendor"] >= 12

    os.kill(market.run.popen.pid, signal.SIGKILL)
    market.run.popen.wait(10)
    wait_for(lambda: not market.processes(OURS), "children outlive their parent")
    assert market.rows() == before

    market.start()
    assert market.rows() == before
    assert market.say(2, "menu") == 200
    wait_for(lambda: market.rows()["arrived"] == 2, "no answer after the return")

    assert market.run.stop() == 0, market.run.log.read_text(errors="replace")
    wait_for(lambda: not market.processes(), "processes are left")
    assert embedded.running(market.var) is None
    logs = "\n".join(path.read_text(errors="replace") for path in market.run.folder.glob("run-*.log"))
    secrets = read_or_make(market.var / "secret")
    check_log(logs, [secrets.secret_key.reveal(), secrets.simulator.reveal()], [GUEST, "+22890000101"], ["bonjour"])
