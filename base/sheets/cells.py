"""Cells as programs of tables write them: the header above them, what a formula is, words without what escapes them."""

import re
import unicodedata
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from typing import Final, TypeVar

from rapidfuzz.distance import OSA

from base.sheets.refusals import SheetRefused
from base.sheets.sniffing import kind_of
from base.sheets.texts import Known, lines_of_text
from base.sheets.workbooks import Line, lines_of_workbook

F = TypeVar("F", bound=str)
HEADER_WITHIN: Final = 15  # lines that hold something
COMPUTES: Final = "=+-@"
ESCAPED: Final = re.compile(r"'(?=\s*[=+\-@])")  # as `writing` puts it before such a sign
NOTHING: Final = frozenset({"-", "–", "—", "/", "n/a", "?"})
# what a formula must hold to reach out of its sheet: another program, an address, another file
REACHES_OUT: Final = re.compile(
    r"\||https?:|file:|\\\\|\[|\b(?:hyperlink|webservice|import\w+|image|rtd|dde\w*|call|exec|register)\s*\(", re.I
)
SHORTEST_SLIP, LONG = 5, 8  # letters from which a word may be one letter off, and two


def lines_of(content: bytes, known: Known) -> Iterator[Line]:
    """The lines of a file of either kind; `known` finds the columns of a header. Raises SheetRefused."""
    return lines_of_workbook(content) if kind_of(content) == "xlsx" else lines_of_text(content, known)


def header_of(
    lines: Iterator[Line], columns_of: Callable[[Sequence[str]], Mapping[F, int]]
) -> tuple[tuple[str, ...], Mapping[F, int]]:
    """The first line in which columns are found, and those; nothing before it is read. Raises SheetRefused."""
    seen = 0
    for _, cells in lines:
        seen += 1
        refuse_formulas(cells)
        columns = columns_of(cells)
        if columns:
            return cells, columns
        if seen == HEADER_WITHIN:
            break
    raise SheetRefused("no_header" if seen else "empty")


def refuse_formulas(cells: Sequence[str]) -> None:
    """One that reaches out of its sheet is no list; others only make their line faulty. Raises SheetRefused."""
    if any(is_formula(cell) and REACHES_OUT.search(cell) for cell in cells):
        raise SheetRefused("formulas")


def is_formula(cell: str) -> bool:
    """Whether a program of tables would compute a cell: it begins with `=`, `+`, `-`, `@`, in full width too."""
    start = unicodedata.normalize("NFKC", cell[:20]).lstrip()
    return start[:1] in tuple(COMPUTES) and cell.strip() not in NOTHING


def cell_of(cells: Sequence[str], place: int) -> str:
    """The words of a cell, without what kept them from being computed; '' where it is empty or says nothing."""
    cell = cells[place] if place < len(cells) else ""
    return "" if cell in NOTHING else " ".join(ESCAPED.sub("", cell, count=1).split())


def is_one_of(word: str, known: Collection[str]) -> bool:
    """Whether a word of a header is a known one, a long one also when it is a letter or two off."""
    if word in known:
        return True
    if len(word) < SHORTEST_SLIP:
        return False
    most = 2 if len(word) >= LONG else 1
    return any(len(one) >= SHORTEST_SLIP and OSA.distance(word, one, score_cutoff=most) <= most for one in known)
