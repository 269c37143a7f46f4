"""The programme under any hat: days and themes, a workshop's card, and which one is meant."""

from collections.abc import Sequence
from datetime import date
from typing import Final, Literal, NotRequired, TypedDict

from base.when import read_when
from bot import booking_page, event_words
from bot.dialog import Page, Row
from bot.dialogs.means import number_of, words
from bot.dialogs.organizer import naming
from bot.turn import Turn
from bot.understanding.week_asking import PRICE
from events import bookings, programme
from events.bookings import Booking
from events.programme import THEMES, Event, Workshop
from events.words import theme_of

PAGE: Final = 9
FEW: Final = 3  # words
MOST_OWN: Final = 50  # workshops that somebody may have booked, of which one is given up by words
WORKSHOP, SHELF = "workshop", "shelf"  # in memory: the workshop spoken of, what is listed
Found = Literal["found", "none"]


class Title(TypedDict):
    """A workshop."""

    number: int
    title: str


class Card(Title):
    """A workshop's card; `details` are lines, `photo` the picture of an own code."""

    details: str
    photo: NotRequired[str]


class Listed(TypedDict):
    """The day or theme that is listed."""

    name: str


class Named(TypedDict):
    """The event; `note` is a line break and a sentence, or ''."""

    name: str
    note: str


def open_event(turn: Turn) -> Event | None:
    """The event that is open."""
    return programme.open_event(turn.db)


def shelves(turn: Turn, after: str) -> Page:
    """Days on which something is still to come, then themes; `after` is how many were shown."""
    event = open_event(turn)
    if event is None:
        return Page(())
    coming = programme.programme(turn.db, event.id, since=turn.now)
    days = {one.day: one.starts_at for one in reversed(coming)}
    counts = {on: sum(one.day == on and one.is_on for one in coming) for on in days}
    found = [
        Row(f"d{on:%Y%m%d}", event_words.day(turn.person.language, days[on]), _count(turn, counts[on]), section=by_day)
        for by_day in (words(turn, "workshop.by_day"),)
        for on in sorted(days)
        if counts[on]
    ]
    themes = {theme: sum(one.theme == theme and one.is_on for one in coming) for theme in THEMES}
    found += [
        Row(f"t{theme}", words(turn, f"programme.theme.{theme}"), _count(turn, count), section=by_theme)
        for by_theme in (words(turn, "workshop.by_theme"),)
        for theme, count in themes.items()
        if count
    ]
    first = number_of(after)
    return Page(tuple(found[first : first + PAGE]), str(first + PAGE) if len(found) > first + PAGE else "")


def _count(turn: Turn, count: int) -> str:
    return words(turn, "workshop.count", count=count)


def pick_shelf(turn: Turn, row: str) -> Literal["picked"]:
    """A day or a theme."""
    turn.memory[SHELF] = row
    return "picked"


def shelf_rows(turn: Turn, after: str) -> Page:
    """Its workshops by their hours."""
    event, shelf = open_event(turn), str(turn.memory.get(SHELF, ""))
    if event is None:
        return Page(())
    found = programme.programme(
        turn.db,
        event.id,
        day=_day_of(shelf),
        theme=shelf[1:] if shelf.startswith("t") else "",
        since=turn.now,
        after=number_of(after),
        size=PAGE + 1,
    )
    rows = tuple(_row(turn, one) for one in found[:PAGE])
    return Page(rows, rows[-1].id if len(found) > PAGE else "")


def _day_of(shelf: str) -> date | None:
    return date.fromisoformat(shelf[1:]) if shelf.startswith("d") else None


def _row(turn: Turn, one: Workshop) -> Row:
    return Row(str(one.id), one.title, event_words.in_short(turn.person.language, one, turn.now))


def listed(turn: Turn) -> Listed:
    """Values of the list: its day or theme."""
    shelf = str(turn.memory.get(SHELF, ""))
    on = _day_of(shelf)
    if on:
        first = next(iter(_on_day(turn, on)), None)
        return {"name": event_words.day(turn.person.language, first.starts_at) if first else ""}
    return {"name": words(turn, f"programme.theme.{shelf[1:]}") if shelf[1:] in THEMES else ""}


def _on_day(turn: Turn, on: date) -> tuple[Workshop, ...]:
    event = open_event(turn)
    return programme.programme(turn.db, event.id, day=on, size=1) if event else ()


def named_event(turn: Turn) -> Named:
    """Values of the programme: the event."""
    event = open_event(turn)
    return {"name": event.name if event else "", "note": f"\n{event.note}" if event and event.note else ""}


def pick_workshop(turn: Turn, row: str) -> Literal["picked"]:
    """A workshop of a list."""
    turn.memory[WORKSHOP] = number_of(row)
    return "picked"


def name_workshop(turn: Turn, given: str) -> Found:
    """`programme 3`, or a notice's button: by its number."""
    return "found" if mean(turn, given) else "none"


def mean(turn: Turn, given: str) -> Workshop | None:
    """The workshop of this number that he has a booking of, the last one, else that of the open event."""
    number, event = number_of(given.split(" ")[0]) if given else 0, open_event(turn)
    found = programme.of_number(turn.db, event.id, number) if event and number else None
    if found is None or bookings.own(turn.db, found.id, turn.person.contact_id) is None:
        older = bookings.latest_of_number(turn.db, turn.person.contact_id, number) if number else None
        found = programme.workshop(turn.db, older.workshop_id) if older else found
    turn.memory[WORKSHOP] = found.id if found else 0
    return found


