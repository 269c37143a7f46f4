"""The measuring of growth: a server's log, plans held against their laws, curves, and the figures in README."""

import asyncio
import re
from pathlib import Path
from types import SimpleNamespace

import pytest
from click import ClickException

from bench import drawing, growing, readme
from bench.growing import DRAWN, P50_DRAWN, RATE, SATURATED, Asked, Measured, lines_of, table_of
from bench.statements import Found, Statement, faults, statements_in, told, whole_readings

LOG = """\
2026-11-28 23:28:29.123 UTC [41] LOG:  duration: 0.100 ms  bind _pg3_0: select id from contact
\twhere id = $1
2026-11-28 23:28:29.123 UTC [42] LOG:  duration: 0.010 ms  parse _pg3_7: select 1
2026-11-28 23:28:29.124 UTC [42] LOG:  duration: 0.020 ms  bind _pg3_7: select 1
2026-11-28 23:28:29.124 UTC [41] LOG:  duration: 0.300 ms  execute _pg3_0: select id from contact
\twhere id = $1
2026-11-28 23:28:29.125 UTC [42] LOG:  duration: 0.005 ms  execute _pg3_7: select 1
2026-11-28 23:28:29.126 UTC [41] LOG:  duration: 9.000 ms  statement: COMMIT
2026-11-28 23:28:29.127 UTC [41] LOG:  duration: 0.100 ms  execute <unnamed>: alter system reset x
2026-11-28 23:28:29.128 UTC [41] LOG:  checkpoint complete
2026-11-28 23:28:29.129 UTC [41] LOG:  duration: 0.600 ms  execute _pg3_0: select id from contact
\twhere id = $1
"""


def test_a_statement_in_the_log_has_its_binding_and_its_execution_and_is_joined_over_its_lines():
    contact, one = statements_in(LOG.splitlines(keepends=True))

    assert (contact.sql, contact.taken, contact.planned) == ("select id from contact\nwhere id = $1", [0.4, 0.6], 0)
    assert (one.sql, one.taken, one.planned) == ("select 1", [0.025], 1)
    assert (contact.name, contact.median) == ("select id from contact where id = $1", 0.5)


def node(kind, relation="", rows=1, **more):
    return {"Node Type": kind, "Relation Name": relation, "Plan Rows": rows, **more}


@pytest.mark.parametrize(
    "sql, nodes, expected",
    [
        ("select", [node("Seq Scan", "inbox")], ["Seq Scan inbox"]),
        ("select", [node("Seq Scan", "category")], []),
        ("select", [node("Index Scan", "inbox")], []),
        ("select", [node("Sort", rows=1_001)], ["sorts 1,001 rows"]),
        ("select", [node("Sort", rows=1_000)], []),
        ("select x offset $1 limit 9", [node("Limit")], ["OFFSET"]),
        ("select x offset 0", [node("Limit")], []),
        ("select x order by similarity(name, $1)", [node("Sort", rows=9)], ["sorts by likeness"]),
    ],
)
def test_a_plan_is_held_against_the_laws_of_a_turns_path(sql, nodes, expected):
    assert list(faults(sql, nodes, frozenset({"inbox"}))) == expected


@pytest.mark.parametrize(
    "above, more, expected",
    [
        ("Nested Loop", {}, ["reads all of inbox by pk_inbox"]),
        ("Nested Loop", {"Index Cond": "(id = $1)"}, []),
        ("Aggregate", {"Index Cond": "(id > $1)"}, ["reads all of inbox by pk_inbox"]),
        ("Aggregate", {"Index Cond": "(id >= ($1 - 100))"}, ["reads all of inbox by pk_inbox"]),
        ("Aggregate", {"Index Cond": "((id > $1) AND (id <= $2))"}, []),
        ("Limit", {"Index Cond": "(id > $1)"}, []),
        ("Limit", {}, []),
        ("Merge Join", {}, []),
        ("Nested Loop", {"Index Name": "ix_inbox_open"}, []),
        ("Nested Loop", {"Relation Name": "block"}, []),
    ],
)
def test_a_table_that_is_read_whole_by_its_index_breaks_the_law_too(above, more, expected):
    plan = {"Node Type": above, "Plans": [node("Index Scan", "inbox", **{"Index Name": "pk_inbox"}) | more]}
    assert list(whole_readings(plan, frozenset({"inbox"}), frozenset({"pk_inbox"}))) == expected


def test_a_plan_tells_where_it_reads_once_each():
    nodes = [
        node("Nested Loop"),
        node("Index Scan", "inbox", **{"Index Name": "ix_inbox_open"}),
        node("Seq Scan", "block"),
        node("Index Scan", "inbox", **{"Index Name": "ix_inbox_open"}),
    ]
    assert told(nodes) == "Index ix_inbox_open, Seq block"


def measured(size, cpu=(1.0, 1.0), median=0.5, calls=10, broken=()):
    statement = Statement("select 1", [median] * calls)
    figures = ("CPU per turn, saturated", "CPU of PostgreSQL per turn, same rate", "message → reply p50, same rate")
    readings = {name: [(1.0, 1.0)] for name in (*figures, "turns, saturated", "acknowledgement p99, same rate")}
    readings |= {"CPU per turn, same rate": [cpu], "message → reply p99, same rate": [(2.0, 1.0)]}
    readings |= {"CPU of PostgreSQL per turn, drawn from all": [(1.0, 1.0)], P50_DRAWN: [(1.1, 1.0)]}
    readings |= dict(zip(DRAWN, ([(1.25, 1.0)], [(1.3, 1.0)]), strict=True))
    together = Asked([Found(Statement("select 1", [5.0] * calls), broken, "")], turns=100)
    return Measured(size, readings, {RATE: Asked([Found(statement, (), "")], turns=100), SATURATED: together})


