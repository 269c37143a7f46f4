"""Alembic's entry: runs the revisions on the database that `base.migrating.migrate` names, beside an open market."""

import time
from typing import Final

from alembic import context
from psycopg.errors import DeadlockDetected, LockNotAvailable
from sqlalchemy import Connection, create_engine, text
from sqlalchemy.exc import OperationalError
from sqlalchemy.pool import NullPool

from base.db import CONNECTING, metadata
from base.log import logger
from base.migrating import TablesBusy
from bot import broadcast_models as broadcast_tables
from bot import list_models as list_tables
from bot import models as bot_tables
from bot import moderation_models as moderation_tables
from bot import people_models as people_tables
from catalog import models as catalog_tables
from events import booking_models as booking_tables
from events import models as event_tables
from orders import models as orders_tables

ROOMS = (
    bot_tables,
    people_tables,
    broadcast_tables,
    list_tables,
    moderation_tables,
    catalog_tables,
    event_tables,
    booking_tables,
    orders_tables,
)  # for the tables that they hang into `metadata`
# Whoever comes to a table waits behind a change that waits for it, so a change waits a second and then lets all pass:
# a webhook that finds the database busy for two seconds is spooled. A server notices after a second that we were
# killed, and gives our lock to the next.
OPTIONS: Final = "-c lock_timeout=1s -c client_connection_check_interval=1s"
PAUSE: Final = 2.0  # seconds in which others may pass
ASKS_EVERY: Final = 0.2  # seconds
log = logger("migrations")


def run() -> None:
    """Apply each revision in a transaction of its own; concurrent starts wait for each other."""
    given = context.config.attributes
    engine = create_engine(given["url"], poolclass=NullPool, connect_args={**CONNECTING, "options": OPTIONS})
    with engine.connect() as connection:
        wait_for_others(connection)
        end = time.monotonic() + given["patience"]
        while not is_done(connection):
            if time.monotonic() > end:
                raise TablesBusy(f"a table that changes was in use for {given['patience']:g} seconds: try again")
            time.sleep(PAUSE)


def wait_for_others(connection: Connection) -> None:
    """Take the lock of all runners, which ends with the connection.

    It is asked for again and again: a statement that waits for it would hold up an index that another runner builds.
    """
    while not connection.scalar(text("select pg_try_advisory_lock(228)")):
        connection.commit()
        time.sleep(ASKS_EVERY)
    connection.commit()


def is_done(connection: Connection) -> bool:
    """Apply what is missing; False when a table was in use for too long, and what that revision began is undone."""
    context.configure(connection=connection, target_metadata=metadata, transaction_per_migration=True)
    try:
        context.run_migrations()
    except OperationalError as error:
        if not isinstance(error.orig, LockNotAvailable | DeadlockDetected):
            raise
        connection.rollback()
        log.warning("migration_waits", error=type(error.orig).__name__)
        return False
    return True


run()
