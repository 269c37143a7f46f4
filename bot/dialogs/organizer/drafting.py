"""What an organizer wants of the programme, before he has said yes: heard, asked for piece by piece, shown, written."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, Final, Literal, TypedDict

from base.clock import LOME, in_lome
from base.shortening import shorten
from bot import programme_words
from bot.dialog import Page, Row
from bot.dialogs.means import number_of, take_alone, words
from bot.dialogs.organizer import moments, naming
from bot.messages import Incoming
from bot.turn import Turn
from events import changing, programme
from events.changing import By, Change, Wanted
from events.programme import Event, Workshop
from events.words import kind_of, theme_of

DRAFT: Final = "workshop_draft"
SLOT: Final = ("starts_at", "ends_at", "room")
PAGE: Final = 9
LONGEST: Final[Mapping[str, int]] = {"title": 80, "room": 60, "place": 80, "speakers": 120, "reason": 200}
Heard = Literal["heard", "which", "unknown", "no_event"]
Judged = Literal["title", "when", "until", "places", "what", "why", "past", "odd", "few", "nothing", "ready", "gone"]

REFUSED: Final[Mapping[str, Judged]] = {"past": "past", "order": "odd", "places": "few"}


class Preview(TypedDict):
    """What would be done with which workshop; a line each of its changes and what to know before."""

    name: str
    about: str


class Named(TypedDict):
    """A workshop's title."""

    name: str


class Said(TypedDict):
    """The words that name a workshop."""

    said: str


def by(turn: Turn) -> By:
    """Who changes something, and by which message."""
    return By(turn.person.contact_id, turn.inbox_id)


def take_up(turn: Turn, workshop_id: int, kind: str, values: dict[str, Any]) -> None:
    """Begin to change a workshop by one of its ways."""
    _begin(turn, kind, workshop_id, values, {})


def hear_new(turn: Turn) -> Literal["heard", "no_event"]:
    """A new workshop, with what of it was told at once."""
    event = programme.open_event(turn.db)
    if event is None:
        return "no_event"
    values: dict[str, Any] = {
        name: _named(_tidy(turn, name)) for name in ("title", "room", "place", "speakers") if turn.slot(name)
    }
    if isinstance(turn.slot("capacity"), int):
        values["capacity"] = turn.slot("capacity")
    values |= {"kind": kind_of(turn.words) or "workshop", "theme": theme_of(values.get("title", "")) or ""}
    _begin(turn, "new", None, values, moments.heard(turn, event))
    return "heard"


def hear_change(turn: Turn) -> Heard:
    """What shall be otherwise of a workshop that is named by number or words."""
    values: dict[str, Any] = {name: _named(_tidy(turn, name)) for name in ("room", "place") if turn.slot(name)}
    if isinstance(turn.slot("capacity"), int):
        values["capacity"] = turn.slot("capacity")
    if isinstance(turn.slot("closed"), bool):
        values["is_closed"] = turn.slot("closed")
    return _hear(turn, "change", values)


def hear_cancel(turn: Turn) -> Heard:
    """A workshop that does not take place, and perhaps why."""
    return _hear(turn, "cancel", {"reason": _tidy(turn, "reason")} if turn.slot("reason") else {})


def _hear(turn: Turn, kind: str, values: dict[str, Any]) -> Heard:
    event = programme.open_event(turn.db)
    if event is None:
        return "no_event"
    more = turn.slot("more")
    _begin(turn, kind, None, values, moments.heard(turn, event), more if isinstance(more, int) else 0)
    found = naming.named(programme.programme(turn.db, event.id), _named_as(turn))
    turn.memory[DRAFT]["said"] = str(_named_as(turn) or "")
    if len(found) == 1:
        turn.memory[DRAFT]["workshop"] = found[0].id
        return "heard"
    turn.memory[DRAFT]["candidates"] = [one.id for one in found]
    return "which" if found or not _named_as(turn) else "unknown"


