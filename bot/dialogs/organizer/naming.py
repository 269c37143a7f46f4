"""Which workshop an organizer means: by its number, by words of its title, or of its theme."""

from typing import Final

from rapidfuzz.distance import OSA

from base.spelling import fold
from events.programme import Workshop
from events.words import theme_of

SMALL: Final = frozenset(
    "le la les l de du des d un une et en a au aux sur pour dans the of on session seance atelier workshop panel"
    " formation".split()
)
SHORTEST_SLIP: Final = 5  # letters from which a word may be one letter off


def named(workshops: tuple[Workshop, ...], said: int | str | None) -> tuple[Workshop, ...]:
    """Those that are meant: the one of a number; by words those that have the most of them. () for none."""
    if isinstance(said, int):
        return tuple(one for one in workshops if one.number == said)
    words = [word for word in fold(said or "").split() if word not in SMALL]
    if not words:
        return ()
    theme = theme_of(" ".join(words))
    counted = {one.id: 2 * _matches(words, one.title) + (theme == one.theme) for one in workshops}
    most = max(counted.values(), default=0)
    return tuple(one for one in workshops if most and counted[one.id] == most)


def _matches(words: list[str], title: str) -> int:
    typed = fold(title).split()
    return sum(any(_is_same(word, other) for other in typed) for word in words)


def _is_same(word: str, other: str) -> bool:
    if word == other or (len(word) >= SHORTEST_SLIP and other.startswith(word)):
        return True
    return min(len(word), len(other)) >= SHORTEST_SLIP and OSA.distance(word, other, score_cutoff=1) <= 1
