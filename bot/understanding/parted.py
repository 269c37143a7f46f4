"""A command parted from the words that it wants told: `annonce aux vendeurs: atelier demain 9h`."""

import re
from dataclasses import dataclass
from typing import Final

from bot.understanding.organizer_words import ATTENDEES, BUYERS, EVERYBODY, VENDORS, WORKSHOP
from bot.understanding.plain_letters import plain

_MOST_OF_A_HEAD: Final = 140  # characters
_COLON: Final = re.compile(r"(?<!\d) ?:|:(?!\d)|\n|(?<=\w) ?[»«]|(?<=[\w ])[\"“](?=\w)| [-–—] |\.\.\.|…")
_TELLS: Final = (
    r"(?:annonc\w*|anonc\w*|anons\w*|message|msg|msgs|messag|mess|communiqu\w*|info|infos|inform\w*|diffus\w*"
    r"|broadcast\w*|announc\w*"
    r"|publi\w*|envoi\w*|envoy\w*|anvoi\w*|ecri\w*|dis|dit|dites|dire|previen\w*|preven\w*|avert\w*|avis\w*|tell"
    r"|send|notif\w*"
    r"|text|write|let|partag\w*|passe[rz]?|transmet\w*|fais|faites|faire|sondage|poll|demande[rz]?|ask"
    r"|rappell?e[rz]?|sms|note|inform"
    r"|invit\w*|alert\w*|reponds?|repondez|repondre|reply|answer|urgent|com|prevu|programm\w*|planifi\w*"
    r"|schedul\w*|post|share)"
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


def parted(text: str) -> Parted:
    """Part a message at its first colon, line or `que` behind a command; all of it is told where nothing commands."""
    flat = plain(text)
    found = _COLON.search(flat)
    if found and found.start() <= _MOST_OF_A_HEAD and _commands(flat[: found.start()]):
        return Parted(text[: found.start()].strip(), _clean(text[found.end() :]), is_headed=True)
    that = _THAT.search(flat)
    if that and that.start() <= _MOST_OF_A_HEAD and _commands(flat[: that.start()]):
        return Parted(text[: that.start()].strip(), _clean(text[that.end() :]), is_headed=True)
    opened = _OPENED.match(flat)
    if opened:
        return Parted(text[: opened.end()].strip(), _clean(text[opened.end() :]), is_headed=True)
    if TELLING.search(flat):
        return Parted(text.strip(), "", is_headed=True)
    return Parted("", _clean(text), is_headed=False)


_OPENED: Final = re.compile(
    rf"(?:(?:bonjour|bonsoir|bjr|bsr|svp|stp|slt|hello|please|ok|,)[ ,]*)*(?:{_TELLS} )(?:\S+ ){{0,4}}?(?:aux? |a "
    rf"|les |le |pour |to |the |all |l'"
    rf"|tous |toutes |ts |ces |nos |a tous les |aux )*{_PEOPLE}(?: (?:les |des |du |de |{_PEOPLE}|et))*(?!\w)[ ,]*"
)


def _commands(head: str) -> bool:
    return bool(TELLING.search(head) or _NAMED.search(head)) and len(head.split()) <= _MOST_WORDS_OF_A_HEAD


_MOST_WORDS_OF_A_HEAD: Final = 18


def _clean(words: str) -> str:
    """Words as typed, without the blanks and quotes around them."""
    return words.strip().strip('«»"“”').strip()
