"""What an organizer sees of a report, and of the open orders of a shop that is suspended."""

from typing import Final

from base.phones import format_phone
from bot import contacts, flags
from bot.attention import Item
from bot.dialogs.means import number_of, words
from bot.flags import Flag
from bot.moderation_news import SUSPENDED_ORDERS
from bot.turn import Turn
from catalog.vendors import vendor
from orders import reports

KINDS: Final = frozenset({flags.KIND, SUSPENDED_ORDERS})
MOST: Final = 9  # orders


def about(turn: Turn, item: Item) -> str:
    """Who reports whom, in which words, how often that was; or which orders are open, with the phones to call."""
    return _orders(turn, item) if item.kind == SUSPENDED_ORDERS else _flag(turn, item)


def _flag(turn: Turn, item: Item) -> str:
    found = flags.flag(turn.db, number_of(item.about.get("flag", "")))
    if found is None:
        return ""
    shop = vendor(turn.db, found.vendor_id) if found.vendor_id else None
    phone = shop.phone if shop else _phone(turn, found)
    by = contacts.phone_of(turn.db, found.contact_id)
    return words(
        turn,
        "organizer.flag_shop" if shop else "organizer.flag_buyer",
        name=found.shop or found.buyer or "…",
        phone=format_phone(phone) if phone else "—",
        code=found.code or "—",
        words=found.words,
        times=flags.times(turn.db, found),
        by=format_phone(by) if by else "—",
    )


def _phone(turn: Turn, found: Flag) -> str:
    """The reported buyer's: his channel's, else what he told for the order."""
    known = contacts.phone_of(turn.db, found.about_id) if found.about_id else ""
    return known or (reports.phone_told(turn.db, found.vendor_order_id) if found.vendor_order_id else "")


def _orders(turn: Turn, item: Item) -> str:
    shop = vendor(turn.db, number_of(item.about.get("vendor", "")))
    if shop is None:
        return ""
    found = reports.parts_of_vendor(turn.db, [shop.id], size=MOST)
    lines = [
        words(turn, "organizer.open_order", code=part.code, phone=reports.phone_told(turn.db, part.id))
        for part in found.parts
    ]
    told = words(turn, "organizer.suspended_orders", name=shop.name, phone=shop.phone)
    return "\n".join([told, *lines])
