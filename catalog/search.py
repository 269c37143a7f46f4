"""Finding products by words, as people type them: what fits whole, then what is nearest, and what had to be widened."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from base.db import Db
from base.spelling import fold
from base.spelling import words as words_of
from catalog import shops, synonyms
from catalog.likeness import Reading, read_beginning, read_word
from catalog.meanings import Words, meanings, stem
from catalog.products import Product, products
from catalog.ranking import Candidate, Score, score
from catalog.tiers import Look, Tier, candidates
from catalog.vocabulary import Vocabulary, vocabulary
from catalog.wanted import LITTLE, MOST_WORDS, Wanted, read_wanted

MOST_FOUND: Final = 45  # five pages: who has seen so many says more words
AT_THE_PLACE: Final = 9.0  # square kilometres: three kilometres around a quarter's middle are that quarter


@dataclass(frozen=True)
class Term:
    """One word sought, or several that mean one thing, and what it may mean."""

    typed: Words
    reading: Reading

    @property
    def query(self) -> str:
        """The term as a tsquery; a word that no name has in this form may still stand in a description."""
        ways = [f"({' & '.join(words)})" if len(words) > 1 else words[0] for words in self.reading.means]
        if len(self.typed) == 1:
            ways += [self.typed[0], f"{self.typed[0]}s", stem(self.typed[0])]
        return f"({' | '.join(dict.fromkeys(ways))})"


@dataclass(frozen=True)
class Found:
    """What a search found, the best first: the first `whole` ones are all that was sought, the others the nearest.

    `goods` is what was sought, as names spell it; `is_corrected` when other words were typed. `missing` are the words
    that no good has. `widened` is the bound that nothing kept: '', `price`, `place` or `shop`. `guesses` are words to
    choose from when none is sure.
    """

    wanted: Wanted
    ids: tuple[int, ...] = ()
    whole: int = 0
    goods: str = ""
    is_corrected: bool = False
    missing: tuple[str, ...] = ()
    widened: str = ""
    guesses: tuple[str, ...] = ()


def find(db: Db, words: str, *, min_price: int | None = None, max_price: int | None = None, message: str = "") -> Found:
    """Listed products for these words, at most 45; in stock first, then by relevance and sales.

    Forgives spelling, and reads bounds, sizes, shop and place in the words; a price that was already understood wins.
    `message` is the sentence that the words stood in: it may say the price, or `pas cher`, beside them.
    """
    known = vocabulary(db)
    return _found_each(db, known, [_search(db, known, words, min_price, max_price, message)])[0]


def find_each(db: Db, wanted: Sequence[str], limit: int = 9) -> list[tuple[Product, ...]]:
    """What `find` finds for each of several wishes, in the order of the wishes; of a wish that is found whole, that.

    No more statements than for one wish.
    """
    known = vocabulary(db)
    found = _found_each(db, known, [_search(db, known, words) for words in wanted])
    ids = [one.ids[: min(one.whole, limit)] if one.whole else one.ids[:limit] for one in found]
    read = {one.id: one for one in products(db, {product for own in ids for product in own})}
    return [tuple(read[product] for product in own if product in read) for own in ids]


@dataclass(frozen=True)
class _Search:
    """One wish as it was read, and where it is looked for."""

    wanted: Wanted
    terms: Sequence[Term]
    sellers: Sequence[int]
    tiers: Sequence[Tier]

    @property
    def look(self) -> Look:
        """What the database is asked for."""
        firsts = [words[0] for term in self.terms[:1] for words in term.reading.means]
        return Look(self.tiers, self.wanted, self.sellers, firsts)


def _search(
    db: Db, known: Vocabulary, words: str, min_price: int | None = None, max_price: int | None = None, message: str = ""
) -> _Search:
    wanted = read_wanted(words, min_price=min_price, max_price=max_price)
    wanted = wanted.completed(read_wanted(message)) if message else wanted
    terms = _terms(known, wanted.goods)
    if any(term.reading.taken_for or not term.reading.is_known for term in terms):
        meant = synonyms.meant(db, words)
        if meant != words:
            own = read_wanted(meant, min_price=wanted.min_price, max_price=wanted.max_price)
            wanted = replace(own, is_cheapest=wanted.is_cheapest)
            terms = _terms(known, wanted.goods)
    sellers = shops.named(db, known, wanted.shop) if wanted.shop else ()
    return _Search(wanted, terms, sellers, _tiers(known, terms, wanted, sellers))


def _found_each(db: Db, known: Vocabulary, searches: Sequence[_Search]) -> list[Found]:
    found = _looked_for(db, searches)
    begun = {place: _begun(known, searches[place]) for place, one in enumerate(found) if not one.ids}
    again = {place: search for place, search in begun.items() if search}
    for place, one in zip(again, _looked_for(db, list(again.values())), strict=True):
        found[place] = one
    return found


def _begun(known: Vocabulary, search: _Search) -> _Search | None:
    """A word that only names goods of the past may still be the beginning of others'."""
    if len(search.wanted.goods) != 1:
        return None
    term = Term(search.wanted.goods, read_beginning(known, search.wanted.goods[0]))
    if not term.reading.is_known:
        return None
    return replace(search, terms=[term], tiers=_tiers(known, [term], search.wanted, search.sellers))


