"""Rights as organizers give and take them: organizers among themselves, and sellers who are invited, not written to."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

from base import facts
from base.db import Db
from bot import contacts, locks, second_factor
from bot.shop_people import people_with

LONGEST_NAME: Final = 40  # characters of a name or a shop's
MOST_PHONES: Final = 50  # of one message
Appointed = Literal["appointed", "before", "unknown"]
Dismissed = Literal["dismissed", "before", "last"]


@dataclass(frozen=True)
class Organizer:
    """Somebody who organizes; `phone` E.164 or ''."""

    contact_id: int
    name: str
    phone: str


@dataclass(frozen=True)
class OrganizerChanged:
    """A fact: somebody organizes from now on (`is_given`), or no longer; `by` is the contact who decided."""

    contact_id: int
    is_given: bool
    by: int


_ORGANIZERS: Final = """
select r.contact_id, p.name, coalesce(p.phone_told, (select value from identity i where i.contact_id = p.id
  and i.kind = 'phone' order by made_at desc limit 1), '') as phone
from role r join contact p on p.id = r.contact_id
where r.role = 'organizer' and r.suspended_at is null and r.contact_id > %(after)s order by r.contact_id
limit %(most)s
"""


def organizers(db: Db, after: int = 0, most: int = 10) -> list[Organizer]:
    """Who organizes now, by id."""
    return [Organizer(**row._asdict()) for row in db.rows(_ORGANIZERS, after=after, most=most)]


def appoint(db: Db, phone: str, by: int) -> Appointed:
    """Whoever writes with this phone (E.164) organizes from now on. Raises Alone in a batch when he is busy.

    unknown: nobody has written with it, so nobody agreed to be written to; before: he does already.
    """
    people = people_with(db, phone)
    if not people:
        return "unknown"
    locks.contacts(db, people)
    if all(_is_organizer(db, one) for one in people):
        return "before"
    for one in people:
        if not _is_organizer(db, one):
            contacts.grant(db, one, "organizer")
            _note(db, one, "given", by)
    return "appointed"


def _is_organizer(db: Db, contact_id: int) -> bool:
    held = "select exists (select from role where contact_id = %(id)s and role = 'organizer' and suspended_at is null)"
    return bool(db.value(held, id=contact_id))


def dismiss(db: Db, contact_id: int, by: int) -> Dismissed:
    """He organizes no longer, and his second factor is gone. `last`: nobody would be left.

    All who organize are locked, so that of two who dismiss each other one stays. Raises Alone in a batch when busy.
    """
    held = db.rows("select contact_id from role where role = 'organizer' and suspended_at is null")
    locks.contacts(db, {contact_id, *(row.contact_id for row in held)})
    now = {one.contact_id for one in organizers(db, 0, len(held) + 2)}
    if contact_id not in now:
        return "before"
    if len(now) == 1:
        return "last"
    db.run(
        "update role set suspended_at = market_now(), suspended_why = null"
        " where contact_id = %(id)s and role = 'organizer'",
        id=contact_id,
    )
    second_factor.remove(db, contact_id)
    _note(db, contact_id, "taken", by)
    return "dismissed"


def _note(db: Db, contact_id: int, what: Literal["given", "taken"], by: int) -> None:
    db.run(
        "insert into role_change (contact_id, role, what, changed_by) values (%(id)s, 'organizer', %(what)s, %(by)s)",
        id=contact_id,
        what=what,
        by=by,
    )
    facts.record(db, OrganizerChanged(contact_id, what == "given", by))


@dataclass(frozen=True)
class Invitation:
    """A seller who is invited: his name and his shop's as an organizer told them, '' where he did not."""

    id: int
    name: str
    shop: str


def invite(db: Db, phones: Sequence[str], name: str, shop: str, by: int) -> int:
    """Note who shall sell; whoever comes with one of these phones (E.164) finds it. How many were not noted before."""
    return db.run(
        "insert into seller_invitation (phone, name, shop, invited_by)"
        " select unnest(%(phones)s::text[]), %(name)s, %(shop)s, %(by)s on conflict do nothing",
        phones=sorted(set(phones))[:MOST_PHONES],
        name=name[:LONGEST_NAME],
        shop=shop[:LONGEST_NAME],
        by=by,
    ).count


def invitation_for(db: Db, contact_id: int) -> Invitation | None:
    """The open invitation of somebody whose channel tells the phone that was noted."""
    row = db.one(
        "select s.id, s.name, s.shop from seller_invitation s join identity i on i.kind = 'phone'"
        " and i.value = s.phone where i.contact_id = %(id)s and s.used_at is null order by s.id limit 1",
        id=contact_id,
    )
    return Invitation(**row._asdict()) if row else None


def use_invitation(db: Db, invitation_id: int) -> None:
    """He has come and tells of his shop himself."""
    db.run(
        "update seller_invitation set used_at = market_now() where id = %(id)s and used_at is null", id=invitation_id
    )


def forget_person(db: Db, contact_id: int, phones: Sequence[str]) -> int:
    """An eraser: what rights he was given, to what he was invited; how many."""
    db.run("update role_change set changed_by = null where changed_by = %(id)s", id=contact_id)
    invited = db.run("delete from seller_invitation where phone = any(%(phones)s)", phones=list(phones)).count
    return invited + db.run("delete from role_change where contact_id = %(id)s", id=contact_id).count
