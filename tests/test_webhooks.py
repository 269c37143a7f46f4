"""Door 1: what every knock is answered."""

import gzip
import io
import json
import logging
import threading
from concurrent.futures import ThreadPoolExecutor

import psycopg
import pytest
from PIL import Image
from prometheus_client import REGISTRY

import webhooks
from base.accounts import SimulatorAccount
from base.log import configure
from bot.files import Document
from bot.messages import StatusReport
from bot.received import Received
from bot.spool import SpoolFull
from catalog import photos
from handlers.signatures import sign_body
from handlers.simulator.channel import SimulatorChannel
from tests.fakes.market import FakeMarket
from tests.waiting import wait_for

BODY = json.dumps(
    {
        "messages": [{"id": "sim-in-1", "phone": "+22890000001", "text": "bonjour"}],
        "reports": [{"id": "sim-42-1-0", "outbox_id": 42, "status": "read"}],
    }
).encode()
HEADERS = webhooks.SECURITY_HEADERS


@pytest.fixture
def market(config, redis):
    return FakeMarket(config, redis, {"simulator": SimulatorChannel("http://127.0.0.1:1")})


@pytest.fixture
def client(market):
    return webhooks.create_app(market).test_client()


@pytest.fixture
def secret(config):
    return next(account.secret for account in config.channel_accounts if isinstance(account, SimulatorAccount))


def knock(client, body, signature, **more):
    headers = {} if signature is None else {"X-Assigame-Signature": signature}
    return client.post("/webhooks/simulator", data=body, headers=headers, content_type="application/json", **more)


def count_of(status):
    return REGISTRY.get_sample_value("assigame_webhooks_total", {"channel": "simulator", "status": status}) or 0


def test_a_signed_webhook_is_kept_once_then_answered(client, market, secret):
    answer = knock(client, BODY, sign_body(secret, BODY))

    kind, account, parsed = market.kept.get_nowait()
    assert (answer.status_code, answer.data) == (200, b"")
    assert (kind, account) == ("simulator", "simulator")
    assert [kept.message.text for kept in parsed.messages] == ["bonjour"]
    assert parsed.reports == (StatusReport("sim-42-1-0", "read", 42),)
    assert market.kept.empty()


@pytest.mark.parametrize("signature", [None, "", "sha256=" + "0" * 64, "sha256=é", "Ünsigned"])
def test_a_wrong_signature_is_answered_403_and_nothing_else(client, market, signature):
    before = count_of("403")

    answer = knock(client, BODY, signature)

    assert (answer.status_code, answer.data) == (403, b"")
    assert count_of("403") == before + 1
    assert market.kept.empty()


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"\xff", b'{"messages": 3}', b"[" * 100_000])
def test_a_signed_body_of_another_shape_is_answered_400(client, market, secret, body):
    answer = knock(client, body, sign_body(secret, body))

    assert (answer.status_code, answer.data) == (400, b"")
    assert market.kept.empty()


def test_a_packed_body_is_not_unpacked(client, market, secret):
    body = gzip.compress(BODY)
    headers = {"X-Assigame-Signature": sign_body(secret, body), "Content-Encoding": "gzip"}

    answer = client.post("/webhooks/simulator", data=body, headers=headers, content_type="application/json")

    assert (answer.status_code, answer.data) == (400, b"")
    assert market.kept.empty()


def test_five_megabytes_are_refused_before_they_are_read(client, market, secret):
    body = b" " * 5_000_000

    answer = knock(client, body, sign_body(secret, body))

    assert answer.status_code == 413
    assert answer.data == b"413 Request Entity Too Large\n"
    assert market.kept.empty()


CHUNKED = {"wsgi.input_terminated": True, "HTTP_TRANSFER_ENCODING": "chunked", "CONTENT_LENGTH": ""}


def test_a_body_of_unknown_length_is_cut_off_at_the_limit(client, market):
    endless = io.BytesIO(b" " * 5_000_000)

    answer = client.post("/webhooks/simulator", input_stream=endless, environ_overrides=CHUNKED)

    assert answer.status_code == 413
    assert 3_000_000 < endless.tell() < 3_100_000
    assert market.kept.empty()


