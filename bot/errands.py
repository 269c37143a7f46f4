"""Errands: whoever brings a part of an order is told of that part alone, and of what becomes of it."""

from dataclasses import dataclass
from datetime import datetime
from typing import TypedDict

from base.accounts import MessengerAccount, SimulatorAccount
from base.clock import now
from base.config import Config
from base.db import Db
from base.places import name_of, place, position
from base.shortening import shorten
from bot import contacts, received
from bot.aftermath import NoticeFailed
from bot.extras import map_of
from bot.messages import Location, Template
from bot.notice_chats import RIDER
from bot.notice_words import about_part, in_one_line, in_short
from bot.notices import Notices
from bot.rider_words import called
from bot.templates import ERRAND, for_reader
from bot.texts import say
from orders import facts, reports, riders
from orders.reports import Part
from orders.riders import Bearer

MOST_WORDS = 200  # characters of a place in a template


@dataclass(frozen=True)
class Errands:
    """Writes notices through those of the market; every method is a reaction to a fact."""

    told: Notices

    def rider_asked(self, db: Db, fact: facts.RiderAsked) -> None:
        """He gets goods, money, name, phone and place; where nobody can write to him, his shop passes them on."""
        part, bearer = reports.part(db, fact.vendor_order_id), riders.bearer(db, fact.vendor_order_id)
        if part is None or bearer is None:
            return
        contact_id = self._contact(db, bearer)
        wants_news = "select wants_order_news from contact where id = %(id)s"
        chats = self.told.chats(db, [contact_id]) if contact_id and db.value(wants_news, id=contact_id) else []
        if contact_id:
            riders.told(db, part.id, contact_id)
        for chat in chats:
            values = errand_values(db, self.told.config, chat.language, part, now(db))
            about = {**about_part(part), RIDER: contact_id}
            template = in_template(chat.language, part)
            self.told.tell(db, chat, "notice.rider.errand", values, [], about, template)
        if not chats:
            self._leave_to_shop(db, part, bearer)

    def _contact(self, db: Db, bearer: Bearer) -> int | None:
        """Whose phone it is, met here for the first time perhaps; None where no channel of this market has phones."""
        is_demo = self.told.config.environment == "demo"
        proving = [
            account_id
            for account_id, account in self.told.accounts.items()
            if not isinstance(account, MessengerAccount) and (is_demo or not isinstance(account, SimulatorAccount))
        ]
        known = (
            "select account_id from identity where kind = 'phone' and value = %(phone)s and account_id = any(%(ids)s)"
        )
        used: int | None = db.value(f"{known} order by made_at desc limit 1", phone=bearer.phone, ids=proving)
        if not proving:
            return None
        return contacts.contact_with_phone(db, used or proving[0], bearer.phone, bearer.name, proving)

    def _leave_to_shop(self, db: Db, part: Part, bearer: Bearer) -> None:
        """The shop hears that he cannot be reached, and has words that it can forward as they are."""
        riders.not_told(db, part.id)
        self.told.tell_shop(db, part, "rider_unreached", (), {"rider": called(bearer.phone, bearer.name)})
        for chat in self.told.chats_of_shop(db, part.vendor_id):
            if self.told.is_open(db, chat):
                values = errand_values(db, self.told.config, chat.language, part, now(db))
                self.told.tell(db, chat, "notice.rider.forward", values, [], about_part(part))

    def not_reached(self, db: Db, fact: NoticeFailed) -> None:
        """What was written to him did not arrive."""
        about = dict(fact.about)
        if RIDER not in about:
            return
        part_id = int(about.get("vendor_order") or 0)
        part, bearer = reports.part(db, part_id), riders.bearer(db, part_id)
        if part and bearer and bearer.contact_id == about[RIDER] and bearer.is_told and part.recipient_phone:
            self._leave_to_shop(db, part, bearer)

    def rider_changed(self, db: Db, fact: facts.RiderChanged) -> None:
        """Whoever was to bring it hears that he need not."""
        self._call_back(db, fact.vendor_order_id, fact.contact_id)

    def part_over(self, db: Db, fact: facts.PartFact) -> None:
        """So does he when nothing is to be brought any more."""
        bearer = riders.bearer(db, fact.vendor_order_id)
        if bearer and bearer.contact_id and bearer.is_told:
            self._call_back(db, fact.vendor_order_id, bearer.contact_id)

    def _call_back(self, db: Db, part_id: int, contact_id: int) -> None:
        part = reports.part(db, part_id)
        if part is None:
            return
        for chat in self.told.chats(db, [contact_id]):
            news = in_short(chat.language, "rider", "over", part)
            values = {"code": part.code, "vendor": part.vendor_name}
            self.told.tell(db, chat, "notice.rider.over", values, [], {RIDER: contact_id}, news)


class ErrandLine(TypedDict):
    """Units that are brought; `amount` in F CFA."""

    quantity: int
    name: str
    amount: int


class Place(TypedDict, total=False):
    """A map of the buyer's pin, where he set one."""

    url: str
    url_title: str


class ErrandValues(Place):
    """What is told of an errand; `total` in F CFA."""

    code: str
    vendor: str
    shop_phone: str
    lines: list[ErrandLine]
    total: int
    recipient: str
    phone: str
    quarter: str
    landmark: str
    voice: str


def errand_values(db: Db, config: Config, language: str, part: Part, at: datetime) -> ErrandValues:
    """What is told of an errand: `total` F CFA to collect, `phone` E.164, `voice` a line or ''; a map of a pin."""
    return {
        "code": part.code,
        "vendor": part.vendor_name,
        "shop_phone": part.vendor_phone or "",
        "lines": [{"quantity": line.quantity, "name": line.name, "amount": line.amount} for line in part.lines],
        "total": part.due,
        "recipient": part.recipient,
        "phone": part.recipient_phone or "",
        "quarter": part.quarter,
        "landmark": part.landmark,
        "voice": _voice(db, config, language, part, at),
        **_map(language, part),
    }


def _voice(db: Db, config: Config, language: str, part: Part, at: datetime) -> str:
    files = received.of_messages(db, [part.voice_id]) if part.voice_id else []
    sounds = [file for file in files if (file.kind, file.state) == ("audio", "kept")]
    return "".join("\n" + say(language, "vendor.voice", {"url": received.link(config, one, at)}) for one in sounds)


def _map(language: str, part: Part) -> Place:
    """The pin that the buyer set; a place that only its quarter tells has none."""
    if part.latitude is None or part.longitude is None:
        return {}
    if (part.latitude, part.longitude) == position(place(part.quarter)):
        return {}
    return {"url": map_of(Location(part.latitude, part.longitude)), "url_title": say(language, "link.map", {})}


def in_template(reader: str, part: Part) -> Template:
    """The same in the words that may go where the window is shut."""
    where = shorten(f"{name_of(part.quarter)}, {part.landmark}", MOST_WORDS)
    whom = called(part.recipient_phone or "", f"{part.recipient},")

    def values(language: str) -> tuple[str, ...]:
        amount = say(language, "notice.rider.amount", {"total": part.due})
        return part.code, part.vendor_name, in_one_line(part), amount, whom, where

    return for_reader(ERRAND, reader, values)
