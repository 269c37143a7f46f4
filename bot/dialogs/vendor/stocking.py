"""A vendor keeps his stock by message: what it says of his goods, and what is asked until all of it is clear."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Literal, TypedDict

from base.later import later
from base.units import counted, is_elided, many
from bot import own_names, rights
from bot.dialog import Page, Row
from bot.dialogs.means import number_of, take_alone, words
from bot.dialogs.readers import read_quantity
from bot.dialogs.vendor import correcting, drafts, lot_asking, price_steps, spoken_of, times_asking, unchanged
from bot.dialogs.vendor.asks import Ask, Draft, Need
from bot.dialogs.vendor.naming import is_no_more_of_a_size
from bot.dialogs.vendor.permitting import permits
from bot.dialogs.vendor.price_moves import move_of
from bot.messages import Heard, Incoming
from bot.rights import Right
from bot.routing import SURE
from bot.turn import Turn
from bot.understanding.tidying import tidied
from catalog import adjusting, matching, units
from catalog.matching import Good
from catalog.vendors import vendors

if TYPE_CHECKING:
    from bot.understanding import mixed, unread
else:
    mixed, unread = later("bot.understanding.", "mixed", "unread")

PAGE = 8  # goods that words may mean, beside the option that it is none of them
MOST_PACK = 10_000  # units in one of another
Next = Literal[Need, "sure", "unknown", "nothing", "small", "same", "same_some"]

OWNERS: Mapping[str, Right] = {
    "set_price": "prices",
    "hide": "goods",
    "delete_product": "goods",
}  # intents -> the right that they need


class Said(TypedDict):
    """What was typed for a good."""

    words: str


class InUnit(TypedDict):
    """A good, its own unit behind a word that it belongs to (`de bols`), and the one that was said."""

    name: str
    of_units: str
    said: str


class Priced(TypedDict):
    """A good and what was said of it, in F CFA."""

    name: str
    price: int


class Moved(TypedDict):
    """A good, and by how much, with its sign."""

    name: str
    by: str


class Asked(TypedDict):
    """A good's name, and the question about its price or its units."""

    name: str
    asked: str


def read(turn: Turn) -> Literal["next", "undo", "undo_maybe", "may_not", "lot", "times", "line"]:
    """Everything that a message says of goods; may_not: some of it is the owner's to say, so nothing is done.

    lot: an amount may be what several units cost together, or each of them. times: `200x24` may be packs or a price.
    line: a figure is corrected that several lines have. undo_maybe: it may say that the last change is to be taken
    back, of which no guess is sure enough.
    """
    if len(turn.heard) == 1 and turn.heard[0].intent == "undo":
        return "undo" if turn.heard[0].confidence >= SURE else "undo_maybe"
    if correcting.is_other_figure(turn.heard):
        return correcting.correct(turn)
    if is_no_more_of_a_size(turn):
        turn.heard = (Heard("out_of_stock", {}, turn.heard[0].confidence),)
    turn.heard = tuple(_as_he_may(turn, one) for one in turn.heard)
    if not may_all(turn):
        return "may_not"
    if lot_asking.is_in_doubt(turn):
        return "lot"
    if times_asking.is_in_doubt(turn):
        return "times"
    draft = drafts.draft_for(turn)
    if len(turn.heard) == 1 and correcting.correct_the_one(turn, draft, turn.heard[0]):
        return "next"
    drafts.add(turn, draft, spoken_of.with_goods(turn))
    typed = own_names.plain_words(turn)
    both = mixed.mixed(tidied(typed))
    missed = () if any(map(_is_to_be_asked, turn.heard)) else unread.unread(both.stock if both else typed, turn.heard)
    shown = (own_names.named(turn, one) for one in missed)
    draft["unread"] = list(dict.fromkeys([*draft.get("unread", ()), *shown]))
    draft["rest"] = own_names.named(turn, both.rest) if both else ""
    draft["is_sure"] = draft["is_sure"] and not draft["unread"] and not draft["rest"]
    return "next"


def read_each(turn: Turn) -> Literal["next"]:
    """So much is the price of each unit, and so many of them lie there."""
    drafts.add(turn, drafts.draft_for(turn), lot_asking.each(turn))
    return "next"


def read_priced(turn: Turn) -> Literal["next"]:
    """So many lie there, and that is the price of one."""
    drafts.add(turn, drafts.draft_for(turn), times_asking.priced(turn))
    return "next"


