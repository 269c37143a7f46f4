"""Carries what the phones do to the market's webhook: one thread, a bounded queue, signed bodies, a few retries."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from queue import Empty, Full, Queue
from threading import Event, Lock, Thread
from typing import Any, Final, Literal

from redis import RedisError

from base import outbound
from base.log import logger
from base.outbound import AnswerLost, NotSent
from base.secret import Secret
from dashboard.simulator.signing import HEADER, signature_of

log = logger(__name__)

MOST_WAITING: Final = 2000
MOST_TOGETHER: Final = 100
WAITS: Final = (0.3, 1.0, 3.0, 10.0)  # seconds before each new try

Tick = Callable[[str, str, str], None]


@dataclass(frozen=True)
class Parcel:
    """One message of a person or one report about a bubble, as the webhook's JSON has it."""

    kind: Literal["messages", "reports"]
    phone: str
    content: Mapping[str, Any]


class Postman:
    """Delivers in order; `tick(phone, message id, status)` hears what became of each message."""

    def __init__(self, url: str, secret: Secret, tick: Tick, waits: Sequence[float] = WAITS) -> None:
        self.url = url
        self.secret = secret
        self.tick = tick
        self.waits = tuple(waits)
        self.waiting: Queue[Parcel | None] = Queue(MOST_WAITING)  # None: look whether it is over
        self._starting = Lock()
        self._thread: Thread | None = None
        self._is_over = Event()

    def post(self, parcel: Parcel) -> bool:
        """Take a parcel; False when too many wait."""
        try:
            self.waiting.put_nowait(parcel)
        except Full:
            log.warning("the simulator's queue is full", kind=parcel.kind)
            return False
        self._start()
        return True

    def close(self) -> None:
        """End the thread after what it carries now; what still waits is dropped."""
        self._is_over.set()
        with suppress(Full):
            self.waiting.put_nowait(None)
        if self._thread is not None:
            self._thread.join()

    def _start(self) -> None:
        # at the first parcel, in the process that serves: a thread doesn't outlive a fork
        with self._starting:
            if self._thread is None:
                self._thread = Thread(target=self._work, name="simulator-postman", daemon=True)
                self._thread.start()

    def _work(self) -> None:
        while not self._is_over.is_set():
            first = self.waiting.get()
            if first is not None:
                self.carry([first, *self._others()])

    def _others(self) -> Iterator[Parcel]:
        with suppress(Empty):
            for _ in range(MOST_TOGETHER - 1):
                parcel = self.waiting.get_nowait()
                if parcel is not None:
                    yield parcel

    def carry(self, parcels: Sequence[Parcel]) -> None:
        """Post these in one body, trying again while the market is away, then tick the messages."""
        body = _body(parcels)
        status = self._try(body)
        for wait in self.waits:
            if status < 500 or self._is_over.wait(wait):
                break
            status = self._try(body)
        if status >= 300:
            log.warning("the market did not take a webhook", status=status, count=len(parcels))
        self._tell(parcels, "delivered" if status < 300 else "failed")

    def _try(self, body: bytes) -> int:
        headers = {"Content-Type": "application/json", HEADER: signature_of(self.secret, body)}
        try:
            return outbound.call("POST", self.url, headers=headers, body=body).status
        except (NotSent, AnswerLost):
            return 599  # the market knows a repetition by its message id, so a lost answer is tried again too

    def _tell(self, parcels: Sequence[Parcel], status: str) -> None:
        try:
            for parcel in parcels:
                if parcel.kind == "messages":
                    self.tick(parcel.phone, str(parcel.content["id"]), status)
        except RedisError as error:
            log.warning("ticks are lost: redis is away", error=type(error).__name__)


def _body(parcels: Sequence[Parcel]) -> bytes:
    content = {kind: [parcel.content for parcel in parcels if parcel.kind == kind] for kind in ("messages", "reports")}
    return json.dumps(content).encode("ascii")
