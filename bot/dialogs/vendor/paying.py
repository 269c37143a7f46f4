"""Where the shop is paid: shown masked; another number waits a day and for an organizer."""

from typing import Literal, TypedDict

from base.phones import mask, read_phone
from bot import rights
from bot.dialog import Page, Row
from bot.dialogs.means import cause, number_of, take_alone, words
from bot.dialogs.payout_words import Payout, read_payout
from bot.dialogs.vendor.permitting import permits
from bot.dialogs.vendor.selling import Owed, owed
from bot.turn import Turn
from catalog import payout_numbers
from catalog.payout_numbers import PayoutNumber
from catalog.vendors import vendor, vendors

OTHER = {"tmoney": "flooz", "flooz": "tmoney"}
Told = Literal["sure", "which", "untold", "unreadable", "may_not"]


class Standing(TypedDict):
    """A line for each shop: where it is paid, masked, and what waits."""

    numbers: str


class Money(Standing, Owed):
    """And what was paid before, and is still to be paid."""


class Asked(TypedDict):
    """The number whole, so that it can be corrected (E.164); `wallet` names a text."""

    shop: str
    phone: str
    wallet: str


class Masked(TypedDict):
    """The shop and the number, masked; `at`: from when at the earliest, as an ISO moment."""

    shop: str
    number: str
    at: str


def hear(turn: Turn) -> Told:
    """`payez moi sur 90 12 34 56 tmoney`; `untold`: where he is paid is what he wants to know."""
    if not permits(turn, "payout"):
        return "may_not"
    if not read_phone(turn.words):
        return "untold"
    told = read_payout(turn.said)
    return keep(turn, told) if told else "unreadable"


def keep(turn: Turn, told: Payout) -> Literal["sure", "which", "may_not"]:
    """The number that was told; asked for after a yes."""
    if not permits(turn, "payout"):
        return "may_not"
    turn.memory["payout"] = told
    shops = rights.shops(turn, "payout")
    turn.memory["paid_shop"] = shops[0]
    return "sure" if len(shops) == 1 else "which"


def money(turn: Turn) -> Money:
    """Values of where the shops are paid, and of what was paid and is still to be."""
    return {**standing(turn), **owed(turn)}


def standing(turn: Turn) -> Standing:
    """Where the shops are paid."""
    known = vendors(turn.db, rights.shops(turn, "payout"))
    return {"numbers": "\n".join(_standing(turn, shop.id, shop.name) for shop in known.values())}


def _standing(turn: Turn, vendor_id: int, name: str) -> str:
    paid, waits = (payout_numbers.of_shop(turn.db, vendor_id, state) for state in ("in_force", "waiting"))
    told = words(turn, "vendor.paid_on", shop=name, number=_masked(turn, paid))
    return f"{told}\n{words(turn, 'vendor.payout_waits', number=_masked(turn, waits))}" if waits else told


def _masked(turn: Turn, number: PayoutNumber | None) -> str:
    if number is None:
        return words(turn, "vendor.no_number")
    return f"{mask(number.phone)} ({words(turn, f'method.{number.wallet}')})"


def shop_rows(turn: Turn, after: str) -> Page:
    """The shops of the owner."""
    known = vendors(turn.db, rights.shops(turn, "payout"))
    return Page(tuple(Row(str(shop.id), shop.name) for shop in known.values()))


def take_shop(turn: Turn, row: str) -> Literal["sure", "may_not"]:
    """The shop that is paid there."""
    turn.memory["paid_shop"] = number_of(row)
    return "sure" if permits(turn, "payout", number_of(row)) else "may_not"


def is_told(turn: Turn) -> bool:
    """Whether a number was told for a shop that is the owner's still."""
    return "payout" in turn.memory and rights.may(turn, "payout", _shop(turn))


def _shop(turn: Turn) -> int:
    return number_of(turn.memory.get("paid_shop", 0))


def asked(turn: Turn) -> Asked:
    """Values of the question whether this is it."""
    told = turn.memory.get("payout", {"phone": "", "wallet": "tmoney"})
    shop = vendor(turn.db, _shop(turn))
    return {"shop": shop.name if shop else "", "phone": told["phone"], "wallet": told["wallet"]}


def change_wallet(turn: Turn) -> Literal["changed"]:
    """The same number with the other wallet: its first digits only let one guess."""
    told = turn.memory.get("payout")
    if told:
        turn.memory["payout"] = {**told, "wallet": OTHER[told["wallet"]]}
    return "changed"


def ask(turn: Turn) -> Literal["asked", "same", "before", "may_not"]:
    """The yes: it waits, and the shop's people hear of it wherever they are."""
    take_alone(turn)
    told = turn.memory.get("payout")
    if told is None or not permits(turn, "payout", _shop(turn)):
        return "may_not"
    wait = turn.config.timing.payout_wait
    return payout_numbers.ask(turn.db, _shop(turn), told["phone"], told["wallet"], cause(turn), wait)


def waiting(turn: Turn) -> Masked:
    """Values of `it waits`."""
    shop = vendor(turn.db, _shop(turn))
    found = payout_numbers.of_shop(turn.db, _shop(turn), "waiting")
    return {
        "shop": shop.name if shop else "",
        "number": _masked(turn, found),
        "at": (found.due_at if found else turn.now).isoformat(),
    }
