"""What a vendor's message asks of his goods, kept until it is clear: each asked change, and what is still in doubt."""

import re
from collections.abc import Mapping, Sequence
from typing import Any, Final, Literal

from base.spelling import fold
from bot import own_names
from bot.dialogs.means import cause, number_of
from bot.dialogs.vendor import dozens, price_moves, price_steps
from bot.dialogs.vendor.asks import STOCK_KINDS, UNSAID, Ask, Asked, AskedKind, Draft, Need
from bot.dialogs.vendor.naming import of_size_alone, of_size_said, told_apart
from bot.messages import Heard
from bot.routing import SURE
from bot.turn import Turn
from bot.understanding.goods import is_unit
from bot.understanding.terms_slots import FROM
from catalog import adjusting, matching, units
from catalog.adjusting import Line, Source
from catalog.bounds import MOST_PRICE, MOST_UNITS
from catalog.matching import Good, Match, Wanted
from catalog.meanings import stem

DRAFT: Final = "stock"  # in memory
KINDS: Final[Mapping[str, AskedKind]] = {
    "set_stock": "count",
    "add_stock": "more",
    "remove_stock": "less",
    "out_of_stock": "out",
    "back_in_stock": "back",
    "set_price": "price",
    "hide": "hide",
    "delete_product": "hide",
}
MOST_SAID: Final = 99_999  # units in one line
_WHOLE: Final = frozenset({"out", "back", "price", "step", "hide"})  # true of a good with all its sizes
_PLAIN_UNITS: Final = frozenset({"piece", "unite", "article", "pc", "pcs", "unit", "item"})
_PRICED: Final = frozenset({"price", "step"})
_SEVERAL: Final = 2
_GONE_OR_BACK: Final = frozenset({"out", "back", "hide"})
_LONGEST: Final = 60  # characters of what is said back
_MOST_OFFERED: Final = 200  # goods, where none was named
_MOST_AT_ONCE: Final = 2_000  # goods that one message changes


_COUNTED_WORD: Final = re.compile(r"\b(?P<units>\d+) (?=(?P<word>[a-z]+)(?: (?:de|of|x) (?P<pack>\d{1,4})\b)?)")
_SIZE_WORD: Final = re.compile(r"\b(?:pointures?|tailles?|sizes?)\s+(?=\d{2}\b|x{0,4}[sml]\b)", re.IGNORECASE)


def draft_of(turn: Turn) -> Draft:
    """The open one, or an empty one."""
    kept = turn.memory.get(DRAFT)
    empty: Draft = {"lines": [], "todo": [], "unknown": [], "is_sure": True}
    return kept if kept else empty


def is_open(draft: Draft) -> bool:
    """Whether something of it waits for an answer."""
    return bool(draft["todo"] or draft["lines"])


def draft_for(turn: Turn) -> Draft:
    """The draft that a message adds to: the one whose question is open, else a new one that tells what is not done."""
    draft = draft_of(turn)
    if not turn.asked.startswith("vendor.stock_") or not is_open(draft):
        turn.memory.pop(DRAFT, None)
        left, draft = draft, draft_of(turn)
        if is_open(left) and "card" not in left:
            seen = adjusting.preview(turn.db, left.get("adjustment", 0))
            names = [*(one.name for one in seen), *(ask["words"] for ask in left["todo"])]
            draft["undone"] = list(dict.fromkeys(names))
    turn.memory[DRAFT] = draft
    return draft


def add(turn: Turn, draft: Draft, heard: Sequence[Heard]) -> None:
    """Add what was heard, each with its good where that is sure."""
    draft["older"] = len(draft["lines"])
    _add_all(turn, draft, heard)
    heard = [one for one in heard if one.intent in KINDS and _names_goods(one)]
    if turn.is_by_voice:
        draft["by_voice"] = True
    asks = [_asked(turn, one) for one in heard]
    wanted = [
        Wanted(ask["words"], unit=ask["unit"], is_whole=ask["kind"] in _WHOLE, count=_bare_count(ask)) for ask in asks
    ]
    matches = matching.find(turn.db, turn.person.vendor_ids, wanted)
    for ask, match, one in zip(asks, matches, heard, strict=True):
        if not one.slots.get("product"):
            sized = of_size_said(turn, turn.words) if ask["kind"] in _GONE_OR_BACK else []
            ask["ids"] = sized or matching.ids_of_shops(turn.db, turn.person.vendor_ids, _MOST_OFFERED, groups=True)
            draft["todo"].append(ask)
        elif not match.good and not match.candidates and (sized := of_size_alone(turn, ask["words"])):
            draft["todo"].append({**ask, "ids": sized})
        elif ask["kind"] in _GONE_OR_BACK and not match.is_met and _add_apart(turn, draft, ask):
            continue
        else:
            _place(draft, ask, match)
    _doubt_prices(draft, heard)
    draft["is_sure"] = (
        draft["is_sure"]
        and not turn.is_by_voice
        and all(match.is_exact and one.confidence >= SURE for match, one in zip(matches, heard, strict=True))
        and not any(match.good and _is_of_name(ask, match.good) for match, ask in zip(matches, asks, strict=True))
    )


