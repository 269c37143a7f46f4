"""What `cli.py run` sets up and serves: services, tables, the demo market, and the children that do the work."""

import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from base import embedded, port
from base.children import Child, Children, environment_of
from base.config import Config, load
from base.migrating import migrate
from base.threads import show_when_asked
from bot import demo_people
from catalog import demo
from events import demo as event_demo
from wiring import Market, build, connected

ROOT = Path(__file__).parent
GREETS_EVERY = 0.2  # seconds
console = Console()


def serve(config: Config) -> None:
    """Start the services that are not configured, then the children; everything ends with a signal."""
    show_when_asked()
    is_embedded = not (config.database.url and config.redis.url)
    if is_embedded:
        services = embedded.start(config.var)
        console.print(f"PostgreSQL and Redis run in {services.place}")
    config = connected(config)
    try:
        set_up(config)
        children = Children(
            environment_of(config, ROOT), [Child("web", ["cli.py", "web"]), Child("worker", ["worker.py"])]
        )
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: children.stop())
        children.watch(threading.Thread(target=greet, args=(config,), daemon=True).start)
    finally:
        if is_embedded:
            embedded.stop(config.var)


def set_up(config: Config) -> None:
    """Bring the tables up to date; the demo gets its goods and people, every market its organizers."""
    migrate(str(config.database.url))
    here = build(config, role="cli")
    if config.environment == "demo":
        plant(here)
    here.appoint_organizers()
    here.database.close()


def greet(config: Config) -> None:
    """Say what is off, and where to look once somebody who looks there finds it."""
    for key, variables in config.silent_accounts().items():
        console.print(f"The channel {key} is off: it waits for {', '.join(variables)}.")
    while not port.answers(config.server.local_url):
        time.sleep(GREETS_EVERY)
    if config.simulator_is_enabled:
        console.print(f"Simulator: [bold]{config.server.local_url}/simulator[/bold]")


def plant(market: Market, products: int = 0, vendors: int = 0, buyers: int = 0) -> None:
    """The demo market with its people, and any number of invented products and buyers beside it."""
    with Progress(console=console, transient=True) as progress:
        task = progress.add_task("demo market", total=None)

        def on_progress(done: int, total: int) -> None:
            progress.update(task, completed=done, total=total)

        with market.database.unit_of_work() as db:
            demo.plant(db, market.media, on_progress)
            event_demo.plant(db)
            if products:
                demo.plant_scale(db, products=products, vendors=vendors, on_progress=on_progress)
            shops = demo_people.shops(demo.owners(db))
            people = (*demo_people.BUYERS, *demo_people.ORGANIZERS, *shops)
            demo_people.settle_in(db, market.phoned, people)
            if buyers:
                demo_people.settle_many(db, market.phoned, buyers, on_progress)


@contextmanager
def stores() -> Iterator[Config]:
    """The settings with the addresses of the stores; embedded ones that do not run are started for the meantime."""
    config = load()
    if (config.database.url and config.redis.url) or embedded.running(config.var):
        yield connected(config)
        return
    with embedded.Owner(config.var):
        embedded.start(config.var)
        try:
            yield connected(config)
        finally:
            embedded.stop(config.var)


def show(columns: list[str], rows: list[list[str]]) -> None:
    """A table, or the word that there is nothing."""
    if not rows:
        console.print("Nothing.")
        return
    table = Table(*columns)
    for row in rows:
        table.add_row(*row)
    console.print(table)
