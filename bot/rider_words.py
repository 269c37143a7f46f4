"""What a vendor writes of a rider: `livreur 90 12 34 56 Kossi`, with the order's code before it or without."""

import re
from typing import Final

from base.phones import format_phone, read_phones
from bot.messages import Heard

RIDER_SAID: Final = "rider"  # the intent
_VERB: Final = re.compile(r"\W*(?:mon|le|the|my)?\s*(?:livreur|zem|zémidjan|zemidjan|coursier|rider)\b[\s:,-]*", re.I)
_CODE: Final = re.compile(r"(?:TG[\s-]?)?([2-9][0-9A-Z]{2,5})(?=[\s,:;-]|$)", re.I)
_LONGEST: Final = 100  # characters
_MOST_NAME: Final = 40


def hear_rider(text: str) -> tuple[Heard, ...]:
    """The reading of such a message, phone in E.164; none for any other, nor where more phones than one stand in it."""
    verb = _VERB.match(text) if len(text) <= _LONGEST else None
    if verb is None:
        return ()
    rest = text[verb.end() :]
    code = _CODE.match(rest)
    is_code = code is not None and any(map(str.isalpha, code[1]))
    order = code[1].upper() if code and is_code else ""
    rest = rest[code.end() :] if code and is_code else rest
    phones = read_phones(rest)
    if len(phones) != 1:
        return ()
    slots = {"phone": phones[0], "name": name_beside(rest)}
    return (Heard(RIDER_SAID, {**slots, "order": order} if order else slots),)


def name_beside(text: str) -> str:
    """The words beside a phone, letters only: `Kossi`; '' when there are none."""
    found = re.findall(r"[^\W\d_][\w'’-]*", text)
    return " ".join(found)[:_MOST_NAME]


def called(phone: str, name: str) -> str:
    """A rider by name, where one was told, and phone (E.164): `Kossi 90 12 34 56`."""
    return f"{name} {format_phone(phone) if phone else ''}".strip()
