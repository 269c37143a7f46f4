"""A vendor's changes as he sees them: shown before they are done, done after a yes, taken back for a day."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Literal, TypedDict

from base.money import format_short
from bot import price_lists, rights
from bot.dialogs.means import cause, number_of, words
from bot.dialogs.vendor import delivering, drafts, promoting, unchanged, unfinished
from bot.dialogs.vendor.asks import Draft
from bot.dialogs.vendor.drafts import DRAFT
from bot.dialogs.vendor.permitting import permits
from bot.dialogs.vendor.shop import SHORT
from bot.rights import Right
from bot.turn import Turn
from catalog import adjusting
from catalog.adjusting import Kind, Line, Seen

MOST_SHOWN = 20  # lines of a preview
MOST_LETTERS = 800  # of them
RIGHT_OF: Mapping[Kind, Right] = {"price": "prices", "step": "prices", "listing": "goods"}
ADJUSTED = "adjusted"  # in memory: what was applied last


class Lines(TypedDict):
    """Changes in words, one a line."""

    lines: str


class Preview(Lines):
    """And what of the message nothing is called, '' without any."""

    unknown: str


class Back(Lines):
    """What was taken back, and the goods whose price stays ('' for none)."""

    kept: str


class Small(TypedDict):
    """How many units are few; `how`: whether few are done without being asked, the tail of a text's key."""

    units: int
    how: str


def is_shown(turn: Turn) -> bool:
    """Whether a preview waits for its yes."""
    return "adjustment" in drafts.draft_of(turn)


def preview(turn: Turn) -> Preview:
    """Values of a preview."""
    draft = drafts.draft_of(turn)
    return {"lines": _lines(turn, draft), "unknown": _unknown(turn, draft)}


def told(turn: Turn, draft: Draft) -> str:
    """A preview in words, of a draft that is proposed."""
    return _lines(turn, draft) + _unknown(turn, draft)


def _lines(turn: Turn, draft: Draft) -> str:
    return _told(turn, adjusting.preview(turn.db, draft.get("adjustment", 0)), is_asked=True)


def _unknown(turn: Turn, draft: Draft) -> str:
    """Lines with what will not be done: words that are no goods, figures that say nothing, what was not answered."""
    called = ", ".join(draft["unknown"])
    unknown = [words(turn, "vendor.change.unknown", words=called)] if called else []
    told = (*unchanged.lines_of(turn, draft), *unknown, *unchanged.left_over(turn, draft))
    return "".join(f"\n{line}" for line in told)


def _told(turn: Turn, seen: Sequence[Seen], *, is_asked: bool = False) -> str:
    """Changes in words: all of them, or how many and the first."""
    lines: list[str] = []
    for one in seen[:MOST_SHOWN]:
        line = _line(turn, one, is_asked=is_asked)
        if lines and len("\n".join((*lines, line))) > MOST_LETTERS:
            break
        lines.append(line)
    if len(lines) == len(seen):
        return lines[0] if len(lines) == 1 else "\n".join(f"• {line}" for line in lines)
    told = words(turn, "vendor.change.all", count=len(seen))
    rest = words(turn, "vendor.change.rest", count=len(seen) - len(lines))
    return "\n".join((told, *(f"• {line}" for line in lines), rest))


def _line(turn: Turn, one: Seen, *, is_asked: bool) -> str:
    match one.line.kind:
        case "listing":
            return words(turn, f"vendor.change.{'shown' if one.after else 'hidden'}", name=one.name)
        case "price":
            before, after = format_short(one.before), format_short(one.after)
            told = words(turn, "vendor.change.price", name=one.name, before=before, after=after, unit=one.unit)
        case "step":
            before, after = (
                format_short(price) if price else words(turn, "vendor.usual_price") for price in (one.before, one.after)
            )
            told = words(
                turn, "vendor.change.step", name=one.name, quantity=one.line.quantity, before=before, after=after
            )
        case _:
            told = words(turn, "vendor.change.stock", name=one.name, before=one.before, after=one.after)
            told += words(turn, "vendor.change.promised", count=one.promised) if one.promised else ""
    doubts = sorted(one.doubts) if is_asked else ()
    return told + "".join(words(turn, f"vendor.doubt.{doubt}", units=one.line.value) for doubt in doubts)


def apply(turn: Turn) -> Literal["done", "counted", "short", "changed", "gone"]:
    """Do what was shown. short: some order can't be served; counted: of a product's card; gone: it can't be done."""
    draft = drafts.draft_of(turn)
    id_ = draft.get("adjustment", 0)
    match adjusting.apply(turn.db, id_, _shops_of(turn, id_), cause(turn)):
        case "changed":
            return "changed"
        case "done":
            turn.memory.pop(DRAFT, None)
            turn.memory[ADJUSTED] = id_
            unfinished.changed(turn, unfinished.COUNTED)
            turn.memory[SHORT] = _below_promised(adjusting.preview(turn.db, id_))
            return "short" if turn.memory[SHORT] else "counted" if "card" in draft else "done"
        case _:
            turn.memory.pop(DRAFT, None)
            return "gone"


def apply_told(turn: Turn) -> Literal["done", "new", "counted", "short", "changed", "gone"]:
    """The same of a message. new: it also told of goods that are not there, and he may put them up."""
    news = drafts.draft_of(turn).get("news")
    outcome = apply(turn)
    if outcome == "done" and news and rights.may(turn, "goods"):
        turn.memory[unfinished.NEWS] = news
        return "new"
    return outcome


