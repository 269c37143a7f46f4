"""Exact phrases of vendors about orders: a command with words behind its code (`R 4K7 rupture`), a customer away."""

import re
from typing import Final

from base.spelling import fold
from bot.messages import Heard
from bot.understanding.stock_words import UNITS
from orders.codes import read_prefix
from orders.progress import RefusalReason

AWAY_SAID: Final = "away"  # the intents that only this market's vendors have
PARTLY_SAID: Final = "partly"
LONGEST: Final = 160  # characters
_CODE: Final = r"(?:tg[\s-]?)?(?P<code>[2-9][0-9a-z]{2,4})"
_COMMAND: Final = re.compile(
    rf"\W*(?P<verb>accepter|accepte|accept|refuser|refuse|a|r|p|pr[eê]te?|ready|partie|part)\s*[:,-]?\s*{_CODE}\b"
    r"[\s,;:.-]+(?P<rest>.*\S)\s*$",
    re.IGNORECASE | re.DOTALL,
)
_IN_PART: Final = re.compile(
    rf"\W*(?:accepter|accepte|accept)\s+(?:en\s+partie|une\s+partie|in\s+part|a\s+part)\b[^\d\n]{{0,20}}?\b{_CODE}\b"
    r"[\s,;:.-]*(?P<rest>.*?)\s*$",
    re.IGNORECASE | re.DOTALL,
)
_ONLY: Final = re.compile(r"\b(?:seulement|uniquement|only|en partie|une partie|in part)\b", re.IGNORECASE)
_BUT: Final = re.compile(r"^(?:mais|juste|but|just)\s+", re.IGNORECASE)
_CUTTING: Final = frozenset({"partie", "part"})
_INTENTS: Final = {"a": "accept_order", "r": "refuse_order", "p": "ready"}
_FIGURE: Final = re.compile(r"\d+(?:kg|g|l|cl|ml|m|k|f|mm|cm|gb|go|h|pcs|x)?$", re.IGNORECASE)
_ALSO_WORDS: Final = frozenset("ap")  # verbs that are little words too: `a 500 le sac`, `p 25kg 4000`
_ANY_CODE: Final = re.compile(rf"(?<!\w)(?!\d{{4}}\b){_CODE}(?!\w)", re.IGNORECASE)
_CUSTOMER: Final = (
    r"(?:(?:le|la|mon|ma|the|my) )?(?:client|cliente|acheteur|acheteuse|customer|buyer)(?: de (?:la )?(?:commande )?)?"
)
_AWAY: Final = re.compile(
    rf"^{_CUSTOMER} (?:(?:est|etait|n est|is) )?(?:toujours )?(?:absente?|injoignable|pas la|pas chez (?:lui|elle)|away"
    r"|not (?:there|home|answering)|unreachable)"
    rf"|^{_CUSTOMER} (?:ne |n )?(?:repond|decroche)(?: (?:pas|plus|toujours pas|meme pas))"
    rf"|^{_CUSTOMER} (?:does not|doesn t|won t) (?:answer|pick up)"
    rf"|^{_CUSTOMER} (?:n )?(?:a|has|ne (?:trouve|connait|retrouve|sait)|trouve|connait|does not have|doesn t have)"
    r" (?:(?:pas|plus|perdu|oublie|no|lost|forgotten) )+(?:(?:de|le|son|the|his|her) )?code"
)
_TOLD_CODE: Final = re.compile(
    rf"^{_CUSTOMER} (?:m )?(?:a )?(?:dit|donne|told|said|gave)(?: (?:le|son|the|me))?(?: code)? "
)
_REASONS: Final[tuple[tuple[re.Pattern[str], RefusalReason], ...]] = (
    (
        re.compile(r"\b(?:ruptures?|plus|fini\w*|epuise\w*|manque|stock|pas assez|sold out|none left)\b"),
        "shortage",
    ),
    (re.compile(r"\b(?:ferme\w*|closed|repos|voyage|conge\w*)\b"), "closed"),
    (re.compile(r"\b(?:loin|far|distance|pas ma zone|hors zone)\b"), "too_far"),
)


def hear(text: str) -> tuple[Heard, ...]:
    """What is said of an order by a code with words behind it, or of a customer who is away; () for anything else."""
    if len(text) > LONGEST:
        return ()
    return _commanded(text) or _of_customer(text) or _short_of(text)


def _commanded(text: str) -> tuple[Heard, ...]:
    in_part = _IN_PART.match(text)
    if in_part:
        return _partly(in_part)
    found = _COMMAND.match(text)
    if found is None:
        return ()
    verb = fold(found["verb"])
    if verb in _CUTTING:
        return _partly(found)
    has_words = any(letter.isalpha() for letter in found["rest"])
    if not has_words or (verb in _ALSO_WORDS and _FIGURE.match(found["code"])):
        return ()
    if verb[0] == "a" and _ONLY.search(found["rest"]):
        return _partly(found)
    slots = {"order": found["code"].upper()}
    intent = _INTENTS[verb[0]]
    return (Heard(intent, {**slots, "reason": found["rest"]} if intent == "refuse_order" else slots),)


