"""How many packs a vendor means who counts in dozens what is sold by the pack: asked before anything is made of it."""

from typing import Literal, TypedDict

from base.units import counted
from bot.dialog import Page, Row
from bot.dialogs.means import number_of
from bot.dialogs.vendor import drafts
from bot.dialogs.vendor.asks import UNSAID, Ask
from bot.dialogs.vendor.dozens import pack_of
from bot.turn import Turn
from catalog import matching
from catalog.matching import Good


class Doubted(TypedDict):
    """A good, and how many of it were said."""

    name: str
    count: int


def _asked(turn: Turn) -> tuple[Ask, Good] | None:
    todo = drafts.draft_of(turn)["todo"]
    product = todo[0]["product"] if todo else 0
    good = matching.goods(turn.db, turn.person.vendor_ids, [product]).get(product)
    return (todo[0], good) if good else None


def shown(turn: Turn) -> Doubted:
    """Values of the question."""
    asked = _asked(turn)
    return {"name": asked[1].name, "count": asked[0]["value"]} if asked else {"name": "", "count": 0}


def rows(turn: Turn, after: str) -> Page:
    """As many packs as were said, and those that so many pieces fill."""
    asked = _asked(turn)
    if asked is None:
        return Page(())
    ask, good = asked
    pack, size = pack_of(good)
    full = [ask["value"] // size] if size and ask["value"] % size == 0 else []
    return Page(tuple(Row(str(packs), counted(packs, pack)) for packs in (*full, ask["value"])))


def take(turn: Turn, row: str) -> Literal["next"]:
    """So many packs."""
    return _count(turn, number_of(row))


def ask_number(turn: Turn) -> Literal["next"]:
    """Neither: it is asked how many."""
    return _count(turn, UNSAID)


def _count(turn: Turn, packs: int) -> Literal["next"]:
    asked = _asked(turn)
    if asked:
        ask, _ = asked
        ask["value"], ask["is_dozen"] = packs, False
    return "next"
