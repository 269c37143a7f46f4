"""A Redis beside the one that all tests share: to be filled, killed and led."""

import signal
import subprocess

from redis import Redis
from redis.exceptions import RedisError

from base.embedded_place import find_place
from tests import databases
from tests.ports import free_port
from tests.waiting import wait_for


class RedisServer:
    """A Redis of this test's own, on a port of loopback and on a socket in its folder."""

    def __init__(self, folder, *settings):
        self.folder, self.settings, self.popen = folder, settings, None
        folder.mkdir()
        self.socket, self.address = f"{folder}/r.sock", ("127.0.0.1", free_port())

    def start(self, *more):
        """`more` are settings of this life only."""
        program = find_place(databases.VAR).redis_server
        host, port = self.address
        command = [program, "--bind", host, "--port", port, "--unixsocket", self.socket, "--dir", self.folder]
        self.popen = subprocess.Popen(list(map(str, [*command, *self.settings, *more])), stdout=subprocess.DEVNULL)
        wait_for(self.answers, "Redis does not start")
        return self

    @property
    def url(self):
        return f"unix://{self.socket}"

    def answers(self):
        with self.client() as client:
            try:
                return client.ping()
            except (OSError, RedisError):
                return False

    def client(self):
        return Redis(unix_socket_path=self.socket)

    def tell(self, number):
        self.popen.send_signal(number)

    def kill(self):
        if self.popen:
            self.tell(signal.SIGKILL)
            self.popen.wait(10)

    def follow(self, master):
        """Be its replica from now on, with all that it holds."""
        self.client().replicaof(*master.address)
        wait_for(lambda: self.client().info("replication").get("master_link_status") == "up", "no replica")

    def lead(self):
        """Be nobody's replica any more."""
        self.client().replicaof("NO", "ONE")
