"""Door 2: the worker takes turns, sends, expires, reminds and polls until it is told to stop."""

import signal
import sys
import threading
import time
from collections.abc import Callable
from functools import partial
from typing import Any

import redis
from prometheus_client import start_http_server

from base.config import ConfigError, load
from base.db import AWAY, FAILED
from base.log import logger
from base.memory import give_back_soon, spare_the_collector
from base.threads import take_short_turns
from bot import (
    outbox,
)
from bot.engine import place_of
from bot.posting import Office, Posting
from bot.sessions import OUTBOX_BELL, connect
from jobs import BATCH, Every, hands_of, jobs_of
from wiring import Market, build

log = logger(__name__)
TAKERS = 1  # a process has one interpreter: a second taker would only halve the batches
STARVED = 0.1  # seconds until a sender whose second is used up is looked at again
WARMS_AFTER = 15.0  # seconds
STOPS_WITHIN = 20.0  # seconds for all that is under way


def office_of(market: Market) -> Office:
    """What sending needs, from when the database is there: a worker may be started before it."""
    while True:
        try:
            return market.office
        except AWAY as error:
            log.warning("database_away", error=type(error).__name__)
            time.sleep(market.config.timing.poll)


class Worker:
    """The threads of one worker process: takers, the sending loop, one thread per job, the listener for the bell."""

    def __init__(self, market: Market) -> None:
        self.market = market
        self.stop = threading.Event()
        self.told = threading.Event()  # that a turn was committed somewhere, of which there may be an answer to send
        self.posting = Posting(office_of(market), folder=hands_of(market))
        self.takings = [market.start_taking(f"take-{number}", WARMS_AFTER) for number in range(TAKERS)]
        self.sending = threading.Thread(target=self._post, name="post", daemon=True)
        self.threads: list[threading.Thread] = []
        self.has_failed = False

    def run(self) -> None:
        """Until SIGTERM or SIGINT; then sends under way are settled and the rest is given back."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: self.stop.set())
        threading.excepthook = self._thread_died
        if port := self.market.config.server.worker_metrics_port:
            start_http_server(port, self.market.config.server.host)
        self.sending.start()
        self._start("listen", self._listen)
        for every in jobs_of(self.market):
            self._start("job", partial(self._repeat, every))
        spare_the_collector()
        take_short_turns()
        log.info("worker_started", process=self.market.owner)
        self.stop.wait()
        self._end()
        if self.has_failed:
            sys.exit(1)

    def _thread_died(self, died: threading.ExceptHookArgs) -> None:
        """A bug ends the process, which is started again: a worker without one of its threads would look alive."""
        thread = died.thread.name if died.thread else ""
        log.error("thread_died", thread=thread, error=place_of(died.exc_value) if died.exc_value else "")
        self.has_failed = True
        self.stop.set()

    def _start(self, name: str, work: Callable[[], None]) -> None:
        thread = threading.Thread(target=work, name=name, daemon=True)
        thread.start()
        self.threads.append(thread)

    def _end(self) -> None:
        """Within STOPS_WITHIN sends are settled and turns finished, sends first; everything else is free for others."""
        end = time.monotonic() + STOPS_WITHIN
        for taking in self.takings:
            taking.end()
        self._wake()
        self.sending.join(STOPS_WITHIN)
        self._settle(end - time.monotonic())
        at_work = [*self.threads, *(taking.thread for taking in self.takings if taking.thread)]
        for thread in at_work:
            thread.join(max(0.0, end - time.monotonic()))
        self._give_back()

    def _settle(self, seconds: float) -> None:
        try:
            self.posting.drain(seconds)
        except AWAY as error:
            log.warning("not_settled", error=type(error).__name__)

    def _give_back(self) -> None:
        try:
            with self.market.database.unit_of_work() as db:
                given_back = outbox.give_back(db, self.market.owner)
            log.info("worker_stopped", given_back_count=given_back)
        except FAILED as error:
            log.warning("not_given_back", error=type(error).__name__)

    def _post(self) -> None:
        is_called = True
        while not self.stop.is_set():
            self.posting.bell.clear()
            try:
                if is_called or self.posting.is_called_for():
                    self.posting.round()
            except AWAY as error:
                log.warning("database_away", error=type(error).__name__)
                self.stop.wait(self.market.config.timing.poll)
                continue
            poll = self.market.config.timing.poll
            wait = min(poll, STARVED) if self.posting.is_starved else poll
            is_called = self.posting.has_more or self._is_called(wait)

    def _is_called(self, seconds: float) -> bool:
        """Whether the bell rang; what is to be said goes at once, sends that came back are gathered for a moment."""
        if not self.posting.bell.wait(seconds):
            return False
        self.told.wait(self.posting.patience)
        self.told.clear()
        return True

    def _repeat(self, every: Every) -> None:
        while not self.stop.is_set():
            try:
                done = every.job(self.market)
                if done and every.wakes:
                    self._wake()
                if done >= BATCH:
                    continue
            except AWAY as error:
                log.warning("database_away", error=type(error).__name__)
            self.stop.wait(every.polls * self.market.config.timing.poll)

    def _wake(self) -> None:
        """Whatever may be taken or sent is looked for now."""
        for taking in self.takings:
            taking.bell.set()
        self.told.set()
        self.posting.bell.set()

    def _listen(self) -> None:
        """Ring the sending loop's bell when a turn was committed somewhere; polling covers what Redis loses."""
        client: Any = connect(str(self.market.config.redis.url), self.market.config.timing.poll)
        while not self.stop.is_set():
            try:
                with client.pubsub() as channel:
                    channel.subscribe(OUTBOX_BELL)
                    while not self.stop.is_set():
                        if channel.get_message(ignore_subscribe_messages=True, timeout=self.market.config.timing.poll):
                            self.told.set()
                            self.posting.bell.set()
            except redis.RedisError:
                time.sleep(self.market.config.timing.poll)


def main() -> None:
    """Run a worker with the settings of this machine; what is missing is named, all at once."""
    give_back_soon()
    try:
        market = build(load(), role="worker")
    except ConfigError as error:
        sys.exit(str(error))
    Worker(market).run()


if __name__ == "__main__":
    main()
