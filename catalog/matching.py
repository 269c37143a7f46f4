"""Which of a vendor's own goods typed words mean: the one that is sure, or the several that it may be."""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from rapidfuzz import process
from rapidfuzz.distance import OSA

from base.db import Db
from base.sounds import loose_sound
from base.spelling import fold
from catalog.meanings import SHORTEST_PLURAL, stem

MOST_CANDIDATES: Final = 30
_MOST_ROWS: Final = 60  # of goods for one wish
_SHORTEST_MENDED: Final = 3  # letters
_LONG: Final = 6  # letters from which a word may have two slips
_LITTLE: Final = frozenset("de d du des la le les l un une en a au aux mon ma mes the of my".split())
_GLUED: Final = re.compile(r"(\d)([a-z])")


@dataclass(frozen=True)
class Wanted:
    """What somebody calls a good: words, and where they were told apart a size and a unit.

    `is_whole`: what is said is true of the good with all its sizes, such as a price. `count`: a bare figure behind
    the words, which may be of another good's name.
    """

    words: str
    size: str = ""
    unit: str = ""
    is_whole: bool = False
    count: int = 0


@dataclass(frozen=True)
class Good:
    """A product as its vendor sees it, listed or not; `on_hand` in its own units, `good_id` a variant's group."""

    id: int
    vendor_id: int
    stock_id: int
    name: str
    unit: str
    kind: str
    factor: int
    price: int
    is_listed: bool
    on_hand: int
    good_id: int | None
    label: str


@dataclass(frozen=True, slots=True)
class OwnName:
    """What a vendor calls a good of his; `is_group`: its sizes or units are sold, `is_variant`: one of them."""

    name: str
    is_group: bool
    is_variant: bool


@dataclass(frozen=True)
class Match:
    """`good` when it is sure, else the candidates, the likeliest first; neither when nothing is called so.

    `is_exact`: nothing was mended or left out of the words. `is_met`: nothing was left out of them.
    """

    good: Good | None = None
    candidates: tuple[Good, ...] = ()
    is_exact: bool = False
    is_met: bool = False


@dataclass(frozen=True)
class _Asked:
    """The words of a wish, each with the words of goods that it may be; `slips` at most one of them has."""

    tokens: tuple[str, ...]
    forms: tuple[frozenset[str], ...]
    slips: int = 0


@dataclass(frozen=True)
class _Hit:
    good: Good
    words: frozenset[str]
    matched: int


def find(db: Db, vendor_ids: Collection[int], wanted: Sequence[Wanted]) -> tuple[Match, ...]:
    """What each wish means among the goods of these shops, in their order.

    One statement for all of them; two more where words are spelled as no good is, one more where a group is named whose
    variants are not.
    """
    asked = [_read(one) for one in wanted]
    hits = _hits(db, vendor_ids, asked)
    unmet = [place for place, one in enumerate(asked) if not _is_met(one, hits.get(place, ()))]
    if unmet:
        vocabulary = _vocabulary(db, vendor_ids)
        for place in unmet:
            asked[place] = _mended(asked[place], vocabulary)
        again = _hits(db, vendor_ids, [asked[place] for place in unmet])
        hits |= {place: again.get(at, []) for at, place in enumerate(unmet)}
    groups = _groups_alone(wanted, hits)
    variants = _variants_of(db, groups) if groups else {}
    return tuple(_match(one, asked[place], hits.get(place, []), variants) for place, one in enumerate(wanted))


def named_in(db: Db, vendor_ids: Collection[int], forms: Collection[str]) -> tuple[OwnName, ...]:
    """The names of these shops' goods, listed or not, that have no word but these folded ones; each once.

    In long names one word may be another, which is no figure. Of a group, whose folded words are its variants' too, the
    first has to be among them.
    """
    rows = db.rows(_NAMED, vendors=list(vendor_ids), forms=list(forms), most=_MOST_NAMED)
    return tuple(OwnName(row.name, row.is_group, row.is_variant) for row in rows)


