"""The two systems of a run, each with its own stores on the system's core: the market as it ships, and the floor."""

import os
import shutil
import signal
import subprocess
import sys
import time
import urllib.request
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import psycopg
import redis

from base import embedded
from base.config import Server
from base.embedded import Services
from base.embedded_place import find_place
from bench import processes
from bench.provider import ACCOUNT_SID, AUTH_TOKEN, SENDER

ROOT = Path(__file__).parent.parent
COMPILED = ROOT / "var" / "bench" / "compiled"
SYSTEM_CORE, LOAD_CORE = 0, 1
THREADS = str(Server().threads)  # of our own web process, and so of the floor's
STARTS_WITHIN = 600  # seconds, on a machine that others keep busy
SENDER_RATE = 100_000  # messages a second: no limit, for both
PRODUCTS, VENDORS, STOCK = 2000, 50, 500_000
ROOMY = f"""
with before as (select id, on_hand from stock for update), changed as (
  update stock s set on_hand = {STOCK} from before b where b.id = s.id
  returning s.id, b.on_hand, s.held, s.allocated)
insert into stock_movement (stock_id, reason, quantity, on_hand_before, on_hand_after, held_before, held_after,
  allocated_before, allocated_after)
select id, 'count', {STOCK} - on_hand, on_hand, {STOCK}, held, held, allocated, allocated from changed
"""


class NotStarted(Exception):
    """A system does not answer; says where its log is."""


def libpq(url: str) -> str:
    """An address without the name of SQLAlchemy's driver."""
    return url.replace("postgresql+psycopg://", "postgresql://", 1)


def on_core(*cores: int) -> Callable[[], None]:
    """What a child does first: keep to one core, or to these."""
    return lambda: os.sched_setaffinity(0, cores)


@dataclass
class System(ABC):
    """One system: its name, its port, its folder under var/bench, its processes."""

    name: str
    port: int
    provider_port: int
    folder: Path
    process: "subprocess.Popen[bytes] | None" = None
    settings: Mapping[str, str] = field(default_factory=dict)
    stops_within: float = 40  # seconds: a worker lets its sends end
    cores: Sequence[int] = (SYSTEM_CORE,)

    @property
    def base(self) -> str:
        """Its address."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def log(self) -> Path:
        """What its processes printed."""
        return self.folder / "output.log"

    @abstractmethod
    def start(self) -> None:
        """Stores, processes, until it answers. Raises NotStarted."""

    def spawn(self, *command: str) -> "subprocess.Popen[bytes]":
        """A process on the system's cores."""
        with self.log.open("ab") as log:
            return subprocess.Popen(
                [sys.executable, *command], env=self.environ(), stdout=log, stderr=log, cwd=ROOT,
                preexec_fn=on_core(*self.cores),
            )  # fmt: skip

    def environ(self) -> dict[str, str]:
        """This environment without what would lead elsewhere, and the system's own settings.

        Its programs are compiled once, as where they are installed, whatever this shell says of that.
        """
        kept = {k: v for k, v in os.environ.items() if not k.startswith(("ASSIGAME", "TWILIO"))}
        for name in ("DATABASE_URL", "REDIS_URL", "SECRET_KEY", "PUBLIC_BASE_URL", "PORT"):
            kept.pop(name, None)
        kept.pop("PYTHONDONTWRITEBYTECODE", None)
        own = {"PYTHONPATH": str(ROOT), "PYTHONPYCACHEPREFIX": str(COMPILED), "PUBLIC_BASE_URL": self.base}
        return kept | own | dict(self.settings)

    def wait_for(self, path: str, seconds: float = 60) -> None:
        """Until this page answers 200."""
        end = time.monotonic() + seconds
        while time.monotonic() < end and self.process and self.process.poll() is None:
            with suppress(OSError), urllib.request.urlopen(self.base + path, timeout=2) as answer:
                if answer.status == 200:
                    return
            time.sleep(0.2)
        raise NotStarted(f"{self.name} does not answer on {self.base}{path}; see {self.log}")

    def services(self) -> Services:
        """Where its stores listen. Raises NotStarted."""
        services = embedded.running(self.folder)
        if services is None:
            raise NotStarted(f"the stores of {self.name} do not run")
        return services

    def sql(self, *statements: str) -> None:
        """Statements to its database, each its own transaction."""
        with psycopg.connect(libpq(self.services().database_url), autocommit=True) as db:
            for statement in statements:
                db.execute(statement)

    def know_sizes(self) -> None:
        """What a database that has run for a while knows of its tables; a fresh one plans for empty ones."""
        self.sql("vacuum analyze")

    def stores(self) -> dict[str, int]:
        """The processes of its PostgreSQL and Redis."""
        place, services = find_place(self.folder), self.services()
        postgres = int((place.postgres_data / "postmaster.pid").read_text().split("\n", 1)[0])
        with redis.Redis.from_url(services.redis_url) as client:
            return {"postgres": postgres, "redis": int(client.info("server")["process_id"])}

    @abstractmethod
    def own(self) -> dict[str, int]:
        """The bot's own processes by their part."""

    def roots(self) -> dict[str, int]:
        """All of it, by part."""
        return self.own() | self.stores()

    def everywhere(self) -> None:
        """Let each of its threads, which began on one core, run on all of the machine's."""
        everything = processes.tree(self.roots().values())
        for pid in everything:
            for thread in Path(f"/proc/{pid}/task").glob("*"):
                with suppress(OSError):
                    os.sched_setaffinity(int(thread.name), range(os.cpu_count() or 1))

    def freeze(self) -> None:
        """Stand still while the other system is measured: even an idle loop costs."""
        processes.tell_all(self.own().values(), signal.SIGSTOP)

    def thaw(self) -> None:
        """Go on."""
        processes.tell_all(self.own().values(), signal.SIGCONT)

    def stop(self) -> None:
        """End everything, what a process leaves behind too."""
        if self.process:
            begun = processes.tree([self.process.pid])
            with suppress(ProcessLookupError, NotStarted):
                self.thaw()
            self.process.terminate()
            with suppress(subprocess.TimeoutExpired):
                self.process.wait(self.stops_within)
            for pid in begun:
                with suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
            self.process.wait()
        embedded.stop(self.folder)


