"""Backups as the market keeps them, and a restored market: nothing is sent until an operator says so."""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from base import backups, restoring
from base.backups import Manifest
from base.config import Config
from base.db import Database, Db
from bot import figures
from bot.sessions import Sessions, connect

REASON: Final = "restored"
# Both are led to the index of what is open by `conversation_id`, though every row has one.
# What waited at the moment of the backup may have gone out after it: it is looked up like a send without an answer.
DOUBT: Final = """
update outbox set state = 'uncertain', sent_at = case state when 'waiting' then %(taken_at)s else sent_at end,
  look_ups = 0, lease_owner = null, lease_until = null
where state in ('waiting', 'sending', 'uncertain') and kind <> 'bulk' and conversation_id > 0
"""
# Announcements are never sent twice, and a look-up that cannot tell would send them again.
GIVE_UP: Final = """
update outbox set state = 'failed', error = %(reason)s, lease_owner = null, lease_until = null
where state in ('waiting', 'sending', 'uncertain') and kind = 'bulk' and conversation_id > 0
"""


@dataclass(frozen=True)
class Stopped:
    """What a restored market waits for: accounts to resume, bubbles in doubt, announcements that were given up."""

    accounts: tuple[str, ...]
    in_doubt: int
    given_up: int


@dataclass(frozen=True)
class Restored:
    """A market that is there again; `cache_is_empty` is false when Redis was away."""

    manifest: Manifest
    stopped: Stopped
    cache_is_empty: bool

    def told(self) -> str:
        """What an operator hears: how it is, and what to do next."""
        stopped = self.stopped
        lines = [
            f"The market of {self.manifest.taken_at:%d/%m/%Y %H:%M} is back.",
            f"Nothing is sent: {stopped.in_doubt} bubbles may have gone out after that moment and are looked up first;"
            f" {stopped.given_up} announcements are given up.",
            "1. Start the market (cli.py run, or web and worker); wait until none is in doubt (cli.py doctor).",
            *(f"2. cli.py attention --resume {key}" for key in stopped.accounts),
        ]
        if not self.cache_is_empty:
            lines.append("Redis is away: its sessions could not be dropped, which does no harm.")
        return "\n".join(lines)


def back_up(config: Config, file: Path) -> Manifest:
    """Write a backup and remember that there is one. Raises BackupError."""
    made = backups.make(str(config.database.url), config.var, file)
    database = Database(str(config.database.url), pool_size=1)
    with database.unit_of_work() as db:
        figures.put(db, {figures.BACKUP: file.stat().st_size})
    database.close()
    return made


def restore(config: Config, file: Path, *, replace: bool) -> Restored:
    """Bring a backup back, with sending stopped. Raises BackupError; then the database is as it was."""
    url, cache = str(config.database.url), Sessions(connect(str(config.redis.url), config.redis.timeout), 1)
    manifest, stopped = restoring.restore(url, config.var, file, replace=replace, then=stop_sending)
    return Restored(manifest, stopped, cache.forget())


def stop_sending(db: Db, manifest: Manifest) -> Stopped:
    """Pause every account, put in doubt what was open at the backup, forget processes and counts of that time."""
    paused = db.run(
        "update channel_account set paused_at = market_now(), pause_reason = %(reason)s returning key", reason=REASON
    ).rows
    in_doubt = db.run(DOUBT, taken_at=manifest.taken_at).count
    given_up = db.run(GIVE_UP, reason=REASON).count
    db.run("delete from heartbeat")
    figures.begin_anew(db)
    return Stopped(tuple(sorted(row.key for row in paused)), in_doubt, given_up)
