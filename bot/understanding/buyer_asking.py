"""What a buyer says that must be heard whatever the words: where money goes, a code alone, that he comes late."""

import re
from typing import Final

from base.codes import ALPHABET, FIRST
from base.phones import read_phone
from base.spelling import normalise, without_politeness
from bot.messages import Heard

SURE: Final = 0.95
NUMBER: Final = "number"
"""The slot of `ask_payment` that tells that a number or an account is asked for; of `ask_seller_info` the same."""
LATE: Final = "late"
"""The slot of `track` that tells that he himself comes, or comes late."""
ALONE: Final = "alone"
"""The slot of `track` that tells that the message is a code and nothing else."""
_LONGEST: Final = 160  # characters
_OPENINGS: Final = frozenset(
    "bonjour bonsoir salut coucou hello hi allo alors donc euh bon ok oui pardon desole desolee excusez excuse moi"
    " dites et mais merci attendez chef patron".split()
)

_VERB: Final = (
    r"(?:pa(?:ie|ye|yer|yez|ierai|yerai|ierais|iement|yement)s?|regl(?:er?|ement)|envo(?:i|ie|ies|ye|yer|yez)|envoi"
    r"|depos(?:er?|ez)|depot|transf(?:ere|erer|ert)|vers(?:er?|ement)|virer?|pay|send|transfer|deposit)"
)
_MONEY: Final = (
    r"(?:argent|sous|somme|montant|acompte|avance|t ?money|flooz|moov(?: money)?|mixx(?: by yas)?|yas|momo|money"
    r"|mobile money)"
)
_PAID: Final = rf"(?:{_VERB}|{_MONEY})"
_NUMBER: Final = r"(?:numeros?|compte|number|account)"
_BESIDE: Final = (
    r"(?:l|le|la|les|un|ma|mon|votre|vos|ton|ta|de|du|des|d|a|au|que|qu|je|j|on|vous|nous|puisse|peux|dois|doit|pour"
    r"|par|sur|avec|ou|en|ce|c|est|la bas|ici|commande|colis|achat|livraison|vendeur|vendeuse|vendeurs|boutique"
    r"|marchand|magasin|fasse|faire|fais|deja|maintenant|quel|quoi|to|the|my|your|for|of)"
)
_ASKING: Final = (
    r"(?:c est (?:quoi|quel|lequel)|quel est|quel|donne[zr]?(?: moi| nous)?|envo(?:ie|yer|yez)(?: moi)?|je veux|il faut"
    r"|je voudrais|je peux avoir|montre[zr]?(?: moi)?|il y a|vous avez|dis moi|dites moi|j ai besoin de|faut me donner"
    r"|what is|what s|give me|i need)"
)
_GIVING: Final = r"(?:envo(?:ie|yer|ye)|depose[r]?|verse[r]?|transferer?|mets?|mettre|fais|faire|send|deposit)"
_SOMEBODY: Final = (
    r"(?:vendeu(?:r|se)|livreur|boutique|coursier|quelqu un|on|il|elle|ils|monsieur|dame|seller|shop|rider|someone)"
)
_WHERE_TO_PAY: Final = tuple(
    re.compile(way)
    for way in (
        rf".*\b(?:quel|which|what) {_NUMBER}\b.*\b{_PAID}\b.*",
        rf".*\b{_PAID}\b.*\b(?:quel|which|what) {_NUMBER}\b.*",
        rf"(?:{_ASKING} )?(?:(?:le|un|les|votre|vos|ton|the|your) )?{_NUMBER} (?:{_BESIDE} )*{_PAID}"
        rf"(?: (?:{_BESIDE}|{_PAID}))*",
        rf"(?:{_ASKING} )?(?:(?:le|un|votre|ton|the|your) )?(?:{_MONEY} {_NUMBER}|(?:numero|code|compte) marchand)",
        rf"(?:c est )?(?:ou|a qui|chez qui|where)(?: est ce)?(?: (?:que|qu|je|j|on|dois|doit|vais|peux|faut|il|do|i))*"
        rf" {_GIVING}(?: (?:l|le|les|mon|the|my|ma))?(?: {_MONEY}| depot)(?: {_BESIDE})*",
        rf"(?:(?:je|j|on) )?(?:(?:dois|doit|vais|peux) )?{_GIVING}(?: (?:l|le|les|mon))?(?: {_MONEY}| depot)"
        r"(?: sur| a)? (?:ou|qui|quoi)",
        rf"(?:l|le|les) {_MONEY} (?:je|j|on) (?:l |les )?{_GIVING} (?:ou|a qui|sur quoi)",
        r"(?:je|j|on) (?:dois |doit )?pa(?:ie|ye|yer) a qui",
        r"a qui (?:est ce que )?(?:je|j|on|dois je)(?: dois| doit)? ?pa(?:ie|ye|yer)",
        rf".*\b{_SOMEBODY} (?:(?:m|me|nous|vous|a|ont|has|me) )*(?:donne|envoye|envoie|demande|dit|veut|reclame|gave"
        rf"|sent|asks|asked|told)\b.*\b{_NUMBER}\b.*\b{_PAID}\b.*",
        rf".*\b{_SOMEBODY} (?:(?:m|me|nous|vous|a|ont|has|me) )*(?:demande|dit|veut|reclame|asks|asked|told)\b.*\b"
        rf"{_GIVING}\b.*\b{_MONEY}\b.*",
    )
)
_TOLD_OWN: Final = re.compile(r"\b(?:mon|my) (?:numero|compte|number)\b")
_A_PHONE: Final = re.compile(r"\d[\d ]{6,}\d")
_FROM_SOMEBODY: Final = re.compile(
    rf"\b{_SOMEBODY} (?:(?:m|me|nous|a|ont) )*(?:donne|envoye|envoie|demande|dit|reclame)\b"
)

