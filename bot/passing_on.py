"""Files that one side of an order passes on to the other: the way by voice, a spoken word to the shop, a receipt."""

from dataclasses import dataclass
from typing import Final, Literal

from base.clock import now
from base.db import Db
from bot import received
from bot.messages import Outgoing
from bot.notice_chats import Chat
from bot.notice_words import about_part, in_short, to_listen, to_look
from bot.notices import Notices
from bot.outbox import News, numbers, put_notice
from orders import facts, reports
from orders.reports import Part

What = Literal["way", "note"]
KNOWN: Final = {"kept": "", "waiting": "_later"}  # state of a file -> end of the text's key; else it is lost


@dataclass(frozen=True)
class PassingOn:
    """Writes notices through those of the market; every method is a reaction to a fact."""

    told: Notices

    def tell_the_way(self, db: Db, fact: facts.PartFact) -> None:
        """The shop hears the voice note that tells the way, once its buyer may be called."""
        part = reports.part(db, fact.vendor_order_id)
        if part and part.voice_id:
            self._tell_by_voice(db, part, part.voice_id, "way")

    def order_placed(self, db: Db, fact: facts.OrderPlaced) -> None:
        """Each shop hears what its buyer says with the order."""
        placed = reports.order(db, fact.order_id)
        for own in placed.parts if placed else ():
            self._tell_note(db, own.part)

    def part_moved(self, db: Db, fact: facts.PartMoved) -> None:
        """So does the shop that is asked in place of another."""
        part = reports.part(db, fact.new_part_id)
        if part:
            self._tell_note(db, part)

    def _tell_note(self, db: Db, part: Part) -> None:
        if part.note_voice_id:
            self._tell_by_voice(db, part, part.note_voice_id, "note")

    def _tell_by_voice(self, db: Db, part: Part, voice_id: int, what: What) -> None:
        """Words first, as a sound stands alone; without its bytes the words say what to do instead.

        Where the window is shut no sound can go: the words have its address, as has the order that is shown later.
        """
        found = [file for file in received.of_messages(db, [voice_id]) if file.kind == "audio"]
        known = what + KNOWN.get(found[0].state if found else "gone", "_lost")
        url = received.link(self.told.config, found[0], now(db)) if found else ""
        for chat in self.told.chats_of_shop(db, part.vendor_id):
            key = f"{what}_later" if known == what and not self.told.is_open(db, chat) else known
            values = {"code": part.code, **(to_listen(chat.language, url) if key == f"{what}_later" else {})}
            news = in_short(chat.language, "vendor", what, part)
            self.told.tell(db, chat, f"notice.vendor.{key}", values, [], about_part(part), news)
            if key == what:
                self._put(db, chat, part, Outgoing("", audio=url))

    def _put(self, db: Db, chat: Chat, part: Part, bubble: Outgoing) -> None:
        said = numbers(db)[0].said
        news = News(chat.conversation_id, said, bubble, None, about_part(part))
        put_notice(db, news, self.told.config.timing.notice_too_old)

    def show_receipt(self, db: Db, fact: facts.PartHandedOver) -> None:
        """The buyer of a parcel sees the photo of its receipt; its address where no picture can be shown yet."""
        part = reports.part(db, fact.vendor_order_id)
        chat = self.told.chat_of_buyer(db, part) if part and part.receipt_photo_id else None
        if part is None or chat is None:
            return
        found = [file for file in received.of_messages(db, [part.receipt_photo_id or 0]) if file.kind == "image"]
        if not found:
            return
        url = received.link(self.told.config, found[0], now(db))
        if found[0].state == "kept" and not chat.is_in_text_mode and self.told.is_open(db, chat):
            self._put(db, chat, part, Outgoing(self.told.words(chat, "notice.buyer.receipt", {"code": part.code}),
                                               photo=url))  # fmt: skip
            return
        values = {"code": part.code, **to_look(chat.language, url)}
        news = in_short(chat.language, "buyer", "receipt", part)
        self.told.tell(db, chat, "notice.buyer.receipt", values, [], about_part(part), news)
