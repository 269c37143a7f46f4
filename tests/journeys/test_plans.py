"""What a purchase asks of a market with thousands of everything: no statement reads a table whole that grows."""

import re
from contextlib import closing
from types import SimpleNamespace

import pytest

from base import invariants
from base.db import Database, Db
from base.media import Folder
from base.statements import Statements
from bench.filling import FILLED, Step, fill
from bench.statements import Statement, grown_tables, judge, nodes_of, planning
from bot.engine import Taker
from bot.invariants import INVARIANTS
from bot.records import WRITE
from catalog import locks
from catalog.demo import plant
from tests import databases
from tests.journeys.conftest import CHANNELS, stage_on
from tests.journeys.play import Play
from tests.journeys.transcript import STORIES, read

SIZE = 20_000
SIZES = (10_000, SIZE)  # a plan may be right for the larger and read all of the smaller
STORY = "a_first_order"
OTHERS = ("organizer_announces_and_follows_it", "a_vendor_in_a_hurry", "a_place_in_a_workshop")
OF_THE_PLAY = (
    "test_clock",
    "select distinct on (i.contact_id) i.value",
    "select c.id from conversation c where exists",
    'select count(*) from "order"',
)
OF_SAVEPOINTS = ("savepoint", "rollback to")
NAMED = re.compile(r"%\((\w+)\)[sb]|%%")


def planned(sqls):
    """Those that have a plan."""
    return [sql for sql in sqls if not sql.startswith(OF_SAVEPOINTS)]


def numbered(sql):
    """A statement as the server gets it: `$1` for its first value."""
    names = []

    def number_of(match):
        if not match[1]:
            return "%"
        if match[1] not in names:
            names.append(match[1])
        return f"${names.index(match[1]) + 1}"

    return NAMED.sub(number_of, sql)


@pytest.fixture
def in_turns(ground, planted, redis_url, redis, monkeypatch):
    """Every statement of a story's turns, and those of them that were asked within a time (`Db.in_time`)."""

    def asked_in(story):
        sqls, within, place = {}, {}, []
        ready, take, in_time = Statements._ready, Taker.take_waiting, Db.in_time

        def statement(statements, sql, values):
            if place:
                (within if "in time" in place else sqls)[numbered(sql)] = None
            return ready(statements, sql, values)

        def placed(name, does):
            def do(*given):
                place.append(name)
                try:
                    return does(*given)
                finally:
                    place.pop()

            return do

        with stage_on(CHANNELS[0], ground, planted, redis_url, redis) as (stage, wire), monkeypatch.context() as patch:
            patch.setattr(Statements, "_ready", statement)
            patch.setattr(Taker, "take_waiting", placed("turn", take))
            patch.setattr(Db, "in_time", placed("in time", in_time))
            Play(stage, wire).run(read(STORIES / f"{story}.txt"))
        return planned(sqls), planned(within)

    return asked_in


@pytest.fixture
def asked(ground, planted, redis_url, redis, monkeypatch):
    """Every statement of a story: doors, turns, jobs, sends and reports.

    Not those by which the play itself looks at what came of it.
    """

    def asked_in(story):
        sqls, ready = {}, Statements._ready

        def statement(statements, sql, values):
            sqls[numbered(sql)] = None
            return ready(statements, sql, values)

        with stage_on(CHANNELS[0], ground, planted, redis_url, redis) as (stage, wire), monkeypatch.context() as patch:
            patch.setattr(Statements, "_ready", statement)
            Play(stage, wire).run(read(STORIES / f"{story}.txt"))
        return [sql for sql in planned(sqls) if not any(word in sql for word in OF_THE_PLAY)]

    return asked_in


@pytest.fixture(scope="module", params=[SIZE])
def large(request, services, tmp_path_factory):
    """A market with so many of everything, a shop for each good and a message for each person among them.

    For several tests: what one changes in it, it takes back.
    """
    with databases.fresh_database(services) as url:
        with closing(Database(url)) as database, database.unit_of_work() as db:
            plant(db, Folder(tmp_path_factory.mktemp("large") / "media"))
            db.run("insert into channel_account (key, kind) values ('here', 'twilio')")
        fill(url, Step(0, request.param, goods_a_shop=1, messages=1))
        yield url


