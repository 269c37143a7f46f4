"""The tables' revisions: what brings a database to this code's newest one. Only who migrates loads alembic."""

from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config as AlembicConfig
from alembic.script import ScriptDirectory
from alembic.script.revision import ResolutionError
from alembic.util.exc import CommandError
from sqlalchemy.exc import DBAPIError

from base.log import logger

log = logger(__name__)

MIGRATIONS = Path(__file__).parent.parent / "migrations"


class TablesBusy(Exception):
    """Somebody has used a table for so long that it could not be changed."""


def migrate(url: str, *, patience: float = 300.0) -> None:
    """Bring a database's tables to this code's newest revision, while others use them.

    Tables of the next version suit this one too, and are left as they are.

    Raises psycopg's OperationalError when the database is away, and TablesBusy when somebody has used a table that
    must change for `patience` seconds; the revisions before that one stay.
    """
    try:
        command.upgrade(_migrations(url, patience=patience), "head")
    except DBAPIError as error:
        raise error.orig or error from error
    except CommandError as error:
        if not isinstance(error.__cause__, ResolutionError):
            raise
        log.warning("tables_are_newer")


def revisions() -> list[str]:
    """The revisions that this code knows, the newest first."""
    return [script.revision for script in ScriptDirectory.from_config(_migrations("")).walk_revisions()]


def _migrations(url: str, **more: Any) -> AlembicConfig:
    config = AlembicConfig(attributes={"url": url, **more})
    config.set_main_option("script_location", str(MIGRATIONS))
    return config
