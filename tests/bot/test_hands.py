"""What a worker has begun is known after its death: the rest of what it had in hand is free within a second."""

import os
import signal
import time
from collections import deque

import pytest

from base.db import AWAY, Database
from bot import hands, uncertain
from bot.hands import Finder, Hand, StandIn
from bot.posting import Posting
from bot.sending import Sending
from tests.bot.outgoing import ME, claim, posting_round, put, states
from tests.bot.stall import AWA, KOSSI
from tests.waiting import wait_for

EFUA, FAFA, SENA = "+22890000003", "+22890000004", "+22890000005"


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "hands"


def dies_with(folder, owner, *begun):
    """A process of this owner begins to send these rows, and is killed."""
    ready, told = os.pipe()
    child = os.fork()
    if not child:
        hand = Hand.of(folder, owner, 4)
        deque(map(hand.begin, begun))
        os.write(told, b"1")
        signal.pause()
    os.read(ready, 1)
    yield child
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    os.close(ready)
    os.close(told)
    yield child


def killed_with(folder, owner, *begun):
    deque(dies_with(folder, owner, *begun))


def test_the_dead_are_told_with_what_they_had_begun_and_the_living_are_not(folder):
    finder = Finder(folder, "me")
    lives = dies_with(folder, "other", 7, 9)
    next(lives)
    assert list(finder.dead()) == []
    next(lives)
    assert list(finder.dead()) == [("other", {7, 9})]
    assert list(finder.dead()) == [("other", {7, 9})]  # again for some seconds: its claims may be committed late


def test_others_stand_in_for_workers_of_whom_one_has_died_and_none_lives(folder, monkeypatch):
    monkeypatch.setattr(hands, "LOOKS_EVERY", -1.0)
    is_needed = StandIn(folder, "worker")
    assert not is_needed()  # none was ever here
    killed_with(folder, "host:5:web:aaa")
    assert not is_needed()
    first, second = (dies_with(folder, f"host:{number}:worker:aaa") for number in (6, 7))
    next(first)
    assert not is_needed()
    next(first)
    assert (is_needed(), is_needed()) == (True, True)
    next(second)  # another one is started in its place
    assert not is_needed()
    next(second)
    assert is_needed()
    monkeypatch.setattr(hands, "this_start", lambda: b"another start of the machine")
    assert not is_needed()


def test_nobody_stands_in_for_a_worker_that_was_stopped(folder, monkeypatch):
    monkeypatch.setattr(hands, "LOOKS_EVERY", -1.0)
    hand = Hand.of(folder, "host:6:worker:aaa", 4)
    is_needed = StandIn(folder, "worker")
    assert not is_needed()
    hand.end()
    assert not is_needed()


def test_who_stands_in_looks_only_now_and_then(folder, monkeypatch):
    monkeypatch.setattr(hands, "LOOKS_EVERY", 3600.0)
    is_needed = StandIn(folder, "worker")
    assert not is_needed()
    killed_with(folder, "host:6:worker:aaa")
    assert not is_needed()
    monkeypatch.setattr(hands, "LOOKS_EVERY", 0.0)
    assert is_needed()


def test_a_door_announces_while_no_worker_lives(stall, folder, monkeypatch):
    monkeypatch.setattr(hands, "LOOKS_EVERY", -1.0)
    stall.opens(AWA)
    put(stall, AWA, "bulk")
    lives = dies_with(folder, "host:6:worker:aaa")
    next(lives)
    door = Posting(stall.office, slots=4, announces=StandIn(folder, "worker"))
    try:
        door.round()
        assert states(stall) == ["waiting"]
        next(lives)
        wait_for(lambda: door.round(looks=False), "he does not look by himself")  # while he is kept busy by answers
        door.drain(10)
    finally:
        door.threads.shutdown()
    assert states(stall) == ["sent"]


def test_a_file_of_the_dead_goes_some_seconds_after_it_was_found(folder, monkeypatch):
    killed_with(folder, "other", 7)
    finder = Finder(folder, "me")
    assert list(finder.dead()) == [("other", {7})]
    monkeypatch.setattr(hands, "LINGERS", 0.0)
    assert list(finder.dead()) == [("other", {7})]
    assert list(folder.iterdir()) == []


