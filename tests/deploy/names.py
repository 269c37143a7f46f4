"""What gives containers their addresses: a stand-in for Docker's names, on loopback."""

import socket
import struct
import threading
from contextlib import contextmanager
from ipaddress import IPv4Address

ANSWER, NO_SUCH_NAME = 0x8180, 0x8183
A_RECORD, INTERNET, NAME_OF_THE_QUESTION, SECONDS = 1, 1, 0xC00C, 600
HEAD = 12  # bytes


class Names:
    """One name and the addresses that it has now; whoever asks for another one hears that there is none."""

    def __init__(self, name):
        self.name, self.addresses, self.asked = name, (), 0
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.bind(("127.0.0.1", 0))
        self.port = self._socket.getsockname()[1]

    def serve(self):
        """Until it is closed."""
        while True:
            question, who = self._socket.recvfrom(512)
            if not question:
                return
            self._socket.sendto(self._answer(question), who)

    def close(self):
        """Its own empty word ends it."""
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as last:
            last.sendto(b"", ("127.0.0.1", self.port))

    def _answer(self, question):
        """RFC 1035, 4: the question again, and an A record for each address."""
        end = question.index(0, HEAD) + 5  # the name's last zero, two bytes of type, two of class
        asked = question[HEAD:end]
        self.asked += 1
        is_known = asked.startswith(bytes([len(self.name)]) + self.name.encode() + b"\0")
        found = self.addresses if is_known else ()
        head = struct.pack(">2sHHHHH", question[:2], ANSWER if found else NO_SUCH_NAME, 1, len(found), 0, 0)
        records = (
            struct.pack(">HHHIH", NAME_OF_THE_QUESTION, A_RECORD, INTERNET, SECONDS, 4) + IPv4Address(one).packed
            for one in found
        )
        return head + asked + b"".join(records)


@contextmanager
def names_of(name):
    """A name that has no address yet."""
    names = Names(name)
    thread = threading.Thread(target=names.serve)
    thread.start()
    try:
        yield names
    finally:
        names.close()
        thread.join()
