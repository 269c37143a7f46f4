"""Slots of an organizer's message whose intent is known: whom, when, where, how many, and the words he wants told."""

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from base.phones import read_phones, without_phones
from base.spelling import spelled
from base.when import LOME
from bot.understanding.message import Span
from bot.understanding.organizer_spelling import respelled
from bot.understanding.organizer_times import read_offset, read_time, read_times, without_end
from bot.understanding.organizer_words import (
    ACTIONS,
    OTHER_ACTIONS,
    PERIODS,
    ROLES,
    WHATS,
    WORKSHOP,
    audience_of,
    first_meant,
    meant,
)
from bot.understanding.parted import Parted, parted
from bot.understanding.reason_shapes import reason_in, vendor_in
from bot.understanding.slots import only_order
from bot.understanding.workshop_shapes import (
    capacity_in,
    closed_in,
    more_in,
    place_at_end,
    place_in,
    room_in,
    speakers_in,
    title_in,
    workshop_behind_verb,
    workshop_in,
)

Values = dict[str, Any]
Clock = datetime | None


def filled_for_organizer(intent: str, text: str, now: Clock) -> Values:
    """The slots of an intent that an organizer's message holds; no moment without a clock."""
    reader = _READERS.get(intent)
    return reader(text, now) if reader else {}


def _when(text: str, now: Clock) -> Values:
    """When something is sent: an hour without a day is its next one."""
    time = read_time(_NOT_NOW.sub(" ", text), now) if now else None
    if time is None or now is None:
        return {}
    begins = datetime.fromisoformat(time.begins).replace(tzinfo=LOME)
    is_past = time.is_hour_alone and begins <= now
    return {"when": (begins + timedelta(days=1)).isoformat()[: len(time.begins)] if is_past else time.begins}


_NOT_NOW: Final = re.compile(r"\b(?:pas|non|plutôt pas) (?:maintenant|aujourd['’]hui|ce soir|demain)\b", re.IGNORECASE)


def _starts(text: str, now: Clock) -> Values:
    time = read_times(text, now) if now else None
    if time is None:
        return {}
    told = {**_named("starts_at", time.begins), **_named("ends_at", time.ends)}
    return {**told, **({"is_hour_alone": True} if time.is_hour_alone else {})}


def _named(name: str, value: Any) -> Values:
    return {} if value in ("", None) else {name: value}


_ADDRESSED: Final = 70  # characters of words without a command in which whom they greet is looked for


def _announced(text: str, now: Clock) -> Values:
    told = parted(text)
    head = told.head
    audience = audience_of(head or told.body[:_ADDRESSED])
    workshop = workshop_in(head)
    if workshop is not None and audience in ("", "all"):
        audience = "attendees"
    is_place = told.is_headed and told.body != "" and place_at_end(told.body) == told.body
    text_or_place = _named("place" if is_place else "text", told.body)
    slots = {**_named("audience", audience), **_named("workshop", workshop), **text_or_place}
    return {**slots, **_when(head, now), **_places(told)}


def _places(told: Parted) -> Values:
    """Where the people are: `aux vendeurs de Lomé`; not in a sentence that tells them something itself."""
    is_short = told.is_headed and (told.body or len(told.head.split()) <= _MOST_OF_A_COMMAND)
    return _named("place", place_in(told.head) or place_at_end(told.head)) if is_short else {}


_MOST_OF_A_COMMAND: Final = 8  # words


def _scheduled(text: str, now: Clock) -> Values:
    told = parted(text)
    when = _when(told.head, now)
    return {**(when or _when(text, now)), **(_named("text", told.body) if when and told.is_headed else {})}


def _created(text: str, now: Clock) -> Values:
    rest, _ = without_end(text)
    return {
        **_named("title", title_in(rest)),
        **_starts(text, now),
        **_named("place", place_in(rest)),
        **_named("room", room_in(rest)),
        **_named("capacity", capacity_in(rest)),
        **_named("speakers", speakers_in(rest)),
    }


def _updated(text: str, now: Clock) -> Values:
    new = _WRONG.sub(" ", text)
    rest, _ = without_end(new)
    closed, more = closed_in(rest), more_in(rest)
    room, place = room_in(rest), place_in(rest)
    return {
        **_named("workshop", _which(without_end(text)[0])),
        **_moved(new, now),
        **_named("place", place),
        **_named("room", room),
        **(_named("more", more) if more is not None else _named("capacity", capacity_in(rest))),
        **({"closed": closed} if closed is not None else {}),
    }


