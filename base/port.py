"""The port of the web door: whether it is free, and whether the door answers there."""

import socket

from base import outbound


class PortTaken(Exception):
    """The web door cannot listen where the settings say; the message names them."""


def ensure_free(host: str, port: int) -> None:
    """Raise PortTaken unless this process could listen there.

    The web server shares a port with whoever allows it (SO_REUSEPORT): another program would get half of the requests.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        with socket.socket(family) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # a door that has just closed is no bar
            probe.bind((host, port))
    except OSError as error:
        where = f"server.port (PORT) is {port} and server.host (ASSIGAME__SERVER__HOST) is {host}"
        raise PortTaken(f"{where}: nothing can listen there ({error.strerror})") from error


def answers(url: str) -> bool:
    """Whether a door of ours is open at this address."""
    try:
        return outbound.call("GET", f"{url}/healthz").status == 200
    except outbound.OutboundError:
        return False
