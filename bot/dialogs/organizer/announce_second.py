"""Another organizer's OUI to an announcement to many: he sees it first, and who asked for it cannot give it."""

from collections.abc import Mapping
from typing import Final, Literal

from base import facts
from bot import attention, long_counts
from bot.broadcasts import drafts, sending, telling
from bot.broadcasts.drafts import Broadcast
from bot.broadcasts.facts import Seconded
from bot.dialogs.means import number_of, take_alone
from bot.dialogs.organizer import proving
from bot.dialogs.organizer.announce_drafts import wanted
from bot.dialogs.organizer.announce_showing import NOTHING, Moved, Shown, Summary, shown
from bot.dialogs.organizer.announce_summary import what_is_lacking
from bot.dialogs.organizer.announcing import SEEN, awaited
from bot.texts import FIRST
from bot.turn import Turn

SECONDING: Final = "ann_second"  # in memory: the broadcast, its lines as they were counted, and how many people
CODE_FOR: Final = "ann_code_for"  # in memory: own, or second
Open = Literal["open", "own", "over", "long"]
Answer = Literal["begun", "quiet", "late", "moved", "before"]
Told = Literal["started", "scheduled", "late"]
_SECONDED: Final[Mapping[drafts.Seconded, tuple[Answer, Told | None]]] = {
    "started": ("begun", "started"),
    "scheduled": ("begun", "scheduled"),
    "nobody": ("late", "late"),
    "quiet": ("late", "late"),
    "late": ("late", "late"),
    "moved": ("moved", None),
    "same_person": ("before", None),
    "before": ("before", None),
}
_AGREED: Final[Mapping[sending.Agreed, tuple[Answer, Told | None]]] = {
    "resumed": ("begun", "started"),
    "quiet": ("quiet", "scheduled"),
    "moved": ("moved", None),
    "same_person": ("before", None),
    "before": ("before", None),
}
NONE_OPEN: Final[tuple[int, list[str], int]] = (0, ["", ""], 0)


def open_this(turn: Turn, given: str) -> Open:
    """The button of the notice: counted anew, as he has seen nothing of it yet."""
    return _open(turn, telling.id_of(number_of(given)))


def open_line(turn: Turn) -> Literal["open", "own", "card", "long", "gone"]:
    """The one that the line on show of the organizers' list is about: to be answered, or just to be looked at."""
    about = attention.about_of(turn.db, number_of(turn.memory.get("item", 0)))
    row = number_of(about.get("broadcast", 0))
    turn.memory[SEEN] = row
    one = drafts.read(turn.db, row)
    opened = _open(turn, row) if one and one.state == "waiting_second" else "over"
    if opened == "over":
        return "card" if one else "gone"
    return opened


def open_named(turn: Turn, codes: str) -> Open:
    """`valider 101`: the one with this number, or the only one that waits."""
    if codes:
        return open_this(turn, codes.split()[0])
    waiting = [one for one in drafts.recent(turn.db) if _may_wait(one)]
    return _open(turn, waiting[0].id) if len(waiting) == 1 else "over"


def _open(turn: Turn, row: int) -> Open:
    take_alone(turn)
    one = drafts.read(turn.db, row)
    if one is None or not (
        one.state == "waiting_second" or sending.lacks_second(turn.db, turn.config, one) is not False
    ):
        return "over"
    if one.made_by == turn.person.contact_id:
        return "own"
    if _count(turn, one):
        return "open"
    long_counts.ask(turn.db, awaited(one.id), turn.conversation_id)
    return "long"


def _may_wait(one: Broadcast) -> bool:
    return one.state == "waiting_second" or one.pause_reason == "moved"


def show_grown(turn: Turn, row: int) -> None:
    """One that is to be resumed and has grown, for who is not its maker: his OUI is to what he sees now."""
    one = drafts.read(turn.db, row)
    if one is not None:
        _count(turn, one)


