"""How the buyer wishes to pay, and what he says of a payment: kept or handed to a person, never believed."""

import re
from typing import Literal, TypedDict

from base.phones import read_phone
from base.spelling import normalise
from bot import attention
from bot.dialogs.buyer import orders
from bot.dialogs.buyer.checkout import method_words
from bot.dialogs.calling import is_reachable
from bot.dialogs.means import cause, words
from bot.turn import Turn
from bot.understanding.buyer_asking import NUMBER
from orders import addresses, progress, reports
from orders.basket import basket_of
from orders.reports import OrderView

AT_THE_DOOR = ("cash", "flooz", "tmoney")  # what a rider takes
REFERENCE = re.compile(r"\b(?=[A-Z]*\d)[A-Z0-9][A-Z0-9.-]{5,23}\b", re.IGNORECASE)
NEWEST = 9  # orders among which an open one is sought


class Wished(TypedDict):
    """A way to pay, in words."""

    method: str


class WishedFor(TypedDict):
    """The same for an order."""

    method: str
    code: str


class Due(TypedDict):
    """An open order: what of it is to be paid, and how, each in words."""

    code: str
    due: str
    how: str


class Claimed(TypedDict):
    """What was told of a payment; `reference` is a sentence, or ''."""

    reference: str


def hear_question(turn: Turn) -> Literal["ways", "number", "order"]:
    """What a question about paying wants: the ways to pay, or a number to send money to, which nobody is given.

    order: he waits for one that is to be paid, and buys nothing else just now.
    """
    if not turn.slot(NUMBER) and "numero" not in normalise(turn.words).split():
        return "ways"
    basket = basket_of(turn.db, turn.person.contact_id)
    order = None if basket.lines else _open_order(turn)
    if order is None or not order.due:
        return "number"
    turn.memory["order"] = order.id
    return "order"


def due(turn: Turn) -> Due:
    """Values of how that order is paid: by whom and where the market takes money for it, never by a number."""
    order = orders.order_spoken_of(turn)
    if order is None:
        return {"code": "", "due": "", "how": ""}
    return {"code": order.code, "due": orders.due_words(turn, order), "how": _how(turn, order)}


def _how(turn: Turn, order: OrderView) -> str:
    if order.unpaid:
        return words(turn, "buyer.pay_how.before")
    if order.prepaid == order.due:
        return words(turn, "buyer.pay_how.paid")
    is_told = order.payment in ("flooz", "tmoney")
    method = method_words(turn, order.payment, order.payment_phone) if is_told else words(turn, "buyer.pay_how.any")
    return words(turn, f"buyer.pay_how.{order.way}", method=method)


def is_due(turn: Turn) -> bool:
    """Whether something of that order is still to be paid."""
    order = orders.order_spoken_of(turn)
    return order is not None and order.due > 0


def choose_method(turn: Turn) -> Literal["wished", "order", "other"]:
    """Keep the wish: on the basket, or after a yes on the open order.

    other: what the rider does not take.
    """
    method = turn.slot("method")
    if method not in AT_THE_DOOR:
        return "other"
    phone = str(turn.slot("phone") or "") or read_phone(turn.words)
    turn.memory["pays"] = {"method": method, "phone": phone}
    basket = basket_of(turn.db, turn.person.contact_id)
    order = None if basket.lines else _open_order(turn)
    if order is not None:
        turn.memory["pays"]["order"] = order.id
        return "order"
    addresses.set_payment(turn.db, turn.person.contact_id, method, phone)
    return "wished"


def _open_order(turn: Turn) -> OrderView | None:
    """The newest order that somebody still has to bring."""
    found = reports.orders_of(turn.db, turn.person.contact_id, None, NEWEST).orders
    return next((order for order in found if order.is_open), None)


def wished(turn: Turn) -> Wished:
    """Values of `it is noted how you pay`."""
    told = turn.memory["pays"]
    return {"method": method_words(turn, told["method"], told["phone"])}


def wished_for(turn: Turn) -> WishedFor:
    """Values of the question whether an order is paid so."""
    order = _order_meant(turn)
    return {**wished(turn), "code": order.code if order else ""}


def _order_meant(turn: Turn) -> OrderView | None:
    found = reports.order(turn.db, turn.memory.get("pays", {}).get("order", 0))
    return found if found and found.contact_id == turn.person.contact_id else None


def is_payable(turn: Turn) -> bool:
    """Whether the order that was meant is still open."""
    order = _order_meant(turn)
    return order is not None and order.is_open


def wish_for_order(turn: Turn) -> Literal["done", "unknown"]:
    """The buyer said yes: his vendors read how he pays."""
    told = turn.memory["pays"]
    is_kept = progress.wish_payment(
        turn.db, told.get("order", 0), turn.person.contact_id, told["method"], told["phone"], cause(turn)
    )
    return "done" if is_kept else "unknown"


def claim(turn: Turn) -> Literal["called", "waiting", "unreachable"]:
    """Somebody says that he paid: a person looks, with the reference where one was told; no order changes."""
    reference = str(turn.slot("reference") or "") or _reference(turn.words)
    order = _open_order(turn)
    about: dict[str, object] = {"reference": reference} if reference else {}
    if order is not None:
        about["order"] = order.id
    is_new = attention.ask_for_person(turn.db, turn.conversation_id, turn.person.contact_id, "payment_claim", about)
    turn.memory["claimed"] = reference
    if not is_reachable(turn):
        return "unreachable"
    return "called" if is_new else "waiting"


def _reference(typed: str) -> str:
    """The reference of a transfer, as operators write them: six to 24 letters and figures; '' when none was told."""
    found = REFERENCE.search(typed.replace(" : ", " "))
    return found[0].upper() if found else ""


def claimed(turn: Turn) -> Claimed:
    """Values of `a person looks at your payment`."""
    reference = turn.memory.get("claimed", "")
    return {"reference": words(turn, "buyer.claim_reference", reference=reference) + "\n" if reference else ""}
