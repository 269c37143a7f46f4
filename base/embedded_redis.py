"""A Redis of our own: started, found and stopped on a Unix socket."""

import shutil
import time
from contextlib import suppress
from typing import Final
from urllib.parse import quote

from redis import Redis
from redis.backoff import NoBackoff
from redis.exceptions import BusyLoadingError, ConnectionError, RedisError, ResponseError, TimeoutError
from redis.retry import Retry

from base.embedded_place import EmbeddedError, Place

START_SECONDS: Final = 60
SOCKET_SECONDS: Final = 4  # a server that has no socket by then has ended
STOP_SECONDS: Final = 30  # a slow disk takes as long to have all of the log
AOF_FOLDER: Final = "appendonlydir"

SETTINGS: Final = """\
# Written at every start.
port 0
unixsocket "{sockets}/redis.sock"
unixsocketperm 700
daemonize yes
logfile server.log
appendonly yes
appendfsync everysec
save ""
maxmemory-policy noeviction
"""


def start_redis(place: Place) -> bool:
    """Start it unless it runs; True when it was started.

    A log that this Redis cannot read is put aside and it starts empty: nothing that is promised lives there only.
    """
    if is_redis_running(place) and _wait_until_ready(place) != "none":
        return False
    for folder in (place.redis_data, place.sockets):
        place.make_folder(folder)
    place.write(place.redis_data / "redis.conf", SETTINGS.format(sockets=place.sockets))
    (place.sockets / "redis.sock").unlink(missing_ok=True)
    if _start(place) == "none":
        _put_log_aside(place)
        if _start(place) == "none":
            raise EmbeddedError(f"redis-server does not start; see {place.redis_data / 'server.log'}")
    return True


def stop_redis(place: Place) -> None:
    """Stop it; its log of commands is written to disk first. Nothing to do when it does not run."""
    if not is_redis_running(place):
        return
    with _client(place) as client, suppress(RedisError):  # its last write may take longer than an answer
        client.shutdown(nosave=True)  # the append-only file is flushed and synced all the same
    _wait_until_gone(place)


def redis_url(place: Place, number: int = 0) -> str:
    """The address in redis-py's form, of one of its 16 numbered databases."""
    return f"unix://{quote(str(place.sockets), safe='/')}/redis.sock?db={number}"


def is_redis_running(place: Place) -> bool:
    """Whether a Redis answers on its socket, loads its data, or is too busy to answer."""
    return _answer(place) != "none"


def _client(place: Place) -> Redis:
    return Redis(
        unix_socket_path=str(place.sockets / "redis.sock"),
        socket_timeout=2,
        socket_connect_timeout=2,
        retry=Retry(NoBackoff(), 0),  # whether it answers is the question: redis-py's own ten tries take seconds
    )


def _answer(place: Place) -> str:
    with _client(place) as client:
        try:
            client.ping()
        except BusyLoadingError:
            return "loading"
        except TimeoutError:
            return "busy"
        except ResponseError:  # its disk is full, and it takes nothing more: the market goes on without
            return "ready"
        except ConnectionError:
            return "none"
    return "ready"


def _start(place: Place) -> str:
    place.run(place.redis_server, "redis.conf", cwd=place.redis_data)
    return _wait_until_ready(place)


def _wait_until_ready(place: Place) -> str:
    """What it answers at last: `none` when it has ended; one that still loads is left to it, with its log."""
    deadline = time.monotonic() + START_SECONDS
    silent_since = time.monotonic()
    while (answer := _answer(place)) != "ready" and time.monotonic() < deadline:
        if answer != "none":
            silent_since = time.monotonic()
        elif time.monotonic() - silent_since > SOCKET_SECONDS:
            break
        time.sleep(0.02)
    return answer


def _put_log_aside(place: Place) -> None:
    for name in (AOF_FOLDER, "appendonly.aof"):  # a folder since Redis 7, a file before
        aside = place.redis_data / f"{name}.unreadable"
        shutil.rmtree(aside, ignore_errors=True)
        with suppress(FileNotFoundError):
            (place.redis_data / name).rename(aside)


def _wait_until_gone(place: Place) -> None:
    deadline = time.monotonic() + STOP_SECONDS
    while _answer(place) != "none":
        if time.monotonic() > deadline:
            raise EmbeddedError("redis-server does not end")
        time.sleep(0.02)
