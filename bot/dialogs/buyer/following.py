"""Who holds a part now, what comes next and by when; its code and its shop's phone, as often as they are asked for."""

from collections.abc import Iterator, Mapping
from typing import Literal, TypedDict

from base import hours
from base.spelling import normalise
from bot.dialogs.means import words
from bot.dialogs.programme import MOST_OWN, WORKSHOP
from bot.turn import Turn
from bot.understanding.buyer_asking import ALONE, LATE
from catalog.vendors import Vendor
from events import bookings
from orders import reports
from orders.basket import basket_of
from orders.due import IN_PREPARATION
from orders.reports import BuyerPart, Part

LOOKED_THROUGH = 50  # newest orders among which open parts are sought
PHONE_WORDS = frozenset("numero telephone tel phone contact number".split())
OF_ORDERS = frozenset(  # words of somebody who speaks of goods that he has bought
    "suivi colis paquet commande commandes comande livraison livreur livre achat achats article articles panier mon ma"
    " mes order orders parcel package delivery my".split()
)
OF_WORKSHOPS = frozenset(f"buyer.{state}" for state in "programme workshops workshop my_workshops".split())
CALLED = frozenset("livreur coursier zem rider boutique vendeur vendeuse shop seller".split())


class OneCode(TypedDict):
    """A part's code for the door."""

    code: str
    vendor: str
    delivery_code: str


class Codes(TypedDict):
    """Those of all open parts that were accepted."""

    codes: list[OneCode]


class OnePhone(TypedDict):
    """The phone of a part's shop, E.164."""

    code: str
    vendor: str
    phone: str


class Phones(TypedDict):
    """Those that may be told."""

    phones: list[OnePhone]


def asked_for(turn: Turn) -> Literal["late", "named", "phone", "code", "workshop", "order"]:
    """What a question about a parcel wants: a phone to call, the code for the door, or how it stands.

    late: he comes, or comes late. named: the message is an order's code alone. workshop: `c'est où`, of somebody who
    waits for no parcel but has a place there.
    """
    if turn.slot(LATE):
        return "late"
    if turn.slot(ALONE):
        return "named"
    said = set(normalise(turn.words).split())
    if said & PHONE_WORDS and said & CALLED:
        return "phone"
    if "code" in said and not turn.slot("order"):
        return "code"
    return "workshop" if means_workshop(turn) else "order"


def means_workshop(turn: Turn) -> bool:
    """Whether words that name no order are of a workshop: he has a place in one, and nothing is under way to him.

    What lies in his basket goes first, unless workshops are what he looks at.
    """
    if turn.slot("order") or not OF_ORDERS.isdisjoint(normalise(turn.words).split()):
        return False
    if turn.asked not in OF_WORKSHOPS and basket_of(turn.db, turn.person.contact_id).lines:
        return False
    if not bookings.standing(turn.db, turn.person.contact_id, size=1):
        return False
    found = reports.orders_of(turn.db, turn.person.contact_id, None, LOOKED_THROUGH).orders
    return not any(order.is_open for order in found)


def awaited(turn: Turn) -> Literal["workshop", "phone", "order", "nobody"]:
    """Who waits for somebody that says he comes, or comes late.

    workshop: he has a place there. phone: a shop that accepted an order, which he can phone. order: one that has not.
    """
    if means_workshop(turn):
        return "workshop"
    if phones(turn)["phones"]:
        return "phone"
    found = reports.orders_of(turn.db, turn.person.contact_id, None, LOOKED_THROUGH).orders
    return "order" if any(order.is_open for order in found) else "nobody"


def open_workshop(turn: Turn) -> Literal["one", "several"]:
    """The workshop that he has a place in: the one that was spoken of, or his only one."""
    standing = bookings.standing(turn.db, turn.person.contact_id, size=MOST_OWN)
    meant = [one.workshop_id for one in standing if one.workshop_id == turn.memory.get(WORKSHOP)]
    only = meant or [one.workshop_id for one in standing]
    if len(only) != 1:
        return "several"
    turn.memory[WORKSHOP] = only[0]
    return "one"


def find_codes(turn: Turn) -> Literal["some", "none"]:
    """Whether a part that was accepted waits for its code."""
    return "some" if codes(turn)["codes"] else "none"


def codes(turn: Turn) -> Codes:
    """Values of the codes."""
    return {
        "codes": [
            {"code": own.part.code, "vendor": own.part.vendor_name, "delivery_code": own.delivery_code}
            for own in _parts(turn)
            if own.delivery_code
        ]
    }


def find_phones(turn: Turn) -> Literal["some", "none"]:
    """Whether a shop's phone may be told."""
    return "some" if phones(turn)["phones"] else "none"


def phones(turn: Turn) -> Phones:
    """Values of the phones."""
    return {
        "phones": [
            {"code": own.part.code, "vendor": own.part.vendor_name, "phone": own.part.vendor_phone}
            for own in _parts(turn)
            if own.part.vendor_phone
        ]
    }


def _parts(turn: Turn) -> Iterator[BuyerPart]:
    for order in reports.orders_of(turn.db, turn.person.contact_id, None, LOOKED_THROUGH).orders:
        yield from order.parts


def is_late(turn: Turn, part: Part) -> bool:
    """Whether it should have left its shop by now."""
    return part.state in IN_PREPARATION and part.late_at is not None and part.late_at <= turn.now


def what_comes_next(turn: Turn, part: Part, shops: Mapping[int, Vendor]) -> str:
    """A line that says who holds it and what comes next; '' when nothing does."""
    shop = shops.get(part.vendor_id)
    match part.state:
        case "placed":
            said = _until_answered(turn, part, shop)
        case "accepted" | "ready" if part.is_unpaid:
            said = words(turn, _by_way("order.next.unpaid", part), prepaid=part.prepaid)
        case "accepted" | "ready":
            said = words(turn, _by_way(f"order.next.{part.state}", part), vendor=part.vendor_name) + _by_when(
                turn, part
            )
        case "handed_over":
            said = words(turn, _by_way("order.next.handed_over", part), vendor=part.vendor_name)
        case _:
            return ""
    return f"{said}\n"


def _by_way(key: str, part: Part) -> str:
    return key if part.way == "delivery" else f"{key}_{part.way}"


def _until_answered(turn: Turn, part: Part, shop: Vendor | None) -> str:
    if shop is None or not shop.is_open:
        return words(turn, "order.next.placed_paused", vendor=part.vendor_name)
    opening = hours.after(shop.hours or turn.config.market.opening, turn.now, 0)
    if opening is None or opening == turn.now:
        is_paid = part.way == "parcel" and not part.is_unpaid
        key = "order.next.placed_paid" if is_paid else _by_way("order.next.placed", part)
        return words(turn, key, vendor=part.vendor_name, delay=part.delay)
    return words(turn, "order.next.placed_shut", vendor=part.vendor_name, opens=opening)


def _by_when(turn: Turn, part: Part) -> str:
    if part.late_at is None:
        return ""
    key = "order.next.late" if is_late(turn, part) else "order.next.by_when"
    return f"\n{words(turn, key, at=part.late_at)}"
