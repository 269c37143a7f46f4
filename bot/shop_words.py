"""Exact phrases of vendors: `aide 90 12 34 56 Ama`, `payez moi sur 90 12 34 56 tmoney`, `alerte riz 5`."""

import re
from typing import Final

from base.phones import read_phone
from base.spelling import fold
from bot.messages import Heard

LONGEST: Final = 160  # characters
HELPER: Final = re.compile(
    r"^(?:(?:ajoute|ajouter|ajoutez|add|nouvelle?|new)\b.{0,12}?\b)?(?:mon |ma |une? |my )?(?:aide|aides|aidant|aidante"
    r"|helper|assistante?|vendeuse|apprentie?)\b"
)
PAYOUT: Final = re.compile(
    r"\b(?:pay\w*|paiement|payement|vers\w+|virement|envoy\w+ (?:mon |l )?argent|argent|numero de (?:paiement|payement)"
    r"|pay me|payout)\b"
)


_WARN: Final = r"(?:previens|prevenez|prevenir|avertis|avertissez|avertir|alerte|alertez|warn|alert)"
_AS_SOON: Final = r"(?:quand|qd|si|s il|des que|lorsqu\w*|when|if)"
ALERT: Final = re.compile(
    r"^(?:alerte|alerte stock|alertez moi|seuil|seuil alerte|stock alert|stock bas|low stock)\b"
    r"|^.+ (?:alerte|seuil|stock bas)(?: stock| alerte)?(?: a| at)? \d{1,3}$"
    r"|^(?:(?:il faut|faut|tu peux|vous pouvez|peux tu|pouvez vous|please) )?(?:me )?"
    rf"(?:{_WARN}|dis|dites|tell)(?: (?:moi|me))? {_AS_SOON}\b(?=.*\d).*"
    r"\b(?:reste\w*|moins de|en dessous|below|less than|left)\b"
    rf"|^{_WARN}(?: moi| me)?(?: {_AS_SOON})? .*\b(?:a|en|at|sous) \d{{1,3}}\b"
    rf"|^{_WARN}(?: moi| me)? {_AS_SOON} .*\b(?:bientot|presque|peu|low)\b"
    rf"|^(?:dis|dites|tell)(?: moi| me) {_AS_SOON} .*\b(?:est|sont|arrive\w*|descend\w*|tombe\w*) (?:a|en) \d{{1,3}}\b"
)
BARE_HELPER: Final = frozenset(
    ("ajouter une aide", "ajoute une aide", "nouvelle aide", "ajouter aide", "add a helper", "new helper")
)
BARE_PAYOUT: Final = frozenset(
    ("numero de paiement", "mon numero de paiement", "changer mon numero de paiement", "payout number", "payez moi")
)


OPEN_ASKED: Final = "open_asked"  # an intent that only this market's vendors have
_ASKS: Final = re.compile(r"est ce que |esk |eske |is ")
_IS_OPEN: Final = re.compile(
    r"(?:est ce que |esk |eske |is )?(?:(?:ma |la |notre )?(?:boutique|magasin) (?:est |sera )?|my shop (?:is )?"
    r"|(?:je|nous|on) (?:suis|est|sommes|serai|sera|serons) )(?:bien |deja |toujours |encore |still )?"
    r"(?:ouvert\w*|ferme\w*|open|closed|en pause)(?: (?:\w+ ){0,2}\w+)?"
)


def hear(text: str) -> tuple[Heard, ...]:
    """add_helper or payout_info, with the phone that was told, set_alert or open_asked, all sure; () for all else."""
    if len(text) > LONGEST:
        return ()
    if _asks_if_open(text):
        return (Heard(OPEN_ASKED, {}, 1.0),)
    phone, said = read_phone(text), fold(text)
    if ALERT.match(said):
        return (Heard("set_alert", {}, 1.0),)
    slots = {"phone": phone} if phone else {}
    if said in BARE_HELPER or (phone and HELPER.search(said)):
        return (Heard("add_helper", slots, 1.0),)
    if said in BARE_PAYOUT or (phone and PAYOUT.search(said)):
        return (Heard("payout_info", slots, 1.0),)
    return ()


def _asks_if_open(text: str) -> bool:
    """`ma boutique est ouverte demain ?`: a question, and no word that opens or shuts it."""
    said = fold(text.replace("?", " "))
    is_asked = "?" in text or bool(_ASKS.match(said))
    return is_asked and bool(_IS_OPEN.fullmatch(" ".join(said.split())))
