"""Files made for tests: honest lists in every form, and hostile ones, each by the rule that it breaks."""

import csv
import io
import struct
import zipfile

from openpyxl import Workbook

HEADER = ("Code", "Désignation", "Prix unitaire", "Qté", "Unité", "Catégorie")
LINES = (
    ("", "Riz parfumé 25 kg", "17 500 F", "12", "sac", "Céréales"),
    ("gari", "Gari fin; très fin", "1.100", "1 500", "bol", "Céréales"),
    ("", "Huile à l'ancienne", "18mil", "0", "bidon", "Épicerie"),
)
TYPES = "[Content_Types].xml"
SHEET = "xl/worksheets/sheet1.xml"
BILLION = (
    '<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY a "lol"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">'
    '<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;">]><worksheet>&c;</worksheet>'
)


def workbook(lines=LINES, header=HEADER, **sheets):
    """A workbook as another program writes it; further sheets by name."""
    book = Workbook()
    for line in (header, *lines):
        book.active.append(list(line))
    for name, more in sheets.items():
        sheet = book.create_sheet(name)
        for line in more:
            sheet.append(list(line))
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def text(lines=LINES, header=HEADER, sign=",", encoding="utf-8", end="\r\n"):
    """A text in an encoding with a sign between its cells."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=sign, lineterminator=end)
    writer.writerows((header, *lines))
    return out.getvalue().encode(encoding)


def changed(content, *, without=(), method=zipfile.ZIP_DEFLATED, **entries):
    """A workbook with other entries in the place of its own, or beside them."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w", method) as new:
        for name in old.namelist():
            if name not in entries and name not in without:
                new.writestr(name, old.read(name))
        for name, body in entries.items():
            new.writestr(name, body)
    return out.getvalue()


def entry(content, name):
    """The bytes of an entry."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return archive.read(name)


def encrypted(content):
    """A workbook whose entries say that they are locked (traditional encryption: bit 0 of their flags)."""
    content = bytearray(content)
    for mark, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        place = content.find(mark)
        while place >= 0:
            content[place + at] |= 1
            place = content.find(mark, place + 4)
    return bytes(content)


def lying(content, name, says):
    """An entry that says it is of another size than it is."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        place = archive.getinfo(name)
    content = bytearray(content)
    struct.pack_into("<I", content, place.header_offset + 22, says)
    central = content.find(b"PK\x01\x02")
    while central >= 0:
        length = struct.unpack_from("<H", content, central + 28)[0]
        if content[central + 46 : central + 46 + length] == name.encode():
            struct.pack_into("<I", content, central + 24, says)
        central = content.find(b"PK\x01\x02", central + 4)
    return bytes(content)


def sheet_of(rows):
    """A worksheet's XML around these rows."""
    return f'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>{rows}</sheetData></worksheet>'


def cell(place, words):
    """A cell of a worksheet's XML with its words inside."""
    return f'<c r="{place}" t="inlineStr"><is><t>{words}</t></is></c>'


HEADER_ROW = f'<row r="1">{cell("A1", "produit")}{cell("B1", "prix")}</row>'


