"""The memory of a process that lives long: what its collector looks through, and what it gives back."""

import ctypes
import gc
from typing import Final

YOUNG: Final = 10_000  # objects; a turn leaves no cycles worth looking for after every 700
MAPPED: Final = 256 * 1024  # bytes from which a block goes back to the machine as soon as it is free
POOLS: Final = 2  # which all threads share; glibc's own are eight a core, and each keeps the most it ever held
M_MMAP_THRESHOLD, M_ARENA_MAX = -3, -8  # malloc.h of glibc


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
