"""A vendor's line that is a movement or a count by its shape alone, whatever is said of it: `+3 zorgs`, `zorgs 12`."""

import re
from typing import Final

from bot.messages import Heard
from bot.understanding.stock_shapes import goods_named
from bot.understanding.typed_numbers import tokens_of

LIKELY: Final = 0.7  # confidence: a closed question gives way to it, and what it changes is shown before
_MOST: Final = 160  # characters
_GOODS: Final = r"(?P<goods>[^\W\d][^\d\n?!,;:]*)"
_COUNT: Final = r"(?P<count>\d{1,5})"
_MOVED: Final = (
    ("add_stock", re.compile(rf"\s*\+\s?{_COUNT}\s+{_GOODS}$", re.IGNORECASE)),
    ("remove_stock", re.compile(rf"\s*[-−]\s?{_COUNT}\s+{_GOODS}$", re.IGNORECASE)),
    ("remove_stock", re.compile(rf"\s*(?:j\W?\s?ai\s+)?(?:vendu|sold)e?s?\s+{_COUNT}\s+{_GOODS}$", re.IGNORECASE)),
    ("add_stock", re.compile(rf"\s*(?:j\W?\s?ai\s+)?(?:re[cç]u|received)e?s?\s+{_COUNT}\s+{_GOODS}$", re.IGNORECASE)),
)
_COUNTED: Final = re.compile(rf"\s*{_GOODS}\s{_COUNT}\s*$", re.IGNORECASE)


def read_bare_line(text: str, *, may_count: bool) -> tuple[Heard, ...]:
    """What came, went or lies there; `may_count`: words before a figure are a good as well. () for anything else."""
    if len(text) > _MOST:
        return ()
    for intent, shape in _MOVED:
        if found := shape.match(text):
            return _line(intent, found["goods"], found["count"])
    found = _COUNTED.match(text) if may_count else None
    if found and goods_named(found["goods"], tokens_of(found["goods"])) is not None:
        return _line("set_stock", found["goods"], found["count"])
    return ()


def _line(intent: str, goods: str, count: str) -> tuple[Heard, ...]:
    product = " ".join(goods.split()).strip(" .")
    return (Heard(intent, {"product": product, "quantity": int(count)}, LIKELY),) if product else ()