def corpus():
    """Name → (bytes, the reason it is refused for)."""
    honest = workbook()
    types = entry(honest, TYPES).decode()
    zeros = b"\x00" * 30_000_000
    many = {f"xl/media/{number}.xml": b"<a/>" for number in range(400)}
    gap = sheet_of(f'{HEADER_ROW}<row r="1048576">{cell("A1048576", "riz")}{cell("B1048576", "500")}</row>')
    wide = sheet_of(f'{HEADER_ROW}<row r="2">{cell("A2", "riz")}{cell("XFD2", "500")}</row>')
    rels = entry(honest, "xl/_rels/workbook.xml.rels").decode()
    link = '<Relationship Id="rId99" Type="http://x/externalLink" Target="externalLinks/externalLink1.xml"/>'
    reaching = (
        '=HYPERLINK("http://evil.example","riz")',
        "=cmd|' /C calc'!A0",
        "@SUM(1)*IMPORTXML(1)",
        "＝[other.xlsx]A1",
    )
    return {
        "a bomb of one entry": (changed(honest, **{SHEET: zeros}), "bomb"),
        "a bomb of many entries": (changed(honest, **many), "bomb"),
        "a bomb of many layers": (changed(honest, **{f"xl/{n}.xml": zeros[:20_000_000] for n in range(3)}), "bomb"),
        "an entry that lies about its size": (lying(changed(honest, **{SHEET: zeros}), SHEET, 5000), "broken"),
        "entities in entities": (changed(honest, **{SHEET: BILLION}), "bomb"),
        "entities in UTF-16": (changed(honest, **{SHEET: BILLION.encode("utf-16")}), "bomb"),
        "an entity of a file": (
            changed(
                honest, **{"xl/sharedStrings.xml": '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><x>&e;</x>'}
            ),
            "bomb",
        ),
        "macros": (changed(honest, **{"xl/vbaProject.bin": b"\x00"}), "macros"),
        "macros by type": (
            changed(honest, **{TYPES: types.replace("sheet.main", "sheet.macroEnabled.main")}),
            "macros",
        ),
        "old macros": (changed(honest, **{"xl/macrosheets/sheet1.xml": "<a/>"}), "macros"),
        "a program inside": (changed(honest, **{"xl/embeddings/oleObject1.bin": b"MZ"}), "macros"),
        "a link to another file": (changed(honest, **{"xl/externalLinks/externalLink1.xml": "<a/>"}), "links"),
        "a link that is only named": (
            changed(
                honest, **{"xl/_rels/workbook.xml.rels": rels.replace("</Relationships>", f"{link}</Relationships>")}
            ),
            "links",
        ),
        "a connection": (changed(honest, **{"xl/connections.xml": "<a/>"}), "links"),
        **{
            f"a formula that reaches out {number}": (workbook([("", words, "500", "1")]), "formulas")
            for number, words in enumerate(reaching)
        },
        "such a formula in a text": (text([("", reaching[1], "500", "1")]), "formulas"),
        "a locked archive": (encrypted(honest), "locked"),
        "a locked workbook": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "locked"),
        "a PDF by another name": (b"%PDF-1.4\n1 0 obj", "wrong_type"),
        "a picture": (b"\x89PNG\r\n\x1a\n" + bytes(50), "wrong_type"),
        "a page": (b"<html><table><tr><td>produit</td><td>prix</td></tr></table>", "wrong_type"),
        "a program": (b"MZ\x90\x00\x03" + bytes(range(256)), "wrong_type"),
        "another archive": (changed(honest, without=("xl/workbook.xml",)), "wrong_type"),
        "a path out of the archive": (changed(honest, **{"../../etc/cron.d/x": b"x"}), "broken"),
        "half a workbook": (honest[: len(honest) // 2], "broken"),
        "a sheet that is no XML": (changed(honest, **{SHEET: b"<worksheet><sheetData><row"}), "broken"),
        "no workbook inside": (changed(honest, **{"xl/workbook.xml": b"<x/>"}), "empty"),
        "nothing": (b"", "empty"),
        "blanks": (b" \r\n\r\n ", "empty"),
        "a header alone": (workbook([]), "empty"),
        "an empty sheet": (workbook([], ()), "empty"),
        "words that are no list": (b"bonjour\nvoici ma liste\nmerci\n", "no_header"),
        "too many bytes": (b"produit;prix\n" + b"riz;500\n" * 600_000, "too_large"),
        "too many lines": (workbook([("", f"riz {n}", 500, 1) for n in range(2001)]), "too_many_rows"),
        "too many lines of text": (text([("", f"riz {n}", 500, 1) for n in range(2001)]), "too_many_rows"),
        "a line at the end of the world": (changed(honest, **{SHEET: gap}), "too_many_rows"),
        "a cell at the end of the world": (changed(honest, **{SHEET: wide}), "too_many_columns"),
        "too many columns": (text([["x"] * 40], ["produit", "prix", *["x"] * 38]), "too_many_columns"),
        "two prices": (text([("riz", "500", "450")], ("produit", "prix détail", "prix gros")), "two_columns"),
        "two lists": (workbook(Boissons=[HEADER, LINES[1]]), "two_sheets"),
    }
