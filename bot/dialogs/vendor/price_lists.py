"""A vendor's goods as a file: he sends one, answers what it would change, has it undone; and takes his own away."""

from datetime import timedelta
from typing import Literal, TypedDict

from pydantic import JsonValue

from bot import files, price_lists, received, rights
from bot.dialogs.files import rows_of
from bot.dialogs.means import number_of
from bot.dialogs.vendor import parts
from bot.dialogs.vendor.permitting import permits
from bot.list_news import OWN_NAME
from bot.turn import Turn
from catalog import products

NO_LISTS = ("application/pdf", "image/", "audio/", "video/", "application/msword", "application/vnd.ms-powerpoint")
"""How the types of documents begin that only a person understands."""


class OwnFile(TypedDict):
    """A public path of the file with the name it is kept under."""

    document: str
    document_name: str


class Preview(TypedDict):
    """What an asked list would change: lines of each kind."""

    changed: int
    new: int
    faulty: int


def receive(turn: Turn) -> Literal["begun", "busy", "other", "may_not"]:
    """Have a document read that may be a list; what it really is, its reader finds."""
    found = [file for file in received.of_messages(turn.db, rows_of(turn)) if file.kind == "document"]
    if not found or found[0].mime.startswith(NO_LISTS):
        return "other"
    if not permits(turn, "prices"):
        return "may_not"
    file = (found[0].inbox_id, found[0].place)
    return price_lists.start(turn.db, turn.person.contact_id, turn.conversation_id, rights.shops(turn, "prices"), file)


def find_waiting(turn: Turn) -> Literal["list", "one", "several", "none"]:
    """A bare yes or no applies no list by itself: the question is shown, to be answered there; else as of orders."""
    return "list" if has_asked(turn) else parts.find_waiting(turn)


def has_asked(turn: Turn) -> bool:
    """Whether a list waits for his yes."""
    return price_lists.asked(turn.db, turn.person.contact_id) is not None


def preview(turn: Turn) -> Preview:
    """Values of the question about the list that waits."""
    one = price_lists.asked(turn.db, turn.person.contact_id)
    counts = price_lists.counts(turn.db, one.id) if one else {}
    return {"changed": counts.get("changed", 0), "new": counts.get("new", 0), "faulty": counts.get("faulty", 0)}


def apply_this(turn: Turn, list_id: str) -> Literal["applying", "passed"]:
    """The yes to the list of a notice."""
    return "applying" if _answer(turn, number_of(list_id), yes=True) else "passed"


def drop_this(turn: Turn, list_id: str) -> Literal["dropped", "passed"]:
    """The no to it."""
    return "dropped" if _answer(turn, number_of(list_id), yes=False) else "passed"


def apply_asked(turn: Turn) -> Literal["applying", "passed"]:
    """The yes to the list that waits."""
    return "applying" if _answer(turn, _asked_id(turn), yes=True) else "passed"


def drop_asked(turn: Turn) -> Literal["dropped", "passed"]:
    """The no to it."""
    return "dropped" if _answer(turn, _asked_id(turn), yes=False) else "passed"


def _asked_id(turn: Turn) -> int:
    one = price_lists.asked(turn.db, turn.person.contact_id)
    return one.id if one else 0


def _answer(turn: Turn, list_id: int, *, yes: bool) -> bool:
    return price_lists.answer(turn.db, list_id, turn.person.contact_id, rights.shops(turn, "prices"), yes=yes)


def undo_this(turn: Turn, list_id: str) -> Literal["undoing", "passed"]:
    """Have the list of a notice undone."""
    return "undoing" if _undo(turn, number_of(list_id)) else "passed"


def _undo(turn: Turn, list_id: int) -> bool:
    return price_lists.undo(turn.db, list_id, turn.person.contact_id, rights.shops(turn, "prices"))


def look_for_goods(turn: Turn) -> Literal["some", "none"]:
    """Whether there is anything that a file could hold."""
    shops = turn.person.vendor_ids
    is_any = any(products.page_of_stocks(turn.db, vendor_id, "", 1).products for vendor_id in shops)
    return "some" if is_any else "none"


def own_file(turn: Turn) -> OwnFile:
    """Values of his goods as a file."""
    until = turn.now + timedelta(seconds=turn.config.timing.receipt_link)
    shops: list[JsonValue] = [*turn.person.vendor_ids]
    path = files.path_to(price_lists.OWN_KIND, turn.config.secret_key, shops, until)
    return {"document": path, "document_name": OWN_NAME}
