"""An announcement before its OUI: counted, shown as people will see it, summed up; and the OUI itself."""

from collections.abc import Mapping
from datetime import datetime
from typing import Final, Literal, TypedDict

from bot import long_counts
from bot.broadcasts import drafts, quiet, telling
from bot.broadcasts.counting import Preview
from bot.dialog import Page, Row
from bot.dialogs.means import take_alone, words
from bot.dialogs.organizer import announce_drafts as kept
from bot.dialogs.organizer import announce_words, announcing, proving
from bot.dialogs.organizer.announce_drafts import Wanted, change, draft_of, wanted
from bot.dialogs.organizer.announce_showing import NOTHING, Moved, Shown, Summary, is_file_lacking, shown
from bot.dialogs.organizer.announcing import SEEN, awaited, next_question
from bot.messages import Incoming
from bot.turn import Turn

WAYS: Final = ("send", "texts", "audience", "later", "limits", "drop")
Way = Literal["send", "texts", "audience", "later", "limits", "drop", "again", "counted", "past", "unread", "long"]
TO, AT, SAYS = "to", "at", "says"  # before words that say whom it shall go to, when, and what it says instead
LINES: Final = "ann_lines"  # in memory: the summary as it was counted


class People(TypedDict):
    """How many it reaches."""

    count: int


def count(turn: Turn) -> Literal["new", "same", "long", "gone"]:
    """Keep it in its row, count whom it reaches, and how; `new`: its words were not shown yet.

    long: a job counts, and the summary comes by itself.
    """
    take_alone(turn)
    one = wanted(turn)
    if one is None or next_question(turn) != "ready":
        return "gone"
    row = _kept(turn, one)
    seen = drafts.preview(turn.db, turn.config, row)
    if seen is None:
        turn.memory.pop(LINES, None)
        change(turn, row=row, count=0, version=one.version + 1)
        long_counts.ask(turn.db, awaited(row), turn.conversation_id)
        return "long"
    turn.memory[LINES] = _lines(turn, one, seen)
    change(turn, row=row, count=seen.people, version=one.version + 1, is_new=False)
    return "new" if one.is_new else "same"


def _kept(turn: Turn, one: Wanted) -> int:
    """Its row; what a job has counted of it stays good as long as nothing of it changes."""
    draft, person = draft_of(turn, one), turn.person.contact_id
    if one.row and (drafts.is_same(turn.db, one.row, draft) or drafts.change(turn.db, one.row, person, draft)):
        return one.row
    return drafts.make(turn.db, person, draft)


def is_counted(turn: Turn) -> bool:
    """Whether something is being announced of which it is known whom it reaches."""
    return announcing.is_drafted(turn) and bool(turn.memory.get(LINES))


def _lines(turn: Turn, one: Wanted, seen: Preview) -> list[str]:
    draft = draft_of(turn, one)
    language = turn.person.language
    return [
        telling.audience_words(language, draft.audience),
        telling.summary_lines(language, turn.config, draft, seen),
    ]


def preview(turn: Turn) -> Shown:
    """The announcement as its recipients will see it."""
    one = wanted(turn)
    if one is None:
        return NOTHING
    draft = draft_of(turn, one)
    return shown(turn, draft, one.language)


def summary(turn: Turn) -> Summary:
    """Values of the question what shall be done with it."""
    one = wanted(turn) or Wanted()
    audience, lines = turn.memory.get(LINES) or ["", ""]
    return {"audience": audience, "count": one.count, "lines": lines}


def ways(turn: Turn, after: str) -> Page:
    """What can be done; the ids name this summary, so that a button of an older one is known."""
    one = wanted(turn)
    if one is None or not one.row or not is_counted(turn):
        return Page(())
    is_bound = not (one.is_quiet_overridden and one.is_weekly_overridden)
    offered = [way for way in WAYS if way != "limits" or is_bound]
    return Page(tuple(Row(f"{way}.{one.version}", words(turn, f"option.ann_{way}")) for way in offered))


def act(turn: Turn, row: str) -> Way:
    """Do one of these; again: it was a button of an older summary. counted: it goes to others or then, as was typed."""
    one = wanted(turn) or Wanted()
    typed, _, version = row.partition(".")
    if typed == TO:
        return "counted" if announcing.keep_whom(turn, version) == "kept" else "unread"
    if typed == AT:
        return "counted" if announcing.keep_when(turn, version) == "kept" else "past"
    if typed == SAYS:
        return _reworded(turn, version)
    way: Way | None = next((way for way in WAYS if way == typed), None)
    return way if way and version == str(one.version) else "again"


