"""Public comments below the Page's posts: who is answered in private, once, and whose chat that answer opens.

What a comment asks is answered as in the person's chat, in one bubble of words; it stands there as a detour, so that
the next words in the chat answer it. Nothing a comment says chooses, confirms, stops or writes anything.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, Final

from base.db import Db
from base.timing import Timing
from bot import brought, locks, names
from bot.answers import Composed
from bot.messages import Identity, Incoming, Limits
from bot.turn import Turn

ANSWERED: Final = "answered_in_public"  # what a chat's memory knows while such an answer is the last


def may_answer(turn: Turn) -> bool:
    """Whether this turn's comment may be: not twice, not after seven days, not to who wants to hear nothing at all."""
    if turn.now >= latest(turn.said, turn.now, turn.config.timing):
        return False
    return bool(
        turn.db.value(
            "select wants_order_news and not exists (select from comment_reply where account_id = %(account)s"
            " and comment_id = %(comment)s) from contact where id = %(contact)s",
            account=turn.account_id,
            comment=turn.said.comment,
            contact=turn.person.contact_id,
        )
    )


def latest(said: Incoming, received: datetime, timing: Timing) -> datetime:
    """Until when a comment may be answered in private."""
    return (said.sent_at or received) + timedelta(seconds=timing.comment_answered)


def in_private(composed: Composed, comment: str, limits: Limits) -> Composed:
    """What a turn says, as the one private answer to this comment: one bubble, with the offers of the question."""
    if not comment or not composed.bubbles:
        return composed
    first, last = composed.bubbles[0], composed.bubbles[-1]
    body = "\n\n".join(bubble.body for bubble in composed.bubbles if bubble.body)
    whole = body if len(body) <= (limits.body if last.offers else limits.text) else last.body
    return replace(composed, bubbles=(replace(last, body=whole, photo=last.photo or first.photo, comment=comment),))


def note(turn: Turn) -> None:
    """The comment of this turn is answered, at the turn's end: never again."""
    turn.memory[ANSWERED] = True
    turn.db.run(
        "insert into comment_reply (account_id, comment_id, contact_id) values (%(account)s, %(comment)s, %(contact)s)",
        account=turn.account_id,
        comment=turn.said.comment,
        contact=turn.person.contact_id,
    )


def silence(memory: dict[str, Any], timing: Timing) -> float:
    """Seconds after which a chat begins again: who reads a private answer late still finds it open."""
    return timing.comment_answered if memory.get(ANSWERED) else timing.silence


def learn(db: Db, account_id: int, conversation_id: int, contact_id: int, told: Sequence[Identity]) -> None:
    """The provider has told who wrote an answered comment: it is his chat that the answer stands in.

    Somebody unknown gets the name. Where it is somebody known, the few rows of the comment's own chat become his, with
    the question that is open there: nothing of it is left elsewhere. While one of the two chats is in a turn nothing is
    moved: a tap on the answer is then told that it has passed. The caller holds the locks of both people.
    """
    for name in told:
        names.give(db, account_id, contact_id, [name])
        known = db.one(
            "select i.contact_id, c.id from identity i join conversation c on c.account_id = i.account_id"
            " and c.contact_id = i.contact_id"
            " where i.account_id = %(account)s and i.kind = %(kind)s and i.value = %(value)s",
            account=account_id,
            kind=name.kind,
            value=name.value,
        )
        if not known or known.contact_id == contact_id or _is_known(db, contact_id):
            continue
        if locks.conversations(db, (conversation_id, known.id)):
            _move(db, (conversation_id, contact_id), (known.id, known.contact_id))


def _is_known(db: Db, contact_id: int) -> bool:
    """Whether more is known of a person than what he wrote below posts: then he is not taken for another one."""
    known = "select exists (select from identity where contact_id = %(id)s and kind <> 'comment')"
    return bool(db.value(known, id=contact_id))


def _move(db: Db, own: tuple[int, int], known: tuple[int, int]) -> None:
    """From the conversation and contact that a comment made to those of its writer, who has written before."""
    places = {"own": own[0], "nobody": own[1], "chat": known[0], "person": known[1]}
    db.run(_ROWS, **places)
    db.run("update identity set contact_id = %(person)s where contact_id = %(nobody)s", **places)
    brought.hand_over(db, own[1], known[1])
    db.run(_QUESTION, **places)
    db.run("update conversation set document = '{}', revision = 0 where id = %(own)s", **places)
    db.run("update contact set name = '' where id = %(nobody)s", **places)


_ROWS = """
with turns as (
  update turn set conversation_id = %(chat)s where conversation_id = %(own)s
  returning inbox_ids, (reader->>'said')::bigint as said
), messages as (
  update inbox set conversation_id = %(chat)s where id in (select unnest(inbox_ids) from turns)
)
update outbox set conversation_id = %(chat)s where said_at in (select said from turns)
"""
# The comment's question is open now, and the one that was comes back after it, as after any detour.
_QUESTION = """
update conversation c set revision = (random() * 9e18)::bigint, joins = o.joins, wakes_at = null,
  last_at = greatest(c.last_at, o.last_at),
  document = jsonb_build_object(
    'memory', coalesce(c.document->'memory', '{}') || coalesce(o.document->'memory', '{}')
      - '{met,told_kept,greeted,offered_english}'::text[],
    'session', coalesce(o.document->'session', '{}') || jsonb_build_object('resume',
      case when c.document->'session' ? 'state' then jsonb_build_array(c.document->'session'->'state') else '[]' end))
from conversation o where o.id = %(own)s and c.id = %(chat)s
"""
