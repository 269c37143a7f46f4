"""Chance in tests: another one in each run, told so that a failing run can be had again."""

import os
import random
import sys


def seed_of(name):
    """What chance begins with: the variable of that name, else another number in each run; it is printed."""
    seed = int(os.environ.get(name, random.randrange(10**6)))
    sys.stdout.write(f"{name}={seed}\n")
    return seed


def chance_of(name):
    """A generator of that seed."""
    return random.Random(seed_of(name))
