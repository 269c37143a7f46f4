"""`non 12 pas 20`, `c'est 4`: another figure than one that a vendor is just shown."""

from collections.abc import Collection, Sequence
from typing import Final, Literal, TypedDict

from bot.dialog import Page, Row
from bot.dialogs.means import number_of, words
from bot.dialogs.vendor import drafts
from bot.dialogs.vendor.asks import STOCK_KINDS, Asked, Draft
from bot.messages import Heard
from bot.turn import Turn
from bot.understanding.terms_slots import DENIED
from catalog import adjusting, matching
from catalog.adjusting import Line
from catalog.bounds import MOST_PRICE

PAGE: Final = 8  # lines that a figure may be of


class Other(TypedDict):
    """The figure as it should be."""

    figure: int


def is_other_figure(heard: Sequence[Heard]) -> bool:
    """`non c'est 2`, `non 12 pas 20`: another figure than was said, of goods that are not named."""
    told = [(one.intent, "product" in one.slots) for one in heard]
    return told == [("undo", False), ("set_stock", False)]


def correct(turn: Turn) -> Literal["next", "line", "undo_maybe"]:
    """Put the other figure in the place of the one that is denied; line: it may be that of several lines.

    undo_maybe: nothing is shown that it may be of.
    """
    draft = drafts.draft_for(turn)
    figure, denied = int(turn.heard[1].slots["quantity"]), turn.heard[0].slots.get(DENIED)
    doubted = [ask for ask in draft["todo"] if ask["kind"] in STOCK_KINDS and ask["value"] == denied]
    counted = _counted(turn, draft, denied)
    lines = sorted({*_that_say(draft, figure, denied), *counted})
    is_sure = len(lines) == 1
    if not lines and len(doubted) == 1:
        doubted[0]["value"] = min(figure, drafts.MOST_SAID)
        return "next"
    if not lines and not (draft["todo"] and denied is None):
        lines = [at for at, line in enumerate(draft["lines"]) if line[1] in STOCK_KINDS]
        is_sure = len(lines) == 1 and (denied is None or len(draft["lines"]) == 1)
    if not lines or (is_sure and denied is not None and _is_another_move(draft, lines[0], denied, counted)):
        return "undo_maybe"
    if not is_sure:
        draft["other"] = (figure, lines, denied)
        return "line"
    _put(draft, lines[0], figure, counted)
    return "next"


def _that_say(draft: Draft, figure: int, denied: int | None) -> list[int]:
    """The places of the lines that were said with the figure which is denied."""
    may_be_price = 0 < figure <= MOST_PRICE
    kinds = STOCK_KINDS | ({"price"} if may_be_price else set())
    return [at for at, line in enumerate(draft["lines"]) if line[1] in kinds and line[2] == denied]


def _counted(turn: Turn, draft: Draft, denied: int | None) -> list[int]:
    """The places of what came or went that leaves, as it is shown, what is denied: so many lie there, it is said."""
    seen = adjusting.preview(turn.db, draft.get("adjustment", 0)) if denied is not None else ()
    return [
        at
        for at, (line, one) in enumerate(zip(draft["lines"], seen, strict=False))
        if line[1] in drafts.MOVEMENTS and line[2] != denied and one.after == denied and one.line == Line(*line)
    ]


def _is_another_move(draft: Draft, at: int, denied: int, counted: Collection[int]) -> bool:
    """Whether it is so much that came or went, neither said nor shown with the figure which is denied."""
    return draft["lines"][at][1] in drafts.MOVEMENTS and draft["lines"][at][2] != denied and at not in counted


def _put(draft: Draft, at: int, figure: int, counted: Collection[int] = ()) -> None:
    product, kind, _, quantity = draft["lines"][at]
    most = MOST_PRICE if kind == "price" else drafts.MOST_SAID
    line: Asked = (product, "count" if at in counted else kind, min(figure, most), quantity)
    draft["lines"] = [*draft["lines"][:at], line, *draft["lines"][at + 1 :]]
    draft["is_sure"] = False


def correct_the_one(turn: Turn, draft: Draft, one: Heard) -> bool:
    """`c'est 4` while one change of a stock is shown: so many are meant; whether it is that."""
    if len(draft["lines"]) != 1 or draft["todo"]:
        return False
    _, kind, *_ = draft["lines"][0]
    units_said = one.slots.get("quantity")
    if one.intent != "set_stock" or one.slots.get("product") or units_said is None or kind not in STOCK_KINDS:
        return False
    _put(draft, 0, int(units_said))
    return True


def _other(turn: Turn) -> tuple[int, list[int]]:
    """The figure, and the places that there are of those that it may be meant for."""
    draft = drafts.draft_of(turn)
    figure, places, _ = draft.get("other", (0, [], None))
    return figure, [at for at in places if at < len(draft["lines"])]


def _denied(draft: Draft) -> int | None:
    return draft["other"][2] if "other" in draft else None


def is_asked(turn: Turn) -> bool:
    """Whether a figure waits for its line."""
    return bool(_other(turn)[1])


def shown(turn: Turn) -> Other:
    """Values of `which line is it of?`."""
    return {"figure": _other(turn)[0]}


def rows(turn: Turn, after: str) -> Page:
    """The lines that it may be of; the cursor counts those before."""
    start, (_, places) = number_of(after or 0), _other(turn)
    draft = drafts.draft_of(turn)
    lines, counted = [(at, draft["lines"][at]) for at in places], _counted(turn, draft, _denied(draft))
    goods = matching.goods(turn.db, turn.person.vendor_ids, {line[0] for _, line in lines})
    page = [
        Row(
            str(at),
            goods[product].name,
            words(turn, "vendor.line_figure", figure=_denied(draft) if at in counted else value),
        )
        for at, (product, _, value, _) in lines[start : start + PAGE]
        if product in goods
    ]
    return Page(tuple(page), str(start + PAGE) if len(lines) > start + PAGE else "")


def take(turn: Turn, row: str) -> Literal["next"]:
    """It is of this line."""
    draft = drafts.draft_of(turn)
    figure, places = _other(turn)
    if number_of(row) in places:
        _put(draft, number_of(row), figure, _counted(turn, draft, _denied(draft)))
    return leave(turn)


def leave(turn: Turn) -> Literal["next"]:
    """Everything stays as it was shown."""
    drafts.draft_of(turn).pop("other", None)
    return "next"
