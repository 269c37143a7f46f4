"""What organizers ask for in a word and can hand on or look up: where people register, and what is set."""

from typing import TYPE_CHECKING, Final, TypedDict

from base.later import Later
from bot import links_report
from bot.turn import Turn
from catalog.links import THE_MARKET, Link

if TYPE_CHECKING:
    from bot.understanding import workshop_shapes
else:
    workshop_shapes = Later("bot.understanding.workshop_shapes")

SOURCE: Final = "inscription"  # what arrivals by these links are counted under


class Registering(TypedDict):
    """What people type to register, and the addresses that open a chat with it, each on a line of its own."""

    typed: str
    links: str


class Settings(TypedDict):
    """The bounds of announcements, and how this chat speaks."""

    quiet_until: int
    quiet_from: int
    weekly: int
    second: int
    language: str


def registering(turn: Turn) -> Registering:
    """Values of the answer to `lien d'inscription atelier 3`; without a number it is for the whole programme."""
    number = workshop_shapes.workshop_in(turn.words)
    typed = f"ATELIER {number}" if isinstance(number, int) else "PROGRAMME"
    link = Link("market", THE_MARKET, SOURCE)
    found = links_report.addresses(turn.config.active_accounts(), link, typed)
    return {"typed": typed, "links": "".join(f"\n{address}" for address in found.values())}


def settings(turn: Turn) -> Settings:
    """Values of the answer to `réglages`."""
    told = turn.config.announcements
    return {
        "quiet_until": told.quiet_until,
        "quiet_from": told.quiet_from,
        "weekly": told.weekly,
        "second": told.second_above,
        "language": turn.person.language,
    }
