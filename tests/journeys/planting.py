"""The demo market as a database to copy from: planted once for each state of what plants it, and kept."""

import hashlib
import shutil
from datetime import UTC, datetime

from psycopg import sql

from base.config import ROOT, load
from serving import plant
from tests import databases
from wiring import build

# whose change makes a market old
PLANTERS = ("migrations", "catalog", "events", "base", "bot/demo_people.py", "cli.py")
PEOPLE = "truncate channel_account, channel_content, contact, identity, conversation, role cascade"


def planted_market(services, environment):
    """(address, folder of the photos) of the planted market; `environment(url, var)` gives a market's settings."""
    name = f"planted_{fingerprint()}"
    url, var = databases.url_of(services, name), databases.VAR / name
    with databases.locked("planted"), databases.administrator(services) as connection:
        kept = names(connection)
        if name not in kept or not var.is_dir():  # a folder may go without its database
            for old in kept:
                databases.drop(connection, old)
                shutil.rmtree(databases.VAR / old, ignore_errors=True)
            make(services, connection, name, lambda fresh: plant_at(environment(fresh, var)))
    return url, var


def fingerprint():
    """Twelve hex digits that change with whatever plants, and every week: the demo's event is soon at any time."""
    found = [
        path for room in PLANTERS for path in ((ROOT / room).rglob("*") if (ROOT / room).is_dir() else [ROOT / room])
    ]
    texts = (path.read_bytes() for path in sorted(found) if path.is_file() and path.suffix != ".pyc")
    week = f"{datetime.now(UTC):%G-%V}".encode()
    return hashlib.sha256(b"".join([week, *texts])).hexdigest()[:12]


def names(connection):
    """The planted markets there are, whole or not."""
    found = connection.execute(r"select datname from pg_database where datname like 'planted\_%'").fetchall()
    return [name for (name,) in found]


def make(services, connection, name, fill):
    """A migrated database, filled; it gets its name only when it is whole."""
    unfinished, create = f"{name}_new", sql.SQL("create database {} template {}")
    with databases.locked("databases"):
        template = databases.migrated_template(services)
        connection.execute(create.format(sql.Identifier(unfinished), sql.Identifier(template)))
    fill(databases.url_of(services, unfinished))
    rename = sql.SQL("alter database {} rename to {}")
    connection.execute(rename.format(sql.Identifier(unfinished), sql.Identifier(name)))


def plant_at(environ):
    """Goods and shops; the people who come with them go: each channel makes its own accounts and chats."""
    market = build(load(environ=environ))
    plant(market)
    with market.database.unit_of_work() as db:
        db.run(PEOPLE)
    market.database.close()
