"""A gate: many enter at once, one shuts it, a stream of comers keeps it open for nobody."""

import subprocess
import sys
import threading
from contextlib import ExitStack, contextmanager

import pytest

from bot.gate import Gate

ENTERS_AND_STAYS = """
import sys, time
from pathlib import Path
from bot.gate import Gate
with Gate(Path(sys.argv[1])).entered(10):
    print("in", flush=True)
    time.sleep(600)
"""
SOON = 10.0
MEANWHILE = 0.2  # seconds in which who waits does not get through


@pytest.fixture
def gate(tmp_path):
    return Gate(tmp_path)


@contextmanager
def in_a_thread(passage):
    """Somebody goes through and comes out at the end; an event rings when he is through."""
    through, leave = threading.Event(), threading.Event()

    def go():
        with passage:
            through.set()
            leave.wait(SOON)

    thread = threading.Thread(target=go)
    thread.start()
    try:
        yield through
    finally:
        leave.set()
        thread.join(SOON)


def test_many_are_in_at_once(gate):
    with gate.entered(SOON), in_a_thread(gate.entered(SOON)) as second, in_a_thread(gate.entered(SOON)) as third:
        assert second.wait(SOON)
        assert third.wait(SOON)


def test_who_shuts_it_waits_until_all_are_out_and_who_comes_then_waits_for_him(gate):
    with ExitStack() as stack:
        with gate.entered(SOON):
            shut = stack.enter_context(in_a_thread(gate.shut()))
            assert not shut.wait(MEANWHILE)
            late = stack.enter_context(in_a_thread(gate.entered(SOON)))  # joins none of those who are in
            assert not late.wait(MEANWHILE)
            assert not shut.is_set()
        assert shut.wait(SOON)
        assert not late.wait(MEANWHILE)
    assert late.is_set()


def test_a_process_that_is_killed_inside_leaves_it(gate):
    process = subprocess.Popen([sys.executable, "-c", ENTERS_AND_STAYS, str(gate.folder)], stdout=subprocess.PIPE)
    assert process.stdout.readline() == b"in\n"
    with in_a_thread(gate.shut()) as shut:
        assert not shut.wait(MEANWHILE)
        process.kill()
        process.wait()
        assert shut.wait(SOON)


def test_nobody_waits_for_ever_for_one_who_hangs_inside(gate):
    with gate.shut(), in_a_thread(gate.entered(MEANWHILE)) as passed:
        assert not passed.wait(MEANWHILE / 2)
        assert passed.wait(SOON)
