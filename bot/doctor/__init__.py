"""The doctor: one list of checks, each a small function; what it finds, with what to do about it."""

from collections.abc import Iterator
from typing import Final

from base.config import Config
from base.db import FAILED, Database
from bot.doctor import files, machine, market, stores
from bot.doctor.findings import Check, Finding, Patient
from bot.spool import Spool

__all__ = ["CHECKS", "Finding", "examine"]

CHECKS: Final = (
    Check("settings", machine.settings),
    Check("address", machine.public_address),
    Check("secrets", machine.secrets),
    Check("disk", machine.disk),
    Check("spool", machine.spool),
    Check("database", stores.database),
    Check("tables", stores.tables, needs="database"),
    Check("certificate", machine.certificate, needs="tables"),
    Check("files", files.shared, needs="tables"),
    Check("clocks", stores.clocks, needs="tables"),
    Check("redis", stores.cache),
    Check("keys", market.keys, needs="tables"),
    Check("workers", market.workers, needs="tables"),
    Check("accounts", market.accounts, needs="tables"),
    Check("setups", market.setups, needs="tables"),
    Check("contents", market.contents, needs="tables"),
    Check("organizers", market.organizers, needs="tables"),
    Check("queues", market.queues, needs="tables"),
    Check("dead letters", market.dead_letters, needs="tables"),
    Check("invariants", market.invariants, needs="tables"),
    Check("backups", machine.backup_programs, needs="database"),
    Check("backups", market.backup, needs="tables"),
)


def examine(config: Config) -> list[Finding]:
    """Everything, in the order of the list; what a check needs and is not there leaves it out."""
    database = Database(config.database.url or "postgresql+psycopg://", pool_size=1)
    patient = Patient(config, database, Spool(config.var / "spool"))
    try:
        return [finding for check in CHECKS for finding in _look(check, patient)]
    finally:
        database.close()


def _look(check: Check, patient: Patient) -> Iterator[Finding]:
    if check.needs and check.needs not in patient.has:
        return
    try:
        for level, says, do in check.look(patient):
            yield Finding(level, check.name, says, do)
    except FAILED as error:
        yield Finding("wrong", check.name, f"could not be looked at: {type(error).__name__}", "see PostgreSQL's log")
