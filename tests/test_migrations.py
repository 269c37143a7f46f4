"""Migrations and models say the same; a second start changes nothing."""

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import create_engine, text

from base.db import metadata, migrate
from bot import models as bot_tables
from catalog import models as catalog_tables
from orders import models as order_tables

ROOMS = (bot_tables, catalog_tables, order_tables)
OPTIONS = {"compare_type": True, "compare_server_default": True}


def differences(url):
    engine = create_engine(url)
    with engine.connect() as connection:
        found = compare_metadata(MigrationContext.configure(connection, opts=OPTIONS), metadata)
    engine.dispose()
    return [one for one in found if not (one[0] == "remove_table" and one[1].name in ("test_clock", "alembic_version"))]


def test_the_migrations_make_exactly_the_tables_of_the_models(new_database_url):
    assert differences(new_database_url) == []


def checks(url):
    """Name → condition of the conditions on rows, which the comparison above passes over."""
    engine = create_engine(url)
    with engine.connect() as connection:
        rows = connection.execute(
            text("select conname, pg_get_constraintdef(oid) from pg_constraint where contype = 'c' and conrelid > 0")
        ).all()
    engine.dispose()
    return {name: condition.removeprefix("CHECK ((").removesuffix("))") for name, condition in rows}


def test_the_migrations_make_every_condition_on_rows_that_the_models_name(new_database_url):
    wanted = {
        f"ck_{table.name}_{column.name}": str(constraint.sqltext)
        for table in metadata.tables.values()
        for column in table.columns
        for constraint in column.constraints
    }
    assert len(wanted) == 5
    assert checks(new_database_url) == wanted


def test_the_comparison_sees_a_column_an_index_and_a_default(new_database_url):
    engine = create_engine(new_database_url)
    with engine.begin() as connection:
        connection.execute(text("alter table contact drop column language"))
        connection.execute(text("drop index ix_inbox_open"))
        connection.execute(text("alter table inbox alter column state set default 'done'"))
    engine.dispose()
    found = differences(new_database_url)
    kinds = sorted(one[0] if isinstance(one, tuple) else one[0][0] for one in found)
    assert kinds == ["add_column", "add_index", "modify_default"]


def test_a_second_migration_changes_nothing(new_database_url):
    migrate(new_database_url)
    assert differences(new_database_url) == []


def sequences(url):
    engine = create_engine(url)
    with engine.connect() as connection:
        names = connection.scalars(text("select sequencename from pg_sequences where schemaname = 'public'")).all()
    engine.dispose()
    return set(names)


def test_the_migrations_make_the_sequences_and_the_clock(new_database_url):
    assert {sequence.name for sequence in metadata._sequences.values()} <= sequences(new_database_url)
    engine = create_engine(new_database_url)
    with engine.connect() as connection:
        stability = "select provolatile::text from pg_proc where proname = 'market_now'"
        assert connection.execute(text(stability)).scalar() == "s"  # stable, so that it is inlined
        assert connection.execute(text("select market_now() = now()")).scalar()
        extensions = connection.scalars(text("select extname from pg_extension")).all()
        assert extensions == ["plpgsql"]  # none may be needed
    engine.dispose()
