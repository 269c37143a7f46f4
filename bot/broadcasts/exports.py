"""A row for each recipient of a broadcast, as a table that no program takes for formulas; read in pieces."""

import csv
import io
from collections.abc import Iterator
from datetime import datetime
from typing import Any, Final

from base.clock import in_lome
from base.db import Db
from base.sheets.writing import Cell, safe, write
from bot.broadcasts.results import known_reason
from bot.texts import say

COLUMNS: Final = ("person", "channel", "language", "state", "way", "why", "queued", "settled")
PIECE: Final = 2000  # recipients
MARK: Final = "\ufeff"  # by which programs of tables know UTF-8
RECIPIENTS = """
select r.contact_id, coalesce(p.name, '') as name, coalesce(a.kind, '') as kind, r.language, r.state, r.way,
  r.reason, r.queued_at, r.settled_at
from broadcast_recipient r left join contact p on p.id = r.contact_id left join channel_account a on a.id = r.account_id
where r.broadcast_id = %(id)s and r.contact_id > %(after)s
order by r.contact_id limit %(size)s
"""


def header(language: str) -> list[str]:
    """The titles of an export's columns."""
    return [say(language, f"broadcast.column.{column}", {}) for column in COLUMNS]


def lines(db: Db, broadcast_id: int, language: str) -> Iterator[list[str]]:
    """A line for each recipient, in words: person, channel, language, state, way, reason, moments in Lomé."""
    after = 0
    while rows := db.rows(RECIPIENTS, id=broadcast_id, after=after, size=PIECE):
        for row in rows:
            yield _line(row, language)
        after = rows[-1].contact_id


def _line(row: Any, language: str) -> list[str]:
    why = "uncertain" if row.state == "uncertain" else row.reason
    return [
        row.name,
        say(language, f"channel.{row.kind}", {}) if row.kind else "",
        row.language,
        say(language, f"broadcast.state.{row.state}", {}),
        say(language, f"broadcast.way.{row.way}", {}) if row.way else "",
        say(language, f"broadcast.why.{known_reason(why)}", {}) if why else "",
        _moment(row.queued_at),
        _moment(row.settled_at),
    ]


def _moment(moment: datetime | None) -> str:
    return f"{in_lome(moment):%d/%m/%Y %H:%M:%S}" if moment else ""


def as_csv(db: Db, broadcast_id: int, language: str) -> Iterator[bytes]:
    """The export as CSV (UTF-8 with its mark, `;`), piece by piece; no cell is a formula."""
    page = io.StringIO()
    written = csv.writer(page, delimiter=";", lineterminator="\r\n")
    page.write(MARK)
    written.writerow(header(language))
    for number, line in enumerate(lines(db, broadcast_id, language), start=1):
        written.writerow([safe(cell) for cell in line])
        if number % PIECE == 0:
            yield _taken(page)
    yield _taken(page)


def _taken(page: io.StringIO) -> bytes:
    told = page.getvalue().encode()
    page.seek(0)
    page.truncate()
    return told


def as_workbook(db: Db, broadcast_id: int, language: str, title: str = "") -> bytes:
    """The export as XLSX; no cell is a formula."""
    rows: Iterator[list[Cell]] = ([*line] for line in lines(db, broadcast_id, language))
    return write(title or f"{broadcast_id}", header(language), rows)
