"""Where the people of an announcement are: Bè with all quarters that bear its name, a commune, the town, one place."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from functools import cache
from typing import Final

from base.places import Found, find_places, name_of, places
from base.spelling import fold

TOWN: Final = "Lomé"  # all the quarters of Grand Lomé
NAMES_OF_TOWN: Final = frozenset({"lome", "grand lome", "le grand lome", "ville de lome"})
NAMED: Final = 3  # places that are told by name


@cache
def groups() -> Mapping[str, tuple[str, ...]]:
    """The slugs of the quarters that one name stands for: `Bè`, `Tokoin`, `Golfe 1`, `Golfe`, `Lomé`."""
    found: dict[str, list[str]] = defaultdict(list)
    for quarter in places():
        if quarter.kind != "quartier":
            continue
        first = _first(quarter.name)
        for name in dict.fromkeys((TOWN, first, quarter.commune, quarter.commune.rstrip(" 0123456789"))):
            found[name].append(quarter.slug)
    return {name: tuple(slugs) for name, slugs in found.items() if name and len(slugs) > 1}


@cache
def _by_words() -> Mapping[str, str]:
    return {fold(name): name for name in groups()} | dict.fromkeys(NAMES_OF_TOWN, TOWN)


def zone_of(words: str) -> tuple[str, ...]:
    """The slugs of the places that words name: all of Grand Lomé, of a commune, of a name; one town; () for none."""
    named = _by_words().get(fold(words).strip())
    found = None if named else find_places(words)
    named = named or (_shared(found) if found else "")
    if named:
        return groups()[named]
    return (found.exact.slug,) if found and found.exact else ()


def _shared(found: Found) -> str:
    """The name that all the places bear which words may name, however it is spelled: `Tookoin`; '' for one place."""
    names = {_first(place.name) for place in found.candidates} if found.exact is None else set()
    return next((name for name in names if len(names) == 1 and name in groups()), "")


def _first(name: str) -> str:
    return name.partition("-")[0]


def is_name(words: str) -> bool:
    """Whether words are a name that stands for several quarters, and nothing else."""
    return fold(words).strip() in _by_words()


def name_in(words: str) -> str:
    """The name of the place that some words end in, which `zone_of` reads; '' for none: `à Tokoin`, `de Bè Kpota`."""
    typed = fold(words).split()
    for length in range(min(3, len(typed)), 0, -1):
        named = _by_words().get(" ".join(typed[-length:]))
        if named and named != TOWN:
            return named
    found = find_places(words)
    return found.exact.name if found.exact else _shared(found) or (TOWN if "lome" in typed else "")


def zone_words(zone: Sequence[str]) -> str:
    """The names of places: of those that one name stands for that name, of more than a few the first."""
    names, left = [], list(dict.fromkeys(zone))
    while left:
        name, told = _widest(left[0], zone)
        names.append(name)
        left = [slug for slug in left if slug not in told]
    return ", ".join(names[:NAMED]) + ("…" if len(names) > NAMED else "")


def _widest(slug: str, zone: Collection[str]) -> tuple[str, tuple[str, ...]]:
    """The name that stands for the most of a zone, with this place in it."""
    whole = set(zone)
    fitting = [(name, told) for name, told in groups().items() if slug in told and whole.issuperset(told)]
    return max(fitting, key=lambda one: len(one[1]), default=(name_of(slug), (slug,)))
