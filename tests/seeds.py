"""Chance in tests: another one in each run, told so that a failing run can be had again."""

import os
import random
import sys


def chance_of(name):
    """A generator; the variable `name` gives its seed, which a failing run prints."""
    seed = int(os.environ.get(name, random.randrange(10**6)))
    sys.stdout.write(f"{name}={seed}\n")
    return random.Random(seed)