def test_the_bars_are_those_of_growth_and_of_each_query():
    lines = {line.name: line.is_met for line in lines_of([measured(1_000), measured(10_000, (1.3, 1.0), 1.5)])}

    assert {name: met for name, met in lines.items() if met is not None} == {
        "1,000: slowest median of a query, same rate": True,
        "1,000: plans that break a law": True,
        "10,000: CPU per turn, same rate": False,
        "10,000: message → reply p99, same rate": False,
        "10,000: CPU per turn, drawn from all": True,
        "10,000: message → reply p99, drawn from all": False,
        "10,000: slowest median of a query, same rate": False,
        "10,000: plans that break a law": True,
    }


def test_a_plan_that_breaks_a_law_at_the_same_rate_alone_counts_too():
    one = measured(1_000)
    one.asked[RATE] = Asked([Found(Statement("select 2", [0.1] * 10), ("OFFSET",), "")], turns=100)

    assert one.faulty() == {"select 2"}


def test_the_table_in_readme_has_the_columns_that_are_written():
    text = (Path(__file__).parents[2] / "README.md").read_text()

    assert f"<!-- growth -->\n{table_of([measured(1_000)])[0]}\n" in text


def test_what_comes_with_fewer_than_two_of_a_hundred_turns_is_a_jobs():
    rare = measured(1_000, median=50, calls=1, broken=("OFFSET",))

    assert (rare.asked[RATE].of_path(), rare.asked[RATE].slow(), rare.faulty()) == ([], [], frozenset())


def test_the_rows_of_a_size_in_readme():
    assert table_of([measured(1_000, (1.2, 1.0), 1.25, broken=("OFFSET",))])[-2:] == [
        "| 1,000 | 1.00 | 1.20 | 2.00 | 1.25 ms | 1 of 1 | 5 ms | 1 |",
        "| 1,000, drawn from all (p50 1.10) | – | 1.25 | 1.30 | – | – | – | – |",
    ]


def test_the_figures_in_readme_are_replaced_and_nothing_else(tmp_path):
    file = tmp_path / "README.md"
    file.write_text("before\n\n<!-- growth -->\nold\n\nolder\n<!-- /growth -->\n\nafter\n<!-- other -->\n")

    readme.write("growth", "| new |\n", file)

    assert file.read_text() == "before\n\n<!-- growth -->\n| new |\n<!-- /growth -->\n\nafter\n<!-- other -->\n"


def test_a_readme_without_a_place_for_them_is_left_alone(tmp_path):
    file = tmp_path / "README.md"
    file.write_text("<!-- growth -->\nold\n")

    with pytest.raises(readme.NoMarks):
        readme.write("growth", "new", file)

    assert file.read_text() == "<!-- growth -->\nold\n"


@pytest.mark.parametrize("name", ["bench", "growth"])
def test_readme_has_a_place_for_the_figures(name):
    text = (Path(__file__).parents[2] / "README.md").read_text()

    assert len(re.findall(f"<!-- /?{name} -->", text)) == 2


def test_what_went_wrong_in_either_market_is_a_bar_and_keeps_the_figures_out_of_readme(tmp_path, monkeypatch):
    written = []
    monkeypatch.setattr(growing, "VAR", tmp_path)
    monkeypatch.setattr(growing.readme, "write", lambda name, words: written.append(name))
    one = measured(1_000)
    one.wrong = {"small": 0, "grown": 2}
    lines = {line.name: (line.ours, line.is_met) for line in lines_of([one]) if line.is_loss}

    assert lines == {
        "1,000, small: all that went wrong": (0, True), "1,000, grown: all that went wrong": (2, False),
    }  # fmt: skip
    with pytest.raises(ClickException, match=r"^1,000, grown: all that went wrong: 2\. No figure is kept"):
        growing.keep([one], ["note"], True)
    assert (written, (tmp_path / "growing.json").exists()) == ([], True)
    one.wrong = {"small": 0, "grown": 0}
    growing.keep([one], ["note"], True)
    assert written == ["growth"]


def test_both_markets_get_the_visits_of_one_seed_each_from_all_of_its_own(monkeypatch):
    played = []

    def side(name):
        async def visited(stretch, visits, rate, seconds):
            played.append((name, stretch, visits.size, visits.first_good, visits.seed, rate, seconds))

        services = SimpleNamespace(database_url=name)
        return SimpleNamespace(
            visited=visited,
            crowd=SimpleNamespace(phones=None),
            system=SimpleNamespace(services=lambda: services),
        )

    monkeypatch.setattr(growing, "first_good", {"small": 5, "grown": 7}.__getitem__)
    asyncio.run(growing.let_visit({name: side(name) for name in ("small", "grown")}, "drawn", 100_000, 2, 50, 9))
    assert played == [("small", "drawn", 1_000, 5, 100_002, 50, 9), ("grown", "drawn", 100_000, 7, 100_002, 50, 9)]


def test_a_curve_is_a_picture_with_all_its_points(tmp_path):
    file = tmp_path / "kept" / "cpu.svg"

    drawing.curve(file, "CPU a turn", ["1,000", "10,000", "100,000"], {"all": [1.5, 1.25, 1.75], "some": [None, 1, 2]})

    svg = file.read_text()
    assert svg.count('class="dot reactive tooltip-trigger"') == 5
    assert all(words in svg for words in ("CPU a turn", "100,000", "some"))
    assert "pygal-tooltips" not in svg, "it asks nothing of another machine"
