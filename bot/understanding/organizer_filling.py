"""Slots of an organizer's message whose intent is known: whom, when, where, how many, and the words he wants told."""

import re
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, Final

from base.phones import read_phones, without_phones
from base.spelling import spelled
from bot.understanding.message import Span
from bot.understanding.organizer_shapes import (
    CAPACITY,
    MORE,
    closed_of,
    place_in,
    reason_in,
    room_in,
    speakers_in,
    title_in,
    vendor_in,
    workshop_in,
)
from bot.understanding.organizer_times import read_offset, read_time
from bot.understanding.organizer_words import ACTIONS, PERIODS, ROLES, WHATS, audience_of, meant
from bot.understanding.parted import Parted, parted
from bot.understanding.plain_letters import plain
from bot.understanding.slots import only_order

Values = dict[str, Any]
Clock = datetime | None


def filled_for_organizer(intent: str, text: str, now: Clock) -> Values:
    """The slots of an intent that an organizer's message holds; no moment without a clock."""
    reader = _READERS.get(intent)
    return reader(text, now) if reader else {}


def _when(text: str, now: Clock) -> Values:
    time = read_time(text, now) if now else None
    return {"when": time.begins} if time else {}


def _starts(text: str, now: Clock) -> Values:
    time = read_time(text, now) if now else None
    if time is None:
        return {}
    ends = {"ends_at": time.ends} if time.ends else {}
    return {"starts_at": time.begins, **ends, **({"is_hour_alone": True} if time.is_hour_alone else {})}


def _named(name: str, value: Any) -> Values:
    return {} if value in ("", None) else {name: value}


def _announced(text: str, now: Clock) -> Values:
    told = parted(text)
    head = told.head
    audience = audience_of(head)
    workshop = workshop_in(head)
    if workshop is not None and audience in ("", "all"):
        audience = "attendees"
    slots = {**_named("audience", audience), **_named("workshop", workshop), **_named("text", told.body)}
    return {**slots, **_when(head, now), **_places(told)}


def _places(told: Parted) -> Values:
    return _named("place", place_in(told.head)) if told.is_headed else {}


def _scheduled(text: str, now: Clock) -> Values:
    told = parted(text)
    when = _when(told.head, now)
    return {**(when or _when(text, now)), **(_named("text", told.body) if when and told.is_headed else {})}


def _created(text: str, now: Clock) -> Values:
    return {
        **_named("title", title_in(text)),
        **_starts(text, now),
        **_named("place", place_in(text)),
        **_named("room", room_in(text)),
        **_capacity(text),
        **_named("speakers", speakers_in(text)),
    }


def _capacity(text: str) -> Values:
    found = CAPACITY.search(plain(text))
    return {"capacity": int(next(filter(None, found.groups())))} if found else {}


def _more(text: str) -> Values:
    found = MORE.search(plain(text))
    if not found:
        return _capacity(text)
    count = int(next(filter(None, (found["a"], found["b"], found["c"], found["d"]))))
    return {"more": -count if (found["a"] and found["sign"] != "+") or found["d"] else count}


def _updated(text: str, now: Clock) -> Values:
    new = _WRONG.sub(" ", text)
    closed = closed_of(new)
    room, place = room_in(new), place_in(new)
    return {
        **_named("workshop", workshop_in(text)),
        **_moved(new, now),
        **_named("place", place),
        **_named("room", room),
        **_more(new),
        **({"closed": closed} if closed is not None else {}),
    }


