"""`python -m bench.selling`: vendors who write stock lines beside buyers, against the same buyers alone.

In rounds, as what a machine can do drifts within minutes: each finds anew what half load is, then measures both at it.
"""

import asyncio
import os
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from statistics import fmean
from typing import Final

import click
import uvloop
from rich.console import Console
from rich.table import Table

from base.db import Database, Db
from base.invariants import violations
from bench.load import Crowd, Figures
from bench.report import number, percentile, speed
from bench.rounds import SETTLES, open_market
from bench.scaling import Scaled
from bench.sellers import Shops
from bench.systems import LOAD_CORE, Market, NotStarted, fresh
from bench.wire import free_port, port_of, serve
from bot.understanding import understand
from catalog.invariants import INVARIANTS

VAR: Final = Path(__file__).parent.parent / "var" / "bench" / "selling"
SOLD_IN: Final = 100  # shops
SATURATED: Final = 10.0  # seconds
LEAST: Final = 0.95  # of what is offered, that has to be answered
MOST_GOODS: Final = 4  # of a shop that its lines name
SHOPS: Final = f"""
select v.phone, array_agg(p.name order by p.id) as names from vendor v join product p on p.vendor_id = v.id
where v.slug like 'serie\\_%%' and p.is_listed and p.kind = 'single'
  and not exists (select from product o where o.vendor_id = v.id and o.id <> p.id and (o.name like p.name || '%%'
    or p.name like o.name || '%%'))
group by v.id order by v.id limit {SOLD_IN}
"""
GRANT: Final = """
insert into role (contact_id, role, vendor_id)
select i.contact_id, 'vendor', v.id from vendor v join identity i on i.kind = 'phone' and i.value = v.phone
where v.slug like 'serie\\_%' on conflict do nothing
"""
TAKEN: Final = """
select v.phone, p.name, sum(m.quantity)::bigint as units from stock_movement m join product p on p.stock_id = m.stock_id
join vendor v on v.id = p.vendor_id where m.adjustment_id is not null group by v.phone, p.name
"""
console = Console()
console.width = max(console.width, 110)


@contextmanager
def reading(market: Market) -> Iterator[Db]:
    """The market's database."""
    with closing(Database(market.services().database_url)) as database, database.transaction() as db:
        yield db


def goods_of(market: Market) -> dict[str, list[str]]:
    """phone → names of goods that a line means without a question, of up to a hundred shops."""
    with reading(market) as db:
        rows = db.rows(SHOPS)
    shops = {phone: [name for name in names if is_plain(name)][:MOST_GOODS] for phone, names in rows}
    return {phone: names for phone, names in shops.items() if names}


def is_plain(name: str) -> bool:
    """Whether `+3 name` is read as so many more of just this."""
    heard = understand("vendor", f"+3 {name}")
    told = [(one.intent, one.slots.get("product"), one.slots.get("quantity")) for one in heard]
    return told == [("add_stock", name, 3)]


async def open_shops(market: Market, crowd: Crowd) -> Shops:
    """The vendors with their first line and its yes behind them; who is asked more than that is left out."""
    shops = Shops(crowd, goods_of(market))
    for phone in shops.sellers:
        await shops.say(phone, "bonjour")
    await asyncio.sleep(5)
    market.sql(GRANT)
    for phone in shops.sellers:
        await shops.say(phone, "ma boutique")
    await asyncio.sleep(5)
    await shops.settle_in()
    return shops


def disagreements(market: Market, shops: Shops) -> list[str]:
    """What does not agree afterwards: the market's own invariants, and each vendor's units with his ledger."""
    with reading(market) as db:
        found = [f"{one.invariant}: {one.row} {one.says}" for one in violations(db, INVARIANTS)]
        ledger = {(phone, name): int(units) for phone, name, units in db.rows(TAKEN)}
    known = {(phone, name): units for phone, one in shops.sellers.items() for name, units in one.taken.items()}
    unsure = {(phone, name): units for phone, one in shops.sellers.items() for name, units in one.unsure.items()}
    for key in ledger.keys() | known.keys():
        if not 0 <= ledger.get(key, 0) - known.get(key, 0) <= unsure.get(key, 0):
            found.append(f"{key}: {known.get(key, 0)} were said to be taken over, the ledger has {ledger.get(key, 0)}")
    return found


@dataclass
class Round:
    """Buyers at half load, `half` turns a second: alone, and beside vendors."""

    half: float
    alone: Figures
    beside: Figures
    vendors: Figures


