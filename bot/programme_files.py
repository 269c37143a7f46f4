"""The life of a programme that an organizer sends as a file: read apart, compared, asked about, written."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

from base import clock
from base.db import Db, jsonb
from base.facts import record
from base.log import logger
from base.sheets.apart import Reading
from bot import locks
from bot.posting import Office
from bot.received import FOLDER
from events import changing, programme
from events.changing import By
from events.sheets.apart import read_apart
from events.sheets.comparing import Compared, compare, compared_from
from events.sheets.sheet import Sheet

log = logger(__name__)
State = Literal["waiting", "asked", "written", "refused", "empty", "dropped", "passed"]
KIND: Final = "programme"  # of the signed address of a file with what became of its lines
OWN_KIND: Final = "semaine"  # of that of an event's programme
LEASE: Final = 90.0  # seconds: longer than a file may be read
ANSWERED_WITHIN: Final = 24 * 3600.0  # seconds
MOST_ATTEMPTS: Final = 5  # of reading a file that ends its reader's reader
LOST: Final = "lost"  # the refusal of a file that never came


@dataclass(frozen=True)
class ProgrammeRead:
    """A fact: a programme was read, or refused."""

    file_id: int


@dataclass(frozen=True)
class ProgrammeWritten:
    """A fact: what a file asked for is written."""

    file_id: int


@dataclass(frozen=True)
class ProgrammeFile:
    """One file as its row has it."""

    id: int
    event_id: int
    contact_id: int
    conversation_id: int
    inbox_id: int
    place: int
    state: State
    reason: str
    header: tuple[str, ...]
    lines: tuple[Compared, ...]
    change_id: int | None
    attempts: int


def programme_file(db: Db, file_id: int) -> ProgrammeFile | None:
    """One file, or None."""
    row = db.one(
        "select id, event_id, contact_id, conversation_id, inbox_id, place, state, coalesce(reason, '') as reason,"
        " coalesce(header, '{}') as header, lines, change_id, attempts from programme_file where id = %(id)s",
        id=file_id,
    )
    if row is None:
        return None
    values = {**row._asdict(), "header": tuple(row.header), "lines": tuple(map(compared_from, row.lines))}
    return ProgrammeFile(**values)


def start(db: Db, event_id: int, by: By, conversation_id: int, file: tuple[int, int]) -> None:
    """A file came, by its inbox row and place: it is read soon. What was asked about an older one is none any more."""
    db.run(
        "update programme_file set state = 'passed' where contact_id = %(contact)s and state in ('asked', 'waiting')",
        contact=by.contact_id,
    )
    db.run(
        "insert into programme_file (event_id, contact_id, conversation_id, inbox_id, place)"
        " values (%(event)s, %(contact)s, %(conversation)s, %(inbox)s, %(place)s)",
        event=event_id,
        contact=by.contact_id,
        conversation=conversation_id,
        inbox=file[0],
        place=file[1],
    )


def asked(db: Db, contact_id: int) -> ProgrammeFile | None:
    """The file that this person is asked about, or None."""
    found = db.value(
        "select id from programme_file where contact_id = %(contact)s and state = 'asked'"
        " and made_at > market_now() - make_interval(secs => %(within)s) order by id desc limit 1",
        contact=contact_id,
        within=ANSWERED_WITHIN,
    )
    return programme_file(db, found) if found else None


def write(db: Db, file_id: int, by: By) -> Literal["written", "changed", "passed"]:
    """His yes: all that it asked for is written, or nothing. changed: somebody has changed the programme since.

    Raises Alone in a batch when the event or a session is busy.
    """
    one = asked(db, by.contact_id or 0)
    if one is None or one.id != file_id or one.change_id is None:
        return "passed"
    found = changing.apply(db, one.change_id, by)
    if found == "changed":
        _settle(db, one, "passed")
        return "changed"
    if found != "done" or not _settle(db, one, "written"):
        return "passed"
    record(db, ProgrammeWritten(one.id))
    return "written"


def drop(db: Db, file_id: int, contact_id: int) -> bool:
    """His no; False when nothing is asked about it any more."""
    one = asked(db, contact_id)
    return bool(one and one.id == file_id and _settle(db, one, "dropped"))


def _settle(db: Db, was: ProgrammeFile, state: State, reason: str = "") -> bool:
    changed = db.run(
        "update programme_file set state = %(state)s, reason = %(reason)s where id = %(id)s and state = %(was)s",
        state=state,
        reason=reason or None,
        id=was.id,
        was=was.state,
    )
    return changed.count == 1


def work(office: Office) -> int:
    """A job: read the file that waits longest, before there is a transaction; returns how many there were, 0 or 1."""
    with office.database.unit_of_work() as db:
        file_id = locks.due_programme(db, LEASE)
        one = programme_file(db, file_id) if file_id else None
        row = one and db.one(
            "select state, reason, file from received_media where (inbox_id, place) = (%(inbox)s, %(place)s)",
            inbox=one.inbox_id,
            place=one.place,
        )
    if one is None:
        return 0
    refused = unkept(row) if one.attempts <= MOST_ATTEMPTS else "broken"
    found = None
    if row and not refused:
        try:
            found = read_apart(office.config.var / FOLDER / row.file)
        except FileNotFoundError:  # on another machine, whose folder should be this one's too
            log.error("file_not_here", inbox_id=one.inbox_id)
            refused = LOST
    with office.database.unit_of_work() as db:
        _keep(db, one, found, refused or (found.refused if found else "") or "")
    return 1


def unkept(row: Any) -> str:
    """Why there is no file to read; '' when there is one."""
    if row is None or row.state == "gone":
        return LOST
    if row.state == "kept":
        return ""
    kinds = {"locked": "locked", "too_large": "too_large", "no_picture": "wrong_type", "other_kind": "wrong_type"}
    return kinds.get(row.reason, LOST)


def _keep(db: Db, one: ProgrammeFile, found: Reading[Sheet] | None, refused: str) -> None:
    event = programme.event(db, one.event_id)
    sheet = found.sheet if found and not refused else None
    if sheet is None or event is None:
        is_mine = _settle(db, one, "refused", refused or LOST)
    else:
        lines = compare(db, event, sheet.lines, clock.now(db))
        is_mine = keep_lines(db, one, sheet.header, lines)
    if is_mine:
        record(db, ProgrammeRead(one.id))
        log.info("programme_read", file_id=one.id, outcome=refused or "read")


def keep_lines(db: Db, one: ProgrammeFile, header: Sequence[str], lines: Sequence[Compared]) -> bool:
    """Write down what was read and what it would change; False when the file is no longer waited for."""
    wanted = [line.wanted for line in lines if line.status in ("new", "changed")]
    change_id = changing.propose(db, one.event_id, wanted, By(one.contact_id, one.inbox_id)) if wanted else None
    changed = db.run(
        "update programme_file set state = %(state)s, header = %(header)s, lines = %(lines)s, change_id = %(change)s"
        " where id = %(id)s and state = 'waiting'",
        state="asked" if change_id else "empty",
        header=list(header),
        lines=jsonb([line.document() for line in lines]),
        change=change_id,
        id=one.id,
    )
    return changed.count == 1


def forget_person(db: Db, contact_id: int) -> int:
    """An eraser: the files that this person sent; what they changed stays, as the event's. How many."""
    return db.run("delete from programme_file where contact_id = %(id)s", id=contact_id).count


def forget(db: Db, seconds: float, limit: int) -> int:
    """A job: files that came longer ago than that, oldest first; how many."""
    return db.run(
        "delete from programme_file where id in (select id from programme_file"
        " where made_at < market_now() - make_interval(secs => %(seconds)s) order by made_at limit %(limit)s)",
        seconds=seconds,
        limit=limit,
    ).count