def _bare_count(ask: Ask) -> int:
    """The units that were said, where they may be a figure of a good's name as well."""
    return ask["value"] if ask["kind"] in STOCK_KINDS and not ask["unit"] and ask["value"] > 0 else 0


def _is_of_name(ask: Ask, good: Good) -> bool:
    """Whether the units that were said may be a figure of the good's name, which was not typed whole."""
    count = _bare_count(ask)
    return count > 0 and matching.has_figure(good.name, count) and not matching.has_figure(ask["words"], count)


def take(ask: Ask, good: Good) -> None:
    """It is this good; a figure that is of its name is no number of units."""
    ask["product"] = good.id
    if _bare_count(ask) and matching.begins_with(good.name, ask["words"], ask["value"]):
        ask["value"] = UNSAID


def _names_goods(heard: Heard) -> bool:
    """Whether a reading is of one good, which is asked about where it is not named."""
    return not heard.slots.get("is_all")


def _add_all(turn: Turn, draft: Draft, heard: Sequence[Heard]) -> None:
    """`+10% sur tout`: a line for each of his goods."""
    moves = [price_moves.move_of(one.slots) for one in heard if one.slots.get("is_all")]
    if not any(moves):
        return
    ids = matching.ids_of_shops(turn.db, turn.person.vendor_ids, _MOST_AT_ONCE, groups=False)
    goods = matching.goods(turn.db, turn.person.vendor_ids, ids)
    for move in filter(None, moves):
        for id_ in ids:
            price = price_moves.moved(move, goods[id_].price)
            if price:
                _put(draft, (id_, "price", price, 0))


def _add_apart(turn: Turn, draft: Draft, ask: Ask) -> bool:
    """Goods that were named in a row, one by one; False where they are not."""
    named = told_apart(turn, ask["words"])
    wanted = [Wanted(words, is_whole=True) for words in named]
    for words, match in zip(
        named, matching.find(turn.db, turn.person.vendor_ids, wanted) if named else (), strict=True
    ):
        _place(draft, {**ask, "words": words, "ids": []}, match)
    return bool(named)


def _asked(turn: Turn, heard: Heard) -> Ask:
    slots = heard.slots
    kind: AskedKind = "step" if FROM in slots else KINDS[heard.intent]
    named = _SIZE_WORD.sub(" ", str(slots.get("product") or turn.words))
    words = " ".join(f"{named} {slots.get('size') or ''}".split())[:_LONGEST]
    move = price_moves.move_of(slots) if kind == "price" else None
    said = None if move else slots.get("price" if kind in _PRICED else "quantity")
    value = number_of(said) if said is not None else UNSAID
    most = MOST_PRICE if kind in _PRICED else MOST_SAID
    unit, pack = _unit_said(turn, slots, value) if kind in STOCK_KINDS else ("", 0)
    ask: Ask = {
        "kind": kind,
        "words": words,
        "value": value if value <= most else UNSAID,
        "product": 0,
        "ids": [],
        "unit": unit,
        "pack": pack,
        "is_cost": False,
    }
    if move:
        ask["move"] = move
    if kind in STOCK_KINDS and dozens.is_said(turn, value, str(slots.get("product") or "")):
        ask["is_dozen"] = True
    return price_steps.asked(ask, slots)


