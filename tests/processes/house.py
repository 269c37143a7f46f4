"""A market in real processes: web doors and workers that a test starts, kills, stops and waits for."""

import json
import os
import re
import signal
import subprocess
import sys
from collections import defaultdict
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from functools import partial
from itertools import count
from pathlib import Path

import urllib3

from base.config import ROOT, load
from base.db import Database
from base.timing import Timing
from bot import accounts
from bot.figures import LEASES_LOST
from handlers.twilio_whatsapp import contents
from tests import databases
from tests.faults import totals
from tests.journeys.conftest import environment
from tests.ports import free_port
from tests.processes import nursery
from tests.processes.providers import TwilioProvider
from tests.waiting import Late, wait_for
from wiring import build

FASTER = 20
POLL = 0.2  # seconds: most of what an idle house does is look around, and many stand side by side
# How long a bubble in doubt holds up those behind it, and how old an answer may become: longer than any backlog of a
# small machine, so that order is strict. That others pass after the shipped 75 s is a test of its own.
PATIENT = {"ASSIGAME__TIMING__UNCERTAIN_MOST": "600", "ASSIGAME__TIMING__REPLY_TOO_OLD": "3600"}
SHUT_OUT = "window shut"  # why organizers, who never write in these houses, do not hear what they are told
STARTS_WITHIN, STOPS_SOON, STOPS_WITHIN = 60, 5, 30  # seconds, on a machine that does much else
KEPT = ("PATH", "HOME", "LANG", "TMPDIR")  # of this process's environment; no setting of the market is among them
WEB = (
    "-m granian --interface wsgi --factory --workers 1 --blocking-threads 8 --no-ws"
    " --workers-kill-timeout 10 --log-level warning"
)
PHONE = re.compile(r"228\s?\d{2}\s?\d{2}\s?\d{2}\s?\d{2}")
NATIONAL = re.compile(r"(?<!\d)(?=(\d\d(?:[\s.-]?\d\d){3})(?!\d))")  # eight digits, together or in pairs
# variables whose values may stand in no log
SECRETS = ("SECRET_KEY", "TWILIO_AUTH_TOKEN", "META_APP_SECRET", "WHATSAPP_ACCESS_TOKEN", "MESSENGER_PAGE_TOKEN")
DEADLOCK = "deadlock detected"  # PostgreSQL's words for it, once each in its log
# no traceback, no webhook that failed, no thread that died, no deadlock: its state, its exception or its words
CANARIES = ("Traceback", "webhook failed", "thread_died", "40P01", "DeadlockDetected", DEADLOCK)
LEAST_WORDS = 5  # characters: shorter words may stand in a log by chance
IDLE = """
select (select count(*) from inbox where state = 'open')
  + (select count(*) from outbox where state in ('waiting', 'sending', 'uncertain'))
  + (select count(*) from status_report where outbox_id is not null)
"""


class Process:
    """One process and its children, a log file for each of its lives."""

    def __init__(self, name, command, environ, folder, *, is_ready_made=True):
        self.is_ready_made = is_ready_made  # it may begin with everything loaded
        self.name, self.command, self.environ, self.folder = name, command, {**environ}, folder
        self.code = ROOT  # where it runs: `python -m` looks there first, whatever PYTHONPATH says
        self.lives, self.popen = 0, None
        self.falls, self._is_over = [], True  # when lives ended, or were seen to have ended, that nobody had asked to

    @property
    def log(self):
        return self.folder / f"{self.name}-{self.lives}.log"

    def start(self, **more):
        """Begin a life, with these variables in this life only."""
        self._fall()
        self.lives, self._is_over = self.lives + 1, False
        environ = {**self.environ, **more}
        if self.is_ready_made and self.code == ROOT and "LD_PRELOAD" not in environ:
            self.popen = nursery.begin(self.command, environ, self.log)
            return
        with self.log.open("wb") as log:
            self.popen = subprocess.Popen(
                [sys.executable, *self.command],
                env=environ,
                cwd=self.code,
                stdout=log,
                stderr=log,
                preexec_fn=nursery.end_with_parent,
            )

    @property
    def is_alive(self):
        """Whether it is; whoever sees that it is not, notes its fall."""
        if self.popen is not None and self.popen.poll() is None:
            return True
        self._fall()
        return False

    def kill(self):
        """kill -9, children too."""
        if self.popen is not None:
            self._fall()
            _tell(self.popen.pid, signal.SIGKILL)
            self.popen.wait(STOPS_WITHIN)

    def put_down(self):
        """The same of one that only makes room for another life: no fall, but if it has died before."""
        if self.is_alive:
            self._is_over = True
        self.kill()

    def _fall(self):
        if not self._is_over:
            self._is_over = True
            self.falls.append(datetime.now(UTC))

    def ask_to_stop(self):
        self._is_over = True
        os.kill(self.popen.pid, signal.SIGTERM)

    def stop(self):
        """A graceful stop; the exit code. Of one that takes long, its log shows where its threads are."""
        self.ask_to_stop()
        try:
            return self.popen.wait(STOPS_SOON)
        except subprocess.TimeoutExpired:
            for served in self.serving():
                os.kill(served, signal.SIGUSR1)
        return self.popen.wait(STOPS_WITHIN)

    def serving(self):
        """The processes that do the work: granian's child, or this one itself."""
        pid = self.popen.pid
        return list(map(int, Path(f"/proc/{pid}/task/{pid}/children").read_text().split())) or [pid]


