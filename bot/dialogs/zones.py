"""Where a shop brings its goods, and for how much, as people write it: `500 Bè, Agoè 1000, pas Baguida`."""

import re
from typing import Final, TypedDict

from base.money import read_amount
from base.places import find_places
from base.spelling import fold

LONGEST: Final = 300  # characters
MOST: Final = 30  # zones
DEAREST: Final = 100_000  # F CFA
SPLIT: Final = re.compile(r"[,;\n]|\s+(?:et|and|puis)\s+", re.IGNORECASE)
AMOUNT: Final = re.compile(
    r"\d[\d .]*(?:\s?(?:k\d*|mil(?:le)?)\b)?(?:\s?(?:f\s?cfa|fcfa|cfa|francs?|frs?|f)\b)?", re.IGNORECASE
)
FREE: Final = re.compile(r"\b(?:gratuite?|gratis|offerte?|free)\b", re.IGNORECASE)
NOT: Final = re.compile(r"^\s*(?:pas(?: de| à| a| au)?|sauf|jamais|not?|except)\b", re.IGNORECASE)
AROUND: Final = re.compile(
    r"^(?:je )?(?:livr\w+|deliver\w*)\b|[:=()]|(?:^|\s)(?:à|a|pour|at|for|-)(?=\s|$)", re.IGNORECASE
)


class Zones(TypedDict):
    """Slug of base.places -> F CFA, and the slugs of places to which nothing is brought."""

    zones: dict[str, int]
    unserved: list[str]


def read_zones(text: str) -> Zones | None:
    """Each piece a place with its price, or `pas` with a place; None when one of them is anything else."""
    pieces = [piece for piece in SPLIT.split(text) if fold(piece)]
    if len(text) > LONGEST or not pieces or len(pieces) > MOST:
        return None
    read: Zones = {"zones": {}, "unserved": []}
    return read if all(_read_piece(piece, read) for piece in pieces) else None


def _read_piece(piece: str, read: Zones) -> bool:
    if NOT.match(piece):
        place = _place(NOT.sub("", piece))
        if place:
            read["unserved"].append(place)
        return place is not None
    amount, rest = _price(piece)
    place = _place(rest)
    if amount is None or place is None:
        return False
    read["zones"][place] = amount
    return True


def _price(piece: str) -> tuple[int | None, str]:
    if FREE.search(piece):
        return 0, FREE.sub(" ", piece)
    told = AMOUNT.findall(piece)
    if len(told) != 1:
        return None, piece
    amount = read_amount(told[0].strip())
    return (amount if amount is not None and amount <= DEAREST else None), piece.replace(told[0], " ", 1)


def _place(words: str) -> str | None:
    named = " ".join(AROUND.sub(" ", AROUND.sub(" ", words.strip())).split())
    found = find_places(named)
    return found.exact.slug if found.exact and not found.rest else None
