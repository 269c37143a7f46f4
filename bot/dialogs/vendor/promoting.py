"""Promotions in the vendor's chat: what is wanted, the good that is meant, the preview, ended, undone."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Literal, TypedDict

from base.later import Later
from bot import own_names, rights
from bot.dialog import Page, Row
from bot.dialogs.means import after_of, cause, number_of, words
from bot.dialogs.vendor import lot_asking
from bot.dialogs.vendor.promo_words import Wanted, product_named, read_promo
from bot.dialogs.vendor.times import Span
from bot.dialogs.vendor.unfinished import PROMOTED, changed
from bot.turn import Turn
from catalog import matching, promotions
from catalog.prices import Promo, Tariff, promoted
from catalog.promotions import Plan, Promotion

if TYPE_CHECKING:
    from bot.understanding import lots
else:
    lots = Later("bot.understanding.lots")

PAGE = 9
SECOND = timedelta(seconds=1)
Refused = Literal["dearer", "past", "odd", "unknown"]


class Given(TypedDict):
    """A promotion in words: the good's name, what it gives, when."""

    name: str
    offer: str
    time: str


class Planned(Given):
    """The same before it is made; `beside` what it takes the place of."""

    beside: str


class Ended(TypedDict):
    """A promotion that is over, and the price that is back, in words."""

    name: str
    usual: str


class Named(TypedDict):
    """The words that name a good."""

    said: str


class Unknown(Named):
    """And a good of his, '' where he has none: what to write instead."""

    example: str


class Why(TypedDict):
    """The tail of the text that says why it cannot be."""

    why: str


def own_shops(turn: Turn) -> tuple[int, ...]:
    """The shops whose promotions this person makes."""
    return rights.shops(turn, "promotions")


def hear(turn: Turn) -> Literal["found", "which", "unknown", "untold", "list"]:
    """What a message wants: a good and what it gives are kept; nothing told: the list, or how it is written."""
    wanted = _wanted(turn)
    _keep(turn, wanted, own_names.named(turn, ", ".join(_lines(turn)[1:])))
    if not wanted.product and not wanted.is_all:
        return "list" if promotions.of_shops(turn.db, own_shops(turn), size=1) else "untold"
    if wanted.kind is None:
        return "untold"
    return "found" if wanted.is_all else _find(turn, wanted.product)


def hear_lot(turn: Turn) -> Literal["found", "which", "unknown"]:
    """Units and an amount that a vendor has said to be what they cost together."""
    lot = lot_asking.kept(turn)
    if lot is None:
        return "unknown"
    _keep(turn, Wanted(lot.product, is_all=False, kind="lot", value=lot.price, quantity=lot.quantity, span=Span()))
    return _find(turn, lot.product)


def _keep(turn: Turn, wanted: Wanted, rest: str = "") -> None:
    turn.memory["promo"] = {
        "said": wanted.product,
        "kind": wanted.kind,
        "value": wanted.value,
        "quantity": wanted.quantity,
        "is_past": wanted.span is None,
        "begins": _written(wanted.span.begins if wanted.span else None),
        "ends": _written(wanted.span.ends if wanted.span else None),
        "product": None,
        "vendors": list(own_shops(turn)),
        "rest": rest,
    }


def _wanted(turn: Turn) -> Wanted:
    wanted = read_promo(_lines(turn)[0], turn.now)
    return replace(wanted, product=own_names.named(turn, wanted.product))


def _lines(turn: Turn) -> Sequence[str]:
    """The message, or its lines where each is a promotion by itself: one is asked about, the others are sent again."""
    typed = own_names.plain_words(turn)
    lines = lots.lines_of(typed)
    read = [read_promo(line, turn.now) for line in lines]
    return lines if len(lines) > 1 and all(one.product and one.kind for one in read) else [typed]


def _written(moment: datetime | None) -> str:
    return moment.isoformat() if moment else ""


def _find(turn: Turn, named: str) -> Literal["found", "which", "unknown"]:
    match = matching.find(turn.db, own_shops(turn), [matching.Wanted(named, is_whole=True)])[0]
    if match.good:
        _take(turn, match.good.id, match.good.vendor_id)
        return "found"
    turn.memory["promo"]["candidates"] = [good.id for good in match.candidates[:PAGE]]
    return "which" if match.candidates else "unknown"


def _take(turn: Turn, product_id: int, vendor_id: int) -> None:
    turn.memory["promo"] |= {"product": product_id, "vendors": [vendor_id]}


def candidates(turn: Turn, after: str) -> Page:
    """The goods that the words may mean."""
    return Page(tuple(Row(str(good.id), good.name, good.label) for good in _candidates(turn)))


