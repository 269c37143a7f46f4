"""Money: whole F CFA, printed one way and read in every way people type it."""

import re
import unicodedata
from collections.abc import Callable, Sequence

from text_to_num import text2num

from base.spelling import normalise

_NO_BREAK = "\u00a0"
_MINUS = "\u2212"
_SMALLEST_COIN = 5
_LONGEST_AMOUNT = 80

_PRINTED_GROUP = re.compile(r"(?<=[0-9])[\u00a0\u202f](?=[0-9]{3}(?![0-9]))")
_MILLION_LETTER = re.compile(r"(?<=[0-9]) ?M(?![A-Za-z])")
_CURRENCY = r"(?:f[ .]?cfa|fcfa|cfa|xof|francs? cfa|francs?|frs?|f)"
_INTRODUCED = re.compile(r"^(?:(?:c'? ?est|c|a|prix|total)\s+|[@=:]\s*)+(?=[a-z0-9])")
_POLITE_END = re.compile(r"(?:\s+(?:svp|stp|merci|chacun|net)|[\s.!?])+$")
_SAID_TWICE = re.compile(r"^(.+?)[\s-]+\1$")
_PER_UNIT = re.compile(
    r"(?:\s+(?:le|la|par|chaque)\s+|\s*l'|\s*/\s*(?:le |la )?)(?:[0-9]{1,3}(?=[a-z]))?[a-z]+(?: de [a-z]+)?$"
)
_DASH_END = re.compile(r"\s*/?-$")
_CURRENCY_AT_END = re.compile(rf"(?<![a-z])\s*{_CURRENCY}$")
_CURRENCY_AT_START = re.compile(rf"^{_CURRENCY}\s*(?=[0-9])")
_SAME_GROUPS = re.compile(r"^([0-9]{3}) \1$")

_FIGURES = re.compile(r"^([1-9][0-9]{0,2}([ .,'])[0-9]{3}(?:\2[0-9]{3}){0,2}|0|[1-9][0-9]{0,11})(?:[.,]00?)?$")
_K = re.compile(r"^([0-9]{1,6})(?:[.,]([0-9]{1,3}))? ?k$")
_K_AND_HUNDREDS = re.compile(r"^([1-9][0-9]{0,3}) ?k ?([1-9]|[1-9][0-9]{2})$")
_DECIMAL = re.compile(r"^([0-9]{1,3})[.,]([0-9]{1,3})$")
_FIGURE_MEETS_LETTER = re.compile(r"(?<=[0-9])(?=[a-z])|(?<=[a-z])(?=[0-9])")
_UNITS = frozenset("un une deux trois quatre cinq six sept huit neuf".split())


def format_amount(amount: int) -> str:
    """Return whole F CFA as people read them in totals: `1 500 F CFA`, every space U+00A0."""
    return f"{format_short(amount)}{_NO_BREAK}CFA"


def format_short(amount: int) -> str:
    """Return whole F CFA for tight lists: `1 500 F`, every space U+00A0; a discount carries U+2212."""
    sign = _MINUS if amount < 0 else ""
    return sign + f"{abs(amount):,}".replace(",", _NO_BREAK) + f"{_NO_BREAK}F"


