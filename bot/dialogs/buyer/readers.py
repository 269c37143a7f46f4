"""Exact readers of a buyer's answers: places and names."""

import re
from typing import TypedDict

from base.phones import read_phone
from base.places import is_place
from base.spelling import normalise
from bot.messages import Incoming

MOST_LETTERS = 60  # of a name
NAMES_NOBODY = frozenset(
    "moi toi lui elle eux elles nous vous on il ils je tu leur soi meme memes le la les l un une des du de d autre"
    " personne quelqu quelque qui que quoi comment pourquoi c ca cela ce cette est sont n ne pas non oui ok accord sais"
    " sait encore aussi plus tard rien aucun aucune idee importe numero nom pareil pour veux jsp mon ma mes son sa ses"
    " i me my self myself you he she him her we us they them it s same someone else no yes don t know not sure".split()
)
"""Words that name nobody: a name has at least one other (`ma femme`, `le fils de Yao`)."""
ONLY_NAME = re.compile(r"[^\W\d_][^\d_]*")
BETWEEN = re.compile(r"[\s,;:/()+.-]+$|^[\s,;:/()+.-]+")


class Where(TypedDict, total=False):
    """What was said of a place: words, or a pin in degrees."""

    words: str
    pin: list[float]


class Who(TypedDict, total=False):
    """What was said of a person: a name, a phone in E.164, or both."""

    name: str
    phone: str


def read_where(said: Incoming) -> Where | None:
    """A pin or words, at most 300 characters; None for a figure (`1`), which names neither quarter nor landmark."""
    if said.location:
        return {"pin": [said.location.latitude, said.location.longitude]}
    words = " ".join(said.text.split())[:300]
    return {"words": words} if sum(map(str.isalpha, words)) > 1 else None


def read_who(said: Incoming) -> Who | None:
    """A name, with the phone when both are told (`Mensah Afi 90123456`).

    None when there is no name in it (`lui`), and for a quarter, which answers the question before this one once more.
    """
    phone = read_phone(said.text)
    name = BETWEEN.sub(
        "", " ".join((re.sub(r"[+\d][\d\s.\-/()]{5,}\d", " ", said.text) if phone else said.text).split())
    )
    is_name = len(name) >= 2 and ONLY_NAME.fullmatch(name) and not NAMES_NOBODY.issuperset(normalise(name).split())
    if not is_name or is_place(name):
        return None
    return {"name": name[:MOST_LETTERS], "phone": phone} if phone else {"name": name[:MOST_LETTERS]}
