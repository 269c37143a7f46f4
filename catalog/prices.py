"""What a quantity of a product costs: its price a unit, its price steps and its lots, and what a promotion makes of
them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final, Literal

Kind = Literal["lot", "step"]
PromoKind = Literal["price", "percent", "lot"]
COIN: Final = 5  # F CFA: no price ends below it


def running(moment: str) -> str:
    """The condition that the promotion named o is in force at a moment, an expression of SQL."""
    return (
        f"o.begins_at <= {moment} and coalesce(o.ends_at, 'infinity') > {moment}"
        f" and coalesce(o.ended_at, 'infinity') > {moment}"
    )


def rules_at(moment: str) -> str:
    """The rules of the product that is named p, as JSON holds them at a moment; null when it has none.

    With them the one promotion that counts: of the good itself before one of its group, that before one of all goods.
    """
    return f"""
(select jsonb_agg(jsonb_build_array(r.kind, r.quantity, r.price, r.until) order by r.kind, r.quantity) from (
    select kind, quantity, price, null::timestamptz as until from price_rule where product_id = p.id
    union all select * from (
        select 'promo_' || o.kind, o.quantity, o.value, o.ends_at from promotion o
        where o.vendor_id = p.vendor_id and {running(moment)} and (o.product_id is null or o.product_id = p.id
            or o.product_id = (select good_id from variant where product_id = p.id))
        order by o.product_id = p.id desc nulls last, o.product_id is null, o.id desc limit 1) as promo
) as r)"""


RULES: Final = rules_at("market_now()")
_PROMOTED: Final = f"""
(select case o.kind when 'price' then o.value when 'lot' then p.price
    else greatest({COIN}, (p.price * (100 - o.value) + 50 * {COIN}) / (100 * {COIN}) * {COIN}) end
from promotion o where o.vendor_id = p.vendor_id and {running("market_now()")} and (o.product_id is null
    or o.product_id = p.id or o.product_id = (select good_id from variant where product_id = p.id))
order by o.product_id = p.id desc nulls last, o.product_id is null, o.id desc limit 1)"""


def at_most(bound: str) -> str:
    """The condition that one unit of the product named p costs so much now or less, an expression of SQL."""
    return f"(p.price <= {bound} or {_PROMOTED} <= {bound})"


def at_least(bound: str) -> str:
    """The condition that it costs so much now or more: no promotion makes it cheaper than that."""
    return f"(p.price >= {bound} and coalesce({_PROMOTED}, p.price) >= {bound})"


@dataclass(frozen=True)
class Rule:
    """lot: `quantity` units together cost `price`. step: from `quantity` units on, one costs `price`. F CFA."""

    kind: Kind
    quantity: int
    price: int


@dataclass(frozen=True)
class Promo:
    """What a promotion gives: a unit's `price`, so many `percent` less on everything, or `quantity` units for a price.

    `until`: when it ends, None until it is ended.
    """

    kind: PromoKind
    value: int
    quantity: int = 0
    until: datetime | None = None


@dataclass(frozen=True)
class Tariff:
    """How a product is priced: `price` in F CFA for one unit, and the rules for many.

    While a promotion runs, `usual` is the tariff without it.
    """

    price: int
    rules: tuple[Rule, ...] = ()
    promo: Promo | None = None
    usual: "Tariff | None" = None

    @property
    def usual_price(self) -> int:
        """F CFA of one unit without a promotion."""
        return self.usual.price if self.usual else self.price

    @property
    def steps(self) -> tuple[Rule, ...]:
        """The price steps, the smallest first."""
        return self._of("step")

    @property
    def lots(self) -> tuple[Rule, ...]:
        """The lots, the smallest first."""
        return self._of("lot")

    def _of(self, kind: Kind) -> tuple[Rule, ...]:
        return tuple(sorted((rule for rule in self.rules if rule.kind == kind), key=lambda rule: rule.quantity))

    def unit_price(self, quantity: int) -> int:
        """F CFA for one unit when so many are bought, lots aside."""
        reached = [rule.price for rule in self.steps if rule.quantity <= quantity]
        return reached[-1] if reached else self.price

    def amount(self, quantity: int) -> int:
        """F CFA of so many units: by the steps, or in whole lots with the rest by the piece, whichever is less."""
        return min(quantity * self.unit_price(quantity), self._in_lots(quantity))

    def _in_lots(self, quantity: int) -> int:
        amount, rest = 0, quantity
        for lot in reversed(self.lots):
            whole, rest = divmod(rest, lot.quantity)
            amount += whole * lot.price
        return amount + rest * self.price

    def is_by_unit(self, quantity: int) -> bool:
        """Whether the amount is the unit price so many times: false where a lot was cheaper."""
        return self.amount(quantity) == quantity * self.unit_price(quantity)

    def better(self, quantity: int) -> Rule | None:
        """The rule that is just above a quantity, within a quarter of it: worth being told; None when none is."""
        above = [rule for rule in self.rules if quantity < rule.quantity and 4 * rule.quantity <= 5 * (quantity + 1)]
        return min(above, key=lambda rule: rule.quantity, default=None)


def tariff(price: int, rules: Iterable[Sequence[Any]] | None) -> Tariff:
    """A tariff from a product's price and what RULES gave."""
    own: list[Rule] = []
    promo: Promo | None = None
    for kind, quantity, amount, until in rules or ():
        if kind.startswith("promo_"):
            ends = datetime.fromisoformat(until) if until else None
            promo = Promo(kind.removeprefix("promo_"), amount, quantity or 0, ends)
        else:
            own.append(Rule(kind, quantity, amount))
    usual = Tariff(price, _worth(own, price))
    return promoted(usual, promo) if promo else usual


def promoted(usual: Tariff, promo: Promo) -> Tariff:
    """The tariff while a promotion runs: nothing costs more by it."""
    match promo.kind:
        case "percent":
            price = reduced(usual.price, promo.value)
            rules = tuple(replace(rule, price=reduced(rule.price, promo.value)) for rule in usual.rules)
        case "price":
            price, rules = min(usual.price, promo.value), usual.rules
        case "lot":
            price, rules = usual.price, _with_lot(usual.rules, Rule("lot", promo.quantity, promo.value))
    return Tariff(price, _worth(rules, price), promo, usual)


def _with_lot(rules: tuple[Rule, ...], lot: Rule) -> tuple[Rule, ...]:
    others = (rule for rule in rules if (rule.kind, rule.quantity) != ("lot", lot.quantity))
    return (*others, lot)


def _worth(rules: Sequence[Rule], price: int) -> tuple[Rule, ...]:
    """Those by which many cost less than by the piece, and of steps than by the one below: none makes it dearer."""
    least, dear = price, set[int]()
    for step in sorted((rule for rule in rules if rule.kind == "step"), key=lambda rule: rule.quantity):
        if step.price < least:
            least = step.price
        else:
            dear.add(step.quantity)
    return tuple(
        rule
        for rule in rules
        if (rule.quantity not in dear if rule.kind == "step" else rule.price < price * rule.quantity)
    )


def reduced(amount: int, percent: int) -> int:
    """So many percent less, in whole coins: F CFA."""
    return max(COIN, (amount * (100 - percent) + 50 * COIN) // (100 * COIN) * COIN)
