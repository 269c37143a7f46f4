"""One turn: what it is given, the machine's way through it, and what it leaves to be written."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from base.accounts import ChannelAccount, Rates
from base.config import Config
from base.db import Database, Db
from bot import comments, first_words, handover, happenings, quoting, sources, suspension, unclear, voices
from bot.answers import Composed, Reader, compose
from bot.blocking import TOLD, note_block
from bot.dialog import State
from bot.machine import advance
from bot.messages import Limits
from bot.pace import Allowed
from bot.session import Session
from bot.sessions import Sessions
from bot.taps import read_tap
from bot.turn import Person, Turn
from bot.unclear import Unclear
from bot.waiting import UNREADABLE, Waiting
from bot.world import Blocked, Dialogs, Moment, Turned, open_question
from bot.worlds import Consenting, LiveWorld, Recognising


class UnreadableMessage(Exception):
    """An inbox row that this version cannot read."""


@dataclass(frozen=True)
class Bot:
    """What turns need beside the database: dialogs, sessions, channel limits by account id, consents, settings."""

    config: Config
    database: Database
    sessions: Sessions
    dialogs: Dialogs
    accounts: Mapping[int, ChannelAccount]
    limits: Mapping[str, Limits]
    consenting: Consenting
    recognising: Recognising
    version: str = ""


@dataclass(frozen=True)
class Prepared:
    """A message with the session's document."""

    waiting: Waiting
    document: Mapping[str, Any]

    @property
    def conversation_id(self) -> int:
        """The conversation it belongs to."""
        return self.waiting.conversation_id

    @property
    def person(self) -> Person:
        """Who has said it."""
        return self.waiting.person

    @property
    def said(self) -> int:
        """The number that its bubbles will carry."""
        return self.waiting.said


@dataclass(frozen=True)
class Ran:
    """A turn that was made and is not yet written."""

    prepared: Prepared
    before: Session
    reader: Reader
    moment: Moment
    turned: Turned
    composed: Composed
    memory: Mapping[str, Any]
    answers: Sequence[Sequence[Any]]
    version: str
    tapped: int | None  # said number of what was tapped: the bubble with that button has arrived
    joins: str  # which messages join next
    wait: float | None  # seconds until a `wait` that is now open ends
    unclear: Unclear | None = None  # what was not understood
    held_until: datetime | None = None  # a person answers by hand until then


def prepare(db: Db, sessions: Sessions, ready: Sequence[Waiting]) -> list[Prepared]:
    """Read the documents for all messages of a batch, in one statement where Redis has not all."""
    if not ready:
        return []
    documents = sessions.read(db, {w.conversation_id: w.revision for w in ready})
    return [Prepared(w, documents[w.conversation_id]) for w in ready]


def run(bot: Bot, db: Db, prepared: Prepared) -> Ran:
    """Make one turn. Raises Alone (before it has written anything) and whatever its steps raise."""
    waiting = prepared.waiting
    if waiting.message is UNREADABLE:
        raise UnreadableMessage(waiting.inbox_ids[0])
    before = Session.from_document(prepared.document.get("session", {}))
    silence = comments.silence(prepared.document.get("memory", {}), bot.config.timing)
    moment = moment_of(waiting, silence, bot.accounts[waiting.account_id].rates, _blocked(prepared))
    turn = _turn(bot, db, prepared, "" if moment.is_after_silence else before.state)
    if waiting.message.happened:
        happenings.heed(turn, waiting.message.happened)
    else:
        if waiting.message.deletes:
            voices.take_back(turn, waiting.message.deletes)
        first_words.meet(turn, [name for name in waiting.message.sender.identities if name.kind != "comment"])
    world = LiveWorld(turn, bot.consenting, bot.recognising)
    turned = advance(bot.dialogs, before, waiting.message, world, moment)
    note_block(turn, turned)
    footnotes = (
        *handover.follow(turn, turned, was_held=moment.is_held),
        *first_words.say_once(turn, turned),
        *suspension.say_why(turn, turned, bot.dialogs),
    )
    turned = first_words.below(turned, footnotes)
    reader = reader_of(bot, turn)
    composed = compose(turned.bubbles, turned.session, reader, prepared.said, moment.minute)
    composed = quoting.answering(composed, waiting.message, turned, moment)
    composed = comments.in_private(composed, waiting.message.comment, reader.limits)
    _note_arrival(turn, is_answered=bool(composed.bubbles))
    tap = read_tap(waiting.message.tap)
    _, state = open_question(bot.dialogs, composed.session)
    return Ran(
        prepared=prepared,
        before=before,
        reader=reader,
        moment=moment,
        turned=turned,
        composed=composed,
        memory=turn.memory,
        answers=world.answers,
        version=bot.version,
        tapped=tap.said if tap else None,
        joins=state.joins if state else "words",
        wait=state.seconds if state and state.kind == "wait" else None,
        unclear=unclear.of(turn.person.contact_id, waiting.message, turned, _open_before(bot, before), world.answers),
        held_until=turn.held_until,
    )