_MOST_NAMED: Final = 200
_NAMED: Final = """
with p as materialized (
    select name, kind, string_to_array(folded, ' ') as words from product where vendor_id = any(%(vendors)s)
)
select p.name, bool_and(p.kind = 'group') as is_group, bool_and(p.kind = 'variant') as is_variant from p
where p.words <@ %(forms)s::text[] or (p.kind = 'group' and p.words[1] = any(%(forms)s::text[]))
    or (p.words && %(forms)s::text[] and cardinality(p.words) > 2 and (
        select count(*) = 1 and not bool_or(word ~ '[0-9]') from unnest(p.words) as word
        where word <> all(%(forms)s::text[])))
group by p.name order by bool_or(p.words <@ %(forms)s::text[]) desc, length(p.name) desc, p.name limit %(most)s
"""


def goods(db: Db, vendor_ids: Collection[int], product_ids: Iterable[int]) -> dict[int, Good]:
    """Some of these shops' goods by id, in one statement or, where a turn has just found them, none; others' are left
    out.
    """
    ids = list(product_ids)
    known: list[Good | None] = [db.known(("good", id_)) for id_ in ids]
    found = [one for one in known if one is not None and one.vendor_id in vendor_ids]
    if len(found) == len(ids):
        return {one.id: one for one in found}
    rows = db.rows(f"{_GOOD} where p.id = any(%(ids)s) and p.vendor_id = any(%(vendors)s)", ids=ids,
                   vendors=list(vendor_ids))  # fmt: skip
    return {row.id: _good(row) for row in rows}


def ids_of_shops(db: Db, vendor_ids: Collection[int], limit: int, *, groups: bool) -> list[int]:
    """The listed goods of these shops by their names: groups in place of what they are sold as, or without groups."""
    own = "not exists (select from variant w where w.product_id = p.id)" if groups else "p.kind <> 'group'"
    rows = db.rows(
        f"select p.id from product p where p.vendor_id = any(%(vendors)s) and p.is_listed and {own}"
        " order by p.folded, p.id limit %(limit)s",
        vendors=list(vendor_ids),
        limit=limit,
    )
    return [row.id for row in rows]


def variants(db: Db, good_id: int) -> tuple[Good, ...]:
    """What a group is sold as."""
    return _variants_of(db, [good_id]).get(good_id, ())


def _variants_of(db: Db, good_ids: Iterable[int]) -> dict[int, tuple[Good, ...]]:
    rows = db.rows(f"{_GOOD} where w.good_id = any(%(ids)s) order by p.id", ids=list(good_ids))
    found: dict[int, tuple[Good, ...]] = {}
    for row in rows:
        found[row.good_id] = (*found.get(row.good_id, ()), _good(row))
    return found


_GOOD = """
select p.id, p.vendor_id, p.stock_id, p.name, p.folded, p.unit, p.kind, p.factor, p.price, p.is_listed,
    s.on_hand / p.factor as on_hand, w.good_id, w.choice
from product p join stock s on s.id = p.stock_id left join variant w on w.product_id = p.id
"""


def _good(row: Any) -> Good:
    label = ", ".join(value for _, value in row.choice or ())
    return Good(row.id, row.vendor_id, row.stock_id, row.name, row.unit, row.kind, row.factor, row.price, row.is_listed,
                row.on_hand, row.good_id, label)  # fmt: skip


def _tokens(text: str) -> tuple[str, ...]:
    """`25kg` is `25 kg`, as goods are called; little words tell nothing apart."""
    words = _GLUED.sub(r"\1 \2", fold(text)).split()
    return tuple(word for word in words if word not in _LITTLE) or tuple(words)


def _read(wanted: Wanted) -> _Asked:
    tokens = _tokens(f"{wanted.words} {wanted.size}"[:200])
    return _Asked(tokens, tuple(_forms(token) for token in tokens))


def _forms(token: str) -> frozenset[str]:
    """A word, its singular and its plurals."""
    if not token.isalpha():
        return frozenset({token})
    single = stem(token)
    plurals = {f"{single}s", f"{single}x"} if len(single) + 1 >= SHORTEST_PLURAL else set()
    return frozenset({token, single} | plurals)


# Every word of every good once, however many wishes there are: a shop of 2,000 goods has some 8,000.
_WORDS = r"""
word as materialized (
    select p.id, w.word, length(p.folded) as length from product p cross join lateral unnest(string_to_array(
        regexp_replace(p.folded, '(\d)([a-z])', '\1 \2', 'g') || ' ' || plain_letters(p.unit), ' ')) as w(word)
    where p.vendor_id = any(%(vendors)s)
)
"""

