"""What we write: opens everywhere, computes nothing, comes back as it went."""

from io import BytesIO

import pytest
from openpyxl import load_workbook

from base.sheets.writing import safe, write
from catalog.sheets.reading import read_sheet
from tests.catalog.sheets.office import as_csv

HEADER = ("code", "produit", "prix", "quantité")
BAD = ["=1+1", "+Savon", "-5", "@SUM(1)", " =1", "\t=1", "\r=1", "＝1", "=cmd|' /C calc'!A0"]


@pytest.mark.parametrize("words", BAD)
def test_no_words_become_a_formula(words):
    book = load_workbook(BytesIO(write("Liste", HEADER, [("x", words, 500, 2)])))
    cell = book.active["B2"]
    assert (cell.data_type, cell.value) == ("s", f"'{words}".replace("\r", "\n"))
    assert [cell.data_type for row in book.active.iter_rows() for cell in row].count("f") == 0


def test_what_is_safe_stays_as_it_is():
    assert [safe(words) for words in ("Riz", "Jus d'orange", "5-6", "a=b", "")] == [
        "Riz",
        "Jus d'orange",
        "5-6",
        "a=b",
        "",
    ]
    assert safe("riz\x00\x0b\ud800") == "riz"
    assert safe("riz\r\nsavon\rsucre") == "riz\nsavon\nsucre"


def test_what_we_write_is_read_as_it_was():
    lines = [("riz", "Riz parfumé", 17_500, 3), ("plus", "+Savon", 250, 0), ("egal", "=Tout", 300, 7)]
    found = read_sheet(write("Liste", HEADER, lines)).lines
    assert [(one.code, one.name, one.price, one.quantity, one.faults) for one in found] == [
        (*line, ()) for line in lines
    ]


def test_numbers_stay_numbers_and_the_header_stays_in_sight():
    sheet = load_workbook(BytesIO(write("Liste", HEADER, [("riz", "Riz", 17_500, None)]))).active
    assert [cell.value for cell in sheet[2]] == ["riz", "Riz", 17_500, None]
    assert sheet.freeze_panes == "A2"


@pytest.mark.soak
def test_libreoffice_opens_what_we_write(tmp_path):
    told = as_csv(tmp_path, write("Liste", HEADER, [("riz", "Riz parfumé", 17_500, 3), ("f", "=1+1", 5, 1)]))
    assert told == ["code,produit,prix,quantité", "riz,Riz parfumé,17500,3", "f,'=1+1,5,1"]
