"""The parts of an organizer's message about a workshop or a shop: which one, where, for how many, why."""

import re
from typing import Final

from base.places import names_place
from bot.understanding.organizer_times import time_spans
from bot.understanding.organizer_words import WORKSHOP
from bot.understanding.plain_letters import plain

_NUMBERED: Final = re.compile(
    rf"(?<!\w)(?:{WORKSHOP}) *(?:n°|n ?o\b|num(?:ero)?\.?|#|nr|number|no\.?)? *(\d{{1,2}})(?!\d| ?(?:h\b|/|:|place"
    rf"|pers))"
    r"|(?<!\w)(?:la|le|l'|the|for|de|n°|numero|#|no) ?(\d{1,2})(?=$|[ ,.;?!]*$| (?:est|a|is|complet|complete|full"
    r"|ferme|reporte))"
    r"|(?:^|[^\w])(?:s|a|atl|w)(\d{1,2})(?!\w)"
)
_WORDED: Final = {
    **dict.fromkeys("un une premier premiere first one".split(), 1),
    **dict.fromkeys("deux deuxieme second seconde two".split(), 2),
    **dict.fromkeys("trois troisieme three third".split(), 3),
    **dict.fromkeys("quatre quatrieme four fourth".split(), 4),
    **dict.fromkeys("cinq cinquieme five fifth".split(), 5),
    **dict.fromkeys("six sixieme".split(), 6),
    **dict.fromkeys("sept septieme seven seventh".split(), 7),
    **dict.fromkeys("huit huitieme eight eighth".split(), 8),
    **dict.fromkeys("neuf neuvieme nine ninth".split(), 9),
    **dict.fromkeys("dix dixieme ten tenth".split(), 10),
}
_IN_WORDS: Final = re.compile(
    rf"(?<!\w)(?:{WORKSHOP}) (?:numero |number |n° ?)?({'|'.join(_WORDED)})(?!\w)"
    rf"|(?<!\w)({'|'.join(word for word in _WORDED if word not in ('un', 'une', 'one'))}) (?:{WORKSHOP})(?!\w)"
)
_BEHIND: Final = re.compile(
    rf"(?<!\w)(?:{WORKSHOP})(?!\w)[ :]*(?:(?:intitulee?|appelee?|nommee?|sur|de|du|des|d'|la|le|les|l'|about|on"
    rf"|called|named) ?)*[«\"“]?"
)
_BEFORE: Final = re.compile(rf"(?<!\w)(?:the |of |for |in )([\w' -]{{3,40}}?) (?:{WORKSHOP})(?!\w)")
_ENDS: Final = re.compile(
    r"[,;:.!?()\n»\"”]|(?<!\w)(?:a|au|aux|est|sont|en|passe|sera|se|pour|car|parce|cause|suite|reporte\w*"
    r"|decale\w*|deplace\w*|avance\w*"
    r"|annule\w*|complete?|full|ferme\w*|commence\w*|finit|debute|de|du|qui|prevue?|il|elle|on|ce|cette|svp|stp"
    r"|merci|dans|chez|vers|vu"
    r"|is|to|at|has|moves?|because|tomorrow|by|from|of|for|please|with|avec|avant|24h|1h|\d.*|faute|probleme"
    r"|raison|manque|jusqu|demain"
    r"|lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche|s'est|y|n'|ne|n|plus|moins|salle|places?|dehors|\+"
    r"|\[|(?:l')?intervenante?"
    r"|(?:le |la )?format(?:eur|rice)|(?:le |la )?salle|change\w*|doit|va|has|was|will|starts?|c'est|a ete)(?!\w)"
)
ROOM: Final = re.compile(
    r"(?<!\w)(?:en |dans (?:la |l')?|in |a la |la )?((?:(?:grande |petite )?salle|sale|slle|room"
    r"|amphi(?:theatre)?|auditorium|hall)"
    r"(?: (?:de conference|de reunion|polyvalente|du conseil|des fetes))?(?: (?:n° ?)?(?:[a-z]|\d{1,3}"
    r"|[a-z]\d{1,2}|vip|bleue|verte|rouge"
    r"|jaune|blanche|azalai|mono|kara|oti|fazao))?)(?!\w)"
)
CAPACITY: Final = re.compile(
    r"(?<![\w+-])(\d{1,4}) ?(?:places?|plces?|pl\b|personnes?|pers\b|participants?|particip\w*|sieges?|seats?"
    r"|people|chaises?"
    r"|pax|inscrits?|max(?:i|imum)?\b|spots?)|(?:capacite|capacity|maxi?|maximum|jusqu'?a|limite a|limitee? a|up to)"
    r" ?(?:de|of|:|a|est de|est|passe a|to)? ?(\d{1,4})(?! ?h\b)"
)
MORE: Final = re.compile(
    r"(?P<sign>[+-]|−|–|\bmoins |\bplus |\benleve[rz]? |\bretire[rz]? |\bremove )(?: ?de)? ?(?P<a>\d{1,3})(?:"
    r" (?:places?|pers\w*|sieges?|seats?))?(?![\w:])"
    r"|(?P<b>\d{1,3}) (?:places?|personnes|sieges|seats|more) ?(?:de plus|en plus|supplementaires?|sup\b|more"
    r"|extra|seats|additionnelles?)"
    r"|(?:ajoute[rz]?|rajoute[rz]?|add|augmente[rz]? de|met[sz]? encore|encore) (?P<c>\d{1,3}) (?:places?|sieges"
    r"|seats|more|personnes)?"
    r"|(?P<d>\d{1,3}) (?:places?|sieges|seats) (?:de moins|en moins|less|fewer)"
)
_OPEN: Final = re.compile(
    r"\b(?:rouvr\w*|re[- ]?ouvr\w*|reopen\w*|(?:plus|pas) (?:complete?|pleine?|fermee?)|ouvr\w* (?:les |aux"
    r" )?inscriptions?)"
)
_CLOSED: Final = re.compile(
    r"\b(?:complete?s?|complette?|ferm\w+|clos\w*|clotur\w*|full|plein|pleine|plus de places?|sold out"
    r"|arrete[rz]? les inscriptions"
    r"|stop inscriptions?|bloque[rz]? les inscriptions)\b"
)
_PLACES: Final = re.compile(
    r"(?<!\w)(?:(?:a l'|a la|au|aux|chez|dans les locaux d[eu']|at the|at|in|lieu ?:?|place ?:?|au siege (?:de "
    r"|d')?|a) ?)"
    r"((?:siege|locaux|hotel|maison|centre|universite|campus|ecole|lycee|eglise|mairie|prefecture|stade|agence"
    r"|banque|ecobank|orabank"
    r"|togocom|chambre|ccit|palais|foyer|espace|bibliotheque|institut|immeuble|cafe|restaurant|bar|marche"
    r"|coworking|incubateur|woelab"
    r"|nunya|ambassade|goethe|alliance|blue zone|cour|terrain|plage|jardin|togo|direction|ministere|moov|uba|bia"
    r"|boa|nsia)"
    r"(?:(?:[ -](?:de |du |des |d'|l'|la |le |les )*(?!\d|salle|lundi|mardi|mercredi|jeudi|vendredi|samedi"
    r"|dimanche|demain|avec|pour|et\b"
    r"|places?|car|max)[\w'-]+){0,4}))"
)
_TOWN: Final = re.compile(r"(?<!\w)(?:a|de|in|d'|to|at|pour|vers|sur) ((?:[\w-]+)(?:(?:,| et| and) [\w-]+)*)")
_SPEAKER: Final = re.compile(
    r"(?<!\w)(?:avec|par|anime\w* par|intervenante?s? ?:?|format(?:eur|rice) ?:?|by|with|speaker ?:?|animat(?:eur"
    r"|rice) ?:?|presente\w* par"
    r"|donne\w* par) +"
)
_SPEAKER_ENDS: Final = re.compile(
    r"[,;:.!?()\n]|(?<!\w)(?:a|au|le|la|en|pour|salle|dans|et (?:salle|\d)|chez|places?|de)(?!\w)|\d"
)
_MAKES: Final = re.compile(
    r"(?:(?:bonjour|bonsoir|bjr|bsr|salut|slt|hello|please|svp|stp|s'il (?:te|vous) plait|merci de|ok|d'accord"
    r"|alors|on|nous|je|il faut|faut"
    r"|veux|voudrais|voulons|souhaite|pouvez[- ]vous|peux[- ]tu|can you|could you|i want to|we want to|allons|va"
    r"|vais)[ ,]*)*"
    r"(?:(?:re)?(?:ajout\w*|cre[ea]\w*|cre|programm\w*|planifi\w*|organis\w*|mets|mettez|mettre|not\w*|add|new"
    r"|nouvel\w*|nouveau|plan|schedule"
    r"|prevo\w*|inscri\w*|ouvr\w*|rajout\w*|lance[rz]?|set up|enregistr\w*|insere[rz]?|ajt)[ ,:]*)*"
    rf"(?:(?:encore |aussi )?(?:(?:l'|(?:une?|la|le|a|an|the|cette|new)\b|nouvel\w*|nouveau"
    rf"|autre))[ ]*)*(?:(?:{WORKSHOP})(?!\w))?"
    r"[ ,:-]*(?:(?:intitule\w*|appele\w*|nomme\w*|titre|sur|about|on|called|named|theme|de|du|d'|:|concernant|qui"
    r" parle de|le titre est)[ :]*)*"
    r"(?:(?:la|le|les|l')[ ]?(?=\w{4}))?"
)
_REASON: Final = re.compile(
    r"(?:(?:,|:|;|\(|-|–)? ?(?<!\w)(?:car|parce ?qu(?:e|')|pcq|a cause d(?:e |u |es |')|pour cause d(?:e |')"
    r"|suite a(?: (?:la|l'|une?|des))?|suite aux?|motif"
    r"|raison|cause|vu qu(?:e |')|vu|comme|because(?: of)?|due to|reason|since|as|pour|for|faute de|par manque de"
    r"|(?=manque)"
    r"|en raison d(?:e |u |es |')|puisqu(?:e |'))(?!\w) ?:? ?(?:le |la |les |l'|the |un |une )?)|[,:;(] ?| [-–] "
    r"|\. ?|\n"
)
_REASON_WORDS: Final = re.compile(
    r"(?<!\w)(?:plaintes?|arnaques?|arnaqueu\w+|fraudes?|escroc\w*|escroquerie|retards?|vols?|contrefacons?|faux"
    r"|complaints?|scam\w*|spam|insultes?"
    r"|non[- ]livraison|malhonnete\w*|abus|doublon|inactive?|trop de|beaucoup de|ne livre|ne repond|il|elle|fake"
    r"|fraud|late|no delivery"
    r"|(?:l')?intervenante?|(?:le |la )?format(?:eur|rice)|speaker|pluie|greve|malade|panne|manque|pas (?:assez"
    r"|de)|plus de|coupure|deuil"
    r"|salle|raison|force majeure|produits (?:expires|perimes|contrefaits)|tromp\w+|vend (?:du|des)|sick|strike"
    r"|rain)(?!\w)"
)
_SHOP: Final = re.compile(
    r"(?<!\w)(?:(?:la |le |les |l'|the |a |de |du |au )*(?:boutique|boutik|vendeu(?:r|se)|vandeur|shop|magasin"
    r"|vendor|seller|store|compte(?: de)?|commercante?"
    r"|exposante?)) *(?:de la |du |d'|appelee?|nommee?|:)? *"
)
_MODERATES: Final = re.compile(
    r"(?:(?:bonjour|bonsoir|svp|stp|please|ok|il faut|faut|je veux|on|nous|merci de|veuillez|peux[- ]tu"
    r"|pouvez[- ]vous|can you)[ ,]*)*"
    r"(?:suspen\w*|valid\w*|approu?v\w*|accept\w*|verif\w*|certifi\w*|verify|retabli\w*|reactiv\w*|restor\w*"
    r"|bloqu\w*|bann?\w*|desactiv\w*|debloqu\w*"
    r"|rouvr\w*|reinstat\w*|lev\w+ la suspension(?: de)?|remet\w*|autoris\w*|agre\w*|exclu\w*|unsuspend"
    r"|ok)(?!\w)[ :]*(?:pour |a |la |le |l'|the )*"
)
_NAME_ENDS: Final = re.compile(
    r"[,;:.!?()\n]|(?<!\w)(?:svp|stp|please|merci|et|qui|est|is|en ligne|maintenant|today|demain|pendant)(?!\w)"
)


