"""`python -m bench.broadcasting`: 100,000 people planned; 10,000 told on each channel while workers are killed.

The channels come one after the other, each with its own kills and its own figures: what is asked is that one sender
keeps its rate. No floor stands beside it, so the door, the workers and what is restarted of them have the whole
machine, which the stand-in shares. `--together` sends on all three at once, three times the rate: there it shows what
that machine can do.
"""

import asyncio
import os
import random
import resource
import signal
import subprocess
import time
from collections.abc import Mapping, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from types import MappingProxyType
from typing import Final

import click
import uvloop
from rich.console import Console

from base import embedded
from base.config import Config, load
from base.db import Database, Db
from base.migrating import migrate
from bench import report
from bench.announced import Recipients, StandIn
from bench.provider import ACCOUNT_SID, AUTH_TOKEN, SENDER, Phones
from bench.report import Line, limit_line, percentile
from bench.systems import THREADS, NotStarted, System, fresh
from bench.wire import Caller, free_port, port_of, serve
from bot import accounts
from bot.broadcasts import drafts, planning
from bot.broadcasts.audience import Audience
from bot.broadcasts.drafts import Draft

VAR: Final = Path(__file__).parent.parent / "var" / "bench" / "broadcasting"
KEYS: Final = ("twilio", "whatsapp", "messenger")
KINDS: Final[Mapping[str, str]] = {
    "twilio": "twilio_whatsapp", "whatsapp": "whatsapp_cloud", "messenger": "messenger",
}  # fmt: skip
RATE, BULK = 80, 56  # messages a second of a sender, and its part for announcements
BUSY_EVERY, GONE_EVERY = 50, 33  # 2 % and 3 %
SILENT_EVERY: Final = 40  # of these one did not say yes
MOST_PLANNING, MOST_GROWTH = 5.0, 8.0  # seconds, MiB
MOST_OVER: Final = 1.10  # × the theoretical time
MOST_ANSWER: Final = 2.0  # seconds, p95
ANSWERED_A_SECOND: Final = 4
PATIENCE: Final = 30.0  # seconds for an answer
LEASE: Final = 35.0  # seconds in which it is known what a dead worker had in hand
PEOPLE: Final = """
with made as (
  insert into contact (name, language, wants_announcements)
  select 'Awa', %(language)s, n %% %(silent)s <> 0 from generate_series(1, %(count)s) n returning id
), named as (
  insert into identity (account_id, kind, value, contact_id)
  select %(account)s, %(kind)s, %(prefix)s || lpad(id::text, 7, '0'), id from made
)
insert into conversation (account_id, contact_id, last_in_at) select %(account)s, id, market_now() from made
"""
NAMES: Final[Mapping[str, tuple[str, str]]] = {
    "twilio": ("phone", "+2289"), "whatsapp": ("phone", "+2289"), "messenger": ("psid", "70"),
}  # fmt: skip
TOLD: Final = ("sent", "delivered", "read")  # states of who was told
MEANT: Final = (*TOLD, "planned", "queued", "failed", "uncertain")  # of who was to be told
IN_DOUBT: Final = ("uncertain",)
COUNTS: Final = "select state, count(*) as people from broadcast_recipient where broadcast_id = %(id)s group by 1"
console = Console()
console.width = max(console.width, 110)


