"""Broadcasts under way: begun at their time, moved on in small steps, stopped, paused, resumed."""

from datetime import datetime, timedelta
from typing import Any, Final, Literal

from base.clock import in_lome, now
from base.config import Config
from base.db import Db
from base.facts import record
from bot import attention, locks
from bot.broadcasts import drafts, feeding, following, planning, quiet
from bot.broadcasts.drafts import Broadcast
from bot.broadcasts.facts import BroadcastDone, BroadcastPaused
from bot.broadcasts.history import note
from bot.broadcasts.locks import HALTED, UNCLAIMED
from bot.broadcasts.senders import Sender, senders

PAUSED: Final = "broadcast_paused"  # a line of the organizers' list
LATE: Final = timedelta(minutes=15)  # after its time nobody is sure that it still is wanted
PERIODS: Final = {"daily": timedelta(days=1), "weekly": timedelta(days=7)}
RESUMABLE: Final = ("paused", "stopped")
UNDER_WAY: Final = ("sending", "paused", "stopped", "done")
# What is claimed already is under way; the rest is taken back, and its people are planned as before.
TAKE_BACK = f"""
with rows as ({UNCLAIMED}), gone as (
  delete from outbox o using rows where o.id = rows.id returning o.said_at, o.place
)
update broadcast_recipient r set state = 'planned', said_at = null, queued_at = null
from gone where r.broadcast_id = %(id)s and r.said_at = gone.said_at and gone.place = 1
"""
MOVING = """
select b.id from broadcast b where b.state = 'sending'
  or (b.state in ('paused', 'stopped') or b.state = 'done' and b.ended_at > market_now() - interval '1 day')
    and (select r.broadcast_id from broadcast_recipient r where r.broadcast_id = b.id and r.state = 'queued' limit 1)
      is not null
order by b.id
"""
NEXT = """
insert into broadcast (made_by, state, audience, texts, media, due_at, repeat, repeat_until, parent_id, override_quiet,
  override_weekly, people, second_by)
select made_by, 'scheduled', audience, texts, media, %(due)s, repeat, repeat_until, id, override_quiet, override_weekly,
  people, second_by from broadcast where id = %(id)s on conflict do nothing returning id
"""
# What a second organizer has agreed to of the one before holds for one that repeats.
ADOPT = """
update broadcast b set people = p.people, second_by = p.second_by from broadcast p
where b.id = %(id)s and p.id = b.parent_id and p.second_by is not null and p.people > b.people
"""
GO_ON: Final = """
update broadcast set state = 'sending', pause_reason = null, run_at = market_now(), ended_at = null where id = %(id)s
"""
BEGIN_NOW: Final = """
update broadcast set state = 'scheduled', pause_reason = null, due_at = market_now(), repeat = '', ended_at = null
where id = %(id)s
"""
GIVE_UP = f"""
with old as ({HALTED})
update broadcast b set state = 'cancelled' from old where b.id = old.id returning b.id
"""
Resumed = Literal["resumed", "quiet", "same_person", "second", "before"]
Agreed = Literal["resumed", "quiet", "same_person", "moved", "before"]


def stop(db: Db, broadcast_id: int, contact_id: int | None) -> bool:
    """End a sending for now: what waits in the outbox is taken back, and nothing more is claimed; False: none is on.

    `resume` goes on where it ended; what has paused itself is no longer asked about.
    """
    if locks.broadcast(db, broadcast_id) not in ("sending", "paused"):
        return False
    _halt(db, broadcast_id, "stopped", None)
    note(db, broadcast_id, "stopped", contact_id)
    _settle_line(db, broadcast_id, contact_id)
    return True


def resume(db: Db, config: Config, broadcast_id: int, contact_id: int | None) -> Resumed:
    """Go on with what was stopped, or paused itself: nobody gets it twice.

    quiet: it goes on at the end of the quiet hours. same_person, second: it reaches more people than were agreed to,
    and a second organizer has to `agree`, its maker cannot. before: it is under way, done, given up.
    """
    found = _resumable(db, broadcast_id)
    if found is None:
        return "before"
    if lacks_second(db, config, found):
        return "same_person" if contact_id == found.made_by else "second"
    return _go_on(db, config, found, contact_id)


