"""Why an organizer calls a workshop off or judges a shop, and which shop it is."""

import re
from typing import Final

from bot.understanding.organizer_spelling import respelled
from bot.understanding.organizer_times import time_spans
from bot.understanding.organizer_words import VENDORS
from bot.understanding.workshop_shapes import trimmed, workshop_end

_LED: Final = re.compile(
    r"(?:(?:,|:|;|\(|-|–)? ?(?<!\w)(?:car|parce ?qu(?:e|')|pcq|a cause d(?:e |u |es |')|pour cause d(?:e |')"
    r"|suite a(?: (?:la|l'|une?"
    r"|des))?|suite aux?|motif|raison|cause|vu qu(?:e |')|vu|because(?: of)?|due to|reason|since|pour|for|par manque de"
    r"|(?=faute de)|(?=manque)|en raison d(?:e |u |es |')|puisqu(?:e |'))(?!\w) ?:? ?)|[,:;(] ?| [-–] |"
    r"(?<!\b[mM])\. ?|\n"
)
_WORDS: Final = re.compile(
    r"(?<!\w)(?:plaintes?|arnaques?|arnaqueu\w+|fraudes?|escroc\w*|escroquerie|retards?|vols?|vol|contrefacons?"
    r"|faux|complaints?|scam\w*"
    r"|spam|insultes?|non[- ]livraison|malhonnete\w*|abus|doublon|inactive?|trop de|beaucoup de|ne livre|ne"
    r" repond|n'a pas|il|elle|ils"
    r"|les gens|fake|fraud|late|no delivery|no electricity|(?:l')?intervenante?|(?:le |la )?format(?:eur|rice)"
    r"|speaker|(?:la )?pluie|greve"
    r"|malade|panne|manque|pas (?:assez|de)|pa de|pb|plus de|coupure|deuil|(?:la )?salle|raison|force majeure|produits"
    r" (?:expires|perimes|contrefaits)|tromp\w+|vend (?:du|des)|sick|strike|rain|faute de|en attendant|(?:le |la"
    r" )?plui|trop peu|not enough"
    r"|probleme)(?!\w)"
)
_PASSED: Final = re.compile(
    r"(?: *(?:(?:est |a ete |sera |is |was |has been )?(?:annul\w*|supprim\w*|cancel\w*|removed|retiree?)|n'aura"
    r" pas lieu|ne se tiendra pas"
    r"|(?:du|from the|in the) (?:programme|planning|program)|saute|workshop|session|s'il (?:te|vous) plait|svp"
    r"|stp|please|merci|demain"
    r"|pour (?=raison|cause|manque))(?!\w))+"
)
_LEAD: Final = re.compile(
    r"^(?:car|parce ?que|parce ?qu'|pcq|a cause (?:de|du|des|d')|pour cause (?:de|d')|cause (?:de|d')|suite a"
    r"|suite aux?|motif|raison :|raison"
    r"(?= \w+ (?!tech))|vu que|vu|because of|because|due to|reason|since|pour|for|en raison (?:de|du|des|d')"
    r"|puisque|puisqu'|est|is|qu'"
    r"|de|d')(?!\w) ?:?"
)
_TAIL: Final = re.compile(r"[ ,.]+(?:svp|stp|merci|please|s'il (?:vous|te) plait)$")
_NONE: Final = frozenset("svp stp merci please maintenant et previens on previens les gens".split())
_NEAR: Final = 4
_SHOP: Final = re.compile(
    r"(?<!\w)(?:(?:la |le |les |l'|the |a |de |du |au )*(?:boutique|shop|magasin|vendor|seller|store|compte(?: de)?"
    rf"|{VENDORS}))(?!\w) *(?:de la |du |d'|appelee?|nommee?|:)? *"
)
_MODERATES: Final = re.compile(
    r"(?<!\w)(?:suspen\w*|susp|valid\w*|approu?v\w*|accept\w*|verif\w*|certifi\w*|verify|retabli\w*|reactiv\w*"
    r"|restor\w*|bloqu\w*"
    r"|bann\w*|desactiv\w*|debloqu\w*|rouvr\w*|reinstat\w*|remet\w*|autoris\w*|agre\w*|exclu\w*|unsuspend"
    r"|suspend|ok|stop\w*"
    r"|ferme[rz]?|retire[rz]?|met[sz]?|marque[rz]?|redonne[rz]? l'acces|laisse[rz]?|ouvre[rz]?|ban|close"
    r"|coupe[rz]?|vire[rz]?|degage[rz]?"
    r"|certif\w*|vendre)(?!\w)[ :]*"
    r"(?:(?:temporairement|definitivement|tout de suite|la demande de|le badge(?: verifie)? a|la suspension de"
    r"|of|pour|a|la|le|the|de|to"
    r"|badge)(?!\w) ?|l'|d')*"
)
_OF: Final = re.compile(
    r"(?<!\w)(?:(?:la )?suspension (?:de|pour)|(?:la )?demande de|plaintes? (?:sur|contre)|badge(?: verifie)? a"
    r"|verifie a|l'acces a"
    r"|lev\w+ la suspension (?:de|pour)) "
)
_BEFORE: Final = re.compile(
    r"^(?:bonjour |ok |svp |merci,? )*(?!marque|donne|met|redonne|la suspension)([^,:;]{2,40}?) (?:peut (?:re\w+"
    r"|continuer)|est (?:verifie\w*|valide\w*|accepte\w*|suspend\w*)|doit etre"
    r"|verifie\w*$|valide\w*$|suspendu\w*$)"
)
_NAME_ENDS: Final = re.compile(
    r"[,;:!?()\n]|(?<!\b[mM])\.|(?<!\w)(?:au niveau|svp|stp|please|merci|qui|est|is|en ligne|en pause|en attente"
    r"|maintenant|demain|pendant"
    r"|a (?:suspendre|valider|verifier|fourni|vendre|ete|le|la)|a(?= bien)|validee?|verifiee?|suspendue?"
    r"|acceptee?|approuvee?|comme|as"
    r"|du marche|ne|doit|peut|tu peux|vous pouvez|j'ai.*|n'a|n'est|c'est|suspend\w*|bloqu\w*|et (?:previens|dis"
    r"|suspend\w*)|s'il)(?!\w)"
)


