"""Meta's Graph on loopback that answers as it is told, one answer after the other, the last one for ever."""

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

from tests.fakes.graph_cloud import account_at


class CannedGraph:
    """`answers` are (status, document); `asked` (method, path, query, body) of each request. A context manager."""

    def __init__(self):
        self.answers, self.asked = [(200, {})], []
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)

    def account(self, **changed):
        """An account that speaks to this server."""
        return account_at(f"http://127.0.0.1:{self._server.server_port}", **changed)

    def __enter__(self):
        self._thread.start()
        return self

    def __exit__(self, *_):
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


def _handler(canned):
    class Handler(BaseHTTPRequestHandler):
        def log_message(self, *_):
            pass

        def do_POST(self):
            self.do_GET()

        def do_GET(self):
            parts = urlsplit(self.path)
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            canned.asked.append((self.command, parts.path, parse_qs(parts.query), body))
            status, document = canned.answers.pop(0) if len(canned.answers) > 1 else canned.answers[0]
            told = json.dumps(document).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(told)))
            self.end_headers()
            self.wfile.write(told)

    return Handler
