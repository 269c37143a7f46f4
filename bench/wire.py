"""HTTP/1.1 with keep-alive for the load's side: both ends cost so little that the program is what is measured."""

import asyncio
import socket
import time
from collections.abc import Callable
from typing import Final, cast

CRLF2 = b"\r\n\r\n"
LENGTH = b"content-length:"
IDLE: Final = 10.0  # seconds; Granian closes what is idle for 30
Answer = tuple[int, bytes] | None  # status and JSON body; None: reset the connection
Handler = Callable[[str, str, bytes], Answer]


def free_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


class Broken(Exception):
    """The connection ended before a whole answer came."""


def head_and_length(buffer: bytes) -> tuple[bytes, int] | None:
    """A message's head and the length of its body, or None while the head is not whole."""
    end = buffer.find(CRLF2)
    if end < 0:
        return None
    head = bytes(buffer[: end + 4])
    lower = head.lower()
    at = lower.find(LENGTH)
    return head, int(lower[at + len(LENGTH) :].split(b"\r\n", 1)[0]) if at >= 0 else 0


class _Caller(asyncio.Protocol):
    """One connection that carries one request at a time."""

    def __init__(self) -> None:
        self.buffer = b""
        self.answer: asyncio.Future[tuple[int, bytes]] | None = None
        self.transport: asyncio.Transport | None = None
        self.used_at = time.monotonic()

    @property
    def is_open(self) -> bool:
        """Whether the other side surely holds it open too."""
        return self.transport is not None and time.monotonic() - self.used_at < IDLE

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = _without_delay(transport)

    def data_received(self, data: bytes) -> None:
        self.buffer += data
        found = head_and_length(self.buffer)
        if not found or len(self.buffer) < len(found[0]) + found[1]:
            return
        body = self.buffer[len(found[0]) : len(found[0]) + found[1]]
        self.buffer = b""
        if self.answer and not self.answer.done():
            self.answer.set_result((int(found[0][9:12]), body))

    def connection_lost(self, error: Exception | None) -> None:
        self.transport = None
        if self.answer and not self.answer.done():
            self.answer.set_exception(Broken())

    async def request(self, message: bytes) -> tuple[int, bytes]:
        """Send one request and wait for its answer; raises Broken."""
        if self.transport is None:
            raise Broken
        self.answer = asyncio.get_running_loop().create_future()
        self.transport.write(message)
        answer = await self.answer
        self.used_at = time.monotonic()
        return answer

    def close(self) -> None:
        if self.transport:
            self.transport.close()


class Caller:
    """A pool of connections to one address; as many as are wanted at once, at most `most`.

    Where a connection ends with bytes of a request gone out, that is Broken, and the request is not sent again: whoever
    calls counts it. HTTP's ordinary race, in which a server closes an idle connection just as a request is on its way,
    would look the same. It is kept out by not using a connection that has been idle for IDLE seconds, a third of what a
    door waits, nor one whose end has been seen: with nothing of a request gone out, a new one is as good.
    """

    def __init__(self, port: int, most: int) -> None:
        self.port = port
        self._idle: list[_Caller] = []
        self._free = asyncio.Semaphore(most)

    async def post(self, target: str, body: bytes, signature: str) -> int:
        """POST a signed form; the status. Raises Broken and OSError."""
        message = (
            f"POST {target} HTTP/1.1\r\nHost: 127.0.0.1:{self.port}\r\nX-Twilio-Signature: {signature}\r\n"
            f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(body)}\r\n\r\n"
        ).encode() + body
        async with self._free:
            caller = self._known() or await self._connect()
            status, _ = await caller.request(message)
            self._idle.append(caller)
            return status

    async def refusal(self, target: str, body: bytes, signature: str) -> str:
        """POST a signed form; '' when it was answered 200, else in a word what became of it: `answer 0` is no door."""
        try:
            status = await self.post(target, body, signature)
        except Broken:
            return "connection broken"
        except OSError:
            status = 0
        return "" if status == 200 else f"answer {status}"

    def _known(self) -> _Caller | None:
        """The connection that was used last; those that are open no more are let go of."""
        while self._idle:
            caller = self._idle.pop()
            if caller.is_open:
                return caller
            caller.close()
        return None

    async def _connect(self) -> _Caller:
        loop = asyncio.get_running_loop()
        _, caller = await loop.create_connection(_Caller, "127.0.0.1", self.port)
        return caller

    def close(self) -> None:
        """Close what is idle."""
        for caller in self._idle:
            caller.close()
        self._idle.clear()


class _Server(asyncio.Protocol):
    """One connection of somebody who calls; requests are answered in their order."""

    def __init__(self, handler: Handler, latency: float) -> None:
        self.handler, self.latency, self.buffer = handler, latency, b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = _without_delay(transport)

    def data_received(self, data: bytes) -> None:
        self.buffer += data
        while (found := head_and_length(self.buffer)) is not None:
            head, length = found
            if len(self.buffer) < len(head) + length:
                return
            body = self.buffer[len(head) : len(head) + length]
            self.buffer = self.buffer[len(head) + length :]
            method, target, _ = head.split(b" ", 2)
            answer = self.handler(method.decode(), target.decode(), body)
            if self.latency:
                asyncio.get_running_loop().call_later(self.latency, self._reply, answer)
            else:
                self._reply(answer)

    def _reply(self, answer: Answer) -> None:
        if answer is None:
            self.transport.abort()  # unread or unsent bytes make it a reset
            return
        status, body = answer
        head = f"HTTP/1.1 {status} .\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
        self.transport.write(head.encode() + body)


async def serve(handler: Handler, port: int = 0, latency: float = 0.0) -> asyncio.Server:
    """Answer on a port of loopback, so many seconds after a request has come."""
    return await asyncio.get_running_loop().create_server(lambda: _Server(handler, latency), "127.0.0.1", port)


def port_of(server: asyncio.Server) -> int:
    """The port a server listens on."""
    return int(server.sockets[0].getsockname()[1])


def _without_delay(transport: asyncio.BaseTransport) -> asyncio.Transport:
    """The transport of a TCP connection; uvloop's own are of another family."""
    transport.get_extra_info("socket").setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return cast(asyncio.Transport, transport)
