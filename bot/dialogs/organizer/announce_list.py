"""The announcements of before: the list of them, one of them with what became of it, and what can be done about it."""

import re
from datetime import timedelta
from typing import Final, Literal, TypedDict

from pydantic import JsonValue

from base.shortening import shorten
from base.spelling import fold
from base.when import LOME
from bot import files
from bot.broadcasts import drafts, results, sending, tables
from bot.broadcasts import telling as told
from bot.broadcasts.drafts import Broadcast
from bot.broadcasts.sending import Resumed
from bot.dialog import Page, Row
from bot.dialogs.means import after_of, number_of, take_alone, words
from bot.dialogs.organizer import announce_second, announce_words
from bot.dialogs.organizer.announce_drafts import is_open, wanted
from bot.dialogs.organizer.announce_showing import NOTHING, Shown, shown
from bot.dialogs.organizer.announcing import SEEN
from bot.routing import SURE
from bot.texts import FIRST
from bot.turn import Turn

PAGE: Final = 9
IN_A_ROW: Final = 60  # characters of the words in a row of the list
READABLE: Final = timedelta(days=1)
PLANNED: Final = ("waiting_second", "scheduled")
STOPPABLE: Final = ("sending", "paused")
_NUMBER: Final = re.compile(r"(?<!\d)\d{3,9}(?![\dh:])")
_STOP: Final = re.compile(r"(?:stop|stoppe[rz]?|arrete[rz]?) (?:l )?(?:(?:annonce|envoi|announcement) )?\d{3,9}")
Way = Literal["stop", "resume", "cancel", "later", "export", "shown", "others"]
WAYS: Final[tuple[Way, ...]] = ("stop", "resume", "cancel", "later", "export", "shown", "others")


class Card(TypedDict):
    """One announcement: its number, to whom, where it stands, and more in lines."""

    number: int
    audience: str
    state: str
    lines: str


class One(TypedDict):
    """One announcement in a sentence: `count` people; `at` its moment, or when it will be done, in words or ''."""

    number: int
    audience: str
    count: int
    at: str


class Exported(TypedDict):
    """A public path of the table of recipients, and its name."""

    number: int
    document: str
    document_name: str


def rows(turn: Turn, after: str) -> Page:
    """The newest first."""
    found = drafts.recent(turn.db, PAGE + 1, after_of(after))
    more = str(found[PAGE - 1].id) if len(found) > PAGE else ""
    return Page(tuple(_row(turn, one) for one in found[:PAGE]), more)


def _row(turn: Turn, one: Broadcast) -> Row:
    at = one.draft.due_at or one.started_at or one.made_at
    said = shorten(" ".join(one.draft.texts.get(FIRST, "").split()), IN_A_ROW)
    title = words(turn, "announce.row", number=told.number_of(one.id), state=one.state)
    return Row(str(one.id), title, words(turn, "announce.row_detail", at=at, words=said))


def open_row(turn: Turn, row: str) -> Literal["opened"]:
    """Put one on show."""
    turn.memory[SEEN] = number_of(row)
    return "opened"


def open_this(turn: Turn, given: str) -> Literal["opened", "drafted"]:
    """The button of a notice, or `annonce 101`; drafted: the one that is being announced in this chat."""
    row, one = told.id_of(number_of(given.split()[0] if given else "")), wanted(turn)
    open_row(turn, str(row))
    return "drafted" if one is not None and one.row == row else "opened"


def seen(turn: Turn) -> Broadcast | None:
    """The one on show."""
    return drafts.read(turn.db, number_of(turn.memory.get(SEEN, 0)))


def _find(turn: Turn, states: tuple[str, ...]) -> list[Broadcast]:
    return [one for one in drafts.recent(turn.db, PAGE) if one.state in states]


def _only(turn: Turn, found: list[Broadcast]) -> Literal["one", "several"]:
    if len(found) != 1:
        return "several"
    turn.memory[SEEN] = found[0].id
    return "one"


def _named(turn: Turn) -> list[Broadcast] | None:
    """The one whose number was typed, [] for a number that none has; None where no number was."""
    typed = _NUMBER.search(turn.words)
    if typed is None:
        return None
    one = drafts.read(turn.db, told.id_of(number_of(typed[0])))
    return [one] if one and one.state != "draft" else []


