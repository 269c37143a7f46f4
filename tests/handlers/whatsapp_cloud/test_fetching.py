"""A file is fetched in two steps, the token is shown to Meta's hosts alone, and too much is never read."""

import json
from base64 import b64encode
from hashlib import sha256

import pytest

from bot.messages import Media
from bot.provider_answers import FetchedFile, NoFile, NotNow
from handlers.whatsapp_cloud.digests import reference_of
from tests.fakes.canned_host import CannedHost
from tests.fakes.graph_cloud import TOKEN, error
from tests.files import OGG

MOST = 1000


@pytest.fixture
def other():
    """A host beside Meta's, that would give the file to anybody."""
    with CannedHost(OGG) as running:
        yield running


def fetch(channel, account, media_id, most=MOST):
    return channel.fetch(account, Media("audio", media_id), most)


def test_a_file_is_fetched_by_its_id_with_the_accounts_token(fake, account, channel):
    assert fetch(channel, account, fake.keeps(OGG)) == FetchedFile(OGG)
    (first, second) = fake.asked
    assert first[1] == "/v25.0/1013859600285441"
    assert first[2]["phone_number_id"] == ["106540352242922"]
    assert second[1:3] == ("/files/1013859600285441", {})
    assert second[3]["authorization"] == f"Bearer {TOKEN}"


def test_a_file_on_a_named_media_host_is_fetched_there_with_the_token(fake, account, channel, other):
    named = account.model_copy(update={"media_hosts": ("localhost",)})
    media_id = fake.keeps(b"", url=f"{other.url}/f".replace("127.0.0.1", "localhost"))
    assert fetch(channel, named, media_id) == FetchedFile(OGG)
    assert [asked["authorization"] for asked in other.asked] == [f"Bearer {TOKEN}"]


def test_a_host_below_a_named_one_is_one_of_them_and_no_other(fake, account, channel, other):
    port = other.url.rpartition(":")[2]
    named = account.model_copy(update={"media_hosts": (".localhost",)})
    assert fetch(channel, named, fake.keeps(b"", url=f"http://evillocalhost:{port}/f")) == NoFile("host_refused")


@pytest.mark.parametrize(
    "address",
    [
        "http://localhost:{port}/f",
        "http://127.0.0.1:{port}/f",
        "https://127.0.0.1:{port}/f",
        "http://lookaside.fbsbx.com@127.0.0.1:{port}/f",
        "http://127.0.0.1:{port}\\@lookaside.fbsbx.com/f",
        "http://lookaside.fbsbx.com\\@127.0.0.1:{port}/f",
        "http://127.0.0.1:{port}#lookaside.fbsbx.com/",
        "http://127.0.0.1:{port}",
        "//127.0.0.1:{port}/f",
        "file:///etc/passwd",
        "http://[::1/",
        "http://127.0.0.1:{port}/f\r\nx: y",
        "http://127.0.0.1:{port}/é",
    ],
)
def test_a_file_of_any_other_host_is_not_asked_for(fake, account, channel, other, address):
    media_id = fake.keeps(b"", url=address.format(port=other.url.rpartition(":")[2]))
    assert fetch(channel, account, media_id) == NoFile("host_refused")
    assert other.asked == []
    assert len(fake.asked) == 1


def test_a_redirect_to_a_named_host_goes_without_the_token_and_to_another_not_at_all(fake, account, channel, other):
    away = other.url.replace("127.0.0.1", "localhost")
    media_id = fake.keeps((302, b"", {"Location": f"{away}/f"}))
    assert fetch(channel, account, media_id) == NoFile("127.0.0.1: redirect to localhost refused")
    assert other.asked == []
    named = account.model_copy(update={"media_hosts": ("localhost",)})
    assert fetch(channel, named, media_id) == FetchedFile(OGG)
    assert ["authorization" in asked for asked in other.asked] == [False]


@pytest.mark.parametrize("size", [MOST + 1, str(MOST + 1), 10**30])
def test_a_file_that_is_said_to_be_too_large_is_not_asked_for(fake, account, channel, size):
    assert fetch(channel, account, fake.keeps(OGG, file_size=size)) == NoFile("too_large")
    assert len(fake.asked) == 1


