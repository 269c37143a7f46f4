"""What a vendor's message asks that is so already, `riz 20` where there are 20: he is told, and nothing is asked."""

from collections.abc import Sequence
from typing import Final, TypedDict

from base.money import format_short
from bot import rights
from bot.dialogs.means import words
from bot.dialogs.vendor import drafts
from bot.dialogs.vendor.asks import STOCK_KINDS, Draft, Kept
from bot.turn import Turn
from catalog import adjusting, matching, stock
from catalog.adjusting import Seen

_FEW: Final = 3
SAME: Final = "same"  # in memory: what was so already, as words and figures
_TOLD: Final = frozenset({"short", "below_promised"})  # doubts that he has to hear of, whatever changes


class Same(TypedDict):
    """What is so already, one a line, and behind a line break what else is said, or that nothing is to be changed."""

    lines: str
    beside: str


def leave_out(turn: Turn, draft: Draft) -> bool:
    """Take what is so already out of a draft that was just proposed; whether nothing is left of it.

    What is left is proposed anew, and tells of the others by name. What was said by voice is shown as it was read.
    """
    if draft.get("by_voice"):
        return False
    seen = adjusting.preview(turn.db, draft.get("adjustment", 0))
    same = [one for one in seen if _is_same(one, seen)]
    if not same:
        return False
    turn.memory[SAME] = [_as_kept(one) for one in same]
    _confirm(turn, [one.line.product_id for one in same if one.line.kind == "count"])
    gone = {(one.line.product_id, one.line.kind, one.line.value, one.line.quantity) for one in same}
    draft["lines"] = [line for line in draft["lines"] if tuple(line) not in gone]
    draft.pop("other", None)  # its places are those of before
    del draft["adjustment"]  # never answered, it is forgotten
    if not draft["lines"]:
        return True
    draft["same"] = [*draft.get("same", ()), *turn.memory[SAME]]
    drafts.propose(turn, draft)
    return False


def _confirm(turn: Turn, counted: Sequence[int]) -> None:
    """What is counted as it is noted is as sure from now on as any other count."""
    if counted:
        goods = matching.goods(turn.db, rights.shops(turn, "stock"), counted)
        stock.confirm(turn.db, {one.stock_id for one in goods.values()})


def _as_kept(one: Seen) -> Kept:
    return one.line.kind, one.name, one.unit, one.after, one.promised, one.line.quantity


def _is_same(one: Seen, seen: tuple[Seen, ...]) -> bool:
    """Whether a line changes nothing: not where another line is of the same stock, which goes on from it."""
    is_alone = sum(_what(other) == _what(one) for other in seen) == 1
    return one.before == one.after and is_alone and one.doubts.isdisjoint(_TOLD)


def _what(one: Seen) -> tuple[int, str, int]:
    return one.line.product_id, "stock" if one.line.kind in STOCK_KINDS else one.line.kind, one.line.quantity


def lines_of(turn: Turn, draft: Draft) -> list[str]:
    """What of a draft is so already, in words: each of a few, or how many."""
    same = draft.get("same", [])
    if len(same) > _FEW:
        return [words(turn, "vendor.change.same", count=len(same))]
    return [_line(turn, *one) for one in same]


def left_over(turn: Turn, draft: Draft) -> list[str]:
    """What will not be done: figures that say nothing, what was not answered, what is of something else."""
    left = (
        ("unread", draft.get("unread")),
        ("undone", draft.get("undone")),
        ("no_steps", draft.get("no_steps")),
        ("apart", [draft["rest"]] if draft.get("rest") else None),
    )
    return [words(turn, f"vendor.change.{why}", words=", ".join(of)) for why, of in left if of]


def told(turn: Turn) -> Same:
    """Values of `it is so already`."""
    lines = [_line(turn, *one) for one in turn.memory.get(SAME, ())]
    beside = left_over(turn, drafts.draft_of(turn)) or [words(turn, "vendor.same.nothing")]
    return {
        "lines": lines[0] if len(lines) == 1 else "\n".join(f"• {line}" for line in lines),
        "beside": "".join(f"\n{line}" for line in beside),
    }


def _line(turn: Turn, kind: str, name: str, unit: str, after: int, promised: int, quantity: int) -> str:
    match kind:
        case "listing":
            return words(turn, "vendor.same.shown" if after else "vendor.same.hidden", name=name)
        case "price":
            return words(turn, "vendor.same.price", name=name, price=format_short(after), unit=unit)
        case "step":
            price = format_short(after) if after else words(turn, "vendor.usual_price")
            return words(turn, "vendor.same.step", name=name, quantity=quantity, price=price)
    told = words(turn, "vendor.same.stock", name=name, units=after)
    return told + (words(turn, "vendor.change.promised", count=promised) if promised else "")
