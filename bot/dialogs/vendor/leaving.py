"""A parcel is left with a bus company: which one, and the number of its receipt, as the vendor says them."""

import re
from typing import Literal, TypedDict

from base.spelling import fold
from bot.dialogs.files import row_of
from bot.dialogs.means import words
from bot.dialogs.vendor.parts import LEFT, Meant, code_for, code_meant, find, meant_id, own
from bot.messages import Incoming
from bot.turn import Turn
from orders import reports, states
from orders.codes import read_prefix
from orders.states import Deposit

COMPANIES = {fold(name): name for name in "Rakieta,LK,ETRAB,Nagodé,Adji,DC10,Cheval Blanc,La Poste".split(",")}
LONGEST_CARRIER = 40  # characters
RECEIPT = re.compile(
    r"(?:\b(?:recu|reçu|receipt|ticket|bordereau)\s*)?(?:n[°o]?\s*)?:?\s*\b([A-Za-z]{0,3}-?\d[\w/-]{1,11})\b"
)
AROUND = re.compile(
    r"^(?:d[ée]pos[ée]e?|mis|laiss[ée]e?|chez|[aà]|au|avec|par|gare|de|la|le)\s+|[\s,;:.-]+$", re.IGNORECASE
)


class Told(TypedDict):
    """What a vendor told, '' for what he did not; `has_photo`: the receipt was shown."""

    carrier: str
    receipt: str
    has_photo: bool


class Left(TypedDict):
    """Values of the question whether it was left there; `where` in words."""

    code: str
    where: str


def name(turn: Turn, given: str) -> Meant:
    """A command names the parcel, and no company; a photo that it stands below shows the receipt."""
    turn.memory.pop(LEFT, None)
    if _has_photo(turn.said):
        keep(turn, {"carrier": "", "receipt": "", "has_photo": True})
    return find(turn, given, states.HAND_OVER)


def hear(turn: Turn) -> Literal["found", "left", "several", "none", "unknown"]:
    """A sentence names the parcel, and perhaps where it was left."""
    turn.memory.pop(LEFT, None)
    carrier, has_photo = str(turn.slot("carrier") or ""), _has_photo(turn.said)
    if carrier or has_photo:
        keep(turn, {"carrier": _spelled(carrier), "receipt": str(turn.slot("receipt") or ""), "has_photo": has_photo})
    found = find(turn, _named(turn), states.HAND_OVER)
    return "left" if found == "found" and look(turn) == "told" else found


def _named(turn: Turn) -> str:
    """The code of an order; the number of a company's receipt is none."""
    heard = code_meant(turn)
    is_order = bool(reports.part_by_prefix(turn.db, turn.person.vendor_ids, read_prefix(heard) or "-"))
    return heard if is_order or not turn.slot("carrier") else ""


def look(turn: Turn) -> Literal["rider", "told", "untold", "unpaid", "undecided"]:
    """Whether a rider takes it, or it goes by bus: then it must be told with whom it was left.

    unpaid, undecided: it may not leave yet.
    """
    part = own(turn, meant_id(turn, states.HAND_OVER))
    if part and part.is_undecided:
        return "undecided"
    if part and part.is_unpaid and part.state in states.HAND_OVER.sources:
        return "unpaid"
    if part is None or part.way != "parcel" or part.state not in states.HAND_OVER.sources:
        return "rider"
    return "told" if turn.memory.get(LEFT) else "untold"


def read_deposit(said: Incoming) -> Told | None:
    """`Rakieta 4521`, `chez LK reçu 778`, `Nagodé`, a photo of the receipt; None without a company's name or photo."""
    text = " ".join(said.text.split())[:100]
    found = next((one for one in RECEIPT.finditer(text) if fold(one[1]) not in COMPANIES), None)  # DC10 is one
    receipt = found[1] if found else ""
    carrier = _bare(text.replace(found[0], " ", 1) if found else text)
    named, has_photo = _spelled(carrier) if any(map(str.isalpha, carrier)) else "", _has_photo(said)
    return {"carrier": named, "receipt": receipt, "has_photo": has_photo} if named or has_photo else None


def _has_photo(said: Incoming) -> bool:
    return any(media.kind == "image" for media in said.media)


def _bare(words_said: str) -> str:
    before = ""
    while before != words_said:
        before, words_said = words_said, AROUND.sub("", words_said.strip())
    return words_said[:LONGEST_CARRIER]


def _spelled(carrier: str) -> str:
    """A company as it writes itself; another one as it was typed, with a capital."""
    return COMPANIES.get(fold(carrier)) or carrier[:1].upper() + carrier[1:]


def keep(turn: Turn, told: Told) -> Literal["kept"]:
    """Remember it until the vendor says yes."""
    turn.memory[LEFT] = {**told, "photo_id": row_of(turn, "image") if told["has_photo"] else None}
    return "kept"


def told_deposit(turn: Turn) -> Deposit | None:
    """What was told and confirmed; None for what a rider takes."""
    told = turn.memory.get(LEFT)
    if not told or look(turn) != "told":
        return None
    return Deposit(told["carrier"], told["receipt"], told.get("photo_id"))


def left(turn: Turn) -> Left:
    """Values of the question whether it was left there."""
    told = turn.memory.get(LEFT, {})
    said = (
        ("vendor.at_company", "carrier", told.get("carrier")),
        ("vendor.with_receipt", "receipt", told.get("receipt")),
        ("vendor.with_photo", "photo", told.get("photo_id")),
    )
    where = "".join(words(turn, key, **{name: value}) for key, name, value in said if value)
    return {"code": code_for(states.HAND_OVER)(turn)["code"], "where": where}
