"""Every code of the reference table means what it says there."""

import pytest

from bot.messages import Refused
from handlers.whatsapp_cloud.errors import MEANINGS, failure, is_known, refusal

MINUTE, HOUR, DAY = 60.0, 3600.0, 86400.0
# channels.md §2.10, line by line: codes, kind, seconds to wait, most retries
TABLE = [
    ((0, 190), "account", None, None),
    ((3, 10, 131005, *range(200, 300)), "account", None, None),
    ((1, 2, 131016, 133004), "busy", None, None),
    ((131000,), "busy", None, 3),
    ((4, 80007), "busy", 2 * MINUTE, None),
    ((130429,), "busy", 5.0, None),
    ((131056,), "busy", 6.0, None),
    ((131048,), "busy", 15 * MINUTE, None),
    ((131064,), "account", None, None),
    ((133016,), "busy", HOUR, None),
    ((33,), "account", None, None),
    ((100,), "content", None, None),
    ((368, 131031, 130497), "account", None, None),
    ((130403,), "unreachable", None, None),
    ((130472,), "final", None, None),
    ((131008, 131009, 135000), "content", None, None),
    ((131021,), "final", None, None),
    ((131026,), "unreachable", None, None),
    ((131030,), "unreachable", None, None),
    ((131037, 131045, 133010), "account", None, None),
    ((131042, 131044), "account", None, None),
    ((131047,), "window", None, None),
    ((131049,), "busy", DAY, 1),
    ((131050,), "no_marketing", None, None),
    ((131051,), "content", None, None),
    ((131052, 131053), "content", None, None),
    ((131057,), "busy", 90.0, None),
    ((131062,), "final", None, None),
    ((131063,), "final", None, None),
    ((132000, 132005, 132007, 132008, 132012, 132018), "content", None, None),
    ((132001,), "content", None, None),
    ((132015, 132016), "content", None, None),
    ((132068,), "content", None, None),
    ((132069,), "busy", HOUR, None),
    ((134100, 134101, 134102, 131055), "content", None, None),
    ((137000,), "unreachable", None, None),
    ((131014,), "content", None, None),
]
TEMPLATES = {132001: "missing", 132015: "paused", 132016: "disabled"}
ROWS = [(code, *row[1:]) for row in TABLE for code in row[0]]


@pytest.mark.parametrize("code, kind, wait, most_tries", ROWS)
def test_a_code_means_the_same_at_once_and_later(code, kind, wait, most_tries):
    told = Refused(kind, str(code), wait, most_tries, TEMPLATES.get(code, ""))
    assert refusal(code, 400, None) == failure(code) == told
    assert is_known(code)


def test_the_table_has_no_other_codes():
    assert set(MEANINGS) == {row[0] for row in ROWS}
    assert not is_known(None)
    assert not is_known(139999)


@pytest.mark.parametrize(
    "code, status, wait, expected",
    [
        (None, 401, None, Refused("account", "http_401")),
        (None, 403, None, Refused("account", "http_403")),
        (None, 429, 30.0, Refused("busy", "http_429", 30.0)),
        (None, 408, None, Refused("busy", "http_408")),
        (None, 302, None, Refused("account", "http_302")),
        (None, 404, None, Refused("content", "http_404")),
        (139999, 400, None, Refused("content", "139999")),
        (139999, 429, None, Refused("busy", "139999")),
        (130429, 429, 30.0, Refused("busy", "130429", 30.0)),
        (131056, 400, 2.0, Refused("busy", "131056", 6.0)),
    ],
)
def test_without_a_code_of_the_table_the_status_decides_and_the_longer_wait_counts(code, status, wait, expected):
    assert refusal(code, status, wait) == expected


@pytest.mark.parametrize("code, told", [(None, "unknown"), (139999, "139999")])
def test_a_failure_that_nobody_explains_is_tried_again(code, told):
    assert failure(code) == Refused("busy", told, most_tries=3)
