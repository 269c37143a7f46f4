"""Until when the public address is good for those who call it."""

import socket
import ssl
import threading
import time
from contextlib import contextmanager

import pytest

import providers
from base.outbound import BadCertificate, NotSent, Timeouts, certificate_ends
from bot import figures
from tests.certificates import make_certificate, make_certificate_of_the_past
from tests.ports import free_port

SHORT = Timeouts(connect=1, read=1, total=1)
DAY = 86400


@contextmanager
def shown(folder):
    """Somebody who shows the certificate of this folder to all who come; his port."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "cert.pem", folder / "key.pem")
    listener = socket.create_server(("127.0.0.1", 0))

    def serve():
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            try:
                context.wrap_socket(connection, server_side=True).close()
            except OSError:  # who does not believe it has hung up
                connection.close()

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    yield listener.getsockname()[1]
    listener.shutdown(socket.SHUT_RDWR)
    listener.close()
    thread.join()


@pytest.fixture
def trusted(tmp_path, monkeypatch):
    """A folder whose certificate everybody believes."""
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "cert.pem"))
    return tmp_path


def test_it_is_good_until_the_day_that_it_says(trusted):
    made = time.time()
    make_certificate(trusted, days=7)
    with shown(trusted) as port:
        ends = certificate_ends(f"https://localhost:{port}", SHORT)
    assert ends.timestamp() == pytest.approx(made + 7 * DAY, abs=60)


def test_what_nobody_has_signed_whom_we_know_and_what_is_for_another_name_is_refused(tmp_path, trusted, monkeypatch):
    make_certificate(trusted, name="other.example")
    with shown(trusted) as port:
        with pytest.raises(BadCertificate, match="localhost: Hostname mismatch"):
            certificate_ends(f"https://localhost:{port}", SHORT)
        monkeypatch.delenv("SSL_CERT_FILE")
        with pytest.raises(BadCertificate, match="localhost: self-signed certificate"):
            certificate_ends(f"https://localhost:{port}", SHORT)


def test_one_that_has_ended_is_refused(trusted):
    make_certificate_of_the_past(trusted)
    with shown(trusted) as port, pytest.raises(BadCertificate, match="localhost: certificate has expired"):
        certificate_ends(f"https://localhost:{port}", SHORT)


@pytest.mark.parametrize("host", ["localhost", "x" * 64 + ".example"])
def test_where_nobody_answers_it_is_not_seen(host):
    with pytest.raises(NotSent, match=f"{host}: not connected"):
        certificate_ends(f"https://{host}:{free_port()}", SHORT)


def test_a_look_keeps_what_it_sees_and_one_that_sees_nothing_leaves_it(market, db, trusted, monkeypatch):
    def look(port):
        server = market.config.server.model_copy(update={"public_base_url": f"https://localhost:{port}"})
        market.config = market.config.model_copy(update={"server": server})
        assert providers.look_at_certificate(market) == 0
        return figures.kept(db).get(f"{figures.CERTIFICATE}localhost")

    make_certificate(trusted, days=7)
    with shown(trusted) as port:
        seen = look(port)
    assert seen == pytest.approx(time.time() + 7 * DAY, abs=60)
    assert look(free_port()) == seen
    monkeypatch.delenv("SSL_CERT_FILE")
    with shown(trusted) as port:
        assert look(port) == pytest.approx(time.time(), abs=60)