def _count(turn: Turn, one: Broadcast) -> bool:
    """What he is shown; False: a job has to count first. One that has missed its time goes at once."""
    is_first = one.state == "waiting_second"
    draft = one.draft if is_first else drafts.as_of_now(one)
    seen = drafts.preview(turn.db, turn.config, one.id) if is_first else drafts.recount(turn.db, turn.config, one)
    if seen is None:
        return False
    language = turn.person.language
    lines = telling.summary_lines(language, turn.config, draft, seen, is_second=True)
    audience = telling.audience_words(language, one.draft.audience)
    turn.memory[SECONDING] = [one.id, [audience, lines], seen.people]
    return True


def _opened(turn: Turn) -> tuple[int, list[str], int]:
    row, lines, people = turn.memory.get(SECONDING) or NONE_OPEN
    return int(row), list(lines), int(people)


def _waiting(turn: Turn) -> Broadcast | None:
    one = drafts.read(turn.db, _opened(turn)[0])
    if one is None:
        return None
    is_grown = one.state in sending.RESUMABLE and one.started_at is None
    return one if one.state == "waiting_second" or is_grown else None


def waits(turn: Turn) -> bool:
    """Whether it still waits for him."""
    return _waiting(turn) is not None


def preview(turn: Turn) -> Shown:
    """It as its recipients will see it."""
    one = drafts.read(turn.db, _opened(turn)[0])
    return shown(turn, one.draft, FIRST) if one else NOTHING


def summary(turn: Turn) -> Summary:
    """Values of the question whether he agrees."""
    _, (audience, lines), people = _opened(turn)
    return {"audience": audience, "count": people, "lines": lines}


def second(turn: Turn) -> Literal["begun", "quiet", "late", "code", "unable", "moved", "before"]:
    """His OUI, worth his own code. `late`: it can no longer go then, or reaches nobody; who made it hears that.

    quiet: one that is resumed, and goes on in the morning.
    """
    take_alone(turn)
    one = _waiting(turn)
    if one is None:
        return "before"
    if lacking := what_is_lacking(turn):
        turn.memory[CODE_FOR] = "second"
        return lacking
    answer, told = _agreed(turn, one)
    if answer == "moved":
        turn.memory["ann_before"] = _opened(turn)[2]
        return answer if _count(turn, one) else "before"
    turn.memory.pop(SECONDING, None)
    if told is not None:
        turn.memory[SEEN] = one.id
        facts.record(turn.db, Seconded(one.id, turn.person.contact_id, told))
    return answer


def _agreed(turn: Turn, one: Broadcast) -> tuple[Answer, Told | None]:
    """What he is answered, and what its maker is told."""
    by = turn.person.contact_id
    if one.state == "waiting_second":
        return _SECONDED[drafts.second(turn.db, turn.config, one.id, by)]
    return _AGREED[sending.agree(turn.db, turn.config, one.id, by, _opened(turn)[2])]


def moved(turn: Turn) -> Moved:
    """Values of the text that the count has moved."""
    return {"before": int(turn.memory.get("ann_before") or 0), "count": _opened(turn)[2]}


def refuse(turn: Turn) -> Literal["refused", "before"]:
    """It is not sent; who asked for it hears that."""
    take_alone(turn)
    one = _waiting(turn)
    turn.memory.pop(SECONDING, None)
    if one is None or not _given_up(turn, one):
        return "before"
    facts.record(turn.db, Seconded(one.id, turn.person.contact_id, "refused"))
    return "refused"


def _given_up(turn: Turn, one: Broadcast) -> bool:
    """One that was stopped before stays so."""
    end = drafts.cancel if one.state == "waiting_second" else sending.stop
    return one.state == "stopped" or end(turn.db, one.id, turn.person.contact_id)


def keep_code(turn: Turn, code: str) -> Literal["own", "second", "wrong", "locked", "gone"]:
    """A right code is good for a while in this chat: his OUI is asked for again, and is worth it."""
    take_alone(turn)
    match proving.prove(turn, code):
        case "right":
            pass
        case "locked":
            return "locked"
        case _:
            return "wrong"
    if turn.memory.pop(CODE_FOR, "own") == "second" and waits(turn):
        return "second"
    return "own" if wanted(turn) else "gone"
