"""Waiting in tests for what happens by itself."""

import time


class Late(AssertionError):
    """What was waited for has not come."""


def wait_for(condition, what, seconds=40.0):
    """Ask until it is true; what it gave. Raises Late."""
    end = time.monotonic() + seconds
    while not (found := condition()):
        if time.monotonic() > end:
            raise Late(what)
        time.sleep(0.02)
    return found