class Market(System):
    """`cli.py run` with one Twilio account, no rate for recipients, a demo market made larger."""

    def __init__(self, provider_port: int, folder: Path, port: int, quick: bool = False) -> None:
        rates = f'{{"sender_per_second": {SENDER_RATE}, "recipient_burst": 0, "turns": 0, "equal_answers": 0}}'
        settings = {
            "ASSIGAME_VAR": str(folder), "PORT": str(port), "TWILIO_ACCOUNT_SID": ACCOUNT_SID,
            "TWILIO_AUTH_TOKEN": AUTH_TOKEN, "TWILIO_WHATSAPP_FROM": SENDER,
            "TWILIO_API_BASE": f"http://127.0.0.1:{provider_port}", "ASSIGAME__SIMULATOR__ENABLED": "false",
            "ASSIGAME__CHANNEL_ACCOUNTS__0__RATES": rates, "ASSIGAME__ANNOUNCEMENTS__SECOND_ABOVE": "100000000",
        }  # fmt: skip
        # For the whole run, so that a stretch sees the end of it: a tenth until a lost answer is asked for; until a
        # refused send is tried again a quarter the first time, and an ever smaller part the later ones.
        if quick:
            settings |= {
                "ASSIGAME__TIMING__UNCERTAIN_LOOK_UPS": "[4.5, 7.5]", "ASSIGAME__TIMING__UNCERTAIN_MOST": "7.5",
                "ASSIGAME__TIMING__SEND_RETRY": "[0.5, 1, 2, 4, 8]",
            }  # fmt: skip
        super().__init__("ours", port, provider_port, folder, settings=settings)

    def start(self) -> None:
        """Run it as an operator does."""
        self.process = self.spawn("cli.py", "run")
        self.wait_for("/readyz", STARTS_WITHIN)

    def plant(self, vendors: int = VENDORS) -> None:
        """More goods, in so many shops more, and stock that does not run out."""
        self._command("seed", "--products", str(PRODUCTS), "--vendors", str(vendors))
        self.sql(ROOMY)

    def make_contents(self) -> None:
        """The account's content resources, as an operator makes them; the provider must answer meanwhile."""
        self._command("twilio-content")

    def _command(self, *words: str) -> None:
        if self.spawn("cli.py", *words).wait(300):
            raise NotStarted(f"cli.py {words[0]} failed; see {self.log}")

    def own(self) -> dict[str, int]:
        """Web and worker."""
        assert self.process
        below = processes.tree([self.process.pid]) - {self.process.pid}
        children = [pid for pid in below if processes.stat(pid)[1] == str(self.process.pid)]
        worker = list(processes.named(children, "worker.py"))
        web = [pid for pid in children if pid not in worker]
        if len(worker) != 1 or len(web) != 1:
            raise NotStarted(f"{self.name} has {len(web)} web and {len(worker)} worker processes; see {self.log}")
        return {"web": web[0], "worker": worker[0]}


class Floor(System):
    """bench/floor.py on Granian, with the settings of our own web process."""

    def __init__(self, provider_port: int, folder: Path, port: int) -> None:
        super().__init__("floor", port, provider_port, folder, stops_within=3)

    def start(self) -> None:
        """Its own PostgreSQL and Redis of the same kind, then the server."""
        before = os.sched_getaffinity(0)
        os.sched_setaffinity(0, {SYSTEM_CORE})  # the stores inherit it
        services = embedded.start(self.folder)
        os.sched_setaffinity(0, before)
        self.settings = {
            "DATABASE_URL": libpq(services.database_url), "REDIS_URL": services.redis_url,
            "PROVIDER": f"127.0.0.1:{self.provider_port}",
        }  # fmt: skip
        self.process = self.spawn(
            "-m", "granian", "--interface", "wsgi", "--factory", "--host", "127.0.0.1", "--port", str(self.port),
            "--workers", "1", "--blocking-threads", THREADS, "--no-ws", "--log-level", "warning", "bench.floor:app",
        )  # fmt: skip
        self.wait_for("/healthz")

    def own(self) -> dict[str, int]:
        """Its web process sends too."""
        assert self.process
        return {"web": self.process.pid}


def fresh(folder: Path) -> Path:
    """An empty folder; stores that a broken run left there are stopped first."""
    folder.mkdir(parents=True, exist_ok=True)
    embedded.stop(folder)
    for left in (find_place(folder).home, folder):  # where root's are elsewhere they stay when only the folder is gone
        shutil.rmtree(left, ignore_errors=True)
    folder.mkdir(parents=True)
    return folder
