"""Public codes of orders (`TG-4K7P2`): a keyed permutation of the id, and what people make of it when they type."""

import hmac
import re
import secrets
from dataclasses import dataclass
from hashlib import sha256
from typing import Final

from base.secret import Secret

ALPHABET: Final = "23456789ABCDEFGHJKMNPQRSTVWXYZ"  # neither 0 O, 1 I L, nor U, which is heard as V
PREFIX: Final = "TG-"
FIRST: Final = ALPHABET[:8]  # a code begins with a digit, so that no form of it, however short, reads as a word
SHORTEST: Final = 5  # letters of a code: 6.48 million orders, then six
_ROUNDS: Final = 8
_TYPED: Final = re.compile(r"[\s.,:#_–—-]+")


@dataclass(frozen=True)
class Codes:
    """Codes under one key: a Feistel network over two numbers, so two ids never share a code."""

    key: Secret

    def code_of(self, order_id: int) -> str:
        """The public code of an order's id (≥ 0): five letters for the first 8 × 30^4 ids, then six, and so on."""
        length, rest = SHORTEST, order_id
        while rest >= _count(length):
            rest -= _count(length)
            length += 1
        return PREFIX + _letters(self._mix(rest, length), length)

    def id_of(self, code: str) -> int | None:
        """The id that has this code, written as `code_of` does, whether or not it exists; None for what is no code."""
        letters = code.removeprefix(PREFIX)
        if len(letters) < SHORTEST or not set(letters) <= set(ALPHABET) or letters[0] not in FIRST:
            return None
        shorter = sum(_count(length) for length in range(SHORTEST, len(letters)))
        return shorter + self._unmix(_number(letters), len(letters))

    def _mix(self, number: int, length: int) -> int:
        sizes = _sizes(length)
        halves = list(divmod(number, sizes[1]))
        for step in range(_ROUNDS):
            turned, other = step % 2, 1 - step % 2
            halves[turned] = (halves[turned] + self._noise(length, step, halves[other])) % sizes[turned]
        return halves[0] * sizes[1] + halves[1]

    def _unmix(self, number: int, length: int) -> int:
        sizes = _sizes(length)
        halves = list(divmod(number, sizes[1]))
        for step in reversed(range(_ROUNDS)):
            turned, other = step % 2, 1 - step % 2
            halves[turned] = (halves[turned] - self._noise(length, step, halves[other])) % sizes[turned]
        return halves[0] * sizes[1] + halves[1]

    def _noise(self, length: int, step: int, half: int) -> int:
        message = f"order code {length} {step} {half}".encode()
        return int.from_bytes(hmac.digest(self.key.reveal().encode(), message, sha256)[:8])


def _count(length: int) -> int:
    """How many codes of so many letters there are."""
    first, second = _sizes(length)
    return first * second


def _sizes(length: int) -> tuple[int, int]:
    half = length // 2
    return int(len(FIRST) * len(ALPHABET) ** (length - half - 1)), int(len(ALPHABET) ** half)


def _letters(number: int, length: int) -> str:
    letters = ""
    for _ in range(length):
        number, place = divmod(number, len(ALPHABET))
        letters = ALPHABET[place] + letters
    return letters


def _number(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * len(ALPHABET) + ALPHABET.index(letter)
    return number


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
    """Four digits that the buyer tells at the door, drawn and not derived: the vendor can't know them."""
    return f"{secrets.randbelow(10_000):04d}"
