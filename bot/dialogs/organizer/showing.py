"""The programme as organizers see it: its days, a day's workshops with who has a place, and what each can become."""

from datetime import date, datetime
from typing import TYPE_CHECKING, Final, Literal, TypedDict, get_args

from base.later import Later
from base.shortening import shorten
from bot import calendars, programme_words
from bot.dialog import Page, Row
from bot.dialogs.means import number_of, words
from bot.dialogs.organizer import drafting, moments, naming
from bot.dialogs.organizer.drafting import PAGE
from bot.turn import Turn
from events import programme
from events.programme import Workshop
from events.words import theme_of

if TYPE_CHECKING:
    from bot.understanding import workshop_shapes
else:
    workshop_shapes = Later("bot.understanding.workshop_shapes")

Way = Literal["move", "new_room", "new_places", "close_places", "open_places", "call_off", "put_back", "agenda"]
LONGEST_NAME: Final = 20  # characters
WAYS: tuple[Way, ...] = get_args(Way)


class Week(TypedDict):
    """The event's name, when it is, and below it what is to be known: lines behind a line's end, or ''."""

    name: str
    first: str
    last: str
    about: str


class Day(TypedDict):
    """A day and how many places are taken on it."""

    day: str


class Named(TypedDict):
    """What somebody typed for the number of a session."""

    said: str


class Linked(TypedDict):
    """An address."""

    address: str


class Card(TypedDict):
    """One workshop in words."""

    name: str
    facts: str


def hear(turn: Turn) -> Literal["days", "day", "one", "no_event"]:
    """What of the programme is asked for: a workshop by its number, a day, a theme, or all of it."""
    event = programme.open_event(turn.db)
    if event is None:
        return "no_event"
    theme = theme_of(turn.words) or ""
    turn.memory["theme"] = theme if programme.days(turn.db, event.id, theme=theme) else ""
    found = naming.named(programme.programme(turn.db, event.id), workshop_shapes.workshop_in(turn.words))
    if len(found) == 1:
        turn.memory["workshop"] = found[0].id
        return "one"
    if turn.slot("day"):
        turn.memory["day"] = moments.of_event(str(turn.slot("day")), turn.words, event)
        return "day"
    return "days"


def open_named(turn: Turn, given: str) -> Literal["days", "one", "unknown", "no_event"]:
    """`session 3`; the bare word asks for all of it."""
    event = programme.open_event(turn.db)
    if event is None:
        return "no_event"
    turn.memory["theme"], turn.memory["named"] = "", given
    one = programme.of_number(turn.db, event.id, number_of(given))
    turn.memory["workshop"] = one.id if one else 0
    if one is not None:
        return "one"
    return "unknown" if given else "days"


def named(turn: Turn) -> Named:
    """Values of the words that there is no such session."""
    return {"said": str(turn.memory.get("named", ""))[:LONGEST_NAME]}


def day_rows(turn: Turn, after: str) -> Page:
    """The days on which something takes place, of a theme where one was asked for."""
    event = programme.open_event(turn.db)
    if event is None:
        return Page(())
    since = date.fromisoformat(after) if after else None
    found = [
        day
        for day in programme.days(turn.db, event.id, theme=str(turn.memory.get("theme", "")))
        if _is_behind(day.on, since)
    ]
    rows = tuple(
        Row(day.on.isoformat(), programme_words.day_named(turn.person.language, day.on), _count(turn, day.count))
        for day in found[:PAGE]
    )
    return Page(rows, rows[-1].id if len(found) > PAGE else "")


def _is_behind(day: date, since: date | None) -> bool:
    return since is None or day > since


def _count(turn: Turn, count: int) -> str:
    return words(turn, "programme.count", count=count)


def week(turn: Turn) -> Week:
    """Values of the list of days."""
    event, theme = programme.open_event(turn.db), str(turn.memory.get("theme", ""))
    if event is None:
        return {"name": "", "first": "", "last": "", "about": ""}
    first, last = (programme_words.day_named(turn.person.language, day) for day in (event.starts_on, event.ends_on))
    told = (event.note, words(turn, f"programme.theme.{theme}") if theme else "")
    return {"name": event.name, "first": first, "last": last, "about": "".join(f"\n{line}" for line in told if line)}


