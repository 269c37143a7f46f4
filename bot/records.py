"""What turns leave: turn rows, bubbles in the outbox, settled inbox rows and conversations, written in bulk."""

import json
import secrets
from collections.abc import Sequence
from typing import Any

from base.db import Db
from base.timing import Timing
from bot.documents import outgoing_to_json
from bot.running import Ran
from bot.sessions import Held
from bot.worlds import said_of

TURNS = """
insert into turn (commit_no, conversation_id, inbox_ids, hat, state_before, state_after, read_as, outcomes, answers,
  before, after, said, version, now)
select nextval('commit_no'), (t->>'conversation')::bigint,
  array(select jsonb_array_elements_text(t->'inbox'))::bigint[], t->>'hat', t->>'state_before', t->>'state_after',
  t->>'read_as', t->'outcomes', t->'answers', t->'before', t->'after', t->'said', t->>'version',
  (t->>'now')::timestamptz
from jsonb_array_elements(%(turns)s::jsonb) with ordinality as x(t, place) order by place
"""
BUBBLES = """
insert into outbox (conversation_id, account_id, kind, said_at, place, bubble, too_old_at)
select conversation, account, 'reply', said, place, bubble::jsonb, market_now() + make_interval(secs => %(too_old)s)
from unnest(%(conversations)s::bigint[], %(accounts)s::bigint[], %(saids)s::bigint[], %(places)s::int[],
  %(bubbles)s::text[]) as b(conversation, account, said, place, bubble)
"""
SETTLED = "update inbox set state = 'done', done_at = market_now(), error = null where id = any(%(ids)s)"
MOVED = """
update conversation c set revision = v.revision, document = v.document::jsonb, last_at = market_now(),
  last_in_at = greatest(c.last_in_at, v.last_in::timestamptz), joins = v.joins,
  wakes_at = market_now() + make_interval(secs => v.wait)
from unnest(%(ids)s::bigint[], %(revisions)s::bigint[], %(documents)s::text[], %(last_ins)s::text[], %(joins)s::text[],
  %(waits)s::float8[]) as v(id, revision, document, last_in, joins, wait)
where c.id = v.id
"""
ARRIVED = """
update outbox set state = 'sent', lease_owner = null, lease_until = null where id in (
  select o.id from outbox o join unnest(%(conversations)s::bigint[], %(saids)s::bigint[]) as p(conversation, said)
    on o.conversation_id = p.conversation and o.said_at = p.said
  where o.state = 'uncertain' order by o.id for no key update of o skip locked)
"""


def write(db: Db, ran: Sequence[Ran], timing: Timing) -> list[Held]:
    """Write all turns of a batch; returns the sessions to store after the commit."""
    if not ran:
        return []
    held = [Held(r.prepared.conversation_id, secrets.randbits(63), document_of(r)) for r in ran]
    db.run(TURNS, turns=json.dumps([_turn_row(r) for r in ran]))
    _say(db, ran, timing.reply_too_old)
    db.run(SETTLED, ids=[inbox for r in ran for inbox in r.prepared.waiting.inbox_ids])
    _move(db, ran, held)
    proven = [(r.prepared.conversation_id, r.proves) for r in ran if r.proves is not None]
    if proven:
        db.run(ARRIVED, conversations=[c for c, _ in proven], saids=[said for _, said in proven])
    return held


def document_of(ran: Ran) -> dict[str, Any]:
    """A conversation's document after a turn."""
    return {"session": ran.composed.session.to_document(), "memory": dict(ran.memory)}


def _turn_row(ran: Ran) -> dict[str, Any]:
    waiting, after = ran.prepared.waiting, ran.composed.session
    return {
        "conversation": waiting.conversation_id,
        "inbox": waiting.inbox_ids,
        "hat": after.hat,
        "state_before": ran.before.state,
        "state_after": after.state,
        "read_as": ran.turned.route.how,
        "outcomes": ran.turned.outcomes,
        "answers": ran.answers,
        "before": ran.before.to_document(),
        "after": after.to_document(),
        "said": said_of(ran.turned.bubbles),
        "version": ran.version,
        "now": waiting.now.isoformat(),
    }


def _last_in(ran: Ran) -> str | None:
    """When the person wrote; a signal of our own opens no window at the provider."""
    waiting = ran.prepared.waiting
    return waiting.received_at.isoformat() if waiting.message.sender.identities else None


def _say(db: Db, ran: Sequence[Ran], too_old: float) -> None:
    rows = [
        (r.prepared.conversation_id, r.prepared.waiting.account_id, r.prepared.said, place, outgoing_to_json(bubble))
        for r in ran
        for place, bubble in enumerate(r.composed.bubbles, start=1)
    ]
    if not rows:
        return
    conversations, accounts, saids, places, bubbles = (list(column) for column in zip(*rows, strict=True))
    db.run(
        BUBBLES,
        too_old=too_old,
        conversations=conversations,
        accounts=accounts,
        saids=saids,
        places=places,
        bubbles=bubbles,
    )


def _move(db: Db, ran: Sequence[Ran], held: Sequence[Held]) -> None:
    db.run(
        MOVED,
        ids=[h.conversation_id for h in held],
        revisions=[h.revision for h in held],
        documents=[json.dumps(h.document) for h in held],
        last_ins=[_last_in(r) for r in ran],
        joins=[r.joins for r in ran],
        waits=[r.wait for r in ran],
    )