def _named_as(turn: Turn) -> int | str | None:
    said = turn.slot("workshop")
    return said if isinstance(said, int | str) else None


def _tidy(turn: Turn, name: str) -> str:
    return " ".join(str(turn.slot(name)).split())[: LONGEST[name]]


def _named(typed: str) -> str:
    """As names are written: `salle 2` is `Salle 2`."""
    return typed[:1].upper() + typed[1:]


def _begin(
    turn: Turn, kind: str, workshop_id: int | None, values: dict[str, Any], time: dict[str, str], more: int = 0
) -> None:
    turn.memory[DRAFT] = {"kind": kind, "workshop": workshop_id, "values": values, "time": time, "more": more}


def candidates(turn: Turn, after: str) -> Page:
    """The workshops that the words may mean; all that are to come, where none were said."""
    event = programme.open_event(turn.db)
    if event is None:
        return Page(())
    ids = _draft(turn).get("candidates") or []
    found = programme.programme(turn.db, event.id, since=turn.now, after=number_of(after), size=PAGE + 1)
    if ids:
        found = tuple(one for one in programme.workshops_of(turn.db, ids) if one.is_on)[: PAGE + 1]
    rows = tuple(
        Row(f"{one.id}", shorten(one.title, 60), programme_words.row_detail(turn.person.language, one))
        for one in found[:PAGE]
    )
    return Page(rows, rows[-1].id if len(found) > PAGE and not ids else "")


def choose(turn: Turn, row: str) -> Literal["heard", "gone"]:
    """This one is meant."""
    one = _of_open_event(turn, number_of(row))
    if one is None or DRAFT not in turn.memory:
        return "gone"
    turn.memory[DRAFT]["workshop"] = one.id
    return "heard"


def is_which(turn: Turn) -> bool:
    """Whether it is still to be said which workshop is meant."""
    return "candidates" in _draft(turn)


def said(turn: Turn) -> Said:
    """Values of texts about words that name no workshop."""
    return {"said": shorten(str(_draft(turn).get("said", "")), 60)}


def _draft(turn: Turn) -> dict[str, Any]:
    found: dict[str, Any] = turn.memory.get(DRAFT) or {}
    return found


def _of_open_event(turn: Turn, workshop_id: int) -> Workshop | None:
    event, one = programme.open_event(turn.db), programme.workshop(turn.db, workshop_id)
    return one if one and event and one.event_id == event.id else None


@dataclass(frozen=True)
class _Sought:
    """A draft beside what there is: columns by value, and what is missing."""

    event: Event
    one: Workshop | None
    values: dict[str, Any]
    missing: Literal["title", "when", "until", "places", "what", "why", "odd", ""]


def _sought(turn: Turn) -> _Sought | None:
    draft, event = _draft(turn), programme.open_event(turn.db)
    if not draft or event is None:
        return None
    one = _of_open_event(turn, draft["workshop"]) if draft["workshop"] else None
    if draft["kind"] != "new" and one is None:
        return None
    values = dict(draft["values"])
    if draft["kind"] == "cancel":
        return _Sought(event, one, {"state": "cancelled", **values}, "" if "reason" in values else "why")
    if draft["more"] and one and one.capacity is not None:
        values["capacity"] = one.capacity + draft["more"]
    starts, ends, is_short = _times(draft["time"], one)
    values |= {"starts_at": starts, "ends_at": ends} if starts and ends else {}
    if one is not None:
        return _Sought(event, one, values, "" if values else "what")
    missing: Literal["title", "when", "until", "places", ""] = ""
    if not values.get("title"):
        missing = "title"
    elif is_short or not starts:
        missing = "when"
    elif not ends:
        missing = "until"
    elif "capacity" not in values:
        missing = "places"
    return _Sought(event, one, values, missing)


