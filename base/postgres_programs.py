"""PostgreSQL's own programs: which pg_dump and pg_restore there are, and how they are told where the database is."""

import os
import re
import shutil
import subprocess
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from psycopg.conninfo import conninfo_to_dict, make_conninfo

from base.embedded_place import EmbeddedError, postgres_of_wheel

DEBIANS: Final = Path("/usr/lib/postgresql")  # <major>/bin


class NoProgram(Exception):
    """No program of a version that fits; says which would."""


@dataclass(frozen=True)
class Program:
    """One program and its major version."""

    path: Path
    major: int


def find(name: str, at_least: int, places: tuple[Path, ...] | None = None) -> Program:
    """The program whose version is next to `at_least`, not below: of the embedded PostgreSQL, Debian's, or on the PATH.

    An older pg_dump refuses a newer server; a newer one writes what an older server need not take back.
    """
    found = {
        program.major: program
        for place in (_places(name) if places is None else places)
        if (program := _program(place / name))
    }
    fitting = [program for major, program in sorted(found.items()) if major >= at_least]
    if not fitting:
        have = ", ".join(map(str, sorted(found))) or "none"
        raise NoProgram(f"{name} {at_least} or newer is needed, found {have}: install postgresql-client-{at_least}")
    return fitting[0]


def _places(name: str) -> tuple[Path, ...]:
    on_path = shutil.which(name)
    places = [Path(on_path).parent] if on_path else []
    places += sorted(DEBIANS.glob("*/bin"))
    with suppress(EmbeddedError):
        places.append(postgres_of_wheel())
    return tuple(places)


def _program(path: Path) -> Program | None:
    if not path.exists():
        return None
    printed = subprocess.run([path, "--version"], capture_output=True, text=True, timeout=10, check=False).stdout
    version = re.search(r"\) (\d+)", printed)
    return Program(path, int(version[1])) if version else None


def address(url: str) -> tuple[str, dict[str, str]]:
    """(`--dbname` without the password, the environment with it): everybody can see a command line."""
    parts = conninfo_to_dict(url.replace("+psycopg", "", 1))
    password = parts.pop("password", None)
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LD_LIBRARY_PATH") if name in os.environ}
    return make_conninfo("", **parts), {**kept, "LC_ALL": "C", **({"PGPASSWORD": str(password)} if password else {})}
