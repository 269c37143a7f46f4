"""Exact readings that need no understanding: a typed menu number and a command with its codes."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass

NUMBER = re.compile(r"(?:le |la |n ?[o°]? ?|numero )?0*(\d{1,2})[.)]?", re.IGNORECASE)
CODE = re.compile(r"[0-9a-z]{3,5}")
KEYCAP = re.compile("[\ufe0f\u20e3]")


@dataclass(frozen=True)
class Command:
    """A verb's state, and the codes behind it in capitals, separated by blanks ('' for the bare verb)."""

    state: str
    codes: str


def number_typed(text: str) -> int | None:
    """The number of a menu that a whole message names: `2`, `2.`, `2️⃣`, `le 2`; else None."""
    plain = unicodedata.normalize("NFKC", KEYCAP.sub("", text)).strip()
    found = NUMBER.fullmatch(plain)
    return int(found[1]) if found and int(found[1]) > 0 else None


def read_command(commands: Mapping[str, str], word: str) -> Command | None:
    """A verb of the table with codes behind it: `a 4k7`, `livre tg 4k7p2 1234`; a verb of one letter needs a code.

    `word` is the folded message. Anything else in it makes it no command.
    """
    verb, *rest = word.split()[:5] or [""]
    codes = [part for part in rest if part != "tg"]
    if verb not in commands or not all(CODE.fullmatch(code) for code in codes) or len(word.split()) > 5:
        return None
    if not codes and (len(verb) == 1 or rest):
        return None
    return Command(commands[verb], " ".join(codes).upper())