_HITS = f"""
with asked as (
    select * from unnest(%(parts)s::int[], %(places)s::int[], %(forms)s::text[]) as asked(part, place, form)
), {_WORDS}, hit as (
    select a.part, w.id, min(w.length) as length, count(distinct a.place)::int as matched
    from asked a join word w on w.word = a.form group by 1, 2
), ranked as (
    select *, row_number() over (partition by part order by matched desc, length, id) as rank,
        max(matched) over (partition by part) as most from hit
), found as (
    select * from ranked where matched = most and rank <= {_MOST_ROWS}
)
select f.part, f.matched, f.rank, g.* from found f join ({_GOOD}) g on g.id = f.id order by f.part, f.rank
"""


def _hits(db: Db, vendor_ids: Collection[int], asked: Sequence[_Asked]) -> dict[int, list[_Hit]]:
    """For each wish the goods that have the most of its words."""
    flat = [
        (part, place, form)
        for part, one in enumerate(asked)
        for place, forms in enumerate(one.forms)
        for form in sorted(forms)
    ]
    parts, places, forms = ([one[at] for one in flat] for at in range(3))
    rows = db.rows(_HITS, vendors=list(vendor_ids), parts=parts, places=places, forms=forms)
    found: dict[int, list[_Hit]] = {}
    for row in rows:
        words = frozenset(map(stem, (*_tokens(row.folded), *fold(row.unit).split())))
        good = _good(row)
        db.know(("good", good.id), good)
        found.setdefault(row.part, []).append(_Hit(good, words, row.matched))
    return found


def _is_met(asked: _Asked, hits: Sequence[_Hit]) -> bool:
    return bool(hits) and hits[0].matched == len(asked.tokens)


def _vocabulary(db: Db, vendor_ids: Collection[int]) -> list[str]:
    """The words that these shops' goods are called by."""
    rows = db.rows(f"with {_WORDS} select distinct word from word", vendors=list(vendor_ids))
    return [row.word for row in rows]


def _mended(asked: _Asked, vocabulary: Sequence[str]) -> _Asked:
    """The same with what each word that no good has may have been meant to be."""
    known = frozenset(vocabulary)
    forms: list[frozenset[str]] = []
    slips = 0
    for token, own in zip(asked.tokens, asked.forms, strict=True):
        if known.isdisjoint(own):
            own, distance = _near(token, vocabulary)
            slips = max(slips, distance)
        forms.append(own)
    return _Asked(asked.tokens, tuple(forms), slips)


def _near(token: str, vocabulary: Sequence[str]) -> tuple[frozenset[str], int]:
    """The words with the fewest letters in another place, or that sound the same, and how many letters that is."""
    if len(token) < _SHORTEST_MENDED or not token.isalpha():
        return frozenset({token}), 0
    words = [word for word in vocabulary if word.isalpha() and len(word) >= _SHORTEST_MENDED]
    most = 2 if len(token) >= _LONG else 1
    found = process.extract(token, words, scorer=OSA.distance, score_cutoff=most, limit=12)
    heard = loose_sound(token)
    sounding = {word for word in words if heard and loose_sound(word) == heard}
    least = 1 if sounding else min((int(distance) for _, distance, _ in found), default=0)
    near = {word for word, distance, _ in found if distance <= least} | sounding
    return frozenset(near or {token}), least


def _groups_alone(wanted: Sequence[Wanted], hits: Mapping[int, Sequence[_Hit]]) -> set[int]:
    """Groups that are named while none of their variants is, where a variant is wanted."""
    return {
        hit.good.id
        for place, found in hits.items()
        for hit in found
        if hit.good.kind == "group"
        and not wanted[place].is_whole
        and not any(other.good.good_id == hit.good.id for other in found)
    }


def _match(wanted: Wanted, asked: _Asked, hits: Sequence[_Hit], variants: Mapping[int, tuple[Good, ...]]) -> Match:
    is_met = _is_met(asked, hits)
    hits = [hit for hit in hits if _tells(asked, hit)]
    pool = _of_unit(wanted, _pool(wanted, asked, hits, variants))
    typed = frozenset(map(stem, asked.tokens))
    exact = [good for good, words in pool if is_met and words == typed]
    exact = [good for good in exact if frozenset(map(stem, _tokens(good.name))) == typed] or exact
    found = exact if len(exact) == 1 else [good for good, _ in pool]
    if exact and len(found) == 1 and (others := _of_count(wanted, found[0], pool)):
        return Match(candidates=(*found, *others)[:MOST_CANDIDATES], is_met=True)
    if len(found) == 1 and is_met and asked.slips <= 1:
        return Match(found[0], is_exact=not asked.slips, is_met=True)
    return Match(candidates=tuple(found[:MOST_CANDIDATES]), is_met=is_met and bool(found))