class Announcing(System):
    """A door and workers on stores of their own, with three channels at one stand-in."""

    def __init__(self, provider_port: int, folder: Path, port: int, more: Mapping[str, str]) -> None:
        super().__init__("ours", port, provider_port, folder, cores=range(os.cpu_count() or 1))
        self.more = more
        self.workers: list[subprocess.Popen[bytes]] = []

    def start(self, workers: int = 2) -> None:
        """Stores, tables, then the processes. Raises NotStarted."""
        services = embedded.start(self.folder)
        migrate(services.database_url)
        stand_in = f"http://127.0.0.1:{self.provider_port}"
        rates = f'{{"sender_per_second": {RATE}, "recipient_burst": 0, "turns": 0, "equal_answers": 0}}'
        self.settings = {
            "DATABASE_URL": services.database_url, "REDIS_URL": services.redis_url, "ASSIGAME_VAR": str(self.folder),
            "SECRET_KEY": "of-a-bench-0123456789", "TWILIO_ACCOUNT_SID": ACCOUNT_SID, "TWILIO_AUTH_TOKEN": AUTH_TOKEN,
            "TWILIO_WHATSAPP_FROM": SENDER, "TWILIO_API_BASE": stand_in, "GRAPH_API_BASE": stand_in,
            "META_APP_SECRET": "app-secret", "META_VERIFY_TOKEN": "verify", "WHATSAPP_ACCESS_TOKEN": "token",
            "WHATSAPP_PHONE_NUMBER_ID": "1055", "MESSENGER_PAGE_ID": "2055", "MESSENGER_PAGE_TOKEN": "page-token",
            "ASSIGAME__SIMULATOR__ENABLED": "false", "ASSIGAME__ANNOUNCEMENTS__SECOND_ABOVE": "100000000",
            **{f"ASSIGAME__CHANNEL_ACCOUNTS__{place}__RATES": rates for place in range(3)}, **self.more,
        }  # fmt: skip
        self.process = self.spawn(
            "-m", "granian", "--interface", "wsgi", "--factory", "--host", "127.0.0.1", "--port", str(self.port),
            "--workers", "1", "--blocking-threads", THREADS, "--no-ws", "--log-level", "warning", "webhooks:app",
        )  # fmt: skip
        self.workers = [self.spawn("worker.py") for _ in range(workers)]
        self.wait_for("/readyz", 120)

    def config(self) -> Config:
        """The settings of its processes."""
        return load(environ=self.environ())

    def kill_one(self, number: int) -> None:
        """kill -9 of a worker, and another one in its place."""
        place = number % len(self.workers)
        self.workers[place].send_signal(signal.SIGKILL)
        self.workers[place].wait()
        self.workers[place] = self.spawn("worker.py")

    def own(self) -> dict[str, int]:
        """Door and workers."""
        assert self.process
        return {"web": self.process.pid, **{f"worker {n}": one.pid for n, one in enumerate(self.workers)}}

    def stop(self) -> None:
        """Workers first."""
        for one in self.workers:
            with suppress(ProcessLookupError):
                os.kill(one.pid, signal.SIGKILL)
            one.wait()
        super().stop()


@dataclass(frozen=True)
class Sent:
    """How a sending on some channels went: seconds, those it needs at least, counts of recipients, answers in seconds.

    `busy` and `gone`: how often the provider said 429, and whom it refused for good. `untold`: who was neither told nor
    refused, as a killed worker had him in hand, and the market says so; time for them is in neither of the seconds.
    And what is wrong.
    """

    channels: str
    seconds: float
    least: float
    counts: Mapping[str, int]
    busy: int
    gone: int
    untold: int
    answers: list[float]
    unanswered: int
    kills: int
    wrong: list[str]


def plant(db: Db, ids: Mapping[str, int], people: int, language: str, keys: Sequence[str] = KEYS) -> None:
    """So many people on each channel, all with open windows; one in forty did not say yes."""
    for key in keys:
        kind, prefix = NAMES[key]
        told = {"account": ids[key], "kind": kind, "prefix": prefix, "language": language}
        db.run(PEOPLE, count=people, silent=SILENT_EVERY, **told)


def draft_for(db: Db, config: Config, language: str, channel: str = "") -> int:
    """A broadcast to all who read a language, of one channel or of all, agreed to; its number."""
    words = {"fr": "Atelier demain à 9 h.", "en": "Workshop tomorrow at 9."}
    draft = Draft(words, Audience(language=language, channel=channel), override_quiet=True, override_weekly=True)
    number = drafts.make(db, None, draft)
    drafts.preview_whole(db, config, number)
    return number


