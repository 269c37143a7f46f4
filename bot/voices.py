"""Vendors' voice notes: each is a line of the organizers' list until somebody has typed what he hears."""

from dataclasses import dataclass
from typing import Final, Literal

from base.db import Db
from bot import attention, handover
from bot.masking import masked
from bot.messages import Happened, Incoming, Sender
from bot.turn import Turn

KIND: Final = "voice_to_type"  # of the line
UNCLEAR: Final = "voice_unclear"  # of that of a note which was typed and says nothing that is surely understood
MOST_OPEN: Final = 5  # notes of one chat that wait to be typed; further ones are one line together
LONGEST: Final = 500  # characters typed
LONGEST_ID: Final = 18  # digits
How = Literal["asked", "meant", "unclear", "may_not", "no_shop"]


@dataclass(frozen=True)
class VoiceRead:
    """A fact: what was typed of a vendor's voice note has been read, in the inbox row `inbox_id`.

    asked: it changes goods, as `lines` show and `adjustment_id` holds. meant: it leads somewhere. unclear: a person has
    to see to it. may_not: it is the owner's to say. no_shop: he answers for no shop now.
    """

    conversation_id: int
    inbox_id: int
    shop_id: int
    words: str
    how: How
    lines: str = ""
    adjustment_id: int = 0


def keep(turn: Turn, inbox_ids: tuple[int, ...]) -> bool:
    """Add a line for the voice note of these inbox rows; False where enough of this chat wait already."""
    waiting = turn.db.value(
        "select count(*) from attention where settled_at is null and kind = %(kind)s and conversation_id = %(chat)s",
        kind=KIND,
        chat=turn.conversation_id,
    )
    if waiting >= MOST_OPEN:
        return False
    about = {"contact": turn.person.contact_id, "inbox": list(inbox_ids)}
    attention.ask(turn.db, KIND, about, turn.conversation_id)
    return True


def send(db: Db, attention_id: int, words: str, by: int | None) -> bool:
    """What somebody typed goes to the vendor's chat, and its line is settled; False where it is settled, or no note's.

    `by` is the organizer's contact, None at the command line. Secret codes are masked. Raises Alone in a batch.
    """
    row = db.one(
        "select conversation_id, about from attention where id = %(id)s and kind = %(kind)s and settled_at is null",
        id=attention_id,
        kind=KIND,
    )
    text = tidy(words)
    if row is None or not text or not attention.settle(db, [attention_id], by):
        return False
    happened = Happened("typed", words=masked(text), rows=tuple(row.about["inbox"]))
    handover.put_event(db, row.conversation_id, Incoming(f"typed:{attention_id}", Sender(()), happened=happened))
    return True


def tidy(words: str) -> str:
    """Lines without blanks too many and without signs that cannot be seen; cut to what a note may say."""
    lines = (" ".join(line.split()) for line in words.splitlines())
    seen = ("".join(sign for sign in line if sign.isprintable()) for line in lines)
    return "\n".join(line for line in seen if line)[:LONGEST].strip()


def words_of(db: Db, contact_id: int, inbox_id: str) -> str:
    """What was typed in this inbox row of a chat of this person's; '' where it is no such row, or forgotten."""
    if not (inbox_id.isascii() and inbox_id.isdigit() and len(inbox_id) <= LONGEST_ID):
        return ""
    found = db.value(
        "select i.message->'happened'->>'words' from inbox i join conversation c on c.id = i.conversation_id"
        " where i.id = %(id)s and c.contact_id = %(contact)s and i.message->'happened'->>'what' = 'typed'",
        id=int(inbox_id),
        contact=contact_id,
    )
    return str(found or "")


def take_back(turn: Turn, provider_id: str) -> None:
    """The person has taken a message back: its note is typed by nobody any more. Raises Alone in a batch."""
    lines = turn.db.rows(
        "select a.id from attention a join inbox i on a.about->'inbox' @> to_jsonb(i.id)"
        " where a.settled_at is null and a.kind = %(kind)s and a.conversation_id = %(chat)s"
        " and i.conversation_id = %(chat)s and i.account_id = %(account)s and i.provider_id = %(provider)s",
        kind=KIND,
        chat=turn.conversation_id,
        account=turn.account_id,
        provider=provider_id,
    )
    if lines:
        attention.settle(turn.db, [line.id for line in lines], turn.person.contact_id)