def test_a_file_of_the_dead_stays_until_what_it_asks_for_was_done(folder, monkeypatch):
    monkeypatch.setattr(hands, "LINGERS", 0.0)
    killed_with(folder, "other", 7)
    finder = Finder(folder, "me")
    away = Database("postgresql+psycopg://postgres@/nothing?host=/nowhere")
    for _ in range(3):
        with pytest.raises(AWAY):
            uncertain.let_go_of_the_dead(away, finder.dead())
    assert len(list(folder.iterdir())) == 1
    assert [list(finder.dead()) for _ in range(2)] == [[("other", {7})]] * 2
    assert list(folder.iterdir()) == []


def test_what_is_settled_is_let_go_and_a_row_that_is_sent_twice_at_once_stays_noted(folder):
    hand = Hand.of(folder, "other", 4)
    places = [hand.begin(row) for row in (1, 2, 2, 3)]
    assert len({*places} - {0}) == 4
    assert hand.begin(4) == 0  # there is no room to note it: it must not go out
    hand.let_go([1, 2, 5])
    assert hand.begin(4) != 0
    hand.took(places[3], 3)
    hand._notes.close()  # as its process ends
    os.close(hand._file)
    assert list(Finder(folder, "me").dead()) == [("other", {2, -3, 4})]


def test_a_file_from_before_the_machine_started_tells_nothing_and_goes_after_a_day(folder):
    killed_with(folder, "other", 7)
    (path,) = folder.iterdir()
    path.write_bytes(b"another start".ljust(hands.HEAD, b"\0") + path.read_bytes()[hands.HEAD :])
    finder = Finder(folder, "me")
    assert (list(finder.dead()), path.exists()) == ([], True)
    yesterday = time.time() - hands.FORGOTTEN - 1
    os.utime(path, (yesterday, yesterday))
    assert (list(finder.dead()), path.exists()) == ([], False)


def test_where_no_file_can_be_made_there_is_none(tmp_path):
    (tmp_path / "file").write_text("no folder")
    assert Hand.of(tmp_path / "file", "me", 4) is None


def test_what_the_dead_had_not_begun_waits_again_and_what_was_begun_is_in_doubt(stall):
    stall.opens(EFUA, FAFA, SENA)
    told = ((AWA, "reply"), (KOSSI, "bulk"), (EFUA, "bulk"), (FAFA, "reply"), (SENA, "bulk"))
    rows = [put(stall, phone, kind)[0] for phone, kind in told]
    claim(stall)
    stall.run("update outbox set lease_owner = 'other' where id = %(id)s", id=rows[3])
    assert uncertain.let_go_of_the_dead(stall.database, [(ME.owner, {rows[0], rows[1], -rows[4]})]) == 1
    assert stall.rows("select state, error, attempts, lease_owner from outbox order by id") == [
        ("uncertain", "lease ran out", 1, None),
        ("failed", "lease ran out", 1, None),
        ("waiting", None, 0, None),
        ("sending", None, 1, "other"),
        ("sent", None, 1, None),  # its provider had taken it
    ]
    assert stall.rows("select name, value from figure") == [("leases_lost", 2)]
    assert claim(stall) == [rows[2]]


@pytest.fixture
def noting_posting(stall, posting, folder):
    """A sending side that notes what it begins."""
    posting = Posting(stall.office, slots=2, folder=folder)
    yield posting
    posting.threads.shutdown()


def test_a_row_is_noted_before_it_goes_out_and_let_go_once_it_is_settled(stall, noting_posting, folder):
    posting, noted = noting_posting, []
    (row,) = put(stall, AWA, "reply")
    send = stall.provider.send

    def noting(account, letter):
        noted.append({row: [*places] for row, places in posting.hand._places.items()})
        return send(account, letter)

    stall.provider.send = noting
    posting_round(stall, posting)
    assert ([list(places) for places in noted], posting.hand._places) == ([[row]], {})
    assert states(stall) == ["sent"]
    sending = Sending(posting)
    sending.end(1)
    assert len(list(folder.iterdir())) == 1  # a turn may yet claim more
    sending.give_back()
    assert list(folder.iterdir()) == []


def test_a_row_that_cannot_be_noted_is_not_sent_and_waits(stall, noting_posting):
    noting_posting.hand._free.clear()
    put(stall, AWA, "reply")
    assert noting_posting.round() == 1
    noting_posting.drain(10)
    assert (stall.provider.sent, states(stall)) == ([], ["waiting"])
