"""What a person may ask about himself: see what is kept, correct it, have it erased, and stay after all."""

from dataclasses import replace
from datetime import timedelta
from typing import Literal, TypedDict

from base.places import address_of
from base.spelling import normalise
from bot import contacts, erasure, files, holdings
from bot.dialogs import calling
from bot.dialogs.means import take_alone, words
from bot.messages import Incoming
from bot.turn import Turn
from orders import addresses, reports
from orders.basket import basket_of

LONGEST_NAME = 80  # characters
NAME = "name_heard"  # in memory: the name that was typed and is not yet confirmed
OF_ADDRESSES = frozenset("adresse ladresse adress addresse address quartier livraison repere".split())


class Order(TypedDict):
    """When the last order was placed, ISO 8601."""

    at: str


class Held(TypedDict):
    """What is kept, each in words; `link` is where the whole of it can be fetched for an hour."""

    name: str
    phone: str
    address: str
    orders: int
    last: list[Order]
    messages: int
    days: int
    announcements: str
    link: str


class NameHeard(TypedDict):
    """The name that was typed."""

    name: str


class OrderCode(TypedDict):
    """The code of an order that is open."""

    code: str


class Grace(TypedDict):
    """Days to think again."""

    days: int


class Due(TypedDict):
    """When the person will be erased, ISO 8601."""

    due: str


def which_right(turn: Turn) -> Literal["access", "erase", "correct", "quarter", "address"]:
    """What a sentence about one's data asks for; to see it does no harm.

    quarter, address: where something is to be brought is corrected, what lies in the basket or was ordered.
    """
    match turn.slot("kind"):
        case "erase":
            return "erase"
        case "correct" if not OF_ADDRESSES.isdisjoint(normalise(turn.words).split()):
            return "quarter" if basket_of(turn.db, turn.person.contact_id).lines else "address"
        case "correct":
            return "correct"
    return "access"


def held(turn: Turn) -> Held:
    """Values of `this is what we keep`."""
    found = holdings.summary(turn.db, turn.person.contact_id)
    phone = calling.own_phone(turn) or found.phone
    unknown = words(turn, "data.unknown")
    where = address_of(found.quarter, found.landmark)
    return {
        "name": found.name or unknown,
        "phone": words(turn, "data.phone", phone=phone) if phone else unknown,
        "address": where or unknown,
        "orders": found.orders,
        "last": [{"at": found.last_order.isoformat()}] if found.last_order else [],
        "messages": found.messages,
        "days": _days(turn.config.timing.chat_kept),
        "announcements": words(turn, "data.yes" if found.wants_announcements else "data.no"),
        "link": link_to_file(turn),
    }


def link_to_file(turn: Turn) -> str:
    """The address of the person's own file, signed, for an hour."""
    until = turn.now + timedelta(seconds=turn.config.timing.document_link)
    path = files.path_to(holdings.KIND, turn.config.secret_key, turn.person.contact_id, until)
    return f"{turn.config.server.base_url}{path}"


def read_name(said: Incoming) -> str | None:
    """A name: words with a letter in them, at most 80 characters."""
    name = " ".join(said.text.split())[:LONGEST_NAME]
    return name if any(letter.isalpha() for letter in name) else None


def hear_name(turn: Turn, name: str) -> Literal["heard"]:
    """Any words are a name: a word that was meant as a command and mistyped too, so it is shown before it is kept."""
    turn.memory[NAME] = name
    return "heard"


def name_heard(turn: Turn) -> NameHeard:
    """Values of `is that your name`."""
    return {"name": str(turn.memory.get(NAME, ""))}


def keep_name(turn: Turn) -> Literal["kept"]:
    """The person is called so from now on."""
    name = str(turn.memory.pop(NAME, ""))
    contacts.set_name(turn.db, turn.person.contact_id, name)
    turn.person = replace(turn.person, name=name)
    return "kept"


def keep_phone(turn: Turn, phone: str) -> Literal["kept"]:
    """He is called there from now on, for the basket he fills too."""
    take_alone(turn)
    kept = calling.correct_own_phone(turn, phone)  # the person is locked before his basket
    if basket_of(turn.db, turn.person.contact_id).address.phone:
        addresses.set_phone(turn.db, turn.person.contact_id, phone)
    return kept


def look_before_erasing(turn: Turn) -> Literal["free", "order", "role", "before"]:
    """Whether the person can be erased: `before` when he has asked already."""
    if erasure.due_of(turn.db, turn.person.contact_id):
        return "before"
    return erasure.obstacle(turn.db, turn.person.contact_id) or "free"


def grace(turn: Turn) -> Grace:
    """Values of `do you really want that`."""
    return {"days": _days(turn.config.timing.erasure_grace)}


def _days(seconds: float) -> int:
    return round(seconds / timedelta(days=1).total_seconds())


def ask_erasure(turn: Turn) -> Literal["asked", "order", "role"]:
    """The yes: in seven days nothing of him is left, unless he stays after all."""
    obstacle = erasure.obstacle(turn.db, turn.person.contact_id)
    if obstacle:
        return obstacle
    erasure.ask(turn.db, turn.person.contact_id, "asked", turn.config.timing.erasure_grace)
    return "asked"


def open_order(turn: Turn) -> OrderCode:
    """Values of `first this order must end`."""
    return {"code": reports.unfinished_order_code(turn.db, turn.person.contact_id) or ""}


def has_open_order(turn: Turn) -> bool:
    """Whether that order still is open."""
    return reports.unfinished_order_code(turn.db, turn.person.contact_id) is not None


def is_leaving(turn: Turn) -> bool:
    """Whether the person still is to be erased."""
    return erasure.due_of(turn.db, turn.person.contact_id) is not None


def due(turn: Turn) -> Due:
    """Values of `you will be erased on`."""
    return {"due": (erasure.due_of(turn.db, turn.person.contact_id) or turn.now).isoformat()}


def stay(turn: Turn) -> Literal["kept", "nothing"]:
    """The person takes it back."""
    return "kept" if erasure.take_back(turn.db, turn.person.contact_id) else "nothing"


def stay_and_order(turn: Turn) -> Literal["kept"]:
    """The same, by somebody who orders again: locks follow."""
    take_alone(turn)
    erasure.take_back(turn.db, turn.person.contact_id)
    return "kept"


def look_before_ordering(turn: Turn) -> Literal["leaving", "staying"]:
    """Whether somebody who goes to order has asked to be erased; he is asked about it once."""
    when = erasure.due_of(turn.db, turn.person.contact_id)
    if when is None or turn.memory.get("asked_to_stay") == when.isoformat():
        return "staying"
    turn.memory["asked_to_stay"] = when.isoformat()
    return "leaving"
