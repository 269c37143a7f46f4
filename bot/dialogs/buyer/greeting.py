"""The first words: to somebody new, to somebody who comes back, and to somebody who is there."""

from datetime import datetime, timedelta
from typing import Literal, TypedDict

from bot.dialogs.means import called
from bot.turn import Turn
from catalog.products import examples
from orders.basket import basket_of


class Greeted(TypedDict):
    """`to`: the first name with a blank before it, or ''."""

    to: str


class LeftBasket(TypedDict):
    """What waits in the basket; `goods` in F CFA."""

    to: str
    count: int
    goods: int


class Welcomed(TypedDict):
    """The greeting, in the turn that greets."""

    welcome: list[Greeted]


class Examples(TypedDict):
    """What can be written, with names of goods that are sold today, as people write them."""

    wanted: str
    asked: str


class FirstGreeted(TypedDict):
    """The first greeting of all; `examples` is one, or none in an empty market."""

    to: str
    examples: list[Examples]


class WelcomedFirst(TypedDict):
    """The same, in the turn that greets."""

    welcome: list[FirstGreeted]


class Reminded(TypedDict):
    """The greeting that tells of the basket, in the turn that greets."""

    reminder: list[LeftBasket]


def welcome(turn: Turn) -> Literal["first", "left", "back", "again"]:
    """Whom to greet how; `left`: something waits in his basket; `again`: he was greeted a short while ago."""
    if _is_greeted(turn):
        return "again"
    turn.memory["greeted"] = turn.now.isoformat()
    turn.memory.pop("list", None)  # of a sentence long ago
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


def welcomed(turn: Turn) -> Welcomed:
    """Values of the start: the greeting is said once, the question as often as it is asked."""
    return {"welcome": [greeted(turn)] if _is_greeted_now(turn) else []}


def welcomed_first(turn: Turn) -> WelcomedFirst:
    """Values of the very first greeting."""
    return {"welcome": [{"to": called(turn), "examples": _examples(turn)}] if _is_greeted_now(turn) else []}


def _examples(turn: Turn) -> list[Examples]:
    names = [name[:1].lower() + name[1:] for name in examples(turn.db, 2)]
    return [{"wanted": names[0], "asked": names[-1]}] if names else []


def reminded(turn: Turn) -> Reminded:
    """Values of the start that tells of the basket, once too."""
    return {"reminder": [_left_basket(turn)] if _is_greeted_now(turn) else []}


def _is_greeted_now(turn: Turn) -> bool:
    return turn.memory.get("greeted") == turn.now.isoformat()


def _left_basket(turn: Turn) -> LeftBasket:
    basket = basket_of(turn.db, turn.person.contact_id)
    return {"to": called(turn), "count": len(basket.lines), "goods": basket.goods}