def _of_count(wanted: Wanted, named: Good, pool: Sequence[tuple[Good, frozenset[str]]]) -> list[Good]:
    """Those that are called as the good that was named and the figure behind it: `seau 15`, beside a `Seau 15 L`."""
    others = (good for good, _ in pool if good.id != named.id) if wanted.count else ()
    return [good for good in others if begins_with(good.name, wanted.words, wanted.count)]


def begins_with(name: str, words: str, count: int) -> bool:
    """Whether a good is called by these words and the figure behind them, `Seau 15 L` by `seau` and 15."""
    typed = _tokens(f"{words} {count}")
    return _tokens(name)[: len(typed)] == typed


def has_figure(name: str, count: int) -> bool:
    """Whether a figure stands in a good's name."""
    return str(count) in _tokens(name)


def _tells(asked: _Asked, hit: _Hit) -> bool:
    """Whether the words that were found say what it is, more than a number or a unit; a name of numbers does whole."""
    if hit.words <= frozenset(map(stem, (*asked.tokens, *fold(hit.good.unit).split()))):
        return True
    own = hit.words - frozenset(map(stem, fold(hit.good.unit).split()))
    return any(
        token.isalpha() and len(token) >= _SHORTEST_MENDED and not own.isdisjoint(map(stem, forms))
        for token, forms in zip(asked.tokens, asked.forms, strict=True)
    )


def _pool(
    wanted: Wanted, asked: _Asked, hits: Sequence[_Hit], variants: Mapping[int, tuple[Good, ...]]
) -> list[tuple[Good, frozenset[str]]]:
    """The goods that were named: groups for what is true of them whole, else what they are sold as."""
    groups = {hit.good.id for hit in hits if hit.good.kind == "group" and _is_named_whole(wanted, asked, hit)}
    pool: list[tuple[Good, frozenset[str]]] = []
    for hit in hits:
        if hit.good.kind != "group":
            if hit.good.good_id not in groups:
                pool.append((hit.good, hit.words - _unit_words(hit.good, asked)))
        elif hit.good.id in groups:
            pool.append((hit.good, frozenset(map(stem, _tokens(hit.good.name)))))
        else:
            pool += [(one, frozenset()) for one in _of_size(asked, hit.good, variants.get(hit.good.id, ()))]
    return pool


def _is_named_whole(wanted: Wanted, asked: _Asked, hit: _Hit) -> bool:
    """Whether a group's own name has all the words: its folded ones hold its variants' too."""
    own = frozenset(map(stem, _tokens(hit.good.name)))
    return wanted.is_whole and all(not own.isdisjoint(map(stem, forms)) for forms in asked.forms)


def _unit_words(good: Good, asked: _Asked) -> frozenset[str]:
    """The words of its unit that were not said: a good is called by its name alone."""
    own = frozenset(map(stem, fold(good.unit).split()))
    return own - frozenset(map(stem, asked.tokens)) - frozenset(map(stem, _tokens(good.name)))


def _of_size(asked: _Asked, group: Good, found: Sequence[Good]) -> Sequence[Good]:
    """Those of a group's variants that have the words which are not of its name, all of them when none has."""
    named = set(map(stem, _tokens(group.name)))
    said = {stem(token) for token in asked.tokens} - named
    fitting = [one for one in found if said and said <= set(map(stem, _tokens(one.label)))]
    return fitting or found


def _of_unit(wanted: Wanted, pool: list[tuple[Good, frozenset[str]]]) -> list[tuple[Good, frozenset[str]]]:
    """Those that are sold by the unit that was said, where some are."""
    unit = frozenset(map(stem, fold(wanted.unit).split()))
    fitting = [one for one in pool if unit and unit <= frozenset(map(stem, fold(one[0].unit).split()))]
    return fitting or pool
