"""Notices: what somebody hears because of what somebody else did, in his own words and with its own buttons."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from base.accounts import ChannelAccount
from base.config import Config
from base.db import Db
from base.places import address_of
from base.shortening import shorten
from bot import attention, consent, locks
from bot.aftermath import NoticeFailed
from bot.attention import AttentionNeeded
from bot.messages import Limits, Template
from bot.notice_bubbles import Notice, bubble_of
from bot.notice_chats import (
    BUYERS_CHAT,
    CHAT_OF,
    CHATS,
    CHATS_OF_SHOPS,
    LINE,
    ONE_CHAT,
    ORGANIZERS,
    REACHED,
    RIDER,
    UNSENT,
    WINDOW_IS_OPEN,
    Chat,
    chat_from,
)
from bot.notice_words import (
    Door,
    about_door,
    about_part,
    answers,
    in_short,
    to_answer,
    to_look_at,
    to_map,
    variant,
    vendor_values,
)
from bot.outbox import News, Number, numbers, put_notices
from bot.templates import ARRIVED, for_reader
from bot.texts import say
from bot.verdicts import MUTED
from catalog import products
from catalog.facts import GoodsArrived
from catalog.vendors import vendor
from orders import facts, reminding, reports, typed_codes
from orders.reports import Part

REMINDER_TOO_OLD = 1800  # seconds: it was to be said by day
InLanguage = Callable[[str], Mapping[str, Any]]  # values of a text for who reads that language


@dataclass(frozen=True)
class Notices:
    """Writes notices for the accounts of a market; every method is a reaction to a fact."""

    config: Config
    accounts: Mapping[int, ChannelAccount]
    limits: Mapping[str, Limits]

    def tell_vendors(self, db: Db, fact: facts.OrderPlaced) -> None:
        """Each vendor gets his part, with buttons and with the code that can be typed."""
        placed = reports.order(db, fact.order_id)  # as its buyer was just shown it
        self.ask_vendors(db, [own.part for own in placed.parts] if placed else [])

    def ask_vendors(self, db: Db, parts: Sequence[Part]) -> None:
        """Each gets his part; where he cannot be reached, a person has to, as for what is paid before."""
        chats = self.chats_of_shops(db, [part.vendor_id for part in parts])
        typed = typed_codes.typed_codes(db, parts)
        asked = [_asked(chat, part, typed[part.id]) for part in parts for chat in chats[part.vendor_id]]
        self.tell_all(db, asked)
        for part in parts:
            if part.prepaid:
                attention.ask(db, "payment_to_arrange", {"vendor_order": part.id, "contact": part.contact_id})
            if not chats[part.vendor_id]:
                self.tell_truth(db, part)

    def tell_truth(self, db: Db, part: Part) -> None:
        """A vendor who cannot be reached: the organizers' list, and the buyer hears that we are looking for him."""
        if attention.ask(db, "vendor_unreachable", {"vendor": part.vendor_id, "vendor_order": part.id}):
            self.tell_buyer(db, part, "vendor_silent", ["track"])

    def notice_failed(self, db: Db, fact: NoticeFailed) -> None:
        """What could not be brought to its person is one line of the organizers' list: his shop's, his, or its own.

        A notice of a line makes no second one: the list holds what the organizer was to hear. Who wants no news makes
        none either, but where he was the last of his shop.
        """
        about = dict(fact.about)
        if LINE in about or RIDER in about:  # who sends a rider hears of that one (bot.errands)
            return
        locks.attention_list(db)  # of two members of a shop whose notices fail at once, the second sees the first
        part = reports.part(db, int(about.get("vendor_order") or 0))
        contact = db.value("select contact_id from conversation where id = %(id)s", id=fact.conversation_id)
        if part is None or part.state != "placed" or contact == part.contact_id:
            line = {**about, "outbox": fact.outbox_id}
        elif db.value(REACHED, part=str(part.id), vendor=part.vendor_id, contact=contact):
            line = {"vendor": part.vendor_id, "contact": contact}
        else:
            self.tell_truth(db, part)
            return
        if fact.kind != MUTED:
            attention.ask(db, fact.kind, line, fact.conversation_id)

    def part_accepted(self, db: Db, fact: facts.PartAccepted) -> None:
        """The buyer gets the code for the door and the shop's phone."""
        self._news(db, fact, "accepted", ["track"])

    def is_open(self, db: Db, chat: Chat) -> bool:
        """Whether free words, and a file, may be sent there now."""
        window = self.limits[self.accounts[chat.account_id].kind].window
        return window is None or bool(db.value(WINDOW_IS_OPEN, id=chat.conversation_id, window=window))

    def part_ready(self, db: Db, fact: facts.PartReady) -> None:
        """The buyer hears that it is packed."""
        self._news(db, fact, "ready", [])

    def part_handed_over(self, db: Db, fact: facts.PartHandedOver) -> None:
        """The buyer hears that it is on its way, and is reminded of his code."""
        part = reports.part(db, fact.vendor_order_id)
        is_shown = part is not None and part.way == "parcel" and not part.carrier and part.receipt_photo_id
        self._news(db, fact, "handed_over_shown" if is_shown else "handed_over", ["track"])

    def part_delivered(self, db: Db, fact: facts.PartDelivered) -> None:
        """The buyer hears that it was handed to him."""
        self._news(db, fact, "delivered", [])

    def part_expired(self, db: Db, fact: facts.PartExpired) -> None:
        """The buyer hears that the vendor never answered; the vendor that it is too late."""
        self._news(db, fact, "expired", ["track"])
        self._tell_vendors_of(db, fact, "expired")

    def part_returned(self, db: Db, fact: facts.PartReturned) -> None:
        """The buyer hears that it went back to the shop."""
        self._news(db, fact, "returned", ["track"])

    def part_cancelled(self, db: Db, fact: facts.PartCancelled) -> None:
        """The vendor hears that the buyer no longer wants it."""
        self._tell_vendors_of(db, fact, "cancelled")

    def goods_arrived(self, db: Db, fact: GoodsArrived) -> None:
        """Who waited for it hears that it can be bought; by its template where the window is shut."""
        product = products.product(db, fact.product_id)
        chats = self.chats(db, [fact.contact_id])
        if product is None or not chats or not consent.may_tell(db, fact.contact_id, "reminders"):
            return
        values = {
            "name": product.name,
            "price": product.price,
            "unit": product.unit,
            "vendor": product.vendor_name,
            "quarter": product.vendor_quarter,
        }
        door = [Door("buyer", "see", str(product.id), product.name)]
        template = for_reader(ARRIVED, chats[0].language, lambda language: (product.name, product.vendor_name))
        self.tell(
            db,
            chats[0],
            "notice.alert.arrived",
            values,
            door,
            {"alert": fact.alert_id, "topic": consent.REMINDERS},
            template,
            kind="bulk",
        )

    def payment_arranged(self, db: Db, fact: facts.PaymentArranged) -> None:
        """Buyer and vendor hear that what is paid before is settled: once it is accepted the part may leave."""
        part = reports.part(db, fact.vendor_order_id)
        what = "arranged_early" if part and part.state == "placed" else "arranged"
        self._news(db, fact, what, ["track"])
        self._tell_vendors_of(db, fact, what)

    def basket_forgotten(self, db: Db, fact: facts.BasketForgotten) -> None:
        """Once, by day and while the window is open, who filled a basket and wrote no more is reminded of it.

        Nobody is whom a person answers by hand.
        """
        chat = db.one(CHAT_OF, contact=fact.contact_id, accounts=list(self.accounts))
        if chat is None or chat.last_in_at is None or not chat.wants_reminders or not fact.lines or chat.is_held:
            reminding.settle(db, fact.basket_id, is_reminded=False)
            return
        if reminding.put_off(db, fact.basket_id, chat.last_in_at):
            return
        may_be_said = reminding.may_be_said(db, chat.last_in_at)
        reminding.settle(db, fact.basket_id, is_reminded=may_be_said)
        if may_be_said:
            self._remind(db, chat_from(chat), fact)

    def _remind(self, db: Db, chat: Chat, fact: facts.BasketForgotten) -> None:
        values, doors = {"count": fact.lines, "goods": fact.goods}, [Door("buyer", "basket", "")]
        told = Notice(chat, "notice.buyer.basket", values, doors, {"topic": consent.REMINDERS}, kind="bulk")
        self.tell_all(db, [told], REMINDER_TOO_OLD)

    def code_locked(self, db: Db, fact: facts.CodeLocked) -> None:
        """Too many wrong delivery codes: the organizers look at it."""
        attention.ask(db, "code_locked", {"vendor_order": fact.vendor_order_id})

    def code_unlocked(self, db: Db, fact: facts.CodeUnlocked) -> None:
        """The vendor hears that he may try the delivery code again."""
        self._tell_vendors_of(db, fact, "unlocked", ["delivered"])

    def tell_organizers(self, db: Db, fact: AttentionNeeded) -> None:
        """The organizers hear that something waits for a person; of a wave of its kind, once in a while.

        Who has not got his last such notice yet gets no other: the list that it opens holds this line too.
        """
        pause = self.config.timing.attention_pause
        if fact.kind in attention.TOLD_APART or attention.was_told_lately(db, fact.kind, pause):
            return
        attention.mark_told(db, fact.attention_id)
        chats = self.chats(db, [row.contact_id for row in db.rows(ORGANIZERS)])
        waiting = {row.conversation_id for row in db.rows(UNSENT, chats=[chat.conversation_id for chat in chats])}
        values = {"kind": fact.kind, "count": db.value("select count(*) from attention where settled_at is null")}
        door = [Door("organizer", "attention", str(fact.attention_id))]
        for chat in chats:
            if chat.conversation_id not in waiting:
                template = to_look_at(chat.language, fact.kind, values["count"])
                self.tell(db, chat, "notice.organizer.attention", values, door, {LINE: fact.attention_id}, template)

    def tell_person(
        self,
        db: Db,
        contact_id: int,
        key: str,
        values: Mapping[str, Any],
        doors: Sequence[Door],
        about: Mapping[str, Any],
    ) -> None:
        """Something for one of ours, in the chat that he used last."""
        for chat in self.chats(db, [contact_id]):
            self.tell(db, chat, key, values, doors, about)

    def _news(self, db: Db, fact: facts.PartFact, what: str, doors: Sequence[str]) -> None:
        part = reports.part(db, fact.vendor_order_id)
        if part:
            self.tell_buyer(db, part, what, doors)

    def tell_buyer(
        self, db: Db, part: Part, what: str, doors: Sequence[str], more: InLanguage = lambda language: {}
    ) -> None:
        """News of a part for its buyer, with these doors; `more` are values that only this text has."""
        chat = self.chat_of_buyer(db, part)
        if chat is None:
            return
        opened = [Door("buyer", door, about_door(door, part), part.code) for door in doors]
        values = {**self._buyer_values(db, part), **self._way_there(db, part, what, chat), **more(chat.language)}
        key = variant(f"buyer.{what}", part)
        self.tell(db, chat, key, values, opened, about_part(part), in_short(chat.language, "buyer", what, part))

    def chat_of_buyer(self, db: Db, part: Part) -> Chat | None:
        """Where its buyer hears of a part: where he ordered, or where alone he may be written to."""
        chat_of = {"contact": part.contact_id, "conversation": part.conversation_id}
        windows = [self.limits[account.kind].window for account in self.accounts.values()]
        row = db.one(BUYERS_CHAT, **chat_of, accounts=list(self.accounts), windows=windows)
        return chat_from(row) if row else None

    def _way_there(self, db: Db, part: Part, what: str, chat: Chat) -> Mapping[str, Any]:
        """A map to the shop where a part waits to be fetched."""
        shop = vendor(db, part.vendor_id) if what == "ready" and part.way == "pickup" and not part.is_unpaid else None
        return to_map(chat.language, shop) if shop else {}

    def _buyer_values(self, db: Db, part: Part) -> Mapping[str, Any]:
        """What a buyer may see of a part: its delivery code from the acceptance on."""
        order = reports.order(db, part.order_id)
        own = next((p for p in order.parts if p.part.id == part.id), None) if order else None
        reason = db.value(
            "select details->>'reason' from order_history where order_id = %(order)s and vendor_order_id = %(id)s"
            " and fact = 'refused' order by id desc limit 1",
            **{"order": part.order_id, "id": part.id},
        )
        return {
            "code": part.code,
            "vendor": part.vendor_name,
            "delivery_code": (own.delivery_code if own else None) or "",
            "phone": part.vendor_phone or "",
            "reason": reason or "other",
            "total": part.due,
            "prepaid": part.prepaid,
            "paid": part.given_back or part.owed or part.paid,
            "carrier": part.carrier or "",
            "receipt": part.receipt or "—",
            "town": part.quarter,
            "recipient": part.recipient,
            "where": address_of(part.vendor_quarter, part.vendor_landmark),
        }

    def _tell_vendors_of(self, db: Db, fact: facts.PartFact, what: str, ways: Sequence[str] = ()) -> None:
        part = reports.part(db, fact.vendor_order_id)
        if part:
            self.tell_shop(db, part, what, ways)

    def tell_shop(
        self, db: Db, part: Part, what: str, ways: Sequence[str] = (), more: Mapping[str, Any] | None = None
    ) -> None:
        """News of a part for its shop; `ways` are the doors it has, `more` values that only this text has."""
        doors = [Door("vendor", door, str(part.id), typed_codes.typed_code(db, part)) for door in ways]
        values = {**vendor_values(part), **(more or {})}
        key, about = variant(f"vendor.{what}", part), about_part(part)
        self.tell_all(
            db,
            [
                Notice(chat, key, values, doors, about, in_short(chat.language, "vendor", what, part))
                for chat in self.chats_of_shop(db, part.vendor_id)
            ],
        )

    def words(self, chat: Chat, key: str, values: Mapping[str, Any]) -> str:
        """A text as it stands below a picture in that chat."""
        limits = self.limits[self.accounts[chat.account_id].kind]
        return shorten(say(chat.language, key, values), limits.caption)

    def tell_chat(
        self,
        db: Db,
        conversation_id: int,
        key: str,
        values: Mapping[str, Any],
        doors: Sequence[Door] = (),
        news: Callable[[str], Template | None] = lambda reader: None,
    ) -> None:
        """News of no order, in one chat, `news` in short by its language; nothing where its account is off."""
        row = db.one(f"{ONE_CHAT} where c.id = %(id)s", id=conversation_id)
        if row and row.account_id in self.accounts:
            self.tell(db, chat_from(row), key, values, doors, {}, news(row.language))

    def chats_named(self, db: Db, conversation_ids: Sequence[int]) -> list[Chat]:
        """These chats, of those whose accounts are on."""
        rows = db.rows(f"{ONE_CHAT} where c.id = any(%(ids)s) order by c.id", ids=list(conversation_ids))
        return [chat_from(row) for row in rows if row.account_id in self.accounts]

    def open_chats(self, db: Db, vendor_id: int) -> list[Chat]:
        """The chats of a shop's people whose windows are open: for what is worth no template."""
        return [chat for chat in self.chats_of_shop(db, vendor_id) if self.is_open(db, chat)]

    def chats_of_shop(self, db: Db, vendor_id: int) -> list[Chat]:
        """Those of whoever answers for a shop."""
        return self.chats_of_shops(db, [vendor_id])[vendor_id]

    def chats_of_shops(self, db: Db, vendor_ids: Sequence[int]) -> dict[int, list[Chat]]:
        """The same for each of these shops."""
        chats: dict[int, list[Chat]] = {vendor_id: [] for vendor_id in vendor_ids}
        for row in db.kept(CHATS_OF_SHOPS, vendors=list(chats), accounts=list(self.accounts)):
            chats[row.vendor_id].append(chat_from(row))
        return chats

    def chats(self, db: Db, contacts: Sequence[int]) -> list[Chat]:
        """The conversation each of these people used last, on an account that is on."""
        rows = db.kept(CHATS, contacts=list(contacts), accounts=list(self.accounts))
        return [chat_from(row) for row in rows]

    def tell(
        self,
        db: Db,
        chat: Chat,
        key: str,
        values: Mapping[str, Any],
        doors: Sequence[Door],
        about: Mapping[str, Any],
        template: Template | None = None,
        kind: Literal["notice", "bulk"] = "notice",
    ) -> None:
        """One notice in one chat; `template` says it where the window is shut."""
        self.tell_all(db, [Notice(chat, key, values, doors, about, template, kind)])

    def tell_all(self, db: Db, told: Sequence[Notice], too_old: float | None = None) -> None:
        """These notices, in this order: two statements, however many they are."""
        if told:
            news = [self._sent(one, number) for one, number in zip(told, numbers(db, len(told)), strict=True)]
            put_notices(db, news, too_old or self.config.timing.notice_too_old)

    def _sent(self, told: Notice, number: Number) -> News:
        """A notice as it is sent."""
        limits = self.limits[self.accounts[told.chat.account_id].kind]
        bubble = bubble_of(told, number, limits, self.config.server.base_url)
        return News(told.chat.conversation_id, number.said, bubble, told.template, told.about, told.kind)


def _asked(chat: Chat, part: Part, typed: str) -> Notice:
    doors = [Door("vendor", door, str(part.id), typed) for door in answers(part)]
    template = to_answer(chat.language, part, doors[:2])
    return Notice(chat, variant("vendor.new_order", part), vendor_values(part), doors, about_part(part), template)
