"""Statements: written with names, run with numbers, prepared when they come again; they fail as psycopg says."""

import gc
import os
import threading
import weakref
from datetime import UTC, datetime
from decimal import Decimal
from socket import SHUT_RDWR, socket

import psycopg
import pytest
from psycopg.pq import TransactionStatus

from base import statements
from base.db import AWAY, jsonb
from base.statements import Asked, Statements, statement_of, statements_of

PREPARED = "select count(*) from pg_prepared_statements"


@pytest.fixture
def connection(database_url):
    with psycopg.connect(database_url.replace("+psycopg", "")) as connection:
        yield connection


@pytest.fixture
def run(connection):
    """Run SQL with values; returns what came of it."""
    own = Statements(connection)
    return lambda sql, **values: own.run(sql, values)


def prepared(connection):
    """What the server keeps prepared by this room, in the order in which it came."""
    rows = connection.execute("select name from pg_prepared_statements where name like 's%' order by prepare_time")
    return [name for (name,) in rows]


def test_names_become_numbers_each_once():
    one = statement_of("select %(b)s, %(a)s, %(b)s, 7 %% 4, %(raw)b")
    assert (one.query, one.names) == (b"select $1, $2, $1, 7 % 4, $3", ("b", "a", "raw"))


@pytest.mark.parametrize("sql", ["select 7 % 4", "select '100%'", "select %s", "select %(a)x"])
def test_a_percent_sign_that_is_neither_is_an_error_before_anything_is_sent(sql):
    with pytest.raises(ValueError, match="a lone %"):
        statement_of(sql)


def test_values_go_and_come_as_they_are(run):
    sql = "select %(a)s::text as a, %(b)s::int[] as b, %(c)s::jsonb as c, %(d)b::bytea as d, %(e)s::text as e"
    (row,) = run(f"{sql}, 5 %% 3 as f", a="l'été", b=[1, None, 70_000], c=jsonb({"é": [1]}), d=b"\0\xff", e=None).rows
    assert row == ("l'été", [1, None, 70_000], {"é": [1]}, b"\0\xff", None, 2)
    assert (row.a, row.f) == ("l'été", 2)


HARD = ["", "NULL", "null", "a,b", "{a}", 'l"été', "\\", '\\"', " a ", "\n", "é\t", None]


@pytest.mark.parametrize(
    ("kind", "items"),
    [
        ("text", HARD),
        ("bigint", [1, None, -(2**62)]),
        ("int", [7]),
        ("float8", [0.1, -1e300, float("inf"), None]),
        ("bool", [True, None, False]),
        ("text", []),
        ("timestamptz", [datetime(2026, 12, 1, tzinfo=UTC)]),
        ("bytea", [b"\0\xff"]),
        ("jsonb", [jsonb({"a": [1]})]),
        ("numeric", [Decimal("0.10"), None]),
    ],
)
def test_lists_arrive_as_they_are_however_often_they_come(run, kind, items):
    expected = [item.obj if kind == "jsonb" else item for item in items]
    for _ in range(3):
        assert run(f"select %(a)s::{kind}[] as a", a=items).rows == [(expected,)]


def test_a_list_has_the_type_of_its_place_whatever_its_numbers(run, connection):
    for items, found in (([1], 1), ([2**40], 0), ([1, 2**40, None], 1), ([], 0)):
        assert run(
            "select count(*) as n from generate_series(1, 1) as g(n) where n::bigint = any(%(a)s)", a=items
        ).rows == [(found,)]
    assert prepared(connection) == ["s1"]


def test_a_text_with_a_nul_is_refused_in_a_list_too(run):
    with pytest.raises(psycopg.DataError):
        run("select %(a)s::text[]", a=["a\0b"])


def test_columns_without_a_good_name_have_their_place(run):
    (row,) = run("select 1, 2 as class, 3 as good").rows
    assert (row._fields, row.good) == (("_0", "_1", "good"), 3)


