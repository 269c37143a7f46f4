"""Waiting in tests for what happens by itself."""

import time

OFTEN, SELDOM = 0.02, 0.1  # seconds between two questions


class Late(AssertionError):
    """What was waited for has not come."""


def wait_for(condition, what, seconds=40.0):
    """Ask until it is true, the longer it takes the less often; what it gave. Raises Late."""
    begun = time.monotonic()
    while not (found := condition()):
        waited = time.monotonic() - begun
        if waited > seconds:
            raise Late(what)
        time.sleep(min(OFTEN + waited / 20, SELDOM))
    return found
