"""The fixtures that all tests stand on."""

import socket
import threading

import psycopg
import pytest
from pytest_socket import SocketConnectBlockedError

from base import clock
from tests import databases
from tests.catalog.crowd import run_together


def test_a_unit_of_work_is_real_and_rolled_back(db, database):
    db.run("create table seen_by_nobody as select 1 as n")
    with database.unit_of_work() as other:
        assert other.value("select to_regclass('seen_by_nobody')") is None
        assert other.value("select to_regclass('conversation')") is not None


def test_a_clean_database_is_emptied_and_its_clock_set_back(clean_database):
    clock.move_test_clock(clean_database, 3600)
    with clean_database.unit_of_work() as db:
        assert db.value("select extract(epoch from market_now() - now())") == 3600
        db.run("insert into contact default values")
    databases.empty(clean_database)
    with clean_database.unit_of_work() as db:
        assert db.value("select extract(epoch from market_now() - now())") == 0
        assert db.value("select count(*) from contact") == 0


def test_redis_is_this_process_s_own(redis):
    assert redis.dbsize() == 0
    assert redis.connection_pool.connection_kwargs["db"] in databases.REDIS_NUMBERS


@pytest.mark.filterwarnings("ignore:A test tried to use")
def test_a_socket_leaves_the_machine_for_no_test():
    with pytest.raises(SocketConnectBlockedError):
        socket.create_connection(("192.0.2.1", 80), timeout=1)


def test_a_deadlock_is_counted(services):
    with pytest.raises(AssertionError, match="1 deadlocks"), databases.fresh_database(services) as url:
        deadlock(url.replace("+psycopg", ""))


def deadlock(url):
    with psycopg.connect(url, autocommit=True) as one:
        one.execute("create table pair as select generate_series(1, 2) as id, 0 as n")
        barrier = threading.Barrier(2, timeout=10)

        def lock(order):
            with psycopg.connect(url) as connection:
                connection.execute("set deadlock_timeout = '10ms'")
                for place, number in enumerate(order):
                    if place:
                        barrier.wait()
                    connection.execute("update pair set n = n + 1 where id = %s", (number,))

        other = threading.Thread(target=lock_quietly, args=(lock, [2, 1]))
        other.start()
        lock_quietly(lock, [1, 2])
        other.join()


def lock_quietly(lock, order):
    try:
        lock(order)
    except psycopg.errors.DeadlockDetected:
        return


def test_what_a_thread_of_a_crowd_raises_is_raised_with_its_own_place():
    def work(number):
        if number == 2:
            raise ZeroDivisionError(number)
        return number * 10

    assert run_together(work, range(1)) == [0]
    with pytest.raises(ZeroDivisionError, match="2") as raised:
        run_together(work, range(4))
    assert raised.traceback[-1].name == "work"
