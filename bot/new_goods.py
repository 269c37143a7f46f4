"""A new product as a vendor writes it, below its photo or alone: `Pagne 6 yards 9500 x12`, `Robe 12000 tailles S M L`.

Nothing here is a guess that is not shown: whatever is read is said back before it is done.
"""

import re
from dataclasses import dataclass
from typing import Final

from base.money import read_amount
from base.spelling import fold
from bot.understanding.goods import UNIT_OF, is_measure
from catalog.listing import LONGEST_NAME, MOST_VARIANTS, Condition

LONGEST: Final = 400  # characters that are read
MOST_LINES: Final = 10
MOST_QUANTITY: Final = 99_999
LEAST_PRICE: Final = 100  # F CFA that a bare number must be to be a price
_WRITTEN: Final = "unités unité units pièces pièce boîtes boîte panier".split()  # beside those that are folded
_UNIT: Final = "|".join(sorted({*UNIT_OF, *_WRITTEN}, key=len, reverse=True))
_COMMAND: Final = re.compile(
    r"^\s*(?:je (?:veux|voudrais|vais) )?(?:ajout(?:e[rz]?|ons)|mets|mettez|met|nouveau|nouvel|nouvelle|new|add|sell)\b"
    r"\s*(?:(?:moi|un|une|le|la|du|des|a|an|the)\b\s*)*(?:(?:nouveau|nouvel|new)\b\s*)?"
    r"(?:(?:produit|article|product|item|good)s?\b)?\s*[:,-]?\s*",
    re.IGNORECASE,
)
_AMOUNT: Final = re.compile(
    r"(?<![\w.,])(?:(?P<intro>prix|price|à|a|@|:|=)\s*:?\s*)?"
    r"(?P<figures>\d{1,3}(?:[ .\u00a0\u202f]\d{3})+(?!\d)|\d+(?:[.,]\d{1,3})?)"
    r"(?:\s?(?P<thousand>k(?:\d{1,3})?|mil(?:le)?)(?=\W|$|f))?"
    r"(?:\s?(?P<mark>f\.? ?cfa|fcfa|cfa|francs?|frs?|f|xof))?(?!\w)",
    re.IGNORECASE,
)
_TIMES: Final = re.compile(r"(?<!\w)[x×*]\s?(\d{1,5})(?!\w)", re.IGNORECASE)
_TIMES_BEHIND: Final = re.compile(r"(?<!\w)(\d{1,5})\s?[x×*](?!\w)", re.IGNORECASE)
_STOCK: Final = re.compile(
    r"\b(?:stock|quantit[ée]|qt[ée]|qty|j'?\s?en ai|il y en a|i have)\s*[:=]?\s*(\d{1,5})(?!\w)"
    r"|(?<![\w.,])(\d{1,5})\s*(?:en stock|disponibles?|dispo|in stock|left|available)\b",
    re.IGNORECASE,
)
_COUNTED: Final = re.compile(rf"(?<![\w.,])(\d{{1,5}})\s?({_UNIT})\b(?!\s*(?:de|d'|of)\b)", re.IGNORECASE)
_PER: Final = re.compile(rf"\s*(?:/|\b(?:le|la|l'|par|the|per|chaque)\b)\s*({_UNIT})\b", re.IGNORECASE)
_SIZES: Final = re.compile(
    r"\b(?P<kind>tailles?|pointures?|sizes?)\b\s*:?\s*(?P<first>[a-z0-9]{1,4})"
    r"(?P<rest>(?:\s*(?:,|/|;|-|\bet\b|\band\b|\bà\b|\bau\b|\ba\b|\bto\b)?\s*\b(?:\d?x{0,4}[sml]|\d{2}|unique)\b)*)",
    re.IGNORECASE,
)
_SIZE: Final = re.compile(r"(?:\d?x{0,4}[sml]|\d{2})", re.IGNORECASE)
_RANGE: Final = re.compile(r"\b(\d{2})\s*(?:-|à|au|a|to)\s*(\d{2})\b", re.IGNORECASE)
_IN_RANGE: Final = re.compile(
    r"(?<=[^\W\d])\s+(?:du\s+|de\s+)?(?P<first>\d{2})\s*(?:-|à|au|a|to)\s*(?P<last>\d{2})\b"
    r"(?!\s*(?:%|f\b|fcfa|kg|g\b|l\b|cm|ml|cl|pouces?|ans))"
    r"(?:\s+(?:(?:toutes?|les|en|de)\s+)*(?P<kind>tailles?|pointures?|sizes?))?(?=[\s,:;.]+.*\d{3})",
    re.IGNORECASE,
)
_CONDITIONS: Final[tuple[tuple[re.Pattern[str], Condition], ...]] = (
    (
        re.compile(r"\b(?:d'?\s?occasion|occasion|deuxi[eè]me main|seconde main|second hand|used)\b", re.IGNORECASE),
        "occasion",
    ),
    (re.compile(r"\bvenue?s?(?: de (?:france|l'europe))?\b", re.IGNORECASE), "venu"),
    (re.compile(r"\b(?:tout )?(?:neufs?|neuves?|brand new)\b", re.IGNORECASE), "neuf"),
)
_AROUND: Final = " \t\r\n,;:.-–—/=+*•|@"
_ENDS: Final = re.compile(r"(?:^|\s)(?:à|a|de|prix|price|et|at|for|pour|stock|le|la|c'est|il y a)$", re.IGNORECASE)


