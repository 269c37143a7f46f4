"""What organizers ask for in a word and can hand on or look up: where people register, and what is set."""

from typing import Final, TypedDict

from bot import links_report
from bot.turn import Turn
from bot.understanding.workshop_shapes import workshop_in
from catalog.links import THE_MARKET, Link

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
    number = workshop_in(turn.words)
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
