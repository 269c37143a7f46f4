"""What operators watch: the market's figures from SQL at a scrape, as Prometheus reads them."""

import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, Final

from prometheus_client import CollectorRegistry, Metric, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily
from prometheus_client.registry import Collector

from base import disk
from base.db import FAILED, Database, Db
from base.log import logger, place_of
from bot import figures
from bot.invariants import INVARIANTS
from bot.outbox import PASSES, TEMPLATE_WAITS, WAITS_LONG
from bot.spool import Spool

log = logger(__name__)
SILENT: Final = 30.0  # seconds after which a worker that has not shown itself counts as gone
STATEMENT_MOST: Final = "2s"  # a scrape gives up sooner than Prometheus does
ANSWERS_WITHIN: Final = 3.0  # seconds; a database that says nothing until then is away, and holds no thread of a door


def _age(moment: str) -> str:
    return f"extract(epoch from market_now() - {moment})::float8"


# One statement. Each part reads a partial index on open rows or a table of a few rows, however much lies behind.
# Of a conversation only the first due message counts: those behind it, or behind one that waits for its retry, can't be
# taken before it (bot.locks.HEADS); likewise of what is to be said, none counts behind one that is tried again later,
# but for what may pass that one (bot.outbox.DUE), and none of an account that is paused.
READ: Final = f"""
with due as (
  select i.due_at from inbox i where i.state = 'open' and i.due_at <= market_now()
    and not exists (select from inbox o where o.conversation_id = i.conversation_id and o.state = 'open' and o.id < i.id
      and (o.attempts > 0 or o.due_at <= market_now()))
  order by i.due_at limit 1
), heads as (
  select k as kind, min(o.due_at) as due_at
  from channel_account a, unnest(array['reply', 'notice', 'bulk']) as k, lateral (
    select o.due_at from outbox o
    where o.state = 'waiting' and o.account_id = a.id and o.kind = k and o.due_at <= market_now()
      and (select e.id from outbox e where e.conversation_id = o.conversation_id and e.state = 'waiting'
        and e.due_at > market_now() and (e.said_at, e.place) < (o.said_at, o.place)
        and not {PASSES} and not {WAITS_LONG.format(kind="o.kind")} limit 1) is null
    order by o.due_at limit 1) o where a.paused_at is null group by k
), kinds as (
  select kind, coalesce(bubbles, 0) as bubbles, coalesce({_age("due_at")}, 0) as age
  from unnest(array['reply', 'notice', 'bulk']) as kind left join heads using (kind) left join (
    select kind, count(*) as bubbles from outbox where state = 'waiting' group by kind) w using (kind)
), doubts as (
  select count(*) as bubbles, coalesce({_age("min(sent_at)")}, 0) as age from outbox where state = 'uncertain'
), addresses as (
  select value, at from figure where starts_with(name, %(certificate)s)
), looks as (
  select substr(name, length(%(broken)s) + 1) as name, value, at from figure where name = any(%(invariants)s)
)
select
  coalesce((select {_age("due_at")} from due), 0) as inbox_oldest_due_seconds,
  coalesce((select least({_age("due_at")}, {_age("(select now from turn order by id desc limit 1)")}) from due), 0)
    as inbox_stalled_seconds,
  (select count(*) from inbox where state = 'open') as inbox_open,
  (select count(*) from inbox where state = 'dead') as inbox_dead,
  (select jsonb_object_agg(kind, age) from kinds) as outbox_oldest_due_seconds,
  (select jsonb_object_agg(kind, bubbles) from kinds) as outbox_waiting,
  (select count(*) from outbox where state = 'waiting' and attempts > 0 and kind <> 'bulk'
    and coalesce(error, '') <> '{TEMPLATE_WAITS}') as outbox_refused,
  (select bubbles from doubts) as outbox_uncertain,
  (select age from doubts) as outbox_oldest_uncertain_seconds,
  coalesce((select value from figure where name = %(doubled)s), 0) as possible_doubles,
  coalesce((select value from figure where name = %(lost)s), 0) as leases_lost,
  coalesce((select value from figure where name = %(missed)s), 0) as webhooks_missed,
  coalesce((select value from figure where name = %(guessed)s), 0) as link_codes_guessed,
  coalesce((select value from figure where name = %(unsubscribed)s), 0) as subscriptions_lost,
  coalesce((select value from figure where name = %(forgotten)s), 0) as rows_forgotten,
  (select {_age("at")} from figure where name = %(retention)s) as retention_seconds,
  (select jsonb_object_agg(key, (paused_at is not null)::int) from channel_account) as account_paused,
  (select count(*) from attention where settled_at is null) as attention_open,
  (select count(*) from broadcast where state = 'sending') as broadcasts_sending,
  (select count(*) from broadcast where state = 'paused') as broadcasts_paused,
  (select count(*) from heartbeat where role = 'worker' and at > market_now() - make_interval(secs => %(stale)s))
    as workers,
  (select {_age("max(at)")} from heartbeat where role = 'worker') as worker_heartbeat_seconds,
  (select jsonb_object_agg(name, value) from looks) as invariant_violations,
  (select {_age("min(at)")} from looks) as invariants_checked_seconds,
  (select {_age("at")} from figure where name = %(backup)s) as backup_seconds,
  (select min(value) - extract(epoch from market_now())::float8 from addresses) as certificate_left_seconds,
  (select {_age("min(at)")} from addresses) as certificate_seen_seconds
"""

