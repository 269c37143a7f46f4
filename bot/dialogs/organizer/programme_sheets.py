"""A programme as a file in the organizer's chat: he sends one, answers what it would change, takes it back."""

from datetime import timedelta
from typing import Literal, TypedDict

from bot import files, programme_files, received
from bot.dialogs.files import rows_of
from bot.dialogs.means import number_of, take_alone
from bot.dialogs.organizer.drafting import DRAFT, by
from bot.programme_news import OWN_NAME
from bot.turn import Turn
from events import programme

NO_SHEETS = ("application/pdf", "image/", "audio/", "video/", "application/msword", "application/vnd.ms-powerpoint")
"""How the types of documents begin that are no programme."""


class OwnFile(TypedDict):
    """A public path of the file with the name it is kept under."""

    document: str
    document_name: str


def receive(turn: Turn) -> Literal["begun", "other", "no_event"]:
    """Have a document read that may be a programme; what it really is, its reader finds."""
    found = [file for file in received.of_messages(turn.db, rows_of(turn)) if file.kind == "document"]
    event = programme.open_event(turn.db)
    if not found or found[0].mime.startswith(NO_SHEETS):
        return "other"
    if event is None:
        return "no_event"
    programme_files.start(turn.db, event.id, by(turn), turn.conversation_id, (found[0].inbox_id, found[0].place))
    return "begun"


def write_this(turn: Turn, file_id: str) -> Literal["written", "changed", "passed"]:
    """The yes to the programme of a notice."""
    take_alone(turn)
    one = programme_files.programme_file(turn.db, number_of(file_id))
    found = programme_files.write(turn.db, number_of(file_id), by(turn))
    if found == "written" and one:
        turn.memory["written"] = one.change_id
        turn.memory.pop(DRAFT, None)
    return found


def drop_this(turn: Turn, file_id: str) -> Literal["dropped", "passed"]:
    """The no to it."""
    found = programme_files.drop(turn.db, number_of(file_id), turn.person.contact_id)
    return "dropped" if found else "passed"


def write_asked(turn: Turn) -> Literal["written", "changed", "passed"]:
    """The yes to the programme that waits, in a word."""
    return write_this(turn, _asked(turn))


def drop_asked(turn: Turn) -> Literal["dropped", "passed"]:
    """The no to it."""
    return drop_this(turn, _asked(turn))


def _asked(turn: Turn) -> str:
    one = programme_files.asked(turn.db, turn.person.contact_id)
    return str(one.id) if one else ""


def look(turn: Turn) -> Literal["some", "no_event"]:
    """Whether there is a programme that a file could hold."""
    return "some" if programme.open_event(turn.db) else "no_event"


def own_file(turn: Turn) -> OwnFile:
    """Values of the programme as a file."""
    event = programme.open_event(turn.db)
    until = turn.now + timedelta(seconds=turn.config.timing.receipt_link)
    path = files.path_to(programme_files.OWN_KIND, turn.config.secret_key, event.id if event else 0, until)
    return {"document": path, "document_name": OWN_NAME}
