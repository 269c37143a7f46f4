"""Processes held to a part of a core, as if on a smaller machine: cgroups of Linux, v1 and v2, which root makes."""

import time
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import Final

GROUPS: Final = Path("/sys/fs/cgroup")
NAME: Final = "assigame-bench-{}"
PERIOD: Final = 50_000  # microseconds: who has used up its part stands still for less; of shorter ones more is lost
ENDS_WITHIN: Final = 5.0  # seconds in which a process that was stopped is gone


class NotHeld(Exception):
    """This machine holds no processes to a part of a core, or still holds those of another run; says why."""


class Quotas:
    """Groups of processes, each with its part of a core; `root` is where cgroups are."""

    def __init__(self, root: Path = GROUPS) -> None:
        self._is_v2 = (root / "cgroup.controllers").exists()
        self._root = root if self._is_v2 else root / "cpu"

    def hold(self, name: str, cores: float, pids: Iterable[int]) -> None:
        """Let these processes, and those that they begin from now on, use so many cores together. Raises NotHeld."""
        group = self._root / NAME.format(name)
        try:
            self._make(group, round(cores * PERIOD))
            for pid in pids:
                with suppress(ProcessLookupError):  # it has just ended
                    (group / "cgroup.procs").write_text(str(pid))
        except OSError as error:
            raise NotHeld(f"{error.filename or group}: {error.strerror}") from error

    def _make(self, group: Path, quota: int) -> None:
        if self._is_v2:
            (self._root / "cgroup.subtree_control").write_text("+cpu")
        group.mkdir(exist_ok=True)
        if self._is_v2:
            (group / "cpu.max").write_text(f"{quota} {PERIOD}")
        else:
            (group / "cpu.cfs_period_us").write_text(str(PERIOD))
            (group / "cpu.cfs_quota_us").write_text(str(quota))

    def release(self) -> None:
        """Take the groups away, once all in them have ended. Raises NotHeld where some go on."""
        end = time.monotonic() + ENDS_WITHIN
        for group in self._root.glob(NAME.format("*")):
            while not _is_gone(group):
                if time.monotonic() > end:
                    raise NotHeld(f"{group}: its processes go on")
                time.sleep(0.1)


def _is_gone(group: Path) -> bool:
    try:
        group.rmdir()
    except OSError:
        return False
    return True
