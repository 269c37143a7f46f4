"""A receipt as a page to keep: A5, the market's name above, lines and sums in columns, what the law says below."""

from collections.abc import Sequence
from typing import Final

import font_source_sans_pro
from fpdf import FPDF
from fpdf.enums import XPos, YPos
from fpdf.fonts import TTFFont

from base.money import format_amount, format_short
from bot.receipts import Receipt, ReceiptPart
from bot.texts import say

FONT: Final = "Source Sans Pro"  # has every letter of French, Ewe and Kabiyè; only the glyphs that are used are kept
FILES: Final = {"": "SourceSansPro", "B": "SourceSansProSemibold"}
GREEN, INK, GREY, PALE = (14, 92, 68), (28, 34, 32), (104, 114, 110), (236, 243, 240)
A5: Final = (148, 210)  # millimetres
MARGIN: Final = 12
COLUMNS: Final = (66, 12, 22, 24)  # name, quantity, price, amount; together the page between its margins


class Page(FPDF):
    """A5 in the market's colours; each page says which order it belongs to."""

    def __init__(self, receipt: Receipt) -> None:
        super().__init__(format=A5)
        self.receipt = receipt
        for style, name in FILES.items():
            self.add_font(FONT, style, font_source_sans_pro.font_files_ttf[name])
        self.set_margins(MARGIN, MARGIN)
        self.set_auto_page_break(auto=True, margin=16)
        self.set_title(self.words("receipt.title", code=receipt.code))
        self.set_author("Assigamé")
        self.set_lang(receipt.language)
        self.set_creation_date(receipt.placed_at)

    def words(self, key: str, **values: object) -> str:
        """A text in the receipt's language."""
        return say(self.receipt.language, key, values)

    def header(self) -> None:
        """The market's name, and the order's number and date."""
        self.set_fill_color(*GREEN)
        self.rect(0, 0, self.w, 22, style="F")
        self.set_xy(MARGIN, 6)
        self.ink((255, 255, 255), 20, "B")
        self.cell(60, 10, "Assigamé")
        self.ink((255, 255, 255), 10)
        self.set_xy(self.w - MARGIN - 70, 6)
        title = self.words("receipt.title", code=self.receipt.code)
        self.cell(70, 5, title, align="R", new_x=XPos.LEFT, new_y=YPos.NEXT)
        self.cell(70, 5, self.words("receipt.date", at=self.receipt.placed_at), align="R")
        self.set_xy(MARGIN, 27)

    def footer(self) -> None:
        """Which page of how many."""
        self.set_y(-11)
        self.ink(GREY, 8)
        self.cell(0, 5, self.words("receipt.page", page=self.page_no()), align="C")

    def ink(self, colour: tuple[int, int, int], size: float, style: str = "") -> None:
        """Colour, size in points and weight of what is written next."""
        self.set_text_color(*colour)
        self.set_font(FONT, style, size)

    def labelled(self, key: str, told: str) -> None:
        """A label and what it is about, below each other where they are long."""
        self.ink(GREY, 8)
        self.cell(10, 5, self.words(key))
        self.ink(INK, 10)
        self.multi_cell(0, 5, self.shown(told), align="L", new_x=XPos.LMARGIN, new_y=YPos.NEXT)

    def sentence(self, told: str) -> None:
        """A line of its own."""
        self.ink(INK, 10)
        self.multi_cell(0, 5, self.shown(told), align="L", new_x=XPos.LMARGIN, new_y=YPos.NEXT)

    def shown(self, text: str) -> str:
        """Words of people, without the signs (emoji) that the font has no glyph for."""
        font = self.fonts[FONT.lower()]
        return "".join(sign for sign in text if not isinstance(font, TTFFont) or ord(sign) in font.cmap)

    def row(self, cells: Sequence[str], style: str = "") -> None:
        """One line of the table; a long name goes on below itself."""
        self.ink(INK, 9.5, style)
        top, name = self.get_y(), self.shown(cells[0])
        if top + 3 * 5 > self.page_break_trigger:  # a name takes three lines at most
            self.add_page()
            top = self.get_y()
        self.multi_cell(COLUMNS[0], 5, name, align="L", new_x=XPos.RIGHT, new_y=YPos.NEXT)
        bottom = self.get_y()
        self.set_xy(MARGIN + COLUMNS[0], top)
        for width, cell in zip(COLUMNS[1:], cells[1:], strict=True):
            self.cell(width, 5, cell, align="R")
        self.set_xy(MARGIN, bottom)


def draw(receipt: Receipt) -> bytes:
    """The page as PDF: equal bytes for an equal receipt, at most some 50 KB."""
    page = Page(receipt)
    page.add_page()
    page.labelled("receipt.buyer", receipt.buyer)
    page.sentence(receipt.to)
    page.ln(3)
    _heads(page)
    for part in receipt.parts:
        _part(page, part)
    _total(page)
    page.sentence(receipt.payment)
    page.ln(2)
    page.ink(GREY, 8.5)
    if receipt.withdrawal:
        page.multi_cell(0, 4.2, receipt.withdrawal, align="L", new_x=XPos.LMARGIN, new_y=YPos.NEXT)
    page.multi_cell(
        0, 4.2, page.words("receipt.keep", code=receipt.code), align="L", new_x=XPos.LMARGIN, new_y=YPos.NEXT
    )
    return bytes(page.output())


def _heads(page: Page) -> None:
    page.set_fill_color(*PALE)
    page.ink(GREY, 8)
    for width, head, side in zip(COLUMNS, ("goods", "quantity", "price", "amount"), "LRRR", strict=True):
        page.cell(width, 6, page.words(f"receipt.head.{head}"), align=side, fill=True)
    page.ln(8)


def _part(page: Page, part: ReceiptPart) -> None:
    page.ink(GREEN, 10, "B")
    page.multi_cell(0, 5, page.shown(part.seller), new_x=XPos.LMARGIN, new_y=YPos.NEXT)
    page.ink(GREY, 8)
    told = f"{part.where} · {part.state}"
    page.multi_cell(0, 4, page.shown(told), new_x=XPos.LMARGIN, new_y=YPos.NEXT)
    for line in part.lines:
        name = f"{line.name} ({line.unit})"
        price = format_short(line.price) if line.is_by_unit else page.words("receipt.lot")
        page.row((name, str(line.quantity), price, format_short(line.amount)))
    page.row((part.comes, "", "", part.fee))
    page.ln(3)


def _total(page: Page) -> None:
    page.set_draw_color(*GREEN)
    page.line(MARGIN, page.get_y(), page.w - MARGIN, page.get_y())
    page.ln(2)
    page.ink(GREEN, 13, "B")
    page.cell(60, 8, page.words("receipt.total"))
    page.cell(0, 8, format_amount(page.receipt.total), align="R", new_x=XPos.LMARGIN, new_y=YPos.NEXT)
    page.ln(2)
