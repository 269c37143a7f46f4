"""Channel accounts as rows: made once from config.yaml, paused when a provider refuses our credentials."""

import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from base.accounts import ChannelAccount
from base.db import Db

APPROVED: Final = "approved"
CONTENTS_KNOWN: Final = 30.0  # seconds that what is known of content resources is trusted
KNOWN: Final = "provider_id, state, reason, text, category"  # columns of channel_content


def ensure(db: Db, accounts: Iterable[ChannelAccount]) -> Mapping[str, int]:
    """Make the rows of the configured accounts that have none; returns key -> id."""
    wanted = {account.key: account.kind for account in accounts}
    db.run(
        "insert into channel_account (key, kind) select * from unnest(%(keys)s::text[], %(kinds)s::text[])"
        " on conflict (key) do nothing",
        keys=list(wanted),
        kinds=list(wanted.values()),
    )
    rows = db.rows("select key, id from channel_account where key = any(%(keys)s) order by id", keys=list(wanted))
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


@dataclass(frozen=True)
class Content:
    """A content resource as its provider has it: its id there; of a template also its state, why, text and category.

    The state is one of bot.messages.TemplateState, `missing`, or None while nobody has asked.
    """

    provider_id: str
    state: str | None = None
    reason: str = ""
    text: str = ""
    category: str = ""


def remember_contents(db: Db, account_id: int, contents: Mapping[str, str], approved: Iterable[str] = ()) -> None:
    """Keep the provider's ids of an account's content resources, and which of them are approved."""
    known = set(approved)
    states = {name: APPROVED if name in known else None for name in contents}
    put_contents(db, account_id, {name: Content(one, states[name]) for name, one in contents.items()})


def put_contents(db: Db, account_id: int, contents: Mapping[str, Content], asked_at: datetime | None = None) -> None:
    """Keep an account's content resources; a text or a category that is not told is known as before.

    What was learnt after the provider was asked (`asked_at`) is newer than its answer, and stays.
    """
    names = sorted(contents)
    ordered = [contents[name] for name in names]
    db.run(
        "insert into channel_content (account_id, name, provider_id, state, reason, text, category, is_approved)"
        " select %(account)s, t.*, coalesce(t.state = 'approved', false)"
        " from unnest(%(names)s::text[], %(ids)s::text[], %(states)s::text[], %(reasons)s::text[],"
        " %(texts)s::text[], %(categories)s::text[]) as t(name, provider_id, state, reason, text, category)"
        " on conflict (account_id, name) do update set provider_id = excluded.provider_id, state = excluded.state,"
        " is_approved = excluded.is_approved, reason = excluded.reason,"
        " text = coalesce(nullif(excluded.text, ''), channel_content.text),"
        " category = coalesce(nullif(excluded.category, ''), channel_content.category),"
        " checked_at = market_now()"
        " where channel_content.checked_at <= coalesce(%(asked)s::timestamptz, 'infinity')",
        account=account_id,
        asked=asked_at,
        names=names,
        ids=[one.provider_id for one in ordered],
        states=[one.state for one in ordered],
        reasons=[one.reason for one in ordered],
        texts=[one.text for one in ordered],
        categories=[one.category for one in ordered],
    )


def contents(db: Db) -> Mapping[int, Mapping[str, Content]]:
    """account id -> content name -> what is known of it."""
    found: dict[int, dict[str, Content]] = {}
    for row in db.rows(f"select account_id, name, {KNOWN} from channel_content"):
        found.setdefault(row.account_id, {})[row.name] = _content(row)
    return found


def content(db: Db, account_id: int, name: str) -> Content | None:
    """What is known of one content; None when there is none of this name."""
    row = db.one(
        f"select {KNOWN} from channel_content where account_id = %(account)s and name = %(name)s",
        account=account_id,
        name=name,
    )
    return _content(row) if row else None


def _content(row: Any) -> Content:
    return Content(row.provider_id, row.state, row.reason, row.text, row.category)


@dataclass
class Contents:
    """The content resources of all accounts, read again now and then."""

    found: Mapping[int, Mapping[str, Content]] = field(default_factory=dict)
    read_at: float = float("-inf")
    usable: Mapping[int, Mapping[str, str]] = field(default_factory=dict)  # those that need no approval, or have it

    @property
    def is_old(self) -> bool:
        """Whether they are to be read."""
        return time.monotonic() - self.read_at > CONTENTS_KNOWN

    def refresh(self, db: Db) -> None:
        """Read them when they are old."""
        if self.is_old:
            self.found, self.read_at = contents(db), time.monotonic()
            self.usable = {account: _usable(found) for account, found in self.found.items()}

    def ids(self, account_id: int) -> Mapping[str, str]:
        """name -> the provider's id, of what may be sent."""
        return self.usable.get(account_id, {})

    def of(self, account_id: int) -> Mapping[str, Content]:
        """name -> what is known of it."""
        return self.found.get(account_id, {})


def _usable(found: Mapping[str, Content]) -> Mapping[str, str]:
    return {name: known.provider_id for name, known in found.items() if known.state in (None, APPROVED)}
