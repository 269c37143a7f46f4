"""The garbage collector of a process that lives long."""

import gc
from typing import Final

YOUNG: Final = 10_000  # objects; a turn leaves no cycles worth looking for after every 700


def spare_the_collector() -> None:
    """Once a process is built: what it is made of is never looked through again, and what is new less often."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(YOUNG, 10, 10)
