"""The phones: one Redis stream each, holding what was said, shown and ticked."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from redis import ConnectionPool, Redis

MOST_ENTRIES: Final = 500
KEPT: Final = 30 * 24 * 3600  # seconds a silent phone keeps its bubbles
KNOWN: Final = 24 * 3600  # seconds a repetition is recognised
ANSWER_TIME: Final = 3.0  # seconds above a blocking read's own wait

# One step, so that two equal requests at the same moment leave one bubble.
APPEND_ONCE: Final = """
local known = redis.call('get', KEYS[2])
if known then return {known, 0} end
local entry = redis.call('xadd', KEYS[1], 'MAXLEN', '~', ARGV[1], '*', 'event', ARGV[2])
redis.call('set', KEYS[2], entry, 'EX', ARGV[3])
redis.call('expire', KEYS[1], ARGV[4])
return {entry, 1}
"""


@dataclass(frozen=True)
class Entry:
    """One entry of a phone's stream: `id` is `<milliseconds>-<place>`, `event` what the page is told."""

    phone: str
    id: str
    event: Mapping[str, Any]

    @property
    def order(self) -> tuple[int, int]:
        """The place in time."""
        milliseconds, _, place = self.id.partition("-")
        return int(milliseconds), int(place)


@dataclass(frozen=True)
class Appended:
    """Where an event lies, and whether it came just now (False: it was a repetition)."""

    id: str
    is_new: bool


class Phones:
    """Every phone of the simulator; methods raise redis.RedisError when Redis is away."""

    def __init__(self, redis: Redis) -> None:
        self.redis = redis
        self._append_once = redis.register_script(APPEND_ONCE)

    def append_once(self, phone: str, key: str, event: Mapping[str, Any]) -> Appended:
        """Put an event at the end unless `key` was used already."""
        keys = [_stream(phone), f"simulator:known:{key}"]
        entry, is_new = self._append_once(keys, [MOST_ENTRIES, _dump(event), KNOWN, KEPT])
        return Appended(_text(entry), bool(is_new))

    def append(self, phone: str, event: Mapping[str, Any]) -> str:
        """Put an event at the end; returns the entry's id."""
        entry = self.redis.xadd(_stream(phone), {"event": _dump(event)}, maxlen=MOST_ENTRIES, approximate=True)
        return _text(entry)

    def tick(self, phone: str, message_id: str, status: str) -> None:
        """Tell the page what became of a message that was typed there."""
        self.append(phone, {"kind": "tick", "id": message_id, "status": status})

    def known(self, key: str) -> str | None:
        """The entry that was appended under this key."""
        found: Any = self.redis.get(f"simulator:known:{key}")
        return None if found is None else _text(found)

    def entry(self, phone: str, entry_id: str) -> Entry | None:
        """One entry of a phone."""
        return next(iter(_entries(phone, self.redis.xrange(_stream(phone), entry_id, entry_id))), None)

    def last(self, phone: str, count: int) -> list[Entry]:
        """The newest entries, oldest first."""
        return _entries(phone, self.redis.xrevrange(_stream(phone), count=count))[::-1]

    def following(self, wait: float) -> "Phones":
        """The same phones over connections of their own, whose time-out leaves room to wait so many seconds."""
        pool = self.redis.connection_pool
        patient = {**pool.connection_kwargs, "socket_timeout": wait + ANSWER_TIME}
        return Phones(Redis(connection_pool=ConnectionPool(pool.connection_class, **patient)))

    def after(self, cursors: Mapping[str, str], wait: float) -> list[Entry]:
        """What came after each phone's cursor, waiting up to `wait` seconds for the first, or not at all."""
        wanted: dict[Any, Any] = {_stream(phone): cursor for phone, cursor in cursors.items()}
        answer: Any = self.redis.xread(wanted, block=int(wait * 1000) or None)  # 0 would wait for ever
        pairs = answer.items() if isinstance(answer, dict) else answer or ()
        by_stream = {_stream(phone): phone for phone in cursors}
        found = [entry for name, rows in pairs for entry in _entries(by_stream[_text(name)], _flat(rows))]
        return sorted(found, key=lambda entry: entry.order)


def _stream(phone: str) -> str:
    return f"simulator:phone:{phone}"


def _dump(event: Mapping[str, Any]) -> str:
    return json.dumps(event, ensure_ascii=True)


def _text(value: Any) -> str:
    return value.decode() if isinstance(value, bytes) else str(value)


def _flat(rows: Sequence[Any]) -> Sequence[Any]:
    # RESP3 wraps a stream's entries in one more list
    return rows[0] if rows and isinstance(rows[0], list) else rows


def _entries(phone: str, rows: Any) -> list[Entry]:
    return [Entry(phone, _text(entry), json.loads(_event(fields))) for entry, fields in rows]


def _event(fields: Mapping[Any, Any]) -> str:
    return next(_text(value) for name, value in fields.items() if _text(name) == "event")
