"""What has become old: bubbles nobody needs any more, messages and keys that were kept long enough."""

from base.db import Db
from base.timing import Timing
from bot import aftermath, outbox, verdicts
from bot.outbox import Lease

BATCH = 1000


def retire_bubbles(db: Db, owner: str, timing: Timing, limit: int = 100) -> int:
    """A job: waiting rows whose time is over are settled; notices become the organizers' business. Returns how many."""
    claimed = outbox.claim_old(db, Lease(owner, timing.lease, timing.uncertain_most), limit)
    judged = [(row, verdicts.too_old(row)) for row in claimed]
    outbox.settle(db, owner, [verdict.settlement for _, verdict in judged])
    aftermath.follow(db, [(row, verdict.aftermath) for row, verdict in judged])
    return len(claimed)


def forget(db: Db, timing: Timing, limit: int = BATCH) -> int:
    """A job: delete settled messages after their time, and the keys that told copies apart a while later."""
    messages = db.run(
        "delete from inbox where id in (select id from inbox where state <> 'open'"
        " and received_at < market_now() - make_interval(secs => %(kept)s) order by id limit %(limit)s)",
        kept=timing.inbox_kept,
        limit=limit,
    ).count
    keys = db.run(
        "delete from seen where (account_id, provider_id) in (select account_id, provider_id from seen"
        " where seen_at < market_now() - make_interval(secs => %(kept)s) limit %(limit)s)",
        kept=timing.inbox_kept + timing.seen_kept_beyond,
        limit=limit,
    ).count
    return messages + keys