def _times(told: Mapping[str, str], one: Workshop | None) -> tuple[datetime | None, datetime | None, bool]:
    """From when to when, as far as it is told: what a workshop keeps is its day, its hour or how long it lasts.

    The third: only a part of when it begins is known.
    """
    if not told:
        return None, None, False
    day = date.fromisoformat(told["day"]) if told.get("day") else (one.day if one else None)
    begins = in_lome(one.starts_at).time() if one else None
    hour = time.fromisoformat(told["start"]) if told.get("start") else begins
    if day is None or hour is None:
        return None, None, True
    starts = datetime.combine(day, hour, LOME)
    if told.get("end"):
        return starts, datetime.combine(day, time.fromisoformat(told["end"]), LOME), False
    return starts, starts + (one.ends_at - one.starts_at) if one else None, False


def judge(turn: Turn) -> Judged:
    """What is missing, why it cannot be, or that it can be shown: then it is written down as proposed."""
    sought = _sought(turn)
    if sought is None:
        return "gone"
    if sought.missing:
        return sought.missing
    refused = changing.refusal(sought.values, sought.one, turn.now)
    if refused:
        return REFUSED[refused]
    one = sought.one
    wanted = Wanted(one.id, sought.values, revision=one.revision) if one else Wanted(None, sought.values)
    found = changing.propose(turn.db, sought.event.id, [wanted], by(turn))
    turn.memory[DRAFT]["change"] = found
    return "ready" if found else "nothing"


def read_line(said: Incoming) -> str | None:
    """Any words, in one line."""
    text = " ".join(said.text.split())
    return None if not text or said.tap or said.media else text


def _keep(turn: Turn, name: str, value: Any) -> Literal["kept"]:
    if DRAFT in turn.memory:
        turn.memory[DRAFT]["values"][name] = value
    return "kept"


def keep_title(turn: Turn, typed: str) -> Literal["kept"]:
    """Its name, and the theme that it tells."""
    if DRAFT in turn.memory:
        turn.memory[DRAFT]["values"]["theme"] = theme_of(typed) or ""
    return _keep(turn, "title", _named(typed)[: LONGEST["title"]])


def keep_room(turn: Turn, typed: str) -> Literal["kept"]:
    """In which room."""
    return _keep(turn, "room", _named(typed)[: LONGEST["room"]])


def keep_reason(turn: Turn, typed: str) -> Literal["kept"]:
    """Why it is cancelled."""
    return _keep(turn, "reason", typed[: LONGEST["reason"]])


def no_reason(turn: Turn) -> Literal["kept"]:
    """No reason is told."""
    return _keep(turn, "reason", "")


def keep_when(turn: Turn, typed: str) -> Literal["kept", "unread"]:
    """On which day and from which hour, perhaps until when."""
    event = programme.open_event(turn.db)
    told = moments.read(typed, turn.now, event) if event else {}
    if not told or DRAFT not in turn.memory:
        return "unread"
    turn.memory[DRAFT]["time"] = {**turn.memory[DRAFT]["time"], **told}
    return "kept"


def keep_until(turn: Turn, typed: str) -> Literal["kept", "unread"]:
    """Until which hour; or how long it lasts."""
    draft = _draft(turn)
    end = moments.read_end(typed, draft.get("time", {}).get("start", ""))
    if not end or not draft:
        return "unread"
    turn.memory[DRAFT]["time"]["end"] = end
    return "kept"


def read_places(said: Incoming) -> int | None:
    """How many places: the only number of what is typed."""
    text = read_line(said) or ""
    found = [part for part in text.replace("\u00a0", " ").split() if part.isascii() and part.isdigit()]
    return int(found[0]) if len(found) == 1 and len(found[0]) <= 6 and int(found[0]) > 0 else None


def keep_places(turn: Turn, count: int) -> Literal["kept"]:
    """For how many."""
    if DRAFT in turn.memory:
        turn.memory[DRAFT]["more"] = 0
    return _keep(turn, "capacity", count)


def no_limit(turn: Turn) -> Literal["kept"]:
    """For as many as come."""
    return _keep(turn, "capacity", None)


