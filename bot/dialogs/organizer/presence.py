"""Who is there, as an organizer notes it: codes at the door, a printed list typed in, questions to be read out."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Final, Literal, TypedDict

from bot import door, event_words, files, roll_page, rolls
from bot.dialog import Page, Row
from bot.dialogs.means import number_of, words
from bot.dialogs.organizer import naming
from bot.messages import Incoming
from bot.turn import Turn
from events import checkin, lessons, programme
from events.bookings import Booking
from events.codes import read_letters
from events.programme import Workshop

PAGE: Final = 9
MOST_NAMES: Final = 40
MOST_IN_ROW: Final = 60  # characters
AT_DOOR, TOLD, LESSON = "door_of", "door_told", "lesson"  # in memory: workshop, what was just said, question
LATELY: Final = timedelta(hours=3)  # after its end a workshop is still meant by a bare word
Found = Literal["found", "none"]


class Standing(TypedDict):
    """A workshop's door: how many are there of how many."""

    number: int
    title: str
    when: str
    attended: int
    taken: int
    waiting: int
    questions: int
    rating: str


class Told(TypedDict):
    """What has just been done, whole sentences."""

    told: str


class Scan(TypedDict):
    """The page for a phone's camera."""

    number: int
    url: str
    url_title: str


class Roll(TypedDict):
    """The list to print."""

    number: int
    document: str
    document_name: str


class Present(TypedDict):
    """Who is there; `names` are lines."""

    number: int
    count: int
    names: str


class Lesson(TypedDict):
    """A question to those who speak."""

    name: str
    words: str


def _coming(turn: Turn) -> tuple[Workshop, ...]:
    event = programme.open_event(turn.db)
    return programme.programme(turn.db, event.id) if event else ()


def _mean(turn: Turn, one: Workshop | None) -> Found:
    turn.memory[AT_DOOR] = one.id if one else 0
    return "found" if one else "none"


def name(turn: Turn, given: str) -> Found:
    """`présence 3`; the bare word means the workshop that is on, or the next one."""
    return _mean(turn, _of(turn, given.split()[0] if given else ""))


def _of(turn: Turn, number: str) -> Workshop | None:
    found = _coming(turn)
    if number:
        return next((one for one in found if one.number == number_of(number)), None)
    return next((one for one in found if one.is_on and one.ends_at + LATELY > turn.now), None)


def hear(turn: Turn) -> Found:
    """`liste des présents atelier 1`: the one that is named, else the one that is on."""
    said = turn.slot("workshop")
    if said is None:
        return _mean(turn, _of(turn, ""))
    found = naming.named(_coming(turn), said)
    return _mean(turn, found[0] if found else None)


def _workshop(turn: Turn) -> Workshop | None:
    return programme.workshop(turn.db, number_of(turn.memory.get(AT_DOOR, 0)))


def standing(turn: Turn) -> Standing:
    """Values of the question who has come."""
    one = _workshop(turn)
    found = door.standing(turn.db, one.id) if one else None
    rated = lessons.ratings(turn.db, [one.id]).get(one.id) if one else None
    rating = ""
    if rated:
        tenths = f"{rated.tenths // 10},{rated.tenths % 10}"
        rating = "\n" + words(turn, "arrival.rating", average=tenths, count=rated.count)
    return {
        "number": one.number if one else 0,
        "title": one.title if one else "",
        "when": event_words.when(turn.person.language, one.starts_at, one.ends_at) if one else "",
        "attended": found.attended if found else 0,
        "taken": found.taken if found else 0,
        "waiting": one.waiting if one else 0,
        "questions": len(lessons.waiting(turn.db, one.id, size=99)) if one else 0,
        "rating": rating,
    }


def is_there(turn: Turn) -> bool:
    """Whether there is still a door to stand at."""
    return _workshop(turn) is not None


def read_arrival(said: Incoming) -> str | None:
    """A code as it is typed or sent on; None for anything else."""
    typed = " ".join(said.text.split())
    return typed if typed and not said.tap and read_letters(typed) else None


def arrive(turn: Turn, typed: str) -> Literal["told"]:
    """A code at this workshop's door."""
    return _enter(turn, number_of(turn.memory.get(AT_DOOR, 0)) or None, typed)


def _enter(turn: Turn, workshop_id: int | None, typed: str) -> Literal["told"]:
    arrival = door.enter(turn.db, workshop_id, typed, turn.person.contact_id)
    turn.memory[TOLD] = door.told(turn.db, turn.person.language, arrival)
    return "told"


def note(turn: Turn, given: str) -> Literal["told", "none"]:
    """`présent A3-7K4Q`, or `présents atelier 3: 1 4 7 12` from the printed list."""
    if read_letters(given):
        return _enter(turn, None, given)
    one, lines = _list_of(turn, given)
    if one is None or not lines:
        return "none"
    typed = checkin.type_in(turn.db, one.id, lines, turn.person.contact_id)
    is_told = typed.new or not typed.kept_out
    turn.memory[TOLD] = _sentences(
        words(turn, "arrival.typed", count=len(typed.new), number=one.number) if is_told else "",
        _kept_out(turn, one, typed.kept_out) if typed.kept_out else "",
        words(turn, "arrival.typed_before", count=len(typed.before)) if typed.before else "",
        words(turn, "arrival.typed_unknown", lines=", ".join(typed.unknown[:PAGE])) if typed.unknown else "",
        words(turn, "arrival.mistaken", number=one.number) if typed.new else "",
    )
    return "told"


