"""The words of a market's goods, kept in memory and read on as goods are added.

It holds words, not products: a million goods that are named with fifty thousand words are fifty thousand words.
"""

import threading
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from base.db import Database, Db
from base.sounds import loose_sound, loosened, sounds_of_all
from base.spelling import fold
from catalog.meanings import Words, meanings, stem
from catalog.neighbours import Neighbours

LATE_IDS: Final = 1000  # a product may be committed after others with higher ids: that many are read once more
LATE_SHOPS: Final = 100  # the same of shops
SLICE: Final = 5000  # rows a statement: none runs for long, or brings much into memory
SHORTEST: Final = 3  # letters of a word that is told by its sound
SHORTEST_NEAR: Final = 4  # and of one that is told though letters of it are wrong
Index = dict[str, str]  # values are words with a blank between: most are one word, and a set of one takes four times it


@dataclass
class Vocabulary:
    """Words in the singular. Only added to, by one thread at a time; any other may read meanwhile."""

    categories: Mapping[str, frozenset[int]] = field(default_factory=dict)  # of the categories' names -> categories
    remembered: dict[str, object] = field(default_factory=dict)  # what typed words were read as (catalog.likeness)
    _stems: Index = field(default_factory=dict)  # of the goods' names -> the forms they have there
    _beginnings: dict[str, list[str]] = field(default_factory=dict)  # first letters -> those of the goods' names
    _heard: Index = field(default_factory=dict)  # sound -> words of goods, of categories and of the table of meanings
    _loosely: Index = field(default_factory=dict)  # coarse sound -> sounds
    _spelled: Neighbours = field(default_factory=Neighbours)  # the words that are heard, by their first sound
    _sounds: Neighbours = field(default_factory=Neighbours)  # their sounds, by the first of them
    _shops: Index = field(default_factory=dict)  # sound -> words of shops' names
    _shop_sounds: Neighbours = field(default_factory=Neighbours)

    def __len__(self) -> int:
        """How many words of goods there are."""
        return len(self._stems)

    def sells(self, word: str) -> bool:
        """Whether a name of goods has this word, in the singular or the plural."""
        return word in self._stems

    def forms(self, word: str) -> list[str]:
        """The forms in which names have a word of the singular, sorted; [] when none has it."""
        return sorted(self._stems.get(word, "").split())

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
            yield from ((form,) for form in self.forms(good[0]))
        elif all(word in self._stems for word in good):
            yield tuple(self.forms(word)[0] for word in good)

    def heard(self, sound: str) -> list[str]:
        """The words that sound so."""
        return self._heard.get(sound, "").split()

    def heard_loosely(self, word: str) -> list[str]:
        """The words that sound nearly as this one does."""
        return [one for sound in self._loosely.get(loose_sound(word), "").split() for one in self.heard(sound)]

    def beginning(self, letters: str) -> list[str]:
        """The words of goods that begin with these letters, SHORTEST at least."""
        return [word for word in self._beginnings.get(letters[:SHORTEST], ()) if word.startswith(letters)]

    def near(self, word: str, sound: str, most: int) -> Iterator[tuple[int, str]]:
        """The words with at most so many letters in another place, and with how many, that begin with this sound."""
        return ((distance, one) for one, distance in self._spelled.within(word, most, sound[:1]))

    def near_heard(self, sound: str) -> Iterator[tuple[int, str]]:
        """The words with at most one sound in another place, and with how many, that begin with the same."""
        near = self._sounds.within(sound, 1, sound[:1])
        return ((distance, word) for one, distance in near for word in self.heard(one))

    def shops(self, sound: str) -> list[str]:
        """The words of shops' names that sound so."""
        return self._shops.get(sound, "").split()

    def shops_near(self, sound: str, most: int) -> list[str]:
        """Those of at most so many sounds of which one is in another place."""
        near = sorted(one for one, _ in self._shop_sounds.within(sound, 1))[:most]
        return [word for one in near for word in self.shops(one)]

    def add_goods(self, words: Iterable[str]) -> None:
        """Take in words of goods' names; who has just read one of before remembers it where nobody looks."""
        new = {word for word in words if word not in self._stems.get(stem(word), "").split()}
        singular = {stem(word) for word in new if stem(word) not in self._stems}
        for word in new:
            _put(self._stems, stem(word), word)
        for word in singular:
            self._beginnings.setdefault(word[:SHORTEST], []).append(word)
        self.hear(singular)
        if new:
            self.remembered = {}

    def set_categories(self, categories: Mapping[str, frozenset[int]]) -> None:
        """Take in all words of categories' names, in place of those of before."""
        self.categories = categories
        self.hear(categories)
        self.remembered = {}

    def hear(self, words: Iterable[str]) -> None:
        """Take in words that may be meant, whether they are sold or not."""
        told = [word for word in words if len(word) >= SHORTEST and word.isalpha()]
        for word, sound in zip(told, sounds_of_all(told), strict=True):
            if sound not in self._heard:
                self._sounds.add(sound, sound[:1])
                if loose := loosened(sound):
                    _put(self._loosely, loose, sound)
            if _put(self._heard, sound, word) and len(word) >= SHORTEST_NEAR:
                self._spelled.add(word, sound[:1])

    def add_shops(self, words: Iterable[str]) -> None:
        """Take in words of shops' names."""
        named = [word for word in words if word.isalpha()]
        for word, sound in zip(named, sounds_of_all(named), strict=True):
            if sound not in self._shops:
                self._shop_sounds.add(sound)
            _put(self._shops, sound, word)


