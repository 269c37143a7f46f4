"""The fault proxy does what it is told, to new connections and to open ones."""

import socket
import threading
import time
from contextlib import suppress

import pytest

from tests.faults.proxy import FaultProxy


@pytest.fixture
def echo():
    """A server that answers every chunk with the same bytes in capitals; what it heard."""
    heard = []

    def serve(connection):
        with connection, suppress(ConnectionError):
            while chunk := connection.recv(65536):
                heard.append(chunk)
                connection.sendall(chunk.upper())

    def accept():
        while True:
            try:
                connection, _ = server.accept()
            except OSError:
                return
            threading.Thread(target=serve, args=(connection,), daemon=True).start()

    with socket.create_server(("127.0.0.1", 0)) as server:
        threading.Thread(target=accept, daemon=True).start()
        yield server.getsockname(), heard


@pytest.fixture
def proxy(echo):
    with FaultProxy(echo[0]) as proxy:
        yield proxy


def line_to(proxy):
    connection = socket.create_connection(("127.0.0.1", proxy.port), timeout=5)
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return connection


def ask_on_a_new_line(proxy):
    with line_to(proxy) as line:
        ask(line)
        line.recv(1)  # a reset may be seen a moment late


def ask(connection, words=b"hello"):
    connection.sendall(words)
    return connection.recv(100)


def test_without_a_fault_it_forwards_both_ways(proxy):
    with line_to(proxy) as line:
        assert (ask(line), ask(line, b"again")) == (b"HELLO", b"AGAIN")


def test_refusing_cuts_what_is_open_and_resets_what_comes(proxy, echo):
    with line_to(proxy) as line:
        assert ask(line) == b"HELLO"
        proxy.fault(refuses=True)
        with pytest.raises(ConnectionResetError):
            line.recv(1)
        with pytest.raises(ConnectionError):
            ask_on_a_new_line(proxy)
    proxy.fault()
    with line_to(proxy) as line:
        assert ask(line) == b"HELLO"
    assert b"".join(echo[1]) == b"hellohello"


def test_swallowing_answers_nothing_until_it_ends(proxy):
    with line_to(proxy) as line:
        proxy.fault(swallows=True)
        line.settimeout(0.2)
        with pytest.raises(TimeoutError):
            ask(line)
        proxy.fault()
        line.settimeout(5)
        assert line.recv(100) == b"HELLO"


@pytest.mark.parametrize(
    ("fault", "before", "lost"),
    [({"only": b"commit"}, b"begin", b"commit"), ({"answer": b"ROWS"}, b"select", b"rows")],
    ids=["asked for", "answered"],
)
def test_a_reset_after_no_byte_leaves_the_other_side_with_the_whole_request(proxy, echo, fault, before, lost):
    with line_to(proxy) as line:
        proxy.fault(resets_after=0, **fault)
        assert ask(line, before) == before.upper()
        with pytest.raises(ConnectionResetError):
            ask(line, lost)
    assert echo[1] == [before, lost]
    assert proxy.lost == 1
    assert proxy.cut >= 1


def test_a_line_that_was_used_before_loses_the_answer_that_the_fault_waits_for_and_no_other(proxy, echo):
    with line_to(proxy) as line:
        assert ask(line, b"commit") == b"COMMIT"  # there is no fault yet
        proxy.fault(resets_after=0, only=b"commit")
        assert ask(line, b"select") == b"SELECT"
        assert proxy.lost == 0
        with pytest.raises(ConnectionResetError):
            ask(line, b"commit")
    assert echo[1] == [b"commit", b"select", b"commit"]
    assert proxy.lost == 1


def test_what_one_fault_has_met_says_nothing_to_the_next(proxy):
    with line_to(proxy) as line:
        proxy.fault(delay=0.01, only=b"commit")
        assert ask(line, b"commit") == b"COMMIT"
        proxy.fault(resets_after=0, only=b"commit")
        assert ask(line, b"select") == b"SELECT"
    assert proxy.lost == 0


def test_a_request_is_cut_after_its_first_bytes(proxy, echo):
    with line_to(proxy) as line:
        proxy.fault(cuts_after=2)
        with pytest.raises(ConnectionResetError):
            ask(line)
    deadline = time.monotonic() + 5
    while not echo[1] and time.monotonic() < deadline:
        time.sleep(0.01)
    assert echo[1] == [b"he"]


def test_flapping_resets_the_share_of_new_connections_that_its_seed_gives(echo):
    def cut_of(seed):
        with FaultProxy(echo[0], seed) as proxy:
            proxy.fault(flaps=0.5)
            for _ in range(20):
                with suppress(ConnectionError), line_to(proxy) as line:
                    ask(line)
            return proxy.cut

    assert cut_of(7) == cut_of(7)
    assert 3 < cut_of(7) < 17


def test_a_delay_slows_an_answer_down(proxy):
    with line_to(proxy) as line:
        begun = time.monotonic()
        proxy.fault(delay=0.1)
        assert ask(line) == b"HELLO"
        assert time.monotonic() - begun >= 0.2  # there and back
