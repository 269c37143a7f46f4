"""The HTTP of the fake Twilio: credentials, routes, faults on the wire, and the control endpoint."""

import base64
import dataclasses
import json
import socket
import time
from urllib.parse import parse_qsl, urlsplit

from tests.fakes import served
from tests.fakes.rules import Refusal
from tests.fakes.twilio_rules import check_typing

# bodies of an answer 201 that are not what they should be
STRANGE = {"garbled": b'{"sid": "SM', "empty": b"", "html": b"<html>Created</html>", "no_sid": {"status": "queued"}}
STREAMS = {"drip": (1000, 1, 0.2), "huge": (1 << 30, 1 << 16, 0)}  # mode -> bytes, bytes at a time, seconds between


class Server(served.Server):
    request_queue_size = 128


def listens(connection):
    """Whether the other end is still there: a caller that has given up or died has closed it."""
    try:
        return connection.recv(1, socket.MSG_PEEK | socket.MSG_DONTWAIT) != b""
    except BlockingIOError:
        return True
    except ConnectionError:
        return False


def handler_of(fake):
    """The handler class of one fake."""
    return type("Handler", (Handler,), {"fake": fake})


class Handler(served.Answering):
    """One connection; `fake` is the FakeTwilio whose store it speaks for."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def do_GET(self):
        self._answer_safely(self._get)

    def do_POST(self):
        self._answer_safely(self._post)

    def _answer_safely(self, answer):
        length = int(self.headers.get("Content-Length", 0))
        body = self.rfile.read(length)
        if len(body) < length:
            self.fake.cut_short += 1
            self._reset()
        parts = urlsplit(self.path)
        if parts.path.startswith("/_fake/"):
            return self._reply(200, _control(self.fake, parts.path.removeprefix("/_fake/"), body))
        # the credentials are counted and never kept
        self.fake.requests.append((self.command, self.path, dict(self.headers) | {"Authorization": "***"}, body))
        try:
            self._refuse_strangers()
            return answer(parts.path, dict(parse_qsl(parts.query, keep_blank_values=True)), body)
        except Refusal as refusal:
            more = f"https://www.twilio.com/docs/errors/{refusal.code}"
            document = {"code": refusal.code, "message": "refused", "more_info": more, "status": refusal.status}
            return self._reply(refusal.status, document)

    def _get(self, path, query, body):
        if path == f"{self._messages_path}.json":
            page = self.fake.listed(query)
            self._reply(200, page)
            return self.fake.confirm_listed(page)
        for message in self.fake.messages:
            if path == f"{self._messages_path}/{message.sid}.json":
                return self._reply(200, self.fake.document(message))
        if path.startswith(f"{self._messages_path}/") and path.endswith("/Media.json"):
            return self._media_list(path.split("/")[-2])
        if path in ("/v1/Content", "/v1/ContentAndApprovals"):
            return self._reply(200, self.fake.listed_contents(query, path.endswith("Approvals")))
        if path.startswith(f"{self._messages_path}/") and "/Media/" in path:
            return self._file(self.fake.files.get(path.rpartition("/")[2]))
        raise Refusal(20404, 404)

    def _media_list(self, sid):
        media = self.fake.media_of(sid)
        if media is None:
            raise Refusal(20404, 404)
        return self._reply(200, media)

    def _file(self, found):
        """A file as it was kept, with whatever lie a test prepared: another status, a redirect, a trickle."""
        if found is None:
            raise Refusal(20404, 404)
        if callable(found):
            return found(self)
        status, headers, content = found if isinstance(found, tuple) else (200, {}, found)
        return self._reply(status, content, {"Content-Type": "application/octet-stream", **headers})

    def _post(self, path, query, body):
        if path == f"{self._messages_path}.json":
            form = dict(parse_qsl(body.decode(), keep_blank_values=True))
            return self._send_back(*self.fake.take(form))
        if path == "/v3/Indicators/Typing.json":
            check_typing(told := json.loads(body))
            self.fake.typing.append(told["messageId"])
            return self._reply(200, {"success": True})
        if path == "/v1/Content":
            return self._reply(201, self.fake.make_content(json.loads(body)))
        if path.endswith("/ApprovalRequests/whatsapp"):
            return self._reply(201, self.fake.submit(path.split("/")[3], json.loads(body)))
        raise Refusal(20404, 404)

    def _send_back(self, mode, retry_after, message):
        if mode in ("accept_then_reset", "reset"):
            return self._reset()
        if mode in ("hang", "hang_accepted"):
            self.fake.hold()
            return self._reset()
        if mode == "429":
            headers = {"Retry-After": str(retry_after)} if retry_after is not None else {}
            return self._reply(429, {"code": 20429, "message": "Too Many Requests", "status": 429}, headers)
        if mode in ("500_refused", "500_accepted"):
            return self._reply(500, {"code": 20500, "message": "Internal Server Error", "status": 500})
        if mode == "redirect":
            return self._reply(302, {}, {"Location": self.fake.redirects_to + self.path})
        if mode in STRANGE:
            return self._reply(201, STRANGE[mode])
        if mode in ("drip", "huge"):
            return self._stream(*STREAMS[mode])
        if listens(self.connection):
            message.confirm("answer")
        return self._reply(201, self.fake.document(message) | {"status": "queued", "error_code": None})

    def _stream(self, size, chunk, pause):
        """A body that comes in pieces, until it is whole or nobody listens any more."""
        self.send_response(201)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(size))
        self.end_headers()
        for _ in range(size // chunk):
            self.wfile.write(b" " * chunk)
            self.fake.streamed += chunk
            time.sleep(pause)

    def _reset(self):
        self.reset()
        raise ConnectionAbortedError

    def _reply(self, status, document, headers=()):
        body = document if isinstance(document, bytes) else json.dumps(document).encode()
        self.answer(status, {"Content-Type": "application/json", **dict(headers)}, body)

    @property
    def _messages_path(self):
        return f"/2010-04-01/Accounts/{self.fake.account_sid}/Messages"

    def _refuse_strangers(self):
        tokens = (self.fake.auth_token, self.fake.secondary_token)
        pairs = [f"{self.fake.account_sid}:{token}".encode() for token in tokens if token]
        if self.headers.get("Authorization") not in [f"Basic {base64.b64encode(pair).decode()}" for pair in pairs]:
            raise Refusal(20003, 401)


def _control(fake, what, body):
    told = json.loads(body or b"{}")
    if what == "mode":
        fake.mode(**told)
    elif what == "late":
        fake.listed_after = told["seconds"]
    elif what == "shut":
        fake.shut_window(told["phone"])
    elif what == "approve":
        fake.approve(told["name"])
    return [
        {**dataclasses.asdict(m), "received_at": m.received_at.timestamp()}
        for m in fake.messages[told.get("from", 0) :]
    ]
