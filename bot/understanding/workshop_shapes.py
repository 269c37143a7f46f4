"""What an organizer's message says of a workshop: which one, its title, where, for how many, whether it is full."""

import re
from typing import Final

from base.places import is_place, names_place
from bot.understanding.organizer_spelling import Letters, respelled
from bot.understanding.organizer_times import time_spans
from bot.understanding.organizer_words import WORKSHOP

_IN_WORDS: Final = {
    word: number
    for number, words in enumerate(
        (
            "un une premier premiere first one",
            "deux deuxieme second seconde two",
            "trois troisieme three third",
            "quatre quatrieme four fourth",
            "cinq cinquieme five fifth",
            "six sixieme",
            "sept septieme seven seventh",
            "huit huitieme eight eighth",
            "neuf neuvieme nine ninth",
            "dix dixieme ten tenth",
        ),
        start=1,
    )
    for word in words.split()
}
_ORDINAL: Final = "|".join(word for word in _IN_WORDS if word not in ("un", "une", "one"))
_DOES: Final = (
    r"(?:annul\w*|supprim\w*|deplac\w*|decal\w*|report\w*|avanc\w*|repouss\w*|presents?|presences?|liste des"
    r" presents|rappel|moved?"
    r"|cancel|emargement|ferm\w*|rouvr\w*)"
)
_NUMBERED: Final = tuple(
    re.compile(pattern)
    for pattern in (
        rf"(?<!\w)(?:{WORKSHOP}) *(?:n°|n ?o\b|num(?:ero)?\.?|#|nr|number|no\.?)? *(\d{{1,2}})"
        r"(?!\d| ?(?:h\b|/|:\d|place|pers|min|jours?\b))",
        rf"(?<!\w)(?:{WORKSHOP}) (?:numero |number |n° ?)?({'|'.join(_IN_WORDS)})(?![\w-]| heures?| places| ou)",
        rf"(?<!\w)({_ORDINAL}) (?:{WORKSHOP})(?!\w)",
        r"^\W*(?:la |le |l'|n° ?)?(\d{1,2}) (?:est |is |c'est )?(?:complete?|plein|full|ferme|annule|reporte"
        r"|decale|passe|commence)",
        rf"(?<!\w){_DOES} (?:la |le |l'|the |n° ?|de la |du )?(\d{{1,2}})(?!\d| ?(?:h\b|/|:\d|place|pers|min"
        rf"|jours?\b))",
        r"(?<!\w)(?:la|le|the|n°|numero|#) ?(\d{1,2})(?=[ ,.;?!]*$| (?:est|is|complete?|full|ferme|reporte"
        r"|commence|passe|de|a)(?!\w))",
        r"(?<!\w)s(\d{1,2})(?!\w)",
    )
)
_BEHIND: Final = re.compile(
    rf"(?<!\w)(?:{WORKSHOP})(?!\w)[ :]*(?:(?:(?:intitulee?|appelee?|nommee?|sur|de|du|des|la|le|les|about|on"
    rf"|called|named)(?!\w)|[dl]') ?)*"
    r"[«\"“]?"
)
_BEFORE: Final = re.compile(rf"(?<!\w)(?:the |of |for |in )([\w' -]{{3,40}}?) (?:{WORKSHOP})(?!\w)")
_ENDS: Final = re.compile(
    r"[,;:.!?()\n»\"”]|(?<!\w)(?:a|au|aux|est|sont|en|passe|sera|serait|se|pour|car|parce|cause|suite|reporte\w*"
    r"|decale\w*"
    r"|deplace\w*|avance\w*|annul\w*|supprim\w*|complete?|full|plein|ferme\w*|commence\w*|finit|debut\w*|de|du"
    r"|qui|prevue?|il|elle|on"
    r"|ce|cette|svp|stp|s'il|merci|dans|chez|vers|vu|is|to|at|has|moves?|because|tomorrow|by|from|of|please|with"
    r"|avec|avant|\d.*"
    r"|faute|probleme|pb|raison|manque|jusqu|demain|lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche|s'est|n'"
    r"|ne|n|plus|moins"
    r"|salle|room|places?|dehors|\+|\[|(?:l')?intervenante?|(?:le |la )?format(?:eur|rice)|(?:la |le )?salle"
    r"|change\w*|doit|va|has|was"
    r"|will|starts?|c'est|aura|aurait|saute|mets|mettez|pas|pa|sans|horaire|nouvelle|nouveau|que|qu'|for"
    r"|demarre\w*|tombe\w*|bouge|glisse|c'est|n'est|pleine?|now|again|won't)(?!\w)|(?<=n)'(?:aura|est|a)"
)
_ROOM: Final = re.compile(
    r"(?<!\w)(?:en |dans (?:la |l')?|in |a la |la )?((?:(?:grande |petite )?salle|sale|room)"
    r"(?: (?:de conference|de reunion|polyvalente|du conseil|des fetes))?(?: (?:n° ?)?(?:[a-z]|\d{1,3}"
    r"|[a-z]\d{1,2}|vip|bleue|verte"
    r"|rouge|jaune|blanche|azalai|mono|kara|oti|fazao))?|amphi(?:theatre)?(?: [a-z])?|auditorium|hall)(?!\w)"
)
_BARE_ROOMS: Final = frozenset(("salle", "sale", "hall", "room", "la salle"))
_NO_TIME: Final = r"(?!\d|:\d| ?(?:h\d{0,2}|heures?|hours?|hrs?|minutes?|mn|jours?|days?|[ap]\.?m)(?!\w))"
"""Behind a number: it is neither a part of one nor that of an hour, as `1` and `16` of `16h30` are."""
_COUNTED: Final = (
    r"(?<![\w+-])(\d{1,4}) ?(?:places?|plces?|pl\b|personnes?|pers\b|participants?|particip\w*|sieges?|seats?"
    r"|people|chaises?"
    r"|pax|inscrits?|spots?|(?:max(?:i|imum)?\b(?! ?\d)))"
)
_PLACES_COUNTED: Final = re.compile(_COUNTED)
_CAPACITY: Final = re.compile(
    _COUNTED
    + r"|(?:capacite|capacity|maxi?|maximum|jusqu'?a|limite \w+ a|up to)"
    r"(?: (?:de |a |l'|la )*(?:WORKSHOP)[ a-z]*(?:\d{1,2} )?)?+ ?(?:de|of|:|a|est de|est|passe a|to|=)? ?"
    r"(\d{1,4})".replace("WORKSHOP", WORKSHOP)
    + _NO_TIME
)
_GROWS_TO: Final = re.compile(rf"capacite .*?(?:{WORKSHOP}).*?(?:a|:|to) ?(\d{{2,4}}){_NO_TIME}")
_MORE: Final = re.compile(
    r"(?P<sign>[+-]|−|–|\bmoins |\bplus |\benleve[rz]? |\bretire[rz]? |\bremove )(?: ?de)? ?(?P<a>\d{1,3})"
    r"(?: ?(?:places?|pl|pers\w*|sieges?|seats?))?"
    + _NO_TIME
    + r"|(?P<b>\d{1,3}) (?:places?|personnes|sieges|seats|more) ?(?:de plus|en plus|supplementaires?|sup\b|more"
    r"|extra|seats"
    r"|additionnelles?)"
    r"|(?:ajoute[rz]?|rajoute[rz]?|add|augmente[rz]? de|met[sz]? encore|encore) (?P<c>\d{1,3}) (?:places?|sieges"
    r"|seats|more|personnes"
    r"|chaises)?"
    r"|(?:increase|raise|add|extend|augment\w+).{0,30}?\b(?:by|de) (?P<e>\d{1,3})(?: (?:seats|places|more))?"
    + _NO_TIME
    + r"|(?P<d>\d{1,3}) (?:places?|sieges|seats) (?:de moins|en moins|less|fewer)"
)
_OPEN: Final = re.compile(
    r"\b(?:open .* again|repren\w+ les inscriptions|rouvr\w*|re[- ]?ouvr\w*|reopen\w*"
    r"|(?:plus|pas) (?:complete?|pleine?|fermee?)|ouvr\w* (?:les |aux |l'|la )*"
    rf"(?:inscriptions?|inscrits|{WORKSHOP}))"
)
_CLOSED: Final = re.compile(
    r"\b(?:complete?s?|complette?|ferm\w+|clos\w*|clotur\w*|full|plein|pleine|(?:plus|pas) (?:de|aucune) places?"
    r"|ne pren\w+ plus|sold out"
    r"|booked|no more (?:seats|places|room)|rempli\w*|blinde\w*|plus personne|(?:stop|close)"
    r" (?:the )?registrations?"
    r"|(?:arrete[rz]?|stop|bloque[rz]?) (?:les )?inscriptions?)\b"
)
_HOUSE: Final = (
    r"(?:siege|locaux|hotel|maison|centre|universite|university|campus|ecole|lycee|eglise|mairie|prefecture"
    r"|stade|agence|banque|ecobank"
    r"|orabank|togocom|chambre|ccit|palais|foyer|espace|bibliotheque|institut|immeuble|cafe|restaurant|bar"
    r"|marche|coworking|incubateur"
    r"|woelab|nunya|ambassade|goethe|alliance|blue zone|cour|terrain|plage|jardin|direction|ministere|head office)"
)
_REST_OF_HOUSE: Final = (
    r"(?:(?:[ -](?:de |du |des |d'|l'|la |le |les |of )*(?!\d|salle|lundi|mardi|mercredi|jeudi|vendredi|samedi"
    r"|dimanche|demain|avec|pour"
    r"|et\b|places?|car|max|a\b|au\b|le\b|on\b|at\b)[\w'-]+){0,4})"
)
_PLACES: Final = re.compile(
    r"(?<!\w)(?:(?:a l'|a la|au|aux|chez|dans les locaux d[eu']|at the|at|in|lieu ?:?|place ?:?|a)"
    rf" ?)({_HOUSE}{_REST_OF_HOUSE})|(?:(?<=[,:] )|(?<=\dh )|(?<=\d\d )|(?<=[,:]))("
    rf"(?:l')?{_HOUSE}{_REST_OF_HOUSE})(?=[ ,.;]|$)"
)
_TOWN: Final = re.compile(r"(?<!\w)(?:(?:a|de|in|to|at|pour|vers|sur) |d')([\w-]+(?:(?:,| et| and) [\w-]+)*)")
_SPEAKER: Final = re.compile(
    r"(?<!\w)(?:avec|par|anime\w* par|intervenante?s? ?:?|format(?:eur|rice) ?:?|by|with|speaker ?:?|animat"
    r"(?:eur|rice) ?:?"
    r"|presente\w* par|donne\w* par) +(?!une? |le |la |les |des |son |sa |ses |\d)"
)
_SPEAKER_ENDS: Final = re.compile(
    r"[,;:!?()\n]|(?<!\bm)(?<!\bmr)(?<!\bdr)(?<!\bme)(?<!mme)\.|(?<!\w)(?:a|au|le|la|en|pour|salle|dans|et "
    r"(?:salle|\d)|chez|places?"
    r"|de)(?!\w)|\d"
)
_VERB: Final = (
    r"(?:(?:re)?(?:ajout\w*|cre[ea]\w*|cree|programm(?:e[rz]?|ons)|planifi\w*|organis\w*|mets|mettez|mettre|add"
    r"|plan|schedule|prevo\w*"
    r"|inscri(?:s|re|vez)|ouvr(?:e|ir|ez|ons)|rajout\w*|lance[rz]?|set up|enregistr\w*|insere[rz]?|create|creer))"
)
_MAKES: Final = re.compile(
    rf"(?:(?:(?!\d)[^\s:]+ ){{0,6}}?(?:[dlj]')?{_VERB}(?![\w])[ ,:]*(?:(?:au|dans le|sur le) (?:programme"
    rf"|planning)[ ,:]*)?)?"
    r"(?:(?:encore|aussi|plutot) )?(?:(?:l'|(?:une?|la|le|a|an|the|cette|new|nouvel\w*|nouveau|autre)\b)[ ]*)*"
    rf"(?:(?:{WORKSHOP})(?!\w)(?: a ajouter)?)?"
    r"[ ,:-]*(?:(?:qui s'appelle|qui s'intitule|intitule\w*|appele\w*|nomme\w*|titre|sur|about|on|called|named"
    r"|theme|de|du|d'|:|concernant"
    r"|qui parle de|le titre est|supplementaire|(?:au|dans le) (?:programme|planning))(?!\w)[ :]*|:[ ]*)*"
)
_NAMED_EARLY: Final = re.compile(
    rf"(?:(?!\d)[^\s:,]+ ){{0,6}}?(?:(?:une?|la|le|mon|ma|notre|a|an|the|nouvelle?|new|nouveau|nouvo|me) |l'|d')*"
    rf"(?:{WORKSHOP})(?!\w)"
    r"[ ,:-]*(?:(?:qui s'appelle|intitule\w*|appele\w*|nomme\w*|titre|sur|about|on|called|named|theme|de|du|d'"
    r"|concernant"
    r"|supplementaire|a ajouter|au programme|au planning)(?!\w)[ :]*|:[ ]*)*"
)
_CUT: Final = re.compile(r"[,;\n]| - ")


