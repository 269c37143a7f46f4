"""Finding products by words, as people type them."""

import threading
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from rapidfuzz import process
from rapidfuzz.distance import OSA

from base import spelling
from base.db import Db
from catalog.products import SELLABLE, Product, products

MOST_WORDS: Final = 6
LATE_IDS: Final = 1000  # a product may be committed after others with higher ids: that many are read once more
MOST_RANKED: Final = 500  # matches that are looked at, whatever the catalog's size
_LITTLE: Final = frozenset(
    "a au aux avec c d de des du en est et l la le les ou par pour sur un une the of for with".split()
)

# Said of a quantity; a product's name alone when nothing else is said.
_UNITS: Final = frozenset(
    "sac bol bidon litre kilo kg paquet carton boite bouteille sachet piece paire tas lot".split()
)


@dataclass
class _Vocabulary:
    """The words of all product names of one database, read on as products are added."""

    words: set[str] = field(default_factory=set)
    last_id: int = 0
    reading: threading.Lock = field(default_factory=threading.Lock)

    def refresh(self, db: Db) -> None:
        """Read the names of products that came since the last time."""
        newest = db.value("select max(id) from product") or 0
        if newest == self.last_id:
            return
        with self.reading:
            rows = db.rows(
                "select distinct unnest(string_to_array(folded, ' ')) as word from product where id > %(last)s",
                last=self.last_id - LATE_IDS if newest > self.last_id else 0,
            )
            self.words |= {row.word for row in rows}
            self.last_id = newest


_VOCABULARIES: dict[tuple[str, int, str], _Vocabulary] = {}  # by the database's host, port and name


def find_by_words(db: Db, words: str, limit: int = 9) -> tuple[Product, ...]:
    """Listed products whose names hold these words, or most of them; in stock first. Forgives a letter or two.

    The best match of all words comes before one of some words; () when no word is known.
    """
    asked, known = _asked(words), _vocabulary(db).words
    # a word that only names goods of the past may still be the beginning of others'
    found = _best(db, asked, known, limit) or _best(db, asked, known - set(asked), limit)
    return products(db, found)


def _best(db: Db, asked: Sequence[str], vocabulary: set[str], limit: int) -> list[int]:
    terms = [term for term in (_term(word, vocabulary) for word in asked) if term]
    if not terms:
        return []
    found = _matching(db, " & ".join(terms), terms, limit)
    if found or len(terms) == 1:
        return found
    telling = [term for term in terms if not term.strip("()").isdigit()] or terms
    return _matching(db, " | ".join(telling), telling, limit)


def names_goods(db: Db, words: str) -> bool:
    """Whether a message is nothing but words that listed products' names hold, such as `riz` or `huile vegetal`."""
    asked = _asked(words)
    if not asked or len(spelling.words(words)) > MOST_WORDS:
        return False
    vocabulary = _vocabulary(db)
    terms = [_term(word, vocabulary.words) for word in asked]
    # the vocabulary may still know a word whose product is gone
    return all(terms) and bool(db.value(_ALL_HELD, terms=terms))


_ALL_HELD: Final = """
select bool_and(exists (
    select from product where to_tsvector('simple', folded) @@ to_tsquery('simple', term) and is_listed
)) from unnest(%(terms)s::text[]) as term
"""


def _vocabulary(db: Db) -> _Vocabulary:
    server = db.connection.info
    vocabulary = _VOCABULARIES.setdefault((server.host, server.port, server.dbname), _Vocabulary())
    vocabulary.refresh(db)
    return vocabulary


def _asked(words: str) -> list[str]:
    telling = [word for word in spelling.words(words) if word not in _LITTLE]
    named = [word for word in telling if word not in _UNITS and word.removesuffix("s") not in _UNITS]
    return (named or telling)[:MOST_WORDS]


def _matching(db: Db, query: str, terms: Sequence[str], limit: int) -> list[int]:
    rows = db.rows(_MATCHING, query=query, terms=list(terms), most=MOST_RANKED, limit=limit)
    return [row.id for row in rows]


_MATCHING: Final = f"""
select p.id
from (
    select * from product p
    where to_tsvector('simple', folded) @@ to_tsquery('simple', %(query)s) and is_listed limit %(most)s
) as p join stock s on s.id = p.stock_id join vendor v on v.id = p.vendor_id,
lateral (
    select count(*) as words from unnest(%(terms)s::text[]) as term
    where to_tsvector('simple', p.folded) @@ to_tsquery('simple', term)
) as matched
order by matched.words desc, {SELLABLE} = 0, p.sales desc, length(p.folded), p.id
limit %(limit)s
"""


def _term(word: str, vocabulary: set[str]) -> str:
    """One word for to_tsquery: what begins so, in the singular too, else the nearest known words; '' without any."""
    if word in vocabulary:  # `mais` is not the beginning of `maison`
        forms = dict.fromkeys((*_forms(word), f"{word}s", f"{word}x"))
        return "(" + " | ".join(form for form in forms if form in vocabulary) + ")"
    known = [form for form in _forms(word) if form in vocabulary or _begins_one(form, vocabulary)]
    if known:
        return "(" + " | ".join(f"{form}:*" if len(form) > 2 else form for form in known) + ")"
    near = list(_near(word, vocabulary))
    return "(" + " | ".join(near) + ")" if near else ""


def _forms(word: str) -> Iterator[str]:
    yield word
    if len(word) > 3 and word[-1] in "sx":
        yield word[:-1]


def _begins_one(form: str, vocabulary: Iterable[str]) -> bool:
    return len(form) > 2 and any(word.startswith(form) for word in vocabulary)


def _near(word: str, vocabulary: set[str]) -> Iterator[str]:
    if len(word) < 4 or word.isdigit():
        return
    most = 1 if len(word) <= 6 else 2
    matches = process.extract(word, vocabulary, scorer=OSA.distance, score_cutoff=most, limit=3)
    best = min((distance for _, distance, _ in matches), default=0)
    yield from (near for near, distance, _ in matches if distance == best)
