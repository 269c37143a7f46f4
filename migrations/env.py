"""Alembic's entry: runs the revisions on the database whose URL `base.db.migrate` hands over."""

from alembic import context
from sqlalchemy import create_engine

from base.db import metadata
from bot import models as bot_tables
from catalog import models as catalog_tables
from orders import models as orders_tables

ROOMS = (bot_tables, catalog_tables, orders_tables)  # imported for the tables that they hang into `metadata`


def run() -> None:
    """Apply the revisions in one transaction; concurrent starts wait for each other on an advisory lock."""
    engine = create_engine(context.config.attributes["url"])
    with engine.connect() as connection:
        context.configure(
            connection=connection,
            target_metadata=metadata,
            transaction_per_migration=False,
        )
        with context.begin_transaction():
            connection.exec_driver_sql("select pg_advisory_xact_lock(228)")
            context.run_migrations()
        connection.commit()
    engine.dispose()


run()
