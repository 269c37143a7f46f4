"""What was read of vendors' short messages is remembered, but for words of time, which mean another moment each day."""

from datetime import UTC, datetime, timedelta

from bot.understanding import hearing, phrased
from bot.understanding.remembering import SHORT
from tests.bot.understanding.test_vendors import table

NINE = datetime(2026, 11, 26, 9, tzinfo=UTC)
MESSAGES = [message for name in ("vendors_market.txt", "stalls.txt", "traders.txt") for message, *_ in table(name)]


def test_few_words_are_read_once():
    assert phrased("vendor", "+5 savon", NINE) is phrased("vendor", "+5 savon", NINE + timedelta(days=1))


def test_words_of_time_are_read_by_the_clock():
    pauses = [phrased("vendor", "je ferme jusqu'à lundi", NINE + timedelta(days=days))[0].slots for days in (0, 7)]
    assert pauses == [{"until": "2026-11-30"}, {"until": "2026-12-07"}]


def test_a_long_message_is_read_each_time():
    listed = "riz 20, savon 12, huile 3, tomate 5, gari 7, oignon 9, sucre 4, sel 6"
    assert len(listed) > SHORT
    assert [heard.slots["quantity"] for heard in phrased("vendor", listed, NINE)] == [20, 12, 3, 5, 7, 9, 4, 6]
    assert phrased("vendor", listed, NINE) is not phrased("vendor", listed, NINE)


def test_others_than_vendors_are_read_each_time():
    assert phrased("buyer", "je veux 2 savons", NINE) is not phrased("buyer", "je veux 2 savons", NINE)


def test_what_is_remembered_is_what_would_be_read():
    assert len(MESSAGES) > 800
    assert [m for m in MESSAGES if phrased("vendor", m, NINE) != hearing.phrased("vendor", m, NINE)] == []


def test_nothing_that_is_remembered_can_be_changed():
    kinds = {type(v) for m in MESSAGES for heard in phrased("vendor", m, NINE) for v in heard.slots.values()}
    assert kinds <= {str, int, bool}
