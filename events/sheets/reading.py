"""A programme read: its header, and what each of its lines tells of a session, in words."""

import re
from collections.abc import Mapping
from typing import Final

from base.sheets.cells import cell_of, header_of, is_formula, lines_of, refuse_formulas
from base.sheets.refusals import SheetRefused
from events.bounds import MOST_WORKSHOPS
from events.sheets.columns import Field, columns_of, known_columns
from events.sheets.sheet import Sheet, SheetLine

LONGEST: Final = 200  # characters of a cell
SIGNED: Final = re.compile(r"\s*[+-]\d{1,3}(?:[.,]\d+)?\s*°?\s*\Z")  # degrees west of Greenwich are no formula


def read_programme(content: bytes) -> Sheet:
    """Read a file. Raises SheetRefused, and for a broken workbook whatever openpyxl raises: call it apart."""
    lines = lines_of(content, known_columns)
    header, columns = header_of(lines, columns_of)
    found: list[SheetLine] = []
    for number, cells in lines:
        refuse_formulas(cells)
        line = _line(number, cells, columns)
        if line is None:
            continue
        found.append(line)
        if len(found) > MOST_WORKSHOPS:
            raise SheetRefused("too_many_rows")
    if not found:
        raise SheetRefused("empty")
    return Sheet(header, tuple(found))


def _line(number: int, cells: tuple[str, ...], columns: Mapping[Field, int]) -> SheetLine | None:
    """None for a line that names no session."""
    told = {str(field): cell_of(cells, place)[:LONGEST] for field, place in columns.items()}
    if not told.get("title") and not told.get("number"):
        return None
    is_computed = any(place < len(cells) and _computes(field, cells[place]) for field, place in columns.items())
    return SheetLine(number, cells, told, ("formula",) if is_computed else ())


def _computes(field: Field, cell: str) -> bool:
    return is_formula(cell) and not (field in ("latitude", "longitude") and SIGNED.match(cell))