def test_what_was_changed_is_counted_and_given_back(run):
    assert run("create temporary table one (a int) on commit drop").count == 0
    assert run("insert into one select generate_series(1, 5)").count == 5
    done = run("update one set a = a + 10 where a > %(least)s returning a", least=3)
    assert (done.count, [row.a for row in done.rows]) == (2, [14, 15])
    assert (run("select a from one where a > %(least)s", least=99).count, run("delete from one").count) == (0, 5)


def test_a_statement_is_prepared_when_it_comes_again_for_each_kind_of_value(run, connection):
    for value, names in ((1, []), (2, ["s1"]), (3, ["s1"]), ("x", ["s1"]), ("y", ["s1", "s2"])):
        run("select %(a)s::text", a=value)
        assert prepared(connection) == names


def test_the_rows_of_a_statement_have_its_own_names_however_often_it_comes(run):
    for _ in range(4):
        for sql, names in (("select 1 as a, 2 as b", ("a", "b")), ("select 1 as c, 2 as d", ("c", "d"))):
            (row,) = run(sql).rows
            assert (row, row._fields) == ((1, 2), names)


def test_of_many_statements_the_one_that_came_longest_ago_makes_room(run, connection, monkeypatch):
    monkeypatch.setattr(statements, "MOST", 2)
    for number in (1, 1, 2, 2, 1, 3, 3):
        assert getattr(run(f"select {number} as a{number}").rows[0], f"a{number}") == number
    assert prepared(connection) == ["s1", "s3"]


def test_a_transaction_begins_with_its_first_statement_and_none_where_each_is_its_own(connection):
    own = Statements(connection)
    own.run("select 1", {})
    assert connection.pgconn.transaction_status == TransactionStatus.INTRANS
    own.leave()
    assert connection.pgconn.transaction_status == TransactionStatus.IDLE
    own.begins = False
    own.run("select 1", {})
    assert connection.pgconn.transaction_status == TransactionStatus.IDLE


def test_what_is_rolled_back_is_undone_also_after_an_error_and_where_nothing_is_open_nothing_is_asked(connection):
    own = Statements(connection)
    own.run("create temporary table undone (a int)", {})
    own.commit()
    own.run("insert into undone values (1)", {})
    with pytest.raises(psycopg.errors.DivisionByZero):
        own.run("select 1 / 0", {})
    own.leave()
    assert own.run("select count(*) from undone", {}).rows == [(0,)]
    own.leave()
    connection.close()
    own.leave()


def test_errors_are_psycopgs_and_leave_the_statement_usable(run, connection):
    for _ in range(3):
        with pytest.raises(psycopg.errors.DivisionByZero) as met:
            run("select 1 / %(by)s", by=0)
        assert met.value.sqlstate == "22012"
        connection.rollback()
    assert run("select 6 / %(by)s as a", by=2).rows[0].a == 3
    with pytest.raises(psycopg.errors.UndefinedTable):
        run("select * from zoblo")
    with pytest.raises(psycopg.errors.InFailedSqlTransaction):
        run("select 1")
    connection.rollback()
    with pytest.raises(KeyError, match="by"):
        run("select 6 / %(by)s as a")


def test_a_line_that_was_cut_is_a_database_that_is_away(run, connection, database):
    me = run("select pg_backend_pid() as pid").rows[0].pid
    with database.autocommit() as other:
        other.value("select pg_terminate_backend(%(pid)s)", pid=me)
    with pytest.raises(AWAY):
        run("select 1")
    assert connection.closed


def asks(connection, *sqls, commits=False, begins=True, **values):
    """The first values of what several statements in one go give back."""
    own = Statements(connection)
    own.begins = begins
    done = own.run_all([Asked(sql, values) for sql in sqls], commits=commits)
    return [one.rows[0][0] if one.rows else one.count for one in done]


def test_several_in_one_go_see_each_other_and_are_committed_with_the_last(connection, database_url):
    made = ("create table together (a int)", "insert into together values (%(a)s)", "select a + 1 from together")
    assert asks(connection, *made, a=6) == [0, 1, 7]
    assert connection.pgconn.transaction_status == TransactionStatus.INTRANS
    assert asks(connection, "update together set a = %(a)s returning a", commits=True, a=9) == [9]
    assert connection.pgconn.transaction_status == TransactionStatus.IDLE
    with psycopg.connect(database_url.replace("+psycopg", "")) as other:
        assert other.execute("select a from together").fetchall() == [(9,)]
        other.execute("drop table together")


