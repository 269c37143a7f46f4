"""What a shop lets its buyers pay at the door: `pas de cod pour plus de 20 mil`, `cod max 20000`, `cod sans limite`."""

import re
from typing import Final

from bot.messages import Heard
from bot.understanding.stock_shapes import LIKELY, joined_kinds
from bot.understanding.terms_slots import ANY, COD, COD_MOST, SHOWN
from bot.understanding.typed_numbers import PRICE, tokens_of

_LEAST_BARE, _HIGHEST, _LONGEST = 500, 10_000_000, 120

_PAID: Final = (
    r"(?:cod|c o d|cash on delivery|payment on delivery|cash a (?:la )?livraison|paiement livraison"
    r"|(?:le |les )?(?:paiements?|payements?|payment|payer|paye) (?:(?:en )?(?:cash|especes?|liquide) )?"
    r"a (?:la )?(?:livraison|porte))"
)
_ORDERS: Final = (
    r"(?:(?:pour|sur|si|for|quand|les|des|la|une|un|U|toute?s?|commandes?|orders?|achats?|c est|est|it s|is) )*"
)
_ABOVE: Final = (
    r"(?:plus de|plus que|au dessus de|au dela de|superieure?s? a|qui depassent?|depassent?|depasse|de plus de"
    r"|more than|over|above|>)"
)
_NONE: Final = (
    r"(?:(?:je ne veux|je veux|on ne fait|on fait|je fais|je prends|i do not want|i want|we do) )?"
    r"(?:pas|plus|jamais|aucun|sans|no|non|not)"
)
_MOST_IS: Final = (
    r"(?:(?:max|maximum|maxi|limite[er]?|limit|plafond|seulement|only|jusqu a|jusqu|jusque|up to|till|until|de|a|au"
    r"|c est|est|is|:|=) )+"
)
_LIMIT: Final = r"(?:(?:la |le |une |U |the )?(?:limite[rsz]?|limit|plafond|maximum|max|maxi) )"
_AMOUNT: Final = r"(?P<most>[NP] )(?:(?:f|fcfa|cfa|francs) )?"
_POLITE: Final = r"(?:(?:svp|stp|merci|please|maintenant|desormais) )?"
_EVERYTHING: Final = (
    r"(?:pour tou[ts]|pour toutes?|pour toutes? (?:les )?commandes?|sans limite|illimite|for all|for everything"
    r"|no limit|without limit)"
)
_NO_MORE: Final = r"(?:enleve[rz]?|supprime[rz]?|retire[rz]?|plus de|pas de|sans|remove|no)"
_WAYS: Final = tuple(
    (what, re.compile(way))
    for what, way in (
        (COD_MOST, rf"{_NONE} (?:(?:de|d|le|la) )?{_PAID} {_ORDERS}{_ABOVE} {_AMOUNT}{_POLITE}"),
        (COD_MOST, rf"{_ORDERS}{_ABOVE} {_AMOUNT}{_NONE} (?:(?:de|d) )?{_PAID} {_POLITE}"),
        (COD_MOST, rf"{_PAID} {_ORDERS}{_MOST_IS}{_AMOUNT}{_POLITE}"),
        (COD_MOST, rf"{_LIMIT}(?:(?:de|du|le|la|pour|en|of|the) )*{_PAID} {_MOST_IS}{_AMOUNT}{_POLITE}"),
        (COD_MOST, rf"{_LIMIT}(?:(?:de|du|le|la|pour|en|of|the) )*{_PAID} {_AMOUNT}{_POLITE}"),
        (COD_MOST, rf"(?:(?:max|maximum|maxi) ){_AMOUNT}(?:en |a |pour )?{_PAID} {_POLITE}"),
        ("none", rf"{_NONE} (?:(?:de|d|le|la) )?{_PAID} {_POLITE}"),
        (ANY, rf"{_PAID} (?:(?:ok|oui|possible|accepte) )?{_EVERYTHING} {_POLITE}"),
        (ANY, rf"{_NO_MORE} {_LIMIT}(?:(?:de|du|le|la|pour|en|of|on|the) )*{_PAID} {_POLITE}"),
        (SHOWN, rf"(?:{_LIMIT}(?:(?:de|du|le|la|pour|en|of|the) )*)?{_PAID} {_POLITE}"),
    )
)


def read_door_payment(text: str) -> tuple[Heard, ...]:
    """`settings` with COD_MOST or COD, of a whole message; () for any other. What it sets is always asked about first.

    An amount that may not be one (`plus de 20`) is not taken: then it is asked how it is written.
    """
    if len(text) > _LONGEST:
        return ()
    told = [one for one in tokens_of(text) if one.kind not in ("(", ")")]
    joined = joined_kinds(told)
    for what, way in _WAYS:
        found = way.fullmatch(joined)
        if not found:
            continue
        if what == COD_MOST:
            one = told[joined.count(" ", 0, found.start("most"))]
            is_amount = (one.kind == PRICE or one.value >= _LEAST_BARE) and 0 < one.value <= _HIGHEST
            return (Heard("settings", {COD_MOST: one.value} if is_amount else {COD: SHOWN}, LIKELY),)
        return (Heard("settings", {COD_MOST: 0} if what == "none" else {COD: what}, LIKELY),)
    return ()
