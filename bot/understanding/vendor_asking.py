"""What looks like a change of a vendor's goods and is none: a question, a thing that did not happen, one taken back."""

import re
from typing import Final

from base.day_words import lacks_hour, tells_day_hours
from base.spelling import fold
from bot.messages import Heard
from bot.understanding.door_payment import read_door_payment
from bot.understanding.free_prices import read_free
from bot.understanding.lots import read_lots
from bot.understanding.price_steps import read_steps
from bot.understanding.sizes_in_row import read_sizes
from bot.understanding.stock_lines import read_stock_lines
from bot.understanding.stock_shapes import LIKELY, SURE, goods_named, joined_kinds
from bot.understanding.stock_words import OPENING
from bot.understanding.terms_slots import DENIED
from bot.understanding.times import heard_times
from bot.understanding.traits import is_code
from bot.understanding.typed_numbers import COUNT, PRICE, SHARE, tokens_of

_NOT_DONE: Final = re.compile(
    r"\b(?:pas|jamais|rien)\s+(?:encore\s+|vraiment\s+)?(?:vendue?s?|re[cç]ue?s?|ajout[eé]e?s?|sortie?s?|livr[eé]e?s?)\b"
    r"|\bn'?\s?a(?:i|vons)?\s+(?:rien|pas)\s+vendu\b",
    re.IGNORECASE,
)
_TAKEN_BACK: Final = re.compile(r"^\s*(?:annule[rz]?|annulation|undo|cancel)\b(?=.*[\w])", re.IGNORECASE)
_ASKED: Final = re.compile(r"\?|^\s*(?:est[ -]ce(?: qu[e'’]?)?|esk|eske|do i|did i|is it)\b", re.IGNORECASE)
_ASKED_PRICE: Final = re.compile(
    r"(?:(?:c est |quel est |c est quoi |quoi )?(?:le |mon )?prix (?:de |du |des |de la |de l |d |actuel (?:de |du )?)*"
    r"(?P<of>.+?)|(?:combien (?:coute|vaut) (?:le |la |les |l )?(?P<how>.+?))"
    r"|(?P<it>.+?) (?:c est |a |coute |fait )?(?:combien|comben|quel prix))"
)
_HESITANT: Final = re.compile(
    r"(?:(?:heu|euh|hum|hmm|ben|bon|non|oui|mais) )*(?:peut ?etre(?: bien)?(?: (?:demain|plus tard|oui|non))?"
    r"|ptet|p t etre"
    r"|on verra(?: bien)?|(?:je )?(?:(?:ne )?sais|c?hais) pas(?: encore| trop)?|j hesite(?: encore)?"
    r"|(?:je )?reflechis(?: encore| d abord)?|attend(?:s|ez)?(?: un peu| d abord| stp| svp)?"
    r"|(?:une|1) minute(?: svp| stp)?"
    r"|maybe|(?:i )?don t know(?: yet)?|not sure(?: yet)?|let me think|wait(?: a minute)?)"
)
_READ_OF: Final = frozenset("set_stock add_stock remove_stock set_price out_of_stock back_in_stock".split())


def said_plainly(text: str) -> tuple[Heard, ...] | None:
    """What such a message says, () where nothing of it may be done; None where it is no such message."""
    if _NOT_DONE.search(text):
        return ()
    if _HESITANT.fullmatch(" ".join(fold(text).split())):
        return (Heard("unknown", {}, 0.0),)  # which no guess makes anything else of
    steps = () if _ASKED.search(text) else read_steps(text)
    if steps:
        return steps
    if _TAKEN_BACK.match(text) and _is_of_goods(text):
        return (Heard("undo", {}, LIKELY),)
    return next((heard for read in _WAYS if (heard := read(text))), None) or _question(text)


def _runs_low(text: str) -> tuple[Heard, ...] | None:
    """`riz bientôt fini`, `il reste peu de riz`: how many are left, is asked."""
    told = [one for one in tokens_of(text) if one.kind not in OPENING]
    joined = joined_kinds(told)
    found = next((found for way in _LOW if (found := way.fullmatch(joined))), None)
    if found is None:
        return None
    first, end = (joined.count(" ", 0, place) for place in found.span("of"))
    goods = goods_named(text, told[first:end])
    return (Heard("set_stock", {"product": goods}, LIKELY),) if goods else None


