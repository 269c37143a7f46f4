"""A place in a workshop under any hat: taken, waited for, given up; a question to who speaks there, and how it was."""

import re
from typing import Final, Literal, NotRequired, TypedDict

from base.codes import Letters
from base.spelling import normalise
from bot import event_words
from bot.dialog import Page, Row
from bot.dialogs.means import number_of, words
from bot.dialogs.programme import (
    PAGE,
    WORKSHOP,
    Found,
    Title,
    mean,
    open_event,
    own_booking,
    picture,
    spoken_of,
)
from bot.dialogs.written import Written, read_question, to_pass_on, why_stopped
from bot.messages import Incoming
from bot.turn import Turn
from catalog.questions import LONGEST
from events import bookings, lessons, programme
from events.bookings import Booking
from events.codes import letters_under

WHY, NUMBER = "why", "workshop_number"  # in memory: the tail of a text key, the number that was typed
STARS: Final = ("1", "2", "3", "4", "5")
ALONE: Final = re.compile(r"(?<![\w+-])[1-5](?![\w%])")  # a figure that is no part of another thing
AROUND: Final = frozenset("je j ai mets donne lui note etoile etoiles point points i give it star stars".split())
IN_WORDS: Final = {"un": 1, "deux": 2, "trois": 3, "quatre": 4, "cinq": 5, "one": 1, "two": 2, "three": 3, "four": 4}
Booked = Literal["booked", "waiting", "refused"]


class Taken(Title):
    """A place; `clash` is a line break and a sentence, or ''; `rank` that in the queue."""

    when: str
    where: str
    code: str
    rank: int
    clash: str
    photo: NotRequired[str]


class NotTaken(TypedDict):
    """Why not: `why` is the tail of a text key."""

    number: int
    why: str


def book(turn: Turn) -> Booked:
    """A place in the workshop on show."""
    return _book(turn, number_of(turn.memory.get(WORKSHOP, 0)))


def book_named(turn: Turn, given: str) -> Literal["booked", "waiting", "refused", "which"]:
    """`atelier 3`; the bare word asks for the programme."""
    if not given:
        return "which"
    event, number = open_event(turn), number_of(given.split(" ")[0])
    found = programme.of_number(turn.db, event.id, number) if event else None
    turn.memory[WORKSHOP], turn.memory[NUMBER] = (found.id if found else 0), number
    return _book(turn, found.id if found else 0)


def _book(turn: Turn, workshop_id: int) -> Booked:
    outcome = bookings.book(turn.db, workshop_id, turn.person.contact_id, turn.conversation_id, _letters(turn))
    if outcome in ("booked", "waiting"):
        return outcome
    turn.memory[WHY] = outcome
    return "refused"


def _letters(turn: Turn) -> Letters:
    return letters_under(turn.config.lasting_key)


def taken(turn: Turn) -> Taken:
    """Values of the answer to who has a place now, or waits for one."""
    one, own = spoken_of(turn), own_booking(turn)
    if one is None or own is None:
        raise LookupError("what was just booked is gone")
    language = turn.person.language
    told: Taken = {
        "number": one.number,
        "title": one.title,
        "when": event_words.when(language, one.starts_at, one.ends_at),
        "where": event_words.where(one),
        "code": own.code,
        "rank": own.queued,
        "clash": _clash(turn, one.id),
    }
    if own.state == "booked":
        told["photo"] = picture(turn, own)
    return told


def _clash(turn: Turn, workshop_id: int) -> str:
    others = bookings.clashing(turn.db, workshop_id, turn.person.contact_id)
    return "\n" + words(turn, "workshop.clash", number=others[0].number, title=others[0].title) if others else ""


def not_taken(turn: Turn) -> NotTaken:
    """Values of the answer to who got no place."""
    one = spoken_of(turn)
    number = one.number if one else number_of(turn.memory.get(NUMBER, 0))
    return {"number": number, "why": str(turn.memory.get(WHY, "unknown"))}


def own_rows(turn: Turn, after: str) -> Page:
    """What he has booked or waits for, the next first; `after` is how many were shown."""
    first = number_of(after)
    found = bookings.standing(turn.db, turn.person.contact_id, first, PAGE + 1)
    rows = tuple(Row(str(one.workshop_id), one.title, _state(turn, one)) for one in found[:PAGE])
    return Page(rows, str(first + PAGE) if len(found) > PAGE else "")


