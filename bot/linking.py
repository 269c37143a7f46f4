"""One person in two messengers: a code asked for in one chat and typed in the other makes them one, until it is undone.

The code has six digits and is good for ten minutes and for one use. What the database keeps of it is a keyed hash, and
a salt from which only who holds LASTING_KEY makes it again; it stands in the bubble that shows it, as anything said.
Whoever guesses has five wrong tries an hour. After a hundred of all together it is slow: whoever had a wrong one waits,
so that a flood of a few keeps nobody else from linking; operators see a figure and a warning. After three hundred it is
over for that hour: whoever has hundreds of accounts guess day and night has one hit in four months for each code that
is open all the while, among 900,000. A right code asks for a yes, and the other chat is told at once how to undo it.

What a person has in both chats is then one: basket, orders, alerts. The stricter of two wishes about being written to
counts. Rights are suspended on both sides until an organizer has made sure who it is. Undone, each side has again what
it had brought; what was bought meanwhile stays with the one that gave the code.
"""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

from base import facts
from base.db import Db, jsonb
from base.invariants import Invariant
from base.log import logger
from base.secret import Secret
from base.timing import Timing
from base.tokens import keyed_hash
from bot import brought, consent, contacts, erasure, figures, locks, suspension
from bot.consent import Said
from catalog.stock import Cause
from orders import joining
from orders.joining import Brought

log = logger(__name__)
LEAST: Final = 100_000  # six digits, and none of them a leading zero
CODES: Final = 900_000
MOST_WRONG: Final = 5  # of one person in `timing.link_tries`
MOST_WRONG_OF_ALL: Final = 100  # then one of each person
MOST_WRONG_EVER: Final = 300  # then nobody
ONE_PERSON: Final = Invariant(
    "linked_people_are_one",
    """
select 'contact ' || l.from_contact_id as row, 'is linked, and has what belongs to contact ' || l.contact_id as says
from chat_link l where exists (select from "order" o where o.contact_id = l.from_contact_id)
  or exists (select from basket b where b.contact_id = l.from_contact_id)
  or exists (select from role r where r.contact_id = l.from_contact_id and r.suspended_at is null)
  or exists (select from conversation c where c.contact_id = l.from_contact_id)
""",
)
INVARIANTS: Final = (ONE_PERSON,)
Refusal = Literal["same", "taken", "leaving", "busy"]


@dataclass(frozen=True)
class Asked:
    """An open code: whose, in which chat and on what kind of channel it was asked for."""

    contact_id: int
    conversation_id: int
    hash: str
    name: str
    channel: str


@dataclass(frozen=True)
class ChatsLinked:
    """A fact: this chat gave the code, and another one on a channel of this kind was linked to its person."""

    conversation_id: int
    channel: str


def draw(db: Db, contact_id: int, conversation_id: int, secret: Secret, timing: Timing) -> None:
    """A new code for this person, in the place of an older one."""
    while not _put(db, contact_id, conversation_id, secret, timing):
        continue


def _put(db: Db, contact_id: int, conversation_id: int, secret: Secret, timing: Timing) -> bool:
    salt = secrets.token_hex(16)
    return (
        db.run(
            "insert into chat_link_code (contact_id, conversation_id, salt, hash, expires_at)"
            " select %(contact)s, %(conversation)s, %(salt)s, %(hash)s, market_now() + make_interval(secs => %(kept)s)"
            " where not exists (select from chat_link_code where hash = %(hash)s and contact_id <> %(contact)s)"
            " on conflict (contact_id) do update set conversation_id = excluded.conversation_id,"
            " salt = excluded.salt, hash = excluded.hash, expires_at = excluded.expires_at",
            contact=contact_id,
            conversation=conversation_id,
            salt=salt,
            hash=_hash(secret, _code(secret, salt)),
            kept=timing.link_code,
        ).count
        > 0
    )


def _code(secret: Secret, salt: str) -> str:
    return str(LEAST + int(keyed_hash(secret, "link-salt", salt), 16) % CODES)


def _hash(secret: Secret, code: str) -> str:
    return keyed_hash(secret, "link-code", code)


