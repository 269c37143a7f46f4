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
from base.db import AWAY
from base.log import logger, place_of
from base.memory import give_back_soon, spare_the_collector
from base.threads import end_where_one_dies, hear_every_signal, show_when_asked, take_short_turns
from bot.hands import folder_of
from bot.posting import Office, Posting
from bot.sending import Sending
from bot.sessions import OUTBOX_BELL, connect
from bot.sharing import tell
from jobs import BATCH, Every, jobs_of
from wiring import Market, build

log = logger(__name__)
WARMS_AFTER = 15.0  # seconds, where no turn is to be taken before
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
        self.posting = Posting(office_of(market), folder=folder_of(market.config))
        self.taking = market.start_taking(lambda: self.posting, WARMS_AFTER)  # one: a process has one interpreter
        self.sending = Sending(self.posting)
        self.threads: list[threading.Thread] = []
        self.has_failed = False

    def run(self) -> None:
        """Until SIGTERM or SIGINT; then sends under way are settled and the rest is given back."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: self.stop.set())
        hear_every_signal()
        end_where_one_dies(self._fail)
        self.sending.start()
        self._start("listen", self._listen)
        for every in jobs_of(self.market):
            self._start("job", partial(self._repeat, every))
        # a file server that is away may hold up whoever looks there for ever
        self._start("share", partial(tell, self.market.config, self.market.database))
        if port := self.market.config.server.worker_metrics_port:  # whoever rolls takes it for a worker at work
            start_http_server(port, self.market.config.server.host)
        spare_the_collector()
        take_short_turns()
        log.info("worker_started", process=self.market.owner)
        self.stop.wait()
        self._end()
        if self.has_failed:
            sys.exit(1)

    def _fail(self) -> None:
        self.has_failed = True
        self.stop.set()

    def _start(self, name: str, work: Callable[[], None]) -> None:
        thread = threading.Thread(target=work, name=name, daemon=True)
        thread.start()
        self.threads.append(thread)

    def _end(self) -> None:
        """Within STOPS_WITHIN sends are settled and turns finished, sends first; everything else is free for others."""
        end = time.monotonic() + STOPS_WITHIN
        self.taking.end()
        self.sending.end(STOPS_WITHIN)
        for thread in self.threads:
            thread.join(max(0.0, end - time.monotonic()))
        if self.taking.is_over(end - time.monotonic()):
            self.sending.give_back()
        log.info("worker_stopped", process=self.market.owner)

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
            except OSError as error:  # a folder that others hold, or a disk: what is to be done there is done later
                log.error("files_away", error=place_of(error), reason=error.strerror or "")
            self.stop.wait(every.polls * self.market.config.timing.poll)

    def _wake(self) -> None:
        """Whatever may be taken or sent is looked for now."""
        self.taking.ring()
        self.posting.ring()

    def _listen(self) -> None:
        """Wake the sender when something was said somewhere; polling covers what Redis loses."""
        client: Any = connect(str(self.market.config.redis.url), self.market.config.timing.poll)
        while not self.stop.is_set():
            try:
                with client.pubsub() as channel:
                    channel.subscribe(OUTBOX_BELL)
                    while not self.stop.is_set():
                        if channel.get_message(ignore_subscribe_messages=True, timeout=self.market.config.timing.poll):
                            self.posting.ring()
            except redis.RedisError:
                time.sleep(self.market.config.timing.poll)


def main() -> None:
    """Run a worker with the settings of this machine; what is missing is named, all at once."""
    give_back_soon()
    show_when_asked()
    try:
        market = build(load(), role="worker")
    except ConfigError as error:
        sys.exit(str(error))
    Worker(market).run()


if __name__ == "__main__":
    main()
