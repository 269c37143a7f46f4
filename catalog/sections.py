"""In which category a new product most likely belongs, by the names of what is there; and what it is sold by."""

from dataclasses import dataclass
from typing import Final

from base.db import Db
from base.spelling import fold
from catalog.meanings import stem

SHORTEST_WORD: Final = 3
LOOKED_AT: Final = 500  # products with one of the words
CLEAR: Final = 2.0  # times as likely as the next one: nobody has to be asked
USUAL: Final = 0.6  # of a category's goods have one unit: it goes unasked
_NO_GOODS: Final = frozenset("les des une pour avec kilo yards litre litres grand petit taille neuf neuve".split())

_LIKE: Final = """
select category_id, sum(matched * matched)::float8 as near from (
    select p.category_id, (select count(*) from unnest(%(words)s::text[]) as said(word)
        where word = any(string_to_array(p.folded, ' '))) as matched
    from product p where p.is_listed and p.kind <> 'variant'
        and to_tsvector('simple', p.folded) @@ to_tsquery('simple', %(query)s) limit %(most)s) as found
group by category_id
"""
_ALL: Final = """
select c.id, coalesce(c.names->>%(language)s, c.names->>'fr') as name, c.names,
    exists (select from product p where p.category_id = c.id and p.vendor_id = %(vendor)s and p.is_listed) as is_own
from category c where coalesce(c.names->>%(language)s, c.names->>'fr') is not null order by c.place, c.id
"""


@dataclass(frozen=True)
class Section:
    """A category in one language."""

    id: int
    name: str


@dataclass(frozen=True)
class Proposal:
    """Where a product may belong: `sections` has every category, the likeliest first; `clear` is the one that is
    so much likelier than the others that nobody has to be asked."""

    sections: tuple[Section, ...]
    clear: Section | None


def propose(db: Db, vendor_id: int, name: str, language: str) -> Proposal:
    """Where a product of this name may belong, as the market's goods and categories are called."""
    words = _words(name)
    near: dict[int, float] = {}
    if words:
        query = " | ".join(f"'{word}'" for word in words)
        rows = db.rows(_LIKE, words=words, query=query, most=LOOKED_AT)
        near = {row.category_id: float(row.near) for row in rows}
    listed = db.rows(_ALL, language=language, vendor=vendor_id)
    for row in listed:
        called = {stem(word) for each in row.names.values() for word in fold(each).split()}
        near[row.id] = near.get(row.id, 0.0) * (1.5 if row.is_own else 1.0)
        near[row.id] += 4.0 * len(called.intersection(words))
    order = sorted(listed, key=lambda row: (-near[row.id], not row.is_own))
    sections = tuple(Section(row.id, row.name) for row in order)
    best, second = ([near[section.id] for section in sections[:2]] + [0.0, 0.0])[:2]
    return Proposal(sections, sections[0] if best > 0 and best >= CLEAR * second else None)


def slug_meant(db: Db, words: str) -> str:
    """The category that words for goods clearly mean, by its slug; '' for none."""
    clear = propose(db, 0, words, "fr").clear
    return str(db.value("select slug from category where id = %(id)s", id=clear.id)) if clear else ""


def _words(name: str) -> list[str]:
    """The words of a name that say what it is, each also in the singular."""
    typed = [word for word in fold(name).split() if word.isalpha() and len(word) >= SHORTEST_WORD]
    return list(dict.fromkeys(form for word in typed if word not in _NO_GOODS for form in (word, stem(word))))


def name_of(db: Db, category_id: int, language: str) -> str:
    """A category's name, '' when there is none."""
    found = db.value(
        "select coalesce(names->>%(language)s, names->>'fr') from category where id = %(id)s",
        id=category_id,
        language=language,
    )
    return str(found or "")


def units(db: Db, category_id: int) -> tuple[str, ...]:
    """What goods of a category are sold by, the commonest first."""
    return tuple(unit for unit, _ in _counted(db, category_id))


def usual_unit(db: Db, category_id: int, name: str = "") -> str:
    """The unit of most goods of a category that share a word with this name, else of most there; '' where none is."""
    words = _words(name)
    like = _counted(db, category_id, " | ".join(f"'{word}'" for word in words)) if words else []
    counted = like or _counted(db, category_id)
    total = sum(number for _, number in counted)
    return counted[0][0] if counted and counted[0][1] >= USUAL * total else ""


def _counted(db: Db, category_id: int, query: str = "") -> list[tuple[str, int]]:
    """Units with how many goods have them, the commonest first; `query` says of which goods alone."""
    which = _MATCHING if query else "order by id"  # the index of the category, as the planner expects it to be long
    rows = db.rows(
        "select unit, count(*) as number from (select unit from product where category_id = %(id)s and is_listed"
        f" {which} limit %(most)s) as sold group by unit order by number desc, unit",
        id=category_id,
        most=LOOKED_AT,
        query=query,
    )
    return [(row.unit, int(row.number)) for row in rows]


_MATCHING: Final = "and to_tsvector('simple', folded) @@ to_tsquery('simple', %(query)s)"