def choose_day(turn: Turn, row: str) -> Literal["day"]:
    """This day's workshops."""
    turn.memory["day"] = row
    return "day"


def _day(turn: Turn) -> date | None:
    try:
        return date.fromisoformat(str(turn.memory.get("day", "")))
    except ValueError:
        return None


def workshop_rows(turn: Turn, after: str) -> Page:
    """The workshops of the day, with who has a place."""
    event, day = programme.open_event(turn.db), _day(turn)
    if event is None or day is None:
        return Page(())
    theme = str(turn.memory.get("theme", ""))
    found = programme.programme(turn.db, event.id, day=day, theme=theme, after=number_of(after), size=PAGE + 1)
    rows = tuple(
        Row(f"{one.id}", shorten(one.title, 60), programme_words.row_detail(turn.person.language, one))
        for one in found[:PAGE]
    )
    return Page(rows, rows[-1].id if len(found) > PAGE else "")


def day(turn: Turn) -> Day:
    """Values of the list of a day's workshops."""
    found = _day(turn)
    return {"day": programme_words.day_named(turn.person.language, found) if found else ""}


def open_workshop(turn: Turn, row: str) -> Literal["opened"]:
    """Put one on show."""
    turn.memory["workshop"] = number_of(row)
    return "opened"


def _shown(turn: Turn) -> Workshop | None:
    return programme.workshop(turn.db, number_of(turn.memory.get("workshop", 0)))


def ways(turn: Turn, after: str) -> Page:
    """What he can do with the one on show; ids name it, so that an old bubble stays itself."""
    one = _shown(turn)
    if one is None:
        return Page(())
    possible = [way for way in WAYS if _is_possible(way, one, turn.now)]
    return Page(tuple(Row(f"{way}.{one.id}", words(turn, f"option.{way}")) for way in (*possible, "days")))


def _is_possible(way: Way, one: Workshop, now: datetime) -> bool:
    if way == "agenda":
        return not one.is_past(now)
    if way == "put_back":
        return not one.is_on and one.starts_at > now
    if not one.is_on or one.is_past(now):
        return False
    return {"close_places": not one.is_closed, "open_places": one.is_closed}.get(way, True)


def act(turn: Turn, row: str) -> Literal[Way, "days"]:
    """Begin to change it, or go back to the days."""
    typed, _, workshop_id = row.partition(".")
    turn.memory["workshop"] = number_of(workshop_id)
    way = next((way for way in WAYS if way == typed), None)
    if way is None:
        return "days"
    if way == "agenda":
        return way
    kind = "cancel" if way == "call_off" else "change"
    values: dict[Way, dict[str, object]] = {
        "close_places": {"is_closed": True},
        "open_places": {"is_closed": False},
        "put_back": {"state": "planned", "reason": ""},
    }
    drafting.take_up(turn, number_of(workshop_id), kind, dict(values.get(way, {})))
    return way


def card(turn: Turn) -> Card:
    """Values of a workshop's card."""
    one = _shown(turn)
    if one is None:
        return {"name": "", "facts": ""}
    name = words(turn, "programme.titled", number=one.number, title=one.title)
    return {"name": name, "facts": programme_words.facts_of(turn.person.language, one)}


def find_event(turn: Turn) -> Literal["some", "no_event"]:
    """Whether there is a programme to show."""
    turn.memory.pop("workshop", None)
    return "some" if programme.open_event(turn.db) else "no_event"


def calendar(turn: Turn) -> Linked:
    """Values of the words with the address of the programme for calendars, or of the session on show alone."""
    event, one = programme.open_event(turn.db), _shown(turn)
    if event is None:
        return {"address": ""}
    return {"address": calendars.address(turn.config, event, one.id if one and one.event_id == event.id else 0)}