def _unit_said(turn: Turn, slots: Mapping[str, Any], value: int) -> tuple[str, int]:
    """The unit, folded in the singular, and how many are in it: `5 cartons de 24` is (carton, 24)."""
    counted = _COUNTED_WORD.finditer(fold(own_names.plain_words(turn)))
    behind = next((one for one in counted if one["units"] == str(value)), None)
    typed = fold(str(slots.get("unit") or "")).split()
    said = typed[0] if typed else behind["word"] if behind and is_unit(behind["word"]) else ""
    pack = behind["pack"] if behind and said and stem(behind["word"]) == stem(said) else slots.get("pack")
    return stem(said), number_of(pack or 0)


def _place(draft: Draft, ask: Ask, match: Match) -> None:
    """Where an asked change goes: among those to be cleared, or the words that nothing is called."""
    if match.good:
        ask["product"] = match.good.id
    elif size := _of_size(ask, match):
        ask["product"], ask["value"] = size, UNSAID
    elif match.candidates:
        ask["ids"] = [one.id for one in match.candidates]
    else:
        leave_out(draft, ask)
        return
    draft["todo"].append(ask)


def leave_out(draft: Draft, ask: Ask) -> None:
    """Nothing is called so; what it tells of a good is kept, which may be a new one."""
    if ask["words"] not in draft["unknown"]:
        draft["unknown"].append(ask["words"])
    if ask["kind"] in _TELLS_OF_NEW:
        draft["news"] = [*draft.get("news", ()), ask]


_TELLS_OF_NEW: Final = frozenset({"count", "more", "price"})


def _of_size(ask: Ask, match: Match) -> int:
    """The one of several sizes that a count may be meant for: `vendu baskets 40`; 0 for none."""
    sized = [one.id for one in match.candidates if one.good_id and str(ask["value"]) in fold(one.label).split()]
    is_size = ask["kind"] in STOCK_KINDS and ask["value"] >= _SMALLEST_SIZE and not ask["unit"]
    return sized[0] if is_size and len(sized) == 1 else 0


_SMALLEST_SIZE: Final = 20


def _doubt_prices(draft: Draft, heard: Sequence[Heard]) -> None:
    """`reçu 30 pagnes à 6500`: what he sells them for, or what he paid."""
    received = {fold(str(one.slots.get("product"))) for one in heard if one.intent == "add_stock"}
    for ask in draft["todo"]:
        if ask["kind"] == "price" and fold(ask["words"]) in received:
            ask["is_cost"] = True


def clear(turn: Turn, draft: Draft) -> Need | Literal["sure", "unknown", "nothing"]:
    """Clear what can be cleared; what has to be asked first, or `sure` when all is clear.

    unknown: nothing is left but words that no good is called by; nothing: not even those.

    When all is clear it is proposed: `adjustment` is its id.
    """
    wanted = {ask["product"] for ask in draft["todo"] if ask["product"]}
    goods = matching.goods(turn.db, turn.person.vendor_ids, wanted) if wanted else {}
    told = units.meant(turn.db, goods) if any(ask["unit"] for ask in draft["todo"]) else {}
    while draft["todo"]:
        ask = draft["todo"][0]
        good = goods.get(ask["product"])
        need = _need(turn, draft, ask, good, told)
        if need or good is None:
            draft["is_sure"] = False
            return need or "which"
        for line in _lines(turn, draft, ask, good):
            _put(draft, line)
        draft["todo"].pop(0)
    if not draft["lines"]:
        return "unknown" if draft["unknown"] else "nothing"
    propose(turn, draft)
    return "sure"


def propose(turn: Turn, draft: Draft) -> None:
    """Write down what is clear, with its figures."""
    lines = [Line(*line) for line in draft["lines"]]
    source: Source = "voice" if draft.get("by_voice") else "message"
    draft["adjustment"] = adjusting.propose(turn.db, turn.person.vendor_ids, lines, cause(turn), source)


def _need(turn: Turn, draft: Draft, ask: Ask, good: Good | None, told: Mapping[tuple[int, str], int]) -> Need | None:
    """What has to be asked before a change is clear."""
    if good is None:
        return "which"
    if ask["kind"] == "back" and good.kind == "group" and good.is_listed:
        ask["product"], ask["ids"] = 0, [one.id for one in matching.variants(turn.db, good.id)]
        return "which"
    if ask["kind"] in _PRICED and not ask.get("move") and _is_apart(turn, ask, good):
        return "which"
    if ask["kind"] == "step":
        return price_steps.need(turn, ask, [one.id for one in _sold_as(turn, good)], draft["lines"])
    if ask["kind"] == "price":
        return _need_of_price(turn, ask, good)
    if ask["kind"] in STOCK_KINDS or (ask["kind"] == "back" and good.kind != "group" and good.on_hand == 0):
        if ask["value"] == UNSAID:
            return "amount"
        return dozens.need(ask, good) or _need_of_unit(ask, good, told)
    return None


