"""A thread's death ends its process, and what is told to any of its threads is heard."""

import faulthandler
import os
import signal
import subprocess
import sys
import threading

import pytest
from structlog.testing import capture_logs

import webhooks
from base.config import ROOT
from base.threads import end_where_one_dies, show_when_asked

TOLD_BESIDE = """
import signal, threading, time
from base.threads import hear_every_signal

stop, heard = threading.Event(), []
signal.signal(signal.SIGTERM, lambda number, _: (heard.append(number), stop.set()))
hear_every_signal()
other = threading.Thread(target=time.sleep, args=(60,), daemon=True)
other.start()
threading.Timer(0.3, signal.pthread_kill, (other.ident, signal.SIGTERM)).start()
assert stop.wait()
assert heard == [signal.SIGTERM]
"""
TOLD_TOO_EARLY = """
import signal

tell, told = signal.pthread_kill, []

def tell_one_who_lies_down(thread, number):
    told.append(number)
    if number != signal.SIGURG or told.count(number) > 1:  # the first one comes before the sleep, and ends none
        tell(thread, number)

signal.pthread_kill = tell_one_who_lies_down
"""


@pytest.fixture(autouse=True)
def own_hook(monkeypatch):
    """Whatever a test sets is taken back."""
    monkeypatch.setattr(threading, "excepthook", threading.excepthook)


def die(name):
    """In a thread of this name."""
    thread = threading.Thread(target=lambda: 1 / 0, name=name)
    thread.start()
    thread.join()


def test_a_thread_that_dies_is_told_and_ends_its_process():
    ended = []
    end_where_one_dies(lambda: ended.append(True))
    with capture_logs() as logs:
        die("take")
    assert ended == [True]
    (told,) = logs
    assert (told["event"], told["thread"]) == ("thread_died", "take")
    assert told["error"].startswith("ZeroDivisionError at test_threads.py:")


@pytest.mark.parametrize("script", [TOLD_BESIDE, TOLD_TOO_EARLY + TOLD_BESIDE])
def test_a_signal_that_another_thread_got_wakes_the_main_one(script):
    subprocess.run([sys.executable, "-c", script], cwd=ROOT, check=True, timeout=30)


def test_who_is_asked_shows_where_his_threads_are(capfd):
    there = threading.Event()

    def rest_here():
        there.wait()

    thread = threading.Thread(target=rest_here)
    thread.start()
    show_when_asked()
    show_when_asked()  # as in a fork of one that had done so
    os.kill(os.getpid(), signal.SIGUSR1)
    faulthandler.unregister(signal.SIGUSR1)
    os.kill(os.getpid(), signal.SIGUSR1)  # as where Python ends: this would end the process
    signal.signal(signal.SIGUSR1, signal.SIG_DFL)
    there.set()
    thread.join()
    shown = capfd.readouterr().err
    assert 'test_threads.py", line' in shown
    assert "in rest_here" in shown


def test_a_door_without_one_of_its_threads_asks_its_own_process_to_end(monkeypatch):
    def build(_):
        raise InterruptedError

    killed = []
    monkeypatch.setattr(webhooks, "build", build)
    monkeypatch.setattr(webhooks, "load", lambda: None)
    monkeypatch.setattr(webhooks, "give_back_soon", lambda: None)
    monkeypatch.setattr(webhooks, "hear_every_signal", lambda: None)
    monkeypatch.setattr("os.kill", lambda *told: killed.append(told))
    monkeypatch.setattr("os.getpid", lambda: 4711)
    with pytest.raises(InterruptedError):
        webhooks.app()
    die("post")
    assert killed == [(4711, signal.SIGTERM)]