def code_of(db: Db, contact_id: int, secret: Secret) -> str:
    """The code that this person has open, six digits; '' without one."""
    salt = db.value(
        "select salt from chat_link_code where contact_id = %(id)s and expires_at > market_now()", id=contact_id
    )
    return _code(secret, salt) if salt else ""


def find(db: Db, contact_id: int, typed: str, secret: Secret, timing: Timing) -> Asked | Literal["wrong", "too_often"]:
    """Whose open code this is. A wrong one counts; after too many, right ones are not looked at either."""
    if _is_too_often(db, contact_id, timing):
        return "too_often"
    asked = open_code(db, _hash(secret, typed))
    if asked is None:
        db.run("insert into chat_link_try (contact_id) values (%(id)s)", id=contact_id)
        _watch(db, timing)
        return "wrong"
    return asked


def _is_too_often(db: Db, contact_id: int, timing: Timing) -> bool:
    own, total = _wrong(db, contact_id, timing)
    return own >= (MOST_WRONG if total < MOST_WRONG_OF_ALL else 1) or total >= MOST_WRONG_EVER


def _wrong(db: Db, contact_id: int, timing: Timing) -> tuple[int, int]:
    """The wrong codes that count still: this person's, and all."""
    row = db.one(
        "select count(*) filter (where contact_id = %(id)s) as own, count(*) as total from chat_link_try"
        " where at > market_now() - make_interval(secs => %(tries)s)",
        id=contact_id,
        tries=timing.link_tries,
    )
    return (row.own, row.total) if row else (0, 0)


def _watch(db: Db, timing: Timing) -> None:
    """Operators see that codes are guessed."""
    _, total = _wrong(db, 0, timing)
    if total >= MOST_WRONG_OF_ALL:
        figures.add(db, figures.LINK_CODES_GUESSED, 1)
        log.warning("link_codes_guessed", count=total)


def open_code(db: Db, hashed: str) -> Asked | None:
    """The code of this hash, while it is good."""
    row = db.one(
        "select k.contact_id, k.conversation_id, k.hash, p.name, a.kind as channel from chat_link_code k"
        " join contact p on p.id = k.contact_id join conversation c on c.id = k.conversation_id"
        " join channel_account a on a.id = c.account_id"
        " where k.hash = %(hash)s and k.expires_at > market_now() and c.contact_id = k.contact_id",
        hash=hashed,
    )
    return Asked(**row._asdict()) if row else None


def obstacle(db: Db, contact_id: int, asked: Asked) -> Refusal | None:
    """Why these two cannot be one: it is the same person, both have a chat on one account, one of them is leaving."""
    if asked.contact_id == contact_id:
        return "same"
    if erasure.due_of(db, contact_id) or erasure.due_of(db, asked.contact_id):
        return "leaving"
    both = "select count(*) > count(distinct account_id) from conversation where contact_id = any(%(ids)s)"
    return "taken" if db.value(both, ids=[contact_id, asked.contact_id]) else None


def has_roles(db: Db, contact_ids: Sequence[int]) -> bool:
    """Whether one of these has rights that will be suspended."""
    held = "select exists (select from role where contact_id = any(%(ids)s) and suspended_at is null)"
    return bool(db.value(held, ids=list(contact_ids)))


def link(db: Db, said: Said, own_chat: int, asked: Asked) -> Literal["linked"] | Refusal:
    """Make the person who said yes one with whoever gave the code. For a turn by itself, its own chat locked.

    His other chats are locked without waiting: `busy` when one of them is in a turn.
    """
    former, now = said.contact_id, asked.contact_id
    locks.contacts(db, [former, now])  # from here on neither gets another chat
    refused = obstacle(db, former, asked)
    if refused:
        return refused
    chats = contacts.chats_of(db, former)
    if not locks.conversations(db, chats):
        return "busy"
    goods = joining.join(db, former, now, Cause(now, said.inbox_id))
    suspension.suspend(db, former, "linked")
    suspension.suspend(db, now, "linked")
    roles = suspension.move(db, former, now, with_taken=True)
    _move_chats(db, chats, former, now)
    copied = brought.bring(db, former, now)
    consent.keep_stricter(db, Said(now, said.account_id, said.words, said.inbox_id), former)
    db.run("delete from chat_link_code where contact_id = any(%(ids)s)", ids=[former, now])
    db.run("update chat_link set contact_id = %(now)s where contact_id = %(former)s", now=now, former=former)
    db.run(
        "insert into chat_link (contact_id, from_contact_id, conversations, orders, roles, copied)"
        " values (%(now)s, %(former)s, %(chats)s, %(orders)s, %(roles)s, %(copied)s)",
        now=now,
        former=former,
        chats=chats,
        orders=list(goods.orders),
        roles=roles,
        copied=jsonb({**copied, "lines": goods.lines, "address": goods.address, "payment": goods.payment}),
    )
    facts.record(db, ChatsLinked(asked.conversation_id, channel_of(db, own_chat)))
    return "linked"


