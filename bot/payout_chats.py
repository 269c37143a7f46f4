"""Who hears that a shop shall be paid elsewhere, and may say that it was not he: wherever he can be reached.

That are the shop's owners, also those whose rights wait for an organizer since their phone has another owner or they
were long silent, and whoever writes with the shop's phone or with the number on which it is paid now. Not whoever's
right was taken by a person.
"""

from typing import Final

from base.db import Db

PEOPLE: Final = """
select r.contact_id from role r where r.vendor_id = n.vendor_id and r.role = 'vendor'
  and (r.suspended_at is null or r.suspended_why is not null)
union
select i.contact_id from identity i where i.kind = 'phone' and (i.value = (select phone from vendor v
    where v.id = n.vendor_id)
  or i.value in (select phone from payout_number o where o.vendor_id = n.vendor_id and o.state = 'in_force'))
"""
CHATS: Final = f"""
select c.id from payout_number n cross join lateral ({PEOPLE}) p join conversation c on c.contact_id = p.contact_id
where n.id = %(payout)s and exists (select from identity i
  where i.contact_id = c.contact_id and i.account_id = c.account_id) order by c.id
"""
STOPPABLE: Final = f"""
select n.id from payout_number n where n.state = 'waiting' and %(contact)s in ({PEOPLE})
"""


def chats(db: Db, payout_id: int) -> list[int]:
    """All conversations of these people, not only the one that each used last."""
    return [row.id for row in db.rows(CHATS, payout=payout_id)]


def stoppable(db: Db, contact_id: int) -> list[int]:
    """The numbers that wait and that this person may stop."""
    return [row.id for row in db.rows(f"{STOPPABLE} order by n.id", contact=contact_id)]


def may_stop(db: Db, payout_id: int, contact_id: int) -> bool:
    """Whether this person may stop that one."""
    return bool(db.rows(f"{STOPPABLE} and n.id = %(payout)s", contact=contact_id, payout=payout_id))
