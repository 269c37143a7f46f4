"""What one WhatsApp bubble through Meta's Cloud API can show."""

from typing import Final

from bot.messages import Limits
from handlers.refusals import WINDOW

MOST_PRODUCTS: Final = 30
MOST_SECTIONS: Final = 10
MOST_SECTION: Final = 24  # characters of a section's name
# channels.md §2.6; an id may have 256 characters on a button, 200 on a row
WHATSAPP_LIMITS: Final = Limits(
    text=4096,
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
    asks=frozenset({"location", "phone", "catalogue"}),
    places=True,
)
