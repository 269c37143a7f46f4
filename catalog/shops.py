"""Shops by their names, as people type them: `chez maman yawa`."""

from collections.abc import Sequence
from typing import Final

from base.db import Db
from base.sounds import sound
from catalog.vocabulary import Vocabulary

MOST: Final = 50  # shops of one name whose goods are looked through
_SHORTEST_NEAR: Final = 4
_NEAREST: Final = 3  # sounds


def named(db: Db, known: Vocabulary, words: Sequence[str]) -> tuple[int, ...]:
    """The ids of the shops whose names hold all these words, spelling forgiven; () when none does."""
    query = " & ".join(f"({' | '.join(_forms(known, word))})" for word in words)
    return tuple(row.id for row in db.rows(_NAMED, query=query, most=MOST)) if query else ()


_NAMED: Final = """
select id from vendor where to_tsvector('simple', plain_letters(name)) @@ to_tsquery('simple', %(query)s)
order by id limit %(most)s
"""


def _forms(known: Vocabulary, word: str) -> list[str]:
    """The word itself, else what sounds or looks like it among the words of shops' names."""
    heard = sound(word)
    same = known.shops(heard)
    if word in same or not word.isalpha():
        return [word]
    near = [] if same or len(word) < _SHORTEST_NEAR else known.shops_near(heard, _NEAREST)
    return sorted(same or near) or [word]
