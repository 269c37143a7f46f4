"""How far the market knows a shop: new, verified by its organizers, or proven by what it has delivered."""

from typing import Final, Literal, get_args

Level = Literal["new", "verified", "proven"]
LEVELS: Final[tuple[Level, ...]] = get_args(Level)
