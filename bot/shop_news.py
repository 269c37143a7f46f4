"""What people hear of shops beside orders: helpers, where a shop is paid."""

from dataclasses import dataclass
from typing import Any

from base.db import Db
from base.phones import mask
from bot import attention, contacts, payout_chats, shop_people
from bot.notice_chats import IS_HIS
from bot.notice_words import Door, of_shop
from bot.notices import Notices
from bot.shop_people import HelperAnswered, HelperInvited, HelperLetGo
from catalog import payout_numbers
from catalog.facts import PayoutAsked, PayoutEnded, PayoutStopped
from catalog.vendors import Vendor, vendor

PAYOUT, STOPPED = "payout_change", "payout_stopped"  # kinds of the organizers' list
LATEST = f"""
select distinct on (c.contact_id) c.id from conversation c
where c.contact_id = any(%(contacts)s) and {IS_HIS}
order by c.contact_id, c.last_in_at desc nulls last, c.id
"""
OWNERS = """
select r.contact_id from role r where r.vendor_id = %(vendor)s and r.role = 'vendor' and r.suspended_at is null
order by r.contact_id
"""


@dataclass(frozen=True)
class ShopNews:
    """Writes notices through those of the market; every method is a reaction to a fact."""

    told: Notices

    def helper_invited(self, db: Db, fact: HelperInvited) -> None:
        """The invited person is asked in his own chat, where he has one; nobody who never wrote to us is written to."""
        found = shop_people.invitation(db, fact.invitation_id)
        shop = vendor(db, found.vendor_id) if found else None
        if found is None or shop is None:
            return
        values = {"shop": shop.name, "owner": contacts.name_of(db, found.invited_by) or shop.name}
        doors = [Door("buyer", door, str(found.id)) for door in ("join", "decline")]
        people = shop_people.people_with(db, found.phone)
        for chat in self._chats(db, people):
            self.told.tell_chat(db, chat, "notice.shop.invited", values, doors, of_shop(shop.name, "invited"))

    def helper_answered(self, db: Db, fact: HelperAnswered) -> None:
        """The owners hear it."""
        found = shop_people.invitation(db, fact.invitation_id)
        shop = vendor(db, found.vendor_id) if found else None
        if found and shop:
            name = found.name or (contacts.name_of(db, found.contact_id) if found.contact_id else "") or "…"
            key = "joined" if found.state == "accepted" else "declined"
            self._tell_owners(db, shop, key, {"shop": shop.name, "name": name})

    def helper_let_go(self, db: Db, fact: HelperLetGo) -> None:
        """Who helps no longer hears it."""
        shop = vendor(db, fact.vendor_id)
        for chat in self._chats(db, [fact.contact_id]) if shop else ():
            self.told.tell_chat(db, chat, "notice.shop.let_go", {"shop": shop.name if shop else ""})

    def payout_asked(self, db: Db, fact: PayoutAsked) -> None:
        """Everybody of the shop, wherever he can be reached, with a button that stops it; and an organizer decides."""
        found = payout_numbers.number(db, fact.payout_id)
        shop = vendor(db, found.vendor_id) if found else None
        if found is None or shop is None:
            return
        self._settle_given_up(db, found.vendor_id)
        attention.ask(db, PAYOUT, {"payout": found.id, "vendor": shop.id})
        values = {"shop": shop.name, "number": mask(found.phone), "at": found.due_at.isoformat()}
        doors = [Door("buyer", "not_me", str(found.id))]
        for chat in payout_chats.chats(db, found.id):
            news = of_shop(shop.name, "payout_asked")
            self.told.tell_chat(db, chat, "notice.shop.payout_asked", values, doors, news)

    def _settle_given_up(self, db: Db, vendor_id: int) -> None:
        """A number that another one took the place of before it was decided needs no decision."""
        line = attention.line_about(db, PAYOUT, {"vendor": vendor_id})
        if line:
            attention.settle(db, [line], None)

    def payout_stopped(self, db: Db, fact: PayoutStopped) -> None:
        """The organizers are alarmed and decide nothing any more; the owners hear that it is stopped."""
        found = payout_numbers.number(db, fact.payout_id)
        if found is None:
            return
        self._settle_given_up(db, found.vendor_id)
        about = {"payout": found.id, "vendor": found.vendor_id, "contact": fact.contact_id}
        attention.ask(db, STOPPED, about)
        self._tell_of_payout(db, found.id, "payout_stopped")

    def payout_ended(self, db: Db, fact: PayoutEnded) -> None:
        """The shop's people hear that it is paid there, or will not be."""
        self._tell_of_payout(db, fact.payout_id, "payout_in_force" if fact.is_in_force else "payout_refused")

    def _tell_of_payout(self, db: Db, payout_id: int, what: str) -> None:
        found = payout_numbers.number(db, payout_id)
        shop = vendor(db, found.vendor_id) if found else None
        if found and shop:
            self._tell_owners(db, shop, what, {"shop": shop.name, "number": mask(found.phone)})

    def _tell_owners(self, db: Db, shop: Vendor, what: str, values: dict[str, Any]) -> None:
        owners = [row.contact_id for row in db.rows(OWNERS, vendor=shop.id)]
        for chat in self._chats(db, owners):
            self.told.tell_chat(db, chat, f"notice.shop.{what}", values, (), of_shop(shop.name, what))

    def _chats(self, db: Db, people: list[int]) -> list[int]:
        """The chat that each of them used last."""
        return [row.id for row in db.rows(LATEST, contacts=people)]
