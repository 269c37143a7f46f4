"""People as organizers name them by their phones: blocked and unblocked, appointed and dismissed, invited to sell."""

from typing import Final, Literal, TypedDict

from base.phones import format_phone, mask
from bot import appointing, contacts
from bot.dialog import Page, Row
from bot.dialogs.means import number_of, words
from bot.dialogs.organizer import planning
from bot.dialogs.readers import read_phone_said
from bot.messages import Incoming
from bot.shop_people import people_with
from bot.turn import Turn

ROWS: Final = 9
WANTED: Final = "phone_for"  # in the chat's memory: what a phone is asked for, with a name and a shop where told
Found = Literal["named", "unknown"]


class Person(TypedDict):
    """Why a phone is asked for."""

    what: str


class Advice(TypedDict):
    """What comes first, behind a line break, or ''."""

    advice: str


def hear(turn: Turn) -> Literal[Found, "untold"]:
    """`bloque 97 00 11 22`, `ajoute vendeur Afi boutique Afi Mode 90 12 34 56`, `nomme organisateur 90 12 34 56`.

    untold: no phone is named.
    """
    intent = next((one.intent for one in turn.heard if one.intent in ("block", "unblock")), "")
    role = str(turn.slot("role") or "")
    gives = "dismiss" if turn.slot("action") == "remove" else "appoint"
    act = intent or (gives if role == "organizer" else "invite")
    turn.memory[WANTED] = [act, str(turn.slot("name") or ""), str(turn.slot("shop") or "")]
    phones = [str(one) for one in turn.slot("phones") or filter(None, [turn.slot("phone")])]
    return _plan(turn, phones) if phones else "untold"


def begin_appointing(turn: Turn) -> Literal["asked"]:
    """Somebody shall organize: by which phone?"""
    turn.memory[WANTED] = ["appoint", "", ""]
    return "asked"


def wanted(turn: Turn) -> Person:
    """Values of the question for a phone."""
    act = turn.memory.get(WANTED, ["block"])[0]
    return {"what": words(turn, f"plan.phone.{act}")}


def advice(turn: Turn) -> Advice:
    """Values of the answer about a number that has never written: whoever shall organize has to."""
    act = turn.memory.get(WANTED, ["block"])[0]
    return {"advice": "\n" + words(turn, "plan.unknown_appoint") if act == "appoint" else ""}


def read_phone(said: Incoming) -> str | None:
    """A phone in E.164, typed or on a card."""
    return None if said.tap else read_phone_said(said)


def keep_phone(turn: Turn, phone: str) -> Found:
    """The phone that was asked for."""
    return _plan(turn, [phone])


def _plan(turn: Turn, phones: list[str]) -> Found:
    act, name, shop = turn.memory.get(WANTED, ["block", "", ""])
    if act == "invite":
        planning.propose(turn, "invite", name=name, shop=shop, phones=sorted(set(phones))[: appointing.MOST_PHONES])
        return "named"
    people = people_with(turn.db, phones[0])
    if not people:
        return "unknown"
    called = contacts.name_of(turn.db, people[0])
    known = f"{called}, {format_phone(phones[0])}" if called else format_phone(phones[0])
    planning.propose(turn, act, id=people[0], name=known, phones=phones[:1])
    return "named"


def organizers(turn: Turn, after: str) -> Page:
    """Who organizes beside him: picked to be dismissed."""
    me = turn.person.contact_id
    found = [one for one in appointing.organizers(turn.db, number_of(after), ROWS + 2) if one.contact_id != me]
    rows = tuple(
        Row(str(one.contact_id), one.name or "…", mask(one.phone) if one.phone else "") for one in found[:ROWS]
    )
    return Page(rows, rows[-1].id if len(found) > ROWS else "")


def choose(turn: Turn, given: str) -> Literal["named"]:
    """He shall organize no longer."""
    name = contacts.name_of(turn.db, number_of(given))
    planning.propose(turn, "dismiss", id=number_of(given), name=name or "…")
    return "named"
