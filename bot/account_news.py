"""What providers decide of our templates and say of our accounts, as lines of the organizers' list: a job.

Whoever stores a webhook only keeps what it says, and waits for nobody: the list has one lock for all.
"""

from collections.abc import Collection, Iterable, Mapping
from itertools import groupby
from operator import attrgetter

from base.db import Db, jsonb
from base.log import logger
from base.statements import Rows
from base.templates import first_name
from bot import accounts, attention, locks
from bot.accounts import APPROVED
from bot.templates import FALLEN, LINE, WARNING

log = logger(__name__)
ARE_DUE = """
select exists (select from account_warning)
  or exists (select from channel_content where state is distinct from told_state)
"""


def are_due(db: Db) -> bool:
    """Whether there is anything to follow."""
    return bool(db.value(ARE_DUE))


def follow(db: Db, declared: Collection[str], limit: int) -> int:
    """Follow up to `limit` changes and warnings of any account; how many of them concern the list.

    `declared` are our first names. A template that may not be sent any longer is a line, which closes once its message
    may be sent again. Nobody has to act for what is not declared: without it the same is said in another form.
    """
    changed, said = locks.changed_contents(db, limit), locks.account_warnings(db, limit)
    _mark(db, changed, said)
    ours = [row for row in changed if first_name(row.name) in declared]
    known = accounts.contents(db) if ours else {}
    fallen: list[tuple[int, str]] = []
    for account_id, rows in groupby(ours, attrgetter("account_id")):
        states = {row.name: row.state for row in rows}
        own = known.get(account_id, {})
        approved = {first_name(name) for name, content in own.items() if content.state == APPROVED}
        _close(db, account_id, approved)
        fallen += [(account_id, name) for name in _fallen(account_id, states, approved)]
    for account_id, name in fallen:  # the list's lock is the last of all
        attention.ask(db, LINE, {"account": account_id, "name": name})
    for row in said:
        _warn(db, row.account_id, row.what, row.detail)
    return len(fallen) + len(said)


def _mark(db: Db, changed: Rows, said: Rows) -> None:
    db.run(
        "update channel_content c set told_state = c.state from unnest(%(accounts)s::bigint[], %(names)s::text[])"
        " as t(account_id, name) where c.account_id = t.account_id and c.name = t.name",
        accounts=[row.account_id for row in changed],
        names=[row.name for row in changed],
    )
    db.run("delete from account_warning where id = any(%(ids)s)", ids=[row.id for row in said])


def _fallen(account_id: int, states: Mapping[str, str], approved: Collection[str]) -> Iterable[str]:
    for name, state in states.items():
        log.info("template_state", account_id=account_id, template=name, state=state)
        if state in FALLEN and first_name(name) not in approved:
            yield name


def _close(db: Db, account_id: int, approved: Collection[str]) -> None:
    rows = db.rows(
        "select id, about->>'name' as name from attention where settled_at is null and kind = %(kind)s"
        " and (about->>'account')::bigint = %(account)s order by id",
        kind=LINE,
        account=account_id,
    )
    closed = [row.id for row in rows if first_name(row.name) in approved]
    if closed:
        attention.settle(db, closed, None)


def _warn(db: Db, account_id: int, what: str, detail: str) -> None:
    """One line for each kind while it is open, with what was said last."""
    log.warning("account_warned", account_id=account_id, reason=what)
    if not attention.ask(db, WARNING, {"account": account_id, "what": what, "detail": detail}):
        db.run(
            "update attention set about = about || %(detail)s"
            " where settled_at is null and kind = %(kind)s and about @> %(about)s",
            detail=jsonb({"detail": detail}),
            kind=WARNING,
            about=jsonb({"account": account_id, "what": what}),
        )
