"""Alerts in a chat: a good that is missing is waited for after a yes, and shown when it has come."""

from collections.abc import Mapping
from typing import Any, Literal, TypedDict

from bot import consent
from bot.dialogs.buyer import finding
from bot.dialogs.buyer.browsing import product_on_show, product_spoken_of, show_product, wait_for
from bot.dialogs.means import number_of
from bot.turn import Turn
from catalog import alerts
from catalog.alerts import Wish

Asked = Literal["asked", "one", "several", "unsure", "unnamed"]


class Waited(TypedDict):
    """What is waited for; `count` and `days` are the market's limits."""

    words: str
    count: int
    days: int


def ask_alert(turn: Turn) -> Asked:
    """Somebody wants to hear when something arrives: what is there already is shown instead."""
    sought = str(turn.slot("product") or "")
    if sought:
        found = finding.find(turn, sought)
        if found != "nothing" and _is_there(turn, found):
            return found
        return "asked"
    shown = product_spoken_of(turn)
    if shown and shown.available:
        return "one"
    if shown:
        wait_for(turn, shown)
    return "asked" if "missed" in turn.memory else "unnamed"


def _is_there(turn: Turn, found: str) -> bool:
    """Whether what was found can be bought; the one that is sold out is waited for itself."""
    shown = product_on_show(turn) if found == "one" else None
    if shown and not shown.available:
        wait_for(turn, shown)
        return False
    return True


def make_alert(turn: Turn) -> Literal["made", "before", "full", "muted"]:
    """Keep the alert. muted: who has said STOP hears of nothing until START."""
    if not consent.may_tell(turn.db, turn.person.contact_id, "reminders"):
        return "muted"
    missed: Mapping[str, Any] = turn.memory.get("missed", {})
    wish = Wish(
        str(turn.memory.get("words", "")),
        number_of(missed.get("product", 0)) or None,
        missed.get("low"),
        missed.get("high"),
    )
    return alerts.ask(turn.db, turn.person.contact_id, turn.conversation_id, wish)


def waited(turn: Turn) -> Waited:
    """Values of what is said of an alert."""
    return {"words": str(turn.memory.get("words", "")), "count": alerts.MOST_OPEN, "days": alerts.KEPT_DAYS}


def open_arrived(turn: Turn, product_id: str) -> Literal["opened"]:
    """The button of an alert's notice: the product that has come is on show."""
    show_product(turn, number_of(product_id))
    turn.memory["scope"] = ""
    return "opened"
