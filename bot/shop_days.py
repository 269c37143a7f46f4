"""What a shop is told of its days by itself: the evening's summary, low stock, old figures, promotions, its door.

None of it is worth a template: it is said where the window is open, and else left out; it can be looked up at any time.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from base.db import Db
from base.units import counted
from bot.notice_words import Door
from bot.notices import Notices
from bot.texts import say
from catalog.facts import PromotionBegan, PromotionEnded
from catalog.promotions import Promotion, promotion
from catalog.vendors import vendor
from orders import daily, facts


@dataclass(frozen=True)
class ShopDays:
    """Writes notices through those of the market; every method is a reaction to a fact."""

    told: Notices

    def day_over(self, db: Db, fact: facts.ShopDayOver) -> None:
        """The evening: orders, what is to be answered and prepared, what is still to be paid, the best good."""
        values = {
            "orders": fact.orders,
            "goods": fact.goods,
            "waiting": fact.waiting,
            "preparing": fact.preparing,
            "due": fact.due,
            "best": [{"name": fact.best, "quantity": fact.best_units}] if fact.best else [],
        }
        doors = [Door("vendor", "see_orders", "")] if fact.waiting else []
        self._tell(db, fact.vendor_id, "notice.shop.evening", values, doors)

    def stock_unsure(self, db: Db, fact: facts.StockUnsure) -> None:
        """The morning: the door opens the question, as a notice has no bare numbers."""
        doors = [Door("vendor", "check", str(fact.vendor_id))]
        self._tell(db, fact.vendor_id, "notice.shop.check", {"goods": [{"name": one} for one in fact.names]}, doors)

    def order_placed(self, db: Db, fact: facts.OrderPlaced) -> None:
        """An order took a good below what its vendor calls few."""
        for low in daily.running_low(db, fact.vendor_order_ids, self.told.config.market.low_stock):
            values = {"name": low.name, "left": counted(low.left, low.unit)}
            doors = [Door("vendor", "restock", str(low.product_id))]
            self._tell(db, low.vendor_id, "notice.shop.low", values, doors)

    def shop_turned(self, db: Db, fact: facts.ShopTurned) -> None:
        """Its pause has begun, or is over."""
        shop = vendor(db, fact.vendor_id)
        if shop is not None and fact.is_open:
            self._tell(db, shop.id, "notice.shop.opened", {"shop": shop.name}, [])
        elif shop is not None and shop.closed_until is not None:
            values = {"shop": shop.name, "until": shop.closed_until.isoformat()}
            self._tell(db, shop.id, "notice.shop.shut", values, [])

    def promotion_began(self, db: Db, fact: PromotionBegan) -> None:
        """What was planned is in force."""
        self._tell_of(db, "notice.shop.promo_began", promotion(db, fact.promotion_id))

    def promotion_ended(self, db: Db, fact: PromotionEnded) -> None:
        """The usual price is back."""
        self._tell_of(db, "notice.shop.promo_ended", promotion(db, fact.promotion_id))

    def _tell_of(self, db: Db, key: str, one: Promotion | None) -> None:
        if one is None:
            return
        for chat in self.told.open_chats(db, one.vendor_id):
            name = one.name or say(chat.language, "promo.all_goods", {})
            usual = say(chat.language, "promo.usual", {"price": one.price}) if one.price else ""
            self.told.tell(db, chat, key, {"name": name, "usual": usual}, [], {})

    def _tell(self, db: Db, vendor_id: int, key: str, values: Mapping[str, Any], doors: Sequence[Door]) -> None:
        for chat in self.told.open_chats(db, vendor_id):
            self.told.tell(db, chat, key, values, doors, {})
