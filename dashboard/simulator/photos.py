"""Photos that people send from the page: kept a day in Redis, where the market fetches them."""

import re
import secrets
from typing import Any, Final

from redis import Redis

MOST_BYTES: Final = 1_500_000
KEPT: Final = 24 * 3600  # seconds
NAME: Final = re.compile(r"[A-Za-z0-9_-]{22}")
# How a JPEG begins; the page makes one of whatever was chosen.
OPENING: Final = b"\xff\xd8\xff"


class Photos:
    """The store; methods raise redis.RedisError when Redis is away."""

    def __init__(self, redis: Redis, local_url: str) -> None:
        self.redis = redis
        self.local_url = local_url

    def keep(self, content: bytes) -> str | None:
        """The name of a kept photo; None when these bytes are no JPEG, or too many."""
        if len(content) > MOST_BYTES or not content.startswith(OPENING):
            return None
        name = secrets.token_urlsafe(16)
        self.redis.set(_key(name), content, ex=KEPT)
        return name

    def find(self, name: str) -> bytes | None:
        """A kept photo."""
        content: Any = self.redis.get(_key(name)) if NAME.fullmatch(name) else None
        return content if isinstance(content, bytes) else None

    def address(self, name: str) -> str:
        """Where the market fetches it."""
        return f"{self.local_url}/simulator/photos/{name}"


def _key(name: str) -> str:
    return f"simulator:photo:{name}"