def workshop_in(text: str) -> int | str | None:
    """Which workshop: its number, else its words as typed; None where none is named."""
    flat = plain(text)
    numbered = _NUMBERED.search(flat)
    if numbered:
        return int(next(filter(None, numbered.groups())))
    worded = _IN_WORDS.search(flat)
    if worded:
        return _WORDED[next(filter(None, worded.groups()))]
    for found in _BEHIND.finditer(flat):
        words = _cut(text, flat, found.end())
        if words:
            return words
    before = _BEFORE.search(flat)
    return text[before.start(1) : before.end(1)].strip() if before else None


def _cut(text: str, flat: str, start: int) -> str:
    """The words of a name from `start` as far as something else is said."""
    times = [first for first, _ in time_spans(flat) if first >= start]
    ended = _ENDS.search(flat, start)
    end = min([len(flat), *times[:1], *([ended.start()] if ended else [])])
    return _trimmed(text[start:end])


def _trimmed(words: str) -> str:
    return " ".join(words.split()).strip(" ,;:.-–—+!?\"«»“”()'")


def closed_of(text: str) -> bool | None:
    """Whether it takes nobody any more (`complet`), or somebody again (`rouvre`); None where nothing is said of it."""
    flat = plain(text)
    return False if _OPEN.search(flat) else True if _CLOSED.search(flat) else None


