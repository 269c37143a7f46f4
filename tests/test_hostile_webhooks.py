"""Spoilt requests at the real doors, over the real stores: each is refused, or kept as an independent count says."""

import os
import resource
import time
from contextlib import suppress
from pathlib import Path

import pytest
import urllib3

from base.clock import move_test_clock, use_test_clock
from base.config import ROOT
from bot.engine import FRESH, Taker
from tests import hostile, hostile_cloud, hostile_documents, hostile_page, hostile_wire
from tests.conftest import VARIABLES
from tests.faults.crash_points import DEADLY, LEAVES_TURNS
from tests.ports import free_port
from tests.processes.house import KEPT, STARTS_WITHIN, WEB, Process, check_log
from tests.seeds import chance_of
from tests.waiting import wait_for
from webhooks import create_app

SPOILT = "+2289300{:04d}"
GOOD = "+2289400{:04d}"
SECRETS = [VARIABLES[name] for name in ("SECRET_KEY", "SIMULATOR_SECRET", "TWILIO_AUTH_TOKEN")]
SECRETS += [hostile_cloud.SECRET, hostile_cloud.SETTINGS["WHATSAPP_ACCESS_TOKEN"]]
SECRETS += [hostile_page.SECRET, hostile_page.SETTINGS["MESSENGER_PAGE_TOKEN"]]
PEOPLE = 30
FIRST_GOOD = 1 << 64
EVERY = 4  # so many spoilt requests stand between two good ones
SLOWEST = 5.0  # seconds of one answer
# Bytes by which the door may grow in the second half. What the largest bodies are taken apart into leaves up to 29 MiB
# of half-used pages behind, at some moment of any half, and no more after it.
MOST_GROWTH = 40 * 2**20


class Door:
    """A web process of its own on this market's stores, which leaves turns to others, and one line to it."""

    def __init__(self, market, folder):
        self.port = free_port()
        stores = {"DATABASE_URL": str(market.config.database.url), "REDIS_URL": str(market.config.redis.url)}
        kept = {name: os.environ[name] for name in KEPT if name in os.environ}
        environ = kept | VARIABLES | stores | {"ASSIGAME_VAR": str(market.config.var), "PYTHONPATH": str(ROOT)}
        environ |= hostile_cloud.SETTINGS
        environ |= hostile_page.SETTINGS
        environ |= {"PORT": str(self.port), "ASSIGAME__DATABASE__STORE_WITHIN_SECONDS": "60", LEAVES_TURNS: "1"}
        command = [*WEB.split(), "--port", str(self.port), DEADLY["web_app"]]
        self.process = Process("web", command, environ, folder)
        self.line = hostile_wire.Line(self.port)

    def start(self):
        self.process.start()
        wait_for(self.is_open, "the door does not open", STARTS_WITHIN)
        return self

    def is_open(self):
        with suppress(urllib3.exceptions.HTTPError):
            return urllib3.request("GET", f"http://127.0.0.1:{self.port}/healthz", retries=False).status == 200
        return False

    def ask(self, sent):
        """The status of an answer that comes in time."""
        begun = time.monotonic()
        status = self.line.ask(sent)
        took = time.monotonic() - begun
        assert took < SLOWEST, (took, sent.pieces[0][:600])
        return status

    def resident(self):
        """Bytes of memory that the process and its children hold."""
        pids = [self.process.popen.pid]
        for pid in pids:
            pids += map(int, Path(f"/proc/{pid}/task/{pid}/children").read_text().split())
        pages = (int(Path(f"/proc/{pid}/statm").read_text().split()[1]) for pid in pids)
        return sum(pages) * resource.getpagesize()

    def close(self):
        self.line.close()
        self.process.kill()


@pytest.fixture
def door(market, tmp_path):
    door = Door(market, tmp_path)
    try:
        yield door.start()
    finally:
        door.close()
    told = door.process.log.read_text(errors="replace")
    check_log(told, SECRETS, set(), {"zoblo", "je cherche"})
    assert "level=error" not in told, told[-3000:]


@pytest.fixture
def chance():
    """HOSTILE_SEED spoils the same forms again; a failing run prints it."""
    return chance_of("HOSTILE_SEED")