def _looked_for(db: Db, searches: Sequence[_Search]) -> list[Found]:
    rows = candidates(db, [search.look for search in searches])
    return [_found(search, own) for search, own in zip(searches, rows, strict=True)]


def _terms(known: Vocabulary, goods: Sequence[str]) -> list[Term]:
    """The goods' words with what they mean; words that have one meaning together are one term."""
    terms, place = [], 0
    while place < len(goods):
        for length in range(min(meanings().longest, len(goods) - place), 0, -1):
            typed = tuple(goods[place : place + length])
            together = _together(known, typed)
            if together or length == 1:
                terms.append(Term(typed, Reading(together) if together else read_word(known, typed[0])))
                place += length
                break
    return terms


def _together(known: Vocabulary, typed: Words) -> Mapping[Words, float]:
    """What several words mean as one; {} when they are no way of saying one thing."""
    way = tuple(map(stem, typed))
    return known.means(way) if len(way) > 1 and meanings().of(way) else {}


def _found(search: _Search, looked_at: Sequence[Candidate]) -> Found:
    wanted, terms, sellers, tiers = search.wanted, search.terms, search.sellers, search.tiers
    means = [term.reading.means or {term.typed: 1.0} for term in terms]
    scores = {one.id: score(one, means, wanted) for one in looked_at}
    ranked = _ranked(looked_at, tiers, scores, wanted)
    if not ranked:
        return Found(wanted)
    best = min(one.tier for one in ranked)
    is_whole = tiers[best].is_whole
    widened = "shop" if wanted.shop and not sellers else _widened(wanted, tiers[best], ranked, bool(sellers))
    at_place = [one for one in ranked if not wanted.place or widened == "place" or one.km2 <= AT_THE_PLACE]
    whole = _called_so([one for one in at_place if one.tier == best], scores, len(terms), wanted) if is_whole else []
    return Found(
        wanted,
        tuple(one.id for one in ranked[:MOST_FOUND]),
        len(whole[:MOST_FOUND]),
        _as_written(terms, ranked),
        any(term.reading.taken_for for term in terms),
        () if is_whole or tiers[best].categories else _missing(terms, ranked[0]),
        widened,
        next((term.reading.taken_for for term in terms[:1] if not term.reading.is_sure), ()),
    )


def _tiers(known: Vocabulary, terms: Sequence[Term], wanted: Wanted, sellers: Sequence[int]) -> list[Tier]:
    """From all that is sought to its first word alone, then its category; never without the first word."""
    if not terms:
        return [Tier(is_whole=True)] if sellers else []
    head = terms[0].reading
    of_kind = () if head.means else tuple(sorted(head.categories))
    words = [term.query for term in (terms[1:] if of_kind else terms)]
    finer = _finer(known, wanted)
    tiers = [Tier(" & ".join([*words, *finer]), of_kind, is_whole=True)] if finer else []
    tiers.append(Tier(" & ".join(words), of_kind, is_whole=True))
    if head.is_known:
        looser = [Tier(_of(terms, of_kind, lambda term: term.reading.is_known), of_kind)]
        looser.append(Tier(_of(terms, of_kind, lambda term: term is terms[0]), of_kind))
        tiers += looser
        if head.categories and not of_kind:
            tiers.append(Tier("", tuple(sorted(head.categories))))
        if wanted.has_bounds or sellers:
            tiers += [replace(tier, widens=True) for tier in looser]
    return _distinct(tiers)


def _finer(known: Vocabulary, wanted: Wanted) -> list[str]:
    """What helps to choose, as far as names have it: `noir`, `carton`, `25 kg`."""
    told = ["|".join(forms) for word in wanted.qualities if (forms := known.forms(stem(word)))]
    sizes = [
        f"({number.replace('.', ' <-> ')} <-> {unit}) | {number.replace('.', '')}{unit}"
        for number, unit in wanted.measures
        if known.sells(number.partition(".")[0])
    ]
    return [f"({query})" for query in (*told, *sizes)]