def _put(index: Index, key: str, word: str) -> bool:
    """One more word of a key; False when it has it."""
    before = index.get(key, "")
    if word in before.split():
        return False
    index[key] = f"{before} {word}" if before else word
    return True


@dataclass
class _Known:
    """What one database's goods have taught so far, and up to which of their ids; -1: nothing was read."""

    words: Vocabulary
    product: int = -1
    category: int = -1
    vendor: int = -1
    reading: threading.Lock = field(default_factory=threading.Lock)

    def refresh(self, db: Db, newest: Any) -> None:
        """Read the names of goods, categories and shops that came since the last time; who comes meanwhile waits."""
        with self.reading:
            if newest.category != self.category:
                self.words.set_categories(_categories(db))
                self.category = newest.category
            for words in _slices(db, _NEW_GOODS, self.product, newest.product, LATE_IDS):
                self.words.add_goods(words)
            self.product = newest.product
            for words in _slices(db, _NEW_SHOPS, self.vendor, newest.vendor, LATE_SHOPS):
                self.words.add_shops(words)
            self.vendor = newest.vendor


_NEW_GOODS: Final = """
select max(id) as last, string_agg(folded, ' ') as words
from (select id, folded from product where id > %(last)s order by id limit %(most)s) as slice
"""
_NEW_SHOPS: Final = """
select max(id) as last, string_agg(plain_letters(name), ' ') as words
from (select id, name from vendor where id > %(last)s order by id limit %(most)s) as slice
"""
_NEWEST: Final = """
select coalesce((select max(id) from product), 0) as product, coalesce((select max(id) from category), 0) as category,
    coalesce((select max(id) from vendor), 0) as vendor
"""
_KNOWN: dict[tuple[str, int, str], _Known] = {}  # by the database's host, port and name


def vocabulary(db: Db) -> Vocabulary:
    """The words of this database's goods, up to date: one short statement, and one more where there are new goods.

    A process that has not `read_ahead` reads them all first.
    """
    server = db.connection.info
    key = (server.host, server.port, server.dbname)
    known = _KNOWN.get(key) or _KNOWN.setdefault(key, _Known(_explained()))
    known.refresh(db, db.one(_NEWEST))
    return known.words


def read_ahead(database: Database) -> None:
    """Read the words before anybody searches, each slice in a transaction of its own.

    Raises the errors of an absent database.
    """
    with database.autocommit() as db:
        vocabulary(db)


def _slices(db: Db, sql: str, reached: int, newest: int, late: int) -> Iterator[set[str]]:
    """The words of all rows up to the newest that came after those that were reached, but for the late ones.

    The newest may be older than that one: a turn that added goods was rolled back.
    """
    last = min(reached, newest) - late
    while reached != newest and last < newest:
        row: Any = db.one(sql, last=last, most=SLICE)
        if row.last is None:
            return
        last = row.last
        yield set(row.words.split())


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
    known = Vocabulary()
    known.hear(meanings().words())
    return known