def _kept_out(turn: Turn, one: Workshop, those: Sequence[Booking]) -> str:
    """Why these lines of a list were not noted."""
    if not one.is_on:
        return words(turn, "arrival.off", number=one.number, title=one.title)
    if one.starts_at > turn.now + checkin.EARLIEST:
        when = event_words.when(turn.person.language, one.starts_at, one.ends_at)
        return words(turn, "arrival.days_away", number=one.number, when=when)
    return words(turn, "arrival.kept_out", lines=", ".join(str(found.line) for found in those[:PAGE]))


def take_back(turn: Turn, given: str) -> Literal["told", "none"]:
    """`absents atelier 3: 4`: they were noted by mistake."""
    one, lines = _list_of(turn, given)
    if one is None or not lines:
        return "none"
    count = checkin.take_back(turn.db, one.id, lines)
    key = "arrival.taken_back" if count else "arrival.taken_back_none"
    turn.memory[TOLD] = words(turn, key, **({"count": count} if count else {}), number=one.number)
    return "told"


def _list_of(turn: Turn, given: str) -> tuple[Workshop | None, list[str]]:
    """`3 1 4 7 12`: the workshop, and lines or codes of its list; what stands before a code's letters goes."""
    number, *lines = given.split() or [""]
    one = _of(turn, number) if number else None
    turn.memory[AT_DOOR] = one.id if one else 0
    return one, [line for line in lines if not line.startswith("A")]


def _sentences(*told: str) -> str:
    return "\n".join(one for one in told if one)


def told(turn: Turn) -> Told:
    """Values of what was just done."""
    return {"told": str(turn.memory.get(TOLD, ""))}


def scan(turn: Turn) -> Scan:
    """Values of the link to the page."""
    one = _workshop(turn)
    path = door.path_of(one, turn.person.contact_id, turn.config.secret_key, turn.now) if one else ""
    return {"number": one.number if one else 0, "url": path, "url_title": words(turn, "link.scan")}


def roll(turn: Turn) -> Roll:
    """Values of the list to print."""
    one = _workshop(turn)
    until = turn.now + timedelta(seconds=turn.config.timing.receipt_link)
    path = files.path_to(roll_page.KIND, turn.config.secret_key, one.id, until) if one else ""
    name = roll_page.name_of_page(one) if one else ""
    return {"number": one.number if one else 0, "document": path, "document_name": name}


def present(turn: Turn) -> Present:
    """Values of who is there."""
    one = _workshop(turn)
    there = [line for line in rolls.roll(turn.db, one.id) if line.state == "attended"] if one else []
    names = [f"{line.line} · {line.name or line.code}" for line in there[:MOST_NAMES]]
    if len(there) > MOST_NAMES:
        names.append(words(turn, "arrival.and_others", count=len(there) - MOST_NAMES))
    return {"number": one.number if one else 0, "count": len(there), "names": "\n".join(names) or "—"}


def lesson_rows(turn: Turn, after: str) -> Page:
    """The questions that nobody has seen to, the oldest first."""
    found = lessons.waiting(turn.db, number_of(turn.memory.get(AT_DOOR, 0)), number_of(after), PAGE + 1)
    rows = tuple(
        Row(str(one.id), rolls.name_of(turn.db, one.contact_id) or one.code, one.words[:MOST_IN_ROW])
        for one in found[:PAGE]
    )
    return Page(rows, rows[-1].id if len(found) > PAGE else "")


def pick_lesson(turn: Turn, row: str) -> Literal["picked"]:
    """One of them."""
    turn.memory[LESSON] = number_of(row)
    return "picked"


def lesson(turn: Turn) -> Lesson:
    """Values of the question that is spoken of."""
    one = lessons.question(turn.db, number_of(turn.memory.get(LESSON, 0)))
    name = rolls.name_of(turn.db, one.contact_id) if one else ""
    return {"name": name or "?", "words": one.words if one else ""}


def is_open(turn: Turn) -> bool:
    """Whether nobody has seen to it yet."""
    one = lessons.question(turn.db, number_of(turn.memory.get(LESSON, 0)))
    return one is not None and one.state == "open"


def read_out(turn: Turn) -> Literal["told"]:
    """It was read out in the room."""
    return _settle(turn, "")


def reply(turn: Turn, written: str) -> Literal["told"]:
    """It is answered in writing."""
    return _settle(turn, written)


def _settle(turn: Turn, answer: str) -> Literal["told"]:
    done = lessons.settle(turn.db, number_of(turn.memory.get(LESSON, 0)), turn.person.contact_id, answer)
    outcome = ("lesson_answered" if answer else "lesson_read") if done else "lesson_before"
    turn.memory[TOLD] = words(turn, f"arrival.{outcome}")
    return "told"
