"""The table of a broadcast's recipients, as a file for one organizer at a signed address."""

from typing import Final

from pydantic import JsonValue

from base.db import Db
from bot.broadcasts import drafts, exports
from bot.broadcasts.telling import number_of
from bot.files import Document
from catalog.sheets.writing import MIME

KIND: Final = "annonce"  # of the signed address


def name_of(broadcast_id: int) -> str:
    """What the file is called."""
    return f"annonce-{number_of(broadcast_id)}.xlsx"


def document(db: Db, payload: JsonValue) -> Document | None:
    """The table of the broadcast that a token names, in the words of its language."""
    match payload:
        case [int(broadcast_id), str(language)]:
            pass
        case _:
            return None
    if drafts.read(db, broadcast_id) is None:
        return None
    title = name_of(broadcast_id).removesuffix(".xlsx")
    return Document(name_of(broadcast_id), MIME, exports.as_workbook(db, broadcast_id, language, title))