def apply_small(turn: Turn) -> Literal["done"]:
    """Do a small change at once; where something was sold since it was proposed, by the figures as they are now."""
    if apply(turn) == "changed":
        apply(turn)
    return "done"


def _shops_of(turn: Turn, adjustment_id: int) -> tuple[int, ...]:
    """The shops where he may do all that a change asks."""
    kinds = {one.line.kind for one in adjusting.preview(turn.db, adjustment_id)}
    may = [rights.shops(turn, right) for kind, right in RIGHT_OF.items() if kind in kinds]
    return tuple(shop for shop in rights.shops(turn, "stock") if all(shop in shops for shops in may))


def _may_all_of(turn: Turn, adjustment_id: int) -> bool:
    """Whether each part of a change is his to change in its shop; of a shop that he has left none is spoken of."""
    return all(
        permits(turn, RIGHT_OF.get(kind, "stock"), vendor_id)
        for vendor_id, kind in adjusting.parts_of(turn.db, adjustment_id)
        if vendor_id in turn.person.vendor_ids
    )


def _below_promised(seen: Iterable[Seen]) -> list[int]:
    return [one.line.product_id for one in seen if "below_promised" in one.doubts]


def drop(turn: Turn) -> Literal["dropped", "card"]:
    """Nothing is changed; of a product's card another number may come."""
    draft = turn.memory.pop(DRAFT, None)
    if draft and draft.get("by_voice") and "adjustment" in draft:  # a bare yes would mean it still
        adjusting.drop(turn.db, draft["adjustment"])
    return "card" if draft and "card" in draft else "dropped"


def applied(turn: Turn) -> Lines:
    """Values of what was done."""
    return {"lines": _told(turn, adjusting.preview(turn.db, number_of(turn.memory.get(ADJUSTED, 0))))}


def last_change(turn: Turn) -> Lines:
    """Values of `is your last change to be taken back?`: what was changed of goods, each on a line of its own."""
    lines = applied(turn)["lines"] if turn.memory.get(unfinished.COUNTED) else ""
    return {"lines": f"\n{lines}" if lines else ""}


def look_back(turn: Turn) -> Literal["clear", "shut", "unsure"]:
    """What a bare word takes back: the last change, or a pause, which is asked about.

    unsure: an order was spoken of since, which may be what is meant.
    """
    if turn.memory.pop(unfinished.ANSWERED, False):
        return "unsure"
    if not turn.memory.pop(unfinished.SHUT, False):
        return "clear"
    turn.memory[unfinished.ANSWERED] = True
    return "shut"


def undo(turn: Turn) -> Literal["added", "promo", "terms", "list", "undone", "refused", "nothing", "before", "may_not"]:
    """Take back what he had done last; a new product or promotion is asked about, a price list is undone by its job.

    may_not: something of it is no longer his to change, so all of it stays.
    """
    if unfinished.is_fresh(turn):
        return "added"
    if turn.memory.get(unfinished.PROMOTED) and promoting.is_last_running(turn):
        return "promo"
    match delivering.undo(turn):
        case "done":
            return "terms"
        case "already":
            return "before"
        case "may_not":
            return "may_not"
    shops = rights.shops(turn, "prices")
    applied = price_lists.undoable(turn.db, turn.person.contact_id, shops)
    if applied and price_lists.undo(turn.db, applied.id, turn.person.contact_id, shops):
        return "list"
    last = adjusting.last_of(turn.db, turn.person.contact_id)
    if last is not None and not _may_all_of(turn, last):
        return "may_not"
    done = adjusting.undo(turn.db, _shops_of(turn, last or 0), cause(turn), last)
    turn.memory["undone"] = [[*_as_kept(one)] for one in done.lines]
    turn.memory["undone_kept"] = ", ".join(done.kept)
    match done.outcome:
        case "done":
            turn.memory.pop(unfinished.COUNTED, None)
            return "undone"
        case "already":
            return "before"
        case outcome:
            return outcome


def _as_kept(one: Seen) -> tuple[int, str, str, str, int, int, int]:
    return one.line.product_id, one.line.kind, one.name, one.unit, one.before, one.after, one.line.quantity


def _undone(turn: Turn) -> list[Seen]:
    return [
        Seen(Line(id_, kind, after, *quantity), name, unit, before, after, 0)
        for id_, kind, name, unit, before, after, *quantity in turn.memory.get("undone", ())
    ]


def undone(turn: Turn) -> Back:
    """Values of what was taken back."""
    kept = str(turn.memory.get("undone_kept", ""))
    told = words(turn, "vendor.change.kept", names=kept) if kept else ""
    return {"lines": _told(turn, _undone(turn)), "kept": f"\n{told}" if told else ""}


def refused(turn: Turn) -> Lines:
    """Values of why it can't be taken back."""
    lines = (
        words(turn, "vendor.change.short", name=one.name, before=one.before, units=one.before - one.after)
        for one in _undone(turn)
    )
    return {"lines": "\n".join(list(lines)[:MOST_SHOWN])}


def small(turn: Turn) -> Small:
    """Values of the question about small changes."""
    is_on = adjusting.takes_small_at_once(turn.db, rights.shops(turn, "stock"))
    return {"units": adjusting.SMALL, "how": "at_once" if is_on else "asked"}


def setting_small(*, is_on: bool) -> Callable[[Turn], Literal["done"]]:
    """The step that has small changes done at once, or asked about."""

    def set_small(turn: Turn) -> Literal["done"]:
        adjusting.take_small_at_once(turn.db, rights.shops(turn, "settings"), is_on=is_on)
        return "done"

    return set_small