def reason_in(text: str, workshop: int | str | None) -> str:
    """Why, as typed, behind what is called off; '' where no reason is told."""
    return _behind(text, workshop_end(text, workshop))


def _behind(text: str, start: int) -> str:
    """The reason told from `start` on: behind `car`, a comma, or a word that reasons begin with."""
    flat = respelled(text)
    is_named = start > 0
    spans = [end for first, end in time_spans(flat) if first >= start and first - start <= _NEAR]
    start = max([start, *spans[:1]])
    passed = _PASSED.match(flat, start)
    start = passed.end() if passed else start
    led, begins = _LED.search(flat, start), _WORDS.search(flat, start)
    if led and (not begins or led.start() <= begins.start()):
        return _cleaned(flat.typed(led.end()))
    if begins:
        return _cleaned(flat.typed(begins.start()))
    is_bare = is_named and _CALLS_OFF.search(flat[:start]) and not _NO_REASON_FIRST.match(flat, start)
    return _cleaned(flat.typed(start)) if is_bare else ""


_CALLS_OFF: Final = re.compile(r"\b(?:annul\w*|supprim\w*|cancel\w*|enlev\w*|vire\w*|retir\w*|plus de)")
_NO_REASON_FIRST: Final = re.compile(
    r"[ ,]*(?:n'|ne|est|sont|won't|will|tombe|de|du|des|from|the|dans|sur|a|au|et|svp|stp|please|maintenant|now"
    r"|pour|qui|que|is|was)\b"
)


def _cleaned(words: str) -> str:
    words = trimmed(words)
    while found := _LEAD.match(flat := respelled(words)):
        words = trimmed(flat.typed(found.end()))
    while found := _TAIL.search(flat := respelled(words)):
        words = trimmed(flat.typed(0, found.start()))
    return "" if set(respelled(words).split()) <= _NONE or _PASSED.fullmatch(respelled(words)) else words


def vendor_in(text: str) -> tuple[str, str]:
    """The shop that is judged and why, as typed; '' for what is not told."""
    flat = respelled(text)
    before = _BEFORE.search(flat)
    for pattern in (_SHOP, _OF):
        for found in pattern.finditer(flat):
            name, end = _named(text, found.end())
            if name:
                return name, _why(text, end)
    if before:
        name = _in_capitals(trimmed(flat.typed(*before.span(1))))
        return name, _behind(text, before.end()) if ":" in flat[before.end() :] else ""
    for found in _MODERATES.finditer(flat):
        name, end = _named(text, found.end())
        if name:
            return name, _why(text, end)
    capitals = _CAPITALS.match(text)
    return capitals[0].strip() if capitals else "", ""


_CAPITALS: Final = re.compile(
    r"(?:[A-ZÀ-Ý][\w'’-]*(?: |(?=[ ,])))(?:(?:[A-ZÀ-Ý][\w'’-]*|d[eu]|et|d[’'][A-Z]\w+)(?: |(?=[ ,])))*"
)


def _in_capitals(name: str) -> str:
    """A name typed in capitals without the small words around it: `plus vendre Boss Phone` is `Boss Phone`."""
    words = name.split()
    first = next((place for place, word in enumerate(words) if word[:1].isupper()), 0)
    kept = words[first:]
    others = (place for place, word in enumerate(kept) if place > 1 and word[:1].islower() and word not in _SMALL)
    end = next(others, len(kept))
    return " ".join(kept[:end]) if kept and kept[0][:1].isupper() else name


_SMALL: Final = frozenset("et de du des la le les en au aux a à chez & of and the d'".split())


_NO_SHOP: Final = re.compile(
    rf"(?:une? |la |le |les )?(?:{VENDORS}|boutique|shop|vendor|l'annonce|l'envoi)(?: qui .*)?"
)


def _named(text: str, start: int) -> tuple[str, int]:
    """The name from `start` on and where it ends; '' where no name stands there."""
    flat = respelled(text)
    times = [first for first, _ in time_spans(flat) if first >= start]
    spoken = [_LED.search(flat, start), _WORDS.search(flat, start), _NAME_ENDS.search(flat, start)]
    end = min([len(flat), *times[:1], *(one.start() for one in spoken if one)])
    name = _in_capitals(trimmed(flat.typed(start, end)))
    return ("" if _NO_SHOP.fullmatch(respelled(name)) else name), end


def _why(text: str, end: int) -> str:
    flat = respelled(text)
    is_told = _LED.search(flat, end) or _WORDS.search(flat, end)
    reason = _behind(text, end) if is_told else ""
    return "" if _NO_REASON.match(respelled(reason)) else reason


_NO_REASON: Final = re.compile(
    r"(?:suspend\w*|suspendez|suspends|merci|mets|tu peux|vous pouvez|c'est (?:regle|bon|ok)|papiers? vus?|j'ai"
    r"|vendre|svp|valid\w*|bloqu\w*)"
)