# Column → what it says. What is not known yet is left out of the answer.
GAUGES: Final = {
    "inbox_oldest_due_seconds": "How long the oldest message that can be taken has been due; 0 when none is.",
    "inbox_stalled_seconds": "How long messages have been due without any turn being made; 0 when none is due.",
    "inbox_open": "Messages that are not answered yet.",
    "inbox_dead": "Messages that failed five times.",
    "outbox_refused": "Answers and news that were refused or sent in vain and wait for their next try.",
    "outbox_uncertain": "Bubbles whose sending was answered by nobody.",
    "outbox_oldest_uncertain_seconds": "How long ago the oldest of those was sent.",
    "attention_open": "Lines of the organizers' list.",
    "broadcasts_sending": "Announcements that are being sent.",
    "broadcasts_paused": "Announcements that have paused themselves and wait for a person.",
    "workers": "Workers that have shown themselves lately.",
    "worker_heartbeat_seconds": "How long ago the last worker showed itself.",
    "invariants_checked_seconds": "How long ago the invariants were looked at.",
    "retention_seconds": "How long ago all that was kept long enough was last forgotten.",
    "backup_seconds": "How long ago the last backup was made.",
    "certificate_left_seconds": "How long the first certificate of a public address is good, as a worker last saw it.",
    "certificate_seen_seconds": "How long ago a worker last reached the public address; of several the longest.",
}
LABELLED: Final = {
    "outbox_oldest_due_seconds": ("kind", "How long the oldest bubble has been due; 0 when none is."),
    "outbox_waiting": ("kind", "Bubbles that wait, due or not."),
    "account_paused": ("account", "Whether nothing is sent from this account."),
    "invariant_violations": ("invariant", "Rows that break an invariant; cli.py doctor names them."),
}
COUNTERS: Final = {
    "possible_doubles": "Bubbles that were sent again because nobody could say whether they had arrived.",
    "leases_lost": "Bubbles whose process was gone before it had settled them.",
    "webhooks_missed": "Messages whose webhooks never came, found at their provider.",
    "link_codes_guessed": "Wrong codes for linking chats beyond the hundredth of an hour.",
    "subscriptions_lost": "Looks at a Page that found that Meta tells us nothing more, or too little.",
    "rows_forgotten": "Rows that were forgotten as they had been kept long enough.",
}


