"""The worker: its jobs, and a thread that dies."""

import errno
import os
import re
import signal
import threading
import time

import pytest
from structlog.testing import capture_logs

import providers
from base.db import Database
from bot.engine import Taker
from bot.posting import Posting
from jobs import JOBS, Every, jobs_of
from tests.fakes.messenger import FakePage
from tests.handlers.messenger.conftest import account_of
from worker import Worker, main


@pytest.fixture
def kept_signals():
    """Signal handlers and the hook for dying threads as they were."""
    handlers = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)}
    yield
    threading.excepthook = threading.__excepthook__
    for number, handler in handlers.items():
        signal.signal(number, handler)


def test_every_job_runs_on_an_empty_market_and_finds_nothing(market):
    every_one = jobs_of(market)
    of_twilio, pictures = 2, 1
    the_dead = 1
    assert len(every_one) == len(JOBS) + the_dead + 2 * len(market.accounts) + of_twilio + pictures
    assert [every.job(market) for every in every_one] == [0] * len(every_one)
    assert market.is_ready() == {}  # one of them showed life


@pytest.mark.parametrize(
    ("environment", "address", "looks"),
    [
        ("production", "https://market.example", True),
        ("production", "http://market.example", False),
        ("development", "https://market.example", False),
    ],
)
def test_workers_look_at_the_certificate_where_people_depend_on_it(environment, address, looks, market):
    server = market.config.server.model_copy(update={"public_base_url": address})
    market.config = market.config.model_copy(update={"environment": environment, "server": server})
    every = [one.polls for one in jobs_of(market) if one.job is providers.look_at_certificate]
    assert every == ([600] if looks else [])


def test_a_page_of_messenger_is_looked_after_every_ten_minutes(market):
    with FakePage() as fake:
        market.accounts = {7: account_of(fake.url)}
        *_, last = jobs_of(market)
        assert last.polls * market.config.timing.poll == 600
        assert [last.job(market), last.job(market)] == [1, 0]
        assert [asked.method for asked in fake.asked] == ["GET", "POST", "GET"]


def test_a_thread_that_dies_ends_the_worker_with_an_error(market, kept_signals, monkeypatch):
    def broken(market):
        raise ZeroDivisionError

    monkeypatch.setattr("jobs.JOBS", (Every(60, broken),))
    with pytest.raises(SystemExit) as ended:
        Worker(market).run()
    assert ended.value.code == 1


def test_a_folder_that_gives_errors_ends_no_worker_and_its_job_is_done_later(market, kept_signals, monkeypatch):
    done = []

    def sweep(market):
        done.append(1)
        if len(done) == 1:
            raise OSError(errno.ESTALE, os.strerror(errno.ESTALE), "/var/received/a name")
        os.kill(os.getpid(), signal.SIGTERM)
        return 0

    monkeypatch.setattr("jobs.JOBS", (Every(0.01, sweep),))
    with capture_logs() as logs:
        Worker(market).run()
    assert len(done) >= 2
    (told,) = (one for one in logs if one["event"] == "files_away")
    assert (told["log_level"], told["reason"]) == ("error", "Stale file handle")
    assert re.fullmatch(r"OSError at test_worker\.py:\d+", told["error"])


def test_a_signal_ends_the_worker_in_peace(market, kept_signals, monkeypatch):
    def stop(market):
        os.kill(os.getpid(), signal.SIGTERM)  # as a stop comes: to the main thread, which it wakes
        return 0

    monkeypatch.setattr("jobs.JOBS", (Every(60, stop),))
    Worker(market).run()


def test_jobs_that_do_not_end_hold_up_no_stop_and_no_send(market, kept_signals, monkeypatch):
    all_at_work, released, drained = threading.Barrier(4), threading.Event(), []

    def stop_and_stay(market):
        all_at_work.wait(10)
        os.kill(os.getpid(), signal.SIGTERM)
        released.wait(20)
        return 0

    monkeypatch.setattr("jobs.JOBS", (Every(60, stop_and_stay),) * 4)
    monkeypatch.setattr("worker.STOPS_WITHIN", 1.5)
    monkeypatch.setattr(Posting, "drain", lambda _, seconds: drained.append(seconds))
    begun = time.monotonic()
    Worker(market).run()
    took = time.monotonic() - begun
    released.set()
    assert took < 3  # once for all of them, not once for each
    assert drained[0] > 0.2  # sends wait for no job


def test_a_worker_that_is_stopped_while_the_database_is_away_ends_in_peace(market, kept_signals, monkeypatch):
    away = Database("postgresql+psycopg://postgres@/nothing?host=/nowhere")

    def drain(*_):
        with away.unit_of_work():
            pass

    def stop(market):
        monkeypatch.setattr(market, "database", away)
        os.kill(os.getpid(), signal.SIGTERM)
        return 0

    monkeypatch.setattr("jobs.JOBS", (Every(60, stop),))
    monkeypatch.setattr(Posting, "drain", drain)
    Worker(market).run()


def test_a_turn_at_hand_is_finished_before_the_worker_ends(market, kept_signals, monkeypatch):
    begun, finished = threading.Event(), []

    def take(*_):
        begun.set()
        threading.Event().wait(2.5)
        finished.append(1)
        return 0

    def stop(market):
        begun.wait(10)
        os.kill(os.getpid(), signal.SIGTERM)
        return 0

    monkeypatch.setattr(Taker, "take_waiting", take)
    monkeypatch.setattr("jobs.JOBS", (Every(60, stop),))
    Worker(market).run()
    assert finished == [1]


def test_a_worker_whose_settings_are_not_whole_names_what_is_missing(monkeypatch):
    monkeypatch.setenv("ASSIGAME__ENVIRONMENT", "production")
    with pytest.raises(SystemExit, match=r"secret_key \(SECRET_KEY\): missing"):
        main()


def test_a_worker_shows_its_figures_where_the_settings_say(market, kept_signals, monkeypatch):
    def stop(market):
        os.kill(os.getpid(), signal.SIGTERM)
        return 0

    shown = []
    monkeypatch.setattr("jobs.JOBS", (Every(60, stop),))
    monkeypatch.setattr("worker.start_http_server", lambda *where: shown.append(where))
    Worker(market).run()
    assert shown == []
    server = market.config.server.model_copy(update={"worker_metrics_port": 9100})
    market.config = market.config.model_copy(update={"server": server})
    Worker(market).run()
    assert shown == [(9100, "127.0.0.1")]


def with_poll(config, seconds):
    """The settings, with so many seconds between two looks."""
    return config.model_copy(update={"timing": config.timing.model_copy(update={"poll": seconds})})


def test_a_job_that_frees_what_others_held_wakes_the_taker_and_the_sender(market, kept_signals, monkeypatch):
    monkeypatch.setattr(market, "config", with_poll(market.config, 20.0))
    taken, sent, freed, again = threading.Semaphore(0), threading.Semaphore(0), threading.Event(), []
    monkeypatch.setattr(Taker, "take_waiting", lambda *_: taken.release() or 0)
    monkeypatch.setattr(Posting, "round", lambda _, **called: sent.release())

    def free(market):
        taken.acquire()  # each has looked once, and sleeps for twenty seconds
        sent.acquire()
        freed.set()
        return 1

    def watch(market):
        freed.wait(10)
        again.extend([taken.acquire(timeout=10), sent.acquire(timeout=10)])
        os.kill(os.getpid(), signal.SIGTERM)
        return 0

    monkeypatch.setattr("jobs.JOBS", (Every(60, free, wakes=True), Every(60, watch)))
    Worker(market).run()
    assert again == [True, True]
