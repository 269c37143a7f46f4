"""Commands of an organizer that open with their own words: what they are for sure, and what their slots are."""

import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any, Final

from base.phones import read_phones
from bot.messages import Heard
from bot.understanding.organizer_filling import filled_for_organizer
from bot.understanding.organizer_spelling import respelled
from bot.understanding.organizer_words import ANNOUNCEMENT, ATTENDEES, BUYERS, EVERYBODY, VENDORS, WORKSHOP
from events.words import theme_of

SURE, LIKELY = 0.95, 0.85
_SOME_DAY: Final = datetime(2021, 8, 16, 9, tzinfo=UTC)  # by which a command without a clock is judged
_MOST_OF_A_NAME: Final = 3  # words
_POLITE: Final = re.compile(
    r"(?:(?:bonjour|bonsoir|bjr|bsr|slt|salut|hello|hi|svp|stp|please|pls|s'il (?:te|vous) plait|ok|d'accord"
    r"|merci de|veuillez|cher|chers|chere"
    r"|monsieur|madame|l'equipe|a tous|equipe|peux[- ]tu|tu peux|pouvez[- ]vous|vous pouvez|pourriez[- ]vous|can"
    r" you|could you|je veux|je voudrais"
    r"|j'aimerais|je souhaite|il faut|faut|on doit|nous devons|i want to|we need to|alors|donc|maintenant|aussi"
    r"|et)\b[ ,.!]*)+"
)
_THE: Final = r"(?:(?:la|le|les|l'|the|mon|ma|notre|cette|cet|ce|une?|a|an) ?)*"
_PEOPLE: Final = rf"(?:{ATTENDEES}|{VENDORS}|{BUYERS}|{EVERYBODY})"
_NEWS: Final = (
    r"(?:annonces?|anonces?|messages?|msgs?|messag|envois?|diffusions?|communiques?|broadcasts?|announcements?"
    r"|infos?|sms)"
)
_CALLS_OFF: Final = r"(?:annul\w*|anul\w*|cancel\w*|supprim\w*|call off)"
_WHICH: Final = rf"{_THE}(?:{WORKSHOP})(?: (?:n°|numero|no|#) ?| )?\d{{1,2}}"
_ANY: Final = rf"{_THE}(?:{WORKSHOP}) (?:(?:sur|de|du|des|la|le|les) |l'|d')*\w+"

_GIVES: Final = (
    r"(?:envo\w+|donne\w*|montre\w*|affiche\w*|sor[st]\w*|imprime\w*|send|show|give|print)(?:[- ](?:moi|nous|me|us))?"
)
_COMES: Final = r"inscrite?s?|inscri\w+|reserve\w*|registered|booked|enrolled"

Rule = tuple[str, re.Pattern[str], Callable[[Mapping[str, Any], str], float]]


def _always(slots: Mapping[str, Any], text: str) -> float:
    return SURE


def _with(*names: str) -> Callable[[Mapping[str, Any], str], float]:
    """Sure where every one of these slots is read; not this command at all where none is."""

    def sure(slots: Mapping[str, Any], text: str) -> float:
        read = sum(name in slots for name in names)
        return SURE if read == len(names) else 0.0

    return sure


def _of_one_phone(slots: Mapping[str, Any], text: str) -> float:
    return SURE if len(read_phones(text)) == 1 else 0.0


def _changes(slots: Mapping[str, Any], text: str) -> float:
    """Sure where the number of a workshop and one thing that changes are told."""
    new = slots.keys() & {"starts_at", "ends_at", "place", "room", "capacity", "more", "closed"}
    workshop = slots.get("workshop", "")
    is_named = isinstance(workshop, int) or 0 < len(workshop.split()) <= _MOST_OF_A_NAME
    return SURE if is_named and len(new) == 1 else 0.0


def _announces(slots: Mapping[str, Any], text: str) -> float:
    return SURE if slots.get("text") and slots.get("audience") else 0.0


