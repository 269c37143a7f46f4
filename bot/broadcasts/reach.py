"""Everybody of an audience once, in the chat where he is told, or with the reason why he is not: one query.

A person with two chats is told in the one whose window is open, else in the one that he used last, of those that have a
template. Consent comes first: who did not say yes is not looked at further.
"""

from typing import Any, Final

from base.config import Announcements
from bot.broadcasts.audience import Audience, conditions
from bot.broadcasts.senders import WINDOW, Sender, columns

REACHED: Final = "('queued', 'sent', 'delivered', 'read', 'uncertain')"  # states of who was told, or may have been
# the parts of a query: `found` are all of them
FOUND = """
sender as (
  select * from unnest(%(accounts)s::bigint[], %(templated)s::bool[], %(tiers)s::int[])
    as s(account_id, has_template, tier)
), people as (
  select p.id, p.language, p.wants_announcements from contact p
  where {conditions}
), chat as (
  select distinct on (c.contact_id) c.contact_id, c.id as conversation_id, c.account_id, c.last_in_at, w.is_open,
    w.is_reached, s.has_template, s.tier
  from people q join conversation c on c.contact_id = q.id join sender s on s.account_id = c.account_id
  join identity i on i.account_id = c.account_id and i.contact_id = c.contact_id and i.kind <> 'comment'
  cross join lateral (select
    coalesce(c.last_in_at > market_now() - make_interval(secs => {window}), false) as is_open,
    i.unreachable_since is null or coalesce(c.last_in_at >= i.unreachable_since, false) as is_reached) w
  where q.wants_announcements
  order by c.contact_id, w.is_reached desc, w.is_open desc, s.has_template desc, c.last_in_at desc nulls last, c.id
), often as (
  select t.contact_id from broadcast_recipient t
  where not %(override_weekly)s and t.queued_at > market_now() - interval '7 days' and t.state in {reached}
  group by t.contact_id having count(*) >= %(weekly)s
), found as materialized (
  select q.id as contact_id, q.language, h.conversation_id, h.account_id, h.last_in_at, h.tier, case
      when not q.wants_announcements then 'no_consent'
      when h.contact_id is null then 'no_chat'
      when not h.is_reached then 'unreachable'
      when exists (select from often t where t.contact_id = q.id) then 'weekly'
      when not h.is_open and not h.has_template then 'window_shut'
      else '' end as reason, case when h.is_open then 'free' else 'template' end as way
  from people q left join chat h on h.contact_id = q.id
)
"""


def query(
    audience: Audience, known: tuple[Sender, ...], rules: Announcements, *, override_weekly: bool
) -> tuple[str, dict[str, Any]]:
    """`FOUND` for an audience, and its values."""
    wanted, values = conditions(audience)
    parts = FOUND.format(conditions=wanted, window=WINDOW, reached=REACHED)
    return parts, {**values, **columns(known), "override_weekly": override_weekly, "weekly": rules.weekly}
