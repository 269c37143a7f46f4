"""What houses have been through: a line for each, and for all together the last line of `make soak`.

A house counts when its books were checked and no test failed on it; those that do not are numbered in that line too.
"""

import json
import os
import sys
from collections import Counter
from contextlib import contextmanager

from tests.faults import history

counts, longest = Counter(), {"recovery": 0.0, "slowest": 0.0}  # seconds
standing, spoilt = [], []  # houses whose life is not over; those of them whose test failed
ended = []  # (house, figures) of those that were well when the test was not over


@contextmanager
def counted(house):
    """A house's life; when it is over, and was no failure, it is told. A failure names its history."""
    standing.append(house)
    counts["unproved"] += 1  # until `settle`
    try:
        history.note_ends(house)
        yield
        if house.is_checked and house not in spoilt:
            figures = history.figures_of(house)
            sys.stdout.write(f"{told(house, figures)}\n")
            ended.append((house, figures))
    except BaseException as error:
        error.add_note(f"history: {keep(house, os.environ.get('PYTEST_CURRENT_TEST', '').rpartition('::')[2])}")
        raise
    finally:
        standing.remove(house)


def spoil(test):
    """A test has failed: what its houses have been through is no proof; the paths of their histories."""
    spoilt.extend(standing)
    ended.clear()
    return [keep(house, test) for house in standing]


def settle():
    """A test is over: its houses that have ended and were well count."""
    for house, figures in ended:
        add(house, figures)
        counts["unproved"] -= 1
    ended.clear()


def keep(house, test):
    """The path of the history of one of a test's houses that stand."""
    return history.keep(house, f"{standing.index(house)} {test}")


def told(house, figures):
    """One house's life in a line."""
    return (
        f"a house: {figures.messages} messages, {len(house.messages)} sends taken, {figures.resent} sent again by rule,"
        f" {len(house.falls)} processes and {len(house.server_falls)} servers killed, {house.deaths} started again,"
        f" {figures.deadlocks} deadlocks,"
        f" longest recovery {figures.recovery:.1f} s, slowest answer {figures.slowest:.1f} s"
    )


def add(house, figures):
    """The life of one house, when it is over; `figures` as tests.faults.history has them."""
    counts["houses"] += 1
    counts["kills"] += len(house.falls)
    counts["restarts"] += house.deaths
    counts["sends"] += len(house.messages)
    counts.update(name for name, _ in house.server_falls)
    for name in ("messages", "resent", "deadlocks"):
        counts[name] += getattr(figures, name)
    for name in longest:
        longest[name] = max(longest[name], float(getattr(figures, name)))


def of_this_process():
    """What `join` is to be given by whoever runs tests beside us or after us."""
    return {"counts": dict(counts), "longest": dict(longest)}


def join(others):
    """Add what the houses of another process have been through."""
    counts.update(others["counts"])
    for name, seconds in others["longest"].items():
        longest[name] = max(longest[name], seconds)


def join_crashed():
    """Whoever crashes tells nothing: at least the house that stood then was not checked."""
    counts["unproved"] += 1


def begin(path):
    """Join what the runs before this one have left in a file; until `end` a house of this one is unproved there."""
    if path.exists():
        join(json.loads(path.read_text()))
    path.parent.mkdir(parents=True, exist_ok=True)
    begun = of_this_process()
    begun["counts"]["unproved"] = counts["unproved"] + 1
    path.write_text(json.dumps(begun))


def end(path):
    """Leave all there for the run that follows."""
    path.write_text(json.dumps(of_this_process()))


def line():
    """The totals in words. A house that loses, doubles or disorders anything fails, and is not in the others' sums."""
    return (
        "{unproved} houses failed or were not checked; in {houses} others 0 messages lost, 0 doubled, 0 out of order:"
        " {kills} processes killed, {restarts} started again; {PostgreSQL} PostgreSQL and {Redis} Redis"
        " killed and started again; {messages} messages, {sends} sends taken, {resent} sent again by rule,"
        " {deadlocks} deadlocks; longest recovery {recovery:.1f} s, slowest answer {slowest:.1f} s"
    ).format_map(Counter(counts, **longest))
