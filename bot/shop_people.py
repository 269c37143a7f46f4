"""Who works in a shop: helpers are invited by their phone, say yes in a chat of their own, and are let go again."""

from dataclasses import dataclass
from typing import Any, Final, Literal

from base import facts
from base.db import Db
from bot import contacts, locks
from bot.turn import Turn
from catalog import locks as catalog_locks

MOST: Final = 9  # helpers and open invitations of one shop: a page
LONGEST_NAME: Final = 40  # characters
Invited = Literal["invited", "before", "already", "own", "full"]


@dataclass(frozen=True)
class HelperInvited:
    """A fact: an owner wants somebody to help; he says yes himself."""

    invitation_id: int


@dataclass(frozen=True)
class HelperAnswered:
    """A fact: the invited person said yes or no."""

    invitation_id: int


@dataclass(frozen=True)
class HelperLetGo:
    """A fact: this person helps in that shop no longer."""

    contact_id: int
    vendor_id: int


@dataclass(frozen=True)
class Invitation:
    """One invitation; `phone` E.164, `contact_id` who answered it."""

    id: int
    vendor_id: int
    phone: str
    name: str
    invited_by: int
    state: Literal["open", "accepted", "declined", "withdrawn"]
    contact_id: int | None


@dataclass(frozen=True)
class Helper:
    """Somebody who helps, or is invited to (`invitation_id`); `phone` E.164 or ''."""

    role_id: int | None
    invitation_id: int | None
    vendor_id: int
    name: str
    phone: str


_FIELDS: Final = "select id, vendor_id, phone, name, invited_by, state, contact_id from helper_invitation"
_HAS_PHONE: Final = (
    "exists (select from identity i where i.contact_id = %(contact)s and i.kind = 'phone' and i.value = {}.phone)"
)


def invitation(db: Db, invitation_id: int) -> Invitation | None:
    """One invitation, or None."""
    row = db.one(f"{_FIELDS} where id = %(id)s", id=invitation_id)
    return Invitation(**row._asdict()) if row else None


def people_with(db: Db, phone: str) -> list[int]:
    """The contacts whose channel tells this phone (E.164): one that somebody only says is his proves nothing."""
    rows = db.rows(
        "select distinct contact_id from identity where kind = 'phone' and value = %(phone)s order by contact_id",
        phone=phone,
    )
    return [row.contact_id for row in rows]


def invite(turn: Turn, vendor_id: int, phone: str, name: str) -> Invited:
    """Invite whoever writes with this phone. Raises Alone in a batch when the shop is busy.

    own: the owner's own phone; already: he works there; before: he is invited; full: there are enough.
    """
    catalog_locks.vendors(turn.db, [vendor_id])
    people = people_with(turn.db, phone)
    if turn.person.contact_id in people or phone == turn.phone:
        return "own"
    if turn.db.value(WORKS, vendor=vendor_id, ids=people):
        return "already"
    if len(helpers(turn.db, (vendor_id,))) >= MOST:
        return "full"
    made = turn.db.run(
        "insert into helper_invitation (vendor_id, phone, name, invited_by)"
        " values (%(vendor)s, %(phone)s, %(name)s, %(by)s) on conflict do nothing returning id",
        vendor=vendor_id,
        phone=phone,
        name=name[:LONGEST_NAME],
        by=turn.person.contact_id,
    ).rows
    for row in made:
        facts.record(turn.db, HelperInvited(row.id))
    return "invited" if made else "before"


WORKS: Final = """
select exists (select from role
  where vendor_id = %(vendor)s and suspended_at is null and contact_id = any(%(ids)s))
"""


def open_for(db: Db, contact_id: int) -> Invitation | None:
    """The newest open invitation of somebody whose channel tells the phone that was invited."""
    row = db.one(
        f"{_FIELDS} h where state = 'open' and {_HAS_PHONE.format('h')} order by id desc limit 1", contact=contact_id
    )
    return Invitation(**row._asdict()) if row else None


def is_for(db: Db, invitation_id: int, contact_id: int) -> bool:
    """Whether an open invitation is this person's."""
    return bool(
        db.value(
            "select exists (select from helper_invitation h where id = %(id)s and state = 'open'"
            f" and {_HAS_PHONE.format('h')})",
            id=invitation_id,
            contact=contact_id,
        )
    )