def spoilt_message(chance, number):
    return hostile.spoilt_message(chance, number, SPOILT.format(number % PEOPLE))


def spoilt_report(chance, number):
    return hostile.spoilt_report(chance, number, SPOILT.format(number % PEOPLE))


def spoilt_document(chance, number):
    return hostile_documents.spoilt(chance, number, SPOILT.format(number % PEOPLE))


def spoilt_batch(chance, number):
    return hostile_cloud.spoilt(chance, number, SPOILT.format(number % PEOPLE))


def spoilt_page(chance, number):
    return hostile_page.spoilt(chance, number, SPOILT.format(number % PEOPLE))


# what nobody has touched


def good_message(number):
    return hostile.message(FIRST_GOOD + number, GOOD.format(number % PEOPLE), f"je cherche du riz {number}").seal()


def good_report(number):
    statuses = list(hostile.STATUSES)
    return hostile.report(FIRST_GOOD + number, GOOD.format(number % PEOPLE), statuses[number % len(statuses)]).seal()


def good_document(number):
    return hostile_documents.document(FIRST_GOOD + number, GOOD.format(number % PEOPLE)).seal()


def good_batch(number):
    return hostile_cloud.batch(FIRST_GOOD + number, GOOD.format(number % PEOPLE)).seal()


def good_page(number):
    return hostile_page.batch(FIRST_GOOD + number, GOOD.format(number % PEOPLE)).seal()


class Books:
    """What the doors must have kept, by the count of what they were told."""

    def __init__(self):
        self.messages, self.reports, self._seen = [], [], set()

    def add(self, request, rows):
        for row in rows:
            if row.is_report:
                self.reports.append((row.sid, row.told))
            elif row.sid not in self._seen:
                self._seen.add(row.sid)
                self.messages.append((request.spoil, row.sid, row.told, request.prints(row.sid)))

    def check(self, market):
        rows = kept_messages(market)
        for row, (spoil, sid, who, prints) in zip(rows, self.messages, strict=False):
            assert (spoil, row.provider_id, row.who) == (spoil, sid, who)
            assert row.print in prints, spoil
        assert len(rows) == len(self.messages)
        assert kept_reports(market) == self.reports
        assert market.spool.is_empty()


def kept_messages(market):
    """(id, who, SHA-256 of the bytes as received) of each row, in order."""
    with market.database.unit_of_work() as db:
        return db.rows(
            "select provider_id, message->'sender'->'identities'->0->>'value' as who,"
            " encode(sha256(raw), 'hex') as print from inbox order by id"
        )


def kept_reports(market):
    with market.database.unit_of_work() as db:
        return [tuple(row) for row in db.rows("select provider_id, status from status_report order by id")]


@pytest.mark.parametrize("count", [600, pytest.param(10_000, marks=pytest.mark.soak)])
@pytest.mark.parametrize(
    ("spoilt", "good", "rows_of", "told"),
    [
        (spoilt_message, good_message, hostile.rows_of, (1, 0)),
        (spoilt_report, good_report, hostile.rows_of, (0, 1)),
        (spoilt_document, good_document, hostile_documents.rows_of, (2, 2)),
        (spoilt_batch, good_batch, hostile_cloud.rows_of, (5, 2)),
        (spoilt_page, good_page, hostile_page.rows_of, (9, 2)),
    ],
    ids=["messages", "reports", "documents", "batches", "pages"],
)
def test_of_spoilt_requests_just_the_rows_are_kept_that_are_counted_and_their_neighbours_all(
    market, door, chance, spoilt, good, rows_of, told, count
):
    books = Books()
    for number in range(count):
        if number == count // 2:
            before = door.resident()
        request = spoilt(chance, number + 1)
        sent = hostile_wire.sent(chance, request)
        heard = None if sent.body is None else request.heard_as(sent.body)
        counted = None if heard is None else rows_of(heard)
        status = door.ask(sent)
        met = number, request.spoil, sent.pieces[0][:600], status
        assert (status == 200) == (counted is not None), met
        assert status in (200, 400, 403, 413) or (status == 0 and is_too_long(sent)), met
        books.add(heard, counted or ())
        if number % EVERY == 0:
            neighbour = good(number)
            assert door.ask(hostile_wire.whole(chance, neighbour)) == 200
            rows = rows_of(neighbour)
            assert [row.is_report for row in rows] == [False] * told[0] + [True] * told[1]
            books.add(neighbour, rows)
    assert door.resident() - before < MOST_GROWTH
    books.check(market)


