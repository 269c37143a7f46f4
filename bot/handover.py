"""Who answers a chat: the bot, or for some hours somebody of ours by hand.

Whoever answers in the Page's inbox, in the phone's app, or takes a chat over by his button silences the bot there, for
`timing.handover` after each such answer. Meanwhile what the person says is read, recorded and not answered; what was
about to be said is left out, as are reminders, alerts and announcements (bot/verdicts.py). News of orders goes on:
money and goods are real, and whoever answers by hand does not tell of them. The person calls the bot back by a word
or by one of its buttons (bot/routing.py), and is told once that he speaks with it again.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final, Literal

from base import facts
from base.db import Db, jsonb
from bot import attention, locks
from bot.documents import incoming_to_json
from bot.messages import Happened, Incoming, Sender
from bot.turn import Turn
from bot.world import Turned
from catalog import locks as catalog_locks

TAKEN, AWAITED = "taken_over", "reply_awaited_until"  # what a chat's memory knows of it
OVER: Final = "handover.over"  # text key
STAYS: Final = frozenset({"held", "quiet", "consent", "hurried"})  # ways that leave a held chat as it is
CHOSEN: Final = frozenset({"answer", "page", "door", "back", "hat", "consent", "secret", "stale", "quiet"})
MOST_REPLIES: Final = 20  # messages of a person on one line
Event = Literal["taken_over", "given_back", "answered"]


@dataclass(frozen=True)
class HandWritten:
    """A fact: an organizer has written to a chat, because of a line of the list."""

    attention_id: int
    conversation_id: int
    words: str


@dataclass(frozen=True)
class Replied:
    """A fact: the person of a line has said something since an organizer answered it."""

    attention_id: int
    organizer_id: int  # contact.id
    name: str
    words: str


def take_over(turn: Turn, happened: Happened) -> None:
    """Somebody of ours has answered by hand: the bot is silent from now on, for as long as after the first time."""
    turn.held_until = turn.now + timedelta(seconds=turn.config.timing.handover)
    turn.memory[TAKEN] = True


def give_back(turn: Turn, happened: Happened) -> None:
    """Nobody answers by hand any more."""
    turn.held_until = None


def expect_reply(turn: Turn, happened: Happened) -> None:
    """An organizer has answered, and the bot goes on: what the person says to that belongs to the organizer too."""
    until = turn.now + timedelta(seconds=turn.config.timing.handover)
    turn.memory[AWAITED] = until.isoformat()


def follow(turn: Turn, turned: Turned, *, was_held: bool) -> Sequence[str]:
    """What a turn means for the handover: who has it from now on, and which organizer hears of a reply.

    Returns the text keys that belong below its answer: the first one after somebody of ours says who speaks.
    """
    how = turned.route.how
    if was_held and how not in STAYS:
        turn.held_until = None
    if how == "held" or (how not in CHOSEN and _is_awaited(turn)):
        _pass_on(turn)
    if turn.held_until or not turned.bubbles or not turn.memory.pop(TAKEN, False):
        return ()
    return (OVER,)


def _is_awaited(turn: Turn) -> bool:
    until = str(turn.memory.get(AWAITED, ""))
    return bool(until) and turn.now < datetime.fromisoformat(until)


def _pass_on(turn: Turn) -> None:
    """Add what the person said to the line that an organizer answered; he is told once for each answer."""
    said = turn.said
    if not said.is_spoken or said.tap or not (said.text or said.media):
        return
    line = locks.answered_line(turn.db, turn.conversation_id, MOST_REPLIES)
    if line is None:
        return
    replies = [*line.about.get("replies", []), *turn.inbox_ids]
    _note(turn.db, line.id, {"replies": replies, "is_told": True})
    if not line.about.get("is_told"):
        by = int(line.about["answered_by"])
        facts.record(turn.db, Replied(line.id, by, turn.person.name, said.text))


def answer(turn: Turn, attention_id: int, words: str) -> bool:
    """An organizer writes to the person of a line; False when it is settled. Raises Alone in a batch."""
    chat = _taken(turn, attention_id, "answered")
    if chat is not None:
        facts.record(turn.db, HandWritten(attention_id, chat, words))
    return chat is not None


def hold(turn: Turn, attention_id: int) -> bool:
    """An organizer takes the chat of a line over; False when it is settled. Raises Alone in a batch."""
    return _taken(turn, attention_id, "taken_over") is not None


def release(turn: Turn, attention_id: int) -> bool:
    """He gives it back; False when the line is settled. Raises Alone in a batch."""
    return _taken(turn, attention_id, "given_back") is not None


def _taken(turn: Turn, attention_id: int, what: Event) -> int | None:
    """The chat of an open line that this organizer sees to from now on; it learns what happened in a turn of its own.

    A turn locks no other chat and changes none: it puts a message of ours into that chat's inbox.
    """
    catalog_locks.questions(turn.db, attention.questions_of(turn.db, [attention_id]))
    locks.attention(turn.db, [attention_id])
    chat = _note(turn.db, attention_id, {"answered_by": turn.person.contact_id, "is_told": False})
    if chat is not None:
        event = Incoming(f"{what}:{attention_id}:{turn.inbox_id}", Sender(()), happened=Happened(what))
        put_event(turn.db, chat, event)
    return chat


def put_event(db: Db, conversation_id: int, event: Incoming) -> None:
    """Put a message of ours into a chat's inbox: that chat learns what happened in a turn of its own."""
    db.run(
        "insert into inbox (account_id, conversation_id, provider_id, message, raw)"
        " select account_id, id, %(provider)s, %(message)s::jsonb, ''::bytea from conversation where id = %(chat)s",
        provider=event.provider_id,
        message=incoming_to_json(event),
        chat=conversation_id,
    )


def _note(db: Db, attention_id: int, known: Mapping[str, Any]) -> int | None:
    """Add this to an open line of a chat; the chat's id, None when it is settled or is no chat's."""
    rows = db.run(
        "update attention set about = about || %(known)s"
        " where id = %(id)s and settled_at is null and conversation_id is not null returning conversation_id",
        known=jsonb(dict(known)),
        id=attention_id,
    ).rows
    return int(rows[0].conversation_id) if rows else None
