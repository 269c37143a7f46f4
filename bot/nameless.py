"""A chat whose person's last name there was taken: what is open in it belongs to the taker, or is told to nobody."""

from base.db import Db
from bot import locks

LEFT = """
select c.id as own, t.id as chat from conversation c
join conversation t on t.account_id = c.account_id and t.contact_id = %(taker)s
where c.contact_id = %(former)s and not exists (
  select from identity i where i.account_id = c.account_id and i.contact_id = c.contact_id)
order by c.id
"""
HEARD = """
with moved as (
  update inbox set conversation_id = %(chat)s
  where conversation_id = %(own)s and state = 'open' and not message ? 'signal' returning id
)
update received_media set conversation_id = %(chat)s where inbox_id in (select id from moved)
"""
SAID = "update outbox set conversation_id = %(chat)s where id = any(%(ids)s)"


def hand_over(db: Db, former: int, taker: int, *, is_same_person: bool) -> None:
    """Move what is open in the former's chats without a name to the taker's, on the same accounts.

    Messages came from whoever has the name. What was to be said to the former is said to the same person only: another
    one's bubbles stay, and are settled as unreachable. A chat that is in a turn is left alone: its answer is, too.
    """
    for left in db.rows(LEFT, former=former, taker=taker):
        if locks.conversation(db, left.own):
            db.run(HEARD, own=left.own, chat=left.chat)
            if is_same_person:
                db.run(SAID, chat=left.chat, ids=locks.open_bubbles(db, left.own))