def _reworded(turn: Turn, text: str) -> Literal["counted", "texts", "long"]:
    """It says this instead, in the language of its last text; texts: what it shall say was not told."""
    if not text:
        return "texts"
    return "counted" if announcing.keep_text(turn, text) == "kept" else "long"


def read_change(said: Incoming) -> str | None:
    """`acheteurs`, `aux vendeurs de Lomé`: to others than were counted; `demain 7h`: then; `corrige: …`: it says that.

    `corrige 16h` asks what it shall say: nobody can put that into the words that are there.
    """
    if said.media or said.tap:
        return None
    corrected = announce_words.read_corrected(said.text)
    if corrected is not None:
        return f"{SAYS}.{corrected}"
    if announce_words.is_whom(said.text):
        return f"{TO}.{said.text}"
    return f"{AT}.{said.text}" if announce_words.is_time(said.text) else None


def show_again(turn: Turn) -> Literal["drafted", "none"]:
    """`montre avant d'envoyer`: counted and shown anew."""
    one = wanted(turn)
    if one is None or not one.row:
        return "none"
    change(turn, is_new=True)
    return "drafted"


def people(turn: Turn) -> People:
    """Values of texts about how many it reaches."""
    return {"count": (wanted(turn) or Wanted()).count}


def override(turn: Turn) -> Literal["kept"]:
    """Quiet hours and the weekly limit do not hold for this one; who said so is written down."""
    change(turn, is_quiet_overridden=True, is_weekly_overridden=True)
    return "kept"


def at_eight(turn: Turn) -> Literal["kept"]:
    """It begins when the quiet hours are over."""
    change(turn, at=_morning(turn).isoformat())
    return "kept"


class Morning(TypedDict):
    """From which hour to which nothing is sent, in Lomé, and when such a night is over, as an ISO moment."""

    evening: int
    dawn: int
    at: str


def _morning(turn: Turn) -> datetime:
    due_at = (wanted(turn) or Wanted()).due_at
    return quiet.ends_after(turn.config.announcements, due_at or turn.now)


def morning(turn: Turn) -> Morning:
    """Values of the question what to do by night."""
    return morning_at(turn, _morning(turn))


def morning_at(turn: Turn, at: datetime) -> Morning:
    """The hours of the night, and the morning when it is over."""
    rules = turn.config.announcements
    return {"evening": rules.quiet_from, "dawn": rules.quiet_until, "at": at.isoformat()}


Sent = Literal["file", "begun", "planned", "second", "code", "unable", "moved", "nobody", "quiet", "past", "gone"]


def send(turn: Turn) -> Sent:
    """His OUI. Above 200 people it is worth his code, and another organizer's OUI."""
    take_alone(turn)
    one = wanted(turn)
    if one is None or not one.row:
        return "gone"
    if one.due_at is not None and one.due_at <= turn.now:
        return "past"
    if is_file_lacking(turn, draft_of(turn, one).attached):
        return "file"
    if one.count > turn.config.announcements.second_above and (lacking := what_is_lacking(turn)):
        return lacking
    return _settled(turn, one, drafts.confirm(turn.db, turn.config, one.row, turn.person.contact_id))


def what_is_lacking(turn: Turn) -> Literal["code", "unable"] | None:
    """What stands between an organizer and many people: his code, or an app that makes one; None for nothing."""
    lacking: Mapping[proving.Need, Literal["code", "unable"]] = {"asked": "code", "unenrolled": "unable"}
    return lacking.get(proving.need(turn))


def _settled(turn: Turn, one: Wanted, outcome: drafts.Confirmed) -> Sent:
    if outcome == "moved":
        return _counted_again(turn, one)
    if outcome in ("nobody", "quiet", "late"):
        return "nobody" if outcome == "nobody" else "quiet" if outcome == "quiet" else "past"
    turn.memory[SEEN] = one.row
    kept.forget(turn)
    turn.memory.pop(LINES, None)
    match outcome:
        case "started":
            return "begun"
        case "scheduled":
            return "planned"
        case "second_asked":
            return "second"
    return "gone"


def _counted_again(turn: Turn, one: Wanted) -> Literal["moved", "gone"]:
    """There are more or fewer people than he has seen: he sees that first."""
    seen = drafts.preview(turn.db, turn.config, one.row)
    if seen is None:
        return "gone"
    turn.memory[LINES] = _lines(turn, one, seen)
    turn.memory["ann_before"] = one.count
    change(turn, count=seen.people, version=one.version + 1)
    return "moved"


def moved(turn: Turn) -> Moved:
    """Values of the text that the count has moved."""
    return {"before": int(turn.memory.get("ann_before") or 0), "count": (wanted(turn) or Wanted()).count}