def _tell(group, number):
    try:
        os.killpg(group, number)
    except ProcessLookupError:
        return


class House:
    """The processes of one market, its providers and its database; `secrets` may stand in no log."""

    def __init__(
        self, environ, folder, ports, workers, providers, *, redis=None, web_app="webhooks:app", worker=("worker.py",)
    ):
        self.environ, self.folder, self.redis = environ, folder, redis
        self.providers = list(providers)  # of all its accounts; the first one is that of everybody who speaks
        self.provider = self.providers[0]
        self.database = Database(environ["DATABASE_URL"], pool_size=4)
        self.webs = [
            Process(f"web{n}", [*WEB.split(), "--port", str(port), web_app], {**environ, "PORT": str(port)}, folder)
            for n, port in enumerate(ports)
        ]
        self.workers = [Process(f"worker{n}", list(worker), environ, folder) for n in range(workers)]
        self.doors = dict(zip(self.webs, (f"http://127.0.0.1:{port}" for port in ports), strict=True))
        self.secrets = [environ.get(name) for name in SECRETS]
        self.server_log = None  # of a PostgreSQL of its own
        self.is_checked = False  # its books were held to its history, and agreed
        self.fair = None  # what trades in it (tests.processes.fair)
        self.may_fail_for = set()  # the errors for which a reply or a notice may end unheard
        self.unheard = set()  # ids of bubbles that a test lets end so
        self.forgotten = set()  # bubbles whose time is over: they may be gone from the books
        self.server_falls = []  # (PostgreSQL or Redis, when) of each that ended without a goodbye
        self._strangers = count()

    @property
    def processes(self):
        return [*self.webs, *self.workers]

    @property
    def messages(self):
        """What its providers took, each one's in order."""
        return [sent for provider in self.providers for sent in provider.messages]

    def strangers(self, number):
        """So many people (tests.processes.numbered) who have not spoken in this house."""
        return [next(self._strangers) for _ in range(number)]

    @property
    def deaths(self):
        """How many lives came after a first one."""
        return sum(process.lives - 1 for process in self.processes)

    @property
    def falls(self):
        """When processes were killed, or were seen to have died."""
        return [moment for process in self.processes for moment in process.falls]

    def server_fell(self, name):
        """A server of the house's is ended without a goodbye, now."""
        self.server_falls.append((name, datetime.now(UTC)))

    def deadlocks(self):
        """How many its database has met; what a server counts is gone when it crashes, what it has logged is not."""
        if self.server_log is None:
            return self.value("select deadlocks from pg_stat_database where datname = current_database()")
        return self.server_log.read_text(errors="replace").count(DEADLOCK)

    def leased_to(self, process, which="true", **values):
        """Ids of the bubbles that a process has under its lease, those `which` it is about."""
        rows = self.rows(
            f"select id from outbox where lease_owner like %(owner)s and {which}",
            owner=f"%:{process.popen.pid}:%",
            **values,
        )
        return {row.id for row in rows}

    def sends_of(self, process, which="true", **values):
        """The same of those that it is sending."""
        return self.leased_to(process, f"state = 'sending' and {which}", **values)

    def leases_lost(self):
        """How many leases have run out before their rows were settled."""
        return self.value("select coalesce(sum(value), 0) from figure where name = %(name)s", name=LEASES_LOST)

    def start(self, **more):
        """Start all, and wait until all are ready."""
        for process in self.processes:
            process.start(**more)
        self.wait_until_ready()
        return self

    def wait_until_ready(self):
        for process in self.processes:
            wait_for(partial(self.is_ready, process), f"{process.name} is not ready", STARTS_WITHIN)

    def is_ready(self, process):
        """A worker by its own word, a door by /readyz when there are workers, else by /healthz."""
        if not process.is_alive:
            raise Late(f"{process.name} ended: {process.log.read_text(errors='replace')[-2000:]}")
        if process in self.workers:
            return "worker_started" in process.log.read_text(errors="replace")
        return self.is_open(process, "/readyz" if self.workers else "/healthz")

    def is_open(self, door, path="/healthz"):
        """Whether a door answers 200 there."""
        return self.asked(door, path) == 200

    def asked(self, door, path):
        """The status that a door answers there, 0 for none."""
        try:
            return urllib3.request("GET", self.doors[door] + path, retries=False, timeout=5).status
        except urllib3.exceptions.HTTPError:
            return 0

    def mend(self):
        """Start again whatever has died; how many."""
        dead = [process for process in self.processes if process.popen is not None and not process.is_alive]
        for process in dead:
            process.kill()  # what a dead parent has left
            process.start()
        return len(dead)

    def hand_in(self, inbounds):
        """Deliver all at once, again and again what nobody has acknowledged; dead processes are started again."""
        open_ones = list(inbounds)

        def are_all_in():
            statuses = self.provider.knock_together(open_ones)
            open_ones[:] = [one for one, status in zip(open_ones, statuses, strict=True) if status != 200]
            if open_ones:
                self.mend()
            return not open_ones

        wait_for(are_all_in, "not acknowledged", STARTS_WITHIN)

    def wait_until_idle(self, seconds=60.0, *, mends=False):
        """Until no message, no bubble and no delivery report is open; dead processes are started again if asked."""

        def is_idle():
            if mends:
                self.mend()
            # what was sent last is reported after its bubble is closed, and its report is read after that
            return self.is_done() and all(provider.is_quiet() for provider in self.providers) and self.is_done()

        try:
            wait_for(is_idle, "", seconds)
        except Late:
            raise Late(f"still open: {self.open_rows()}\n{self.last_lines()}") from None

    def is_done(self):
        """Whether the tables hold nothing open."""
        return self.value(IDLE) == 0

    def last_lines(self):
        return "\n".join(f"{process.name}: {process.log.read_text()[-1500:]}" for process in self.processes)

    def open_rows(self):
        with self.database.unit_of_work() as db:
            inbox = db.rows("select id, state, attempts, error from inbox where state = 'open' limit 5")
            outbox = db.rows(
                "select id, state, attempts, look_ups, error, lease_owner from outbox"
                " where state in ('waiting', 'sending', 'uncertain') limit 5"
            )
            return inbox, outbox

    def story_of(self, phone):
        """One person's bubbles as the market's books have them, and as the provider took them."""
        rows = self.rows(
            "select o.id, o.said_at, o.state, o.attempts, o.look_ups, o.resent, o.error, right(o.provider_id, 4) as sid"
            " from outbox o join conversation c on c.id = o.conversation_id join identity i using (contact_id)"
            " where i.value = %(phone)s order by o.said_at, o.place",
            phone=phone,
        )
        return [tuple(row) for row in rows], [(sent.sid[-4:], sent.body[:60]) for sent in self.provider.to(phone)]

    def value(self, sql, **values):
        with self.database.unit_of_work() as db:
            return db.value(sql, **values)

    def rows(self, sql, **values):
        with self.database.unit_of_work() as db:
            return db.rows(sql, **values)

    def run(self, sql, **values):
        with self.database.unit_of_work() as db:
            return db.run(sql, **values)

    def close(self):
        for process in self.processes:
            process.put_down()
        self.database.close()

    def logs(self):
        return "\n".join(path.read_text(errors="replace") for path in sorted(self.folder.glob("*.log")))

    def logged(self, event, **told):
        """How many lines so far tell of an event with just these words."""
        wanted = {f"{key}={value}" for key, value in {"event": event, **told}.items()}
        return sum(wanted <= set(line.split()) for line in self.logs().splitlines())

    def logged_values(self, event, key):
        """The values of a key in all lines that tell of an event."""
        lines = (line.split() for line in self.logs().splitlines() if f" event={event} " in line)
        return {word.partition("=")[2] for line in lines for word in line if word.startswith(f"{key}=")}

    def check_logs(self):
        """No traceback, no failed webhook, no deadlock, no secret, no phone, name or words of anybody in any log."""
        said = set().union(*(provider.said for provider in self.providers))
        phones = {phone for phone, *_ in said} | {sent.to for sent in self.messages}
        words = {word for _, *words in said for word in words}
        words |= {line for sent in self.messages for line in sent.body.splitlines()}
        check_log(self.logs(), self.secrets, phones, words)


