"""An announcement as its recipients see it, and its summary, as values of texts."""

from typing import TypedDict

from bot import received
from bot.broadcasts import wording
from bot.broadcasts.drafts import Draft
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


def shown(turn: Turn, draft: Draft, language: str) -> Shown:
    """As a reader of this language gets it; a file is shown once it lies here."""
    attached = draft.attached
    found = received.of_messages(turn.db, [attached.inbox_id]) if attached else []
    file = next((one for one in found if attached and one.place == attached.place and one.state == "kept"), None)
    url = received.link(turn.config, file, turn.now) if file else ""
    is_sound = attached is not None and attached.kind == "audio"
    words = wording.bubble(draft.texts, language).body
    return {"words": words, "photo": "" if is_sound else url, "audio": url if is_sound else ""}
