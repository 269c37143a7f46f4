"""What a market of so many contacts needs, from what a turn was measured to cost: arithmetic, and nothing else."""

from collections.abc import Mapping
from dataclasses import dataclass
from math import ceil
from typing import Final

CONTACTS: Final = (10_000, 1_000_000, 50_000_000)
TURNS_A_DAY: Final = 0.5  # of a contact: somebody who buys twice a month, in some eight turns each time
BUSIEST_HOUR: Final = 0.15  # of a day's turns; a broadcast or a market day is such an hour too
FULL: Final = 0.6  # of a core, at the most: above it waits grow faster than the load
MESSAGES_A_TURN: Final = 2  # one in, one out: a number's limit counts both
NUMBER_RATE: Final = 80  # messages a second that a provider takes of one number
KEPT_DAYS: Final = 3 * 90 + 120  # of a row of inbox, of outbox and of turn, and of one of seen (base/timing.py)
ROWS_A_TURN: Final = 4  # those
ANNOUNCED_A_WEEK: Final = 2  # to each contact: as many as anybody may get (config.yaml, weekly)
ROWS_ANNOUNCED: Final = 2  # of outbox and of broadcast_recipient
ANNOUNCED_KEPT_DAYS: Final = 90  # either (base/timing.py)
BULK_SHARE: Final = 0.7  # of a number's rate that announcements may use (config.yaml, bulk_share)
SENT: Final[Mapping[str, float]] = {"worker": 2.5, "postgres": 0.4}  # ms of CPU, the most at bench.paced (README)
REPORTED: Final = 0.1  # of a turn's cost at doors and database: that of the three reports of a message (README)
DATABASE_CORES: Final = 32  # of one machine; above that it is several markets, each of a country
LEAST: Final = 2  # of web and worker: one is always being restarted


@dataclass(frozen=True)
class Needs:
    """Of a market in its busiest hour, while all its numbers tell an announcement.

    Turns and announced messages a second, processes, cores, numbers; the rows that it keeps, and forgets.

    `told_within` is in hours: until an announcement has reached everybody, all numbers telling it.
    """

    contacts: int
    turns: float
    told: float
    web: int
    workers: int
    postgres_cores: float
    redis_cores: float
    databases: int
    numbers: int
    rows: int
    rows_a_day: int
    told_within: float


def needs(contacts: int, cost: Mapping[str, float]) -> Needs:
    """`cost` is in ms of CPU a turn: web, worker, postgres, redis."""
    turns = contacts * TURNS_A_DAY * BUSIEST_HOUR / 3600
    numbers = ceil(turns * MESSAGES_A_TURN / (NUMBER_RATE * FULL))
    told = numbers * NUMBER_RATE * BULK_SHARE
    cores = {part: _busy(part, cost, turns, told) / FULL for part in cost}
    announced = contacts * ANNOUNCED_A_WEEK / 7 * ROWS_ANNOUNCED  # a day
    return Needs(
        contacts=contacts,
        turns=turns,
        told=told,
        web=max(LEAST, ceil(cores["web"])),
        workers=max(LEAST, ceil(cores["worker"])),
        postgres_cores=cores["postgres"],
        redis_cores=cores["redis"],
        databases=ceil(cores["postgres"] / DATABASE_CORES),
        numbers=numbers,
        rows=round(contacts * TURNS_A_DAY * KEPT_DAYS + announced * ANNOUNCED_KEPT_DAYS),
        rows_a_day=round(contacts * TURNS_A_DAY * ROWS_A_TURN + announced),
        told_within=contacts / told / 3600,
    )


def _busy(part: str, cost: Mapping[str, float], turns: float, told: float) -> float:
    """Cores of a part that work all the time, at so many turns and announced messages a second."""
    reports = REPORTED * cost[part] if part in ("web", "postgres") else 0.0
    return (turns * cost[part] + told * (SENT.get(part, 0.0) + reports)) / 1000


def table_of(cost: Mapping[str, float]) -> list[str]:
    """The lines of OPERATIONS: what was measured, how it is counted, and the table."""
    parts = ", ".join(f"{part} {milliseconds:.2f}" for part, milliseconds in cost.items())
    return [
        f"A turn with its three reports costs {sum(cost.values()):.2f} ms of CPU ({parts}) in the dearest row of both "
        "tables, where processes share cores or have little to do each: this is counted. A contact makes "
        f"{TURNS_A_DAY} turns a day and the busiest hour has {BUSIEST_HOUR:.0%} of them; cores and numbers are filled "
        f"to {FULL:.0%}. turns/s = contacts × {TURNS_A_DAY} × {BUSIEST_HOUR} ÷ 3600; numbers = turns/s × "
        f"{MESSAGES_A_TURN} ÷ ({NUMBER_RATE} × {FULL}); told/s, while they tell an announcement, = numbers × "
        f"{NUMBER_RATE} × {BULK_SHARE}. Processes and cores = (turns/s × ms + told/s × ms of a message) ÷ 1000 ÷ "
        f"{FULL}, {LEAST} processes at least; a message costs workers {SENT['worker']} ms, PostgreSQL "
        f"{SENT['postgres']} and a tenth of a turn's, web that tenth. Each contact is told {ANNOUNCED_A_WEEK} "
        f"announcements a week, the most that is allowed, and each is {ROWS_ANNOUNCED} rows. Rows kept = contacts × "
        f"({TURNS_A_DAY} × (3 × 90 + 120) + {ANNOUNCED_A_WEEK} ÷ 7 × {ROWS_ANNOUNCED} × {ANNOUNCED_KEPT_DAYS}) days, "
        f"and each day contacts × ({TURNS_A_DAY} × {ROWS_A_TURN} + {ANNOUNCED_A_WEEK} ÷ 7 × {ROWS_ANNOUNCED}) of them "
        f"are forgotten; a database's machine has {DATABASE_CORES} cores, and what needs more is a market for each "
        "country; everybody is told an announcement within contacts ÷ told/s seconds.",
        "",
        "| contacts | turns/s | told/s | web | workers | PostgreSQL | Redis | databases | numbers"
        " | rows kept | forgotten a day | all are told within |",
        "|---|---|---|---|---|---|---|---|---|---|---|---|",
        *map(_line, (needs(contacts, cost) for contacts in CONTACTS)),
    ]


def _line(one: Needs) -> str:
    return (
        f"| {one.contacts:,} | {one.turns:,.1f} | {one.told:,.0f} | {one.web} | {one.workers} |"
        f" {_cores(one.postgres_cores)} | {_cores(one.redis_cores)} | {one.databases} | {one.numbers} |"
        f" {one.rows:,} | {one.rows_a_day:,} | {_hours(one.told_within)} |"
    )


def _hours(hours: float) -> str:
    return f"{hours:.1f} h" if hours >= 1 else f"{60 * hours:.0f} min"


def _cores(cores: float) -> str:
    return f"{cores:.1f} cores" if cores >= 0.1 else "under 0.1 core"
