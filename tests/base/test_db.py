"""The pool: the connection of last time is at hand, what was left open is undone, who waits is served."""

import threading
import time

import psycopg
import pytest

from base.db import AWAY, Database
from tests.waiting import wait_for

ME = "select pg_backend_pid()"
LIVES = "select count(*) from pg_stat_activity where pid = %(pid)s"


@pytest.fixture
def two(database_url):
    """A database with two connections."""
    database = Database(database_url, pool_size=2, pool_wait=5.0)
    yield database
    database.close()


def pid(database):
    """Whose connection it is that one gets now."""
    with database.autocommit() as db:
        return db.value(ME)


def test_the_connection_of_last_time_is_at_hand_without_the_pool(two, monkeypatch):
    first = pid(two)
    monkeypatch.setattr(two.engine, "raw_connection", None)
    assert [pid(two) for _ in range(3)] == [first] * 3


def test_two_at_once_have_two_and_the_one_given_back_last_is_at_hand(two):
    with two.transaction() as one:
        with two.autocommit() as other:
            pids = one.value(ME), other.value(ME)
        assert pids[0] != pids[1]
    assert [pid(two), pid(two)] == [pids[0]] * 2


def test_where_all_are_out_what_is_given_back_goes_to_who_waits(two):
    served = []
    with two.transaction():
        with two.transaction() as other:
            given = other.value(ME)
            waiting = threading.Thread(target=lambda: served.append(pid(two)))
            waiting.start()
            wait_for(lambda: two.engine.pool._pool.not_empty._waiters, "nobody waits")
        waiting.join(4)
    assert served == [given]


def test_what_was_left_open_is_undone_and_the_next_one_begins_anew(two):
    with two.autocommit() as db:
        db.run("create table if not exists left_open (a int)")
    with pytest.raises(psycopg.errors.DivisionByZero), two.transaction() as db:
        db.value("with kept as (insert into left_open values (1)) select 1 / 0")
    with two.autocommit() as db:
        assert db.value("select count(*) from left_open") == 0
        db.run("insert into left_open values (2)")
    with two.transaction() as db:
        assert db.value("select count(*) from left_open") == 1
        db.run("drop table left_open")


def test_one_that_was_lost_at_hand_is_told_once_and_then_forgotten(two, database):
    lost = pid(two)
    with database.autocommit() as db:
        db.value("select pg_terminate_backend(%(pid)s)", pid=lost)
        wait_for(lambda: not db.value(LIVES, pid=lost), "it lives")
    with pytest.raises(AWAY):
        pid(two)
    assert pid(two) != lost


def test_a_closed_database_keeps_no_connection(database_url, database):
    one = Database(database_url)
    mine = pid(one)
    one.close()
    with database.autocommit() as db:
        wait_for(lambda: not db.value(LIVES, pid=mine), "it lives")


def test_a_pool_that_was_let_go_leaves_nothing_at_hand(two):
    with two.transaction() as one:
        old = one.value(ME)
        two.engine.dispose()
    assert pid(two) != old
    assert two.engine.pool.checkedout() == 1  # the one at hand


def test_an_error_after_the_server_ended_the_session_is_told_as_it_is_and_gives_the_connection_back(two):
    def stand_still():
        with two.transaction() as db:
            db.run("set local idle_in_transaction_session_timeout = '50ms'")
            time.sleep(0.5)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        stand_still()
    assert two.engine.pool.checkedout() == 0
    assert pid(two)


def test_whoever_comes_to_the_pool_as_the_last_one_is_laid_at_hand_finds_it_there(two, monkeypatch):
    counts = iter((1, 2))  # another one is lent between the two looks
    monkeypatch.setattr(type(two.engine.pool), "checkedout", lambda _: next(counts))
    pid(two)
    assert two._at_hand == []
