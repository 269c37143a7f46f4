"""What houses have been through: a line for each, and for all together the last line of `make soak`."""

import sys
from collections import Counter
from contextlib import contextmanager

counts, longest = Counter(), {"recovery": 0.0, "slowest": 0.0}  # seconds
standing, spoilt = [], []  # houses whose life is not over; those of them whose test failed
servers = Counter()  # that were killed since a house began


def server_killed(name):
    """A PostgreSQL or a Redis was ended without a goodbye."""
    servers[name] += 1


@contextmanager
def counted(house, figures_of):
    """A house's life; when it is over it counts and is told, if its books were checked and no test failed on it."""
    standing.append(house)
    servers.clear()
    try:
        yield
        if house.is_checked and house not in spoilt:
            figures = figures_of(house)
            sys.stdout.write(f"{told(house, figures)}\n")
            add(house, figures)
    finally:
        standing.remove(house)


def spoil():
    """A test has failed: what its houses have been through is no proof."""
    spoilt.extend(standing)


def told(house, figures):
    """One house's life in a line."""
    return (
        f"a house: {figures.messages} messages, {len(house.messages)} sends taken, {figures.resent} sent again by rule,"
        f" {len(house.falls)} processes killed, {house.deaths} started again, {figures.deadlocks} deadlocks,"
        f" longest recovery {figures.recovery:.1f} s, slowest answer {figures.slowest:.1f} s"
    )


def add(house, figures):
    """The life of one house, when it is over; `figures` as tests.faults.history has them."""
    counts["houses"] += 1
    counts["kills"] += len(house.falls)
    counts["restarts"] += house.deaths
    counts["sends"] += len(house.messages)
    counts.update(servers)
    servers.clear()
    for name in ("messages", "resent", "deadlocks"):
        counts[name] += getattr(figures, name)
    for name in longest:
        longest[name] = max(longest[name], float(getattr(figures, name)))


def of_this_process():
    """What `join` is to be given by whoever runs tests beside us."""
    return {"counts": dict(counts), "longest": dict(longest)}


def join(others):
    """Add what the houses of another process have been through."""
    counts.update(others["counts"])
    for name, seconds in others["longest"].items():
        longest[name] = max(longest[name], seconds)


def line():
    """The totals in words; a run that loses, doubles or disorders anything fails, and is not in them."""
    return (
        "{houses} houses: {kills} processes killed, {restarts} started again; {PostgreSQL} PostgreSQL and {Redis} Redis"
        " killed and started again; {messages} messages, {sends} sends taken, {resent} sent again by rule,"
        " {deadlocks} deadlocks; longest recovery {recovery:.1f} s, slowest answer {slowest:.1f} s"
    ).format_map(Counter(counts, **longest))