def _partly(found: re.Match[str]) -> tuple[Heard, ...]:
    """`accepte 4K7 mais un sac seulement`: a part of that order alone."""
    return (Heard(PARTLY_SAID, {"order": found["code"].upper(), "said": _BUT.sub("", found["rest"])}),)


def _of_customer(text: str) -> tuple[Heard, ...]:
    code = _ANY_CODE.search(text)
    said = fold(_ANY_CODE.sub(" ", text))
    slots = {"order": code["code"].upper()} if code else {}
    if _AWAY.match(said):
        return (Heard(AWAY_SAID, slots),)
    return (Heard("delivered", slots),) if _TOLD_CODE.match(said) and any(map(str.isdigit, said)) else ()


def _short_of(text: str) -> tuple[Heard, ...]:
    """`446VR le savon est fini`: an order, and goods that are no more: it is asked whether that order is refused."""
    codes = [code for code in _ANY_CODE.finditer(text) if _is_of_order(code["code"])]
    if len(codes) != 1 or "?" in text or "\n" in text:
        return ()
    rest = f"{text[: codes[0].start()]} {text[codes[0].end() :]}"
    said = " ".join(_OF_ORDER.sub(" ", fold(rest)).split())
    found = next((found for way in _SHORT if (found := way.fullmatch(said))), None)
    if found is None or not _names_goods(found["of"]):
        return ()
    reason = " ".join(rest.split()).strip(" ,;:.-")
    return (Heard("refuse_order", {"order": codes[0]["code"].upper(), "reason": reason}),)


def _is_of_order(code: str) -> bool:
    """Whether letters of a code are told, four at least, and no count in a unit: `25kgs`, `2sacs`."""
    is_code = len(code) >= _LEAST_OF_CODE and read_prefix(code) is not None
    return is_code and not code.isdigit() and not _COUNTED.fullmatch(code)


_LEAST_OF_CODE: Final = 4
_COUNTED: Final = re.compile(
    rf"\d+(?:{'|'.join(sorted(UNITS))}|kgs?|k?grs?|gms?|mgs?|cms?|mms?|mts?|yds?|pcs|x{{0,4}}[sm]|m\d+)", re.IGNORECASE
)
_OF_ORDER: Final = re.compile(r"\b(?:pour |de |sur )?(?:la |ma )?(?:commande|cmd|tg)\b|^pour\b|\bpour$")
_IS_NO_MORE: Final = (
    r"(?:(?:est|sont|c est|j en ai|je n en ai|il n y en a|y en a|n y en a) )*(?:deja |vraiment )?"
    r"(?:finie?s?|epuisee?s?|manque(?:nt)?|en rupture|rupture|plus(?: de stock| en stock| la)?|pas assez"
    r"|out of stock|sold out)"
)
_HAS_NO_MORE: Final = r"(?:(?:il |je |on )?(?:n )?(?:y a|ai|en ai|j ai|a) )?(?:plus|pas assez|plus assez)"
_IN_RUPTURE: Final = r"(?:il |je )?(?:manque|rupture|en rupture)"
_THE: Final = "(?:(?:de|d|du|sur|le|la|les|l) )*"
_SHORT: Final = tuple(
    re.compile(way)
    for way in (
        rf"(?P<of>(?:[a-z][a-z0-9]* ){{1,6}}?){_IS_NO_MORE}",
        rf"{_HAS_NO_MORE} (?:de |d |du )(?P<of>[a-z][a-z0-9 ]{{1,40}})",
        rf"{_IN_RUPTURE} {_THE}(?P<of>[a-z][a-z0-9 ]{{1,40}})",
        r"(?P<of>)(?:(?:j en ai|je n en ai|il n y en a|y en a|n y en a) )?(?:plus(?: de stock)?|epuisee?s?|en rupture"
        r"|rupture(?: de stock)?|stock (?:fini|epuise))",
    )
)
_NO_GOODS: Final = frozenset(
    "commande colis paquet emballage preparation livraison client cliente travail tout".split()
)
_LITTLE: Final = frozenset("le la les l de du d est sont c a ai j je il y en n ne mon ma mes ce cest deja elle".split())


def _names_goods(words: str) -> bool:
    """Whether words may be goods, or nothing; `est` alone is of the order itself, which may be ready."""
    typed = words.split()
    return not typed or (_NO_GOODS.isdisjoint(typed) and not _LITTLE.issuperset(typed))


def reason_told(words: str) -> RefusalReason | None:
    """The reason that words give for a refusal; None for words that give none of them."""
    said = fold(words)
    return next((reason for pattern, reason in _REASONS if pattern.search(said)), None)
