"""A booking's code as a picture (QR), at a signed address: what is scanned at the door is the code and nothing else."""

from datetime import timedelta
from functools import partial
from io import BytesIO
from typing import TYPE_CHECKING, Final

import segno
from pydantic import JsonValue

from base.db import Db
from base.later import Later
from base.secret import Secret
from bot import files
from bot.files import Document
from catalog import photos
from catalog.errors import NotAPicture
from events import bookings
from events.bookings import Booking

if TYPE_CHECKING:
    import zxingcpp
else:
    zxingcpp = Later("zxingcpp")

KIND: Final = "code"  # of the signed address
GOOD_AFTER: Final = timedelta(days=1)  # after its workshop
SCALE, BORDER = 12, 4  # pixels of a module, and modules around: large enough for a worn screen, some 600 bytes
LONGEST: Final = 60  # characters of a code that are looked at
ENOUGH: Final = 1200  # pixels of a photo's side: a code that fills a tenth of it still has three for each module


def path_of(booking: Booking, secret: Secret) -> str:
    """The public path of the picture, good until a day after the workshop."""
    return files.path_to(KIND, secret, booking.id, booking.ends_at + GOOD_AFTER)


def draw(code: str, scale: int = SCALE, border: int = BORDER) -> bytes:
    """The picture of a code (PNG)."""
    picture = BytesIO()
    segno.make_qr(code, error="m").save(picture, kind="png", scale=scale, border=border)
    return picture.getvalue()


def read(photo: bytes) -> str:
    """What the picture of a code in a photo says; "" where none can be read, or the file is no photo."""
    try:
        formats = zxingcpp.BarcodeFormats([zxingcpp.BarcodeFormat.QRCode])
        found = zxingcpp.read_barcodes(photos.opened(photo, ENOUGH), formats)
    except NotAPicture:
        return ""
    return found[0].text.strip()[:LONGEST] if found else ""


def document(db: Db, payload: JsonValue) -> Document | None:
    """The picture of the booking whose number a token holds; None where it gives no right to come in."""
    if not isinstance(payload, int) or isinstance(payload, bool):
        return None
    found = next(iter(bookings.bookings(db, [payload])), None)
    if found is None or found.state == "cancelled":
        return None
    return Document(f"{found.code}.png", "image/png", partial(draw, found.code))
