"""The job that counts what is too long for a turn, and brings it to who waits: one at a time, in a time of its own."""

from collections.abc import Callable, Mapping
from typing import Final

from psycopg.errors import QueryCanceled

from base.config import Config
from base.db import Database, Db
from base.facts import record
from base.log import logger
from bot import locks, long_counts, market_words
from bot.broadcasts import counting, drafts
from bot.broadcasts.counting import Preview
from bot.broadcasts.drafts import Broadcast
from bot.broadcasts.facts import BroadcastCounted
from bot.broadcasts.sending import RESUMABLE
from bot.long_counts import Awaited
from bot.market_words import FiguresCounted

log = logger(__name__)
WAITED_FOR: Final = ("draft", "waiting_second", *RESUMABLE)  # states in which somebody is asked for an OUI
Told = Callable[[Db], None]  # in a transaction of its own: what was counted is kept, and who waits is told


def work(database: Database, config: Config) -> int:
    """A job: count what waits longest; returns how many there were, 0 or 1.

    Nothing is locked meanwhile, and nothing is lost with the process: what is not settled is counted anew.
    """
    with database.autocommit() as db:
        if not long_counts.are_due(db):
            return 0
    awaited: Awaited | None = None
    try:
        with database.transaction() as db:
            awaited = long_counts.due(db)
            most = f"{int(config.timing.count_apart * 1000)}ms"
            db.rows("select set_config('statement_timeout', %(most)s, true)", most=most)
            tell = COUNTS[awaited.kind](db, config, awaited) if awaited else None
    except QueryCanceled:
        log.warning("count_too_long", kind=awaited.kind if awaited else "")
        with database.unit_of_work() as db:
            if awaited:
                long_counts.put_off(db, awaited, config.timing.count_again)
        return 1
    if tell is None:
        return 0
    with database.unit_of_work() as db:
        tell(db)
    return 1


def _announcement(db: Db, config: Config, awaited: Awaited) -> Told:
    found = drafts.read(db, int(awaited.about["broadcast"]))
    if found is None or found.state not in WAITED_FOR or (found.state == "draft" and found.people is not None):
        return lambda told: _leave(told, awaited)  # nobody is asked, or it was counted in a turn since
    draft = found.draft if found.state in ("draft", "waiting_second") else drafts.as_of_now(found)
    seen = drafts.counted(db, config, draft)
    return lambda told: _keep(told, awaited, found, seen)


def _leave(db: Db, awaited: Awaited) -> None:
    long_counts.settle(db, awaited)


def _keep(db: Db, awaited: Awaited, found: Broadcast, seen: Preview) -> None:
    """What has become another one meanwhile is counted anew: it is due still."""
    locks.broadcast(db, found.id)
    now = drafts.read(db, found.id)
    if now is None or (now.draft, now.state) != (found.draft, found.state):
        return
    counting.keep(db, found.id, seen)
    if chats := long_counts.settle(db, awaited):
        record(db, BroadcastCounted(found.id, tuple(chats)))


def _figures(db: Db, config: Config, awaited: Awaited) -> Told:
    counted = market_words.count(db, str(awaited.about["period"]))

    def tell(told: Db) -> None:
        if chats := long_counts.settle(told, awaited):
            record(told, FiguresCounted(tuple(chats), counted))

    return tell


COUNTS: Final[Mapping[str, Callable[[Db, Config, Awaited], Told]]] = {
    "announcement": _announcement,
    "figures": _figures,
}
