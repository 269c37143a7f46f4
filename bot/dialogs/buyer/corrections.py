"""What is said of an open list: `non 3 bols de maïs`, `enlève le gari`, `mets 4 au lieu de 2`."""

import re
from collections.abc import Mapping, Sequence
from typing import Any, Final, Literal, TypedDict

from base.spelling import normalise
from bot.dialogs.buyer import choosing
from bot.dialogs.buyer.browsing import is_sold_by
from bot.dialogs.buyer.wishes import Line, Wish, find_lines, known_products, open_lines, units, wishes
from bot.messages import Incoming
from bot.turn import Turn
from bot.understanding import understand
from catalog.products import Product
from orders.offered import MOST_LINES

OPENING: Final = re.compile(r"\W*(?:non|no|plut[oô]t|r?ajoute[zr]?|add|encore|aussi)\b\W*", re.IGNORECASE)
"""What may stand before a correction and says nothing of it: `non 3 bols de maïs`."""


class Correction(TypedDict, total=False):
    """What was said of the open list: other wishes, words of a line to take out, or another quantity."""

    wishes: list[Wish]
    without: str
    quantity: int
    instead_of: int


def read_correction(said: Incoming) -> Correction | None:
    """`non 3 bols de maïs`, `enlève le gari`, `mets 4 au lieu de 2` of an open list; None for anything else."""
    text = _without_opening(said.text)
    heard = understand("buyer", text) if text else ()
    if len(heard) != 1:
        return None
    intent, slots = heard[0].intent, heard[0].slots
    if intent == "remove_item" and slots.get("product"):
        return {"without": str(slots["product"])}
    if intent == "change_quantity" and units(slots.get("quantity")):
        return {"quantity": units(slots["quantity"]), "instead_of": instead_of(text)} | _of(slots)
    found = wishes(slots) if intent == "order" else []
    return {"wishes": found} if found else None


def _of(slots: Mapping[str, Any]) -> Correction:
    return {"wishes": wishes(slots)} if slots.get("product") else {}


def _without_opening(text: str) -> str:
    """A correction without the words before it that only say that it is one."""
    opening = OPENING.match(text)
    while opening and opening.end() < len(text):
        text = text[opening.end() :]
        opening = OPENING.match(text)
    return text


def instead_of(text: str) -> int:
    """The quantity that another takes the place of: 2 in `mets 4 au lieu de 2`; 0 when none is said."""
    _, _, behind = normalise(text).partition("au lieu de ")
    return units(next((word for word in behind.split() if word.isdecimal()), 0))


def correct(turn: Turn, correction: Correction) -> Literal["corrected", "unclear"]:
    """Change the open list as it was said; what names no line of it is another line.

    unclear: no line, or several, can be meant.
    """
    lines, known = open_lines(turn), known_products(turn)
    if "without" in correction:
        gone = _named(lines, correction["without"], known)
        turn.memory["list"] = [line for line in lines if line is not gone]
        return "corrected" if gone else "unclear"
    if "quantity" in correction and not correction.get("wishes"):
        line = _meant(lines, correction["instead_of"])
        if line:
            line["quantity"], line["is_sure"] = correction["quantity"], True
        return "corrected" if line else "unclear"
    _reword(turn, lines, correction["wishes"], known)
    return "corrected"


def _meant(lines: Sequence[Line], instead: int) -> Line | None:
    """The only line with that quantity, or the only line."""
    found = [line for line in lines if line["quantity"] == instead] if instead else list(lines)
    return found[0] if len(found) == 1 else None


def _reword(turn: Turn, lines: list[Line], wished: Sequence[Wish], known: Mapping[int, Product]) -> None:
    new = list[Wish]()
    for wish in wished:
        line = _named(lines, wish["said"], known)
        if line is None:
            new.append(wish)
        elif wish["quantity"]:
            product = known.get(line["product"])
            line["quantity"] = wish["quantity"]
            line["is_sure"] = product is None or is_sold_by(wish["unit"], product)
    if new:
        lines.extend(find_lines(turn, new)[: max(MOST_LINES - len(lines), 0)])


def _named(lines: Sequence[Line], said: str, known: Mapping[int, Product]) -> Line | None:
    """The one line whose words, or whose product's name, hold these words."""
    wanted = {word.removesuffix("s") for word in normalise(said).split()} - choosing.BESIDE
    found = [line for line in lines if wanted and wanted <= _words_of(line, known)]
    return found[0] if len(found) == 1 else None


def _words_of(line: Line, known: Mapping[int, Product]) -> set[str]:
    product = known.get(line["product"])
    text = f"{line['said']} {product.name if product else ''}"
    return {word.removesuffix("s") for word in normalise(text).split()}
