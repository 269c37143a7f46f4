"""`python -m bench.searching`: how long a search takes at 1,000, 100,000 and 1,000,000 products, spelling and all."""

import os
import random
import resource
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

import click
from rich.console import Console

from base import embedded
from base.db import Database, Db
from base.media import Folder
from base.migrating import migrate
from bench import processes, report
from bench.report import Line, limit_line, percentile
from bench.systems import fresh
from catalog import search
from catalog.demo import plant, plant_scale
from catalog.demo.market import demo_products
from catalog.products import products
from catalog.vocabulary import vocabulary

VAR: Final = Path(__file__).parent.parent / "var" / "bench" / "searching"
SIZES: Final = (1_000, 100_000, 1_000_000)
PRODUCTS_A_SHOP: Final = 40
JUDGED_SIZE: Final = 100_000
MOST_P95, MOST_P50 = 15.0, 5.0  # milliseconds at 100,000 products
SHARES: Final = {"plain": 40, "misspelt": 30, "bounded": 15, "place": 5, "shop": 5, "nothing": 5}  # of 100 searches
SALES: Final = """
update product set sales = (id * 7919 %% 211 * (id * 31 %% 13) / 12)::int where slug like 'serie-%%'
"""
NOTHING: Final = "ciment|voiture toyota|ordinateur portable|lunettes de soleil|klimatizeur|brouète".split("|")
PLACES: Final = "agoe bè adidogomé hedzranawoe deckon baguida".split()
console = Console()
console.width = max(console.width, 110)


def wishes(count: int, seed: int) -> Iterator[tuple[str, str]]:
    """(kind, words) of so many searches; the same for the same seed."""
    chance = random.Random(seed)
    names = [product.name for product in demo_products()]
    shops = "maman yawa|tonton kossi|boutique essi|kodjo mobile".split("|")
    for kind in chance.choices(list(SHARES), list(SHARES.values()), k=count):
        words = " ".join(chance.choice(names).replace(",", " ").split()[: chance.randint(1, 3)])
        bound = f"max {chance.choice((2, 5, 10, 20))} mil"
        told = {
            "plain": words,
            "misspelt": misspelt(words, chance),
            "bounded": f"{words} {bound}",
            "place": f"{words} à {chance.choice(PLACES)}",
            "shop": f"{words} chez {chance.choice(shops)}",
            "nothing": chance.choice(NOTHING),
        }
        yield kind, told[kind]


def misspelt(words: str, chance: random.Random) -> str:
    """A letter lost, doubled, or in its neighbour's place, in the longest word."""
    longest = max(words.split(), key=len)
    place = chance.randrange(1, max(2, len(longest) - 1))
    slips = (
        longest[:place] + longest[place + 1 :],
        longest[:place] + longest[place : place + 1] + longest[place:],
        longest[:place] + longest[place : place + 2][::-1] + longest[place + 2 :],
    )
    return words.replace(longest, chance.choice(slips), 1)


def measured(db: Db, searched: Sequence[tuple[str, str]]) -> dict[str, list[float]]:
    """Milliseconds of each search by its kind: reading the words, the database, ranking, and the first page's rows."""
    taken: dict[str, list[float]] = {kind: [] for kind in SHARES}
    for kind, words in searched:
        began = time.perf_counter()
        products(db, search.find(db, words).ids[:9])
        taken[kind].append(1000 * (time.perf_counter() - began))
    return taken


def grown(database: Database, size: int) -> None:
    """As many invented goods, with sales, and a database that knows its sizes."""
    with database.unit_of_work() as db:
        plant(db, Folder(VAR / "media"))
        plant_scale(db, products=size, vendors=max(10, size // PRODUCTS_A_SHOP))
        db.run(SALES)
    with database.autocommit() as db:
        db.run("vacuum analyze product, stock, vendor, category")


def cpu(db: Db) -> float:
    """Milliseconds of CPU of this program and its PostgreSQL process so far, which a busy machine does not add to."""
    ticks = sum(int(field) for field in processes.stat(db.connection.info.backend_pid)[11:13])
    return 1000 * (time.process_time() + ticks / processes.TICKS)


def lines_of(size: int, taken: dict[str, list[float]], words: int, spent: float) -> list[Line]:
    """The figures of one size; the bars are those of 100,000 products."""
    everything = [one for some in taken.values() for one in some]
    is_judged = size == JUDGED_SIZE
    p50, p95 = (percentile(everything, share) for share in (0.5, 0.95))
    name = f"{size:,} products: search"
    lines = [
        limit_line(
            f"{name} p50", "ms", p50, None, f"≤ {MOST_P50:g}" if is_judged else "", met(p50, MOST_P50, is_judged)
        ),
        limit_line(
            f"{name} p95", "ms", p95, None, f"< {MOST_P95:g}" if is_judged else "", met(p95, MOST_P95, is_judged)
        ),
    ]
    lines += [limit_line(f"  {kind} p95", "ms", percentile(some, 0.95), None, "", None) for kind, some in taken.items()]
    lines.append(limit_line("  CPU of both, mean", "ms", spent, None, "", None))
    return [*lines, limit_line("  words in memory", "", words, None, "", None)]


def met(figure: float, most: float, is_judged: bool) -> bool | None:
    """Whether a bar is kept; None where there is none."""
    return figure <= most if is_judged else None


def peak() -> float:
    """MiB that this process has taken at most."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


@click.command(help=__doc__)
@click.option("--searches", default=2000, help="At each size.")
@click.option("--most", default=SIZES[-1], help="The largest number of products.")
def main(searches: int, most: int) -> None:
    """Plant, measure, print, keep."""
    services = embedded.start(fresh(VAR))
    try:
        migrate(services.database_url)
        database = Database(services.database_url)
        lines: list[Line] = []
        for size in (size for size in SIZES if size <= most):
            console.print(f"planting {size:,} products …", style="dim")
            grown(database, size)
            with database.transaction() as db:
                measured(db, list(wishes(200, seed=1)))
                before = cpu(db)
                taken = measured(db, list(wishes(searches, seed=2)))
                lines += lines_of(size, taken, len(vocabulary(db)), (cpu(db) - before) / searches)
        database.close()
    finally:
        embedded.stop(VAR)
    notes = [
        f"{searches:,} searches a size: {', '.join(f'{share} % {kind}' for kind, share in SHARES.items())};"
        f" the load was {', '.join(f'{one:.1f}' for one in os.getloadavg())} (1, 5, 15 minutes)."
        f" This process took {peak():.0f} MiB at most.",
    ]
    report.show(console, lines, notes)
    report.keep(VAR.parent / "searching.json", lines, notes, {})


if __name__ == "__main__":
    main()