def _note_arrival(turn: Turn, *, is_answered: bool) -> None:
    """At a turn's end: what brought its person, and that his comment is answered; one that is not brought nobody."""
    if turn.said.comment and not is_answered:
        return
    sources.note(turn)
    if turn.said.comment:
        comments.note(turn)
    elif turn.said.is_spoken:
        turn.memory.pop(comments.ANSWERED, None)


def _open_before(bot: Bot, before: Session) -> State | None:
    """The state whose question a message came to; None at the start, and where the table no longer has it."""
    hat, _, name = before.state.partition(".")
    dialog = bot.dialogs.get(hat)
    return dialog.states.get(name) if dialog else None


def _turn(bot: Bot, db: Db, prepared: Prepared, asked: str) -> Turn:
    waiting = prepared.waiting
    phones = [i.value for i in waiting.message.sender.identities if i.kind == "phone"]
    return Turn(
        db=db,
        config=bot.config,
        person=prepared.person,
        conversation_id=waiting.conversation_id,
        account_id=waiting.account_id,
        inbox_id=waiting.inbox_ids[-1],
        now=waiting.now,
        memory=dict(prepared.document.get("memory", {})),
        words=waiting.message.text,
        said=waiting.message,
        inbox_ids=waiting.inbox_ids,
        phone=phones[0] if phones else "",
        asked=asked,
        held_until=waiting.held_until if waiting.is_held else None,
    )


def _blocked(prepared: Prepared) -> Blocked:
    if not prepared.person.is_blocked:
        return ""
    return "told" if prepared.document.get("memory", {}).get(TOLD) else "new"


def moment_of(waiting: Waiting, silence: float, rates: Rates, blocked: Blocked = "") -> Moment:
    """The minute of a turn, whether its person was silent for more than `silence` seconds, and how fast he may go.

    Silence counts from the last turn that the bot had a part in, and so does what comes late; also whether somebody of
    ours answers by hand.
    """
    quiet = waiting.last_at is not None and waiting.now - waiting.last_at > timedelta(seconds=silence)
    allowed = Allowed(rates.turns, rates.equal_answers)
    return Moment(int(waiting.now.timestamp() // 60), quiet, allowed, waiting.is_held, waiting.is_late, blocked)


def reader_of(bot: Bot, turn: Turn) -> Reader:
    """Who reads a turn's bubbles; a step may just have changed the person's language or mode, which steps leave in
    `turn.person`."""
    limits = limits_of(bot, turn.account_id)
    return Reader(turn.person.language, turn.person.is_in_text_mode, limits, bot.config.server.base_url)


def limits_of(bot: Bot, account_id: int) -> Limits:
    """What an account can show: its channel's limits, and a catalogue only where it has one."""
    account = bot.accounts[account_id]
    limits = bot.limits[account.kind]
    if account.has_catalogue or "catalogue" not in limits.asks:
        return limits
    return replace(limits, asks=limits.asks - {"catalogue"})
