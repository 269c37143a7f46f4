"""One server-sent-events stream for all phones of a page: first what they hold, then what comes."""

import json
import re
import time
from collections.abc import Generator, Iterator, Sequence
from contextlib import suppress
from threading import BoundedSemaphore
from typing import Final

from redis import RedisError

from dashboard.simulator.phones import Entry, Phones
from dashboard.simulator.provider import id_of

LIFETIME: Final = 300.0  # seconds; the browser comes back with Last-Event-ID
BEAT: Final = 5.0  # seconds between signs of life, by which a gone browser is noticed
PAST: Final = 120  # entries shown on opening
MOST_STREAMS: Final = 32  # each holds a thread
NOTHING: Final = "0-0"
CURSOR: Final = re.compile(r"[0-9]{1,15}-[0-9]{1,10}")

OPEN_STREAMS: Final = BoundedSemaphore(MOST_STREAMS)


def read_cursors(numbers: Sequence[str], text: str) -> dict[str, str]:
    """`<id>,<id>` in the order of the phones, as the stream's own event ids have it; else {} (all from the start)."""
    ids = text.split(",")
    if len(ids) != len(numbers) or not all(map(CURSOR.fullmatch, ids)):
        return {}
    return dict(zip(numbers, ids, strict=True))


def open_stream(phones: Phones, numbers: Sequence[str], cursors: dict[str, str]) -> Iterator[str] | None:
    """The stream's text; None when as many are open as this process can carry."""
    if not OPEN_STREAMS.acquire(blocking=False):
        return None
    return Stream(_told(phones.following(BEAT), numbers, cursors))


class Stream:
    """Gives its place back when the server closes it, even if it was never read."""

    def __init__(self, pieces: Generator[str, None, None]) -> None:
        self._pieces = pieces
        self._is_open = True

    def __iter__(self) -> "Stream":
        return self

    def __next__(self) -> str:
        return next(self._pieces)

    def close(self) -> None:
        """Called by the WSGI server at the end or when the browser has gone."""
        if not self._is_open:
            return
        self._is_open = False
        OPEN_STREAMS.release()
        with suppress(ValueError):  # it is being read at this moment; its reader ends it
            self._pieces.close()


def _told(phones: Phones, numbers: Sequence[str], cursors: dict[str, str]) -> Generator[str, None, None]:
    try:
        if not cursors:
            cursors = dict.fromkeys(numbers, NOTHING)
            yield from _past(phones, cursors)
        yield _piece("ready", cursors, {})
        yield from _coming(phones, cursors)
    except RedisError:
        yield "retry: 3000\n\n"  # Redis is away: the browser asks again, from where it was
    finally:
        phones.redis.connection_pool.disconnect()


def _past(phones: Phones, cursors: dict[str, str]) -> Iterator[str]:
    for number in cursors:
        for entry in phones.last(number, PAST):
            yield _told_entry("past", cursors, entry)


def _coming(phones: Phones, cursors: dict[str, str]) -> Iterator[str]:
    end = time.monotonic() + LIFETIME
    while time.monotonic() < end:
        entries = phones.after(cursors, BEAT)
        for entry in entries:
            yield _told_entry("now", cursors, entry)
        if not entries:
            yield ": beat\n\n"


def _told_entry(name: str, cursors: dict[str, str], entry: Entry) -> str:
    cursors[entry.phone] = entry.id
    event = dict(entry.event)
    if event["kind"] == "bubble":
        event["id"] = id_of(event.pop("outbox_id"), entry.id)
    return _piece(name, cursors, {**event, "phone": entry.phone, "at": entry.order[0]})


def _piece(name: str, cursors: dict[str, str], data: object) -> str:
    return f"id: {','.join(cursors.values())}\nevent: {name}\ndata: {json.dumps(data)}\n\n"