def read_packed(turn: Turn) -> Literal["next"]:
    """So many packs of so many lie there."""
    drafts.add(turn, drafts.draft_for(turn), times_asking.packed(turn))
    return "next"


def _is_to_be_asked(heard: Heard) -> bool:
    """Whether a figure of it is not taken from the message: he says it again."""
    counted = heard.intent in ("set_stock", "add_stock", "remove_stock")
    return counted and heard.slots.get("quantity") is None


def _as_he_may(turn: Turn, heard: Heard) -> Heard:
    """What moves a price or a stock moves the stock where prices are another's to change."""
    move = move_of(heard.slots) if heard.intent == "set_price" else None
    if move is None or not move["units"] or rights.may(turn, "prices"):
        return heard
    slots = {"product": heard.slots.get("product", ""), "quantity": move["units"]}
    return Heard("add_stock" if move["by"] > 0 else "remove_stock", slots, heard.confidence)


def may_all(turn: Turn) -> bool:
    """Whether he may say all that was heard."""
    return all(permits(turn, OWNERS[one.intent]) for one in turn.heard if one.intent in OWNERS)


def go_on(turn: Turn) -> Next:
    """What has to be asked next; `small` when all is clear and is to be done at once.

    same: all that it says is so already; same_some: all but what nothing is called.
    """
    draft = drafts.draft_of(turn)
    may_be_small = _may_be_small(turn, draft)
    if may_be_small:
        take_alone(turn)
    outcome = drafts.clear(turn, draft)
    if outcome == "sure" and unchanged.leave_out(turn, draft):
        return "same_some" if draft["unknown"] else "same"
    is_small = may_be_small and outcome == "sure" and draft["is_sure"]
    shown = adjusting.preview(turn.db, draft.get("adjustment", 0)) if is_small else ()
    return "small" if outcome == "sure" and adjusting.is_small(shown) else outcome


def _may_be_small(turn: Turn, draft: Draft) -> bool:
    """Whether it is one change without a doubt, of a vendor who wants no question about few units."""
    if not draft["is_sure"] or draft["unknown"] or len(draft["lines"]) + len(draft["todo"]) != 1:
        return False
    return adjusting.takes_small_at_once(turn.db, turn.person.vendor_ids)


def _first(turn: Turn) -> Ask | None:
    """What is asked about now."""
    todo = drafts.draft_of(turn)["todo"]
    return todo[0] if todo else None


def _good(turn: Turn) -> Good | None:
    """The good that is asked about."""
    ask = _first(turn)
    product = ask["product"] if ask else 0
    return matching.goods(turn.db, turn.person.vendor_ids, [product]).get(product)


def is_in_doubt(turn: Turn) -> bool:
    """Whether something of a message is still to be cleared."""
    return _first(turn) is not None


def said(turn: Turn) -> Said:
    """Values of `which one?`."""
    ask = _first(turn)
    return {"words": ask["words"] if ask else ""}


def candidates(turn: Turn, after: str) -> Page:
    """The goods that the words may mean; the cursor counts those before."""
    ask, start = _first(turn), number_of(after or 0)
    ids = ask["ids"] if ask else []
    found = matching.goods(turn.db, turn.person.vendor_ids, ids[start : start + PAGE])
    shown = [found[id_] for id_ in ids[start : start + PAGE] if id_ in found]
    shops = vendors(turn.db, {one.vendor_id for one in shown}) if len(turn.person.vendor_ids) > 1 else {}
    rows = [
        Row(str(one.id), one.name, _detail(turn, one, shops[one.vendor_id].name if one.vendor_id in shops else ""))
        for one in shown
    ]
    return Page(tuple(rows), str(start + PAGE) if len(ids) > start + PAGE else "")


def _detail(turn: Turn, good: Good, shop: str) -> str:
    detail = words(turn, "vendor.good_detail", price=good.price, unit=good.unit, available=good.on_hand)
    return f"{shop} · {detail}" if shop else detail


def take_good(turn: Turn, row: str) -> Literal["next"]:
    """It is this one."""
    ask, product = _first(turn), number_of(row)
    good = matching.goods(turn.db, turn.person.vendor_ids, [product]).get(product)
    if ask and good:
        drafts.take(ask, good)
    return "next"


def leave_out(turn: Turn) -> Literal["next"]:
    """It is none of them: the rest goes on."""
    draft = drafts.draft_of(turn)
    if draft["todo"]:
        drafts.leave_out(draft, draft["todo"].pop(0))
    return "next"


