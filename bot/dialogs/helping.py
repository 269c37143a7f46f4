"""Help for where one is: what can be said at the open question, then what can be said everywhere."""

from collections.abc import Callable, Mapping
from typing import Final, TypedDict

from bot.dialog import State
from bot.turn import Turn

NOWHERE: Final = "menu"  # no question is open


class Help(TypedDict):
    """`here`: the topic of the open question."""

    here: str


def topic_of(question: str, hat: str, topics: Mapping[str, str], states: Mapping[str, State]) -> str:
    """Which help belongs to a question (`hat.state`, '' when none is open) of a hat's table.

    `topics`: question -> the text `<hat>.help_at.<topic>`; one that is not named there has the help of its kind.
    """
    worn, _, name = question.partition(".")
    state = states.get(name) if worn == hat else None
    if state is None or state.kind not in ("choose", "pick", "ask"):
        return NOWHERE
    return topics.get(name, state.kind)


def help_among(hat: str, topics: Mapping[str, str], states: Mapping[str, State]) -> Callable[[Turn], Help]:
    """The values of the help text, for a table."""

    def help_here(turn: Turn) -> Help:
        return {"here": topic_of(turn.asked, hat, topics, states)}

    return help_here
