"""Who brings a delivery: a rider from the shop's list, by a phone that is typed, or on a card that is sent."""

from typing import Literal, TypedDict

from base.phones import read_phone
from bot import rights
from bot.dialog import Page, Row
from bot.dialogs.means import cause, code_said, number_of, take_alone, words
from bot.dialogs.readers import phone_on, read_phone_said
from bot.dialogs.vendor.cards import CARD
from bot.dialogs.vendor.parts import RIDER, Meant, find, meant_id, own, speak_of
from bot.messages import Incoming
from bot.rider_words import called, name_beside
from bot.turn import Turn
from orders import riders
from orders.states import RIDE

PAGE = 8


class Told(TypedDict):
    """A rider as he was told; `name` '' without one, `phone` E.164."""

    phone: str
    name: str


class Chosen(TypedDict):
    """A rider, by name and phone, and the order that he brings."""

    code: str
    rider: str


def name(turn: Turn, given: str | None) -> Meant:
    """A command names the order; who brings it is asked."""
    turn.memory.pop(RIDER, None)
    return find(turn, given or "", RIDE)


def hear(turn: Turn) -> Literal["found", "several", "none", "unknown"]:
    """`livreur 90 12 34 56 Kossi`, `livreur 4K7 90 12 34 56`: he is on the shop's list, and may bring an order."""
    return _hear(turn, {"phone": str(turn.slot("phone") or ""), "name": str(turn.slot("name") or "")})


def hear_card(turn: Turn) -> Literal["found", "several", "none"]:
    """The kept card is a rider's."""
    told = turn.memory.pop(CARD, {"phone": "", "name": ""})
    found = _hear(turn, {"phone": told["phone"], "name": told["name"]})
    return "none" if found == "unknown" else found


def _hear(turn: Turn, told: Told) -> Meant:
    turn.memory[RIDER] = told
    riders.note(turn.db, rights.shops(turn, "orders"), told["phone"], told["name"])
    return find(turn, code_said(turn), RIDE)


def look(turn: Turn) -> Literal["known", "some", "none", "not_brought", "too_early", "closed"]:
    """Who can bring it: the one who was told, one of the list, or somebody new; not_brought: no rider is needed."""
    part = own(turn, meant_id(turn, RIDE))
    if part is None or part.state not in RIDE.sources:
        speak_of(turn, RIDE)
        return "too_early" if part and RIDE.answers[part.state] == "too_early" else "closed"
    if part.way != "delivery":
        speak_of(turn, RIDE)
        return "not_brought"
    if turn.memory.get(RIDER):
        return "known"
    return "some" if riders.of_shops(turn.db, rights.shops(turn, "orders"), 1) else "none"


def rider_rows(turn: Turn, after: str) -> Page:
    """The shop's riders, whom it used last first."""
    found = riders.of_shops(turn.db, rights.shops(turn, "orders"), PAGE)
    return Page(tuple(_row(turn, one) for one in found))


def _row(turn: Turn, one: riders.Rider) -> Row:
    phone = words(turn, "vendor.rider_phone", phone=one.phone)
    return Row(str(one.id), one.name or phone, phone if one.name else "")


def take(turn: Turn, row: str) -> Literal["kept", "gone"]:
    """One of the list; gone: he asked to be forgotten meanwhile."""
    found = riders.rider(turn.db, number_of(row), rights.shops(turn, "orders"))
    if found is None:
        return "gone"
    turn.memory[RIDER] = {"phone": found.phone, "name": found.name}
    return "kept"


def read_rider(said: Incoming) -> Told | None:
    """`90 12 34 56 Kossi`, or a contact card; None without a phone."""
    phone = read_phone_said(said)
    if phone is None:
        return None
    card = next((one.name for one in said.cards if phone_on(one) == phone), "")
    return {"phone": phone, "name": card or name_beside(said.text) if read_phone(said.text) or card else ""}


def keep(turn: Turn, told: Told) -> Literal["kept"]:
    """Somebody new; asked only after a yes."""
    turn.memory[RIDER] = told
    return "kept"


def is_asked(turn: Turn) -> bool:
    """Whether an order still waits for its rider."""
    part = own(turn, meant_id(turn, RIDE))
    return part is not None and part.state in RIDE.sources


def chosen(turn: Turn) -> Chosen:
    """Values of texts about a rider and his order."""
    told = turn.memory.get(RIDER) or {"phone": "", "name": ""}
    part = own(turn, meant_id(turn, RIDE))
    return {"code": part.code if part else "", "rider": called(told["phone"], told["name"])}


def ask(turn: Turn) -> Literal["asked", "closed"]:
    """The vendor said yes: he is written to, or the vendor is told to pass it on."""
    take_alone(turn)  # whoever is met for the first time needs rows of his own
    told = turn.memory.get(RIDER) or {"phone": "", "name": ""}
    part_id = speak_of(turn, RIDE)
    return riders.ask(turn.db, part_id, rights.shops(turn, "orders"), told["phone"], told["name"], cause(turn))