def _candidates(turn: Turn) -> Sequence[matching.Good]:
    ids = turn.memory.get("promo", {}).get("candidates", [])
    found = matching.goods(turn.db, own_shops(turn), ids)
    return [found[one] for one in ids if one in found]


def choose_good(turn: Turn, row: str) -> Literal["found", "unknown"]:
    """One of them is meant."""
    good = next((good for good in _candidates(turn) if good.id == number_of(row)), None)
    if good is None:
        return "unknown"
    _take(turn, good.id, good.vendor_id)
    return "found"


def said(turn: Turn) -> Named:
    """Values of texts about words that name a good."""
    return {"said": str(turn.memory.get("promo", {}).get("said", ""))[:60]}


def unknown(turn: Turn) -> Unknown:
    """Values of the answer that nothing is called so: how a promotion of one of his goods is written."""
    ids = matching.ids_of_shops(turn.db, own_shops(turn), 1, groups=True)
    names = [good.name for good in matching.goods(turn.db, own_shops(turn), ids).values()]
    example = f"\n{words(turn, 'promo.example', name=names[0])}" if names else ""
    return {**said(turn), "example": example}


def judge(turn: Turn) -> Literal["fine", "refused"]:
    """Whether it can be made; why not is kept."""
    found = _refusal(turn)
    turn.memory["promo_why"] = found or ""
    return "refused" if found else "fine"


def _refusal(turn: Turn) -> Refused | None:
    draft = turn.memory.get("promo")
    if not draft:
        return "unknown"
    if draft["is_past"]:
        return "past"
    plans = _plans(turn)
    found = (promotions.refusal(turn.db, own_shops(turn), plan) for plan in plans)
    return next(filter(None, found), None) if plans else "unknown"


def _plans(turn: Turn) -> list[Plan]:
    """One of a good; of all goods one a shop."""
    draft = turn.memory.get("promo") or {"vendors": []}
    return [
        Plan(
            vendor_id,
            draft["product"],
            draft["kind"],
            draft["value"],
            draft["quantity"],
            datetime.fromisoformat(draft["begins"]) if draft["begins"] else None,
            datetime.fromisoformat(draft["ends"]) if draft["ends"] else None,
        )
        for vendor_id in draft["vendors"]
    ]


def why(turn: Turn) -> Why:
    """Values of the text that says why it cannot be."""
    return {"why": str(turn.memory.get("promo_why") or "unknown")}


def is_planned(turn: Turn) -> bool:
    """Whether a promotion waits for its yes and could still be made."""
    return bool(turn.memory.get("promo")) and _refusal(turn) is None


def preview(turn: Turn) -> Planned:
    """Values of the question whether it is wanted."""
    plans = _plans(turn)
    if not plans:
        return {"name": "", "offer": "", "time": "", "beside": ""}
    plan = plans[0]
    other = promotions.of_good(turn.db, plan.vendor_id, plan.product_id)
    beside = words(turn, "promo.beside", offer=_offer_of(turn, other)) if other else ""
    rest = turn.memory["promo"].get("rest")
    beside += f"\n{words(turn, 'vendor.change.apart', words=rest)}" if rest else ""
    name, price = _named(turn, plan.product_id)
    offer = _offer(turn, Promo(plan.kind, plan.value, plan.quantity), price)
    return {"name": name, "offer": offer, "time": _time(turn, plan.begins_at, plan.ends_at), "beside": beside}


def _named(turn: Turn, product_id: int | None) -> tuple[str, int]:
    """The name and the usual price of a good; of all goods its words, and 0."""
    good = matching.goods(turn.db, own_shops(turn), [product_id]).get(product_id) if product_id else None
    return (good.name, good.price) if good else (words(turn, "promo.all_goods"), 0)


def _offer(turn: Turn, promo: Promo, price: int) -> str:
    """`15 000 F CFA au lieu de 17 500 F CFA`, `3 pour 1 000 F CFA`, `-10 % sur tout`."""
    if promo.kind == "lot":
        return words(turn, "promo.offer.lot", quantity=promo.quantity, price=promo.value)
    if not price:
        return words(turn, "promo.offer.percent", percent=promo.value)
    return words(turn, "promo.offer.price", price=promoted(Tariff(price), promo).price, usual=price)


def _offer_of(turn: Turn, one: Promotion) -> str:
    return _offer(turn, Promo(one.kind, one.value, one.quantity), one.price)


