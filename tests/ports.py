"""A port for a server that another part of the test starts."""

import random
import socket
from pathlib import Path

OUTGOING = Path("/proc/sys/net/ipv4/ip_local_port_range")  # from here the kernel serves connections that go out


def free_port():
    """A port of loopback that nobody uses, below those that outgoing connections are given.

    A port the kernel picks (0) could be given to any connection between its choice here and the server's start.
    """
    lowest = int(OUTGOING.read_text().split()[0])
    while True:
        port = random.SystemRandom().randrange(10_000, lowest)
        try:
            with socket.create_server(("127.0.0.1", port)):
                return port
        except OSError:
            continue
