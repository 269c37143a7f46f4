"""What one WhatsApp bubble through Twilio can show."""

from typing import Final

from bot.messages import Limits
from handlers.refusals import WINDOW

# channels.md §1.5: what stands beside a button that opens an address; a line of an approved carousel's card
LINK_BODY: Final = 640
CARDS: Final = range(2, 11)
CARD: Final = 160
# what is no good may stand in a carousel's words as numbers: more than so many are a list's rows
BESIDE_CARDS: Final = 3
# channels.md §1.4, §1.5 and §7; the card's text stands in its title, which holds 1024
TWILIO_LIMITS: Final = Limits(
    text=1600,
    body=1024,
    caption=1024,
    buttons=3,
    button_title=20,
    rows=10,
    row_title=24,
    row_detail=72,
    opener=20,
    offer_id=200,
    photo_with_offers=True,
    window=WINDOW,
    link_title=20,
    cards=CARDS[-1],
    places=True,
)
