"""Changes of large tables beside an open market, each a whole revision: nobody waits for them, and a killed one is
repeated from its beginning.

They are committed piece by piece, so that a revision that calls one of them does nothing else.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from alembic import op
from sqlalchemy import Connection, TextClause, text

BATCH = 1000  # rows that a backfill changes in one transaction


def add_index(
    name: str,
    table: str,
    *columns: str | TextClause,
    unique: bool = False,
    where: str | None = None,
    using: str = "btree",
) -> None:
    """An index, built while others write. What a killed run has left of it is not whole, and is removed first."""
    with _autocommit() as connection:
        connection.execute(text("set lock_timeout = 0"))  # both wait for old transactions, in nobody's way
        op.drop_index(name, table, if_exists=True, postgresql_concurrently=True)
        condition = None if where is None else text(where)
        op.create_index(
            name,
            table,
            list(columns),
            unique=unique,
            postgresql_where=condition,
            postgresql_using=using,
            postgresql_concurrently=True,
        )
        connection.execute(text("reset lock_timeout"))


def add_check(name: str, table: str, condition: str) -> None:
    """A condition that new rows keep at once, and that old rows are then read for while others write."""
    op.execute(f'alter table "{table}" drop constraint if exists {name}')
    op.execute(f'alter table "{table}" add constraint {name} check ({condition}) not valid')
    with _autocommit() as connection:
        connection.execute(text(f'alter table "{table}" validate constraint {name}'))


def backfill(table: str, change: str, where: str) -> None:
    """`update table set change where where` in short transactions, by id; `where` must end to be true by the change."""
    batch = text(
        f'with due as (select id from "{table}" where id > :last and ({where}) order by id limit :size'
        f' for no key update), changed as (update "{table}" set {change} where id in (select id from due))'
        " select max(id) from due"
    )
    last: int | None = 0
    with _autocommit() as connection:
        while last is not None:
            last = connection.scalar(batch, {"last": last, "size": BATCH})


def fill(table: str, change: str, where: str) -> None:
    """As `backfill`, in one statement: of a table that holds few rows for good, whatever its key is."""
    with _autocommit() as connection:
        connection.execute(text(f'update "{table}" set {change} where {where}'))


@contextmanager
def _autocommit() -> Iterator[Connection]:
    """The connection outside of a transaction: what the revision did before is committed."""
    with op.get_context().autocommit_block():
        yield op.get_bind()
