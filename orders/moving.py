"""A part that its shop does not serve goes to another one that sells the same, after the buyer's yes."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Literal

from rapidfuzz import fuzz

from base import facts, hours
from base.db import Db
from catalog import locks as catalog_locks
from catalog import stock
from catalog.prices import RULES, tariff
from catalog.stock import AVAILABLE, Cause, Change
from catalog.vendors import Vendor, vendors
from orders import delivery, history, locks, totals
from orders.basket import Address, BasketLine
from orders.delivery import Destination, Way
from orders.facts import PartMoved
from orders.placing import write_parts
from orders.progress import changes_of, move_parts
from orders.recap import Recap, RecapBlock
from orders.terms import Terms

ALIKE: Final = 80  # of 100: two words of names that mean the same goods, typed otherwise
MOST_FOUND: Final = 40  # goods with such words that are looked at for a line
# answered: its shop has accepted it · over: cancelled, or moved before · again: another offer stands now · gone: none
Outcome = Literal["moved", "answered", "over", "again", "gone", "not_yours"]
_SMALL: Final = frozenset("de d du des la le les l en a au et pour".split())
_LEAST_LETTERS: Final = 4  # of a word that may be typed otherwise
_WORD: Final = re.compile(r"[^\W_]+")


@dataclass(frozen=True)
class Standing:
    """A part as its buyer may act on it: it waits for its shop, was turned down by it, was answered, or is over.

    undecided: its shop can serve a part of it, and waits for him.
    """

    part_id: int
    order_id: int
    vendor_id: int
    how: Literal["waiting", "refused", "answered", "undecided", "over"]
    total: int  # F CFA
    way: Way
    quarter: str
    latitude: float | None
    longitude: float | None
    now: datetime

    @property
    def destination(self) -> Destination:
        """Where it goes."""
        return Destination(self.way, self.quarter, self.latitude, self.longitude)


@dataclass(frozen=True)
class Another:
    """Another shop's equal goods; amounts in F CFA, `difference` to the part as it was ordered."""

    vendor: Vendor
    lines: tuple[BasketLine, ...]
    delivery: int
    prepaid: int  # of it all, paid before it leaves that shop
    difference: int

    @property
    def goods(self) -> int:
        """F CFA of the lines."""
        return sum(line.amount for line in self.lines)

    @property
    def total(self) -> int:
        """F CFA with the delivery."""
        return self.goods + self.delivery


def standing(db: Db, vendor_order_id: int, contact_id: int | None = None) -> Standing | None:
    """How a part stands; None when there is none, or not of this contact's."""
    row = db.one(_STANDING, part=vendor_order_id, contact=contact_id)
    return Standing(**row._asdict()) if row else None


_STANDING = """
select v.id as part_id, v.order_id, v.vendor_id, v.goods + v.delivery as total, o.way, o.quarter, o.latitude,
    o.longitude, market_now() as now, case
        when exists (select from order_history h
            where h.order_id = o.id and h.vendor_order_id = v.id and h.fact = 'moved') then 'over'
        when v.state = 'placed' and v.expires_at > market_now() then 'waiting'
        when v.state = 'refused' then 'refused'
        when v.state in ('accepted', 'ready') and exists (select from part_due d
            where d.vendor_order_id = v.id and d.what = 'choice') then 'undecided'
        when v.state in ('accepted', 'ready', 'handed_over', 'delivered') then 'answered'
        else 'over' end as how
from vendor_order v join "order" o on o.id = v.order_id
where v.id = %(part)s and (%(contact)s::bigint is null or o.contact_id = %(contact)s)
"""