@dataclass(frozen=True)
class Told:
    """What was read of one product; None and '' where it was not said. `sizes` as typed, in capitals."""

    name: str = ""
    price: int | None = None
    quantity: int | None = None
    unit: str = ""
    sizes: tuple[str, ...] = ()
    attribute: str = ""  # what the sizes are: taille, pointure
    condition: Condition = ""
    description: str = ""

    @property
    def is_offer(self) -> bool:
        """Whether it says what is sold, and for how much or how many."""
        return bool(self.name) and (self.price is not None or self.quantity is not None)


def read_goods(text: str) -> tuple[Told, ...]:
    """The products of a message: one a line where each line is an offer of its own, else one of all lines."""
    lines = [line for line in text[: LONGEST * MOST_LINES].splitlines() if line.strip()][:MOST_LINES]
    each = [read_good(line) for line in lines]
    if len(each) > 1 and all(told.name and told.price is not None for told in each):
        return tuple(each)
    whole = read_good(" , ".join(lines))
    return (whole,) if whole.name else ()


def is_caption(text: str) -> bool:
    """Whether words offer a product: a name with a price or a number, and no question."""
    return "?" not in text and any(told.is_offer for told in read_goods(text))


def read_good(text: str) -> Told:
    """One product; what cannot be placed stays in its name or, behind the price, in its description."""
    left = " ".join(_COMMAND.sub("", text[:LONGEST], count=1).split())
    left, sizes, attribute = _sizes(left)
    left, condition = _condition(left)
    left, quantity, unit = _quantity(left)
    left, price, sold_by = _price(left)
    before, _, behind = left.partition("\0")
    name, description = _cleaned(before), _cleaned(behind)
    if not _has_letters(name):
        name, description = description, ""
    name = name if _has_letters(name) else ""
    return Told(
        name=_capital(name)[:LONGEST_NAME].strip(),
        price=price,
        quantity=quantity,
        unit=sold_by or unit,
        sizes=sizes,
        attribute=attribute,
        condition=condition,
        description=description if _has_letters(description) else "",
    )


def read_price(text: str) -> int | None:
    """The price that a whole answer names, in F CFA; `9500`, `9 500 F`, `9,5k`, `deux mille`; else None."""
    amount = read_amount(text)
    return amount if amount else None


def unit_said(text: str) -> str:
    """A unit as goods are sold by it: `sacs` is `sac`; any short word is one; '' for what is none."""
    word = " ".join(text.split()).casefold()
    known = UNIT_OF.get(fold(word))
    if known:
        return known
    return word if 2 <= len(word) <= 20 and word.replace(" ", "").isalpha() and word.count(" ") < 2 else ""


def _sizes(text: str) -> tuple[str, tuple[str, ...], str]:
    found = _SIZES.search(text)
    if not found:
        return _ranged(text)
    named = f"{found['first']}{found['rest']}"
    spread = _RANGE.sub(lambda ends: _spread(int(ends[1]), int(ends[2])), named)
    sizes = tuple(dict.fromkeys(size.upper() for size in _SIZE.findall(spread) if _is_size(size)))[:MOST_VARIANTS]
    if len(sizes) < 2:  # one size tells which good it is
        return _ranged(text)
    attribute = "pointure" if fold(found["kind"]).startswith("pointure") else "taille"
    return f"{text[: found.start()]} {text[found.end() :]}", sizes, attribute