def workshop_in(text: str) -> int | str | None:
    """Which workshop: its number, else its words as typed; None where none is named."""
    flat = respelled(text)
    for pattern in _NUMBERED:
        found = pattern.search(flat)
        if found:
            return _IN_WORDS.get(found[1]) or int(found[1])
    for found in _BEHIND.finditer(flat):
        words = _cut(flat, found.end())
        if words:
            return words
    before = _BEFORE.search(flat)
    return trimmed(flat.typed(*before.span(1))) if before else None


def workshop_behind_verb(text: str) -> str:
    """The words of a workshop right behind what is done with it: `annule Initiation Canva`; '' for none."""
    flat = respelled(text)
    found = _BARE.search(flat)
    return _cut(flat, found.end()) if found else ""


_BARE: Final = re.compile(
    r"(?<!\w)(?:annul(?:e[rz]?|ons)|supprime[rz]?|deplace[rz]?|decale[rz]?|reporte[rz]?|avance[rz]?"
    r"|repousse[rz]?|cancel|move) "
    r"(?:la |le |l'|the )?(?!annonce|message|envoi|diffusion|celle|tout|session|atelier|formation|rappel"
    r"|communique|publi|sms)(?=[a-z])"
)


def workshop_end(text: str, workshop: int | str | None) -> int:
    """Where in the plain letters what names a workshop ends; 0 where none is named."""
    flat = respelled(text)
    if isinstance(workshop, str):
        at = flat.find(respelled(workshop))
        return at + len(respelled(workshop)) if at >= 0 else 0
    return next((found.end() for pattern in _NUMBERED if (found := pattern.search(flat))), 0) if workshop else 0