_WRONG: Final = re.compile(
    r"(?:,? ?(?<!^)\b(?:au lieu d[e'’]|à la place d[e'’]|instead of|et non(?: pas)?|et pas|pas|plus) ?(?:à |le "
    r"|la |en |l')?)"
    r"(?:\d{1,2} ?h ?\d{0,2}|\d{1,3}\b(?: (?:places|personnes))?|salle \w+|lundi|mardi|mercredi|jeudi|vendredi|samedi"
    r"|dimanche|amphi|(?:sept|huit|neuf|dix|onze|midi|quatorze|quinze|seize)(?: heures)?)(?: \d{1,2} ?h\d{0,2})?",
    re.IGNORECASE,
)
_FROM_TO: Final = re.compile(
    r"(?<!fin )\b(?:de|du|from) (?:[^,;]{2,20}?) (?:a|au|vers|pour|to) (?=(?:le )?(?:\d|lundi|mardi|mercredi|jeudi"
    r"|vendredi|samedi"
    r"|dimanche|demain|midi|mon|tue|wed|thu|fri|sat|sun))"
)
_MOVES: Final = re.compile(
    r"\b(?:deplac\w*|decal\w*|report\w*|repouss\w*|avanc\w*|pass\w*|move\w*|reschedul\w*|shift\w*|chang\w*)"
)


def _moved(text: str, now: Clock) -> Values:
    """When it is from now on: of `déplace de 14h à 16h` the second."""
    flat = respelled(text)
    spans = _FROM_TO.search(flat) if _MOVES.search(flat) else None
    return _starts(f"{flat.typed(0, spans.start())} {flat.typed(spans.end())}" if spans else text, now)


def _which(text: str) -> int | str | None:
    workshop = workshop_in(text)
    return workshop_behind_verb(text) if workshop is None and not _SOME_WORKSHOP.search(respelled(text)) else workshop


_SOME_WORKSHOP: Final = re.compile(rf"(?<!\w)(?:{WORKSHOP})(?!\w)")


def _cancelled(text: str, now: Clock) -> Values:
    workshop = _which(text)
    return {**_named("workshop", workshop), **_named("reason", reason_in(text, workshop))}


def _of_workshop(text: str, now: Clock) -> Values:
    return _named("workshop", workshop_in(text))


def _reminded(text: str, now: Clock) -> Values:
    named = _of_workshop(_EARLIER.sub(" ", respelled(text)), now)
    behind = None if named else _FOR.search(respelled(text))
    words = respelled(text).typed(*behind.span(1)) if behind else ""
    return {**named, **_named("workshop", named.get("workshop", words)), **_named("offset", read_offset(text))}


_EARLIER: Final = re.compile(r"\b(?:une?|deux|trois|\d{1,2}) ?(?:h|heures?|jours?|minutes?) (?:avant|before)\b")
_FOR: Final = re.compile(r"\bavant pour (?:l'|la |le )?(?!tous|toutes|chaque|les\b|tout)([a-z][\w ]*)$")


def _period(text: str) -> Values:
    return _named("period", meant(PERIODS, respelled(text)))


def _counted(text: str, now: Clock) -> Values:
    return {**_period(text), **_named("what", meant(WHATS, respelled(text)))}


def _listed(text: str, now: Clock) -> Values:
    return _named("what", meant(WHATS, respelled(text)))


def _moderated(text: str, now: Clock) -> Values:
    vendor, reason = vendor_in(text)
    flat = respelled(text)
    return {
        **_named("vendor", vendor),
        **_named("action", meant(ACTIONS, flat) or first_meant(OTHER_ACTIONS, flat)),
        **_named("reason", reason),
    }


def _phone(text: str, now: Clock) -> Values:
    return {"phone": phones[0]} if (phones := read_phones(text)) else {}


_NOT_A_NAME: Final = frozenset(
    "a au aux un une le la les l de du des d ce ces cette comme en as new nouveau nouvelle pour svp stp numero numeros"
    " contact contacts vendeur vendeuse vendeurs client cliente clients acheteur acheteuse livreur organisateur"
    " organisatrice"
    " participant participante inscrit tel telephone whatsapp son sa ses est c mon ma notre the number numbers"
    " please person"
    " personne avec et qui dans liste ajoute ajouter ajoutez ajout add enregistre enregistrez inscris mets"
    " mettez inscrire vendor"
    " seller buyer customer rider organizer boutique shop phone cell au nom je voudrais veux bonjour bjr bonsoir madame"
    " monsieur mme mr equipe coursier benevole suivant suivants suivante commercant commercante named called"
    " sous s appelle"
    " merci nous faut il elle ici voici to as on liste list exposant exposante veuillez notre nos collegue"
    " these this met vous"
    " my save note notez prends pote dame monsieur assistante assistant colleague register enregistrer prie ces"
    " groupe organizers sellers o aj tu peux client ajoutez-le j'ajoute j aimerais se ce".split()
)
_SHOP: Final = re.compile(
    r"\b(?:de la |la |sa |with |of )?(?:boutique|shop|magasin|enseigne|etal|stand)(?: (?:est|is|c'est))? *:? *"
)


