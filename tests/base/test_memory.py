"""A process's memory lies in large pages once it has read what it keeps, and nothing that is hardly used grows so."""

import subprocess
import sys
from pathlib import Path

import pytest

from base.memory import LARGE, TUNABLES, large_stretches

ROOT = Path(__file__).parent.parent.parent
SMAPS = """\
55d0bfe00000-55d0c0600000 rw-p 00000000 00:00 0                          [heap]
Size:               8192 kB
KernelPageSize:        4 kB
MMUPageSize:           4 kB
Rss:                {heap} kB
Pss:                8192 kB
VmFlags: rd wr mr mw me ac
7f2000100000-7f2000900000 rw-p 00000000 00:00 0
Size:               8192 kB
Rss:                {arena} kB
7f3000000000-7f3000800000 r-xp 00000000 fe:00 4711                       /usr/lib/libthick.so
Size:               8192 kB
Rss:                8192 kB
7f4000000000-7f4000800000 rw-p 00000000 fe:00 4712                       /usr/lib/libthick.so
Size:               8192 kB
Rss:                8192 kB
7ffd00000000-7ffd00800000 rw-p 00000000 00:00 0                          [stack]
Size:               8192 kB
Rss:                8192 kB
"""
HEAP, ARENA = (0x55D0BFE00000, 4 * LARGE), (0x7F2000200000, 3 * LARGE)  # the arena begins amid a large page
GROWN = """
from base.memory import lie_in_large_pages

kept = [bytearray(100) for _ in range(400_000)]
{}
told = open("/proc/self/smaps_rollup").read().split("\\n")
print(sum(int(line.split()[1]) for line in told if line.startswith("AnonHugePages:")))
"""
GIVES = Path("/sys/kernel/mm/transparent_hugepage/enabled")  # this machine: to all, to who asks, or to nobody
MAY_ASK = GIVES.exists() and "[never]" not in GIVES.read_text()
ARE_FOR_ALL = GIVES.exists() and "[always]" in GIVES.read_text()


@pytest.mark.parametrize(
    "heap, arena, found",
    [
        (8192, 8192, [HEAP, ARENA]),
        (7168, 8192, [HEAP, ARENA]),
        (7164, 8192, [ARENA]),
        (8192, 300, [HEAP]),
        (12, 0, []),
    ],
)
def test_what_a_process_writes_and_has_filled_lies_in_large_pages(heap, arena, found):
    assert list(large_stretches(SMAPS.format(heap=heap, arena=arena))) == found


def kilobytes_in_large_pages(code):
    """Of a process that keeps forty megabytes and has run this."""
    done = subprocess.run([sys.executable, "-c", GROWN.format(code)], cwd=ROOT, capture_output=True, text=True)
    assert done.stderr == ""
    return int(done.stdout)


KEEPS = """
from threading import Barrier, Thread
from base.memory import give_back_soon
give_back_soon()
def own():
    told = open("/proc/self/smaps_rollup").read().splitlines()
    return next(int(line.split()[1]) for line in told if line.startswith("Private_Dirty:"))
all_done, most = Barrier(65), Barrier(65)
def work():
    taken = [bytes(size) for size in range(520, 990, 16) for _ in range(8)]
    del taken
    all_done.wait()
    most.wait()
before, threads = own(), [Thread(target=work) for _ in range(64)]
for thread in threads:
    thread.start()
all_done.wait()
print(own() - before)
most.wait()
"""


def kilobytes_kept_by_threads(**environ):
    """Of a process of which 64 threads have taken memory and given it back."""
    told = [sys.executable, "-c", KEEPS]
    environ = {"PYTHONPATH": str(ROOT), **environ}
    return int(subprocess.run(told, cwd=ROOT, env=environ, capture_output=True, text=True, check=True).stdout)


def test_what_a_thread_gives_back_it_keeps_only_where_the_library_is_left_alone():
    assert kilobytes_kept_by_threads(**TUNABLES) < 4_000
    assert kilobytes_kept_by_threads() > 8_000


@pytest.mark.parametrize("code", ["lie_in_large_pages()", "from bot.warming import warm; warm()"])
def test_who_asks_is_given_large_pages_as_is_whoever_is_warm(code):
    assert kilobytes_in_large_pages(code) >= LARGE // 1024 or not MAY_ASK


def test_who_does_not_ask_is_given_none():
    assert kilobytes_in_large_pages("") == 0 or ARE_FOR_ALL


def test_where_nothing_tells_what_a_process_uses_all_stays_as_it_is():
    blind = "import base.memory, pathlib; base.memory.STRETCHES = pathlib.Path('none'); lie_in_large_pages()"
    assert kilobytes_in_large_pages(blind) == 0 or ARE_FOR_ALL