FEW = 500  # of which a join to what is given would rather read all


@pytest.mark.parametrize("large", [FEW], indirect=True)
def test_a_turn_reads_its_own_conversation_where_there_are_few(large):
    with planning(large) as db:
        assert db.execute("select count(*) from conversation").fetchone()[0] == FEW
        ((whole,),) = db.execute(f"explain (generic_plan, format json) {numbered(WRITE)}").fetchone()
    reads = [
        node for node in nodes_of(whole["Plan"]) if node.get("Alias", "").startswith("c_") and "Index Name" in node
    ]
    assert [(node["Index Name"], node["Index Cond"][:9]) for node in reads] == [("pk_conversation", "(id = ANY")]


@pytest.mark.parametrize("large", SIZES, indirect=True)
def test_no_statement_of_a_purchase_reads_a_table_whole_that_grows(asked, large, request):
    with planning(large) as db:
        grown = grown_tables(db, request.node.callspec.params["large"])
        assert grown == set(FILLED)
        found = [judge(db, Statement(sql), grown) for sql in asked(STORY)]

    assert len(found) > 75
    assert {one.statement.name: one.faults for one in found if one.faults} == {}


@pytest.mark.parametrize("story", OTHERS)
def test_what_is_planned_while_nothing_is_open_reads_all_that_is_for_nothing(asked, large, story):
    with planning(large) as db:
        found = [judge(db, Statement(sql), frozenset()) for sql in asked(story)]
    faults = {one.statement.name: [it for it in one.faults if "again and again" in it] for one in found}
    assert len(found) > 40
    assert {name: told for name, told in faults.items() if told} == {}


@pytest.mark.parametrize(
    ("story", "counts"),
    [
        ("organizer_announces_and_follows_it", "found as materialized"),  # all people
        ("organizer_names_a_shop", "sum(cardinality(t.inbox_ids))"),  # all that was said
    ],
)
def test_no_statement_of_an_organizers_turn_reads_a_table_whole_that_grows_but_within_a_time(
    in_turns, large, story, counts
):
    free, within = in_turns(story)
    with planning(large) as db:
        grown = grown_tables(db, SIZE)
        found = [judge(db, Statement(sql), grown) for sql in free]
    assert len(found) > 20
    assert {one.statement.name: one.faults for one in found if one.faults} == {}
    assert any(counts in sql for sql in within)
    assert not any(counts in sql for sql in free)


def test_shops_whose_time_comes_are_found_by_it(large):
    jobs = []
    listening = SimpleNamespace(rows=lambda sql, **_: jobs.append(numbered(sql)))
    locks.vendors_to_tell(listening, "check_at", 100)
    locks.vendors_of_pause(listening, 100)
    locks.vendors_to_tell(listening, "digest_at", 100)
    with planning(large) as db, db.transaction(force_rollback=True):
        db.execute("update vendor set digest_at = market_now() + interval '1 day', check_at = digest_at")
        db.execute("analyze vendor")
        found = [judge(db, Statement(sql), frozenset()).plan for sql in jobs]
    for plan, own in zip(found, (("check",), ("closes", "reopens"), ("digest",)), strict=True):
        assert all(f"ix_vendor_{name}" in plan for name in own)
        assert "Seq" not in plan


def test_a_look_at_the_invariants_reads_the_next_rows_and_no_table_whole(large):
    looks = {}
    for one in INVARIANTS:
        listening = SimpleNamespace(value=lambda sql, name=one.name, **_: looks.setdefault(name, numbered(sql)) and 0)
        invariants.count(listening, one)
    with planning(large) as db:
        grown = grown_tables(db, SIZE)
        found = {name: judge(db, Statement(sql), grown) for name, sql in looks.items()}
    assert {"stock", "basket", "basket_line", "product"} <= grown
    assert {name: one.faults for name, one in found.items() if one.faults} == {}