def another(db: Db, part: Standing, terms: Terms) -> Another | None:
    """The best other shop that has all of a part in equal goods: open now first, then equal names, then the price.

    Shops that the order knows already are left out: each has one part of it.
    """
    lines = db.rows(_LINES, part=part.part_id)
    found = _equal_goods(db, part.order_id, lines)
    whole = {shop: goods for shop, goods in found.items() if len(goods) == len(lines)}
    shops = vendors(db, whole)
    offers = [
        (_rank(shops[shop], goods, part, terms), offer)
        for shop, goods in whole.items()
        if (offer := _another(shops[shop], goods, part, terms))
    ]
    return min(offers, key=lambda offer: (*offer[0], offer[1].total, offer[1].vendor.id))[1] if offers else None


_LINES = """
select l.id, l.quantity, l.unit, p.folded, p.category_id from order_line l join product p on p.id = l.product_id
where l.vendor_order_id = %(part)s order by l.id
"""


def _equal_goods(db: Db, order_id: int, lines: Sequence[Any]) -> dict[int, dict[int, Any]]:
    """Shop -> line -> its good that is nearest to what was ordered."""
    asked = {line.id: line for line in lines}
    rows = db.rows(
        _GOODS,
        order=order_id,
        most=MOST_FOUND,
        lines=list(asked),
        queries=[_query(line.folded) for line in lines],
        categories=[line.category_id for line in lines],
        units=[line.unit for line in lines],
        quantities=[line.quantity for line in lines],
    )
    found: dict[int, dict[int, Any]] = {}
    for row in sorted(rows, key=lambda row: (row.folded != asked[row.line_id].folded, row.price, row.id)):
        if is_alike(row.folded, asked[row.line_id].folded):
            found.setdefault(row.vendor_id, {}).setdefault(row.line_id, row)
    return found


_GOODS = f"""
select asked.line_id, asked.quantity, asked.folded <> g.folded as is_other, g.*
from (select * from unnest(%(lines)s::bigint[], %(queries)s::text[], %(categories)s::bigint[], %(units)s::text[],
        %(quantities)s::int[]) as told(line_id, query, category_id, unit, quantity)
    join lateral (select p.folded, p.condition from order_line l join product p on p.id = l.product_id
        where l.id = told.line_id)
        as was on true) as asked
cross join lateral (
    select p.id, p.stock_id, p.vendor_id, p.name, p.unit, p.price, p.folded, p.factor, {RULES} as rules,
        {AVAILABLE} / p.factor as available
    from product p join vendor v on v.id = p.vendor_id join stock s on s.id = p.stock_id
    where p.is_listed and v.suspended_at is null and p.kind <> 'group'
        and to_tsvector('simple', p.folded) @@ to_tsquery('simple', asked.query)
        and p.category_id = asked.category_id and p.unit = asked.unit and p.condition = asked.condition and v.is_open
        and s.on_hand - s.held - s.allocated >= asked.quantity * p.factor
        and p.vendor_id not in (select vendor_id from vendor_order where order_id = %(order)s)
        and p.vendor_id not in (select b.vendor_id from shop_block b join "order" o on o.contact_id = b.contact_id
            where o.id = %(order)s and b.ended_at is null)
    order by p.folded <> asked.folded, p.price, p.id limit %(most)s
) as g
"""


def _query(folded: str) -> str:
    """All words of a name but one, each as it begins: what is typed a little otherwise is found by the rest."""
    typed = _WORD.findall(folded)
    without = [[word for place, word in enumerate(typed) if place != left] for left in range(len(typed))]
    kept = [words for words in without if words] or [typed]
    return " | ".join("(" + " & ".join(f"{word}:*" for word in words) + ")" for words in kept)


def is_alike(one: str, other: str) -> bool:
    """Whether two folded names mean the same goods: their figures and short words equal, each longer word nearly.

    25 kg is not 5 kg, M not L, `homme` not `femme`; `parfumé` is `parfumée`.
    """
    ones, others = (_telling_words(name) for name in (one, other))
    exact, exact_others = ([word for word in words if _is_exact(word)] for words in (ones, others))
    if sorted(exact) != sorted(exact_others) or len(ones) != len(others):
        return False
    left = [word for word in others if not _is_exact(word)]
    for word in (word for word in ones if not _is_exact(word)):
        best = max(left, key=lambda one: fuzz.ratio(word, one))
        if fuzz.ratio(word, best) < ALIKE:
            return False
        left.remove(best)
    return True


