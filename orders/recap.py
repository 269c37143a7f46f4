"""The recap that a buyer confirms: what the law wants said before (lines, prices, delivery, delay, seller, total)."""

from dataclasses import dataclass

from base.db import Db
from catalog.vendors import Vendor, vendors
from orders import delivery
from orders.basket import Address, Basket, BasketLine, ShopLines, basket_of
from orders.terms import Terms


@dataclass(frozen=True)
class RecapBlock:
    """One shop's part: what it sells, what bringing it costs (F CFA) and how long it takes (text key delay.<delay>).

    `is_served` is False where the shop does not send there, lets nobody fetch, or does without this buyer
    (`is_barred`); nothing can be ordered then.
    """

    vendor: Vendor
    lines: tuple[BasketLine, ...]
    delivery: int
    is_served: bool
    prepaid: int  # F CFA of this part that are paid before it leaves the shop
    is_barred: bool = False

    @property
    def goods(self) -> int:
        """F CFA of the lines."""
        return sum(line.amount for line in self.lines)

    @property
    def total(self) -> int:
        """F CFA of the whole part."""
        return self.goods + self.delivery

    @property
    def has_perishables(self) -> bool:
        """Something in it spoils: it can't be given back, and travels only in the morning."""
        return any(line.is_perishable for line in self.lines)


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

    @property
    def prepaid(self) -> int:
        """F CFA of it that he pays before."""
        return sum(block.prepaid for block in self.blocks)

    @property
    def barring(self) -> tuple[Vendor, ...]:
        """The shops among them that do without him."""
        return tuple(block.vendor for block in self.blocks if block.is_barred)

    @property
    def unserved(self) -> tuple[Vendor, ...]:
        """The shops that do not send there, or that do without him."""
        return tuple(block.vendor for block in self.blocks if not block.is_served)


def recap(db: Db, contact_id: int, terms: Terms) -> Recap:
    """What this person would order now; without blocks when the basket is empty."""
    return recap_of(db, basket_of(db, contact_id), terms)


def recap_of(db: Db, basket: Basket, terms: Terms) -> Recap:
    """The recap of a basket that was read."""
    shops = vendors(db, (shop.vendor_id for shop in basket.shops))
    blocks = (_block(shops[shop.vendor_id], shop, basket.address, terms) for shop in basket.shops)
    return Recap(tuple(blocks), basket.address)


def _block(vendor: Vendor, shop: ShopLines, address: Address, terms: Terms) -> RecapBlock:
    fee = delivery.fee(vendor, address.destination, shop.goods, terms.fees)
    prepaid = delivery.prepaid(vendor, address.way, shop.goods + (fee or 0))
    is_served = fee is not None and not shop.is_barred
    return RecapBlock(vendor, shop.lines, fee or 0, is_served, prepaid, shop.is_barred)
