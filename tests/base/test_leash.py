"""A database that takes a question and answers nothing counts as lost when its time is over."""

import socket
import threading
import time

import pytest
from psycopg import OperationalError

from base.db import AWAY, Database
from base.leash import EVERY, Leash
from tests.waiting import wait_for


def lookers():
    """The threads that look after leashes."""
    return [thread for thread in threading.enumerate() if thread.name == "leash"]


def test_a_server_that_does_not_answer_in_time_is_let_go(database):
    begun = time.monotonic()
    with pytest.raises(OperationalError), database.autocommit(within=0.3) as db:
        db.value("select pg_sleep(20)")
    assert 0.3 <= time.monotonic() - begun < 5


def test_the_pool_gives_a_fresh_connection_afterwards(database):
    with pytest.raises(OperationalError), database.unit_of_work(within=0.1) as db:
        db.value("select pg_sleep(20)")
    with database.unit_of_work(within=5) as db:
        assert db.value("select 1") == 1


def test_a_session_that_the_server_ended_while_its_process_stood_still_counts_as_away(database):
    def stand_still():
        with database.unit_of_work() as db:
            db.run("set local idle_in_transaction_session_timeout = '50ms'")
            time.sleep(0.5)
            db.value("select 1")

    with pytest.raises(AWAY):
        stand_still()
    with database.unit_of_work() as db:
        assert db.value("select 1") == 1


def test_who_is_in_time_is_left_alone_and_so_is_what_its_socket_becomes_later():
    leash = Leash()
    one, other = socket.socketpair()
    with one, other:
        with leash.hold(one.fileno(), 0.2):
            pass
        time.sleep(0.6)
        one.sendall(b"still here")
        assert other.recv(100) == b"still here"


def test_only_the_late_one_of_two_is_shut():
    leash = Leash()
    (late, late_end), (early, early_end) = socket.socketpair(), socket.socketpair()
    heard = []
    with late, late_end, early, early_end, leash.hold(early.fileno(), 30), leash.hold(late.fileno(), 0.1):
        reader = threading.Thread(target=lambda: heard.append(late.recv(10)))
        reader.start()
        reader.join(5)
        early_end.sendall(b"word")
        assert (heard, early.recv(10)) == ([b""], b"word")


def test_an_ended_leash_has_no_thread_once_nothing_is_held_and_looks_again_when_asked():
    leash, before = Leash(), len(lookers())
    one, other = socket.socketpair()
    with one, other:
        with leash.hold(one.fileno(), 30):
            leash.end()
            time.sleep(3 * EVERY)
            assert len(lookers()) == before + 1
        wait_for(lambda: len(lookers()) == before, "its thread goes on")
        with leash.hold(one.fileno(), 0.1):
            assert other.recv(10) == b""
        leash.end()
        leash.end()
        wait_for(lambda: len(lookers()) == before, "its thread goes on")


def test_a_closed_database_leaves_no_thread(database):
    before = len(lookers())
    other = Database(str(database.engine.url.render_as_string(hide_password=False)))
    with other.autocommit(within=5) as db:
        assert db.value("select 1") == 1
    assert len(lookers()) == before + 1
    other.close()
    wait_for(lambda: len(lookers()) == before, "its thread goes on")
