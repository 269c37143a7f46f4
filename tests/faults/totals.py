"""What all houses of a run have been through together: the last line of `make soak`."""

from collections import Counter

counts, slowest = Counter(), [0.0]  # answers in seconds


def server_killed(name):
    """A PostgreSQL or a Redis was ended without a goodbye."""
    counts[name] += 1


def add(house, figures):
    """The life of one house, when it is over; `figures` as tests.faults.history has them."""
    counts["houses"] += 1
    counts["restarts"] += house.deaths
    counts["sends"] += len(house.messages)
    for name in ("messages", "resent", "deadlocks"):
        counts[name] += getattr(figures, name)
    slowest.append(float(figures.slowest))


def line():
    """The totals in words; a run that loses, doubles or disorders anything fails, and is not in them."""
    return (
        "{houses} houses: {restarts} processes, {PostgreSQL} PostgreSQL and {Redis} Redis ended and started again;"
        " {messages} messages, {sends} sends taken, {resent} sent again by rule, {deadlocks} deadlocks;"
        " slowest answer {slowest:.1f} s"
    ).format_map(Counter(counts, slowest=max(slowest)))
