"""Price lists written as workbooks that compute nothing: every word is a word, whatever it begins with."""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from io import BytesIO
from typing import TYPE_CHECKING, Any, Final

from base.later import Later, later

if TYPE_CHECKING:
    import openpyxl
    from openpyxl import cell, styles, utils
else:
    openpyxl = Later("openpyxl")  # with numpy, for whom it has types
    cell, styles, utils = later("openpyxl.", "cell", "styles", "utils")

MIME: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
LINE_ENDS: Final = re.compile(r"\r\n?")  # which one XML writer keeps and another makes \n
UNWRITABLE: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
COMPUTES: Final = tuple("=+-@")
WIDEST, NARROWEST = 60, 8  # characters

Cell = str | int | float | None


def write(title: str, header: Sequence[str], lines: Iterable[Sequence[Cell]]) -> bytes:
    """A workbook of one sheet with a header that stays in sight; numbers are numbers, words never formulas."""
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet(title[:31])
    rows = [list(line) for line in lines]
    sheet.freeze_panes = "A2"
    for place, words in enumerate(header, start=1):
        told = (len(str(line[place - 1] or "")) for line in rows[:200] if place <= len(line))
        width = max(len(words), *told, NARROWEST) if rows else max(len(words), NARROWEST)
        sheet.column_dimensions[utils.get_column_letter(place)].width = min(width + 2, WIDEST)
    sheet.append([_bold(sheet, words) for words in header])
    for line in rows:
        sheet.append([_cell(sheet, value) for value in line])
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def safe(words: str) -> str:
    """Words that no program of tables takes for a formula: `'` goes before what may begin one."""
    plain = UNWRITABLE.sub("", LINE_ENDS.sub("\n", words))
    start = unicodedata.normalize("NFKC", plain[:20])
    may_compute = start.lstrip().startswith(COMPUTES) or start.startswith(("\t", "\n"))
    return f"'{plain}" if may_compute else plain


def _cell(sheet: Any, value: Cell) -> Any:
    if not isinstance(value, str):
        return value
    made = cell.WriteOnlyCell(sheet, safe(value))
    made.data_type = "s"
    return made


def _bold(sheet: Any, words: str) -> Any:
    made = cell.WriteOnlyCell(sheet, safe(words))
    made.data_type, made.font = "s", styles.Font(bold=True)
    return made
