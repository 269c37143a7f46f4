"""Facts: what happened in a domain room, and the reactions other rooms have to it inside the same transaction."""

from collections.abc import Callable, Iterable
from typing import Any, Protocol

DEEPEST = 3  # a reaction may record a fact of its own, three levels down at most

Reaction = Callable[[Any, Any], None]
Reactions = Iterable[tuple[type, Reaction]]


class KeepsFacts(Protocol):
    """Whatever collects facts until its work ends: a `base.db.Db`."""

    facts: list[object]


class TooDeep(Exception):
    """Reactions that record facts that have reactions … more than three levels deep: a bug in the list REACTIONS."""


def record(db: KeepsFacts, fact: object) -> None:
    """Remember that `fact` (of a room's facts.py) happened; reactions run at the end of the turn or job."""
    db.facts.append(fact)


def react(db: KeepsFacts, reactions: Reactions) -> None:
    """Run the reactions to all recorded facts in the order of the list; an exception aborts the whole unit of work."""
    by_type = list(reactions)
    for _ in range(DEEPEST):
        facts, db.facts = db.facts, []
        if not facts:
            return
        for fact in facts:
            for kind, reaction in by_type:
                if isinstance(fact, kind):
                    reaction(db, fact)
    if db.facts:
        raise TooDeep(f"{type(db.facts[0]).__name__} was recorded more than {DEEPEST} levels deep")