def _worded(slots: Mapping[str, Any], text: str) -> float:
    return SURE if slots.get("text") else 0.0


def _created(slots: Mapping[str, Any], text: str) -> float:
    return SURE if slots.get("title") and slots.get("starts_at") and not slots.get("is_hour_alone") else 0.0


def _rule(intent: str, pattern: str, sure: Callable[[Mapping[str, Any], str], float] = _always) -> Rule:
    return intent, re.compile(pattern, re.DOTALL), sure


RULES: Final[tuple[Rule, ...]] = (
    _rule("unblock", r"(?:debloqu\w*|deblok\w*|unblock)\b(?!.*(?:boutique|vendeu))", _of_one_phone),
    _rule("block", r"(?:bloqu\w*|blok\w*|block|blackliste\w*|bannis\w*)\b(?!.*(?:boutique|vendeu))", _of_one_phone),
    _rule(
        "add_contact",
        r"(?:ajout\w*|ajt|enregistr\w*|add|inscri[ts]?|inscri\w+)\b.*\d{2}.*",
        lambda s, t: SURE if read_phones(t) else 0.0,
    ),
    _rule(
        "add_contact",  # `nomme organisateur 90 …`, and the contrary of it
        r"(?:nomm\w*|design\w*|promeu\w*|appoint|retir\w*|enlev\w*|revoqu\w*|demet\w*|dismiss|remove)\b"
        r".{0,60}\b(?:co[- ]?)?organi[sz](?:at\w+|ers?)\b",
        _of_one_phone,
    ),
    _rule("reply_to", r"(?:repon\w*|reply|answer)\b.*\b(?:commande|client\w*|order|cmd)\b", _with("order", "text")),
    _rule(
        "announce",
        rf"(?:annonce\w*|anonce\w*|message|msg|info|infos|communique|diffuse\w*|broadcast|announce\w*|envo\w+"
        rf" (?:un |ce |l')?(?:message|annonce|info)"
        rf"|sondage|sms) (?:a |aux? |pour |to |les |l'ensemble des |the |tous |toutes |ts |de |des |all"
        rf" )*{_PEOPLE}\b[^:\n]*(?::|\n)",
        _announces,
    ),
    _rule(
        "announce",
        r"(?:annonce\w*|anonce\w*|message|msg|announce\w*|sms) (?:a |aux? |pour |to |tous |toutes |all |les )*"
        r"(?:ceux|celles|gens|personnes|those|people)\b[^:\n]*(?::|\n)",
        _worded,
    ),
    _rule("announce", rf"(?:(?:une )?nouvel\w* |new )?(?:{ANNOUNCEMENT}s?|announcements?) ?(?::|\n)", _worded),
    _rule(
        "announce",
        rf"(?:dis|dites|previens|prevenez|informe[rz]?|avertis\w*|tell|notify) (?:a |aux? |les |tous |toutes |the "
        rf"|all )*{_PEOPLE} (?:que |qu'|that |:)",
        _announces,
    ),
    _rule("announce", rf"let (?:the |all )*{_PEOPLE} know (?:that )?\w", _announces),
    _rule("schedule", r"send it (?!to )", _with("when")),
    _rule(
        "cancel_announce",
        rf"{_CALLS_OFF} {_THE}{_NEWS}(?: (?:prevue?s?|programmee?s?|planifiee?s?|de|du|d'|pour|a|au|demain|ce|soir"
        rf"|matin|\d.*|\w+di))*$",
    ),
    _rule("workshop_cancel", rf"{_CALLS_OFF} {_WHICH}\b", _with("workshop")),
    _rule("workshop_update", rf"(?:\+|-|ajoute[rz]? |add )? ?\d{{1,3}} places? .*{WORKSHOP} *\d", _changes),
    _rule(
        "workshop_update",
        rf"{_WHICH} (?:est |is |a )?(?:reporte\w*|decale\w*|deplace\w*|avance\w*|prolong\w*|complete?|full"
        rf"|ferme\w*|passe\w*|salle|moved|finit|se termine|ends)\b",
        _changes,
    ),
    _rule(
        "workshop_update",
        rf"(?:deplac\w*|decal\w*|report\w*|repouss\w*|avanc\w*|prolong\w*|chang\w*|move) {_ANY}\b",
        _changes,
    ),
    _rule(
        "workshop_update",
        rf"(?:ferme|rouvre|reouvre|close|reopen) (?:les inscriptions (?:de |a |pour )?)?{_WHICH}$",
        _changes,
    ),
    _rule(
        "workshop_create",
        rf"(?:ajout\w*|cre[ea]\w*|cree|nouvel\w*|nouveau|new|add) (?:une? |l')?(?:nouvel\w* )?{WORKSHOP}\b",
        _created,
    ),
    _rule("workshop_create", rf"{WORKSHOP} (?!\d)\w.*\d{{1,4}} ?(?:places|pers|personnes|seats)\b", _created),
    _rule("schedule", r"(?:prevue?|programme[rz]?|planifie[rz]?|pour) .{2,30}?:", _with("when", "text")),
    _rule("announce", r"envo\w+ (?:seulement|uniquement|juste|only) (?:a|aux|dans|pour) ", _with("place")),
    _rule(
        "programme",
        rf"(?:(?:montre\w*|voir|affiche\w*|show|donne\w*)(?:[- ]moi)? )?{_THE}(?:programme|program) (?!.*(?:\d|annonc))"
        r"(?:\w+'? ?){1,5}[?!.]*$",
        lambda s, t: SURE if theme_of(t) else 0.0,
    ),
    _rule("stats", r"(?:les )?(?:ventes|commandes|inscriptions|chiffres|bilan|stats) (?:de la )?semaine \d$"),
    _rule(
        "attendance",
        rf"(?:{_GIVES} )?(?:{_THE})(?:liste|list) (?:des? |d'|of )?(?:presents?|presence|presences|inscrits?"
        rf"|participants?|emargement|attendees)\b.*{WORKSHOP} *\d{{1,2}}$",
        _with("workshop"),
    ),
    _rule(
        "attendance",  # `qui est inscrit à l'atelier 3`
        rf"(?:qui (?:est|sont|s'est|se sont|sera|seront|a|ont)|who (?:is|has|are|have)) (?:deja |les )?(?:{_COMES})\b"
        rf" (?:\S+ ){{0,3}}?(?:l'|d')?{WORKSHOP} *(?:n°|numero|no|#)? *\d{{1,2}}[ ?!.]*$",
        _with("workshop"),
    ),
    _rule(
        "attention",
        r"(?:qu'? ?est[- ]ce qui|c'est quoi qui|ce qui|quoi|what(?: is|'s)?) (?:m'|nous |me )?(?:attend|awaits me"
        r"|waiting for me)(?: (?:ce matin|ce soir|cet apres[- ]midi|aujourd'? ?hui|maintenant|la|this morning"
        r"|today|now))*[ ?!.]*$",
    ),
    _rule(
        "moderate_vendor",
        r"(?:suspen\w*|valid\w*|approuv\w*|reactiv\w*|retabli\w*|verifi\w*|approve|suspend|restore) (?:la |le "
        r"|the )?(?:boutique|shop) \w+( \w+)?( \w+)?$",
        _with("vendor", "action"),
    ),
)
"""Of a rule only what is read for sure counts; all else is left to phrases and guesses."""


def commanded(text: str, now: datetime | None) -> Heard | None:
    """The reading of a message that opens as a command does, sure; None for any other."""
    flat = respelled(text).strip()
    polite = _POLITE.match(flat)
    bare = flat[polite.end() :] if polite else flat
    for intent, pattern, sure in RULES:
        if pattern.match(bare):
            slots = filled_for_organizer(intent, text, now)
            confidence = sure(slots if now else filled_for_organizer(intent, text, _SOME_DAY), text)
            if confidence:
                return Heard(intent, slots, confidence)
    return None
