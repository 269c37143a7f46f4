"""What people hear of those who watch over the market: a shop's standing, a report that was looked at, rights given."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from base.db import Db
from bot import attention, contacts, flags
from bot.appointing import OrganizerChanged
from bot.flags import FlagDecided
from bot.messages import Template
from bot.notice_chats import ORGANIZERS
from bot.notice_words import Door, about_door, about_part, in_short, of_shop
from bot.notices import Notices
from bot.order_answers import BuyerAnswered
from bot.shop_news import LATEST, OWNERS
from catalog import standing
from catalog.facts import ShopStood
from catalog.vendors import vendor
from orders import reports

SUSPENDED_ORDERS = "suspended_orders"  # kind of the organizers' list


@dataclass(frozen=True)
class ModerationNews:
    """Writes notices through those of the market; every method is a reaction to a fact."""

    told: Notices

    def shop_stood(self, db: Db, fact: ShopStood) -> None:
        """Its owners hear what was decided and why; orders of a suspended shop are a line of the list while open."""
        made = standing.decided(db, fact.standing_id)
        shop = vendor(db, made.vendor_id) if made else None
        if made is None or shop is None:
            return
        owners = [row.contact_id for row in db.rows(OWNERS, vendor=shop.id)]
        reason = made.words if made.what == "suspended" else ""
        values = {"shop": shop.name, "reason": f"\n{reason}" if reason else ""}
        self._tell(db, owners, f"notice.shop.{made.what}", values, of_shop(shop.name, made.what, reason))
        if made.what == "suspended":
            if reports.parts_of_vendor(db, [shop.id], size=1).parts:
                attention.ask(db, SUSPENDED_ORDERS, {"vendor": shop.id})
            return
        line = attention.line_about(db, SUSPENDED_ORDERS, {"vendor": shop.id}) if made.what == "restored" else None
        if line:
            attention.settle(db, [line], None)

    def flag_decided(self, db: Db, fact: FlagDecided) -> None:
        """Who reported hears that it was looked at; who was reported and is warned hears that, not by whom."""
        found = flags.flag(db, fact.flag_id)
        if found is None:
            return
        self.told.tell_chat(db, found.conversation_id, "notice.flag.decided", {})
        if fact.outcome != "warned":
            return
        if found.vendor_id:
            owners = [row.contact_id for row in db.rows(OWNERS, vendor=found.vendor_id)]
            news = of_shop(found.shop, "warned")
            self._tell(db, owners, "notice.shop.warned", {"shop": found.shop}, news)
        elif found.about_id:
            self._tell(db, [found.about_id], "notice.flag.warned", {})

    def organizer_changed(self, db: Db, fact: OrganizerChanged) -> None:
        """He hears it, and so do all who organize: a right that nobody expected is seen at once."""
        name = contacts.name_of(db, fact.contact_id) or "…"
        by = contacts.name_of(db, fact.by) or "…"
        what = "appointed" if fact.is_given else "dismissed"
        self._tell(db, [fact.contact_id], f"notice.organizer.{what}", {})
        others = [row.contact_id for row in db.rows(ORGANIZERS) if row.contact_id not in (fact.contact_id, fact.by)]
        self._tell(db, others, f"notice.organizer.other_{what}", {"name": name, "by": by})

    def buyer_answered(self, db: Db, fact: BuyerAnswered) -> None:
        """An organizer's words about an order, to whoever placed it, where he hears of it."""
        order = reports.order(db, fact.order_id)
        part = order.parts[0].part if order and order.parts else None
        chat = self.told.chat_of_buyer(db, part) if part else None
        if part is None or chat is None:
            return
        values = {"code": part.code, "words": fact.words}
        doors = [Door("buyer", "track", about_door("track", part), part.code)]
        template = in_short(chat.language, "buyer", "organizer", part)
        self.told.tell(db, chat, "notice.answer_of_organizer", values, doors, about_part(part), template)

    def _tell(
        self,
        db: Db,
        people: Sequence[int],
        key: str,
        values: dict[str, Any],
        news: Callable[[str], Template | None] = lambda reader: None,
    ) -> None:
        """Each in the chat that he used last."""
        for row in db.rows(LATEST, contacts=list(people)) if people else ():
            self.told.tell_chat(db, row.id, key, values, (), news)
