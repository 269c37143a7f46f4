"""The ground that stories are played on: one copy of the planted market for a test process, put back before each.

A database for each story would cost more than most stories: its files, its connections, its plans.
"""

from contextlib import contextmanager

from psycopg import sql

from base.clock import use_test_clock
from base.db import Database
from tests import databases

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
    """`url` and `database`: the same for every story; what stood there first is kept in the schema `kept`."""

    def __init__(self, url, database):
        self.url, self.database = url, database
        with database.unit_of_work() as db:
            tables, sequences = db.rows(TABLES), db.rows(SEQUENCES)
            db.run("create schema kept")
            for table in tables:
                db.run(f'create table kept."{table.name}" as table public."{table.name}"')
            filled = [table for table in tables if db.value(f'select exists (select from kept."{table.name}")')]
            steps = [
                sql.SQL("set local session_replication_role = replica"),  # no keys are followed, nothing cascades
                *(sql.SQL("delete from {}").format(sql.Identifier(table.name)) for table in tables),
                *(self._filling(table) for table in filled),
                *(sql.SQL("select setval({}, {}, {})").format(*map(sql.Literal, one)) for one in sequences),
            ]
            self._steps = sql.SQL("; ").join(steps).as_string(db.connection)

    def put_back(self):
        """Rows and numbers as they were; nobody may be at work here."""
        with self.database.unit_of_work() as db:
            db.connection.execute(self._steps)

    @staticmethod
    def _filling(table):
        columns = sql.SQL(", ").join(map(sql.Identifier, table.columns))
        fill = sql.SQL("insert into {0} ({1}) overriding system value select {1} from kept.{0}")
        return fill.format(sql.Identifier(table.name), columns)
