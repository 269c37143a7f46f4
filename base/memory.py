"""The memory of a process that lives long: what its collector looks through, and what it gives back."""

import ctypes
import gc
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

YOUNG: Final = 10_000  # objects; a turn leaves no cycles worth looking for after every 700
MAPPED: Final = 256 * 1024  # bytes from which a block goes back to the machine as soon as it is free
POOLS: Final = 2  # which all threads share; glibc's own are eight a core, and each keeps the most it ever held
# What glibc reads before a process begins. Each thread keeps up to seven free blocks of every size, as large as this:
# with the 1032 bytes it takes by itself that is 200 KB for each of a hundred threads, which fill for days, like a leak.
TUNABLES: Final = {"GLIBC_TUNABLES": "glibc.malloc.tcache_max=256"}
M_MMAP_THRESHOLD, M_ARENA_MAX = -3, -8  # malloc.h of glibc
MADV_COLLAPSE: Final = 25  # of Linux's mman.h
STRETCHES: Final = Path("/proc/self/smaps")
LARGE: Final = 2 * 1024 * 1024  # bytes of a large page, of x86-64 and of ARM with small pages of 4096
FULL: Final = 7 / 8  # of a stretch that is worth it: a large page takes all of its room
_STRETCH: Final = re.compile(  # of /proc/…/smaps: what a process writes, and no file holds
    r"^([0-9a-f]+)-([0-9a-f]+) rw-p \S+ \S+ 0 *(?:\[heap\]|\[anon:.*)?\n(?:(?!Rss:)\w+: .*\n)*Rss: +(\d+) kB$",
    re.MULTILINE,
)


def give_back_soon() -> None:
    """Before a process has threads: a large body that was read is no memory that its thread keeps.

    Without it a door keeps the largest request of each of its threads for ever, and "keeps" and "leaks" look alike.
    A C library without mallopt (musl, macOS) has no such pools and is left alone.
    """
    set_option = getattr(ctypes.CDLL(None), "mallopt", None)
    if set_option is not None:
        set_option(M_MMAP_THRESHOLD, MAPPED)
        set_option(M_ARENA_MAX, POOLS)


def spare_the_collector() -> None:
    """Once a process is built: what it is made of is never looked through again, and what is new less often."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(YOUNG, 10, 10)


def lie_in_large_pages() -> None:
    """Once a process has read what it keeps: lay that in large pages, where the machine gives them to who asks.

    What a turn touches is strewn over a hundred megabytes. In pages of 4096 bytes that is more than a processor knows
    the places of, and it looks them up again and again: at half load a turn is answered a twentieth later, and of a
    hundred the slowest a tenth. A machine that knows no such request (no Linux, or one before 6.1), or has no such page
    left, changes nothing.
    """
    try:
        told = STRETCHES.read_text()
    except OSError:
        return
    ask = ctypes.CDLL(None).madvise
    ask.argtypes = (ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int)
    for begin, size in large_stretches(told):
        ask(begin, size, MADV_COLLAPSE)


def large_stretches(told: str) -> Iterator[tuple[int, int]]:
    """Where large pages could lie in the stretches of `/proc/…/smaps` that are full: first address, and bytes.

    A thread's stack is hardly used, and a large page would take all of its room.
    """
    for found in _STRETCH.finditer(told):
        begin, end, used = int(found[1], 16), int(found[2], 16), int(found[3]) * 1024
        first, last = -(-begin // LARGE) * LARGE, end // LARGE * LARGE
        if last > first and used >= FULL * (end - begin):
            yield first, last - first
