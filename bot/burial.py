"""A message that failed five times: dead, kept for replay, and the person hears what to do."""

from dataclasses import replace

from base.db import Db
from base.log import logger
from bot import attention
from bot.messages import Incoming
from bot.outbox import Lease
from bot.records import NOTHING, Written, write
from bot.running import Bot, prepare, run
from bot.waiting import Waiting
from bot.world import PLAIN_SORRY, SORRY

log = logger(__name__)


def bury(bot: Bot, db: Db, waiting: Waiting, *, plainly: bool, lease: Lease | None = None) -> Written:
    """Settle a message as dead and say sorry with the open question; `plainly`: without, as asking it failed too.

    To what nobody has said in this chat, an event or a public comment, nothing is said, and no window opens.
    """
    if waiting.message.comment or waiting.message.happened:
        _settle_dead(db, waiting)
        return NOTHING
    error = db.value("select error from inbox where id = %(id)s", id=waiting.inbox_ids[0])  # `write` clears it
    signal = PLAIN_SORRY if plainly else SORRY
    apology = Incoming(waiting.message.provider_id, waiting.message.sender, signal=signal)
    prepared = prepare(db, bot.sessions, [replace(waiting, message=apology)])
    written = write(db, [run(bot, db, one) for one in prepared], bot.config.timing, lease)
    _settle(db, waiting, error)
    attention.ask(db, "message_dead", {"inbox": waiting.inbox_ids[0]}, waiting.conversation_id)
    return written


def bury_silently(db: Db, waiting: Waiting) -> None:
    """The last way: even a plain sorry failed, so that only the row is settled, and later messages go on."""
    _settle_dead(db, waiting)
    db.facts.clear()  # what tells the organizers may be what fails: they find the line in their list


def _settle_dead(db: Db, waiting: Waiting) -> None:
    _settle(db, waiting, db.value("select error from inbox where id = %(id)s", id=waiting.inbox_ids[0]))
    attention.ask(db, "message_dead", {"inbox": waiting.inbox_ids[0]}, waiting.conversation_id)


def _settle(db: Db, waiting: Waiting, error: str | None) -> None:
    db.run(
        "update inbox set state = 'dead', done_at = market_now(), error = %(error)s where id = any(%(ids)s)",
        ids=list(waiting.inbox_ids),
        error=error or "the process ended",
    )
    log.error("message_dead", inbox_id=waiting.inbox_ids[0], conversation_id=waiting.conversation_id)
