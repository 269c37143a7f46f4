"""What a vendor's stock lines say, read by hand: the understanding itself is tested elsewhere."""

import re

from bot.messages import Heard
from bot.recognising import recognise

SHAPES = (
    (r"(?:rupture|fini) (?P<product>.+)", "out_of_stock"),
    (r"(?P<product>.+) est revenu", "back_in_stock"),
    (r"cache (?P<product>.+)", "hide"),
    (r"(?:reçu|received) (?P<quantity>\d+) (?P<product>.+) (?:à|at) (?P<price>\d+)", "add_stock set_price"),
    (r"(?:\+|reçu |received )(?P<quantity>\d+) (?P<product>.+)", "add_stock"),
    (r"(?:-|vendu |sold )(?P<quantity>\d+) (?P<product>.+)", "remove_stock"),
    (r"(?P<product>[^:]+) ?: ?(?P<price>\d+)", "set_price"),
    (r"non c'est (?P<price>\d+)", "set_price"),
    (r"(?P<product>\D+?) (?P<quantity>\d+) (?P<unit>cartons?|sacs?|bols?|pièces?)(?: de \d+)?", "set_stock"),
    (r"(?P<product>.+?) t(?P<size>\d+) (?P<quantity>\d+)", "set_stock"),
    (r"(?P<product>.+) (?P<quantity>\d+)", "set_stock"),
    (r"compte (?P<product>.+)", "set_stock"),
    (r"annule tout", "undo"),
)
SLOTS = {"set_price": ("product", "price")}


def read_by_hand(turn, hat, text):
    """Every line a part, where all are stock lines; else what the market itself understands."""
    lines = [_line(line.strip()) for line in re.split(r"\n|, ", text)]
    return (
        tuple(part for line in lines for part in line) if hat == "vendor" and all(lines) else recognise(turn, hat, text)
    )


def _line(line):
    for shape, intents in SHAPES:
        found = re.fullmatch(shape, line)
        if found:
            told = {k: int(v) if k in ("quantity", "price") else v for k, v in found.groupdict().items() if v}
            return [
                Heard(
                    one,
                    {k: v for k, v in told.items() if k in SLOTS.get(one, ("product", "quantity", "unit", "size"))},
                    0.95,
                )
                for one in intents.split()
            ]
    return []
