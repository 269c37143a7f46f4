"""Honest lists: in any encoding, with any sign between cells, by any words above the columns."""

import pytest

from base.sheets.cells import is_formula
from base.sheets.refusals import SheetRefused
from catalog.sheets.columns import columns_of, field_of
from catalog.sheets.reading import read_count, read_sheet
from tests.catalog.sheets.workshop import HEADER, LINES, text, workbook

FOUND = [
    (2, "", "Riz parfumé 25 kg", 17_500, 12, "sac", "Céréales", ()),
    (3, "gari", "Gari fin; très fin", 1_100, 1_500, "bol", "Céréales", ()),
    (4, "", "Huile à l'ancienne", 18_000, 0, "bidon", "Épicerie", ()),
]
ENCODINGS = ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "latin-1", "cp1252"]
SIGNS = [",", ";", "\t", "|", ":", "^", "~"]


def told(content):
    lines = read_sheet(content).lines
    return [
        (one.number, one.code, one.name, one.price, one.quantity, one.unit, one.category, one.faults) for one in lines
    ]


@pytest.mark.parametrize("sign", SIGNS)
@pytest.mark.parametrize("encoding", ENCODINGS)
def test_a_text_is_read_in_every_encoding_with_every_sign(encoding, sign):
    assert told(text(encoding=encoding, sign=sign)) == FOUND


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_a_text_is_read_with_every_end_of_line(end):
    assert told(text(end=end)) == FOUND


def test_a_workbook_is_read_as_the_same_text_is():
    assert told(workbook()) == FOUND


def test_numbers_of_a_workbook_are_numbers():
    assert told(workbook([("", "Riz", 17500, 3.0, "sac", "Céréales"), ("", "Mil", 900.5, 2.5, "sac", "Céréales")])) == [
        (2, "", "Riz", 17_500, 3, "sac", "Céréales", ()),
        (3, "", "Mil", None, None, "sac", "Céréales", ("price_unread", "quantity_unread")),
    ]


def test_excel_may_name_the_sign_in_a_line_of_its_own():
    assert told(b"sep=;\r\n" + text(sign=";")) == [(number + 1, *rest) for number, *rest in FOUND]


def test_a_cell_in_quotes_may_go_over_several_lines():
    content = 'produit;prix\r\n"Riz\r\nparfumé";500\r\nMil;600\r\n'.encode()
    assert [(one.number, one.name) for one in read_sheet(content).lines] == [(2, "Riz parfumé"), (4, "Mil")]


def test_the_header_may_stand_below_a_title_and_the_first_sheet_may_be_empty():
    book = workbook([], (), Prix=[("Boutique Yawa", "", ""), (), ("Prix", "Produit", "Stock"), (500, "Riz", 3)])
    assert [(one.number, one.name, one.price, one.quantity) for one in read_sheet(book).lines] == [(4, "Riz", 500, 3)]


@pytest.mark.parametrize(
    "words, field",
    [
        *(("Produit", "name"), ("ARTICLES", "name"), ("designation", "name"), ("Désignation de l'article", "name")),
        *(("Nom du produit", "name"), ("item", "name"), ("désigantion", "name"), ("Produis", "name")),
        *(("Prix", "price"), ("Prix unitaire (F CFA)", "price"), ("P.U.", "price"), ("Tarif", "price")),
        *(("Unit price", "price"), ("PRIX DE VENTE", "price"), ("Prix produit", "price")),
        *(("Qté", "quantity"), ("quantite", "quantity"), ("Stock", "quantity"), ("Qty available", "quantity")),
        *(("Quantitée", "quantity"), ("Unité", "unit"), ("unité de vente", "unit"), ("Unit", "unit")),
        *(("Catégorie", "category"), ("Rayon", "category"), ("Category", "category"), ("Code article", "code")),
        *(("Réf.", "code"), ("SKU", "code"), ("Description", "description"), ("Détails", "description")),
        *(
            ("Prix de gros", "steps"),
            ("Prix à partir de 10", "steps"),
            ("à partir de 10", "steps"),
            ("Wholesale price", "steps"),
            ("Prix dégressifs", "steps"),
            ("à partir de", "least"),
            ("Quantité de gros", "least"),
            ("Boutique", "shop"),
            ("Prix d'achat", None),
            ("Montant total", None),
            ("Statut", None),
            ("Fournisseur", None),
        ),
    ],
)
def test_a_column_is_known_by_its_words(words, field):
    assert field_of(words) == field


def test_a_header_names_goods_and_their_price_or_number():
    assert columns_of(("Stock", "x", "Nom")) == {"quantity": 0, "name": 2}
    assert columns_of(("Article", "Désignation", "Prix")) == {"name": 1, "price": 2}
    assert columns_of(("Nom", "Téléphone")) == {}
    assert columns_of(("Riz parfumé", "500")) == {}
    assert columns_of(("Produit", "Prix gros")) == {"name": 0, "price": 1}
    assert columns_of(("Produit", "Prix détail", "Prix gros")) == {"name": 0, "price": 1, "steps": 2}
    with pytest.raises(SheetRefused, match="two_columns"):
        columns_of(("Produit", "Prix A", "Prix B"))
    with pytest.raises(SheetRefused, match="two_columns"):
        columns_of(("Produit", "Prix", "Prix dès 10", "Prix à partir de 50"))


