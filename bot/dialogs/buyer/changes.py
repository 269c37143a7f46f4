"""Changing an order that no vendor has answered: the wish is kept in the chat, and done after a yes to its recap."""

from typing import Any, Literal, TypedDict

from base import places
from base.places import Place, position
from base.shortening import shorten
from bot.dialog import Page, Row
from bot.dialogs.buyer import orders
from bot.dialogs.buyer.addresses import Shops
from bot.dialogs.buyer.lists import MOST_LETTERS
from bot.dialogs.buyer.places import AskedThere, asks_landmark_in
from bot.dialogs.buyer.readers import Where, Who
from bot.dialogs.means import cause, number_of, quarter_name, terms, words
from bot.price_words import of_ordered
from bot.turn import Turn
from orders import changing
from orders.basket import Address
from orders.changing import Line, Plan, Wish
from orders.offered import MOST_UNITS

PAGE = 9
LONGEST_LANDMARK = 200  # characters
SHORTEST_LANDMARK = 6  # of the rest of a sentence that named the quarter
Found = Literal["found", "told", "several", "unknown"]


class OneLine(TypedDict):
    """The line that is being changed; `most` units can be had."""

    name: str
    quantity: int
    most: int


class ShownLine(TypedDict):
    """A line as it shall be; F CFA."""

    quantity: int
    name: str
    price: str
    amount: int


class Block(TypedDict):
    """One shop's part as it shall be; `delivery` in F CFA."""

    vendor: str
    lines: list[ShownLine]
    delivery: int
    delay: str


class Fixed(TypedDict):
    """Why an order cannot be changed here."""

    why: str


class Recap(TypedDict):
    """The order as it shall be; `total` and `before` in F CFA."""

    code: str
    blocks: list[Block]
    total: int
    before: int
    quarter: str
    landmark: str
    recipient: str
    phone: str


def start_changing(turn: Turn) -> Literal["open", "fixed"]:
    """Whether the order that is spoken of can still be changed; an older wish is forgotten."""
    turn.memory["wish"] = {}
    order = orders.order_spoken_of(turn)
    return "open" if order and changing.is_changeable(order, turn.now) else "fixed"


def find_open(turn: Turn) -> Literal["one", "several", "none"]:
    """The order under way that somebody means who changes what is in no basket any more."""
    found = orders.find_order(turn)
    order = orders.order_spoken_of(turn) if found == "one" else None
    return "several" if found == "several" else "one" if order and order.is_open else "none"


def fixed(turn: Turn) -> Fixed:
    """Values of `it cannot be changed here`."""
    order = orders.order_spoken_of(turn)
    code = order.code if order else ""
    return {
        "why": words(turn, f"buyer.fixed.{changing.why_fixed(order) if order else 'over'}", code=code),
    }


def name_order(turn: Turn, given: str) -> Literal["open", "fixed", "unknown"]:
    """`modifier TG-4K7P2`; without a code the only open order is meant."""
    return start_changing(turn) if orders.name_order(turn, given) == "one" else "unknown"


def _order_id(turn: Turn) -> int:
    return number_of(turn.memory.get("order", 0))


def _wished(turn: Turn) -> dict[str, Any]:
    kept: dict[str, Any] = turn.memory.setdefault("wish", {})
    return kept


def _wish(turn: Turn) -> Wish:
    kept = _wished(turn)
    units = {number_of(line): int(quantity) for line, quantity in kept.get("units", {}).items()}
    return Wish(units, Address(**kept.get("address", {})))


def _plan(turn: Turn) -> Plan:
    return changing.plan(turn.db, _order_id(turn), _wish(turn), terms(turn))


def line_rows(turn: Turn, after: str) -> Page:
    """The lines of the order, as they shall be; the cursor is the place of the last one shown."""
    first = number_of(after)
    lines = _plan(turn).lines
    rows = [_row(turn, line) for line in lines[first : first + PAGE]]
    return Page(tuple(rows), str(first + PAGE) if len(lines) > first + PAGE else "")


def _row(turn: Turn, line: Line) -> Row:
    return Row(str(line.id), line.name, words(turn, "buyer.line_detail", quantity=line.quantity, amount=line.amount))


def pick_line(turn: Turn, row: str) -> Literal["picked"]:
    """Choose the line to change."""
    turn.memory["order_line"] = number_of(row)
    return "picked"


def one_line(turn: Turn) -> OneLine:
    """Values of the line that is being changed."""
    chosen = number_of(turn.memory.get("order_line", 0))
    line = next((line for line in _plan(turn).lines if line.id == chosen), None)
    if line is None:
        return {"name": "", "quantity": 0, "most": 0}
    return {"name": line.name, "quantity": line.quantity, "most": line.most}


def keep_units(turn: Turn, quantity: int) -> Literal["kept"]:
    """So many units are wanted; 0 takes the line out."""
    _wished(turn).setdefault("units", {})[str(turn.memory.get("order_line", 0))] = min(quantity, 10 * MOST_UNITS)
    return "kept"


def remove_line(turn: Turn) -> Literal["kept"]:
    """The line is no longer wanted."""
    return keep_units(turn, 0)


