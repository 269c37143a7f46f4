"""The workshops that an announcement may be for those of."""

from bot.dialog import Row
from bot.turn import Turn

PAGE = 8


def to_come(turn: Turn, after: int) -> tuple[tuple[Row, ...], str]:
    """Rows of workshops whose end is ahead, by their numbers, and the cursor of the next page."""
    return (), ""


def number_named(turn: Turn, title: str) -> int:
    """The number of the one workshop with these words in its title; 0 for none or several."""
    return 0