def _contact(text: str, now: Clock) -> Values:
    phones = read_phones(text)
    bare = without_phones(text, "\n").replace("\n", " , ") if phones else text
    flat = respelled(bare)
    found = _SHOP.search(flat)
    behind = _until_mark(flat.typed(found.end())) if found else ""
    before = flat.typed(0, found.start()) if found else bare
    phone: Values = {"phone": phones[0]} if len(phones) == 1 else {"phones": phones} if phones else {}
    return {
        **_named("role", meant(ROLES, respelled(before)) or ("vendor" if found else "")),
        **({"action": "remove"} if _TAKES.search(respelled(text)) else {}),
        **_named("name", _name(before)),
        **_named("shop", behind),
        **phone,
    }


_TAKES: Final = re.compile(r"\b(?:retir|enlev|revoqu|demet|dismiss|remove)\w*\b")


def _until_mark(words: str) -> str:
    """Words as far as the next comma, or as a word that leads to a number."""
    ended = re.split(
        r"[,;:\n(]|\b(?:tel|t[ée]l[ée]phone|num[ée]ro|num|au|whatsapp|phone|number|son)\b", words, maxsplit=1
    )[0]
    return ended.strip(" .-")


def _name(before: str) -> str:
    """The words of a name: those that are neither what he is called to do nor who the person is."""
    said = Span(before, spelled(before))
    runs = list(_name_runs(said))
    named = [run for run in runs if any(word[:1].isupper() for word in run.typed.split())] or runs
    words = named[0].typed.split() if named else []
    first = next((place for place, word in enumerate(words) if word[:1].isupper()), 0)
    return " ".join(words[first:])


def _name_runs(said: Span) -> Iterator[Span]:
    """The words in a row that may be a name."""
    first = None
    for place in range(len(said.words) + 1):
        is_end = place == len(said.words)
        other = is_end or _is_no_name(said, place)
        if first is not None and (other or re.search(r"[,:;]", said.gap_before(place))):
            yield said.part(first, place)
            first = None
        if not other and first is None:
            first = place


def _is_no_name(said: Span, place: int) -> bool:
    word = said.words[place]
    typed = respelled(said.text[word.start : word.end])
    return typed in _NOT_A_NAME or word.normal in _NOT_A_NAME or not word.normal.isalpha()


def _replied(text: str, now: Clock) -> Values:
    """The order's code, and the words behind the colon, else behind the code."""
    flat = respelled(text)
    told = parted(text)
    order = _order_of(told.head) or _order_of(text)
    said = told.body if told.is_headed and told.body else ""
    at = flat.find(order.casefold()) if order else -1
    if not said or (order and order.casefold() in respelled(said)):
        said = flat.typed(at + len(order)) if at >= 0 else ""
    return {**_named("order", order), **_named("text", _reply_cleaned(said))}


def _order_of(words: str) -> str:
    """The code behind `commande` or `client`, else the only one."""
    named = _ORDER.search(respelled(words))
    if named:
        return named[1].upper()
    said = Span(words, spelled(words))
    return (only_order(said) or "") if said.words else ""


_ORDER: Final = re.compile(
    r"\b(?:commande|client|cliente|acheteur|acheteuse|order|cmd|customer|reponds|repondez|repondre)"
    r"(?: (?:de|du|de la|la|n°|numero|no|a la|au|of|order|commande|client|cliente))*[ :]+(?:tg-)?("
    r"(?=[a-z]{0,4}[0-9])[0-9a-z]{3,5})\b"
)
_REPLY_LEAD: Final = re.compile(
    r"^(?:[ ,:;.-]|(?:reponds|repondez|dis|dites)[- ]?(?:lui|leur)?\b|que\b|qu'|pour dire\b|that\b)+"
)


def _reply_cleaned(said: str) -> str:
    flat = respelled(said)
    lead = _REPLY_LEAD.match(flat)
    return (flat.typed(lead.end()) if lead else said).strip().strip('«»"“”').strip()


def _programme(text: str, now: Clock) -> Values:
    time = read_time(text, now) if now else None
    return {"day": time.begins[:10]} if time and not time.is_hour_alone else {}


_READERS: Final[Mapping[str, Callable[[str, Clock], Values]]] = {
    "announce": _announced,
    "schedule": _scheduled,
    "cancel_announce": _when,
    "workshop_create": _created,
    "workshop_update": _updated,
    "workshop_cancel": _cancelled,
    "attendance": _of_workshop,
    "reminder": _reminded,
    "programme": _programme,
    "stats": _counted,
    "list": _listed,
    "export": _listed,
    "moderate_vendor": _moderated,
    "block": _phone,
    "unblock": _phone,
    "add_contact": _contact,
    "reply_to": _replied,
}
