"""Channel accounts as rows: made once from config.yaml, paused when a provider refuses our credentials."""

from collections.abc import Iterable, Mapping

from base.accounts import ChannelAccount
from base.db import Db


def ensure(db: Db, accounts: Iterable[ChannelAccount]) -> Mapping[str, int]:
    """Make the rows of the configured accounts that have none; returns key -> id."""
    wanted = {account.key: account.kind for account in accounts}
    db.run(
        "insert into channel_account (key, kind) select * from unnest(%(keys)s::text[], %(kinds)s::text[])"
        " on conflict (key) do nothing",
        keys=list(wanted),
        kinds=list(wanted.values()),
    )
    rows = db.rows("select key, id from channel_account where key = any(%(keys)s)", keys=list(wanted))
    return {row.key: row.id for row in rows}


def pause(db: Db, account_id: int, reason: str) -> bool:
    """Stop sending from an account until `resume`; its rows stay. True when it was not paused before."""
    paused = db.run(
        "update channel_account set paused_at = market_now(), pause_reason = %(reason)s"
        " where id = %(id)s and paused_at is null",
        id=account_id,
        reason=reason,
    )
    return paused.count == 1


def key_of(db: Db, account_id: int) -> str:
    """The key of an account as the settings name it; '' when there is none."""
    return db.value("select key from channel_account where id = %(id)s", id=account_id) or ""


def resume(db: Db, key: str) -> bool:
    """Send from a paused account again. False when it was not paused."""
    resumed = db.run(
        "update channel_account set paused_at = null, pause_reason = null"
        " where key = %(key)s and paused_at is not null",
        key=key,
    )
    return resumed.count == 1


def remember_contents(db: Db, account_id: int, contents: Mapping[str, str], approved: Iterable[str] = ()) -> None:
    """Keep the provider's ids of an account's content resources, and which of them are approved."""
    names = list(contents)
    known = set(approved)
    db.run(
        "insert into channel_content (account_id, name, provider_id, is_approved)"
        " select %(account)s, * from unnest(%(names)s::text[], %(ids)s::text[], %(approved)s::bool[])"
        " on conflict (account_id, name) do update set provider_id = excluded.provider_id,"
        " is_approved = excluded.is_approved, checked_at = market_now()",
        account=account_id,
        names=names,
        ids=[contents[name] for name in names],
        approved=[name in known for name in names],
    )


def contents(db: Db) -> Mapping[int, Mapping[str, tuple[str, bool]]]:
    """account id -> content name -> (provider's id, approved)."""
    found: dict[int, dict[str, tuple[str, bool]]] = {}
    for row in db.rows("select account_id, name, provider_id, is_approved from channel_content"):
        found.setdefault(row.account_id, {})[row.name] = (row.provider_id, row.is_approved)
    return found
