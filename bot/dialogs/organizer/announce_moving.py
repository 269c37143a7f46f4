"""Another time for an announcement that waits for its own: looked at, asked about, kept, with what repeats it."""

from dataclasses import replace
from datetime import date, datetime
from typing import Literal, TypedDict

from base.clock import in_lome
from bot.broadcasts import drafts, quiet, telling
from bot.broadcasts.drafts import Draft
from bot.dialogs.means import number_of, take_alone
from bot.dialogs.organizer import announce_words
from bot.dialogs.organizer.announce_drafts import REPEATS
from bot.dialogs.organizer.announce_summary import Morning, morning_at
from bot.dialogs.organizer.announcing import NEW_TIME, SEEN, time_kept
from bot.turn import Turn

Looked = Literal["kept", "quiet", "past"]
BY_NIGHT = "by_night"  # of the new time: the quiet hours do not hold for it


class NewTime(TypedDict):
    """An announcement's number, to whom, and when it would go, with what repeats it, as a line."""

    number: int
    audience: str
    when: str


def keep_time(turn: Turn, text: str) -> Looked:
    """Another time for it, which waits for a yes."""
    planned = announce_words.read_planned(text, turn.now)
    if planned is None or planned.at is None or planned.at <= turn.now:
        return "past"
    turn.memory[NEW_TIME] = time_kept(planned)
    return look(turn)


def look(turn: Turn) -> Literal["kept", "quiet"]:
    """Whether it may go then: by night he is asked."""
    one = _moved(turn)
    if one is None or one.due_at is None or one.override_quiet:
        return "kept"
    return "quiet" if quiet.is_quiet(turn.config.announcements, one.due_at) else "kept"


def _moved(turn: Turn) -> Draft | None:
    """It with its new time; what repeats stays so, until the same day, where nothing else was told."""
    one = drafts.read(turn.db, number_of(turn.memory.get(SEEN, 0)))
    new = turn.memory.get(NEW_TIME) or {}
    if one is None or not new.get("at"):
        return None
    at, before = datetime.fromisoformat(new["at"]), one.draft
    repeat, until = before.repeat, before.repeat_until
    if new.get("every"):
        repeat = REPEATS[new["every"]]
        until = date.fromisoformat(new["until"]) if new.get("until") else None
    elif until is not None and in_lome(at).date() > until:  # its last day is over by then
        repeat, until = "", None
    is_loud = before.override_quiet or bool(new.get(BY_NIGHT))
    return replace(before, due_at=at, repeat=repeat, repeat_until=until, override_quiet=is_loud)


def new_time(turn: Turn) -> NewTime:
    """Values of the question whether it shall be then."""
    one, language = _moved(turn), turn.person.language
    if one is None:
        return {"number": 0, "audience": "", "when": ""}
    return {
        "number": telling.number_of(number_of(turn.memory.get(SEEN, 0))),
        "audience": telling.audience_words(language, one.audience),
        "when": telling.when_words(language, one),
    }


def _morning(turn: Turn) -> datetime:
    new = turn.memory.get(NEW_TIME) or {}
    at = datetime.fromisoformat(new["at"]) if new.get("at") else turn.now
    return quiet.ends_after(turn.config.announcements, at)


def morning(turn: Turn) -> Morning:
    """Values of the question what to do by night."""
    return morning_at(turn, _morning(turn))


def at_eight(turn: Turn) -> Literal["kept"]:
    """It begins when the quiet hours are over."""
    turn.memory[NEW_TIME] = {**(turn.memory.get(NEW_TIME) or {}), "at": _morning(turn).isoformat()}
    return "kept"


def by_night(turn: Turn) -> Literal["kept"]:
    """It goes by night, which is written down with his yes."""
    turn.memory[NEW_TIME] = {**(turn.memory.get(NEW_TIME) or {}), BY_NIGHT: True}
    return "kept"


def move(turn: Turn) -> Literal["moved", "before"]:
    """It is sent then."""
    take_alone(turn)
    one = _moved(turn)
    turn.memory.pop(NEW_TIME, None)
    row = number_of(turn.memory.get(SEEN, 0))
    return "moved" if one and drafts.schedule(turn.db, row, turn.person.contact_id, one) else "before"
