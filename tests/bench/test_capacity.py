"""What a market needs is counted from what a turn costs, by hand here."""

from bench import capacity
from bench.capacity import needs
from bench.scaling import Reached, lines_of

COST = {"web": 3.6, "worker": 1.8, "postgres": 2.4, "redis": 0.12}


def test_needs_are_turns_in_the_busiest_hour_times_what_each_part_costs():
    # 1,000,000 × 0.5 × 0.15 ÷ 3600 = 20.83 turns/s; × 3.6 ms ÷ 0.6 = 0.125 cores of web
    one = needs(1_000_000, COST)
    assert round(one.turns, 2) == 20.83
    assert (one.web, one.workers, one.databases, one.numbers, one.rows) == (2, 2, 1, 1, 195_000_000)
    assert round(one.postgres_cores, 4) == 0.0833


def test_a_large_market_is_cut_by_cores_and_by_numbers():
    # 1041.7 turns/s: 6.25, 3.125 and 4.17 cores; 2083 messages a second at 48 of each number
    one = needs(50_000_000, COST)
    assert (one.web, one.workers, one.databases, one.numbers) == (7, 4, 1, 44)
    assert needs(50_000_000, COST | {"postgres": 24.0}).databases == 2


def test_the_table_has_a_line_for_each_size_and_tells_its_arithmetic():
    lines = capacity.table_of(COST)
    assert lines[0].startswith("A turn with its three reports costs 7.92 ms of CPU here (web 3.60, worker 1.80,")
    assert [line.split(" | ")[0] for line in lines[4:]] == ["| 10,000", "| 1,000,000", "| 50,000,000"]


def test_what_more_processes_bring_is_told_beside_one():
    found = [Reached(1, 100.0, COST, 0.8, 0.2, {}), Reached(2, 150.0, COST, 1.2, 0.3, {})]
    assert lines_of(found)[2:4] == [
        "| 1 | 100 | 1.00 | 7.92 | 2.40 | 0.80 | 0.20 |",
        "| 2 | 150 | 1.50 | 7.92 | 2.40 | 1.20 | 0.30 |",
    ]
