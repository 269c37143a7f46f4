"""Which open messages of a locked conversation are taken now, and which of them are one."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from pydantic import ValidationError

from base.db import Db
from base.statements import Asked, Rows
from base.timing import Timing
from bot import contacts, locks
from bot.documents import incoming_from
from bot.inbox import may_join
from bot.locks import MOST_OPEN
from bot.messages import Incoming, Sender
from bot.plain_words import is_choice
from bot.signs import has_file
from bot.turn import Person

HELD_BACK = timedelta(seconds=30)  # more than clocks differ and a message is under way
OLDEST = timedelta(days=8)  # Meta tries seven days to bring a message (channels.md §2.2); and a day in our spool
UNREADABLE = Incoming("", Sender(()), unread="unreadable row")  # not what a channel of ours writes: another version
READ = f"""
with people as ({contacts.PEOPLE})
select i.*, c.said, market_now() as now, p.* from (
  select conversation, nextval('said_no') as said from unnest(%(ids)s::bigint[]) as u(conversation)) as c
cross join lateral (
  select id, conversation_id, message, attempts, received_at, due_at from inbox
  where conversation_id = c.conversation and state = 'open' order by id limit %(most)s) i
join people p on p.chat = c.conversation
order by i.conversation_id, i.id
"""


@dataclass(frozen=True)
class Waiting:
    """One conversation's next message: the inbox rows it is made of, its person, what is known of the conversation."""

    conversation_id: int
    account_id: int
    person: Person
    revision: int
    last_at: datetime | None
    now: datetime
    inbox_ids: tuple[int, ...]
    message: Incoming
    attempts: int
    received_at: datetime
    due_at: datetime  # of the first row: a try that is taken back puts it there again
    held_until: datetime | None = None  # until then a person answers by hand
    said: int = 0  # the number that its answer will carry
    is_followed: bool = False  # more is open in this conversation

    @property
    def said_at(self) -> datetime:
        """When it was said: by the provider's clock where it tells, but never after it came.

        No provider brings what is older than OLDEST: such a time (1970) is none, and when it came counts. To believe it
        would shut the window of who has just written; to doubt a true one opens one that the provider refuses.
        """
        sent_at = self.message.sent_at
        if sent_at is None or self.received_at - sent_at > OLDEST:
            return self.received_at
        return min(sent_at, self.received_at)

    @property
    def is_late(self) -> bool:
        """Whether the provider held it back, and it was said before the last turn: nobody meant what was asked since.

        A provider's clock may go behind ours, so that a quick answer seems older than its question: only what came
        longer after it was said than clocks differ was held back. `received_at` and `last_at` are of the database's.
        """
        is_held_back = self.received_at - self.said_at > HELD_BACK
        return is_held_back and self.last_at is not None and self.said_at < self.last_at

    @property
    def is_suspect(self) -> bool:
        """Whether it has failed before, so that it is never in a batch."""
        return self.attempts > 0

    @property
    def is_held(self) -> bool:
        """Whether a person answers this chat by hand now."""
        return self.held_until is not None and self.now < self.held_until


def read(db: Db, conversations: Rows, timing: Timing) -> list[Waiting]:
    """The next message of each locked conversation that has one due; a second statement on purpose.

    Read in the statement that locks, the rows would be as they were before the lock: turns would double.
    """
    return _next_of(conversations, db.rows(READ, ids=[c.id for c in conversations], most=MOST_OPEN), timing)


def lock_and_read(db: Db, ids: Sequence[int], timing: Timing) -> tuple[Rows, list[Waiting]]:
    """Lock those of these conversations that are free, and read their next messages, in one go of two statements."""
    wanted = list(ids)
    reading = Asked(READ, {"ids": wanted, "most": MOST_OPEN})
    locked, rows = db.rows_of_all([locks.free_conversations(wanted), reading])
    return locked, _next_of(locked, rows, timing)


def _next_of(conversations: Rows, rows: Rows, timing: Timing) -> list[Waiting]:
    by_conversation: dict[int, list[Any]] = {}
    for row in rows:
        by_conversation.setdefault(row.conversation_id, []).append(row)
    opened = ((c, by_conversation.get(c.id, [])) for c in conversations)
    found = ((c, open_rows, next_message(open_rows, timing)) for c, open_rows in opened)
    return [_waiting(c, group, is_followed=len(open_rows) > len(group)) for c, open_rows, group in found if group]


