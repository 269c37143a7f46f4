"""A TCP proxy of loopback that a test puts before PostgreSQL, Redis or a provider, and tells how to misbehave.

No fault proxy is to be had as a package (toxiproxy is a Go server, on PyPI there are only its clients).
"""

import asyncio
import random
import socket
import struct
import threading
from contextlib import suppress
from dataclasses import dataclass, replace

CHUNK = 65536


@dataclass(frozen=True)
class Fault:
    """What happens to connections: each field a fault of its own, the first one set counts.

    `refuses`: new connections are reset, old ones cut. `swallows`: everything is taken and nothing answered.
    `resets_after`: an answer is cut by a reset after so many bytes of it (0: the other side has acted, nobody hears).
    `cuts_after`: a request is cut after so many bytes, or so many before its end when negative.
    `flaps`: the chance that a new connection is reset.
    `delay`: seconds that every chunk takes.
    """

    refuses: bool = False
    swallows: bool = False
    resets_after: int | None = None
    cuts_after: int | None = None
    flaps: float = 0.0
    delay: float = 0.0
    only: bytes = b""  # resets_after and cuts_after wait, line by line, for a request that holds these bytes
    answer: bytes = b""  # resets_after waits for an answer that holds these bytes
    times: int | None = None  # so many requests are cut, then all goes well; without a number each one


NONE = Fault()


class FaultProxy:
    """Listens on a port of loopback and forwards to an address: (host, port) or the path of a Unix socket.

    Use as a context manager. `fault(...)` changes what happens from now on, to open connections too.
    """

    def __init__(self, target, seed=0):
        self.target, self.now, self.chance = target, NONE, random.Random(seed)
        self.cut, self.connections = 0, 0  # how many ends of connections were reset; how many connections came
        self.lost = 0  # how many answers were cut off by resets_after
        self.cuts = 0  # requests that the fault of now has cut
        self._open = set()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._server = None

    def __enter__(self):
        self._thread.start()
        listening = asyncio.start_server(self._serve, "127.0.0.1", 0)
        self._server = asyncio.run_coroutine_threadsafe(listening, self._loop).result(10)
        return self

    def __exit__(self, *_):
        asyncio.run_coroutine_threadsafe(self._end(), self._loop).result(10)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)
        self._loop.close()

    @property
    def port(self):
        return self._server.sockets[0].getsockname()[1]

    def fault(self, **what):
        """Misbehave like this; without a word: behave."""
        self.now, self.cuts = replace(NONE, **what), 0
        if self.now.refuses:
            self._loop.call_soon_threadsafe(self._cut_all)

    def _has_cut(self, fault):
        """One more request of this fault is cut."""
        if fault.times is not None and self.now is fault:
            self.cuts += 1
            if self.cuts >= fault.times:
                self.now = NONE

    def _cut_all(self):
        for writer in list(self._open):
            self._reset(writer)

    async def _end(self):
        self._server.close()
        self._cut_all()
        others = asyncio.all_tasks(self._loop) - {asyncio.current_task()}
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)

    async def _serve(self, reader, writer):
        self.connections += 1
        if self.now.refuses or self.chance.random() < self.now.flaps:
            self._reset(writer)
            return
        try:
            there, back = await self._connect()
        except OSError:
            self._reset(writer)
            return
        line = _Line(self, writer, back)
        self._open |= {writer, back}
        with suppress(asyncio.CancelledError):
            await asyncio.gather(line.requests(reader), line.answers(there))
        self._open -= {writer, back}
        for end in (writer, back):
            end.close()

    def _connect(self):
        if isinstance(self.target, tuple):
            return asyncio.open_connection(*self.target)
        return asyncio.open_unix_connection(self.target)

    def _reset(self, writer):
        self.cut += 1
        raw = writer.get_extra_info("socket")
        with suppress(OSError, AttributeError):
            if raw.family != socket.AF_UNIX:
                raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        writer.transport.abort()


class _Line:
    """One connection through the proxy, both ways."""

    def __init__(self, proxy, client, server):
        self.proxy, self.client, self.server = proxy, client, server
        self._met = None  # the fault under which a request passed that holds what the fault waits for

    def _is_meant(self, fault):
        """Whether what this fault waits for has passed since it began; words from before it say nothing."""
        return not fault.only or self._met is fault

    async def requests(self, reader):
        sent = 0
        async for chunk in self._chunks(reader, self.server):
            fault = self.proxy.now
            if fault.only and fault.only in chunk:
                self._met = fault
            if fault.cuts_after is not None and self._is_meant(fault):
                self.server.write(chunk[: fault.cuts_after])
                self.server.write_eof()  # a reset would take back what the other side has not read yet
                self.proxy._reset(self.client)
                self.proxy._has_cut(fault)
                return
            await self._forward(chunk, self.server)
            sent += len(chunk)

    async def answers(self, reader):
        async for chunk in self._chunks(reader, self.client):
            fault = self.proxy.now
            if fault.resets_after is not None and self._is_meant(fault) and fault.answer in chunk:
                self.proxy.lost += 1
                self.client.write(chunk[: fault.resets_after])
                await asyncio.sleep(0.02)  # a reset takes back what the client has not read yet
                self._cut()
                return
            await self._forward(chunk, self.client)

    async def _chunks(self, reader, onward):
        """What comes, until it ends; an end is passed on."""
        while True:
            try:
                chunk = await reader.read(CHUNK)
            except (ConnectionError, OSError):
                self._cut()
                return
            if not chunk:
                break
            while self.proxy.now.swallows:
                await asyncio.sleep(0.02)
            yield chunk
        with suppress(ConnectionError, OSError, RuntimeError):
            onward.write_eof()

    async def _forward(self, chunk, onward):
        fault = self.proxy.now
        if fault.delay:
            await asyncio.sleep(fault.delay)
        with suppress(ConnectionError, OSError):
            onward.write(chunk)
            await onward.drain()

    def _cut(self):
        for writer in (self.client, self.server):
            self.proxy._reset(writer)
