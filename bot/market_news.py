"""What organizers hear of the market's figures, where these took longer to count than a turn may."""

from dataclasses import dataclass

from base.db import Db
from bot import market_words
from bot.market_words import FiguresCounted
from bot.notices import Notices


@dataclass(frozen=True)
class MarketNews:
    """Writes notices through those of the market; every method is a reaction to a fact."""

    told: Notices

    def figures_counted(self, db: Db, fact: FiguresCounted) -> None:
        """Who waits for them reads them."""
        for chat in self.told.chats_named(db, fact.conversation_ids):
            values = {"figures": market_words.told(chat.language, fact.counted)}
            self.told.tell(db, chat, "notice.organizer.figures", values, [], {})
