"""`fanta 200x24`: 24 at 200 F each, or 200 packs of 24, is asked before anything is made of it."""

from typing import TYPE_CHECKING, TypedDict

from base.later import Later
from base.spelling import fold
from bot import own_names, rights
from bot.messages import Heard
from bot.turn import Turn
from catalog import matching

if TYPE_CHECKING:
    from bot.understanding import times
    from bot.understanding.times import Times
else:
    times = Later("bot.understanding.times")

KEPT = "times"  # in memory: the good and the two figures that wait for an answer


class Doubted(TypedDict):
    """A good as typed, how many of it at which price in F CFA, and how many packs of how many."""

    name: str
    count: int
    price: int
    packs: int
    pack: int


def is_in_doubt(turn: Turn) -> bool:
    """Whether a message has two figures of which one may be a price; kept then. Not where they name the good itself."""
    heard = turn.heard[0] if len(turn.heard) == 1 else None
    if turn.is_by_voice or heard is None or heard.intent != "set_stock" or "quantity" in heard.slots:
        return False
    told = times.read_times(own_names.plain_words(turn))
    if told is None or not told.is_price or _names_it(turn, told) or not rights.may(turn, "prices"):
        return False
    turn.memory[KEPT] = [own_names.named(turn, told.product), told.first, told.second]
    return True


def _names_it(turn: Turn, told: "Times") -> bool:
    """`carreaux 60x60`: the figures are in the name of his goods."""
    match = matching.find(turn.db, turn.person.vendor_ids, [matching.Wanted(told.product)])[0]
    sign = f"{told.first}x{told.second}"
    return any(
        sign in fold(one.name).replace(" ", "") for one in (*match.candidates, *([match.good] if match.good else []))
    )


def _kept(turn: Turn) -> "Times | None":
    kept = turn.memory.get(KEPT)
    return times.Times(*kept) if isinstance(kept, list) else None


def is_kept(turn: Turn) -> bool:
    """Whether such a message waits for its answer."""
    return _kept(turn) is not None


def shown(turn: Turn) -> Doubted:
    """Values of the question."""
    told = _kept(turn)
    if told is None:
        return {"name": "", "count": 0, "price": 0, "packs": 0, "pack": 0}
    return {
        "name": told.product,
        "count": told.count,
        "price": told.price,
        "packs": told.first,
        "pack": told.second,
    }


def priced(turn: Turn) -> list[Heard]:
    """So many lie there, at that price each."""
    told = _taken(turn)
    if told is None:
        return []
    named = {"product": told.product}
    return [
        Heard("set_stock", {**named, "quantity": told.count}, 0.0),
        Heard("set_price", {**named, "price": told.price}, 0.0),
    ]


def packed(turn: Turn) -> list[Heard]:
    """So many packs of so many lie there."""
    told = _taken(turn)
    return [Heard("set_stock", {"product": told.product, "quantity": told.units}, 0.0)] if told else []


def _taken(turn: Turn) -> "Times | None":
    told = _kept(turn)
    turn.memory.pop(KEPT, None)
    return told
