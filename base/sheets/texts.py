"""The cells of a text: whichever its encoding and the sign between them."""

import csv
import io
import re
from collections.abc import Iterator
from itertools import islice
from typing import Final

from base.sheets.refusals import LAST_LINE, MOST_CELL, MOST_COLUMNS, SheetRefused
from base.sheets.sniffing import looks_like_utf_16
from base.sheets.workbooks import Known, Line

SIGNS: Final = (";", ",", "\t", "|", ":", "^", "~")  # the likeliest first
LOOKED_AT: Final = 20  # lines in which a header is looked for
MARKS: Final = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
_TOLD_SIGN: Final = re.compile(r"sep=([^\w\s\"])", re.IGNORECASE)
csv.field_size_limit(100_000)


def lines_of_text(content: bytes, known: Known) -> Iterator[Line]:
    """The lines that hold something; a cell in quotes may go over several. Raises SheetRefused.

    `known` finds the columns of a header, by which the sign between cells is told.
    """
    text = decoded(content)
    head, _, rest = text.partition("\n")
    if told := _TOLD_SIGN.fullmatch(head.strip()):  # how Excel is told
        yield from _lines(rest, told[1], 2)
    else:
        yield from _lines(text, sign_of(text, known), 1)


def decoded(content: bytes) -> str:
    """The words of a text by its mark, by what they can be, else as Windows writes French."""
    for mark, encoding in MARKS:
        if content.startswith(mark):
            return _plain(content.decode(encoding, "replace"))
    if encoding := looks_like_utf_16(content):
        return _plain(content.decode(encoding, "replace"))
    for encoding in ("utf-8", "cp1252"):
        try:
            return _plain(content.decode(encoding))
        except UnicodeDecodeError:
            continue
    return _plain(content.decode("latin-1"))


def _plain(text: str) -> str:
    return text.replace("\x00", "").replace("\r\n", "\n").replace("\r", "\n")


def sign_of(text: str, known: Known) -> str:
    """The sign that shows the most columns of a header."""
    start = "\n".join(islice(text.split("\n"), LOOKED_AT))
    return max(SIGNS, key=lambda sign: (_columns_by(start, sign, known), -SIGNS.index(sign)))


def _columns_by(start: str, sign: str, known: Known) -> int:
    try:
        return max((len(known(cells)) for cells in csv.reader(start.split("\n"), delimiter=sign)), default=0)
    except csv.Error:
        return 0


def _lines(text: str, sign: str, first: int) -> Iterator[Line]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=sign)
    before = 0
    try:
        for values in reader:
            number, before = before + first, reader.line_num
            if number > LAST_LINE:
                raise SheetRefused("too_many_rows")
            cells = [" ".join(value[:MOST_CELL].split()) for value in values]
            while cells and not cells[-1]:
                cells.pop()
            if len(cells) > MOST_COLUMNS:
                raise SheetRefused("too_many_columns")
            if cells:
                yield number, tuple(cells)
    except csv.Error as error:
        raise SheetRefused("broken") from error
