"""A door that is full of webhooks says so, now and then: announcements give way."""

import pytest

from bot import storing as storing_module
from bot.gathering import Gathering
from bot.messages import Kept, Parsed, StatusReport
from bot.spool import Spool
from bot.storing import Storing
from tests.bot.stall import AWA, message_of

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


def test_who_comes_alone_is_none(said, message):
    assert said(0, message, *[REPORT] * 20) == 0


def test_reports_without_a_message_are_none(said, message, monkeypatch):
    assert said(-1, *[REPORT] * 5) == 0
    monkeypatch.setattr(storing_module, "HEARD", 0.0)
    assert said(-1, message, REPORT) == 0