def find_place(turn: Turn, said: Where) -> Found:
    """The quarter that words name or a pin lies in; a landmark told in the same sentence is kept."""
    if "pin" in said:
        return _find_pin(turn, said["pin"])
    found = places.find_places(said["words"])
    if found.exact is not None:
        return _take(turn, found.exact, found.rest)
    turn.memory["places"] = [place.slug for place in found.candidates]
    turn.memory["rest"] = found.rest
    return "several" if found.candidates else "unknown"


def _find_pin(turn: Turn, pin: list[float]) -> Literal["found", "unknown"]:
    near = places.nearest(*pin)
    if not places.is_in_grand_lome(*pin) or near.kind != "quartier":
        return "unknown"
    _keep(turn, quarter=near.slug, latitude=pin[0], longitude=pin[1])
    return "found"


def _take(turn: Turn, place: Place, rest: str) -> Literal["found", "told", "unknown"]:
    if place.kind != "quartier":
        return "unknown"
    latitude, longitude = position(place)
    landmark = rest[:LONGEST_LANDMARK] if len(rest) >= SHORTEST_LANDMARK else ""
    _keep(turn, quarter=place.slug, landmark=landmark, latitude=latitude, longitude=longitude)
    return "told" if landmark else "found"


def _keep(turn: Turn, **values: str | float) -> None:
    _wished(turn).setdefault("address", {}).update(values)


def asks_landmark(turn: Turn) -> AskedThere:
    """Values of the question for a landmark where the order goes to another quarter."""
    return asks_landmark_in(turn, _wished(turn).get("address", {}).get("quarter"))


def take_place(turn: Turn, row: str) -> Literal["found", "told", "unknown"]:
    """The quarter that was meant."""
    offered = turn.memory["places"]
    return _take(turn, places.place(row if row in offered else offered[0]), turn.memory.get("rest", ""))


def keep_landmark(turn: Turn, said: Where) -> Literal["kept"]:
    """What to look for there: words, or the pin itself."""
    if "pin" in said and places.is_in_grand_lome(*said["pin"]):
        _keep(turn, latitude=said["pin"][0], longitude=said["pin"][1], landmark=words(turn, "buyer.pin_as_landmark"))
        return "kept"
    _keep(turn, landmark=said.get("words", "")[:LONGEST_LANDMARK] or words(turn, "buyer.no_landmark"))
    return "kept"


def skip_landmark(turn: Turn) -> Literal["kept"]:
    """There is none: whoever brings it phones."""
    _keep(turn, landmark=words(turn, "buyer.no_landmark"))
    return "kept"


def keep_recipient(turn: Turn, said: Who) -> Literal["kept"]:
    """Who receives, and his phone, or one of both."""
    told = {"recipient": said.get("name"), "phone": said.get("phone")}
    _keep(turn, **{which: words for which, words in told.items() if words})
    return "kept"


def keep_phone(turn: Turn, phone: str) -> Literal["kept"]:
    """The phone of who receives, E.164."""
    _keep(turn, phone=phone)
    return "kept"


def check(turn: Turn) -> Literal["fits", "same", "too_many", "nothing", "unserved", "person"]:
    """Whether the wish can be had; `same`: all stays as it is; `nothing`: no line is left, which is a cancellation.

    unserved: a shop does not send there. person: something would have to be paid before.
    """
    plan = _plan(turn)
    if not plan.is_otherwise:
        return "same"
    turn.memory["changed_total"] = plan.total
    if plan.lacking:
        turn.memory["order_line"] = plan.lacking.id
        return "too_many"
    if plan.unserved:
        return "unserved"
    if plan.needs_person:
        return "person"
    return "fits" if plan.total else "nothing"


def unserved(turn: Turn) -> Shops:
    """Values of `these shops do not send there`; the place that was wished for is forgotten."""
    shops = ", ".join(_plan(turn).unserved)
    _wished(turn).pop("address", None)
    return {"shops": shops}


def recapped(turn: Turn) -> Recap:
    """Values of the recap."""
    plan = _plan(turn)
    before = changing.plan(turn.db, _order_id(turn), Wish(), terms(turn))
    return {
        "code": orders.code_spoken_of(turn)["code"],
        "blocks": [_block(turn, part) for part in plan.parts if part.is_left],
        "total": plan.total,
        "before": before.total,
        "quarter": quarter_name(plan.address.quarter),
        "landmark": plan.address.landmark or "",
        "recipient": plan.address.recipient or "",
        "phone": plan.address.phone or "",
    }


def _block(turn: Turn, part: changing.Part) -> Block:
    lines: list[ShownLine] = [
        {
            "quantity": line.quantity,
            "name": shorten(line.name, MOST_LETTERS),
            "price": of_ordered(turn.person.language, line.quantity, line.price, line.amount),
            "amount": line.amount,
        }
        for line in part.lines
        if line.quantity
    ]
    return {
        "vendor": shorten(part.vendor_name, MOST_LETTERS),
        "lines": lines,
        "delivery": part.delivery,
        "delay": part.delay,
    }


def change(turn: Turn) -> Literal["changed", "too_late", "again"]:
    """The buyer said yes to the recap."""
    outcome = changing.change_order(
        turn.db,
        _order_id(turn),
        turn.person.contact_id,
        _wish(turn),
        cause(turn),
        terms(turn),
        total_seen=int(turn.memory.get("changed_total", 0)),
    )
    if outcome == "again":
        return "again"
    turn.memory.pop("wish", None)
    return "changed" if outcome == "changed" else "too_late"