def skip(turn: Turn) -> Literal["next"]:
    """It is not to be changed: the rest goes on."""
    draft = drafts.draft_of(turn)
    if draft["todo"]:
        draft["todo"].pop(0)
    return "next"


def in_unit(turn: Turn) -> InUnit:
    """Values of the questions about another unit."""
    ask, good = _first(turn), _good(turn)
    return {
        "name": good.name if good else "",
        "of_units": _of_units(turn, good.unit) if good else "",
        "said": ask["unit"] if ask else "",
    }


def _of_units(turn: Turn, unit: str) -> str:
    """`de bols`, `d'unités`."""
    return words(turn, "unit.of_vowel" if is_elided(unit) else "unit.of", units=many(unit, MOST_PACK))


def unit_rows(turn: Turn, after: str) -> Page:
    """`120 pièces` or `5 cartons`: how it is counted."""
    ask, good = _first(turn), _good(turn)
    if ask is None or good is None:
        return Page(())
    own, other = ask["value"] * ask["pack"], ask["value"]
    return Page((Row(str(ask["pack"]), counted(own, good.unit)), Row("1", counted(other, ask["unit"]))))


def take_unit(turn: Turn, row: str) -> Literal["next"]:
    """So it is counted from now on."""
    return _take_size(turn, number_of(row))


def read_pack(said: Incoming) -> int | None:
    """How many of the product's own are in one of what was said; a figure that is asked about is none."""
    size = read_quantity(said) if "?" not in said.text else None
    return size if size and size <= MOST_PACK else None


def take_pack(turn: Turn, size: int) -> Literal["next"]:
    """So many are in one, from now on."""
    return _take_size(turn, size)


def _take_size(turn: Turn, size: int) -> Literal["next"]:
    ask, good = _first(turn), _good(turn)
    if ask and good and size:
        units.remember(turn.db, good.id, ask["unit"], size)
        drafts.count_in(ask, size)
    return "next"


def priced(turn: Turn) -> Priced:
    """Values of `what you sell it for, or what you paid?`."""
    ask, good = _first(turn), _good(turn)
    return {"name": good.name if good else "", "price": ask["value"] if ask else 0}


def take_price(turn: Turn) -> Literal["next"]:
    """It is what he sells it for."""
    ask = _first(turn)
    if ask:
        ask["is_cost"] = False
    return "next"


def moved(turn: Turn) -> Moved:
    """Values of `its price, or its stock?`."""
    ask, good = _first(turn), _good(turn)
    move = ask.get("move") if ask else None
    by = move["by"] if move else 0
    return {"name": good.name if good else "", "by": f"{'+' if by > 0 else '−'}{abs(by)}"}


def move_price(turn: Turn) -> Literal["next"]:
    """It is the price."""
    ask = _first(turn)
    if ask and "move" in ask:
        ask["move"]["units"] = 0
    return "next"


def move_stock(turn: Turn) -> Literal["next"]:
    """It is what lies there."""
    ask = _first(turn)
    move = ask.pop("move", None) if ask else None
    if ask and move:
        ask["kind"], ask["value"] = ("more" if move["by"] > 0 else "less"), move["units"]
    return "next"


def amount_asked(turn: Turn) -> Asked:
    """Values of `how many?`, or of `what is its price?`."""
    ask, good = _first(turn), _good(turn)
    name = good.name if good else ""
    if ask and ask["kind"] == "step":
        return {"name": name, "asked": price_steps.asked_for(turn, ask)}
    what = "units" if ask is None or ask["kind"] != "price" else "price" if ask["value"] else "free"
    return {"name": name, "asked": words(turn, f"vendor.amount.{what}")}


def take_amount(turn: Turn, units_said: int) -> Literal["next"]:
    """So many, or so much."""
    ask = _first(turn)
    if ask and ask["kind"] == "step":
        price_steps.answer(ask, units_said)
    elif ask:
        ask["value"] = units_said
    return "next"


def is_unknown(turn: Turn) -> bool:
    """Whether there is nothing of a message but words that no good is called by."""
    draft = drafts.draft_of(turn)
    return bool(draft["unknown"]) and not drafts.is_open(draft)


def unknown(turn: Turn) -> Said:
    """Values of `nothing of yours is called so`."""
    return {"words": ", ".join(drafts.draft_of(turn)["unknown"])}
