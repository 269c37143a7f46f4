"""What the words of a search ask for: goods, sizes, price bounds, the cheapest, a shop, a place."""

import re
import unicodedata
from dataclasses import dataclass, replace
from typing import Final

from base.money import read_amount
from base.places import find_places
from base.spelling import fold

MOST_WORDS: Final = 6
LEAST_PRICE: Final = 25  # F CFA: a smaller number counts things
LITTLE: Final = frozenset(
    "a au aux avec c d de des du en est et l la le les ou par pour pr sur un une the of for with i mon ma mes me moi"
    " ce ca cette cet ces svp stp je j tu il vous nous on cherche recherche veux voudrais besoin faut avez avoir y"
    " qui que qu quoi est trop tres bien plus type genre marque modele sorte quelque chose encore aussi".split()
)
UNITS: Final = frozenset(
    "sac bol bidon litre kilo paquet carton boite bouteille sachet piece paire tas lot pot plateau casier panier"
    " pack canette regime flacon tubercule unite douzaine".split()
)
QUALITIES: Final = frozenset(
    "beau belle bel joli jolie bon bonne grand grande petit petite gros grosse nouveau nouvelle vrai vraie meilleur"
    " meilleure original originale neuf neuve noir noire blanc blanche bleu bleue vert verte jaune gris grise rose"
    " marron violet violette couleur qualite taille pointure numero".split()
)
_MEASURES: Final = {
    "kg": "kg kilo kilos kilogramme kilogrammes",
    "g": "g gr gramme grammes",
    "l": "l litre litres",
    "cl": "cl",
    "ml": "ml",
    "m": "m metre metres",
    "cm": "cm",
    "yards": "yard yards yds",
    "pouces": "pouce pouces",
    "go": "go gb giga gigas",
    "mah": "mah",
    "w": "w watt watts",
    "places": "place places plasse plasses",
    "feux": "feu feux",
}
_MEASURE_OF: Final = {way: measure for measure, ways in _MEASURES.items() for way in ways.split()}
_NUMBER_WORD: Final = (
    r"(?:un|une|deux|deu|trois|quatre|cinq|six|sept|huit|neuf|dix|onze|douze|treize|quatorze|quinze|seize|vingt|trente"
    r"|quarante|cinquante|soixante|cent|cents|mille?|mill|millions?|demi)"
)
_CURRENCY: Final = r"(?:\s?(?:f\s?cfa|fcfa|cfa|francs?|frs?|f)\b)?"
_FIGURE: Final = r"\d(?:[\d.,' ]*\d)?\s?(?:k\d{0,3}|m(?:il|ill|ille)s?\s?\d{0,3}|millions?)?"
_AMOUNT: Final = rf"(?:{_FIGURE}|{_NUMBER_WORD}(?:[\s-]{_NUMBER_WORD})*){_CURRENCY}(?![a-z\d])"
_AT_MOST: Final = (
    r"(?:pas plus de|(?:a )?moins? de|en dessous de|au dessous de|inferieure? a|jusqu ?'?a"
    r"|(?:prix )?max(?:i|imum)?(?: de)?|au max(?:imum)?(?: de)?"
    r"|au plus|sous(?: les)?|(?:mon )?budget(?: (?:de|max|est))*|ne depasse pas"
    r"|(?:a|de) moins?)"
)
_AT_LEAST: Final = (
    r"(?:a partir de|plus de|au dessus de|au moins|superieure? a|min(?:i|imum)?(?: de)?|au min(?:imum)?|des)"
)
_BETWEEN: Final = re.compile(rf"\b(?:(?:entre|de) )?({_AMOUNT}) (?:et|a|jusqu'?a|-) ({_AMOUNT})")
_BEFORE_MOST: Final = re.compile(rf"\b{_AT_MOST}\s*:? ?({_AMOUNT})")
_BEFORE_LEAST: Final = re.compile(rf"\b{_AT_LEAST} ({_AMOUNT})")
_BEHIND_MOST: Final = re.compile(rf"\b({_AMOUNT}) (?:max(?:i|imum)?|au (?:plus|max(?:imum)?)|ou moins)\b")
_BEHIND_LEAST: Final = re.compile(rf"\b({_AMOUNT}) (?:min(?:i|imum)?|au moins|ou plus|et plus)\b")
_FOR: Final = re.compile(rf"\b(?:a|pour) ({_FIGURE}{_CURRENCY})(?![a-z\d])")
_CHEAPEST: Final = re.compile(
    r"\b(?:(?:pas|pa) (?:trop |tres )?ch(?:er|ere|ers|eres|erre)|(?:le |la |les )?(?:moins|moin) ch(?:er|ere|ers|eres)"
    r"|bon marche|(?:a )?(?:petit|bas|bons?) prix|prix bas|economique|abordable)\b"
)
_SHOP: Final = re.compile(r"\b(?:de )?(?:chez|ch|la boutique(?: de)?|boutique|vendeuse?|vendeur)\s+(.+)$")
_PLACE: Final = re.compile(
    r"\b(?:(?:du |de )?cote de|pres de|proche de|non loin de|aux alentours de|autour de|quartier|a|au|vers|dans|sur)"
    r"\s+(.+)$"
)
_MEASURED: Final = re.compile(rf"\b(\d+(?:[.,]\d+)?)\s?({'|'.join(sorted(_MEASURE_OF, key=len, reverse=True))})\b")
_SIZED: Final = re.compile(r"\b(pointure|taille|numero|no)\s?(\d{1,3}|xxl|xl|xs|s|m|l)\b")
_NUMBERED: Final = re.compile(r"^(\d+)(?:e|eme|er|ere|ieme)$")