def room_in(text: str) -> str:
    """The room as typed: `salle 2`; '' for none."""
    found = _room(plain(text))
    return text[found[0] : found[1]].strip() if found else ""


def _room(flat: str) -> tuple[int, int] | None:
    rooms = [
        found.span(1) for found in ROOM.finditer(flat) if " " in found[1] or found[1] not in ("salle", "sale", "hall")
    ]
    return rooms[-1] if rooms else None


def place_spans(flat: str) -> list[tuple[int, int]]:
    """Where a plain text names a house: `au siège Ecobank`."""
    return [found.span() for found in _PLACES.finditer(flat)]


def place_in(text: str) -> str:
    """The place as typed; '' for none."""
    flat = plain(text)
    found = _PLACES.search(flat)
    if found:
        return _trimmed(text[found.start(1) : found.end(1)])
    for town in _TOWN.finditer(flat):
        if names_place(re.split(r"[, -]+", town[1].replace(" et ", " ").replace(" and ", " "))):
            words = re.split(r",| et | and ", town[1])
            if all(names_place(part.split()) for part in words if part.strip()):
                return _trimmed(text[town.start(1) : town.end(1)])
    return ""


def speakers_in(text: str) -> str:
    """Who gives it, as typed; '' for nobody."""
    span = _speakers(plain(text))
    return _trimmed(text[span[1] : span[2]]) if span else ""


