"""Targets: price lists as files, the cells of a workbook's sheet, and what the process that reads them answers."""

import io
import json
from dataclasses import asdict
from typing import get_args
from xml.sax.saxutils import quoteattr

from base.sheets import apart
from base.sheets.refusals import LAST_LINE, MOST_CELL, MOST_COLUMNS, MOST_ROWS, Reason, SheetRefused
from base.sheets.sniffing import ARCHIVE
from base.sheets.writing import UNWRITABLE
from catalog.bounds import LEAST_OF_STEP, MOST_OF_STEP, MOST_PRICE
from catalog.sheets.apart import SHAPE
from catalog.sheets.reading import MOST_NAME, MOST_QUANTITY, MOST_UNIT, read_sheet
from catalog.sheets.sheet import Sheet, SheetLine
from tests.catalog.sheets.workshop import HEADER_ROW, SHEET, changed, sheet_of, text, workbook
from tests.faults.fuzz.target import Target, is_keepable, text_of

REASONS = frozenset(get_args(Reason))
HONEST = workbook()


def play_list(content):
    """A list within its bounds, or one of the reasons; a workbook may break its own reader too, a text never."""
    try:
        sheet = read_sheet(content)
    except SheetRefused as refused:
        check_reason(refused.reason)
        return
    except Exception:  # noqa: BLE001 - openpyxl raises anything; the process apart says `broken`
        assert content.startswith(ARCHIVE)
        return
    check_sheet(sheet)
    assert answered(json.dumps({"sheet": asdict(sheet)}).encode()).sheet == sheet


def check_reason(reason):
    assert reason in REASONS


def check_sheet(sheet):
    """Some lines, in their order; all cells short, without an empty one at the end, and of words that are kept."""
    assert 0 < len(sheet.lines) <= MOST_ROWS
    numbers = [line.number for line in sheet.lines]
    assert numbers == sorted(set(numbers))
    assert 0 < numbers[0] <= numbers[-1] <= LAST_LINE
    for cells in (sheet.header, *(line.cells for line in sheet.lines)):
        assert 0 < len(cells) <= MOST_COLUMNS
        assert cells[-1]
        assert all(len(one) <= MOST_CELL and is_keepable(one) for one in cells)
    for line in sheet.lines:
        check_line(line)


def check_line(line):
    """Sound figures, and each thing that is wrong with the line is told."""
    assert line.price is None or 0 < line.price <= MOST_PRICE
    assert line.quantity is None or 0 <= line.quantity <= MOST_QUANTITY
    assert line.name or line.code or "nameless" in line.faults
    assert len(line.name) <= MOST_NAME or "name_long" in line.faults
    assert len(line.code) <= MOST_NAME
    assert len(line.unit) <= MOST_UNIT
    assert all(line.faults)
    units = [one for one, _ in line.steps or ()]
    assert units == sorted(set(units))
    assert all(LEAST_OF_STEP <= one <= MOST_OF_STEP for one in units)
    assert all(0 <= price <= MOST_PRICE for _, price in line.steps or ())


def list_seeds():
    yield from (text(sign=sign) for sign in ",;\t|")
    yield from (text(encoding=encoding) for encoding in ("utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"))
    yield text(end="\r")
    yield b"sep=;\r\n" + text(sign=";")
    yield from (
        b'produit;prix\n"riz\nlong";500\n', b"produit,prix\nriz,=1+1\nmil,-500\n", b"produit;prix\n\"", b"Total;\n",
        b"nom\tqte\ngari\trupture\nriz\t12 sacs\n", b"produit;prix\n@SUM(1)*IMPORTXML(1);5\n", b"sep=\"\na\"b",
        b"\xff\xfe\x00", "désignation;tarif;stock\nmaïs;1.100;1 500\n".encode("latin-1"), b"produit;prix;prix gros\n",
        "produit\tprix\tprix de gros\nriz\t500\tdès 10 : 450 ; dès 50 : 400\nmil\t900\taucun\n".encode(),
        "produit;prix;prix dès 10\nriz;500;450\nmil;900;aucun\n".encode(),
        "produit;prix;à partir de;prix de gros\nriz;500;10;450\nmil;900;;5 = 800\n".encode(),
    )  # fmt: skip
    yield from (HONEST, workbook([("", "riz", 500, 1.5)]), changed(HONEST, method=0), HONEST[:2000])


def play_worksheet(data):
    """A row, a type, a style and a value a line: cells in an honest workbook, as no program may have written them."""
    lines = [UNWRITABLE.sub("", text_of(line)).split("|") for line in data.split(b"\n")]
    rows = "".join(row_of(*(quoteattr(part) for part in line[:4])) for line in lines if len(line) >= 4)
    play_list(changed(HONEST, **{SHEET: sheet_of(HEADER_ROW + rows)}))


def row_of(number, kind, style, value):
    """A row of a good's name and a cell; what is empty is not said."""
    told = "".join(f" {name}={one}" for name, one in (("t", kind), ("s", style)) if one != '""')
    row = f" r={number}" if number != '""' else ""
    return f'<row{row}><c t="inlineStr"><is><t>riz</t></is></c><c{told}><v>{value[1:-1]}</v></c></row>'


def worksheet_seeds():
    return [
        b"2|n||500\n3|||750.0\n4|||1e308", b"2|s||1\n3|s||99", b"2|b||1\n|||5\n|str||17 500 F", b"2|e||#REF!",
        b"2|d||2026-11-24T09:00:00\n3||1|45000", b"2|str||=1+1\n3|str||-500", b"7|str||riz_x0000_\n2|||1",
        b"99999|||5", b"2|str||=HYPERLINK(1)", b"2|n||nan\n3|n||inf\n4|n||0", b"-1|||5\n0|||5\n2||9999|5", b"2|z||5",
    ]  # fmt: skip


def answered(output):
    """What is made of the bytes that the process wrote."""
    return apart._answer(0, io.BytesIO(output), SHAPE)


def play_answered(output):
    """Either a list or a reason, whatever a process wrote that a file has taken over."""
    answer = answered(output)
    assert isinstance(answer.sheet, Sheet) or answer.refused in REASONS
    assert isinstance(answer.peak, int)
    assert isinstance(answer.is_alone, bool)


def answered_seeds():
    sheet = asdict(Sheet(("produit", "prix"), (SheetLine(2, ("riz", "500"), "", "riz", 500, None),)))
    documents = (
        {"sheet": sheet, "peak": 40_000_000, "is_alone": True}, {"refused": "bomb", "peak": 7, "is_alone": False},
        {"refused": "nobody knows"}, {"sheet": {"header": [], "lines": []}}, {"sheet": None}, {"peak": 1e300}, [], 7,
    )  # fmt: skip
    yield from (json.dumps(document).encode() for document in documents)
    yield from (b"", b"[" * 1500, b'{"refused": "\\ud800"}', b'{"peak": 1' + b"0" * 500 + b"}")


SHEETS = {
    "list": Target(
        play_list,
        list_seeds,
        ("catalog/sheets/reading.py", "catalog/sheets/steps.py", "base/sheets/texts.py", "base/sheets/cells.py"),
        32768,
        ("base.sheets.archives", "catalog.sheets.columns", "base.sheets.sniffing", "base.sheets.workbooks"),
    ),
    "worksheet": Target(
        play_worksheet, worksheet_seeds, ("base/sheets/workbooks.py",), 512, ("catalog.sheets.reading",)
    ),
    "answered": Target(play_answered, answered_seeds, ("base/sheets/apart.py",), 2048),
}
