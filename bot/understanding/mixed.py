"""Stock and something else in one message: `vendu 3 savons je ferme a 18h` is two commands, each read by itself."""

import re
from dataclasses import dataclass, replace
from typing import Final

from bot.messages import Heard
from bot.understanding.stock_lines import read_stock_lines
from bot.understanding.stock_shapes import LIKELY

_CUTS: Final = re.compile(
    r"\n|[;,](?!\d)|(?<=[\w)])[.!]\s+(?=\w)"
    r"|\s+(?:et|mais|puis|ensuite|and|then|but)\s+(?:aussi\s+)?"
    r"|\s+(?=(?:je|on|nous|i|we)\s+(?:vais\s+)?(?:suis\s+ferm|serai\s+(?:ferm|abs)|ferm|ouvr|close|open|livr))"
    r"|\s+(?=(?:le|la|the)\s+(?:client|acheteu|customer|buyer))",
    re.IGNORECASE,
)
_OTHER: Final = re.compile(
    r"(?:(?:je|on|nous|i|we|la boutique|le magasin|ma boutique)\s+"
    r"(?:(?:vais|suis|est|serai|sera|serons|will|am|be)\s+)*"
    r"(?:ferm|ouvr|absent|close|open)"
    r"|ferm[ée]e?s?\s+(?:demain|aujourd|à|a|le|la|ce|cet|cette|jusqu|lundi|mardi|mercredi|jeudi|vendredi|samedi"
    r"|dimanche)|pause\s+(?:\d|jusqu|until|de\s+\d)|ouvert(?:e|ure)?\s+(?:de|à|a|\d|jusqu)"
    r"|(?:frais\s+(?:de\s+)?)?livraisons?\s+\D{2,40}\d|(?:je|on|nous)\s+livr"
    r"|promo(?:tion)?s?\b|fin\s+(?:de\s+)?promo)",
    re.IGNORECASE,
)
_CODE: Final = re.compile(
    r"(?<!\w)(?:tg[\s-]?)?(?!\d+(?:kg|g|gr|l|cl|ml|go|gb|m|cm|w|v|yards?|f|fcfa|cfa|k|mil|h|pcs|x)(?!\w))"
    r"(?=[2-9]\d*[a-z])[2-9][0-9a-z]{2,4}(?!\w)",
    re.IGNORECASE,
)
_OF_ORDERS: Final = re.compile(
    r"\b(?:pr[eê]te?s?|emball|livr|remis|accept|refus|ok\b|ready|deliver|client|acheteu|customer|buyer|commande|order"
    r"|colis|parcel|pay[ée]|paid|encaiss|r[ée]cup[ée]r|pris\b|annul|cancel|part(?:i|ie|i[er])?\b|envoy|d[ée]pos)",
    re.IGNORECASE,
)
_MOST_PIECES: Final = 12


@dataclass(frozen=True)
class Mixed:
    """What a message says of stock, a line for each of its pieces, and all else it says, as typed."""

    stock: str
    rest: str


def mixed(text: str) -> Mixed | None:
    """The two halves of a message whose every piece is one of them; None for any other."""
    pieces = [piece.strip(" .!") for piece in _CUTS.split(text) if piece and piece.strip(" .!")]
    if not 1 < len(pieces) <= _MOST_PIECES:
        return None
    rest = [piece for piece in pieces if _is_of_another(piece)]
    stock = [piece for piece in pieces if piece not in rest]
    if not rest or not stock or not all(read_stock_lines(piece) for piece in stock):
        return None
    return Mixed("\n".join(stock), ", ".join(rest))


def _is_of_another(piece: str) -> bool:
    """Whether a piece is about hours, delivery, promotions, or an order that it names by its code."""
    return bool(_OTHER.match(piece) or (_CODE.search(piece) and _OF_ORDERS.search(piece)))


def less_sure(heard: tuple[Heard, ...]) -> tuple[Heard, ...]:
    """The readings of the one half, which are asked about as there is another."""
    return tuple(replace(one, confidence=min(one.confidence, LIKELY)) for one in heard)