def _state(turn: Turn, one: Booking) -> str:
    state = one.state if one.is_held else "off"
    on = event_words.day(turn.person.language, one.starts_at)
    return words(
        turn,
        f"workshop.mine.{state}",
        number=one.number,
        day=on,
        hour=event_words.hour(one.starts_at),
        code=one.code,
        rank=one.queued,
    )


def name_own(turn: Turn, given: str) -> Found:
    """`désinscrire 3`, or a notice's button: a place that he can give up; the bare word means his only one."""
    standing = bookings.standing(turn.db, turn.person.contact_id, size=2)
    if not given and len(standing) == 1:
        turn.memory[WORKSHOP] = standing[0].workshop_id
        return "found"
    found = mean(turn, given)
    own = own_booking(turn) if found else None
    return "found" if own and own.state in ("booked", "waiting") else "none"


def has_place(turn: Turn) -> bool:
    """Whether there is still something to give up."""
    own = own_booking(turn)
    return own is not None and own.state in ("booked", "waiting")


def give_up(turn: Turn) -> Literal["done", "none"]:
    """His place goes to the next."""
    done = bookings.give_up(turn.db, number_of(turn.memory.get(WORKSHOP, 0)), turn.person.contact_id)
    return "done" if done in ("given_up", "left_queue") else "none"


def read_lesson(said: Incoming) -> Written | None:
    """A question to who speaks: words, as it is read out in a room."""
    read = read_question(said)
    return {"words": read["words"], "file": ""} if read and any(map(str.isalpha, read["words"])) else None


def ask_speaker(turn: Turn, written: Written) -> Literal["asked", "refused"]:
    """His words go onto the list of who leads the workshop; what asks for money or codes does not."""
    stopped, said = why_stopped(written), to_pass_on(turn, written)
    if stopped or not said.words:
        turn.memory[WHY] = "stopped"
        return "refused"
    one = number_of(turn.memory.get(WORKSHOP, 0))
    outcome = lessons.ask(turn.db, one, turn.person.contact_id, turn.conversation_id, said.words)
    turn.memory[WHY] = outcome
    return "asked" if outcome == "asked" else "refused"


def ask_as_heard(turn: Turn) -> Literal["asked", "refused", "untold"]:
    """`question atelier 3 : …`, all in one message; untold: what is asked is still to be said."""
    words_said = " ".join(str(turn.slot("question") or "").split())[:LONGEST]
    if not any(map(str.isalpha, words_said)):
        return "untold"
    return ask_speaker(turn, {"words": words_said, "file": ""})


def can_be_asked(turn: Turn) -> bool:
    """Whether it is not over."""
    one = spoken_of(turn)
    return one is not None and one.is_on and not one.is_past(turn.now)


def name_rated(turn: Turn, given: str) -> Found:
    """`noter 3`, or a notice's button: a workshop of his that is over."""
    found = mean(turn, given)
    own = own_booking(turn) if found else None
    return "found" if found and own and own.state != "cancelled" and found.ends_at <= turn.now else "none"


def read_rating(said: Incoming) -> int | None:
    """1 to 5: `4`, `4/5`, `4 étoiles`, `c'était bien, 4`, as many stars; no figure amid other things that are said."""
    typed = normalise(said.text[:60].replace("/5", " ").replace("sur 5", " ")).split()
    stars = said.text.count("⭐") + said.text.count("★")
    if stars and not typed:
        return min(stars, len(STARS))
    numbers = [word for word in typed if word in STARS or word in IN_WORDS or any(map(str.isdigit, word))]
    is_amid = numbers[:1] not in (typed[:1], typed[-1:]) and not AROUND.issuperset({*typed} - {*numbers})
    if len(numbers) != 1 or is_amid or (numbers[0] not in STARS and numbers[0] not in IN_WORDS):
        return None
    if numbers[0] in STARS and not ALONE.search(said.text):  # `-1%`
        return None
    return IN_WORDS.get(numbers[0]) or int(numbers[0])


def rate(turn: Turn, rating: int) -> Literal["rated", "refused"]:
    """How it was."""
    outcome = lessons.rate(turn.db, number_of(turn.memory.get(WORKSHOP, 0)), turn.person.contact_id, rating)
    return "rated" if outcome == "rated" else "refused"
