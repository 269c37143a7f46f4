"""What the fake Twilio's sends meet by chance, and what they surely meet."""

import time
from itertools import islice

import pytest

from bot.messages import Identity, Letter, Outgoing
from tests.fakes.twilio import FakeTwilio
from tests.fakes.twilio_moods import Lot, Moods
from tests.handlers.twilio_whatsapp.conftest import account_of

SHARES = {"429": 0.03, "500_accepted": 0.02, "hang": 0.0}
LETTER = Letter(1, Identity("phone", "+22890123456"), Outgoing("Bonjour"))


def lots(moods, number):
    return list(islice(iter(moods.draw, None), number))


@pytest.mark.parametrize("seed", range(20))
def test_each_fault_is_met_once_and_unreported_before_chance_decides(seed):
    first = lots(Moods(SHARES, seed, loses=0.01), len(SHARES))
    assert {lot.mode for lot in first} == set(SHARES)
    assert not any(lot.is_reported for lot in first)


def test_shares_are_kept_in_the_long_run_and_the_same_seed_gives_the_same():
    moods = Moods(SHARES, 7, loses=0.3, listed_within=3.0)
    drawn = lots(moods, 10_000)
    assert drawn == lots(Moods(SHARES, 7, loses=0.3, listed_within=3.0), 10_000)
    assert moods.met["hang"] == 1
    assert (250 < moods.met["429"] < 350, 150 < moods.met["500_accepted"] < 250) == (True, True)
    assert 2800 < sum(not lot.is_reported for lot in drawn) < 3200
    late = [lot.listed_after for lot in drawn]
    assert (min(late) < 0.1, 2.9 < max(late) <= 3.0) == (True, True)


def test_with_nothing_lost_or_late_a_lot_is_as_ever():
    assert set(lots(Moods({}, 1), 100)) == {Lot("ok")}


def test_of_a_message_whose_report_is_lost_nobody_hears_and_the_list_shows_it_late(channel):
    with FakeTwilio(web="http://127.0.0.1:1") as fake:
        fake.mix({}, 1, loses=1.0, listed_within=1000.0)
        channel.send(account_of(fake), LETTER)
        fake.settle()
        (message,) = fake.messages
        assert (fake.posted, message.status) == ([], "read")  # its report has no way to us
        assert message.listed_at > time.monotonic()