_OF: Final = r"(?:(?:le|la|les|l|mon|ma|mes|du|de|d|des|the|my) )*(?P<of>(?:(?:[a-z][a-z0-9]*|M|K) )+?)"
_LOW: Final = tuple(
    re.compile(way)
    for way in (
        rf"{_OF}(?:(?:est|sont|c est|is|are) )?(?:bientot|presque|quasi|almost|nearly) "
        r"(?:finie?s?|epuisee?s?|terminee?s?|out|en rupture|rupture|gone|finished) ",
        rf"{_OF}(?:va|vont) (?:bientot |presque )?(?:finir|s epuiser|manquer|terminer) ",
        rf"(?:il (?:me |nous )?)?reste(?:nt)? (?:(?:tres|plus|que|trop) )*(?:peu|beaucoup) {_OF}",
        rf"{_OF}(?:il (?:en )?)?(?:ne )?reste(?:nt)? (?:(?:tres|plus|que|trop) )*(?:peu|beaucoup) ",
        rf"(?:bientot|presque) (?:plus|fini) (?:de |d |le |la |les )?{_OF}",
    )
)


def _denied(text: str) -> tuple[Heard, ...] | None:
    """`non c'est 2`, `non 12 pas 20`: not what was said of a stock, but so many."""
    said = " ".join(fold(text).split())
    found = _NOT_BUT.fullmatch(said) or _BUT_NOT.fullmatch(said)
    if not found:
        return None
    denied = {DENIED: int(found["denied"])} if found["denied"] else {}
    return (Heard("undo", denied, LIKELY), Heard("set_stock", {"quantity": int(found["units"])}, LIKELY))


_NOT_BUT: Final = re.compile(
    r"(?:non|nn|no|pardon|erreur|desolee?|oh) (?:non )?(?:c est|c etait|c|it s|it is|plutot|mettez|mets)"
    r"(?: plutot)? (?P<units>\d{1,2})(?: pas (?P<denied>\d{1,2}))?(?: svp| stp)?"
)
_BUT_NOT: Final = re.compile(
    r"(?:(?:non|nn|no|pardon|erreur|desolee?|oh|plutot) )*(?:(?:c est|c|it s)(?= \d{1,2} ) )?(?:plutot )?"
    r"(?P<units>\d{1,6}) (?:(?:et |mais )?(?:pas|non)|au lieu de|not) (?P<denied>\d{1,6})(?: svp| stp)?"
)


def _moved_alone(text: str) -> tuple[Heard, ...] | None:
    """`+20`, `-2`: of which good, is asked."""
    found = _SIGNED.match(text)
    if not found or not int(found["units"]):
        return None
    intent = "add_stock" if found["sign"] == "+" else "remove_stock"
    return (Heard(intent, {"quantity": int(found["units"])}, LIKELY),)


_SIGNED: Final = re.compile(r"\s*(?P<sign>[+–−-])\s?(?P<units>\d{1,5})\s*$")


def _in_sizes(text: str) -> tuple[Heard, ...] | None:
    """`robe wax 12000 tailles S M L`, `chaussures 36 au 41 7500`: something new in sizes, with its price."""
    if "\n" in text or "?" in text or _DONE.search(text) or not _IN_SIZES.search(text):
        return None
    told = tokens_of(_IN_SIZES.sub(" ", text, count=1))
    at = next((at for at, one in enumerate(told) if one.is_figure or not one.kind.isalpha()), 0)
    goods = goods_named(text, told[:at]) if at else None
    prices = [one.value for one in told if one.is_figure and one.value >= _LEAST_PRICE]
    if not goods or len(prices) != 1:
        return None
    return (Heard("add_product", {"product": goods, "price": prices[0]}, LIKELY),)