TWICE = b"X-Twilio-Signature: x\r\n"
ODD_HEADS = {  # what stands in the place of a piece of a good message's head
    "a method in small letters": (b"POST", b"post", 400),
    "a method of two words": (b"POST", b"PO ST", 400),
    "no method that anybody knows": (b"POST", b"ZOBLO", 405),
    "an address with a host": (b"/webhooks", b"http://other.example/webhooks", 200),
    "an address of no text": (b"/webhooks", b"/\xff", 400),
    "an address without end": (b"/webhooks", b"/" + b"x" * 70_000, 414),
    "a version of years to come": (b"HTTP/1.1", b"HTTP/9.9", 400),
    "a version of long ago": (b"HTTP/1.1", b"HTTP/1.0", 200),
    "no host": (b"Host: market.example\r\n", b"", 200),
    "a name of two words": (b"Host", b"X Y: z\r\nHost", 400),
    "a name of no text": (b"Host", b"X\xff: z\r\nHost", 400),
    "a folded line": (b"\r\nHost", b"\r\n Host", 400),
    "a NUL": (b"Host", b"X: a\x00b\r\nHost", 400),
    "too many lines": (b"Host", b"".join(b"a%d: b\r\n" % number for number in range(200)) + b"Host", 431),
    "a wrong signature before the right one": (b"Host", TWICE + b"Host", 403),
    "a wrong signature behind the right one": (b"Content-Length", TWICE + b"Content-Length", 403),
    "a name that becomes the same": (b"Content-Length", b"X_Twilio_Signature: x\r\nContent-Length", 200),
    "a packed body that is none": (b"Host", b"Content-Encoding: gzip\r\nHost", 200),
    "a question before the body": (b"Host", b"Expect: 100-continue\r\nHost", 200),
    "another protocol": (b"Host", b"Connection: upgrade\r\nUpgrade: websocket\r\nHost", 200),
    "two ways to end": (b"Host", b"Transfer-Encoding: chunked\r\nHost", 403),
}


def test_odd_heads_are_answered_and_leave_no_row_but_where_the_signature_is_right(market, door):
    books, told = Books(), {}
    for number, (name, (old, new, _)) in enumerate(ODD_HEADS.items()):
        request = good_message(number)
        (piece,) = hostile_wire.whole(None, request).pieces
        assert old in piece
        told[name] = door.ask(hostile_wire.Sent([piece.replace(old, new, 1)], None, is_last=True))
        books.add(request, hostile.rows_of(request) if told[name] == 200 else ())
    assert told == {name: status for name, (_, _, status) in ODD_HEADS.items()}
    books.check(market)


def is_too_long(sent):
    """A door may cut the line of whoever goes on talking after it has refused, and its answer is lost with it."""
    return sum(map(len, sent.pieces)) > hostile.MOST_BYTES


@pytest.fixture
def knock(market):
    """Knocks at the door of this process; the status."""
    client = create_app(market).test_client()
    return lambda request: (
        client.post(
            request.path,
            data=request.body,
            query_string=request.query,
            content_type=request.kind,
            headers=request.headers,
        ).status_code
    )


@pytest.mark.soak
def test_whatever_spoilt_forms_leave_in_the_inbox_is_answered(market, knock, chance):
    use_test_clock(market.database)
    for number in range(3_000):
        knock(hostile.spoilt_message(chance, number + 1, SPOILT.format(number)))
    taker = Taker(market.bot, succeeded=FRESH)
    taken = 1
    while taken:
        move_test_clock(market.database, market.config.timing.joins_words_most)
        taken = taker.take_waiting()

    with market.database.unit_of_work() as db:
        counts = dict(tuple(row) for row in db.rows("select state, count(*) from inbox group by 1"))
        unanswered = db.value("select count(*) from turn where jsonb_array_length(said) = 0")
    assert counts.keys() == {"done"}
    assert counts["done"] > 1_000
    assert unanswered == 0
