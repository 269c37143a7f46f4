"""The words of a market's goods, kept in memory and read on as goods are added.

It holds words, not products: a million goods that are named with five thousand words are five thousand words.
"""

import threading
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from base.db import Db
from base.sounds import loose_sound, sound
from base.spelling import fold
from catalog.meanings import Words, meanings, stem

LATE_IDS: Final = 1000  # a product may be committed after others with higher ids: that many are read once more
SHORTEST: Final = 3  # letters of a word that is told by its sound
Index = Mapping[str, frozenset[str]]


@dataclass(frozen=True)
class Vocabulary:
    """Words in the singular; never changed once it is made, so that any thread may read it."""

    stems: Index  # of the goods' names -> the forms they have there
    categories: Mapping[str, frozenset[int]]  # of the categories' names -> categories
    heard: Index  # sound -> words of goods, of categories and of the table of meanings
    loosely: Index  # coarse sound -> the same
    shops: Index  # sound -> words of shops' names
    remembered: dict[str, object] = field(default_factory=dict)  # what typed words were read as (catalog.likeness)

    def means(self, way: Words, *, but: str = "") -> dict[Words, float]:
        """The words of goods that a way of saying names: the very word, another name of the good, goods of the kind.

        They are in the forms that names have; the values say how near each is, from 1 to 0. `but` is left out.
        """
        found: dict[Words, float] = {}
        for good, near in ({way: 1.0} | dict(meanings().of(way))).items():
            for forms in self._forms(good) if good != (but,) else ():
                found[forms] = max(near, found.get(forms, 0.0))
        return found

    def _forms(self, good: Words) -> Iterator[Words]:
        """A good's words as names have them; none when one of them is in no name."""
        if len(good) == 1:
            yield from ((form,) for form in sorted(self.stems.get(good[0], ())))
        elif all(word in self.stems for word in good):
            yield tuple(min(self.stems[word]) for word in good)


@dataclass
class _Known:
    """What one database's goods have taught so far."""

    words: Vocabulary
    newest: tuple[int, int, int] = (-1, -1, -1)  # product, category, shop
    reading: threading.Lock = field(default_factory=threading.Lock)

    def refresh(self, db: Db, newest: tuple[int, int, int]) -> None:
        """Read the names of goods, categories and shops that came since the last time."""
        with self.reading:
            if newest == self.newest:
                return
            last = self.newest[0] - LATE_IDS if newest[0] >= self.newest[0] else 0
            rows = db.rows(_NEW_WORDS, last=last)
            categories = _categories(db) if newest[1] != self.newest[1] else self.words.categories
            sellers = db.rows(_NEW_SHOPS, last=self.newest[2]) if newest[2] != self.newest[2] else ()
            self.words = _with(self.words, {row.word for row in rows}, categories, {row.word for row in sellers})
            self.newest = newest


_NEW_WORDS: Final = """
select distinct unnest(string_to_array(folded, ' ')) as word from product where id > %(last)s
"""
_NEW_SHOPS: Final = """
select distinct unnest(string_to_array(plain_letters(name), ' ')) as word from vendor where id > %(last)s - 100
"""
_NEWEST: Final = """
select coalesce((select max(id) from product), 0) as product, coalesce((select max(id) from category), 0) as category,
    coalesce((select max(id) from vendor), 0) as vendor
"""
_KNOWN: dict[tuple[str, int, str], _Known] = {}  # by the database's host, port and name


def vocabulary(db: Db) -> Vocabulary:
    """The words of this database's goods, up to date: one short statement."""
    server = db.connection.info
    key = (server.host, server.port, server.dbname)
    known = _KNOWN.get(key) or _KNOWN.setdefault(key, _Known(_explained()))
    row = db.one(_NEWEST)
    known.refresh(db, (row.product, row.category, row.vendor) if row else (0, 0, 0))
    return known.words


def _categories(db: Db) -> dict[str, frozenset[int]]:
    """Categories by each longer word of their names, in any language."""
    found: dict[str, set[int]] = {}
    for row in db.rows("select id, names from category"):
        for word in fold(" ".join(row.names.values())).split():
            if len(word) > SHORTEST:
                found.setdefault(stem(word), set()).add(row.id)
    return {word: frozenset(ids) for word, ids in found.items()}


def _explained() -> Vocabulary:
    """Nothing is sold yet; the table of meanings is there."""
    heard, loosely = _by_sound(meanings().words())
    return Vocabulary({}, {}, heard, loosely, {})


def _with(
    known: Vocabulary, words: Iterable[str], categories: Mapping[str, frozenset[int]], sellers: Iterable[str]
) -> Vocabulary:
    """The vocabulary with more words; the same one when they are known."""
    new = [word for word in words if word not in known.stems.get(stem(word), ())]
    named = [(sound(word), word) for word in sellers if word.isalpha() and word not in known.shops.get(sound(word), ())]
    if not new and not named and categories is known.categories:
        return known
    heard, loosely = _by_sound({*map(stem, new), *categories})
    return Vocabulary(
        _merged(known.stems, ((stem(word), word) for word in new)),
        categories,
        _merged(known.heard, _pairs(heard)),
        _merged(known.loosely, _pairs(loosely)),
        _merged(known.shops, named),
    )


def _by_sound(words: Iterable[str]) -> tuple[Index, Index]:
    told = [word for word in words if len(word) >= SHORTEST and word.isalpha()]
    heard = _merged({}, ((sound(word), word) for word in told))
    return heard, _merged({}, ((loose, word) for word in told if (loose := loose_sound(word))))


def _pairs(index: Index) -> Iterator[tuple[str, str]]:
    return ((key, word) for key, words in index.items() for word in words)


def _merged(index: Index, pairs: Iterable[tuple[str, str]]) -> Index:
    more: dict[str, set[str]] = {}
    for key, word in pairs:
        more.setdefault(key, set()).add(word)
    return {**index, **{key: index.get(key, frozenset()) | words for key, words in more.items()}}
