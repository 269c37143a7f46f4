"""Requests as bytes on a line to a real door: whole, in chunks, in pieces, or lying about how long they are."""

import http.client
import select
import socket
from dataclasses import dataclass

from tests.hostile import MOST_BYTES

ANSWERS_WITHIN = 30.0  # seconds until a line is given up
TOO_LARGE = 413  # the door closes a line on which it leaves a body unread
PIECE = 1 << 16  # bytes that are sent before anybody looks for an answer


@dataclass(frozen=True)
class Sent:
    """What is put on a line: its pieces, and what a door may take for the body (None: it is no request)."""

    pieces: list[bytes]
    body: bytes | None
    is_broken: bool = False  # the line is shut from here in the middle of the body
    is_last: bool = False  # what follows on this line is no request


class Line:
    """A line to a door, kept from one request to the next while both sides keep it."""

    def __init__(self, port):
        self.port, self.socket = port, None

    def ask(self, sent):
        """The answer's status, 0 when the line ended without one."""
        if self.socket is None:
            self.socket = socket.create_connection(("127.0.0.1", self.port), timeout=ANSWERS_WITHIN)
        is_whole = self._send(sent.pieces)
        if sent.is_broken:
            self._shut()
        answer = http.client.HTTPResponse(self.socket, method="POST")
        try:
            answer.begin()
            answer.read()
        except (ConnectionError, http.client.HTTPException):
            self.close()
            return 0
        if answer.will_close or answer.status == TOO_LARGE or sent.is_broken or sent.is_last or not is_whole:
            self.close()
        return answer.status

    def _send(self, pieces):
        """Whether all could be said before the answer came."""
        try:
            for piece in pieces:
                for start in range(0, len(piece), PIECE):
                    if select.select([self.socket], [], [], 0)[0]:
                        return False
                    self.socket.sendall(piece[start : start + PIECE])
        except ConnectionError:
            return False
        return True

    def _shut(self):
        try:
            self.socket.shutdown(socket.SHUT_WR)
        except OSError:
            return

    def close(self):
        if self.socket is not None:
            self.socket.close()
            self.socket = None


def head(request, *lengths):
    """The request's line and headers; `lengths` say how its body ends."""
    target = request.path + (f"?{request.query}" if request.query else "")
    kinds = () if request.kind is None else (f"Content-Type: {request.kind}",)
    headers = (f"{name}: {value}" for name, value in request.headers.items())
    lines = (f"POST {target} HTTP/1.1", "Host: market.example", *kinds, *headers, *lengths, "", "")
    return "\r\n".join(lines).encode()


def length(number):
    return f"Content-Length: {number}"


def cuts(chance, body, most):
    """The body in up to so many pieces and one more."""
    places = sorted(chance.randrange(len(body) + 1) for _ in range(chance.randint(0, most)))
    return [body[start:end] for start, end in zip([0, *places], [*places, len(body)], strict=True)]


# the ways in which a request goes over the line: each takes the chance and a sealed request


def whole(_, request):
    return Sent([head(request, length(len(request.body))) + request.body], request.body)


def in_pieces(chance, request):
    return Sent(cuts(chance, head(request, length(len(request.body))) + request.body, 5), request.body)


def in_chunks(chance, request):
    return Sent(
        [head(request, "Transfer-Encoding: chunked"), *chunked(chance, request.body), b"0\r\n\r\n"], request.body
    )


def chunked(chance, body):
    for piece in filter(None, cuts(chance, body, 5)):
        yield b"%x%s\r\n%s\r\n" % (len(piece), chance.choice((b"", b"", b";a=b")), piece)


def longer_than_it_says(chance, request):
    """What lies behind the length it tells is on the line as the beginning of another request."""
    told = chance.randrange(len(request.body)) if request.body else 0
    return Sent([head(request, length(told)) + request.body], request.body[:told], is_last=True)


def shorter_than_it_says(chance, request):
    """All that was signed has come when the line breaks."""
    told = len(request.body) + chance.choice((1, 100, 100_000))
    body = request.body if told <= MOST_BYTES else None
    return Sent([head(request, length(told)) + request.body], body, is_broken=True)


def of_two_lengths(_, request):
    size = len(request.body)
    return Sent([head(request, length(size), length(size + 1)) + request.body], None)


def of_no_number(chance, request):
    told = chance.choice(("-1", "+5", "0x10", "1e3", "nan", "", "9" * 30, "٣"))
    return Sent([head(request, length(told)) + request.body], None)


def in_torn_chunks(chance, request):
    """The last chunk is no chunk, or there is none: all that was signed has come when the line breaks."""
    end = chance.choice((b"zz\r\n", b"-1\r\n", b"", b"ffffffffffffffffff\r\n"))
    pieces = [head(request, "Transfer-Encoding: chunked"), *chunked(chance, request.body), end]
    return Sent(pieces, request.body, is_broken=True)


def cut_in_a_chunk(chance, request):
    """A chunk that is longer than what comes of it: two bytes that nobody has signed."""
    pieces = [head(request, "Transfer-Encoding: chunked"), *chunked(chance, request.body), b"5\r\nab"]
    return Sent(pieces, request.body + b"ab", is_broken=True)


ODD = (
    in_pieces, in_pieces, in_chunks, in_chunks, longer_than_it_says, shorter_than_it_says, of_two_lengths, of_no_number,
    in_torn_chunks, cut_in_a_chunk,
)  # fmt: skip


def sent(chance, request):
    """As its provider sends it, one time in five in an odd way."""
    way = chance.choice(ODD) if chance.random() < 0.2 else whole
    return way(chance, request)
