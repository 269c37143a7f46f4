"""Spoilt forms at Twilio's real door, over the real stores: each is refused, or kept as channels.md says."""

import pytest

from base.clock import move_test_clock, use_test_clock
from bot.engine import FRESH, Taker
from tests.hostile import message, rows_of, spoilt
from tests.seeds import chance_of
from webhooks import create_app

SPOILT = "+2289300{:04d}"
GOOD = "+2289400{:04d}"
PEOPLE = 30
FIRST_GOOD = 1 << 64


@pytest.fixture
def knock(market):
    """Knocks at the real door; the status."""
    client = create_app(market).test_client()

    def one(request):
        return client.post(
            request.path, data=request.body, query_string=request.query, content_type=request.kind,
            headers=request.headers,
        ).status_code  # fmt: skip

    return one


@pytest.fixture
def chance():
    """HOSTILE_SEED spoils the same forms again; a failing run prints it."""
    return chance_of("HOSTILE_SEED")


def good(number):
    """A message that nobody has touched."""
    return message(FIRST_GOOD + number, GOOD.format(number % PEOPLE), f"je cherche du riz {number}").seal()


def kept_messages(market):
    """(id, who, the bytes as received) of each row, in order."""
    with market.database.unit_of_work() as db:
        return db.rows(
            "select provider_id, message->'sender'->'identities'->0->>'value' as who, raw from inbox order by id"
        )


def kept_reports(market):
    with market.database.unit_of_work() as db:
        return [tuple(row) for row in db.rows("select provider_id, status from status_report order by id")]


@pytest.mark.parametrize("count", [500, pytest.param(10_000, marks=pytest.mark.soak)])
def test_of_spoilt_forms_just_the_rows_are_kept_that_channels_md_counts_and_their_neighbours_all(
    market, knock, chance, count
):
    messages, reports, seen = [], [], set()
    for number in range(count):
        for request in (spoilt(chance, number + 1, SPOILT.format(number % PEOPLE)), good(number)):
            counted = rows_of(request)
            status = knock(request)
            assert (status == 200) == (counted is not None), (number, request.spoil, status, request.body[:600])
            assert status in (200, 400, 403, 413), (number, request.spoil, status)
            for row in counted or ():
                if row.is_report:
                    reports.append((row.sid, row.told))
                elif row.sid not in seen:
                    seen.add(row.sid)
                    messages.append((row.sid, row.told, request.spoil, request.body))

    rows = kept_messages(market)
    for row, (sid, who, spoil, body) in zip(rows, messages, strict=False):
        assert (spoil, row.provider_id, row.who, bytes(row.raw)[:2000]) == (spoil, sid, who, body[:2000])
        assert bytes(row.raw) == body
    assert len(rows) == len(messages)
    assert kept_reports(market) == reports
    assert {f"SM{FIRST_GOOD + number:032x}" for number in range(count)} <= seen
    assert market.spool.is_empty()


@pytest.mark.soak
def test_whatever_spoilt_forms_leave_in_the_inbox_is_answered(market, knock, chance):
    use_test_clock(market.database)
    for number in range(3_000):
        knock(spoilt(chance, number + 1, SPOILT.format(number)))
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
