"""What a door stores, and what it stores of the spool; one that is full of webhooks says so, now and then."""

from datetime import UTC, datetime, timedelta

import pytest
from psycopg import OperationalError

from base.db import Db
from bot import storing as storing_module
from bot.gathering import Gathering
from bot.messages import Kept, Parsed, StatusReport
from bot.spool import Spool
from bot.storing import Storing
from tests.bot.stall import AWA, KOSSI, message_of

YAWA = "+22890000003"  # nobody knows her
REPORT = Parsed(reports=(StatusReport("SM1", "delivered", 7),))


@pytest.fixture
def said(stall, tmp_path):
    """How often a door with so high a mark said that it is crowded, while these webhooks came one after the other."""

    def said_by(crowd, *webhooks):
        told = []
        known = {"twilio": stall.keeper}
        spool = Spool(tmp_path / "spool")
        storing = Storing(stall.database, spool, lambda: known, 5.0, 1.0, crowd, lambda: told.append("crowded"))
        for parsed in webhooks:
            storing.keep("twilio", parsed)
        return len(told)

    return said_by


@pytest.fixture
def message():
    """A webhook with somebody's message."""
    return Parsed(messages=(Kept(message_of("SM2", AWA, "riz"), b""),))


def test_a_crowd_is_told_and_not_with_each_webhook(said, message, monkeypatch):
    monkeypatch.setattr(storing_module, "CROWD_TOLD", 60.0)
    assert said(-1, message, *[REPORT] * 4) == 1
    monkeypatch.setattr(storing_module, "CROWD_TOLD", 0.0)
    assert said(-1, message, *[REPORT] * 4) == 5


def test_a_report_waits_for_others_but_not_in_the_spool_where_others_wait_for_it(stall, tmp_path, monkeypatch):
    patience, put = [], Gathering.put
    monkeypatch.setattr(Gathering, "put", lambda self, told, most=0.0: patience.append(most) or put(self, told))
    storing = Storing(stall.database, Spool(tmp_path / "spool"), lambda: {"twilio": stall.keeper}, 5.0, 1.0)
    storing.keep("twilio", REPORT)
    storing.spool.put("twilio", REPORT)
    assert storing.drain() == 1
    assert patience == [storing_module.REPORT_WAITS, 0.0]


@pytest.fixture
def called(stall, tmp_path):
    """What the taker hears of these webhooks, each time with how many messages are stored then."""

    def called_by(*webhooks, spooled=()):
        heard = []

        def wake(due):
            heard.append((list(due), stall.value("select count(*) from inbox where provider_id like 'SM%%'")))

        storing = Storing(
            stall.database, Spool(tmp_path / "spool"), lambda: {"twilio": stall.keeper}, 5.0, 1.0, wake=wake
        )
        for parsed in webhooks:
            storing.keep("twilio", parsed)
        for parsed in spooled:
            storing.spool.put("twilio", parsed)
        storing.drain()
        return heard

    return called_by


def chat_of(stall, phone):
    return stall.value(
        "select c.id from conversation c join identity i using (account_id, contact_id) where i.value = %(phone)s",
        phone=phone,
    )


def test_the_taker_hears_of_a_message_as_soon_as_it_is_stored_and_of_nothing_else(stall, called):
    heard = called(alone(1, AWA), REPORT, alone(1, AWA), alone(2, YAWA))
    assert heard == [([(chat_of(stall, AWA), 0.0)], 1), ([(chat_of(stall, YAWA), 0.0)], 2)]


def test_the_taker_hears_of_what_waited_in_the_spool(stall, called):
    heard = called(spooled=[alone(1, AWA), alone(2, KOSSI), REPORT])
    assert heard == [([(chat_of(stall, AWA), 0.0), (chat_of(stall, KOSSI), 0.0)], 2)]


def test_who_comes_alone_is_none(said, message):
    assert said(0, message, *[REPORT] * 20) == 0


