"""Sessions: a copy in Redis for speed, the truth in the conversation's row; Redis gone is slower, never wrong.

A process keeps what it has just written for a while too: who goes on with a chat then asks Redis for nothing. So what
is written waits a moment for more, and goes to Redis in one call. Whatever copy is found counts only with the revision
that the row has.
"""

import threading
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, TypeVar

import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from base import compiled_json
from base.db import Db
from base.log import logger

KEY = "session:"
OUTBOX_BELL = "assigame:outbox"
CROWDED = "assigame:crowded"  # stands while a door is full of webhooks
CROWDED_LASTS = 300  # milliseconds
PROBE = "assigame:probe"  # is written to see whether Redis takes it
PROBE_LASTS = 1000  # milliseconds
BATCH = 1000
MOST_OWN = 512  # chats whose sessions a process keeps, a kilobyte or two each
OWN_LASTS = 300.0  # seconds
GATHERS = 0.3  # seconds that what was written waits for more: each turn by itself would be a call to Redis
log = logger(__name__)
T = TypeVar("T")


@dataclass(frozen=True)
class Held:
    """A conversation's document with the revision it belongs to."""

    conversation_id: int
    revision: int
    document: Mapping[str, Any]


@dataclass
class Breaker:
    """After a failure Redis is left alone for `rest` seconds (process time)."""

    rest: float = 1.0
    closed_until: float = field(default=0.0)

    def is_open(self) -> bool:
        """Whether Redis may be asked now."""
        return time.monotonic() >= self.closed_until

    def trip(self) -> None:
        """Leave it alone for a while."""
        self.closed_until = time.monotonic() + self.rest


@dataclass
class Own:
    """The sessions that this process has written last, `most` at most; as one comes, those that are too old go."""

    most: int = MOST_OWN
    _lock: threading.Lock = field(default_factory=threading.Lock, init=False, repr=False)
    # the oldest first, each with its moment (process time)
    _texts: dict[int, tuple[float, str]] = field(default_factory=dict, init=False, repr=False)

    def keep(self, conversation_id: int, text: str) -> None:
        """In the place of what was kept of this chat."""
        now = time.monotonic()
        with self._lock:
            self._texts.pop(conversation_id, None)
            self._texts[conversation_id] = (now, text)
            while self._texts:
                oldest, (at, _) = next(iter(self._texts.items()))
                if len(self._texts) <= self.most and now - at <= OWN_LASTS:
                    return
                del self._texts[oldest]

    def text(self, conversation_id: int) -> str | None:
        """What is kept of it, unless it is too old."""
        at, text = self._texts.get(conversation_id, (0.0, None))
        return text if time.monotonic() - at <= OWN_LASTS else None

    def drop(self, conversation_ids: Iterable[int]) -> None:
        """Keep nothing of these chats."""
        with self._lock:
            for conversation in conversation_ids:
                self._texts.pop(conversation, None)

    def forget(self) -> None:
        """Keep nothing."""
        with self._lock:
            self._texts.clear()


@dataclass
class Unstored:
    """The sessions that Redis does not have yet; the lock is held while it is given them, and while they are dropped.

    They are due GATHERS after the first of them.
    """

    lock: threading.Lock = field(default_factory=threading.Lock, init=False, repr=False)
    texts: dict[int, str] = field(default_factory=dict, init=False, repr=False)
    due_at: float = float("inf")  # process time

    def add(self, texts: Mapping[int, str]) -> None:
        """Each in the place of what its chat had."""
        if texts:
            self.due_at = min(self.due_at, time.monotonic() + GATHERS)
            self.texts |= texts

    def taken(self) -> Mapping[int, str]:
        """All of them, and begin anew."""
        texts = self.texts
        self.forget()
        return texts

    def drop(self, conversation_ids: Iterable[int]) -> None:
        """Those of these chats go nowhere."""
        for conversation in conversation_ids:
            self.texts.pop(conversation, None)

    def forget(self) -> None:
        """None goes anywhere."""
        self.texts, self.due_at = {}, float("inf")