_WRONG: Final = re.compile(
    r"(?:,? ?\b(?:au lieu d[e'’]|à la place d[e'’]|instead of|et non(?: pas)?|et pas|pas|plus) ?(?:à |le |la |en )?)"
    r"(?:\d{1,2} ?h ?\d{0,2}|\d{1,3}\b(?: (?:places|personnes))?|salle \w+|lundi|mardi|mercredi|jeudi|vendredi|samedi"
    r"|dimanche)(?: \d{1,2} ?h\d{0,2})?",
    re.IGNORECASE,
)
_FROM_TO: Final = re.compile(
    r"\b(?:de|du|from) (?:[^,;]{2,20}?) (?:a|au|vers|pour|to) (?=(?:le )?(?:\d|lundi|mardi|mercredi|jeudi"
    r"|vendredi|samedi"
    r"|dimanche|demain|midi|mon|tue|wed|thu|fri|sat|sun))"
)
_MOVES: Final = re.compile(
    r"\b(?:deplac\w*|decal\w*|report\w*|repouss\w*|avanc\w*|pass\w*|move\w*|reschedul\w*|shift\w*|chang\w*)"
)


def _moved(text: str, now: Clock) -> Values:
    """When it is from now on: of `déplace de 14h à 16h` the second."""
    flat = plain(text)
    spans = _FROM_TO.search(flat) if _MOVES.search(flat) else None
    return _starts(text[: spans.start()] + " " + text[spans.end() :] if spans else text, now)


def _cancelled(text: str, now: Clock) -> Values:
    workshop = workshop_in(text)
    return {**_named("workshop", workshop), **_named("reason", reason_in(text, workshop))}


def _of_workshop(text: str, now: Clock) -> Values:
    return _named("workshop", workshop_in(text))


def _reminded(text: str, now: Clock) -> Values:
    return {**_of_workshop(text, now), **_named("offset", read_offset(text))}


def _period(text: str) -> Values:
    return _named("period", meant(PERIODS, plain(text)))


def _counted(text: str, now: Clock) -> Values:
    return {**_period(text), **_named("what", meant(WHATS, plain(text)))}


def _listed(text: str, now: Clock) -> Values:
    return _named("what", meant(WHATS, plain(text)))


def _moderated(text: str, now: Clock) -> Values:
    vendor, reason = vendor_in(text)
    return {
        **_named("vendor", vendor),
        **_named("action", meant(ACTIONS, plain(text))),
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
    " merci nous faut il elle ici voici to as on liste list exposant exposante".split()
)
_SHOP: Final = re.compile(
    r"\b(?:de la |la |sa |with |of )?(?:boutique|shop|magasin|enseigne|etal|stand)(?: (?:est|is|c'est))? *:? *"
)


def _contact(text: str, now: Clock) -> Values:
    phones = read_phones(text)
    bare = without_phones(text, "\n").replace("\n", " , ") if phones else text
    flat = plain(bare)
    found = _SHOP.search(flat)
    behind = _until_mark(bare[found.end() :]) if found else ""
    before = bare[: found.start()] if found else bare
    phone: Values = {"phone": phones[0]} if len(phones) == 1 else {"phones": phones} if phones else {}
    return {
        **_named("role", meant(ROLES, plain(before)) or ("vendor" if found else "")),
        **_named("name", _name(before)),
        **_named("shop", behind),
        **phone,
    }


def _until_mark(words: str) -> str:
    """Words as far as the next comma, or as a word that leads to a number."""
    ended = re.split(
        r"[,;:\n(]|\b(?:tel|t[ée]l[ée]phone|num[ée]ro|num|au|whatsapp|phone|number|son)\b", words, maxsplit=1
    )[0]
    return ended.strip(" .-")


def _name(before: str) -> str:
    """The words of a name: those that are neither what he is called to do nor who the person is."""
    said = Span(before, spelled(before))
    run: list[int] = []
    for place, word in enumerate(said.words):
        typed = plain(said.text[word.start : word.end])
        if typed in _NOT_A_NAME or word.normal in _NOT_A_NAME or not word.normal.isalpha():
            if run:
                break
            continue
        if run and re.search(r"[,:;]", said.gap_before(place)):
            break
        run.append(place)
    return said.part(run[0], run[-1] + 1).typed if run else ""


def _replied(text: str, now: Clock) -> Values:
    told = parted(text)
    said = Span(told.head, spelled(told.head))
    order = only_order(said) if said.words else None
    return {**_named("order", order), **(_named("text", told.body) if told.is_headed else {})}


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
