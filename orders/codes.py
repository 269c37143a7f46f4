"""Public codes of orders (`TG-4K7P2`): a keyed permutation of the id, and what people make of it when they type."""

import re
import secrets
from dataclasses import dataclass
from typing import Final

from base.codes import ALPHABET, FIRST, Letters
from base.secret import Secret

PREFIX: Final = "TG-"
SHORTEST: Final = 5  # letters of a code: 6.48 million orders, then six
LAST: Final = 8 * "Z"  # behind a beginning: codes that begin so lie before it, which an index finds and no `like` does
_TYPED: Final = re.compile(r"[\s.,:#_–—-]+")


@dataclass(frozen=True)
class Codes:
    """Codes under one key: two ids never share a code."""

    key: Secret

    def code_of(self, order_id: int) -> str:
        """The public code of an order's id (≥ 0): five letters for the first 8 × 30^4 ids, then six, and so on."""
        return PREFIX + self._letters.of(order_id)

    def id_of(self, code: str) -> int | None:
        """The id that has this code, written as `code_of` does, whether or not it exists; None for what is no code."""
        return self._letters.number_of(code.removeprefix(PREFIX))

    @property
    def _letters(self) -> Letters:
        return Letters(self.key, "order code", SHORTEST)


def read_code(text: str) -> str | None:
    """A whole code as people type it (`tg 4k7p2`, `4K7P2`), in its written form; None for anything else."""
    letters = _typed_letters(text)
    return PREFIX + letters if letters and len(letters) >= SHORTEST else None


def read_prefix(text: str) -> str | None:
    """The beginning of a code (`4k7`, `TG-4K7`), at least two letters, in its written form; None for anything else."""
    letters = _typed_letters(text)
    return PREFIX + letters if letters and len(letters) >= 2 else None


def _typed_letters(text: str) -> str | None:
    letters = _TYPED.sub("", text).upper().removeprefix("TG")
    could_be = letters and len(letters) <= 8 and letters[0] in FIRST and set(letters) <= set(ALPHABET)
    return letters if could_be else None


def draw_delivery_code() -> str:
    """Four digits that the buyer tells at the door, drawn and not derived: the vendor can't know them.

    The first is no 0, which who says the code as a number leaves out, and whoever guesses tries first.
    """
    return str(1_000 + secrets.randbelow(9_000))