def _speakers(flat: str) -> tuple[int, int, int] | None:
    found = _SPEAKER.search(flat)
    if not found:
        return None
    times = [first for first, _ in time_spans(flat) if first >= found.end()]
    ended = _SPEAKER_ENDS.search(flat, found.end())
    end = min([len(flat), *times[:1], *([ended.start()] if ended else [])])
    return (found.start(), found.end(), end) if end > found.end() else None


def title_in(text: str) -> str:
    """The words of a new workshop's title: what stands before, else between its day, its room and its places."""
    flat = plain(text)
    made = _MAKES.match(flat)
    start = made.end() if made else 0
    spans = [*time_spans(flat), *place_spans(flat), *(found.span() for found in CAPACITY.finditer(flat))]
    spans += [found.span() for found in ROOM.finditer(flat)]
    speaker = _speakers(flat)
    if speaker:
        spans.append((speaker[0], speaker[2]))
    gaps, at = [], start
    for first, end in sorted(spans):
        if first > at:
            gaps += re.split(r"[,;\n]| - ", text[at:first])
        at = max(at, end)
    gaps += re.split(r"[,;\n]| - ", text[at:])
    return next((title for gap in gaps if len(title := _titled(gap)) > 2), "")


_TITLE_LEAD: Final = re.compile(
    rf"^(?:(?:{WORKSHOP})\b|intitul\w+|appel\w+|titre|sur|de|du|d'|le|la|les|l'|un|une|et|theme|about|on|called|:"
    rf"|en|pour|a|au|svp|stp|please)\b[ :'’]*"
)
_TITLE_TAIL: Final = re.compile(
    r"[ ,:-]+(?:le|la|a|au|en|pour|de|et|dans|il y a|avec|on|at|in|the|for|svp|stp|merci|please|ce|capacite"
    r"|prevue?|sera|aura lieu|qui)$"
)