def channel_of(db: Db, conversation_id: int) -> str:
    """The kind of channel that a chat is on."""
    kind = "select a.kind from conversation c join channel_account a on a.id = c.account_id where c.id = %(id)s"
    return str(db.value(kind, id=conversation_id) or "")


def _move_chats(db: Db, chats: Sequence[int], former: int, now: int) -> None:
    db.run(
        "update identity set contact_id = %(now)s where contact_id = %(former)s"
        " and account_id in (select account_id from conversation where id = any(%(chats)s))",
        former=former,
        now=now,
        chats=list(chats),
    )
    db.run(
        "update conversation set contact_id = %(now)s where id = any(%(chats)s) and contact_id = %(former)s",
        now=now,
        former=former,
        chats=list(chats),
    )


@dataclass(frozen=True)
class Linked:
    """A link that stands: its row, the kinds of channel of the chats that would leave."""

    id: int
    channels: tuple[str, ...]


def standing(db: Db, contact_id: int, own_chat: int) -> Linked | None:
    """The link that `délier` means: the one by which this chat came, else the newest of this person."""
    row = db.one(
        "select l.id, array_agg(distinct a.kind) as channels from chat_link l"
        " join conversation c on c.id = any(l.conversations) join channel_account a on a.id = c.account_id"
        " where l.contact_id = %(id)s group by l.id"
        " order by %(chat)s = any(l.conversations) desc, cardinality(l.conversations), l.id desc limit 1",
        id=contact_id,
        chat=own_chat,
    )
    return Linked(row.id, tuple(sorted(row.channels))) if row else None


def unlink(db: Db, link_id: int, said: Said) -> Literal["unlinked", "none", "busy"]:
    """Undo a link of this person: its chats, and the orders and roles that came with it, are apart again.

    Rights that go back stay suspended until an organizer has made sure who is who. none: it was undone from another
    chat meanwhile.
    """
    contact_id = said.contact_id
    row: Any = db.one(
        "select * from chat_link where id = %(id)s and contact_id = %(contact)s", id=link_id, contact=contact_id
    )
    if row is None:
        return "none"
    chats = [chat for chat in contacts.chats_of(db, contact_id) if chat in row.conversations]
    if not locks.conversations(db, chats):
        return "busy"
    locks.contacts(db, [contact_id, row.from_contact_id])
    joining.part(db, _goods(row), contact_id, row.from_contact_id, Cause(contact_id, said.inbox_id))
    _move_chats(db, chats, contact_id, row.from_contact_id)
    brought.give_back(db, row, contact_id, chats)
    db.run("delete from chat_link where id = %(id)s", id=link_id)
    db.run(  # what had been linked to it before goes along
        "update chat_link set contact_id = %(former)s"
        " where contact_id = %(now)s and conversations <@ %(chats)s::bigint[]",
        former=row.from_contact_id,
        now=contact_id,
        chats=chats,
    )
    return "unlinked"


def _goods(row: Any) -> Brought:
    kept = row.copied
    lines = tuple((product, units, had) for product, units, had in kept.get("lines", ()))
    return Brought(tuple(row.orders), lines, bool(kept.get("address")), bool(kept.get("payment")))


def forget(db: Db, timing: Timing) -> int:
    """A job: codes that are over and wrong ones that no longer count; how many."""
    over = db.run("delete from chat_link_code where expires_at <= market_now()").count
    tries = "delete from chat_link_try where at <= market_now() - make_interval(secs => %(kept)s)"
    return over + db.run(tries, kept=timing.link_tries).count