def test_they_are_prepared_as_others_are(connection):
    own = Statements(connection)
    for names in ([], ["s1"], ["s1"]):
        assert [one.rows for one in own.run_all([Asked("select %(a)s::int as a", {"a": 4})])] == [[(4,)]]
        assert prepared(connection) == names
    assert own.run("select %(a)s::int as a", {"a": 5}).rows == [(5,)]
    connection.rollback()


def test_after_one_that_fails_none_is_run_and_nothing_is_committed(connection):
    connection.execute("create temporary table kept (a int)")
    connection.commit()
    for _ in range(3):
        with pytest.raises(psycopg.errors.DivisionByZero):
            asks(connection, "insert into kept values (1)", "select 1 / %(by)s", "select 2", commits=True, by=0)
        assert connection.pgconn.transaction_status == TransactionStatus.INERROR
        connection.rollback()
    assert asks(connection, "select count(*) from kept", "select %(by)s::int", by=3) == [0, 3]


def test_where_each_is_its_own_transaction_several_are_one_too(connection):
    with pytest.raises(psycopg.errors.DivisionByZero):
        asks(connection, "create table alone (a int)", "select 1 / %(by)s", begins=False, by=0)
    assert connection.pgconn.transaction_status == TransactionStatus.IDLE
    assert asks(connection, "select to_regclass('alone') is null", begins=False) == [True]


@pytest.mark.parametrize("place", [0, 1])
def test_a_long_statement_goes_out_whole_wherever_it_stands(connection, place):
    given = [Asked("select length(%(text)s::text)", {"text": "é" * 9_000_000}), Asked("select 2", {})]
    given = given if not place else given[::-1]
    done = Statements(connection).run_all(given, commits=True)
    assert [one.rows[0][0] for one in done] == ([9_000_000, 2] if not place else [2, 9_000_000])


def test_a_line_that_is_cut_while_several_are_asked_is_a_database_that_is_away(connection):
    with pytest.raises(psycopg.errors.AdminShutdown):
        asks(connection, "select 1", "select pg_terminate_backend(pg_backend_pid())", "select 2")
    assert connection.closed
    with pytest.raises(AWAY):
        asks(connection, "select 1")


def test_a_server_that_is_silent_is_lost_when_its_line_is_shut(connection):
    shut = threading.Timer(0.2, lambda: socket(fileno=os.dup(connection.fileno())).shutdown(SHUT_RDWR))
    shut.start()
    with pytest.raises(AWAY):
        asks(connection, "select 1", "select pg_sleep(2)")
    assert connection.closed


def test_what_ends_a_transaction_is_known_after_its_commit(database):
    with database.transaction() as db:
        db.run("create table ended (a int)")
        last = db.run_last("insert into ended values (%(a)s) returning a", a=8)
        assert db.value("select count(*) from ended") == 0
        with pytest.raises(LookupError, match="not committed"):
            assert last.rows
        with pytest.raises(RuntimeError, match="one end"):
            db.run_last("select 1")
    assert last.rows == [(8,)]
    with database.transaction() as db:
        assert db.rows_of_all([Asked("select a from ended", {}), Asked("select 3 as b", {})]) == [[(8,)], [(3,)]]
        db.run_last("drop table ended")
    with database.autocommit() as db:
        assert db.value("select to_regclass('ended')") is None
        with pytest.raises(RuntimeError, match="none"):
            db.run_last("select 1")


def test_what_a_connection_keeps_goes_with_it(database_url):
    connection = psycopg.connect(database_url.replace("+psycopg", ""))
    own = statements_of(connection)
    assert statements_of(connection) is own
    own.run("select 1", {})
    connection.close()
    gone = weakref.ref(connection), weakref.ref(own)
    del connection, own
    gc.collect()
    assert [one() for one in gone] == [None, None]
