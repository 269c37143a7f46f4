"""The ground that stories are played on: one copy of the planted market for a test process, put back before each.

A database for each story would cost more than most stories: its files, its connections, its plans.
"""

from contextlib import contextmanager

from psycopg import sql

from base.clock import use_test_clock
from base.db import Database
from tests import databases

PLANTED = "planted"
TABLES = """
select c.relname as name, array_agg(a.attname order by a.attnum) as columns
from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
  and a.attgenerated = ''
where c.relnamespace = 'public'::regnamespace and c.relkind = 'r' group by c.relname order by c.relname
"""
SEQUENCES = """
select sequencename as name, coalesce(last_value, start_value) as value, last_value is not null as is_called
from pg_sequences where schemaname = 'public'
"""


@contextmanager
def ground_of(services, planted):
    """A copy of the planted database with its pool of connections."""
    with databases.copied_database(services, planted) as url:
        database = Database(url)
        use_test_clock(database)
        yield Ground(url, database)
        database.close()


class Ground:
    """`url` and `database`: the same for every story; states of it are kept by name, first the planted market."""

    def __init__(self, url, database):
        self.url, self.database, self._steps = url, database, {}
        self.keep(PLANTED)

    def keep(self, name, beside=None):
        """Keep rows and numbers as they are now, each table in a schema of this name, and a value beside them."""
        schema = sql.Identifier(f"kept {name}")
        with self.database.unit_of_work() as db:
            tables, sequences = db.rows(TABLES), db.rows(SEQUENCES)
            db.connection.execute(sql.SQL("create schema {}").format(schema))
            for table in tables:
                copy = sql.SQL("create table {0}.{1} as table public.{1}")
                db.connection.execute(copy.format(schema, sql.Identifier(table.name)))
            steps = [
                databases.emptying(table.name for table in tables),
                *(self._filling(schema, table) for table in tables),
                *(sql.SQL("select setval({}, {}, {})").format(*map(sql.Literal, one)) for one in sequences),
            ]
            self._steps[name] = sql.SQL("; ").join(steps).as_string(db.connection), beside

    def knows(self, name):
        """Whether a state of this name is kept."""
        return name in self._steps

    def put_back(self, name=PLANTED):
        """Rows and numbers as they were; nobody may be at work here. The value that was kept beside them."""
        steps, beside = self._steps[name]
        with self.database.unit_of_work() as db:
            db.connection.execute(steps)
        return beside

    @staticmethod
    def _filling(schema, table):
        columns = sql.SQL(", ").join(map(sql.Identifier, table.columns))
        fill = sql.SQL("insert into {0} ({1}) overriding system value select {1} from {2}.{0}")
        return fill.format(sql.Identifier(table.name), columns, schema)