def hear_workshop(turn: Turn) -> Literal["found", "listed", "leaving", "own", "asking", "price", "none"]:
    """`inscris moi à l'atelier marketing`: the only one that is named shows its card, where a button books.

    listed: `programme sécurité`, `programme de samedi`. leaving: `je ne viens plus à l'atelier 3`, where he has a
    place; own: he has none there, or several of which none is named. asking: `question atelier 3 : …`. price: what
    coming costs, while an event is open.
    """
    event, named = open_event(turn), str(turn.slot("workshop") or "")
    if turn.slot("question") is not None:
        return "asking" if mean(turn, named) else "none"
    if turn.slot("gives_up"):
        return _hear_leaving(turn, named)
    if event is None:
        return "none"
    if turn.slot(PRICE):
        return "price"
    coming = programme.programme(turn.db, event.id, since=turn.now)
    found = _named(coming, named or _number_alone(turn))
    only = found[0] if len(found) == 1 else None
    turn.memory[WORKSHOP] = only.id if only else 0
    turn.memory[SHELF] = "" if only else _shelf_of(turn, coming)
    return "found" if only else "listed" if turn.memory[SHELF] else "none"


def _number_alone(turn: Turn) -> str:
    """The number that a few words have, which tell no day: `atelié 3`."""
    typed = turn.words.split()
    numbers = [word for word in typed if number_of(word)]
    return numbers[0] if len(numbers) == 1 and len(typed) <= FEW and not read_when(turn.words, turn.now) else ""


def _named(coming: tuple[Workshop, ...], named: str) -> tuple[Workshop, ...]:
    number = next((number_of(word) for word in named.split() if word.isdigit()), 0)
    return naming.named(coming, number or named) if named else ()


def _hear_leaving(turn: Turn, named: str) -> Literal["leaving", "own"]:
    standing = bookings.standing(turn.db, turn.person.contact_id, size=MOST_OWN)
    given_back = [one for one in standing if one.state in ("booked", "waiting")]
    event = open_event(turn)
    coming = programme.programme(turn.db, event.id, since=turn.now) if event and named else ()
    meant = {one.id for one in _named(coming, named)}
    found = [one for one in given_back if not named or one.workshop_id in meant]
    if len(found) != 1:
        return "own"
    turn.memory[WORKSHOP] = found[0].workshop_id
    return "leaving"


def _shelf_of(turn: Turn, coming: Sequence[Workshop]) -> str:
    """The day or theme of which words speak, where something is still to come then; '' for none."""
    on, theme = read_when(turn.words, turn.now), theme_of(turn.words)
    if on and on.first == on.last and any(one.day == on.first and one.is_on for one in coming):
        return f"d{on.first:%Y%m%d}"
    return f"t{theme}" if theme and any(one.theme == theme and one.is_on for one in coming) else ""


def spoken_of(turn: Turn) -> Workshop | None:
    """The workshop that the chat is about."""
    return programme.workshop(turn.db, number_of(turn.memory.get(WORKSHOP, 0)))


def own_booking(turn: Turn) -> Booking | None:
    """What he has in it."""
    return bookings.own(turn.db, number_of(turn.memory.get(WORKSHOP, 0)), turn.person.contact_id)


def title(turn: Turn) -> Title:
    """Values of texts about it."""
    one = spoken_of(turn)
    return {"number": one.number if one else 0, "title": one.title if one else ""}


def card(turn: Turn) -> Card:
    """Values of its card."""
    one, own = spoken_of(turn), own_booking(turn)
    told = event_words.details(turn.person.language, one, own, turn.now) if one else ""
    shown: Card = {"number": one.number if one else 0, "title": one.title if one else "", "details": told}
    if one and own and own.state == "booked" and one.is_on and not one.is_past(turn.now):
        shown["photo"] = picture(turn, own)
    return shown


def picture(turn: Turn, own: Booking) -> str:
    """The public path of his code as a picture."""
    return booking_page.path_of(own, turn.config.secret_key)


def ways(turn: Turn, after: str) -> Page:
    """What can be done about it, by how it stands and what he has there; nothing once its event is closed."""
    one, own, event = spoken_of(turn), own_booking(turn), open_event(turn)
    if one is None or event is None or event.id != one.event_id:
        return Page(())
    has_place = own is not None and own.state in ("booked", "waiting")
    is_to_come = one.is_on and one.starts_at > turn.now
    is_open = one.is_on and not one.is_past(turn.now)
    may_rate = own is not None and own.state in ("booked", "attended", "absent") and one.ends_at <= turn.now
    possible = {
        "book": one.takes(turn.now) and not has_place,
        "give_up": has_place and is_to_come,
        "ask": is_open,
        "rate": may_rate,
        "others": True,
    }
    return Page(
        tuple(Row(way, words(turn, f"option.{_way(one, way)}")) for way, is_shown in possible.items() if is_shown)
    )


def _way(one: Workshop, way: str) -> str:
    if way == "book":
        return "queue_up" if one.free == 0 or one.waiting else "book"
    return {"give_up": "give_up", "ask": "ask_speaker", "rate": "rate", "others": "other_workshops"}[way]


def act(turn: Turn, row: str) -> Literal["book", "give_up", "ask", "rate", "others"]:
    """One of these ways."""
    match row:
        case "book" | "give_up" | "ask" | "rate":
            return row
        case _:
            return "others"
