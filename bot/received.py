"""Files that people send: waiting at the provider, kept under var/received/, shown by an address of their own.

The same bytes are kept once (`<sha-256>.<ending>`), until nobody's row wants them any more.
"""

import os
import tempfile
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Final, Literal

from base import clock, tokens
from base.config import Config
from base.db import Db
from base.disk import sync_folder
from base.secret import Secret
from base.timing import Timing
from bot import locks
from bot.messages import Media, MediaKind
from bot.received_files import Checked

FOLDER: Final = "received"
State = Literal["waiting", "kept", "refused", "gone"]
CLAIM: Final = """
with due as (
  select inbox_id, place from received_media
  where state = 'waiting' and account_id = %(account)s and due_at <= market_now()
  order by due_at limit %(limit)s for no key update skip locked
)
update received_media r set attempts = attempts + 1, due_at = market_now() + make_interval(secs => %(lease)s)
from due where r.inbox_id = due.inbox_id and r.place = due.place
returning r.inbox_id, r.place, r.kind, r.mime, r.reference, r.attempts
"""
# only by who claimed it last, and only while nobody has forgotten it
SETTLE: Final = """
update received_media set state = %(state)s, reason = %(reason)s, mime = coalesce(%(mime)s, mime),
  bytes = %(bytes)s, sha256 = %(sha256)s, file = coalesce(%(file)s, file),
  due_at = case when %(pause)s::float8 is null then due_at else market_now() + make_interval(secs => %(pause)s) end
where inbox_id = %(inbox)s and place = %(place)s and state = 'waiting' and attempts = %(attempts)s
"""
# before there is a file: whoever forgets it knows what to remove, even if it never comes to be kept
PROMISE: Final = """
update received_media r set file = %(file)s
from (select file from received_media where inbox_id = %(inbox)s and place = %(place)s) as before
where r.inbox_id = %(inbox)s and r.place = %(place)s and r.state = 'waiting' and r.attempts = %(attempts)s
returning coalesce(before.file, '') as before
"""
FORGET: Final = "update received_media set state = 'gone', reference = '', reason = 'forgotten', sha256 = null"


@dataclass(frozen=True)
class Waiting:
    """A file to be fetched: of which inbox row, and the how-manieth try this is."""

    inbox_id: int
    place: int
    media: Media
    attempts: int


@dataclass(frozen=True)
class Received:
    """A file as it stands; `file` is its name under var/received/ once it is kept."""

    inbox_id: int
    place: int
    kind: MediaKind
    state: State
    mime: str
    file: str


def claim(db: Db, account_id: int, timing: Timing, limit: int) -> list[Waiting]:
    """Take up to `limit` files that are due; each is due again when its lease is over, should nobody settle it."""
    rows = db.run(CLAIM, account=account_id, limit=limit, lease=timing.fetch_lease).rows
    return [Waiting(r.inbox_id, r.place, Media(r.kind, r.reference, r.mime), r.attempts) for r in rows]


def promise(db: Db, var: Path, waiting: Waiting, file: str) -> bool:
    """Say which file it will be; False when it was forgotten meanwhile, or somebody else has it."""
    promised = db.run(PROMISE, inbox=waiting.inbox_id, place=waiting.place, attempts=waiting.attempts, file=file).rows
    before = [row.before for row in promised if row.before not in ("", file)]  # other bytes, the last time
    locks.hold_files(db, [file, *before])
    drop(db, var, before)
    return bool(promised)


def settle_kept(db: Db, waiting: Waiting, checked: Checked, file: str) -> bool:
    """The file lies there; False when it was forgotten meanwhile, or somebody else has it."""
    return _settle(db, waiting, "kept", "", checked, file)


def put_off(db: Db, waiting: Waiting, seconds: float, reason: str) -> None:
    """There is no file yet: it is asked for again later."""
    _settle(db, waiting, "waiting", reason, pause=seconds)


def settle_without(db: Db, waiting: Waiting, state: Literal["refused", "gone"], reason: str) -> None:
    """There is no file."""
    _settle(db, waiting, state, reason)


def _settle(
    db: Db,
    waiting: Waiting,
    state: State,
    reason: str,
    checked: Checked | None = None,
    file: str = "",
    pause: float | None = None,
) -> bool:
    written = db.run(
        SETTLE,
        inbox=waiting.inbox_id,
        place=waiting.place,
        attempts=waiting.attempts,
        state=state,
        reason=reason or None,
        mime=checked.mime if checked else None,
        bytes=len(checked.content) if checked else None,
        sha256=sha256(checked.content).hexdigest() if checked else None,
        file=file or None,
        pause=pause,
    )
    return written.count == 1