def _need_of_price(turn: Turn, ask: Ask, good: Good) -> Need | None:
    """A group whose variants cost each something else has no price of its own; each of them can be moved."""
    move = ask.get("move")
    if move and move["units"]:
        return "move"
    if move:
        return None if all(price_moves.moved(move, one.price) for one in _sold_as(turn, good)) else _unmoved(ask)
    if ask["value"] <= 0:
        return "amount"
    return "price" if ask["is_cost"] else None


def _is_apart(turn: Turn, ask: Ask, good: Good) -> bool:
    """Whether a group's variants cost each something else: which of them is then asked."""
    sold = _sold_as(turn, good)
    if len({one.price for one in sold}) < _SEVERAL:
        return False
    ask["product"], ask["ids"] = 0, [one.id for one in sold]
    return True


def _unmoved(ask: Ask) -> Need:
    """There is no such price: it is to be said."""
    del ask["move"]
    return "amount"


def _sold_as(turn: Turn, good: Good) -> tuple[Good, ...]:
    return matching.variants(turn.db, good.id) if good.kind == "group" else (good,)


def _need_of_unit(ask: Ask, good: Good, told: Mapping[tuple[int, str], int]) -> Need | None:
    """Whether a unit has to be asked about; one that is known is counted in the good's own."""
    unit = ask["unit"]
    if not unit or unit in _PLAIN_UNITS or unit in {stem(word) for word in fold(f"{good.unit} {good.name}").split()}:
        return None
    kept = told.get((good.id, unit))
    if kept is None or (ask["pack"] and kept not in (1, ask["pack"])):
        return "unit" if ask["pack"] else "pack"
    count_in(ask, kept)
    return None


def count_in(ask: Ask, size: int) -> None:
    """Count it in the good's own unit: so many of them are one of what was said."""
    value = ask["value"] * size
    ask["value"], ask["unit"], ask["pack"] = value if value <= MOST_UNITS else UNSAID, "", 0


def _lines(turn: Turn, draft: Draft, ask: Ask, good: Good) -> list[Asked]:
    """What a clear change is: for a group a line each of what it is sold as, and of one stock one."""
    match ask["kind"]:
        case "hide":
            return [(good.id, "listing", 0, 0)]
        case "back":
            shown: list[Asked] = [] if good.is_listed else [(good.id, "listing", 1, 0)]
            if ask["value"] >= 0:
                shown.append((good.id, "count", ask["value"], 0))
            return shown or [(good.id, "listing", 1, 0)]
        case "out":
            return [(one.id, "count", 0, 0) for one in _one_a_stock(_sold_as(turn, good))]
        case "step":
            lines = price_steps.lines(turn, ask, [one.id for one in _sold_as(turn, good)])
            draft["no_steps"] = [*draft.get("no_steps", ()), *([] if lines else [good.name])]
            return lines
        case "price":
            move = ask.get("move")
            return [
                (one.id, "price", price_moves.moved(move, one.price) if move else ask["value"], 0)
                for one in _sold_as(turn, good)
            ]
    return [(good.id, ask["kind"], ask["value"], 0)]


def _one_a_stock(sold: Sequence[Good]) -> list[Good]:
    """Of units that share a stock the smallest."""
    return list({one.stock_id: one for one in sorted(sold, key=lambda one: -one.factor)}.values())


def _put(draft: Draft, line: Asked) -> None:
    """Add a line; what counts, prices or lists takes the place of the like of an older message, which it corrects.

    What came and went is added to what was said before, and within one message nothing is lost: it is seen twice.
    """
    product, kind, _, quantity = line
    older, newer = draft["lines"][: draft.get("older", 0)], draft["lines"][draft.get("older", 0) :]
    if kind not in MOVEMENTS:
        older = [old for old in older if (*old[:2], *old[3:]) != (product, kind, quantity)]
        newer = [one for one in newer if one != line]
    draft["older"] = len(older)
    draft["lines"] = [*older, *newer, line]
    draft.pop("other", None)  # its places are those of before


MOVEMENTS: Final = frozenset({"more", "less"})
