"""What processes cost: CPU seconds and memory of whole trees, read from /proc."""

import asyncio
import os
import signal
import time
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

TICKS = os.sysconf("SC_CLK_TCK")
AT_REST = 0.15  # of a core: what a door and four workers use in which nothing happens
FIELDS = {"pss": ["Pss"], "rss": ["Rss"], "own": ["Anonymous", "Swap"]}  # of /proc/<pid>/smaps_rollup


def stat(pid: int) -> list[str]:
    """The fields of /proc/<pid>/stat from the state on; [] when it is gone."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return []


def tree(roots: Iterable[int]) -> set[int]:
    """These processes and all that descend from them."""
    children: dict[int, list[int]] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit() and (fields := stat(int(entry.name))):
            children.setdefault(int(fields[1]), []).append(int(entry.name))
    found, waiting = set(), [root for root in roots if stat(root)]
    while waiting:
        pid = waiting.pop()
        found.add(pid)
        waiting += children.get(pid, [])
    return found


@dataclass(frozen=True)
class Cpu:
    """CPU seconds in the program and in the kernel."""

    user: float = 0.0
    system: float = 0.0

    @property
    def all(self) -> float:
        """Both."""
        return self.user + self.system


def cpu(roots: Mapping[str, int]) -> dict[str, Cpu]:
    """What each part's whole tree has used since it began, its dead children included."""
    return {part: _cpu(tree([root])) for part, root in roots.items()}


def _cpu(pids: Iterable[int]) -> Cpu:
    ticks = [[int(field) for field in fields[11:15]] for pid in pids if (fields := stat(pid))]
    return Cpu(sum(t[0] + t[2] for t in ticks) / TICKS, sum(t[1] + t[3] for t in ticks) / TICKS)


async def are_at_rest(roots: Mapping[str, int], most: float) -> bool:
    """Wait until these use less than `AT_REST` of a core in a second, so many seconds at most; whether they do."""
    end, before = time.monotonic() + most, _all_of(roots)
    while time.monotonic() < end:
        await asyncio.sleep(1)
        after = _all_of(roots)
        if after - before < AT_REST:
            return True
        before = after
    return False


def _all_of(roots: Mapping[str, int]) -> float:
    return sum(one.all for one in cpu(roots).values())


def memory(pid: int) -> dict[str, float]:
    """MiB of one process: `pss` shares what is shared, `rss` does not; `own` is what is no file's, swapped or not.

    `pss` falls and rises as others of the same program begin and end.
    """
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    kept = {line.split(":")[0]: int(line.split()[1]) / 1024 for line in lines if line.endswith(" kB")}
    return {name: round(sum(kept[field] for field in fields), 1) for name, fields in FIELDS.items()}


def largest(roots: Iterable[int]) -> dict[str, float]:
    """Memory of the largest process of a tree: a server's own process beside its watcher."""
    return max((memory(pid) for pid in tree(roots)), key=lambda one: one["pss"])


def tell_all(roots: Iterable[int], number: signal.Signals) -> None:
    """A signal to every process of these trees."""
    for pid in tree(roots):
        os.kill(pid, number)


def named(pids: Iterable[int], words: str) -> Iterator[int]:
    """Those of the processes whose command line holds these words."""
    for pid in pids:
        try:
            command = Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode("utf-8", "replace")
        except (FileNotFoundError, ProcessLookupError):
            continue
        if words in command:
            yield pid
