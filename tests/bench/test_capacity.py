"""What a market needs is counted from what a turn costs, by hand here."""

import re

import pytest
from click.testing import CliRunner

from base.codes import ALPHABET, FIRST
from base.config import ROOT, load
from base.timing import Timing
from bench import capacity, scaling
from bench.capacity import needs
from bench.scaling import OF_PAIR, OF_POSTGRES, Reached, dearest, held_lines_of, lines_of
from bot import retention
from orders.typed_codes import TYPED

OPERATIONS = (ROOT / "OPERATIONS.md").read_text(encoding="utf-8")
POSTGRESQL = ROOT / "deploy" / "postgresql" / "assigame.conf"
COST = {"web": 3.6, "worker": 1.8, "postgres": 2.4, "redis": 0.12}


def test_needs_are_turns_in_the_busiest_hour_times_what_each_part_costs():
    # 1,000,000 × 0.5 × 0.15 ÷ 3600 = 20.83 turns/s; × 3.6 ms ÷ 0.6 = 0.125 cores of web, and 56 × 0.36 ÷ 0.6 = 0.034
    one = needs(1_000_000, COST)
    assert round(one.turns, 2) == 20.83
    assert (one.web, one.workers, one.databases, one.numbers) == (2, 2, 1, 1)
    # 195,000,000 rows of turns, of which 2,000,000 go a day; 1,000,000 × 2 ÷ 7 × 2 rows of announcements a day
    assert (one.rows, one.rows_a_day) == (195_000_000 + 51_428_571, 2_000_000 + 571_429)
    assert one.told == 56.0
    assert round(one.postgres_cores, 4) == 0.1431  # (20.83 × 2.4 + 56 × (0.4 + 0.24)) ÷ 600
    assert round(one.told_within * 3600) == 17_857  # 1,000,000 ÷ 56 a second


def test_a_large_market_is_cut_by_cores_and_by_numbers():
    # 1041.7 turns/s: 6.25, 3.125 and 4.17 cores; 2083 messages a second at 48 of each number; 2464 told a second:
    # 1.48, 10.27 and 2.63 cores more
    one = needs(50_000_000, COST)
    assert (one.web, one.workers, one.databases, one.numbers) == (8, 14, 1, 44)
    assert needs(50_000_000, COST | {"postgres": 16.0}).databases == 2
    assert round(one.told_within * 3600) == 20_292  # 50,000,000 ÷ (44 × 56)


def test_the_table_has_a_line_for_each_size_and_tells_its_arithmetic():
    lines = capacity.table_of(COST)
    assert lines[0].startswith("A turn with its three reports costs 7.92 ms of CPU (web 3.60, worker 1.80,")
    assert "(turns/s × ms + told/s × ms of a message) ÷ 1000 ÷ 0.6" in lines[0]
    assert [line.split(" | ")[0] for line in lines[4:]] == ["| 10,000", "| 1,000,000", "| 50,000,000"]
    assert lines[4].endswith(" | 2,464,286 | 25,714 | 3 min |")


def test_what_is_counted_with_is_what_the_market_is_set_to():
    timing, config = Timing(), load(environ={})
    account = config.channel_accounts[0]
    kept = 3 * timing.chat_kept + timing.chat_kept + timing.seen_kept_beyond
    assert kept == capacity.KEPT_DAYS * 24 * 3600
    assert timing.chat_kept == capacity.ANNOUNCED_KEPT_DAYS * 24 * 3600
    assert config.announcements.weekly == capacity.ANNOUNCED_A_WEEK
    assert (account.rates.sender_per_second, account.rates.bulk_share) == (capacity.NUMBER_RATE, capacity.BULK_SHARE)


def cells(row):
    return [cell.strip() for cell in row.strip("|").split("|")]


def block(name):
    """The rows of figures of a table that a run has written into OPERATIONS.md, and its words."""
    text = OPERATIONS.partition(f"<!-- {name} -->")[2].partition(f"<!-- /{name} -->")[0]
    return [cells(row) for row in re.findall(r"^\| \d.*$", text, re.MULTILINE)], text


def test_each_figure_of_the_runbook_follows_from_those_that_it_cites():
    measured, _ = block("scaling")
    for _, per_second, times, cost, _, used, _ in measured:
        assert abs(float(per_second) / float(measured[0][1]) - float(times)) < 0.006
        assert abs(float(per_second) * float(cost) / 1000 - float(used)) < 0.02
    most = max((*measured, *block("held")[0]), key=lambda row: float(row[3]))
    sizes, words = block("capacity")
    total, parts = re.search(r"costs ([\d.]+) ms of CPU \((.+?)\)", words).groups()
    cost = {part: float(value) for part, value in (one.split() for one in parts.split(", "))}
    assert (total, f"{cost['postgres']:.2f}") == (most[3], most[4])
    assert abs(sum(cost.values()) - float(total)) < 0.02
    assert sizes == [cells(row) for row in capacity.table_of(cost)[4:]]


ALL = 0.95  # of what something has; it is held to that over a tenth of a second, and measured over all of them


