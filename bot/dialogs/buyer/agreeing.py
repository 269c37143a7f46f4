"""Announcements are for who said yes: the question, asked once at a good moment, and the way to change one's mind."""

from typing import Literal

from bot import consent
from bot.dialogs.means import words
from bot.routing import SURE
from bot.turn import Turn
from orders import reports

ASKED = "asked_announcements"  # in the chat's memory: whether the question need not be thought of any more


def at_menu(turn: Turn) -> Literal["ask", "menu"]:
    """Who has ordered and was never asked is asked once, before his menu; buying itself agrees to nothing."""
    if turn.memory.get(ASKED):
        return "menu"
    contact = turn.person.contact_id
    if consent.is_logged(turn.db, contact, "announcements"):
        turn.memory[ASKED] = True
        return "menu"
    if not reports.has_ordered(turn.db, contact):
        return "menu"
    turn.memory[ASKED] = True
    return "ask"


def look(turn: Turn) -> Literal["wanted", "unwanted"]:
    """Whether the person gets announcements."""
    return "wanted" if consent.may_tell(turn.db, turn.person.contact_id, "announcements") else "unwanted"


def agree(turn: Turn) -> Literal["done"]:
    """The yes to the question."""
    consent.give(turn, _answer(turn, "buyer.announcements", "yes"), ("announcements",))
    return "done"


def decline(turn: Turn) -> Literal["done"]:
    """The no to it: it is not asked again."""
    consent.take_back(turn, _answer(turn, "buyer.announcements", "no"), ("announcements",))
    return "done"


def end(turn: Turn) -> Literal["done"]:
    """The no of who gets them and was asked whether he goes on."""
    consent.take_back(turn, _answer(turn, "buyer.announcements_on", "no"), ("announcements",))
    return "done"


def _answer(turn: Turn, question: str, choice: str) -> str:
    """The question as it was asked, and its answer as it was typed, or the button's title."""
    return f"{words(turn, question)} → {turn.words.strip() or words(turn, f'option.{choice}')}"


def hear_stop(turn: Turn) -> Literal["stopped", "unsure"]:
    """A sentence that surely asks for no more messages is obeyed at once, as STOP is."""
    if not _is_sure(turn):
        return "unsure"
    consent.take_back(turn, turn.words, ("announcements", "reminders"))
    return "stopped"


def stop(turn: Turn) -> Literal["stopped"]:
    """The yes of who was asked whether he meant that."""
    consent.take_back(turn, _answer(turn, "buyer.opt_out_sure", "yes"), ("announcements", "reminders"))
    return "stopped"


def hear_start(turn: Turn) -> Literal["started", "unsure"]:
    """A sentence that surely asks for announcements is a yes in the person's own words."""
    if not _is_sure(turn):
        return "unsure"
    consent.give(turn, turn.words, ("announcements", "reminders"))
    return "started"


def _is_sure(turn: Turn) -> bool:
    return bool(turn.heard) and all(heard.confidence >= SURE for heard in turn.heard)
