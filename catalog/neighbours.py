"""Words that differ in a place or two, found without looking at all of them."""

from collections.abc import Iterator
from typing import Final

from rapidfuzz import process
from rapidfuzz.distance import OSA

ANY: Final = ""  # beginning of words that are looked for whatever they begin with


class Neighbours:
    """Words by how they begin and by their length, the only ones that such a word can be among.

    Only added to, by one thread at a time; any other may look meanwhile.
    """

    def __init__(self) -> None:
        self._words: dict[tuple[str, int], list[str]] = {}

    def add(self, word: str, begins: str = ANY) -> None:
        """One more, which is not there yet; `begins` is what it is looked for under, such as its first sound."""
        self._words.setdefault((begins, len(word)), []).append(word)

    def within(self, word: str, most: int, begins: str = ANY) -> Iterator[tuple[str, int]]:
        """All words with at most so many letters lost, added, changed, or in their neighbour's place: and how many."""
        for length in range(len(word) - most, len(word) + most + 1):
            among = self._words.get((begins, length), ())
            for near, distance, _ in process.extract(word, among, scorer=OSA.distance, score_cutoff=most, limit=None):
                yield near, int(distance)