def _ranged(text: str) -> tuple[str, tuple[str, ...], str]:
    """`jeans 28 à 34 toutes tailles 6500`, `chaussures 36 au 41 7500`: all sizes between two, with a price behind."""
    found = _IN_RANGE.search(text)
    first, last = (int(found["first"]), int(found["last"])) if found else (0, 0)
    if not found or not _is_size(str(first)) or not _is_size(str(last)) or not first < last <= first + MOST_VARIANTS:
        return text, (), ""
    sizes = tuple(_spread(first, last).split())[:MOST_VARIANTS]
    kind = fold(found["kind"] or "")
    is_shoe = kind.startswith("pointure") or (not kind and first >= _LEAST_SHOE)
    return f"{text[: found.start()]} {text[found.end() :]}", sizes, "pointure" if is_shoe else "taille"


_LEAST_SHOE: Final = 35


def _spread(first: int, last: int) -> str:
    return " ".join(map(str, range(first, last + 1))) if first < last <= first + MOST_VARIANTS else f"{first} {last}"


def _is_size(size: str) -> bool:
    return not size.isdigit() or 14 <= int(size) <= 64


def _condition(text: str) -> tuple[str, Condition]:
    for pattern, condition in _CONDITIONS:
        if pattern.search(text):
            return pattern.sub(" ", text, count=1), condition
    return text, ""


def _quantity(text: str) -> tuple[str, int | None, str]:
    for pattern in (_TIMES, _TIMES_BEHIND, _STOCK):
        found = pattern.search(text)
        if found:
            behind = re.match(rf"\s*({_UNIT})\b", text[found.end() :], re.IGNORECASE)
            end = found.end() + (behind.end() if behind else 0)
            number = int(next(filter(None, found.groups())))
            return f"{text[: found.start()]} \0 {text[end:]}", number, unit_said(behind[1]) if behind else ""
    counted = [one for one in _COUNTED.finditer(text) if not is_measure(fold(one[2])) and one.start()]
    if counted:
        last = counted[-1]
        return f"{text[: last.start()]} \0 {text[last.end() :]}", int(last[1]), unit_said(last[2])
    return text, None, ""


def _price(text: str) -> tuple[str, int | None, str]:
    """The amount with a mark of money, else the last bare number that is large enough and measures nothing."""
    marked, bare = [], []
    for found in _AMOUNT.finditer(text):
        amount = _amount(found)
        if amount is None:
            continue
        if found["mark"] or found["thousand"]:
            marked.append((found, amount))
        elif amount >= LEAST_PRICE and not _measures(text[found.end() :]):
            bare.append((found, amount))
    chosen = marked[:1] or [one for one in bare if one[0]["intro"]][-1:] or bare[-1:]
    if not chosen:
        return text, None, ""
    found, amount = chosen[0]
    per = _PER.match(text, found.end())
    end = per.end() if per else found.end()
    return f"{text[: found.start()]} \0 {text[end:]}", amount, unit_said(per[1]) if per else ""


def _amount(found: re.Match[str]) -> int | None:
    figures, thousand = found["figures"], (found["thousand"] or "").casefold()
    said = f"{figures}{thousand}" if thousand.startswith("k") else f"{figures} {thousand}" if thousand else figures
    return read_amount(said.replace("\u202f", " ").strip()) or None


def _measures(behind: str) -> bool:
    word = re.match(r"\s*([a-zà-ÿ]+)", behind, re.IGNORECASE)
    return bool(word) and is_measure(fold(word[1])) if word else False


def _has_letters(text: str) -> bool:
    return sum(map(str.isalpha, text)) >= 2


def _cleaned(text: str) -> str:
    text = " ".join(text.replace("\0", " ").split()).strip(_AROUND)
    while found := _ENDS.search(text):
        text = text[: found.start()].strip(_AROUND)
    return re.sub(r"\s+([,;.])", r"\1", text)


def _capital(text: str) -> str:
    first = text.split(" ", 1)[0]
    return text[:1].upper() + text[1:] if first.islower() else text
