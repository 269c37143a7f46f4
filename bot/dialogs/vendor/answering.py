"""A buyer's question: which one is meant, and what is answered, by whoever of the shop is first."""

from collections.abc import Mapping
from typing import Final, Literal, TypedDict

from base.facts import record
from base.shortening import shorten
from bot import attention, rights
from bot.dialog import Page, Row
from bot.dialogs.means import cause, number_of, take_alone, words
from bot.dialogs.written import Written, file_line, is_hidden, to_pass_on, why_stopped
from bot.question_news import FILE, KIND, file_key, file_keys
from bot.turn import Turn
from catalog import questions
from catalog.facts import WordsStopped
from catalog.questions import Question

PAGE: Final = 9
MOST_IN_ROW: Final = 60  # characters
Meant = Literal["found", "over", "unknown"]


class Asked(TypedDict):
    """A question; `file` is the address of what came with it on a line of its own, or ''."""

    number: int
    name: str
    words: str
    file: str


class Over(TypedDict):
    """Which question needs no answer any more."""

    number: int
    name: str


class Sent(TypedDict):
    """What was hidden: a sentence with a line break before it, or ''."""

    hidden: str


def _shops(turn: Turn) -> tuple[int, ...]:
    return rights.shops(turn, "orders")


def take(turn: Turn, given: str) -> Meant:
    """The button of a notice, or a row: they name the question by its id."""
    return _mean(turn, questions.question(turn.db, number_of(given)))


def name(turn: Turn, given: str) -> Literal["found", "over", "unknown", "several", "none"]:
    """`répondre 104` names one by its number; the bare word means the only one that waits."""
    if given:
        found = questions.of_number(turn.db, _shops(turn), number_of(given))
        waiting = tuple(one for one in found if one.is_waiting)
        return "several" if len(waiting) > 1 else _mean(turn, next(iter(waiting or found), None))
    waiting = questions.waiting_for(turn.db, _shops(turn), size=2)
    if len(waiting) > 1:
        return "several"
    return _mean(turn, waiting[0]) if waiting else "none"


def _mean(turn: Turn, found: Question | None) -> Meant:
    if found is None or found.vendor_id not in _shops(turn) or found.state == "stopped":
        return "unknown"
    turn.memory["question"] = found.id
    return "found" if found.is_waiting else "over"


def rows(turn: Turn, after: str) -> Page:
    """The questions that wait, the oldest first."""
    found = questions.waiting_for(turn.db, _shops(turn), number_of(after), PAGE + 1)
    keys = file_keys(turn.db, [one.file_inbox_id for one in found if one.file_inbox_id and not one.words])
    shown = tuple(Row(str(one.id), one.product, _detail(turn, one, keys)) for one in found[:PAGE])
    return Page(shown, shown[-1].id if len(found) > PAGE else "")


def _detail(turn: Turn, one: Question, keys: Mapping[int, str]) -> str:
    said = shorten(one.words, MOST_IN_ROW) or words(turn, keys.get(one.file_inbox_id or 0, FILE))
    return words(turn, "vendor.question_detail", number=one.number, words=said)


def _own(turn: Turn) -> Question | None:
    found = questions.question(turn.db, number_of(turn.memory.get("question", 0)))
    return found if found and found.vendor_id in _shops(turn) else None


def is_waiting(turn: Turn) -> bool:
    """Whether the question that is meant waits still."""
    found = _own(turn)
    return found is not None and found.is_waiting


def asked(turn: Turn) -> Asked:
    """Values of the question what is to be answered."""
    found = _own(turn)
    return {
        "number": found.number if found else 0,
        "name": found.product if found else "",
        "words": found.words or words(turn, file_key(turn.db, found.file_inbox_id)) if found else "",
        "file": file_line(turn, found.file_inbox_id) if found else "",
    }


def answer(turn: Turn, written: Written) -> Literal["sent", "stopped", "over", "unknown"]:
    """His words go to the buyer; `over`: somebody was first. Where people had it, it is theirs no longer."""
    take_alone(turn)
    found = _own(turn)
    if found is None:
        return "unknown"
    if not found.is_waiting:
        return "over"
    why = why_stopped(written)
    if why:
        turn.memory["why"] = why
        stopped = WordsStopped(
            found.id, turn.person.contact_id, turn.conversation_id, written["words"], why, by_shop=True
        )
        record(turn.db, stopped)
        return "stopped"
    outcome = questions.answer(turn.db, found.id, _shops(turn), to_pass_on(turn, written), cause(turn))
    if outcome != "done":
        return "over" if outcome == "before" else "unknown"
    line = attention.line_about(turn.db, KIND, {"question": found.id})
    if line:
        attention.settle(turn.db, [line], turn.person.contact_id)
    turn.memory["was_hidden"] = is_hidden(written)
    return "sent"


def over(turn: Turn) -> Over:
    """Values of `it is answered`."""
    found = _own(turn)
    return {"number": found.number if found else 0, "name": found.product if found else ""}


def sent(turn: Turn) -> Sent:
    """Values of `it is on its way`."""
    return {"hidden": "\n" + words(turn, "written.hidden") if turn.memory.get("was_hidden") else ""}
