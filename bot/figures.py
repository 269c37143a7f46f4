"""Figures that one process finds and every process shows: one row each, with the moment it was found."""

from collections.abc import Mapping
from typing import Final

from base.db import Db

POSSIBLE_DOUBLES: Final = "possible_doubles"  # sends that were made again though nobody knew of the first, ever
LEASES_LOST: Final = "leases_lost"  # sends whose process was gone, ever
WEBHOOKS_MISSED: Final = "webhooks_missed"  # messages that their providers had to be asked for, ever
LINK_CODES_GUESSED: Final = "link_codes_guessed"  # wrong codes beyond the hundredth of an hour, ever
SUBSCRIPTIONS_LOST: Final = "subscriptions_lost"  # looks at a Page that found its webhooks at an end, ever
INVARIANTS_BEGUN: Final = "invariants_begun"  # when a look at the invariants last began
BACKUP: Final = "backup"  # when the last backup was whole; its bytes
CERTIFICATE: Final = "certificate:"  # with a public address's host: until when its own is good; the second in Unix time
RETENTION: Final = "retention"  # when all that was kept long enough was last forgotten
RETENTION_STEP: Final = "retention_step"  # when somebody was last at it; rows of that step
FORGOTTEN: Final = "forgotten"  # rows that went so, ever
BROKEN: Final = "broken:"  # with an invariant's name: the rows that break it
FOUND: Final = "found:"  # with an invariant's name: those of them found in this round through its table
LOOKED: Final = "looked:"  # with a table's name: the id up to which this round has looked
# What counts on for ever.
COUNTED: Final = (POSSIBLE_DOUBLES, LEASES_LOST, WEBHOOKS_MISSED, LINK_CODES_GUESSED, SUBSCRIPTIONS_LOST, FORGOTTEN)

PUT: Final = """
insert into figure (name, value) select * from unnest(%(names)s::text[], %(values)s::bigint[]) order by 1
on conflict (name) do update set value = excluded.value, at = excluded.at
"""


def put(db: Db, found: Mapping[str, int]) -> None:
    """Keep these figures in place of the ones before."""
    db.run(PUT, names=list(found), values=list(found.values()))


def kept(db: Db) -> Mapping[str, int]:
    """All figures by their names."""
    return {row.name: row.value for row in db.rows("select name, value from figure")}


def add(db: Db, name: str, more: int) -> None:
    """Count on."""
    db.run(
        "insert into figure as f (name, value) values (%(name)s, %(more)s)"
        " on conflict (name) do update set value = f.value + excluded.value, at = excluded.at",
        name=name,
        more=more,
    )


def begin(db: Db, name: str) -> None:
    """Keep the first moment of a figure that is not there yet."""
    db.run("insert into figure (name, value) values (%(name)s, 0) on conflict do nothing", name=name)


def begin_if_due(db: Db, name: str, seconds: float) -> bool:
    """Begin what was last begun so many seconds ago, or never; only one of several processes hears yes."""
    begun = db.run(
        "insert into figure as f (name, value) values (%(name)s, 0) on conflict (name) do update set at = excluded.at"
        " where f.at <= market_now() - make_interval(secs => %(seconds)s)",
        name=name,
        seconds=seconds,
    )
    return begun.count == 1


def begin_anew(db: Db) -> None:
    """Count from nought in a market of before: who watches takes a lower sum for a new count, and all of it for new.

    What was seen of public addresses is of that time too.
    """
    db.run(
        "delete from figure where name = any(%(names)s) or starts_with(name, %(certificate)s)",
        names=[*COUNTED],
        certificate=CERTIFICATE,
    )
