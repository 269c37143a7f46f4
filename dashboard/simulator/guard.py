"""Who may post to the page: only the page itself, by its origin and a token bound to its cookie."""

import hashlib
import hmac
import secrets
from typing import Final
from urllib.parse import urlsplit

from flask import Request, Response

from base.secret import Secret, constant_time_equal

COOKIE: Final = "simulator"
HEADER: Final = "X-Simulator-Token"


class Guard:
    """Makes and checks the page's tokens."""

    def __init__(self, key: Secret) -> None:
        self.key = key

    def visitor(self, request: Request) -> str:
        """The browser's own random word, a new one on its first visit."""
        return request.cookies.get(COOKIE) or secrets.token_urlsafe(18)

    def remember(self, response: Response, visitor: str, *, is_secure: bool) -> None:
        """Leave the word in a cookie that no script and no other site can use."""
        response.set_cookie(COOKIE, visitor, path="/simulator", httponly=True, samesite="Strict", secure=is_secure)

    def token(self, visitor: str) -> str:
        """What the page sends back with every post."""
        return _token(self.key, visitor)

    def allows(self, request: Request) -> bool:
        """Whether a post comes from our own page."""
        visitor = request.cookies.get(COOKIE, "")
        told = request.headers.get(HEADER, "")
        is_ours = True in [constant_time_equal(_token(key, visitor), told) for key in self.key.believed]
        return bool(visitor) and _is_same_origin(request) and is_ours


def _token(key: Secret, visitor: str) -> str:
    text = f"simulator:{visitor}".encode("utf-8", "replace")
    return hmac.new(key.reveal().encode(), text, hashlib.sha256).hexdigest()


def _is_same_origin(request: Request) -> bool:
    # browsers set Sec-Fetch-Site themselves, and it outlives a proxy that rewrites Host; older ones send Origin only
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site == "same-origin"
    origin = request.headers.get("Origin")
    try:
        return origin is not None and urlsplit(origin).netloc == request.host
    except ValueError:  # an address that is none
        return False