def test_a_chunked_body_of_three_megabytes_is_read_whole(client, market, secret):
    body = BODY + b" " * (3_000_000 - len(BODY))
    headers = {"X-Assigame-Signature": sign_body(secret, body)}

    answer = client.post(
        "/webhooks/simulator", input_stream=io.BytesIO(body), headers=headers, environ_overrides=CHUNKED
    )

    assert answer.status_code == 200
    assert market.kept.qsize() == 1


class Pieces(io.BytesIO):
    """A body that comes a few bytes at a time, as over a weak network."""

    def read(self, size):
        return super().read(min(size, 7))


@pytest.mark.parametrize(("missing", "status", "kept"), [(0, 200, 1), (1, 403, 0)])
def test_an_announced_body_is_read_to_its_length_or_to_where_it_ends(client, market, secret, missing, status, kept):
    headers = {"X-Assigame-Signature": sign_body(secret, BODY)}
    own = {"wsgi.input": Pieces(BODY[: len(BODY) - missing]), "CONTENT_LENGTH": str(len(BODY))}

    answer = client.post("/webhooks/simulator", headers=headers, environ_overrides=own)

    assert (answer.status_code, market.kept.qsize()) == (status, kept)


def test_three_megabytes_are_read(client, market, secret):
    body = BODY + b" " * (3_000_000 - len(BODY))

    assert knock(client, body, sign_body(secret, body)).status_code == 200


@pytest.mark.parametrize("error", [SpoolFull(), RuntimeError("bug"), OSError("disk")])
def test_what_cannot_be_kept_is_answered_503_so_that_it_comes_again(client, market, secret, error):
    market.error = error

    answer = knock(client, BODY, sign_body(secret, BODY))

    assert (answer.status_code, answer.data) == (503, b"")


def test_whatever_becomes_of_a_courtesy_the_webhook_is_answered_200(client, market, secret):
    market.rudeness = psycopg.OperationalError("away")
    assert knock(client, BODY, sign_body(secret, BODY)).status_code == 200
    assert (market.kept.qsize(), market.courtesies) == (1, [])


@pytest.fixture
def lines():
    stream, root = io.StringIO(), logging.getLogger()
    before, level = root.handlers, root.level
    configure("production", stream)
    yield lambda: [json.loads(line) for line in stream.getvalue().splitlines()]
    root.handlers = before
    root.setLevel(level)


def test_a_failure_is_logged_by_its_class_and_without_the_message(client, market, secret, lines):
    market.error = RuntimeError("je veux 'du riz' +22890000001")

    knock(client, BODY, sign_body(secret, BODY))

    (line,) = lines()
    assert (line["event"], line["channel"], line["error"]) == ("webhook failed", "simulator", "RuntimeError")
    assert "du riz" not in str(line)
    assert "90000001" not in str(line)


@pytest.mark.parametrize(
    "method, path, status, text",
    [
        ("GET", "/nothing", 404, b"404 Not Found\n"),
        ("GET", "/webhooks/simulator", 405, b"405 Method Not Allowed\n"),
        ("POST", "/healthz", 405, b"405 Method Not Allowed\n"),
    ],
)
def test_a_wrong_address_is_told_shortly(client, method, path, status, text):
    answer = client.open(path, method=method)

    assert (answer.status_code, answer.data, answer.mimetype) == (status, text, "text/plain")


def test_a_bug_in_a_page_is_told_shortly(market):
    market.is_ready = lambda: 1 / 0
    client = webhooks.create_app(market).test_client()

    answer = client.get("/readyz")

    assert (answer.status_code, answer.data) == (500, b"500 Internal Server Error\n")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize("path", ["/healthz", "/readyz", "/metrics", "/simulator", "/nothing", "/webhooks/simulator"])
def test_every_answer_carries_the_security_headers(client, path):
    answer = client.get(path)

    assert {name: answer.headers.get(name) for name in HEADERS} == HEADERS
    assert "unsafe-inline" not in HEADERS["Content-Security-Policy"]
    assert "frame-ancestors 'none'" in HEADERS["Content-Security-Policy"]