def check_log(text, secrets, phones, words):
    for canary in (*CANARIES, *filter(None, secrets)):
        assert canary not in text, _around(text, canary)
    assert not PHONE.search(text), "a phone stands in a log"
    typed = {re.sub(r"\D", "", found[1]) for found in NATIONAL.finditer(text)}
    assert not {phone[-8:] for phone in phones} & typed, "a phone stands in a log as people write it"
    assert not list(_standing_in(text, words)), "somebody's words stand in a log"


def _standing_in(text, words):
    """Those of many words that a long text holds: where it holds how one of them begins, they are compared."""
    words = {word for word in words if len(word) >= LEAST_WORDS}
    lengths = defaultdict(set)  # how a word begins -> how long such words are
    for word in words:
        lengths[word[:LEAST_WORDS]].add(len(word))
    for start, most in lengths.items():
        for place in re.finditer(f"(?={re.escape(start)})", text):
            yield from words & {text[place.start() : place.start() + length] for length in most}


def _around(text, canary):
    place = text.index(canary)
    return text[max(0, place - 500) : place + 3000]


def fast_timing(factor=FASTER):
    """The variables that make every duration so many times as short."""
    return {
        f"ASSIGAME__TIMING__{name.upper()}": json.dumps(value) if isinstance(value, tuple) else str(value)
        for name, value in Timing().divided_by(factor)
    }


