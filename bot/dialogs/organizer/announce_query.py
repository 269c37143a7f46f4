"""Which of the people an announcement is for, as organizers say it: `qui ont commandé`, `sauf les plaintes`."""

import re
from collections.abc import Iterator
from typing import Any, Final

from base.db import Db
from base.places import names_place
from base.spelling import fold
from catalog import sections

LONGEST: Final = 200  # characters
WEEK, MONTH = 7, 30  # days
_DAYS: Final = {"jour": 1, "day": 1, "semaine": WEEK, "week": WEEK, "mois": MONTH, "month": MONTH}
_SPAN: Final = re.compile(
    r"(?:(\d{1,3})|une?|cette|this|ce) ?(?:derniers? |dernieres? )?(jour|day|semaine|week|mois|month)s?\b"
)
_LANGUAGE: Final = (
    ("en", r"\b(?:anglophones?|(?:parl|lis|ecriv)\w* (?:en |l )?anglais|english speak\w+)"),
    ("fr", r"\bfrancophones?\b"),
)
_CHANNEL: Final = (("messenger", r"\b(?:messenger|facebook)\b"), ("whatsapp", r"\bwhatsapp\b"))
_NEVER: Final = re.compile(
    r"\b(?:jamais|sans|never|(?:n )?(?:ont|a) (?:pas|rien)(?: encore)?)\b.{0,12}"
    r"\b(?:command|achet|order|bought)\w*(.{0,30})"
)
_ORDERED: Final = re.compile(
    r"\b(?:ont|a|ayant|have|has|who|qui)(?: deja| already)? (?:command|achet|order|bought)\w*(.{0,40})"
)
_SILENT: Final = re.compile(
    r"\b(?:(?:pas|plus|jamais|rien|non|not|nothing)\b.{0,15}?\b(?:vus?|vues?|ecrit|venus?|venues?|parle|dit|actifs?"
    r"|actives?|connecte\w*|la(?= depuis)|seen|written|active)|inacti\w+|silencieu\w*|sans nouvelles?|absente?s?)\b"
    r"(.{0,30})"
)
OUT: Final = (
    r"sauf|hors|hormis|excepte\w*|a l exception|a part|en dehors|dehors|autres? que|except|but not|other than|outside"
    r"|(?:pas|non|not) (?=ceux|celles|les\b|those)|sans (?=ceux|celles|les\b|compter|plainte|litige|reclam)"
)
"""How what is left out begins."""
_BUT: Final = re.compile(rf"\b(?:{OUT})\b(.*)$")
_TOLD: Final = re.compile(r"\b(?:prevenu|informe|annonce|recu|told)\w*\b(.*)$")
_NOT_TOLD: Final = re.compile(r"\b(?:pas|non|not)(?: encore| yet)? (?:ete )?(?:prevenu|informe|told)\w*\b(.*)$")
_TALKING: Final = re.compile(r"\b(?:conversation|discussion|discutent|parlent|ecrivent|en ligne|talking)\b")
_COMPLAINS: Final = re.compile(r"\b(?:plaint|plaignent|reclam|litige|complain|dispute)\w*")
_GOODS: Final = re.compile(
    r"\b(?:vend\w+|boutiques?|commercant\w*|marchand\w*|acheteu\w+|client\w*|achet\w+|sellers?|buyers?)"
    r"(?: qui (?:vendent|achetent|ont achete))? (?:de |d |du |des |of )(?:la |l )?"
    r"([a-z]{3,}(?: (?!(?:qui|sauf|dans|sur|pour|sans|who|except)\b)[a-z]{3,})?)"
)
_NO_GOODS: Final = re.compile(
    r"^(?:lome|togo|grand lome|semaine|marche|ville|pays|atelier|session|formation|evenement|tout|toutes?|tous|partout"
    r"|notre|nos|mon|mes|cette|cet|ce|hier|demain|matin|soir)\b"
)


def read_query(text: str) -> dict[str, Any]:
    """The fields of an Audience that words narrow it by, and `goods`, words for what they sell or buy. Never raises."""
    said = fold(text[:LONGEST])
    but = _BUT.search(said)
    return dict([*_kept(said[: but.start()] if but else said), *_left_out(but[1] if but else "", said)])


def read_left_out(words: str) -> dict[str, Any]:
    """The fields of an Audience that plain words behind `sauf` leave out. Never raises."""
    return dict(_left_out(words, ""))


def _kept(said: str) -> Iterator[tuple[str, Any]]:
    for field, ways in (("language", _LANGUAGE), ("channel", _CHANNEL)):
        yield from ((field, value) for value, way in ways if re.search(way, said))
    yield from _by_orders(said)
    is_of_else = _NOT_TOLD.search(said) or _NEVER.search(said)
    silent = None if is_of_else else _SILENT.search(said)
    if silent and (days := _days(silent[1])):
        yield "not_seen_days", days
    goods = _GOODS.search(said)
    if goods and not _NO_GOODS.search(goods[1]) and not names_place(goods[1].split()):
        yield "goods", goods[1]


def _by_orders(said: str) -> Iterator[tuple[str, Any]]:
    if never := _NEVER.search(said):
        yield "ordered", False
        if days := _days(never[1]):  # `pas commandé depuis 15 jours`
            yield "ordered_days", days
    elif ordered := _ORDERED.search(said):
        yield "ordered", True
        if days := _days(ordered[1]):
            yield "ordered_days", days


def _left_out(but: str, said: str) -> Iterator[tuple[str, Any]]:
    if _COMPLAINS.search(but):
        yield "skip_complaint", True
    if _TALKING.search(but):
        yield "skip_talking", True
    told = _TOLD.search(but) or _NOT_TOLD.search(said)
    if told:
        yield "skip_told_days", _days(told[1]) or WEEK


def _days(words: str) -> int:
    """`15 jours`, `cette semaine`, `un mois`; 0 for none."""
    found = _SPAN.search(words)
    return int(found[1] or 1) * _DAYS[found[2]] if found else 0


def is_of_all(words: str) -> bool:
    """Whether `de …` behind people names neither goods nor a place: `clients de la semaine`, `de tout le Togo`."""
    return bool(_NO_GOODS.match(fold(words)))


def settled(db: Db, query: dict[str, Any]) -> dict[str, Any]:
    """The same with the slug of a category in place of the words for goods, where one is clearly meant."""
    goods = query.get("goods")
    told = {name: value for name, value in query.items() if name != "goods"}
    slug = sections.slug_meant(db, goods) if goods else ""
    return {**told, "category": slug} if slug else told