def _time(turn: Turn, begins: datetime | None, ends: datetime | None) -> str:
    is_later = begins is not None and begins > turn.now
    key = f"promo.time.{'later' if is_later else 'now'}_{'until' if ends else 'open'}"
    last = ends - SECOND if ends else turn.now
    return words(turn, key, first=begins or turn.now, last=last)


def begin(turn: Turn) -> Literal["done", "refused"]:
    """Make what was shown."""
    found = "past" if _is_past(turn) else promotions.start(turn.db, own_shops(turn), _plans(turn), cause(turn))
    turn.memory["promo_why"] = "" if found == "done" else found
    if found == "done":
        changed(turn, PROMOTED)
    return "done" if found == "done" else "refused"


def _is_past(turn: Turn) -> bool:
    return bool((turn.memory.get("promo") or {}).get("is_past"))


def begun(turn: Turn) -> Given:
    """Values of the text about the one that was made last."""
    return _shown(turn, promotions.last_of(turn.db, own_shops(turn), turn.person.contact_id))


def is_last_running(turn: Turn) -> bool:
    """Whether the one that was made last could still be undone."""
    last = promotions.last_of(turn.db, own_shops(turn), turn.person.contact_id)
    return last is not None and not last.is_over


def is_said_again(_turn: Turn) -> bool:
    """Never: that one was made is news once; what takes it back later says so itself."""
    return False


def undo(turn: Turn) -> Literal["undone", "nothing"]:
    """Take back the last one that he made: prices are as before, and what it replaced runs again."""
    last = promotions.undo(turn.db, own_shops(turn), cause(turn))
    turn.memory["promo_ended"] = last.id if last else 0
    return "undone" if last else "nothing"


def hear_end(turn: Turn) -> Literal["one", "several", "none"]:
    """Which one shall end: the one that is named, the only one, or one of several."""
    running = promotions.of_shops(turn.db, own_shops(turn), size=PAGE + 1)
    named = str(turn.slot("product") or "") or own_names.named(turn, product_named(own_names.plain_words(turn)))
    found = running
    if named and running:
        match = matching.find(turn.db, own_shops(turn), [matching.Wanted(named, is_whole=True)])[0]
        ids = {good.id for good in ((match.good,) if match.good else match.candidates)}
        found = tuple(one for one in running if one.product_id in ids) or running
    if len(found) == 1:
        turn.memory["promo_end"] = found[0].id
        return "one"
    return "several" if found else "none"


def rows(turn: Turn, after: str) -> Page:
    """The promotions that run or are planned."""
    found = promotions.of_shops(turn.db, own_shops(turn), after_of(after) or 0, PAGE + 1)
    shown = tuple(Row(str(one.id), _name_of(turn, one), _offer_of(turn, one)) for one in found[:PAGE])
    return Page(shown, str(found[PAGE - 1].id) if len(found) > PAGE else "")


def choose_end(turn: Turn, row: str) -> Literal["one", "gone"]:
    """This one shall end."""
    turn.memory["promo_end"] = number_of(row)
    return "one" if is_running(turn) else "gone"


def is_running(turn: Turn) -> bool:
    """Whether the one that shall end still runs, or is planned."""
    one = promotions.promotion(turn.db, number_of(turn.memory.get("promo_end", 0)))
    return one is not None and one.vendor_id in own_shops(turn) and not one.is_over


def ending(turn: Turn) -> Given:
    """Values of the question whether it shall end."""
    return _shown(turn, promotions.promotion(turn.db, number_of(turn.memory.get("promo_end", 0))))


def ended(turn: Turn) -> Ended:
    """Values of the text about the one that has ended."""
    one = promotions.promotion(turn.db, number_of(turn.memory.get("promo_ended", 0)))
    if one is None:
        return {"name": "", "usual": ""}
    return {"name": _name_of(turn, one), "usual": words(turn, "promo.usual", price=one.price) if one.price else ""}


def _name_of(turn: Turn, one: Promotion) -> str:
    return one.name or words(turn, "promo.all_goods")


def _shown(turn: Turn, one: Promotion | None) -> Given:
    if one is None:
        return {"name": "", "offer": "", "time": ""}
    return {
        "name": _name_of(turn, one),
        "offer": _offer_of(turn, one),
        "time": _time(turn, one.begins_at, one.ends_at),
    }


def end(turn: Turn) -> Literal["done", "gone"]:
    """End it: the usual price is back."""
    promotion_id = number_of(turn.memory.pop("promo_end", 0))
    turn.memory["promo_ended"] = promotion_id
    return "done" if promotions.end(turn.db, own_shops(turn), [promotion_id]) else "gone"
