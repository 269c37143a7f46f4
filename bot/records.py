"""What turns leave: turn rows, bubbles in the outbox, settled inbox rows and conversations, written in bulk."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from base import clock, compiled_json
from base.db import Db, Last
from base.statements import NONE, Done
from base.timing import Timing
from bot import comments, unclear
from bot.consent import CONSENT
from bot.documents import outgoing_to_document
from bot.messages import Outgoing
from bot.outbox import CHAT, OF_PERSON, OPEN, UNPAUSED, WAITS_LONG, Claimed, Lease, of_person
from bot.running import Ran
from bot.sessions import Held
from bot.worlds import said_of

# Conversations are found by their ids too: joined to what is given alone, where there are few (82, a thousand) all of
# them would be read for each turn.
# The first bubble of an answer is claimed as it is written, where this process sends: unless something open stands
# before it in its conversation (what waits long does not), or nothing goes out of its account. With a limit it is
# looked for in its own conversation, however few are open when it is planned; else all that is open would be read for
# each bubble.
IS_CLAIMED = f"""
%(owner)s::text is not null and b.place = 1 and {UNPAUSED.format("b")}
    and (select e.id from outbox e where e.conversation_id = b.conversation_id and e.state in {OPEN}
      and not {WAITS_LONG.format(kind="'reply'")} limit 1) is null
"""
WRITE = f"""
with given as (select %(given)s::jsonb as g), turns as (
  insert into turn (commit_no, conversation_id, inbox_ids, hat, state_before, state_after, read_as, outcomes, answers,
    reader, before, after, said, version, now)
  select nextval('commit_no'), (t->>'conversation')::bigint,
    array(select jsonb_array_elements_text(t->'inbox'))::bigint[], t->>'hat', t->>'state_before', t->>'state_after',
    t->>'read_as', t->'outcomes', t->'answers', t->'reader', t->'before', t->'after', t->'said', t->>'version',
    (t->>'now')::timestamptz
  from given, jsonb_array_elements(g->'turns') with ordinality as x(t, place) order by place
), bubbles as (
  insert into outbox (conversation_id, account_id, kind, said_at, place, bubble, about, too_old_at,
    state, attempts, lease_owner, lease_until, sent_at)
  select conversation_id, account_id, 'reply', said, place, bubble, about,
    coalesce(until, market_now() + make_interval(secs => %(too_old)s)),
    case when is_claimed then 'sending' else 'waiting' end, is_claimed::int, case when is_claimed then %(owner)s end,
    case when is_claimed then market_now() + (statement_timestamp() - transaction_timestamp())
      + make_interval(secs => %(lease)s) end,
    case when is_claimed then market_now() end
  from given, jsonb_to_recordset(g->'bubbles') as b(
      conversation_id bigint, account_id bigint, said bigint, place int, bubble jsonb, about jsonb, until timestamptz),
    lateral (select {IS_CLAIMED} as is_claimed offset 0) as claim
  returning *
), settled as (
  update inbox set state = 'done', done_at = market_now(), error = null
  where id = any(%(settled)s)
), arrived as (
  select o.id, nullif(p.copy, '') as copy
  from given, jsonb_to_recordset(g->'taps') as p(conversation bigint, said bigint, tap text, copy text)
  join outbox o on o.id = (select e.id
    from (select id, conversation_id, place, state, bubble from outbox where said_at = p.said offset 0) e
    where e.conversation_id = p.conversation and e.state in ('sending', 'uncertain')
    and e.bubble->'offers' @> jsonb_build_array(jsonb_build_object('id', p.tap)) order by e.place limit 1)
  order by o.id for no key update of o skip locked
), came as (
  update outbox o
  set state = 'sent', provider_id = coalesce(a.copy, o.provider_id), lease_owner = null, lease_until = null
  from arrived a where o.id = a.id and o.state in ('sending', 'uncertain')
), moved as (
  update conversation c set revision = m.revision, document = m.document,
    last_at = case when m.has_part then market_now() else c.last_at end, held_until = m.held_until,
    last_in_at = greatest(c.last_in_at, m.last_in), joins = m.joins,
    wakes_at = market_now() + make_interval(secs => m.wait)
  from given, jsonb_to_recordset(g->'moved')
    as m(id bigint, revision bigint, document jsonb, last_in timestamptz, joins text, wait float8, has_part boolean,
      held_until timestamptz)
  where c.id = m.id and c.id = any(%(moved)s) returning c.id, c.account_id, c.contact_id, c.last_in_at, c.held_until
)
select c.id, c.conversation_id, c.too_old_at, {OF_PERSON}
from bubbles c {CHAT.format("moved")} where c.state = 'sending'
"""


@dataclass(frozen=True)
class Answer:
    """The first bubble of a turn's answer, as its process knows it."""

    account_id: int
    said_at: int
    bubble: Outgoing
    about: Mapping[str, Any]


@dataclass(frozen=True)
class Written:
    """What is to follow the commit: sessions to store, and answers that are this process's to send.

    `began` is when they were claimed, by clock.uptime; `answers` are all that were said, by their conversations.
    """

    held: Sequence[Held] = ()
    done: Done | Last = NONE
    began: float = 0.0
    answers: Mapping[int, Answer] = field(default_factory=dict)

    @property
    def claimed(self) -> Sequence[Claimed]:
        """The answers that this process sends. Raises LookupError before the commit."""
        return [_claimed(row, self.answers[row.conversation_id]) for row in self.done.rows]

    @property
    def is_more_said(self) -> bool:
        """Whether somebody has to look for what else was said; as `claimed`."""
        return len(self.answers) > len(self.done.rows)


NOTHING: Final = Written()