@pytest.mark.parametrize(
    "line, faults",
    [
        (("", "Riz", "cher", "2"), ("price_unread",)),
        (("", "Riz", "500", "beaucoup"), ("quantity_unread",)),
        (("", "Riz", "0", "2"), ("price_nothing",)),
        (("", "Riz", "900000000", "2"), ("price_huge",)),
        (("", "Riz", "500", "123456"), ("quantity_huge",)),
        (("", "", "500", "2"), ("nameless",)),
        (("", "R", "500", "2"), ("name_short",)),
        (("", "!!", "500", "2"), ("name_short",)),
        (("", "R" * 121, "500", "2"), ("name_long",)),
        (("", "Riz", "-500", "+5"), ("price_signed", "quantity_signed")),
        (("", "Riz", "=B2*2", "2"), ("formula",)),
        (("", "=A1", "500", "2"), ("formula",)),
        (("", "Riz", "-", "–"), ()),
        (("", "'=Riz", "500", "2"), ()),
        (("", "Riz", "3 pour 1000", "2"), ("price_unread",)),
    ],
)
@pytest.mark.parametrize("form", [workbook, text])
def test_what_is_wrong_with_a_line_is_said(form, line, faults):
    (found,) = read_sheet(form([line])).lines
    assert found.faults == faults


def test_blank_lines_and_totals_are_no_goods():
    lines = [
        ("", "Riz", "500", "2"),
        (),
        ("", "TOTAL", "=SUM(C2:C3)", ""),
        ("", "", "", "", "bol"),
        ("", "Mil", "600", ""),
    ]
    assert [(one.number, one.name) for one in read_sheet(workbook(lines)).lines] == [(2, "Riz"), (6, "Mil")]


def test_the_sheet_that_is_a_list_is_read_wherever_it_stands():
    sheet = read_sheet(workbook([("à lire",)], ("Maman Yawa",), Liste=[HEADER, LINES[0]], Notes=[("rien", "ici")]))
    assert [line.name for line in sheet.lines] == ["Riz parfumé 25 kg"]


def test_a_number_that_a_comma_has_cut_is_no_two_numbers():
    sheet = read_sheet(b"Produit,Prix,Stock\nriz,6,500,20\nmil,600,20\n")
    assert [line.faults for line in sheet.lines] == [("cells_more",), ()]


def test_prices_are_read_in_every_form_beside_decimal_commas():
    prices = ["6 500", "6,5k", "6500,00", "6.500", "6 500 F CFA", "6mil500", "6500.0"]
    content = "Produit;Prix;Stock\n" + "".join(f"riz {n};{price};2\n" for n, price in enumerate(prices))
    assert [line.price for line in read_sheet(content.encode("cp1252", "ignore")).lines] == [6500] * len(prices)


def test_the_cells_are_kept_as_they_came():
    sheet = read_sheet(text())
    assert (sheet.header, sheet.lines[1].cells) == (HEADER, LINES[1])


@pytest.mark.parametrize(
    "raw, count",
    [("12", 12), ("1 500", 1500), ("12,0", 12), ("12 sacs", 12), ("1 500 bols", 1500), ("Rupture", 0), ("0", 0)],
)
def test_a_count_is_read_as_people_write_it(raw, count):
    assert read_count(raw) == count


@pytest.mark.parametrize("cell", ["=A1", " +5", "-3", "@x", "＝1", "\t=1"])
def test_what_a_program_would_compute_is_a_formula(cell):
    assert is_formula(cell)


OF_MANY = ("Produit", "Prix", "Prix de gros")


def steps_of(header, *lines):
    """(steps, whether they are all, faults) of each line."""
    return [(one.steps, one.are_all_steps, one.faults) for one in read_sheet(text(lines, header, sign="\t")).lines]


@pytest.mark.parametrize(
    ("cell", "steps"),
    [
        ("dès 10 : 450 ; dès 50 : 400", ((10, 450), (50, 400))),
        ("50 : 400 ; 10 : 450", ((10, 450), (50, 400))),
        ("à partir de 10 = 4 500 F", ((10, 4500),)),
        ("10 pièces et plus : 450, 50 pièces : 400", ((10, 450), (50, 400))),
        ("from 10: 450 | from 50: 400", ((10, 450), (50, 400))),
        ("aucun", ()),
        ("0", ()),
    ],
)
def test_a_cell_tells_all_prices_for_many(cell, steps):
    assert steps_of(OF_MANY, ("Riz", "500", cell)) == [(steps, True, ())]


@pytest.mark.parametrize(
    "cell", ["450", "dès 1 : 450", "dès 10 : 0", "10 : 450 ; 10 : 400", "dès 10 : cher", "10 : 450 ; 400", "x" * 300]
)
def test_a_cell_that_tells_no_prices_for_many_is_at_fault(cell):
    lines = [("Mil", "500", "dès 10 : 450"), ("Riz", "500", cell), ("Soja", "500", "")]
    assert steps_of(OF_MANY, *lines)[1:] == [(None, True, ("steps_unread",)), (None, True, ())]


def test_a_column_of_one_number_of_units_tells_that_price_alone():
    header = ("Produit", "Prix", "Prix dès 10")
    lines = [("Riz", "500", "450"), ("Mil", "500", "aucun"), ("Soja", "500", ""), ("Fonio", "500", "cher")]
    assert steps_of(header, *lines) == [
        (((10, 450),), False, ()),
        (((10, 0),), False, ()),
        (None, True, ()),
        (None, True, ("steps_unread",)),
    ]


def test_the_number_of_units_may_stand_in_a_column_of_its_own():
    header = ("Produit", "Prix", "à partir de", "Prix de gros")
    assert steps_of(header, ("Riz", "500", "10", "450"), ("Mil", "500", "", "dès 5 : 400")) == [
        (((10, 450),), False, ()),
        (((5, 400),), True, ()),
    ]