@pytest.mark.parametrize("size", [None, "no", -1, True, [], "1" * 30])
def test_more_than_was_asked_for_is_not_read_whatever_was_said(fake, account, channel, size):
    assert fetch(channel, account, fake.keeps(b"x" * (MOST + 1), file_size=size)) == NoFile("too_large")
    assert len(fake.asked) == 2


@pytest.mark.parametrize(
    "status, document, expected",
    [
        (404, {}, NoFile("status_404", is_gone=True)),
        (400, json.loads(error(100, error_subcode=33)), NoFile("code_100", is_gone=True)),
        (400, json.loads(error(131009)), NoFile("code_131009")),
        (401, json.loads(error(190)), NotNow("code_190")),
        (429, json.loads(error(4)), NotNow("code_4")),
        (500, json.loads(error(1)), NotNow("code_1")),
        (503, b"<html>", NotNow("status_503")),
        (400, b"<html>", NoFile("status_400")),
        (200, b"<html>", NotNow("unreadable_answer")),
        (200, [], NotNow("unreadable_answer")),
        (200, {"url": ["x"]}, NotNow("unreadable_answer")),
    ],
)
def test_what_graph_says_of_an_id_is_believed(fake, account, channel, status, document, expected):
    fake.files["7"] = (status, document)
    assert fetch(channel, account, "7") == expected


@pytest.mark.parametrize("status", [404, 410, 500])
def test_an_address_that_leads_nowhere_is_asked_for_anew(fake, account, channel, status):
    media_id = fake.keeps((status, b"no"))
    assert fetch(channel, account, media_id) == NotNow(f"status_{status}")
    assert fetch(channel, account, media_id) == NotNow(f"status_{status}")
    assert [path for _, path, _, _ in fake.asked[::2]] == [f"/v25.0/{media_id}"] * 2


@pytest.mark.parametrize("reference", ["", "../me", "1/2", "1?x", "é", "1" * 129, "https://lookaside.fbsbx.com/1"])
def test_what_is_no_media_id_is_not_asked_for(fake, account, channel, reference):
    assert fetch(channel, account, reference) == NoFile("no_media_id")
    assert fake.asked == []


def test_nobody_at_home_is_asked_again_later(fake, account, channel):
    assert fetch(channel, account.model_copy(update={"api_base": "http://127.0.0.1:9"}), "7") == NotNow("not_sent")


DIGEST = sha256(OGG).digest()
RIGHT = [DIGEST.hex(), DIGEST.hex().upper(), b64encode(DIGEST).decode()]
WRONG = [sha256(b"other").hexdigest(), b64encode(sha256(b"other").digest()).decode()]


@pytest.mark.parametrize("told", RIGHT)
def test_the_bytes_that_were_told_of_are_taken(fake, account, channel, told):
    assert fetch(channel, account, fake.keeps(OGG, sha256=told)) == FetchedFile(OGG)
    assert fetch(channel, account, reference_of(fake.keeps(OGG), told)) == FetchedFile(OGG)
    assert [path for _, path, _, _ in fake.asked[::2]] == ["/v25.0/1013859600285441"] * 2


@pytest.mark.parametrize("told", WRONG)
def test_other_bytes_than_were_told_of_are_asked_for_again(fake, account, channel, told):
    assert fetch(channel, account, fake.keeps(OGG, sha256=told)) == NotNow("other_bytes")
    assert fetch(channel, account, reference_of(fake.keeps(OGG), told)) == NotNow("other_bytes")


def test_one_of_two_tellings_is_enough(fake, account, channel):
    assert fetch(channel, account, reference_of(fake.keeps(OGG, sha256=WRONG[0]), RIGHT[2])) == FetchedFile(OGG)
    assert fetch(channel, account, reference_of(fake.keeps(OGG, sha256=RIGHT[0]), WRONG[1])) == FetchedFile(OGG)


@pytest.mark.parametrize("told", [None, 7, [], "", "no", "é" * 64, "0" * 63, "=" * 44, RIGHT[0] + "\n"])
def test_what_is_no_digest_is_not_looked_at(fake, account, channel, told):
    media_id = fake.keeps(OGG, sha256=told)
    assert fetch(channel, account, reference_of(media_id, told)) == FetchedFile(OGG)
    assert reference_of(media_id, told) == media_id
