"""From how few units a vendor wants to hear of it: `alerte riz 5`, `préviens moi quand le gari est à 10`."""

import re
from typing import Final

from bot.dialogs.vendor.promo_words import product_named

_UNITS: Final = r"(?:sacs?|pi[eè]ces?|cartons?|bo[iî]tes?|bouteilles?|paquets?|bols?|paires?|unit[eé]s?)"
_ASKING: Final = re.compile(
    r"^.*?\b(?:quand|qd|si|s['’]|d[eè]s que|lorsqu\w*['’]?|when|if)\s*(?:il\b|there\b|the\b)?", re.IGNORECASE
)
_LEFT: Final = re.compile(
    r"\b(?:(?:ne |n['’])?(?:(?:me |m['’])?reste\w*|(?:est |passe )?(?:à |en |sous )?(?:moins de|dessous de)"
    r"|is (?:below|under)|less than|(?:are|is)(?= \d))\s+)(?:plus |que |qu['’]|moins de |only )*(\d{1,3})\b\s*"
    rf"(?:{_UNITS}\b\s*)?(.*?)(?:\s+left)?$",
    re.IGNORECASE,
)
_FIGURE: Final = re.compile(
    r"(?:(?:\b(?:est|sont|is|are|arrive\w*|descend\w*|tombe\w*|passe\w*)\s+)?(?<!\w)(?:à|a|en|at|sous|below)\s+)?"
    rf"(?<!\S)(\d{{1,3}})(?=\W*(?:$|\s))(?:\s+{_UNITS}\b(?:\s+de\b|\s+d['’])?)?",
    re.IGNORECASE,
)
_WARNING: Final = re.compile(
    r"\b(?:alertez|alerte|alert|seuil|low stock|stock bas|stock|pr[ée]viens|pr[ée]venez|avertis|avertissez|warn|dis"
    r"|dites|tell|moi|me|quand|qd|if|when|sous|en dessous d[eu]|pour|sur|à|at|below)\b",
    re.IGNORECASE,
)
_NEARLY: Final = re.compile(
    r"\b(?:est|sont|is|are|va|vont|bient[oô]t|presque|nearly|almost|finie?s?|finir|peu de|low)\b", re.IGNORECASE
)


def read_few_words(text: str) -> tuple[int | None, str]:
    """How many are few, None where that is not told, and the words of a good, '' for all. Never raises."""
    left = _LEFT.search(text)
    if left:
        before, behind = product_named(_ASKING.sub("", text[: left.start()])), product_named(left[2])
        return int(left[1]), behind or before
    figures = [one for one in _FIGURE.finditer(text) if not _is_of_name(text, one)]
    if not figures:
        return None, _named(_NEARLY.sub(" ", _ASKING.sub("", text)))
    last = figures[-1]
    return int(last[1]), _named(f"{text[: last.start()]} {text[last.end() :]}")


def _is_of_name(text: str, figure: re.Match[str]) -> bool:
    """`25 kg`: a measure tells which good, and not how many."""
    return re.match(r"\s?(?:kg|g|l|cl|ml|m|yards?)\b", text[figure.end() :], re.IGNORECASE) is not None


def _named(text: str) -> str:
    return product_named(_WARNING.sub(" ", text.replace("-", " ")))
