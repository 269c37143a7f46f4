"""Checks of this machine: settings, disk, secrets, spool."""

import tempfile
from typing import Final

from base import postgres_programs
from base.accounts import SimulatorAccount
from base.backups import server_version
from base.disk import free, nearest
from base.postgres_programs import NoProgram
from bot.doctor.findings import Level, Look, Patient

MEGABYTE: Final = 1_000_000
TOO_FULL, RATHER_FULL = 500, 2_000  # megabytes left
DAY: Final = 86_400  # seconds
CERTIFICATE_ENDS_SOON: Final = 10 * DAY
ADDRESS_UNSEEN: Final = 1_800  # seconds; three looks of a worker


def settings(patient: Patient) -> Look:
    """Whatever was missing has ended the examination before."""
    yield "ok", f"complete for {patient.config.environment}", ""


def public_address(patient: Patient) -> Look:
    """Providers call it, and sign it."""
    url = patient.config.server.base_url
    is_called = any(not isinstance(account, SimulatorAccount) for account in patient.config.active_accounts())
    if url.startswith("https://") or not (patient.is_production or is_called):
        yield "ok", f"{url} is what others are told", ""
    else:
        level: Level = "wrong" if patient.is_production else "warn"
        yield level, f"{url} is not https: providers call and sign it", "set PUBLIC_BASE_URL to https://…"


def certificate(patient: Patient) -> Look:
    """Until when providers can call it, as a worker has seen."""
    left = patient.figures.certificate_left_seconds
    if left is None:
        level: Level = "warn" if patient.is_production else "ok"
        do = "ask PUBLIC_BASE_URL from outside" if patient.is_production else ""
        yield level, "no worker has ever reached the public address", do
        return
    seen = patient.figures.certificate_seen_seconds
    if seen > ADDRESS_UNSEEN:
        says = f"no worker has reached the public address for {seen / 60:.0f} min"
        yield "wrong", says, "OPERATIONS.md, Address unseen"
    level = "wrong" if left < DAY else "warn" if left < CERTIFICATE_ENDS_SOON else "ok"
    says = f"the public address's is good for {left / DAY:.1f} days" if left > 0 else "the public address's is refused"
    yield level, says, "" if level == "ok" else "OPERATIONS.md, Certificate ends"


def disk(patient: Patient) -> Look:
    """Embedded stores, spool and photos live in var."""
    left = free(patient.config.var) // MEGABYTE
    level: Level = "wrong" if left < TOO_FULL else "warn" if left < RATHER_FULL else "ok"
    yield level, f"{left} MB are free for {patient.config.var}", "" if level == "ok" else "make room, or move var"


def secrets(patient: Patient) -> Look:
    """What must be nobody else's to read: the demo's secrets, and people's words in the spool."""
    kept = [path for path in (patient.config.var / "secret", patient.spool.folder) if path.exists()]
    open_ones = [path for path in kept if path.stat().st_mode & 0o077]
    for path in open_ones:
        yield "wrong", f"{path} can be read by others", f"chmod go= {path}"
    if not open_ones:
        yield "ok", "nobody else can read what is secret on this machine", ""


def spool(patient: Patient) -> Look:
    """Where webhooks go while the database is away."""
    folder = patient.spool.folder
    try:
        with tempfile.TemporaryFile(dir=nearest(folder)):
            waiting, aside = patient.spool.waiting(), patient.spool.put_aside()
    except OSError as error:
        yield (
            "wrong",
            f"{folder} cannot be written: {error.strerror}",
            "without it, webhooks are lost with the database",
        )
        return
    for path in aside:
        yield "warn", f"{path.name} was put aside: nobody can store it", "OPERATIONS.md, Spool holds webhooks"
    if waiting:
        yield "warn", f"{len(waiting)} webhooks wait in {folder}", "they are stored once the database answers"
    elif not aside:
        yield "ok", "writable and empty", ""


def backup_programs(patient: Patient) -> Look:
    """A backup needs pg_dump, best of the server's own version."""
    with patient.database.unit_of_work() as db:
        server = server_version(db)
    try:
        program = postgres_programs.find("pg_dump", server)
    except NoProgram as error:
        yield "wrong", str(error), "without it there is no backup"
        return
    if program.major == server:
        yield "ok", f"pg_dump {program.major} is there", ""
    else:
        yield (
            "warn",
            f"pg_dump {program.major} writes what PostgreSQL {server} cannot take back",
            f"install postgresql-client-{server}",
        )
