"""The list of a workshop to print, for a day without network: number, name, code, a box, how it is typed in."""

from collections.abc import Sequence
from io import BytesIO
from typing import Final

import font_source_sans_pro
from fpdf import FPDF
from fpdf.enums import XPos, YPos
from fpdf.fonts import TTFFont

from bot import booking_page, event_words
from bot.receipt_drawing import FILES, FONT, GREEN, GREY, INK, PALE
from bot.rolls import Line
from bot.texts import FIRST, say
from events.programme import Workshop

MARGIN: Final = 14  # millimetres, as all below
ROW: Final = 12
BOX: Final = 5
PICTURE: Final = 10.5
COLUMNS: Final = (14, 82, 30, 24, 16, 16)  # number, name, code, hour, box, picture; an A4 page between its margins
MOST_PICTURES: Final = 300  # codes that can be scanned from the paper; behind them letters are enough
EMPTY: Final = 8  # lines without a name, for who comes unannounced


class Page(FPDF):
    """A4 in the market's colours; each page says which workshop it belongs to."""

    def __init__(self, workshop: Workshop) -> None:
        super().__init__(format="A4")
        self.workshop, self.pictures = workshop, 0
        for style, name in FILES.items():
            self.add_font(FONT, style, font_source_sans_pro.font_files_ttf[name])
        self.set_margins(MARGIN, MARGIN)
        self.set_auto_page_break(auto=True, margin=18)
        self.set_title(say(FIRST, "roll.title", {"number": workshop.number, "title": workshop.title}))
        self.set_author("Assigamé")
        self.set_lang(FIRST)
        self.set_creation_date(workshop.changed_at)

    def header(self) -> None:
        """The workshop, its hour and room, and the heads of the columns."""
        one = self.workshop
        self.ink(GREEN, 15, "B")
        title = say(FIRST, "roll.title", {"number": one.number, "title": one.title})
        self.multi_cell(0, 7, self.shown(title), new_x=XPos.LMARGIN, new_y=YPos.NEXT)
        self.ink(GREY, 10)
        told = f"{event_words.when(FIRST, one.starts_at, one.ends_at)} · {one.room or one.place}"
        self.multi_cell(0, 6, self.shown(told), new_x=XPos.LMARGIN, new_y=YPos.NEXT)
        self.ln(2)
        self.set_fill_color(*PALE)
        self.ink(GREY, 9)
        for width, head in zip(COLUMNS, ("number", "name", "code", "hour", "there", "picture"), strict=True):
            self.cell(width, 6, say(FIRST, f"roll.head.{head}", {}), fill=True)
        self.ln(8)

    def footer(self) -> None:
        """How it is typed in later, and which page."""
        self.set_y(-15)
        self.ink(GREY, 8)
        told = say(FIRST, "roll.typed", {"number": self.workshop.number})
        self.cell(0, 4, told, align="C", new_x=XPos.LMARGIN, new_y=YPos.NEXT)
        self.cell(0, 4, say(FIRST, "receipt.page", {"page": self.page_no()}), align="C")

    def ink(self, colour: tuple[int, int, int], size: float, style: str = "") -> None:
        """Colour, size in points and weight of what is written next."""
        self.set_text_color(*colour)
        self.set_font(FONT, style, size)

    def shown(self, text: str) -> str:
        """Words of people, without the signs that the font has no glyph for."""
        font = self.fonts[FONT.lower()]
        return "".join(sign for sign in text if not isinstance(font, TTFFont) or ord(sign) in font.cmap)

    def row(self, number: str, name: str, code: str, hour: str) -> None:
        """One person: a line below, a box to tick."""
        if self.get_y() + ROW > self.page_break_trigger:
            self.add_page()
        top = self.get_y()
        self.ink(INK, 11)
        for width, cell in zip(COLUMNS, (number, self.fitting(name, COLUMNS[1]), code, hour), strict=False):
            self.cell(width, ROW - 1, cell)
        self.set_draw_color(*GREY)
        self.rect(MARGIN + sum(COLUMNS[:4]), top + 3, BOX, BOX)
        if code and self.pictures < MOST_PICTURES:
            self.pictures += 1
            picture = BytesIO(booking_page.draw(code, scale=3, border=2))
            self.image(picture, MARGIN + sum(COLUMNS[:5]), top + 0.5, PICTURE, PICTURE)
        self.line(MARGIN, top + ROW - 0.5, MARGIN + sum(COLUMNS), top + ROW - 0.5)
        self.set_xy(MARGIN, top + ROW)

    def fitting(self, name: str, width: float) -> str:
        """A name cut to its column."""
        told = self.shown(name)
        while told and self.get_string_width(told) > width - 2:
            told = told[:-1]
        return told

    def heading(self, key: str) -> None:
        """What stands above those who wait."""
        self.ln(2)
        self.ink(GREEN, 11, "B")
        self.cell(0, ROW, say(FIRST, key, {}), new_x=XPos.LMARGIN, new_y=YPos.NEXT)


def draw(workshop: Workshop, lines: Sequence[Line]) -> bytes:
    """The list as PDF: those with a place by name, those who wait in their order, and empty lines."""
    page = Page(workshop)
    page.add_page()
    placed = [line for line in lines if line.state != "waiting"]
    waiting = [line for line in lines if line.state == "waiting"]
    for line in placed:
        _line(page, line)
    if waiting:
        page.heading("roll.waiting")
    for line in waiting:
        _line(page, line)
    page.heading("roll.others")
    for _ in range(EMPTY):
        page.row("", "", "", "")
    return bytes(page.output())


def _line(page: Page, line: Line) -> None:
    hour = event_words.hour(line.checked_in_at) if line.checked_in_at else ""
    page.row(str(line.line), line.name or say(FIRST, "roll.nameless", {}), line.code, hour)