def _cut(flat: Letters, start: int) -> str:
    """The words of a name from `start` as far as something else is said."""
    times = [first for first, _ in time_spans(flat) if first >= start]
    ended = _ENDS.search(flat, start)
    return trimmed(flat.typed(start, min([len(flat), *times[:1], *([ended.start()] if ended else [])])))


def trimmed(words: str) -> str:
    """Words as typed, without the marks and blanks around them."""
    return " ".join(words.split()).strip(" ,;:.-–—+!?\"«»“”()'’")


def closed_in(text: str) -> bool | None:
    """Whether it takes nobody any more (`complet`), or somebody again (`rouvre`); None where nothing is said of it."""
    flat = respelled(text)
    return False if _OPEN.search(flat) else True if _CLOSED.search(flat) else None


def capacity_in(text: str) -> int | None:
    """How many people it holds."""
    flat = respelled(text)
    found = _PLACES_COUNTED.search(flat) or _GROWS_TO.search(flat) or _CAPACITY.search(flat)
    return int(next(filter(None, found.groups()))) if found else None


def more_in(text: str) -> int | None:
    """How many more people it holds, or fewer: `+20 places` is 20."""
    found = _MORE.search(respelled(text))
    if not found:
        return None
    count = int(next(filter(None, (found["a"], found["b"], found["c"], found["d"], found["e"]))))
    is_less = found["d"] or (found["a"] and found["sign"].strip() not in ("+", "plus"))
    return -count if is_less else count


