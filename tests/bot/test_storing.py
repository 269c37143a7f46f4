"""A door that is full of webhooks says so, now and then: announcements give way."""

import pytest

from bot import storing as storing_module
from bot.messages import Parsed, StatusReport
from bot.spool import Spool
from bot.storing import Storing

REPORT = Parsed(reports=(StatusReport("SM1", "delivered", 7),))


@pytest.fixture
def said(stall, tmp_path):
    """How often a door with so high a mark said that it is crowded, while so many reports came one after the other."""

    def said_by(crowd, reports):
        told = []
        known = {"twilio": stall.keeper}
        spool = Spool(tmp_path / "spool")
        storing = Storing(stall.database, spool, lambda: known, 5.0, 1.0, crowd, lambda: told.append("crowded"))
        for _ in range(reports):
            storing.keep("twilio", REPORT)
        return len(told)

    return said_by


def test_a_crowd_is_told_and_not_with_each_webhook(said, monkeypatch):
    assert said(-1, 5) == 1
    monkeypatch.setattr(storing_module, "CROWD_TOLD", 0.0)
    assert said(-1, 5) == 5


def test_who_comes_alone_is_none(said):
    assert said(0, 20) == 0
