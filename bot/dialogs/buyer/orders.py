"""A buyer's orders: the list, one order part by part, and its cancelling while that is possible."""

from collections.abc import Mapping
from dataclasses import astuple
from typing import Any, Literal, NotRequired, TypedDict

from base.places import address_of
from bot.dialog import Page, Row
from bot.dialogs.buyer.checkout import to_words
from bot.dialogs.buyer.following import is_late, means_workshop, what_comes_next
from bot.dialogs.means import cause, code_said, number_of, words
from bot.messages import Location
from bot.pins import pin_of
from bot.turn import Turn
from catalog.vendors import Vendor, vendors
from orders import changing, complaints, listing, progress, reports
from orders.codes import read_code
from orders.complaints import Complaint
from orders.listing import Mark
from orders.reports import BuyerPart, OrderView
from orders.states import CANCEL, OPEN

PAGE = 9
LOOKED_THROUGH = 50  # newest orders among which an open one is sought


class Code(TypedDict):
    """An order's public code."""

    code: str


class Told(TypedDict):
    """The delivery code that the buyer tells; `way` names where."""

    way: str
    delivery_code: str


class OrderedLine(TypedDict):
    """Units as ordered; `amount` in F CFA."""

    quantity: int
    name: str
    amount: int


class Late(TypedDict):
    """A mark without a value."""


class Complained(TypedDict):
    """A complaint about a part; `state` names a text, `at` is an ISO moment."""

    state: str
    at: str


class Part(TypedDict):
    """One shop's part; `state` names a text, `terms` says how it comes, `told` has the code while it is needed.

    `next` is a line or ''; `late` has one item when it should have left by now, `complaints` the last one about it.
    """

    vendor: str
    state: str
    late: list[Late]
    next: str
    complaints: list[Complained]
    lines: list[OrderedLine]
    terms: str
    told: list[Told]


class Ended(TypedDict):
    """An order that is over; `due` in words."""

    code: str
    due: str


class Whole(TypedDict):
    """One order; `due` says what is to be paid, `at` is an ISO moment."""

    code: str
    at: str
    parts: list[Part]
    due: str
    to: str
    recipient: str
    place: NotRequired[tuple[Any, ...]]


def order_rows(turn: Turn, after: str) -> Page:
    """The orders below two headings: first those that are still open, then those that are over, each newest first."""
    found = listing.open_before_over(turn.db, turn.person.contact_id, _mark_of(after), PAGE)
    rows = tuple(
        Row(str(order.id), order.code, _detail(turn, order), section=_section(turn, order)) for order in found.orders
    )
    return Page(rows, f"{_group(is_open=found.after.is_open)}.{found.after.order_id}" if found.after else "")


def _mark_of(cursor: str) -> Mark | None:
    """`open.12`: behind order 12, which was open; None at the beginning."""
    group, _, order_id = cursor.partition(".")
    number = number_of(order_id)
    return Mark(group == _group(is_open=True), number) if number else None


def _group(*, is_open: bool) -> Literal["open", "over"]:
    return "open" if is_open else "over"


def _section(turn: Turn, order: OrderView) -> str:
    return words(turn, f"buyer.orders_section.{_group(is_open=order.is_open)}")


def _detail(turn: Turn, order: OrderView) -> str:
    state = words(turn, f"order.state.{_state(order)}")
    return words(turn, "buyer.order_detail", at=order.placed_at.isoformat(), total=order.total, state=state)


def _state(order: OrderView) -> str:
    states = {own.part.state for own in order.parts if not own.part.is_moved}
    return states.pop() if len(states) == 1 else "mixed"


def pick_order(turn: Turn, row: str) -> Literal["picked", "unknown"]:
    """Choose the order that is spoken of."""
    turn.memory["order"] = number_of(row)
    return "picked" if order_spoken_of(turn) else "unknown"


def take_order(turn: Turn, given: str) -> Literal["one", "unknown"]:
    """A notice's button names the order by its id."""
    return "one" if pick_order(turn, given) == "picked" else "unknown"


def name_order(turn: Turn, given: str) -> Literal["one", "unknown"]:
    """A command names the order by its code; without one the only open order is meant."""
    if not given:
        return "one" if find_order(turn) == "one" else "unknown"
    code = read_code(given)
    named = reports.order_by_code(turn.db, turn.person.contact_id, code) if code else None
    return "one" if named and pick_order(turn, str(named.id)) == "picked" else "unknown"