def _titled(gap: str) -> str:
    words = _trimmed(gap)
    while found := _TITLE_LEAD.match(plain(words)):
        words = _trimmed(words[found.end() :])
        if not words:
            return ""
    while found := _TITLE_TAIL.search(plain(words)):
        words = _trimmed(words[: found.start()])
    return "" if plain(words) in _NO_TITLE else words


_NO_TITLE: Final = frozenset("svp stp merci please places place max personnes et le la a au pour de en dans".split())


def reason_in(text: str, workshop: int | str | None) -> str:
    """Why, as typed, behind what is called off; '' where no reason is told."""
    flat = plain(text)
    start = 0
    if isinstance(workshop, str):
        at = flat.find(plain(workshop))
        start = at + len(workshop) if at >= 0 else 0
    elif workshop is not None:
        found = _NUMBERED.search(flat) or _IN_WORDS.search(flat)
        start = found.end() if found else 0
    return reason_behind(text, start)


def reason_behind(text: str, start: int) -> str:
    """The reason told from `start` on: behind `car`, a comma, or a word that reasons begin with."""
    flat = plain(text)
    spans = [end for first, end in time_spans(flat) if first >= start and first - start <= _NEAR]
    at = max([start, *spans[:1]])
    led = _REASON.search(flat, start)
    begins = _REASON_WORDS.search(flat, start)
    if led and (not begins or led.start() <= begins.start()):
        return _reason_trimmed(text[led.end() :])
    if begins:
        return _reason_trimmed(text[begins.start() :])
    rest = _reason_trimmed(text[at:])
    return rest if start else ""


_NEAR: Final = 4


def _reason_trimmed(words: str) -> str:
    words = _trimmed(words)
    while found := _REASON_LEAD.match(plain(words)):
        words = _trimmed(words[found.end() :])
    while found := _REASON_TAIL.search(plain(words)):
        words = _trimmed(words[: found.start()])
    return "" if plain(words) in _NO_REASON else words


_REASON_LEAD: Final = re.compile(
    r"^(?:car|parce ?que|parce ?qu'|pcq|a cause (?:de|du|des|d')|pour cause (?:de|d')|suite a|suite aux?|motif"
    r"|raison|cause|vu que|vu|comme|because of|because"
    r"|due to|reason|since|pour|for|en raison (?:de|du|des|d')|puisque|puisqu'|est|is|qu')(?!\w) ?:?"
)
_REASON_TAIL: Final = re.compile(r"[ ,.]+(?:svp|stp|merci|please|s'il (?:vous|te) plait)$")
_NO_REASON: Final = frozenset("svp stp merci please s'il vous plait s'il te plait maintenant et previens".split())


def vendor_in(text: str) -> tuple[str, str]:
    """The shop that is judged and why, as typed; '' for what is not told."""
    flat = plain(text)
    found = _SHOP.search(flat) or _MODERATES.match(flat)
    if not found:
        return "", ""
    start = found.end()
    led, begins, ended = _REASON.search(flat, start), _REASON_WORDS.search(flat, start), _NAME_ENDS.search(flat, start)
    ends = [one.start() for one in (led, begins, ended) if one]
    end = min([len(text), *ends])
    name = _trimmed(text[start:end])
    return name, reason_behind(text, end) if led or begins else ""