@dataclass(frozen=True)
class Sessions:
    """Reads documents for a batch with one MGET at most, writes those of many turns with one pipeline."""

    client: "redis.Redis"
    seconds: int  # cache life; it means nothing to the person
    breaker: Breaker = field(default_factory=Breaker)
    own: Own = field(default_factory=Own)
    unstored: Unstored = field(default_factory=Unstored)

    def read(self, db: Db, wanted: Mapping[int, int]) -> dict[int, Mapping[str, Any]]:
        """conversation id -> document, for conversation id -> revision.

        What this process has not written itself comes from Redis, what Redis lacks from PostgreSQL.
        """
        found = _right({conversation: self.own.text(conversation) for conversation in wanted}, wanted)
        if len(found) < len(wanted):
            found |= self._cached({one: revision for one, revision in wanted.items() if one not in found})
        missing = [conversation for conversation in wanted if conversation not in found]
        if missing:
            rows = db.rows("select id, document from conversation where id = any(%(ids)s)", ids=missing)
            found |= {row.id: row.document for row in rows}
        return found

    def _cached(self, wanted: Mapping[int, int]) -> dict[int, Mapping[str, Any]]:
        ids = list(wanted)
        raw: list[Any] = self._try(lambda: list(self.client.mget([f"{KEY}{i}" for i in ids])), [])
        return _right(dict(zip(ids, raw, strict=False)), wanted)

    def write(self, saved: Iterable[Held], *, ring: bool) -> None:
        """After the commit: keep the documents; Redis has them in a moment (`store`), or now where the bell is rung.

        A failure, or a death before that, costs a read later.
        """
        texts = {held.conversation_id: _text(held) for held in saved}
        for conversation, text in texts.items():
            self.own.keep(conversation, text)
        with self.unstored.lock:
            self.unstored.add(texts)
        if ring:
            self.store(ring=True)

    @property
    def due_at(self) -> float:
        """Process time at which Redis is to have what was written; never, where there is nothing."""
        return self.unstored.due_at

    def store(self, *, ring: bool = False) -> None:
        """Give Redis what it does not have yet, and wake whoever sends, in one call."""
        with self.unstored.lock:
            texts = self.unstored.taken()

            def all_at_once() -> None:
                pipeline = self.client.pipeline(transaction=False)
                for conversation, text in texts.items():
                    pipeline.set(f"{KEY}{conversation}", text, ex=self.seconds)
                if ring:
                    pipeline.publish(OUTBOX_BELL, "1")
                pipeline.execute()

            if texts or ring:
                self._try(all_at_once, None)

    def are_kept(self) -> bool:
        """Whether Redis takes what it is told now: one that is full, or only reads, answers and does not."""
        return self._try(lambda: bool(self.client.set(PROBE, "1", px=PROBE_LASTS)), False)

    def say_crowded(self) -> None:
        """A door is full of webhooks: announcements give way (bot/buckets.py)."""
        self._try(lambda: self.client.set(CROWDED, "1", px=CROWDED_LASTS), None)

    def drop(self, conversation_ids: Sequence[int]) -> bool:
        """Drop the cached sessions of these conversations; False when Redis is away.

        What other processes keep of them is of no revision any more, and goes with their first turn when it is too old.
        """
        self.own.drop(conversation_ids)

        def these() -> bool:
            self.client.unlink(*(f"{KEY}{conversation}" for conversation in conversation_ids))
            return True

        with self.unstored.lock:
            self.unstored.drop(conversation_ids)
            return self._try(these, False) if conversation_ids else True

    def forget(self) -> bool:
        """Drop every cached session and nothing else; False when Redis is away."""
        self.own.forget()

        def all_of_them() -> bool:
            keys = self.client.scan_iter(match=f"{KEY}*", count=BATCH)
            while batch := list(islice(keys, BATCH)):
                self.client.unlink(*batch)
            return True

        with self.unstored.lock:
            self.unstored.forget()
            return self._try(all_of_them, False)

    def _try(self, call: Callable[[], T], otherwise: T) -> T:
        if not self.breaker.is_open():
            return otherwise
        try:
            return call()
        except (redis.RedisError, UnicodeDecodeError) as error:
            self.breaker.trip()
            log.warning("redis_away", error=type(error).__name__)
            return otherwise


def _text(held: Held) -> str:
    return compiled_json.dumps({"revision": held.revision, "document": held.document})


def _right(texts: Mapping[int, str | None], wanted: Mapping[int, int]) -> dict[int, Mapping[str, Any]]:
    """The documents of cached texts that are of the revision wanted."""
    read = {conversation: document_in(text, wanted[conversation]) for conversation, text in texts.items()}
    return {conversation: document for conversation, document in read.items() if document is not None}


def document_in(text: str | None, revision: int) -> Mapping[str, Any] | None:
    """The document of a cached text when it is of this revision; whatever else stands there counts as nothing."""
    try:
        held = compiled_json.loads(text or "null")
    except (ValueError, RecursionError):
        return None
    is_right = isinstance(held, dict) and held.get("revision") == revision and isinstance(held.get("document"), dict)
    return held["document"] if is_right else None


def connect(url: str, timeout: float) -> "redis.Redis":
    """A client whose every call gives up after `timeout` seconds."""
    return redis.Redis.from_url(
        url,
        socket_timeout=timeout,
        socket_connect_timeout=timeout,
        decode_responses=True,
        retry=Retry(NoBackoff(), 0),  # the client would try ten times by itself; the breaker decides here
    )
