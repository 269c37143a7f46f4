"""Migrations and models say the same; a second start changes nothing; later ones keep no open market waiting."""

import ast
import re

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import create_engine, text

from base import migrating
from base.db import metadata
from base.migrating import MIGRATIONS, migrate
from bot import broadcast_models as broadcast_tables
from bot import list_models as list_tables
from bot import models as bot_tables
from bot import moderation_models as moderation_tables
from bot import people_models as people_tables
from catalog import models as catalog_tables
from events import booking_models as booking_tables
from events import models as event_tables
from orders import models as order_tables
from tests.faults.migrating import MORE

ROOMS = (
    *(bot_tables, people_tables, list_tables, moderation_tables, broadcast_tables),
    *(catalog_tables, event_tables, booking_tables, order_tables),
)
FIRST = ("0001_", "0002_", "0003_", "0004_")  # they made the tables before there was a market to be open
# What an open market does not notice: a moment's lock, and no row is read or written anew.
SHORT = {"create_table", "drop_table", "add_column", "drop_column", "drop_index", "drop_constraint", "f"}
SHORT_SQL = ("create sequence", "create function", "create or replace function", "comment on", "lock table")
SETTINGS = r"alter table \w+ set \(\w+ = "  # of a table's storage: whoever reads or writes it waits for nothing
LONG_COLUMNS = {"ForeignKey", "Identity", "Computed", "PrimaryKeyConstraint"}
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
    assert len(wanted) == 7
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


def test_tables_of_a_later_version_are_left_as_they_are_and_that_is_told(new_database_url, monkeypatch):
    told = []
    monkeypatch.setattr(migrating.log, "warning", told.append)
    engine = create_engine(new_database_url)
    with engine.begin() as connection:
        connection.execute(text("update alembic_version set version_num = '9999'"))
    migrate(new_database_url)
    assert told == ["tables_are_newer"]
    with engine.begin() as connection:
        assert connection.scalar(text("select version_num from alembic_version")) == "9999"
    engine.dispose()


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


def by_number(what, rows):
    """Of a table that is looked after when so many rows have changed, however many it has."""
    return f"autovacuum_{what}_scale_factor=0", f"autovacuum_{what}_threshold={rows}"


RARELY = [  # small ones are not looked after each minute
    "autovacuum_analyze_threshold=50000",
    "autovacuum_vacuum_insert_threshold=50000",
    "autovacuum_vacuum_threshold=20000",
]


def test_the_tables_that_every_message_changes_are_vacuumed_early_and_whole(new_database_url):
    engine = create_engine(new_database_url)
    with engine.connect() as connection:
        rows = connection.execute(text("select relname, reloptions from pg_class where reloptions is not null")).all()
    engine.dispose()
    assert {name: sorted(options) for name, options in rows if not name.startswith("pg_")} == {
        "inbox": [*by_number("analyze", 50000), *by_number("vacuum", 20000), "vacuum_index_cleanup=on"],
        "outbox": [*by_number("analyze", 100000), *by_number("vacuum", 50000), "vacuum_index_cleanup=on"],
        "status_report": [
            "autovacuum_analyze_threshold=50000",
            *by_number("vacuum", 20000),
            "vacuum_index_cleanup=on",
        ],
        "conversation": [*RARELY, "fillfactor=80"],
        **dict.fromkeys(
            "basket basket_line basket_reminder basket_history turn stock stock_movement seen".split(), RARELY
        ),
    }


def breaches(text):
    """What a revision does that may keep an open market waiting, without the ways of `migrations.live`."""
    functions = [
        one for one in ast.parse(text).body if not (isinstance(one, ast.FunctionDef) and one.name == "downgrade")
    ]
    calls = [
        (node.func.value.id, node.func.attr, node)
        for one in functions
        for node in ast.walk(one)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and isinstance(node.func.value, ast.Name)
    ]
    made = {first_word(node) for owner, name, node in calls if (owner, name) == ("op", "create_table")}
    changes = [(owner, name) for owner, name, _ in calls if owner in ("op", "live") and name != "f"]
    if "live" in {owner for owner, _ in changes} and len(changes) > 1:
        yield "a way of live stands alone in its revision"
    yield from (
        f"{name}: {ast.unparse(node)[:60]}"
        for owner, name, node in calls
        if owner == "op" and not is_short(name, node, made)
    )


def is_short(name, call, made):
    words = {keyword.arg: keyword.value for keyword in call.keywords}
    inside = {node.attr for node in ast.walk(call) if isinstance(node, ast.Attribute)}
    match name:
        case "create_index":
            return len(call.args) > 1 and ast.literal_eval(call.args[1]) in made
        case "execute":
            return first_word(call).lower().startswith(SHORT_SQL) or re.match(SETTINGS, first_word(call)) is not None
        case "alter_column":
            return set(words) == {"server_default"}
        case "add_column":
            column = {k.arg: ast.unparse(k.value) for node in call.args[1:] for k in getattr(node, "keywords", ())}
            is_filled = column.get("nullable") == "True" or "server_default" in column
            return is_filled and not inside & LONG_COLUMNS and not {"unique", "index", "primary_key"} & set(column)
        case _:
            return name in SHORT


def first_word(call):
    """The first argument, when it is a text."""
    return call.args[0].value if call.args and isinstance(call.args[0], ast.Constant) else ""


def test_later_migrations_keep_no_open_market_waiting():
    later = [path for path in (MIGRATIONS / "versions").glob("*.py") if not path.name.startswith(FIRST)]
    assert {path.name: list(breaches(path.read_text())) for path in [*later, *MORE.glob("*.py")]} == {
        path.name: [] for path in [*later, *MORE.glob("*.py")]
    }


@pytest.mark.parametrize(
    "change",
    [
        "op.create_index('ix_inbox_weight', 'inbox', ['weight'])",
        "op.add_column('inbox', sa.Column('weight', sa.Integer(), nullable=False))",
        "op.add_column('inbox', sa.Column('weight', sa.Integer()))",
        "op.add_column('inbox', sa.Column('weight', sa.Integer(), sa.ForeignKey('weight.id'), nullable=True))",
        "op.add_column('inbox', sa.Column('weight', sa.Integer(), nullable=True, unique=True))",
        "op.alter_column('inbox', 'id', type_=sa.Integer())",
        "op.alter_column('inbox', 'weight', nullable=False)",
        "op.create_check_constraint('ck_inbox_weight', 'inbox', 'weight > 0')",
        "op.create_foreign_key('fk_inbox_x', 'inbox', 'x', ['x_id'], ['id'])",
        "op.execute('update inbox set weight = 1')",
        "op.execute('alter table inbox set logged')",
        "op.execute(STATEMENT)",
        "op.get_bind().execute(STATEMENT)",
        "live.backfill('inbox', 'weight = 1', 'weight is null'); op.drop_column('inbox', 'old')",
    ],
)
def test_the_law_sees_what_would_keep_it_waiting(change):
    assert len(list(breaches(f"def upgrade():\n    {change}\n"))) == 1


def test_the_law_lets_the_index_of_a_new_table_pass_and_every_way_down():
    upgrade = "op.create_table('weight', sa.Column('id', sa.BigInteger())); op.create_index('ix', 'weight', ['id'])"
    downgrade = "op.execute('delete from inbox')"
    assert list(breaches(f"def upgrade():\n    {upgrade}\n\n\ndef downgrade():\n    {downgrade}\n")) == []