def take_named(turn: Turn) -> Literal["one", "unknown"]:
    """The order whose code is the whole message."""
    named = _named(turn)
    return take_order(turn, str(named.id)) if named else "unknown"


def order_spoken_of(turn: Turn) -> OrderView | None:
    """The order that the chat is about; None when there is none, or not of this person."""
    found = reports.order(turn.db, number_of(turn.memory.get("order", 0)))
    return found if found and found.contact_id == turn.person.contact_id else None


def order_ways(turn: Turn, after: str) -> Page:
    """What can be done with the order on show. The ids name the order, so an old bubble stays itself."""
    order = order_spoken_of(turn)
    if order is None:
        return Page(())
    ways = ["refresh", "receipt", "person"]
    if is_cancellable(order):
        ways.insert(2, "cancel_order")
    if changing.is_changeable(order, turn.now):
        ways.insert(2, "change_order")
    return Page(tuple(Row(f"{way}.{order.id}", words(turn, f"option.{way}")) for way in ways))


def is_cancellable(order: OrderView) -> bool:
    """Whether a part of it is still in its shop."""
    return any(own.part.state in CANCEL.sources for own in order.parts)


Acted = Literal["refresh", "receipt", "change_order", "cancel_order", "person", "unknown"]
ACTS: tuple[Acted, ...] = ("receipt", "change_order", "cancel_order", "person")


def act_on_order(turn: Turn, row: str) -> Acted:
    """See how it stands, keep its receipt, change it, cancel it, or speak to a person about it."""
    way, _, order_id = row.partition(".")
    turn.memory["order"] = number_of(order_id)
    if order_spoken_of(turn) is None:
        return "unknown"
    return next((act for act in ACTS if act == way), "refresh")


def whole(turn: Turn) -> Whole:
    """Values of one order."""
    order = order_spoken_of(turn)
    if order is None:
        return {
            "code": "",
            "at": turn.now.isoformat(),
            "parts": [],
            "due": "",
            "to": "",
            "recipient": "",
        }
    shops = vendors(turn.db, (own.part.vendor_id for own in order.parts))
    values: Whole = {
        "code": order.code,
        "at": order.placed_at.isoformat(),
        "parts": _parts(turn, order, shops),
        "due": due_words(turn, order),
        "to": to_words(turn, order),
        "recipient": order.recipient,
    }
    if pin := _where_it_waits(order, shops):
        values["place"] = astuple(pin)
    return values


def _where_it_waits(order: OrderView, shops: Mapping[int, Vendor]) -> Location | None:
    """The pin of the one shop where something is to be fetched; a shop whose door is not known has none."""
    waiting = {own.part.vendor_id for own in order.parts if own.part.way == "pickup" and own.part.state in OPEN}
    shop = shops.get(waiting.pop()) if len(waiting) == 1 else None
    return pin_of(shop) if shop else None


def ended(turn: Turn) -> Ended:
    """Values of `it is cancelled`: what is owed back, or that nothing is to be paid."""
    order = order_spoken_of(turn)
    return {"code": order.code, "due": due_words(turn, order)} if order else {"code": "", "due": ""}


def due_words(turn: Turn, order: OrderView) -> str:
    """What is to be paid, and what is owed back for what is over."""
    owed = [words(turn, "buyer.owed", owed=order.owed)] if order.owed else []
    if order.refunded:
        owed.append(words(turn, "receipt.payment.refunded", refunded=order.refunded))
    payable = [_payable(turn, order)] if order.due or order.delivered else []
    return "\n".join([*payable, *owed]) or words(turn, "buyer.nothing_due")


def _payable(turn: Turn, order: OrderView) -> str:
    """What an open part costs is payable; of a delivered one only what it costs is known."""
    if order.prepaid:
        paid = order.prepaid - order.unpaid
        key = "before" if not paid else "paid" if not order.unpaid else "both"
        return words(turn, f"buyer.due_{key}", total=order.due + order.delivered, prepaid=order.unpaid, paid=paid)
    if not order.delivered:
        return words(turn, f"buyer.due.{order.way}", due=order.due)
    key = "buyer.due_in_part" if order.due else "buyer.total"
    return words(turn, key, total=order.due + order.delivered, due=order.due)


