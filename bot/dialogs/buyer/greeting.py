"""The first words: to somebody new, to somebody who comes back, and to somebody who is there."""

from datetime import datetime, timedelta
from typing import Literal, TypedDict

from bot.dialogs.means import called
from bot.turn import Turn
from orders.basket import basket_of


class Greeted(TypedDict):
    """`to`: the first name with a blank before it, or ''."""

    to: str


class LeftBasket(TypedDict):
    """What waits in the basket; `goods` in F CFA."""

    to: str
    count: int
    goods: int


def welcome(turn: Turn) -> Literal["first", "left", "back", "again"]:
    """Whom to greet how; `left`: something waits in his basket; `again`: he was greeted a short while ago."""
    if _is_greeted(turn):
        return "again"
    turn.memory["greeted"] = turn.now.isoformat()
    turn.memory.pop("wishes", None)  # of a sentence long ago
    if basket_of(turn.db, turn.person.contact_id).lines:
        return "left"
    return "back" if _was_here(turn) else "first"


def answer_greeting(turn: Turn) -> Literal["begin", "again"]:
    """A greeting is answered once with all that belongs to it, then with a word."""
    return "again" if _is_greeted(turn) else "begin"


def _is_greeted(turn: Turn) -> bool:
    """One greeting until the silence that makes a new conversation."""
    greeted = turn.memory.get("greeted")
    if not greeted:
        return False
    return turn.now - datetime.fromisoformat(greeted) < timedelta(seconds=turn.config.timing.silence)


def _was_here(turn: Turn) -> bool:
    return bool(
        turn.db.value("select exists(select 1 from turn where conversation_id = %(id)s)", id=turn.conversation_id)
    )


def greeted(turn: Turn) -> Greeted:
    """Values of a greeting."""
    return {"to": called(turn)}


def left_basket(turn: Turn) -> LeftBasket:
    """Values of the greeting that tells of the basket."""
    basket = basket_of(turn.db, turn.person.contact_id)
    return {"to": called(turn), "count": len(basket.lines), "goods": basket.goods}
