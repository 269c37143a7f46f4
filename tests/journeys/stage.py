"""A whole market in one test: real web server, real stores, turns and sends made step by step, the clock in hand."""

import json
import threading
import time
from contextlib import contextmanager

from werkzeug.serving import make_server

from base.clock import move_test_clock, use_test_clock
from base.config import load
from bot import machine
from bot.engine import FRESH, Taker
from bot.posting import Posting
from jobs import fold_reports, jobs_of
from webhooks import create_app
from wiring import build

LEFT = """
select exists (select from inbox where state = 'open' and due_at <= market_now()) as turns,
  exists (select from inbox where state = 'open') as waits,
  exists (select from outbox where state = 'waiting' and due_at <= market_now()) as sends,
  exists (select from status_report where due_at <= market_now()) as reports
"""
FED_WITHIN, MOST_FEEDS = 1.0, 20  # seconds, and how often
JOINED = 1.3  # seconds after which words that wait for words are due


class Bell:
    """Stands where a taking thread would: turns are made by the stage itself."""

    def heed(self, due):
        """Nobody is waited for."""


class Stage:
    """`environ` are the settings; the database is migrated and planted already, and may be lent with its test clock."""

    def __init__(self, environ, database=None):
        self.config = load(environ=environ)
        self.market = build(self.config)
        self.is_lent = database is not None
        if self.is_lent:
            self.market.database = database
        else:
            use_test_clock(self.market.database)
        self.market.taking = Bell()
        self.posting = Posting(self.market.office, slots=4)
        self.taker = Taker(self.market.bot, FRESH, self.posting)  # as one that has been at it for a while
        self.before_turn = []  # what a variant does to the market before every turn
        self.turns = 0
        self.secret = next((a.secret for a in self.config.channel_accounts if a.kind == "simulator"), None)

    def settle(self):
        """Take, send and fold until nothing is left to do now."""
        feeds = iter(range(MOST_FEEDS))
        while True:
            todo = self._todo()
            took = self._take() if todo.turns else 0
            sent = self._send(looks=todo.sends) if took or todo.sends else 0
            told = self._fold() if sent or todo.reports else 0
            is_over = not took + sent + told and not (todo.waits and self._join())
            if is_over and not (todo.sends and self._is_fed(feeds)):
                return

    def _is_fed(self, feeds):
        """Whether what is due may go after all: announcements and reminders begin without a token, in real time."""
        wait = self.posting.starved_until - time.monotonic()
        if wait > FED_WITHIN or next(feeds, None) is None:
            return False
        time.sleep(max(wait, 0.005))
        return True

    def _todo(self):
        with self.market.database.autocommit() as db:
            return db.one(LEFT)

    def _take(self):
        for disturb in self.before_turn:
            disturb(self)
        taken = self.taker.take_waiting()
        self.market.sessions.store()  # as the taking loop does, in a moment
        assert not self.taker.counts, f"turns failed: {self.taker.counts}: {self._errors()}"
        self.turns += taken
        return taken

    def _errors(self):
        with self.market.database.unit_of_work() as db:
            return db.rows("select id, error, message from inbox where error is not null")

    def _send(self, looks):
        """What turns have begun comes back; what else is to be said is looked for at a ring, or where it is known."""
        self.posting.bell.clear()
        done = self.posting.round(looks=looks)
        while self.posting.under_way:
            self.posting.bell.wait(1)
            self.posting.bell.clear()
            done += self.posting.round(looks=False)
        return done

    def _fold(self):
        return fold_reports(self.market)

    def _join(self):
        """Words that wait for more words: let their time pass."""
        with self.market.database.autocommit() as db:
            waits = db.value("select count(*) from inbox where state = 'open'")
        if waits:
            move_test_clock(self.market.database, JOINED)
        return waits

    def pass_time(self, seconds):
        """Move the clock, and let the jobs that the worker repeats run once."""
        move_test_clock(self.market.database, seconds)
        for every in jobs_of(self.market):
            every.job(self.market)
        self.settle()

    def close(self):
        """Let go of the stores."""
        self.posting.threads.shutdown()
        if not self.is_lent:
            self.market.database.close()


@contextmanager
def web_of(market, port):
    """The web application on a port of loopback."""
    server = make_server("127.0.0.1", port, create_app(market), threaded=True)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@contextmanager
def edges_watched():
    """The set of `(hat.state, outcome)` edges that any turn goes along meanwhile."""
    walked, follow = set(), machine._Walk._next

    def watched(walk, name, outcome):
        walked.add((name, outcome))
        return follow(walk, name, outcome)

    machine._Walk._next = watched
    try:
        yield walked
    finally:
        machine._Walk._next = follow


def routes_taken(database):
    """How the messages of a database were read: answer, detour, miss …"""
    with database.unit_of_work() as db:
        return {row.read_as for row in db.rows("select distinct read_as from turn")}


def documents(database):
    """Each conversation's document, for a comparison of variants."""
    with database.unit_of_work() as db:
        return [
            json.dumps(row.document, sort_keys=True) for row in db.rows("select document from conversation order by id")
        ]
