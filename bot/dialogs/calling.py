"""A person is called: onto the organizers' list, with a phone on which that person can call back."""

from collections.abc import Callable
from dataclasses import replace
from typing import Literal, TypedDict

from bot import attention, contacts
from bot.dialog import RETURN, State, ask, do, tell
from bot.dialogs.readers import read_phone_said
from bot.turn import Turn

Called = Literal["called", "waiting"]
CalledBack = Literal["called", "waiting", "unreachable"]


class CalledAt(TypedDict):
    """The phone that was told, E.164."""

    phone: str


def calling(kind: str) -> Callable[[Turn], Called]:
    """The step that puts the person on the organizers' list; `waiting` when he stands there already."""

    def call(turn: Turn) -> Called:
        told = _told(turn)
        about = {"phone": told} if told else {}
        is_new = attention.ask_for_person(turn.db, turn.conversation_id, turn.person.contact_id, kind, about)
        return "called" if is_new else "waiting"

    return call


def calling_back(kind: str) -> Callable[[Turn], CalledBack]:
    """The same for who may hide his phone: `unreachable` when none of his is known."""
    call = calling(kind)

    def call_back(turn: Turn) -> CalledBack:
        outcome = call(turn)
        return outcome if is_reachable(turn) else "unreachable"

    return call_back


def is_reachable(turn: Turn) -> bool:
    """Whether a phone of this person is known."""
    return bool(_told(turn) or turn.phone or contacts.phone_of(turn.db, turn.person.contact_id))


def _told(turn: Turn) -> str:
    return str(turn.memory.get("call_at", ""))


def own_phone(turn: Turn) -> str:
    """The person's own phone (E.164): as he has corrected it, else his channel's; '' without."""
    return turn.person.phone_told or turn.phone


class Asked(TypedDict, total=False):
    """What the channel's own button may answer with."""

    asks: str


def asks_phone(turn: Turn) -> Asked:
    """Values of a question for the person's own phone: a channel that did not tell it may ask him for it."""
    return {} if own_phone(turn) else {"asks": "phone"}


def correct_own_phone(turn: Turn, phone: str) -> Literal["kept"]:
    """This is the person's own phone from now on; the one he writes from stays his channel's."""
    contacts.tell_phone(turn.db, turn.person.contact_id, phone)
    turn.person = replace(turn.person, phone_told=phone)
    return keep_phone(turn, phone)


def keep_phone(turn: Turn, phone: str) -> Literal["kept"]:
    """Where the person can be called; every request of his that is open learns it."""
    turn.memory["call_at"] = phone
    attention.tell_phone(turn.db, turn.person.contact_id, phone)
    return "kept"


def called_at(turn: Turn) -> CalledAt:
    """Values of `a person will call you`."""
    return {"phone": _told(turn)}


def people() -> dict[str, State]:
    """The states in which a person is called: he asks for one, or three messages of his were not understood."""
    return {
        "person": do(calling("person_asked"), called="person_called", waiting="person_waiting"),
        "person_called": tell("person_called", RETURN),
        "person_waiting": tell("person_waiting", RETURN),
        "lost": do(calling("not_understood"), called="lost_called", waiting="person_waiting"),
        "lost_called": tell("lost_called", RETURN),
    }


def called_back() -> dict[str, State]:
    """The same where complaints are heard too, and who hides his phone is asked for one."""
    return {
        **people(),
        "person": _call_back("person_asked", called="person_called"),
        "person_phone": ask(
            "person_phone",
            read_phone_said,
            keep_phone,
            shows=asks_phone,
            spoken=["no"],
            missed="missed_phone",
            kept="person_called_at",
            no="person_waiting",
        ),
        "person_called_at": tell("person_called_at", RETURN, shows=called_at),
        "lost": _call_back("not_understood", called="lost_called"),
        "complaint_general": _call_back("complaint", called="complaint_kept"),
        "complaint_kept": tell("complaint_kept", RETURN),
    }


def _call_back(kind: str, *, called: str) -> State:
    return do(calling_back(kind), called=called, waiting="person_waiting", unreachable="person_phone")
