"""How Twilio calls a webhook: its time limits, which failures it tries again, its fallback address and its error log.

The rules are those of Twilio's page on connection overrides (channels.md §1.8), told by an address's own fragment. The
page names no pause between two tries, so there is none here.
"""

import itertools
import time
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlsplit

import urllib3
from urllib3.exceptions import ConnectTimeoutError, HTTPError, NewConnectionError

from tests.fakes.twilio_phone import Phones

RANGES = {"ct": (100, 10_000), "rt": (100, 15_000), "tt": (100, 15_000), "rc": (0, 5)}  # milliseconds; times
FAILURES = ("4xx", "5xx", "ct", "rt")
NO_ANSWER, BAD_ANSWER = 11205, 11200  # HTTP connection failure, HTTP retrieval failure


@dataclass(frozen=True)
class Overrides:
    """Milliseconds to connect, between two parts of an answer, and for all tries; how many retries, and after what."""

    ct: int = 5000
    rt: int = 15_000
    tt: int = 15_000
    rc: int = 1
    rp: tuple = ("ct",)


@dataclass(frozen=True)
class Call:
    """One try: the address without its fragment, the header that all tries of an event share, the status (0: none),
    the failure (empty: taken)."""

    url: str
    token: str
    status: int
    failure: str


@dataclass(frozen=True)
class Logged:
    """A line of the console's error log: Twilio's code, the address without its fragment, the status (0: none)."""

    code: int
    url: str
    status: int


def overrides_of(url):
    """What an address's fragment says; raises ValueError on what Twilio has not."""
    told = dict(parse_qsl(urlsplit(url).fragment))
    policy = tuple(told.pop("rp", "ct").split(","))
    numbers = {name: int(value) for name, value in told.items()}
    for name, value in numbers.items():
        least, most = RANGES.get(name, (1, 0))
        if not least <= value <= most:
            raise ValueError(f"{name}={value}")
    policy = FAILURES if policy == ("all",) else policy
    if not set(policy) <= set(FAILURES):
        raise ValueError(f"rp={policy}")
    return Overrides(**numbers, rp=policy)


def call(http, inbound, door, token, clock=time.monotonic):
    """Post a signed form until it is taken or Twilio gives up; the tries. `door()` is where each of them goes."""
    limits = overrides_of(inbound.url)
    end = clock() + limits.tt / 1000
    tries = []
    while len(tries) <= limits.rc and (left := end - clock()) > 0:
        tries.append(_try(http, inbound, door(), limits, left, token))
        if tries[-1].failure not in limits.rp:
            break
    return tries


def log_of(last):
    """What Twilio writes down when the last try of an address was not taken."""
    return Logged(BAD_ANSWER if last.status else NO_ANSWER, last.url, last.status)


def _try(http, inbound, web, limits, left, token):
    parts = urlsplit(inbound.url)
    url = web + parts.path + (f"?{parts.query}" if parts.query else "")
    timeout = urllib3.Timeout(connect=min(limits.ct / 1000, left), read=min(limits.rt / 1000, left))
    headers = {**inbound.headers, "I-Twilio-Idempotency-Token": token}
    status = 0
    try:
        status = http.request("POST", url, body=inbound.body, headers=headers, timeout=timeout, redirect=False).status
        failure = "" if 200 <= status < 300 else f"{status // 100}xx"
    except (NewConnectionError, ConnectTimeoutError):
        failure = "ct"
    except HTTPError:  # a line that breaks counts as an answer that does not come
        failure = "rt"
    return Call(inbound.url.partition("#")[0], token, status, failure)


class Caller(Phones):
    """Phones whose forms are brought to the program; `web` is where it listens, asked for at each try."""

    def __init__(self, *phones):
        super().__init__(*phones)
        # where messages go that the webhook has not taken: (the address, with its fragment, the door behind it)
        self.fallback = None
        self.calls, self.errors = [], []  # every try of every webhook; the console's error log
        self._tokens = itertools.count(1)
        self._http = urllib3.PoolManager(maxsize=256, retries=False)

    def deliver(self, inbound):
        """Call a webhook as Twilio does; the HTTP status of the last answer, 0 for none.

        A message that its webhook has not taken is brought to the fallback address; a report has none.
        """
        last = self._call(inbound, lambda: self.web)
        if last.failure and self.fallback and inbound.url == self.webhook_url:
            url, web = self.fallback
            logged = log_of(last)
            told = {"ErrorCode": str(logged.code), "ErrorUrl": logged.url}
            fields = dict(parse_qsl(inbound.body.decode(), keep_blank_values=True))
            last = self._call(self.sign(url, fields | told), lambda: web)
        return last.status

    def _call(self, inbound, door):
        tries = call(self._http, inbound, door, f"token{next(self._tokens)}")
        self.calls += tries
        if tries[-1].failure:
            self.errors.append(log_of(tries[-1]))
        return tries[-1]
