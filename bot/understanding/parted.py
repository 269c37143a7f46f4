"""A command parted from the words that it wants told: `annonce aux vendeurs: atelier demain 9h`."""

import re
from dataclasses import dataclass
from typing import Final

from bot.understanding.organizer_spelling import respelled
from bot.understanding.organizer_times import TIMES
from bot.understanding.organizer_words import ATTENDEES, BUYERS, EVERYBODY, VENDORS, WORKSHOP

_MOST_OF_A_HEAD: Final = 140  # characters
_COLON: Final = re.compile(r"(?<!\d) ?:|:(?!\d)|\n|(?<=\w) ?[»«]|(?<=[\w ])[\"“](?=\w)| [-–—] |\.\.\.|…")
_TELLS: Final = (
    r"(?:annonc\w*|anonc\w*|anons\w*|message|msg|msgs|messag|mess|communiqu\w*|info|infos|inform\w*|diffus\w*"
    r"|broadcast\w*|announc\w*"
    r"|publi\w*|envoi\w*|envoy\w*|anvoi\w*|ecri\w*|dis|dit|dites|dire|previen\w*|preven\w*|avert\w*|avis\w*|tell"
    r"|send|notif\w*"
    r"|text|write|let|partag\w*|passe[rz]?|transmet\w*|fais|faites|faire|sondage|poll|demande[rz]?|ask"
    r"|rappell?e[rz]?|sms|note|inform"
    r"|invit\w*|alert\w*|reponds?|repondez|repondre|reply|answer|urgent|com|signal\w*|rappel\w*|post\w*|lach\w*"
    r"|balanc\w*|jet\w*|sach\w*|savoir|remind|forward|relay\w*|prevu|programm\w*|planifi\w*"
    r"|schedul\w*|post|share|renvo[iy]\w*|reenvo[iy]\w*|resend\w*|relanc\w*)"
)
TELLING: Final = re.compile(rf"(?<!\w){_TELLS}(?!\w)")
_PEOPLE: Final = rf"(?:{ATTENDEES}|{VENDORS}|{BUYERS}|{EVERYBODY})"
_NAMED: Final = re.compile(rf"(?<!\w)(?:{_PEOPLE}|{WORKSHOP}|commandes?|clients?|order)(?!\w)")
_THAT: Final = re.compile(
    r"(?:,? (?:pour (?:leur |lui |vous )?(?:dire|annoncer|informer|rappeler) (?:que |qu')|(?:que|ke) |qu'|that "
    r"|to say (?:that )?"
    r"|comme quoi ))"
)


@dataclass(frozen=True, slots=True)
class Parted:
    """The command (`head`) and the words it wants told (`body`, '' for none); `is_headed`: somebody is commanded."""

    head: str
    body: str
    is_headed: bool


def colon_of(text: str) -> int:
    """Where in a text the colon, line or dash stands that parts a command from what it wants told; -1 for none."""
    flat = respelled(text)
    found = _COLON.search(flat)
    is_headed = found and found.start() <= _MOST_OF_A_HEAD and _says_to(flat[: found.start()])
    return flat.at[found.start()] if found and is_headed else -1


def parted(text: str) -> Parted:
    """Part a message at its first colon, line or `que` behind a command; all of it is told where nothing commands."""
    flat = respelled(text)
    quoted = _QUOTED.search(text)
    if quoted and _commands(respelled(text[: quoted.start()] + text[quoted.end() :])):
        return Parted(f"{text[: quoted.start()]} {text[quoted.end() :]}".strip(), quoted[1].strip(), is_headed=True)
    found = _COLON.search(flat)
    if found and found.start() <= _MOST_OF_A_HEAD and _commands(flat[: found.start()]):
        return Parted(flat.typed(0, found.start()).strip(), _clean(flat.typed(found.end())), is_headed=True)
    for that in _THAT.finditer(flat):
        if that.start() <= _MOST_OF_A_HEAD and _says_to(flat[: that.start()]):
            return Parted(flat.typed(0, that.start()).strip(), _clean(flat.typed(that.end())), is_headed=True)
    if _ONLY.match(flat):
        return Parted(text.strip(), "", is_headed=True)
    opened = _OPENED.match(flat)
    if opened:
        return Parted(flat.typed(0, opened.end()).strip(), _clean(_bare(flat.typed(opened.end()))), is_headed=True)
    if TELLING.search(flat):
        return Parted(text.strip(), "", is_headed=True)
    return Parted("", _clean(text), is_headed=False)


_QUOTED: Final = re.compile('[«"“] ?([^«»"“”]{3,}?) ?[»"”]')
_ONLY: Final = re.compile(
    rf"(?:seulement|uniquement|plutot|juste|only|que|voici|ca|photo|affiche|video|image|vocal)(?: \S+){{0,2}}? "
    rf"(?:{_PEOPLE})"
    r"(?: \S+){0,2}$|souhaite\w* |invite\w* tous |(?:je |nous )?(?:veux|voulons|voudrais) remercier "
)


_OPENED: Final = re.compile(
    r"(?:(?!\d)[^\s:]+ ){0,5}?"
    rf"(?:{_TELLS} )(?:\S+ ){{0,4}}?(?:aux? |a |les |le |pour |to |the |all |l'|tous |toutes |ts |ces |nos |o )*"
    rf"(?:{_PEOPLE}|{WORKSHOP})(?!\w)(?: *\d{{1,2}}(?!\w))?"
    rf"(?:[ ,]+(?:(?:de l'|de la |du |de |d'|l')?{WORKSHOP} *\d{{1,2}}|(?:les |des |du |de |et |aux )?"
    rf"(?:{_PEOPLE})|et)(?!\w))*[ ,]*"
)


def _says_to(head: str) -> bool:
    """Whether words tell somebody to tell people something."""
    return bool(TELLING.search(head) and _NAMED.search(head))


def _commands(head: str) -> bool:
    is_time = bool(head.strip()) and not TIMES.sub("", head).replace("pour", "").strip(" ,")
    return bool(is_time or TELLING.search(head) or _NAMED.search(head)) and len(head.split()) <= _MOST_WORDS_OF_A_HEAD


_MOST_WORDS_OF_A_HEAD: Final = 18


_IDLE: Final = re.compile(
    r"[ ,]*(?:know|stp|svp|please|s'il (?:te|vous) plait|que|qu'|doivent savoir que|de)(?!\w)[ ,]*"
)


def _bare(words: str) -> str:
    """What is told behind people: not a time to send it, nor a `svp`."""
    lead = _IDLE.match(respelled(words))
    words = respelled(words).typed(lead.end()) if lead else words
    is_none = not TIMES.sub("", respelled(words)).replace("svp", "").replace("stp", "").strip(" ,.!")
    return "" if is_none else words


def _clean(words: str) -> str:
    """Words as typed, without the blanks and quotes around them."""
    return words.strip().strip('«»"“”').strip()
