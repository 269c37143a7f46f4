"""A vendor's message as he meant it: without courtesy, with what he corrected, counts apart from their goods."""

import re
from typing import Final

from base.spelling import fold

_ARROW: Final = re.compile(r"\s*(?:[-=]{1,2}>|[→➡⇒])\s*")
_FROM: Final = re.compile(rf"(?<![\w.,/-])(\d[\d .]{{0,8}})(?={_ARROW.pattern}\d)")
_CORRECTED: Final = re.compile(
    r"(?<![\w.,/])(\d{1,6})((?:\s+[^\W\d]+){0,3}?)[\s,.;]+(?:oh\s+|euh\s+|ah\s+)?"
    r"(?:non|pardon|plut[oô]t|oups|erreur|d[eé]sol[eé]|je (?:veux|voulais) dire)[\s,:]+(?:pas\s+\1\s+mais\s+)?"
    r"(?:c'?(?:est|était)?\s+)?(\d{1,6})(?:\2(?![\w.,/])|(?=\s*(?:$|[,.;!\n])))",
    re.IGNORECASE,
)
"""`vendu 3 savons pardon 4 savons`: what is said last counts."""
_DENIED_FIRST: Final = re.compile(
    r"^\s*(?:non[\s,]+)?(?:c'?est\s+)?pas\s+\d{1,6}(?:\s+[^\W\d]+)?\s+mais\s+(?=\d)", re.IGNORECASE
)
_GLUED: Final = re.compile(
    r"(?<![\w.,/'’-])(\d{1,3})(?!(?:milles?|mill|kilos?|litres?|metres?|mètres?|yards?|pouces?|inch|watts?|volts?|grammes?"
    r"|heures?|fcfa|francs?|i?(?:e|è)mes?|jours?|mois|pour)\b)([^\W\d]{4,}|(?:pcs|pqt|ctn|bol|sac|tas|pot|lot))\b",
    re.IGNORECASE,
)
"""`vendu 3savon`: a count that was typed as one with its goods."""
_PRICE_BY: Final = re.compile(r"(?<![\w.,/])(\d{3,7})\s?[x×*]\s?(\d{1,3})(?![\w/]|[.,]\d|\s?[x×*])", re.IGNORECASE)
_BY_PRICE: Final = re.compile(
    r"(?<![\w.,/])(\d{1,2})\s?[x×*]\s?(\d{3,7})(?=\s*(?:f|fcfa|cfa|francs?)?\s*$)", re.IGNORECASE
)
_BY_PRICE_FIRST: Final = re.compile(r"^\s*(\d{1,2})\s?[x×*]\s?(\d{3,7})\s+(?=[^\W\d])(.+?)\s*$", re.IGNORECASE)
"""`riz 17500x20`, `riz 20x17500`, `3x1000 savon`: a price and so many units; of measures (`200x90`) neither is."""
_PARTS: Final = re.compile(r"(\n|[,;]\s+|\s+et\s+)")
_SENTENCES: Final = re.compile(r"(\n|[,;](?!\d)|[.!](?=\s|$))")


def tidied(text: str) -> str:
    """The message as it is read: `250 → 300` is `250 à 300`, `3 non 4` is `4`, `3savons` is `3 savons`."""
    text = _ARROW.sub(" à ", _FROM.sub(r"de \1", text))
    sizes_apart = "\n".join(_sizes_apart(line) for line in text.split("\n"))
    text = "".join(_price_apart(part) for part in _PARTS.split(sizes_apart))
    text = _CORRECTED.sub(r"\3\2", _DENIED_FIRST.sub("", text))
    return without_courtesy(_GLUED.sub(_apart, text))


def _sizes_apart(line: str) -> str:
    """`40 (2) 41 (3)`, `40: 2, 41: 3`, `40 x 2, 41 x 3`, `du 40 au 43 : 2 chacune` are all `40:2 41:3`."""
    each = _OF_EACH_SIZE.match(line)
    if each and int(each["first"]) < int(each["last"]) <= int(each["first"]) + _MOST_SIZES:
        sizes = range(int(each["first"]), int(each["last"]) + 1)
        return f"{each['goods']} " + " ".join(f"{size}:{int(each['units'])}" for size in sizes)
    pairs = _SIZE_PAIRS.search(line)
    if not pairs:
        return line
    told = " ".join(f"{size}:{units}" for size, units in _SIZE_PAIR.findall(pairs[0]))
    return f"{line[: pairs.start()].rstrip(' :,')} {told}{line[pairs.end() :]}"