def write(db: Db, ran: Sequence[Ran], timing: Timing, lease: Lease | None = None, *, is_last: bool = False) -> Written:
    """Write all turns of a batch in one statement; with a lease, answers are claimed by it.

    One that is the last of its transaction is run with the commit.
    """
    if not ran:
        return NOTHING
    began = clock.uptime()
    held = [Held(r.prepared.conversation_id, secrets.randbits(63), document_of(r)) for r in ran]
    given = {
        "turns": [_turn_row(r, h.document["session"]) for r, h in zip(ran, held, strict=True)],
        "bubbles": [bubble for r in ran for bubble in _bubbles(r, timing)],
        "moved": [_moved(r, h) for r, h in zip(ran, held, strict=True)],
        "taps": [_tap(r) for r in ran if r.tapped is not None],
    }
    done = (db.run_last if is_last else db.run)(
        WRITE,
        given=compiled_json.dumps(given),
        settled=[inbox for r in ran for inbox in r.prepared.waiting.inbox_ids],
        moved=[h.conversation_id for h in held],
        too_old=timing.reply_too_old,
        owner=lease.owner if lease else None,
        lease=lease.seconds if lease else 0.0,
    )
    unclear.keep(db, [r.unclear for r in ran if r.unclear])
    answers = {r.prepared.conversation_id: _answer(r) for r in ran if r.composed.bubbles}
    return Written(held, done, began, answers)


def _tap(ran: Ran) -> dict[str, Any]:
    """Whose button was tapped has arrived, whatever the provider says of it.

    It is known by the copy that was tapped: else one with equal words, in doubt later, would be found in that copy.
    """
    message = ran.prepared.waiting.message
    return {
        "conversation": ran.prepared.conversation_id,
        "said": ran.tapped,
        "tap": message.tap,
        "copy": message.replied_to,
    }


def document_of(ran: Ran) -> dict[str, Any]:
    """A conversation's document after a turn."""
    return {"session": ran.composed.session.to_document(), "memory": dict(ran.memory)}


def _turn_row(ran: Ran, after: Mapping[str, Any]) -> dict[str, Any]:
    """`after`: the session's document."""
    waiting, session = ran.prepared.waiting, ran.composed.session
    return {
        "conversation": waiting.conversation_id,
        "inbox": waiting.inbox_ids,
        "hat": session.hat,
        "state_before": ran.before.state,
        "state_after": session.state,
        "read_as": ran.turned.route.how,
        "outcomes": ran.turned.outcomes,
        "answers": ran.answers,
        "reader": _reader(ran),
        "before": ran.prepared.document.get("session", {}),
        "after": after,
        "said": said_of(ran.turned.bubbles),
        "version": ran.version,
        "now": waiting.now.isoformat(),
    }


def _reader(ran: Ran) -> dict[str, Any]:
    """What a replay needs beside the answers to come to the same words and the same session."""
    person = ran.prepared.person
    return {
        "hats": person.hats,
        "language": ran.reader.language,
        "is_in_text_mode": ran.reader.is_in_text_mode,
        "said": ran.prepared.said,
        "is_after_silence": ran.moment.is_after_silence,
        "is_held": ran.moment.is_held,
        "is_late": ran.moment.is_late,
        "blocked": ran.moment.blocked,
        "allowed": [ran.moment.allowed.turns, ran.moment.allowed.equal],
        "footnotes": [key for bubble in ran.turned.bubbles for key in bubble.footnotes],
    }


def _last_in(ran: Ran) -> str | None:
    """When the person wrote, by the provider's clock where it tells: a message that came late opened its window then.

    A signal of our own, a public comment or an event opens none.
    """
    waiting = ran.prepared.waiting
    return waiting.said_at.isoformat() if waiting.message.is_spoken else None


def _has_part(ran: Ran) -> bool:
    """Whether the bot heard something: what happens at the provider, or is said to one of ours, ends no silence."""
    return ran.turned.route.how != "held" and ran.prepared.waiting.message.happened is None


def _bubbles(ran: Ran, timing: Timing) -> list[dict[str, Any]]:
    """Bubbles as rows; the private answer to a comment may go out longer than others."""
    waiting = ran.prepared.waiting
    about = {"about": told} if (told := _about(ran)) else {}
    until = comments.latest(waiting.message, waiting.received_at, timing) if waiting.message.comment else None
    return [
        {
            **about,
            "conversation_id": waiting.conversation_id,
            "account_id": waiting.account_id,
            "said": ran.prepared.said,
            "place": place,
            "bubble": outgoing_to_document(bubble),
            "until": until.isoformat() if until else None,
        }
        for place, bubble in enumerate(ran.composed.bubbles, start=1)
    ]


def _about(ran: Ran) -> dict[str, Any]:
    return {"topic": CONSENT} if ran.turned.route.how == "consent" else {}


def _answer(ran: Ran) -> Answer:
    return Answer(ran.prepared.waiting.account_id, ran.prepared.said, ran.composed.bubbles[0], _about(ran))


def _moved(ran: Ran, held: Held) -> dict[str, Any]:
    return {
        "id": held.conversation_id,
        "revision": held.revision,
        "document": held.document,
        "last_in": _last_in(ran),
        "joins": ran.joins,
        "wait": ran.wait,
        "has_part": _has_part(ran),
        "held_until": ran.held_until.isoformat() if ran.held_until else None,
    }


def _claimed(row: Any, answer: Answer) -> Claimed:
    """An answer that is claimed as it is written: `row` tells its id, when it is too old, and of its person."""
    return Claimed(
        id=row.id,
        conversation_id=row.conversation_id,
        account_id=answer.account_id,
        kind="reply",
        said_at=answer.said_at,
        bubble=answer.bubble,
        template=None,
        needs_template=False,
        attempts=1,
        error="",
        about=answer.about,
        resent=0,
        **of_person(row, answer.bubble),
    )
