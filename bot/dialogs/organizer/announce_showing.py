"""An announcement as its recipients see it, and its summary, as values of texts."""

from typing import TypedDict

from bot import received
from bot.broadcasts import wording
from bot.broadcasts.drafts import Attached, Draft
from bot.received import Received
from bot.turn import Turn


class Shown(TypedDict):
    """Its words, and the address of its photo or its sound, '' without."""

    words: str
    photo: str
    audio: str


class Summary(TypedDict):
    """All that is known before an OUI: to whom, `count` people, and the rest in lines."""

    audience: str
    count: int
    lines: str


class Moved(TypedDict):
    """How many people it reached before, and how many now."""

    before: int
    count: int


NOTHING: Shown = {"words": "", "photo": "", "audio": ""}


def file_of(turn: Turn, attached: Attached | None) -> Received | None:
    """The file that comes with it, as it stands."""
    found = received.of_messages(turn.db, [attached.inbox_id]) if attached else []
    return next((one for one in found if attached and one.place == attached.place), None)


def is_file_lacking(turn: Turn, attached: Attached | None) -> bool:
    """Whether a file belongs to it that does not lie here, or not yet."""
    file = file_of(turn, attached)
    return attached is not None and (file is None or file.state != "kept")


def shown(turn: Turn, draft: Draft, language: str) -> Shown:
    """As a reader of this language gets it; a file is shown once it lies here."""
    attached, file = draft.attached, file_of(turn, draft.attached)
    file = file if file and file.state == "kept" else None
    url = received.link(turn.config, file, turn.now) if file else ""
    is_sound = attached is not None and attached.kind == "audio"
    words = wording.bubble(draft.texts, language).body
    return {"words": words, "photo": "" if is_sound else url, "audio": url if is_sound else ""}