def share(told):
    """`0.13 of 0.40` as a part of one."""
    used, has = map(float, told.split(" of "))
    return used / has


def test_pairs_that_have_room_bring_their_turns_until_the_database_is_the_limit():
    held, words = block("held")
    assert f"held to {OF_PAIR:g} of a core, PostgreSQL to {OF_POSTGRES:g}." in words
    first, last = held[0], held[-1]
    assert first[0] == "1"
    for count, per_second, times, cost, postgres, pairs, database in held:
        turns = float(per_second)
        assert abs(turns / float(first[1]) - float(times)) < 0.02 * float(times)
        assert abs(turns * float(postgres) / 1000 - float(database.split(" of ")[0])) < 0.02
        assert float(postgres) < float(cost)
        assert database.endswith(f" of {OF_POSTGRES:.2f}")
        assert pairs.endswith(f" of {int(count) * OF_PAIR:.2f}")
    taken = [min(share(row[6]), ALL) for row in held]
    assert taken == sorted(taken), "each pair takes more of what the database has, until it is all"
    assert share(first[5]) > 0.9 > 0.5 > share(first[6]), "one pair is its own limit"
    assert share(last[6]) > 0.9 > 0.8 > share(last[5]), "of so many pairs the database is"


def test_what_the_table_does_not_count_follows_from_it():
    one, words = needs(50_000_000, COST), OPERATIONS.partition("What the table does not count:")[2].partition("\n# ")[0]
    sizes, _ = block("capacity")
    web, workers, numbers, a_day = (int(sizes[2][at].replace(",", "")) for at in (3, 4, 8, 10))
    pool = load(environ={}).database.pool_size
    (most,) = re.findall(r"^max_connections = (\d+)", POSTGRESQL.read_text(), re.MULTILINE)
    assert f"({web} + {workers}) × {pool} = {(web + workers) * pool} of the {most} of" in words
    assert (numbers, a_day) == (one.numbers, one.rows_a_day)
    assert sizes[2][2] == f"{numbers * 56:,}" == f"{one.told:,.0f}"
    assert f"{a_day:,} rows a day are {a_day / 86_400:,.0f} a second" in " ".join(words.split())
    told = round(50_000_000 * capacity.ANNOUNCED_A_WEEK / 7)  # bubbles a day, and as many recipients
    turns = (a_day - told * capacity.ROWS_ANNOUNCED) // capacity.ROWS_A_TURN  # with their messages, and as many keys
    thousands = [rows // retention.BATCH for rows in (turns, told)]
    assert [words.count(f"{count:,} times 1,000 ") for count in thousands] == [2, 2]
    assert f"Each thousand may take {86_400 / (2 * sum(thousands)) / 2:.2f} s there" in " ".join(words.split())
    beginnings = len(FIRST) * len(ALPHABET) ** (TYPED - 1)
    alike = round(1_000_000 / beginnings, -1)
    assert f"one in {beginnings:,}. That is {alike:.0f} of a million" in " ".join(words.split())
    assert f"At 1,000,000 it is {needs(1_000_000, COST).rows_a_day / 86_400:.0f} rows a second" in words


def test_what_more_processes_bring_is_told_beside_one():
    found = [Reached(1, 100.0, COST, 0.8, 0.2, {}), Reached(2, 150.0, COST, 1.2, 0.3, {})]
    assert lines_of(found)[2:4] == [
        "| 1 | 100 | 1.00 | 7.92 | 2.40 | 0.80 | 0.20 |",
        "| 2 | 150 | 1.50 | 7.92 | 2.40 | 1.20 | 0.30 |",
    ]
    assert held_lines_of(found)[2:4] == [
        "| 1 | 100 | 1.00 | 7.92 | 2.40 | 0.54 of 0.25 | 0.24 of 0.40 |",
        "| 2 | 150 | 1.50 | 7.92 | 2.40 | 0.81 of 0.50 | 0.36 of 0.40 |",
    ]
    assert dearest([*found, Reached(4, 150.0, COST | {"web": 7.56}, 1.8, 0.3, {})]) == COST | {"web": 7.56}


@pytest.mark.parametrize("wrong, is_kept", [({}, True), ({"no reply": 1}, False)])
def test_the_runbook_keeps_no_figures_of_a_run_in_which_something_went_wrong(monkeypatch, wrong, is_kept):
    written = []

    async def measured(seconds, buyers, counts=(1,), quotas=None):
        return [Reached(1, 100.0, COST, 0.8, 0.2, wrong if quotas else {})]

    monkeypatch.setattr(scaling, "measure", measured)
    monkeypatch.setattr(scaling, "possible_quotas", lambda: "quotas")
    monkeypatch.setattr(scaling.readme, "write", lambda name, words, file: written.append(name))
    result = CliRunner().invoke(scaling.main, ["--write"])
    assert (result.exit_code, written) == ((0, ["scaling", "held", "capacity"]) if is_kept else (1, []))
    assert ("Error: held: all that went wrong: 1." in result.output) != is_kept
