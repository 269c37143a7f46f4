"""Plain drawn pictures of products: the same kind and tint always give the same bytes."""

from collections.abc import Callable, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Final

import yaml
from PIL import Image, ImageDraw, ImageFilter

from catalog.photos import Jpeg, encode

SIDE: Final = 800  # pixels
_FINE: Final = 2  # drawn larger, then shrunk: smooth edges
_GRID: Final = 100
_QUALITY: Final = 80

Colour = tuple[int, int, int]
Ink = Colour | int  # a grey, where only light and dark are drawn
Pen = Callable[[ImageDraw.ImageDraw, Ink, Sequence[float]], None]

TINTS: Final[Mapping[str, Colour]] = {
    "blue": (52, 108, 176),
    "brown": (124, 82, 52),
    "cream": (232, 210, 164),
    "gold": (226, 170, 54),
    "green": (92, 142, 72),
    "grey": (120, 126, 134),
    "pink": (218, 122, 146),
    "purple": (124, 78, 142),
    "red": (196, 62, 52),
    "rust": (178, 98, 56),
    "sand": (206, 176, 122),
    "teal": (38, 140, 142),
    "white": (238, 236, 230),
}
_FIXED: Final[Mapping[str, Colour]] = {
    **TINTS,
    "ink": (44, 46, 54),
    "leaf": (84, 140, 70),
    "metal": (186, 192, 198),
}
_SHADOW: Final[Colour] = (60, 40, 20)
_DARKNESS: Final = 76  # of 255, in the middle of a shadow
_WHITE: Final[Colour] = (255, 255, 255)
_BLACK: Final[Colour] = (0, 0, 0)


@cache
def looks() -> Mapping[str, Sequence[str]]:
    """The kinds of product that can be drawn, each with its shapes from back to front."""
    found: dict[str, list[str]] = yaml.safe_load((Path(__file__).parent / "looks.yaml").read_text("utf-8"))
    return found


@cache
def draw(look: str, tint: str) -> Jpeg:
    """A picture of 800 × 800 pixels, at most 40 KB. Raises KeyError for a kind or tint that is not known."""
    shades = _shades(TINTS[tint])
    ground = _background(shades)
    ground.paste(_SHADOW, (0, 0), _shadow(looks()[look], shades))
    picture = ground.resize((SIDE * _FINE, SIDE * _FINE), Image.Resampling.NEAREST)  # reduced, it is the same again
    _draw_shapes(picture, looks()[look], shades)
    return encode(picture.reduce(_FINE), _QUALITY)


def _shades(tint: Colour) -> dict[str, Colour]:
    return {
        **_FIXED,
        "main": tint,
        "dark": _mixed(tint, _BLACK, 0.18),
        "deep": _mixed(tint, _BLACK, 0.45),
        "light": _mixed(tint, _WHITE, 0.32),
        "pale": _mixed(tint, _WHITE, 0.7),
    }


def _mixed(colour: Colour, other: Colour, share: float) -> Colour:
    red, green, blue = (round(a * (1 - share) + b * share) for a, b in zip(colour, other, strict=True))
    return red, green, blue


def _background(shades: Mapping[str, Colour]) -> Image.Image:
    middle, rim = _mixed(shades["main"], _WHITE, 0.93), _mixed(shades["main"], (246, 234, 214), 0.72)
    return Image.composite(Image.new("RGB", (SIDE, SIDE), rim), Image.new("RGB", (SIDE, SIDE), middle), _rays())


@cache
def _rays() -> Image.Image:
    return Image.radial_gradient("L").resize((SIDE, SIDE))


def _shadow(shapes: Sequence[str], shades: Mapping[str, Ink]) -> Image.Image:
    """How dark the ground is where the things keep the light away, down and to the right of them."""
    things = Image.new("L", (SIDE * _FINE, SIDE * _FINE))
    _draw_shapes(things, shapes, dict.fromkeys(shades, _DARKNESS))
    mask = things.reduce(_FINE * 4)
    fallen = Image.new("L", mask.size)
    fallen.paste(mask, (mask.width // 66, mask.height // 40))
    return fallen.filter(ImageFilter.GaussianBlur(mask.width / 64)).resize((SIDE, SIDE))


def _draw_shapes(picture: Image.Image, shapes: Sequence[str], shades: Mapping[str, Ink]) -> None:
    pencil = ImageDraw.Draw(picture)
    for shape in shapes:
        _draw_shape(pencil, shape, shades)


def _draw_shape(pencil: ImageDraw.ImageDraw, shape: str, shades: Mapping[str, Ink]) -> None:
    name, *words = shape.split()
    shade = next(word for word in words if word in shades)
    numbers = [float(word) * _scale() for word in words if word not in shades]
    _PENS[name](pencil, shades[shade], numbers)


def _scale() -> float:
    return SIDE * _FINE / _GRID


def _oval(pencil: ImageDraw.ImageDraw, ink: Ink, numbers: Sequence[float]) -> None:
    pencil.ellipse(list(numbers), fill=ink)


def _box(pencil: ImageDraw.ImageDraw, ink: Ink, numbers: Sequence[float]) -> None:
    *corners, radius = numbers
    pencil.rounded_rectangle(corners, radius=radius, fill=ink)


def _poly(pencil: ImageDraw.ImageDraw, ink: Ink, numbers: Sequence[float]) -> None:
    pencil.polygon(list(numbers), fill=ink)


def _line(pencil: ImageDraw.ImageDraw, ink: Ink, numbers: Sequence[float]) -> None:
    width, *points = numbers
    pencil.line(points, fill=ink, width=round(width), joint="curve")
    for x, y in zip(points[::2], points[1::2], strict=True):  # round ends
        pencil.ellipse([x - width / 2, y - width / 2, x + width / 2, y + width / 2], fill=ink)


def _arc(pencil: ImageDraw.ImageDraw, ink: Ink, numbers: Sequence[float]) -> None:
    width, *frame = numbers[:5]
    begin, end = (number / _scale() for number in numbers[5:])
    pencil.arc(frame, begin, end, fill=ink, width=round(width))


_PENS: Final[Mapping[str, Pen]] = {"oval": _oval, "box": _box, "poly": _poly, "line": _line, "arc": _arc}
