"""What a vendor hears of his voice note once somebody has typed it: what was heard, and what it would change."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from base.db import Db
from base.shortening import shorten
from bot.messages import Template
from bot.notice_words import Door, of_shop
from bot.notices import Notices
from bot.routing import SPOKEN
from bot.voices import VoiceRead
from catalog.vendors import vendor

MOST_WORDS: Final = 200  # characters said back
CODES: Final = 1000  # codes that a proposal may have


@dataclass(frozen=True)
class VoiceNews:
    """Writes notices through those of the market; every method is a reaction to a fact."""

    told: Notices

    def read(self, db: Db, fact: VoiceRead) -> None:
        """In the chat that the note came in: yes or no to what it changes, or one button that has it done."""
        shop = vendor(db, fact.shop_id) if fact.shop_id else None
        values = {"words": shorten(fact.words, MOST_WORDS), "lines": fact.lines}
        key = f"notice.vendor.voice_{fact.how}"

        def news(reader: str) -> Template | None:
            return of_shop(shop.name, f"voice_{fact.how}")(reader) if shop else None

        self.told.tell_chat(db, fact.conversation_id, key, values, _doors(fact), news)


def _doors(fact: VoiceRead) -> Sequence[Door]:
    match fact.how:
        case "asked":
            about, code = f"v{fact.adjustment_id}", code_of(fact.adjustment_id)
            return [Door("vendor", "voice_yes", about, code), Door("vendor", "voice_no", about, code)]
        case "meant":
            return [Door("vendor", SPOKEN, str(fact.inbox_id), " ".join(fact.words.split()))]
    return []


def code_of(adjustment_id: int) -> str:
    """The three figures that are typed with a yes or a no instead of tapping: `O 417`."""
    return f"{adjustment_id % CODES:03d}"