def _telling_words(name: str) -> list[str]:
    """The words of a name, in the singular, without the small ones between them."""
    return [word.removesuffix("s") or word for word in _WORD.findall(name) if word not in _SMALL]


def _is_exact(word: str) -> bool:
    return len(word) < _LEAST_LETTERS or any(map(str.isdigit, word))


def _rank(shop: Vendor, goods: dict[int, Any], part: Standing, terms: Terms) -> tuple[bool, int]:
    return not hours.is_open(shop.hours or terms.hours, part.now), sum(good.is_other for good in goods.values())


def _another(shop: Vendor, goods: dict[int, Any], part: Standing, terms: Terms) -> Another | None:
    """None where the shop does not send there."""
    lines = tuple(_line(good) for _, good in sorted(goods.items()))
    amount = sum(line.amount for line in lines)
    fee = delivery.fee(shop, part.destination, amount, terms.fees)
    if fee is None:
        return None
    prepaid = delivery.prepaid(shop, part.way, amount + fee)
    return Another(shop, lines, fee, prepaid, amount + fee - part.total)


def _line(good: Any) -> BasketLine:
    priced = tariff(good.price, good.rules)
    return BasketLine(
        product_id=good.id,
        stock_id=good.stock_id,
        vendor_id=good.vendor_id,
        name=good.name,
        unit=good.unit,
        quantity=good.quantity,
        price_seen=priced.price,
        amount_seen=0,
        tariff=priced,
        factor=good.factor,
        label="",
        available=good.available,
        held=0,
    )


def move(
    db: Db,
    vendor_order_id: int,
    contact_id: int,
    vendor_id: int,
    by: Cause,
    terms: Terms,
    *,
    total_seen: int,
    prepaid_seen: int = 0,
) -> Outcome:
    """The buyer said yes to that shop at `total_seen` F CFA: units, old part, new part and total in one go.

    `prepaid_seen` F CFA of them are paid before.
    """
    part = standing(db, vendor_order_id, contact_id)
    if part is None:
        return "not_yours"
    locks.orders(db, [part.order_id])
    part = standing(db, vendor_order_id, contact_id) or part
    if part.how not in ("waiting", "refused"):
        return "over" if part.how == "over" else "answered"
    offer = another(db, part, terms)
    if offer is None:
        return "gone"
    freed = changes_of(db, [part.part_id]) if part.how == "waiting" else []
    taken = [Change(line.stock_id, line.quantity * line.factor) for line in offer.lines]
    catalog_locks.stocks(db, (change.stock_id for change in (*freed, *taken)))
    if (offer.vendor.id, offer.total, offer.prepaid) != (vendor_id, total_seen, prepaid_seen) or not stock.hold(
        db, taken, by
    ):
        return "again"
    stock.free(db, freed, by)
    _write(db, part, offer, by, terms)
    return "moved"


def _write(db: Db, part: Standing, offer: Another, by: Cause, terms: Terms) -> None:
    recap = Recap((RecapBlock(offer.vendor, offer.lines, offer.delivery, True, offer.prepaid),), Address())
    new_id = write_parts(db, part.order_id, recap, terms, part.now)[offer.vendor.id]
    stock.allocate(db, [Change(line.stock_id, line.quantity * line.factor, new_id) for line in offer.lines], by)
    both = part.order_id, part.part_id
    if part.how == "waiting":
        move_parts(db, [part.part_id], "expired", ["placed"])
        history.write(db, [both], "expired", by)
    history.write(db, [both], "moved", by, {"to": new_id})
    history.write(db, [(part.order_id, new_id)], "placed", by)
    totals.sum_up(db, part.order_id)
    facts.record(db, PartMoved(*both, part.how == "waiting", new_id))