def accept(db: Db, invitation_id: int, contact_id: int) -> bool:
    """He helps from now on; False when he is not invited, or no longer. Raises Alone in a batch when he is busy."""
    locks.contact(db, contact_id)
    found = _answer(db, invitation_id, contact_id, "accepted")
    if found is not None:
        contacts.grant(db, contact_id, "helper", found.vendor_id)
    return found is not None


def decline(db: Db, invitation_id: int, contact_id: int) -> bool:
    """He does not want to; False when he is not invited, or no longer. Raises Alone in a batch when he is busy."""
    locks.contact(db, contact_id)
    return _answer(db, invitation_id, contact_id, "declined") is not None


def _answer(db: Db, invitation_id: int, contact_id: int, state: str) -> Any | None:
    rows = db.run(
        "update helper_invitation h set state = %(state)s, contact_id = %(contact)s, ended_at = market_now()"
        f" where id = %(id)s and state = 'open' and {_HAS_PHONE.format('h')} returning vendor_id",
        state=state,
        contact=contact_id,
        id=invitation_id,
    ).rows
    for _ in rows:
        facts.record(db, HelperAnswered(invitation_id))
    return rows[0] if rows else None


def helpers(db: Db, vendor_ids: tuple[int, ...]) -> list[Helper]:
    """Who helps in these shops, and who is invited to; those who help first."""
    rows = db.rows(HELPERS, vendors=list(vendor_ids))
    return [Helper(**row._asdict()) for row in rows]


HELPERS: Final = """
select r.id as role_id, null::bigint as invitation_id, r.vendor_id, coalesce(nullif(p.name, ''), h.name, '') as name,
  coalesce(h.phone, (select value from identity i where i.contact_id = p.id and i.kind = 'phone'
    order by made_at desc limit 1), '') as phone
from role r join contact p on p.id = r.contact_id left join lateral (select name, phone from helper_invitation
  where vendor_id = r.vendor_id and contact_id = r.contact_id and state = 'accepted' order by id desc limit 1) h on true
where r.vendor_id = any(%(vendors)s) and r.role = 'helper'
  and (r.suspended_at is null or r.suspended_why is not null)
union all
select null, id, vendor_id, name, phone from helper_invitation
where vendor_id = any(%(vendors)s) and state = 'open'
order by role_id nulls last, invitation_id
"""


def let_go(db: Db, vendor_ids: tuple[int, ...], role_id: int) -> bool:
    """He helps there no longer, also where he only waited for an organizer; False when he did not.

    Raises Alone in a batch when he is busy.
    """
    found = db.one(
        "select contact_id, vendor_id from role where id = %(id)s and role = 'helper' and vendor_id = any(%(vendors)s)",
        id=role_id,
        vendors=list(vendor_ids),
    )
    if found is None:
        return False
    locks.contact(db, found.contact_id)
    gone = db.run(
        "update role set suspended_at = coalesce(suspended_at, market_now()), suspended_why = null"
        " where id = %(id)s and (suspended_at is null or suspended_why is not null)",
        id=role_id,
    ).count
    if gone:
        facts.record(db, HelperLetGo(found.contact_id, found.vendor_id))
    return bool(gone)


def withdraw(db: Db, vendor_ids: tuple[int, ...], invitation_id: int) -> bool:
    """He is invited no longer; False when he was not. Raises Alone in a batch when the shop is busy."""
    catalog_locks.vendors(db, vendor_ids)
    return bool(
        db.run(
            "update helper_invitation set state = 'withdrawn', ended_at = market_now()"
            " where id = %(id)s and state = 'open' and vendor_id = any(%(vendors)s)",
            id=invitation_id,
            vendors=list(vendor_ids),
        ).count
    )


def forget_person(db: Db, contact_id: int, phones: tuple[str, ...]) -> int:
    """An eraser: what somebody was invited to, by his names on channels or his answer; how many."""
    return db.run(
        "delete from helper_invitation where contact_id = %(contact)s or phone = any(%(phones)s)",
        contact=contact_id,
        phones=list(phones),
    ).count
