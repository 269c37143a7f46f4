"""Messages whose webhooks never came: asked for where providers remember them, and kept late (channels.md §1.8)."""

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from typing import Final, Protocol

from base.accounts import ChannelAccount
from base.db import Database, Db
from base.log import logger
from base.timing import Timing
from bot import figures
from bot.messages import Kept, Parsed
from bot.provider_answers import Remembered
from bot.storing import Storing
from bot.watching import SILENT

log = logger(__name__)
AT_ONCE: Final = 500  # messages that are kept together
ROUNDS: Final = 10  # times that many in one look

# Only one of several workers hears of a look that is due. The first look of an account asks nothing: what came before
# was never missed. Whoever was erased meanwhile is not found missing: the keys of his messages stay that long.
BEGIN: Final = """
with begun as (
  insert into reconcile as r (account_id, looked_until, begun_at) values (%(account)s, market_now(), market_now())
  on conflict (account_id) do update set begun_at = excluded.begun_at
    where r.begun_at <= market_now() - make_interval(secs => %(every)s)
  returning looked_until, looked_until = begun_at as is_first
)
select market_now() as now, is_first, greatest(
  looked_until - make_interval(secs => %(overlap)s), market_now() - make_interval(secs => %(most)s)) as since
from begun
"""
# A webhook in the spool of another machine is richer than what a provider remembers of its message, and would come
# second. A machine that has fallen silent may have one; an hour later it is taken for gone.
SPOOLS_WAIT: Final = """
with machines as (
  select distinct on (split_part(process, ':', 1)) at, has_spool from heartbeat
  where role = 'worker' and at > market_now() - interval '1 hour' order by split_part(process, ':', 1), at desc
)
select exists (select from machines where has_spool or at < market_now() - make_interval(secs => %(silent)s))
"""
UNKNOWN: Final = """
select p from unnest(%(ids)s::text[]) as p
where not exists (select from seen s where s.account_id = %(account)s and s.provider_id = p)
"""


class Memory(Protocol):
    """What a look needs of a channel whose provider remembers what came in."""

    def received_since(
        self, account: ChannelAccount, since: datetime, limit: int, unknown: Callable[[Sequence[str]], Collection[str]]
    ) -> Iterator[Remembered]:
        """The messages from then on, as far as `unknown` names their ids, `limit` at a time."""


@dataclass(frozen=True)
class Reconciling:
    """One account's looks; what they find is stored as every webhook is, so that keys in `seen` bar doubles."""

    database: Database
    storing: Storing
    timing: Timing
    memory: Memory
    account: ChannelAccount
    account_id: int

    def look(self) -> int:
        """A job: find and keep what was missed since the last look, when one is due; how many messages.

        The provider is asked outside of any transaction. What it cannot tell now, or the database not take, is asked
        for again next time. What waits in a spool, here or on another machine, was not missed: it comes first. Raises
        the errors of an absent database.
        """
        if not self.storing.spool.is_empty():
            return 0
        with self.database.unit_of_work() as db:
            begun = _begin(db, self.account_id, self.timing)
        if begun is None:
            return 0
        since, until = begun
        missed, is_whole = 0, False
        for found in islice(self.memory.received_since(self.account, since, AT_ONCE, self._unknown), ROUNDS):
            old = [kept for kept in found.messages if _said(kept, until) <= until]
            self._keep(old)
            missed, is_whole = missed + len(old), found.is_whole
        if is_whole:
            with self.database.unit_of_work() as db:
                _end(db, self.account_id, until)
        return missed

    def _unknown(self, ids: Sequence[str]) -> Collection[str]:
        with self.database.unit_of_work() as db:
            return {row.p for row in db.rows(UNKNOWN, account=self.account_id, ids=list(ids))}

    def _keep(self, missed: Sequence[Kept]) -> None:
        if not missed:
            return
        log.warning("webhooks_missed", account=self.account.key, count=len(missed))
        self.storing.store(self.account.key, Parsed(tuple(missed)))
        with self.database.unit_of_work() as db:
            figures.add(db, figures.WEBHOOKS_MISSED, len(missed))


def _begin(db: Db, account_id: int, timing: Timing) -> tuple[datetime, datetime] | None:
    """From when on and until when messages are looked for; None when no look is due, or a spool waits somewhere."""
    if db.value(SPOOLS_WAIT, silent=SILENT):
        return None
    rows = db.run(
        BEGIN,
        account=account_id,
        every=timing.reconcile_every,
        overlap=timing.reconcile_overlap,
        most=min(timing.reconcile_most, timing.chat_kept + timing.seen_kept_beyond),
    ).rows
    if not rows or rows[0].is_first:
        return None
    return rows[0].since, rows[0].now - timedelta(seconds=timing.reconcile_young)


def _end(db: Db, account_id: int, until: datetime) -> None:
    db.run(
        "update reconcile set looked_until = greatest(looked_until, %(until)s) where account_id = %(account)s",
        account=account_id,
        until=until,
    )


def _said(kept: Kept, otherwise: datetime) -> datetime:
    return kept.message.sent_at or otherwise
