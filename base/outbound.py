"""The only way out: every call has time-outs, a size limit, checked TLS, and says whether it can have been heard."""

import os
import re
import ssl
import time
from base64 import b64encode
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache, lru_cache
from typing import Any, Final, Self
from urllib.parse import urlencode, urljoin, urlsplit

import certifi
import requests
import urllib3
from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import HTTPError, LocationValueError
from urllib3.util import parse_url

from base.secret import Secret
from base.timing import Timing

MOST_BYTES: Final = 1_000_000
MOST_REDIRECTS: Final = 3
POOL_SIZE: Final = 256  # connections that are kept to a host: all accounts of a provider share them
CHUNK: Final = 65536
HTTPS_PORT: Final = 443
USER_AGENT: Final = "assigame"
# urllib3 ends a host at a backslash, where urlsplit reads on: a name with one would be two hosts
HOST: Final = re.compile(r"[a-z0-9.-]{1,253}")
USER: Final = re.compile(r"[@\\]")  # the same before a host: no provider puts a name there
SHIPPED: Final = Timing()

Auth = tuple[str, Secret]
Fields = Mapping[str, str | list[str]]


class OutboundError(Exception):
    """A call out failed; its text names the host and what happened, never the address or the body."""


class NotSent(OutboundError):
    """Certainly not heard: no name, no connection, no TLS. To send again is safe."""


class AnswerLost(OutboundError):
    """Perhaps heard: the request went out and no whole answer came.

    `status` is set when its first line did; `is_too_large` when more came than was asked for: another try brings the
    same.
    """

    def __init__(self, message: str, status: int | None = None, *, is_too_large: bool = False) -> None:
        super().__init__(message)
        self.status, self.is_too_large = status, is_too_large


class RedirectRefused(OutboundError):
    """The answer points to a host that was not allowed; nothing was sent there."""


class BadCertificate(OutboundError):
    """Who answers there cannot prove by his certificate who he is: it has expired, or is another's, or nobody's."""


@dataclass(frozen=True)
class Timeouts:
    """Seconds: to connect, between two reads, and for the whole answer; sends have those of the market's settings."""

    connect: float = SHIPPED.call_connect
    read: float = SHIPPED.call_read
    total: float = SHIPPED.call_most

    @classmethod
    def of(cls, timing: Timing) -> Self:
        """Those of a market's settings."""
        return cls(timing.call_connect, timing.call_read, timing.call_most)