def test_health_says_alive(client):
    answer = client.get("/healthz")

    assert (answer.status_code, answer.data) == (200, b"ok\n")


def test_readiness_names_what_is_wrong(client, market):
    assert client.get("/readyz").json == {"ready": True, "wrong": {}}

    market.wrong = {"database": "away"}
    answer = client.get("/readyz")

    assert (answer.status_code, answer.json) == (503, {"ready": False, "wrong": {"database": "away"}})


def test_metrics_count_knocks_and_time_their_answers(client, secret):
    knock(client, BODY, sign_body(secret, BODY))

    text = client.get("/metrics").text

    assert 'assigame_webhooks_total{channel="simulator",status="200"}' in text
    assert 'assigame_webhook_acknowledgement_seconds_count{channel="simulator"}' in text
    assert text.endswith("assigame_database_up 1.0\n")  # the market's own figures


@pytest.mark.parametrize("header", ["Forwarded", "X-Forwarded-For", "X-Forwarded-Proto"])
def test_the_figures_are_not_for_the_world_behind_the_proxy(client, header):
    answer = client.get("/metrics", headers={header: "for=41.207.160.9"})

    assert (answer.status_code, answer.data) == (404, b"404 Not Found\n")
    assert client.get("/healthz", headers={header: "for=41.207.160.9"}).status_code == 200


def test_a_photo_is_served_for_ever(client, config):
    folder = config.var / "media"
    folder.mkdir(parents=True)
    (folder / f"{'0a' * 32}.jpg").write_bytes(b"\xff\xd8\xffphoto")

    answer = client.get(f"/media/{'0a' * 32}.jpg")

    assert (answer.status_code, answer.data, answer.mimetype) == (200, b"\xff\xd8\xffphoto", "image/jpeg")
    assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"


def test_a_photo_of_a_list_is_served_small_for_ever(client, config):
    folder = config.var / "media"
    folder.mkdir(parents=True)
    Image.effect_noise((800, 600), 90).convert("RGB").save(folder / f"{'0a' * 32}.jpg", "JPEG")
    (folder / f"{'0b' * 32}.jpg").write_bytes(b"\xff\xd8\xffphoto")

    answer = client.get(f"/media/thumbnail/{'0a' * 32}.jpg")

    assert (answer.status_code, answer.mimetype) == (200, "image/jpeg")
    assert max(Image.open(io.BytesIO(answer.data)).size) <= 360
    assert len(answer.data) <= photos.MOST_OF_THUMBNAIL
    assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    (folder / f"{'0a' * 32}.jpg").unlink()  # it is made once
    assert client.get(f"/media/thumbnail/{'0a' * 32}.jpg").data == answer.data
    assert client.get(f"/media/thumbnail/{'0b' * 32}.jpg").status_code == 404  # which is no picture
    assert client.get("/media/thumbnail/..%2Fsecret").status_code == 404


def test_a_slow_store_of_pictures_holds_half_of_a_doors_threads_at_most(market, monkeypatch):
    released, reads = threading.Event(), []

    class Slow:
        def get(self, name):
            reads.append(name)
            released.wait(20)
            return b"\xff\xd8\xffphoto"

    monkeypatch.setattr(FakeMarket, "media", Slow())
    flask = webhooks.create_app(market)

    def look(number):
        return flask.test_client().get(f"/media/{number:064}.jpg").status_code

    half = market.config.server.threads // 2
    with ThreadPoolExecutor(half + 4) as threads:
        asked = [threads.submit(look, number) for number in range(half + 4)]
        wait_for(lambda: sum(one.done() for one in asked) == 4, "they wait for the store too")
        assert (len(reads), {one.result() for one in asked if one.done()}) == (half, {503})
        released.set()
    assert sorted(one.result() for one in asked) == [200] * half + [503] * 4
    assert look(99) == 200


def test_documents_say_that_the_database_is_away(market, monkeypatch):
    def away(kind, token):
        raise psycopg.OperationalError

    monkeypatch.setattr(market, "document", away)
    assert webhooks.create_app(market).test_client().get("/documents/receipt/token").status_code == 503


