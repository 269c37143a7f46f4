"""The recap that a buyer confirms: what the law wants said before (lines, prices, delivery, delay, seller, total)."""

from dataclasses import dataclass

from base.db import Db
from catalog.vendors import Vendor, vendors
from orders import delivery
from orders.basket import Address, Basket, BasketLine, basket_of
from orders.terms import Terms


@dataclass(frozen=True)
class RecapBlock:
    """One shop's part: what it sells, what bringing it costs (F CFA) and how long it takes (text key delay.<delay>)."""

    vendor: Vendor
    lines: tuple[BasketLine, ...]
    delivery: int

    @property
    def goods(self) -> int:
        """F CFA of the lines."""
        return sum(line.amount for line in self.lines)


@dataclass(frozen=True)
class Recap:
    """A whole order before it is one."""

    blocks: tuple[RecapBlock, ...]
    address: Address

    @property
    def goods(self) -> int:
        """F CFA of all lines."""
        return sum(block.goods for block in self.blocks)

    @property
    def delivery(self) -> int:
        """F CFA of all deliveries."""
        return sum(block.delivery for block in self.blocks)

    @property
    def total(self) -> int:
        """F CFA that the buyer pays in all."""
        return self.goods + self.delivery


def recap(db: Db, contact_id: int, terms: Terms) -> Recap:
    """What this person would order now; without blocks when the basket is empty."""
    return recap_of(db, basket_of(db, contact_id), terms)


def recap_of(db: Db, basket: Basket, terms: Terms) -> Recap:
    """The recap of a basket that was read."""
    shops = vendors(db, (shop.vendor_id for shop in basket.shops))
    address = basket.address
    blocks = tuple(
        RecapBlock(
            shops[shop.vendor_id],
            shop.lines,
            delivery.fee_from(shops[shop.vendor_id], address.latitude, address.longitude, terms.bands),
        )
        for shop in basket.shops
    )
    return Recap(blocks, address)
