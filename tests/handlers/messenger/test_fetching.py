"""Files come from Meta's own hosts alone, which never see the token."""

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from bot.messages import Media
from bot.provider_answers import FetchedFile, NoFile, NotNow
from handlers.messenger.channel import Messenger, is_meta_address
from tests.fakes.canned_host import CannedHost
from tests.handlers.messenger.conftest import SECRET_KEY, account_of

CHANNEL, ACCOUNT = Messenger(SECRET_KEY), account_of()


@pytest.mark.parametrize(
    "url", ["https://scontent.xx.fbcdn.net/v/riz.jpg?oh=1", "https://cdn.fbsbx.com/v/recu.pdf", "https://A.FBCDN.NET/x"]
)
def test_metas_own_hosts_may_be_asked(url):
    assert is_meta_address(ACCOUNT, url)


@pytest.mark.parametrize(
    "url",
    [
        *("", "x", "//scontent.fbcdn.net/x", "http://scontent.fbcdn.net/x", "ftp://scontent.fbcdn.net/x"),
        *("https://fbcdn.net/x", "https://evilfbcdn.net/x", "https://fbcdn.net.evil.example/x", "https://evil.example"),
        *("https://evil.example/.fbcdn.net", "https://evil.example#.fbcdn.net", "https://evil.example\\.fbcdn.net/x"),
        *("https://a.fbcdn.net@evil.example/x", "https://user:word@a.fbcdn.net/x", "https://user@a.fbcdn.net/x"),
        *("https://127.0.0.1/x", "https://[::1]/x", "https://[::1", "file:///etc/passwd"),
    ],
)
def test_nobody_else_is_asked(url):
    assert not is_meta_address(ACCOUNT, url)
    assert CHANNEL.fetch(ACCOUNT, Media("image", url), 1000) == NoFile("not_of_meta")


def near(host):
    """An account whose media host is a fake's, as its API is: both without TLS."""
    return account_of(host.url, media_hosts=("127.0.0.1",))


def test_a_file_comes_whole_and_its_host_does_not_see_the_token():
    with CannedHost(b"\xff\xd8 photo") as host:
        assert CHANNEL.fetch(near(host), Media("image", f"{host.url}/v/riz.jpg"), 1000) == FetchedFile(
            b"\xff\xd8 photo"
        )
        assert [asked.get("authorization") for asked in host.asked] == [None]


@pytest.mark.parametrize(("most", "found"), [(7, FetchedFile(b"1234567")), (6, NoFile("too_large"))])
def test_a_file_at_and_above_the_limit(most, found):
    with CannedHost(b"1234567") as host:
        assert CHANNEL.fetch(near(host), Media("document", f"{host.url}/x"), most) == found


@pytest.fixture
def redirecting():
    """Called with where it sends on: the address of a host that does."""
    servers = []

    def start(target):
        class Handler(BaseHTTPRequestHandler):
            def log_message(self, *_):
                pass

            def do_GET(self):
                self.send_response(302)
                self.send_header("Location", target)
                self.send_header("Content-Length", "0")
                self.end_headers()

        server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
        thread.start()
        servers.append((server, thread))
        return f"http://127.0.0.1:{server.server_port}"

    yield start
    for server, thread in servers:
        server.shutdown()
        server.server_close()
        thread.join()


def test_a_redirect_leads_to_metas_hosts_alone(redirecting):
    with CannedHost(b"photo") as host:
        url = redirecting(f"{host.url}/v/riz.jpg")
        account = account_of(url, media_hosts=("127.0.0.1",))
        assert CHANNEL.fetch(account, Media("image", url), 1000) == FetchedFile(b"photo")
        outside = redirecting(host.url.replace("127.0.0.1", "localhost"))
        refused = CHANNEL.fetch(account, Media("image", outside), 1000)
        assert refused == NoFile("127.0.0.1: redirect to localhost refused")
        assert len(host.asked) == 1


def test_a_host_that_is_away_is_asked_again_later():
    account = account_of("http://127.0.0.1:1", media_hosts=("127.0.0.1",))
    assert CHANNEL.fetch(account, Media("image", "http://127.0.0.1:1/x"), 1000) == NotNow("not_sent")
