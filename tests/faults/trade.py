"""A shop whose orders go on while processes die: buyers who order and cancel, a vendor who accepts and refuses."""

from random import Random

from tests.processes.crosswise import Vendors
from tests.processes.people import fill_baskets, people_of, shops_of, stock_up

BUYERS, UNITS = 2, 10_000
FIRST = "+22891700000"  # the phone before the first buyer's
CANCELLING = 0.3  # of the buyers with an order that can still be cancelled, but never all of them at once
ORDERS = (
    'from "order" o join vendor_order v on v.order_id = o.id join order_line l on l.vendor_order_id = v.id'
    " where l.product_id = %(product)s and o.contact_id = any(%(buyers)s)"
)
OPEN = "v.state in ('placed', 'accepted')"
MOVED = "select coalesce(sum(quantity), 0) from stock_movement where stock_id = %(stock)s and reason = %(reason)s"


class Trade:
    """One vendor's shop and those who buy there; each of them says what he has to in two rounds."""

    def __init__(self, house):
        self.house, self.rounds, self.ordered = house, [], 0  # orders that were begun
        ((owner, self.product_id, self.stock_id),) = shops_of(house, 1)
        stock_up(house, [self.stock_id], UNITS)
        self.buyers, self.vendors = people_of(house, BUYERS, FIRST), Vendors(house, [owner], Random(0))
        house.hand_in([house.provider.say(owner.phone, "bonjour", name=owner.name)])  # news comes with buttons from now
        house.wait_until_idle()

    def begin(self, chance):
        """Settle who orders and who cancels; what was ordered before is answered meanwhile. The house is idle."""
        self.vendors.chance = Random(chance.random())  # how often it is asked hangs on what has come to the vendor
        codes = self._codes_to_cancel(chance)
        ordering = [buyer for buyer in self.buyers if buyer not in codes]
        fill_baskets(self.house, [(buyer, [self.product_id]) for buyer in ordering])
        words = dict.fromkeys(ordering, "commander")
        words |= {buyer: f"annulez la commande {code}" for buyer, code in codes.items()}
        self.ordered += len(ordering)
        self.rounds = [
            lambda: [*self.vendors.answers(), *map(self._say, words, words.values())],
            lambda: [*self.vendors.reasons(), *(self._say(buyer, "oui") for buyer in words)],
        ]

    def next_messages(self):
        """What all of them say in this round; nothing when they have said all."""
        return self.rounds.pop(0)() if self.rounds else []

    def check(self):
        """Whoever ordered has his order, and the goods that left the shop's stock are the goods that were ordered."""
        assert not self.rounds
        assert self._figure("count(distinct o.id)") == self._figure("coalesce(sum(l.quantity), 0)") == self.ordered
        open_units = self._figure("coalesce(sum(l.quantity), 0)", OPEN)
        assert self._moved("allocate") == self.ordered
        assert self._moved("free") == self.ordered - open_units
        (stock,) = self.house.rows("select on_hand, held, allocated from stock where id = %(id)s", id=self.stock_id)
        assert tuple(stock) == (UNITS, 0, open_units)

    def _codes_to_cancel(self, chance):
        """Buyer -> the code of his newest open order, of those who cancel it."""
        found = {buyer: self._newest_open(buyer) for buyer in self.buyers}
        chosen = [(buyer, code) for buyer, code in found.items() if code and chance.random() < CANCELLING]
        return dict(chosen[: BUYERS - 1])

    def _newest_open(self, buyer):
        rows = self._rows("o.code", f"{OPEN} order by o.id desc limit 1", [buyer])
        return rows[0].code if rows else None

    def _say(self, buyer, words):
        return self.house.provider.say(buyer.phone, words, name=buyer.name)

    def _figure(self, what, which="true"):
        return self._rows(what, which, self.buyers)[0][0]

    def _rows(self, what, which, buyers):
        ids = [buyer.contact_id for buyer in buyers]
        return self.house.rows(f"select {what} {ORDERS} and {which}", product=self.product_id, buyers=ids)

    def _moved(self, reason):
        return self.house.value(MOVED, stock=self.stock_id, reason=reason)