def next_message(rows: Sequence[Any], timing: Timing) -> list[Any]:
    """The rows, in id order, that make the next message; empty when nothing is to be taken yet.

    Rows up to the last that was due at once are taken; else all when the newest is due or the oldest is old enough.
    Of those the first message is made: words and files that follow each other, or one row. A row that failed before
    stands alone, and holds up the rest until its retry is due. What takes a part of it back is taken with it.
    """
    if not rows or (rows[0].attempts and rows[0].due_at > rows[0].now):
        return []
    if rows[0].attempts:
        return [rows[0]]
    ready = _ready(rows, timing)
    if not ready:
        return []
    first = ready[:1]
    for row in ready[1:]:
        if row.attempts or not _joins(first[-1], row):
            break
        first.append(row)
    return [*first, *_taking_back(rows, first)]


def _taking_back(rows: Sequence[Any], first: Sequence[Any]) -> list[Any]:
    """The later rows that delete or correct one of these: nobody is answered what he has taken back already."""
    if rows[-1].id == first[-1].id:
        return []
    given = {message_of(row).provider_id for row in first}
    later = (row for row in rows if row.id > first[-1].id and not row.attempts)
    return [row for row in later if {(told := message_of(row)).deletes, told.edits} & given - {""}]


def _ready(rows: Sequence[Any], timing: Timing) -> list[Any]:
    at_once = [place for place, row in enumerate(rows) if row.due_at <= row.received_at]
    if at_once:
        return list(rows[: at_once[-1] + 1])
    has_files = any(has_file(message_of(row)) for row in rows)
    most = timing.joins_photos_most if has_files else timing.joins_words_most
    newest_is_due = rows[-1].due_at <= rows[-1].now
    oldest_is_old = rows[0].received_at + timedelta(seconds=most) <= rows[0].now
    return list(rows) if newest_is_due or oldest_is_old else []


def message_of(row: Any) -> Incoming:
    """A row's message; UNREADABLE makes its turn fail, so that it is counted and ends as dead, beside its batch."""
    try:
        return incoming_from(row.message)
    except ValidationError:
        return UNREADABLE


def _joins(before: Any, row: Any) -> bool:
    """Whether two rows that follow each other are parts of one message; rows due at once came to stand alone."""
    if row.due_at <= row.received_at or before.due_at <= before.received_at:
        return False
    first, second = message_of(before), message_of(row)
    if not (may_join(first) and may_join(second)):
        return False
    mixed = has_file(first) != has_file(second)
    return not mixed or not is_choice(second.text if has_file(first) else first.text)


def _waiting(conversation: Any, group: Sequence[Any], *, is_followed: bool) -> Waiting:
    return Waiting(
        conversation_id=conversation.id,
        account_id=conversation.account_id,
        person=contacts.person_of(group[0]),
        revision=conversation.revision,
        last_at=conversation.last_at,
        now=group[0].now,
        inbox_ids=tuple(row.id for row in group),
        message=_joined([message_of(row) for row in group]),
        attempts=max(row.attempts for row in group),
        received_at=group[-1].received_at,
        due_at=group[0].due_at,
        said=group[0].said,
        held_until=conversation.held_until,
        is_followed=is_followed,
    )


def _joined(messages: Sequence[Incoming]) -> Incoming:
    """Several messages as one: texts on lines of their own, media in order, the last one's id.

    What was taken back is not among them; when nothing else is, it is a message that only takes back.
    """
    left = _left(messages)
    if len(left) < 2:
        return left[0] if left else messages[-1]
    text = "\n".join(message.text for message in left if message.text)
    media = tuple(media for message in left for media in message.media)
    replied_to = next((message.replied_to for message in left if message.replied_to), "")
    return replace(left[-1], text=text, media=media, replied_to=replied_to)


def _left(messages: Sequence[Incoming]) -> list[Incoming]:
    """The messages as they stand now, with the newest words of each that was corrected."""
    left: list[Incoming] = []
    for message in messages:
        gone = message.deletes or message.edits
        left = [other for other in left if not gone or gone not in (other.provider_id, other.edits)]
        left += [] if message.deletes else [message]
    return left
