"""What is charged for is counted once per message, whatever is told again."""

from bot import prices
from bot.messages import StatusReport
from bot.prices import PRICED, Prices


def counted(account):
    return {
        (sample.labels["category"], sample.labels["billable"]): sample.value
        for family in PRICED.collect()
        for sample in family.samples
        if sample.labels.get("account") == account and sample.name.endswith("_total")
    }


def test_a_message_is_counted_once_by_its_category():
    told = Prices()
    sent = StatusReport("wamid.1", "sent", pricing=("utility", True))
    told.note("once", [sent, StatusReport("wamid.1", "delivered", pricing=("utility", True)), sent])
    told.note(
        "once", [sent, StatusReport("wamid.2", "sent", pricing=("service", False)), StatusReport("wamid.3", "sent")]
    )
    assert counted("once") == {("utility", "true"): 1, ("service", "false"): 1}


def test_two_accounts_are_two_figures():
    told = Prices()
    for key in ("one", "two"):
        told.note(key, [StatusReport("wamid.1", "sent", pricing=("marketing", True))])
    assert [counted(key) for key in ("one", "two")] == [{("marketing", "true"): 1}] * 2


def test_the_latest_messages_alone_are_remembered(monkeypatch):
    monkeypatch.setattr(prices, "MOST_REMEMBERED", 2)
    told = Prices()
    for name in ("1", "2", "3", "3", "1"):
        told.note("few", [StatusReport(name, "sent", pricing=("utility", True))])
    assert counted("few") == {("utility", "true"): 4}
