"""A receipt as a page to keep, at a signed address: whose it is, its name; `receipt_drawing` draws it."""

from typing import TYPE_CHECKING, Final

from pydantic import JsonValue

from base.db import Db
from base.later import Later
from bot import contacts
from bot.files import Document
from bot.receipts import receipt_of
from orders import reports

if TYPE_CHECKING:
    from bot import receipt_drawing
else:
    receipt_drawing = Later("bot.receipt_drawing")  # with all that makes PDF: for who serves pages alone

KIND: Final = "receipt"  # of the signed address under which an order's page is found


def name_of_page(code: str) -> str:
    """The name that the page of an order is kept under."""
    return f"recu-{code}.pdf"


def document(db: Db, payload: JsonValue) -> Document | None:
    """The page of the order whose number a token holds, in its buyer's language."""
    order = reports.order(db, payload) if isinstance(payload, int) and not isinstance(payload, bool) else None
    if order is None:
        return None
    language = contacts.language_of(db, order.contact_id)
    receipt = receipt_of(order, language)
    return Document(name_of_page(order.code), "application/pdf", lambda: receipt_drawing.draw(receipt))
