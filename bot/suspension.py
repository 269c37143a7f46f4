"""Rights that are suspended until an organizer has made sure who it is: why, how the person hears it, and their end."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal

from base import facts
from base.db import Db, jsonb
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
OTHER: Final = "rights_of"  # in such a line's `about`: the contact whose rights its person may have
NOT_TAKEN: Final = "(suspended_at is null or suspended_why is not null)"  # by a person
TOLD: Final = "told_suspended"  # in a chat's memory: of which moment
LEADS_NOWHERE: Final = frozenset({"stale", "miss", "other_hat"})


@dataclass(frozen=True)
class RightsRestored:
    """A fact: an organizer gave this person his rights back; `conversation_id` is where he waits for it."""

    contact_id: int
    conversation_id: int


@dataclass(frozen=True)
class RightsElsewhere:
    """A fact: on this account somebody came with a name of another contact, who may have rights as he has not."""

    contact_id: int
    account_id: int
    former_id: int


def note_rights_of(db: Db, contact_id: int, account_id: int, former_id: int) -> None:
    """He comes with the name of somebody who has rights, held or suspended: he may be that person."""
    if db.value(f"select exists (select from role where contact_id = %(id)s and {NOT_TAKEN})", id=former_id):
        facts.record(db, RightsElsewhere(contact_id, account_id, former_id))


def ask_whose(db: Db, fact: RightsElsewhere) -> None:
    """A reaction: an organizer is asked, once for these two."""
    chat = db.value(
        "select id from conversation where account_id = %(account)s and contact_id = %(contact)s",
        account=fact.account_id,
        contact=fact.contact_id,
    )
    about = {"contact": fact.contact_id, OTHER: fact.former_id}
    asked = "select exists (select from attention where conversation_id = %(chat)s and about @> %(about)s)"
    if chat is not None and not db.value(asked, chat=chat, about=jsonb(about)):
        attention.ask(db, KIND, about, chat)


def suspend(db: Db, contact_id: int, why: Why) -> None:
    """Whatever this person may do for others waits for an organizer. One that was taken stays taken.

    The caller holds his lock: names, roles and links change under the locks of their people alone.
    """
    db.run(
        "update role set suspended_at = market_now(), suspended_why = %(why)s"
        " where contact_id = %(id)s and suspended_at is null",
        id=contact_id,
        why=why,
    )


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
    return _roles(db, contact_id, "r.suspended_why is not null and r.suspended_at is not null")


def of_other(db: Db, contact_id: int) -> tuple[Suspended, ...]:
    """The roles of somebody whose name came with another person, held or suspended."""
    return _roles(db, contact_id, "(r.suspended_at is null or r.suspended_why is not null)")


def _roles(db: Db, contact_id: int, which: str) -> tuple[Suspended, ...]:
    rows = db.rows(
        "select r.role, coalesce(r.suspended_why, 'renamed') as why, coalesce(v.name, '') as shop,"
        " coalesce(v.phone, '') as phone"
        " from role r left join vendor v on v.id = r.vendor_id"
        f" where r.contact_id = %(id)s and {which} order by r.id",
        id=contact_id,
    )
    return tuple(Suspended(**row._asdict()) for row in rows)


def other_of(db: Db, about: Mapping[str, Any], contact_id: int) -> int:
    """Who has by now, as people are linked and parted, the rights that the person of such a line may have; 0: nobody
    else."""
    noted = about.get(OTHER, 0)
    found = int(db.value("select contact_id from chat_link where from_contact_id = %(id)s", id=noted) or noted)
    return 0 if found == contact_id else found


def restore(db: Db, contact_id: int, other: int = 0) -> int:
    """An organizer made sure who it is: what was suspended, and not taken, is given back; how many roles.

    Those of the `other` contact that he is too become his before.
    """
    locks.contacts(db, [contact_id, other or contact_id])
    if other:
        suspend(db, other, "renamed")
        move(db, other, contact_id, with_taken=False)
    return db.run(
        "update role set suspended_at = null, suspended_why = null, granted_at = market_now()"
        " where contact_id = %(id)s and suspended_why is not null",
        id=contact_id,
    ).count


def move(db: Db, former: int, now: int, *, with_taken: bool) -> list[int]:
    """Suspended roles of one person are another's, with those that a person took or without; one that the other has
    too stays behind. Which, by id."""
    moved = db.run(
        "update role r set contact_id = %(now)s where contact_id = %(former)s"
        " and (suspended_why is not null or %(taken)s) and not exists (select from role o where o.contact_id = %(now)s"
        " and o.role = r.role and o.vendor_id is not distinct from r.vendor_id) returning id",
        former=former,
        now=now,
        taken=with_taken,
    )
    return sorted(row.id for row in moved.rows)


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
