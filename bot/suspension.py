"""Rights that are suspended until an organizer has made sure who it is: why, how the person hears it, and their end."""

from dataclasses import dataclass
from typing import Final, Literal

from base import facts
from base.db import Db
from base.phones import read_phone
from base.spelling import fold
from base.timing import Timing
from bot import attention, locks
from bot.readings import read_command
from bot.routing import HAT_WORDS
from bot.turn import Turn
from bot.world import Dialogs, Turned

Why = Literal["renamed", "silent", "linked"]
KIND: Final = "rights_suspended"
SUSPENDED: Final = "first.suspended"  # the text
TOLD: Final = "told_suspended"  # in a chat's memory: of which moment
LEADS_NOWHERE: Final = frozenset({"stale", "miss", "other_hat"})


@dataclass(frozen=True)
class RightsRestored:
    """A fact: an organizer gave this person his rights back; `conversation_id` is where he waits for it."""

    contact_id: int
    conversation_id: int


def suspend(db: Db, contact_id: int, why: Why) -> int:
    """Whatever this person may do for others waits for an organizer; how many roles. One that was taken stays taken.

    The caller holds his lock: names, roles and links change under the locks of their people alone.
    """
    return db.run(
        "update role set suspended_at = market_now(), suspended_why = %(why)s"
        " where contact_id = %(id)s and suspended_at is null",
        id=contact_id,
        why=why,
    ).count


def suspend_silent(db: Db, timing: Timing, limit: int) -> int:
    """A job: suspend the roles of people who have not written for so long, so that notices find no new owner either."""
    roles = locks.silent_roles(db, timing.rights_silent, limit)
    return db.run(
        "update role set suspended_at = market_now(), suspended_why = 'silent' where id = any(%(ids)s)", ids=roles
    ).count


def say_why(turn: Turn, turned: Turned, dialogs: Dialogs) -> tuple[str, ...]:
    """The text below an answer, once for each suspension and where the answer leads nowhere; a person is called."""
    since = turn.person.suspended_since
    if since is None or not turned.bubbles:
        return ()
    is_new = turn.memory.get(TOLD) != since.isoformat()
    if is_new:
        turn.memory[TOLD] = since.isoformat()
        attention.ask(turn.db, KIND, {"contact": turn.person.contact_id}, turn.conversation_id)
    is_lost = turned.route.how in LEADS_NOWHERE or _means_lost_hat(turn, dialogs)
    return (SUSPENDED,) if is_new or is_lost else ()


def _means_lost_hat(turn: Turn, dialogs: Dialogs) -> bool:
    """`A 4K7`, `ma boutique` of somebody who is no vendor now: a buyer's answer to it would be beside the point."""
    lost = [hat for hat in dialogs if hat not in turn.person.hats]
    if HAT_WORDS.get(fold(turn.words)) in lost:
        return True
    return any(read_command(dialogs[hat].commands, turn.words) for hat in lost)


@dataclass(frozen=True)
class Suspended:
    """A role that waits: why, and the shop's name and phone as they were registered ('' for an organizer)."""

    role: str
    why: Why
    shop: str
    phone: str


def of_person(db: Db, contact_id: int) -> tuple[Suspended, ...]:
    """The roles of a person that wait for an organizer."""
    rows = db.rows(
        "select r.role, r.suspended_why as why, coalesce(v.name, '') as shop, coalesce(v.phone, '') as phone"
        " from role r left join vendor v on v.id = r.vendor_id"
        " where r.contact_id = %(id)s and r.suspended_why is not null and r.suspended_at is not null order by r.id",
        id=contact_id,
    )
    return tuple(Suspended(**row._asdict()) for row in rows)


def restore(db: Db, contact_id: int) -> int:
    """An organizer made sure who it is: what was suspended, and not taken, is given back; how many roles."""
    locks.contact(db, contact_id)
    return db.run(
        "update role set suspended_at = null, suspended_why = null, granted_at = market_now()"
        " where contact_id = %(id)s and suspended_why is not null",
        id=contact_id,
    ).count


def restore_by_phone(db: Db, typed: str) -> int:
    """The same for an operator, who has no list: the people of this phone, as typed; how many roles."""
    rows = db.rows(
        "select distinct contact_id from identity where kind = 'phone' and value = %(phone)s order by contact_id",
        phone=read_phone(typed) or "",
    )
    return sum(restore(db, row.contact_id) for row in rows)


def tell_restored(db: Db, contact_id: int, conversation_id: int | None) -> None:
    """The person hears it in the chat in which he waits for it."""
    if conversation_id is not None:
        facts.record(db, RightsRestored(contact_id, conversation_id))
