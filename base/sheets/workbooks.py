"""The cells of a workbook as words, line by line, without what they compute."""

from collections.abc import Iterator
from datetime import date, time
from io import BytesIO
from typing import Any

from defusedxml import DefusedXmlException
from openpyxl import load_workbook

from base.sheets.archives import check_archive
from base.sheets.refusals import LAST_LINE, MOST_CELL, MOST_COLUMNS, SheetRefused

COMPUTED = "="  # how a cell begins that holds a formula

Line = tuple[int, tuple[str, ...]]  # its number in the file, from 1; its cells without empty ones at the end


def lines_of_workbook(content: bytes) -> Iterator[Line]:
    """The lines that hold something, of the first sheet that has any. Raises SheetRefused, and what openpyxl raises.

    A sheet's own word on its size is not believed (`reset_dimensions`); strings of a formula keep their `=`.
    """
    check_archive(content)
    try:
        yield from _lines(content)
    except DefusedXmlException as error:
        raise SheetRefused("bomb") from error


def _lines(content: bytes) -> Iterator[Line]:
    book = load_workbook(BytesIO(content), read_only=True, keep_links=False)
    for sheet in book.worksheets:
        if sheet.sheet_state != "visible":
            continue
        sheet.reset_dimensions()
        found = False
        for number, values in enumerate(sheet.iter_rows(values_only=True), start=1):
            if number > LAST_LINE:
                raise SheetRefused("too_many_rows")
            cells = tuple(map(_words, values))
            if any(cells):
                found = True
                yield number, _without_end(cells)
        if found:
            return


def _without_end(cells: tuple[str, ...]) -> tuple[str, ...]:
    size = max((place for place, cell in enumerate(cells, start=1) if cell), default=0)
    if size > MOST_COLUMNS:
        raise SheetRefused("too_many_columns")
    return cells[:size]


def _words(value: Any) -> str:
    """A whole number without its `.0`, which Excel does not show either."""
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, str | int | float):
        return str(value)[:MOST_CELL].strip()
    return COMPUTED  # an array's formula, a table's