def find_newest(turn: Turn) -> Literal["one", "several"]:
    """`où en est l'annonce 102`: the one with this number; without one what is under way, else the newest."""
    named = _named(turn)
    if named is not None:
        return _only(turn, named)
    running = _find(turn, STOPPABLE)
    return _only(turn, running or drafts.recent(turn.db, 1))


def find_running(turn: Turn) -> Literal["one", "several", "card"]:
    """`stop annonce`, `stop l'annonce 102`: what is under way; card: it is shown first, where that was not sure."""
    named = _named(turn)
    found = _running(turn) if named is None else named
    if _only(turn, found) == "several":
        return "several"
    is_on = found[0].state in STOPPABLE or _is_due(turn, found[0])
    return "one" if is_on and _is_sure(turn) else "card"


def _running(turn: Turn) -> list[Broadcast]:
    begun = [one for one in _find(turn, ("sending", "scheduled")) if one.state == "sending" or _is_due(turn, one)]
    return begun or _find(turn, STOPPABLE)


def _is_sure(turn: Turn) -> bool:
    """Whether he surely said stop: by its own words, or as it was understood."""
    return bool(_STOP.fullmatch(fold(turn.words))) or all(heard.confidence >= SURE for heard in turn.heard)


def _is_due(turn: Turn, one: Broadcast) -> bool:
    """Whether its time has come: the next second begins it."""
    return one.draft.due_at is not None and one.draft.due_at <= turn.now


def find_stopped(turn: Turn) -> Literal["one", "several"]:
    """`reprends l'annonce 102`: the one with this number; without one what was stopped, or paused itself."""
    named = _named(turn)
    return _only(turn, _find(turn, sending.RESUMABLE) if named is None else named)


def find_planned(turn: Turn) -> Literal["one", "several", "draft"]:
    """`annule l'annonce de 18h`: what waits for its time, the one that is named by its number or its hour."""
    numbered = [one for one in _named(turn) or [] if one.state in PLANNED]
    if numbered:
        return _only(turn, numbered)
    found = _find(turn, PLANNED)
    if wanted(turn) and is_open(turn):
        return "draft"
    named = announce_words.read_planned(turn.words, turn.now)
    if named and named.at:
        hour = named.at.astimezone(LOME).strftime("%H:%M")
        due = [(one, one.draft.due_at.astimezone(LOME)) for one in found if one.draft.due_at]
        found = [one for one, at in due if at == named.at] or [one for one, at in due if f"{at:%H:%M}" == hour] or found
    return _only(turn, found)


def ways(turn: Turn, after: str) -> Page:
    """What can be done about the one on show; the ids name it, so an old bubble stays itself."""
    one = seen(turn)
    if one is None:
        return Page(())
    offered: list[Way] = ["stop"] if one.state == "sending" else []
    offered += ["resume"] if one.state in sending.RESUMABLE else []
    offered += ["later"] if one.state == "scheduled" else []
    offered += ["cancel"] if one.state in PLANNED else []
    offered += ["export"] if one.started_at else []
    offered += ["shown", "others"]
    return Page(tuple(Row(f"{way}.{one.id}", words(turn, f"option.ann_{way}")) for way in offered))


def act(turn: Turn, row: str) -> Way:
    """Do something about it, or go back to the list."""
    typed, _, number = row.partition(".")
    turn.memory[SEEN] = number_of(number)
    return next((way for way in WAYS if way == typed), "others")


def card(turn: Turn) -> Card:
    """Values of the one on show."""
    one = seen(turn)
    if one is None:
        return {"number": 0, "audience": "", "state": "", "lines": ""}
    state, lines = turn.db.in_time(turn.config.timing.count_in_turn, lambda: _counted(turn, one)) or (
        words(turn, f"announce.state.{one.state}"),
        [words(turn, "announce.long_count")],
    )
    return {
        "number": told.number_of(one.id),
        "audience": told.audience_words(turn.person.language, one.draft.audience),
        "state": state,
        "lines": "".join(f"\n{line}" for line in lines),
    }


