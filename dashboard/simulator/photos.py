"""Files that people send from the page: kept a day in Redis, where the market fetches them."""

import re
import secrets
from typing import Any, Final

from redis import Redis

from base.sheets import sniffing

MOST_BYTES: Final = 1_500_000
KEPT: Final = 24 * 3600  # seconds
NAME: Final = re.compile(r"[A-Za-z0-9_-]{22}")
# How what a page can send begins: its type, its first bytes, and what stands at a place behind them.
OPENINGS: Final = (
    ("image/jpeg", b"\xff\xd8\xff", 0, b""),
    ("image/png", b"\x89PNG", 0, b""),
    ("image/webp", b"RIFF", 8, b"WEBP"),
    ("audio/ogg", b"OggS", 0, b""),
    ("audio/wav", b"RIFF", 8, b"WAVE"),
    ("audio/mpeg", b"ID3", 0, b""),
    ("audio/mp4", b"", 4, b"ftypM4A"),
    ("video/mp4", b"", 4, b"ftyp"),
    ("video/webm", b"\x1a\x45\xdf\xa3", 0, b""),
    ("application/pdf", b"%PDF-", 0, b""),
    ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", sniffing.ARCHIVE, 0, b""),
)


class Photos:
    """The store; methods raise redis.RedisError when Redis is away."""

    def __init__(self, redis: Redis, local_url: str) -> None:
        self.redis = redis
        self.local_url = local_url

    def keep(self, content: bytes) -> str | None:
        """The name of a kept file; None when these bytes are of no type that is known here, or too many."""
        if len(content) > MOST_BYTES or not mime_of(content):
            return None
        name = secrets.token_urlsafe(16)
        self.redis.set(_key(name), content, ex=KEPT)
        return name

    def find(self, name: str) -> bytes | None:
        """A kept file."""
        content: Any = self.redis.get(_key(name)) if NAME.fullmatch(name) else None
        return content if isinstance(content, bytes) else None

    def address(self, name: str) -> str:
        """Where the market fetches it."""
        return f"{self.local_url}/simulator/photos/{name}"


def mime_of(content: bytes) -> str:
    """The type of these bytes by how they begin, '' for any other."""
    found = (mime for mime, first, at, mark in OPENINGS if content.startswith(first) and content[at:].startswith(mark))
    return next(found, "text/csv" if content and sniffing.is_text(content) else "")


def _key(name: str) -> str:
    return f"simulator:photo:{name}"