def agree(db: Db, config: Config, broadcast_id: int, contact_id: int, shown: int) -> Agreed:
    """A second organizer's OUI to one that has grown, and of which he was shown so many people: it goes on.

    moved: there are others by now: it is to be shown again.
    """
    found = _resumable(db, broadcast_id)
    if found is None or found.started_at is not None:
        return "before"
    if found.made_by == contact_id:
        return "same_person"
    seen = drafts.recount(db, config, found)
    people = shown if seen is None else seen.people
    if drafts.has_moved(people, shown):
        return "moved"
    db.run(
        "update broadcast set people = %(people)s, second_by = %(by)s where id = %(id)s",
        id=broadcast_id,
        people=people,
        by=contact_id,
    )
    note(db, broadcast_id, "seconded", contact_id, {"people": people})
    return _go_on(db, config, found, contact_id)


def lacks_second(db: Db, config: Config, found: Broadcast) -> bool | None:
    """Whether one that was not begun yet would reach more people than were agreed to; None: a job is to count them."""
    if found.state not in RESUMABLE or found.started_at is not None:
        return False
    seen = drafts.recount(db, config, found)
    return None if seen is None else _has_grown(config, found, seen.people)


def _has_grown(config: Config, found: Broadcast, people: int) -> bool:
    """Whether so many need another OUI: of a second organizer who has given none, or to a number that has moved."""
    agreed = found.people or 0
    is_moved = people > agreed and drafts.has_moved(people, agreed)
    if people <= config.announcements.second_above:
        return is_moved and found.looks_again
    return found.second_by is None or is_moved


def _resumable(db: Db, broadcast_id: int) -> Broadcast | None:
    """It, locked; None where it is not to be resumed."""
    return drafts.read(db, broadcast_id) if locks.broadcast(db, broadcast_id) in RESUMABLE else None


def _go_on(db: Db, config: Config, found: Broadcast, contact_id: int | None) -> Literal["resumed", "quiet"]:
    """One that was not begun is due from now on, and the next of those that repeat is on its date already."""
    at = now(db)
    db.run(GO_ON if found.started_at else BEGIN_NOW, id=found.id)
    note(db, found.id, "resumed", contact_id)
    _settle_line(db, found.id, contact_id)
    return "quiet" if _is_quiet(config, found, at) else "resumed"


def begin_due(db: Db, config: Config) -> int:
    """A job: plan and begin one broadcast whose time has come; how many. A late one pauses, and is asked about.

    The next of those that repeat is put on its date first. One that has grown past what a single organizer may send,
    or past what a second one has agreed to, is not begun: it waits for a second one.
    """
    due = "select id from broadcast where state = 'scheduled' and due_at <= market_now() order by due_at, id limit 1"
    broadcast_id = db.value(due)
    if broadcast_id is None or not locks.free_broadcast(db, broadcast_id, ("scheduled",)):
        return 0
    db.run(ADOPT, id=broadcast_id)
    found = drafts.read(db, broadcast_id)
    at = now(db)
    if found is None or found.draft.due_at is None:
        return 0
    _repeat(db, found, found.draft.due_at, at)
    if at - found.draft.due_at > LATE:
        pause(db, broadcast_id, "late")
        return 1
    planned = planning.plan(db, config, broadcast_id, _begins(config, found, at))
    if _has_grown(config, found, planned):
        planning.drop(db, broadcast_id)
        pause(db, broadcast_id, "moved")
        return 1
    db.run(
        "update broadcast set state = 'sending', started_at = market_now(), run_at = market_now() where id = %(id)s",
        id=broadcast_id,
    )
    note(db, broadcast_id, "started", None, {"people": planned})
    return 1


def _begins(config: Config, found: Broadcast, at: datetime) -> datetime:
    return at if found.draft.override_quiet else quiet.ends_after(config.announcements, at)


