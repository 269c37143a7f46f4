"""In which chats people are told what they did not ask for."""

from dataclasses import dataclass
from typing import Any

from bot.outbox import OPEN

LINE = "attention"  # what the notice of a line of the organizers' list is about
RIDER = "rider"  # and that of a part for whoever brings it


@dataclass(frozen=True)
class Chat:
    """A conversation that can be told something, and how its person reads."""

    conversation_id: int
    account_id: int
    language: str
    is_in_text_mode: bool


def chat_from(row: Any) -> Chat:
    """A row of the queries below."""
    return Chat(row.id, row.account_id, row.language, row.is_in_text_mode)


# A chat `c` is its person's as long as he has a name on its account: a number may go to somebody else. `offset 0`
# has each chat looked at by itself, where a plan that expects very many would read the names of all people instead.
IS_HIS = "exists (select from identity i where i.contact_id = c.contact_id and i.account_id = c.account_id offset 0)"
ONE_CHAT = (
    "select c.id, c.account_id, p.language, p.is_in_text_mode from conversation c join contact p on p.id = c.contact_id"
)
CHATS = f"""
select distinct on (p.id) c.id, c.account_id, p.language, p.is_in_text_mode from contact p
join conversation c on c.contact_id = p.id
where p.id = any(%(contacts)s) and c.account_id = any(%(accounts)s)
  and {IS_HIS}
order by p.id, c.last_in_at desc nulls last, c.id
"""
CHAT_OF = f"""
select c.id, c.account_id, c.last_in_at, p.language, p.is_in_text_mode, p.wants_reminders,
  coalesce(c.held_until > market_now(), false) as is_held
from contact p join conversation c on c.contact_id = p.id
where p.id = %(contact)s and c.account_id = any(%(accounts)s)
  and {IS_HIS}
order by c.last_in_at desc nulls last, c.id limit 1
"""
CHATS_OF_SHOPS = f"""
select distinct on (r.vendor_id, p.id) r.vendor_id, c.id, c.account_id, p.language, p.is_in_text_mode
from role r join contact p on p.id = r.contact_id join conversation c on c.contact_id = p.id
where r.vendor_id = any(%(vendors)s) and r.suspended_at is null and p.wants_order_news
  and c.account_id = any(%(accounts)s)
  and {IS_HIS}
order by r.vendor_id, p.id, c.last_in_at desc nulls last, c.id
"""
ORGANIZERS = "select contact_id from role where role = 'organizer' and suspended_at is null order by contact_id"
# Whether a notice of a part reached somebody else of its shop, or still may.
REACHED = f"""
select exists (select from outbox o join conversation c on c.id = o.conversation_id join role r using (contact_id)
  where o.about ->> 'vendor_order' = %(part)s and r.vendor_id = %(vendor)s and r.suspended_at is null
  and contact_id <> %(contact)s and (o.state in {OPEN} or o.state in ('sent', 'delivered', 'read')))
"""
UNSENT = f"""
select distinct conversation_id from outbox
where conversation_id = any(%(chats)s) and state in {OPEN} and about ? '{LINE}'
"""
BUYERS_CHAT = f"""
{ONE_CHAT} join unnest(%(accounts)s::bigint[], %(windows)s::float8[]) w(account_id, seconds) using (account_id)
where c.contact_id = %(contact)s -- his now: a chat may have been unlinked
  and {IS_HIS}
order by (w.seconds is null or c.last_in_at >= market_now() - make_interval(secs => w.seconds)) desc nulls last,
  c.id = %(conversation)s desc, c.last_in_at desc nulls last limit 1
"""
WINDOW_IS_OPEN = """
select last_in_at > market_now() - make_interval(secs => %(window)s) from conversation where id = %(id)s
"""
