"""A message that failed five times: dead, kept for replay, and the person hears what to do."""

from dataclasses import replace

from base.db import Db
from base.log import logger
from bot import attention
from bot.messages import Incoming
from bot.records import write
from bot.running import Bot, prepare, run
from bot.sessions import Held
from bot.waiting import Waiting
from bot.world import PLAIN_SORRY, SORRY

log = logger(__name__)


def bury(bot: Bot, db: Db, waiting: Waiting, *, plainly: bool) -> list[Held]:
    """Settle a message as dead and say sorry with the open question; `plainly`: without, as asking it failed too."""
    signal = PLAIN_SORRY if plainly else SORRY
    apology = Incoming(waiting.message.provider_id, waiting.message.sender, signal=signal)
    prepared = prepare(db, bot.sessions, [replace(waiting, message=apology)])
    saved = write(db, [run(bot, db, one) for one in prepared], bot.config.timing)
    db.run(
        "update inbox set state = 'dead', error = coalesce(error, 'the process ended') where id = any(%(ids)s)",
        ids=list(waiting.inbox_ids),
    )
    attention.ask(db, "message_dead", {"inbox": waiting.inbox_ids[0]}, waiting.conversation_id)
    log.error("message_dead", inbox_id=waiting.inbox_ids[0], conversation_id=waiting.conversation_id)
    return saved