def _change(turn: Turn) -> Change | None:
    return changing.change(turn.db, number_of(_draft(turn).get("change") or ""))


def is_asked(turn: Turn) -> bool:
    """Whether a change waits for its yes."""
    one = _change(turn)
    return one is not None and one.applied_at is None


def preview(turn: Turn) -> Preview:
    """Values of the question whether it is wanted."""
    change = _change(turn)
    if change is None:
        return {"name": "", "about": ""}
    line = change.lines[0]
    one = programme.workshop(turn.db, line.workshop_id) if line.workshop_id else None
    named = {"number": one.number, "title": one.title} if one else {"title": line.after["title"]}
    name = words(turn, f"programme.what.{_draft(turn)['kind']}", **named)
    lines = programme_words.changes_of(turn.person.language, line, one)
    lines += [str(line.after.get("reason", ""))]
    lines += [words(turn, "programme.restored")] if line.before.get("state") == "cancelled" else []
    lines += [*_warnings(turn, change, one, line.after), _told(turn, one, line.after)]
    return {"name": name, "about": "\n".join(filter(None, lines))}


def _told(turn: Turn, one: Workshop | None, after: Mapping[str, Any]) -> str:
    """How many people would be told."""
    if one is None or not {*after} - {"capacity", "is_closed", "kind", "theme", "level", "language"}:
        return ""
    count = one.booked + one.waiting
    return words(turn, "programme.told", count=count) if count else words(turn, "programme.told_none")


def _warnings(turn: Turn, change: Change, one: Workshop | None, after: Mapping[str, Any]) -> list[str]:
    """Fewer places than are taken; a room in which something else is at that time."""
    capacity, found = after.get("capacity"), []
    if one is not None and capacity is not None and capacity < one.booked:
        found.append(words(turn, "programme.below", booked=one.booked, places=capacity))
    if {"starts_at", "ends_at", "room", "place"} & after.keys():
        other = programme.clashing(turn.db, change.event_id, one.id if one else 0, _slot(one, after))
        if other:
            found.append(words(turn, "programme.clash", number=other.number, title=other.title))
    return found


def _slot(one: Workshop | None, after: Mapping[str, Any]) -> programme.Slot:
    """Where and when it would be."""
    values = {name: changing.read(name, after[name]) if name in after else getattr(one, name) for name in SLOT}
    own_place = one.place if one and one.has_own_place else ""
    return programme.Slot(**values, place=str(after.get("place", own_place)))


def write(turn: Turn) -> Literal["done", "changed", "before"]:
    """Write what was shown, and tell whom it concerns."""
    found = changing.apply(turn.db, number_of(_draft(turn).get("change") or ""), by(turn))
    if found == "done":
        turn.memory["written"] = _draft(turn)["change"]
        turn.memory.pop(DRAFT, None)
    return found if found in ("done", "changed") else "before"


def is_last(turn: Turn) -> bool:
    """Whether what was written last in this chat may still be taken back."""
    one = changing.change(turn.db, number_of(turn.memory.get("written", 0)))
    within = timedelta(hours=changing.UNDONE_WITHIN)
    is_new = DRAFT not in turn.memory
    return bool(is_new and one and one.applied_at and one.undoes is None and one.applied_at > turn.now - within)


def written(turn: Turn) -> Named:
    """Values of what is said when it is written: the workshop's name, with its number."""
    change = changing.change(turn.db, number_of(turn.memory.get("written", 0)))
    if change is None:
        return {"name": ""}
    rows = programme.written_by(turn.db, change.id, 1)
    return {"name": words(turn, "programme.titled", number=rows[0].number, title=rows[0].title) if rows else ""}


def undo(turn: Turn) -> Literal["undone", "nothing", "changed"]:
    """Take back what was written last in this chat; whoever was told is told again."""
    take_alone(turn)
    found = changing.undo(turn.db, number_of(turn.memory.get("written", 0)), by(turn))
    return "undone" if found == "done" else found