@dataclass(frozen=True)
class Wanted:
    """What is sought. Words are folded; prices in whole F CFA; `place` is a slug of base.places.

    `goods` names the good, its first word first; `qualities` (colours, units, sizes) only help to choose.
    """

    goods: tuple[str, ...] = ()
    qualities: tuple[str, ...] = ()
    measures: tuple[tuple[str, str], ...] = ()  # ("25", "kg")
    min_price: int | None = None
    max_price: int | None = None
    is_cheapest: bool = False
    shop: tuple[str, ...] = ()
    place: str = ""

    @property
    def has_bounds(self) -> bool:
        """Whether a price says what may be shown."""
        return self.min_price is not None or self.max_price is not None

    def completed(self, message: "Wanted") -> "Wanted":
        """With the price that the whole message says, where these words say none."""
        bounds = self if self.has_bounds else message
        return replace(
            self,
            min_price=bounds.min_price,
            max_price=bounds.max_price,
            is_cheapest=self.is_cheapest or message.is_cheapest,
        )


def read_wanted(words: str, *, min_price: int | None = None, max_price: int | None = None) -> Wanted:
    """Read the words of a search; bounds that were already understood win over those read here. Never raises."""
    said = _plain(words[:200])
    said, low, high = _bounds(said)
    cheapest = _CHEAPEST.search(said)
    said = _CHEAPEST.sub(" ", said)
    said, shop = _shop(said)
    said, place = _place(said)
    measures = tuple((number.replace(",", "."), _MEASURE_OF[unit]) for number, unit in _MEASURED.findall(said))
    said = _MEASURED.sub(" ", said)
    sizes = tuple(size for _, size in _SIZED.findall(said))
    wanted = _with_words(Wanted(measures=measures, shop=shop, place=place), _SIZED.sub(r" \1 ", said))
    return replace(
        wanted,
        qualities=(*wanted.qualities, *sizes),
        min_price=min_price if min_price is not None else low,
        max_price=max_price if max_price is not None else high,
        is_cheapest=bool(cheapest),
    )


def _plain(text: str) -> str:
    """Without case and accents; what separates figures stays."""
    parts = unicodedata.normalize("NFD", unicodedata.normalize("NFKC", text).casefold().replace("’", "'"))
    letters = "".join(part for part in parts if not unicodedata.combining(part)).replace("œ", "oe").replace("æ", "ae")
    return f" {' '.join(letters.replace('jusqu a', 'jusqua').split())} "


def _bounds(said: str) -> tuple[str, int | None, int | None]:
    """The words without their bounds, and the bounds; a `mil` behind the second end counts for both."""
    for match in _BETWEEN.finditer(said):
        low, high = read_amount(match[1]), read_amount(match[2])
        if low and high and low < 1000 <= high and low * 1000 < high:
            low *= 1000
        if low and high and LEAST_PRICE <= low < high:
            return _cut(said, match), low, high
    high_found = _first(said, (_BEFORE_MOST, _BEHIND_MOST))  # `pas plus de` holds `plus de`
    if high_found:
        said = _cut(said, high_found[0])
    low_found = _first(said, (_BEFORE_LEAST, _BEHIND_LEAST))
    if low_found:
        said = _cut(said, low_found[0])
    high_found = high_found or _first(said, (_FOR,))
    if high_found and _FOR is high_found[0].re:
        said = _cut(said, high_found[0])
    return said, low_found[1] if low_found else None, high_found[1] if high_found else None


def _first(said: str, patterns: tuple[re.Pattern[str], ...]) -> tuple[re.Match[str], int] | None:
    for pattern in patterns:
        for match in pattern.finditer(said):
            amount = read_amount(match[1].strip())
            if amount and amount >= LEAST_PRICE and not _MEASURED.match(said[match.start(1) :]):
                return match, amount
    return None


def _cut(said: str, match: re.Match[str]) -> str:
    return f"{said[: match.start()]} {said[match.end() :]}"


def _shop(said: str) -> tuple[str, tuple[str, ...]]:
    match = _SHOP.search(said)
    if match is None:
        return said, ()
    rest, name = f"{said[: match.start()]} ", match[1]
    where = _PLACE.search(f" {name}")
    if where and find_places(where[1]).exact:
        rest, name = rest + where[0], name[: max(0, where.start() - 1)]
    return rest, tuple(word for word in fold(name).split() if word not in LITTLE)[:MOST_WORDS]


def _place(said: str) -> tuple[str, str]:
    """A quarter behind `à`, `vers` or the like; `sac à main` and `riz au gras` name none."""
    for match in reversed(list(_PLACE.finditer(said))):
        found = find_places(match[1])
        where = found.exact or (found.candidates[0] if found.candidates else None)
        if where and where.latitude is not None and len(fold(found.rest).split()) == 0:
            return f"{said[: match.start()]} ", where.slug
    return said, ""


def _with_words(wanted: Wanted, said: str) -> Wanted:
    """The words that are left: the goods, and what only helps to choose among them."""
    words = [_NUMBERED.sub(r"\1", word) for word in fold(said).split() if word not in LITTLE]
    goods = [word for word in words if not _is_quality(word)]
    if not goods:  # `un sac`, `bouteilles`: the unit is the good
        goods = [word for word in words if not word.isdigit() and word not in QUALITIES]
    goods = goods[:MOST_WORDS]
    return replace(
        wanted, goods=tuple(goods), qualities=tuple(word for word in words if word not in goods)[:MOST_WORDS]
    )


def _is_quality(word: str) -> bool:
    single = word.removesuffix("s")
    return word.isdigit() or word in QUALITIES or single in QUALITIES or word in UNITS or single in UNITS
