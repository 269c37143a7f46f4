"""Values of texts about the place that was just named: a quarter, or a town that only a bus reaches."""

from typing import Final, TypedDict

from bot.dialogs.means import Quarter, quarter_name, words
from bot.turn import Turn

MOVED_TO: Final = "moved_to"  # in memory: the quarter that took the place of the one told before


class Asked(TypedDict):
    """What the channel's own button may answer with."""

    asks: str


class AskedThere(Asked):
    """The same, where something is asked about a place; `anew` names the place that took another's place, or ''."""

    anew: str


class Parcel(TypedDict):
    """Where a bus goes: `why` is a sentence about the place that was named, when no bus stops there."""

    why: str
    town: str


def asks_location(turn: Turn) -> Asked:
    """Values of a question that a pin answers as well as words."""
    return {"asks": "location"}


def asks_landmark(turn: Turn) -> AskedThere:
    """Values of the question for a landmark: where another quarter was told before, the one that it now is."""
    return asks_landmark_in(turn, turn.memory.get(MOVED_TO))


def asks_landmark_in(turn: Turn, quarter: str | None) -> AskedThere:
    """The same for a quarter that took another's place; '' or None for one that did not."""
    anew = words(turn, "buyer.quarter_anew", quarter=quarter_name(quarter)) + "\n" if quarter else ""
    return {"asks": "location", "anew": anew}


def place_spoken_of(turn: Turn) -> Quarter:
    """Values of texts about the place just named."""
    return {"quarter": quarter_name(turn.memory.get("place"))}


def parcel_spoken_of(turn: Turn) -> Parcel:
    """Values of the offer to send it by bus."""
    place, town = turn.memory["place"], turn.memory["town"]
    why = words(turn, "buyer.no_rider", quarter=quarter_name(place)) + "\n" if place != town else ""
    return {"why": why, "town": quarter_name(town)}
