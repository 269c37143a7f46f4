"""What is said when an organizer answers a person through the program: his words, and that the person replied."""

from dataclasses import dataclass

from base.db import Db
from base.shortening import shorten
from bot import attention
from bot.handover import HandWritten, Replied
from bot.messages import Outgoing
from bot.notice_chats import LINE, ORGANIZERS
from bot.notice_words import Door
from bot.notices import Notices
from bot.outbox import News, numbers, put_notice
from bot.texts import say

MOST_WORDS = 300  # characters of a reply in a notice
READER = "select p.language from conversation c join contact p on p.id = c.contact_id where c.id = %(id)s"


@dataclass(frozen=True)
class ByHand:
    """Writes notices through those of the market; every method is a reaction to a fact."""

    told: Notices

    def bring(self, db: Db, fact: HandWritten) -> None:
        """The words go to the very chat that asked; where its window is shut, a line of the list says so.

        They quote what they answer, where the line knows it: what the person said last to an organizer, or sent.
        """
        language = db.value(READER, id=fact.conversation_id)
        body = say(language, "notice.by_a_person", {"words": fact.words})
        said = numbers(db)[0].said
        about = {"answered": fact.attention_id}
        quotes = attention.message_of(db, fact.attention_id, fact.conversation_id)
        bubble = Outgoing(body, is_by_a_person=True, quotes=quotes)
        news = News(fact.conversation_id, said, bubble, about=about)
        put_notice(db, news, self.told.config.timing.notice_too_old)

    def replied(self, db: Db, fact: Replied) -> None:
        """Who answered hears that the person replied, in which words; all organizers where he is none any more."""
        values = {"name": fact.name or "…", "words": shorten(fact.words, MOST_WORDS)}
        doors = [Door("organizer", "attention", str(fact.attention_id))]
        key = "notice.organizer.replied" if fact.words else "notice.organizer.replied_by_file"
        organizers = [row.contact_id for row in db.rows(ORGANIZERS)]
        for reader in [fact.organizer_id] if fact.organizer_id in organizers else organizers:
            self.told.tell_person(db, reader, key, values, doors, {LINE: fact.attention_id})