def room_in(text: str) -> str:
    """The room as typed: `salle 2`; '' for none."""
    flat = respelled(text)
    rooms = [span for span in _room_spans(flat) if flat[slice(*span)] not in _BARE_ROOMS]
    return trimmed(flat.typed(*rooms[-1])) if rooms else ""


def _room_spans(flat: str) -> list[tuple[int, int]]:
    return [found.span(1) for found in _ROOM.finditer(flat)]


def place_in(text: str) -> str:
    """The place as typed; '' for none."""
    flat = respelled(text)
    found = _PLACES.search(flat)
    if found:
        return trimmed(flat.typed(*found.span(1 if found[1] else 2)))
    rooms = _room_spans(flat)
    for town in _TOWN.finditer(flat):
        is_room = any(first <= town.start(1) < end for first, end in rooms)
        if not is_room and all(_is_town(part) for part in re.split(r",| et | and ", town[1]) if part.strip()):
            return trimmed(flat.typed(*town.span(1)))
    return ""


def place_at_end(text: str) -> str:
    """The town or quarter that a text ends with: `annonce clients Kégué`; '' for none."""
    words = text.split()
    return trimmed(words[-1]) if words and is_place(respelled(trimmed(words[-1]))) else ""


def _is_town(words: str) -> bool:
    return names_place(words.split()) or words.strip() in _TOWNS