async def play_round(crowd: Crowd, shops: Shops, rate: float, seconds: float) -> Round:
    """Find half load, then measure the buyers alone and the same beside vendors at `rate` messages a second."""
    half = (await crowd.saturate(SATURATED, lambda: None)).per_second / 2
    alone = await crowd.at_rate(half, seconds, lambda: None)
    beside, vendors = await asyncio.gather(
        crowd.at_rate(half, seconds, lambda: None, warm=0.0), shops.at_rate(rate, seconds)
    )
    return Round(half, alone, beside, vendors)


def together(stretches: Sequence[Figures]) -> Figures:
    """Several stretches as one."""
    one = Figures()
    for stretch in stretches:
        one.seconds += stretch.seconds
        one.turns += stretch.turns
        one.replied += stretch.replied
        one.wrong += stretch.wrong
    return one


def show(rounds: Sequence[Round], rate: float) -> None:
    """The figures of all rounds, each beside the buyers alone."""
    alone = together([one.alone for one in rounds])
    beside = together([one.beside for one in rounds])
    vendors = together([one.vendors for one in rounds])
    half = fmean(one.half for one in rounds)
    table = Table(title="Vendors' stock lines beside buyers at half load", title_justify="left")
    for title in ("figure", "buyers alone", "buyers beside", "vendors"):
        table.add_column(title, justify="left" if title == "figure" else "right")
    table.add_row("offered, 1/s", number(half), number(half), number(rate))
    table.add_row("reached, 1/s", number(alone.per_second), number(beside.per_second), number(vendors.per_second))
    shares = [one.per_second / offered for one, offered in ((alone, half), (beside, half), (vendors, rate))]
    table.add_row(
        f"of what was offered (bar: ≥ {LEAST:.2f})",
        *(f"{share:.2f}, {'met' if share >= LEAST else 'not met'}" for share in shares),
    )
    for share in (0.5, 0.95):
        base = 1000 * percentile(alone.replied, share)
        cells = [1000 * percentile(times, share) for times in (beside.replied, vendors.replied)]
        told = [f"{number(cell)} ({number(cell / base)} ×)" for cell in cells]
        table.add_row(f"message → reply p{share * 100:.0f}, ms", number(base), *told)
    table.add_row("went wrong", *(str(dict(one.wrong) or "nothing") for one in (alone, beside, vendors)))
    console.print(table)


async def measure(rounds: int, seconds: float, rate: float, buyers: int, doors: int) -> None:
    """So many rounds; then what lies there."""
    port = free_port()
    crowd = Crowd(port, buyers, 0)
    server = await serve(crowd.provider.handle)
    market = Scaled(port_of(server), fresh(VAR), port)
    try:
        await open_market(market, crowd, partial(market.plant, SOLD_IN))
        shops = await open_shops(market, crowd)
        await asyncio.to_thread(market.know_sizes)
        if doors:
            await market.open_doors(crowd, doors)
        await crowd.saturate(SATURATED, lambda: None)  # every process has read its words and made its plans
        played = [await play_round(crowd, shops, rate, seconds) for _ in range(rounds)]
        await asyncio.sleep(SETTLES)
        show(played, rate)
        wrong = await asyncio.to_thread(disagreements, market, shops)
        console.print(
            f"{len(shops.sellers)} shops; ledger and numbers: {'agree' if not wrong else wrong[:5]}; {speed()}."
        )
        if wrong:
            raise SystemExit(1)
    finally:
        crowd.close()
        await asyncio.to_thread(market.stop)
        server.close()


@click.command(help=__doc__)
@click.option("--rounds", default=3, help="Together they are a minute.")
@click.option("--seconds", default=20.0, help="Of each measured stretch.")
@click.option("--rate", default=100.0, help="Messages of vendors a second.")
@click.option("--buyers", default=64, help="Who write at once.")
@click.option(
    "--doors",
    default=1,
    help="Web and worker processes, each so many, on all cores with the load; 0: one, on a core of its own.",
)
def main(rounds: int, seconds: float, rate: float, buyers: int, doors: int) -> None:
    if (os.cpu_count() or 1) < 2:
        raise click.ClickException("two cores are needed: one for the system, one for the load")
    os.sched_setaffinity(0, range(os.cpu_count() or 1) if doors else {LOAD_CORE})
    try:
        uvloop.run(measure(rounds, seconds, rate, buyers, doors))
    except (NotStarted, RuntimeError) as error:
        raise click.ClickException(str(error)) from error


if __name__ == "__main__":
    main()