_MOST_SIZES: Final = 12
_A_SIZE: Final = (
    r"(?<![\w.,/])([2-5]\d)\s?(?:[:=]\s?(?=\d)|[x×*]\s?(?=[01]?\d(?!\d))|\(\s?(?=\d{1,2}\s?\)))"
    r"(\d{1,2})(?![\w.,/]\d)\s?\)?"
)
_SIZE_PAIR: Final = re.compile(_A_SIZE, re.IGNORECASE)
_SIZE_PAIRS: Final = re.compile(rf"{_A_SIZE}(?:\s*(?:,|;|/|-|et)?\s*{_A_SIZE})+", re.IGNORECASE)
_OF_EACH_SIZE: Final = re.compile(
    r"^\s*(?P<goods>[^\W\d][^\d]*?)\s*[:,]?\s*(?:du|de|pointures?|tailles?|sizes?)?\s(?P<first>[2-5]\d)\s?"
    r"(?:au|à|a|-|to)\s?(?P<last>[2-5]\d)\s?(?:[:=x,]|a|à)?\s?(?P<units>\d{1,2})\s?(?:paires?\s|pi[eè]ces?\s)?"
    r"(?:(?:de\s)?chacune?s?|(?:de\s)?chaque|each|par (?:pointure|taille)|partout)\s*$",
    re.IGNORECASE,
)


def _price_apart(line: str) -> str:
    """The units of a line apart from their price."""
    first = _BY_PRICE_FIRST.match(line)
    if first and _is_price(first[2], first[1]) and not any(letter.isdigit() for letter in first[3]):
        return f"{first[3]} x{first[1]} {first[2]}"
    line = _PRICE_BY.sub(lambda one: f"{one[1]} x{one[2]}" if _is_price(one[1], one[2]) else one[0], line)
    return _BY_PRICE.sub(lambda one: f"x{one[1]} {one[2]}" if _is_price(one[2], one[1]) else one[0], line)


def _is_price(amount: str, units: str) -> bool:
    """Whether a figure is so much more than the other that no measures are told."""
    return int(amount) % _COIN == 0 and int(amount) >= _LEAST_TIMES * int(units) > 0


_COIN, _LEAST_TIMES = 5, 10


def _apart(found: re.Match[str]) -> str:
    """A count apart from its goods; an order's code stays whole."""
    word = f"{found[1]}{found[2]}"
    return word if len(word) == _CODE and found[2].casefold() not in _SHORT_UNITS else f"{found[1]} {found[2]}"


_CODE: Final = 5  # letters and figures of an order's code
_SHORT_UNITS: Final = frozenset("pcs pqt pqts ctn ctns bol bols sac sacs tas pot pots lot lots".split())


def without_courtesy(text: str) -> str:
    """A message without its parts of mere politeness: `rupture tomate, merci beaucoup`; as it is where all is."""
    parts = _SENTENCES.split(text)
    kept = [part for part in parts[::2] if not _is_polite(part)]
    if len(kept) == len(parts[::2]) or not any(part.strip() for part in kept):
        return text
    return "".join(
        part + (parts[at + 1] if at + 1 < len(parts) else "")
        for at, part in enumerate(parts)
        if at % 2 == 0 and not _is_polite(part)
    ).rstrip(" ,;.!\n")


def _is_polite(part: str) -> bool:
    words = fold(part).split()
    return bool(words) and _POLITE.issuperset(words) and not _POLITE_ALONE.issuperset(words)


_POLITE_ALONE: Final = frozenset("ok de a vous la plus tard jour le beaucoup bien".split())
_POLITE: Final = (
    frozenset(
        "bonjour bonsoir salut coucou bjr bsr slt hello merci mrc beaucoup bcp infiniment bien svp stp dieu que vous te"
        " benisse garde amen pardon chef patron patronne boss bonne bon journee soiree nuit weekend semaine marche et a"
        " plus tard tout monde encore thanks thank you please de courage du".split()
    )
    | _POLITE_ALONE
)


def has_several_lines(text: str) -> bool:
    """Whether two lines have a figure each: one guess would pass over the others."""
    return sum(any(letter.isdigit() for letter in line) for line in text.splitlines()) > 1
