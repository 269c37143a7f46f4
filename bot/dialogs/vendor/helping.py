"""A vendor's help for where he is: what he can answer at the open question, then what he can always write."""

from collections.abc import Callable, Mapping
from typing import TypedDict

from bot.dialog import State
from bot.turn import Turn

YES_OR_NO = (
    "accept_sure refuse_sure ready_sure handed_sure left_sure cut_sure cut_lines_sure lying_sure rider_sure pin_sure"
    " stock_preview stock_changed undo_sure unadd hours_sure promo_sure end_sure few_sure check_sure helper_sure"
    " payout_sure"
).split()
COUNTED = "cut_units lying_units new_stock stock_pack stock_amount add_quantity few_new".split()
TOPICS: Mapping[str, str] = {
    **dict.fromkeys(("menu", "none_open", "no_goods"), "menu"),
    **dict.fromkeys(YES_OR_NO, "yes_or_no"),
    **dict.fromkeys(COUNTED, "count"),
    **dict.fromkeys(("waiting", "working"), "orders"),
    "add_price": "price",
    "pin": "code",
}
"""Question -> the text `vendor.help_at.<topic>`; a question that is not named here has the help of its kind."""


class Help(TypedDict):
    """`here`: the topic of the open question."""

    here: str


def topic_of(question: str, states: Mapping[str, State]) -> str:
    """Which help belongs to a question (`hat.state`, '' when none is open) of the vendor's table."""
    hat, _, name = question.partition(".")
    state = states.get(name) if hat == "vendor" else None
    if state is None or state.kind not in ("choose", "pick", "ask"):
        return "menu"
    return TOPICS.get(name, state.kind)


def help_among(states: Mapping[str, State]) -> Callable[[Turn], Help]:
    """The values of the help text, for a table."""

    def help_here(turn: Turn) -> Help:
        return {"here": topic_of(turn.asked, states)}

    return help_here