_SELLER: Final = r"(?:vendeu(?:r|se)s?|boutique|commercante?|marchande|seller|shop)"
_CONTACT: Final = r"(?:numero|contact|telephone|whatsapp|number|phone(?: number)?)"
_OF_THE: Final = r"(?:(?:de|du|des|d|la|le|les|cette|ce|l|un|une|of|the|votre|vos|mon|ma) )*"
_NUMBER_OF_SELLER: Final = tuple(
    re.compile(way)
    for way in (
        rf"(?:{_ASKING} )?(?:(?:le|les|un|son|the|de) )*{_CONTACT} (?:(?:de )?{_CONTACT} )?{_OF_THE}{_SELLER}"
        rf"(?: {_BESIDE})*",
        rf"(?:{_ASKING} )?(?:the )?(?:seller|shop)(?: s)? {_CONTACT}(?: {_CONTACT})?",
        rf"(?:comment |je veux |je peux |je voudrais |puis je |on peut |est ce que je peux |how can i |can i"
        rf" |i want to )(?:je |on )?(?:(?:peux|fais pour) )?(?:appele[rz]?|appelle|joindre|joins|contacte[rz]?"
        r"|call|contact|reach)"
        rf" {_OF_THE}{_SELLER}(?: directement)?",
    )
)

_MINUTES: Final = (
    r"(?:\d{1,3}|une?|deux|cinq|dix|quinze|vingt|trente|quelques|a few) ?(?:a \d{1,3} )?"
    r"(?:min|mn|m|minutes?|mins|h|heures?|hours?)(?: (?:\d{1,2}|(?:et )?demie?))?|un instant|peu"
)
_COMES: Final = (
    r"(?:j arrive|je (?:viens|suis la|serai la|descends|sors|suis en route|viendrai)|on arrive|i am coming|i m coming"
    r"|i will be there|coming)"
)
_LATE: Final = tuple(
    re.compile(way)
    for way in (
        rf"{_COMES} (?:dans|d ici|en|in|apres)(?: environ)? (?:{_MINUTES})(?: (?:max|environ|plus tard|seulement))?",
        rf"(?:je |j |on |i )?(?:vais |risque d |am |will |m )?(?:arrive|arriver|arriverai|suis|serais?|sera|etre|be)"
        rf"(?: (?:un peu|tres|running))?(?: en| in)? ?(?:retard|late)(?: (?:de|d|environ|by))*(?: (?:{_MINUTES}))?"
        r"(?: (?:aujourd hui|ce matin|cet apres midi|a l atelier|pour l atelier|a la formation))?",
    )
)

_CODE: Final = re.compile(rf"\W*tg[\s.:_–—-]*([{FIRST}][{ALPHABET}]{{4,7}})\W*", re.IGNORECASE)
_BEFORE_REFERENCE: Final = (
    r"(?:(?:la |ma |voici |voila |le )*(?:ref|r[ée]f[ée]rence|id|trans(?:action)?|txn)(?: ?id)?\.?\s*[:#]?\s*)?"
)
_REFERENCE: Final = re.compile(
    rf"\W*{_BEFORE_REFERENCE}(?P<reference>[A-Z]{{1,4}}\d{{4,8}}(?:[.-][A-Z]?\d{{3,8}}){{1,3}}"
    r"|(?=(?:[A-Z]*\d){6})(?=\d*[A-Z])[A-Z0-9]{10,24})\W*",
    re.IGNORECASE,
)


def asked_by_buyer(text: str) -> tuple[Heard, ...]:
    """What these rules hear of a whole message; () for any other."""
    if len(text) > _LONGEST:
        return ()
    if code := _CODE.fullmatch(text):
        return (Heard("track", {"order": code[1].upper(), ALONE: True}, SURE),)
    if told := _REFERENCE.fullmatch(text):
        return (Heard("payment_claim", {"reference": told["reference"]}, SURE),)
    plain = _plain(text)
    if _asks_where_to_pay(plain):
        return (Heard("ask_payment", {NUMBER: True}, SURE),)
    if any(way.fullmatch(plain) for way in _NUMBER_OF_SELLER):
        return (Heard("ask_seller_info", {NUMBER: True}, SURE),)
    return (Heard("track", {LATE: True}, SURE),) if any(way.fullmatch(plain) for way in _LATE) else ()


def _plain(text: str) -> str:
    """The message in plain letters, without what is said before it and out of politeness."""
    words = without_politeness(re.sub(r"\W+", " ", normalise(text)).split())
    first = next((place for place, word in enumerate(words) if word not in _OPENINGS), len(words))
    return " ".join(words[first:])


def _asks_where_to_pay(plain: str) -> bool:
    """`sur quel numéro j'envoie l'argent`, `le vendeur m'a donné un numéro pour payer`.

    Not where his own number is told, nor any number: `flooz, le numéro c'est 97 14 25 36` is how he pays.
    """
    if _TOLD_OWN.search(plain) or not any(way.fullmatch(plain) for way in _WHERE_TO_PAY):
        return False
    figures = _A_PHONE.search(plain)
    return not figures or (read_phone(figures[0]) is not None and _FROM_SOMEBODY.search(plain) is not None)
