"""Values of texts about the place that was just named: a quarter, or a town that only a bus reaches."""

from typing import TypedDict

from bot.dialogs.means import Quarter, quarter_name, words
from bot.turn import Turn


class Asked(TypedDict):
    """What the channel's own button may answer with."""

    asks: str


class Parcel(TypedDict):
    """Where a bus goes: `why` is a sentence about the place that was named, when no bus stops there."""

    why: str
    town: str


def asks_location(turn: Turn) -> Asked:
    """Values of a question that a pin answers as well as words."""
    return {"asks": "location"}


def place_spoken_of(turn: Turn) -> Quarter:
    """Values of texts about the place just named."""
    return {"quarter": quarter_name(turn.memory.get("place"))}


def parcel_spoken_of(turn: Turn) -> Parcel:
    """Values of the offer to send it by bus."""
    place, town = turn.memory["place"], turn.memory["town"]
    why = words(turn, "buyer.no_rider", quarter=quarter_name(place)) + "\n" if place != town else ""
    return {"why": why, "town": quarter_name(town)}