@pytest.mark.parametrize(
    "name",
    [
        "../secret",
        "..%2Fsecret",
        "%2e%2e/secret",
        "..%5Csecret",
        f"{'0a' * 32}.png",
        f"{'0A' * 32}.jpg",
        f"{'0a' * 31}.jpg",
        f"{'0a' * 32}.jpg%0a",
        f"{'0a' * 32}.jpg%00",
        f"{'0b' * 32}.jpg",
    ],
)
def test_only_photos_leave_the_folder(client, config, name):
    (config.var / "media").mkdir(parents=True)
    (config.var / "secret").write_text("SECRET_KEY=1")

    answer = client.get(f"/media/{name}")

    assert answer.status_code == 404
    assert b"SECRET_KEY" not in answer.data


def test_what_somebody_sent_is_shown_by_its_address_and_kept_by_nobody(client, market, config):
    folder = config.var / "received"
    folder.mkdir(parents=True)
    (folder / "17-1.ogg").write_bytes(b"OggS voice")
    market.files["17.1.9.ab"] = Received(17, 1, "audio", "kept", "audio/ogg", "17-1.ogg")

    answer = client.get("/received/17.1.9.ab")

    assert (answer.status_code, answer.data, answer.mimetype) == (200, b"OggS voice", "audio/ogg")
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["X-Robots-Tag"] == "noindex"
    part = client.get("/received/17.1.9.ab", headers={"Range": "bytes=0-3"})  # as players ask
    assert (part.status_code, part.data) == (206, b"OggS")


@pytest.mark.parametrize("token", ["x", "17.1.9.ac", "..%2Fsecret", "17-1.ogg", "%00"])
def test_no_other_address_shows_anything(client, market, config, token):
    (config.var / "received").mkdir(parents=True)
    (config.var / "received" / "17-1.ogg").write_bytes(b"OggS voice")

    assert client.get(f"/received/{token}").status_code == 404


def test_a_file_that_is_named_and_not_there_is_not_found(client, market, config):
    market.files["a"] = Received(17, 1, "audio", "kept", "audio/ogg", "17-1.ogg")
    assert client.get("/received/a").status_code == 404


def test_without_a_database_an_address_is_asked_for_again_later(client, market):
    market.error = psycopg.OperationalError()
    assert client.get("/received/a").status_code == 503


@pytest.mark.parametrize(
    "environment, enabled, status",
    [("demo", True, 200), ("demo", None, 404), ("demo", False, 404), ("production", None, 404)],
)
def test_the_simulator_is_there_only_where_the_settings_allow_it(config, redis, environment, enabled, status):
    section = config.simulator.model_copy(update={"enabled": enabled})
    config = config.model_copy(update={"environment": environment, "simulator": section})
    client = webhooks.create_app(FakeMarket(config, redis, {})).test_client()

    assert client.get("/simulator").status_code == status
    assert client.post("/simulator/provider/messages", data=b"{}").status_code == (403 if status == 200 else 404)


def test_production_shows_the_simulator_when_it_is_switched_on(config, redis):
    section = config.simulator.model_copy(update={"enabled": True})
    config = config.model_copy(update={"environment": "production", "simulator": section})

    assert webhooks.create_app(FakeMarket(config, redis, {})).test_client().get("/simulator").status_code == 200


def test_a_file_is_given_at_its_address_to_be_saved_and_kept_by_no_cache(client, market):
    market.documents["data", "token"] = Document("mes-donnees.json", "application/json", b"{}")
    answer = client.get("/documents/data/token")
    assert (answer.status_code, answer.data, answer.mimetype) == (200, b"{}", "application/json")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="mes-donnees.json"'
    assert (answer.headers["Cache-Control"], answer.headers["X-Robots-Tag"]) == ("no-store", "noindex")


@pytest.mark.parametrize(
    "path", ["/documents/data/other", "/documents/receipt/token", "/documents/data/", "/documents/"]
)
def test_no_other_address_has_a_file(client, market, path):
    market.documents["data", "token"] = Document("mes-donnees.json", "application/json", b"{}")
    assert client.get(path).status_code == 404
