"""One statement that looks for goods tier by tier: what fits whole, and looser ones only where that is too little."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from base.db import Db
from base.places import place, position
from catalog.prices import at_least, at_most
from catalog.products import SELLABLE, SHOWN
from catalog.ranking import Candidate
from catalog.wanted import Wanted

MOST_LOOKED_AT: Final = 250  # goods of a tier, whatever the catalog's size
MOST_AWAY: Final = 2000  # goods of a tier whose distance is looked at
MOST_RANKED: Final = 60  # of those, in stock first, what begins with what is sought, and what sells best
FEW: Final = 9  # with so many found nothing looser is looked for
KM_A_DEGREE: Final = 111.2


@dataclass(frozen=True)
class Tier:
    """One way to look: a tsquery over the words of name and description, or categories; at least one of them.

    `is_whole`: its goods are all that was sought. `widens` drops the bounds of price and shop, and is tried only where
    nothing else was found.
    """

    query: str = ""
    categories: tuple[int, ...] = ()
    is_whole: bool = False
    widens: bool = False


@dataclass(frozen=True)
class Look:
    """What one search looks for: its tiers, the bounds wanted, the shops that were named.

    `firsts` are the words with which the names begin that are rather meant.
    """

    tiers: Sequence[Tier]
    wanted: Wanted
    shops: Sequence[int]
    firsts: Sequence[str]


def candidates(db: Db, looks: Sequence[Look]) -> list[tuple[Candidate, ...]]:
    """For each look the goods of the first tiers that have some, at most 60 a tier, in no order; one statement for all.

    () of a look without a tier.
    """
    found: list[dict[int, Candidate]] = [{} for _ in looks]
    tables = {f"{look}_{tier}": look for look, one in enumerate(looks) for tier in range(len(one.tiers))}
    if not tables:
        return [() for _ in looks]
    named = [
        f"t{look}_{number} as materialized ({_tier(look, number, one)})"
        for look, one in enumerate(looks)
        for number in range(len(one.tiers))
    ]
    all_of = " union all ".join(f"select {look} as look, * from t{key}" for key, look in tables.items())
    values = {name: value for look, one in enumerate(looks) for name, value in _values(look, one).items()}
    for row in db.rows(f"with {', '.join(named)} {all_of}", **values):
        look, *candidate = row
        found[look].setdefault(candidate[0], Candidate(*candidate))
    return [tuple(one.values()) for one in found]


def _tier(look: int, number: int, one: Look) -> str:
    tier = one.tiers[number]
    where = [
        *_sought(f"{look}_{number}", tier),
        SHOWN,
        "p.kind <> 'variant'",
        *_bounds(look, tier, one),
        *_only_if_few(look, number, tier),
    ]
    near = _NEAREST if one.wanted.place else _ANYWHERE
    looked_at = near.format(look=look, where=" and ".join(where), order=_order(look, tier, one.wanted))
    dear = "price," if one.wanted.is_cheapest else ""
    return _RANKED.format(look=look, number=number, looked_at=looked_at, dear=dear)


_ANYWHERE: Final = (
    "select p.id, p.name, p.folded, p.unit, p.price, p.sales, p.is_listed, p.kind, p.factor, p.stock_id, p.vendor_id,"
    " 0::float8 as km2"
    f" from product p where {{where}} {{order}} limit {MOST_LOOKED_AT}"
)
_NEAREST: Final = (
    "select n.*, ((v.latitude - %(latitude{look})s) ^ 2"
    " + ((v.longitude - %(longitude{look})s) * cos(radians(%(latitude{look})s))) ^ 2)"
    f" * {KM_A_DEGREE**2} as km2 from (select * from product p where {{where}} {{order}} limit {MOST_AWAY}) as n"
    f" join vendor v on v.id = n.vendor_id order by km2 limit {MOST_RANKED}"
)
# Stock and shop are looked up row by row: a planner that expects more rows than come would read the tables whole. As
# that is the dear part, it goes by rank and ends with enough goods in stock; those that are out are only looked for
# where there are too few.
_BY_RANK: Final = (
    "from (select * from looked_at order by {dear} split_part(folded, ' ', 1) = any(%(firsts{look})s) desc,"
    " sales desc, id offset 0) as p,"
    f" lateral (select {SELLABLE} = 0 as is_out from stock s, vendor v"
    " where s.id = p.stock_id and v.id = p.vendor_id offset 0) as here where"
)
_SHOWN: Final = "p.id, p.name, p.folded, p.unit, p.price, p.sales, here.is_out, {number}, p.km2"
_RANKED: Final = (
    "with looked_at as materialized ({looked_at}),"
    f" in_stock as materialized (select {_SHOWN} {_BY_RANK} not here.is_out limit {MOST_RANKED})"
    f" select * from in_stock union all (select {_SHOWN} {_BY_RANK} here.is_out"
    f" limit {MOST_RANKED} - (select count(*) from in_stock))"
)


def _sought(key: str, tier: Tier) -> list[str]:
    found = []
    if tier.query:
        found.append(f"product_words(p.folded, p.description) @@ to_tsquery('simple', %(query{key})s)")
    if tier.categories:
        found.append(f"p.category_id = any(%(categories{key})s)")
    return found


def _bounds(look: int, tier: Tier, one: Look) -> list[str]:
    if tier.widens:
        return []
    bounds = {at_least(f"%(low{look})s"): one.wanted.min_price, at_most(f"%(high{look})s"): one.wanted.max_price}
    kept = [bound for bound, price in bounds.items() if price is not None]
    return [*kept, f"p.vendor_id = any(%(shops{look})s)"] if one.shops else kept


def _only_if_few(look: int, number: int, tier: Tier) -> list[str]:
    if not number:
        return []
    before = " + ".join(f"(select count(*) from t{look}_{one})" for one in range(number))
    return [f"{before} < {1 if tier.widens else FEW}"]


def _order(look: int, tier: Tier, wanted: Wanted) -> str:
    if tier.widens and wanted.has_bounds:
        low, high = f"%(low{look})s", f"%(high{look})s"
        return f"order by least(abs(p.price - coalesce({low}, {high})), abs(p.price - coalesce({high}, {low})))"
    return "order by p.price" if wanted.is_cheapest else ""


def _values(look: int, one: Look) -> Mapping[str, Any]:
    values: dict[str, Any] = {
        f"firsts{look}": list(one.firsts),
        f"low{look}": one.wanted.min_price,
        f"high{look}": one.wanted.max_price,
        f"shops{look}": list(one.shops),
    }
    for number, tier in enumerate(one.tiers):
        key = f"{look}_{number}"
        values |= {f"query{key}": tier.query, f"categories{key}": list(tier.categories)}
    if one.wanted.place:
        values[f"latitude{look}"], values[f"longitude{look}"] = position(place(one.wanted.place))
    return values
