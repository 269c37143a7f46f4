"""The id of an offer: which dialog, which state or door, which choice, which bubble, which minute."""

import re
from dataclasses import dataclass

DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"
# just what write_tap makes: printable ASCII, no zeros before a number
SHAPE = re.compile(r"([a-z_]+)([.!])([a-z_]+)=([!-}]{0,120})~(0|[1-9a-z][0-9a-z]{0,12})~(0|[1-9a-z][0-9a-z]{0,7})")


@dataclass(frozen=True)
class Tap:
    """`is_door`: it came with a notice and opens `name` of the dialog; else it answers the question `name`."""

    dialog: str
    name: str
    choice: str
    said: int
    minute: int
    is_door: bool = False

    @property
    def state(self) -> str:
        """The question's name as a session holds it."""
        return f"{self.dialog}.{self.name}"


def write_tap(tap: Tap) -> str:
    """The id as it travels, e.g. `buyer.browse=12~9f~h2x3`: ASCII, at most 200 characters."""
    mark = "!" if tap.is_door else "."
    return f"{tap.dialog}{mark}{tap.name}={tap.choice}~{_base36(tap.said)}~{_base36(tap.minute)}"


def read_tap(text: str) -> Tap | None:
    """Read an id back; None for whatever we did not write."""
    found = SHAPE.fullmatch(text)
    if not found:
        return None
    dialog, mark, name, choice, said, minute = found.groups()
    return Tap(dialog, name, choice, int(said, 36), int(minute, 36), mark == "!")


def _base36(number: int) -> str:
    digits = ""
    while number:
        number, rest = divmod(number, 36)
        digits = DIGITS[rest] + digits
    return digits or "0"