def measure_planning(database: Database, config: Config, people: int) -> list[Line]:
    """Seconds for as many people, and by how much this process and its session of PostgreSQL grow."""
    with database.unit_of_work() as db:
        ids = accounts.ensure(db, config.active_accounts())
        plant(db, ids, people // len(KEYS), "fr")
    with database.autocommit() as db:
        db.run("analyze contact, identity, conversation, broadcast_recipient")
    with database.unit_of_work() as db:
        number = draft_for(db, config, "fr")
        backend, before = int(db.value("select pg_backend_pid()")), _peak()
        private, began = _private(backend), time.perf_counter()
        planned = planning.plan(db, config, number, datetime.now(UTC))
        seconds, growth = time.perf_counter() - began, _peak() - before
        session = _private(backend) - private
    title = f"{people} people planned ({planned} can be told)"
    return [
        limit_line(title, "s", seconds, None, f"≤ {MOST_PLANNING}", seconds <= MOST_PLANNING * max(1, people / 1e5)),
        limit_line("  memory of the process, more", "MiB", growth, None, f"≤ {MOST_GROWTH}", growth <= MOST_GROWTH),
        limit_line("  of its session, more", "MiB", session, None, "", None),
    ]


def _peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _private(pid: int) -> float:
    """MiB of a process that no other shares, as far as this system tells it."""
    try:
        told = Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return 0.0
    return next((int(line.split()[1]) / 1024 for line in told.splitlines() if line.startswith("RssAnon")), 0.0)


async def answer_buyers(stand_in: StandIn, port: int, until: asyncio.Event, first: int = 0) -> tuple[list[float], int]:
    """New buyers greet, some a second, while others are announced something: seconds until each was answered."""
    phones, caller, began = Phones(port), Caller(port, 16), dict[str, float]()
    for number in count(first):
        if until.is_set():
            break
        phone = f"+2287{number:07}"
        inbound = phones.say(phone, "bonjour")
        began[phone] = time.monotonic()
        await caller.refusal(inbound.target, inbound.body, inbound.signature)  # who is refused stays unanswered
        await asyncio.sleep(1 / ANSWERED_A_SECOND)
    end = time.monotonic() + PATIENCE
    while began.keys() - stand_in.heard.keys() and time.monotonic() < end:
        await asyncio.sleep(0.1)
    caller.close()
    answered = [stand_in.heard[phone] - at for phone, at in began.items() if phone in stand_in.heard]
    return answered, len(began) - len(answered)


async def kill_workers(system: Announcing, kills: int, seconds: float) -> int:
    """So many kill -9 in so many seconds of sending, nearly: what a dead one had in hand has the time to be settled."""
    chance, span = random.Random(7), max(0.6 * seconds, seconds - LEASE)
    for number in range(kills):
        await asyncio.sleep(span / kills * chance.uniform(0.5, 1.5))
        await asyncio.to_thread(system.kill_one, number)
    return kills


async def measure_sending(
    system: Announcing, stand_in: StandIn, people: int, kills: int, keys: Sequence[str] = KEYS
) -> Sent:
    """Tell so many people of each channel; workers are killed, buyers greet, until everybody has been told."""
    config = system.config()
    first = stand_in.begin()
    with closing(Database(system.services().database_url)) as database:
        with database.unit_of_work() as db:
            plant(db, accounts.ensure(db, config.active_accounts()), people, "en", keys)
            number = draft_for(db, config, "en", KINDS[keys[0]] if len(keys) == 1 else "")
        asked = people - people // SILENT_EVERY
        least = least_seconds(stand_in, asked)
        over = asyncio.Event()
        buyers = asyncio.create_task(answer_buyers(stand_in, system.port, over, first))
        with database.unit_of_work() as db:
            drafts.confirm(db, config, number, None)
        await while_it_is(("scheduled",), database, number, PATIENCE)
        killing = asyncio.create_task(kill_workers(system, kills, least))
        await while_it_is(("scheduled", "sending"), database, number, least * 5 + 180)
        over.set()
        answers, unanswered = await buyers
        return _sent(database, stand_in, number, (keys, asked), (answers, unanswered, await killing))


def least_seconds(stand_in: StandIn, people: float) -> float:
    """The theoretical time for so many of a channel, and for what of it the provider says 429 to."""
    return people * (1 + 1 / stand_in.busy_every) / BULK


async def while_it_is(states: Sequence[str], database: Database, number: int, most: float) -> None:
    """Wait for a broadcast to leave these states, so many seconds at most."""
    end = time.monotonic() + most
    while time.monotonic() < end:
        with database.autocommit() as db:
            if db.value("select state from broadcast where id = %(id)s", id=number) not in states:
                return
        await asyncio.sleep(0.2)


def people_who_are(db: Db, number: int, states: Sequence[str]) -> frozenset[str]:
    """How their provider names the people of a broadcast who are in one of these states."""
    rows = db.rows(
        "select i.value from broadcast_recipient r join identity i using (contact_id)"
        " where r.broadcast_id = %(id)s and r.state = any(%(states)s)",
        id=number,
        states=list(states),
    )
    return frozenset(row.value for row in rows)


def _sent(
    database: Database,
    stand_in: StandIn,
    number: int,
    asked: tuple[Sequence[str], int],
    met: tuple[list[float], int, int],
) -> Sent:
    with database.autocommit() as db:
        row = db.one("select state, pause_reason, started_at from broadcast where id = %(id)s", id=number)
        counts = {row.state: row.people for row in db.rows(COUNTS, id=number)}
        people = Recipients(*(people_who_are(db, number, states) for states in (("skipped",), TOLD, MEANT, IN_DOUBT)))
    assert row is not None
    began = time.monotonic() - (datetime.now(UTC) - row.started_at).total_seconds()
    untold = people.untold(stand_in)
    wrong = [] if row.state == "done" else [f"it is {row.state} {row.pause_reason or ''}"]
    wrong += people.wrong(stand_in)
    seconds = max(stand_in.taken_at, default=began) - began
    keys, of_each = asked
    least = least_seconds(stand_in, of_each - len(untold) / len(keys))
    busy = sum(stand_in.met_busy[key] for key in keys)
    return Sent(", ".join(keys), seconds, least, counts, busy, len(stand_in.gone), len(untold), *met, wrong)


def lines_of(sent: Sent) -> list[Line]:
    """The table of a sending."""
    over, p95 = sent.seconds / sent.least, percentile(sent.answers, 0.95)
    fast = not sent.unanswered and p95 <= MOST_ANSWER
    return [
        limit_line(f"{sent.channels}: until the last was told", "s", sent.seconds, sent.least, "", None),
        limit_line(
            f"  × the time at {BULK}/s (70 % of {RATE}/s), {sent.kills} kills",
            "",
            over,
            None,
            f"≤ {MOST_OVER}",
            over <= MOST_OVER,
        ),
        limit_line(
            f"  buyers answered meanwhile, p95 of {len(sent.answers)}", "s", p95, None, f"≤ {MOST_ANSWER}", fast
        ),
        limit_line("  told nothing, and in doubt after a kill", "", sent.untold, None, "", None),
        limit_line("  what is wrong", "", len(sent.wrong), None, "= 0", not sent.wrong),
    ]


def notes_of(sent: Sent) -> list[str]:
    """What became of its recipients, and what is wrong."""
    counts = ", ".join(f"{people} {state}" for state, people in sorted(sent.counts.items()))
    return [
        f"{sent.channels}: {counts}; {sent.busy} times 429, {sent.gone} refused for good, {sent.untold} told nothing",
        *sent.wrong,
    ]


async def measure(
    planned: int,
    people: int,
    kills: int,
    folder: Path = VAR,
    more: Mapping[str, str] = MappingProxyType({}),
    *,
    together: bool = False,
    busy_every: int = BUSY_EVERY,
) -> tuple[list[Line], list[Sent]]:
    """Both parts, on stores of their own, with these settings more; a sending of each channel, or one of all."""
    stand_in = StandIn(busy_every, GONE_EVERY)
    server = await serve(stand_in.handle)
    system = Announcing(port_of(server), fresh(folder), free_port(), more)
    try:
        await asyncio.to_thread(system.start)
        with closing(Database(system.services().database_url)) as database:
            lines = measure_planning(database, system.config(), planned) if planned else []
        parts = (KEYS,) if together else tuple((key,) for key in KEYS)
        sendings = [await measure_sending(system, stand_in, people, kills, keys) for keys in parts]
        return [*lines, *(line for sent in sendings for line in lines_of(sent))], sendings
    finally:
        await asyncio.to_thread(system.stop)
        server.close()


@click.command()
@click.option("--planned", default=100_000, help="People who are planned, and not told.")
@click.option("--people", default=10_000, help="People of each channel who are told.")
@click.option("--kills", default=50, help="How often a worker is killed in each sending.")
@click.option("--together", is_flag=True, help="Tell all channels at once.")
def main(planned: int, people: int, kills: int, together: bool) -> None:
    """Plan an announcement to very many, tell another to many, and see whether all bars are met."""
    try:
        lines, sendings = uvloop.run(measure(planned, people, kills, together=together))
    except NotStarted as error:
        raise click.ClickException(str(error)) from error
    report.show(console, lines, [note for sent in sendings for note in notes_of(sent)])
    if not all(line.is_met is not False for line in lines):
        raise SystemExit(1)


if __name__ == "__main__":
    main()
