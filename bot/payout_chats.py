"""Who hears that a shop shall be paid elsewhere, and may say that it was not he: wherever he can be reached.

And whether who asked for it may still: no number takes effect while his right is suspended or gone.

That are the shop's owners, also those whose rights wait for an organizer since their phone has another owner or they
were long silent, and whoever writes with the shop's phone or with the number on which it is paid now. Not whoever's
right was taken by a person.
"""

from typing import Final

from base.db import Db
from bot.notice_chats import IS_HIS
from catalog import payout_numbers

PEOPLE: Final = """
select r.contact_id from role r where r.vendor_id = n.vendor_id and r.role = 'vendor'
  and (r.suspended_at is null or r.suspended_why is not null)
union
select i.contact_id from identity i where i.kind = 'phone' and i.value = any(array(
  select phone from vendor v where v.id = n.vendor_id
  union all select phone from payout_number o where o.vendor_id = n.vendor_id and o.state = 'in_force'))
"""
CHATS: Final = f"""
select c.id from payout_number n cross join lateral ({PEOPLE}) p join conversation c on c.contact_id = p.contact_id
where n.id = %(payout)s and {IS_HIS} order by c.id
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


ASKER_MAY: Final = """
exists (select from role r where r.vendor_id = n.vendor_id and r.role = 'vendor' and r.suspended_at is null
  and r.contact_id = coalesce((select l.contact_id from chat_link l where l.from_contact_id = n.contact_id),
    n.contact_id))
"""


def asker_may(db: Db, payout_id: int) -> bool:
    """Whether who asked for a number owns the shop still, by the person he is now as chats are linked and parted."""
    return bool(db.value(f"select {ASKER_MAY} from payout_number n where n.id = %(id)s", id=payout_id))


def take_effect(db: Db, limit: int) -> int:
    """A job: the approved numbers whose time has come, and whose askers may still, are in force; how many."""
    due = db.rows(
        "select n.id from payout_number n where n.state = 'waiting' and n.approved_at is not null"
        f" and n.due_at <= market_now() and {ASKER_MAY} order by n.vendor_id limit %(limit)s",
        limit=limit,
    )
    return payout_numbers.take_effect(db, [row.id for row in due])