def with_calls_of(factor):
    """Variables that make calls and leases no faster than this: a busy machine may not answer in a twentieth."""
    names = {f"ASSIGAME__TIMING__{name}" for name in ("CALL_CONNECT", "CALL_READ", "CALL_MOST", "LEASE")}
    return {name: value for name, value in fast_timing(factor).items() if name in names}


def settings(database_url, redis_url, var, providers, **more):
    """The whole environment of a house's processes; what two of its accounts share, the first provider says."""
    own = [name_and_value for provider in reversed(providers) for name_and_value in provider.settings.items()]
    return {
        **{name: os.environ[name] for name in KEPT if name in os.environ},
        "PYTHONPATH": str(ROOT),
        **environment(database_url, redis_url, var),
        **fast_timing(),
        "ASSIGAME__TIMING__POLL": str(POLL),
        **dict(own),
        **more,
    }


@contextmanager
def house_in(
    services,
    planted,
    redis,
    redis_url,
    folder,
    *,
    behind=(),
    webs=1,
    workers=1,
    callbacks=("delivered",),
    more=(),
    **options,
):
    """A house that stands and is not started: a database copied from the planted one, an empty Redis, providers.

    `behind` makes them, each of its doors: Twilio alone, with these callbacks, unless others are named.
    """
    template, photos = planted
    with ExitStack() as stack:
        url = stack.enter_context(databases.copied_database(services, template))
        ports = [free_port() for _ in range(webs)]
        doors = [f"http://127.0.0.1:{port}" for port in ports]
        made = behind or (partial(TwilioProvider, callbacks=callbacks),)
        providers = [stack.enter_context(make(doors)) for make in made]
        environ = settings(url, redis_url, folder / "var", providers, **dict(more))
        settle({**environ, "ASSIGAME_VAR": str(photos)}, providers[0])
        redis.flushdb()
        house = House(environ, folder, ports, workers, providers, redis=redis, **options)
        stack.callback(house.close)
        with totals.counted(house):
            yield house
            house.check_logs()


def settle(environ, provider):
    """The demo's people, and what their provider must have made."""
    market = build(load(environ=environ))
    provider.settle(market)
    market.database.close()


def settle_contents(environ, provider):
    """The provider's contents alone, for a market without goods and people."""
    market = build(load(environ=environ))
    with market.database.unit_of_work() as db:
        for account_id, account in market.accounts.items():
            accounts.remember_contents(db, account_id, contents.create_contents(account), [])
    market.database.close()