def _added(text: str) -> tuple[Heard, ...] | None:
    """`ajoute savon 500, sucre 600`: what is put up, each with a figure that is no count but its price."""
    opened = _ADDS.match(text)
    parts = [part for part in _LISTED.split(text[opened.end() :]) if part.strip()] if opened else []
    found = [one for part in parts[:_MOST_ADDED] if (one := _priced(part.strip(" .")))]
    return tuple(found) if found and len(found) == len(parts) else None


def _priced(part: str) -> Heard | None:
    told = tokens_of(part)
    is_priced = len(told) > 1 and told[-1].kind in (COUNT, PRICE) and told[-1].value >= _LEAST_ADDED
    goods = goods_named(part, told[:-1]) if is_priced and not any(one.is_figure for one in told[:-1]) else None
    return Heard("add_product", {"product": goods, "price": told[-1].value}, LIKELY) if goods else None


_ADDS: Final = re.compile(r"\s*(?:ajoute[rz]?|nouveaux?|nouvelles?|add|new)\s*:?\s+(?=[^\W\d])", re.IGNORECASE)
_LISTED: Final = re.compile(r"[,;\n]|\s(?:et|and)\s", re.IGNORECASE)
_MOST_ADDED, _LEAST_ADDED = 8, 100
_LEAST_PRICE: Final = 500
_DONE: Final = re.compile(r"\b(?:vendu|re[cç]u|promo|rupture|prix de|change|sold|received)", re.IGNORECASE)
_IN_SIZES: Final = re.compile(
    r"\b(?:tailles?|pointures?|sizes?)\s*:?\s*(?:du\s+)?(?:\d?x{0,4}[sml]|\d{2})"
    r"(?:\s*(?:,|/|;|-|et|and|à|au|a|to)?\s*\b(?:\d?x{0,4}[sml]|\d{2})\b)+"
    r"|(?:\bdu\s+)?\b(?:1[4-9]|[2-5]\d|6[0-4])\s*(?:-|à|au|a|to)\s*(?:1[4-9]|[2-5]\d|6[0-4])\b(?!\s*(?:f|fcfa|kg|g|l)\b)"
    r"(?:\s+(?:toutes?\s+)?(?:les\s+)?(?:tailles?|pointures?|sizes?))?",
    re.IGNORECASE,
)


def _repriced(text: str) -> tuple[Heard, ...] | None:
    """`change le prix du savon`: which price, is asked."""
    told = tokens_of(text)
    found = None if any(one.is_figure for one in told) else _NEW_PRICE.fullmatch(joined_kinds(told))
    goods = goods_named(text, told[-found["of"].count(" ") :]) if found else None
    return (Heard("set_price", {"product": goods}, LIKELY),) if goods else None


_NEW_PRICE: Final = re.compile(
    r"(?:(?:je veux|veux|je voudrais|il faut|faut|peux tu|tu peux) )*"
    r"(?:(?:change|changer|changez|modifie|modifier|modifiez|corrige|corriger|augmente|augmenter|baisse|baisser|diminue"
    r"|nouveau|new|change the) (?:(?:le|les|mon|the) )*(?:prix|tarif|price) )(?:(?:du|de|des|d|la|l|of|the) )*"
    r"(?P<of>(?:[a-z][a-z0-9]* )+)"
)


def _is_of_goods(text: str) -> bool:
    """`annule vendu 3 savons`, `annule les 3 savons`; no order, and nothing to be announced."""
    rest = fold(_TAKEN_BACK.sub("", text, count=1)).split()
    is_of_order = any(is_code(word) for word in rest) or not _OF_ORDERS.isdisjoint(rest)
    return bool(rest) and not is_of_order and any(word.isdigit() or word in _OF_STOCK for word in rest)


_OF_ORDERS: Final = frozenset("commande commandes cmd colis client cliente livraison order promo promotion".split())
_OF_STOCK: Final = frozenset("vendu vente ventes stock prix ajout rupture recu arrivage".split())


