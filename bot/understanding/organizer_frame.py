"""An organizer's message as a guess looks at it: people, workshops, days and phones by one word each."""

import re
from functools import lru_cache
from typing import Final

from base.phones import without_phones
from bot.understanding.organizer_spelling import respelled
from bot.understanding.organizer_times import TIMES
from bot.understanding.organizer_words import BUYERS, WORKSHOP
from bot.understanding.parted import colon_of

_TIME, _PHONE, _BODY = " timeword ", " phoneword ", " bodyword"
_NEWS: Final = (
    r"annonces?|messages?|msgs?|communiques?|communications?|publications?|campagnes?|broadcasts?|announcements?"
    r"|announcement"
    r"|(?:l'|un |cet |d'|mon |les |des |mes |nos |notre |votre |une |cette |la |ma |the |in the )(?:envoie?s?"
    r"|diffusions?|texte)"
)
_CALLED: Final = tuple(
    (re.compile(rf"(?<!\w)(?:{ways})(?!\w)"), f" {name} ")
    for ways, name in (
        (WORKSHOP, "atelier"),
        (
            r"vend(?:euse|eu|eure)s?|vendeurs|vendors?|sellers?|commercante?s?|marchande?s?|exposante?s?|boutiquiers?",
            "vendeur",
        ),
        (r"boutiques|shops?|stores?|magasins?|etal|enseigne", "boutique"),
        (BUYERS, "client"),
        (r"inscrite?s?|participante?s?|attendees?|apprenants?|stagiaires?|registered|auditeurs", "inscrits"),
        (r"tout le monde|toutes|tlm|everybody|everyone|tt le monde|ts le monde|l'ensemble|all", "tous"),
        (_NEWS, "annonce"),
        (r"where|ou en (?:est|sommes|etes|sont)|how far|on en est ou|en est ou", "ouen"),
        (r"fai(?:s|tes|re) savoir|let .{2,25} know|fai(?:s|tes) passer|pass\w+ (?:le mot|l'info)", "dis"),
        (r"laiss\w+ tomber|call off|renonc\w+", "annule"),
        (
            r"annul\w*|supprim\w*|suppr|enlev\w*|retir\w*|effac\w*|vire[rz]?|oubli\w*|abandonn\w*|cancel\w*|drop"
            r"|remov\w*|delet\w*|scrap",
            "annule",
        ),
        (r"arret\w*|stopp?\w*|coup(?:e|ez|er|ons)|interromp\w*|halt|pause|cess\w*|gele[rz]?|hold on|freeze", "arrete"),
        (r"relanc\w*(?= .{0,25}\b(?:annonce|envoie|diffusion))", "reprends"),
        (
            r"repren\w*|continu\w*|poursui\w*|redemarr\w*|resum(?:e|ing)|restart\w*|recommenc\w*"
            r"|(?:finis|finissez|termine[rz]?)(?= .{0,12}\b(?:annonce|envoie|envoi|diffusion))",
            "reprends",
        ),
        (r"dites|dire|previen\w*|preven\w*|inform\w*|avert\w*|avis(?:e|ez|er)|signal\w*|tell|notif\w*|alert\w*", "dis"),
        (
            r"envo[iy]\w*|envers|diffus\w*|publi(?:e|ez|er|ons)|transmet\w*|partag\w*|communiqu\w*|send\w*|post"
            r"|share|adress(?:e|ez|er)",
            "envoie",
        ),
        (
            r"deplac\w*|decal\w*|report\w*|repouss\w*|avanc\w*|retard(?:e|ez|er)|mov\w+|reschedul\w*|shift\w*|differ\w*",
            "deplace",
        ),
        (r"chang\w*|modifi\w*|rectifi\w*|corrig\w*|updat\w*", "change"),
        (r"(?:r?ajout\w*|cre(?:e|er|ez|ons|ation)|nouve\w*|add|new|create|insere[rz]?)", "ajoute"),
        (r"planifi\w*|organis(?:e|ez|er|ons)|prevo\w*|schedul\w*", "programme"),
        (r"suspend\w*|banni\w*|desactiv\w*|exclu\w*|ban|interdi\w*|eject\w*", "suspends"),
        (r"blo(?:qu|k|ck)\w*|blacklist\w*|liste noire|empech\w*", "bloque"),
        (r"deblo(?:qu|k|ck)\w*|unblock\w*|unban\w*", "debloque"),
        (r"valid\w*|approuv\w*|approv\w*|autoris\w*|agre(?:e|er|ez)", "valide"),
        (
            r"reactiv\w*|retabl\w*|re[- ]?ouvr\w*|rouvr\w*|remet\w*|restor\w*|reinstat\w*|unsuspend|reopen\w*"
            r"|redonn\w*",
            "reactive",
        ),
        (r"verifi\w*|verify|certifi\w*|badge", "verifie"),
        (r"combien|nombre|nbre|how many|how much|total|cb", "combien"),
        (r"montr\w*|(?<!l')(?<!cette )(?<!une )affich\w*|donn\w*|show|sors|sortez|display|give", "montre"),
        (r"liste|list|listing", "liste"),
        (
            r"excel|csv|xlsx?|pdf|fichier|tableau excel|telecharg\w*|extrai\w*|extraction|download|en tableau"
            r"|export\w*",
            "export",
        ),
        (r"attend\w*|patient\w*|wait|hold", "attends"),
        (r"repon\w*|reply|answer", "reponds"),
        (r"rappel\w*|remind\w*|relanc\w*", "rappel"),
        (r"presents?|presences?|emargement|pointage|attended|attendance|absents?", "present"),
        (r"apercu|preview|(?<!compte )rendu|relire|avant d'envoie|avant envoie|d'abord|first", "apercu"),
        (r"bilan|stats?|statistiques?|chiffres?|rapport|resume|recap\w*|point|figures|report|resultats?", "bilan"),
        (r"ventes?|sales?|vendu|chiffre d'affaires", "ventes"),
        (r"complete?s?|full|plein|pleine", "complet"),
        (r"places|seats|sieges|chaises|personnes|pers|people", "places"),
        (r"hours?|heures?|h", "heures"),
        (r"yes|yep|ok|okay|oui|d'accord|go", "oui"),
        (r"no|nope|non|not", "non"),
    )
)
_NUMBERED: Final = re.compile(
    r"(?<= atelier )\W*(?:n°|numero|number|#)? *(?:\d{1,2}|un|deux|trois|quatre|cinq|six|sept|huit|neuf|dix)"
    r"(?!\w)"
)


@lru_cache(maxsize=64)
def framed_text(text: str) -> str:
    """Return the frame of a message: `annonce aux exposants : venez demain` is `annonce aux vendeur  bodyword`."""
    at = colon_of(text)
    flat = str(respelled(without_phones(text if at < 0 else text[:at], _PHONE)))
    flat = TIMES.sub(_TIME, flat)
    for pattern, name in _CALLED:
        flat = pattern.sub(name, flat)
    return _NUMBERED.sub(" numword", flat) + (_BODY if at >= 0 else "")
