"""Every code of the reference table means what it says there."""

import pytest

from bot.messages import Refused
from handlers.twilio_whatsapp.errors import MEANINGS, failure, refusal

MINUTE, DAY = 60.0, 86400.0
# channels.md §1.7, line by line: codes, kind, seconds to wait, most retries
TABLE = [
    ((20003,), "account", None, None),
    ((20404,), "content", None, None),
    ((20429,), "busy", None, None),
    ((21211, 21614), "unreachable", None, None),
    ((21408,), "account", None, None),
    ((21610,), "opted_out", None, None),
    ((21611, 30001), "busy", MINUTE, None),
    ((21617,), "content", None, None),
    ((21620, 63019), "content", None, None),
    ((21655, 21656), "content", None, None),
    ((21703, 21705, 63007, 63002, 63008, 21910), "account", None, None),
    ((30002, 63051), "account", None, None),
    ((30007, 63013, 63026), "final", None, None),
    ((30008, 63009, 63010, 63012, 63023, 63037), "busy", None, 3),
    ((30410,), "busy", None, 1),
    ((63001,), "account", None, None),
    ((63003,), "unreachable", None, None),
    ((63005, 63006, 63021), "content", None, None),
    ((63014,), "unreachable", None, None),
    ((63015,), "unreachable", None, None),
    ((63016,), "window", None, None),
    ((63017, 63018), "busy", 6.0, None),
    ((63020,), "account", None, None),
    ((63022,), "account", None, None),
    ((63024,), "unreachable", None, None),
    ((63027, 63028, 63040, 63041, 63042), "content", None, None),
    ((63029,), "busy", None, 1),
    ((63030, 63031), "content", None, None),
    ((63032,), "final", None, None),
    ((63033,), "unreachable", None, None),
    ((63034, 11751), "content", None, None),
    ((63038,), "busy", DAY, None),
    ((63049,), "busy", DAY, 1),
    ((63062,), "account", None, None),
]
TEMPLATES = {63027: "missing", 63040: "rejected", 63041: "paused", 63042: "disabled"}
ROWS = [(code, *meaning) for codes, *meaning in TABLE for code in codes]


@pytest.mark.parametrize("code, kind, wait, most_tries", ROWS)
def test_a_code_means_the_same_at_once_and_later(code, kind, wait, most_tries):
    told = Refused(kind, str(code), wait, most_tries, TEMPLATES.get(code, ""))
    assert refusal(code, 400, None) == told
    assert failure(code) == told


def test_the_table_has_no_code_more_or_less():
    assert MEANINGS.keys() == {row[0] for row in ROWS}
    assert len(ROWS) == len(MEANINGS)


def test_the_longer_wait_counts():
    assert refusal(63018, 429, 30.0) == Refused("busy", "63018", 30.0)
    assert refusal(63018, 429, 2.0) == Refused("busy", "63018", 6.0)