def _repeat(db: Db, found: Broadcast, due: datetime, at: datetime) -> None:
    period = PERIODS.get(found.draft.repeat)
    if period is None:
        return
    coming = due + (max(0, (at - due) // period) + 1) * period
    last = found.draft.repeat_until
    if last is not None and in_lome(coming).date() > last:
        return
    made = db.run(NEXT, id=found.id, due=coming)
    for row in made.rows:
        note(db, row.id, "repeats", None, {"parent": found.id})


def moving(db: Db) -> list[int]:
    """The broadcasts that have something to be moved on."""
    return [row.id for row in db.rows(MOVING)]


def move_on(db: Db, config: Config, broadcast_id: int) -> int:
    """One step of a broadcast that nobody else is at: what was sent is folded, what is next queued; how much was done.

    It pauses where too much fails, where its template or one of its accounts is paused, and where its photo or sound is
    gone; it ends with its last row.
    """
    if not locks.free_broadcast(db, broadcast_id, UNDER_WAY):
        return 0
    folded = following.fold(db, broadcast_id) + following.give_up(db, broadcast_id)
    found = drafts.read(db, broadcast_id)
    if found is None or found.state == "done":
        return folded
    if found.state != "sending" or _is_quiet(config, found, now(db)):
        return folded + take_back(db, broadcast_id)
    known = senders(db, config, found.draft.audience.channel)
    if reason := _trouble(db, found, known):
        pause(db, broadcast_id, reason)
        return folded + 1
    locks.feeding(db)
    fed = feeding.feed(db, config, found, known)
    if not fed and not folded:
        _end_if_over(db, broadcast_id, known)
    return folded + fed


def _is_quiet(config: Config, found: Broadcast, at: datetime) -> bool:
    return not found.draft.override_quiet and quiet.is_quiet(config.announcements, at)


def _trouble(db: Db, found: Broadcast, known: tuple[Sender, ...]) -> str:
    broadcast_id = found.id
    if following.has_too_many_errors(db, broadcast_id):
        return "errors"
    if trouble := following.put_off_for_all(db, broadcast_id):
        return trouble
    paused = [one.account_id for one in known if one.is_paused]
    wanted = "select exists (select from broadcast_recipient where broadcast_id = %(id)s and account_id = any(%(ids)s)"
    if paused and db.value(f"{wanted} and state in ('planned', 'queued'))", id=broadcast_id, ids=paused):
        return "account"
    return "file" if feeding.is_file_gone(db, found) else ""


def pause(db: Db, broadcast_id: int, reason: str) -> None:
    """It stops by itself: its organizer hears why, and all of them have it on their list. Its lock is the caller's."""
    _halt(db, broadcast_id, "paused", reason)
    note(db, broadcast_id, "paused", None, {"reason": reason})
    record(db, BroadcastPaused(broadcast_id, reason))
    attention.ask(db, PAUSED, {"broadcast": broadcast_id, "reason": reason})


def _halt(db: Db, broadcast_id: int, state: str, reason: str | None) -> None:
    take_back(db, broadcast_id)
    db.run(
        "update broadcast set state = %(state)s, pause_reason = %(reason)s, ended_at = market_now() where id = %(id)s",
        id=broadcast_id,
        state=state,
        reason=reason,
    )


def take_back(db: Db, broadcast_id: int) -> int:
    """What waits in the outbox is taken out of it again; how many recipients are planned as before."""
    return db.run(TAKE_BACK, id=broadcast_id).count


def _settle_line(db: Db, broadcast_id: int, contact_id: int | None) -> None:
    line = attention.line_about(db, PAUSED, {"broadcast": broadcast_id})
    if line is not None:
        attention.settle(db, [line], contact_id)


def give_up_old(db: Db, kept: float, limit: int) -> None:
    """What was halted longer than `kept` seconds ago goes on no more: nobody is asked about it, or can resume it."""
    for row in db.run(GIVE_UP, kept=kept, limit=limit).rows:
        note(db, row.id, "cancelled", None)
        _settle_line(db, row.id, None)


def _end_if_over(db: Db, broadcast_id: int, known: tuple[Sender, ...]) -> None:
    left: Any = db.one(
        "select bool_or(state = 'queued') as queued, bool_or(account_id = any(%(accounts)s)) as can_be_told"
        " from broadcast_recipient where broadcast_id = %(id)s and state in ('planned', 'queued')",
        id=broadcast_id,
        accounts=[one.account_id for one in known],
    )
    if left.queued or left.can_be_told:
        return
    feeding.drop_gone(db, broadcast_id, known)
    db.run("update broadcast set state = 'done', ended_at = market_now() where id = %(id)s", id=broadcast_id)
    note(db, broadcast_id, "done")
    record(db, BroadcastDone(broadcast_id))
