"""What goods cost and what bringing them costs, in words."""

from base.places import name_of
from base.shortening import shorten
from bot.texts import say
from catalog.vendors import Vendor
from orders.basket import BasketLine
from orders.delivery import Way


def of_ordered(language: str, quantity: int, price: int, amount: int) -> str:
    """What a unit of an ordered line costs (F CFA), or that a lot made the whole line cheaper than its units."""
    return say(language, "buyer.at_price" if quantity * price == amount else "buyer.at_lot_price", {"price": price})


def of_line(language: str, line: BasketLine) -> str:
    """`à 300 F`, or `(3 pour 1 000 F)` where a lot makes it cheaper."""
    if line.tariff.is_by_unit(line.quantity):
        return say(language, "buyer.at_price", {"price": line.price})
    lot = max((lot for lot in line.tariff.lots if lot.quantity <= line.quantity), key=lambda lot: lot.quantity)
    return say(language, "buyer.at_lot", {"quantity": lot.quantity, "price": lot.price})


def of_delivery(language: str, shop: Vendor, way: Way, fee: int, letters: int) -> str:
    """What bringing it costs (F CFA) and how long it takes, or where it is fetched, told in so many letters at most."""
    key = "free" if way == "delivery" and not fee else way
    where = shorten(shop.landmark, letters) or name_of(shop.quarter)
    return say(language, f"buyer.fee.{key}", {"fee": fee, "delay": shop.delay, "where": where})
