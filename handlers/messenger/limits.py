"""What one Messenger bubble can show."""

from typing import Final

from bot.messages import Limits
from handlers.refusals import DAY

MOST_PAYLOAD: Final = 1000  # characters of a button's or a quick reply's payload
MOST_BUTTON_TEXT: Final = 640  # characters above buttons
MOST_BUTTONS: Final = 3
MOST_CARDS: Final = 10
MOST_CARD_LINE: Final = 80  # characters of a card's title, and of the line below it
MOST_RECEIPT_LINES: Final = 100  # (unconfirmed)
# channels.md §3.4: fewer than 2000 characters, 13 quick replies of 20. Quick replies have no detail and no opener: a
# row's detail stands on a line of the words, for which `body` leaves room. A photo has no caption: it goes before its
# words, in a message of its own, so that any words may stand beside it.
# A place is a map's address in the words. What a person of ours wrote may go for seven days (§3.5).
MESSENGER_LIMITS: Final = Limits(
    text=1999,
    body=1200,
    caption=1999,
    buttons=13,
    button_title=20,
    rows=13,
    row_title=20,
    row_detail=72,
    opener=20,
    offer_id=MOST_PAYLOAD,
    photo_with_offers=True,
    link_title=20,
    asks=frozenset({"phone"}),
    cards=MOST_CARDS,
    receipts=True,
    human_window=7 * DAY,
)
