"""Help for where one is: what can be said at the open question, then what can be said everywhere."""

from collections.abc import Callable, Mapping
from typing import TypedDict

from bot.dialog import State
from bot.turn import Turn

TOPICS: Mapping[str, str] = {
    **dict.fromkeys(("first", "left", "back", "menu", "no_goods", "not_found", "basket_empty", "no_orders"), "menu"),
    **dict.fromkeys(("categories", "products", "found"), "goods"),
    "card": "card",
    "which": "product",
    **dict.fromkeys(("quantity", "other_unit", "fewer", "new_quantity", "fewer_in_line"), "quantity"),
    **dict.fromkeys(("proposal", "emptying", "same_address", "cancelling"), "yes_or_no"),
    **dict.fromkeys(("announcements", "announcements_on", "opt_out_sure", "erase_sure", "stay_first"), "yes_or_no"),
    **dict.fromkeys(("basket_shown", "added", "full", "lines", "line"), "basket"),
    **dict.fromkeys(("quarter", "quarter_again", "quarters", "pinned"), "quarter"),
    "landmark": "landmark",
    **dict.fromkeys(("recipient_known", "recipient_asked"), "recipient"),
    **dict.fromkeys(("phone_known", "phone_asked", "person_phone", "correct_phone"), "phone"),
    **dict.fromkeys(("recap", "recap_changed", "recap_expired", "correcting"), "recap"),
    **dict.fromkeys(("placed", "orders", "order_shown", "cancel_which"), "order"),
    **dict.fromkeys(("my_data", "correct", "erase_before"), "data"),
}
"""Question -> the text `buyer.help_at.<topic>`; a question that is not named here has the help of its kind."""
NOWHERE = "menu"  # no question is open


class Help(TypedDict):
    """`here`: the topic of the open question."""

    here: str


def topic_of(question: str, states: Mapping[str, State]) -> str:
    """Which help belongs to a question (`hat.state`, '' when none is open) of the buyer's table."""
    hat, _, name = question.partition(".")
    state = states.get(name) if hat == "buyer" else None
    if state is None or state.kind not in ("choose", "pick", "ask"):
        return NOWHERE
    return TOPICS.get(name, state.kind)


def help_among(states: Mapping[str, State]) -> Callable[[Turn], Help]:
    """The values of the help text, for a table."""

    def help_here(turn: Turn) -> Help:
        return {"here": topic_of(turn.asked, states)}

    return help_here
