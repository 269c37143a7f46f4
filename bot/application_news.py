"""What is heard of somebody who wants to sell: by the organizers, who decide by one tap, and by himself."""

from dataclasses import dataclass
from typing import Final

from base.db import Db
from bot import application_words, attention, contacts
from bot.notice_chats import LINE, ORGANIZERS, UNSENT, Chat
from bot.notice_words import Door, of_shop, to_look_at
from bot.notices import Notices
from bot.texts import say
from catalog import applications
from catalog.applications import Application
from catalog.facts import ApplicationDecided, ApplicationSent
from catalog.vendors import vendor

APPLICATION: Final = "shop_application"  # kind of the organizers' list
MOST_TOLD: Final = 90  # characters of an answer: all of them stand above buttons
DOORS: Final = ("approve", "see_application", "reject")


@dataclass(frozen=True)
class ApplicationNews:
    """Writes notices through those of the market; every method is a reaction to a fact."""

    told: Notices

    def sent(self, db: Db, fact: ApplicationSent) -> None:
        """The organizers' list, with the picture where one came; and each of them may decide in his notice."""
        found = applications.application(db, fact.application_id)
        if found is None:
            return
        photo = found.answers.get("photo")
        about = {"application": found.id, "contact": fact.contact_id}
        seen = {"inbox": [photo]} if photo and photo > 0 else {}
        if attention.ask(db, APPLICATION, {**about, **seen}, fact.conversation_id):
            self._ask_organizers(db, found, contacts.phone_of(db, fact.contact_id))

    def _ask_organizers(self, db: Db, found: Application, phone: str) -> None:
        """Who is silent, and has not got his last notice of the list yet, gets no other: it costs and tells as much."""
        line = attention.line_about(db, APPLICATION, {"application": found.id})
        chats = self.told.chats(db, [row.contact_id for row in db.rows(ORGANIZERS)])
        waiting = {row.conversation_id for row in db.rows(UNSENT, chats=[chat.conversation_id for chat in chats])}
        count = db.value("select count(*) from attention where settled_at is null")
        doors = [Door("organizer", door, str(found.id), found.code) for door in DOORS]
        for chat in chats:
            if chat.conversation_id not in waiting or self.told.is_open(db, chat):
                values = {"told": _told(chat, found, phone)}
                template = to_look_at(chat.language, APPLICATION, count)
                self.told.tell(db, chat, "notice.organizer.application", values, doors, {LINE: line}, template)

    def decided(self, db: Db, fact: ApplicationDecided) -> None:
        """The applicant hears what to do first in his shop, or why he has none and how he asks again."""
        found = applications.application(db, fact.application_id)
        if found is None:
            return
        name = str(found.answers.get("shop", ""))
        shop = vendor(db, fact.vendor_id) if fact.vendor_id else None
        if shop:
            doors = [Door("vendor", "open_shop", "1")]
            news = of_shop(shop.name, "opened")
            self.told.tell_chat(db, fact.conversation_id, "notice.shop.granted", {"shop": shop.name}, doors, news)
            return
        values = {"shop": name, "reason": found.reason}
        self.told.tell_chat(db, fact.conversation_id, "notice.shop.refused", values, (), of_shop(name, "refused"))


def _told(chat: Chat, found: Application, phone: str) -> str:
    """All that was told, as an organizer reads it, and whom to call."""
    called = "\n" + say(chat.language, "organizer.about_person", {"phone": phone}) if phone else ""
    return application_words.told(chat.language, found.answers, MOST_TOLD) + called
