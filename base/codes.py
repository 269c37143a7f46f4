"""Letters instead of numbers: a keyed permutation, so that what is counted up looks random and no two are the same."""

import hmac
from dataclasses import dataclass
from hashlib import sha256
from typing import Final

from base.secret import Secret

ALPHABET: Final = "23456789ABCDEFGHJKMNPQRSTVWXYZ"  # neither 0 O, 1 I L, nor U, which is heard as V
FIRST: Final = ALPHABET[:8]  # letters begin with a digit, so that no form of them, however short, reads as a word
_ROUNDS: Final = 8


@dataclass(frozen=True)
class Letters:
    """The letters of one kind of thing (`order code`) under one key: a Feistel network over two numbers.

    `shortest` letters as long as there are such, then one more, and so on.
    """

    key: Secret
    kind: str
    shortest: int

    def of(self, number: int) -> str:
        """The letters of a number ≥ 0."""
        length, rest = self.shortest, number
        while rest >= _count(length):
            rest -= _count(length)
            length += 1
        return _letters(self._mix(rest, length), length)

    def number_of(self, letters: str) -> int | None:
        """The number that has these letters, in capitals, whether or not it is in use; None for what has no number."""
        if len(letters) < self.shortest or not set(letters) <= set(ALPHABET) or letters[0] not in FIRST:
            return None
        shorter = sum(_count(length) for length in range(self.shortest, len(letters)))
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
        message = f"{self.kind} {length} {step} {half}".encode()
        return int.from_bytes(hmac.digest(self.key.reveal().encode(), message, sha256)[:8])


def _count(length: int) -> int:
    """How many of so many letters there are."""
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