def _of(terms: Sequence[Term], of_kind: Sequence[int], is_kept: Callable[[Term], bool]) -> str:
    """Some terms as one tsquery; a first word that only names a category is left to that."""
    return " & ".join(term.query for term in (terms[1:] if of_kind else terms) if is_kept(term))


def _distinct(tiers: Sequence[Tier]) -> list[Tier]:
    """Without those that look where an earlier one has looked."""
    kept: dict[tuple[str, tuple[int, ...], bool], Tier] = {}
    for tier in tiers:
        kept.setdefault((tier.query, tier.categories, tier.widens), tier)
    return list(kept.values())


def _ranked(
    found: Sequence[Candidate], tiers: Sequence[Tier], scores: Mapping[int, Score], wanted: Wanted
) -> list[Candidate]:
    def order(one: Candidate) -> tuple[object, ...]:
        relevance = scores[one.id].relevance
        away = round(max(0.0, one.km2 - AT_THE_PLACE)) if wanted.place else 0
        dear = one.price if wanted.is_cheapest else _beside(one.price, wanted) if tiers[one.tier].widens else 0
        return one.tier, away, one.is_out, dear, -relevance, -one.sales, len(one.name), one.id

    return sorted(found, key=order)


def _called_so(
    whole: Sequence[Candidate], scores: Mapping[int, Score], terms: int, wanted: Wanted
) -> Sequence[Candidate]:
    """Of goods that are all that was sought: those of exactly this name, or those that have it in their name."""
    named = [one for one in whole if scores[one.id].named == terms] or whole
    sought = {stem(word) for word in (*wanted.goods, *wanted.qualities)}
    sought |= {part for number, unit in wanted.measures for part in (*number.split("."), unit, f"{number}{unit}")}
    exact = [one for one in named if {stem(word) for word in one.name.split()} - LITTLE <= sought]
    return exact if exact and len(sought) > 1 else named


def _beside(price: int, wanted: Wanted) -> int:
    """F CFA between a price and the nearest bound."""
    bounds = [bound for bound in (wanted.min_price, wanted.max_price) if bound is not None]
    return min((abs(price - bound) for bound in bounds), default=0)


def _widened(wanted: Wanted, tier: Tier, ranked: Sequence[Candidate], has_shop: bool) -> str:
    if tier.widens:
        return "shop" if has_shop else "price"
    return "place" if wanted.place and all(one.km2 > AT_THE_PLACE for one in ranked) else ""


def _as_written(terms: Sequence[Term], ranked: Sequence[Candidate]) -> str:
    """The words sought, a corrected one as it was meant, with the accents that the first names give them."""
    names = (word for one in ranked[:_NAMES_READ] for word in one.title.replace(",", " ").split())
    written = {stem(fold(word)): word for word in reversed(list(names))}
    meant = (word for term in terms for word in (term.reading.taken_for[:1] or (" ".join(term.typed),)))
    return " ".join(written.get(stem(word), word) for words in meant for word in words.split())


_NAMES_READ: Final = 20


def _missing(terms: Sequence[Term], best: Candidate) -> tuple[str, ...]:
    """The words sought that even the best good does not have in its name."""
    name = set(best.name.split())
    return tuple(
        " ".join(term.typed) for term in terms[1:] if not any(name.issuperset(words) for words in term.reading.means)
    )


def kin(db: Db, words: str) -> tuple[int, ...]:
    """The categories that words point at though nothing is so called: a beer is a drink; () when they point nowhere."""
    known = vocabulary(db)
    goods = [stem(word) for word in read_wanted(words).goods]
    kinds = [kind for kind, members in meanings().kinds.items() if any((word,) in members for word in goods)]
    named = [known.categories.get(word, frozenset()) for word in (*goods, *(kind[0] for kind in kinds))]
    return tuple(dict.fromkeys(category for found in named for category in sorted(found)))


def names_goods(db: Db, words: str) -> bool:
    """Whether a message is nothing but words that listed products' names hold, such as `riz` or `huile vegetal`."""
    wanted = read_wanted(words)
    if not wanted.goods or len(words_of(words)) > 2 * MOST_WORDS:
        return False
    terms = _terms(vocabulary(db), wanted.goods)
    if not all(term.reading.means and term.reading.is_sure for term in terms):
        return False
    # the vocabulary may still know a word whose product is gone
    return bool(db.value(_ALL_HELD, terms=[term.query for term in terms]))


_ALL_HELD: Final = """
select bool_and(exists (
    select from product
    where to_tsvector('simple', folded) @@ to_tsquery('simple', term) and is_listed and kind <> 'variant'
)) from unnest(%(terms)s::text[]) as term
"""
