"""The card of a product, 1200 × 630 pixels, as chats and pages show a link: its photo, its name, its price."""

from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from typing import Final

import font_source_sans_pro
from PIL import Image, ImageDraw, ImageFont, ImageOps

from base.money import format_amount
from catalog.errors import NotAPicture
from catalog.photos import Jpeg, encode, opened

SIZE: Final = (1200, 630)  # pixels: what link previews are cut to
PICTURE: Final = 630  # the photo's square, on the left
MARGIN: Final = 54
WIDTH: Final = SIZE[0] - PICTURE - 2 * MARGIN  # of the words
QUALITY: Final = 84
GREEN, INK, GREY, PAPER, PALE = (14, 92, 68), (28, 34, 32), (104, 114, 110), (255, 255, 255), (236, 243, 240)
NAME_SIZES: Final = (64, 56, 48, 40)
MOST_LINES: Final = 4
DRAWN: Final = "1"  # of this drawing: another one makes other cards


@dataclass(frozen=True)
class Card:
    """What stands on a card; `price` in F CFA, `unit` as it is sold ('' says none)."""

    name: str
    price: int
    unit: str
    shop: str
    photo_hash: str

    @property
    def key(self) -> str:
        """What its file is called: another name, price or photo is another card."""
        told = "\0".join((DRAWN, self.name, str(self.price), self.unit, self.shop, self.photo_hash))
        return f"card-{sha256(told.encode()).hexdigest()[:40]}.jpg"


def draw(card: Card, photo: bytes | None) -> Jpeg:
    """The card's picture; without a photo that can be read a plain one with the first letter."""
    picture = Image.new("RGB", SIZE, PAPER)
    picture.paste(_photo(photo) or _letter(card.name), (0, 0))
    pencil = ImageDraw.Draw(picture)
    pencil.rectangle((PICTURE, 0, SIZE[0], 12), fill=GREEN)
    left = PICTURE + MARGIN
    font, lines = _fitted(card.name)
    top = 72
    for line in lines:
        pencil.text((left, top), line, INK, font)
        top += int(font.size * 1.18)
    top += 22
    price, price_font = format_amount(card.price), _font(60, bold=True)
    price_font = price_font if price_font.getlength(price) <= WIDTH else _font(44, bold=True)
    pencil.text((left, top), price, GREEN, price_font)
    if card.unit:
        pencil.text((left, top + int(price_font.size * 1.25)), f"/ {card.unit}", GREY, _font(32))
    pencil.line((left, 510, SIZE[0] - MARGIN, 510), PALE, 3)
    pencil.text((left, 528), _cut(card.shop, _font(32)), GREY, _font(32))
    pencil.text((left, 568), "Assigamé", GREEN, _font(28, bold=True))
    return encode(picture, QUALITY)


def _photo(content: bytes | None) -> Image.Image | None:
    if content is None:
        return None
    try:
        return ImageOps.fit(opened(content), (PICTURE, PICTURE), Image.Resampling.LANCZOS)
    except NotAPicture:
        return None


def _letter(name: str) -> Image.Image:
    ground = Image.new("RGB", (PICTURE, PICTURE), PALE)
    font = _font(300, bold=True)
    first = next((sign for sign in _shown(name) if sign.isalnum()), "A").upper()
    ImageDraw.Draw(ground).text((PICTURE / 2, PICTURE / 2), first, GREEN, font, anchor="mm")
    return ground


def _fitted(name: str) -> tuple[ImageFont.FreeTypeFont, list[str]]:
    """The largest letters in which a name stands in its lines; what is longer still ends in an ellipsis."""
    for size in NAME_SIZES:
        font = _font(size, bold=True)
        lines = _lines(_shown(name), font)
        if len(lines) <= MOST_LINES and len(lines) * size * 1.18 <= 300:
            return font, lines
    kept = lines[:MOST_LINES]
    return font, [*kept[:-1], _cut(f"{kept[-1]} …", font)]


def _lines(text: str, font: ImageFont.FreeTypeFont) -> list[str]:
    lines: list[str] = []
    for word in text.split():
        joined = f"{lines[-1]} {word}" if lines else word
        if lines and font.getlength(joined) <= WIDTH:
            lines[-1] = joined
        else:
            lines.append(_cut(word, font))
    return lines or [""]


def _cut(text: str, font: ImageFont.FreeTypeFont) -> str:
    text = _shown(text)
    if font.getlength(text) <= WIDTH:
        return text
    while text and font.getlength(f"{text}…") > WIDTH:
        text = text[:-1]
    return f"{text.rstrip()}…"


def _shown(text: str) -> str:
    """Words without the signs that the letters lack, such as emoji."""
    return " ".join("".join(sign for sign in text if ord(sign) < 0x2000 or sign in "…’–—").split())


@cache
def _font(size: int, *, bold: bool = False) -> ImageFont.FreeTypeFont:
    name = "SourceSansProSemibold" if bold else "SourceSansPro"
    return ImageFont.truetype(font_source_sans_pro.font_files_ttf[name], size)
