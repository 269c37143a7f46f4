"""What is decided of a broadcast, by whom: made, agreed to, agreed to by a second organizer, put on a date, given up.

Every function but `make` locks the broadcast first (a turn that has written before takes itself alone), writes its
history and returns an outcome; a job (bot.broadcasts.sending) does the rest.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, Literal

from base.clock import now
from base.config import Config
from base.db import Db, jsonb
from bot import attention, locks
from bot.broadcasts import audience, wording
from bot.broadcasts.audience import Audience
from bot.broadcasts.counting import Preview, begins_at, count, keep, kept
from bot.broadcasts.history import note

State = Literal["draft", "waiting_second", "scheduled", "sending", "paused", "stopped", "done", "cancelled"]
Repeat = Literal["", "daily", "weekly"]


@dataclass(frozen=True)
class Attached:
    """A photo or a voice note that somebody sent to us: its row of the inbox and place there (received_media)."""

    kind: Literal["image", "audio"]
    inbox_id: int
    place: int = 1


@dataclass(frozen=True)
class Draft:
    """What is to be announced: words by language (`fr` at least), to whom, when (None: at once), and how often."""

    texts: Mapping[str, str]
    audience: Audience
    attached: Attached | None = None
    due_at: datetime | None = None
    repeat: Repeat = ""
    repeat_until: date | None = None
    override_quiet: bool = False
    override_weekly: bool = False


@dataclass(frozen=True)
class Broadcast:
    """A broadcast as it stands; `people` are whom it reaches, as last agreed to."""

    id: int
    draft: Draft
    state: State
    made_by: int | None
    made_at: datetime
    people: int | None
    second_by: int | None
    pause_reason: str
    started_at: datetime | None
    ended_at: datetime | None
    looks_again: bool  # nobody counted at the OUI: as it begins, it may not reach more people than were agreed to


COLUMNS = """
id, made_by, made_at, state, audience, texts, media, due_at, repeat, repeat_until, override_quiet, override_weekly,
people, second_by, coalesce(pause_reason, '') as pause_reason, started_at, ended_at,
counted_at is not null as looks_again
"""
SECOND = "broadcast_second"  # a line of the organizers' list
MOVED = 0.02  # by more than this part a count is another one


def make(db: Db, contact_id: int | None, draft: Draft) -> int:
    """Keep a draft of an organizer's (None: an operator's); its number. Raises ValueError for words that are none."""
    row = db.run(
        "insert into broadcast (made_by, audience, texts, media, due_at, repeat, repeat_until, override_quiet,"
        " override_weekly)"
        " values (%(by)s, %(audience)s, %(texts)s, %(media)s, %(due)s, %(repeat)s, %(until)s, %(quiet)s,"
        " %(weekly)s) returning id",
        by=contact_id,
        **_columns(draft),
    ).rows[0]
    note(db, row.id, "made", contact_id)
    return int(row.id)


def change(db: Db, broadcast_id: int, contact_id: int | None, draft: Draft) -> bool:
    """Put another draft in its place, which nobody has agreed to; False once it is no draft any more."""
    values = _columns(draft)
    if locks.broadcast(db, broadcast_id) != "draft":
        return False
    db.run(
        "update broadcast set audience = %(audience)s, texts = %(texts)s, media = %(media)s, due_at = %(due)s,"
        " repeat = %(repeat)s, repeat_until = %(until)s, override_quiet = %(quiet)s, override_weekly = %(weekly)s,"
        " people = null, preview = null, counted_at = null where id = %(id)s",
        id=broadcast_id,
        **values,
    )
    note(db, broadcast_id, "changed", contact_id)
    return True


def is_same(db: Db, broadcast_id: int, draft: Draft) -> bool:
    """Whether it stands there so as a draft. Raises ValueError for words that are none."""
    found = read(db, broadcast_id)
    return found is not None and found.state == "draft" and found.draft == replace(draft, texts=_texts(draft))


def _texts(draft: Draft) -> dict[str, str]:
    """As they are kept. Raises ValueError for words that are none."""
    if fault := wording.fault(draft.texts):
        raise ValueError(fault)
    return {language: words.replace("\x00", "").strip() for language, words in draft.texts.items()}


def _columns(draft: Draft) -> dict[str, Any]:
    attached = draft.attached
    media = {"kind": attached.kind, "inbox": attached.inbox_id, "place": attached.place} if attached else None
    return {
        "audience": jsonb(audience.to_json(draft.audience)),
        "texts": jsonb(_texts(draft)),
        "media": jsonb(media) if media else None,
        "due": draft.due_at,
        "repeat": draft.repeat,
        "until": draft.repeat_until,
        "quiet": draft.override_quiet,
        "weekly": draft.override_weekly,
    }


def read(db: Db, broadcast_id: int) -> Broadcast | None:
    """One broadcast; None when there is none of this number."""
    row = db.one(f"select {COLUMNS} from broadcast where id = %(id)s", id=broadcast_id)
    return _broadcast(row) if row else None


def recent(db: Db, size: int = 9, before: int | None = None) -> list[Broadcast]:
    """The newest, those before a number; drafts that nobody agreed to are left out."""
    rows = db.rows(
        f"select {COLUMNS} from broadcast where state <> 'draft' and (%(before)s::bigint is null or id < %(before)s)"
        " order by id desc limit %(size)s",
        before=before,
        size=size,
    )
    return [_broadcast(row) for row in rows]


def _broadcast(row: Any) -> Broadcast:
    media = row.media
    draft = Draft(
        row.texts,
        audience.from_json(row.audience),
        Attached(media["kind"], media["inbox"], media["place"]) if media else None,
        row.due_at,
        row.repeat,
        row.repeat_until,
        row.override_quiet,
        row.override_weekly,
    )
    told = (row.people, row.second_by, row.pause_reason, row.started_at, row.ended_at, row.looks_again)
    return Broadcast(row.id, draft, row.state, row.made_by, row.made_at, *told)


def preview(db: Db, config: Config, broadcast_id: int) -> Preview | None:
    """Count a broadcast's audience now, and remember how many people that was shown of. Raises LookupError.

    None: that takes longer than a turn may, and a job is to be asked (bot.long_counts).
    """
    locks.broadcast(db, broadcast_id)
    found = _known(db, broadcast_id)
    seen = _in_time(db, config, found, found.draft)
    if seen is not None:
        _remember(db, broadcast_id, seen)
    return seen


def preview_whole(db: Db, config: Config, broadcast_id: int) -> Preview:
    """The same for who has the time, such as an operator. Raises LookupError."""
    locks.broadcast(db, broadcast_id)
    seen = counted(db, config, _known(db, broadcast_id).draft)
    keep(db, broadcast_id, seen)
    _remember(db, broadcast_id, seen)
    return seen


def recount(db: Db, config: Config, found: Broadcast) -> Preview | None:
    """Count a broadcast's audience as if it began now; nothing is written: what was agreed to stays known.

    None as in `preview`.
    """
    return _in_time(db, config, found, as_of_now(found))


def as_of_now(found: Broadcast) -> Draft:
    """It as if it began now."""
    return replace(found.draft, due_at=None)


def _in_time(db: Db, config: Config, found: Broadcast, draft: Draft) -> Preview | None:
    """As a job has counted it lately, else as it is counted now; a turn that has looked knows it."""
    key = ("counted", found.id, repr(draft))
    seen: Preview | Literal["too long"] | None = db.known(key)
    if seen is None:
        seen = kept(db, config, found.id)
        seen = seen or db.in_time(config.timing.count_in_turn, lambda: counted(db, config, draft)) or "too long"
        db.know(key, seen)
    return None if seen == "too long" else seen


def has_moved(counted: int, shown: int) -> bool:
    """Whether so many people are another number than was shown."""
    return abs(counted - shown) > MOVED * shown


def _known(db: Db, broadcast_id: int) -> Broadcast:
    found = read(db, broadcast_id)
    if found is None:
        raise LookupError("no such broadcast")
    return found


def counted(db: Db, config: Config, draft: Draft) -> Preview:
    """Count an audience now, however long it takes; nothing is written."""
    return count(
        db,
        config,
        draft.audience,
        due_at=draft.due_at,
        override_quiet=draft.override_quiet,
        override_weekly=draft.override_weekly,
    )


def _remember(db: Db, broadcast_id: int, seen: Preview) -> None:
    db.run("update broadcast set people = %(people)s where id = %(id)s", id=broadcast_id, people=seen.people)


Confirmed = Literal["started", "scheduled", "second_asked", "moved", "nobody", "quiet", "late", "before"]


def confirm(db: Db, config: Config, broadcast_id: int, contact_id: int | None) -> Confirmed:
    """Its maker's OUI to what `preview` showed.

    started: it is sent from now on · scheduled: at its time · second_asked: above 200 people another organizer is asked
    (a line `broadcast_second` of their list, `about` {"broadcast": id, "people": n}, which tells them) · moved: the
    count has moved by more than 2 % since it was shown: `preview` is to be shown again · nobody: it reaches nobody ·
    quiet: it would begin in the quiet hours, and nothing overrides those: a time is to be told · late: its time is over
    · before: it is no draft.
    """
    state = locks.broadcast(db, broadcast_id)
    if state != "draft":
        return "before"
    found = _known(db, broadcast_id)
    answer = _looked_at(db, config, found)
    if answer:
        return answer
    note(db, broadcast_id, "confirmed", contact_id, {"people": _people(db, broadcast_id)})
    _note_overrides(db, found, contact_id)
    if _people(db, broadcast_id) <= config.announcements.second_above:
        return _agreed(db, found)
    _put_state(db, broadcast_id, "waiting_second")
    ask_second(db, broadcast_id)
    return "second_asked"


Seconded = Literal["started", "scheduled", "moved", "same_person", "nobody", "quiet", "late", "before"]


def second(db: Db, config: Config, broadcast_id: int, contact_id: int) -> Seconded:
    """Another organizer's OUI: the line is settled. `moved`: the count is shown again, and asked for again.

    late: its time has passed meanwhile: its maker tells another one. Who made it cannot second it: same_person.
    """
    state = locks.broadcast(db, broadcast_id)
    if state != "waiting_second":
        return "before"
    found = _known(db, broadcast_id)
    if found.made_by == contact_id:
        return "same_person"
    answer = _looked_at(db, config, found)
    if answer:
        return answer
    db.run("update broadcast set second_by = %(by)s where id = %(id)s", id=broadcast_id, by=contact_id)
    note(db, broadcast_id, "seconded", contact_id, {"people": _people(db, broadcast_id)})
    agreed = _agreed(db, found)
    _settle_line(db, broadcast_id, contact_id)
    return agreed


def _looked_at(db: Db, config: Config, found: Broadcast) -> Literal["moved", "nobody", "quiet", "late"] | None:
    """What speaks against a OUI now; None for nothing. The count that is taken again is the one shown next.

    Where it cannot be taken in time, the OUI is to the number that was shown, and is held to it as it begins.
    """
    seen = _in_time(db, config, found, found.draft)
    at = now(db)
    due = found.draft.due_at
    shown = found.people
    if (shown if seen is None else seen.people) == 0:
        return "nobody"
    if due is not None and due <= at:
        return "late"
    if begins_at(config, due or at, override_quiet=found.draft.override_quiet) != (due or at):
        return "quiet"
    if seen is None and shown is not None:
        db.run("update broadcast set counted_at = coalesce(counted_at, market_now()) where id = %(id)s", id=found.id)
        return None
    if seen is not None and shown is not None and not has_moved(seen.people, shown):
        return None
    if seen is not None:
        _remember(db, found.id, seen)
    return "moved"


def _people(db: Db, broadcast_id: int) -> int:
    return int(db.value("select coalesce(people, 0) from broadcast where id = %(id)s", id=broadcast_id))


def _agreed(db: Db, found: Broadcast) -> Literal["started", "scheduled"]:
    """All have said yes whose yes it needs: a job begins it when it is due."""
    due = found.draft.due_at
    db.run(
        "update broadcast set state = 'scheduled', due_at = coalesce(due_at, market_now()) where id = %(id)s",
        id=found.id,
    )
    note(db, found.id, "scheduled", None, {"due_at": due.isoformat() if due else ""})
    return "scheduled" if due else "started"


def ask_second(db: Db, broadcast_id: int) -> None:
    """The organizers hear that another one's OUI is wanted. The list's lock is the last."""
    people = _people(db, broadcast_id)
    note(db, broadcast_id, "second_asked", None, {"people": people})
    attention.ask(db, SECOND, {"broadcast": broadcast_id, "people": people})


def _settle_line(db: Db, broadcast_id: int, contact_id: int | None) -> None:
    line = attention.line_about(db, SECOND, {"broadcast": broadcast_id})
    if line is not None:
        attention.settle(db, [line], contact_id)


def schedule(db: Db, broadcast_id: int, contact_id: int | None, draft: Draft) -> bool:
    """Put what waits for its time on that of `draft`, with what repeats it and whether nights hold; False once begun.

    Whom it is for and what it says stay as they were agreed to. Raises ValueError for no time.
    """
    if draft.due_at is None:
        raise ValueError("no time")
    if locks.broadcast(db, broadcast_id) not in ("draft", "waiting_second", "scheduled"):
        return False
    before = _known(db, broadcast_id).draft
    db.run(
        "update broadcast set due_at = %(due)s, repeat = %(repeat)s, repeat_until = %(until)s,"
        " override_quiet = %(quiet)s where id = %(id)s",
        id=broadcast_id,
        due=draft.due_at,
        repeat=draft.repeat,
        until=draft.repeat_until,
        quiet=draft.override_quiet,
    )
    note(db, broadcast_id, "moved_to", contact_id, {"due_at": draft.due_at.isoformat(), "repeat": draft.repeat})
    if draft.override_quiet and not before.override_quiet:
        note(db, broadcast_id, "quiet_overridden", contact_id)
    return True


def cancel(db: Db, broadcast_id: int, contact_id: int | None) -> bool:
    """Give up what was not begun yet, its repetitions with it; False once it was begun: `stop` ends that."""
    if locks.broadcast(db, broadcast_id) not in ("draft", "waiting_second", "scheduled"):
        return False
    _put_state(db, broadcast_id, "cancelled")
    db.run("update broadcast set ended_at = market_now() where id = %(id)s", id=broadcast_id)
    note(db, broadcast_id, "cancelled", contact_id)
    _settle_line(db, broadcast_id, contact_id)
    return True


def _put_state(db: Db, broadcast_id: int, state: State) -> None:
    db.run("update broadcast set state = %(state)s where id = %(id)s", id=broadcast_id, state=state)


def _note_overrides(db: Db, found: Broadcast, contact_id: int | None) -> None:
    if found.draft.override_quiet:
        note(db, found.id, "quiet_overridden", contact_id)
    if found.draft.override_weekly:
        note(db, found.id, "weekly_overridden", contact_id)