def _parts(turn: Turn, order: OrderView, shops: Mapping[int, Vendor]) -> list[Part]:
    last = {one.vendor_order_id: one for one in complaints.of_order(turn.db, order.id)}
    return [_part(turn, own, shops, last.get(own.part.id)) for own in order.parts]


def _part(turn: Turn, own: BuyerPart, shops: Mapping[int, Vendor], complaint: Complaint | None) -> Part:
    part = own.part
    told: list[Told] = [{"way": part.way, "delivery_code": own.delivery_code}] if own.delivery_code else []
    return {
        "vendor": part.vendor_name,
        "state": _state_key(part),
        "late": [{}] if is_late(turn, part) else [],
        "next": what_comes_next(turn, part, shops),
        "complaints": [_complained(complaint)] if complaint else [],
        "lines": [{"quantity": line.quantity, "name": line.name, "amount": line.amount} for line in part.lines],
        "terms": terms_words(turn, part),
        "told": told,
    }


def _state_key(part: reports.Part) -> str:
    if part.is_moved:
        return "moved"
    return f"left_{part.way}" if part.state == "handed_over" and part.way != "delivery" else part.state


def _complained(complaint: Complaint) -> Complained:
    return {"state": "settled" if complaint.settled_at else "open", "at": complaint.at.isoformat()}


def terms_words(turn: Turn, part: reports.Part) -> str:
    """How a part comes: for how much, or where it is fetched; a parcel's company and receipt once it was left there."""
    shop = address_of(part.vendor_quarter, part.vendor_landmark)
    said = words(turn, f"buyer.comes.{part.way}", fee=part.delivery, where=shop)
    if part.carrier:
        said += "\n" + words(turn, "buyer.left_at", carrier=part.carrier, receipt=part.receipt or "—")
    return said


def find_order(turn: Turn) -> Literal["one", "several", "none"]:
    """The order that a question about a parcel means: the one named, else the only open one, else the newest."""
    named = _named(turn)
    if named:
        turn.memory["order"] = named.id
        return "one"
    found = _newest(turn)
    still_open = [order for order in found if order.is_open]
    if not found:
        return "none"
    if len(still_open) > 1:
        return "several"
    turn.memory["order"] = (still_open or found)[0].id
    return "one"


def _named(turn: Turn) -> OrderView | None:
    code = read_code(code_said(turn))
    return reports.order_by_code(turn.db, turn.person.contact_id, code) if code else None


def _newest(turn: Turn) -> tuple[OrderView, ...]:
    return reports.orders_of(turn.db, turn.person.contact_id, None, LOOKED_THROUGH).orders


def find_receipt(turn: Turn) -> Literal["one", "several", "none"]:
    """The order whose receipt is wanted: the only one; of several each shows its own."""
    found = _newest(turn)[:2]
    if found:
        turn.memory["order"] = found[0].id
    return "several" if len(found) > 1 else "one" if found else "none"


def find_cancellable(turn: Turn) -> Literal["one", "several", "workshop", "none"]:
    """The order that `annulez ma commande` means: never guessed among several.

    workshop: `je ne peux plus venir` of somebody who has a place there, and no order.
    """
    named = _named(turn)
    found = [order for order in ([named] if named else _newest(turn)) if is_cancellable(order)]
    if not found:
        return "workshop" if means_workshop(turn) else "none"
    turn.memory["order"] = found[0].id
    return "one" if len(found) == 1 else "several"


def cancellable_rows(turn: Turn, after: str) -> Page:
    """The orders that can still be cancelled."""
    found = [order for order in _newest(turn) if is_cancellable(order)][:PAGE]
    return Page(tuple(Row(str(order.id), order.code, _detail(turn, order)) for order in found))


def code_spoken_of(turn: Turn) -> Code:
    """Values of texts about the order that is spoken of."""
    order = order_spoken_of(turn)
    return {"code": order.code if order else ""}


def cancel(turn: Turn) -> Literal["done", "partly", "too_late", "already"]:
    """The buyer said yes: every part that is still in its shop ends."""
    order_id = number_of(turn.memory.get("order", 0))
    outcome = progress.cancel_order(turn.db, order_id, turn.person.contact_id, cause(turn)).outcome
    return "already" if outcome == "not_yours" else outcome
