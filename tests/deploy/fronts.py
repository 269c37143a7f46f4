"""What stands before the doors of a house: nginx with the files of `deploy/`, or a plain stand-in with its one rule."""

import os
import re
import shutil
import subprocess
import tempfile
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import urllib3

from base.config import ROOT
from tests.certificates import make_certificate
from tests.faults.debian import needed
from tests.ports import free_port
from tests.waiting import wait_for

DOORS, SITE = (ROOT / "deploy" / "nginx" / name for name in ("doors.conf", "assigame.conf"))
DOOR = "    server 127.0.0.1:{} max_fails=0;\n"  # a line of doors.conf
ROOM = 65536  # bytes on a line between nginx and its client


def nginx_before(house):
    """nginx on loopback before the doors of a house; its address, and a client that trusts its certificate."""
    return nginx_with(doors_of(house))


@contextmanager
def nginx_with(doors):
    """The same with any text in the place of doors.conf."""
    needed("nginx-light", lambda: shutil.which("nginx"))
    with tempfile.TemporaryDirectory() as folder:
        os.chmod(folder, 0o755)  # nginx's workers, who are no root, may enter
        with _nginx(doors, Path(folder)) as front_and_client:
            yield front_and_client


@contextmanager
def _nginx(doors, folder):
    front = free_port()
    make_certificate(folder)
    (folder / "site.conf").write_text(doors + _site(folder, front))
    (folder / "nginx.conf").write_text(
        f"user root; daemon off; pid {folder}/nginx.pid; error_log {folder}/error.log; worker_rlimit_nofile 4096;\n"
        "events { worker_connections 2048; }\n"
        f"http {{ access_log off; client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy;\n"
        f"include {folder}/site.conf; }}\n"
    )
    command = ["nginx", "-e", f"{folder}/error.log", "-c", f"{folder}/nginx.conf"]
    subprocess.run([*command, "-t"], check=True, capture_output=True)
    process = subprocess.Popen(command)
    try:
        client = urllib3.PoolManager(maxsize=64, ca_certs=f"{folder}/cert.pem", retries=False, timeout=10)
        address = f"https://localhost:{front}"
        wait_for(lambda: _answers(client, address), "nginx does not answer")
        yield address, client
    finally:
        process.terminate()
        process.wait(10)


def doors_of(house):
    """doors.conf as it is shipped, with this house's doors."""
    doors, shipped = DOORS.read_text(), DOOR.format(8000) + DOOR.format(8001)
    assert shipped in doors
    return doors.replace(shipped, "".join(map(DOOR.format, map(port_of, house.doors.values()))))


def _site(folder, front):
    """assigame.conf as it is shipped, with this front and a certificate."""
    site = SITE.read_text()
    site = site.replace("listen 443 ssl", f"listen 127.0.0.1:{front} ssl sndbuf={ROOM}")  # else the kernel holds it all
    return re.sub(r"/etc/letsencrypt\S*/(fullchain|privkey)\.pem", lambda m: _own(folder, m[1]), site)


def port_of(address):
    return int(address.rpartition(":")[2])


def _own(folder, what):
    return f"{folder}/{'cert' if what == 'fullchain' else 'key'}.pem"


def _answers(client, address):
    try:
        return client.request("GET", f"{address}/healthz").status == 200
    except urllib3.exceptions.HTTPError:
        return False


@contextmanager
def plain_front_before(house):
    """What goes to the other door when one cannot be reached or does not answer, as nginx does; its address."""
    handler = type("Handler", (_Front,), {"doors": list(house.doors.values())})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()


class _Front(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    doors = []
    http = urllib3.PoolManager(maxsize=64, retries=False, timeout=20)

    def do_GET(self):
        self._hand_on()

    def do_POST(self):
        self._hand_on()

    def _hand_on(self):
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        status, answer = self._answer_of(body)
        self.send_response(status)
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def _answer_of(self, body):
        for door in self.doors:
            try:
                answer = self.http.request(self.command, door + self.path, body=body, headers=dict(self.headers))
            except urllib3.exceptions.HTTPError:
                continue
            return answer.status, answer.data
        return 502, b""

    def log_message(self, *_):
        """Nothing."""
