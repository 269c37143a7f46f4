"""The cells of a workbook as words, line by line, without what they compute."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, time
from io import BytesIO
from itertools import islice
from typing import TYPE_CHECKING, Any

from defusedxml import DefusedXmlException

from base.later import Later
from base.sheets.archives import check_archive
from base.sheets.refusals import HEADER_WITHIN, LAST_LINE, MOST_CELL, MOST_COLUMNS, SheetRefused

if TYPE_CHECKING:
    import openpyxl
else:
    openpyxl = Later("openpyxl")

COMPUTED = "="  # how a cell begins that holds a formula

Line = tuple[int, tuple[str, ...]]  # its number in the file, from 1; its cells without empty ones at the end
Known = Callable[[Sequence[str]], Mapping[Any, int]]
LEAST_COLUMNS = 2  # of a header


def lines_of_workbook(content: bytes, known: Known) -> Iterator[Line]:
    """The lines that hold something, of the sheet that is a list, else of the first that has any.

    `known` finds the columns of a header, by which a list is told. A sheet's own word on its size is not believed
    (`reset_dimensions`); strings of a formula keep their `=`. Raises SheetRefused, and what openpyxl raises.
    """
    check_archive(content)
    try:
        yield from _lines(content, known)
    except DefusedXmlException as error:
        raise SheetRefused("bomb") from error


def _lines(content: bytes, known: Known) -> Iterator[Line]:
    book = openpyxl.load_workbook(BytesIO(content), read_only=True, keep_links=False)
    shown = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"]
    lists = [sheet for sheet in shown if len(shown) > 1 and _is_list(sheet, known)]
    if len(lists) > 1:
        raise SheetRefused("two_sheets")
    for sheet in lists or shown:
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


def _is_list(sheet: Any, known: Known) -> bool:
    """Whether a sheet has a header and a line below it."""
    sheet.reset_dimensions()
    lines = (cells for values in islice(sheet.iter_rows(values_only=True), LAST_LINE)
             if any(cells := tuple(map(_words, values))))  # fmt: skip
    found = False
    for cells in islice(lines, HEADER_WITHIN + 1):
        if found:
            return True
        found = len(known(cells)) >= LEAST_COLUMNS
    return False


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