def _counted(turn: Turn, one: Broadcast) -> tuple[str, list[str]]:
    """Where it stands, and what became of it, in words."""
    going, language = results.progress(turn.db, turn.config, one.id), turn.person.language
    state = told.state_words(language, one, going)
    if not one.started_at:
        return state, [told.when_words(language, one.draft)]
    counts = told.count_words(language, going.counts)
    return state, [*([counts] if counts else []), *told.result_lines(language, results.result(turn.db, one.id))]


def preview(turn: Turn) -> Shown:
    """It as its recipients see it."""
    one = seen(turn)
    return shown(turn, one.draft, FIRST) if one else NOTHING


def last(turn: Turn) -> One:
    """Values of sentences about the one on show."""
    one = seen(turn)
    if one is None:
        return {"number": 0, "audience": "", "count": 0, "at": ""}
    audience = told.audience_words(turn.person.language, one.draft.audience)
    return {"number": told.number_of(one.id), "audience": audience, "count": one.people or 0, "at": _moment(turn, one)}


def _moment(turn: Turn, one: Broadcast) -> str:
    at = one.draft.due_at
    if one.state in ("sending", "paused", "stopped"):
        going = turn.db.in_time(
            turn.config.timing.count_in_turn, lambda: results.progress(turn.db, turn.config, one.id)
        )
        at = going.done_at if going else None
    return told.moment_words(turn.person.language, at)


def export(turn: Turn) -> Exported:
    """The table of its recipients as a workbook."""
    row = number_of(turn.memory.get(SEEN, 0))
    payload: JsonValue = [row, turn.person.language]
    path = files.path_to(tables.KIND, turn.config.secret_key, payload, turn.now + READABLE)
    return {"number": told.number_of(row), "document": path, "document_name": tables.name_of(row)}


def stop(turn: Turn) -> Literal["stopped", "before"]:
    """Nobody more is told of it: it is safe, and can be taken up again."""
    take_alone(turn)
    one = seen(turn)
    if one is None:
        return "before"
    end = drafts.cancel if one.state == "scheduled" and _is_due(turn, one) else sending.stop
    return "stopped" if end(turn.db, one.id, turn.person.contact_id) else "before"


def resume(turn: Turn) -> Resumed:
    """It goes on; nobody gets it twice. What has grown to many people needs another organizer for that."""
    take_alone(turn)
    return _resumed(turn)


def _resumed(turn: Turn) -> Resumed:
    row = number_of(turn.memory.get(SEEN, 0))
    outcome = sending.resume(turn.db, turn.config, row, turn.person.contact_id)
    if outcome == "second":
        announce_second.show_grown(turn, row)
    return outcome


def is_planned(turn: Turn) -> bool:
    """Whether the one on show still waits for its time."""
    one = seen(turn)
    return one is not None and one.state in PLANNED


def cancel(turn: Turn) -> Literal["cancelled", "before"]:
    """It is not sent."""
    take_alone(turn)
    row = number_of(turn.memory.get(SEEN, 0))
    return "cancelled" if drafts.cancel(turn.db, row, turn.person.contact_id) else "before"


def send_late(turn: Turn, given: str) -> Literal["begun", "quiet", "same_person", "second", "before"]:
    """The button of one that is late, or `envoyer 101`: it goes now, in the morning, or once another one has agreed."""
    take_alone(turn)
    if not _is_late(turn, given):
        return "before"
    outcome = _resumed(turn)
    return "begun" if outcome == "resumed" else outcome


def drop_late(turn: Turn, given: str) -> Literal["cancelled", "before", "draft"]:
    """Its other button, or `abandonner 101`: it does not go. draft: a bare word, about what is being announced."""
    if not given and wanted(turn):
        return "draft"
    take_alone(turn)
    if not _is_late(turn, given):
        return "before"
    return "cancelled" if sending.stop(turn.db, number_of(turn.memory[SEEN]), turn.person.contact_id) else "before"


def _is_late(turn: Turn, given: str) -> bool:
    """Whether the one that is named, or the only one there is, missed its time."""
    late = [one.id for one in drafts.recent(turn.db, PAGE) if one.pause_reason == "late"]
    named = told.id_of(number_of(given.split()[0])) if given else (late[0] if len(late) == 1 else 0)
    turn.memory[SEEN] = named
    return named in late
