"""Spoilt requests at the real doors, over the real stores: each is refused, or kept as an independent count says."""

import ctypes
import gc
import resource
import time
from pathlib import Path

import pytest

from base.clock import move_test_clock, use_test_clock
from bot.engine import FRESH, Taker
from tests import hostile, hostile_documents
from tests.seeds import chance_of
from webhooks import create_app

SPOILT = "+2289300{:04d}"
GOOD = "+2289400{:04d}"
PEOPLE = 30
FIRST_GOOD = 1 << 64
EVERY = 4  # so many spoilt requests stand between two good ones
SLOWEST = 5.0  # seconds of one answer
WARM = 250  # requests after which buffers have their size
MOST_GROWTH = 20 * 2**20  # bytes by which the process may grow from then on


@pytest.fixture
def knock(market):
    """Knocks at the real door, which answers in time; the status."""
    client = create_app(market).test_client()

    def one(request):
        begun = time.monotonic()
        status = client.post(
            request.path, data=request.body, query_string=request.query, content_type=request.kind,
            headers=request.headers,
        ).status_code  # fmt: skip
        took = time.monotonic() - begun
        assert took < SLOWEST, (request.spoil, took, request.body[:600])
        return status

    return one


def resident():
    """Bytes of memory that this process holds, what is free given back first: the door is in it, and no request."""
    gc.collect()
    ctypes.CDLL(None).malloc_trim(0)
    return int(Path("/proc/self/statm").read_text().split()[1]) * resource.getpagesize()


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


def good(number):
    """A message that nobody has touched."""
    return hostile.message(FIRST_GOOD + number, GOOD.format(number % PEOPLE), f"je cherche du riz {number}").seal()


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


@pytest.mark.parametrize("count", [2_000, pytest.param(10_000, marks=pytest.mark.soak)])
@pytest.mark.parametrize(
    ("spoilt", "rows_of"),
    [
        (spoilt_message, hostile.rows_of),
        (spoilt_report, hostile.rows_of),
        (spoilt_document, hostile_documents.rows_of),
    ],
)
def test_of_spoilt_requests_just_the_rows_are_kept_that_are_counted_and_their_neighbours_all(
    market, knock, chance, spoilt, rows_of, count
):
    messages, reports, seen = [], [], set()
    for number in range(count):
        if number == WARM:
            before = resident()
        request = spoilt(chance, number + 1)
        counted = rows_of(request)
        status = knock(request)
        assert (status == 200) == (counted is not None), (number, request.spoil, status, request.body[:600])
        assert status in (200, 400, 403, 413), (number, request.spoil, status)
        for row in counted or ():
            if row.is_report:
                reports.append((row.sid, row.told))
            elif row.sid not in seen:
                seen.add(row.sid)
                messages.append((request.spoil, row.sid, row.told, request.prints(row.sid)))
        if number % EVERY == 0:
            neighbour = good(number)
            assert knock(neighbour) == 200
            (row,) = hostile.rows_of(neighbour)
            messages.append(("", row.sid, GOOD.format(number % PEOPLE), neighbour.prints(row.sid)))
    assert resident() - before < MOST_GROWTH

    rows = kept_messages(market)
    for row, (spoil, sid, who, prints) in zip(rows, messages, strict=False):
        assert (spoil, row.provider_id, row.who) == (spoil, sid, who)
        assert row.print in prints, spoil
    assert len(rows) == len(messages)
    assert kept_reports(market) == reports
    assert market.spool.is_empty()


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
