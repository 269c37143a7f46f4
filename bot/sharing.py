"""Folders that all machines of a market share: each machine leaves its name there, and misses the names of others."""

import platform
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from base.config import Config
from base.db import AWAY, Database
from base.log import logger
from bot.received import FOLDER
from bot.watching import SILENT

log = logger(__name__)
NAMES: Final = "machines"  # the folder in each of them that holds the names
AT_WORK: Final = """
select distinct split_part(process, ':', 1) as name from heartbeat
where role = 'worker' and at > market_now() - make_interval(secs => %(silent)s) order by name
"""


def folders(config: Config) -> tuple[Path, ...]:
    """What people sent, and pictures of goods where they lie in no bucket; spool and hands are each machine's own."""
    return (config.var / FOLDER, *(() if config.media.store else (config.var / "media",)))


def sign(config: Config) -> None:
    """Leave this machine's name in each of them; a disk that is full or read-only is told of elsewhere."""
    try:
        for folder in folders(config):
            folder.mkdir(mode=0o700 if folder.name == FOLDER else 0o755, parents=True, exist_ok=True)
            (folder / NAMES).mkdir(exist_ok=True)
            (folder / NAMES / platform.node()).touch()
    except OSError as error:
        log.warning("machine_not_signed", error=type(error).__name__)


def unshared(config: Config, database: Database) -> Iterator[tuple[Path, str]]:
    """Each folder with a machine at work whose name is not in it: that machine has another folder of this name."""
    with database.unit_of_work() as db:
        others = {row.name for row in db.rows(AT_WORK, silent=SILENT)} - {platform.node()}
    for folder in folders(config):
        for name in sorted(others):
            if not (folder / NAMES / name).exists():
                yield folder, name


def tell(config: Config, database: Database) -> None:
    """At a worker's start: sign, and say in the log which folders are not shared; the doctor says it at any time."""
    sign(config)
    try:
        for folder, name in unshared(config, database):
            log.error("folder_not_shared", folder=str(folder), machine=name)
    except AWAY as error:
        log.warning("database_away", error=type(error).__name__)