def name_of(checked: Checked) -> str:
    """What a file is called: by its content, so that the same bytes lie there once, whoever sent them."""
    return f"{sha256(checked.content).hexdigest()}.{checked.ending}"


def store(var: Path, checked: Checked) -> None:
    """Write a file, whole or not at all, readable by its owner alone."""
    folder = var / FOLDER
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle, draft = tempfile.mkstemp(dir=folder, suffix=".part")  # 0600
    with os.fdopen(handle, "wb") as file:
        file.write(checked.content)
        file.flush()
        os.fsync(file.fileno())
    Path(draft).replace(folder / name_of(checked))
    sync_folder(folder)


def drop(db: Db, var: Path, files: Collection[str]) -> None:
    """Remove those of these files that no row wants; whoever is about to want one waits, and writes it anew."""
    locks.hold_files(db, files)
    wanted = db.rows(
        "select distinct file from received_media where file = any(%(files)s)"
        " and reference <> '' and state in ('waiting', 'kept')",
        files=list(files),
    )
    for file in {*files} - {row.file for row in wanted}:
        (var / FOLDER / file).unlink(missing_ok=True)


def of_messages(db: Db, inbox_ids: Sequence[int]) -> list[Received]:
    """The files of these inbox rows, in their order."""
    rows = db.rows(
        "select inbox_id, place, kind, state, mime, coalesce(file, '') as file from received_media"
        " where inbox_id = any(%(ids)s) and reference <> '' order by inbox_id, place",
        ids=list(inbox_ids),
    )
    return [Received(**row._asdict()) for row in rows]


def forget_of(db: Db, contact_id: int) -> int:
    """Forget every file of a person; the rows and the bytes are gone after the next sweep. Returns how many."""
    return db.run(
        f"{FORGET} where reference <> '' and conversation_id in"
        " (select id from conversation where contact_id = %(contact)s)",
        contact=contact_id,
    ).count


def forget_older(db: Db, kind: MediaKind, seconds: float, limit: int) -> int:
    """Forget files of a kind that came longer ago than that, the oldest first; as `forget_of`."""
    return db.run(
        f"{FORGET} where (inbox_id, place) in (select inbox_id, place from received_media"
        " where kind = %(kind)s and reference <> '' and at < market_now() - make_interval(secs => %(seconds)s)"
        " order by at limit %(limit)s)",
        kind=kind,
        seconds=seconds,
        limit=limit,
    ).count


def sweep(db: Db, var: Path, limit: int) -> int:
    """A job: remove the bytes and then the rows of what was forgotten; returns how many.

    A row goes last, so that a sweep that is cut off begins again with it.
    """
    rows = db.rows(
        "select inbox_id, place, file from received_media where reference = ''"
        " order by inbox_id, place limit %(limit)s for no key update skip locked",
        limit=limit,
    )
    drop(db, var, [row.file for row in rows if row.file])
    db.run(
        "delete from received_media r using unnest(%(ids)s::bigint[], %(places)s::int[]) as s(inbox_id, place)"
        " where r.inbox_id = s.inbox_id and r.place = s.place and r.reference = ''",
        ids=[row.inbox_id for row in rows],
        places=[row.place for row in rows],
    )
    return len(rows)


def links(db: Db, config: Config, inbox_ids: Sequence[int]) -> list[str]:
    """The address of each file of these inbox rows, or what became of it."""
    at = clock.now(db)
    files = of_messages(db, inbox_ids) if inbox_ids else []
    return [link(config, file, at) if file.state == "kept" else f"{file.kind}: {file.state}" for file in files]


def link(config: Config, file: Received, now: datetime) -> str:
    """The public address of a file, for whoever is told it, until `timing.received_link` from now."""
    until = now + timedelta(seconds=config.timing.received_link)
    return f"{config.server.base_url}/received/{write_token(config.secret_key, file.inbox_id, file.place, until)}"


def write_token(secret_key: Secret, inbox_id: int, place: int, until: datetime) -> str:
    """What stands at the end of that address: row and place, signed, and good until then."""
    return tokens.sign(secret_key, FOLDER, [inbox_id, place], until)


def read_token(secret_key: Secret, token: str, now: datetime) -> tuple[int, int] | None:
    """The inbox row and the place that a token of ours names while it is good; None for any other text."""
    match tokens.read(secret_key, FOLDER, token, now):
        case [int(inbox_id), int(place)]:
            return inbox_id, place
    return None
