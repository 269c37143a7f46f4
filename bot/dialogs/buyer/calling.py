"""A buyer calls for a person: onto the organizers' list, with a phone on which that person can call back."""

from typing import Literal, TypedDict

from bot import attention, contacts
from bot.dialog import RETURN, State, ask, do, tell
from bot.dialogs.buyer.readers import read_phone_said
from bot.turn import Turn

Called = Literal["called", "waiting", "unreachable"]


class CalledAt(TypedDict):
    """The phone that was told, E.164."""

    phone: str


def call_person(turn: Turn) -> Called:
    """The buyer asks for a person; `unreachable` when no phone of his is known."""
    return _call(turn, "person_asked")


def call_for_lost(turn: Turn) -> Called:
    """Three messages were not understood: somebody has to read them."""
    return _call(turn, "not_understood")


def complain(turn: Turn) -> Called:
    """Something is wrong with a purchase: a person answers, never a machine."""
    return _call(turn, "complaint")


def _call(turn: Turn, kind: str) -> Called:
    told = str(turn.memory.get("call_at", ""))
    contact_id = turn.person.contact_id
    is_new = attention.ask_for_person(turn.db, turn.conversation_id, contact_id, kind, told)
    if not (told or turn.phone or contacts.phone_of(turn.db, contact_id)):
        return "unreachable"
    return "called" if is_new else "waiting"


def keep_phone(turn: Turn, phone: str) -> Literal["kept"]:
    """Where the buyer can be called; every request of his that is open learns it."""
    turn.memory["call_at"] = phone
    attention.tell_phone(turn.db, turn.person.contact_id, phone)
    return "kept"


def called_at(turn: Turn) -> CalledAt:
    """Values of `a person will call you`."""
    return {"phone": str(turn.memory["call_at"])}


def called_back() -> dict[str, State]:
    """The states in which a buyer calls a person; who hides his phone is asked for one."""
    return {
        "person": do(call_person, called="person_called", waiting="person_waiting", unreachable="person_phone"),
        "person_called": tell("person_called", RETURN),
        "person_waiting": tell("person_waiting", RETURN),
        "person_phone": ask(
            "person_phone",
            read_phone_said,
            keep_phone,
            spoken=["no"],
            missed="missed_phone",
            kept="person_called_at",
            no="person_waiting",
        ),
        "person_called_at": tell("person_called_at", RETURN, shows=called_at),
        "lost": do(call_for_lost, called="lost_called", waiting="person_waiting", unreachable="person_phone"),
        "lost_called": tell("lost_called", RETURN),
        "complain": do(complain, called="complaint_kept", waiting="person_waiting", unreachable="person_phone"),
        "complaint_kept": tell("complaint_kept", RETURN),
    }
