"""The demo's own secrets, made once and kept in a file that only its owner reads."""

import os
import secrets
from dataclasses import dataclass
from pathlib import Path

from base.secret import Secret


@dataclass(frozen=True)
class DemoSecrets:
    """What the demo signs with."""

    secret_key: Secret
    simulator: Secret


def read_or_make(path: Path) -> DemoSecrets:
    """The two secrets of this file; the first process to ask makes it (mode 0600). Raises OSError, ValueError."""
    if not path.exists():
        _make(path)
    values = dict(line.partition("=")[::2] for line in path.read_text(encoding="ascii").splitlines())
    if not values.get("SECRET_KEY") or not values.get("SIMULATOR_SECRET"):
        raise ValueError(f"{path}: SECRET_KEY and SIMULATOR_SECRET are expected; remove the file to have it made anew")
    return DemoSecrets(Secret(values["SECRET_KEY"]), Secret(values["SIMULATOR_SECRET"]))


def _make(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f"{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
    text = f"SECRET_KEY={secrets.token_hex(32)}\nSIMULATOR_SECRET={secrets.token_hex(32)}\n"
    with open(
        os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600),
        "w",
        encoding="ascii",
    ) as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    try:
        os.link(draft, path)  # whole or not at all, and only one of two processes wins
    except FileExistsError:
        pass
    finally:
        draft.unlink()
