"""Who helps in the shop: invited by phone, listed, let go; all of it is the owner's alone."""

import re
from typing import Final, Literal, TypedDict

from base.phones import format_phone, read_phone
from bot import rights, shop_people
from bot.dialog import Page, Row
from bot.dialogs.buyer.readers import without_phone
from bot.dialogs.means import number_of, take_alone, words
from bot.dialogs.readers import phone_on
from bot.dialogs.vendor.cards import CARD
from bot.dialogs.vendor.permitting import permits
from bot.messages import Incoming
from bot.shop_people import Helper
from bot.turn import Turn
from catalog.vendors import vendor, vendors

CALLED: Final = re.compile(
    r"\b(?:ajoute[rz]?|add|nouvel(?:le)?|new|mon|ma|une?|my|l['’]|aide[sr]?|aidante?|helper|assistante?|vendeuse"
    r"|apprentie?|s['’]appelle|c['’]est|avec|pour)(?!\w)",
    re.IGNORECASE,
)
BETWEEN: Final = re.compile(r"^[\s,;:/()+.'’-]+|[\s,;:/()+.'’-]+$")


class Invitee(TypedDict):
    """A phone (E.164) and a name, or ''."""

    phone: str
    name: str


class Named(TypedDict):
    """Somebody who helps, or is invited to, and the shop."""

    who: str
    shop: str


Meant = Literal["sure", "which", "may_not"]


def hear(turn: Turn) -> Literal["sure", "which", "untold", "may_not"]:
    """`aide 90 12 34 56 Ama`: a sentence names a phone and perhaps somebody."""
    return _hear(turn, read_text(turn.words))


def hear_card(turn: Turn) -> Literal["sure", "which", "may_not"]:
    """The kept card is of somebody who shall help, where that is his to say."""
    told = turn.memory.pop(CARD, {"phone": "", "name": ""})
    return keep(turn, {"phone": told["phone"], "name": told["name"]})


def _hear(turn: Turn, told: Invitee | None) -> Literal["sure", "which", "untold", "may_not"]:
    if told is None:
        return "untold" if permits(turn, "helpers") else "may_not"
    return keep(turn, told)


def read_invitee(said: Incoming) -> Invitee | None:
    """A phone and a name, typed or on a contact card."""
    for card in said.cards[:1]:
        phone = phone_on(card)
        return {"phone": phone, "name": " ".join(card.name.split())[: shop_people.LONGEST_NAME]} if phone else None
    return read_text(said.text)


def read_text(text: str) -> Invitee | None:
    """The first phone of a text, and the name beside it."""
    phone = read_phone(text)
    if phone is None:
        return None
    name = BETWEEN.sub("", " ".join(CALLED.sub(" ", without_phone(text)).split()))
    return {"phone": phone, "name": name[: shop_people.LONGEST_NAME] if any(map(str.isalpha, name)) else ""}


def keep(turn: Turn, told: Invitee) -> Meant:
    """Who was told; invited after a yes."""
    if not permits(turn, "helpers"):
        return "may_not"
    turn.memory["invitee"] = told
    shops = rights.shops(turn, "helpers")
    turn.memory["helped_shop"] = shops[0]
    return "sure" if len(shops) == 1 else "which"


def shop_rows(turn: Turn, after: str) -> Page:
    """The shops of the owner."""
    known = vendors(turn.db, rights.shops(turn, "helpers"))
    return Page(tuple(Row(str(shop.id), shop.name) for shop in known.values()))


def take_shop(turn: Turn, row: str) -> Literal["sure", "may_not"]:
    """The shop in which he shall help."""
    turn.memory["helped_shop"] = number_of(row)
    return "sure" if permits(turn, "helpers", number_of(row)) else "may_not"


def is_told(turn: Turn) -> bool:
    """Whether somebody was told who shall help in a shop that is the owner's still."""
    return "invitee" in turn.memory and rights.may(turn, "helpers", _shop(turn))


def _shop(turn: Turn) -> int:
    return number_of(turn.memory.get("helped_shop", 0))


def sure(turn: Turn) -> Named:
    """Values of the question."""
    told = turn.memory.get("invitee", {"phone": "", "name": ""})
    shop = vendor(turn.db, _shop(turn))
    return {"who": _who(told["name"], told["phone"]), "shop": shop.name if shop else ""}


def _who(name: str, phone: str) -> str:
    shown = format_phone(phone) if phone else ""
    return f"{name} ({shown})" if name and shown else name or shown


def invite(turn: Turn) -> Literal["invited", "stranger", "before", "already", "own", "full", "may_not"]:
    """The yes; `stranger`: nobody has written to us with this phone, so that he must write first."""
    take_alone(turn)
    told = turn.memory.get("invitee")
    if told is None or not permits(turn, "helpers", _shop(turn)):
        return "may_not"
    outcome = shop_people.invite(turn, _shop(turn), told["phone"], told["name"])
    if outcome == "invited" and not shop_people.people_with(turn.db, told["phone"]):
        return "stranger"
    return outcome


def _helpers(turn: Turn) -> list[Helper]:
    return shop_people.helpers(turn.db, rights.shops(turn, "helpers"))


def helper_rows(turn: Turn, after: str) -> Page:
    """Who helps, and who is invited to."""
    return Page(tuple(_row(turn, one) for one in _helpers(turn)[: shop_people.MOST]))


def _row(turn: Turn, one: Helper) -> Row:
    shop = vendor(turn.db, one.vendor_id)
    state = "helps" if one.role_id else "invited"
    detail = words(turn, f"vendor.row.{state}", shop=shop.name if shop else "")
    return Row(_id(one), one.name or format_phone(one.phone) or "…", detail)


def _id(one: Helper) -> str:
    return f"r{one.role_id}" if one.role_id else f"i{one.invitation_id}"


def open_helper(turn: Turn, row: str) -> Literal["opened"]:
    """Put one of them on show."""
    turn.memory["helper"] = row
    return "opened"


def _shown(turn: Turn) -> Helper | None:
    return next((one for one in _helpers(turn) if _id(one) == turn.memory.get("helper")), None)


def is_shown(turn: Turn) -> bool:
    """Whether the one on show still helps, or is invited."""
    return _shown(turn) is not None


def helper(turn: Turn) -> Named:
    """Values of one of them."""
    one = _shown(turn)
    shop = vendor(turn.db, one.vendor_id) if one else None
    return {"who": _who(one.name, one.phone) if one else "", "shop": shop.name if shop else ""}


def let_go(turn: Turn) -> Literal["gone", "may_not"]:
    """He helps there no longer, or is invited no longer; who went before is gone too."""
    take_alone(turn)
    one = _shown(turn)
    turn.memory["let_go"] = helper(turn)
    if one is None:
        return "gone" if permits(turn, "helpers") else "may_not"
    if not permits(turn, "helpers", one.vendor_id):
        return "may_not"
    owned = rights.shops(turn, "helpers")
    if one.role_id:
        shop_people.let_go(turn.db, owned, one.role_id)
    elif one.invitation_id:
        shop_people.withdraw(turn.db, owned, one.invitation_id)
    return "gone"


def gone(turn: Turn) -> Named:
    """Values of `he helps no longer`."""
    told: Named = turn.memory.get("let_go", {"who": "", "shop": ""})
    return told