def read(db: Db) -> Any:
    """The market's figures now, one column each."""
    return db.rows(
        READ,
        stale=SILENT,
        invariants=[figures.BROKEN + invariant.name for invariant in INVARIANTS],
        broken=figures.BROKEN,
        doubled=figures.POSSIBLE_DOUBLES,
        lost=figures.LEASES_LOST,
        missed=figures.WEBHOOKS_MISSED,
        guessed=figures.LINK_CODES_GUESSED,
        unsubscribed=figures.SUBSCRIPTIONS_LOST,
        backup=figures.BACKUP,
        certificate=figures.CERTIFICATE,
        forgotten=figures.FORGOTTEN,
        retention=figures.RETENTION,
    )[0]


@dataclass(frozen=True)
class Seen:
    """What the stores say: the market's figures (None: the database is away), whether Redis takes what it is told."""

    row: Any
    redis_is_up: bool


@dataclass(eq=False)
class Watching(Collector):
    """The figures of market and machine; a storm of scrapes costs the stores one look every few seconds."""

    database: Database
    spool: Spool
    redis_is_up: Callable[[], bool]
    known_for: float  # seconds
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _known: Seen = Seen(None, redis_is_up=False)
    _known_until: float = float("-inf")

    def text(self) -> bytes:
        """All of it in Prometheus's text format; with the database away too."""
        registry = CollectorRegistry()
        registry.register(self)
        return generate_latest(registry)

    def collect(self) -> Iterator[Metric]:
        """The machine's figures, whether the stores answer, and what the database says."""
        yield from self._disk()
        seen = self._look()
        yield GaugeMetricFamily("assigame_redis_up", "Whether Redis takes what it is told.", value=seen.redis_is_up)
        is_up = seen.row is not None
        yield GaugeMetricFamily("assigame_database_up", "Whether the database answers.", value=is_up)
        if is_up:
            yield from _families(seen.row)

    def _disk(self) -> Iterator[Metric]:
        """What waits in the spool, and the room there; one that gives errors has none, and nobody knows what waits."""
        free = 0
        try:
            spooled, free = self._spooled(), disk.free(self.spool.folder)
            yield spooled
        except OSError as error:
            log.error("files_away", error=place_of(error), reason=error.strerror or "")
        yield GaugeMetricFamily("assigame_disk_free_bytes", "Room on the disk of this machine's spool.", value=free)

    def _spooled(self) -> Metric:
        family = GaugeMetricFamily("assigame_spool_files", "Webhooks in this machine's spool.", labels=["state"])
        family.add_metric(["waiting"], len(self.spool.waiting()))
        family.add_metric(["put_aside"], len(self.spool.put_aside()))
        return family

    def _look(self) -> Seen:
        """What the stores say; whoever comes meanwhile waits for the same answer."""
        with self._lock:
            if time.monotonic() > self._known_until:
                self._known = Seen(self._ask(), self.redis_is_up())
                self._known_until = time.monotonic() + self.known_for
            return self._known

    def _ask(self) -> Any:
        """The figures, None while the database is away."""
        try:
            with self.database.unit_of_work(ANSWERS_WITHIN) as db:
                db.rows("select set_config('statement_timeout', %(most)s, true)", most=STATEMENT_MOST)
                return read(db)
        except FAILED as error:
            log.warning("figures_unknown", error=type(error).__name__)
            return None


def _families(row: Any) -> Iterator[Metric]:
    for name, says in GAUGES.items():
        value = getattr(row, name)
        if value is not None:
            yield GaugeMetricFamily(f"assigame_{name}", says, value=value)
    for name, says in COUNTERS.items():
        yield CounterMetricFamily(f"assigame_{name}", says, value=getattr(row, name))
    for name, (label, says) in LABELLED.items():
        family = GaugeMetricFamily(f"assigame_{name}", says, labels=[label])
        for key, value in (getattr(row, name) or {}).items():
            family.add_metric([key], value)
        yield family
