"""A market's PostgreSQL with the settings of deploy/: those of a first `make run` are for a small market."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import psycopg
from psycopg import sql

from base import embedded
from bench.systems import ROOT, libpq

SETTINGS: Final = ROOT / "deploy" / "postgresql" / "assigame.conf"
SETTING: Final = re.compile(r"(?P<name>\w+) = '?(?P<value>[^'#]*?)'?\s*(?:#.*)?")


def settings() -> Iterator[tuple[str, str]]:
    """(name, value) of each line of deploy/'s file that is no comment."""
    lines = (line for line in SETTINGS.read_text().splitlines() if line and not line.startswith("#"))
    for line in lines:
        read = SETTING.fullmatch(line)
        if read is None:
            raise ValueError(f"{SETTINGS.name} has a line that is no setting: {line}")
        yield read["name"], read["value"]


def as_deployed(folder: Path) -> Path:
    """The folder of a market whose PostgreSQL has these settings from its next start on; it is made here."""
    services = embedded.start(folder)
    try:
        with psycopg.connect(libpq(services.database_url), autocommit=True) as db:
            for name, value in settings():
                db.execute(sql.SQL("alter system set {} = {}").format(sql.Identifier(name), sql.Literal(value)))
    finally:
        embedded.stop(folder)
    return folder