def round_to_coin(amount: int) -> int:
    """Return `amount` F CFA rounded to the nearest 5 F, the smallest coin in use."""
    return (amount + _SMALLEST_COIN // 2) // _SMALLEST_COIN * _SMALLEST_COIN


def read_amount(text: str) -> int | None:
    """Return the one amount that `text` is, in whole F CFA, or None when it is another thing or could be two amounts.

    `2 mille 5` is 2 500 and `500 500` is 500 said twice, as the market says them. Ranges, lots (`3 pour 1000`),
    measures (`25kg`), centimes and `cent cinq` (105 or 500) are refused. Never raises.
    """
    if len(text) > _LONGEST_AMOUNT:
        return None
    said = _POLITE_END.sub("", _INTRODUCED.sub("", _plain(text)))
    twice = _SAID_TWICE.match(said)
    return _one_amount(twice[1] if twice else said)


_AMOUNT = (
    r"((?:[0-9][0-9 .,']*[0-9]|[0-9])(?: ?(?:k[0-9]*|mille|mil|millions?))?|(?:[a-z]+ )?mille)"
    r"(?: ?(?:f ?cfa|fcfa|cfa|francs?|frs?|f)\b)?"
)
_AT_MOST = re.compile(
    r"\b(?:max(?:imum|i)?|moins de|a moins de|pas plus de|jusqu'? ?a|en dessous de|inferieur a|under|below|at most"
    r"|less than|depasse(?:nt)? pas|depasser|bud[gj]et(?: de| est de| is| c'? ?est| c)?|j'? ?ai(?: seulement| que)?"
    rf"|je n'? ?ai que)(?: les)? {_AMOUNT}"
)
_AT_MOST_BEHIND = re.compile(rf"{_AMOUNT} ?(?:max(?:imum|i)?|au plus|au maximum)\b")
_AT_LEAST = re.compile(rf"\b(?:a partir de|au moins|plus de|minimum|min|above|from|des) {_AMOUNT}")
_FROM_TO = re.compile(
    rf"\b(?:entre|de|between) {_AMOUNT} (?:et|a|and) {_AMOUNT}|(?<![a-z0-9]){_AMOUNT} ?(?:a|-) ?{_AMOUNT}"
)


def read_bounds(text: str) -> dict[str, int]:
    """The bounds (`min_price`, `max_price`, whole F CFA) that `text` begins with; empty when it begins otherwise."""
    plain = _plain(text)[:_LONGEST_AMOUNT]
    return _bounds(plain, lambda pattern: pattern.match(plain))


def find_bounds(text: str) -> dict[str, int]:
    """The bounds anywhere in `text`. A word like `mil` behind the second end counts for both: `entre 5 et 8 mil`."""
    plain = _plain(text)
    return _bounds(plain, lambda pattern: pattern.search(plain))


def _bounds(plain: str, find: Callable[[re.Pattern[str]], re.Match[str] | None]) -> dict[str, int]:
    span = find(_FROM_TO)
    if span:
        low, high = (read_amount(end) for end in [end for end in span.groups() if end])
        if low and high and low < 100 and high >= 1000:
            low *= 1000
        return {"min_price": low, "max_price": high} if low and high and low < high and high >= 100 else {}
    for name, pattern in (("max_price", _AT_MOST), ("max_price", _AT_MOST_BEHIND), ("min_price", _AT_LEAST)):
        found = find(pattern)
        amount = read_amount(found[1]) if found else None
        if amount and amount >= 100:
            return {name: amount}
    return {}


def _plain(text: str) -> str:
    """Fold, keeping separators; a no-break space between groups, as we print it, becomes `'`: it never says twice."""
    grouped = unicodedata.normalize("NFKC", _PRINTED_GROUP.sub("'", text)).replace("’", "'")
    folded = unicodedata.normalize("NFD", _MILLION_LETTER.sub(" million", grouped).casefold())
    return " ".join("".join(letter for letter in folded if not unicodedata.combining(letter)).split())


def _one_amount(said: str) -> int | None:
    bare = _CURRENCY_AT_END.sub("", _DASH_END.sub("", _PER_UNIT.sub("", said)))
    bare = _CURRENCY_AT_START.sub("", bare)
    if _SAME_GROUPS.match(bare):
        return None
    for reader in (_figures, _thousands_by_k, _k_and_hundreds):
        amount = reader(bare)
        if amount is not None:
            return amount
    return _in_words(bare)


def _figures(said: str) -> int | None:
    match = _FIGURES.match(said)
    return int(re.sub("[^0-9]", "", match[1])) if match else None


def _thousands_by_k(said: str) -> int | None:
    match = _K.match(said)
    return _thousandths(match[1], match[2] or "") if match else None


def _k_and_hundreds(said: str) -> int | None:
    match = _K_AND_HUNDREDS.match(said)
    return int(match[1]) * 1000 + int(match[2].ljust(3, "0")) if match else None


def _thousandths(whole: str, decimals: str) -> int:
    return int(whole + decimals.ljust(3, "0"))


def _in_words(said: str) -> int | None:
    parts = _FIGURE_MEETS_LETTER.sub(" ", said).replace("-", " ").split()
    tokens = [token for part in parts for token in ([part] if part[0].isdigit() else normalise(part).split())]
    if not any(token.isalpha() for token in tokens):
        return None
    tokens = [{"millions": "million", "cents": "cent"}.get(token, token) for token in tokens]
    return _millions(tokens) if "million" in tokens else _below_million(tokens)


def _millions(tokens: Sequence[str]) -> int | None:
    place = tokens.index("million")
    head, tail = tokens[:place], tokens[place + 1 :]
    thousandths = _thousandths_of(head)
    rest = _below_million(tail) if "mille" in tail else None if tail else 0
    return None if thousandths is None or rest is None else thousandths * 1000 + rest


def _below_million(tokens: Sequence[str]) -> int | None:
    if "mille" not in tokens:
        return _below_thousand(tokens)
    place = tokens.index("mille")
    head, tail = tokens[:place], tokens[place + 1 :]
    thousands = _thousandths_of(head) if head else 1000
    rest = _after_thousands(tail) if tail else 0
    return None if thousands is None or rest is None else thousands + rest


def _after_thousands(tokens: Sequence[str]) -> int | None:
    """A lone digit counts hundreds here, as people say it: `deux mille cinq` is 2 500."""
    value = _below_thousand(tokens)
    return value * 100 if value is not None and value < 10 else value


def _thousandths_of(tokens: Sequence[str]) -> int | None:
    decimal = _DECIMAL.match(tokens[0]) if len(tokens) == 1 else None
    if decimal:
        return _thousandths(decimal[1], decimal[2])
    value = _below_thousand(tokens)
    return value * 1000 if value else None


def _below_thousand(tokens: Sequence[str]) -> int | None:
    if len(tokens) == 1 and tokens[0].isdecimal():
        return int(tokens[0]) if len(tokens[0]) <= 3 and tokens[0][0] != "0" else None
    if len(tokens) == 2 and tokens[1] == "cent" and tokens[0].isdecimal():
        return int(tokens[0]) * 100 if 1 < int(tokens[0]) < 10 else None
    if not all(token.isalpha() for token in tokens) or (list(tokens[-2:-1]) == ["cent"] and tokens[-1] in _UNITS):
        return None
    return _number_in_words(tokens)


def _number_in_words(tokens: Sequence[str]) -> int | None:
    try:
        value = int(text2num(" ".join(tokens), "fr"))
    except ValueError:
        return None
    return value if value < 1000 else None
