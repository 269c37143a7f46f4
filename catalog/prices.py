"""What a quantity of a product costs: its price a unit, its price steps and its lots."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

Kind = Literal["lot", "step"]

# The rules of the product that is named p, as JSON holds them; null when it has none.
RULES: Final = (
    "(select jsonb_agg(jsonb_build_array(r.kind, r.quantity, r.price) order by r.kind, r.quantity)"
    " from price_rule r where r.product_id = p.id)"
)


@dataclass(frozen=True)
class Rule:
    """lot: `quantity` units together cost `price`. step: from `quantity` units on, one costs `price`. F CFA."""

    kind: Kind
    quantity: int
    price: int


@dataclass(frozen=True)
class Tariff:
    """How a product is priced: `price` in F CFA for one unit, and the rules for many."""

    price: int
    rules: tuple[Rule, ...] = ()

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
    return Tariff(price, tuple(Rule(kind, quantity, amount) for kind, quantity, amount in rules or ()))
