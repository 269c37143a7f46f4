"""Processes held to a part of a core, as if on a smaller machine: control groups of Linux, which only root makes."""

from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import Final

GROUPS: Final = Path("/sys/fs/cgroup")
NAME: Final = "assigame-bench-{}"
PERIOD: Final = 50_000  # microseconds: who has used up its part stands still for less; of shorter ones more is lost
PROCESSES: Final = "cgroup.procs"


class NotHeld(Exception):
    """This machine holds no processes to a part of a core; says why."""


class Quotas:
    """Groups of processes, each with its part of a core; both kinds of control groups, `root` is where they are."""

    def __init__(self, root: Path = GROUPS) -> None:
        self._is_second = (root / "cgroup.controllers").exists()
        self._root = root if self._is_second else root / "cpu"

    def hold(self, name: str, cores: float, pids: Iterable[int]) -> None:
        """Let these processes, and those that they begin from now on, use so many cores together. Raises NotHeld."""
        group = self._root / NAME.format(name)
        quota = round(cores * PERIOD)
        try:
            if self._is_second:
                (self._root / "cgroup.subtree_control").write_text("+cpu")
            group.mkdir(exist_ok=True)
            if self._is_second:
                (group / "cpu.max").write_text(f"{quota} {PERIOD}")
            else:
                (group / "cpu.cfs_period_us").write_text(str(PERIOD))
                (group / "cpu.cfs_quota_us").write_text(str(quota))
        except OSError as error:
            raise NotHeld(f"{group}: {error.strerror}; only root may, where the kernel has them") from error
        for pid in pids:
            with suppress(ProcessLookupError):  # it has just ended
                (group / PROCESSES).write_text(str(pid))

    def release(self) -> None:
        """Let all go: whatever still runs is held to nothing."""
        for group in self._root.glob(NAME.format("*")):
            for pid in (group / PROCESSES).read_text().split():
                with suppress(ProcessLookupError):
                    (self._root / PROCESSES).write_text(pid)
            group.rmdir()
