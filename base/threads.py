"""How the threads of a process share its interpreter."""

import sys
from typing import Final

EACH: Final = 0.0005  # seconds


def take_short_turns() -> None:
    """Let each thread run for half a millisecond while others want to.

    A thread that comes back from a store waits that long for a busy one, at each of a turn's calls; Python's own five
    milliseconds are as long as all the rest of such a call.
    """
    sys.setswitchinterval(EACH)
