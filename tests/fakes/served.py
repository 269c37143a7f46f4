"""What the stand-ins on loopback have in common: a server in a thread of its own, and answers with their length."""

import socket
import struct
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request, client_address):
        pass  # a caller that goes away is no fault of the stand-in


class Served:
    """Answers by a handler class on a free port while it is used as a context manager; `fake` is the handler's word."""

    def __init__(self, handler):
        self._server = Server(("127.0.0.1", 0), type("Handler", (handler,), {"fake": self}))
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)

    @property
    def url(self):
        return f"http://127.0.0.1:{self._server.server_port}"

    def __enter__(self):
        self._thread.start()
        return self

    def __exit__(self, *_):
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


class Answering(BaseHTTPRequestHandler):
    """One connection; `fake` is whose it is."""

    fake = None

    def log_message(self, *_):
        pass

    @property
    def named(self):
        """The headers by their names in small letters."""
        return {name.lower(): value for name, value in self.headers.items()}

    def body(self):
        """The bytes of the request."""
        return self.rfile.read(int(self.headers.get("Content-Length") or 0))

    def answer(self, status, headers, body):
        """These bytes; a header of these may say another length."""
        self.send_response(status)
        for name, value in {"Content-Length": str(len(body)), **headers}.items():
            self.send_header(name, value)
        # head and body in one write: two would wait for each other
        self._headers_buffer.append(b"\r\n" + body)
        self.flush_headers()

    def reset(self):
        """Hang up: a linger of 0 s makes the close a reset."""
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.close_connection = True
        self.connection.close()