_TOWNS: Final = frozenset("lome togo".split())


def speakers_in(text: str) -> str:
    """Who gives it, as typed; '' for nobody."""
    flat = respelled(text)
    span = _speakers(flat)
    return trimmed(flat.typed(span[1], span[2])) if span else ""


def _speakers(flat: Letters) -> tuple[int, int, int] | None:
    found = _SPEAKER.search(flat)
    if not found:
        return None
    times = [first for first, _ in time_spans(flat) if first >= found.end()]
    ended = _SPEAKER_ENDS.search(flat, found.end())
    end = min([len(flat), *times[:1], *([ended.start()] if ended else [])])
    return (found.start(), found.end(), end) if end > found.end() else None


def title_in(text: str) -> str:
    """The words of a new workshop's title: what stands before, else between its day, its room and its places."""
    flat = respelled(text)
    made = _MAKES.match(flat)
    named = _NAMED_EARLY.match(flat)
    start = max(made.end() if made else 0, named.end() if named else 0)
    speaker = _speakers(flat)
    spans = [
        *time_spans(flat),
        *(found.span() for found in _PLACES.finditer(flat)),
        *(found.span() for found in _CAPACITY.finditer(flat)),
        *(found.span() for found in _ROOM.finditer(flat)),
        *([(speaker[0], speaker[2])] if speaker else []),
    ]
    gaps, at = [], start
    for first, end in sorted(spans):
        if first > at:
            gaps += _CUT.split(flat.typed(at, first))
        at = max(at, end)
    gaps += _CUT.split(flat.typed(at))
    return next((title for gap in gaps if len(title := _titled(gap)) > _SHORTEST_TITLE), "")


_SHORTEST_TITLE: Final = 1
_TITLE_LEAD: Final = re.compile(
    rf"^(?:(?:{WORKSHOP})\b|intitul\w+|appel\w+|titre|sur|de|du|d'|un|une|et|theme|about|on|called|:|en|pour|a|au"
    rf"|svp|stp"
    r"|please|supplementaire|ajouter)\b[ :'’]*"
)
_TITLE_TAIL: Final = re.compile(
    r"[ ,:-]+(?:le|la|a|au|en|pour|de|et|dans|il y a|avec|on|at|in|the|for|svp|stp|merci|please|ce|capacite"
    r"|prevue?|sera"
    r"|aura lieu|qui|animee?|cette)$"
)
_NO_TITLE: Final = frozenset(
    "svp stp merci please places place max personnes et le la a au pour de en dans j'ajoute quelque chose".split()
)


def _titled(gap: str) -> str:
    words = trimmed(gap)
    while found := _TITLE_LEAD.match(flat := respelled(words)):
        words = trimmed(flat.typed(found.end()))
        if not words:
            return ""
    while found := _TITLE_TAIL.search(flat := respelled(words)):
        words = trimmed(flat.typed(0, found.start()))
    return "" if respelled(words) in _NO_TITLE or re.fullmatch(_MAKES, respelled(words)) else words