def test_reports_without_a_message_are_none(said, message, monkeypatch):
    assert said(-1, *[REPORT] * 5) == 0
    monkeypatch.setattr(storing_module, "HEARD", 0.0)
    assert said(-1, message, REPORT) == 0


@pytest.fixture
def drained(stall, tmp_path, monkeypatch):
    """The statements that it takes to drain these webhooks of known people, whose chats were begun before."""

    def drained_of(*webhooks):
        storing = Storing(stall.database, Spool(tmp_path / "spool"), lambda: {"twilio": stall.keeper}, 5.0, 1.0)
        for parsed in webhooks:
            storing.spool.put("twilio", parsed)
        said, run = [], Db._executed
        with monkeypatch.context() as patch:
            patch.setattr(Db, "_executed", lambda db, sql, values: said.append(sql) or run(db, sql, values))
            assert storing.drain() == len(webhooks)
        return len(said)

    return drained_of


def alone(number, phone, **said):
    return Parsed(messages=(Kept(message_of(f"SM{number}", phone, f"riz {number}", **said), b""),))


def kept(stall):
    return [
        row.provider_id for row in stall.rows("select provider_id from inbox where provider_id like 'SM%%' order by id")
    ]


def test_what_waits_in_the_spool_is_stored_with_one_statement_for_twenty(stall, drained):
    talk = [alone(number, (AWA, KOSSI)[number % 2]) for number in range(20)]
    reports = [Parsed(reports=(StatusReport(f"SM9{number}", "delivered"),)) for number in range(20)]
    both = [parsed for pair in zip(talk, reports, strict=True) for parsed in pair]
    assert drained(*both) == 2
    assert kept(stall) == [f"SM{number}" for number in range(20)]
    assert stall.value("select count(*) from status_report") == 20


def test_what_waits_of_people_whom_nobody_knows_is_stored_in_its_order(stall, drained):
    both = Parsed(messages=tuple(kept for number in (5, 6) for kept in alone(number, YAWA).messages))
    drained(alone(1, YAWA), alone(2, AWA), alone(3, YAWA), both, alone(7, YAWA))
    assert kept(stall) == ["SM2", "SM1", "SM3", "SM5", "SM6", "SM7"]  # each one's own in its order


def test_what_waits_is_stored_in_the_providers_order(stall, drained):
    late, early = (datetime(2026, 11, 30, 9, 0, second, tzinfo=UTC) for second in (2, 1))
    drained(alone(1, AWA, sent_at=late), alone(2, AWA, sent_at=early))
    assert kept(stall) == ["SM2", "SM1"]


def test_a_webhook_of_many_messages_is_stored_a_few_at_a_time_and_each_of_them_once(stall, tmp_path, monkeypatch):
    keep, sizes, woken = storing_module.inbox.keep, [], []

    def falters(db, keeper, parsed):
        sizes.append((len(parsed.messages), len(parsed.reports)))
        if len(sizes) == 2:
            raise OperationalError
        return keep(db, keeper, parsed)

    monkeypatch.setattr(storing_module.inbox, "keep", falters)
    at = datetime(2026, 11, 30, 9, 0, tzinfo=UTC)
    said = [alone(number, AWA, sent_at=at + timedelta(seconds=120 - number)).messages[0] for number in range(120)]
    storing = Storing(
        stall.database, Spool(tmp_path / "spool"), lambda: {"twilio": stall.keeper}, 5.0, 1.0, wake=woken.append
    )
    many = Parsed(messages=tuple(said), reports=REPORT.reports)
    assert storing.keep("twilio", many) is None  # the second portion met a database that was away
    assert (storing.drain(), storing.spool.is_empty()) == (1, True)
    assert sizes == [(50, 0), (50, 0), (50, 0), (50, 0), (20, 1)]
    assert kept(stall) == [f"SM{number}" for number in reversed(range(120))]
    assert [len(due) for due in woken] == [50, 50, 20]
    assert stall.value("select count(*) from status_report") == 1