@dataclass(frozen=True)
class Answer:
    """What came back; header names are in lower case. A 3xx of `call` is an answer like any other, never followed."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def text(self) -> str:
        """The body as UTF-8, what is not replaced."""
        return self.body.decode("utf-8", "replace")


class _NotConnected(HTTPError):
    """Raised while connecting, before the first byte of the request."""


class _Http(HTTPConnection):
    def connect(self) -> None:
        try:
            super().connect()
        except (HTTPError, OSError) as error:
            raise _NotConnected(type(error).__name__) from error


class _Https(HTTPSConnection):
    def connect(self) -> None:
        try:
            super().connect()
        except (HTTPError, OSError, ValueError) as error:  # a certificate for another name is a ValueError
            raise _NotConnected(type(error).__name__) from error


class _HttpPool(urllib3.HTTPConnectionPool):
    ConnectionCls = _Http


class _HttpsPool(urllib3.HTTPSConnectionPool):
    ConnectionCls = _Https


@cache
def _pool() -> urllib3.PoolManager:
    pool = urllib3.PoolManager(num_pools=16, maxsize=POOL_SIZE, cert_reqs="CERT_REQUIRED", ca_certs=_authorities())
    pool.pool_classes_by_scheme = {"http": _HttpPool, "https": _HttpsPool}
    return pool


class _Session(requests.Session):
    def get_redirect_target(self, resp: requests.Response) -> None:
        """None: else requests reads the body of a redirect without any limit, and an address that may be none."""


@cache
def _session() -> requests.Session:
    session = _Session()
    session.trust_env = False  # else a .netrc of this machine would add its passwords
    session.verify = _authorities()
    for scheme in ("http://", "https://"):
        session.mount(scheme, HTTPAdapter(max_retries=0, pool_maxsize=POOL_SIZE))
    return session


def _authorities() -> str:
    return os.environ.get("SSL_CERT_FILE") or certifi.where()


@lru_cache(maxsize=256)  # most calls go to the same few addresses
def _way(url: str) -> tuple[urllib3.HTTPConnectionPool, str]:
    """The pool of an address's host, and the rest of the address. Raises urllib3's LocationValueError."""
    parts = parse_url(url)
    return _pool().connection_from_host(parts.host, parts.port, parts.scheme), parts.request_uri


@lru_cache(maxsize=64)
def _limits_of(timeouts: Timeouts) -> urllib3.Timeout:
    return urllib3.Timeout(connect=timeouts.connect, read=timeouts.read)


def _forget_connections() -> None:
    _way.cache_clear()
    _pool.cache_clear()
    _session.cache_clear()


os.register_at_fork(after_in_child=_forget_connections)  # two processes must not speak on one socket


def call(
    method: str,
    url: str,
    *,
    headers: Mapping[str, str] | None = None,
    body: bytes | None = None,
    fields: Fields | None = None,
    auth: Auth | None = None,
    timeouts: Timeouts = Timeouts(),
    most_bytes: int = MOST_BYTES,
) -> Answer:
    """One call on the hot path (urllib3's pool, 0.15 ms of CPU); never retried, no redirect is followed.

    `fields` are sent as a form, `body` as it is. Raises NotSent and AnswerLost: the difference decides about resending.
    """
    sent_headers = _headers(headers, auth)
    if fields is not None:
        body = urlencode(fields, doseq=True).encode()
        sent_headers["Content-Type"] = "application/x-www-form-urlencoded"
    host = urlsplit(url).hostname or "no host"
    deadline = time.monotonic() + timeouts.total
    try:
        pool, path = _way(url)
        response = pool.urlopen(
            method,
            path,
            body=body,
            headers=sent_headers,
            timeout=_limits_of(timeouts),
            retries=False,
            redirect=False,
            assert_same_host=False,  # this is its host's pool
            preload_content=False,
        )
    except (_NotConnected, LocationValueError) as error:
        raise NotSent(f"{host}: not connected ({error.__cause__.__class__.__name__})") from error
    except (HTTPError, OSError) as error:
        raise AnswerLost(f"{host}: no answer ({type(error).__name__})") from error
    return _whole(response, host, deadline, most_bytes)


def _headers(headers: Mapping[str, str] | None, auth: Auth | None) -> dict[str, str]:
    sent = {"User-Agent": USER_AGENT, **(headers or {})}
    if auth:
        name, secret = auth
        sent["Authorization"] = "Basic " + b64encode(f"{name}:{secret.reveal()}".encode()).decode()
    return sent


def _whole(response: urllib3.BaseHTTPResponse, host: str, deadline: float, most_bytes: int) -> Answer:
    body = bytearray()
    try:
        while chunk := response.read1(CHUNK, decode_content=True):
            body += chunk
            if len(body) > most_bytes or time.monotonic() > deadline:
                is_too_large = len(body) > most_bytes
                why = "too long" if is_too_large else "too slow"
                raise AnswerLost(f"{host}: the answer is {why}", response.status, is_too_large=is_too_large)
    except (HTTPError, OSError) as error:
        raise AnswerLost(f"{host}: answer cut short ({type(error).__name__})", response.status) from error
    except AnswerLost:
        response.close()  # what is unread must not be taken for the next answer
        raise
    response.release_conn()
    return Answer(response.status, {name.lower(): value for name, value in response.headers.items()}, bytes(body))


def fetch(
    url: str,
    *,
    headers: Mapping[str, str] | None = None,
    auth: Auth | None = None,
    timeouts: Timeouts = Timeouts(),
    most_bytes: int = MOST_BYTES,
    redirects_to: tuple[str, ...] = (),
) -> Answer:
    """GET a file through requests, following redirects to the same host or one of `redirects_to` (`.x.y`: all below).

    Credentials and headers stay with the first host. Raises NotSent, AnswerLost, RedirectRefused.
    """
    deadline = time.monotonic() + timeouts.total
    first = urlsplit(url).netloc
    sent = _headers(headers, auth)
    for _ in range(MOST_REDIRECTS + 1):
        answer = _get(
            url, sent if urlsplit(url).netloc == first else {"User-Agent": USER_AGENT}, timeouts, deadline, most_bytes
        )
        target = answer.headers.get("location") if 300 <= answer.status < 400 else None
        if target is None:
            return answer
        url = _next(url, target, first, redirects_to)
    raise RedirectRefused(f"{urlsplit(url).hostname}: more than {MOST_REDIRECTS} redirects")


def certificate_ends(url: str, timeouts: Timeouts = Timeouts()) -> datetime:
    """Until when the certificate is good that an https address shows. Raises BadCertificate, and NotSent."""
    host = urlsplit(url).hostname or ""
    connection = HTTPSConnection(
        host,
        urlsplit(url).port or HTTPS_PORT,
        timeout=timeouts.connect,
        cert_reqs="CERT_REQUIRED",
        ca_certs=_authorities(),
    )
    try:
        connection.connect()
        socket: Any = connection.sock  # one of TLS, once it is connected
        ends = socket.getpeercert()["notAfter"]
    except ssl.SSLCertVerificationError as error:
        raise BadCertificate(f"{host}: {error.verify_message}") from error
    except (HTTPError, OSError, ValueError) as error:  # a name that no resolver takes is a ValueError
        raise NotSent(f"{host}: not connected ({type(error).__name__})") from error
    finally:
        connection.close()
    return datetime.fromtimestamp(ssl.cert_time_to_seconds(ends), UTC)


def is_named(host: str, names: Iterable[str]) -> bool:
    """Whether a host (in small letters) is one of these, or below one that begins with a dot."""
    is_one = any(host == name or (name.startswith(".") and host.endswith(name)) for name in names)
    return is_one and HOST.fullmatch(host) is not None


def _next(url: str, target: str, first: str, allowed: tuple[str, ...]) -> str:
    try:
        there = urlsplit(urljoin(url, target))
    except ValueError as error:
        raise RedirectRefused(f"{urlsplit(url).hostname}: redirect to no address refused") from error
    host = there.hostname or ""
    is_allowed = is_named(host, allowed) and not USER.search(there.netloc)
    downgraded = urlsplit(url).scheme == "https" and there.scheme != "https"
    if downgraded or not (there.netloc == first or is_allowed):
        raise RedirectRefused(f"{urlsplit(url).hostname}: redirect to {host or 'no host'} refused")
    return there.geturl()


def _get(url: str, headers: dict[str, str], timeouts: Timeouts, deadline: float, most_bytes: int) -> Answer:
    host = urlsplit(url).hostname or "no host"
    try:
        response = _session().get(
            url, headers=headers, timeout=(timeouts.connect, timeouts.read), allow_redirects=False, stream=True
        )
    except (requests.exceptions.ReadTimeout, requests.exceptions.ChunkedEncodingError) as error:
        raise AnswerLost(f"{host}: no answer ({type(error).__name__})") from error
    except requests.exceptions.RequestException as error:  # a GET changes nothing: asking again is safe
        raise NotSent(f"{host}: not connected ({type(error).__name__})") from error
    with response:
        return _whole(response.raw, host, deadline, most_bytes)