def _question(text: str) -> tuple[Heard, ...] | None:
    """`il me reste 3 savons ?`, `prix savon ?`: the good that is asked about, shown."""
    asked_price = _ASKED_PRICE.fullmatch(" ".join(fold(text.replace("?", " ")).split()))
    if asked_price and not any(letter.isdigit() for letter in text):
        return _shown(text, asked_price)
    if not _ASKED.search(text):
        return None
    read = read_stock_lines(text.replace("?", " ").strip()) or read_stock_lines(_ASKED.sub(" ", text, count=1))
    named = {one.heard.slots.get("product") for one in read if one.heard.intent in _READ_OF}
    if not read or len(named) != 1 or None in named:
        return () if read else None
    return (Heard("list_my_products", {"product": named.pop()}, LIKELY),)


def _shown(text: str, found: re.Match[str]) -> tuple[Heard, ...] | None:
    words = next(filter(None, found.groups()), "")
    told = [one for one in tokens_of(text) if one.kind in words.split()]
    goods = goods_named(text, told) if told and len(words.split()) == len(told) else None
    return (Heard("list_my_products", {"product": goods}, LIKELY),) if goods else None


def _promoted(text: str) -> tuple[Heard, ...] | None:
    """`-10% savon`: less for a while, as promotions are."""
    told = tokens_of(text)
    if [one.kind for one in told] == ["-", SHARE]:
        return (Heard("promo", {"percent": told[1].value}, LIKELY),)
    if len(told) < _LEAST_OF_PROMO or [told[0].kind, told[1].kind] != ["-", SHARE]:
        return None
    goods = goods_named(text, told[2:]) if not any(one.is_figure for one in told[2:]) else None
    return (Heard("promo", {"product": goods, "percent": told[1].value}, LIKELY),) if goods else None


def _of_one_day(text: str) -> tuple[Heard, ...] | None:
    """`je ferme à 17h aujourd'hui`, `demain 9h-13h`: hours of a day, in a message of nothing else."""
    is_told = tells_day_hours(text) or lacks_hour(text)
    return (Heard("set_hours", {}, SURE),) if is_told else None


def _in_letters(text: str) -> tuple[Heard, ...] | None:
    """`robe M:3 L:2`: so many of each size."""
    found = _LETTERS.fullmatch(text)
    told = tokens_of(found["goods"]) if found else []
    goods = goods_named(found["goods"], told) if found and not any(one.is_figure for one in told) else None
    if not found or goods is None:
        return None
    pairs = _LETTER.findall(found["sizes"])
    return tuple(
        Heard("set_stock", {"product": goods, "size": size.upper(), "quantity": int(n)}, LIKELY) for size, n in pairs
    )


_A_LETTER: Final = r"\b(x{0,4}[sml]|[2-5]xl)\s?[:=]\s?(\d{1,2})\b"
_LETTER: Final = re.compile(_A_LETTER, re.IGNORECASE)
_LETTERS: Final = re.compile(
    rf"\s*(?P<goods>[^\W\d][^\n:=]*?)[\s:,]+(?P<sizes>{_A_LETTER}(?:[\s,;/]+{_A_LETTER})*)\s*", re.IGNORECASE
)


def _size_gone(text: str) -> tuple[Heard, ...] | None:
    """`plus de 41 en baskets homme`: the size is over, and nothing came."""
    found = _SIZE_GONE.fullmatch(text.strip(" .!"))
    goods = goods_named(found["goods"], tokens_of(found["goods"])) if found else None
    return (Heard("out_of_stock", {"product": goods, "size": found["size"]}, LIKELY),) if found and goods else None


_SIZE_GONE: Final = re.compile(
    r"(?:(?:il )?(?:n'?\s?)?y'?\s?a )?(?:plus (?:de |du |la |le )?|rupture (?:de |du |en |sur )?)"
    r"(?:pointures? |tailles? |size )?"
    r"(?P<size>[2-5]\d|x{0,4}[sml]) (?:en|de|des|dans|sur|pour|in)(?: les?| la)? (?P<goods>[^\W\d][^\d]*)",
    re.IGNORECASE,
)
_LEAST_OF_PROMO: Final = 3
_WAYS: Final = (
    read_door_payment,
    _of_one_day,
    _in_letters,
    _size_gone,
    read_lots,
    heard_times,
    _promoted,
    read_free,
    read_sizes,
    _repriced,
    _runs_low,
    _denied,
    _moved_alone,
    _in_sizes,
    _added,
)
